# %% title [markdown]
# # Exercises 2 · Reduction to convolution
#
# The lecture is [`02-reduction-to-convolution`](../../lectures/02-reduction-to-convolution.ipynb). Work from top to bottom.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. The checks notice a call to a ready answer,
# be it the framework's or the course's. Convolutions and poolings may be called everywhere in this notebook, those of SciPy
# and the course, too: no answer is one of them. What else may not be called, each exercise says.

# %% setup
import torch

from nonconv.checks import case, check, todo
