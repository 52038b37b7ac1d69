"""Checks of proofs: the student's function returns a proof, its certificate is judged, a part is credited.

What the notebook says is for the student's eyes. When work is graded, the certificate that the cell puts out
is judged again by `nonconv.grading.engine.judge`, outside the kernel in which student code ran.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nonconv.checks.calling import CheckFailed, call, not_callable
from nonconv.checks.compare import describe
from nonconv.checks.data import Check
from nonconv.checks.wording import wrapped
from nonconv.proofs.catalogue.drawn import SIGNATURE, UNSIGNED, is_family, signed
from nonconv.proofs.certificate import examine
from nonconv.proofs.credit import credited, reason
from nonconv.proofs.handed_in import certificate_of
from nonconv.proofs.remaining import remaining
from nonconv.proofs.shown import Shown


@dataclass(frozen=True)
class Credit:
    """The share of the points, from 0 to 1, why, and what was judged: its certificate, and the work itself.

    A final reason is shown as it is.
    """

    share: float
    reason: str
    certificate: str = ""
    work: Any = None
    checked: Any = None  # the statement, the proof and the report that `examine` gave, if there are lines
    final: bool = False

    @property
    def hint(self) -> str:
        """The hint that the proof asks for by P.hint(), "" if it does not."""
        if self.checked is None or not getattr(self.work, "wants_hint", False):
            return ""
        return remaining(*self.checked).text

    @property
    def shown(self) -> Any:
        """The work as a notebook shows it, drawn when it is asked for: by what the judge found."""
        if self.checked is not None:
            return Shown(*self.checked)
        return self.work.show() if hasattr(self.work, "show") else self.work


def judged(work: Any, statement: str, part: str, whose: str = "", hint_price: float = 0.0) -> Credit:
    """Judge what a student's function returned: a proof or a counterexample, with its `.certificate()`.

    whose: the name whose own theorem the statement is, "" where it is the same for all. hint_price: the share
    of the points that a proof with a hint loses.
    """
    certificate, problem = certificate_of(work, statement, describe)
    if problem is not None:
        return Credit(0.0, problem)
    result, checked = _examined(certificate, statement, part != "all", whose)
    share, why = credited(result, part, hint_price), reason(result, part, hint_price)
    return Credit(share, why, certificate, work, checked)


@lru_cache(maxsize=32)  # several checks are about parts of one proof
def _examined(certificate: str, statement: str, parts: bool, whose: str) -> tuple[dict[str, Any], Any]:
    return examine(certificate, statement, parts=parts, whose=whose)


def prove(check: Check, answer: Callable[..., Any]) -> Credit:
    """What the proof that the student's function returns is worth, for the part that this check is about."""
    assert check.proves is not None
    work, failed = _returned(check, answer)
    if failed is not None:
        return failed
    if not is_family(check.proves):
        return judged(work, check.proves, check.part, hint_price=check.hint_price)
    me = getattr(answer, "__globals__", {}).get(SIGNATURE)
    statement = signed(check.proves, me)
    if statement is None and certificate_of(work)[1] is None:
        return Credit(0.0, UNSIGNED)
    return judged(work, statement or check.proves, check.part, me or "", check.hint_price)


def certificate(check: Check, answer: Callable[..., Any]) -> str:
    """The certificate of the proof that the function returns, not judged yet. CheckFailed if none."""
    work, failed = _returned(check, answer)
    text = ""
    if failed is None:
        text, problem = certificate_of(work, check.proves or "", describe)
        failed = None if problem is None else Credit(0.0, problem)
    if failed is not None:
        raise CheckFailed(explanation(check, failed))
    return text


def explanation(check: Check, credit: Credit) -> str:
    """Why the credit is not all, as a student reads it."""
    return credit.reason if credit.final else wrapped(f"{check.name}: {credit.reason}")


def _returned(check: Check, answer: Callable[..., Any]) -> tuple[Any, Credit | None]:
    """What the student's function returned, or a credit of nothing with the reason."""
    if (wrong := not_callable(check, answer)) is not None:
        return None, Credit(0.0, wrong)
    (case,) = check.cases
    work, problem = call(check, case, answer, dict(case.inputs))
    return work, None if problem is None else Credit(0.0, problem.text, final=problem.final)
