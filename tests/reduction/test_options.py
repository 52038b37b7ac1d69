"""What a user may say to `reduce` beside the network: arguments, what to skip, how to trace; the command."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from nonconv.reduction import reduce
from nonconv.reduction.__main__ import main
from nonconv.reduction.reasons import SKIPPED

X = torch.randn(1, 3, 9, 9, generator=torch.Generator().manual_seed(0))


def pair(maps: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(maps, 8, 3), nn.BatchNorm2d(8))


def two_pairs() -> nn.Module:
    return nn.Sequential(pair(3), nn.ReLU(), pair(8)).eval()


def with_example() -> tuple[nn.Module, Tensor]:
    return two_pairs(), X


class Scaled(nn.Module):
    """Takes two arguments beside its input, by name or by place."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = pair(3)

    def forward(self, x: Tensor, scale: float = 1.0, shift: Tensor | None = None) -> Tensor:
        y = self.pair(x) * scale
        return y if shift is None else y + shift


class ByName(Scaled):
    def forward(self, x: Tensor, **more: Tensor) -> Tensor:  # type: ignore[override]
        return self.pair(x) + more["shift"]


def skips(net: nn.Module) -> dict:
    """Ways to name modules, and the batch norms that stay then."""
    last = net.get_submodule("2")
    return {
        "path": ("2", ["2.1"]),
        "module": ([last], ["2.1"]),
        "norm": (["2.1"], ["2.1"]),
        "convolution": (["2.0"], ["2.1"]),
        "class": ([nn.BatchNorm2d], ["0.1", "2.1"]),
    }


@pytest.mark.parametrize("how", ["path", "module", "norm", "convolution", "class"])
def test_a_module_to_be_skipped_stays_with_all_that_is_in_it(how: str) -> None:
    net = two_pairs()
    skip, stay = skips(net)[how]
    done = reduce(net, X, skip=skip)
    norms = [name for name, part in done.model.named_modules() if isinstance(part, nn.BatchNorm2d)]
    assert norms == stay
    assert how == "convolution" or all("is to be skipped" in row.reason for row in done.report.left)
    assert torch.allclose(done.model(X), net(X), atol=1e-5)
    assert not [part for part in (*done.model.modules(), *net.modules()) if SKIPPED in vars(part)]


def test_arguments_by_name_come_in_the_order_of_forward() -> None:
    net, shift = Scaled().eval(), torch.ones(8, 1, 1)
    done = reduce(net, X, example_kwargs={"shift": shift})
    assert not [part for part in done.model.modules() if isinstance(part, nn.BatchNorm2d)]
    assert torch.allclose(done.model(X, shift=shift), net(X, shift=shift), atol=1e-5)
    assert not reduce(net, None, example_kwargs={"x": X}).report.refused


def test_the_tracer_can_be_chosen() -> None:
    assert reduce(two_pairs(), X, tracer="torch.export").report.traced.startswith("torch.export")
    assert reduce(two_pairs(), X, tracer="torch.fx").report.traced == "torch.fx"
    refused = reduce(two_pairs(), X, tracer="torch.export", skip=["2"]).report.refused
    assert "torch.export would look into '2', which is to be skipped" in refused


@pytest.mark.parametrize(
    ("net", "how", "message"),
    [
        (two_pairs(), {"skip": ["2.7"]}, r"no module '2.7'; near it are 2"),
        (two_pairs(), {"skip": [nn.Conv3d]}, "no module 'Conv3d'"),
        (two_pairs(), {"skip": [nn.Module]}, "the network itself"),
        (two_pairs(), {"tracer": "jit"}, "'torch.fx' or 'torch.export', not 'jit'"),
        (Scaled().eval(), {"example_kwargs": {"mask": X}}, r"forward\(x, scale, shift\)"),
        (ByName().eval(), {"example_kwargs": {"shift": X}}, "takes shift in \\*\\*more"),
    ],
)
def test_what_does_not_fit_is_named(net: nn.Module, how: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        reduce(net, X, **how)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["reduction", *map(str, arguments)])
    return main()


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_the_command_prints_the_report_and_saves_what_can_be_reduced_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first.pt2", tmp_path / "second.pt"
    assert run(monkeypatch, f"{__name__}:with_example", "--skip", "2", "--out", first) == 0
    assert "convolution, then batch norm  0.0 + 0.1" in capsys.readouterr().out
    assert run(monkeypatch, first, "--out", second) == 0
    assert "1 step," in capsys.readouterr().out
    net = torch.load(second, weights_only=False)
    assert not [part for part in net.modules() if isinstance(part, nn.BatchNorm2d)]
    program = torch.export.load(first).module()
    assert torch.allclose(net(X), program(X), atol=1e-5)
    assert (
        program(torch.randn(5, *X.shape[1:-1], 12)).shape[0] == 5
    )  # what the network leaves free stays free


def test_the_command_takes_a_network_itself_and_a_whole_module_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "whole.pt"
    torch.save(two_pairs(), file)
    for name in (f"{__name__}:Here.net", file):
        assert run(monkeypatch, name, "--input", "1,3,9,9") == 0
        assert "2 steps" in capsys.readouterr().out


def failing() -> nn.Module:
    raise RuntimeError("there are no weights")


def with_a_hook() -> tuple[nn.Module, Tensor]:
    net = two_pairs()
    net.get_submodule("2").register_forward_hook(lambda *_: None)
    return net, X


class Here:
    net = two_pairs()


def exported() -> tuple[nn.Module, Tensor]:
    return torch.export.export(two_pairs(), (X,)).module(), X


def test_the_command_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = tmp_path / "numbers.pt"
    torch.save(two_pairs().state_dict(), numbers)
    (tmp_path / "empty.pt").touch()
    for name, message in (
        (f"{__name__}:two_pairs", "says no example input; add --input"),
        (f"{__name__}:three_pairs", "has no attribute 'three_pairs'"),
        (tmp_path / "none.pt2", "there is no file"),
        (numbers, "holds its numbers alone (a state_dict)"),
        (tmp_path / "empty.pt", "cannot be read"),
        ("resnet18", "neither MODULE:NAME"),
        ("no_such_module:net", "cannot be imported: ModuleNotFoundError"),
        (f"{__name__}:failing", "RuntimeError: there are no weights"),
    ):
        assert run(monkeypatch, name) == 2
        assert message in capsys.readouterr().err
    assert run(monkeypatch, f"{__name__}:two_pairs", "--input", "1,3,9,9") == 0
    assert run(monkeypatch, f"{__name__}:exported") == 0
    assert run(monkeypatch, f"{__name__}:with_a_hook", "--out", tmp_path / "hook.pt") == 1
    assert "not saved: torch.save cannot save it" in capsys.readouterr().err
    assert not (tmp_path / "hook.pt").exists()
    with pytest.raises(SystemExit):
        run(monkeypatch, f"{__name__}:with_example", "--out", tmp_path / "none" / "net.pt")
    assert "there is no folder" in capsys.readouterr().err
