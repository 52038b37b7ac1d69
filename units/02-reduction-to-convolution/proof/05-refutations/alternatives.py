"""Other counterexamples, and the same in other types."""

import fractions

import numpy as np
import torch

from nonconv.authoring import given, right

GIVEN = given(__file__)

counterexample = GIVEN["counterexample"]


@right("refutation")
def from_numpy(statement):
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=np.array([1, 0]), v=list(np.eye(2, dtype=int)[1]), p=np.int64(2))
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=np.ones(1), G=np.ones(1), x=np.array([2.0]), v=-np.array([3.0]))
    if statement == "same-same-not-conv":
        return counterexample(statement, F=np.ones(3), G=np.ones(3), n=np.int32(5), i=np.int8(3), j=3)
    return counterexample(
        statement, x=np.float32(1), others=np.zeros(2), others_changed=np.arange(2), eps=1.0
    )


@right("refutation")
def from_tensors(statement):
    if statement == "max-pool-not-affine":
        return counterexample(
            statement, x=torch.tensor([3, 0, 0]), v=torch.tensor([0, 2, 0]), p=torch.tensor(3)
        )
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=torch.ones(1), G=torch.ones(1), x=torch.ones(1), v=-torch.ones(1))
    if statement == "same-same-not-conv":
        kernel = torch.tensor([0, 1, 1])
        return counterexample(statement, F=kernel, G=kernel.flip(0), n=3, i=0, j=0)
    return counterexample(
        statement, x=torch.tensor(2.0), others=[torch.tensor(0)], others_changed=[9], eps="1e-5"
    )


@right("refutation")
def from_ranges(statement):
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=range(4), v=range(3, -1, -1), p=2)
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=(1,), G=(2,), x=range(-1, 2), v=range(1, -2, -1))
    if statement == "same-same-not-conv":
        return counterexample(statement, F=range(1, 4), G=range(1, 6), n=4, i=0, j=0)
    return counterexample(statement, x=0, others=range(1, 3), others_changed=range(3, 5), eps="0.001")


@right("refutation")
def in_fractions(statement):
    half, third = fractions.Fraction(1, 2), "1/3"
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[half, third], v=[third, half], p=2)
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=[half], G=[third], x=[third], v=["-1/3"])
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[half] * 3, G=[0, third, third], n=6, i=4, j=4)
    return counterexample(statement, x=half, others=[third], others_changed=["-2/3"], eps="0.1")


@right("refutation")
def of_large_numbers(statement):
    if statement == "max-pool-not-affine":
        return counterexample(statement, x=[1e9, 0] * 20, v=[0, 1e9] * 20, p=40)
    if statement == "relu-between-not-affine":
        return counterexample(statement, F=[10**9], G=[10**9], x=[-5] * 30, v=[6] * 30)
    if statement == "same-same-not-conv":
        return counterexample(statement, F=[1] * 9, G=[1] * 9, n=40, i=0, j=0)
    return counterexample(statement, x=10**6, others=list(range(30)), others_changed=[7] * 30, eps=0)
