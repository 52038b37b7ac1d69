"""Attacks on what is judged, on its inputs and on the ban, through real grading, beside honest students."""

from types import SimpleNamespace

import nbformat
import pytest
from classroom import Pupil, answers, automatic, hand_in, solved

from helpers.grading import isolation
from helpers.grading.one_exercise import HIDDEN, UNIT, VISIBLE, short, with_sources
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect

pytestmark = [pytest.mark.slow, isolation.needed()]
LOOKED_UP, FORMULA = "sigmoid-values", "weight-deviation"
ASKED = (VISIBLE, HIDDEN, LOOKED_UP, FORMULA)
FUNCTIONS = ("relu_backward", "sigmoid", "weight_deviation")

READY = """
def ready(x, grad, c):
    x = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(c - torch.relu(c - torch.relu(x)), x, torch.ones_like(x))
    return slope * grad
"""
IN_A_THREAD = (
    READY
    + """
import threading
def relu_backward(x, grad, c):
    found = []
    thread = threading.Thread(target=lambda: found.append(ready(x, grad, c)))
    thread.start()
    thread.join()
    return found[0]
"""
)
IN_AN_OLDER_POOL = (
    READY
    + """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)
pool.submit(int).result()
def relu_backward(x, grad, c):
    return pool.submit(ready, x, grad, c).result()
"""
)
LIFTED = (
    READY
    + """
def relu_backward(x, grad, c):
    from nonconv.checks import watching
    with watching.lifted():
        return ready(x, grad, c)
"""
)
LOOKS_UP = """
import json
from pathlib import Path
def sigmoid(x):
    for case in json.loads(Path("checks.json").read_text())["checks"]["sigmoid-values"]["cases"]:
        if case["inputs"]["x"]["values"] == x.reshape(-1).tolist():
            return torch.tensor(case["expected"]["values"], dtype=x.dtype).reshape(x.shape)
"""
KNOWS_A_TABLE = """
TABLE = json.loads(Path("checks.json").read_text())["checks"]["sigmoid-values"]["cases"]
def sigmoid(x):
    near = [case for case in TABLE if case["inputs"]["x"]["shape"] == list(x.shape)]
    return torch.tensor(near[0]["expected"]["values"], dtype=x.dtype).reshape(x.shape)
"""
REWRITES = """
import json, os
data = json.load(open("checks.json"))
data["checks"]["weight-deviation"]["cases"] = [{"inputs": {"n": 5, "a": 5}, "expected": 5, "mistakes": []}]
os.unlink("checks.json")
json.dump(data, open("checks.json", "w"))
def weight_deviation(n, a):
    return n
"""
PATCHES = """
import nonconv.checks.compare, nonconv.checks.diagnosis, nonconv.checks.formula
for module in (nonconv.checks.compare, nonconv.checks.diagnosis, nonconv.checks.formula):
    module.difference = lambda *_, **__: None
nonconv.checks.diagnosis.judged = lambda *_: nonconv.checks.diagnosis.Judgement(None)
def weight_deviation(n, a):
    return n
"""
YES = """
class Yes(sympy.Symbol):
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 0
    def __sub__(self, other):
        return sympy.Integer(0)
def weight_deviation(n, a):
    return Yes("n", positive=True)
"""
# who hands in what for which function, and which checks that costs
ATTACKS = {
    "thread": ("relu_backward", IN_A_THREAD, {VISIBLE, HIDDEN}),
    "pool": ("relu_backward", IN_AN_OLDER_POOL, {VISIBLE, HIDDEN}),
    "lifts": ("relu_backward", LIFTED, {VISIBLE, HIDDEN}),
    "looks-up": ("sigmoid", LOOKS_UP, {LOOKED_UP}),
    "table": ("sigmoid", "import json\nfrom pathlib import Path\n" + KNOWS_A_TABLE, {LOOKED_UP}),
    "rewrites": ("weight_deviation", REWRITES, {FORMULA}),
    "patches": ("weight_deviation", PATCHES, {FORMULA}),
    "yes": ("weight_deviation", YES, {FORMULA}),
}


def cut(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    more = [cell.id for function in FUNCTIONS for cell in answers(notebook, function)]
    return short(notebook, [*more, LOOKED_UP, FORMULA])


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    folder = tmp_path_factory.mktemp("attacks")
    course = with_sources(folder / "course")
    for copy in ("solutions", "exercises"):
        path = course / copy / UNIT.name / f"{UNIT.name}.ipynb"
        nbformat.write(cut(nbformat.read(path, as_version=4)), path)
    pupils = []
    for name in ("ada", *ATTACKS, "grace"):
        notebook = cut(solved(UNIT, UNIT.name))
        if name in ATTACKS:
            function, source, _ = ATTACKS[name]
            (cell,) = answers(notebook, function)
            cell.source = source
        elif name == "grace":  # right, and with an odd word in it
            (cell,) = answers(notebook, "sigmoid")
            cell.source = "import ctypes\n" + cell.source
        pupils.append(Pupil(name, {UNIT.name: nbformat.writes(notebook).encode()}))
    submissions, _ = collect(hand_in(pupils, folder / "inbox"), UNIT.name, course)
    grades = grade(UNIT.name, submissions, course, pages=False, say=lambda _: None)
    return SimpleNamespace(**{"of": {one.student: one for one in grades}})


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_and_costs_nothing_else(graded: SimpleNamespace, name: str) -> None:
    lost = ATTACKS[name][2]
    worth = {check: automatic(UNIT)[check] for check in ASKED}
    assert graded.of[name].points == {
        check: 0 if check in lost else points for check, points in worth.items()
    }


def test_honest_students_have_all_points_and_an_odd_word_is_told_to_the_instructor(
    graded: SimpleNamespace,
) -> None:
    everything = {check: automatic(UNIT)[check] for check in ASKED}
    assert graded.of["ada"].points == graded.of["grace"].points == everything
    assert graded.of["ada"].troubles == []
    (told,) = graded.of["grace"].troubles
    assert "names ctypes in line 1: was the answer called?" in told
