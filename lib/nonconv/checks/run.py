"""Running a check on a student's function, and saying what is wrong."""

import contextlib
import json
import sys
import textwrap
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython.display import display
from torch import Tensor

from nonconv.checks import data as checks_data
from nonconv.checks.compare import difference, equal, show
from nonconv.checks.data import Case, Check
from nonconv.checks.encoding import copies
from nonconv.checks.guard import ForbiddenCall, own_work
from nonconv.checks.properties import PROPERTIES
from nonconv.checks.proving import Credit, certificate_of, judged
from nonconv.checks.symbols import is_formula
from nonconv.proofs.credit import MIME

WIDTH = 82  # nbgrader's Validate dialog cuts lines at 87 columns


class CheckFailed(Exception):
    """A diagnosis. In a notebook it shows as its own lines, without a traceback through the course's code."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class NotWritten(CheckFailed):
    """The stub of an exercise was called."""


def todo(what: str) -> None:
    """The stub of an exercise: says what to write instead of it."""
    raise NotWritten(_wrapped(f"Not written yet. {what} Replace the line todo(…) with your code."))


def partial_credit(points: float, share: float) -> float:
    """The last line of a cell with partial credit: a plain float, 0 <= share <= 1 of the points.

    nbgrader reads the *printed* last value: np.float64(0.0), tensor(0.) and False would all score full marks.
    """
    return float(points) * min(max(float(share), 0.0), 1.0)


def check(name: str, answer: Callable[..., Any], data: str | None = None) -> float | None:
    """Run the check `name` on the student's function; raise CheckFailed with a diagnosis, or print that it is right.

    The check is read from checks.json beside the notebook, or from `data`, its JSON (hidden checks carry it).
    A check of a proof returns the points that it is worth so far, as nbgrader's partial credit.
    """
    loaded = (
        checks_data.read(Path("checks.json"), name)
        if data is None
        else Check.from_json(name, json.loads(data))
    )
    # a warning of honest code printed to stderr would cost all points in nbgrader
    with contextlib.redirect_stderr(sys.stdout), warnings.catch_warnings():
        if loaded.proves is not None:
            return _check_proof(loaded, answer)
        message = failure(loaded, answer)
    if message is not None:
        raise CheckFailed(message)
    print(praise(loaded))


def praise(check: Check) -> str:
    """What a right answer is told."""
    cases = f"all {len(check.cases)} cases are" if len(check.cases) > 1 else "it is"
    return f"✓ {check.name}: {cases} right. {check.points} point{'s' * (check.points != 1)}."


def failure(check: Check, answer: Callable[..., Any]) -> str | None:
    """None where the answer is right, else the diagnosis of its smallest failing case."""
    if not callable(answer):
        return _wrapped(f"{check.answer} must be a function, but it is {show(answer)}.")
    if check.proves is not None:
        credit = prove(check, answer)
        return None if credit.share == 1 else _because(check, credit)
    return diagnosis(check, outcomes(check, answer))


@dataclass
class Outcome:
    """What the answer did with one case: what it returned, or what went wrong on the way; the inputs as it left them."""

    output: Any
    problem: str | None
    inputs: dict[str, Any]


def outcomes(check: Check, answer: Callable[..., Any]) -> list[Outcome]:
    """The answer's outcome in each case, up to one that says it all."""
    found = []
    for case in check.cases:
        inputs = copies(case.inputs)
        found.append(Outcome(*_call(check, case, answer, inputs), inputs))
        if (found[-1].problem or "").startswith(FINAL):
            break
    return found


