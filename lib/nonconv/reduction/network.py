"""`reduce`: a network rewritten as convolutions, wherever that is what its layers are,
with a report that proves it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import Tensor, fx, nn
from torch.export import ExportedProgram

from nonconv.reduction import drawing
from nonconv.reduction.arguments import arguments, skipped, unmarked
from nonconv.reduction.asking import NodeByNode
from nonconv.reduction.asserting import asserted, let_pass
from nonconv.reduction.behaviour import compared, drew, memory_at, repeats, run, seed, with_gradients
from nonconv.reduction.calling import undisturbed
from nonconv.reduction.cases import Cases
from nonconv.reduction.comparison import difference
from nonconv.reduction.copies import (
    copied,
    copied_inputs,
    exactly,
    give_back,
    in_float64,
    lend,
    let_go,
    not_copied,
)
from nonconv.reduction.counting import parameters
from nonconv.reduction.depthwise import TapByTap
from nonconv.reduction.drawing import TRACERS, Way
from nonconv.reduction.exporting import exported, from_program, quiet
from nonconv.reduction.outside import untouched
from nonconv.reduction.plain import not_saved
from nonconv.reduction.progress import PROOF, REWRITING, Progress
from nonconv.reduction.proof import TOLERANCE, random_numbers
from nonconv.reduction.reasons import NotTraced, hook_on, line, whole
from nonconv.reduction.report import Report
from nonconv.reduction.rewriter import FEWEST, LITERALLY, Failure, Rewriter
from nonconv.reduction.sizes import of_the_example
from nonconv.reduction.smaller import as_many
from nonconv.reduction.tracing import AUTOCAST_OFF
from nonconv.reduction.trees import tree_map
from nonconv.reduction.watching import kept, state, unaltered, versions


@dataclass
class Reduction:
    """The rewritten network and the report on it."""

    model: nn.Module
    report: Report


def reduce(
    model: nn.Module | ExportedProgram,
    example_input: Any,
    goal: str = FEWEST,
    *,
    example_kwargs: Mapping[str, Any] | None = None,
    skip: Collection[str | nn.Module | type[nn.Module]] = (),
    tracer: str | None = None,
    progress: bool = True,
) -> Reduction:
    """A copy of the network in which what is a convolution is written as one, and a report:
    rule, place, cost, error.

    `example_input` is what the network is called with: a tensor, or a tuple of its arguments. The network
    must be in evaluation mode, since in training batch norm and dropout are no convolutions. It may be a
    program of `torch.export`, whose checks of sizes the result keeps.

    `goal`: "fewest MACs" does a step only where multiply–adds fall, or stay and a layer disappears;
    "literally" writes everything as a convolution that is one, for inputs of this size, whatever it costs;
    the result checks that size.

    `example_kwargs` are further arguments by name. `skip`: modules that stay as they are, with all that is in
    them, by path, by class, or themselves. `tracer`: "torch.fx" or "torch.export"; without it the second is
    tried where the first fails. `progress`: what takes over five seconds says on stderr how long it takes.

    Each step runs against what it replaces, in float64 with random statistics, biases, kernels and inputs;
    then the whole network does, with its own numbers too, and so do its gradients. A step that errs by more
    than 1e-9 of the largest value is not done. Layers with hooks, parametrizations, without running averages,
    in training mode or read elsewhere too stay, and the report says why. The given network is not changed;
    hooks of kept layers are called while the copies are tried. A network that cannot be copied or traced
    comes back as it is, and `report.refused` says why.

    Raises ValueError for a model that is no module, an input that holds no tensor, an argument that forward
    does not take, a module to skip that is not there, and an unknown goal or tracer.
    """
    if goal not in (FEWEST, LITERALLY):
        raise ValueError(f"goal must be {FEWEST!r} or {LITERALLY!r}, not {goal!r}")
    if tracer not in (None, *TRACERS):
        raise ValueError(f"tracer must be {' or '.join(map(repr, TRACERS))}, not {tracer!r}")
    try:
        model = _module_of(model)
    except NotTraced as why:  # of a program
        return Reduction(cast("ExportedProgram", model).module(), Report(goal, refused=str(why)))
    inputs = arguments(model, example_input, example_kwargs)
    way = Way(skipped(model, skip), [tracer] if tracer else list(TRACERS))
    if exported(model):
        if way.skip:
            raise ValueError("skip: what comes from torch.export is one graph without modules")
        way = Way([], ["torch.fx"])  # which takes its graph as it is
    report = Report(goal)
    shown = Progress(progress)
    with undisturbed(), untouched(model):
        try:
            net = _reduced(model, copied_inputs(inputs), report, way, shown)
        except (_NotReduced, NotTraced) as why:
            net, report = _unchanged(model), Report(goal, refused=str(why))
        finally:
            shown.end()
    report.seconds = shown.seconds
    return Reduction(net, report)


def _module_of(model: Any) -> nn.Module:
    """The network of a program, and the one that torch.compile has compiled."""
    if isinstance(model, ExportedProgram):
        with quiet():
            return from_program(model)
    if not isinstance(model, nn.Module):
        raise ValueError(f"model must be a torch.nn.Module, not {type(model).__name__}")
    # the same layers, under a longer path
    return cast("nn.Module", model._orig_mod) if type(model).__name__ == "OptimizedModule" else model


class _NotReduced(Exception):
    """Why the network as a whole stays as it is."""


def _unchanged(model: nn.Module) -> nn.Module:
    try:
        return copied(model)
    except Exception:  # what cannot be copied is given back itself, untouched
        return model


def _reduced(
    model: nn.Module, inputs: tuple[Any, ...], report: Report, way: Way, progress: Progress
) -> nn.Module:
    _refuse_whole(model)
    generator = torch.Generator().manual_seed(0)
    run_once, wanted, still, keeps = _observed(model, inputs)
    if drew():
        report.notes.append("It draws at random; from the same seed the result draws the same numbers.")
    chosen = Cases(run_once, wanted, inputs, report.goal == FEWEST, generator, progress)
    drawn = drawing.graph(run_once if still else copied(model), model, inputs, way, chosen.agrees)
    own, report.traced = drawn.graph, drawn.how
    if opened := own.meta.pop(AUTOCAST_OFF, None):
        report.notes.append(_not_opened(opened))
    unseen = keeps - set(drawn.remembered.values())  # torch.fx sees most of it, torch.export nothing
    if unseen and (at := memory_at(model, inputs, own)):
        raise _NotReduced(f"its forward keeps a tensor on itself ({at}), which the next call may read")
    progress.part(PROOF)
    cases, seen, few = chosen.inputs_of_all, chosen.seen, chosen.for_float64()
    assert seen is not None
    del run_once, chosen
    mine = Rewriter(own, report.goal, kept=drawn.kept)
    report.before = mine.steps()
    lent = lend(own, model)
    work = _decided(mine, model, inputs, few, drawn.remembered, generator, report, progress)
    progress.part(REWRITING)
    cost, size = mine.macs(), parameters(model)
    mine.repeat(work)
    mine.edited.finish()
    give_back(mine.module, lent)
    if report.goal == LITERALLY and any(row.fixed for row in work.rows.values()):
        of_the_example(mine.module, inputs)
    if kind := not_saved(mine.module.graph):
        report.notes.append(
            f"It calls {kind}: torch.save cannot save its graph (torch.save(model.state_dict(), …) can), "
            "torch.export.save can."
        )
    report.after = mine.steps()
    report.stages = list(mine.stages.values())
    report.macs, report.parameters = (cost, mine.macs()), (size, parameters(mine.module))

    progress.part(PROOF)

    def exact() -> Any:
        again = drawing.graph(
            copied(model), model, inputs, replace(way, tracers=[drawn.tracer]), lambda graph: True
        )
        exact = in_float64(again.graph, spent=True)
        result = _in_exact_numbers(exact, exactly(inputs))
        let_go(exact)
        return result

    tried = mine.module if still else copied(mine.module)
    report.error_in_use, why = compared(tried, model, cases, seen, exact, still)
    if why:
        raise _NotReduced(why if repeats(model, inputs) else f"{why}: its next call gives another result")
    rows = [
        row if key in mine.rows else replace(row, applied=False, reason=_why(mine.failed.get(key)))
        for key, row in work.rows.items()
    ]
    report.rows = rows + mine.refusals([row for row in rows if not row.applied])
    return unmarked(mine.module)


def _decided(
    mine: Rewriter,
    model: nn.Module,
    inputs: tuple[Any, ...],
    few: list[tuple[Any, ...]],
    remembered: dict[str, str],
    generator: torch.Generator,
    report: Report,
    progress: Progress,
) -> Rewriter:
    """What can be done: each step and the whole proved, on a copy in float64 that has gone then."""
    twin = in_float64(mine.module, others=random_numbers(list(mine.view.layers.values()), generator))
    for node in twin.graph.nodes:  # which hold for the network's own numbers
        node.target = let_pass if node.target is asserted else node.target
    work = Rewriter(twin, report.goal, progress=progress)
    written = [value.target for _, value in work.view.memory.writes if value.op == "get_attr"]
    if written:
        raise _NotReduced(f"its forward changes its own tensor {written[0]} in place")
    if hooked := [name for name, p in model.named_parameters() if _has_hooks(p)]:
        report.notes.append(
            f"Hooks on parameters are not in the result, as in no copy ({', '.join(hooked)})."
        )
    if shared := not_copied(model):
        report.notes.append(
            f"A function holds layers of the given network ({', '.join(shared)}): the result calls these, or"
            " has their numbers as constants."
        )
    if remembered:
        report.notes.append(_remembered(remembered, work))
    for given in [some for one in few for some in (as_many(one, inputs), one)]:
        before = _in_exact_numbers(twin, exactly(given))
        if before is not None:
            break
    work.run(generator)
    if before is None:
        report.notes.append("The whole does not run in float64, so only each step was proved there.")
    else:
        report.error = _proved(twin, exactly(given), before)
        if report.error is None:
            report.notes.append(
                "With random numbers rounding alone turns the whole over, even in float64: only each step was"
                " proved with them."
            )
    work.let_go()
    return work


def _has_hooks(parameter: Tensor) -> bool:
    return any(getattr(parameter, of, None) for of in ("_backward_hooks", "_post_accumulate_grad_hooks"))


def _proved(twin: fx.GraphModule, inputs: tuple[Any, ...], before: Any) -> float | None:
    """The error of the rewritten float64 copy, None where rounding moves a deep network as far as numbers go.
    Raises _NotReduced where rounding does not explain it.
    """
    after = _run(twin, inputs, "with random numbers in float64")
    error = difference(after, before)
    if not error <= TOLERANCE:
        moved = tree_map(lambda x: x * (1 + 1e-15) if isinstance(x, Tensor) else x, inputs)
        own = difference(_run(twin, moved, "in float64"), after)
        if own > 1e-3:
            return None
        if not error <= 100 * own:
            raise _NotReduced(f"the whole would err by {error:.1e} of its largest value")
    return error


def _remembered(kept: dict[str, str], work: Rewriter) -> str:
    """What the report says of values that the forward keeps, which are the same at each call. Raises
    _NotReduced where one is written to.
    """
    for node in work.module.graph.nodes:
        if node.name in kept and work.view.memory.written(node):
            raise _NotReduced(
                f"its forward keeps a tensor on itself ({kept[node.name]}) and changes it in place"
            )
    places = list(dict.fromkeys(kept.values()))
    shown = ", ".join(places[:3]) + (f" and {len(places) - 3} more" if len(places) > 3 else "")
    return (
        f"Its forward keeps what its parameters alone decide ({shown}); the result computes it at each call."
    )


def _not_opened(where: list[str]) -> str:
    places = ", ".join(dict.fromkeys(path for path in where if path))
    return (
        f"Its forward opens an autocast that is off{f' (in {places})' if places else ''}; the reduced network"
        " opens none, and under an autocast of yours computes there as everywhere."
    )


def _why(failure: Failure | None) -> str:
    return failure.reason if failure else "a step before it was not done"


def _refuse_whole(model: nn.Module) -> None:
    if model.training and not exported(model):
        raise _NotReduced("it is in training mode, where batch norm depends on the batch; call .eval() first")
    if isinstance(model, torch.jit.ScriptModule):
        raise _NotReduced("torch.jit has compiled it; give the network that was scripted or traced")
    if any(isinstance(p, nn.parameter.UninitializedParameter) for p in model.parameters()):
        raise _NotReduced("a lazy layer has no size yet; run the network once first")
    if any(tensor.is_meta for tensor in (*model.parameters(), *model.buffers())):
        raise _NotReduced("it has shapes only and no numbers (device='meta'); load its numbers first")
    stays = hook_on(model) or whole(model)
    if stays and not exported(model):  # whose hook checks its input, as the graph does
        raise _NotReduced(f"the network itself has {stays}" if hook_on(model) else stays)
    hooks = torch.nn.modules.module
    if any((hooks._global_forward_hooks, hooks._global_forward_pre_hooks, hooks._global_backward_hooks)):
        raise _NotReduced(
            "hooks on all modules are registered, which merged layers would call at other places"
        )


def _observed(model: nn.Module, inputs: tuple[Any, ...]) -> tuple[nn.Module, Any, bool, set[str]]:
    """(a copy that has run once, its result, whether it is what it was, where it has other tensors)."""
    try:
        net = copied(model)
    except Exception as error:
        raise _NotReduced(f"it cannot be copied ({line(error)})") from error
    before, tensors = state(net), versions(net)
    try:
        result = run(net, inputs)
    except Exception as error:
        raise _NotReduced(_why_not_run(model, inputs, line(error))) from error
    still = unaltered(net, before)
    return net, result, still, set() if still else kept(versions(net), tensors)


def _why_not_run(model: nn.Module, inputs: tuple[Any, ...], said: str) -> str:
    try:
        with_gradients(copied(model), inputs)
    except Exception:
        return f"it does not run with the example input ({said})"
    return f"it runs only where gradients are recorded ({said})"


def _run(twin: fx.GraphModule, inputs: tuple[Any, ...], how: str) -> Any:
    try:
        # node by node: to compile the graph takes longer than to run it once
        seed()
        with torch.no_grad(), TapByTap():
            return NodeByNode(twin).run(*copied_inputs(inputs))
    except Exception as error:
        raise _NotReduced(f"it does not run {how} ({line(error)})") from error


def _in_exact_numbers(twin: fx.GraphModule, inputs: tuple[Any, ...]) -> Any:
    """What the float64 copy gives, or None where its parts insist on another dtype."""
    try:
        return _run(twin, inputs, "in float64")
    except _NotReduced:
        return None
