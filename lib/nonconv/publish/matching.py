"""Does an expression stand inside another one, names aside?

A pattern is an expression of a solution. Each of its variables stands for any expression, the same one
wherever it occurs. The functions that it calls and its constants must be the same. Sums and products match in
any order, and a part of a longer one counts.
"""

from collections.abc import Iterator

from nonconv.publish.syntax import ANY_ORDER, SHAPES, Tree, chain

STEPS = 2000  # of one comparison: beyond that, two long sums are taken for different


def stands_at(pattern: Tree, tree: Tree) -> bool:
    """Whether the expression `tree` is the pattern, its variables aside; a longer sum may have more terms.

    A sum in numbers alone is an instance of many formulas, and gives none of them away.
    """
    return any(
        not bound or any(value.kind != "number" for value in bound.values())
        for bound in _match(pattern, tree, {}, [STEPS], root=True)
    )


Binding = dict[str, Tree]


def _match(
    pattern: Tree, tree: Tree, bound: Binding, left: list[int], *, root: bool = False
) -> Iterator[Binding]:
    """Each way to choose the pattern's variables so that it is the tree."""
    left[0] -= 1
    if left[0] < 0:
        return
    if pattern.kind == "variable":
        yield from _bind(pattern.label, tree, bound)
        return
    if tree.kind == "dress":
        shapes = pattern.kind == "call" and pattern.parts[0].label in SHAPES
        tree = Tree("call", "", (pattern.parts[0], *tree.parts)) if shapes else tree.parts[0]
    if pattern.kind != tree.kind or pattern.label != tree.label:
        return
    if pattern.kind in ANY_ORDER:
        heavy_first = sorted(pattern.parts, key=lambda part: -part.weight)
        yield from _match_some(heavy_first, list(tree.parts), pattern.kind, bound, left, root)
    elif pattern.kind == "call" and pattern.parts[0].kind == "variable":
        yield from _match_handed_over(pattern, tree, bound, left)
    elif len(pattern.parts) == len(tree.parts):
        yield from _match_all(pattern.parts, tree.parts, bound, left)


def _bind(name: str, tree: Tree, bound: Binding) -> Iterator[Binding]:
    if name not in bound:
        yield {**bound, name: tree}  # two variables may be the same: an instance gives the formula away
    elif bound[name] == tree:
        yield bound


def _match_all(
    patterns: tuple[Tree, ...], trees: tuple[Tree, ...], bound: Binding, left: list[int]
) -> Iterator[Binding]:
    if not patterns:
        yield bound
        return
    for chosen in _match(patterns[0], trees[0], bound, left):
        yield from _match_all(patterns[1:], trees[1:], chosen, left)


def _match_some(
    patterns: list[Tree], trees: list[Tree], kind: str, bound: Binding, left: list[int], more: bool
) -> Iterator[Binding]:
    """Terms or factors in any order. What is left over is allowed with `more`; else a variable takes it."""
    if not patterns:
        if more or not trees:
            yield bound
        return
    first, *rest = patterns
    for n, tree in enumerate(trees):
        for chosen in _match(first, tree, bound, left):
            yield from _match_some(rest, trees[:n] + trees[n + 1 :], kind, chosen, left, more)
    if not rest and first.kind == "variable" and len(trees) > 1:
        yield from _bind(first.label, chain(kind, tuple(trees)), bound)


def _match_handed_over(pattern: Tree, tree: Tree, bound: Binding, left: list[int]) -> Iterator[Binding]:
    """A call of a function that was handed over: the lecture's own may take further arguments."""
    function, *arguments = pattern.parts

    def some(patterns: list[Tree], trees: list[Tree], bound: Binding) -> Iterator[Binding]:
        if not patterns:
            yield bound
            return
        for n, one in enumerate(trees):
            for chosen in _match(patterns[0], one, bound, left):
                yield from some(patterns[1:], trees[n + 1 :], chosen)

    for chosen in _match(function, tree.parts[0], bound, left):
        yield from some(arguments, list(tree.parts[1:]), chosen)
