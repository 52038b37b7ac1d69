"""Acceptance checks: what an exercise must have before it is handed out, each with what is missing, in words.

`make check UNIT=… [NAME=…]` prints them one after the other; tests/course runs the same functions in CI.
"""

import ast
import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nonconv.authoring.attempts import Attempt
from nonconv.authoring.given import HEAD
from nonconv.authoring.percent import UnitError, code_cells, run_cells
from nonconv.checks import Check, failure, todo
from nonconv.checks.proving import prove
from nonconv.checks.remote import payload
from nonconv.grading.engine.student_inputs import seed_of
from nonconv.publish.free_points import hidden_points_are_earned
from nonconv.publish.giveaways import no_answer_stands_in_the_unit
from nonconv.publish.mutation.results import no_slip_goes_unnoticed
from nonconv.publish.shown_answers import shown_beside, unworked
from nonconv.publish.solutions import BEGIN, END, replace_solutions
from nonconv.publish.unit import Exercise, Unit, exercise_cells

MIN_MISTAKES, MIN_ALTERNATIVES = 6, 5  # of each answer
MAX_LINES = 250  # of a file of an exercise
CARD = re.compile(
    r"^\| goal \| minutes \| difficulty \| you need \|\n\|.*\|\n\| .+ \| \d+ \| ●{1,5}○{0,4} \| .+ \|$", re.M
)
STUDENTS = 20  # whose inputs are tried; `make test` has time for fewer
SECRET = b"a secret for the acceptance checks"


@dataclass(frozen=True)
class Acceptance:
    """A requirement in words, and a function: what an exercise lacks of it, a sentence for each thing."""

    title: str
    lacking: Callable[[Unit, Exercise], list[str]]


def text_is_complete(unit: Unit, exercise: Exercise) -> list[str]:
    cells = exercise.cells
    found = []
    if exercise.answers and not CARD.search(cells[0].source):
        found.append(
            "the first cell needs a card: a table of goal, minutes, difficulty (●●○○○) and what one needs"
        )
    for name, cell in exercise.answers.items():
        if BEGIN not in cell.source:
            found.append(f"the solution of {name} must stand between {BEGIN} and {END}")
        elif re.search(r"^\s*(\.\.\.|pass)$", _solution(cell.source), re.M):
            found.append(f"the solution of {name} is still missing")
    for cell in cells:
        if "TODO" in cell.source:
            found.append(f"cell {cell.id!r} still says TODO")
    return found


def _solution(source: str) -> str:
    return source.partition(BEGIN)[2].partition(END)[0].partition("\n")[2]


def it_builds(unit: Unit, exercise: Exercise) -> list[str]:
    (notebook,) = (one for one in unit.notebooks if one.folder == exercise.folder.parent)
    exercise_cells(exercise, unit.numbers(notebook))  # UnitError says what is wrong
    for cell in exercise.cells:
        if cell.cell_type == "code":
            replace_solutions(cell.source, BEGIN, END)
    return []


def files_are_short(unit: Unit, exercise: Exercise) -> list[str]:
    counts = {
        path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in exercise.folder.glob("*.py")
    }
    return [
        f"{name} has {n} lines, at most {MAX_LINES} are easy to read: put right answers into alternatives.py"
        for name, n in sorted(counts.items())
        if n > MAX_LINES
    ]


def solutions(exercise: Exercise) -> dict[str, Any]:
    """What the exercise's answer cells define, solved, with the notebook's first cells before them."""
    head = exercise.folder.parent / HEAD
    scope = run_cells(head, *code_cells(head))
    wanted = [cell.id for cell in exercise.cells if cell.cell_type == "code" and "role" in cell.metadata]
    return run_cells(exercise.text, *wanted, scope=scope)


def solution_is_right(unit: Unit, exercise: Exercise) -> list[str]:
    scope, found = solutions(exercise), []
    for name, check in exercise.declared.items():
        for n, one in enumerate([check, *_theirs(unit, check)]):
            message = failure(one, scope[check.answer])
            if message is not None:
                whose = "" if n == 0 else f" (on the inputs of student {n})"
                found.append(f"the solution does not pass {name}{whose}:\n{message}")
                break
    return found


# as in a notebook: not in a module of the library, where the guard would take them for ready answers
UNSOLVED: dict[str, Any] = {"todo": todo}
exec("def none(**_): pass\ndef stub(**_): todo('Return the answer.')", UNSOLVED)


def nothing_is_worth_nothing(unit: Unit, exercise: Exercise) -> list[str]:
    found = []
    for name, check in exercise.declared.items():
        none, untouched = failure(check, UNSOLVED["none"]), failure(check, UNSOLVED["stub"])
        if none is None or "return" not in none:
            found.append(
                f"{name}: an answer that returns None must fail and be asked for its return,"
                f" not told {none!r}"
            )
        if untouched is None or not untouched.startswith("Not written yet. Return the answer."):
            found.append(f"{name}: the untouched exercise must be told what to write, not {untouched!r}")
    return found


