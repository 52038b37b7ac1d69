"""From percent text to notebooks: ids, roles, stubs, and what is refused."""

from pathlib import Path

import pytest

from nonconv.publish.solutions import replace_solutions
from nonconv.publish.unit import Unit, UnitError, read_text, source_notebook

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def text(folder: Path, *cells: str) -> Path:
    path = folder / "exercises.py"
    path.write_text("\n\n".join(cells) + "\n")
    return path


def test_cells_keep_the_ids_they_are_given(tmp_path: Path) -> None:
    notebook = read_text(text(tmp_path, "# %% words [markdown]\n# Hello", "# %% code\n1 + 1"))
    assert [(cell.id, cell.cell_type, cell.source) for cell in notebook.cells] == [
        ("words", "markdown", "Hello"),
        ("code", "code", "1 + 1"),
    ]
    assert all(dict(cell.metadata) == {} for cell in notebook.cells)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["# %%\n1"], r"cell 1 \('1'\) needs an id"),
        (["# %% Has Spaces\n1"], r"needs an id of small letters"),
        (["# %% same\n1", "# %% same\n2"], r"two cells are called 'same'"),
    ],
)
def test_a_missing_or_repeated_id_is_refused(tmp_path: Path, cells: list[str], message: str) -> None:
    with pytest.raises(UnitError, match=message):
        read_text(text(tmp_path, *cells))


def test_words_to_be_marked_by_hand_need_points(tmp_path: Path) -> None:
    folder = tmp_path / "units" / "01-words" / "exercises"
    (folder / "01-why").mkdir(parents=True)
    text(folder, "# %% title [markdown]\n# # Words").rename(folder / "notebook.py")
    why = '# %% why-card [markdown]\n# ## {number} · Why\n\n# %% why [markdown] role="manual"\n# Why?\n'
    (folder / "01-why" / "exercise.py").write_text(why)
    unit = Unit(folder.parent)
    with pytest.raises(UnitError, match="'why' needs points, a positive integer"):
        source_notebook(unit, unit.notebooks[0])


def test_a_solution_becomes_the_stub_of_its_task() -> None:
    source = f'def f(x):\n    {BEGIN} Return "twice" x.\n    return 2 * x\n    {END}\n\n1 + 1'
    assert replace_solutions(source, BEGIN, END) == (
        'def f(x):\n    todo("Return \\"twice\\" x.")\n\n1 + 1',
        True,
    )
    assert replace_solutions("1 + 1", BEGIN, END) == ("1 + 1", False)


def test_a_solution_can_leave_a_line_of_code_that_runs() -> None:
    source = f'{BEGIN} code: me = ""  # your name\nme = "Ada"\n{END}\nme'
    assert replace_solutions(source, BEGIN, END) == ('me = ""  # your name\nme', True)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (f"{BEGIN}\n1\n{END}", "needs the text of its stub"),
        (f"{BEGIN} a\n1", "without its END"),
        (f"1\n{END}", "without its BEGIN"),
        (f"{BEGIN} a\n{BEGIN} b\n{END}", "inside a solution"),
    ],
)
def test_delimiters_that_could_leak_a_solution_are_refused(source: str, message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        replace_solutions(source, BEGIN, END)
