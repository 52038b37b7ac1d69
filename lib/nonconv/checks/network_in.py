"""A network from the plain data that `nonconv.checks.network_out` makes, outside the kernel that ran a
student's code.

The data may be hostile: layers, functions and methods are those of `nonconv.checks.network_kinds`, called
with numbers, texts and tensors. What such a network computes may take long and much memory, so whoever runs a
stranger's does that in a process with limits of its own (`nonconv.grading.engine.apart`).
"""

import base64
from math import inf, nan, prod
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.checks.network_kinds import DTYPES, FUNCTIONS, KINDS, METHODS
from nonconv.checks.network_out import MAX_DEPTH, MAX_MODULES, MAX_NUMBERS, MAX_STEPS, PRIVATE

COMPILED = "compiled"  # an option of the course's layers
NOT_FINITE = {"nan": nan, "inf": inf, "-inf": -inf}


class Steps(nn.Module):
    """A module of one input whose forward is a list of steps; each has the values of those before it."""

    def __init__(self, steps: list[Any], parts: dict[str, nn.Module]) -> None:
        super().__init__()
        self.steps = steps
        for path, part in parts.items():
            *above, name = path.split(".")
            place: nn.Module = self
            for one in above:
                if one not in place._modules:
                    place.add_module(one, nn.Module())
                place = place.get_submodule(one)
            place.add_module(name, part)

    def forward(self, x: Any) -> Any:
        values: list[Any] = []
        waiting = [x]
        for step in self.steps:
            if step[0] == "tensor":
                values.append(step[1])
                continue
            op, target, args, kwargs = step
            if op == "placeholder":
                given = _filled(args, values)
                if not waiting and not given:
                    raise TypeError(f"forward needs {target}")
                values.append(waiting.pop(0) if waiting else given[0])
                continue
            args, kwargs = _filled(args, values), _filled(kwargs, values)
            if op == "output":
                return args[0]
            if op == "call_module":
                values.append(self.get_submodule(target)(*args, **kwargs))
            elif op == "call_method":
                values.append(getattr(args[0], target)(*args[1:], **kwargs))
            else:
                values.append(target(*args, **kwargs))
        return None


class _Step(int):
    """The number of a step whose value stands here."""


def _filled(value: Any, values: list[Any]) -> Any:
    if isinstance(value, _Step):
        return values[value]
    if isinstance(value, tuple | list):
        return type(value)(_filled(one, values) for one in value)
    if isinstance(value, dict):
        return {key: _filled(one, values) for key, one in value.items()}
    if isinstance(value, slice):
        return slice(*(_filled(one, values) for one in (value.start, value.stop, value.step)))
    return value


def rebuilt(data: Any) -> nn.Module:
    """The network. Any exception says that the data are none."""
    modules = data["modules"]
    if not 0 < len(modules) <= MAX_MODULES:
        raise ValueError("too many modules")
    return _Rebuilt(modules).module(data["network"], MAX_DEPTH)


