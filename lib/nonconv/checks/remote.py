"""Checks judged outside the kernel: inside, a function is only called; a trusted process compares.

In the kernel `evaluate` gets a payload, the inputs of a check, and responds with what the function returned,
as plain data; `certify` responds with the certificate of a proof. Outside, `judge_response` and the judge of
proofs read the response and say what is wrong. Expected values, tolerances and known mistakes never enter the
kernel, so no code that a student wrote can read them or decide about them. A formula comes out as a tree, a
network as its layers and steps, see `transport`.
"""

import builtins
import contextlib
import io
import json
import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from IPython.core.error import StdinNotImplementedError
from IPython.display import display

from nonconv.checks.calling import outcomes
from nonconv.checks.data import Check
from nonconv.checks.diagnosis import judged
from nonconv.checks.proving import certificate
from nonconv.checks.transport import packed
from nonconv.checks.watching import seal
from nonconv.proofs.credit import MIME as PROOF

MIME = "application/vnd.nonconv.answer+json"
BATCH = "application/vnd.nonconv.batch+json"  # a response of a batch, with the number of its cell


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
    check = Check.from_json(name, data)
    return packed(check, outcomes(check, answer))


def judge_response(check: Check, response: Any) -> str | None:
    """Outside: None where the response is right, else the diagnosis. CheckStopped if the check itself fails.

    Nothing in it is believed to be well-formed.
    """
    return judged(check, response).message


seal()  # of what grading asks by, too
