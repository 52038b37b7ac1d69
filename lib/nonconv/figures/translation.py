"""An encoder and a decoder, unrolled in time, in training and in use; and where a translator errs."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture

SOURCE, TARGET = "3/5", "05-03"


def _box(axis: Axes, x: float, y: float, text: str, colour: str) -> None:
    look = {"boxstyle": "round,pad=0.35", "facecolor": colour, "edgecolor": "0.4"}
    axis.text(x, y, text, ha="center", va="center", bbox=look)


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float], **looks) -> None:
    axis.annotate("", end, start, arrowprops={"arrowstyle": "->", "shrinkA": 11, "shrinkB": 11, **looks})


def _unrolled(axis: Axes, forced: bool) -> None:
    states = len(SOURCE) + len(TARGET)
    for n in range(states):
        _box(axis, n, 0, f"$h_{{{n + 1}}}$", "#CFE3F1" if n < len(SOURCE) else "#CDEBDF")
        if n:
            bridge = n == len(SOURCE)
            colour, width = (COLOURS[1], 2.6) if bridge else ("0.3", 1.2)
            _arrow(axis, (n - 1, 0), (n, 0), color=colour, linewidth=width)
    for n, character in enumerate(SOURCE):
        _box(axis, n, -1, character, "white")
        _arrow(axis, (n, -1), (n, 0), color="0.3")
    for n, character in enumerate(TARGET):
        x, given = len(SOURCE) + n, "^" + TARGET[:-1]
        _box(axis, x, 1, f"p({character})" if forced else character, "white")
        _arrow(axis, (x, 0), (x, 1), color="0.3")
        if forced or n == 0:
            _box(axis, x, -1, given[n], "white")
            _arrow(axis, (x, -1), (x, 0), color="0.3")
        else:
            bend = {"connectionstyle": "angle3,angleA=-60,angleB=60", "linestyle": "--"}
            _arrow(axis, (x - 1, 1), (x, 0), color=COLOURS[0], **bend)
    axis.set(xlim=(-0.6, states - 0.4), ylim=(-1.5, 1.5))
    axis.set_axis_off()
    title = "training: the right character goes in" if forced else "in use: its own character goes in"
    axis.set_title(title)


def encoder_decoder() -> Picture:
    """Seq2seq unrolled: with teacher forcing, and fed with what it wrote itself.

    Source: the manner of drawing is that of Sutskever, Vinyals, Le (2014), figure 1.
    """
    figure, axes = plt.subplots(2, 1, figsize=(9, 4.6))
    for axis, forced in zip(axes, (True, False), strict=True):
        _unrolled(axis, forced)
    alt = (
        f"Twice a row of eight states. The first three read the characters of {SOURCE}, one each; a thick"
        f" arrow, the only way from the source, leads to the next five, which write {TARGET}. Above, in"
        " training, each of the five gets the right character before its own from below. Below, in use, each"
        " gets by a dashed arrow the character that the state before it has written."
    )
    return Picture(figure, alt)


def errors_by_place(forced: list[list[float]], free: list[list[float]], places: str) -> Picture:
    """Two lines with their spread: the share of errors at each place of the target.

    `forced` and `free` hold a list for each network, a share for each place.

    Raises ValueError for lists that are not as long as `places`.
    """
    figure, axis = plt.subplots(figsize=(7, 3.2))
    for rows, name, colour in (
        (forced, "the right beginning given", COLOURS[0]),
        (free, "free running", COLOURS[1]),
    ):
        if any(len(row) != len(places) for row in rows):
            raise ValueError(f"each network needs {len(places)} shares, one for each place of {places!r}")
        columns = list(zip(*rows, strict=True))
        at = range(len(places))
        axis.fill_between(at, [min(c) for c in columns], [max(c) for c in columns], color=colour, alpha=0.2)
        axis.plot(at, [sum(c) / len(c) for c in columns], marker="o", color=colour, label=name)
    axis.set(
        xticks=range(len(places)),
        xticklabels=list(places),
        xlabel="place in the date",
        ylabel="share of errors",
    )
    axis.set_ylim(bottom=0)
    axis.legend(frameon=False)
    alt = (
        "Share of wrong characters at each of the ten places of an ISO date: a line for networks that get"
        " the right beginning and one for the same networks fed with what they wrote, each with a band from"
        " the best to the worst network."
    )
    return Picture(figure, alt)
