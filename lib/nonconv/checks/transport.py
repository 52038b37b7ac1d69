"""An answer on its way out of the process that ran it: plain data, limited in size and kind, and back.

A student's function is judged by what comes out at the other end, in the notebook and in grading alike, so
that both say the same. What has another costume is brought into the plain one: NumPy's numbers, a `range`, a
fraction. A formula is a tree, where a check asks for formulas; an answer that a property asks about, such as
a network, is what `nonconv.checks.properties` makes of it. What cannot travel is refused in a sentence that
says what would do.
"""

from collections.abc import Iterable
from dataclasses import asdict
from math import inf, isfinite, nan
from numbers import Integral, Real
from typing import Any

import torch
from torch import Tensor

from nonconv.checks.calling import Outcome, Problem, ends
from nonconv.checks.compare import MAX_INT_BITS, Foreign, describe
from nonconv.checks.data import Check
from nonconv.checks.encoding import copies
from nonconv.checks.properties import QUESTIONS
from nonconv.checks.symbols import is_formula

MAX_NUMBERS = 200_000  # of one answer: a batch of 16 colour images of 64×64
MAX_RESPONSE_CHARS = 8 * 2**20  # of all answers to a check; a number takes up to 24 characters
MAX_TEXT_CHARS = 5000  # of one problem, description or word
MAX_DEPTH = 8  # of tuples in tuples
MAX_AXES = 64  # of a tensor, as the framework has it
NOT_FINITE = {"nan": nan, "inf": inf, "-inf": -inf}
# with which a check can compute: with others (float8, say) the framework itself cannot
NAMES_OF_DTYPES = """
    float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool
    complex32 complex64 complex128
"""
DTYPES = {name: getattr(torch, name) for name in NAMES_OF_DTYPES.split()}


class Refused(Exception):
    """An answer that cannot be handed in; the message says why, and what would do."""


