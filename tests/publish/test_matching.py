"""Expressions that are the same but for names and spelling, and expressions that only look alike."""

import ast

import pytest

from nonconv.publish.matching import stands_at
from nonconv.publish.syntax import Reader, Tree

MODULES = frozenset({"torch", "F", "layers", "math"})


def tree(source: str, variables: str = "") -> Tree:
    return Reader(MODULES, frozenset(variables.split())).tree(ast.parse(source, mode="eval").body)


def stands(pattern: str, variables: str, source: str) -> bool:
    """Whether the pattern stands at the source, or in a part of it."""
    wanted = tree(pattern, variables).undressed()
    return any(stands_at(wanted, part) for part in tree(source).walk())


@pytest.mark.parametrize(
    ("pattern", "variables", "source"),
    [
        ("s * (1 - s)", "s", "value * (1 - value)"),
        ("s * (1 - s)", "s", "f(x) * (1 - f(x))"),
        ("s * (1 - s)", "s", "(1 - y) * w * y"),
        ("2 * sigma(2 * x) - 1", "sigma x", "-1 + 2 * layers.sigmoid(z * 2)"),
        ("gamma / torch.sqrt(var + eps)", "gamma var eps", "weight / (v + 1e-5) ** 0.5"),
        ("torch.sqrt(x) + torch.exp(-x)", "x", "(-u).exp() + u.sqrt()"),
        ("int((Z <= 0).all(dim=0).sum())", "Z", "(0 >= x @ W + b).all(0).sum().item()"),
        ("W1 @ torch.relu(W0 @ f)", "W0 W1 f", "torch.matmul(B, F.relu(A @ x[0]))"),
        ("W1 @ torch.relu(W0 @ f)", "W0 W1 f", "one @ torch.relu(one @ average)"),
        ("torch.tensor([[1.0, 3.0]]).reshape(1, 1, 2)", "", "torch.tensor([[1, 3]])[None]"),
        ("W.reshape(len(W), M, p, q)", "W M p q", "fc.weight.reshape(50, 6, 4, 4)"),
        ("spatial(y) * y", "spatial y", "layers.spatial_attention(y, W) * y"),
        ("G[:, None, None] * Y.double() + 1", "G Y", "gain * image + 1"),
        ("S[k:K, w:r](b[k] * G[k, l, w]) + g[l]", "k K w r b G l g", "S[n:N, v:q](c[n] * H[n, m, v]) + h[m]"),
    ],
)
def test_names_and_spelling_are_aside(pattern: str, variables: str, source: str) -> None:
    assert stands(pattern, variables, source)


@pytest.mark.parametrize(
    ("pattern", "variables", "source"),
    [
        ("s * (1 - s)", "s", "a * (1 - b)"),
        ("s * (1 - s)", "s", "s * (1 + s)"),
        ("s * (1 - s)", "s", "s * (2 - s)"),
        ("a / (b + 1)", "a b", "(x + 1) / y"),
        ("W1 @ torch.relu(W0 @ f)", "W0 W1 f", "W1 @ torch.tanh(W0 @ f)"),
        ("W1 @ torch.relu(W0 @ f)", "W0 W1 f", "torch.relu(f @ W0) @ W1"),
        ("torch.relu(x) + 1", "x", "relu + 1"),
        ("x.sum(1)", "x", "x.sum(0)"),
        ("x[i + 1] - x[i]", "x i", "x[i + 1] - y[i]"),
        ("a * c / 4", "a c", "2 * 100 / 4"),  # numbers: no formula
        ("(c / 4) ** L", "c L", "math.sqrt(x / 4)"),
        # lines of a proof: one index is another one, or one condition is missing
        ("S[k:K, w:r](b[k] * G[k, l, w]) + g[l]", "k K w r b G l g", "S[k:K](b[k]) + g[l]"),
        ("S[k:K, w:r](b[k] * G[k, l, w]) + g[l]", "k K w r b G l g", "S[k:K, w:r](b[k] * G[l, k, w]) + g[l]"),
        ("S[u:p, w:r, u + w - 1 == t](F[u] * G[w])", "u p w r t F G", "S[u:p, w:r](F[u] * G[w])"),
    ],
)
def test_what_only_looks_alike_is_not_the_same(pattern: str, variables: str, source: str) -> None:
    assert not stands(pattern, variables, source)


def test_short_expressions_weigh_little() -> None:
    assert tree("x", "x").weight == tree("(x, y)", "x y").weight == 0
    assert tree("G * b + g", "G b g").weight == 2
    assert tree("s * (1 - s)", "s").weight > 3
    assert tree("X.shape[0] * X.shape[2]", "X").weight == 1  # sizes are variables


def test_a_comparison_that_would_take_too_long_ends() -> None:
    def long_sum(letter: str, last: int) -> str:
        return "+".join(f"f({letter}{n})" for n in range(8)) + f"-{letter}{last}"

    names = " ".join(f"x{n}" for n in range(8))
    assert stands(long_sum("x", 0), names, long_sum("z", 0))
    assert not stands(long_sum("x", 0), names, long_sum("z", 7))  # so it is, after 8! tries
