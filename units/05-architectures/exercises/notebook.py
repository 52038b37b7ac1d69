# %% title [markdown]
# # Exercises 5 · Architectures
#
# The lecture is [`05-architectures`](../../lectures/05-architectures.ipynb). Work from top to bottom; no exercise needs the answer to another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. Layers you may call, the framework's and those
# of `nonconv.layers`: no exercise asks for one. `nonconv.networks` and `nonconv.reduction` hold ready answers, and the checks
# notice a call to them. Where something else may not be called, the exercise says so.

# %% setup
import torch

from nonconv.checks import case, check, todo
