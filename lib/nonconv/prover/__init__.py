"""The instructor's prover: from a statement alone it finds the witnesses and writes the whole chain.

It is no part of what students get: `make release` leaves this folder out, and nothing outside of it and of
`nonconv.grading` imports it (tests/prover holds both). Nobody has to believe it: what it finds is judged by
`nonconv.proofs` like any other proof.

    python -m nonconv.prover "Ada Lovelace"        her theorem, and a proof of it
"""

from nonconv.prover.chain import NotFound, prove

__all__ = ["NotFound", "prove"]
