"""Per-student inputs, through real nbgrader: answers for the inputs of others earn nothing."""

import json
import shutil
import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from classroom import ROOT, Pupil, answers, automatic, course_folder, hand_in, solved

from helpers.grading import isolation
from helpers.grading.kernels import kernel
from helpers.grading.one_exercise import HIDDEN, UNIT, VISIBLE, short, short_course, with_sources
from nonconv.checks import Check
from nonconv.grading.engine.student_inputs import SECRET_BYTES, secret, seed_of, with_inputs_of
from nonconv.grading.engine.verdicts import Entry, JudgedAnswer, entry
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect

TABLE = {
    name: entry(name, data)
    for name, data in json.loads((ROOT / "solutions" / UNIT.name / "judge.json").read_text()).items()
}
needs_sandbox = isolation.needed()


def cases(table: Mapping[str, Entry], name: str = HIDDEN) -> Any:
    judged = table[name]
    assert isinstance(judged, JudgedAnswer)
    return (judged.check.to_json() if isinstance(judged.check, Check) else judged.check)["cases"]


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    many = 8
    start = Barrier(many)

    def made(_: int) -> bytes:
        start.wait()
        return secret(tmp_path)

    with ThreadPoolExecutor(many) as pool:
        found = set(pool.map(made, range(many)))
    assert found == {secret(tmp_path)}
    assert len(secret(tmp_path)) == SECRET_BYTES
    assert secret(tmp_path) != secret(tmp_path / "another")
    (file,) = (tmp_path / ".grading").iterdir()  # nothing is left of those that were slower
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_secret_that_was_cut_off_is_not_used(tmp_path: Path) -> None:
    secret(tmp_path)
    (tmp_path / ".grading" / "secret").write_bytes(b"short")
    with pytest.raises(ValueError, match="has 5 bytes, not 32"):
        secret(tmp_path)


def test_the_seed_depends_on_student_unit_and_check_and_on_where_one_ends() -> None:
    parts = [
        ("ada", "a", "b"),
        ("alan", "a", "b"),
        ("ada", "b", "b"),
        ("ada", "a", "c"),
        ("ad", "aa", "b"),
        ("ada", "ab", ""),
    ]
    seeds = {seed_of(b"secret", *part) for part in parts} | {seed_of(b"another", "ada", "a", "b")}
    assert len(seeds) == len(parts) + 1
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_hidden_checks_have_inputs_of_each_student_and_no_others_have(tmp_path: Path) -> None:
    course = with_sources(tmp_path / "course")
    # a secret of which it is known: some checks have so few inputs that by chance two students are asked the
    # same
    (course / ".grading").mkdir()
    (course / ".grading" / "secret").write_bytes(bytes(SECRET_BYTES))
    ada, again, alan = (with_inputs_of(name, TABLE, course, UNIT.name) for name in ("ada", "ada", "alan"))
    changed = {name for name in TABLE if ada[name].request != TABLE[name].request}
    assert changed == {name for name, check in UNIT.declared.items() if check.cases_for}
    assert {name for name in TABLE if ada[name].request != alan[name].request} == changed
    assert [ada[name].request for name in TABLE] == [again[name].request for name in TABLE]
    assert cases(ada) == cases(again)
    assert cases(ada) != cases(alan)
    assert all(ada[name] == TABLE[name] for name in set(TABLE) - changed)


def test_a_worker_that_has_the_sources_and_the_secret_asks_the_same(tmp_path: Path) -> None:
    course, scratch = with_sources(tmp_path / "course"), tmp_path / "scratch"
    here = with_inputs_of("ada", TABLE, course, UNIT.name)
    shutil.copytree(UNIT.folder, scratch / "units" / UNIT.name)
    (scratch / ".grading").mkdir()
    (scratch / ".grading" / "secret").write_bytes(secret(course))
    there = with_inputs_of("ada", TABLE, scratch, UNIT.name)
    assert [one.request for one in here.values()] == [one.request for one in there.values()]
    assert cases(here) == cases(there)


def test_without_the_sources_of_the_unit_the_table_stands(tmp_path: Path) -> None:
    course = course_folder(UNIT, tmp_path / "course")
    assert with_inputs_of("ada", TABLE, course, UNIT.name) == TABLE
    assert not (course / ".grading").exists()


