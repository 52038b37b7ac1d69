"""Checks of proofs: the student's function returns a proof, its certificate is judged, and a part of it is credited.

What the notebook says is for the student's eyes. When work is graded, the certificate that the cell puts out is
judged again by `nonconv.grading.judge`, outside the kernel in which student code ran.
"""

from dataclasses import dataclass
from typing import Any

from nonconv import proofs
from nonconv.proofs.credit import credited, reason


@dataclass(frozen=True)
class Credit:
    """The share of the points, from 0 to 1, why, and what was judged."""

    share: float
    reason: str
    certificate: str = ""
    shown: Any = None


def judged(work: Any, statement: str, part: str, reference: str | None = None) -> Credit:
    """Judge what a student's function returned: a proof or a counterexample, with its `.certificate()`."""
    if work is None:
        return Credit(0.0, "it returned None: is there a `return P`?")
    if not hasattr(work, "certificate"):
        return Credit(
            0.0, f"return the proof P or the counterexample, not {type(work).__name__} {work!r:.60}"
        )
    certificate = work.certificate()
    if not isinstance(certificate, str):
        return Credit(0.0, f"the certificate must be a text, not {type(certificate).__name__}")
    result = proofs.judge(certificate, statement, reference)
    shown = work.show() if hasattr(work, "show") else work
    return Credit(credited(result, part), reason(result, part), certificate, shown)
