"""The checks: references, inputs, points."""

import torch

from nonconv import layers
from nonconv.authoring import Check, first_that, normal, vector


def chain(L: int, seed: int) -> dict[str, torch.Tensor]:
    """Weights of a chain x_l = tanh(w_l x_{l−1}) and the values x_1..x_L that it takes from some x_0."""
    w = 1.2 + normal(L, seed=seed) / 4
    w = w * torch.where(normal(L, seed=seed + 1) > 0.5, -1.0, 1.0)
    x, values = torch.tensor(0.4, dtype=torch.float64), []
    for weight in w:
        x = layers.tanh(weight * x)
        values.append(x)
    return {"w": w, "s": torch.stack(values)}


def chain_gradients(w, s):
    """By autograd: x_l as a leaf, the rest of the chain run from it."""
    gradients = []
    for start in range(len(w)):
        z = torch.atanh(s[start]) / w[start]  # the x_{l−1} from which x_l = s[l] comes
        x = z.detach().requires_grad_()
        last = x
        for weight in w[start:]:
            last = layers.tanh(weight * last)
        gradients.append(torch.autograd.grad(last, x)[0])
    return torch.stack(gradients)


def as_shown(seed: int) -> list[dict[str, torch.Tensor]]:
    """Chains of the lengths that students see; the longest has weights of both signs."""

    def both_signs(w: torch.Tensor, s: torch.Tensor) -> bool:
        return bool((w[1:] < 0).any()) and bool((w[1:] > 0).any())

    return [chain(1, seed), chain(2, seed + 2), first_that(both_signs, lambda seed: chain(4, seed), seed + 4)]


chaining = {"answer": "chain_gradients", "reference": chain_gradients, "returns": ("the gradients",)}
chaining |= {"may_not_call": ("autograd",), "rtol": 1e-9, "atol": 1e-12}

CHECKS = [
    Check.of(
        name="chain-gradients-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[{"w": vector(4), "s": vector(0.5)}, chain(2, seed=12), chain(4, seed=10)],
        **chaining,
    ),
    Check.of(
        name="chain-gradients-deep",
        points=1,
        hidden="a longer chain.",
        inputs=lambda seed: [chain(9, seed=seed)],
        seed=20,
        **chaining,
    ),
]
