"""What a class did: scores, points by exercise, known mistakes and how often, answers that look alike.

It is read from the autograded notebooks and the gradebook; nothing is executed.
"""

import ast
import csv
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from nbformat import NotebookNode

from nonconv.grading.engine.outputs import CHECK_STOPPED, TIMED_OUT, errors
from nonconv.grading.engine.summary import sections
from nonconv.grading.limits import Limits, parsed, submitter
from nonconv.grading.report import Grade
from nonconv.grading.text import no_formula, one_line

KNOWN = "A known mistake: "
UNWRITTEN = "Not written yet"
BINS = 10  # of the scores
SIZE = 25  # nodes of a syntax tree, from which an answer is long enough to be somebody's own
COMMON = 1 / 4  # of the class: what more than that share wrote is the obvious way
LIMITS = Limits(memory=1024, processor=60, clock=300)  # of a look at one student's notebooks
FEW = 3  # a small class: so many may always look alike


@dataclass
class Exercise:
    """The share of its points that the class earned, and how many earned all of them."""

    title: str
    cells: list[str] = field(default_factory=list)
    share: float = 0.0
    whole: int = 0


@dataclass(frozen=True)
class Counted:
    """Something that happened at one check or several, in words, and to whom."""

    check: str
    what: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """Students whose answers are the same program: worth a look, never a verdict."""

    students: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass
class ClassView:
    """All that the page of a class shows."""

    unit: str
    grades: list[Grade]
    exercises: list[Exercise]
    known: list[Counted]
    unexplained: list[Counted]  # candidates for mistakes.py
    timed_out: list[Counted]
    broken: list[Counted]  # checks that stopped by themselves
    alike: list[Alike]

    @property
    def best(self) -> float:
        return max((grade.best for grade in self.grades), default=0.0)

    @property
    def bins(self) -> list[tuple[str, int]]:
        """How many students have a score from … to …, in ten steps."""
        step = self.best / BINS or 1.0
        counts = Counter(min(int(grade.score / step), BINS - 1) for grade in self.grades)
        return [(f"{k * step:.3g} to {(k + 1) * step:.3g}", counts[k]) for k in range(BINS)]

    @property
    def median(self) -> float:
        scores = sorted(grade.score for grade in self.grades)
        middle = len(scores) // 2
        if not scores:
            return 0.0
        return scores[middle] if len(scores) % 2 else (scores[middle - 1] + scores[middle]) / 2


def class_view(unit: str, root: Path, grades: list[Grade], pool: Executor | None = None) -> ClassView:
    """Look through everyone's autograded notebooks, by the workers of the pool where there are some.

    What cannot be read, or uses up a limit, is passed over.
    """
    found: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    programs: dict[tuple[str, str], list[str]] = defaultdict(list)
    notebooks = sorted(
        (root / "exercises" / unit).glob("*.ipynb"), key=lambda path: (path.stem != unit, path.stem)
    )
    released = [cell for path in notebooks for cell in nbformat.read(path, as_version=4).cells]
    given = _given(released)
    submit = submitter(pool, LIMITS)
    looks = [
        (grade.student, submit(_look, root / "autograded" / grade.student / unit, given)) for grade in grades
    ]
    for student, look in looks:
        try:
            answers, happened = look.result()
        except Exception:
            continue
        for answer in answers:
            programs[answer].append(student)
        for kind, check, what in happened:
            found[kind][check, what].append(student)
    counted = {kind: _counted(those) for kind, those in found.items()}
    return ClassView(
        unit,
        sorted(grades, key=lambda one: one.student),
        _exercises(released, grades),
        *(counted.get(kind, []) for kind in ("known", "unexplained", "timed out", "broken")),
        alike=_alike(programs, len(grades)),
    )


def _look(folder: Path, given: dict[str, str]) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """A student's own programs by answer, and what happened: (kind, check, in words)."""
    programs, happened = [], []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = nbformat.read(path, as_version=4).cells
        except Exception:  # whatever a damaged file provokes
            continue
        for cell in cells:
            told = cell.metadata.get("nbgrader", {})
            name = told.get("grade_id", "")
            if told.get("solution") and cell.cell_type == "code":
                program, size = normalised(cell.source)
                if size >= SIZE and program != given.get(name):
                    programs.append((name, hashlib.sha256(program.encode()).hexdigest()))
            elif told.get("grade"):
                happened += [
                    (kind, name, one_line(what)) for kind, what in _happened(cell.get("outputs", []))
                ]
    return programs, happened


def _counted(found: dict[tuple[str, str], list[str]]) -> list[Counted]:
    """The same words at several checks are one thing; what happened to most students comes first."""
    checks, students = defaultdict(list), defaultdict(set)
    for (check, what), who in found.items():
        checks[what].append(check)
        students[what].update(who)
    rows = [
        Counted(", ".join(sorted(checks[what])), what, tuple(sorted(who))) for what, who in students.items()
    ]
    return sorted(rows, key=lambda one: (-len(one.students), one.check, one.what))


