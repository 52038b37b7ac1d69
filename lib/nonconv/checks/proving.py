"""Checks of proofs: the student's function returns a proof, its certificate is judged, and a part of it is credited.

What the notebook says is for the student's eyes. When work is graded, the certificate that the cell puts out is
judged again by `nonconv.grading.engine.judge`, outside the kernel in which student code ran.
"""

from dataclasses import dataclass
from typing import Any

from nonconv.proofs.certificate import examine
from nonconv.proofs.credit import credited, reason


@dataclass(frozen=True)
class Credit:
    """The share of the points, from 0 to 1, why, and what was judged."""

    share: float
    reason: str
    certificate: str = ""
    shown: Any = None


def certificate_of(work: Any) -> tuple[str, str | None]:
    """The certificate of what a student's function returned, or what is wrong with that."""
    if work is None:
        return "", "it returned None: is there a `return P`?"
    if not hasattr(work, "certificate"):
        return "", f"return the proof P or the counterexample, not {type(work).__name__} {work!r:.60}"
    certificate = work.certificate()
    if not isinstance(certificate, str):
        return "", f"the certificate must be a text, not {type(certificate).__name__}"
    return certificate, None


def judged(work: Any, statement: str, part: str, reference: str | None = None) -> Credit:
    """Judge what a student's function returned: a proof or a counterexample, with its `.certificate()`."""
    certificate, problem = certificate_of(work)
    if problem is not None:
        return Credit(0.0, problem)
    result, _ = examine(certificate, statement, reference, parts=part != "all")
    shown = work.show() if hasattr(work, "show") else work
    return Credit(credited(result, part), reason(result, part), certificate, shown)
