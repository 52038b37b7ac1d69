"""The inputs that a proof of the whole network runs on."""

from math import prod
from typing import Any

import torch
from torch import Tensor, fx, nn

from nonconv.reduction.behaviour import Behaviour, rounding, run, with_last
from nonconv.reduction.comparison import difference
from nonconv.reduction.copies import random_like
from nonconv.reduction.progress import GRAPH, PROOF, Progress
from nonconv.reduction.reasons import Refused, line
from nonconv.reduction.smaller import SQUARES, shrunk, two
from nonconv.reduction.trees import tree_leaves


class Cases:
    """The example, then random numbers, on few places where the network and its graph take them. Of one
    image it makes two there: what mixes them shows itself.
    """

    def __init__(
        self,
        net: nn.Module,
        first: Any,
        inputs: tuple[Any, ...],
        cut: bool,
        generator: torch.Generator,
        progress: Progress,
    ) -> None:
        """`first` is what the network gives for the example. With `cut` fewer places will do."""
        self.progress = progress
        self.net, self.first, self.inputs, self.generator = net, first, inputs, generator
        self.allowed = rounding(net, inputs)
        small, large = (shrunk(inputs, square) for square in SQUARES)
        self.wide = two(shrunk(inputs)) if cut else inputs
        cuts = (two(small), self.wide, two(large), inputs) if cut else (two(inputs), inputs)
        self.sizes = {_sizes(x): x for x in cuts}
        self.square = _sizes(two(small)) if cut and _sizes(two(small)) != _sizes(self.wide) else None
        self.few: dict[Any, tuple[Any, ...]] = {}  # random numbers by their size
        self.tried: dict[Any, Behaviour | None] = {}
        self.inputs_of_all: list[tuple[Any, ...]] = []  # of the example and the random numbers
        self.seen: Behaviour | None = None  # what the network gives for them

    def for_float64(self) -> list[tuple[Any, ...]]:
        """Random numbers whose two sides differ, if so few were enough before; else those of before."""
        few = self.inputs_of_all[1]
        size = _sizes(self.wide)
        if size not in self.few and sum(map(prod, _sizes(few))) < sum(map(prod, size)):
            return [random_like(self.wide, self.generator), few]
        return [few]

    def agrees(self, graph: fx.GraphModule) -> bool:
        """Does the graph give what the network gives? Then its cases are chosen.

        Raises Refused.
        """
        self.progress.part(PROOF)
        agreed = self._chosen(graph)
        self.progress.part(GRAPH)
        return agreed

    def _chosen(self, graph: fx.GraphModule) -> bool:
        exported = any(isinstance(node.target, torch._ops.OpOverload) for node in graph.graph.nodes)
        for size, inputs in self.sizes.items():
            if exported and size == self.square:  # torch.export may have taken its two sides for one
                continue
            if size not in self.few:
                self.few[size] = random_like(inputs, self.generator)
            few = self.few[size]
            try:
                got = run(graph, few)
            except Exception:  # what the graph holds for other sizes only
                continue
            seen = self._observed(size)
            if seen is not None and difference(got, seen.results[1]) <= self.allowed:
                self.inputs_of_all, self.seen = [self.inputs, few], seen
                return True
        try:
            got = run(graph, self.inputs)
        except Exception:
            return False
        if not difference(got, self.first) <= self.allowed:
            return False
        few = random_like(self.inputs, self.generator)
        try:
            self.seen = with_last([self.first], self.net, few)
        except Exception as error:
            raise Refused(f"it does not run with random numbers like the example ({line(error)})") from error
        self.inputs_of_all = [self.inputs, few]
        return True

    def _observed(self, size: Any) -> Behaviour | None:
        """What the network gives for these random numbers, None where it does not take so many."""
        if size not in self.tried:
            try:
                self.tried[size] = with_last([self.first], self.net, self.few[size])
            except Exception:
                self.tried[size] = None
        return self.tried[size]


def _sizes(inputs: Any) -> tuple[Any, ...]:
    return tuple(tuple(x.shape) for x in tree_leaves(inputs) if isinstance(x, Tensor))
