"""The second sign: what an answer's cells name is read outside the kernel, and shown to the instructor."""

import pytest
from classroom import UNITS

from nonconv.grading.engine.signs import signs
from nonconv.publish.unit import Exercise

EXERCISES = [
    pytest.param(exercise, id=f"{unit.name[:2]}-{exercise.folder.parent.name}-{exercise.name}")
    for unit in UNITS
    for exercise in unit.exercises
]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    return F.conv2d(x, x)", ["'cell' names conv2d in line 2"]),
        (
            "from torch.nn.functional import conv2d as c\ndef f(x):\n    return c(x)",
            ["names conv2d in line 1"],
        ),
        ("def f(x):\n    return getattr(F, 'batch_norm')(x)", ["names batch_norm in line 2"]),
        ("import threading\ndef f(x):\n    return x", ["names threading in line 1"]),
        ("import gc\ndef f(x):\n    return x", ["names import gc in line 1"]),
        ("def f(x):\n    return h(x)\ndef h(x):\n    return open('checks.json')", ["checks.json in line 4"]),
        ("from nonconv.checks import guard\ndef f(x):\n    return x", ["names import nonconv.checks.guard"]),
        ("def f(x):\n    return f.__closure__", ["names __closure__ in line 2"]),
        ("def f(x):\n    return x  # conv2d, threading", []),
        ("def f(x): return", []),
        ("def f(x:", []),
    ],
)
def test_what_is_named_is_told_with_its_line(source: str, names: list[str]) -> None:
    found = signs({"cell": source}, "f", ())
    assert len(found) == len(names)
    assert all(name in one for name, one in zip(names, found, strict=True))


def test_the_cells_of_helpers_are_read_and_those_of_other_answers_are_not() -> None:
    cells = {
        "other": "def g(x):\n    return F.conv2d(x, x)",
        "helper": "def h(x):\n    return F.conv2d(x, x)",
        "answer": "def f(x):\n    return h(x)",
    }
    assert signs(cells, "f", ()) == ["'helper' names conv2d in line 2"]
    assert signs(cells, "f", ("conv",)) == []
    assert signs({"answer": cells["answer"], "other": cells["other"]}, "f", ()) == []


def test_what_only_takes_off_the_guard_is_told_wherever_it_stands() -> None:
    answer = "def f(x):\n    return 2 * x"
    for source, name in (
        ("import nonconv.checks.calling as c\nc.own_work = None", "import nonconv.checks.calling in line 1"),
        ("import sys\nsys.setprofile = print", "setprofile in line 2"),
        ("from torch.utils import _python_dispatch", "_python_dispatch in line 1"),
    ):
        assert f"'other' names {name}" in signs({"other": source, "answer": answer}, "f", ())


def test_a_cell_that_nobody_wrote_by_hand_is_not_read_and_said_to_be() -> None:
    answer = "def f(x):\n    return 2 * x"
    assert signs({"long": "x = 1\n" * 1_000_000, "answer": answer}, "f", ()) == [
        "'long' is too long to be read"
    ]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_right_answer_that_is_known_has_a_sign(exercise: Exercise) -> None:
    for check in exercise.declared.values():
        for attempt in exercise.attempts:
            if attempt.answer == check.answer and not attempt.is_wrong and not check.proves:
                found = signs({attempt.name: attempt.source()}, check.answer, check.may_call)
                assert found == [], attempt.name
