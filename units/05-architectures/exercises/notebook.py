# %% title [markdown]
# # Exercises 5 · Architectures
#
# The lecture is [`05-architectures`](../../lectures/05-architectures.ipynb). Work from top to bottom; no exercise needs the answer to another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. The checks notice a call to a ready answer,
# be it the framework's or the course's.

# %% setup
import torch

from nonconv.checks import case, check, todo
