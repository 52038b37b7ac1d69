"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

SAME = ["same-after-same"]


@wrong("same_after_same", shows="are both 3, as they are for a convolution", loses=SAME)
def looks_at_the_middle():
    F = G = [1, 1, 1]
    n = 9
    return F, G, n, n // 2, n // 2


@wrong("same_after_same", shows="as they are for a convolution", loses=SAME)
def takes_1x1_kernels():
    return [2], [3], 4, 0, 0


@wrong("same_after_same", shows="only an odd kernel has a middle", loses=SAME)
def takes_even_kernels():
    even = [1, 1]
    return even, even, 3, 0, 0


@wrong("same_after_same", shows="i and j count from 0", loses=SAME)
def counts_to_n():
    n = 3
    return [1, 1, 1], [1, 1, 1], n, n - 1, n - 1


@wrong("same_after_same", shows="each entry of F must be a whole number, not float 0.333", loses=SAME)
def takes_averages():
    F = [1 / 3] * 3
    return F, F, 3, 0, 0


@wrong("same_after_same", shows="return (F, G, n, i, j)", loses=SAME)
def forgets_the_position():
    return [1, 1, 1], [1, 1, 1]


@wrong("same_after_same", shows="as they are for a convolution", loses=SAME)
def lets_only_one_kernel_reach_over_the_border():
    shift, identity = [1, 0, 0], [0, 1, 0]
    return shift, identity, 4, 0, 0


@right("same_after_same")
def with_three_ones_twice():
    return [1, 1, 1], [1, 1, 1], 3, 0, 0


@right("same_after_same")
def by_looking_for_one():
    F, G, n = torch.tensor([1, 0, 2]), (3, 0, -1), 6
    return F.tolist(), G, n, n - 2, n - 2


DEPENDS = ["training-counterexample"]


@wrong("training_depends", shows="make first[0] and second[0] equal", loses=DEPENDS)
def changes_the_first_image():
    first = torch.arange(8.0).reshape(2, 1, 2, 2)
    return first, first + 1


@wrong("training_depends", shows="the two batches are equal", loses=DEPENDS)
def changes_nothing():
    first = torch.arange(8.0).reshape(2, 1, 2, 2)
    return first, first.clone()


@wrong("training_depends", shows="Which other images would move μ or σ²?", loses=DEPENDS)
def turns_the_second_image_over():
    first = torch.arange(8.0).reshape(2, 1, 2, 2)
    second = torch.stack([first[0], first[1].flip(1)])
    return first, second


@wrong("training_depends", shows="both must have shape (N, K, H, W)", loses=DEPENDS)
def forgets_the_maps():
    return torch.rand(2, 3, 3), torch.rand(2, 3, 3)


@wrong("training_depends", shows="their images must have one shape", loses=DEPENDS)
def adds_a_map():
    return torch.zeros(2, 1, 3, 3), torch.zeros(2, 2, 3, 3)


@wrong("training_depends", shows="return two batches", loses=DEPENDS)
def returns_one_batch():
    return torch.rand(3, 1, 2, 2)


@wrong("training_depends", shows="has no variance; take more", loses=DEPENDS)
def takes_single_numbers():
    x = torch.ones(1, 1, 1, 1)
    return x, torch.cat([x, x + 1])


@right("training_depends")
def adds_a_bright_image():
    image = torch.eye(2)[None, None]
    return torch.cat([image, image]), torch.cat([image, 100 * image])


@right("training_depends")
def drops_an_image():
    batch = torch.randn(3, 2, 4, 4, generator=torch.Generator().manual_seed(0))
    return batch, batch[:2]
