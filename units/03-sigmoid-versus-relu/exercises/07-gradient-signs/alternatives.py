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


@right("escaping_batch")
def with_whole_numbers():
    return torch.tensor([[5, 1], [1, 5], [1, 1]]), torch.tensor([2, -1, 0])


@right("escaping_batch")
def by_looking_for_it():
    generator = torch.Generator().manual_seed(0)
    while True:
        X = torch.rand(3, 2, generator=generator) + 0.01
        delta = torch.randn(3, generator=generator)
        if (delta @ X).prod() < -0.01:
            return X, delta


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
def with_small_numbers_in_double_precision():
    X = torch.tensor([[1e-9, 3e-9], [2e-9, 1e-9]], dtype=torch.float64)
    return X, torch.tensor([-1e-6, 1e-6], dtype=torch.float64)


@right("escaping_batch")
def with_large_numbers():
    return torch.tensor([[1e30, 2e30], [3e30, 1e30]]), torch.tensor([1e30, -1e30])


@right("escaping_batch")
def out_of_numpy():
    X = np.array([[0.9, 0.1], [0.1, 0.9]], dtype=np.float16)
    return [torch.from_numpy(X), torch.from_numpy(np.array([1, -1], dtype=np.int64))]


@right("escaping_batch")
def of_a_hundred_examples():
    X = torch.linspace(0.01, 0.99, 100)
    return torch.stack([X, 1 - X], 1), torch.where(X > 0.5, 1.0, -1.0)


@right("escaping_batch")
def as_it_comes_from_a_network():
    X = torch.sigmoid(torch.tensor([[2.0, -2.0], [-2.0, 2.0]], requires_grad=True))
    return X, torch.tensor([0.5, -0.25])
