"""A counterexample as a small picture: the two lines as rows of tiles, a tile for each product of entries.

At fixed sizes a line is a sum of such products. What both lines have stands above one another; where only one
line has a product, the other has a gap. Colours are those of the text around it, so that it can be read
on a dark page and on a light one.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from .refutation import Counterexample, Entry
from .render import plain_entry

LONGEST = 30  # characters of a label; the whole of it is its tooltip
CHARACTER, PAD, ROW, LEFT, GAP = 6.7, 8, 30, 112, 6  # pixels
Column = tuple[
    str, str, bool
]  # what stands in the line before, in this line ("" for nothing), are they equal?


def columns(ce: Counterexample) -> Iterator[Column]:
    """What stands above one another, from left to right; the products that are not shown are counted."""

    def kind(product: tuple) -> int:
        _, before, after = product
        return 0 if before == after else 1 if before > after else 2

    for k, count in enumerate(ce.counts):
        shown = [product for product in ce.products if kind(product) == k]
        for m, before, after in shown:
            yield label(m, before), label(m, after), k == 0
        if count > len(shown):
            more = f"{count - len(shown)} more"
            yield "" if k == 2 else more, "" if k == 1 else more, k == 0


def label(m: tuple[Entry, ...], coefficient: int) -> str:
    """2·X[1]·F[1]; "" for coefficient 0"""
    product = "·".join(map(plain_entry, m))
    if coefficient == 1 and product:
        return product
    return f"{coefficient}·{product}".removesuffix("·") if coefficient else ""


def described(ce: Counterexample) -> str:
    """The picture in words."""
    rows = [" + ".join(filter(None, row)) or "0" for row in zip(*[c[:2] for c in columns(ce)], strict=True)]
    values = f"With the numbers chosen, the line before is {ce.before} and this line is {ce.after}."
    return f"The line before: {rows[0]}. This line: {rows[1]}. {values}"


def svg(ce: Counterexample) -> str:
    """The picture, as SVG to stand in a page."""
    parts, x = [], float(LEFT)
    for *texts, equal in columns(ce):
        width = CHARACTER * min(LONGEST, max(map(len, texts))) + 2 * PAD
        parts += [tile(x, row, width, text, equal) for row, text in enumerate(texts)]
        x += width + GAP
    for row, (name, value) in enumerate((("line before", ce.before), ("this line", ce.after))):
        y = GAP + row * ROW + 16
        parts.append(f'<text x="{LEFT - 10}" y="{y}" text-anchor="end">{name} =</text>')
        parts.append(f'<text x="{x + 4:.0f}" y="{y}" font-weight="bold">→ {value}</text>')
    width = x + 4 + CHARACTER * (3 + max(len(str(ce.before)), len(str(ce.after)))) + PAD
    height = 2 * ROW + GAP
    return (
        f'<svg role="img" aria-label="{html.escape(described(ce))}" xmlns="http://www.w3.org/2000/svg"'
        f' width="{width:.0f}" height="{height}" viewBox="0 0 {width:.0f} {height}" fill="currentColor"'
        ' style="max-width:100%;height:auto;font:11px monospace">' + "".join(parts) + "</svg>"
    )


def tile(x: float, row: int, width: float, text: str, equal: bool) -> str:
    """One product, or the gap where it is missing."""
    y, shown = GAP + row * ROW, text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    alone = bool(text) and not equal
    dashed = "" if text else ' stroke-dasharray="3 3"'
    box = (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW - GAP}" rx="4"'
        f' fill="{"rgba(230,126,0,.35)" if alone else "none"}" stroke="currentColor"'
        f' stroke-opacity="{1 if alone else 0.5}"{dashed}/>'
    )
    words = f'<text x="{x + width / 2:.1f}" y="{y + 16}" text-anchor="middle">{html.escape(shown)}</text>'
    return f"<g><title>{html.escape(text or 'nothing')}</title>{box}{words if text else ''}</g>"
