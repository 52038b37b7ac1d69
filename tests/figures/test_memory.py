"""The memory with gates set by hand: the layer's numbers, the browser's, by mouse and by keys."""

import re
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
import torch
from torch import Tensor

from helpers.browser import in_chromium, opened
from nonconv import figures
from nonconv.figures import memory
from nonconv.layers import lstm_cell


@pytest.fixture
def page() -> str:
    html = figures.lstm_memory().html
    plt.close("all")
    assert html is not None
    return html


@pytest.mark.parametrize("name", memory.PRESETS)
def test_it_is_the_layer_with_gates_that_nothing_moves(name: str) -> None:
    """Weights 0, and the gates' numbers as the inputs of the step; tanh(x) of the candidate undone."""
    setting = memory.PRESETS[name]
    C, h = figures.gated_memory(setting)
    cell = output = torch.zeros(1, 1, dtype=torch.float64)
    candidates = torch.atanh(setting.candidates * (1 - 1e-12))
    for t in range(memory.STEPS):
        x = torch.stack([setting.i[t], setting.f[t], candidates[t], setting.o[t]])[None]  # (1, 4)
        output, cell = lstm_cell(x, (output, cell), torch.eye(4).double(), torch.zeros(4, 1).double())
        assert torch.allclose(cell[0, 0], C[t], atol=1e-9)
        assert torch.allclose(output[0, 0], h[t], atol=1e-9)


def test_what_the_words_say() -> None:
    halved, _ = figures.gated_memory(memory.PRESETS["one pulse, every gate half open"])
    assert abs(halved[-1].item() - 0.5**30) < 1e-15
    kept, _ = figures.gated_memory(memory.PRESETS["keep the first of many"])
    assert kept.min() > 0.5
    gone, _ = figures.gated_memory(memory.PRESETS["forget at step 15"])
    assert gone[13] > 0.5
    assert gone[14:].abs().max() < 0.15


def test_vectors_of_two_lengths_are_refused() -> None:
    row = torch.zeros(3)
    with pytest.raises(ValueError, match=r"of one length, not of shapes \(3,\), \(3,\), \(2,\), \(3,\)"):
        figures.gated_memory(memory.Setting(row, row, row[:2], row))


def test_two_runs_give_the_same_bytes_and_nothing_is_left_to_fill(page: str) -> None:
    assert figures.lstm_memory().html == page
    plt.close("all")
    assert len(page) < 20_000
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"@[A-Z]+@", page), "a place in the script was not filled"


@in_chromium
def test_a_click_a_key_and_a_choice_change_the_memory(page: str, tmp_path: Path) -> None:
    file = tmp_path / "memory.html"
    file.write_text(f'<!doctype html><meta charset="utf-8"><body>{page}', encoding="utf-8")
    with opened(file) as tab:

        def shows(setting: memory.Setting) -> None:
            for attribute, expected in zip(
                ("data-cells", "data-outputs"), figures.gated_memory(setting), strict=True
            ):
                numbers = tab.get_attribute("#gated-memory", attribute)
                assert numbers is not None
                shown = torch.tensor([float(number) for number in numbers.split()], dtype=torch.float64)
                assert torch.allclose(shown, expected, rtol=1e-6, atol=1e-9)

        def edited(row: Tensor, step: int, value: float) -> Tensor:
            row = row.clone()
            row[step - 1] = value
            return row

        first = memory.PRESETS["keep the first of many"]
        shows(first)
        tab.click('[aria-label^="forget gate at step 10:"]')  # open, so it turns to shut
        gone = memory.Setting(first.candidates, first.i, edited(first.f, 10, -5), first.o)
        shows(gone)
        tab.keyboard.press("ArrowUp")
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("Enter")  # the input gate at step 11: from shut to half
        shows(memory.Setting(gone.candidates, edited(gone.i, 11, 0), gone.f, gone.o))
        focused = "document.activeElement.getAttribute('aria-label')"
        assert tab.evaluate(focused) == "input gate at step 11: half open"
        assert tab.locator('[role="button"][tabindex="0"]').count() == 1, "one stop for the Tab key"
        tab.select_option("select", "count the steps")
        shows(memory.PRESETS["count the steps"])