def diagnosis(check: Check, found: list[Outcome]) -> str | None:
    """None where every outcome is right, else what is wrong in the smallest case that fails."""
    wrong: list[tuple[Case, str]] = []
    outputs = [outcome.output for outcome in found]
    for case, outcome in zip(check.cases, found, strict=False):
        problem = outcome.problem or _judge(check, case, outcome.inputs, outcome.output)
        if problem is not None:
            wrong.append((case, problem))
            if problem.startswith(FINAL):  # one sentence says it all; further cases would repeat it
                return _wrapped(problem.removeprefix(FINAL))
    if not wrong:
        return None
    case, problem = wrong[0]
    many = f" in {len(wrong)} of {len(check.cases)} cases" if len(check.cases) > 1 else ""
    lines = [f"{check.name}: {check.answer} is wrong{many}."]
    known = _recognise(check, outputs)
    if known is not None:
        lines.append(f"A known mistake: {known}")
    # a symbol says nothing more than its name
    inputs = {name: value for name, value in case.inputs.items() if not is_formula(value)}
    if inputs:
        lines.append("The smallest case that fails:" if many else "The case:")
        lines += [f"  {name} = {show(value)}{_shape(check, name, value)}" for name, value in inputs.items()]
    return "\n".join(_wrapped(line) for line in [*lines, problem])


def prove(check: Check, answer: Callable[..., Any], reference: str | None = None) -> Credit:
    """What the proof that the student's function returns is worth, for the part that this check is about."""
    assert check.proves is not None
    work, problem = _returned(check, answer)
    if problem is not None:
        return Credit(0.0, problem)
    return judged(work, check.proves, check.part, reference)


def certificate(check: Check, answer: Callable[..., Any]) -> str:
    """The certificate of the proof that the student's function returns, not judged yet; CheckFailed if there is none."""
    work, problem = _returned(check, answer)
    text = ""
    if problem is None:
        text, problem = certificate_of(work)
    if problem is not None:
        raise CheckFailed(_because(check, Credit(0.0, problem)))
    return text


def _returned(check: Check, answer: Callable[..., Any]) -> tuple[Any, str | None]:
    if not callable(answer):
        return None, f"{check.answer} must be a function, but it is {show(answer)}."
    (case,) = check.cases
    work, problem = _call(check, case, answer, dict(case.inputs))
    return work, None if problem is None else problem.removeprefix(FINAL)


def _because(check: Check, credit: Credit) -> str:
    own = credit.reason.startswith(("Not written yet", check.name))
    return credit.reason if own else _wrapped(f"{check.name}: {credit.reason}")


def _when_graded(check: Check, credit: Credit) -> str:
    if check.part != "prefix" or not credit.certificate:
        return ""
    return "\n" + _wrapped(
        "(If O or o is not right yet, the first lines are credited for what they are when your work is graded.)"
    )


def _check_proof(check: Check, answer: Callable[..., Any]) -> float:
    """Show the proof, put out its certificate for the judge, and return the points; raise if there are none."""
    credit = prove(check, answer)
    if credit.certificate:
        bundle: dict[str, Any] = {MIME: json.loads(credit.certificate), "text/plain": repr(credit.shown)}
        if check.part in ("all", "witness"):  # the other parts are about the same proof: once is enough
            if hasattr(credit.shown, "_repr_html_"):
                bundle["text/html"] = credit.shown._repr_html_()
        else:
            bundle["text/plain"] = f"(The table stands under the first check of {check.answer}.)"
        display(bundle, raw=True)
    if credit.share == 0:
        raise CheckFailed(_because(check, credit) + _when_graded(check, credit))
    points = partial_credit(check.points, credit.share)
    if credit.share == 1:
        print(f"✓ {check.name}: right. {check.points} point{'s' * (check.points != 1)}.")
    else:
        print(f"{check.name}: {points:.2g} of {check.points} points so far.")
        print(_wrapped(credit.reason) + _when_graded(check, credit))
    return points


SYMBOLS_HINT = (
    "\nThe inputs are symbols, not numbers: write the formula with + - * / ** and what you are given,"
    " not with torch, NumPy or math."
)
FUNCTION_HINT = "\nOne of the inputs is a function: call it, as in sigma(x)."
CONDITION_HINT = (
    "\nAn `if` wants one True or False, and here are many: take torch.where(condition, this, that) instead."
)
# words in the names of kernels that a check may ban although they are one step of an answer
STEPS = ("mean", "sum", "mm", "mv", "dot", "linear")
FINAL = "\0"  # marks a problem that needs no case beside it


