# %% network-card [markdown]
# ## {number} · A whole network without batch norm
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | fold every batch norm of a network | 30 | ●●●●○ | exercise {exercise:merge-batch-norm}; lecture, section {section:use} |
#
# Write `reduce_network(model)`. `model` is a `torch.nn.Sequential` in evaluation mode in which each `BatchNorm2d` stands directly behind a `Conv2d`. Return a network that does the same
# with the same layers but for the batch norms: each is folded into the convolution before it, and nothing computes in its place (an `nn.Identity` may stand there).
# Leave the given one as it is: work on copies (`copy.deepcopy`). You may call your own `merge`; not to be called is what folds, in the framework and in the course. It is checked on all 1797 digits: equal labels, and outputs that differ by less than $10^{-10}$ in float64.
#
# A convolution may have `bias=None`, stride, padding and groups. Batch norm has `weight` ($\gamma$), `bias` ($\beta$), `running_mean`, `running_var` and `eps`.

# %% network role="answer"
import copy


def reduce_network(model):
    ### BEGIN SOLUTION Copy the layers, fold each batch norm into the convolution before it, and return a torch.nn.Sequential.
    layers = []
    for layer in model:
        if isinstance(layer, torch.nn.BatchNorm2d):
            conv = layers[-1]
            G = layer.weight / torch.sqrt(layer.running_var + layer.eps)
            b = torch.zeros_like(G) if conv.bias is None else conv.bias
            conv.weight = torch.nn.Parameter(conv.weight * G[:, None, None, None])
            conv.bias = torch.nn.Parameter(G * (b - layer.running_mean) + layer.bias)
        else:
            layers.append(copy.deepcopy(layer))
    return torch.nn.Sequential(*layers)
    ### END SOLUTION


# %% network-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Go through the layers and keep a list. A batch norm is not put into the list: it changes the last layer of the list.
#
# </details>
# <details><summary>Hint 2: parameters</summary>
#
# A layer's weight is a `Parameter`. Assign a new one: `conv.weight = torch.nn.Parameter(…)`. Do the same for a bias that was `None`.
#
# </details>
# <details><summary>Hint 3: which layer is a copy</summary>
#
# `copy.deepcopy(layer)` before you put it into the list. Then what you change is yours.
#
# </details>

# %% network-shown [markdown]
# **What you have shown.** The network that runs on a telephone need not be the one that was trained: the same labels, fewer layers.