class _Rebuilt:
    def __init__(self, modules: list[Any]) -> None:
        self.data, self.made, self.left = modules, {}, MAX_NUMBERS

    def module(self, number: Any, depth: int) -> nn.Module:
        if type(number) is not int or not 0 <= number < len(self.data) or depth < 0:
            raise ValueError("no such module")
        if number in self.made:
            if self.made[number] is None:
                raise ValueError("a module in itself")
            return self.made[number]
        self.made[number] = None
        found = self._made(self.data[number], depth)
        for part in (found, *(one for one in found.modules() if type(one) is nn.Module)):
            part.training = self.data[number]["training"] is True
        self.made[number] = found
        return found

    def _made(self, data: Any, depth: int) -> nn.Module:
        if "sequential" in data:
            found = nn.Sequential()
            for name, number in data["sequential"].items():
                found.add_module(_name(name), self.module(number, depth - 1))
            return found
        parts = {name: self.module(number, depth - 1) for name, number in data["parts"].items()}
        if "steps" in data:
            if len(data["steps"]) > MAX_STEPS:
                raise ValueError("too many steps")
            for path in parts:
                for name in path.split("."):
                    _name(name)
            return Steps([self.step(one, n) for n, one in enumerate(data["steps"])], parts)
        kind = KINDS[data["kind"]]
        found: Any = kind.__new__(kind)
        nn.Module.__init__(found)
        for name, value in data["settings"].items():
            if callable(getattr(kind, name, None)) or hasattr(nn.Module, name):  # _compiled_call_impl, say
                raise ValueError("a setting in the place of a layer's own method")
            found.__dict__[_name(name)] = self.value(value, 0, MAX_DEPTH)
        for name, tensor in data["parameters"].items():
            value = self.tensor(tensor)
            weight = None if value is None else nn.Parameter(value, requires_grad=value.is_floating_point())
            found.register_parameter(_name(name), weight)
        for name, tensor in data["buffers"].items():
            found.register_buffer(_name(name), self.tensor(tensor))
        for name, part in parts.items():
            found.add_module(_name(name), part)
        return found

    def step(self, data: Any, place: int) -> list[Any]:
        if data[0] == "tensor":
            return ["tensor", self.tensor(data[1])]
        op, target, args, kwargs = data
        if op not in ("placeholder", "call_module", "call_method", "call_function", "output"):
            raise ValueError("an unknown step")
        if op == "call_function":
            target = FUNCTIONS[target]
        elif not isinstance(target, str) or (op == "call_method" and target not in METHODS):
            raise ValueError("an unknown method")
        given = [self.value(one, place, MAX_DEPTH) for one in args]
        return [
            op,
            target,
            given,
            {
                str(key): self.value(one, place, MAX_DEPTH)
                for key, one in kwargs.items()
                if key != COMPILED  # the numbers are the same, and a compiler is a program with files
            },
        ]

    def value(self, data: Any, place: int, depth: int) -> Any:
        """An argument of the step at that place, or a setting (place 0)."""
        if data is None or isinstance(data, bool | int | float | str):
            return data
        if depth == 0:
            raise ValueError("lists in lists, too deep")
        match data:
            case {"step": int(number)} if 0 <= number < place:
                return _Step(number)
            case {"tensor": tensor}:
                return self.tensor(tensor)
            case {"number": name}:
                return NOT_FINITE[name]
            case {"dtype_of": name}:
                return DTYPES[name]
            case {"device": _}:
                return torch.device("cpu")
            case {"function": name}:
                return FUNCTIONS[name]
            case {"ellipsis": _}:
                return Ellipsis
            case {"list": inside}:
                return [self.value(one, place, depth - 1) for one in inside]
            case {"tuple": inside}:
                return tuple(self.value(one, place, depth - 1) for one in inside)
            case {"slice": [start, stop, step]}:
                return slice(*(self.value(one, place, depth - 1) for one in (start, stop, step)))
            case {"dict": pairs}:
                return {str(key): self.value(one, place, depth - 1) for key, one in pairs.items()}
        raise ValueError("no value")

    def tensor(self, data: Any) -> Tensor | None:
        if data is None:
            return None
        dtype, shape = DTYPES[data["dtype"]], data["shape"]
        if not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError("no shape")
        self.left -= prod(shape)
        if self.left < 0:
            raise ValueError("too many numbers")
        raw = base64.b64decode(data["bytes"], validate=True)
        if not raw and not prod(shape):  # else what lay in memory, of another's answer perhaps, would be read
            return torch.empty(shape, dtype=dtype)
        if dtype is torch.bool:  # whose bytes must be 0 or 1
            return torch.frombuffer(bytearray(raw), dtype=torch.uint8).reshape(shape).bool()
        return torch.frombuffer(bytearray(raw), dtype=dtype).reshape(shape)


def _name(name: Any) -> str:
    if not isinstance(name, str) or name in PRIVATE or (not name.isidentifier() and not name.isdecimal()):
        raise ValueError("no name of a part")
    if name.startswith("__"):
        raise ValueError("no name of a part")
    return name
