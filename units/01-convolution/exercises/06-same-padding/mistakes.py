"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution

SAME = ("same-values", "same-sizes")
slip = partial(edited, "pad_same", solution(__file__, "same"), given(__file__), loses=SAME)
ROWS, COLUMNS = "max((-(-H // s) - 1) * s + p - H, 0)", "max((-(-W // s) - 1) * s + q - W, 0)"
FRAME = "(columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)"

MISTAKES = [
    slip(
        "forgets_the_stride",
        (ROWS, "p - 1"),
        (COLUMNS, "q - 1"),
        says="this is the frame for stride 1: with a stride s the output has ⌈H/s⌉ rows, which take less.",
    ),
    slip(
        "puts_the_odd_row_on_top",
        (FRAME, "(columns - columns // 2, columns // 2, rows - rows // 2, rows // 2)"),
        says="the odd row stands on top and the odd column on the left: they go to the bottom and to the right.",
    ),
    slip(
        "swaps_rows_and_columns",
        (FRAME, "(rows // 2, rows - rows // 2, columns // 2, columns - columns // 2)"),
        says="rows and columns of the frame are swapped: pad begins with the last axis, (left, right, top, bottom).",
    ),
    slip(
        "repeats_the_outermost_row",
        ("'mirror': 'reflect'", "'mirror': 'replicate'"),
        says="the outermost row is repeated: a mirror shows what stands behind it, pad calls it reflect.",
    ),
    slip(
        "closes_to_a_circle",
        ("'mirror': 'reflect'", "'mirror': 'circular'"),
        says="the opposite side stands in the frame: a mirror shows what is near.",
    ),
    slip(
        "cuts_off_where_no_row_is_missing",
        (ROWS, "(-(-H // s) - 1) * s + p - H"),
        (COLUMNS, "(-(-W // s) - 1) * s + q - W"),
        says="where no row is missing, this cuts rows off: a frame is at least 0.",
    ),
    slip(
        "rounds_down",
        ("-(-H // s)", "H // s"),
        ("-(-W // s)", "W // s"),
        says="⌊H/s⌋ windows have too few rows: SAME has ⌈H/s⌉, rounded up.",
    ),
    slip(
        "always_pads_zeros",
        ("mode=how", "mode='constant'"),
        says='`mode` is not looked at: "mirror" needs another frame than "zeros".',
    ),
    slip(
        "all_of_it_at_the_end",
        (FRAME, "(0, columns, 0, rows)"),
        says="the whole frame stands at the bottom and on the right: half of it goes on top and left.",
    ),
    slip(
        "the_same_on_both_sides",
        (FRAME, "(columns // 2, columns // 2, rows // 2, rows // 2)"),
        says="an odd row or column is lost: the two sides together must have all that is missing.",
    ),
    slip(
        "half_a_kernel_on_every_side",
        (FRAME, "(q // 2, q // 2, p // 2, p // 2)"),
        says="this is half a kernel on every side: right for odd kernels and stride 1 only.",
    ),
    slip(
        "the_kernels_rows_for_the_columns",
        ("s + q - W", "s + p - W"),
        says="the kernel's rows stand where its columns belong: the width goes with q.",
    ),
]
