"""What students answer: the wrong ways, what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution

MAXPOOL = ("maxpool-values", "maxpool-drawn")

merges = partial(edited, "through_max_pooling", solution(__file__, "maxpool"), given(__file__), loses=MAXPOOL)

SLIPS = [
    merges(
        "forgets_the_signs",
        ("torch.where(G < 0, -1.0, 1.0).to(F)", "torch.ones_like(G)"),
        ("G.abs()", "G"),
        says="with a negative G the maximum of G·y is G times the *minimum* of y: only |G| can change places.",
    ),
    merges(
        "keeps_the_sign_twice",
        ("G.abs()", "G"),
        says="the sign stands in O and in s: behind the pooling it is enough.",
    ),
    merges(
        "keeps_the_sign_in_the_kernel_too",
        ("G.abs()[:, None, None, None]", "G[:, None, None, None]"),
        says="the kernel still has G with its sign; the bias is right.",
    ),
    merges(
        "leaves_g_without_the_sign",
        ("s * g", "g"),
        says="s multiplies the bias too: with s = −1 your g comes out as −g.",
    ),
    merges(
        "forgets_the_sizes_share_of_b",
        ("G.abs() * b", "b"),
        says="the bias b goes through batch norm as well: it is multiplied by |G|.",
    ),
    merges(
        "takes_b_with_the_sign",
        ("G.abs() * b", "G * b"),
        says="b is multiplied by G with its sign, F by |G|: both stand before the pooling, both get |G|.",
    ),
    merges(
        "loses_maps_with_zero",
        ("torch.where(G < 0, -1.0, 1.0).to(F)", "torch.sign(G)"),
        says="the sign of 0 is 0: then g is lost in that map. Let s be 1 there.",
    ),
    merges(
        "takes_zero_for_negative",
        ("G < 0", "G <= 0"),
        says="where G is 0, s is to be 1.",
    ),
    merges("forgets_g", ("+ s * g", ""), says="the shift g is lost."),
    merges("forgets_b", ("G.abs() * b +", ""), says="the convolution's bias b is lost."),
    merges(
        "leaves_the_size_behind",
        ("G.abs()[:, None, None, None] * F", "F.clone()"),
        says="the kernel is F alone: |G| is lost.",
    ),
    merges(
        "scales_the_input_maps",
        ("G.abs()[:, None, None, None]", "G.abs()[:, None, None]"),
        shows="through_max_pooling",
    ),
    merges(
        "returns_the_signs_first",
        ("return (O, o, s)", "return (s, O, o)"),
        shows="its 3 values are in another order",
    ),
]
