"""What a network gives in its own dtype, and the gradients of it: whether another network gives the same."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn

from nonconv.reduction.by_formula import NormByFormula
from nonconv.reduction.calling import as_called, by_name
from nonconv.reduction.comparison import difference, floating
from nonconv.reduction.copies import copied, copied_inputs, exactly, in_float64, let_go, random_like
from nonconv.reduction.proof import TOLERANCE
from nonconv.reduction.smaller import two
from nonconv.reduction.trees import tree_leaves, tree_map
from nonconv.reduction.watching import tensors_on

ROUNDINGS = 64  # as many of its dtype's last places may two ways of computing one thing lie apart
OWN = 0.5  # of its largest value: a result that is further from the exact one says nothing
SEED = 3  # of what the networks draw at random
OF_GRADIENTS = 0.02  # of their length: rounding moves a few of them over the kink of a ReLU


@dataclass
class Behaviour:
    """The results for each input, and the gradients by the last; None where it has none."""

    results: list[Any]
    gradients: list[Tensor | None] | None


def observed(net: nn.Module, cases: list[tuple[Any, ...]]) -> Behaviour:
    """The network runs on all inputs, one after the other, and is used up if it keeps something of them."""
    *before, last = cases
    return with_last([run(net, case) for case in before], net, last)


def with_last(results: list[Any], net: nn.Module, case: tuple[Any, ...]) -> Behaviour:
    """What was observed, and the network's result and gradients for one input more."""
    try:
        result, gradients = with_gradients(net, case)
    except Exception:  # changed in place, or no derivative: then there is nothing to compare
        result, gradients = run(net, case), None
    return Behaviour([*results, result], gradients)


def run(net: nn.Module, inputs: tuple[Any, ...]) -> Any:
    """The result; what fails in a graph raises, and prints no dump of it. What is drawn at random is the same
    at each call.
    """
    seed()
    with torch.no_grad(), as_called(inputs):
        return _call(net, copied_inputs(inputs))


def seed() -> None:
    """`torch.manual_seed` would also seed a GPU that nobody has used yet, for good."""
    torch.default_generator.manual_seed(SEED)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(SEED)


def drew() -> bool:
    """Has the network that ran last drawn at random?"""
    return not torch.equal(torch.get_rng_state(), torch.Generator().manual_seed(SEED).get_state())


def _call(net: nn.Module, inputs: tuple[Any, ...]) -> Any:
    in_order, named = by_name(net, inputs)
    return (net.forward if isinstance(net, fx.GraphModule) else net)(*in_order, **named)


def memory_at(model: nn.Module, inputs: tuple[Any, ...], graph: fx.GraphModule) -> str:
    """Where a call keeps a tensor on the network that depends on the numbers of its input, "" if nowhere; of
    sizes and parameters it may. What a layer keeps that the graph calls as it is, it keeps there too.
    """
    held = []
    for given in (inputs, random_like(inputs, torch.Generator().manual_seed(4))):
        net = copied(model)
        run(net, given)
        held.append(tensors_on(net))
    called = tuple(f"{node.target}." for node in graph.graph.nodes if node.op == "call_module")
    for (path, name), tensors in held[0].items():
        if difference(tensors, held[1].get((path, name), [])) > 0 and not f"{path}.".startswith(called):
            return ".".join(filter(None, (path, name)))
    return ""


def repeats(model: nn.Module, inputs: tuple[Any, ...]) -> bool:
    """Does a second call give what the first has given?"""
    net = copied(model)
    return difference(run(net, inputs), run(net, inputs)) <= rounding(model, inputs)


@contextmanager
def _frozen(net: nn.Module) -> Iterator[None]:
    """No parameter learns: only the gradients by the input are asked for, and a result that remembers the
    parameters would keep them for as long as it is there.
    """
    learning = [p for p in net.parameters() if p.requires_grad and p.is_leaf]
    for p in learning:
        p.requires_grad_(False)
    try:
        yield
    finally:
        for p in learning:
            p.requires_grad_(True)


def with_gradients(net: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, list[Tensor | None]]:
    seed()
    with _frozen(net), as_called(inputs):
        return _derived(net, inputs)


def _derived(net: nn.Module, inputs: tuple[Any, ...]) -> tuple[Any, list[Tensor | None]]:
    leaves: list[Tensor] = []

    def learning(x: Any) -> Any:
        if not isinstance(x, Tensor) or not x.is_floating_point():
            return x
        leaves.append(x.detach().clone().requires_grad_())
        return leaves[-1].clone()  # which may be changed in place

    result = _call(net, tree_map(learning, inputs))
    generator = torch.Generator("cpu").manual_seed(1)
    ends = [x for x in floating(result) if x.requires_grad and x.is_floating_point()]
    if not ends or not leaves:
        return result, [None] * len(leaves)
    along = [torch.randn(x.shape, generator=generator, device="cpu").to(x.device, x.dtype) for x in ends]
    return result, list(torch.autograd.grad(ends, leaves, along, allow_unused=True))


