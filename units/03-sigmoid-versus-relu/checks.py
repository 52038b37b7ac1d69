"""The checks of unit 3, as data: inputs, reference, points. Hidden ones are written into nbgrader's source only."""

import sympy
import torch

from nonconv import layers
from nonconv.checks import Case, Check
from nonconv.checks.formula import sigma


def vector(*numbers: float, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.tensor(numbers, dtype=dtype)


def random(*shape: int, seed: int, digits: int = 2) -> torch.Tensor:
    g = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=g, dtype=torch.float64).round(decimals=digits) + 0.0


def positive(names: str) -> dict[str, sympy.Symbol]:
    return {symbol.name: symbol for symbol in sympy.symbols(names, positive=True)}


def chain(L: int, seed: int) -> dict[str, torch.Tensor]:
    """Weights of a chain x_l = σ(w_l x_{l−1}) and the values x_1..x_L that it takes from some x_0."""
    w = 2 + random(L, seed=seed) / 2
    w = w * torch.where(random(L, seed=seed + 1) > 0.5, -1.0, 1.0)
    x, values = torch.tensor(0.1, dtype=torch.float64), []
    for weight in w:
        x = layers.sigmoid(weight * x)
        values.append(x)
    return {"w": w, "s": torch.stack(values)}


def chain_gradients(w, s):
    """By autograd: x_l as a leaf, the rest of the chain run from it."""
    gradients = []
    for start in range(len(w)):
        z = torch.log(s[start] / (1 - s[start])) / w[start]  # the x_{l−1} from which x_l = s[l] comes
        x = z.detach().requires_grad_()
        last = x
        for weight in w[start:]:
            last = layers.sigmoid(weight * last)
        gradients.append(torch.autograd.grad(last, x)[0])
    return torch.stack(gradients)


def least_depth(factor):
    L = 1
    while factor**L != 0:
        L += 1
    return L


def gradient_signs(x):
    return x.sign(), -x.sign()


def relu_backward(x, grad):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(layers.relu(x), x, grad)[0]


def count_dead(Z):
    return int((Z <= 0).all(0).sum())


def first_step_below(curve, level):
    return next((n for n, value in enumerate(curve.tolist()) if value < level), None)


# (far out all slopes are tiny: a moderate x in each case keeps known mistakes from being taken for one another)
NO_SIGMOID = ("sigmoid",)
sigmoid = {"answer": "sigmoid", "may_not_call": NO_SIGMOID}
slope = {"answer": "sigmoid_derivative", "may_not_call": NO_SIGMOID}
chaining = {"answer": "chain_gradients", "reference": chain_gradients, "returns": ("the gradients",)}
depth = {"answer": "least_depth", "reference": least_depth, "returns": ("L",)}
signs = {
    "answer": "gradient_signs",
    "reference": gradient_signs,
    "returns": ("the signs for δ > 0", "the signs for δ < 0"),
}
backward = {
    "answer": "relu_backward",
    "reference": relu_backward,
    "returns": ("the gradient",),
    "may_not_call": ("relu", "threshold_backward"),
}
dead = {"answer": "count_dead", "reference": count_dead, "returns": ("the number of dead units",)}
logs = {"answer": "first_step_below", "reference": first_step_below, "returns": ("the step",)}

