"""Properties of unit 4: inputs on which attention shows what it is, and a network with SE in its places."""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.checks.given.digits import digits
from nonconv.checks.given.layers import Layer
from nonconv.checks.given.networks import id_of, network
from nonconv.checks.properties._base import Unfit, a_network, outputs_of_shape, parts, registered, unaltered

CHANNELS = 4  # of the inputs that the given gates take


def _channels(value: Any, name: str) -> Tensor:
    """A value in float64, if it is a finite tensor of CHANNELS channels."""
    if not isinstance(value, Tensor):
        raise Unfit(f"{name} must be a tensor, not {type(value).__name__}")
    if value.dim() != 3 or value.shape[0] != CHANNELS or not value.numel():
        raise Unfit(f"{name} must have shape ({CHANNELS}, H, W), not {tuple(value.shape)}")
    if value.dtype.is_complex:
        raise Unfit(f"{name} must hold real numbers, not {value.dtype}")
    if not bool(torch.isfinite(value.detach()).all()):
        raise Unfit(f"all numbers of {name} must be finite")
    return value.detach().double()


@registered()
def shows_that_the_order_matters(inputs: dict[str, Any], answer: Any) -> str | None:
    """An X on which channel-then-spatial and spatial-then-channel differ by more than a hundredth."""
    channel, spatial = inputs["channel"], inputs["spatial"]
    X = _channels(answer, "X")
    if not bool(X.any()):
        return "X is 0 everywhere, and 0 times any weight is 0: both orders give 0"
    one = channel(X) * X
    one = spatial(one) * one
    other = spatial(X) * X
    other = channel(other) * other
    size = one.norm().item()
    gap = (one - other).norm().item() / size if size > 0 else 0.0
    if gap > 1e-2:
        return None
    near = (channel(X) - 0.5).abs().max().item() < 0.1 and (spatial(X) - 0.5).abs().max().item() < 0.1
    hint = (
        "Your numbers are so small that all gates stand near σ(0) = 1/2, whatever they look"
        " at: make X larger."
        if near
        else "One gate must change what the other sees: give the maps different means, and the places too."
    )
    return f"the relative difference of the two orders is {gap:.2g}, but it must be above 0.01. {hint}"


@registered()
def breaks_additivity_of_squeeze_and_excitation(inputs: dict[str, Any], answer: Any) -> str | None:
    """Two inputs with se(x + y) ≠ se(x) + se(y)."""
    x, y = parts(answer, 2, "two tensors (x, y)")
    x, y = _channels(x, "x"), _channels(y, "y")
    if x.shape != y.shape:
        return f"x and y must have one shape, not {tuple(x.shape)} and {tuple(y.shape)}"
    se = inputs["se"]
    together, separately = se(x + y), se(x) + se(y)
    gap = (together - separately).abs().max().item()
    if gap > 1e-6 * (x.abs() + y.abs()).max().item() and gap > 0:
        return None
    if gap > 0:
        return f"the two differ by {gap:.2g} only, which rounding could explain; make it larger"
    both = "se(x + y) equals se(x) + se(y), so this is no counterexample. "
    if not bool(x.any()) or not bool(y.any()):
        return both + "One of them is 0 everywhere, and adding 0 never shows anything."
    return both + "The weights are the same for x, for y and for x + y. What must differ for them to differ?"


def _with_se(model: nn.Sequential, se: Any, place: str) -> nn.Sequential:
    """The network with an SE block for each convolution, at a place such as "behind norm"."""
    layers: list[nn.Module] = []
    waiting = 0  # channels of the convolution whose block is still to come
    for n, layer in enumerate(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            waiting = layer.out_channels
        following = model[n + 1] if n + 1 < len(model) else None
        after = {
            "behind convolution": True,
            "behind norm": not isinstance(following, nn.BatchNorm2d),
            "behind activation": isinstance(layer, nn.ReLU | nn.Sigmoid) or isinstance(following, nn.Flatten),
        }
        if waiting and after[place]:
            layers.append(se(waiting))
            waiting = 0
    return nn.Sequential(*layers)


@registered(in_kernel=True)
def has_squeeze_and_excitation_behind_each_convolution(inputs: dict[str, Any], answer: Any) -> str | None:
    """A network as the given one, with one SE block behind each convolution and its batch norm."""
    original = network(id_of(inputs["model"]))
    se = Layer(inputs["se"].id)
    model = a_network(answer)
    unaltered(inputs["model"], original, "build a new torch.nn.Sequential from its layers")
    images = digits()[:100]
    with torch.no_grad():
        expected = {
            place: _with_se(original, se, place)(images)
            for place in ("behind norm", "behind convolution", "behind activation")
        }
        try:
            got = copy.deepcopy(model).eval()(images)
        except Exception as error:
            return (
                f"running it on the digits stopped with {type(error).__name__}: {str(error)[:150]}."
                " An SE block needs"
                " as many maps as the convolution before it puts out"
            )
    right = expected["behind norm"]
    got = outputs_of_shape(got, right)

    def close(output: Tensor) -> bool:
        return torch.allclose(got, output, rtol=1e-9, atol=1e-9)

    if close(right):
        return None
    with torch.no_grad():
        if close(original(images)):
            return "it answers as the given network does: there is no SE block in its way"
    if close(expected["behind convolution"]):
        return "an SE block stands between a convolution and its batch norm: put it behind the batch norm"
    if close(expected["behind activation"]):
        return (
            "the SE blocks stand behind the activations: put each before the activation, behind"
            " the batch norm"
        )
    kind = type(se(2))
    blocks = sum(isinstance(module, kind) for module in model.modules())
    wanted = sum(isinstance(module, nn.Conv2d) for module in original)
    if blocks != wanted:
        return f"it has {blocks} SE blocks, but {wanted} convolutions: one behind each"
    gap = (got - right).abs().max().item()
    return (
        f"its outputs are off by up to {gap:.2g}: are the blocks in their places, and all"
        " other layers as given?"
    )
