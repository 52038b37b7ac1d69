"""Mutants of the solutions that are no mistakes, and why."""

import torch

from nonconv import layers
from nonconv.checks.given import gates
from nonconv.checks.given.layers import Layer


def order_matters(answer):
    """By the library's layers with the weights of the given gates: do the two orders differ enough?"""
    X = answer(Layer("channel-gate"), Layer("spatial-gate"))[None].double()

    def channel(X):
        return X * layers.channel_attention(X, gates.W0, gates.W1)

    def spatial(X):
        return X * layers.spatial_attention(X, gates.KERNEL[None])

    Y, other = spatial(channel(X)), channel(spatial(X))
    return (X != 0).sum() == 1 and torch.linalg.norm(Y - other) > 0.01 * torch.linalg.norm(
        Y
    )  # exact: a count


RIGHT = {"order_matters": order_matters}
