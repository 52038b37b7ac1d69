"""The request that a kernel gets in the place of a test: to call the student's function, and to respond
with what it returned."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """A request as judge.json stores it; `nonconv.checks.remote.request` makes it of a check.

    kind: the function of `nonconv.checks.remote` that serves it, "evaluate" or "certify". payload: the
    inputs, as JSON. answer: the name of the student's function, or an expression that gives it.
    """

    kind: str
    payload: str
    answer: str

    def source(self) -> str:
        """The request as a cell of its own."""
        return f"from nonconv.checks.remote import {self.kind}\n{self.kind}({self.payload!r}, {self.answer})"
