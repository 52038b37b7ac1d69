"""What students answer: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import wrong

ADDITIVE = ["se-not-additive"]


@wrong("breaks_additivity", shows="x is not 0 in 4 maps, 0, 1, 2, 3, but", loses=ADDITIVE)
def tries_ones(se):
    return torch.ones(4, 1, 1), torch.ones(4, 1, 1)


@wrong("breaks_additivity", shows="x and y are both in map 0 (counted from 0)", loses=ADDITIVE)
def takes_one_input_twice(se):
    x = torch.zeros(4, 1, 1)
    x[0] = 1
    return x, x


@wrong("breaks_additivity", shows="y is 0 everywhere, and adding 0 never shows anything", loses=ADDITIVE)
def adds_nothing(se):
    x = torch.zeros(4, 2, 2)
    x[2] = torch.rand(2, 2)
    return x, torch.zeros(4, 2, 2)


@wrong("breaks_additivity", shows="The weights are the same for x, for y and for x + y", loses=ADDITIVE)
def takes_the_mean_away(se):
    x, y = torch.zeros(2, 4, 1, 2)
    x[0], y[3] = torch.tensor([1.0, -1.0]), torch.tensor([3.0, -3.0])
    return x, y


@wrong("breaks_additivity", shows="try another sign or another map", loses=ADDITIVE)
def takes_what_relu_shuts_out(se):
    x, y = torch.zeros(2, 4, 1, 1)
    x[0], y[3] = -1, -1
    return x, y


@wrong("breaks_additivity", shows="return two tensors (x, y)", loses=ADDITIVE)
def returns_the_outputs_too(se):
    x, y = torch.ones(4, 1, 1), torch.ones(4, 1, 1)
    return x, y, se(x + y), se(x) + se(y)


@wrong("breaks_additivity", shows="x must have shape (4, H, W), not (2, 2)", loses=ADDITIVE)
def returns_plain_images(se):
    return torch.eye(2), torch.ones(2, 2)


@wrong("breaks_additivity", shows="x and y must have one shape", loses=ADDITIVE)
def returns_two_sizes(se):
    return torch.ones(4, 2, 2), torch.ones(4, 1, 1)


@wrong("breaks_additivity", shows="x must be a tensor, not int", loses=ADDITIVE)
def returns_numbers(se):
    return 1, 2


@wrong("breaks_additivity", shows="a NumPy array becomes one by torch.from_numpy", loses=ADDITIVE)
def returns_arrays(se):
    x, y = torch.eye(4)[:2, :, None, None].numpy()
    return x, y


@wrong("breaks_additivity", shows="which rounding could explain", loses=ADDITIVE)
def takes_tiny_numbers(se):
    x, y = 1e-8 * torch.eye(4)[:2, :, None, None]
    return x, y


@wrong("breaks_additivity", shows="all numbers of x must be finite", loses=ADDITIVE)
def takes_nan(se):
    x = torch.ones(4, 2, 2) / 0 - torch.ones(4, 2, 2) / 0
    return x, torch.ones(4, 2, 2)


@wrong("breaks_additivity", shows="x must have shape (4, H, W), not (1, 4, 2, 2)", loses=ADDITIVE)
def returns_batches(se):
    return torch.randn(1, 4, 2, 2), torch.randn(1, 4, 2, 2)
