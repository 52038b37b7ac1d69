"""Properties of the capstone: a network with a prediction of what `reduce` leaves; a cheaper network."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from nonconv.checks.given.digits import digits
from nonconv.checks.given.networks import id_of, network
from nonconv.checks.properties._base import Unfit, outputs_of_shape, registered
from nonconv.checks.properties._networks import A_NETWORK, A_NETWORK_AND_NAMES, Handed, in_drawn_order
from nonconv.layers import BatchNorm2d
from nonconv.reduction import reduce

NORMS = (nn.modules.batchnorm._NormBase, BatchNorm2d)
LEAST_NORMS, MOST_MACS = 3, 5_000_000
SAME_LABELS = 0.99  # of the digits
# kernels that `count_macs` counts, and those that multiply nothing; batch norm is to be folded
COUNTED = {"convolution", "mm", "addmm", "bmm", "baddbmm", "mv", "addmv"}
FREE_NAMES = """
    relu clamp clamp_min hardtanh threshold maximum minimum sigmoid tanh max_pool2d
    max_pool2d_with_indices avg_pool2d adaptive_avg_pool2d mean sum amax add sub neg constant_pad_nd
    view unsafe_view unsqueeze squeeze permute transpose t expand slice select split split_with_sizes
    unbind cat stack clone detach alias as_strided empty empty_like new_empty zeros new_zeros fill zero
    copy to_copy lift_fresh sym_size
"""
FREE = set(FREE_NAMES.split())


class _Counted(TorchDispatchMode):
    """Unfit where a kernel multiplies and is not counted: so a convolution could be had for nothing."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func._schema.name.replace("aten::", "").strip("_")
        if name not in COUNTED | FREE or (kwargs or {}).get("alpha", 1) != 1:
            raise Unfit(
                f"your network calls {name}, and count_macs does not count what that multiplies. Build it of"
                " convolutions, linear layers, ReLU, pooling, sums, and what only moves numbers; fold a batch"
                " norm"
            )
        return func(*args, **(kwargs or {}))


_dispatch: Any = _Counted.__torch_dispatch__  # torch wraps it, see nonconv.checks.guard
_Counted.__torch_dispatch__ = getattr(_dispatch, "__wrapped__", _dispatch)


def _macs(model: nn.Module, images: Tensor) -> int:
    """As `count_macs`, but with numbers: a student's module may keep tensors that are no parameters."""
    from torch.utils.flop_counter import FlopCounterMode  # it takes a while to import

    from nonconv.layers.cost import VECTORS

    with torch.no_grad(), FlopCounterMode(display=False, custom_mapping=VECTORS) as counter:
        model(images)
    return counter.get_total_flops() // 2


@contextmanager
def _in_use(model: nn.Module) -> Iterator[None]:
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module in training:
            module.training = True


# ------------------------------------------------------------------------- a network and a prediction
@registered(question=A_NETWORK_AND_NAMES)
def is_predicted_rightly(inputs: dict[str, Any], answer: Handed) -> str | None:
    """(network, names): for images of (M, size, size), and `reduce` leaves just the batch norms named."""
    said = [_name(one) for one in answer.names or []]
    if answer.made is None:
        return f"`reduce` leaves this whole network as it is: {answer.refused}. Take one that it can read."
    model = answer.made
    with _in_use(model):
        images = _images(model, inputs["M"], inputs["size"])
        times = _norms(model, images)
        _said_of(model, said, list(times))
        report = reduce(model, images).report
    if report.refused:
        return f"`reduce` leaves this whole network as it is: {report.refused}. Take one that it can read."
    merged = {
        name: one.rule
        for one in report.applied
        if "batch norm" in one.rule
        for name in one.where.split(" + ")
        if name in times
    }
    left = [name for name in times if name not in merged]
    if not merged:
        return "`reduce` removes none of its batch norms: take a network in which it removes one at least"
    if not left:
        return "`reduce` removes all of its batch norms: take a network in which one stays at least"
    if missing := [name for name in left if name not in said]:
        why = [one.reason for one in report.left if missing[0] in one.where.split(" + ") and one.reason]
        return (
            f"you predict that {missing[0]!r} goes, and it stays. Which neighbour could take it in?"
            f"{' The report has the reason of a rule that was tried.' if why else ''}"
        )
    if extra := [name for name in said if name not in left]:
        return f"you predict that {extra[0]!r} stays, and it goes: {merged[extra[0]]}"
    return None


