"""Mutants of the solution that are no mistakes, and why."""

import torch

from nonconv import layers
from nonconv.checks.given import gates
from nonconv.checks.given.layers import Layer


def breaks_additivity(answer):
    """By the library's layer with the weights of the given one: one map each, not the same, and other sums."""

    def se(x):
        return layers.squeeze_excitation(x[None], gates.W0, gates.W1)

    x, y = (one.double() for one in answer(Layer("squeeze-excitation-four-channels")))
    used = [(one != 0).any(2).any(1) for one in (x, y)]
    one_each = (
        all(map_is_used.sum() == 1 for map_is_used in used) and not (used[0] & used[1]).any()
    )  # exact: a count
    return one_each and torch.linalg.norm(se(x + y) - se(x) - se(y)) > 1e-4


RIGHT = {"breaks_additivity": breaks_additivity}
