# %% title [markdown]
# # Exercises 4 · Attention mechanisms
#
# The lecture is [`04-attention-mechanisms`](../../lectures/04-attention-mechanisms.ipynb). Work from top to bottom; no exercise needs the answer to another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. The checks notice a call to a ready answer,
# be it the framework's or the course's.
#
# The letters are the seminar's: an input $X$ of shape $C \times H \times W$, one image without a batch; the squeeze ratio is $r$.
# All tensors that a function is given are of dtype `float64`, and so are those that it returns: say `dtype=X.dtype` in `torch.tensor(…)` or `torch.zeros(…)`, which else make `float32`.

# %% setup
import torch

from nonconv.checks import case, check, todo
