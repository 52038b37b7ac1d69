# %% title [markdown]
# # 0 · Start here
#
# What is this course about, in which order do you read it, and how do you work with it? At the end: a quiz of twelve layers. Which of them are convolutions?
#
# **You will be able to** say what the course asks, choose your way through the units, read its formulas as code, and answer an exercise.
#
# **You need** a little Python and PyTorch: tensors, their shapes, and how to call a function.
#
# **Time** 20 minutes. There is nothing to hand in here.

# %% setup
import torch

from nonconv import figures, layers, verdicts
from nonconv.checks.practice import practice
from nonconv.figures import use_style
from nonconv.reduction import reduce

use_style()
torch.manual_seed(0)
torch.set_num_threads(1)

# %% question [markdown]
# ## {number} · What the course asks
#
# Here is a small network for images. It has ten layers. Three of them are called convolutions; the others are batch norms, ReLUs, an average pooling and a flatten, which only writes all numbers in one row. Let a program write it with as few layers as it can, without changing what it computes.

# %% question-run
network = torch.nn.Sequential(
    layers.Conv2d(1, 8, 3), layers.BatchNorm2d(8), torch.nn.ReLU(),
    layers.Conv2d(8, 16, 3), layers.BatchNorm2d(16), torch.nn.ReLU(),
    layers.Conv2d(16, 10, 3), layers.BatchNorm2d(10), torch.nn.AvgPool2d(2), torch.nn.Flatten(),
)  # fmt: skip
result = reduce(network.eval(), torch.randn(1, 1, 8, 8))
left = [type(layer).__name__ for layer in result.model.modules() if not list(layer.children())]
assert not any("Norm" in name or "Pool" in name for name in left)
assert result.report.error < 1e-12
x = torch.randn(4, 1, 8, 8)
assert torch.allclose(result.model(x), network(x), atol=1e-5)
print(len(network), "layers before,", len(left), "after; the outputs agree up to rounding: 6 digits of float32,")
print("and 12 digits on a copy in float64 with other numbers")

# %% question-picture
figures.network_graphs(result.report.before, result.report.after).show()

# %% question-notice [markdown]
# (The picture also draws the input and the output.) Four layers are gone: they *were* convolutions, and two convolutions in a row are one, here with a 4×4 kernel. The rest stays. The outputs are the same up to rounding.
#
# So this is the question of the whole course: **which layers are convolutions after all, as which kernel, and how does one know?** A layer that is one can be merged, counted and proved things about. A layer that is none is what gives a network its power, so it is worth knowing exactly what it adds.
#
# The course follows the slides of a seminar on "non-convolutional layers". It takes each claim of the slides as a hypothesis: the claim is written as a formula, the formula is run, and where the slide is wrong the notebook shows it.

# %% map [markdown]
# ## {number} · The way through
#
# Begin with unit 1. If you know convolutions well, begin with unit 2, the heart of the course (orange in the picture).

# %% map-picture
figures.course_map().show()

# %% hours [markdown]
# Each unit is a lecture to read and run, and a notebook of exercises. The capstone at the end is exercises alone. How long they take, in hours, from the cards of the exercises (each number is rounded to a quarter of an hour, the sums too, so the columns may not add up exactly):
#
# {table:hours}

# %% notation [markdown]
# ## {number} · Letters
#
# The same letters stand in all formulas and in the code. Formulas count from 1, code counts from 0. Tensors have PyTorch's layout. For now you need the first five rows and $N$; each of the others is explained in the unit that uses it.
#
# {table:letters}
#
# So this is a convolution, the sum that the whole course is about:
# $$Y^k_{ij} = \sum_{m=1}^{M}\sum_{u=1}^{p}\sum_{v=1}^{q} X^m_{i+u-1,\,j+v-1}\,F^{mk}_{uv} + b^k .$$
# For each output map $k$ and each place $(i, j)$: lay the kernel on the input there, multiply what lies on top of each other, add it all up, and add the bias.

# %% notation-check
X = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])  # (N, M, H, W): one image, one map, 2×3
F = torch.tensor([[[[1.0, 10.0], [100.0, 1000.0]]]])  # (K, M, p, q): to one map, 2×2
Y = layers.conv2d(X, F)
assert Y[0, 0, 0, 0] == 1 * 1 + 10 * 2 + 100 * 4 + 1000 * 5  # exact: whole numbers
print("shape", tuple(Y.shape), "values", Y[0, 0].tolist())

