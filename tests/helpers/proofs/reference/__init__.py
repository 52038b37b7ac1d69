"""Reference proofs: for each statement of the catalogue a proof that must be accepted (not shipped with the
library).
"""

from collections.abc import Callable

from nonconv.proofs.session import Work

from . import compositions, lemmas, reductions

REFERENCE: dict[str, Callable[[], Work]] = {
    **compositions.REFERENCE,
    **reductions.REFERENCE,
    **lemmas.REFERENCE,
}
