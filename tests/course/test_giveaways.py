"""Which answers stand in the unit, by at least half of their lines: those that are known, and no others.

The second edition of the lectures empties the list.
"""

import pytest
from classroom import UNITS

from nonconv.publish.giveaways import answers_of
from nonconv.publish.unit import Unit

KNOWN = {
    "02-reduction-to-convolution": ["affine_form", "proof_with_a_gap"],
    "03-sigmoid-versus-relu": [
        "relu_backward",
        "count_dead",
        "chain_gradients",
        "slope_from_value",
        "tanh_from_sigma",
        "escaping_batch",
    ],
    "04-attention-mechanisms": ["cbam", "share_of_a_convolution"],
    "05-architectures": ["fc_kernel"],
}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_no_new_answer_stands_in_the_unit(unit: Unit) -> None:
    found = {one.name for one in answers_of(unit) if one.share >= 0.5}
    known = set(KNOWN.get(unit.name, []))
    new, gone = sorted(found - known), sorted(known - found)
    assert not new, f"`make giveaways UNIT={unit.name[:2]}` says where: show the method on another case"
    assert not gone, "these stand there no more: take their lines out of KNOWN, so that none comes back"