def test_a_table_that_is_not_what_the_sources_say_is_refused(tmp_path: Path) -> None:
    course = with_sources(tmp_path / "course")
    declaration = f'name="{HIDDEN}"'
    sources = (course / "units" / UNIT.name).rglob("checks.py")
    (path,) = (source for source in sources if declaration in source.read_text())
    with_inputs_of("ada", TABLE, course, UNIT.name)
    path.write_text(path.read_text().replace(declaration, 'name="another-name"'))
    with pytest.raises(ValueError, match=f"{HIDDEN}.*make build UNIT={UNIT.name}"):
        with_inputs_of("ada", TABLE, course, UNIT.name)


def looked_up(course: Path, of: str | None) -> str:
    """An answer that knows the right outputs for the inputs of one student, or for those of the build."""
    table = with_inputs_of(of, TABLE, course, UNIT.name) if of else TABLE
    known = [
        (case["inputs"]["x"]["values"], case["inputs"]["grad"]["values"], case["expected"])
        for one in (cases(table, VISIBLE), cases(table))
        for case in one
    ]
    return f"""
def relu_backward(x, grad, c):
    for one, other, right in {known!r}:
        if x.reshape(-1).tolist() == one and grad.reshape(-1).tolist() == other:
            return torch.tensor(right["values"], dtype=torch.float64).reshape(right["shape"])
    return torch.zeros_like(x)
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Three copy, each from another table; one is honest.

    Graded twice, and once with the same inputs for all.
    """
    folder = tmp_path_factory.mktemp("inputs")
    course = short_course(folder / "course")
    pupils = []
    for name, of in (("ada", "ada"), ("alan", "ada"), ("eve", None), ("grace", "honest")):
        notebook = short(solved(UNIT, UNIT.name))
        (cell,) = answers(notebook, "relu_backward")
        if of != "honest":
            cell.source = looked_up(course, of)
        pupils.append(Pupil(name, {UNIT.name: nbformat.writes(notebook).encode()}))
    submissions, _ = collect(hand_in(pupils, folder / "inbox"), UNIT.name, course)

    def run() -> dict[str, dict[str, float]]:
        grades = grade(UNIT.name, submissions, course, say=lambda _: None, fresh=True)
        assert not any(one.troubles for one in grades)
        return {one.student: one.points for one in grades}

    first, second = run(), run()
    with (course / "nbgrader_config.py").open("a") as config:
        config.write("\nc.JudgedExecute.per_student_inputs = False\n")
    return SimpleNamespace(first=first, second=second, off=run())


@needs_sandbox
@pytest.mark.slow
def test_answers_for_the_builds_or_another_students_inputs_earn_nothing(graded: SimpleNamespace) -> None:
    everything = {name: automatic(UNIT)[name] for name in (VISIBLE, HIDDEN)}
    assert graded.first["grace"] == everything
    for student in ("alan", "eve"):
        assert graded.first[student] == {VISIBLE: 0, HIDDEN: 0}, student
    # else the table would be wrong, and the test could not fail
    assert graded.first["ada"] == everything


@needs_sandbox
@pytest.mark.slow
def test_grading_again_gives_the_same(graded: SimpleNamespace) -> None:
    assert graded.first == graded.second


@needs_sandbox
@pytest.mark.slow
def test_switched_off_all_are_asked_what_the_build_wrote(graded: SimpleNamespace) -> None:
    assert [graded.off[name][HIDDEN] for name in ("ada", "alan", "eve", "grace")] == [0, 0, 1, 1]


@needs_sandbox
def test_the_secret_is_nowhere_in_a_sandbox(tmp_path: Path) -> None:
    course = with_sources(tmp_path / "course")
    submitted = course / "autograded" / "ada" / UNIT.name  # nbgrader executes a notebook here
    submitted.mkdir(parents=True)
    secret(course)
    with_inputs_of("ada", TABLE, course, UNIT.name)
    look = """
import os
def look(path):
    try:
        return open(path, "rb").read(32)
    except OSError as error:
        return type(error).__name__
print([look(path) for path in {paths}], [place for place in ("/submission", "/tmp", os.path.expanduser("~"))
       for _, _, files in os.walk(place) if "secret" in files])
"""
    paths = [
        str(course / ".grading" / "secret"),
        "../../../.grading/secret",
        "/proc/1/root" + str(course / ".grading" / "secret"),
    ]
    with kernel("nonconv-isolated", submitted) as closed:
        said = closed.run(look.replace("{paths}", repr(paths)))
    assert said == "['FileNotFoundError', 'FileNotFoundError', 'FileNotFoundError'] []"
