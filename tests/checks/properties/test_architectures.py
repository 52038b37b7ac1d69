"""What unit 5's properties accept and what they answer."""

import pytest
import torch
from torch import Tensor

from nonconv.checks.properties import NOTHING, PROPERTIES

Block = tuple[Tensor, Tensor, Tensor, Tensor]
LOST = PROPERTIES["loses_the_gradient_in_spite_of_the_skip"]
ONE, UNIT = torch.ones(1), torch.ones(1, 1)


@pytest.mark.parametrize(
    "answer",
    [
        (ONE, UNIT, -UNIT, ONE),
        (ONE.double(), 2 * UNIT, -0.5 * UNIT, -3 * ONE),
        (torch.ones(3), torch.eye(3), -torch.eye(3), torch.tensor([1.0, 2.0, -3.0])),
        # only the direction of g is lost, and the second unit is closed
        (
            torch.tensor([2.0, 0.0]),
            torch.eye(2),
            torch.tensor([[-1.0, 7.0], [0.0, 7.0]]),
            torch.tensor([5.0, 0.0]),
        ),
    ],
)
def test_a_block_that_undoes_the_skip_is_accepted(answer: Block) -> None:
    assert LOST({}, answer) is None
    x, W1, W2, g = (value.double() for value in answer)  # by another way than the property's: autograd
    x = x.requires_grad_()
    (gradient,) = torch.autograd.grad(x + W2 @ torch.relu(W1 @ x), x, g)
    assert not gradient.any()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, NOTHING),
        (7, "return four tensors, in this order: x, W1, W2, g"),
        ((ONE, UNIT, -UNIT), "return four tensors"),
        ((ONE, 1.0, -UNIT, ONE), "W1 must be a tensor, not float"),
        ((ONE, UNIT * torch.inf, -UNIT, ONE), "all numbers of W1 must be real and finite"),
        ((ONE, UNIT * 1j, -UNIT, ONE), "all numbers of W1 must be real and finite"),
        (
            (torch.ones(0), torch.ones(1, 0), torch.ones(0, 1), torch.ones(0)),
            "n at least 1, not (0,) and (0,)",
        ),
        (
            (torch.ones(2), UNIT, -UNIT, ONE),
            "x and g must have one shape (n,), n at least 1, not (2,) and (1,)",
        ),
        ((torch.ones(2), torch.ones(2, 1), torch.ones(1, 2), torch.ones(2)), "not (2, 1) and (1, 2)"),
        ((ONE, UNIT, -UNIT, 0 * ONE), "g is 0, so there was nothing to lose"),
        ((-ONE, UNIT, -UNIT, ONE), "no unit of the block is open"),
        ((0 * ONE, UNIT, -UNIT, ONE), "no unit of the block is open"),  # at 0 ReLU's slope counts as 0
        ((ONE, UNIT, 0 * UNIT, ONE), "with the skip 1 of ‖g‖ is left. The branch gives back 0"),
        ((ONE, UNIT, UNIT, ONE), "with the skip 2 of ‖g‖ is left. The branch gives back g itself"),
        ((ONE, UNIT, -0.5 * UNIT, ONE), "with the skip 0.5 of ‖g‖ is left. What comes back"),
        ((ONE, UNIT, -0.9999 * UNIT, ONE), "What comes back through the branch must be exactly −g"),
    ],
)
def test_an_answer_that_is_none_is_told_why(answer: object, message: str) -> None:
    said = LOST({}, answer)
    assert said is not None
    assert message in said
