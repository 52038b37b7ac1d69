# %% title [markdown]
# # Exercises 3 · Sigmoid versus ReLU
#
# The lecture is [`03-sigmoid-versus-relu`](../../lectures/03-sigmoid-versus-relu.ipynb). Work from top to bottom; no exercise needs the answer of another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# Some answers here are **formulas**. Then your function gets symbols instead of numbers and returns an expression, such as `3 * x**2 + 1`. It is compared as a
# formula: $x^2 - 1$ and $(x-1)(x+1)$ are the same. Use `+ - * / **` and, where you need them, `sympy.exp` and `sympy.sqrt`.

# %% setup
import math

import sympy
import torch

from nonconv.checks import case, check, todo
from nonconv.checks.runs import training_curve
