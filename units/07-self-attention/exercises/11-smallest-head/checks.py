"""The checks: references, inputs, points."""

from nonconv.authoring import Case, Check

ANYTHING = ("conv", "pool", "norm", "softmax", "attention")
OTHER = "the sizes are what matters, and there are few of them."


def sizes(*numbers: int, name: str = "n") -> tuple[Case, ...]:
    return tuple(Case({name: number}) for number in numbers)


CHECKS = [
    Check(name="copy-works", answer="copy_head", points=1, holds="copies", cases=sizes(3, 5, 12), may_call=ANYTHING),
    Check(
        name="copy-narrow",
        answer="copy_head",
        points=1,
        holds="copies_in_the_plane",
        hidden="other sizes, and whether the width is 2.",
        cases=sizes(4, 7, 11),
        same_for_all=OTHER,
        may_call=ANYTHING,
    ),
    Check(name="reverse-works", answer="reverse_head", points=1, holds="reverses", cases=sizes(3, 4, 12), may_call=ANYTHING),
    Check(
        name="reverse-narrow",
        answer="reverse_head",
        points=1,
        holds="reverses_in_the_plane",
        hidden="other sizes, and whether the width is 2.",
        cases=sizes(4, 7, 11),
        same_for_all=OTHER,
        may_call=ANYTHING,
    ),
    Check(name="sort-works", answer="sort_head", points=2, holds="sorts", cases=sizes(2, 3, 5, 12, name="size"), may_call=ANYTHING),
    Check(
        name="sort-narrow",
        answer="sort_head",
        points=2,
        holds="sorts_in_the_plane",
        hidden="other sizes, and whether the width is 2.",
        cases=sizes(4, 7, 11, name="size"),
        same_for_all=OTHER,
        may_call=ANYTHING,
    ),
]  # fmt: skip
