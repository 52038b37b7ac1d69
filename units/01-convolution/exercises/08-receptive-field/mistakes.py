"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

FIELD = ("field-values", "field-stacks")
slip = partial(edited, "receptive_field", solution(__file__, "field"), given(__file__), loses=FIELD)
STEP = "size += d * (p - 1) * jump"

MISTAKES = [
    slip(
        "forgets_that_strides_stretch",
        (STEP, "size += d * (p - 1)"),
        says="the strides of the layers below do not count here: a step of this layer is `jump` input rows long.",
    ),
    slip(
        "forgets_the_dilation",
        (STEP, "size += (p - 1) * jump"),
        says="the dilation is left out: the taps stand d apart, so the kernel spans d(p−1) steps.",
    ),
    slip(
        "counts_the_own_stride",
        (STEP, "size += d * (p - 1) * jump * s"),
        says="a layer's own stride stretches its view here: it stretches the views of the layers above only.",
    ),
    slip(
        "adds_p",
        (STEP, "size += d * p * jump"),
        says="p taps have p − 1 steps between them: the first tap stands where the view begins.",
    ),
    slip(
        "starts_from_nothing",
        ("size, jump = (1, 1)", "size, jump = (0, 1)"),
        says="it begins with 0: without any layer a neuron is a pixel, and sees 1.",
    ),
    slip("adds_the_strides", ("jump *= s", "jump += s"), says="the strides are added: they multiply."),
    slip(
        "goes_from_the_top_down",
        ("in stack", "in reversed(stack)"),
        says="the stack is read from the wrong end: its first layer is next to the input.",
    ),
    slip(
        "dilation_stretches_the_jump_too",
        ("jump *= s", "jump *= s * d"),
        says="dilation moves taps apart, not neurons: it does not change the jump.",
    ),
    slip(
        "the_jump_of_the_layer_below",
        ("jump *= s", "jump, below = (jump * s, jump)"),
        ("return (size, jump)", "return (size, below if stack else 1)"),
        says="the jump is that of the layer below: the last stride counts for it too.",
    ),
    slip(
        "multiplies_the_sizes",
        (STEP, "size *= d * (p - 1) + 1"),
        says="the sizes are multiplied: views overlap, so each layer adds its reach.",
    ),
]


@wrong("receptive_field", shows="in another order: return (size, jump)", loses=FIELD)
def returns_the_jump_first(stack):
    size, jump = 1, 1
    for p, s, d in stack:
        size, jump = size + d * (p - 1) * jump, jump * s
    return jump, size


@wrong("receptive_field", shows="it must return the 2 values (size, jump)", loses=FIELD)
def returns_the_size_alone(stack):
    size, jump = 1, 1
    for p, s, d in stack:
        size, jump = size + d * (p - 1) * jump, jump * s
    return size


@wrong("receptive_field", shows="stopped with IndexError", loses=FIELD)
def has_no_answer_for_the_empty_stack(stack):
    p, jump, d = stack[0]
    size = d * (p - 1) + 1
    for p, s, d in stack[1:]:
        size, jump = size + d * (p - 1) * jump, jump * s
    return size, jump


@wrong(
    "receptive_field",
    says="only the rows that are seen are counted: wanted is how far the first lies from the last, with the"
    " holes that dilation leaves.",
    loses=FIELD,
)
def leaves_the_holes_out(stack):
    seen, jump = {0}, 1
    for p, s, d in stack:
        seen, jump = {row + d * u * jump for row in seen for u in range(p)}, jump * s
    return len(seen), jump
