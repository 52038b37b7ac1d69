"""An answer that stands in its unit is found, wherever it stands; one that only looks alike is not."""

import json
from pathlib import Path

import nbformat
import pytest

from nonconv.publish.acceptance import ACCEPTANCE, problems
from nonconv.publish.giveaways import Answer, answers, given_away, main, summary, table
from nonconv.publish.unit import Unit

HEAD = "# %% title [markdown]\n# # Exercises 1\n\n# %% setup\nimport torch\n"
LECTURE = "# %% title [markdown]\n# # Gates\n\n# %% setup\nimport torch\nimport torch.nn.functional as F\n"
EXERCISE = """# %% gate-card [markdown]
# ## {number} · A gate
#
# Write `gate(x, A, B)`.


# %% gate role="answer"
def gate(x, W0, W1):
    ### BEGIN SOLUTION Return the gated input.
    C = len(x)
    hidden = torch.relu(W0 @ x) + 1
    return torch.sigmoid(W1 @ hidden) * x
    ### END SOLUTION


# %% gate-hints [markdown]
# <details><summary>Hint</summary>
#
# From the inside out.
#
# </details>
"""
CHECKS = """from nonconv.authoring import Check, vector

CHECKS = [
    Check.of(name="gate-values", answer="gate", points=3, reference=lambda x, W0, W1: x,
             inputs=[{"x": vector(1), "W0": vector(1), "W1": vector(1)}], returns=("the result",))
]
"""
# the two lines of the solution under other names: as two statements, in steps, and inside a larger one
STATEMENTS = "a = F.relu(K @ u) + 1\nb = torch.sigmoid(L @ a) * u"
STEPS = "p = K @ u\nq = torch.relu(p)\nr = (\n    1\n    + q\n)\ns = L @ r\nt = u * s.sigmoid()"
INSIDE = "print([(torch.sigmoid(L @ (torch.relu(K @ u) + 1)) * u).sum() / 3])"


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    folder = tmp_path / "units" / "01-gates"
    exercise = folder / "exercises" / "01-gate"
    exercise.mkdir(parents=True)
    (folder / "lecture.py").write_text(LECTURE)
    (folder / "exercises" / "notebook.py").write_text(HEAD)
    (exercise / "exercise.py").write_text(EXERCISE)
    (exercise / "checks.py").write_text(CHECKS)
    return Unit(folder)


def add(path: Path, cell: str) -> None:
    path.write_text(f"{path.read_text()}\n\n{cell}\n")


def text_cell(name: str, text: str) -> str:
    return f"# %% {name} [markdown]\n" + "\n".join(f"# {line}" for line in text.splitlines())


def only(unit: Unit) -> Answer:
    (answer,) = answers(Unit(unit.folder))
    return answer


def test_nothing_is_found_where_nothing_stands(unit: Unit) -> None:
    answer = only(unit)
    assert [line.where for line in answer.lines] == ["", ""]  # `C = len(x)` says next to nothing
    assert (answer.points, answer.share) == (3, 0)


@pytest.mark.parametrize("code", [STATEMENTS, STEPS, INSIDE], ids=["statements", "steps", "inside"])
def test_a_lecture_cell_is_read(unit: Unit, code: str) -> None:
    add(unit.folder / "lecture.py", f"# %% shown\n{code}")
    assert {line.where for line in only(unit).lines} == {"lecture, shown"}


def test_what_a_function_returns_is_read(unit: Unit) -> None:
    add(
        unit.folder / "lecture.py",
        "# %% shown\ndef f(u, v, w):\n    h = torch.relu(v @ u) + 1\n    return torch.sigmoid(w @ h) * u",
    )
    assert only(unit).share == 1


@pytest.mark.parametrize(
    "printed",
    [
        "    a = F.relu(K @ u) + 1\n    return torch.sigmoid(L @ a) * u\n",
        "  1. = relu(K @ u) + 1   by definition\n      proved\n  2. = sigmoid(L @ a)*u   by definition\n",
    ],
)
def test_what_a_lecture_prints_is_read(unit: Unit, printed: str) -> None:
    add(unit.folder / "lecture.py", "# %% source\nprint(source)")
    cell = nbformat.v4.new_code_cell("print(source)", id="source")
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed)]
    built = unit.folder.parents[1] / "lectures" / "01-gates.ipynb"
    built.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), built)
    assert {line.where for line in only(unit).lines} == {"lecture, source, printed"}
    notebook = json.loads(built.read_text())
    notebook["cells"][0]["outputs"] = []
    built.write_text(json.dumps(notebook))
    assert only(unit).share == 0