# %% exercise [markdown]
# ## {number} · How an exercise works
#
# An exercise opens with a card (goal, minutes, difficulty). Then it says what to write, with a small example by hand. You write one function. The cell below it checks the function and, if it is wrong, says what is wrong: the smallest case that fails, the first wrong number, and the mistake, if others have made it before. You may run a check as often as you like.
#
# **Try one** (without points). Write `entry(F, m, k, u, v)`: the number $F^{mk}_{uv}$ of a kernel `F` of the shape `(K, M, p, q)`. The numbers $m, k, u, v$ count from 1, as in formulas.
#
# By hand: for the kernel of section {section:notation}, $F^{11}_{12} = 10$.
#
# Below is a first attempt, which is wrong. Run it, read what the check says, mend the line, and run it again.


# %% exercise-answer
def entry(F, m, k, u, v):
    return F[m, k, u, v]


practice("entry", entry)

# %% exercise-hint [markdown]
# <details><summary>Hint</summary>
#
# Two things are to be mended. The tensor has the output map first. And $m = 1$ is `0` in code.
#
# </details>
#
# `practice` prints; in a real exercise the call is `check("name", entry)`, and it is worth points. Three more things:
#
# - **Get your copy** with `make start UNIT=02-reduction-to-convolution` (or another unit). It lies in `my/`, and running the command again never overwrites your work.
# - **Hidden checks** run when your work is graded. They try other sizes and other numbers; their first line says what they look at.
# - **Hints** are folded, up to three: the idea, the formula, almost the code. Open them when you are stuck, not before.

# %% quiz [markdown]
# ## {number} · The quiz: which of these are convolutions?
#
# A layer counts as a convolution if some kernel and bias give the same outputs *for every input* of one size. Predict, before you know: for each of these twelve, is it a convolution? Do not look anything up; if you do not know a layer yet, guess. (What was gone in the picture above, you have seen.) (In the formulas ∗ is a convolution. *SAME* means that zeros around the input keep its size. In layer 11, σ is the sigmoid of unit {unit:sigmoid-versus-relu}.) The quiz comes back at the end of the course.

# %% quiz-cards
figures.twelve_layers().show()

# %% quiz-cell [markdown]
# If you do not see buttons, or want to keep your predictions: write `True` or `False` in the place of `None` below, and run the cell. Then each layer is *examined*: it is run on impulses and on random inputs, and the answer is what it does, not what is written somewhere. (All twelve take some ten seconds.)

# %% quiz-predictions
predictions = {
    "dilated convolution": None, "locally connected": None,
    "average pooling 2×2": None, "max pooling 2×2": None,
    "flatten, fully connected": None, "skip connection": None,
    "batch norm in use": None, "batch norm in training": None,
    "SAME after SAME": None, "ReLU": None,
    "squeeze and excitation": None, "self-attention": None,
}  # fmt: skip
assert set(predictions) == set(verdicts.TWELVE)
verdicts.quiz(predictions)

# %% quiz-notice [markdown]
# Five of the twelve are convolutions. If that surprises you in either direction, the course has something for you.

# %% systems [markdown]
# ## {number} · Where to find what
#
# Each layer, network and technique of the slides, with the lecture that explains it, the code that is its formula (in the package `nonconv`), and the exercise in which you write it.
#
# {table:systems}

# %% words [markdown]
# ## {number} · Words
#
# The words that the course uses in its own way. (The [glossary](../docs/glossary.md) also has those of the exercises and of grading.)
#
# {table:words}

# %% next [markdown]
# **Next**: [unit {unit:convolution}](01-convolution.ipynb). Or, if you know convolutions well, [unit {unit:reduction-to-convolution}](02-reduction-to-convolution.ipynb), which takes a trained network and removes three of its layers. Not one of 1797 predictions changes.

# %% sources [markdown]
# **Sources.** The slides: "Non-convolutional layers" (two seminars), "Convolutional layers", "Neural network architectures", "Attention". Each lecture lists the papers behind it.
