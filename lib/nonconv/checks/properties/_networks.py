"""The question about a network: what leaves the kernel of one, and what a property gets of it outside."""

import secrets
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.checks.compare import describe
from nonconv.checks.network_in import rebuilt
from nonconv.checks.network_out import NoData, described
from nonconv.checks.properties._base import Question, Unfit, a_network, parts

MAX_NAMES = 500  # that stand beside a network
MAX_TEXT_CHARS = 1000  # of what is said of one


@dataclass(frozen=True)
class Handed:
    """A network as it came out of the kernel.

    network: built anew from its layers and steps, or why it cannot be. given: the network that the exercise
    handed over, as the answer left it: the kinds of its layers, and its numbers. holds_given: does that stand
    among its parts? names: what stands beside the network in a pair.
    """

    made: nn.Module | None
    refused: str | None
    given: tuple[list[str], dict[str, Tensor]] | None
    holds_given: bool
    names: list[Any] | None

    @property
    def network(self) -> nn.Module:
        """The network. Unfit where it could not be read."""
        if self.made is None:
            raise Unfit(f"your network cannot be read: {self.refused}. Build it of layers and plain steps")
        return self.made

    def unaltered(self, original: nn.Sequential, advice: str) -> None:
        """Unfit where the network that the exercise handed over is not as it was."""
        kinds, after = self.given or ([], {})
        before = original.state_dict()
        for name in before:
            if name not in after or not torch.equal(before[name], after[name]):
                raise Unfit(f"the given network was changed (its {name}): {advice}")
        if kinds != [type(layer).__name__ for layer in original]:
            raise Unfit(f"the given network was changed (its list of layers): {advice}")


def in_drawn_order(images: Tensor) -> Tensor:
    """The images in an order that nobody can know: a network that gives stored outputs, a row for each image
    in the order of the table, reads none of them."""
    drawn = torch.Generator().manual_seed(secrets.randbits(63))
    return images[torch.randperm(len(images), generator=drawn)]


def _asked(inputs: dict[str, Any], answer: Any) -> dict[str, Any]:
    """What is told of a network, and of the one that it was made from."""
    try:
        model = a_network(answer)
    except Unfit as problem:
        return {"unfit": str(problem)}
    if isinstance(model, nn.ModuleList | nn.ModuleDict):
        kind = type(model).__name__
        return {"unfit": f"return a torch.nn.Sequential of the layers: a {kind} holds them and runs none"}
    found: dict[str, Any] = {}
    given = inputs.get("model")
    if isinstance(given, nn.Sequential):
        found["holds_given"] = model is not given and any(one is given for one in model.modules())
        found["given"] = _state(given)
    try:
        return found | described(model)
    except NoData as reason:
        return found | {"refused": str(reason)}


def _state(given: nn.Sequential) -> dict[str, Any]:
    """Its layers' kinds, and its numbers as a module that holds nothing else."""
    state, holder = given.state_dict(), nn.Identity()
    for n, tensor in enumerate(state.values()):
        holder.register_buffer(f"t{n}", tensor)
    kinds = [type(layer).__name__ for layer in given]
    return {"kinds": kinds, "names": list(state), **described(holder)}


def _read(data: Any) -> Handed | Unfit:
    if "unfit" in data:
        return Unfit(str(data["unfit"])[:MAX_TEXT_CHARS])
    refused = str(data["refused"])[:MAX_TEXT_CHARS] if "refused" in data else None
    given = None
    if "given" in data:
        one = data["given"]
        tensors = list(rebuilt(one).buffers())
        given = [str(kind) for kind in one["kinds"]], dict(zip(one["names"], tensors, strict=True))
    made = None if refused else rebuilt(data)
    return Handed(made, refused, given, data.get("holds_given") is True, data.get("names"))


def _asked_pair(inputs: dict[str, Any], answer: Any) -> dict[str, Any]:
    """The same of a pair, (network, names)."""
    try:
        wanted = "the network and the list of names, (model, names)"
        model, names = parts(answer, 2, wanted, of_tensors=True)
    except Unfit as problem:
        return {"unfit": str(problem)}
    if not isinstance(names, tuple | list):
        return {"unfit": f"names must be a list of names, not {describe(names)}"}
    told = [one if isinstance(one, str) else {"kind": type(one).__name__} for one in names[:MAX_NAMES]]
    return _asked(inputs, model) | {"names": told}


A_NETWORK = Question(_asked, _read)
A_NETWORK_AND_NAMES = Question(_asked_pair, _read)
