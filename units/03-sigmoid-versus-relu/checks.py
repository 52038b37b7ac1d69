"""The checks of unit 3, as data: inputs, reference, points. Hidden ones are written into nbgrader's source only.

Inputs that are a function of a seed are drawn anew for each student when work is graded (`nonconv.grading.drawing`).
"""

import random as randomness

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


def near(*numbers: float, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Each number, or one up to a fifth larger in size."""
    r = randomness.Random(seed)
    return vector(*(round(number * r.uniform(1, 1.2), 2) for number in numbers), dtype=dtype)


def inputs_of_both_kinds(seed: int) -> list[dict[str, torch.Tensor]]:
    """Inputs as from tanh, of both signs, and as from ReLU, some of them 0."""
    r = randomness.Random(seed)
    tanh = [r.randint(1, 9) / 10 * sign for sign in (1, -1, r.choice((1, -1)), r.choice((1, -1)))]
    relu = [0, 0, *(r.choice((0, 0.5, 1.5, 2)) for _ in range(2)), 2.5]
    r.shuffle(tanh)
    r.shuffle(relu)
    return [{"x": vector(*tanh)}, {"x": vector(*relu)}]


def gradients(seed: int) -> dict[str, torch.Tensor]:
    """A batch in which each sign of x meets each sign of the gradient."""
    while True:
        x, grad = random(3, 4, seed=seed), random(3, 4, seed=seed + 1)
        if all(bool(((x * a > 0) & (grad * b > 0)).any()) for a in (1, -1) for b in (1, -1)):
            return {"x": x, "grad": grad}
        seed += 2


def factors(seed: int) -> list[dict[str, torch.Tensor]]:
    """Powers of 1/2, whose powers no rounding changes; that of float32 is not the one that students see."""
    r = randomness.Random(seed)
    powers = {torch.float64: range(1, 9), torch.float32: (1, 3, 4, 5), torch.float16: range(1, 7)}
    return [{"factor": torch.tensor(2.0 ** -r.choice(those), dtype=dtype)} for dtype, those in powers.items()]


def activities(seed: int) -> list[dict[str, torch.Tensor]]:
    """Units of which some are dead, hardly any, and units that are at 0 for all examples."""
    r = randomness.Random(seed)
    return [
        {"Z": random(6, r.randint(8, 16), seed=seed) - 1.2},
        {"Z": random(5, r.randint(4, 7), seed=seed + 1) + 1},
        {"Z": torch.zeros(3, r.randint(4, 9))},
    ]


def curves(seed: int) -> list[dict]:
    """Below at the start; exactly at the level, then below; another level than that of the text."""
    r = randomness.Random(seed)

    def falling(level: float, above: int) -> list[float]:
        """Steps above the level, then two below it."""
        return [*sorted((round(r.uniform(level + 0.01, 0.99), 2) for _ in range(above)), reverse=True),
                round(level * r.uniform(0.6, 0.8), 3), round(level * r.uniform(0.3, 0.5), 3)]  # fmt: skip

    start, at, other = r.choice((0.25, 0.5)), r.choice((0.25, 0.5)), r.choice((0.375, 0.5, 0.625))
    above, below = falling(at, r.randint(1, 5)), falling(other, r.randint(2, 6))
    return [
        {"curve": vector(*falling(start, 0)), "level": start},
        {"curve": vector(*above[:-2], at, *above[-2:]), "level": at},
        # and never as low as 1/4
        {"curve": vector(*below[:-2], other - 0.05), "level": other},
    ]


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
    Check.of(
        name="sigmoid-float32",
        points=1,
        hidden=True,
        holds="keeps its digits as σ",
        reference=None,
        inputs=lambda seed: [{"x": near(1, -20, -70, 20, 120, -1000, seed=seed, dtype=torch.float32)}],
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
    Check.of(
        name="sigmoid-derivative-large",
        points=1,
        hidden=True,
        holds="keeps its digits as σ'",
        reference=None,
        inputs=lambda seed: [
            {"x": near(1, 1000, -1000, seed=seed)},
            {"x": near(1, 100, -200, 580, -580, seed=seed + 1)},
        ],
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
    Check.of(
        name="chain-gradients-deep",
        points=1,
        hidden=True,
        inputs=lambda seed: [chain(9, seed=seed)],
        seed=20,
        **chaining,
    ),
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
        inputs=factors,
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
        inputs=inputs_of_both_kinds,
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
        inputs=lambda seed: [gradients(seed)],
        seed=3,
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
        inputs=activities,
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
        inputs=curves,
        seed=1,
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
