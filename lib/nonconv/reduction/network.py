"""`reduce`: a network rewritten as convolutions, wherever that is what its layers are,
with a report that proves it.
"""

import copy
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from nonconv.reduction.counting import parameters
from nonconv.reduction.proof import TOLERANCE, difference, in_float64, random_like, randomise
from nonconv.reduction.report import Report
from nonconv.reduction.rewriter import FEWEST, LITERALLY, Failure, Rewriter
from nonconv.reduction.tracing import NotTraced, hook_on, trace, trace_again, whole


@dataclass
class Reduction:
    """The rewritten network and the report on it."""

    model: nn.Module
    report: Report


def reduce(model: nn.Module, example_input: Any, goal: str = FEWEST) -> Reduction:
    """A copy of the network in which what is a convolution is written as one, and a report:
    rule, place, cost, error.

    `example_input` is what the network is called with: a tensor, or a tuple of its arguments. The network
    must be in evaluation mode, since in training batch norm and dropout are no convolutions.

    `goal`: "fewest MACs" does a step only where multiply–adds fall, or stay and a layer disappears;
    "literally" writes everything as a convolution that is one, for inputs of this size, whatever it costs.

    Each step runs against what it replaces, in float64 with random statistics, biases, kernels and inputs;
    then the whole network does. A step that errs by more than 1e-9 of the largest value is not done. Layers
    with hooks, parametrizations, without running averages, in training mode or read elsewhere too stay, and
    the report says why. The given network is not changed; hooks of kept layers are called while the copies
    are tried. A network that cannot be copied or traced comes back as it is, and `report.refused` says why.

    Raises ValueError for a model that is no module, an input that holds no tensor, and an unknown goal.
    """
    if not isinstance(model, nn.Module):
        raise ValueError(f"model must be a torch.nn.Module, not {type(model).__name__}")
    if goal not in (FEWEST, LITERALLY):
        raise ValueError(f"goal must be {FEWEST!r} or {LITERALLY!r}, not {goal!r}")
    inputs = example_input if isinstance(example_input, tuple) else (example_input,)
    if not any(isinstance(x, Tensor) for x in tree_leaves(inputs)):
        raise ValueError(
            f"example_input must be a tensor or a tuple of arguments with one, not {example_input!r}"
        )
    report = Report(goal)
    try:
        return Reduction(_reduced(model, inputs, report), report)
    except _NotReduced as why:
        report = Report(goal, refused=str(why))
        return Reduction(_unchanged(model), report)


class _NotReduced(Exception):
    """Why the network as a whole stays as it is."""


def _unchanged(model: nn.Module) -> nn.Module:
    try:
        return copy.deepcopy(model)
    except Exception:  # what cannot be copied is given back itself, untouched
        return model


def _reduced(model: nn.Module, inputs: tuple[Any, ...], report: Report) -> nn.Module:
    _refuse_whole(model)
    generator = torch.Generator().manual_seed(0)
    with torch.random.fork_rng(devices=[]):
        twin, numbers = _copies(model)
        try:
            exact_inputs = random_like(inputs, generator)
            traced, how = trace(twin, exact_inputs)
            own, _ = trace_again(numbers, inputs, traced, how)
            work = Rewriter(traced, exact_inputs, report.goal, generator)
            written = [value.target for _, value in work.view.memory.writes if value.op == "get_attr"]
            if written:
                raise _NotReduced(f"its forward changes its own tensor {written[0]} in place")
            randomise(list(work.view.layers.values()), generator)
            work.run()
            report.error = _error(
                twin, work.module, random_like(inputs, generator), "with random numbers in float64"
            )
            if not report.error <= TOLERANCE:
                raise _NotReduced(f"the whole would err by {report.error:.1e} of its largest value")
            mine = Rewriter(own, inputs, report.goal, None, work.done)
            report.before = mine.steps()
            cost, size = mine.macs(), parameters(numbers)
            mine.run()
            mine.finish()
            report.after = mine.steps()
            # what the first copy has measured of each step belongs to it
            report.stages = [replace(stage, row=work.rows[key]) for key, stage in mine.stages.items()]
            report.macs, report.parameters = (cost, mine.macs()), (size, parameters(mine.module))
            report.error_with_own_numbers = _error(numbers, mine.module, inputs, "with its own numbers")
        except NotTraced as error:
            raise _NotReduced(f"no graph of it can be drawn ({error})") from error
    report.traced = how
    report.rows = [
        row if key in mine.rows else replace(row, applied=False, reason=_why(mine.failed.get(key)))
        for key, row in work.rows.items()
    ] + work.refusals()
    return mine.module


def _why(failure: Failure | None) -> str:
    return failure.reason if failure else "a step before it was not done"


def _refuse_whole(model: nn.Module) -> None:
    if model.training:
        raise _NotReduced("it is in training mode, where batch norm depends on the batch; call .eval() first")
    stays = hook_on(model) or whole(model)
    if stays:
        raise _NotReduced(f"the network itself has {stays}" if hook_on(model) else stays)
    hooks = torch.nn.modules.module
    if any((hooks._global_forward_hooks, hooks._global_forward_pre_hooks, hooks._global_backward_hooks)):
        raise _NotReduced(
            "hooks on all modules are registered, which merged layers would call at other places"
        )
    if any(isinstance(p, nn.parameter.UninitializedParameter) for p in model.parameters()):
        raise _NotReduced("a lazy layer has no size yet; run the network once first")


def _copies(model: nn.Module) -> tuple[nn.Module, nn.Module]:
    """(in float64 on the CPU, as it is)."""
    try:
        return in_float64(model), copy.deepcopy(model)
    except Exception as error:
        raise _NotReduced(f"it cannot be copied ({error})") from error


def _error(one: nn.Module, other: nn.Module, inputs: tuple[Any, ...], how: str) -> float:
    """Of `other` against `one`, relative to the largest value."""
    try:
        with torch.no_grad():
            expected = one(*copy.deepcopy(inputs))
            got = other(*copy.deepcopy(inputs))
    except Exception as error:
        raise _NotReduced(f"it does not run {how} ({str(error).splitlines()[0]})") from error
    error, scale = difference(got, expected)
    return error / scale