def _happened(outputs: list) -> Iterator[tuple[str, str]]:
    """(kind, in words) of what the grader wrote below a check."""
    for error in errors(outputs)[:FEW]:  # the grader writes one; what a kernel sends may be more
        if error.ename == TIMED_OUT:
            yield "timed out", "did not come to an end"
        elif error.ename == CHECK_STOPPED:
            yield "broken", error.evalue.splitlines()[0][:200] if error.evalue else ""
        elif error.ename == "CheckFailed":
            sentence = known_mistake(error.evalue)
            if sentence:
                yield "known", sentence
            elif not error.evalue.startswith(UNWRITTEN):
                yield "unexplained", _last_words(error.evalue)
        elif error.ename:
            yield "unexplained", f"{error.ename}: {error.evalue}"[:200]


def known_mistake(message: str) -> str:
    """The sentence of the known mistake in a diagnosis; empty if none was recognised."""
    lines = iter(message.splitlines())
    for line in lines:
        if line.startswith(KNOWN):
            sentence = [line.removeprefix(KNOWN)]
            for more in lines:
                if not more.startswith("  "):
                    break
                sentence.append(more.strip())
            return " ".join(sentence)
    return ""


def _last_words(message: str) -> str:
    """What is wrong, without the numbers: they differ from student to student."""
    paragraph: list[str] = []
    for line in message.splitlines():
        paragraph = [*paragraph, line.strip()] if line.startswith("  ") else [line]
    return re.sub(r"(?<!\w)-?\d+(\.\d+)?(e[-+]?\d+)?(?!\w)", "…", " ".join(paragraph))[:200]


class _Anonymous(ast.NodeTransformer):
    """Names of variables and arguments by the order in which they occur; no docstrings, no annotations."""

    def __init__(self, own: set[str]) -> None:
        self.own, self.names = own, dict[str, str]()

    def _name(self, name: str) -> str:
        return self.names.setdefault(name, f"v{len(self.names)}") if name in self.own else name

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self._name(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._name(node.arg))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1:
            node.body = node.body[1:]
        return self.generic_visit(node)


def normalised(source: str) -> tuple[str, int]:
    """(an answer without comments, docstrings and its own names, nodes of its syntax tree); no Python: 0."""
    tree = parsed(source)
    if tree is None:
        return "", 0
    own = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    try:
        made = _Anonymous(own).visit(tree)
        return ast.unparse(ast.fix_missing_locations(made)), sum(1 for _ in ast.walk(made))
    except RecursionError:
        return "", 0


def _given(cells: list[NotebookNode]) -> dict[str, str]:
    """The stubs, as they were handed out."""
    return {
        cell.metadata["nbgrader"]["grade_id"]: normalised(cell.source)[0]
        for cell in cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }


def _exercises(cells: list[NotebookNode], grades: list[Grade]) -> list[Exercise]:
    """By the headings of the notebooks, in their order."""
    found = []
    for section in sections(cells):
        names = [cell.metadata["nbgrader"]["grade_id"] for cell in section.graded]
        one = Exercise(section.title, names)
        shares = []
        for grade in grades:
            most = sum(grade.most.get(name, 0.0) for name in names)
            earned = sum(grade.points.get(name, 0.0) for name in names)
            shares.append(earned / most if most else 0.0)
        one.share = sum(shares) / len(shares) if shares else 0.0
        one.whole = sum(share > 1 - 1e-9 for share in shares)
        found.append(one)
    return found


def _alike(programs: dict[tuple[str, str], list[str]], size: int) -> list[Alike]:
    """Groups of students who share programs that hardly anybody else wrote, the most alike first."""
    shared: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for (answer, _), who in programs.items():
        students = tuple(sorted(set(who)))
        if 1 < len(students) <= max(FEW, COMMON * size):
            shared[students].append(answer)
    groups = [Alike(students, tuple(answers)) for students, answers in shared.items()]
    return sorted(groups, key=lambda one: (-len(one.answers), one.students))


def write_class(view: ClassView, folder: Path) -> None:
    """folder/class.html, which needs no other file, and folder/class.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = Environment(
        loader=PackageLoader("nonconv.grading", "templates"), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("class.html.j2").render(view=view)
    (folder / "class.html").write_text(page, encoding="utf-8")
    with (folder / "class.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["kind", "where", "what", "how many", "students"])
        for one in view.exercises:
            writer.writerow(["exercise", one.title, f"{one.share:.0%} of the points", one.whole, ""])
        for kind in ("known", "unexplained", "timed_out", "broken"):
            for counted in getattr(view, kind):
                who = no_formula(" | ".join(map(one_line, counted.students)))
                what = no_formula(one_line(counted.what))
                writer.writerow([kind.replace("_", " "), counted.check, what, len(counted.students), who])
        for alike in view.alike:
            who = no_formula(" | ".join(map(one_line, alike.students)))
            writer.writerow(["alike", ", ".join(alike.answers), "the same program", len(alike.answers), who])
