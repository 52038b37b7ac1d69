"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

SIGNS = ("gradient-signs-positive", "gradient-signs-any")


@wrong(
    "gradient_signs",
    says="the two are swapped: the signs for δ > 0, which are those of x, come first.",
    loses=SIGNS,
)
def swaps_the_two(x):
    return torch.sign(-x), torch.sign(x)


@wrong(
    "gradient_signs",
    says="these are the gradients for δ = 1 and δ = −1; asked are their signs, −1, 0 or 1.",
    loses=SIGNS,
)
def returns_the_gradients(x):
    return x, -x


@wrong("gradient_signs", shows="the signs for δ > 0", loses=SIGNS[1:])
def believes_all_inputs_positive(x):
    return torch.ones_like(x), -torch.ones_like(x)


@wrong("gradient_signs", shows="the signs for δ > 0", loses=SIGNS[1:])
def gives_zero_a_sign(x):
    signs = torch.where(x >= 0, 1.0, -1.0).to(x.dtype)
    return signs, -signs


@wrong(
    "gradient_signs",
    says="one δ multiplies all inputs: the second vector is the first with all its signs turned.",
    loses=SIGNS,
)
def turns_one_sign_only(x):
    other = torch.sign(x)
    other[0] = -other[0]
    return torch.sign(x), other


@wrong("gradient_signs", shows="it must return the 2 values", loses=SIGNS)
def returns_one_vector(x):
    return torch.sign(x)


@wrong(
    "gradient_signs",
    says="for δ < 0 the signs are −1, not 0: the gradient is negative, it is not absent.",
    loses=SIGNS,
)
def returns_masks(x):
    return (x > 0).to(x.dtype), (x < 0).to(x.dtype)


@right("gradient_signs")
def by_comparing(x):
    plus = (x > 0).double() - (x < 0).double()
    return plus, -plus


@right("gradient_signs")
def from_two_gradients(x):
    return [torch.sign(delta * x) for delta in (2.0, -3.0)]


ESCAPE = ["escaping-batch"]


@wrong("escaping_batch", shows="One example cannot escape", loses=ESCAPE)
def takes_one_example():
    return torch.tensor([[1.0, 3.0]]), torch.tensor([-1.0])


@wrong("escaping_batch", shows="All your δ have one sign", loses=ESCAPE)
def lets_all_pull_one_way():
    return torch.tensor([[1.0, 3.0], [3.0, 1.0]]), torch.tensor([1.0, 2.0])


@wrong("escaping_batch", shows="all inputs must be positive", loses=ESCAPE)
def takes_a_negative_input():
    return torch.tensor([[1.0, -3.0], [3.0, 1.0]]), torch.tensor([1.0, 1.0])


@wrong("escaping_batch", shows="Let the example with δ > 0 have a large first input", loses=ESCAPE)
def takes_parallel_examples():
    x = torch.tensor([1.0, 2.0])
    return torch.stack([x, 3 * x]), torch.tensor([1.0, -1.0])


@wrong("escaping_batch", shows="X and delta must be tensors", loses=ESCAPE)
def returns_lists():
    return [[1.0, 3.0], [3.0, 1.0]], [1.0, -1.0]


@wrong("escaping_batch", shows="expected shapes (N, 2) and (N,)", loses=ESCAPE)
def gives_each_input_a_delta():
    X = torch.tensor([[1.0, 3.0], [3.0, 1.0]])
    return X, torch.ones_like(X)


@wrong("escaping_batch", shows="return (X, delta)", loses=ESCAPE)
def returns_the_gradient_too():
    X, delta = torch.tensor([[1.0, 3.0], [3.0, 1.0]]), torch.tensor([1.0, -1.0])
    return X, delta, delta @ X


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
