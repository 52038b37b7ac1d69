"""Checks judged outside the kernel: the student's function is only called there, and whoever is trusted compares.

In the kernel `evaluate` knows the inputs and puts out what the function returned, as plain data, and `certify` the certificate
of a proof. Elsewhere `settle` and the judge of proofs read that and say what is wrong. Expected values, tolerances and known mistakes never enter the kernel, so no code that a
student wrote can read them or decide about them. Outputs that are no plain data (networks, formulas) stay inside.
"""

import builtins
import contextlib
import io
import json
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from math import inf, isfinite, nan
from numbers import Real
from typing import Any

import torch
from IPython.core.error import StdinNotImplementedError
from IPython.display import display
from torch import Tensor

from nonconv.checks.compare import Foreign, describe, show
from nonconv.checks.data import Check
from nonconv.checks.encoding import copies
from nonconv.checks.run import FINAL, Outcome, certificate, diagnosis, outcomes
from nonconv.proofs.credit import MIME as PROOF

MIME = "application/vnd.nonconv.answer+json"
ASIDE = "application/vnd.nonconv.aside+json"  # an answer, and to which of several cells
NOT_FINITE = {"nan": nan, "inf": inf, "-inf": -inf}
LARGEST = 4 * 2**20  # characters of what a cell puts out; an honest one has a hundredth of it
DTYPES = {str(value).removeprefix("torch."): value for value in vars(torch).values() if isinstance(value, torch.dtype)}  # fmt: skip


def outside(check: Check) -> bool:
    """Is this check judged outside the kernel, from what the student's function returned? Proofs have their own judge."""
    return check.proves is None and not check.in_kernel


def question(check: Check) -> str:
    """The check as the kernel may know it: the inputs, and nothing about what is right."""
    cases = tuple(replace(case, expected=None, mistakes=()) for case in check.cases)
    return json.dumps({check.name: replace(check, cases=cases, holds=None).to_json()})


def asking(check: Check) -> str:
    """The cell that runs in the place of the check's own."""
    how = "certify" if check.proves else "evaluate"
    return f"from nonconv.checks.remote import {how}\n{how}({question(check)!r}, {check.answer})"


def evaluate(asked: str, answer: Any) -> None:
    """In the kernel: call the student's function on each input, and put out what it returned."""
    display(_evaluated(asked, answer), raw=True)


def certify(asked: str, answer: Any) -> None:
    """In the kernel: put out the certificate of the proof that the student's function returns. What it is worth is judged elsewhere."""
    display(_certified(asked, answer), raw=True)


def asides(questions: Iterable[tuple[int, str, str, Callable[[], Any]]]) -> None:
    """In the kernel, after a cell: put the questions (cell, evaluate or certify, question, answer) of cells that follow it.

    Each answer is put out at once, with what was printed on the way. What fails is left out: it will be asked by itself.
    """
    hows = {"evaluate": _evaluated, "certify": _certified}
    builtins.input = _no_input  # as in a cell; ipykernel has taken its own back by now
    _aside({})  # the cell itself has come to its end
    for cell, how, question, answer in questions:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                data = hows[how](question, answer())
        except Exception:
            continue
        except BaseException:  # it took too long, and so may the next
            return
        _aside({"cell": cell, "printed": printed.getvalue(), "data": data})


def _no_input(*_: Any) -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _aside(told: dict[str, Any]) -> None:
    display({ASIDE: told, "text/plain": "(judged outside)"}, raw=True)


def _evaluated(asked: str, answer: Any) -> dict[str, Any]:
    with contextlib.redirect_stderr(sys.stdout), warnings.catch_warnings():
        return {MIME: answers(asked, answer), "text/plain": "(judged outside)"}


def _certified(asked: str, answer: Any) -> dict[str, Any]:
    ((name, data),) = json.loads(asked).items()
    with contextlib.redirect_stderr(sys.stdout), warnings.catch_warnings():
        text = certificate(Check.from_json(name, data), answer)
    return {PROOF: json.loads(text), "text/plain": "(judged outside)"}


def answers(asked: str, answer: Any) -> list[dict[str, Any]]:
    """What the student's function does with each input, as plain JSON."""
    ((name, data),) = json.loads(asked).items()
    check = Check.from_json(name, data)
    if not callable(answer):
        wrong = f"{check.answer} must be a function, but it is {show(answer)}."
        return [{"output": None, "problem": FINAL + wrong}]
    return [{"output": _sent(one.output), "problem": one.problem} for one in outcomes(check, answer)]


def settle(check: Check, told: Any) -> str | None:
    """Outside: None where what the kernel told is right, else the diagnosis. Nothing in `told` is believed to be well-formed."""
    try:
        if len(json.dumps(told)) > LARGEST:
            return f"{check.name}: {check.answer} returns far too much to be looked at."
        found = [
            Outcome(_received(one["output"]), _text(one["problem"]), copies(case.inputs))
            for one, case in zip(told, check.cases, strict=False)
        ]
        complete = len(told) == len(check.cases) or (found[-1].problem or "").startswith(FINAL)
    except Exception:  # hostile data can be wrong in any way
        found, complete = [], False
    if not complete:
        return f"{check.name}: what {check.answer} returned could not be read."
    return diagnosis(check, found)


def _sent(value: Any) -> Any:
    """Plain JSON, every digit kept; what cannot be sent is described."""
    if isinstance(value, Tensor) and value.layout == torch.strided and value.dtype in DTYPES.values():
        tensor = value.detach().cpu()
        kind = str(tensor.dtype).removeprefix("torch.")
        if tensor.dtype.is_complex:  # never right, so its numbers do not matter
            return {"dtype": kind, "shape": list(tensor.shape), "values": [0] * tensor.numel()}
        values = [_number_sent(value) for value in tensor.reshape(-1).tolist()]
        return {"dtype": kind, "shape": list(tensor.shape), "values": values}
    if isinstance(value, tuple | list):
        return {"list" if isinstance(value, list) else "tuple": [_sent(item) for item in value]}
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Real):  # a fraction, too
        value = float(value)
        return value if isfinite(value) else {"number": repr(value)}
    return {"described": describe(value), "numpy": type(value).__module__ == "numpy"}


def _received(tree: Any) -> Any:
    """The inverse, for data that may be hostile: nothing but numbers, texts, tensors and tuples comes out of it."""
    if not isinstance(tree, dict):
        if tree is None or isinstance(tree, bool | int | float | str):
            return tree
        raise TypeError(f"{type(tree).__name__} is no answer")
    if "list" in tree:
        return [_received(item) for item in tree["list"]]
    if "tuple" in tree:
        return tuple(_received(item) for item in tree["tuple"])
    if "described" in tree:
        return Foreign(_text(tree["described"]) or "", tree["numpy"] is True)
    if "number" in tree:
        return NOT_FINITE[tree["number"]]
    values = [NOT_FINITE[value] if isinstance(value, str) else value for value in tree["values"]]
    return torch.tensor(values, dtype=DTYPES[tree["dtype"]]).reshape(tree["shape"])


def _number_sent(value: Any) -> Any:
    """JSON has no nan and no infinity; a kernel's messages would turn them into words."""
    return repr(value) if isinstance(value, float) and not isfinite(value) else value


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value and value[:5000]
    raise TypeError(f"{type(value).__name__} is no text")
