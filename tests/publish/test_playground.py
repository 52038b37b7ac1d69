"""The playground's parts: what runs in a browser judges as CPython does, and the page holds what it needs."""

import json
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from classroom import ROOT, UNITS, is_answer, solution_of
from tags import Tags

from helpers.playground import in_node, pyodide_files
from helpers.playground.mutants import mutants
from helpers.proofs import hostile
from helpers.proofs.reference import REFERENCE
from nonconv.proofs import judge
from nonconv.publish.npm import NoPackage
from nonconv.publish.playground import pyodide
from nonconv.publish.playground.build import SCRIPTS, build
from nonconv.publish.playground.desk import chain_lines, check
from nonconv.publish.playground.levels import NOTEBOOK, levels
from nonconv.publish.playground.pack import packed
from nonconv.publish.playground.pyodide import PYODIDE

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))
LEVELS = {one["id"]: one for one in levels(ROOT / "exercises")}
ASKED = [one for one in LEVELS.values() if one["checks"]]
SEED, MUTANTS = 17, 500


@cache
def solutions() -> dict[str, str]:
    """The solution of each level that asks for something."""
    cells = {cell.id: cell.source for cell in solution_of(UNIT, NOTEBOOK).cells if is_answer(cell)}
    return {one["id"]: "\n\n".join(cells[id] for id in one["cells"]) for one in ASKED}


@cache
def solved() -> dict[str, dict[str, Any]]:
    return {one["id"]: check(one, solutions()[one["id"]]) for one in ASKED}


def known() -> dict[str, str]:
    """A certificate of each statement that there is: the references and the solutions."""
    found = {name: prove().certificate() for name, prove in REFERENCE.items()}
    return found | {name: one for result in solved().values() for name, one in result["certificates"].items()}


def calls_of(certificates: list[tuple[str, str]]) -> list[list[Any]]:
    """Of `judge` on certificates, each with its statement in front."""
    return [["judge", certificate, statement] for statement, certificate in certificates]


def said_by_cpython(calls: list[list[Any]]) -> list[Any]:
    said = [judge(*rest) if kind == "judge" else check(*rest) for kind, *rest in calls]
    return json.loads(json.dumps(said))


# ---------------------------------------------------------------- levels
def test_every_exercise_of_the_notebook_is_a_level_with_its_points() -> None:
    points = {one["name"]: one["points"] for level in ASKED for one in level["checks"]}
    declared = {name: one.points for name, one in UNIT.declared.items() if one.proves}
    assert points == declared
    assert next(iter(LEVELS)) == "example"
    assert "Your own theorem" in LEVELS["chain"]["statement"]


def test_every_formula_of_a_level_is_mathml_and_nothing_is_fetched() -> None:
    html = "".join(one["card"] + one["hints"] for one in LEVELS.values())
    assert html.count("<math") > 10
    assert not Tags(html).of("img", "script", "link", "iframe")


def test_no_level_holds_an_answer() -> None:
    page = json.dumps(list(LEVELS.values()))
    assert "todo(" in LEVELS["chain"]["stub"]
    for one in ASKED:
        written = [line.strip() for line in solutions()[one["id"]].split("\n")]
        told = [line for line in written if json.dumps(line)[1:-1] in page]
        assert len(told) < len(written), one["id"]
    assert "E B G D A F C" not in page


# ---------------------------------------------------------------- the desk
@pytest.mark.parametrize("name", [one["id"] for one in ASKED])
def test_a_solution_earns_all_and_a_stub_nothing(name: str) -> None:
    level = LEVELS[name]
    most = sum(one["points"] for one in level["checks"])
    assert solved()[name]["proved"]
    assert sum(one["earned"] for one in solved()[name]["checks"]) == most
    stub = check(level, level["stub"])
    assert stub["todo"]
    assert not stub["proved"]
    assert stub["certificates"] == {}
    assert sum(one["earned"] for one in stub["checks"]) == 0


def test_a_wrong_line_is_found_in_the_text_with_its_counterexample() -> None:
    text = solutions()["chain"].replace("t : p + 2 * (r - 1), k:K", "t : p + 2 * (r - 2), k:K")
    result = check(LEVELS["chain"], text)
    (wrong,) = (one for one in result["notes"] if one["kind"] == "wrong")
    line = text.split("\n").index(next(one for one in text.split("\n") if "2 * (r - 2), k:K" in one)) + 1
    assert wrong["line"] in (
        line,
        line - 1,
    )  # a pair begins at its bracket, which may stand on the line before
    assert "Counterexample" in wrong["text"]
    assert "<math" in result["tables"][0]
    assert 0 < sum(one["earned"] for one in result["checks"]) < 7


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("def plane_proof():\n    return P", 2, "NameError: name 'P' is not defined"),
        ("def plane_proof(:\n", 1, "SyntaxError"),
        ("x = 1\n", None, "there is no function plane_proof"),
        ("def plane_proof():\n    pass", 1, "it returned None: is there a `return P`?"),
        ("def plane_proof():\n    return 7", 1, "return the proof P, not int"),
        ("import sys\nsys.exit()", 2, "SystemExit"),
        (
            "def plane_proof():\n    P = theorem('conv-conv')\n    P.witness(1, 2)\n    return P",
            3,
            "P.witness takes",
        ),
        ("def plane_proof():\n    return plane_proof()", 2, "RecursionError"),
    ],
)
def test_a_text_that_stops_is_told_where_and_why(text: str, line: int | None, said: str) -> None:
    (note,) = check(LEVELS["plane"], text)["notes"]
    assert (note["kind"], note["line"]) == ("error", line)
    assert said in note["text"]


