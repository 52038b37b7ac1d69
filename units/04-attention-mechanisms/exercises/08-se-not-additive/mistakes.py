"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

ADDITIVE = ["se-not-additive"]


@wrong("breaks_additivity", shows="One of them is 0 everywhere", loses=ADDITIVE)
def adds_nothing(se):
    x = torch.rand(4, 2, 2)
    return x, torch.zeros(4, 2, 2)


@wrong("breaks_additivity", shows="The weights are the same for x, for y and for x + y", loses=ADDITIVE)
def takes_the_mean_away(se):
    x = torch.tensor([[1.0, -1.0]]).expand(4, 1, 2)
    return x, 3 * x


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


@wrong("breaks_additivity", shows="which rounding could explain", loses=ADDITIVE)
def takes_tiny_numbers(se):
    x = torch.full((4, 1, 1), 1e-8)
    return x, x.clone()


@wrong("breaks_additivity", shows="all numbers of x must be finite", loses=ADDITIVE)
def takes_nan(se):
    x = torch.ones(4, 2, 2) / 0 - torch.ones(4, 2, 2) / 0
    return x, torch.ones(4, 2, 2)


@wrong("breaks_additivity", shows="x must have shape (4, H, W), not (1, 4, 2, 2)", loses=ADDITIVE)
def returns_batches(se):
    return torch.randn(1, 4, 2, 2), torch.randn(1, 4, 2, 2)


@right("breaks_additivity")
def takes_one_input_twice(se):
    x = torch.arange(4.0).reshape(4, 1, 1)
    return x, x


@right("breaks_additivity")
def takes_random_ones(se):
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(4, 3, 2, generator=generator).double() for _ in range(2)]