def rounding(net: nn.Module, inputs: tuple[Any, ...]) -> float:
    """The error that may come of another order of the same sums, in the coarsest dtype that is at work."""
    tensors = [*net.parameters(), *(x for x in tree_leaves(inputs) if isinstance(x, Tensor))]
    kinds = {x.dtype for x in tensors if x.is_floating_point() or x.is_complex()}
    return max([TOLERANCE, *(ROUNDINGS * torch.finfo(kind).eps for kind in kinds)])


def compared(
    reduced: nn.Module,
    model: nn.Module,
    cases: list[tuple[Any, ...]],
    wanted: Behaviour,
    exact: Callable[[], Any],
    still: bool = False,
) -> tuple[float, str]:
    """(relative error, why that is too much; "" if it is not) of the reduced network in its own dtype.

    `reduced` may be used up. `exact` gives the original's result for the first inputs in float64, or None.
    `still`: a call leaves the original as it was.
    """
    try:
        got = observed(reduced, cases)
    except Exception as error:
        return float("inf"), f"the reduced network does not run ({str(error).splitlines()[0]})"
    errors = [difference(a, b) for a, b in zip(got.results, wanted.results, strict=True)]
    allowed = rounding(model, cases[0])

    @functools.cache
    def response(at: int) -> float:
        return _response(model, cases[at], wanted.results[at], allowed, still)

    for case, error in enumerate(errors):
        if error <= allowed:
            continue
        last = len(cases) - 1  # which takes least
        if any(error <= allowed + 16 * response(at) for at in dict.fromkeys((last, case))):
            continue
        # which takes longest
        if case or not repeats(model, cases[0]) or not _as_near(got, wanted, exact(), allowed):
            return error, f"with its own numbers the whole would err by {error:.1e} of its largest value"
    # of a result that rounding moves that far the gradient says nothing
    if max(errors) <= allowed and _gradients_apart(got, wanted) > max(OF_GRADIENTS, allowed):
        pair = (reduced, model if still else copied(model))
        if _gradients_differ(*pair, cases[-1], max(OF_GRADIENTS, allowed)):
            return max(errors), "the gradient by its input would be another"
    return max(errors), ""


def _gradients_differ(reduced: nn.Module, model: nn.Module, inputs: tuple[Any, ...], limit: float) -> bool:
    """Are the gradients of two images others, and in float64, too, where no rounding blurs it? For one image
    alone the framework's own gradient of batch norm may be wrong.
    """
    given = two(inputs)
    if given is not inputs:
        try:
            pair = [observed(net, [given]) for net in (reduced, model)]
        except Exception:  # it takes one image only
            given = inputs
        else:
            if _gradients_apart(*pair) <= limit:
                return False
    return _exactly_apart(reduced, model, given) > OF_GRADIENTS


def _as_near(got: Behaviour, wanted: Behaviour, exact: Any, allowed: float) -> bool:
    """Is the reduced network about as near to the exact result as the original?"""
    if exact is None:
        return False
    own = difference(exactly(wanted.results[0]), exact)
    return difference(exactly(got.results[0]), exact) <= 8 * own + allowed and own < OWN


def _response(model: nn.Module, inputs: tuple[Any, ...], was: Any, allowed: float, still: bool) -> float:
    """How far the original's result moves from what it was if its input moves by one rounding."""
    generator = torch.Generator().manual_seed(2)

    def moved(x: Any) -> Any:
        if not isinstance(x, Tensor) or not x.is_floating_point():
            return x
        noise = torch.randn(x.shape, generator=generator).to(x.device)
        return (x.detach() * (1 + allowed / ROUNDINGS * noise)).to(x.dtype)

    again = run(model if still else copied(model), inputs)
    if difference(again, was) > allowed:  # it is not rounding that moves it
        return 0.0
    apart = difference(run(model if still else copied(model), tree_map(moved, inputs)), was)
    return apart if apart < 1 else 0.0  # what rounding alone turns upside down proves nothing


def _gradients_apart(got: Behaviour, wanted: Behaviour) -> float:
    """The largest distance of two gradients, relative to the length of the original's."""
    if wanted.gradients is None:
        return 0.0
    if got.gradients is None:
        return float("inf")
    apart = 0.0
    for one, other in zip(got.gradients, wanted.gradients, strict=True):
        a, b = (0.0 if g is None else g.double().nan_to_num() for g in (one, other))
        length, error = (
            torch.linalg.vector_norm(torch.as_tensor(b)),
            torch.linalg.vector_norm(torch.as_tensor(a - b)),
        )
        apart = max(apart, float(error / length) if length > 0 else float(error > 0))
    return apart


def _exactly_apart(reduced: nn.Module, model: nn.Module, inputs: tuple[Any, ...]) -> float:
    """The same in float64, where no rounding blurs it; ∞ where they do not run so."""
    try:
        with NormByFormula():
            pair = [_exact_gradients(net, exactly(inputs)) for net in (reduced, model)]
    except Exception:
        return float("inf")
    return _gradients_apart(*pair)


def _exact_gradients(net: nn.Module, inputs: tuple[Any, ...]) -> Behaviour:
    """Of a copy that has gone then, and without the result, which would keep its numbers."""
    twin = in_float64(net)
    if isinstance(twin, fx.GraphModule):
        twin.recompile()
    gradients = observed(twin, [inputs]).gradients
    let_go(twin)
    return Behaviour([], gradients)
