"""Does each step of a proof hold? A quick look: the judge's own explains each mistake, and takes longer.

A mutant of a proof differs from the solution in a line or two. The other steps are known to hold, so only
those are checked that have not been seen yet.
"""

import json
from typing import Any

from nonconv.proofs.catalogue import CATALOGUE
from nonconv.proofs.certificate import Reader, load
from nonconv.proofs.checking import Checker, has_blank
from nonconv.proofs.terms import IllFormed

COMPLETE = ("all", "end")  # the parts of a proof that earn all their points only if every step holds


class Steps:
    """What is known of the steps of one proof and its mutants."""

    def __init__(self) -> None:
        self._checkers: dict[str, Checker] = {}
        self._known: dict[Any, bool] = {}

    def hold(self, certificate: str) -> bool:
        """False if a step of the proof does not follow by its rule. True says only that all may be well."""
        data = load(certificate)
        if "counterexample" in data:
            return True
        try:
            proof = Reader().proof(data)
            checker = self._checker(data, proof)
            steps = [*zip(proof.lines, proof.lines[1:], proof.steps, strict=False)]
            return all(self._holds(checker, *step) for step in reversed(steps))
        except IllFormed:
            return False

    def _checker(self, data: Any, proof: Any) -> Checker:
        key = json.dumps([data["statement"], data["witness"], data["indices"]])
        if key not in self._checkers:
            self._checkers[key] = Checker(CATALOGUE[proof.statement], proof.witness, proof.indices)
        return self._checkers[key]

    def _holds(self, checker: Checker, before: Any, line: Any, reason: Any) -> bool:
        key = id(checker), before, line, reason
        if key not in self._known:
            self._known[key] = not (
                has_blank(line)
                or checker.well_formed(line)[0]
                or checker.reason_problem(reason)
                or not checker.by_rule(before, line, reason)[0]
            )
        return self._known[key]
