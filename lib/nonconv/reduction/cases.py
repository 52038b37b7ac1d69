"""The inputs that a proof of the whole network runs on."""

from typing import Any

import torch
from torch import fx, nn

from nonconv.reduction.behaviour import Behaviour, rounding, run, with_last
from nonconv.reduction.comparison import difference
from nonconv.reduction.copies import random_like
from nonconv.reduction.progress import GRAPH, PROOF, Progress
from nonconv.reduction.smaller import shrunk, two
from nonconv.reduction.tracing import Refused, line


class Cases:
    """The example, then random numbers, on fewer places where the network and its graph take them. Of one
    image it makes two: for one alone the framework's own gradient of batch norm may be wrong.
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
        self.sizes = [two(shrunk(inputs)), two(inputs)] if cut else [two(inputs)]
        self.tried: list[tuple[tuple[Any, ...], Behaviour] | None] = []
        self.inputs_of_all: list[tuple[Any, ...]] = []  # of the example and the random numbers
        self.seen: Behaviour | None = None  # what the network gives for them

    def agrees(self, graph: fx.GraphModule) -> bool:
        """Does the graph give what the network gives? Then its cases are chosen.

        Raises Refused.
        """
        self.progress.part(PROOF)
        agreed = self._chosen(graph)
        self.progress.part(GRAPH)
        return agreed

    def _chosen(self, graph: fx.GraphModule) -> bool:
        for number in range(len(self.sizes)):
            found = self._observed(number)
            if found is not None and self._same(graph, found[0], found[1].results[1]):
                self.inputs_of_all, self.seen = [self.inputs, found[0]], found[1]
                return True
        if not self._same(graph, self.inputs, self.first):
            return False
        few = random_like(self.inputs, self.generator)
        try:
            self.seen = with_last([self.first], self.net, few)
        except Exception as error:
            raise Refused(f"it does not run with random numbers like the example ({line(error)})") from error
        self.inputs_of_all = [self.inputs, few]
        return True

    def _observed(self, number: int) -> tuple[tuple[Any, ...], Behaviour] | None:
        """(random numbers of this size, what the network gives), None where it does not take them."""
        if number == len(self.tried):
            few = random_like(self.sizes[number], self.generator)
            try:
                self.tried.append((few, with_last([self.first], self.net, few)))
            except Exception:  # a size that it does not take
                self.tried.append(None)
        return self.tried[number]

    def _same(self, graph: fx.GraphModule, inputs: tuple[Any, ...], wanted: Any) -> bool:
        try:
            return difference(run(graph, inputs), wanted) <= self.allowed
        except Exception:  # what the graph holds for one size only
            return False
