"""Which of these twelve layers is a convolution? Predict first; the verdict table answers.

It stands at the start of the course and comes back at its end.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nonconv.verdicts.examination import examine
from nonconv.verdicts.rows import ROWS, Row

# what the lines of the table have in LaTeX, and how it reads in print
PLAIN = (
    ("$", ""), (r"\ne", "≠"), (r"\times", "×"), (r"\max", "max"), (r"\sigma", "σ"), (r"\frac12", "½"),
    (r"\,", "·"), ("^2", "²"),
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One of the twelve layers: how it is called here, its formula, and its row of the verdict table."""

    name: str
    formula: str
    row: Row

    @property
    def answer(self) -> bool:
        return self.row.is_convolution

    @property
    def why(self) -> str:
        """The kernel, or the counterexample, without LaTeX."""
        text = self.row.why
        for latex, sign in PLAIN:
            text = text.replace(latex, sign)
        return text


# name in the quiz: (its formula, its name in the verdict table)
TWELVE = {
    "dilated convolution": ("Σ X at every second place · F", "dilated convolution"),
    "locally connected": ("Σ X · F, another F at each place", "locally connected"),
    "average pooling 2×2": ("the mean of each 2×2 block", "average pooling"),
    "max pooling 2×2": ("the largest of each 2×2 block", "max pooling"),
    "flatten, fully connected": ("W · (all numbers of X) + b", "flatten and fully connected"),
    "batch norm in use": ("γ (X − μ)/√(σ² + ε) + β, fixed μ, σ", "batch norm in use (evaluation mode)"),
    "batch norm in training": ("the same, μ and σ of this batch", "batch norm in training"),
    "skip connection": ("X + (X ∗ F)", "skip connection, parallel branches"),
    "SAME after SAME": ("(X ∗ F + b) ∗ G, zeros around both", "SAME after SAME, a bias between"),
    "ReLU": ("max(0, X)", "ReLU, leaky ReLU"),
    "squeeze and excitation": ("X · σ(W₁ ReLU(W₀ mean X))", "squeeze and excitation"),
    "self-attention": ("softmax(QKᵀ/√d) V", "self-attention over places"),
}


def questions() -> list[Question]:
    """The twelve, with their rows of the verdict table."""
    rows = {row.name: row for row in ROWS}
    return [Question(name, formula, rows[called]) for name, (formula, called) in TWELVE.items()]


def quiz(predictions: Mapping[str, bool | None]) -> None:
    """Print how many of the predictions are right, and the answer to each that was made.

    Each answer is run by `examine`, not looked up. ValueError for a layer that is not among the twelve, or a
    prediction that is not True, False or None (none yet).
    """
    asked = {question.name: question for question in questions()}
    for name, value in predictions.items():
        if name not in asked:
            raise ValueError(f"{name!r} is none of the twelve layers; they are {', '.join(asked)}")
        if value not in (True, False, None):
            raise ValueError(f"the prediction for {name!r} must be True or False, not {value!r}")
    made = {name: bool(value) for name, value in predictions.items() if value is not None}
    right = 0
    for name, predicted in made.items():
        found = examine(asked[name].row).kernel is not None
        right += predicted == found
        mark, verdict = "✓" if predicted == found else "✗", "yes" if found else "no"
        print(f"{mark} {name}: {verdict}. {asked[name].why} (unit {asked[name].row.unit})")
    if made:
        print(f"{right} of {len(made)} predictions are right.")
    if missing := len(asked) - len(made):
        print(f"{missing} without a prediction: write True or False in the place of None.")
