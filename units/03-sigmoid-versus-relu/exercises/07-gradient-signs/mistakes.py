"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import numpy as np
import torch

from nonconv.authoring import wrong

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


@wrong(
    "gradient_signs",
    says="an input can be negative or 0 too (as behind tanh, or ReLU): take the sign of each.",
    loses=SIGNS,
)
def believes_all_inputs_positive(x):
    return torch.ones_like(x), -torch.ones_like(x)


@wrong(
    "gradient_signs",
    says="an input of 0 gives its weight no gradient: the sign there is 0.",
    loses=SIGNS,
)
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


@wrong("escaping_batch", shows="there is a 0", loses=ESCAPE)
def takes_an_input_of_zero():
    return torch.tensor([[0.0, 1.0], [1.0, 0.0]]), torch.tensor([1.0, -1.0])


@wrong("escaping_batch", shows="X and delta must be tensors", loses=ESCAPE)
def returns_arrays():
    return np.array([[1.0, 3.0], [3.0, 1.0]]), np.array([1.0, -1.0])


@wrong("escaping_batch", shows="the batch's gradient is (0, -2)", loses=ESCAPE)
def escapes_to_an_axis():
    return torch.tensor([[1.0, 1.0], [1.0, 3.0]]), torch.tensor([1.0, -1.0])


@wrong("escaping_batch", shows="expected shapes (N, 2) and (N,), got (2, 3) and (2,)", loses=ESCAPE)
def takes_three_inputs():
    return torch.tensor([[1.0, 3.0, 1.0], [3.0, 1.0, 1.0]]), torch.tensor([1.0, -1.0])
