"""What a notebook's cells call: `check` beside an answer, `todo` in its stub, `partial_credit` at its end.

`case` gives the inputs of a case to debug with.
"""

import contextlib
import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from IPython import get_ipython
from IPython.display import display

from nonconv.checks.calling import CheckFailed, NotWritten
from nonconv.checks.data import Check, installed, read
from nonconv.checks.diagnosis import judgement
from nonconv.checks.encoding import copies
from nonconv.checks.proving import explanation, prove
from nonconv.checks.wording import interrupted, praise, worth, wrapped
from nonconv.proofs.credit import MIME


def todo(what: str) -> None:
    """The stub of an exercise: says what to write instead of it."""
    raise NotWritten(wrapped(f"Not written yet. {what} Replace the line todo(…) with your code."))


def partial_credit(points: float, share: float) -> float:
    """The last line of a cell with partial credit: a plain float, 0 <= share <= 1 of the points.

    nbgrader reads the *printed* last value: np.float64(0.0), tensor(0.) and False would all score full marks.
    """
    return float(points) * min(max(float(share), 0.0), 1.0)


def check(name: str, answer: Callable[..., Any], data: str | None = None) -> float | None:
    """Run the check `name` on the student's function; raise CheckFailed with a diagnosis, or print praise.

    The check is read from checks.json beside the notebook, or the one that was installed with the course;
    or from `data`, its JSON (hidden checks carry it).
    A check of a proof that is only partly right returns its points so far, as nbgrader's partial credit.
    """
    loaded = _visible(name, answer) if data is None else Check.from_json(name, json.loads(data))
    # a warning of honest code printed to stderr would cost all points in nbgrader
    with contextlib.redirect_stderr(sys.stdout), warnings.catch_warnings():
        if loaded.proves is not None:
            return _check_proof(loaded, answer)
        try:
            found = judgement(loaded, answer)
        except KeyboardInterrupt as interrupt:
            raise CheckFailed(interrupted(loaded, answer, interrupt)) from None
    if found.message is None:
        print(praise(loaded))
        return None
    if data is None and found.case is not None:
        _failed[:] = [loaded]
        call = f"{loaded.answer}(**case({found.case}))"
        raise CheckFailed(f"{found.message}\nTo try just this case: {call}")
    raise CheckFailed(found.message)


def _visible(name: str, answer: Callable[..., Any] | None = None) -> Check:
    """The check as it was handed out: beside the notebook, else as it came with the course."""
    path = _beside_the_notebook()
    if not path.exists():
        found = [read(one, name) for one in installed(name)]
        if len(found) > 1:  # two units have a check of that name
            found = [check for check in found if check.answer == getattr(answer, "__name__", "")]
        if len(found) == 1:
            return found[0]
    return read(path, name)


def _beside_the_notebook() -> Path:
    """checks.json of this folder, or of the one that the notebook was opened in, where a cell has left it."""
    here = Path("checks.json")
    shell = get_ipython()
    first = shell.user_ns.get("_dh", ()) if shell is not None else ()
    if not here.exists() and isinstance(first, list) and first and isinstance(first[0], str | Path):
        there = Path(first[0]) / here
        return there if there.exists() else here
    return here


_failed: list[Check] = []  # the check that failed last


def case(n: int, name: str | None = None) -> dict[str, Any]:
    """The inputs of case n, from 1, of the check that failed last, or of the one with that name.

    They are copies: `compose(**case(2))` calls an answer with them.

    ValueError if no check has failed yet, and for a number that it does not have.
    """
    if name is not None:
        check = _visible(name)
    elif _failed:
        check = _failed[0]
    else:
        raise ValueError("no check has failed yet; say which you mean, as in case(1, name='…')")
    if not isinstance(n, int) or not 1 <= n <= len(check.cases):
        raise ValueError(f"{check.name} has the cases 1 to {len(check.cases)}, not {n!r}")
    return copies(check.cases[n - 1].inputs)


def _check_proof(check: Check, answer: Callable[..., Any]) -> float | None:
    """Show the proof and put out its certificate for the judge; raise if it earns nothing.

    Only a part of the points is returned as a number: all of them are a cell without one, and a lone 1.0
    under ✓ would explain nothing.
    """
    credit = prove(check, answer)
    if credit.certificate:
        bundle: dict[str, Any] = {MIME: json.loads(credit.certificate), "text/plain": repr(credit.shown)}
        if check.part in ("all", "witness"):  # the other parts are about the same proof: once is enough
            if hasattr(credit.shown, "_repr_html_"):
                bundle["text/html"] = credit.shown._repr_html_()
        else:
            bundle["text/plain"] = f"(The table stands under the first check of {check.answer}.)"
        display(bundle, raw=True)
        if check.part in ("all", "witness") and credit.hint:
            print(wrapped(f"Hint: {credit.hint}"))
    if credit.share == 0:
        raise CheckFailed(explanation(check, credit))
    if credit.share == 1:
        print(f"✓ {check.name}: right. {worth(check)}.")
        return None
    earned = partial_credit(check.points, credit.share)
    print(f"{check.name}: {earned:.2g} of {check.points} points so far.")
    print(wrapped(credit.reason))
    return earned
