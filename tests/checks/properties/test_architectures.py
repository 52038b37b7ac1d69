"""What unit 5's properties accept and what they answer."""

import pytest
import torch
from torch import Tensor

from nonconv.checks.compare import Foreign
from nonconv.checks.properties import NOTHING, PROPERTIES

Block = tuple[Tensor, Tensor, Tensor, Tensor]
LOST = PROPERTIES["loses_the_gradient_in_spite_of_the_skip"]
ONE, UNIT = torch.ones(1), torch.ones(1, 1)


@pytest.mark.parametrize(
    "answer",
    [
        (ONE, UNIT, -UNIT, ONE),
        (ONE.double(), 2 * UNIT.double(), -0.5 * UNIT.double(), -3 * ONE.double()),
        (torch.ones(3), torch.eye(3), -torch.eye(3), torch.tensor([1.0, 2.0, -3.0])),
        # numbers that are rounded, and numbers whose squares are no floats
        (ONE, UNIT / 3, -3 * UNIT, ONE),
        (ONE.long(), UNIT.long(), -UNIT.long(), ONE.long()),
        (ONE.double(), UNIT.double() / 3, -3 * UNIT.double(), 1e200 * ONE.double()),
        (ONE.double(), UNIT.double(), -UNIT.double(), 1e-200 * ONE.double()),
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
    assert gradient.abs().max() <= 1e-6 * g.abs().max()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, NOTHING),
        (7, "return four tensors, in this order: x, W1, W2, g"),
        ((ONE, UNIT, -UNIT), "return four tensors"),
        (([1.0], UNIT, -UNIT, ONE), "x must be a tensor, as torch.tensor([5.0]) is, not a list of 1 value"),
        ((ONE, 1.0, -UNIT, ONE), "as torch.tensor([[5.0]]) is, not float 1.0"),
        (
            (Foreign("a NumPy array", True), UNIT, -UNIT, ONE),
            "not a NumPy array; a NumPy array becomes one by",
        ),
        ((ONE, UNIT * torch.inf, -UNIT, ONE), "all numbers of W1 must be finite"),
        ((ONE, UNIT * 1j, -UNIT, ONE), "of real numbers, not of torch.complex64"),
        (
            (torch.ones(0), torch.ones(1, 0), torch.ones(0, 1), torch.ones(0)),
            "n at least 1, not (0,) and (0,)",
        ),
        (
            (torch.ones(2), UNIT, -UNIT, ONE),
            "x and g must have one shape (n,), n at least 1, not (2,) and (1,)",
        ),
        ((torch.ones(2), torch.ones(2, 1), torch.ones(1, 2), torch.ones(2)), "not (2, 1) and (1, 2)"),
        (
            (ONE.double(), UNIT, -UNIT, ONE),
            "one dtype, or they cannot be multiplied; yours are x float64, W1 float32",
        ),
        ((ONE, UNIT, -UNIT, 0 * ONE), "g is 0, so there was nothing to lose"),
        ((-ONE, UNIT, -UNIT, ONE), "no unit of the block is open"),
        ((0 * ONE, UNIT, -UNIT, ONE), "no unit of the block is open"),  # at 0 ReLU's slope counts as 0
        ((ONE, UNIT, 0 * UNIT, ONE), "with the skip 1 of ‖g‖ is left. The branch gives back 0"),
        ((ONE, UNIT, UNIT, ONE), "with the skip 2 of ‖g‖ is left. The branch gives back g itself"),
        ((ONE, UNIT, -0.5 * UNIT, ONE), "with the skip 0.5 of ‖g‖ is left. What comes back"),
        (
            (ONE, UNIT, -0.9999 * UNIT, ONE),
            "That is little, but not 0: what comes back through the branch must",
        ),
        (
            (ONE.double(), UNIT.double(), -0.9999999 * UNIT.double(), ONE.double()),
            "with the skip 1e-07 of ‖g‖ is left",
        ),
        ((ONE[0], UNIT, -UNIT, ONE[0]), "not () and (); torch.tensor([5.0]) has the shape (1,)"),
    ],
)
def test_an_answer_that_is_none_is_told_why(answer: object, message: str) -> None:
    said = LOST({}, answer)
    assert said is not None
    assert message in said
