# %% predict-card [markdown]
# ## {number} · What will `reduce` leave?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | find the rules of a program by experiment, and predict with them | 35 | ●●●○○ | unit {unit:architectures}, section {section:architectures/reduce} |
#
# A network in use is a list of layers, one after the other, each named by its kind. The cell below builds such a network and shows what `reduce` does with it. Run it on small networks until you know which batch norms go and which stay.
#
# Then write `left(layers)`. It returns the places of the batch norms that `reduce` leaves, counted from 0, in order. The answer itself may not call `reduce`.
#
# The kinds are those of `KINDS`. A `"conv circular"` reads on the other side of the image where it leaves it. No batch norm stands directly behind another, also not with dropout alone between.
#
# By hand: `left(["conv", "bn", "relu"])` is `[]`, and `left(["conv padded", "relu", "bn"])` is `[2]`.

# %% predict-given role="locked"
KINDS = {
    "conv": lambda: nn.Conv2d(2, 2, 3),
    "conv padded": lambda: nn.Conv2d(2, 2, 3, padding=1),
    "conv circular": lambda: nn.Conv2d(2, 2, 3, padding=1, padding_mode="circular"),
    "bn": lambda: nn.BatchNorm2d(2),
    "relu": nn.ReLU,
    "avg pool": lambda: nn.AvgPool2d(kernel_size=2),
    "max pool": lambda: nn.MaxPool2d(2),
    "dropout": nn.Dropout,
    "upsample": lambda: nn.Upsample(scale_factor=2),
}


def look(layers):
    """What `reduce` does with the batch norms of such a network: a line for each rule that it tried."""
    made = nn.Sequential(*(KINDS[kind]() for kind in layers)).eval()
    for row in reduce(made, torch.randn(1, 2, 32, 32)).report.rows:
        if "batch norm" in row.rule:
            print(row.rule, "| layers", row.where, "| done" if row.applied else f"| left: {row.reason}")


# %% predict-look
# take the # away, and try your own
# look(["conv padded", "bn", "relu", "bn", "conv padded"])

# %% predict-predict [markdown]
# **Predict first.** A convolution, an average pooling, a batch norm: does the batch norm go? And with a max pooling in the middle?
#
# <details><summary>How to find out</summary>
#
# Ask `look`. Then ask yourself why. Is the mean of the four numbers $Gy + g$ the same as $G$ times their mean, plus $g$? Does that hold for their maximum, if $G$ is negative?
#
# </details>


# %% predict role="answer"
def left(layers):
    ### BEGIN SOLUTION Go through the layers and return the places of the batch norms that nothing takes in, as a list.
    stays, reached = [], False  # would a batch norm here find a convolution before it?
    for n, kind in enumerate(layers):
        if kind.startswith("conv"):
            reached = True
        elif kind in ("relu", "max pool"):
            reached = False
        elif kind == "bn":
            behind = [one for one in layers[n + 1 :] if one not in {"dropout", "avg pool", "upsample", "bn"}]
            if not reached and behind[:1] not in (["conv"], ["conv circular"]):
                stays.append(n)
    return stays
    ### END SOLUTION


# %% predict-hints [markdown]
# <details><summary>Hint 1: which experiments</summary>
#
# Put one batch norm behind a convolution, with each of the other kinds between, one at a time. Then put one before each kind of convolution, again with each kind between.
#
# </details>
# <details><summary>Hint 2: two sides</summary>
#
# Some layers can be looked through, on both sides: each of their outputs is a weighted mean of numbers of one map. The convolution behind has one more condition.
#
# </details>
# <details><summary>Hint 3: a batch norm that has gone</summary>
#
# It is no obstacle any more: `look(["conv", "bn", "avg pool", "bn"])`. Nor is one that the convolution behind has taken in.
#
# </details>
