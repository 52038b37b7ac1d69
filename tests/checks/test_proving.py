"""Checks of proofs: what is no proof says so under the check's name; a stub's sentence stands alone."""

import json
from dataclasses import replace
from typing import Any

import pytest

from nonconv.checks import Case, Check, CheckFailed, failure, proving, todo
from nonconv.checks.proving import certificate, explanation, prove

PROOF = Check("a-proof", "proof", 3, (Case({}),), proves="conv-conv")


class Work:
    """An object with a certificate, as a proof has one."""

    def __init__(self, text: Any) -> None:
        self.certificate = lambda: text


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda: None, "a-proof: it returned None: is there a `return P`?"),
        (lambda: 7, "a-proof: return the proof P, not int 7"),
        (lambda: Work(7), "a-proof: the certificate must be a text, not int"),
        (lambda: 1 / 0, "a-proof: proof stopped with ZeroDivisionError: division by zero"),
        (lambda: todo("Prove it."), "Not written yet. Prove it. Replace the line todo(…) with your code."),
        (7, "a-proof: proof must be a function, but it is 7."),
    ],
)
def test_what_is_no_proof_earns_nothing_and_says_why(answer: Any, text: str) -> None:
    credit = prove(PROOF, answer)
    assert credit.share == 0
    assert explanation(PROOF, credit).startswith(text)
    with pytest.raises(CheckFailed) as failed:
        certificate(PROOF, answer)
    assert str(failed.value).startswith(text)


def test_a_certificate_comes_out_as_it_is() -> None:
    text = json.dumps({"statement": "conv-conv"})
    assert certificate(PROOF, lambda: Work(text)) == text


def test_the_parts_of_one_proof_are_examined_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, examine = [], proving.examine
    monkeypatch.setattr(proving, "examine", lambda *a, **k: (seen.append(a), examine(*a, **k))[1])
    text = json.dumps({"statement": "conv-conv", "lines": [], "steps": [], "of": "this test"})
    for part in ("witness", "prefix", "suffix", "end"):
        assert prove(replace(PROOF, part=part), lambda: Work(text)).share == 0
    assert len(seen) == 1


def test_what_is_no_function_is_said_as_in_any_other_check() -> None:
    assert failure(PROOF, 7) == ("proof must be a function, but it is 7.")  # pyright: ignore[reportArgumentType]
