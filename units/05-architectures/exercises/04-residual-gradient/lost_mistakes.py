"""What students answer for lost_in_spite_of_the_skip: the wrong ways, what each is told, and right ways."""

import numpy
import torch

from nonconv.authoring import right, wrong

LOST = ["lost-in-spite-of-the-skip"]


@wrong("lost_in_spite_of_the_skip", shows="g is 0, so there was nothing to lose", loses=LOST)
def sends_nothing_down():
    return torch.ones(1), torch.ones(1, 1), -torch.ones(1, 1), torch.zeros(1)


@wrong("lost_in_spite_of_the_skip", shows="no unit of the block is open", loses=LOST)
def closes_the_block():
    x, g = torch.tensor([-1.0]), torch.tensor([1.0])
    return x, torch.tensor([[1.0]]), torch.tensor([[-1.0]]), g


@wrong("lost_in_spite_of_the_skip", shows="The branch gives back g itself, where −g is needed", loses=LOST)
def doubles_the_gradient():
    x, g, one = torch.tensor([1.0]), torch.tensor([1.0]), torch.tensor([[1.0]])
    return x, one, one.clone(), g


@wrong("lost_in_spite_of_the_skip", shows="The branch gives back 0, so g is all there is", loses=LOST)
def has_a_branch_of_zeros():
    return torch.ones(2), torch.eye(2), torch.zeros(2, 2), torch.ones(2)


@wrong("lost_in_spite_of_the_skip", shows="What comes back through the branch must be exactly −g", loses=LOST)
def opens_one_of_two_units():
    x, g = torch.tensor([1.0, -1.0]), torch.tensor([1.0, 1.0])
    return x, torch.eye(2), -torch.eye(2), g


@wrong("lost_in_spite_of_the_skip", shows="W1 must have shape (h, 2)", loses=LOST)
def has_shapes_that_do_not_fit():
    x = torch.tensor([1.0, 2.0])
    return x, torch.ones(2, 1), -torch.ones(1, 2), x


@wrong("lost_in_spite_of_the_skip", shows="as torch.tensor([[5.0]]) is, not float 1.0", loses=LOST)
def gives_numbers():
    x = torch.tensor([2.0])
    return x, 1.0, -1.0, x


@wrong("lost_in_spite_of_the_skip", shows="return four tensors, in this order", loses=LOST)
def leaves_out_g():
    return torch.ones(1), torch.ones(1, 1), -torch.ones(1, 1)


@wrong("lost_in_spite_of_the_skip", shows="a NumPy array becomes one by torch.from_numpy", loses=LOST)
def gives_arrays():
    one = numpy.ones(1)
    return one, one[None], -one[None], one


@wrong("lost_in_spite_of_the_skip", shows="not () and (); torch.tensor([5.0]) has the shape (1,)", loses=LOST)
def gives_tensors_of_no_dimension():
    one = torch.tensor(1.0)
    return one, one, -one, one


@wrong("lost_in_spite_of_the_skip", shows="That is little, but not 0", loses=LOST)
def leaves_a_little():
    one = torch.ones(1, 1, dtype=torch.float64)
    return one[0], one, -0.9999999 * one, one[0]


@wrong("lost_in_spite_of_the_skip", shows="x and g must have one shape (n,)", loses=LOST)
def gives_columns():
    return torch.ones(2, 1), torch.eye(2), -torch.eye(2), torch.ones(2, 1)


@wrong("lost_in_spite_of_the_skip", shows="x float32, W1 float64, W2 float64, g float32: write", loses=LOST)
def mixes_two_dtypes():
    one = torch.ones(1, 1, dtype=torch.float64)
    return torch.ones(1), one, -one, torch.ones(1)


@wrong("lost_in_spite_of_the_skip", shows="x int64, W1 float32, W2 float32, g float32: write", loses=LOST)
def mixes_whole_numbers_in():
    return torch.tensor([1]), torch.tensor([[1.0]]), torch.tensor([[-1.0]]), torch.tensor([1.0])


@right("lost_in_spite_of_the_skip")
def with_three_units():
    x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    return (
        x,
        torch.eye(3, dtype=torch.float64),
        -torch.eye(3, dtype=torch.float64),
        torch.tensor([5.0, -1.0, 2.0], dtype=torch.float64),
    )


@right("lost_in_spite_of_the_skip")
def for_one_direction_only():
    x, g = torch.tensor([3.0, 1.0]), torch.tensor([1.0, -1.0])
    W1 = torch.tensor([[1.0, -1.0]])  # open: 3 − 1 > 0
    return x, W1, torch.tensor([[-0.5], [0.5]]), g


@right("lost_in_spite_of_the_skip")
def with_whole_numbers():
    return [torch.tensor([1]), torch.tensor([[2], [5]]), torch.tensor([[2, -1]]), torch.tensor([7])]


@right("lost_in_spite_of_the_skip")
def with_large_and_small_numbers():
    g = torch.tensor([1e200, -3e200], dtype=torch.float64)
    one = torch.eye(2, dtype=torch.float64)
    return g.abs() * 1e-300, 1e100 * one, -1e-100 * one, g


@right("lost_in_spite_of_the_skip")
def with_fifty_units_that_are_all_open():
    torch.manual_seed(1)
    Q = torch.linalg.qr(torch.randn(50, 50, dtype=torch.float64))[0]
    x = Q.T @ torch.ones(50, dtype=torch.float64)
    return x, torch.nn.Parameter(Q), torch.nn.Parameter(-Q.T), torch.randn(50).double()


@right("lost_in_spite_of_the_skip")
def in_a_small_dtype():
    numbers = [0.5], [[2.0]], [[-0.5]], [3.0]
    return tuple(torch.tensor(one, dtype=torch.bfloat16) for one in numbers)


@right("lost_in_spite_of_the_skip")
def with_rounded_numbers():
    return torch.tensor([1.0]), torch.tensor([[1 / 3]]), torch.tensor([[-3.0]]), torch.tensor([0.1])
