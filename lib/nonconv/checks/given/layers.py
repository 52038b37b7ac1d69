"""A layer that an exercise hands over: an id and parameters in a check's data, a callable in the notebook.

It runs with the guard lifted: a student may call what the exercise hands over, whatever that calls itself.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from nonconv.checks.registry import Registry
from nonconv.checks.watching import hands_over, lifted


@dataclass(frozen=True)
class Form:
    """An input's shape (M, H, W); the kernel, stride and padding of the convolution that is looked for."""

    shape: tuple[int, int, int]
    kernel: int
    stride: int = 1
    padding: int = 0


@dataclass(frozen=True)
class Entry:
    """A registered layer: its function, the words that a student reads, the defaults of its parameters."""

    function: Callable[..., Any]
    words: str
    form: Form | None = None
    is_convolution: bool | None = None  # None: this is no question of an exercise
    defaults: dict[str, Any] = field(default_factory=dict)


LAYERS: Registry[Entry] = Registry("layer")
Function = TypeVar("Function", bound=Callable[..., Any])


def layer(
    id: str, words: str, form: Form | None = None, *, is_convolution: bool | None = None
) -> Callable[[Function], Function]:
    """Register a function as the layer `id`. Its keyword-only arguments are parameters, each with a default.

    `words` is what a student reads of it in a diagnosis; a parameter may stand in it, as in "SAME, {seed}".
    """

    def add(function: Function) -> Function:
        parameters = inspect.signature(function).parameters.values()
        defaults = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}
        LAYERS.add(id, Entry(function, words, form, is_convolution, defaults))
        return function

    return add


class Layer:
    """A registered layer with its parameters, callable.

    ValueError for an id that is not registered, and for a parameter that this layer does not have.

    >>> Layer("same-three-channels", seed=7)
    <SAME with three maps, 7>
    """

    def __init__(self, id: str, **parameters: Any) -> None:
        self.id, self.entry = id, LAYERS[id]
        if unknown := parameters.keys() - self.entry.defaults.keys():
            has = ", ".join(self.entry.defaults) or "none"
            raise ValueError(f"the layer {id!r} has no parameter {', '.join(sorted(unknown))}; it has {has}")
        self.parameters = {**self.entry.defaults, **parameters}
        # a function with a state of its own, such as a budget, makes a new one for each layer
        self.function = getattr(self.entry.function, "fresh", lambda: self.entry.function)()

    def fresh(self) -> "Layer":
        """The same layer as if nobody had called it."""
        return Layer(self.id, **self.parameters)

    @property
    def form(self) -> Form:
        """The form in which it is looked for. ValueError for a layer that has none, such as a gate."""
        if self.entry.form is None:
            raise ValueError(f"the layer {self.id!r} was registered without a form")
        return self.entry.form

    def __call__(self, *inputs: Any) -> Any:
        return _call(self, *inputs)

    def __repr__(self) -> str:
        return f"<{self.entry.words.format(**self.parameters)}>"


def _made() -> tuple[Callable[[], None], Callable[..., Any]]:
    """(close, call), which share the functions that were registered while the course was imported."""
    known: dict[str, Any] = {}

    def close() -> None:
        """No function that is registered from now on is called with the guard lifted."""
        if not known:
            known.update((id, entry.function) for id, entry in LAYERS.items())

    @hands_over
    def call(layer: Layer, *inputs: Any) -> Any:
        function, registered = layer.function, known.get(layer.id)
        stateful = hasattr(registered, "fresh") and type(function) is type(registered)
        if function is not registered and not stateful:
            return function(*inputs, **layer.parameters)  # a student's own layer, under the guard
        with lifted():
            return function(*inputs, **layer.parameters)

    return close, call


close, _call = _made()
