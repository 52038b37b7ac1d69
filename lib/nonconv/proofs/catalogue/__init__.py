"""The statements. This package, not the student, says what is to be proved.

Reference proofs do not stand here: they belong to the course's sources and to the tests.
"""

from typing import Any

from ..statement import Statement
from . import compositions, drawn, lemmas, reductions


class Catalogue(dict[str, Statement]):
    """The statements by id. One's own are not listed: each is made when it is asked for."""

    def __contains__(self, id: Any) -> bool:
        return super().__contains__(id) or drawn.is_own(id)

    def __missing__(self, id: str) -> Statement:
        if not drawn.is_own(id):
            raise KeyError(id)
        return drawn.own_statement(id)


CATALOGUE = Catalogue(
    (statement.id, statement)
    for family in (compositions, reductions, lemmas)
    for statement in family.statements()
)
