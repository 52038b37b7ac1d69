"""What students answer: the wrong ways, what each is told and loses."""

from functools import partial

import nonconv.reduction
from nonconv.authoring import edited, given, solution, wrong

DECISION = ("as-convolution-decides", "as-convolution-border")

decides = partial(edited, "as_convolution", solution(__file__, "decide"), given(__file__), loses=DECISION)

TOO_GENEROUS = "the right answer is None, but it returned a tuple of 2 values"
TOO_STRICT = "the right answer is a pair (weight, bias), but it returned None"

RANDOM = "x = torch.randn(2, M, H, W, dtype=torch.float64)"

WRONG = [
    decides(
        "never_replays",
        ("if same else None", ""),
        says="what is read off the impulses is returned unseen: replay it on other inputs, and return None where"
        " f gives something else.",
    ),
    decides(
        "forgets_to_subtract_the_bias",
        ("f(impulse) - start", "f(impulse)"),
        says="it is None for just the convolutions with a bias: is f(0) subtracted from each answer to an impulse?",
    ),
    decides(
        "turns_the_kernel_round",
        ("weight[:, m, u, v]", "weight[:, m, kernel - 1 - u, kernel - 1 - v]"),
        says="it is None for just the kernels that are not the same backwards: what an impulse at (u, v) of the window"
        " shows is weight[:, m, u, v], not the number opposite.",
    ),
    decides(
        "lets_an_index_wrap_around",
        ("i = -(-padding // stride)", "i = 0"),
        says="it is None for just the convolutions with a border: output (0, 0) sees it, and there index −1 is the last"
        " row. Read an output whose whole window lies on the input.",
    ),
    decides(
        "moves_the_impulse_by_one_row_an_output",
        ("stride * i + u", "i + u"),
        ("stride * i + v", "i + v"),
        says="it is None where a stride and a border meet: output i sees the rows from stride · i − padding on.",
    ),
    decides(
        "replays_on_zeros",
        (RANDOM, "x = zero"),
        says="the replay is on zeros, where only the bias shows: take random numbers of both signs.",
    ),
    decides(
        "looks_at_one_output_of_the_replay",
        ("torch.allclose(replayed, f(x))", "torch.allclose(replayed[..., i, i], f(x)[..., i, i])"),
        says="a layer passes whose kernel differs by place: compare all outputs of the replay, not one.",
    ),
    decides(
        "replays_on_one_impulse_only",
        (RANDOM, "x = impulse"),
        shows=TOO_GENEROUS,
    ),
    decides(
        "replays_on_positive_numbers_only",
        (RANDOM, RANDOM.replace("randn", "rand")),
        says="ReLU passes, and nothing else that should not: replay with negative numbers, too.",
    ),
    decides(
        "replays_on_one_image_only",
        (RANDOM, RANDOM.replace("(2, ", "(1, ")),
        says="a layer passes that mixes the images of a batch: replay with two images at once.",
    ),
    decides(
        "takes_images_for_squares",
        ("zeros(1, M, H, W", "zeros(1, M, H, H"),
        (RANDOM, RANDOM.replace("H, W", "H, H")),
        shows="stopped with",
        loses=DECISION[:1],
        earns={DECISION[1]: "The layers there take images of any shape; one of the visible ones does not."},
    ),
    decides(
        "replays_without_stride_and_border",
        ("bias, stride, padding", "bias"),
        ("replayed.shape == f(x).shape and ", ""),
        shows="stopped with RuntimeError",
    ),
    decides(
        "returns_the_kernel_turned_round",
        ("(weight, bias) if", "(weight.flip(2, 3), bias) if"),
        says="the kernel is turned round, as in signal processing: what an impulse at (u, v) of the window shows is"
        " weight[:, m, u, v].",
    ),
    decides(
        "asks_only_whether_it_is_affine",
        (
            "same = replayed.shape == f(x).shape and torch.allclose(replayed, f(x))",
            "same = torch.allclose(f(2 * x) - start, 2 * (f(x) - start))",
        ),
        says="any affine layer passes: replay with the weight that you have found, so that an output with another"
        " kernel, size or border shows.",
    ),
    decides(
        "compares_no_shapes",
        ("replayed.shape == f(x).shape and ", ""),
        shows="Where two results are compared, compare their shapes first",
    ),
    decides(
        "says_false", ("else None", "else False"), shows="but it returned bool False: return None itself"
    ),
    decides(
        "returns_two_nones",
        ("else None", "else (None, None)"),
        shows="but it returned a tuple of 2 values: return None itself",
    ),
]


@wrong("as_convolution", shows="calls nonconv.reduction", loses=DECISION)
def asks_the_course_by_another_name(f, shape, kernel, stride, padding):
    def helper():
        from nonconv.reduction import as_convolution as ready

        return ready(f, shape, kernel, stride, padding)

    return helper()


@wrong("as_convolution", shows=TOO_STRICT, loses=DECISION)
def always_says_no(f, shape, kernel, stride, padding):
    return None


@wrong("as_convolution", shows="calls nonconv.reduction", loses=DECISION)
def asks_the_librarys_decision(f, shape, kernel, stride, padding):
    return nonconv.reduction.as_convolution(f, shape, kernel, stride, padding)
