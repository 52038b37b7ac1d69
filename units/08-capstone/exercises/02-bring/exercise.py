# %% bring-card [markdown]
# ## {number} · Bring a network, and say what happens to it
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | predict `reduce` on a network of your own | 25 | ●●○○○ | exercise {exercise:predict} |
#
# Bring a network for images of `M` maps and `size` rows and columns: one of your own, a block of a famous one, whatever you are curious about, built of layers (`nonconv.networks` is there to be read). Write `bring(M, size)`. It returns a pair `(model, names)`: the network, and the list of the names of those batch norms that `reduce` will leave. A name is the one in `model.named_modules()`: `"4"` in a `Sequential`, `"block.norm"` in a class of your own.
#
# - At least three batch norms run in it, each at one place. At least one of them goes, and at least one stays.
# - Two images cost at most 5 million multiply–adds.
# - Predict: the answer itself may not call `reduce`. Afterwards you may look, as often as you like: `reduce(model.eval(), torch.randn(2, M, size, size)).report`.
#
# It is tried with `M = 1`, `size = 8` and with `M = 3`, `size = 20`. (An `nn.AdaptiveAvgPool2d(1)` before the last layer makes a network fit any size.)


# %% bring role="answer"
def bring(M, size):
    ### BEGIN SOLUTION Build a network of three batch norms or more; return it and the names of those that stay.
    model = nn.Sequential(
        nn.Conv2d(M, 4, 3, padding=1),
        nn.BatchNorm2d(4),  # goes, into the convolution before it
        nn.ReLU(),
        nn.BatchNorm2d(4),  # stays: a ReLU before it, a border of zeros behind it
        nn.Conv2d(4, 6, 3, padding=1),
        nn.AvgPool2d(2),
        nn.BatchNorm2d(6),  # goes, through the average
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 10),
    )
    return model, ["3"]
    ### END SOLUTION


# %% bring-hints [markdown]
# <details><summary>Hint 1: where to begin</summary>
#
# Take the network of an earlier unit that you remember best, make it small (4 maps instead of 64), and put batch norms where its paper has them.
#
# </details>
# <details><summary>Hint 2: one that stays</summary>
#
# Which layer directly before a batch norm did `reduce` never look through? And what must not stand behind it?
#
# </details>
