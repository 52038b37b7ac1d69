"""The property of a network whose batch norms are folded into its convolutions."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.checks.given.digits import digits
from nonconv.checks.given.networks import id_of, network
from nonconv.checks.guard import ForbiddenCall, own_work
from nonconv.checks.properties._base import outputs_of_shape, registered
from nonconv.checks.properties._networks import A_NETWORK, Handed, in_drawn_order
from nonconv.reduction import fold

# kernels that a batch norm under another name needs; a convolution's bias may be added by itself
COMPUTING = ("mul", "div", "sqrt", "pow", "square", "reciprocal", "norm", "lerp", "mm", "mv", "dot")

MIXED = 100  # images of which each is one digit less another one twice


@registered(question=A_NETWORK)
def has_no_batch_norm_left(inputs: dict[str, Any], answer: Handed) -> str | None:
    """A network that answers all 1797 digits as the given one does, with its batch norms folded."""
    original = network(id_of(inputs["model"]))
    model = answer.network
    answer.unaltered(original, "work on copies, copy.deepcopy(layer)")
    if any(isinstance(module, nn.modules.batchnorm._NormBase) for module in model.modules()):
        return "there is still a batch norm in it"
    images = in_drawn_order(digits())
    with torch.no_grad(), own_work(may_call=("conv", "norm", "pool")) as wanted:
        expected = original(images)
    try:
        with (
            torch.no_grad(),
            _in_evaluation_mode(model),
            own_work(may_call=("conv", "pool", "layer_norm", "group_norm")) as called,
        ):
            got = model(images)
    except ForbiddenCall as call:
        return f"it still calls {call.what}"
    except Exception as error:
        said = f"running it on the digits stopped with {type(error).__name__}: {str(error)[:150]}"
        with _in_evaluation_mode(model):
            return said + _hint(original, model, images)
    got = outputs_of_shape(got, expected)
    labels = int((got.argmax(1) != expected.argmax(1)).sum())
    error = (got - expected).abs().max().item()
    if not (error < 1e-10 and labels == 0):
        said = f"{labels} of 1797 labels differ, and an output by {error:.2g} (at most 1e-10 is rounding)"
        with _in_evaluation_mode(model):
            return said + _hint(original, model, images)
    return _elsewhere(original, model, images) or _not_folded(wanted, called)


def _elsewhere(original: nn.Sequential, model: nn.Module, images: Tensor) -> str | None:
    """What is wrong on images that are no digits: folded, the network is the same everywhere."""
    others = images[:MIXED] - 2 * images[-MIXED:]
    with torch.no_grad(), _in_evaluation_mode(model):
        error = (outputs_of_shape(model(others), expected := original(others)) - expected).abs().max().item()
    if error < 1e-10:
        return None
    return f"on the digits it is right; on differences of two an output is off by {error:.2g}"


@contextmanager
def _in_evaluation_mode(model: nn.Module) -> Iterator[None]:
    """The network itself: a copy fails where a layer keeps a tensor with its graph."""
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True


def _not_folded(wanted: Counter[str], called: Counter[str]) -> str | None:
    """What a network computes beyond the given one's layers: its batch norms under another name."""
    more = called - wanted
    if n := more["convolution"]:
        return (
            f"it gives the right answers, but with {n} convolution{'s' * (n > 1)} more than the given network"
            " has: that is batch norm as a layer of its own. Fold it into the convolution before it: G into"
            " its kernel, g into its bias."
        )
    if extra := sorted({name.strip("_") for name in more if any(word in name for word in COMPUTING)}):
        return (
            "it gives the right answers, but beside the given network's layers it computes"
            f" {', '.join(extra)} each time it runs: batch norm is still there, under another name. Fold it"
            " once: G into the kernel of the convolution before it, g into its bias."
        )
    return None


def _hint(original: nn.Sequential, model: nn.Module, images: Tensor) -> str:
    """Where it first differs. A layer may lack anything, a kernel or a stride: then there is no hint."""
    try:
        return _first_difference(original, model, images)
    except Exception:
        return ""


def _first_difference(original: nn.Sequential, model: nn.Module, images: Tensor) -> str:
    """Where a list of layers first differs from the given network, folded; empty if that is unclear."""
    if not isinstance(model, nn.Sequential):
        return ""
    right: list[tuple[int, nn.Module]] = []
    for n, (layer, after) in enumerate(pairwise([*original, nn.Identity()])):
        if isinstance(layer, nn.Conv2d) and isinstance(after, nn.BatchNorm2d):
            right.append((n, fold(layer, after)))
        elif not isinstance(layer, nn.BatchNorm2d):
            right.append((n, layer))
    own = [layer for layer in model if not isinstance(layer, nn.Identity)]
    if len(own) != len(right):
        return f". It has {len(own)} layers; folded, the given network has {len(right)}"
    x = y = images
    with torch.no_grad():
        for (n, layer), mine in zip(right, own, strict=True):
            x = layer(x)
            try:
                y = mine(y)
            except Exception:  # which has been told
                y = x.new_empty(0)
            if x.shape != y.shape or not torch.allclose(x, y, rtol=0, atol=1e-10):
                return f". The first layer that differs: {_layer(n, original)}{_which_part(layer, mine)}"
    return ""


def _layer(n: int, original: nn.Sequential) -> str:
    name = f"the {type(original[n]).__name__} at place {n} of the given network"
    behind = n + 1 < len(original) and isinstance(original[n + 1], nn.BatchNorm2d)
    return f"{name}, with the batch norm behind it" if behind else name


def _which_part(right: nn.Module, mine: nn.Module) -> str:
    """Of two convolutions: what makes one differ from the other?"""
    if not isinstance(right, nn.Conv2d) or not isinstance(mine, nn.Conv2d):
        return ""
    if mine.weight.dtype != right.weight.dtype:
        return f". Its kernel is {mine.weight.dtype}, and that of the given one is {right.weight.dtype}"
    if mine.weight.shape != right.weight.shape or not torch.allclose(mine.weight, right.weight):
        return ". Its kernel is not the merged one"
    for name in ("stride", "padding", "dilation", "groups", "padding_mode"):
        given, own = getattr(right, name), getattr(mine, name)
        if given != own:
            return (
                f". Its {name} is {own}, and that of the given one is {given}: copy.deepcopy(layer) keeps all"
            )
    assert right.bias is not None  # it is folded, or the given one, which does not differ
    if mine.bias is None or mine.bias.shape != right.bias.shape or not torch.allclose(mine.bias, right.bias):
        return ". Its kernel is right, its bias is not"
    return ". It is right to some digits only: is something computed in float32 on the way?"
