"""Honest students among hostile ones that are drawn at random: nobody has more, or less, than is theirs."""

from pathlib import Path
from random import Random

import pytest
from classroom import UNITS

from helpers.grading import attacks, isolation
from helpers.grading.batches import Class, alone, batch, broken

pytestmark = [pytest.mark.slow, isolation.needed()]

SMALL = next(unit for unit in UNITS if unit.name.startswith("08"))


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """The honest students without anybody else."""
    return alone(SMALL, tmp_path_factory.mktemp("alone") / SMALL.name)


@pytest.mark.xdist_group("batches")
@pytest.mark.parametrize("seed", ["1", pytest.param("2", marks=pytest.mark.weekly)])
def test_a_batch_breaks_nothing(seed: str, without: Class, tmp_path: Path) -> None:
    made, kinds = batch(SMALL, tmp_path / "batch", seed)
    assert kinds
    assert broken(made, without, without.state()) == []


@pytest.mark.xdist_group("batches")
def test_what_is_broken_is_noticed(without: Class) -> None:
    """Each promise, broken by hand."""
    honest, *_ = without.rows
    worse = {**without.rows[honest], "points": "0"}
    for changed, word in (
        ({"rows": {**without.rows, honest: worse}}, f"{honest} has "),
        ({"rows": {**without.rows, "eve": {"student": "eve", "points": "7"}}}, "'eve' earned something"),
        ({"rows": {**without.rows, "eve": {"student": "=1+1"}}}, "a formula"),
        ({"said": without.said + "\x1b[2J"}, "control characters"),
        ({"said": without.said + "\nTraceback"}, "a traceback"),
        ({"said": without.said + f"\n{honest}  39  39"}, f"2 rows of the table for {honest}"),
        ({"left": ["process sleep"]}, "process sleep"),
    ):
        made = Class(**{**vars(without), **changed})
        found = broken(made, without, without.state())
        assert [sentence for sentence in found if word in sentence], (word, found)
    assert broken(without, without, without.state()) == []
    assert broken(without, without, {**without.state(), "solutions/more": ""}) != []


def test_every_kind_of_code_can_be_drawn_and_most_of_it_is_python() -> None:
    for name, made in attacks.CODE.items():
        drawn = {made(Random(seed)) for seed in range(100)}
        assert len(drawn) > 1, name
        for code in drawn:
            if not code.startswith("!"):
                compile(code, name, "exec")
