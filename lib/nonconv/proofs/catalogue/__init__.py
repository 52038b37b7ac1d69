"""The statements. This package, not the student, says what is to be proved.

Reference proofs do not stand here: they belong to the course's sources and to the tests.
"""

from ..statement import Statement
from . import compositions, lemmas, reductions

CATALOGUE: dict[str, Statement] = {
    statement.id: statement
    for family in (compositions, reductions, lemmas)
    for statement in family.statements()
}
