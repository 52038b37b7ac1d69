"""A network leaves the kernel as data, and what is built of them outside gives the same; forged data call
nothing that is not on the list."""

import copy
import json
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from nonconv import layers
from nonconv.checks.network_in import rebuilt
from nonconv.checks.network_kinds import FUNCTIONS, METHODS
from nonconv.checks.network_out import MAX_NUMBERS, NoData, described


class Block(nn.Module):
    """Layers of its own, tensors that are no parameters, functions, and a layer that is no part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.scale, self.inner = torch.rand(4, 1, 1), nn.Sequential(nn.ReLU(), nn.Identity())
        self.activation, self.hidden = layers.relu, [nn.Conv2d(4, 2, 1)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.inner(self.norm(self.conv(x))) * self.scale
        y = torch.cat([y[:, :2], self.activation(-y[:, 2:])], dim=1) + F.pad(x[..., 1:, :], (0, 0, 0, 1))
        return self.hidden[0](y).flatten(1).mean(dim=1, keepdim=True)


class Asserting(nn.Module):
    """Says what it takes, which changes no result."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        assert x.shape[1] == 1, "one map"
        y = self.conv(x)
        if y.dim() != 4:
            raise ValueError(f"a batch of images, not {y.shape}")
        return y


def sent(model: nn.Module) -> nn.Module:
    return rebuilt(json.loads(json.dumps(described(model))))


SHARED = nn.Conv2d(1, 1, 3, padding=1)
NETWORKS: list[nn.Module] = [
    nn.Sequential(nn.Conv2d(1, 4, 3, padding_mode="reflect", padding=1), nn.BatchNorm2d(4), nn.GELU()),
    Block(),
    nn.Sequential(Block(), nn.Linear(1, 3)),
    Asserting(),
    nn.Sequential(layers.Conv2d(1, 4, 3), layers.BatchNorm2d(4), layers.SqueezeExcitation(4, 2)),
    nn.Sequential(SHARED, nn.ReLU(), SHARED),
    nn.Sequential(
        nn.ConvTranspose2d(1, 3, 2, stride=2), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(12, 2)
    ),
]


@pytest.mark.parametrize("model", NETWORKS)
def test_what_is_built_outside_gives_what_the_network_gives(model: nn.Module) -> None:
    model, images = copy.deepcopy(model).eval(), torch.randn(2, 1, 8, 8)
    again = sent(model)
    assert torch.equal(again(images), model(images))  # exact: the same numbers through the same kernels
    assert not again.training


def test_a_layer_in_two_places_is_one_layer_outside() -> None:
    again = sent(nn.Sequential(SHARED, nn.ReLU(), SHARED))
    assert again[0] is again[2]  # type: ignore[index]


class Deciding(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x if x.sum() > 0 else -x


class Reading(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.fft.fft(x).real


def hooked() -> nn.Module:
    model = nn.Sequential(nn.ReLU())
    model[0].register_forward_hook(lambda *_: None)
    return model


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (Deciding(), "no list of the steps"),
        (Reading(), "fft"),
        (hooked(), "a forward hook"),
        (nn.Sequential(nn.Linear(1000, 1 + MAX_NUMBERS // 1000)), "take fewer maps"),
        (nn.LSTM(2, 2), "no list of the steps"),
        (nn.LazyLinear(3), "a forward pre-hook"),
    ],
)
def test_what_cannot_be_written_down_is_refused_with_the_reason(model: nn.Module, says: str) -> None:
    with pytest.raises(NoData, match=says):
        described(model)


def steps(*found: Any) -> dict[str, Any]:
    module = {"steps": [["placeholder", "x", [], {}], *found], "parts": {}, "training": False}
    return {"network": 0, "modules": [module]}


RELU = described(nn.Sequential(nn.ReLU()))


@pytest.mark.parametrize(
    "forged",
    [
        None,
        {},
        {"network": 0, "modules": []},
        {"network": 3, "modules": RELU["modules"]},
        steps(["call_function", "builtins.eval", ["1"], {}]),
        steps(["call_function", "torch.load", ["/etc/passwd"], {}]),
        steps(["call_function", "os.system", ["true"], {}]),
        steps(["call_method", "__class__", [{"step": 0}], {}]),
        steps(["call_method", "numpy", [{"step": 0}], {}]),
        steps(["call_method", "relu", [{"step": 1}], {}]),
        steps(["evaluate", "x", [], {}]),
        steps(["tensor", {"dtype": "float32", "shape": [2**40], "bytes": ""}]),
        steps(["tensor", {"dtype": "float32", "shape": [4], "bytes": ""}]),
        steps(["tensor", {"dtype": "quint8", "shape": [1], "bytes": "AA=="}]),
        {"network": 0, "modules": [{"sequential": {"0": 0}, "training": False}]},
        {
            "network": 0,
            "modules": [{"sequential": {"__class__": 1}, "training": False}, *RELU["modules"][1:]],
        },
        {"network": 1, "modules": [{}, {**RELU["modules"][1], "kind": "torch.nn.Module"}]},
        {"network": 1, "modules": [{}, {**RELU["modules"][1], "settings": {"_modules": {"dict": {}}}}]},
        {"network": 1, "modules": [{}, {**RELU["modules"][1], "settings": {"__class__": 1}}]},
    ],
)
def test_forged_data_are_no_network(forged: Any) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the data are, nothing is built of them
        rebuilt(forged)


class Compiled(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return layers.relu(x, compiled=True)


def test_a_network_that_is_judged_starts_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    again, x = sent(Compiled()), torch.tensor([-1.0, 2.0])
    monkeypatch.setattr(torch, "compile", lambda *_, **__: pytest.fail("a compiler was started"))
    assert torch.equal(again(x), torch.tensor([0.0, 2.0]))  # exact: ReLU rounds nothing


def test_no_function_or_method_on_the_list_reads_writes_or_evaluates() -> None:
    for word in (
        "load",
        "save",
        "eval",
        "exec",
        "compile",
        "import",
        "open",
        "file",
        "numpy",
        "apply",
        "storage",
    ):
        assert not [name for name in (*FUNCTIONS, *METHODS) if word in name.lower().split(".")[-1]]


def test_a_layer_keeps_its_own_methods_whatever_its_settings_say() -> None:
    x, conv = torch.randn(1, 1, 3, 3), nn.Conv2d(1, 1, 3, padding=1)
    right = conv(x)
    forged = json.loads(json.dumps(described(conv)))
    for name in ("forward", "_conv_forward", "_call_impl", "_compiled_call_impl"):
        (layer,) = forged["modules"]
        layer["settings"] = {name: {"function": "torch.relu"}}
        with pytest.raises(ValueError, match="own method"):
            rebuilt(forged)
    assert torch.equal(sent(conv)(x), right)  # exact: the same steps
    conv._conv_forward = torch.lerp  # type: ignore[assignment]
    assert not isinstance(sent(conv), nn.Conv2d)  # it is written down as the steps that it takes