@pytest.mark.parametrize("text", [
    "First `F.relu(K @ u) + 1`, then\n`torch.sigmoid(L @ a) * u`.",
    f"Like this:\n\n```python\n{STATEMENTS}\n```",
], ids=["spans", "block"])  # fmt: skip
@pytest.mark.parametrize("file", ["lecture.py", "exercises/notebook.py", "exercises/01-gate/exercise.py"])
def test_code_in_texts_and_open_hints_is_read(unit: Unit, file: str, text: str) -> None:
    add(unit.folder / file, text_cell("more-hints", text))
    assert only(unit).share == 1


def test_a_folded_hint_is_not_read(unit: Unit) -> None:
    text = "<details><summary>Hint</summary>\n\n`F.relu(K @ u) + 1`, `torch.sigmoid(L @ a) * u`\n\n</details>"
    add(unit.folder / "exercises/01-gate/exercise.py", text_cell("more-hints", text))
    assert only(unit).share == 0


def test_a_formula_in_latex_is_not_read(unit: Unit) -> None:
    add(unit.folder / "lecture.py", text_cell("formula", r"$\sigma(W_1\,\mathrm{ReLU}(W_0 x) + 1)\,x$"))
    assert only(unit).share == 0


def test_given_cells_stubs_and_comments_are_read(unit: Unit) -> None:
    path = unit.folder / "exercises/01-gate/exercise.py"
    given = '# %% given role="locked"\ndef first(K, u):\n    return torch.relu(K @ u) + 1'
    path.write_text(
        EXERCISE.replace("    ### BEGIN", "    # torch.sigmoid(L @ a) * u\n    ### BEGIN")
        + "\n\n"
        + given
        + "\n"
    )
    assert [line.where for line in only(unit).lines] == [
        "exercises/01-gate, given",
        "exercises/01-gate, gate",
    ]


@pytest.mark.parametrize(
    "code",
    [
        "a = torch.relu(K @ u) + 2\nb = torch.sigmoid(L @ a) - u",
        "a = torch.tanh(K @ u) + 1\nb = torch.softmax(L @ a, 0) * u",
        "a = torch.relu(u @ K) + 1 / u\nb = torch.sigmoid(a) * u",
        "C = len(x)\nx = x.double()",
    ],
    ids=["constants", "functions", "order", "trivial"],
)
def test_what_only_looks_alike_is_not_found(unit: Unit, code: str) -> None:
    add(unit.folder / "lecture.py", f"# %% shown\n{code}")
    assert only(unit).share == 0


def test_the_report_says_what_stands_where_and_sums_up(
    unit: Unit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(unit.folder / "lecture.py", "# %% shown\nF.relu(K @ u) + 1")
    found = answers(Unit(unit.folder))
    assert (given_away(found, 1), given_away(found, 0.5)) == (0, 3)
    assert "0 of 3 points have an answer all of whose lines stand in the unit, 3 one" in summary(found)
    assert "exercises/01-gate  gate  (1 of 2 lines)" in table(found)
    monkeypatch.chdir(unit.folder.parents[1])
    monkeypatch.setattr("sys.argv", ["giveaways", "01"])
    assert main() == 0
    assert summary(found) in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["giveaways", "07"])
    assert main() == 1
    assert "there is no unit '07'" in capsys.readouterr().err


def test_the_requirement_names_the_answer_and_the_places_and_follows_changes(unit: Unit) -> None:
    (requirement,) = (one for one in ACCEPTANCE if one.lacking.__name__ == "no_answer_stands_in_the_unit")
    assert problems(unit, unit.exercises[0], requirement) == []
    add(unit.folder / "lecture.py", "# %% shown\nF.relu(K @ u) + 1")
    (problem,) = problems(unit, unit.exercises[0], requirement)
    assert problem.startswith(
        "gate (3 points): 1 of its 2 lines stand in the unit (lecture, shown). Show the method"
    )
