"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from nonconv.authoring import given, right, wrong

GIVEN = given(__file__)

counterexample = GIVEN["counterexample"]

REFUTATIONS = ("refute-max-pooling", "refute-relu", "refute-same", "refute-training")


@wrong("refutation", shows="these x and v do not show it", loses=REFUTATIONS[:2])
def adds_it_to_itself_again(statement):
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[1, 2], v=[1, 2], p=2)
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=[1], G=[1], x=[1], v=[1])
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[1, 1, 1], G=[1, 1, 1], n=3, i=0, j=0)
    return counterexample(statement, x=1, others=[0], others_changed=[3], eps="1/100000")


@wrong("refutation", shows="max-pool-not-affine", loses=REFUTATIONS[1:])
def answers_max_pooling_always(statement):
    return counterexample("max-pool-not-affine", x=[1, 0], v=[0, 1], p=2)


@wrong("refutation", shows="it returned None", loses=REFUTATIONS[1:])
def knows_only_the_first(statement):
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[1, 0], v=[0, 1], p=2)


@wrong("refutation", shows="return counterexample(statement, …), not a tuple", loses=REFUTATIONS)
def returns_the_numbers(statement):
    return [1, 0], [0, 1], 2


@wrong("refutation", shows="a float is not exact: write it as a text", loses=REFUTATIONS)
def uses_floats(statement):
    return {
        "max-pool-not-affine": counterexample("max-pool-not-affine", x=[0.5, 0.0], v=[0.0, 0.5], p=2),
        "relu-between-not-affine": counterexample("relu-between-not-affine", F=[0.5], G=[1], x=[1], v=[-1]),
        "same-same-not-conv": counterexample("same-same-not-conv", F=[0.5, 1, 1], G=[1, 1, 1], n=3, i=0, j=0),
        "batch-norm-training": counterexample(
            "batch-norm-training", x=1, others=[0], others_changed=[3], eps=1e-5
        ),
    }[statement]


@wrong("refutation", shows="this diagonal does not show it", loses=["refute-same", "refute-training"])
def looks_in_the_middle_and_changes_nothing(statement):
    if statement.endswith("-not-affine"):
        numbers = {"p": 2} if statement.startswith("max") else {"F": [2], "G": [3]}
        return counterexample(statement, x=[1, 0], v=[-1, 1], **numbers)
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[1, 1, 1], G=[1, 1, 1], n=9, i=4, j=4)
    return counterexample(statement, x=1, others=[0], others_changed=[0], eps=1)


@right("refutation")
def from_a_table(statement):
    numbers = {
        "max-pool-not-affine": {"x": [1, 0, 0, 5], "v": [0, 2, 7, 0], "p": 2},
        "relu-between-not-affine": {"F": [1, -1], "G": [2], "x": [1, 0], "v": [0, 1]},
        "same-same-not-conv": {"F": [1, 0, 2], "G": [3, 0, 1], "n": 5, "i": 0, "j": 0},
        "batch-norm-training": {"x": "1/2", "others": [0, 1], "others_changed": [5, 7], "eps": "1/10"},
    }
    return counterexample(statement, **numbers[statement])


@right("refutation")
def with_negative_numbers(statement):
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[-1, -2], v=[-2, -1], p=2)
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=[-1], G=[-1], x=[2], v=[-3])
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[-1, 1, -1], G=[1, -1, 1], n=4, i=2, j=2)
    return counterexample(statement, x=-1, others=[2], others_changed=[-2], eps=1)