def test_a_theorem_of_ones_own_is_shown_and_needs_a_name() -> None:
    text = solutions()["chain"]
    assert "kernel O and bias o" in check(LEVELS["chain"], text)["printed"]
    (note,) = check(LEVELS["chain"], text.replace('"Ada Lovelace"', '""'))["notes"]
    assert "Whose theorem?" in note["text"]
    other = check(LEVELS["chain"], text.replace("own_theorem(me)", 'own_theorem("Emmy Noether")'))
    assert not other["proved"]


def test_lines_of_a_chain_are_known_by_their_place() -> None:
    text = 'gap = (\n  1, "swap")\nP.witness(O[t], 1)\nP.calc(\n  a,\n  (b, "range"),\n  gap,\n)'
    assert chain_lines(text) == {"O": 3, 0: 5, 1: 6, 2: 1}
    assert chain_lines('P.calc((b, "range"))') == {1: 1}
    assert chain_lines("P.calc(") == {}


def test_what_runs_in_the_browser_imports_nothing_large(tmp_path: Path) -> None:
    (tmp_path / "modules.zip").write_bytes(packed())
    zipfile.ZipFile(tmp_path / "modules.zip").extractall(tmp_path / "lib")
    code = (
        f"import sys; sys.path = [{str(tmp_path / 'lib')!r}] + [p for p in sys.path if 'packages' not in p]\n"
        "import nonconv.publish.playground.desk as desk\n"
        "assert desk.__file__.startswith(sys.path[0]); print(*sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert not {"torch", "numpy", "sympy", "nbformat", "IPython"} & set(ran.stdout.split())


# ---------------------------------------------------------------- Pyodide
def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "pyodide.tgz", "w:gz") as archive:
        archive.add(__file__, "package/pyodide.mjs")
    with pytest.raises(NoPackage, match=r"is not pyodide 3\d+\.\d+\.\d+: its sha512 is"):
        PYODIDE.unpack(tmp_path / "pyodide.tgz", tmp_path / "files")
    assert not (tmp_path / "files").exists()


def test_without_npm_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPackage, match="apt-get install npm"):
        PYODIDE.fetched(tmp_path)


def test_a_folder_that_is_not_pyodides_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoPackage, match=r"it has no package\.json, pyodide\.js"):
        pyodide.given(tmp_path)
    for name in PYODIDE.files:
        (tmp_path / name).write_text('{"version": "0.1"}')
    with pytest.raises(NoPackage, match=r"holds Pyodide 0\.1; the page is made with"):
        pyodide.given(tmp_path)


def test_the_page_loads_only_what_is_written_beside_it(tmp_path: Path) -> None:
    files = tmp_path / "pyodide"
    files.mkdir()
    for name in PYODIDE.files:
        (files / name).write_text('{"info": {}}')
    page = build(ROOT / "exercises", files, tmp_path / "site")
    tags = Tags(page.read_text(encoding="utf-8"))
    loaded = [one["src"] for one in tags.of("script")] + [
        one["href"] for one in tags.of("link") if one["rel"] == "stylesheet"
    ]
    there = {path.relative_to(page.parent).as_posix() for path in (page.parent / "playground").iterdir()}
    assert set(loaded) == there == {f"playground/{name}" for name in (*SCRIPTS, "levels.js", "python.js")}
    (policy,) = (one["content"] or "" for one in tags.of("meta") if one.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert not {"'unsafe-eval'", "*", "https:"} & set(policy.split())


# ---------------------------------------------------------------- the same verdicts
def test_pyodide_says_what_cpython_says_to_a_handful(tmp_path: Path) -> None:
    handful = list(mutants(known(), 12, SEED + 1))
    calls = [*calls_of(handful), *(["check", one, solutions()[one["id"]]] for one in ASKED)]
    found = in_node(calls, tmp_path)
    assert found["answers"] == said_by_cpython(calls)
    assert found["large"] == []
    proved = [one["proved"] for one in found["answers"]]
    assert set(proved) == {True, False}


@pytest.mark.weekly
def test_pyodide_says_what_cpython_says_to_every_reference_and_500_mutants(tmp_path: Path) -> None:
    certificates = known()
    calls = calls_of([*certificates.items(), *mutants(certificates, MUTANTS, SEED)])
    found = in_node(calls, tmp_path)
    expected = said_by_cpython(calls)
    different = [
        call for call, one, other in zip(calls, found["answers"], expected, strict=True) if one != other
    ]
    assert different == []
    verdicts = [one["verdict"] for one in expected]
    assert all(one == "proved" for one in verdicts[: len(certificates)])
    of_mutants = verdicts[len(certificates) :]
    assert of_mutants.count("not proved") > MUTANTS // 2  # else they would say little
    times = sorted(found["seconds"])
    print(f"\nPython {found['python']} started in {found['started']:.1f} s, {len(calls)} verdicts:", end=" ")
    print(f"median {times[len(times) // 2]:.3f} s, at most {times[-1]:.1f} s")


@pytest.mark.weekly
def test_hostile_certificates_are_judged_in_pyodide_as_in_cpython(tmp_path: Path) -> None:
    """But for tens of thousands of brackets, which end Pyodide: the page starts it again."""
    calls = [["judge", certificate, "conv-conv"] for _, certificate in sorted(hostile.cases().items())]
    assert in_node(calls, tmp_path)["answers"] == said_by_cpython(calls)


def test_pyodide_is_the_pinned_version() -> None:
    version = json.loads((pyodide_files() / "package.json").read_text(encoding="utf-8"))["version"]
    assert version == PYODIDE.version
