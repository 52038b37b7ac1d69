"""The memory of an LSTM over 30 steps, its gates set by hand.

    C_t = f_t C_{t−1} + i_t C̃_t,   h_t = o_t tanh(C_t),   C_0 = 0

A gate is σ(z) of what stands before it: z = −5, 0 or 5, so that it is nearly shut, half open or nearly open.
"""

import json
from dataclasses import dataclass
from html import escape
from importlib.resources import files

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from torch import Tensor

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture

STEPS = 30
ROWS = ("C̃", "i", "f", "o")  # what is set at each step: the candidate, and what stands before the gates
BEFORE = {"shut": -5.0, "half": 0.0, "open": 5.0}


@dataclass(frozen=True)
class Setting:
    """What is set at each step: the candidates C̃ (−1, 0 or 1), and what stands before the three gates."""

    candidates: Tensor
    i: Tensor
    f: Tensor
    o: Tensor


def _all(value: float) -> Tensor:
    return torch.full((STEPS,), value, dtype=torch.float64)


def _with(value: float, **steps: float) -> Tensor:
    """The value at each step but for those named t5=…"""
    row = _all(value)
    for name, other in steps.items():
        row[int(name[1:]) - 1] = other
    return row


SHUT, HALF, OPEN = BEFORE.values()
NOISE = torch.tensor([1.0, 0, -1, 0, 0, 1, -1, 0, 1, 0, 0, -1, 1, 1, 0] * 2, dtype=torch.float64)
PRESETS: dict[str, Setting] = {
    "one pulse, every gate half open": Setting(_with(0.0, t1=1.0), _all(HALF), _all(HALF), _all(HALF)),
    "one pulse, forget gate open": Setting(_with(0.0, t1=1.0), _all(HALF), _all(OPEN), _all(OPEN)),
    "keep the first of many": Setting(NOISE, _with(SHUT, t1=OPEN), _all(OPEN), _all(OPEN)),
    "forget at step 15": Setting(NOISE, _with(SHUT, t1=OPEN), _with(OPEN, t15=SHUT), _all(OPEN)),
    "keep it, say it at the end": Setting(
        NOISE, _with(SHUT, t1=OPEN), _all(OPEN), _with(SHUT, t29=OPEN, t30=OPEN)
    ),
    "count the steps": Setting(_all(1.0), _all(OPEN), _all(OPEN), _all(OPEN)),
}


def gated_memory(setting: Setting) -> tuple[Tensor, Tensor]:
    """(C, h) at each step, in float64: C_t = σ(f_t) C_{t−1} + σ(i_t) C̃_t, h_t = σ(o_t) tanh(C_t), C_0 = 0.

    Shape: four vectors (T,) -> two vectors (T,).

    Source: Gers, Schmidhuber, Cummins, "Learning to Forget" (2000), equations (3) to (6), one cell.

    Raises ValueError for vectors of different lengths.
    """
    rows = (setting.candidates, setting.i, setting.f, setting.o)
    if len({tuple(row.shape) for row in rows}) != 1 or rows[0].dim() != 1:
        raise ValueError(
            f"the candidates and the three gates must be vectors of one length, not of shapes"
            f" {', '.join(str(tuple(row.shape)) for row in rows)}"
        )
    C, cells = torch.zeros((), dtype=torch.float64), []
    for candidate, i, f in zip(*(row.double() for row in rows[:3]), strict=True):
        C = torch.sigmoid(f) * C + torch.sigmoid(i) * candidate
        cells.append(C)
    C = torch.stack(cells)
    return C, torch.sigmoid(setting.o.double()) * torch.tanh(C)


SCRIPT = files("nonconv.figures").joinpath("memory.js").read_text(encoding="utf-8")


def _page(start: str, alt: str) -> str:
    """Plain HTML, SVG and a script, without a library: a table of buttons above two curves."""
    data = {
        name: [row.int().tolist() for row in (one.candidates, one.i, one.f, one.o)]
        for name, one in PRESETS.items()
    }
    script = (
        SCRIPT.replace("@PRESETS@", json.dumps(data, ensure_ascii=False, separators=(",", ":")))
        .replace("@STEPS@", str(STEPS))
        .replace("@COLOURS@", json.dumps(COLOURS[:3]))
    )
    options = "".join(
        f"<option{' selected' if name == start else ''}>{escape(name)}</option>" for name in PRESETS
    )
    return (
        f'<div id="gated-memory"><label>begin with <select>{options}</select></label>'
        f'<br><svg role="group" aria-label="{escape(alt, quote=True)}"'
        ' style="width:100%;max-width:760px;height:auto"></svg><p aria-live="polite"></p>'
        "<p>Click a square to change it, or move with the arrow keys and press Enter. A gate goes from shut"
        " (0) to half (½) to open (1), the candidate C̃ from 0 to + to −.</p></div>"
        f"<script>{script}</script>"
    )


def _draw(axis: Axes, setting: Setting, title: str) -> None:
    C, h = gated_memory(setting)
    steps = range(1, STEPS + 1)
    pulses = [(t, c) for t, c in zip(steps, setting.candidates.tolist(), strict=True) if c]
    axis.stem(*zip(*pulses, strict=True), linefmt="0.75", markerfmt=" ", basefmt=" ")
    axis.plot(steps, C, marker=".", color=COLOURS[0], label="$C_t$")
    axis.plot(steps, h, color=COLOURS[1], label="$h_t$")
    axis.axhline(0, color="0.6", linewidth=0.6)
    axis.set(title=title, xlabel="step t", ylim=(-1.3, 1.3))


def lstm_memory() -> Picture:
    """One cell's memory over 30 steps for three settings of its gates; the moving one takes any.

    Source: the equations are those of `gated_memory`.
    """
    shown = ("one pulse, every gate half open", "keep the first of many", "forget at step 15")
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.9), sharey=True)
    for axis, name in zip(axes, shown, strict=True):
        _draw(axis, PRESETS[name], name)
    axes[0].legend(frameon=False)
    axes[0].set_ylabel("candidates (grey), $C_t$, $h_t$")
    last = [gated_memory(PRESETS[name])[0][-1].item() for name in shown]
    alt = (
        "Three plots of a cell state C and an output h over 30 steps. With every gate half open, a pulse at"
        f" step 1 has halved at each step and is {last[0]:.0e} at the end. With the input gate open at step 1"
        f" only and the forget gate open, C is still {last[1]:.2f} after 30 steps, whatever candidates come"
        f" later. With the forget gate shut at step 15, C is {abs(last[2]):.2f} from there on."
    )
    moving = "A table of 30 steps with the candidate and three gates, and the curves of C and h below"
    return Picture(figure, alt, _page(shown[1], moving))
