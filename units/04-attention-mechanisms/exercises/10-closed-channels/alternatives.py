"""Right answers that go other ways."""

import functools
import math

import numpy as np
import torch
import torch.nn.functional as F

from nonconv.authoring import right


@right("closed_channels")
def by_the_largest_weight(gate, images, threshold):
    return gate(images).max(dim=0).values < threshold


@right("closed_channels")
def channel_by_channel(gate, images, threshold):
    closed = torch.ones(8, dtype=torch.bool)
    for image in images:
        closed &= gate(image[None])[0] < threshold
    return closed


@right("closed_channels")
def counts_the_images(gate, images, threshold):
    return (gate(images) < threshold).sum(0) == len(images)  # exact: a count


@right("closed_channels")
def not_open_for_any(gate, images, threshold):
    return ~(gate(images) >= threshold).any(dim=0)


@right("closed_channels")
def by_way_of_numpy(gate, images, threshold):
    return torch.from_numpy(np.all(gate(images).numpy() < threshold, axis=0))


@right("closed_channels")
def by_plain_numbers(gate, images, threshold):
    columns = zip(*gate(images).tolist(), strict=True)
    return torch.tensor([all(weight < threshold for weight in column) for column in columns])


@right("closed_channels")
def folds_the_truth_values(gate, images, threshold):
    return functools.reduce(torch.logical_and, gate(images) < threshold)


@right("closed_channels")
def multiplies_truth_values(gate, images, threshold):
    return (gate(images) < threshold).int().prod(0).bool()
