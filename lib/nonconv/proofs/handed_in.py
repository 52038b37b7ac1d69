"""The certificate of what a student's function returned: a proof, a counterexample, or something else."""

from collections.abc import Callable
from typing import Any

from nonconv.proofs.counterexamples import NEGATIVES

MAX_MESSAGE = 100  # characters of an exception's text


def certificate_of(
    work: Any, statement: str = "", describe: Callable[[Any], str] = lambda work: type(work).__name__
) -> tuple[str, str | None]:
    """The certificate of `work`, or what is wrong with that; `describe` says in words what a value is."""
    numbers = statement in NEGATIVES
    if work is None:
        return "", f"it returned None: is there a `return{' counterexample(…)' if numbers else ' P'}`?"
    if not hasattr(work, "certificate"):
        wanted = "counterexample(statement, …)" if numbers else "the proof P"
        return "", f"return {wanted}, not {describe(work)}"
    try:
        certificate = work.certificate()
    except Exception as error:  # of an object that is no proof of ours
        said = f"{type(error).__name__}: {str(error)[:MAX_MESSAGE]}"
        return "", f"its certificate stopped with {said}; return P itself"
    if not isinstance(certificate, str):
        return "", f"the certificate must be a text, not {type(certificate).__name__}"
    return certificate, None
