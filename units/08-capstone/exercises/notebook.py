# %% title [markdown]
# # Exercises 8 · Capstone
#
# You have met a network's layers one by one. Now take a whole network: which of its layers are convolutions after all, what can a program merge, why does it leave the rest, and what can you still save by hand?
#
# **You will be able to** predict what `reduce` does with a network, explain what it refuses, and do by hand some of what it leaves.
#
# **You need** units {unit:reduction-to-convolution} and {unit:architectures}. There is no lecture to this unit: all that you need stands in those of the others.
#
# Work from top to bottom. Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. Layers you may call, the framework's and those of `nonconv.layers`. `nonconv.reduction` you may call *between* the exercises, to look, and inside an answer only where the exercise says so: the checks notice.

# %% setup
import torch
from torch import nn

from nonconv.checks import check, todo
from nonconv.checks.given.digits import digits
from nonconv.layers.cost import count_macs
from nonconv.reduction import reduce
