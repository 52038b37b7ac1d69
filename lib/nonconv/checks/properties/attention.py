"""Properties of unit 4: inputs on which attention shows what it is, and a network with SE in its places."""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.checks.given.digits import digits
from nonconv.checks.given.layers import Layer
from nonconv.checks.given.networks import id_of, network
from nonconv.checks.properties._base import (
    Unfit,
    outputs_of_shape,
    parts,
    registered,
    tensors,
)
from nonconv.checks.properties._networks import A_NETWORK, Handed

CHANNELS = 4  # of the inputs that the given gates take


def _channels(value: Any, name: str) -> Tensor:
    """A value in float64, if it is a finite tensor of CHANNELS channels."""
    (value,) = tensors((value,), f"{name} must be a tensor")
    if value.dim() != 3 or value.shape[0] != CHANNELS or not value.numel():
        raise Unfit(f"{name} must have shape ({CHANNELS}, H, W), not {tuple(value.shape)}")
    if not bool(torch.isfinite(value.detach()).all()):
        raise Unfit(f"all numbers of {name} must be finite")
    return value.detach().double()


@registered()
def shows_that_the_order_matters(inputs: dict[str, Any], answer: Any) -> str | None:
    """An X with one number other than 0, on which the two orders differ by more than a hundredth."""
    channel, spatial = inputs["channel"], inputs["spatial"]
    X = _channels(answer, "X")
    count = int(X.count_nonzero())
    if count == 0:
        return "X is 0 everywhere, and 0 times any weight is 0: both orders give 0"
    if count > 1:
        return (
            f"{count} numbers of X are not 0, but a single one may be: begin with"
            f" torch.zeros({CHANNELS}, H, W) and set one number"
        )
    one = channel(X) * X
    one = spatial(one) * one
    other = spatial(X) * X
    other = channel(other) * other
    size = one.norm().item()
    gap = (one - other).norm().item() / size if size > 0 else 0.0
    if gap > 1e-2:
        return None
    k, i, j = X.nonzero()[0].tolist()
    weights = channel(X)[k].item(), spatial(X)[0, i, j].item()
    if all(abs(weight - 0.5) < 0.1 for weight in weights):
        hint = (
            "Your number is so small that both gates stand near σ(0) = 1/2, whatever they look at: make it"
            " larger."
        )
    elif any(min(weight, 1 - weight) < 0.01 for weight in weights):
        hint = (
            f"Where your number stands, the channel gate gives {weights[0]:.3g} and the spatial gate"
            f" {weights[1]:.3g}: a gate that is wide open or shut hardly moves. Make the number smaller, or"
            " try another sign or another map."
        )
    else:
        hint = "One gate must change what the other sees: try another map, sign or size."
    return f"the relative difference of the two orders is {gap:.2g}, but it must be above 0.01. {hint}"


def _one_map(value: Tensor, name: str) -> int:
    """The number of the only map that is not 0 everywhere."""
    maps = value.flatten(1).any(1).nonzero().flatten().tolist()
    if not maps:
        raise Unfit(f"{name} is 0 everywhere, and adding 0 never shows anything: set one of its maps")
    if len(maps) > 1:
        raise Unfit(
            f"{name} is not 0 in {len(maps)} maps, {', '.join(map(str, maps))}, but it must be 0 in all maps"
            f" but one: begin with torch.zeros({CHANNELS}, H, W) and set one map"
        )
    return maps[0]


@registered()
def breaks_additivity_of_squeeze_and_excitation(inputs: dict[str, Any], answer: Any) -> str | None:
    """Two inputs, each of one map and not the same one, with se(x + y) ≠ se(x) + se(y)."""
    x, y = parts(answer, 2, "two tensors (x, y)", of_tensors=True)
    x, y = _channels(x, "x"), _channels(y, "y")
    if x.shape != y.shape:
        return f"x and y must have one shape, not {tuple(x.shape)} and {tuple(y.shape)}"
    k = _one_map(x, "x")
    if k == _one_map(y, "y"):
        return f"x and y are both in map {k} (counted from 0): put y into another map than x"
    se = inputs["se"]
    together, separately = se(x + y), se(x) + se(y)
    gap = (together - separately).abs().max().item()
    if gap > 1e-6 * (x.abs() + y.abs()).max().item() and gap > 0:
        return None
    if gap > 0:
        return f"the two differ by {gap:.2g} only, which rounding could explain; make it larger"
    return (
        "se(x + y) equals se(x) + se(y), so this is no counterexample. The weights are the same for x, for y"
        " and for x + y: try another sign or another map."
    )


