"""Words that a diagnosis is made of: wrapped lines, praise, and what usually leads to an error."""

import dis
import textwrap
import traceback
from collections.abc import Callable
from typing import Any

from nonconv.checks.data import Check
from nonconv.checks.guard import AUTOGRAD, ForbiddenCall
from nonconv.checks.watching import EVENTS, UNWATCHED

WIDTH = 82  # nbgrader's Validate dialog cuts lines at 87 columns

SYMBOLS_HINT = (
    "\nThe inputs are symbols, not numbers: write the formula with + - * / ** and what you are given,"
    " not with torch, NumPy or math."
)
PRODUCT_HINT = "\nA product needs its *, as in s * (1 - s); s(1 - s) calls s."
POWER_HINT = "\nA power is written **, not ^."
ROOF = "a power is written ** in Python; ^ is something else, and sympy makes logic of it: s**2, not s^2"
FUNCTION_HINT = "\nOne of the inputs is a function: call it, as in f(x)."
CONDITION_HINT = (
    "\nAn `if` wants one True or False, and here are many: take torch.where(condition, this, that)"
    " instead. To ask whether a tensor is there at all, write `if x is None`."
)
NONE_HINT = (
    "\nOne of the values is None: a bias that a layer does not have, or what a function without `return`"
    " gives."
)
SIZES_HINT = (
    "\nShapes line up from the last axis on: one number for each map, of shape (K,), meets the maps of"
    " (N, K, H, W) as x[:, None, None]. Where two results are compared, compare their shapes first."
)
DTYPE_HINT = (
    "\nTwo dtypes meet: torch.full, torch.ones and their like make float32, unless you say dtype=X.dtype."
)
PRODUCT_OF_MATRICES_HINT = (
    "\nA @ B needs as many columns of A as B has rows: do the two stand in the right order?"
)
IN_PLACE_HINT = (
    "\nWhat is added with += must have the shape of the left side: print both shapes. In A @ B, do the two"
    " stand in the right order?"
)
MODULE_HINT = (
    "\nEach layer of a network is a module: is a call missing, as in se(C), or the * before a list, as in"
    " Sequential(*layers)?"
)
MATH_HINT = (
    "\nmath.exp, math.sqrt, float() and their like take one number: torch.exp takes a whole tensor at once."
)
RESHAPE_HINT = (
    "\nA new shape must hold just as many numbers: multiply its sizes. Is an axis missing?"
    " One size may be -1, and torch finds it."
)
GRAPH_HINT = (
    "\nAutograd follows only what begins with a tensor that asks for it: x = x.clone().requires_grad_()."
)
CUT_HINT = (
    "\nAutograd found no way from the result back to this tensor: was it cut by .detach(), .item()"
    " or a new torch.tensor(…)?"
)
# words in the names of kernels that a check may ban although they are one step of an answer
STEPS = ("mean", "sum", "mm", "mv", "dot", "linear")


def wrapped(text: str) -> str:
    """The text in lines of at most WIDTH characters; a line that goes on is indented."""
    return "\n".join(
        textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False) if line else line
        for line in text.splitlines()
    )


def worth(check: Check) -> str:
    """Such as "1 point"."""
    return f"{check.points} point{'s' * (check.points != 1)}"


def praise(check: Check) -> str:
    """What is printed for a right answer."""
    cases = f"all {len(check.cases)} cases are" if len(check.cases) > 1 else "it is"
    return f"✓ {check.name}: {cases} right. {worth(check)}."


def stopped(check: Check, answer: Callable[..., Any], error: Exception, symbols: bool) -> str:
    """The answer stopped with an error: which, where in the student's code, and its usual cause."""
    try:
        text = str(error)
    except Exception:  # of a class of the student's own
        text = "(its text cannot be read)"
    said = f"{check.answer} stopped with {type(error).__name__}: {text}"
    return said + _place(answer, error) + _usual_cause(error, text, symbols)


def unwritten(check: Check, answer: Callable[..., Any], stub: BaseException) -> str:
    """A stub was called: the answer's own, or that of another exercise, which the answer calls."""
    *_, caller, _ = [None, *(frame for frame, _ in traceback.walk_tb(stub.__traceback__))]
    own = getattr(answer, "__code__", None)
    if caller is None or own is None or own is caller.f_code or caller.f_code.co_name == check.answer:
        return str(stub)
    return wrapped(
        f"{check.name}: {check.answer} calls {caller.f_code.co_name}, which is not written yet: write that"
        " one first, and run its cell."
    )


