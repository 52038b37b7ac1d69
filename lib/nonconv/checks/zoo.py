"""The path by which released notebooks import a given layer, and the words by which they name it."""

from nonconv.checks.given import layers


def Layer(words: str) -> layers.Layer:  # noqa: N802 - the name in released notebooks
    """The layer of these words, such as "a gate trained on digits". ValueError if there is none."""
    for id, entry in layers.LAYERS.items():
        if entry.words == words:
            return layers.Layer(id)
    known = ", ".join(entry.words for entry in layers.LAYERS.values())
    raise ValueError(f"there is no layer {words!r}; there is {known}")
