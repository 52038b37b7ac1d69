"""The checks: references, inputs, points."""

from nonconv import layers
from nonconv.authoring import Check, vector, whole

from ...shared import STEPS, statistics


def batch_norm_training(Y, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = running_mean.clone(), running_var.clone()
    return layers.batch_norm(Y, mean, var, gamma, beta, True, momentum, eps), mean, var


def batch(*shape: int, seed: int, momentum: float, eps: float) -> dict:
    """A batch and the state of a batch norm that has seen others before."""
    state = statistics(shape[1], seed)
    return {
        "Y": whole(*shape, seed=seed),
        "gamma": state["gamma"],
        "beta": state["beta"],
        "running_mean": state["mu"],
        "running_var": state["var"],
        "momentum": momentum,
        "eps": eps,
    }


training = {
    "answer": "batch_norm_training",
    "reference": batch_norm_training,
    "returns": ("Z", "the new running mean", "the new running variance"),
    "may_call": STEPS,
}

CHECKS = [
    Check.of(
        name="batch-norm-training-values",
        drawn_anew=True,
        points=2,
        inputs=[
            {
                "Y": vector(0, 2).reshape(2, 1, 1, 1),
                **{
                    "gamma": vector(1),
                    "beta": vector(0),
                    "running_mean": vector(5),
                    "running_var": vector(6),
                },
                "momentum": 0.5,
                "eps": 3.0,
            },
            batch(3, 2, 4, 5, seed=21, momentum=0.3, eps=1e-3),
        ],
        **training,
    ),
    Check.of(
        name="batch-norm-training-shapes",
        points=1,
        hidden="images that are not square, another momentum, a large ε.",
        inputs=lambda seed: [batch(2, 4, 3, 5, seed=seed, momentum=0.25, eps=0.5)],
        seed=22,
        **training,
    ),
]
