# %% title [markdown]
# # Exercises 6 · Sequences
#
# The lecture is [`06-sequences`](../../lectures/06-sequences.ipynb). Work from top to bottom; no exercise needs the answer to another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. The checks notice a call to a ready answer,
# be it the framework's (`nn.RNN`, `nn.LSTMCell`) or the course's.
#
# The letters are the lecture's: $T$ steps, inputs $x_t$ of $D$ numbers, states $h_t$ of $H$ numbers, cell states $C_t$. There is one sequence, without a batch, unless an exercise says so.
# Most tensors that a function is given are of dtype `float64`. Keep the dtype of what you are given.

# %% setup
import math

import torch

from nonconv.checks import case, check, todo