def _with_se(model: nn.Sequential, se: Any, place: str) -> nn.Sequential:
    """The network with an SE block for each convolution, at a place such as "behind norm"."""
    layers: list[nn.Module] = []
    waiting = 0  # channels of the convolution whose block is still to come
    for n, layer in enumerate(model):
        if place == "before convolution" and isinstance(layer, nn.Conv2d):
            layers.append(se(layer.in_channels))
        layers.append(layer)
        if isinstance(layer, nn.Conv2d) and place != "before convolution":
            waiting = layer.out_channels
        following = model[n + 1] if n + 1 < len(model) else None
        after = {
            "behind convolution": True,
            "behind norm": not isinstance(following, nn.BatchNorm2d),
            "behind activation": isinstance(layer, nn.ReLU | nn.Sigmoid)
            or isinstance(following, nn.Flatten | None),
        }
        if waiting and after[place]:
            layers.append(se(waiting))
            waiting = 0
    return nn.Sequential(*layers)


PLACES = {  # of the blocks, where it is wrong
    "behind convolution": "an SE block stands between a convolution and its batch norm: put it behind the"
    " batch norm",
    "behind activation": "the SE blocks stand behind the activations: put each before the activation, behind"
    " the batch norm",
    "before convolution": "the SE blocks stand before the convolutions: put each behind its convolution,"
    " with as many maps as come out",
}


def _runs(model: nn.Module, kind: type[nn.Module], images: Tensor) -> Any:
    """What the network answers; Unfit where an SE block gets other maps than its own, or runs twice."""
    calls: dict[nn.Module, int] = {}

    def look(block: Any, given: Any) -> None:
        calls[block] = calls.get(block, 0) + 1
        if calls[block] > 1:
            raise Unfit("one SE block stands in two places: call se(C) anew for each convolution")
        (x,) = given
        C = len(block.b1)
        if not isinstance(x, Tensor) or x.dim() != 4:
            raise Unfit(
                "an SE block stands where there are no maps any more: put one behind each convolution only"
            )
        if x.shape[1] != C:
            raise Unfit(
                f"an SE block for {C} maps gets {x.shape[1]}: it needs as many maps as the convolution before"
                " it puts out"
            )

    model = copy.deepcopy(model).eval()
    for module in model.modules():
        if isinstance(module, kind):
            module.register_forward_pre_hook(look)
    try:
        return model(images)
    except Unfit:
        raise
    except Exception as error:
        raise Unfit(
            f"running it on the digits stopped with {type(error).__name__}: {str(error)[:150]}"
        ) from None


@registered(question=A_NETWORK)
def has_squeeze_and_excitation_behind_each_convolution(inputs: dict[str, Any], answer: Handed) -> str | None:
    """A network as the given one, with one SE block behind each convolution and its batch norm."""
    original = network(id_of(inputs["model"]))
    se = Layer(inputs["se"].id)
    if answer.holds_given:
        return (
            "the given network itself stands among its layers: model.modules() begins with the model. Go"
            " through its layers by `for layer in model`"
        )
    model = answer.network
    answer.unaltered(original, "build a new torch.nn.Sequential from its layers")
    images, kind = digits()[:100], type(se(2))
    with torch.no_grad():
        right = _with_se(original, se, "behind norm")(images)
        got = outputs_of_shape(_runs(model, kind, images), right)
        others = {place: _with_se(original, se, place) for place in PLACES}

        def close(output: Tensor) -> bool:
            return torch.allclose(got, output, rtol=1e-9, atol=1e-9)

        if close(right):
            return None
        if close(original(images)):
            return "it answers as the given network does: there is no SE block in its way"
        for place, other in others.items():
            if close(other(images)):
                return PLACES[place]
    blocks = sum(isinstance(module, kind) for module in model.modules())
    wanted = sum(isinstance(module, nn.Conv2d) for module in original)
    if blocks != wanted:
        return f"it has {blocks} SE blocks, but {wanted} convolutions: one behind each"
    gap = (got - right).abs().max().item()
    return (
        f"its outputs are off by up to {gap:.2g}: are the blocks in their places, and all"
        " other layers as given?"
    )
