# %% put-card [markdown]
# ## {number} · Put SE into a given network
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | change a network that somebody else wrote, and say what it costs | 25 | ●●●○○ | lecture, section {section:cost} |
#
# `model` is a `torch.nn.Sequential` with `Conv2d` layers. Behind some of them stands a `BatchNorm2d`, behind that an activation. `se(C)` makes an SE block for `C` maps, a new one with each call. A network may end with a convolution, or with its batch norm.
# Write `put_se(model, se)`. It returns a new `torch.nn.Sequential` with one SE block for each convolution: **behind the convolution, behind its batch norm if it has one, before the activation**. All other layers stay as they are, and so does the given model.

# %% put role="answer"
def put_se(model, se):
    ### BEGIN SOLUTION Go through the layers, put se(C) where each convolution and its batch norm end; return a torch.nn.Sequential.
    layers = []
    for n, layer in enumerate(model):
        layers.append(layer)
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
        has_norm = n + 1 < len(model) and isinstance(model[n + 1], torch.nn.BatchNorm2d)
        if (isinstance(layer, torch.nn.Conv2d) and not has_norm) or isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(C))
    return torch.nn.Sequential(*layers)
    ### END SOLUTION


# %% cost-card [markdown]
# ### What does it cost?
#
# Count it. Each block has $W_0$, $W_1$ **and biases**: $C/r$ behind $W_0$, $C$ behind $W_1$. Write `se_cost(model, r)`. It returns the pair `(extra, share)`: how many parameters the blocks of all convolutions add, a whole number, and that number divided by the
# number of parameters that `model` had before. You may count by a formula, or build the blocks and count their parameters.


# %% cost role="answer"
def se_cost(model, r):
    ### BEGIN SOLUTION Add up the parameters of one SE block for each convolution; return (extra, share).
    extra = 0
    for layer in model:
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
            extra += 2 * C * C // r + C // r + C
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())
    ### END SOLUTION


# %% put-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Go through the layers with a list, and look one layer ahead: is the next one a batch norm?
#
# </details>
# <details><summary>Hint 2: how many maps</summary>
#
# `layer.out_channels` of the last convolution, also where a batch norm follows it.
#
# </details>
# <details><summary>Hint 3: counting</summary>
#
# `model.parameters()` gives all tensors that are trained, and `numel()` says how many numbers a tensor holds.
#
# </details>

# %% put-shown [markdown]
# **What you have shown.** An SE block fits into any network, since it leaves the shape as it is. It is cheap where there are few maps and expensive where there are many: it grows with $C^2$.
