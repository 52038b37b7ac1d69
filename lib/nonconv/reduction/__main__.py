"""python -m nonconv.reduction NETWORK: reduce a network and print the report.

NETWORK is MODULE:FUNCTION, where the function returns the network, or the network and an example input; or
FILE.pt2, a program that torch.export has saved. Both run code of whoever wrote them.
"""

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

import torch
from torch import nn

from nonconv.reduction.drawing import TRACERS
from nonconv.reduction.exporting import exported, from_program, quiet, to_save
from nonconv.reduction.network import reduce
from nonconv.reduction.rewriter import FEWEST, LITERALLY

SUFFIXES = (".pt2", ".pt")


def loaded(name: str) -> tuple[nn.Module, tuple[Any, ...] | None]:
    """(the network, its example inputs if it has some). ValueError where it cannot be loaded; says why."""
    if name.endswith(".pt2"):
        if not Path(name).exists():
            raise ValueError(f"there is no file {name}")
        try:
            with quiet():
                program = torch.export.load(name)
        except Exception as error:
            raise ValueError(f"{name} cannot be read: {type(error).__name__}: {error}") from error
        args, kwargs = program.example_inputs or ((), {})
        return from_program(program), (*args, *kwargs.values()) or None
    module, colon, function = name.partition(":")
    if not colon or not function:
        raise ValueError(
            f"{name!r} is neither MODULE:FUNCTION, such as torchvision.models:resnet18, nor FILE.pt2"
        )
    sys.path.insert(0, str(Path.cwd()))
    try:
        function_itself = getattr(importlib.import_module(module), function)
    except Exception as error:  # a module may raise anything
        raise ValueError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
    try:
        made = function_itself()
    except Exception as error:
        raise ValueError(
            f"{name} cannot be called without arguments: {type(error).__name__}: {error}"
        ) from error
    net, example = made if isinstance(made, tuple) else (made, None)
    if not isinstance(net, nn.Module):
        raise ValueError(f"{name} must return a torch.nn.Module, not {type(net).__name__}")
    net = net if exported(net) else net.eval()
    return net, None if example is None else example if isinstance(example, tuple) else (example,)


def size(text: str) -> tuple[int, ...]:
    """1,3,224,224 as numbers."""
    try:
        found = tuple(int(number) for number in text.split(","))
    except ValueError:
        found = ()
    if not found or min(found) < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no shape; write one as 1,3,224,224")
    return found


def save(net: nn.Module, inputs: tuple[Any, ...], path: Path) -> None:
    """As a program of torch.export (.pt2) or the whole module by torch.save (.pt).

    Raises ValueError where it cannot be saved.
    """
    if path.suffix == ".pt2":
        program = to_save(net, inputs)
        with quiet():
            torch.export.save(program, path)
        return
    try:
        torch.save(net, path)
    except Exception as error:  # what a kept layer holds may be of any kind
        path.unlink(missing_ok=True)
        raise ValueError(f"torch.save cannot save it: {type(error).__name__}: {error}") from error


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nonconv.reduction", description=__doc__)
    parser.add_argument("network", metavar="NETWORK", help="MODULE:FUNCTION or FILE.pt2")
    parser.add_argument(
        "--input",
        metavar="SHAPE",
        type=size,
        action="append",
        help="a random input of this shape, such as 1,3,224,224; once for each argument",
    )
    parser.add_argument(
        "--literally", action="store_true", help="all that is a convolution, whatever it costs"
    )
    parser.add_argument("--skip", metavar="PATH", action="append", default=[], help="a module that stays")
    parser.add_argument("--tracer", choices=sorted(TRACERS), help="default: the second where the first fails")
    parser.add_argument("--out", metavar="FILE", type=Path, help="save the reduced network: .pt2 or .pt")
    given = parser.parse_args()
    if given.out is not None and given.out.suffix not in SUFFIXES:
        parser.error(f"--out must end in {' or '.join(SUFFIXES)}, not {given.out.name!r}")
    if given.out is not None and not given.out.parent.is_dir():
        parser.error(f"--out: there is no folder {given.out.parent}")
    if given.skip and given.network.endswith(".pt2"):
        parser.error("--skip: what comes from torch.export is one graph without modules")
    try:
        net, example = loaded(given.network)
        generator = torch.Generator().manual_seed(0)
        if given.input:
            example = tuple(torch.randn(shape, generator=generator) for shape in given.input)
        if example is None:
            raise ValueError(f"{given.network} says no example input; add --input 1,3,224,224, or what fits")
        goal = LITERALLY if given.literally else FEWEST
        done = reduce(net, example, goal, skip=given.skip, tracer=given.tracer)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(done.report)
    if given.out is not None and not done.report.refused:
        try:
            save(done.model, example, given.out)
        except ValueError as error:
            print(f"\nnot saved: {error}", file=sys.stderr)
            return 1
    if given.out is not None:
        print(f"\n{'not saved' if done.report.refused else 'saved'}: {given.out}")
    return 1 if done.report.refused else 0


if __name__ == "__main__":
    sys.exit(main())