def interrupted(check: Check, answer: Callable[..., Any], interrupt: BaseException) -> str:
    """The student stopped the check by hand: where the answer was."""
    where = _place(answer, interrupt) or "\n(not in a line of yours)"
    return wrapped(
        f"{check.name}: you interrupted {check.answer}{where}\nDoes each loop come to its end?"
        " A `while` needs a line that makes its condition false."
    )


def writes_a_roof(answer: Any) -> bool:
    """Does the code have a ^, which sympy takes for logic: s - s ^ 2 gives the number 2, without an error?"""
    code = getattr(answer, "__code__", None)
    return code is not None and any(
        one.opname == "BINARY_OP" and one.argrepr in ("^", "^=") for one in dis.get_instructions(code)
    )


def changed_in_place(name: str) -> str:
    """The answer changed one of its inputs."""
    return (
        f"it changes its input {name} in place (by {name} += …, {name}[k] = … or {name}.mul_(…), say);"
        f" begin with {name} = {name}.clone()"
    )


def too_few(check: Check, word: str, least: int, times: int) -> str:
    """The answer does without what the exercise is about."""
    return (
        f"{check.name}: {check.answer} calls the framework's {word} {times or 'no'}"
        f" time{'s' * (times != 1)}; this exercise is about doing it with at least {least}."
    )


def too_many(check: Check, times: int) -> str:
    """The answer is right, but it goes through the places one by one."""
    return (
        f"{check.name}: the numbers are right, but {check.answer} takes {times:,} steps, lines that it"
        f" runs and calls of the framework; at most {check.steps_at_most:,} are allowed. A loop over the"
        " places is still in it: what can be done for all places at once?"
    )


# what has to do with how an answer is watched, rather than with what it computes
WATCHING = {*EVENTS.values(), UNWATCHED}


def instead(check: Check, call: ForbiddenCall) -> str:
    """What to do instead of a forbidden call: a step that this exercise bans is no answer by itself."""
    if call.what == AUTOGRAD:
        return "Autograd is not allowed here: write the derivative out, step by step."
    if call.what in WATCHING:
        return "An answer is to be one function that computes: leave that out."
    kernel = call.what.removeprefix("the framework's ")
    banned = [word for word in check.may_not_call if word in kernel]
    if kernel != call.what and banned and set(banned) <= set(STEPS):
        return "This exercise is about doing without it: its text says what you may call instead."
    return "That is the answer itself: build it here from sums, products and indices."


def _usual_cause(error: Exception, text: str, symbols: bool) -> str:
    """What usually leads to this error, a line more; empty where nothing is known."""
    if "FunctionClass" in text:
        return FUNCTION_HINT
    if "for ^" in text:
        return POWER_HINT
    if symbols and "not callable" in text:
        return PRODUCT_HINT
    if symbols and isinstance(error, TypeError | ValueError | AttributeError | RuntimeError):
        return SYMBOLS_HINT
    hints = {
        "Boolean value of Tensor": CONDITION_HINT,
        "NoneType": NONE_HINT,
        "The size of tensor a": SIZES_HINT,
        "expected scalar type": DTYPE_HINT,
        "should be the same": DTYPE_HINT,
        "to have the same dtype": DTYPE_HINT,
        "is not a Module subclass": MODULE_HINT,
        "mat1 and mat2 shapes": PRODUCT_OF_MATRICES_HINT,
        "doesn't match the broadcast shape": IN_PLACE_HINT,
        "only one element tensors can be converted": MATH_HINT,
        "elements cannot be converted to Scalar": MATH_HINT,
        "is invalid for input of size": RESHAPE_HINT,
        "does not require grad": GRAPH_HINT,
        "not have been used in the graph": CUT_HINT,
    }
    return next((hint for words, hint in hints.items() if words in text), "")


def _place(answer: Callable[..., Any], error: BaseException) -> str:
    """The last line of the student's own code on the way to the error."""
    own = getattr(getattr(answer, "__code__", None), "co_filename", None)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.line and ("ipykernel_" in frame.filename or frame.filename.startswith("<")):
            cell = "its cell" if frame.filename == own else f"the cell that defines {frame.name}"
            return f"\nat line {frame.lineno} of {cell}: {frame.line}"
    return ""
