"""Checks judged outside the kernel: inside, a function is only called; a trusted process compares.

In the kernel `evaluate` gets a payload, the inputs of a check, and responds with what the function returned,
as plain data; `certify` responds with the certificate of a proof. Outside, `judge_response` and the judge of
proofs read the response and say what is wrong. Expected values, tolerances and known mistakes never enter the
kernel, so no code that a student wrote can read them or decide about them. Answers that are no plain data
(networks, formulas) stay inside.
"""

import builtins
import contextlib
import io
import json
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from math import inf, isfinite, nan
from numbers import Real
from typing import Any

import torch
from IPython.core.error import StdinNotImplementedError
from IPython.display import display
from torch import Tensor

from nonconv.checks.calling import Outcome, Problem, ends, outcomes
from nonconv.checks.compare import Foreign, describe
from nonconv.checks.data import Check
from nonconv.checks.diagnosis import diagnosis
from nonconv.checks.encoding import copies
from nonconv.checks.proving import certificate
from nonconv.proofs.credit import MIME as PROOF

MIME = "application/vnd.nonconv.answer+json"
BATCH = "application/vnd.nonconv.batch+json"  # a response of a batch, with the number of its cell
NOT_FINITE = {"nan": nan, "inf": inf, "-inf": -inf}
MAX_RESPONSE_CHARS = 4 * 2**20  # an honest response has a hundredth of it
MAX_TEXT_CHARS = 5000  # of one problem or description
DTYPES = {
    str(value).removeprefix("torch."): value
    for value in vars(torch).values()
    if isinstance(value, torch.dtype)
}


def outside(check: Check) -> bool:
    """Is this check judged outside the kernel, by its response? Proofs have a judge of their own."""
    return check.proves is None and not check.in_kernel


def payload(check: Check) -> str:
    """The check as the kernel may know it: the inputs, and nothing about what is right."""
    cases = tuple(replace(case, expected=None, mistakes=()) for case in check.cases)
    return json.dumps({check.name: replace(check, cases=cases, holds=None).to_json()})


def request(check: Check) -> dict[str, str]:
    """What the kernel is asked in the place of the check's own cell, as judge.json stores it.

    kind: `evaluate` or `certify`, below; payload and answer: what that function gets.
    """
    kind = "certify" if check.proves else "evaluate"
    return {"kind": kind, "payload": payload(check), "answer": check.answer}


def evaluate(payload: str, answer: Any) -> None:
    """In the kernel: call the student's function on each input, and respond with what it returned."""
    display(_evaluated(payload, answer), raw=True)


def certify(payload: str, answer: Any) -> None:
    """In the kernel: respond with the certificate of the proof that the function returns, not judged yet."""
    display(_certified(payload, answer), raw=True)


def batch(requests: Iterable[tuple[int, str, str, Callable[[], Any]]]) -> None:
    """In the kernel, after a cell: batched checks of later cells, each (cell, kind, payload, answer).

    `kind` is "evaluate" or "certify". Each response is put out at once, with what was printed on the way. A
    request that fails gets no response: its cell will be run by itself.
    """
    kinds = {"evaluate": _evaluated, "certify": _certified}
    builtins.input = _no_input  # as in a cell; ipykernel has taken its own back by now
    _in_batch({})  # the cell itself has come to its end
    for cell, kind, payload, answer in requests:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                data = kinds[kind](payload, answer())
        except Exception:
            continue
        except BaseException:  # it took too long, and so may the next
            return
        _in_batch({"cell": cell, "printed": printed.getvalue(), "data": data})


def _no_input(*_: Any) -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _in_batch(response: dict[str, Any]) -> None:
    display({BATCH: response, "text/plain": "(judged outside)"}, raw=True)


def _evaluated(payload: str, answer: Any) -> dict[str, Any]:
    with contextlib.redirect_stderr(sys.stdout), warnings.catch_warnings():
        return {MIME: response(payload, answer), "text/plain": "(judged outside)"}


def _certified(payload: str, answer: Any) -> dict[str, Any]:
    ((name, data),) = json.loads(payload).items()
    with contextlib.redirect_stderr(sys.stdout), warnings.catch_warnings():
        text = certificate(Check.from_json(name, data), answer)
    return {PROOF: json.loads(text), "text/plain": "(judged outside)"}


def response(payload: str, answer: Any) -> list[dict[str, Any]]:
    """What the student's function does with each input, as plain JSON."""
    ((name, data),) = json.loads(payload).items()
    found = outcomes(Check.from_json(name, data), answer)
    return [{"output": _encoded(one.output), "problem": one.problem and asdict(one.problem)} for one in found]


def judge_response(check: Check, response: Any) -> str | None:
    """Outside: None where the response is right, else the diagnosis.

    Nothing in it is believed to be well-formed.
    """
    try:
        if len(json.dumps(response)) > MAX_RESPONSE_CHARS:
            return f"{check.name}: {check.answer} returns far too much to be looked at."
        found = [
            Outcome(_decoded(one["output"]), _problem(one["problem"]), copies(case.inputs))
            for one, case in zip(response, check.cases, strict=False)
        ]
        complete = len(response) == len(check.cases) or ends(found[-1])
    except Exception:  # hostile data can be wrong in any way
        found, complete = [], False
    if not complete:
        return f"{check.name}: what {check.answer} returned could not be read."
    return diagnosis(check, found)


def _encoded(value: Any) -> Any:
    """Plain JSON, every digit kept; of what has no such form, a description."""
    if isinstance(value, Tensor) and value.layout == torch.strided and value.dtype in DTYPES.values():
        tensor = value.detach().cpu()
        kind = str(tensor.dtype).removeprefix("torch.")
        if tensor.dtype.is_complex:  # never right, so its numbers do not matter
            return {"dtype": kind, "shape": list(tensor.shape), "values": [0] * tensor.numel()}
        values = [_number(value) for value in tensor.reshape(-1).tolist()]
        return {"dtype": kind, "shape": list(tensor.shape), "values": values}
    if isinstance(value, tuple | list):
        return {"list" if isinstance(value, list) else "tuple": [_encoded(item) for item in value]}
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Real):  # a fraction, too
        value = float(value)
        return value if isfinite(value) else {"number": repr(value)}
    return {"described": describe(value), "numpy": type(value).__module__ == "numpy"}


def _decoded(tree: Any) -> Any:
    """The inverse, for data that may be hostile: only numbers, texts, tensors and tuples come out of it."""
    if not isinstance(tree, dict):
        if tree is None or isinstance(tree, bool | int | float | str):
            return tree
        raise TypeError(f"{type(tree).__name__} is no answer")
    if "list" in tree:
        return [_decoded(item) for item in tree["list"]]
    if "tuple" in tree:
        return tuple(_decoded(item) for item in tree["tuple"])
    if "described" in tree:
        return Foreign(_text(tree["described"]), tree["numpy"] is True)
    if "number" in tree:
        return NOT_FINITE[tree["number"]]
    values = [NOT_FINITE[value] if isinstance(value, str) else value for value in tree["values"]]
    return torch.tensor(values, dtype=DTYPES[tree["dtype"]]).reshape(tree["shape"])


def _number(value: Any) -> Any:
    """JSON has no nan and no infinity; a kernel's messages would turn them into words."""
    return repr(value) if isinstance(value, float) and not isfinite(value) else value


def _problem(value: Any) -> Problem | None:
    return None if value is None else Problem(_text(value["text"]), value["final"] is True)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{type(value).__name__} is no text, or an empty one")
    return value[:MAX_TEXT_CHARS]