def answers_are_known(unit: Unit, exercise: Exercise) -> list[str]:
    found = []
    for answer in exercise.answers:
        own = [attempt for attempt in exercise.attempts if attempt.answer == answer]
        wrong = sum(attempt.is_wrong for attempt in own)
        if wrong < MIN_MISTAKES:
            found.append(
                f"{answer} has {wrong} wrong answers in mistakes.py; at least {MIN_MISTAKES} are wanted"
            )
        if len(own) - wrong < MIN_ALTERNATIVES:
            found.append(
                f"{answer} has {len(own) - wrong} other right answers; at least {MIN_ALTERNATIVES} are wanted"
            )
    for attempt in exercise.attempts:
        if attempt.answer not in exercise.answers:
            found.append(f"{attempt.name} answers {attempt.answer!r}, which this exercise does not ask for")
    return found


def mistakes_lose_points_and_are_explained(unit: Unit, exercise: Exercise) -> list[str]:
    return [problem for attempt in exercise.attempts for problem in attempt_problems(unit, exercise, attempt)]


def attempt_problems(unit: Unit, exercise: Exercise, attempt: Attempt) -> list[str]:
    """What is wrong with how one known answer is judged and explained, and what would do."""
    found = []
    own = [check for check in exercise.checks.values() if check.answer == attempt.answer]
    messages = {check.name: failure(check, attempt.function) for check in own}
    lost = {name for name, message in messages.items() if message}
    should = {*attempt.loses, *attempt.keeps}
    if passed := sorted(should - lost):
        found.append(
            f"{attempt.name} passes {', '.join(passed)}: the check needs an input on which it differs from"
            " the right answer, or a narrower tolerance (rtol, atol)"
        )
    if refused := sorted(lost - should):
        found.append(
            f"{attempt.name} loses {', '.join(refused)}, which mistakes.py does not say:"
            f" {messages[refused[0]]}"
        )
    for check in own:
        if check.proves:
            share = prove(check, attempt.function).share
            expected = 0 if check.name in attempt.loses else attempt.keeps.get(check.name, 1)
            if abs(share - expected) > 1e-3:
                found.append(
                    f"{attempt.name} earns {share:.3f} of {check.name}, but mistakes.py says {expected:.3f}"
                )
    wanted = " ".join((attempt.says or attempt.shows).split())
    said = [" ".join(message.split()) for message in messages.values() if message]
    if attempt.is_wrong and said and not any(wanted in message for message in said):
        found.append(_not_told(exercise, attempt, wanted, said))
    return found


def _not_told(exercise: Exercise, attempt: Attempt, wanted: str, said: list[str]) -> str:
    for other in exercise.attempts:
        if other is not attempt and other.says and any(" ".join(other.says.split()) in one for one in said):
            return (
                f"{attempt.name} is taken for {other.name}: their outputs are equal on all inputs of a check;"
                " add one on which they differ"
            )
    return f"{attempt.name} is not told {wanted!r}, but: {said[0]}"


def every_check_is_lost_by_a_mistake(unit: Unit, exercise: Exercise) -> list[str]:
    lost = {name for attempt in exercise.attempts for name in (*attempt.loses, *attempt.keeps)}
    found = [f"no wrong answer loses {name}" for name in exercise.declared if name not in lost]
    return found + [
        f"mistakes.py speaks of {name}, which is no check" for name in sorted(lost - set(exercise.declared))
    ]


