"""Right answers in other costumes."""

import numpy as np
import torch

from nonconv.authoring import right


@right("gradient_signs")
def by_comparing(x):
    plus = (x > 0).double() - (x < 0).double()
    return plus, -plus


@right("gradient_signs")
def from_two_gradients(x):
    return [torch.sign(delta * x) for delta in (2.0, -3.0)]


@right("gradient_signs")
def in_numpy(x):
    signs = np.sign(x.numpy())
    return torch.from_numpy(signs), torch.from_numpy(-signs)


@right("gradient_signs")
def number_by_number(x):
    signs = torch.zeros_like(x)
    for i, number in enumerate(x.tolist()):
        if number:
            signs[i] = 1 if number > 0 else -1
    return signs, 0 - signs


@right("gradient_signs")
def by_dividing_by_the_size(x):
    size = torch.where(x == 0, 1.0, x.abs())
    return x / size, x / -size


@right("gradient_signs")
def by_autograd(x):
    w = torch.ones_like(x).requires_grad_()
    (slope,) = torch.autograd.grad((w * x).sum(), w)
    return slope.sign(), slope.neg().sign()


@right("escaping_batch")
def with_whole_numbers(signs):
    plus = (signs > 0).int()
    return torch.stack([1 + plus, 2 - plus, torch.ones_like(plus)]), torch.tensor([2, -2, 0])


@right("escaping_batch")
def by_looking_for_it(signs):
    generator = torch.Generator().manual_seed(0)
    while True:
        X = torch.rand(8, len(signs), generator=generator) + 0.01
        delta = torch.randn(8, generator=generator)
        gradient = delta @ X
        if bool((gradient.abs() > 1e-3).all()) and gradient.sign().int().tolist() == signs.int().tolist():
            return X, delta


@right("escaping_batch")
def of_two_examples(signs):
    return torch.stack([2 + signs, 2 - signs]), torch.tensor([1.0, -1.0]).double()


@right("escaping_batch")
def with_small_numbers(signs):
    X = torch.stack([1e-9 * (2 + signs), torch.full_like(signs, 2e-9)])
    return X, torch.tensor([1e-6, -1e-6], dtype=torch.float64)


@right("escaping_batch")
def with_large_numbers(signs):
    X = torch.where(torch.stack([signs, -signs]) > 0, 3e30, 1e30)
    return X, torch.tensor([1e30, -1e30])


@right("escaping_batch")
def out_of_numpy(signs):
    first = np.where(signs.numpy() > 0, 0.9, 0.1)
    X = np.array([first, 1 - first], dtype=np.float16)
    return [torch.from_numpy(X), torch.from_numpy(np.array([1, -1], dtype=np.int64))]


@right("escaping_batch")
def as_it_comes_from_a_network(signs):
    X = torch.sigmoid(torch.stack([2 * signs, -2 * signs]).requires_grad_())
    return X, torch.tensor([0.5, -0.5], dtype=X.dtype)
