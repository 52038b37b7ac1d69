"""A picture of layers that are one: boxes with arrows between them, as an SVG."""

from __future__ import annotations

import html

WIDTH, HEIGHT, GAP = 190, 58, 34  # of a box, and between two
Box = tuple[str, str, str]


def svg(tensors: list[str], boxes: list[Box], whole: Box, alt: str) -> str:
    """Boxes in a row, between tensors; below, one box over the whole width. `alt` is the title."""
    step = WIDTH + 2 * GAP
    width, height = step * len(boxes) + 2 * GAP, 2 * HEIGHT + 60
    upper, lower = 10, HEIGHT + 45
    parts = []
    for number, box in enumerate(boxes):
        parts.append(_box(GAP + number * step + GAP, upper, WIDTH, box))
    parts.append(_box(2 * GAP, lower, step * len(boxes) - 2 * GAP, whole))
    for number, name in enumerate(tensors):
        parts.append(_text(GAP + number * step, upper + HEIGHT / 2 + 5, name, bold=True))
    parts.append(_text(GAP, lower + HEIGHT / 2 + 5, "X", bold=True))
    parts.append(_text(GAP + len(boxes) * step, lower + HEIGHT / 2 + 5, "W", bold=True))
    lines = [
        (GAP + n * step + at, y, far)
        for y, count, length in ((upper, len(boxes), WIDTH), (lower, 1, step * len(boxes) - 2 * GAP))
        for n in range(count)
        for at, far in ((10, GAP - 12), (GAP + length + 2, GAP - 12))
    ]
    parts += [_arrow(x, y + HEIGHT / 2, x + far) for x, y, far in lines]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="13">'
        f'<title>{html.escape(alt)}</title><rect width="{width}" height="{height}" fill="#ffffff"/>'
        f"{''.join(parts)}</svg>"
    )


def _box(x: float, y: float, width: float, lines: Box) -> str:
    frame = (
        f'<rect x="{x}" y="{y}" width="{width}" height="{HEIGHT}" rx="6" fill="#eef3fb" stroke="#44608c"/>'
    )
    shown = [line for line in lines if line]
    top = y + HEIGHT / 2 + 5 - 8 * (len(shown) - 1)
    return frame + "".join(
        _text(x + width / 2, top + 16 * n, line, bold=n == 0) for n, line in enumerate(shown)
    )


def _text(x: float, y: float, text: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="middle" fill="#1b2430"{weight}>{html.escape(text)}</text>'


def _arrow(x: float, y: float, to: float) -> str:
    return f'<path d="M{x:g} {y:g}H{to:g}m-5-4l5 4l-5 4" fill="none" stroke="#44608c" stroke-width="1.5"/>'
