"""The values of a check as plain JSON, and back: numbers and names, never code."""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.checks.given.layers import Layer
from nonconv.checks.given.networks import id_of, network
from nonconv.checks.symbols import is_formula


def copies(inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs with which a function may do what it likes."""
    return {
        name: value.fresh() if isinstance(value, Layer) else copy.deepcopy(value)
        for name, value in inputs.items()
    }


def is_plain(value: Any, *, formulas: bool = False) -> bool:
    """Is it a number, a text, a tensor, None, or a tuple of them? `formulas`: a formula may be among them."""
    if isinstance(value, tuple | list):
        return all(is_plain(item, formulas=formulas) for item in value)
    if formulas and is_formula(value):
        return True
    return value is None or isinstance(value, Tensor | bool | int | float | str)


def encode(value: Any) -> Any:
    """Plain JSON for a tensor, a number, a string, None, a given layer or network, a formula, or a tuple."""
    if isinstance(value, Layer):
        return {"layer": value.id, **value.parameters}
    if isinstance(value, nn.Module):
        return {"network": id_of(value)}
    if isinstance(value, Tensor):
        tensor = value.detach()
        return {
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "shape": list(tensor.shape),
            "values": [
                round(number, 12) + 0.0 if isinstance(number, float) else number
                for number in tensor.reshape(-1).tolist()
            ],
        }
    if isinstance(value, tuple | list):
        return {"list" if isinstance(value, list) else "tuple": [encode(item) for item in value]}
    if is_formula(value):
        from nonconv.checks import formula

        return {"sympy": formula.encode(value)}
    return value


def decode(value: Any) -> Any:
    """The inverse of `encode`."""
    if isinstance(value, dict) and "tuple" in value:
        return tuple(decode(item) for item in value["tuple"])
    if isinstance(value, dict) and "list" in value:
        return [decode(item) for item in value["list"]]
    if isinstance(value, dict) and "layer" in value:
        return Layer(value["layer"], **{name: given for name, given in value.items() if name != "layer"})
    if isinstance(value, dict) and "network" in value:
        return network(value["network"])
    if isinstance(value, dict) and "sympy" in value:
        from nonconv.checks import formula

        return formula.decode(value["sympy"])
    if isinstance(value, dict):
        return torch.tensor(value["values"], dtype=getattr(torch, value["dtype"])).reshape(value["shape"])
    return value
