"""What students answer: the wrong ways, and what each is told and loses."""

from nonconv.authoring import wrong

DESIGN = ("design-thirty-one", "design-others")


@wrong("design", shows="fewer than 1,000 are wanted", loses=DESIGN)
def ordinary_layers_all_the_way(M, K, field, budget):
    layers = [(K, 3, 1, 1)] * ((field - 1) // 2) + [(K, 2, 1, 1)] * ((field - 1) % 2)
    return layers or [(K, 2, 1, 1)]


@wrong("design", shows="fewer than 1,000 are wanted", loses=["design-thirty-one", "design-others"])
def one_large_kernel(M, K, field, budget):
    return [(K, field, 1, 1)] if field > 1 else []


@wrong("design", shows="leaves 28 out", loses=DESIGN)
def three_taps_far_apart(M, K, field, budget):
    return [(M, 3, max((field - 1) // 2, 1), M), (K, 1, 1, 1)]


@wrong("design", shows="sees 33 rows from the first to the last; it must be 31", loses=DESIGN)
def one_layer_too_many(M, K, field, budget):
    return [(M, 3, 1, M)] * ((field + 1) // 2) + [(K, 1, 1, 1)]


@wrong("design", shows="sees 63 rows", loses=DESIGN)
def counts_three_rows_for_each_layer(M, K, field, budget):
    return [(M, 3, 1, M)] * field + [(K, 1, 1, 1)]


@wrong("design", shows="the last layer gives 3 maps; 16 are wanted", loses=DESIGN)
def forgets_to_mix(M, K, field, budget):
    return [(M, 3, 1, M)] * ((field - 1) // 2)


@wrong("design", shows="both its 3 input and its 16 output maps must be multiples of it", loses=DESIGN)
def groups_that_do_not_fit(M, K, field, budget):
    return [(M, 3, 1, M)] * ((field - 1) // 2) + [(K, 1, 1, M + 1 if K % (M + 1) else M + 2)]


@wrong("design", shows="does not see input map", loses=DESIGN)
def never_mixes_the_maps(M, K, field, budget):
    return [(M * K, 1, 1, M), *[(M * K, 3, 1, M * K)] * ((field - 1) // 2), (K, 1, 1, K)]


@wrong("design", shows="return for layer 1 four whole numbers (maps, p, d, g)", loses=DESIGN)
def leaves_the_groups_out(M, K, field, budget):
    return [(M, 3, 1)] * max((field - 1) // 2, 1) + [(K, 1, 1)]


@wrong("design", shows="sees 32 rows", loses=DESIGN)
def doubles_the_dilation_once_too_often(M, K, field, budget):
    stack, reach, d = [], 1, 1
    while reach < field + 1:
        stack.append((M, 2, d, M))
        reach, d = reach + d, min(2 * d, max(field + 1 - reach - d, 1))
    return [*stack, (K, 1, 1, 1)]


@wrong("design", shows="does not see input map", loses=DESIGN)
def groups_wherever_they_fit(M, K, field, budget):
    threes, odd = divmod(field - 1, 2)
    return [(M, 3, 1, M)] * threes + [(M, 2, 1, M)] * odd + [(K, 1, 1, 1 if K % M else M)]


@wrong("design", shows="sees 13 rows", loses=DESIGN)
def reaches_odd_fields_only(M, K, field, budget):
    return [(M, 3, 1, M)] * (field // 2) + [(K, 1, 1, 1)]


@wrong("design", shows="of it", loses=DESIGN)
def writes_one_stack_down(M, K, field, budget):
    return [(3, 3, 1, 3), (3, 3, 3, 3), (3, 3, 9, 3), (3, 3, 2, 3), (16, 1, 1, 1)]
