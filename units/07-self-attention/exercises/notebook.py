# %% title [markdown]
# # Exercises 7 · Attention and self-attention
#
# The lecture is [`07-self-attention`](../../lectures/07-self-attention.ipynb). Work from top to bottom; no exercise needs the answer to another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. The checks notice a call to a ready answer,
# be it the framework's or the course's.
#
# The letters are the lecture's: $n$ positions, queries $Q$, keys $K$, values $V$, weights $A$ or $\alpha$.
# Unless an exercise says otherwise, all tensors that a function is given are of dtype `float64`, and so are those that it returns: say `dtype=X.dtype` in `torch.tensor(…)` or `torch.zeros(…)`, which else make `float32`.

# %% setup
import torch

from nonconv.checks import case, check, todo
