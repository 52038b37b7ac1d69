"""The quiz of the course: twelve layers, and which of them are convolutions."""

import json
import textwrap
from importlib.resources import files
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture
from nonconv.verdicts.quiz import questions

SCRIPT = files("nonconv.figures").joinpath("quiz.js").read_text(encoding="utf-8")
ACROSS = 4  # cards in a row
WIDEST = 26  # letters of a formula in one line of a card


def twelve_layers() -> Picture:
    """The twelve layers as cards; the one to touch asks which of them are convolutions, and answers."""
    asked = questions()
    rows = -(-len(asked) // ACROSS)
    figure, axes = plt.subplots(figsize=(9.0, 3.6))
    for n, question in enumerate(asked):
        row, column = divmod(n, ACROSS)
        x, y = column, rows - 1 - row
        axes.add_patch(Rectangle((x + 0.03, y + 0.08), 0.94, 0.84, facecolor="#E4F0F8", edgecolor=COLOURS[0]))
        words: dict[str, Any] = {"ha": "center", "va": "center"}
        axes.text(x + 0.5, y + 0.71, f"{n + 1} · {question.name}", fontsize=9, weight="bold", **words)
        axes.text(x + 0.5, y + 0.35, _in_lines(question.formula), fontsize=9, **words)
    axes.set(xlim=(0, ACROSS), ylim=(0, rows))
    axes.set_axis_off()
    names = "; ".join(f"{question.name}, {question.formula}" for question in asked)
    return Picture(
        figure,
        f"Twelve layers, each with its formula. Which are convolutions? {names}.",
        _page("quiz"),
        "Twelve layers. Which of them are convolutions? The buttons below the picture ask, and answer.",
    )


def _in_lines(formula: str) -> str:
    """A formula in two lines if it is wider than a card: behind its first comma, or in the middle."""
    if len(formula) <= WIDEST:
        return formula
    first, comma, rest = formula.partition(", ")
    lines = [first + ",", rest] if comma else textwrap.wrap(formula, len(formula) // 2 + 4)
    return "\n".join(lines)


def _page(name: str) -> str:
    """Plain HTML and a script, without a library."""
    data = [
        {
            "name": question.name,
            "formula": question.formula,
            "answer": question.answer,
            "why": question.why,
            "unit": question.row.unit,
        }
        for question in questions()
    ]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    script = SCRIPT.replace("@ID@", name).replace("@DATA@", text)
    return (
        f'<div id="{name}" data-lm-suppress-shortcuts="true"><ol></ol><p aria-live="polite"></p>'
        '<button type="button" class="again" style="min-height:2.4em;padding:0 0.8em">start again</button>'
        f"</div><script>{script}</script>"
    )