def mistakes_differ(unit: Unit, exercise: Exercise) -> list[str]:
    """Two that differ only in constants are one mistake, unless the student reads different diagnoses."""

    class Blind(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            return ast.copy_location(ast.Constant(type(node.value).__name__), node)

    seen: dict[tuple[str, str], str] = {}
    found = []
    for attempt in exercise.attempts:
        if attempt.is_wrong:
            key = ast.dump(Blind().visit(ast.parse(attempt.source()))), attempt.says or attempt.shows
            if key in seen:
                found.append(f"{attempt.name} and {seen[key]} differ only in constants")
            seen[key] = attempt.name
    return found


def _with_student_inputs(unit: Unit, check: Check, students: int) -> list[Check]:
    """The check as it is written, then as that many students get it, if its inputs differ by student."""
    if check.cases_for is None:
        return [check]
    seeds = [seed_of(SECRET, f"student{k}", unit.name, check.name) for k in range(students)]
    return [check, *(check.for_seed(seed) for seed in seeds)]


_drawn: deque[tuple[Check, list[Check]]] = deque(maxlen=64)  # some draws take a while


def _theirs(unit: Unit, check: Check) -> list[Check]:
    """The check as students get it; none where its inputs do not differ. Drawn once for all requirements."""
    for known, found in _drawn:
        if known is check:
            return found
    _drawn.append((check, _with_student_inputs(unit, check, STUDENTS)[1:]))
    return _drawn[-1][1]


def graded_inputs_differ_by_student(unit: Unit, exercise: Exercise) -> list[str]:
    found = []
    for name, check in exercise.declared.items():
        if check.cases_for is None:  # a hidden Check that gives no reason for that cannot be made
            excused = check.same_for_all or check.takes_formulas or check.holds or check.proves
            if not (check.hidden or excused):
                found.append(
                    f"{name}: who looks its answers up in checks.json earns its points; let"
                    " drawn_anew be True or a function of a seed, or say"
                    " in same_for_all why its inputs cannot vary"
                )
            continue
        first, *theirs = (payload(one) for one in [check, *_theirs(unit, check)])
        again = [payload(one) for one in _with_student_inputs(unit, check, 2)][1:]
        if theirs[: len(again)] != again:
            found.append(f"{name}: the same student must get the same inputs again")
        wanted = 3 * STUDENTS // 4
        if len(set(theirs)) < wanted or first in theirs:
            found.append(
                f"{name}: {STUDENTS} students get only {len(set(theirs) - {first})} different inputs;"
                f" {wanted} are wanted"
            )
    return found


def mistakes_are_caught_for_every_student(unit: Unit, exercise: Exercise) -> list[str]:
    found, students = [], STUDENTS // 2
    for name, check in exercise.declared.items():
        theirs = [one.apart() for one in _theirs(unit, check)[:students]]
        for attempt in exercise.attempts:
            if attempt.answer != check.answer or not (name in attempt.loses or not attempt.is_wrong):
                continue
            passed = [all(failure(case, attempt.function) is None for case in cases) for cases in theirs]
            if theirs and any(passed) if attempt.is_wrong else not all(passed):
                what = "passes" if attempt.is_wrong else "is refused by"
                count = passed.count(attempt.is_wrong)
                found.append(f"{attempt.name} {what} {name} on the inputs of {count} of {students} students")
    return found


def what_is_shown_is_worth_nothing(unit: Unit, exercise: Exercise) -> list[str]:
    found = []
    for name, check in exercise.declared.items():
        shown = shown_beside(check, exercise.declared)
        passing = [
            what
            for one in _theirs(unit, check)
            for what in unworked(one, one.cases, shown)
            if not check.holds
        ]
        found += [
            f"{what} would pass {name} for {times} of {STUDENTS} students: draw inputs whose answers vary"
            for what, times in Counter(passing).items()
        ]
    return found


ACCEPTANCE = (
    Acceptance("the text is complete: card, stub, solution", text_is_complete),
    Acceptance("it builds", it_builds),
    Acceptance(f"no file is longer than {MAX_LINES} lines", files_are_short),
    Acceptance("the solution passes every check, for every student", solution_is_right),
    Acceptance("None and the untouched stub earn nothing, and are told what to do", nothing_is_worth_nothing),
    Acceptance(
        f"at least {MIN_MISTAKES} wrong and {MIN_ALTERNATIVES} other right answers are known",
        answers_are_known,
    ),
    Acceptance(
        "each mistake loses what it should and is told why; right answers lose nothing",
        mistakes_lose_points_and_are_explained,
    ),
    Acceptance("every check is lost by a mistake", every_check_is_lost_by_a_mistake),
    Acceptance("no two mistakes differ only in constants", mistakes_differ),
    Acceptance(
        "graded work is asked about other inputs than students see, each student about others",
        graded_inputs_differ_by_student,
    ),
    Acceptance(
        "mistakes are caught, and right answers pass, for every student",
        mistakes_are_caught_for_every_student,
    ),
    Acceptance(
        "zeros, ones, an input, one value for all and the answers shown pass no check that is drawn",
        what_is_shown_is_worth_nothing,
    ),
    Acceptance(
        "no hidden check is passed by an answer that fails the visible ones", hidden_points_are_earned
    ),
    Acceptance("no answer that is worth points stands in the unit", no_answer_stands_in_the_unit),
    Acceptance("no slip in a solution goes unnoticed", no_slip_goes_unnoticed),
)

# What not every exercise meets yet: `make check` counts what it finds and demands nothing. Once it is met
# everywhere, its line moves up.
WAITING: tuple[Acceptance, ...] = ()


def problems(unit: Unit, exercise: Exercise, one: Acceptance) -> list[str]:
    """What the exercise lacks of one requirement; an error on the way is said in words, too."""
    try:
        return one.lacking(unit, exercise)
    except (UnitError, RuntimeError, ValueError) as error:
        return [str(error)]
    except (
        Exception
    ) as error:  # of the author's own code: a name that is missing, a reference that divides by 0
        where = _place(error, exercise.folder)
        return [f"{type(error).__name__}: {error}{where}"]


def _place(error: BaseException, folder: Path) -> str:
    step, place = error.__traceback__, ""
    while step is not None:
        if str(folder) in step.tb_frame.f_code.co_filename:
            place = f" ({Path(step.tb_frame.f_code.co_filename.split(':')[0]).name}, line {step.tb_lineno})"
        step = step.tb_next
    return place
