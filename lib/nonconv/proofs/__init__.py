"""Machine-checked proofs about finite sums: a student writes the chain of equalities, a small kernel checks
each line for all sizes, over any commutative ring. Standard library only.
"""

from .certificate import judge
from .counterexamples import counterexample
from .notation import I, NotationError, S
from .own import own_theorem
from .session import definition, hint, resume, split, statement_text, theorem

__all__ = [
    "I",
    "NotationError",
    "S",
    "counterexample",
    "definition",
    "hint",
    "judge",
    "own_theorem",
    "resume",
    "split",
    "statement_text",
    "theorem",
]