def _name(value: Any) -> str:
    if not isinstance(value, str):
        kind = value.get("kind") if isinstance(value, dict) else type(value).__name__
        raise Unfit(f"each name must be a text, such as '1' or 'block.norm', not {str(kind)[:80]}")
    return value


def _images(model: nn.Module, M: int, size: int) -> Tensor:
    """Images that the network can take, and that cost little enough."""
    dtype = next((one.dtype for one in model.parameters() if one.is_floating_point()), torch.float32)
    images = torch.randn(2, M, size, size, generator=torch.Generator().manual_seed(0), dtype=dtype)
    try:
        model(images)
        macs = _macs(model, images)
    except Exception as error:  # whatever a student's network does
        said = f"{type(error).__name__}: {str(error)[:150]}"
        raise Unfit(f"running it on images of shape {tuple(images.shape)} stopped with {said}") from error
    if macs > MOST_MACS:
        raise Unfit(
            f"two images take {macs:,} multiply–adds; take a network of at most {MOST_MACS:,}, which a check"
            " can reduce in a moment"
        )
    return images


def _norms(model: nn.Module, images: Tensor) -> Counter[str]:
    """How often each batch norm runs in one pass, by its name, in order. Unfit where that is not once."""
    times: Counter[str] = Counter()
    handles = [
        module.register_forward_hook(lambda *_, name=name: times.update([name]))
        for name, module in model.named_modules()
        if isinstance(module, NORMS)
    ]
    try:
        model(images)
    finally:
        for handle in handles:
            handle.remove()
    if len(times) < LEAST_NORMS:
        raise Unfit(
            f"{len(times)} batch norm{'s run' if len(times) != 1 else ' runs'} in it, and at least"
            f" {LEAST_NORMS} are wanted (torch.nn.BatchNorm2d or BatchNorm1d)"
        )
    if twice := [name for name, n in times.items() if n > 1]:
        raise Unfit(
            f"the batch norm {twice[0]!r} runs {times[twice[0]]} times, so its name does not say which place"
            " is meant: give each place a batch norm of its own"
        )
    return times


def _said_of(model: nn.Module, said: list[str], norms: list[str]) -> None:
    called = ", ".join(map(repr, norms))
    if len(set(said)) < len(said):
        raise Unfit("a name stands twice in your list")
    if unknown := [name for name in said if name not in norms]:
        raise Unfit(f"no batch norm of it is called {unknown[0]!r}; they are called {called}")


# ------------------------------------------------------------------- the same labels, fewer multiply–adds
@registered(question=A_NETWORK)
def has_the_labels_for_less(inputs: dict[str, Any], answer: Handed) -> str | None:
    """A network that gives 99 % of the digits the given one's labels, for at most `budget` multiply–adds."""
    original, budget = network(id_of(inputs["model"])), inputs["budget"]
    model = answer.network
    answer.unaltered(original, "work on copies, copy.deepcopy(layer)")
    images = in_drawn_order(digits())
    with torch.no_grad():
        expected = original(images)
    with _in_use(model):
        got = outputs_of_shape(_run(model, images), expected)
        # a network may compute with the number of images: what it does for one is not what it does for many
        macs = max(_macs(model, images[:1]), -(-_macs(model, images) // len(images)))
        same = (got.argmax(1) == expected.argmax(1)).double().mean().item()
        if not same >= SAME_LABELS:
            return (
                f"{(1 - same) * len(images):.0f} of {len(images)} labels differ from the given network's, and"
                f" at most {(1 - SAME_LABELS) * len(images):.0f} may. It takes {macs:,} multiply–adds."
            )
        if macs > budget:
            return (
                f"the labels are right, but it takes {macs:,} multiply–adds for an image; {budget:,} are"
                f" allowed (the given network takes {_macs(original, images[:1]):,})"
            )
        with _Counted():
            _run(model, images[:1])
    return None


def _run(model: nn.Module, images: Tensor) -> Any:
    """Its outputs. Unfit where it stops."""
    try:
        return model(images)
    except Unfit:
        raise
    except Exception as error:  # whatever a student's network does
        said = f"{type(error).__name__}: {str(error)[:150]}"
        raise Unfit(f"running it on the digits stopped with {said}") from error
