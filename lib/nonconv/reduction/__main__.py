"""python -m nonconv.reduction NETWORK: reduce a network and print the report.

NETWORK is MODULE:NAME, where the name is that of a network, or of a function that returns one, or one and an
example input; or FILE.pt2, a program that torch.export has saved; or FILE.pt, a whole module that torch.save
has. All three run code of whoever wrote them.
"""

import argparse
import importlib
import operator
import sys
from pathlib import Path
from typing import Any

import torch
from torch import nn

from nonconv.reduction.drawing import TRACERS
from nonconv.reduction.exporting import exported, from_program, quiet, to_save
from nonconv.reduction.network import reduce
from nonconv.reduction.reasons import NotTraced
from nonconv.reduction.rewriter import FEWEST, LITERALLY

SUFFIXES = (".pt2", ".pt")


def loaded(name: str) -> tuple[nn.Module, tuple[Any, ...] | None]:
    """(the network, its example inputs if it has some). ValueError where it cannot be loaded; says why."""
    if name.endswith(SUFFIXES):
        return _from_file(name)
    module, colon, path = name.partition(":")
    if not colon or not path:
        raise ValueError(
            f"{name!r} is neither MODULE:NAME, such as torchvision.models:resnet18, nor FILE.pt2 or FILE.pt"
        )
    sys.path.insert(0, str(Path.cwd()))
    try:
        made = operator.attrgetter(path)(importlib.import_module(module))
    except Exception as error:  # a module may raise anything
        raise ValueError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
    if not isinstance(made, nn.Module):
        try:
            made = made()
        except Exception as error:
            raise ValueError(
                f"{name} cannot be called without arguments: {type(error).__name__}: {error}"
            ) from error
    net, example = made if isinstance(made, tuple) and len(made) == 2 else (made, None)
    if not isinstance(net, nn.Module):
        raise ValueError(f"{name} must return a torch.nn.Module, not {type(net).__name__}")
    net = net if exported(net) else net.eval()
    return net, None if example is None else example if isinstance(example, tuple) else (example,)


def _from_file(name: str) -> tuple[nn.Module, tuple[Any, ...] | None]:
    if not Path(name).exists():
        raise ValueError(f"there is no file {name}")
    sys.path.insert(0, str(Path.cwd()))  # where the classes of a whole module may be
    try:
        with quiet():
            held = torch.export.load(name) if name.endswith(".pt2") else torch.load(name, weights_only=False)
    except Exception as error:
        raise ValueError(f"{name} cannot be read: {type(error).__name__}: {error}") from error
    if isinstance(held, torch.export.ExportedProgram):
        args, kwargs = held.example_inputs or ((), {})
        try:
            return from_program(held), (*args, *kwargs.values()) or None
        except NotTraced as why:
            raise ValueError(f"{name} cannot be reduced: {why}") from why
    if isinstance(held, nn.Module):
        return held if exported(held) else held.eval(), None
    what = "its numbers alone (a state_dict)" if isinstance(held, dict) else f"a {type(held).__name__}"
    raise ValueError(f"{name} holds {what} and no network; name a function that builds it, as MODULE:NAME")


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
    parser.add_argument("network", metavar="NETWORK", help="MODULE:NAME, FILE.pt2 or FILE.pt")
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
