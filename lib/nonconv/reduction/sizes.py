"""The check that inputs have a size which a graph was drawn for."""

import math
from typing import Any

import torch
from torch import Tensor, fx, nn

from nonconv.reduction.trees import tree_leaves


class CheckSizes(nn.Module):
    """Raises ValueError for inputs of a size that the graph does not hold for.

    `sizes` has for each tensor of the arguments its size, each number as such, as a letter that is free, or
    as a formula of such letters; `least` and `most` bound the letters, `rules` are further conditions.
    `values` are the other arguments, numbers say, if the graph holds for these alone.
    """

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names
        self.sizes: list[tuple[int | str, ...]] = []
        self.least: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.rules: list[str] = []
        self.holders: list[str] = []  # names of the tensors in the graph, by which rules may call them
        self.values: list[Any] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("tests", "formulas")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._prepare()

    def _prepare(self) -> None:
        """What torch.export has written, as functions: a compiler that reads this reads no `eval`."""
        scope = {"math": math, "torch": torch}
        self.tests = [eval(f"lambda L: {rule}", scope) for rule in self.rules]
        places = {n for size in self.sizes for n in size if isinstance(n, str)}
        letters = ", ".join(filter(str.isidentifier, places))
        self.formulas = {n: eval(f"lambda {letters}: {n}", scope) for n in places - set(self.least)}

    def forward(self, *args: Any) -> None:
        stands = [x for x in tree_leaves(args) if isinstance(x, fx.Proxy)]
        if stands:  # the graph is traced once more
            tracer: Any = stands[0].tracer
            tracer.create_proxy("call_module", tracer.path_of_module(self), args, {})
            return
        if not hasattr(self, "tests"):
            self._prepare()
        tensors = [x for x in tree_leaves(args) if isinstance(x, Tensor)]
        given = [tuple(x.shape) for x in tensors]
        if len(given) != len(self.sizes):
            raise ValueError(f"reduced for {len(self.sizes)} tensors, but called with {len(given)}")
        self._check_values(args)
        letters: dict[str, int] = {}
        for wanted, size in zip(self.sizes, given, strict=True):
            for n, place in zip(size, wanted, strict=False):
                if isinstance(place, str) and place.isidentifier():
                    letters.setdefault(place, n)
        for wanted, size in zip(self.sizes, given, strict=True):
            if len(wanted) != len(size) or any(
                self._differs(a, n, letters) for a, n in zip(wanted, size, strict=True)
            ):
                raise ValueError(self._said(wanted, size))
        named = _ByName()
        if self.rules:
            named.update(zip(self.holders, tensors, strict=False))
            named.update(zip(self.names, args, strict=False))
        for rule, holds in zip(self.rules, self.tests, strict=True):
            if not holds(named):
                raise ValueError(
                    f"this network was reduced for inputs with {rule}, which these {given} have not"
                )

    def _check_values(self, args: tuple[Any, ...]) -> None:
        if self.values is None:
            return
        named = [
            (name, leaf)
            for name, arg in zip(self.names, args, strict=False)
            for leaf in tree_leaves(arg)
            if not isinstance(leaf, Tensor)
        ]
        for (name, value), wanted in zip(named, self.values, strict=False):
            if value is not wanted and value != wanted:
                raise ValueError(
                    f"this network was reduced for {name}={wanted!r}, so {name} cannot be {value!r}:"
                    " call reduce with an example that has it"
                )

    def _differs(self, wanted: int | str, n: int, letters: dict[str, int]) -> bool:
        if isinstance(wanted, int):
            return n != wanted
        if wanted not in self.least:
            return n != self.formulas[wanted](**letters)
        return n != letters[wanted] or not self.least[wanted] <= n <= self.most[wanted]

    def _said(self, wanted: tuple[int | str, ...], size: tuple[int, ...]) -> str:
        shown = ", ".join(str(n) for n in wanted)
        letters = [n for n in wanted if n in self.least]
        bounds = [
            f"{n} from {self.least[n]}" + (f" to {self.most[n]}" if self.most[n] < 1 << 40 else "")
            for n in letters
        ]
        with_bounds = f" with {', '.join(bounds)}" if bounds else ""
        return (
            f"this network was reduced for an input of size ({shown}){with_bounds}, not {size}:"
            " call reduce with an example of the size that you need"
        )

    def extra_repr(self) -> str:
        return ", ".join(str(size) for size in self.sizes)


class _ByName(dict[str, Any]):
    """Arguments by name; those of a forward(*xs), xs_0 and xs_1 in a graph, are `xs` to torch.export."""

    def __missing__(self, name: str) -> tuple[Any, ...]:
        return tuple(value for key, value in self.items() if key.rpartition("_")[0] == name)


def of_the_example(module: fx.GraphModule, inputs: tuple[Any, ...]) -> None:
    """Let the graph check that it is called with inputs of these sizes; only the batch is free."""
    holders = [node for node in module.graph.nodes if node.op == "placeholder"][: len(inputs)]
    check = CheckSizes([str(node.target) for node in holders])
    tensors = [x for x in tree_leaves(inputs) if isinstance(x, Tensor)]
    check.sizes = [("N", *x.shape[1:]) if x.dim() else () for x in tensors]
    check.least, check.most = {"N": 0}, {"N": 1 << 62}
    put(module.graph, module, check, holders)
    module.recompile()


def put(graph: fx.Graph, module: nn.Module, check: CheckSizes, holders: list[fx.Node]) -> None:
    """Call the check first of all."""
    after = [node for node in graph.nodes if node.op == "placeholder"]
    module.add_module("check_sizes", check.eval())
    with graph.inserting_after(after[-1]):
        graph.call_module("check_sizes", tuple(holders))
