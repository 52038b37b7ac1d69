"""The graph of a network, by the tracer that can draw it: torch.fx, or torch.export where that fails."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import fx, nn

from nonconv.reduction.adding import added_up
from nonconv.reduction.arguments import marked
from nonconv.reduction.calling import as_called
from nonconv.reduction.copies import copied, copied_inputs
from nonconv.reduction.deciding import decides
from nonconv.reduction.detaching import detach_what_leaves
from nonconv.reduction.exporting import export, exported
from nonconv.reduction.noting import note_shapes
from nonconv.reduction.outside import untouched
from nonconv.reduction.plain import plain
from nonconv.reduction.reasons import NotTraced, Refused, line
from nonconv.reduction.tracing import trace


@dataclass(frozen=True)
class Way:
    """How the graph is to be drawn."""

    skip: list[str]  # paths of modules that stay
    tracers: list[str]  # one of TRACERS after the other


@dataclass(frozen=True)
class Drawn:
    """A graph with the shape of each value, and how it was drawn."""

    graph: fx.GraphModule
    kept: dict[str, str]  # modules that were kept whole: why
    remembered: dict[str, str]  # nodes whose value the forward keeps on the network: where
    how: str  # for the report
    tracer: str


def graph(
    net: nn.Module,
    model: nn.Module,
    inputs: tuple[Any, ...],
    way: Way,
    agrees: Callable[[fx.GraphModule], bool],
) -> Drawn:
    """The graph of `net`, a copy of `model`, which it shares its layers with, and which is used up.

    Raises NotTraced where no tracer draws a graph that gives what the network gives, as `agrees` says.
    """
    reasons: list[str] = []
    for name in way.tracers:
        draw = TRACERS[name]
        if reasons:  # what has failed may have left something behind
            del net
            net = copied(model)
        try:
            with as_called(inputs), untouched(net):  # stand-ins go before the network runs again
                own, kept, remembered, how = draw(marked(net, way.skip), inputs)
                note_shapes(own, copied_inputs(inputs))
                if detach_what_leaves(own):
                    note_shapes(own, copied_inputs(inputs))
                own = added_up(own)
        except Refused:
            raise
        except Exception as error:  # a forward may raise anything in a graph that is not its own
            reasons.append(f"{name}: {line(error)}")
            continue
        if agrees(own):
            how = f"{how} ({'; '.join(reasons)})" if reasons else how
            return Drawn(own, kept, remembered, how, name)
        reasons.append(
            f"{name}: the graph gives something else than the network, which may decide by the numbers or"
            " types that it sees, draw at random or keep a state"
        )
    raise NotTraced(f"no graph of it can be drawn ({'; '.join(reasons)})")


Found = tuple[fx.GraphModule, dict[str, str], dict[str, str], str]


def _by_fx(net: nn.Module, inputs: tuple[Any, ...]) -> Found:
    if exported(net):
        return plain(net), {}, {}, "torch.export, as it was given"
    own, kept, remembered = trace(net, inputs)
    decided = any(node.target is decides for node in own.graph.nodes)
    return own, kept, remembered, "torch.fx, for sizes that it checks" if decided else "torch.fx"


def _by_export(net: nn.Module, inputs: tuple[Any, ...]) -> Found:
    module, sizes = export(net, inputs)
    return module, {}, {}, f"torch.export, for {sizes}"


TRACERS = {"torch.fx": _by_fx, "torch.export": _by_export}
