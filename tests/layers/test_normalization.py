"""batch_norm in training and in evaluation mode, against its formula and the framework."""

import pytest
import torch
from torch.nn import functional as F

from nonconv.layers import BatchNorm2d, batch_norm


def statistics(K: int) -> tuple[torch.Tensor, ...]:
    return (
        torch.randn(K).double(),
        torch.rand(K).double() + 0.1,
        torch.randn(K).double(),
        torch.randn(K).double(),
    )


@pytest.mark.parametrize("shape", [(4, 3), (4, 3, 5), (2, 3, 4, 5), (2, 3, 2, 2, 2)])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("affine", [True, False])
def test_it_agrees_with_the_framework(shape, training: bool, affine: bool) -> None:
    x = torch.randn(shape, dtype=torch.float64)
    mean, var, weight, bias = statistics(3)
    mine, theirs = (mean.clone(), var.clone()), (mean.clone(), var.clone())
    parameters = (weight, bias) if affine else (None, None)
    ours = batch_norm(x, *mine, *parameters, training=training, momentum=0.3, eps=1e-3)
    expected = F.batch_norm(x, *theirs, *parameters, training=training, momentum=0.3, eps=1e-3)
    assert torch.allclose(ours, expected, atol=1e-12)
    assert torch.allclose(mine[0], theirs[0], atol=1e-12)
    assert torch.allclose(mine[1], theirs[1], atol=1e-12)


def test_training_normalises_by_the_biased_variance_and_keeps_the_unbiased() -> None:
    x = torch.tensor([[0.0], [2.0]], dtype=torch.float64)  # mean 1, biased variance 1, unbiased 2
    mean, var = torch.zeros(1).double(), torch.zeros(1).double()
    result = batch_norm(x, mean, var, training=True, momentum=1.0, eps=1e-12)
    assert torch.allclose(result, torch.tensor([[-1.0], [1.0]]).double(), atol=1e-9)
    assert (mean.item(), var.item()) == (1.0, 2.0)  # exact: whole numbers


def test_in_training_one_image_depends_on_the_others_and_in_evaluation_mode_not() -> None:
    x = torch.randn(3, 2, 4, 4, dtype=torch.float64)
    other = x.clone()
    other[1] += 1
    mean, var, weight, bias = statistics(2)
    same = [batch_norm(y, mean, var, weight, bias)[0] for y in (x, other)]
    torch.testing.assert_close(*same, rtol=0, atol=1e-14)
    changed = [batch_norm(y, weight=weight, bias=bias, training=True)[0] for y in (x, other)]
    assert (changed[0] - changed[1]).abs().max() > 0.01


def test_gradients() -> None:
    x = torch.randn(3, 2, 2, dtype=torch.float64, requires_grad=True)
    weight, bias = (torch.randn(2, dtype=torch.float64, requires_grad=True) for _ in range(2))

    def function(*inputs: torch.Tensor) -> torch.Tensor:
        return batch_norm(inputs[0], None, None, inputs[1], inputs[2], training=True)

    assert torch.autograd.gradcheck(function, (x, weight, bias))
    assert torch.autograd.gradgradcheck(function, (x, weight, bias))


def test_the_module_is_the_frameworks_in_training_and_in_evaluation_mode() -> None:
    ours, theirs = BatchNorm2d(3, fast=False).double(), torch.nn.BatchNorm2d(3).double()
    for _ in range(3):
        x = torch.randn(4, 3, 5, 5, dtype=torch.float64) * 3 + 1
        assert torch.allclose(ours(x), theirs(x), atol=1e-12)
    ours.eval(), theirs.eval()
    assert torch.allclose(ours(x), theirs(x), atol=1e-12)
    assert set(dict(ours.named_buffers())) == set(dict(theirs.named_buffers()))


def test_device_follows_the_input(device: str) -> None:
    x = torch.randn(4, 3, 5, 5, device=device)
    result = batch_norm(x, weight=torch.ones(3, device=device), training=True)
    assert result.device.type == device
    assert torch.allclose(
        result.cpu(), F.batch_norm(x.cpu(), None, None, torch.ones(3), training=True), atol=1e-5
    )


X = torch.zeros(2, 3, 4, 4)
THREE = torch.ones(3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: batch_norm(X, THREE, torch.ones(4)), r"running_var must have shape \(3,\), .* not \(4,\)"),
        (lambda: batch_norm(X, THREE, THREE, THREE.double()), r"weight is torch.float64"),
        (lambda: batch_norm(X), r"needs running_mean and running_var"),
        (lambda: batch_norm(X, THREE, THREE, eps=-1.0), r"eps must be positive, not -1.0"),
        (
            lambda: batch_norm(X, training=True, momentum=float("nan")),
            r"momentum must be a finite number, not nan",
        ),
        (lambda: batch_norm(X[:1, :, :1, :1], training=True), r"more than one value .* \(1, 3, 1, 1\) has 1"),
        (
            lambda: batch_norm(torch.zeros(3), training=True),
            r"at least the two dimensions \(N, K\), not shape \(3,\)",
        ),
        (lambda: batch_norm(X.long(), training=True), r"x must have a floating-point dtype, not torch.int64"),
        (lambda: BatchNorm2d(0), r"num_features must be at least 1, not 0"),
        (lambda: BatchNorm2d(3)(X[0]), r"four dimensions \(N, K, H, W\), not shape \(3, 4, 4\)"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
