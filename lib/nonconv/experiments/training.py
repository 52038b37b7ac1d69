"""Many networks of one form, trained at once: the same steps, in a fraction of the time."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

Parameters = dict[str, Tensor]


def stacked(starts: Sequence[Mapping[str, Tensor]]) -> Parameters:
    """The parameters of several networks in one tensor each, (networks, …).

    ValueError for networks of other forms.
    """
    if len({tuple((name, value.shape) for name, value in one.items()) for one in starts}) != 1:
        raise ValueError("the networks must have the same parameters, with the same shapes")
    return {name: torch.stack([one[name] for one in starts]) for name in starts[0]}


def side_by_side(
    scores: Callable[[Parameters, Tensor], Tensor],
    starts: Sequence[Mapping[str, Tensor]],
    images: Tensor,
    labels: Tensor,
    *,
    epochs: int = 15,
    batch: int = 100,
    rate: float = 0.03,
) -> Parameters:
    """Train each network by Adam on cross-entropy; all see the same batches in the same order.

    `scores(parameters, images)` are those of one network, (N, classes). The rate rises and falls once (Smith
    and Topin, "Super-Convergence", 2018). What comes back is stacked: entry n is of network n.

    Raises ValueError for a batch that is larger than the number of images.
    """
    if not 1 <= batch <= len(images):
        raise ValueError(f"batch must lie in [1, {len(images)}], the number of images, not {batch}")
    parameters = {name: value.clone().requires_grad_() for name, value in stacked(starts).items()}
    all_scores = torch.func.vmap(scores, in_dims=(0, None))  # (networks, N, classes)
    optimiser = torch.optim.Adam(parameters.values(), lr=rate)
    steps = epochs * -(-len(images) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    shuffle = torch.Generator().manual_seed(0)
    for _ in range(epochs):
        for chosen in torch.randperm(len(images), generator=shuffle).split(batch):
            guesses = all_scores(parameters, images[chosen]).flatten(0, 1)
            target = labels[chosen].repeat(len(starts))
            loss = torch.nn.functional.cross_entropy(guesses, target) * len(starts)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return {name: value.detach() for name, value in parameters.items()}
