"""What a model costs: its parameters, and the multiply–adds of one pass.

    convolution             M/g · p · q · K · H' · W' for each image
    transposed convolution  M · K/g · p · q · H · W, the same numbers with input and output exchanged
    linear, matrix product  one for each pair of numbers that is multiplied and summed

Counted are convolutions of any dimension, linear layers and matrix products (attention's two among them), as
modules or as functions. Not counted are biases, batch norm, activations, pooling, sums, and products place by
place, such as a gate's: that is how published figures are meant, many of which call a multiply–add a "FLOP".
"""

from collections.abc import Callable
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves, tree_map_only
from torch.utils.flop_counter import FlopCounterMode


def count_parameters(model: nn.Module) -> int:
    """How many numbers the model learns; one used twice counts once, running averages do not count."""
    return sum(parameter.numel() for parameter in model.parameters())


def count_macs(model: Callable[..., Any], *inputs: Any) -> int:
    """Multiply–adds of `model(*inputs)`, in the mode (training or use) that the model is in.

    Nothing is computed: the model runs on the meta device, where tensors have a shape and no numbers, and
    each kernel that is called says what it would cost. The model and the inputs stay as they are. A
    convolution of `nonconv.layers` counts the same whether it is `fast` or the sum over its own taps.

    A model that is no module but a function takes all its tensors as inputs: `count_macs(conv2d, x, weight)`.

    Raises ValueError for inputs without a tensor, inputs that the model cannot take, and a model that needs
    numbers, such as a branch that depends on them.
    """
    return _counter(model, inputs).get_total_flops() // 2


def macs_by_module(model: nn.Module, *inputs: Any) -> dict[str, int]:
    """The multiply–adds of each submodule by its name, those within it included; "" is the whole model.

    Submodules that cost nothing are left out. Raises ValueError as `count_macs`.
    """
    counts = _counter(model, inputs).get_flop_counts()
    whole = type(model).__name__
    return {
        "" if name == whole else name.removeprefix(f"{whole}."): sum(kinds.values()) // 2
        for name, kinds in counts.items()
        if name != "Global" and sum(kinds.values())
    }


def _counter(model: Callable[..., Any], inputs: tuple[Any, ...]) -> FlopCounterMode:
    shapes = tree_map_only(Tensor, lambda x: x.detach().to("meta"), inputs)
    if not any(isinstance(x, Tensor) for x in tree_leaves(shapes)):
        raise ValueError(
            "count_macs needs at least one tensor as an input, since the cost depends on its shape"
        )
    counter = FlopCounterMode(display=False, custom_mapping=VECTORS)
    try:
        with torch.no_grad(), counter:
            if isinstance(model, nn.Module):
                # tied by hand: torch's way puts a module that is used twice back without its numbers
                torch.func.functional_call(model, _on_meta(model), shapes, tie_weights=False)
            else:
                model(*shapes)
    except (NotImplementedError, RuntimeError) as error:
        raise ValueError(f"the model does not run on shapes alone, without numbers: {error}") from error
    return counter


def _on_meta(model: nn.Module) -> dict[str, Tensor]:
    """Every parameter and buffer without its numbers, under one name for each module that has it."""
    return {
        f"{path}.{name}" if path else name: tensor.detach().to("meta")
        for path, module in model.named_modules()
        for own in (module.named_parameters(recurse=False), module.named_buffers(recurse=False))
        for name, tensor in own
    }


def _matrix_vector(matrix: tuple[int, ...], *_: Any, **__: Any) -> int:
    return 2 * prod(matrix)


def _added_matrix_vector(_: Any, matrix: tuple[int, ...], *__: Any, **___: Any) -> int:
    return 2 * prod(matrix)


# The framework's counter knows products of matrices, but not with a vector.
VECTORS = {
    torch.ops.aten.mv: _matrix_vector,
    torch.ops.aten.dot: _matrix_vector,
    torch.ops.aten.addmv: _added_matrix_vector,
}
