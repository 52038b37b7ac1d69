# %% remove-card [markdown]
# ## {number} · Which batch norms can `reduce` remove?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read a network as `reduce` does | 40 | ●●●●○ | lecture, section {section:reduce} |
#
# A network in use is given as a tuple of layers `(name, kind, inputs)`, in order; `inputs` is a tuple of the names of the layers it reads, even where it is one: `inputs[0]`. The last layer gives the result. The kinds are
# `"input"`, `"conv"` (without a border), `"conv padded"` (with a border of zeros), `"bn"`, `"relu"`, `"max pool"`, `"dropout"` and `"sum"` (of two).
#
# Write `removable(net)`. It returns a list with one word for each `"bn"`, in their order:
#
# - `"before"`: it is merged into the convolution *before* it. `reduce` tries this first.
# - `"after"`: it is merged into the convolution *after* it, which must have no border: with one, an extra input map would be needed, 1 inside and 0 on the border, to say where $g$ is to be added, and that costs multiply–adds.
# - `"stays"`: neither.
#
# Two layers can become one only if nobody else reads what passes between them. Dropout does nothing in use, so `reduce` takes it away first. In the given networks no two batch norms follow each other. (`reduce` itself may not be called.)
#
# By hand: `(("x", "input", ()), ("c", "conv padded", ("x",)), ("n", "bn", ("c",)), ("r", "relu", ("n",)))` gives `["before"]`.

# %% remove-predict [markdown]
# **Predict first.** A DenseNet layer is: batch norm, ReLU, 1×1 convolution, batch norm, ReLU, 3×3 convolution. Which of its two batch norms goes?
#
# <details><summary>Answer</summary>
#
# The second, into the 1×1 before it. The first has no convolution as a neighbour: a ReLU stands between. It stays, as the depthwise 1×1 convolution that it is.
#
# </details>

# %% remove role="answer"
def removable(net):
    ### BEGIN SOLUTION For each batch norm, look at what it reads and who reads it; return "before", "after" or "stays" for each.
    kind = {name: what for name, what, _ in net}
    reads = {name: inputs for name, _, inputs in net}

    def readers(name):
        return [other for other in reads if name in reads[other]]

    words = []
    for name in kind:
        if kind[name] != "bn":
            continue
        (before,) = reads[name]
        while kind[before] == "dropout" and len(readers(before)) == 1:
            (before,) = reads[before]
        after = readers(name)
        while len(after) == 1 and kind[after[0]] == "dropout":
            after = readers(after[0])
        if kind[before].startswith("conv") and len(readers(before)) == 1:
            words.append("before")
        elif len(after) == 1 and kind[after[0]] == "conv":
            words.append("after")
        else:
            words.append("stays")
    return words
    ### END SOLUTION


# %% remove-hints [markdown]
# <details><summary>Hint 1: what to look up</summary>
#
# Three tables help: the kind of each layer, what it reads, and who reads it. The third you make from the second.
#
# </details>
# <details><summary>Hint 2: who reads it</summary>
#
# `[other for other, _, inputs in net if name in inputs]`. A skip shows there: the layer has two readers.
#
# </details>
# <details><summary>Hint 3: dropout</summary>
#
# While the layer before is a dropout, go one further. The same the other way.
#
# </details>

# %% remove-shown [markdown]
# **What you have shown.** What is left after `reduce` is decided by the order of the layers. The same batch norms behind the convolutions in place of before them, and all would go.
