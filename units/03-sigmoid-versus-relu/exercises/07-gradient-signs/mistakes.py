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
def takes_one_example(signs):
    return (2 + signs)[None], torch.tensor([1.0])


@wrong("escaping_batch", shows="All your δ have one sign", loses=ESCAPE)
def lets_all_pull_one_way(signs):
    return torch.stack([2 + signs, 2 - signs]), torch.tensor([1.0, 2.0])


@wrong("escaping_batch", shows="all inputs must be positive", loses=ESCAPE)
def lets_the_inputs_have_the_signs(signs):
    return torch.stack([signs, signs]), torch.tensor([1.0, 1.0])


@wrong("escaping_batch", shows="Let an example with δ > 0 have large inputs where a + is asked", loses=ESCAPE)
def takes_parallel_examples(signs):
    x = 2 + signs
    return torch.stack([x, 3 * x]), torch.tensor([1.0, -1.0])


@wrong("escaping_batch", shows="its signs are not (+, −)", loses=ESCAPE)
def turns_the_deltas(signs):
    return torch.stack([2 + signs, 2 - signs]), torch.tensor([-1.0, 1.0])


@wrong("escaping_batch", shows="expected shapes (N, 3) and (N,), got (2, 2) and (2,)", loses=ESCAPE)
def answers_with_the_lectures_batch(signs):
    return torch.tensor([[3.0, 1.0], [1.0, 3.0]]), torch.tensor([1.0, -1.0])


@wrong("escaping_batch", shows="X and delta must be tensors", loses=ESCAPE)
def returns_lists(signs):
    return (2 + signs).tolist(), [1.0, -1.0]


@wrong("escaping_batch", shows="expected shapes (N, 2) and (N,)", loses=ESCAPE)
def gives_each_input_a_delta(signs):
    X = torch.stack([2 + signs, 2 - signs])
    return X, torch.ones_like(X)


@wrong("escaping_batch", shows="return (X, delta)", loses=ESCAPE)
def returns_the_gradient_too(signs):
    X, delta = torch.stack([2 + signs, 2 - signs]), torch.tensor([1.0, -1.0])
    return X, delta, delta.double() @ X


@wrong("escaping_batch", shows="there is a 0", loses=ESCAPE)
def takes_masks(signs):
    return torch.stack([signs > 0, signs < 0]).double(), torch.tensor([1.0, -1.0])


@wrong("escaping_batch", shows="X and delta must be tensors", loses=ESCAPE)
def returns_arrays(signs):
    return np.stack([2 + signs.numpy(), 2 - signs.numpy()]), np.array([1.0, -1.0])


@wrong("escaping_batch", shows="the batch's gradient is (1, 0)", loses=ESCAPE)
def escapes_to_an_axis(signs):
    return torch.stack([1 + (signs > 0).double(), torch.ones_like(signs)]), torch.tensor([1.0, -1.0])
