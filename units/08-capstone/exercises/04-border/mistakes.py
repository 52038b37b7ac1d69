"""What students answer: the wrong ways, what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

BORDER = ("border-values", "border-drawn")

merges = partial(edited, "across_the_border", solution(__file__, "border"), given(__file__), loses=BORDER)

SLIPS = [
    merges(
        "keeps_the_border_of_zeros",
        ("-g / G", "0 * g"),
        says="your border is 0 before batch norm, so behind it it is g; it must be 0 behind it.",
    ),
    merges(
        "puts_g_around",
        ("-g / G", "g"),
        says="your border is g before batch norm, and Gg + g behind it; it must be 0 behind it.",
    ),
    merges(
        "forgets_the_sign",
        ("-g / G", "g / G"),
        says="behind batch norm your border is 2g: a sign is missing.",
    ),
    merges(
        "forgets_the_scale",
        ("-g / G", "-g"),
        says="your border is −g, which batch norm makes −Gg + g: solve G v + g = 0 for v.",
    ),
    merges(
        "forgets_the_shift",
        ("b + F.sum((2, 3)) @ g", "b.clone()"),
        says="the bias is b alone: each tap adds F·g, also inside the image.",
    ),
    merges(
        "forgets_the_bias",
        ("b + F.sum((2, 3)) @ g", "F.sum((2, 3)) @ g"),
        says="the convolution's own bias b is lost.",
    ),
    merges(
        "scales_the_shift_too",
        ("F.sum((2, 3)) @ g", "O.sum((2, 3)) @ g"),
        says="the shift is added behind the scale: it meets F, not F·G.",
    ),
    merges(
        "forgets_that_each_tap_adds_g",
        ("F.sum((2, 3)) @ g", "F.mean((2, 3)) @ g"),
        says="the taps' shares of g are averaged: they add up.",
    ),
    merges(
        "leaves_the_kernel",
        ("F * G[:, None, None]", "F.clone()"),
        says="the kernel is F alone: the scale G is lost.",
    ),
    merges(
        "divides_the_kernel",
        ("F * G[:, None, None]", "F / G[:, None, None]"),
        says="the kernel is divided by G: the input is multiplied by it.",
    ),
    merges(
        "scales_the_output_maps",
        ("F * G[:, None, None]", "F * G[:, None, None, None]"),
        shows="across_the_border",
    ),
    merges(
        "returns_the_kernel_first",
        ("return (v, O, o)", "return (O, o, v)"),
        shows="its 3 values are in another order",
    ),
    merges("returns_no_border", ("return (v, O, o)", "return (O, o)"), shows="return"),
]


@wrong("across_the_border", says="one number stands around all maps: each has its own.", loses=BORDER)
def puts_one_number_around_all_maps(G, g, F, b):
    v = (-g / G).mean().expand(len(g))
    return v, F * G[:, None, None], b + (F.sum((2, 3)) * g).sum(1)