def _call(
    check: Check, case: Case, answer: Callable[..., Any], inputs: dict[str, Any]
) -> tuple[Any, str | None]:
    try:
        with own_work(check.may_call, check.may_not_call):
            output = answer(**inputs)
    except NotWritten as stub:
        return None, FINAL + str(stub)
    except ForbiddenCall as call:
        return None, FINAL + f"{check.name}: {check.answer} calls {call.what}. {_instead(check, call)}"
    except SystemExit:
        return None, f"{check.answer} calls exit(), which ends the notebook; use return"
    except Exception as error:
        symbols = any(is_formula(value) for value in case.inputs.values())
        hint = _hint(error, symbols)
        return None, f"{check.answer} stopped with {type(error).__name__}: {error}" + _place(error) + hint
    for name, before in case.inputs.items():
        if isinstance(before, Tensor) and not equal(inputs[name], before, 0.0, 0.0):
            return output, (
                f"it changes its input {name} in place (by {name} += …, {name}[k] = … or {name}.mul_(…), say);"
                f" begin with {name} = {name}.clone()"
            )
    return output, None


def _hint(error: Exception, symbols: bool) -> str:
    """What usually leads to this error, a line more; empty where nothing is known."""
    if "FunctionClass" in str(error):
        return FUNCTION_HINT
    if symbols and isinstance(error, TypeError | AttributeError | RuntimeError):
        return SYMBOLS_HINT
    return CONDITION_HINT if "Boolean value of Tensor" in str(error) else ""


def _instead(check: Check, call: ForbiddenCall) -> str:
    """What to do instead of a forbidden call: a step that this exercise bans is no answer by itself."""
    kernel = call.what.removeprefix("the framework's ")
    banned = [word for word in check.may_not_call if word in kernel]
    if kernel != call.what and banned and set(banned) <= set(STEPS):
        return "This exercise is about doing without it: its text says what you may call instead."
    return "That is the answer itself: build it here from sums, products and indices."


def _judge(check: Check, case: Case, inputs: dict[str, Any], output: Any) -> str | None:
    if check.holds is None:
        sometimes_none = any(other.expected is None for other in check.cases)
        return difference(output, case.expected, check.rtol, check.atol, check.returns, sometimes_none)
    return PROPERTIES[check.holds](inputs, output)


def _recognise(check: Check, outputs: list[Any]) -> str | None:
    """The sentence of the known mistake that gives just these outputs, in every case where it is wrong.

    If there are several, the one that is wrong in most cases: it says most about these outputs.
    """
    check = check.recognised()
    known: dict[str, int] = {}
    for sentence in dict.fromkeys(said for case in check.cases for said, _ in case.mistakes):
        stored = [
            (output, wrong)
            for case, output in zip(check.cases, outputs, strict=True)
            for said, wrong in case.mistakes
            if said == sentence
        ]
        if all(equal(output, wrong, check.rtol, check.atol) for output, wrong in stored):
            known[sentence] = len(stored)
    return max(known, key=known.__getitem__, default=None)


def _place(error: Exception) -> str:
    """The last line of the student's own code on the way to the error."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if "ipykernel_" in frame.filename or frame.filename.startswith("<"):
            return f"\nat line {frame.lineno} of its cell: {frame.line}" if frame.line else ""
    return ""


def _shape(check: Check, name: str, value: Any) -> str:
    if not isinstance(value, Tensor) or value.numel() > 16:
        return ""
    dtypes = {getattr(case.inputs[name], "dtype", None) for case in check.cases}
    dtype = f", {str(value.dtype).removeprefix('torch.')}" if len(dtypes) > 1 else ""
    return f"   (shape {tuple(value.shape)}{dtype})"


def _wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False) if line else line
        for line in text.splitlines()
    )