CHECKS = [
    Check.of(
        name="sigmoid-values",
        points=1,
        inputs=[{"x": vector(0, 1)}, {"x": vector(-2, 0.5, 3)}, {"x": random(2, 3, seed=1)}],
        reference=layers.sigmoid,
        returns=("σ(x)",),
        **sigmoid,
    ),
    Check(
        name="sigmoid-extreme",
        points=1,
        holds="keeps its digits as σ",
        cases=(Case({"x": vector(1, 1000, -1000)}), Case({"x": vector(30, -5, -40, -200)})),
        **sigmoid,
    ),
    Check(
        name="sigmoid-float32",
        points=1,
        hidden=True,
        holds="keeps its digits as σ",
        cases=(Case({"x": vector(1, -20, -80, 20, 120, -1000, dtype=torch.float32)}),),
        **sigmoid,
    ),
    Check(
        name="nan-gradient",
        answer="nan_gradient",
        points=1,
        holds="breaks the gradient of 1/(1 + e^−x)",
        cases=(Case({}),),
    ),
    Check.of(
        name="slope-from-value",
        answer="slope_from_value",
        points=1,
        inputs=[{"s": sympy.Symbol("s")}],
        reference=lambda s: s * (1 - s),
        returns=("the slope",),
    ),
    Check.of(
        name="sigmoid-derivative-values",
        points=1,
        inputs=[{"x": vector(0, 1)}, {"x": vector(-2, 0.5, 3)}, {"x": random(2, 3, seed=2)}],
        reference=layers.sigmoid_derivative,
        returns=("σ'(x)",),
        **slope,
    ),
    Check(
        name="sigmoid-derivative-float32",
        points=1,
        holds="keeps its digits as σ'",
        cases=(Case({"x": vector(20, 1, dtype=torch.float32)}), Case({"x": vector(1, -20, 12, 40, dtype=torch.float32)})),
        **slope,
    ),
    Check(
        name="sigmoid-derivative-large",
        points=1,
        hidden=True,
        holds="keeps its digits as σ'",
        cases=(Case({"x": vector(1, 1000, -1000)}), Case({"x": vector(1, 100, -200, 600, -600)})),
        **slope,
    ),
    Check(
        name="tanh-from-sigma",
        answer="tanh_from_sigma",
        points=1,
        holds="is tanh, written with σ",
        cases=(Case({"sigma": sigma, "x": sympy.Symbol("x", real=True)}),),
    ),
    Check(
        name="tanh-identity",
        answer="tanh_identity",
        points=2,
        holds="leads from 2σ(2x) − 1 to tanh",
        cases=(Case({"x": sympy.Symbol("x", real=True)}),),
    ),
    Check.of(
        name="steepest-point",
        answer="steepest_point",
        points=2,
        inputs=[{**positive("a c"), "b": sympy.Symbol("b", real=True)}],
        reference=lambda a, b, c: (-b / a, a * c / 4),
        returns=("the place", "the slope there"),
    ),
    Check.of(
        name="chain-gradients-values",
        points=2,
        inputs=[{"w": vector(8), "s": vector(0.5)}, chain(2, seed=12), chain(4, seed=10)],
        **chaining,
    ),
    Check.of(name="chain-gradients-deep", points=1, hidden=True, inputs=[chain(9, seed=20)], **chaining),
    Check.of(
        name="gradient-bound",
        answer="gradient_bound",
        points=1,
        inputs=[{"L": sympy.Symbol("L", integer=True, positive=True), **positive("c,")}],
        reference=lambda L, c: (c / 4) ** L,
        returns=("the bound",),
    ),
    Check.of(
        name="least-depth-float32",
        points=1,
        inputs=[{"factor": torch.tensor(0.25)}],
        **depth,
    ),
    Check.of(
        name="least-depth-others",
        points=1,
        hidden=True,
        inputs=[
            {"factor": torch.tensor(0.25, dtype=torch.float64)},
            {"factor": torch.tensor(0.5)},
            {"factor": torch.tensor(0.25, dtype=torch.float16)},
        ],
        **depth,
    ),
    Check.of(
        name="gradient-signs-positive",
        points=1,
        inputs=[{"x": vector(0.3, 0.7)}, {"x": vector(0.9, 0.1, 0.5)}],
        **signs,
    ),
    Check.of(
        name="gradient-signs-any",
        points=1,
        hidden=True,
        inputs=[{"x": vector(0.8, -0.3)}, {"x": vector(0, 1.5, 0, 2)}],
        **signs,
    ),
    Check(
        name="escaping-batch",
        answer="escaping_batch",
        points=1,
        holds="escapes the two quadrants",
        cases=(Case({}),),
    ),
    Check.of(
        name="relu-backward-values",
        points=1,
        inputs=[
            {"x": vector(2, -3), "grad": vector(5, 7)},
            {"x": vector(-1, 0, 0.5, 4), "grad": vector(2, 3, -4, 0.5)},
        ],
        **backward,
    ),
    Check.of(
        name="relu-backward-batch",
        points=1,
        hidden=True,
        inputs=[{"x": random(3, 4, seed=3), "grad": random(3, 4, seed=4)}],
        **backward,
    ),
    Check.of(
        name="count-dead-values",
        points=1,
        inputs=[
            {"Z": torch.tensor([[-1.0, 2.0], [-3.0, -1.0]])},
            {"Z": torch.tensor([[-1.0, 2.0, 0.0], [-3.0, -1.0, -2.0], [0.0, -2.0, -5.0]])},
            {"Z": torch.tensor([[1.0, -2.0, 3.0, -1.0], [-3.0, -1.0, 2.0, 4.0]])},
        ],
        **dead,
    ),
    Check.of(
        name="count-dead-others",
        points=1,
        hidden=True,
        inputs=[{"Z": random(5, 4, seed=5) + 1}, {"Z": random(6, 8, seed=6) - 1.2}, {"Z": torch.zeros(3, 4)}],
        **dead,
    ),
    Check.of(
        name="weight-deviation",
        answer="weight_deviation",
        points=2,
        inputs=[{"n": sympy.Symbol("n", integer=True, positive=True), **positive("a,")}],
        reference=lambda n, a: sympy.sqrt(2 / ((1 + a**2) * n)),
        returns=("the deviation",),
    ),
    Check.of(
        name="variance-recursion",
        answer="mean_square_after",
        points=2,
        inputs=[{**positive("v c"), "L": sympy.Symbol("L", integer=True, positive=True)}],
        reference=lambda v, c, L: v * (c / 2) ** L,
        returns=("the mean square",),
    ),
    Check.of(
        name="first-step-logs",
        points=1,
        inputs=[
            {"curve": vector(0.9, 0.5, 0.2), "level": 0.25},
            {"curve": vector(0.9, 0.6, 0.4, 0.3), "level": 0.25},
            {"curve": vector(0.9, 0.4, 0.24, 0.3, 0.26, 0.2, 0.1), "level": 0.25},
        ],
        **logs,
    ),
    Check.of(
        name="first-step-edges",
        points=1,
        hidden=True,
        inputs=[
            {"curve": vector(0.2, 0.1), "level": 0.25},
            {"curve": vector(0.9, 0.25, 0.125), "level": 0.25},
            {"curve": vector(0.9, 0.7, 0.6, 0.4), "level": 0.5},
        ],
        **logs,
    ),
    Check(
        name="own-run",
        answer="own_run",
        points=3,
        holds="is read off an own run",
        cases=(Case({}),),
    ),
]  # fmt: skip
