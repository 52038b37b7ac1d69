# %% title [markdown]
# # Exercises 1 · Convolutional layers
#
# The lecture is [`01-convolution`](../../lectures/01-convolution.ipynb). Work from top to bottom; no exercise needs the answer to another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. The checks notice a call to a ready answer,
# be it the framework's or the course's.
#
# An image $X$ has the shape `(M, H, W)`, without a batch; a kernel $F$ has `(K, M, p, q)`. Formulas count from 1, code from 0.
# Tensors are of dtype `float64`, sometimes `float32`, and an answer follows its input: say `dtype=X.dtype` in `torch.zeros(…)`, which else makes `float32`.

# %% setup
import torch

from nonconv.checks import case, check, todo
from nonconv.checks.ready import ready

# %% ready-questions [markdown]
# ## Are you ready? Ten quick questions
#
# They cost no points, and they take ten minutes. Answer *without* running anything, in the cell below, in the place of `None`; a shape or a row of numbers is a tuple, such as `(2, 3)`. For each miss you are told what to read.
#
# | | question |
# |---|---|
# | q1 | What is the shape of `torch.zeros(2, 3, 4)[0]`? |
# | q2 | What is the shape of `torch.ones(3, 4).sum(0)`? |
# | q3 | Which numbers are in `torch.arange(6)[1::2]`? |
# | q4 | What is `torch.arange(6).reshape(2, 3)[1, 0]`? |
# | q5 | What is the shape of `torch.ones(3, 1) + torch.ones(4)`? |
# | q6 | `Y` has the shape `(5, 6, 7)`, `b` has `(5,)`. Which of these adds `b[k]` to all of `Y[k]`? `"a"`: `Y + b` · `"b"`: `Y + b[:, None, None]` · `"c"`: `Y + b[None, None]` |
# | q7 | `A` has the shape `(2, 3)`, `B` has `(3, 5)`. What is the shape of `torch.einsum("ij,jk->ik", A, B)`? |
# | q8 | `A` is `[[1, 2], [3, 0]]`. What is `torch.einsum("ij,ij->", A, A)`? |
# | q9 | What is the derivative of $(3x - 1)^2$ at $x = 1$? |
# | q10 | $L = (2w_1 + 3w_2 - 1)^2$. What is $\partial L/\partial w_2$ at $w_1 = w_2 = 1$? |

# %% ready-answers
ready(q1=None, q2=None, q3=None, q4=None, q5=None, q6=None, q7=None, q8=None, q9=None, q10=None)
