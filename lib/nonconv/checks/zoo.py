"""The path by which released notebooks import what an exercise gives, and the words by which they name it."""

from torch import nn

from nonconv.checks.given import layers, networks


def Layer(words: str) -> layers.Layer:  # noqa: N802 - the name in released notebooks
    """The layer of these words, such as "a gate trained on digits". ValueError if there is none."""
    for id, entry in layers.LAYERS.items():
        if entry.words == words:
            return layers.Layer(id)
    known = ", ".join(entry.words for entry in layers.LAYERS.values())
    raise ValueError(f"there is no layer {words!r}; there is {known}")


def network(words: str) -> nn.Sequential:
    """The network of these words, such as "two convolutions with batch norm". ValueError if there is none."""
    for id, entry in networks.NETWORKS.items():
        if entry.words == words:
            return networks.network(id)
    known = ", ".join(entry.words for entry in networks.NETWORKS.values())
    raise ValueError(f"there is no network {words!r}; there is {known}")