def packed(check: Check, found: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Each outcome as plain JSON; one whose output is refused has the refusal as its problem."""
    return [_packed(check, outcome) for outcome in found]


def _packed(check: Check, outcome: Outcome) -> dict[str, Any]:
    problem = outcome.problem and asdict(outcome.problem)
    try:
        if check.asks is not None and outcome.output is not None:
            asked = None if problem else QUESTIONS[check.asks].ask(outcome.inputs, outcome.output)
            return {"output": asked, "problem": problem}
        return {"output": pack(outcome.output, check.takes_formulas), "problem": problem}
    except Refused as refusal:
        return {"output": None, "problem": problem or asdict(Problem(str(refusal)))}
    except Exception as error:  # of a class of the student's own, or of a kind of tensor that has no numbers
        text = f"it returns a {type(outcome.output).__name__}, which cannot be read: {type(error).__name__}"
        return {"output": None, "problem": problem or asdict(Problem(text))}


def unpacked(check: Check, response: Any) -> list[Outcome] | None:
    """The outcomes in a response to the check, or None where it is none. It may be hostile."""
    try:
        found = [
            Outcome(_output(check, one["output"]), _problem(one["problem"]), copies(case.inputs))
            for one, case in zip(response, check.cases, strict=False)
        ]
        return found if len(response) == len(check.cases) or ends(found[-1]) else None
    except Exception:  # hostile data can be wrong in any way
        return None


def _output(check: Check, tree: Any) -> Any:
    if check.asks is not None and tree is not None:
        return QUESTIONS[check.asks].read(tree)
    return unpack(tree, formulas=check.takes_formulas)


def pack(value: Any, formulas: bool = False) -> Any:
    """Plain JSON, every digit kept; of what has no such form, a description.

    `formulas`: those of sympy may be among it; else its numbers are numbers, and the rest is described.

    Refused for an answer that is too large.
    """
    return _pack(value, _Left(MAX_NUMBERS, formulas), MAX_DEPTH)


class _Left:
    """How many numbers an answer may still have, and whether formulas are among its values."""

    def __init__(self, numbers: int, formulas: bool = False) -> None:
        self.numbers, self.formulas = numbers, formulas

    def take(self, count: int, what: str) -> None:
        self.numbers -= count
        if self.numbers < 0:
            raise Refused(
                f"it returns {what}, and an answer may hold at most {MAX_NUMBERS:,} numbers:"
                " smaller tensors show the same"
            )


def _pack(value: Any, left: _Left, depth: int) -> Any:
    if isinstance(value, Tensor):
        return _tensor(value, left)
    if isinstance(value, tuple | list | range):
        if depth == 0:
            raise Refused(f"it returns lists in lists, more than {MAX_DEPTH} deep")
        left.take(len(value), f"a {type(value).__name__} of {len(value):,} values")
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_pack(item, left, depth - 1) for item in value]}
    if isinstance(value, str):
        if len(value) > MAX_TEXT_CHARS:
            raise Refused(f"it returns a text of {len(value):,} characters; {MAX_TEXT_CHARS:,} are read")
        return str(value)
    if value is None or isinstance(value, bool):
        return value
    if left.formulas and is_formula(value):
        return _formula(value)
    if type(value).__module__ == "numpy":
        return _of_numpy(value, left)
    if isinstance(value, Integral):
        return _whole(int(value))
    if isinstance(value, Real):  # a fraction, too
        return _real(value)
    return {"described": describe(value), "numpy": False}


def _formula(value: Any) -> Any:
    from nonconv.checks import formula_transport

    try:
        return {"sympy": formula_transport.pack(value)}
    except formula_transport.TooLarge as refusal:
        raise Refused(str(refusal)) from None
    except Exception:  # what a class of the student's own does
        return {"described": describe(value), "numpy": False}


def _whole(value: int) -> int:
    if value.bit_length() > MAX_INT_BITS:
        raise Refused(
            f"it returns a whole number of {value.bit_length():,} bits, and no answer here is so large;"
            f" {MAX_INT_BITS} bits are read"
        )
    return value


def _real(value: Any) -> Any:
    try:
        number = float(value)
    except OverflowError:  # a fraction of large whole numbers
        raise Refused("it returns a number larger than any float") from None
    return number if isfinite(number) else {"number": repr(number)}


def _of_numpy(value: Any, left: _Left) -> Any:
    import numpy as np  # what has a value of it has imported it

    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.generic) and isinstance(value, Integral | Real):
        return _whole(int(value)) if isinstance(value, Integral) else _real(value)
    described = {"described": describe(value), "numpy": True}
    if left.formulas and isinstance(value, np.ndarray) and value.dtype == object and value.ndim == 1:
        return {"list": [_pack(one, left, 1) for one in value.tolist()]}
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        left.take(value.size, f"an array of {value.size:,} numbers")
        return described | {"values": _pack(value.tolist(), _Left(2 * MAX_NUMBERS), 2 * MAX_DEPTH)}
    return described


def _tensor(value: Tensor, left: _Left) -> Any:
    if value.layout in (torch.sparse_coo, torch.sparse_csr) and value.numel() <= MAX_NUMBERS:
        value = value.detach().to_dense()
    if value.device.type == "meta":
        return {"described": "a tensor without numbers (on the device meta)", "numpy": False}
    if value.layout != torch.strided or value.dtype not in DTYPES.values():
        return {"described": f"a tensor of {value.dtype}, {value.layout}", "numpy": False}
    left.take(value.numel(), f"tensors of {MAX_NUMBERS - left.numbers + value.numel():,} numbers")
    tensor = value.detach().cpu()
    found = {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape)}
    if tensor.dtype.is_complex:  # never right, so its numbers do not matter
        return found | {"values": [0] * tensor.numel()}
    return found | {"values": [_number(number) for number in tensor.reshape(-1).tolist()]}


def unpack(tree: Any, depth: int = 3 * MAX_DEPTH, *, formulas: bool = False) -> Any:
    """The inverse, for data that may be hostile: only numbers, texts, tensors and tuples come out of it.

    With `formulas`, those too.
    """
    if depth == 0:
        raise TypeError("lists in lists, too deep")
    if not isinstance(tree, dict):
        if isinstance(tree, int) and tree.bit_length() > MAX_INT_BITS:
            raise ValueError("a whole number that no kernel of ours sends")
        if tree is None or isinstance(tree, bool | int | float | str):
            return tree
        raise TypeError(f"{type(tree).__name__} is no answer")
    if "list" in tree:
        return [unpack(item, depth - 1, formulas=formulas) for item in tree["list"]]
    if "tuple" in tree:
        return tuple(unpack(item, depth - 1, formulas=formulas) for item in tree["tuple"])
    if formulas and "sympy" in tree:
        from nonconv.checks import formula_transport

        return formula_transport.unpack(tree["sympy"])
    if "described" in tree:
        values = unpack(tree["values"], depth - 1) if "values" in tree else None
        return Foreign(_text(tree["described"]), tree["numpy"] is True, values)
    if "number" in tree:
        return NOT_FINITE[tree["number"]]
    return _read_tensor(tree)


def _read_tensor(tree: Any) -> Tensor:
    """Empty tensors of huge sides are no answer: a list of the rows of one has no end."""
    values = [NOT_FINITE[value] if isinstance(value, str) else value for value in tree["values"]]
    shape, dtype = tree["shape"], DTYPES[tree["dtype"]]
    if len(shape) > MAX_AXES or not all(type(side) is int and 0 <= side <= MAX_NUMBERS for side in shape):
        raise ValueError("no shape of an answer")
    return torch.tensor(values, dtype=dtype).reshape(shape)


def _number(value: Any) -> Any:
    """JSON has no nan and no infinity; a kernel's messages would turn them into words."""
    return repr(value) if isinstance(value, float) and not isfinite(value) else value


def _problem(value: Any) -> Problem | None:
    if value is None:
        return None
    final = value["final"] is True  # no case follows, so there is none whose output could be right
    return Problem(
        _text(value["text"]), final, value["stopped"] is True, not final and value.get("not_asked") is True
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{type(value).__name__} is no text, or an empty one")
    return value[:MAX_TEXT_CHARS]
