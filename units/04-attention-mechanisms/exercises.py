# %% title [markdown]
# # Exercises 4 · Attention mechanisms
#
# The lecture is [`04-attention-mechanisms`](../../lectures/04-attention-mechanisms.ipynb). Work from top to bottom; no exercise needs the answer to another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. The checks notice a call to a ready answer,
# be it the framework's or the course's.
#
# The letters are the seminar's: an input $X$ of shape $C \times H \times W$, one image without a batch; the squeeze ratio is $r$.

# %% setup
import torch

from nonconv.checks import check, todo

# %% aggregate-card [markdown]
# ## 1 · AGG: what a map amounts to
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | one number for each map, by average or by maximum | 5 | ●○○○○ | lecture, section 1 |
#
# $$F_{agg} = \mathrm{AGG}(X), \qquad X: C\times H\times W, \quad F_{agg}: C\times 1\times 1 .$$
# Write `aggregate(X, by)`, where `by` is `"avg"` or `"max"`, taken over all places of each map. It returns a tensor of shape `(C, 1, 1)`.
#
# By hand: a map with the numbers 1, 2, 3, 6 has the average 3 and the maximum 6.


# %% aggregate role="answer"
def aggregate(X, by):
    ### BEGIN SOLUTION Take the average or the maximum of each map over its places; return a tensor of shape (C, 1, 1).
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    return X.amax((1, 2), keepdim=True)
    ### END SOLUTION


# %% aggregate-values role="check"
check("aggregate-values", aggregate)

# %% aggregate-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Which axes of `(C, H, W)` are summed away, and which one stays?
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# `mean` and `amax` take several axes at once, and `keepdim=True` leaves them in the shape, as 1.
# (`X.max(1)` takes one axis, and returns two tensors: the maxima, `.values`, and where they are, `.indices`.)
#
# </details>

# %% aggregate-negative role="hidden"
# Runs when your work is graded (1 point): maps of negative numbers, a map of one row, a single map.

# %% excitation-card [markdown]
# ## 2 · Excitation: two layers and a σ
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | from what the maps amount to, to one weight for each | 10 | ●●○○○ | lecture, section 2 |
#
# A perceptron with two layers squeezes $C$ numbers to $C/r$ and brings them back to $C$; a σ makes weights of them:
# $$Y_1 = W_1\,\mathrm{ReLU}(W_0 F_{agg}), \qquad Y = \sigma(Y_1), \qquad W_0: C/r\times C, \quad W_1: C\times C/r .$$
# Write `excitation(F_agg, W0, W1)`. Here `F_agg` is a vector of shape `(C,)`, and so is what it returns.
#
# By hand: $F_{agg} = (3, 1)$, $W_0 = (1, -1)$, $W_1 = (0.5, -1)^T$. Then $W_0F = 2$, ReLU leaves it, $Y_1 = (1, -2)$ and
# $Y = (0.731, 0.119)$.

# %% excitation-predict [markdown]
# **Predict first.** $W_0 F_{agg}$ is negative everywhere. Which weights come out?
#
# <details><summary>Answer</summary>
#
# ReLU makes it 0, so $Y_1 = 0$, and $\sigma(0) = 1/2$: every map is halved, whatever $W_1$ is.
#
# </details>


# %% excitation role="answer"
def excitation(F_agg, W0, W1):
    ### BEGIN SOLUTION Go through both matrices, with ReLU between them and σ at the end; return a vector of shape (C,).
    hidden = torch.relu(W0 @ F_agg)
    return torch.sigmoid(W1 @ hidden)
    ### END SOLUTION


# %% excitation-values role="check"
check("excitation-values", excitation)

# %% excitation-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Read the formula from the inside out: a matrix, a ReLU, a matrix, a σ.
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# `W0 @ F_agg` has shape `(C/r,)`. `torch.relu` and `torch.sigmoid` work on each number.
#
# </details>

# %% excitation-many role="hidden"
# Runs when your work is graded (1 point): more maps, and sums so large that σ is nearly 0 or 1.

# %% parameters-card [markdown]
# ## 3 · What it costs, as a formula
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | count weights for all $C$ and $r$ at once | 10 | ●●○○○ | exercise 2's text |
#
# Write `excitation_parameters(C, r)`: how many numbers do $W_0$ and $W_1$ hold together, without biases?
#
# Your function is given **symbols**, not numbers, and returns a formula in them: `C * r`, say, or `C**2 + 1`. Two formulas that are equal are both right. Write `/`, not `//`: $r$ divides $C$.


# %% parameters role="answer"
def excitation_parameters(C, r):
    ### BEGIN SOLUTION Return a formula in C and r: the numbers in W0 and in W1.
    return 2 * C**2 / r
    ### END SOLUTION


# %% excitation-parameters role="check"
check("excitation-parameters", excitation_parameters)

# %% share-card [markdown]
# Is that much? A $p\times p$ convolution from $C$ maps to $C$ maps stands before the gate. Write `share_of_a_convolution(C, r, p)`: the number of weights of the perceptron, divided by the number of weights of the
# convolution. No biases in either.

# %% share-predict [markdown]
# **Predict first.** With $r = 16$ and $p = 3$: is it nearer to a hundredth, a tenth or a half? Does it grow with $C$?
#
# <details><summary>Answer</summary>
#
# $2/(16 \cdot 9) \approx 0.014$, a hundredth, and it does not depend on $C$. Beside a 1×1 convolution it would be nine times as much.
#
# </details>


# %% share role="answer"
def share_of_a_convolution(C, r, p):
    ### BEGIN SOLUTION Return a formula: the weights of the perceptron divided by those of a p×p convolution.
    return 2 / (r * p**2)
    ### END SOLUTION


# %% share-of-a-convolution role="check"
check("share-of-a-convolution", share_of_a_convolution)

# %% parameters-hints [markdown]
# <details><summary>Hint for the count</summary>
#
# A matrix with $a$ rows and $b$ columns holds $ab$ numbers. How many rows and columns has $W_0$?
#
# </details>
# <details><summary>Hint for the share</summary>
#
# A convolution has a $p\times p$ kernel for each pair of an input map and an output map.
#
# </details>

# %% channel-card [markdown]
# ## 4 · Channel attention with both aggregates
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | CBAM's channel gate | 15 | ●●○○○ | lecture, section 3 |
#
# Average *and* maximum go through the same perceptron. The two results are added, and only then comes the σ:
# $$A = \sigma\bigl(W_1\,\mathrm{ReLU}(W_0 F_{avg}) + W_1\,\mathrm{ReLU}(W_0 F_{max})\bigr) .$$
# Write `channel_attention(X, W0, W1)` for an `X` of shape `(C, H, W)`. It returns the weights, of shape `(C, 1, 1)`; it does not multiply by `X`.
# How you aggregate and multiply is up to you: matrices, pooling or 1×1 convolutions.
#
# By hand: two maps of one row, $(1, 3)$ and $(1, 1)$, with the matrices of exercise 2. The averages $(2, 1)$ give $Y_1 = (0.5, -1)$, the maxima $(3, 1)$ give
# $(1, -2)$. So $A = \sigma(1.5, -3) = (0.818, 0.047)$.

# %% channel-predict [markdown]
# **Predict first.** All places of each map hold one and the same number. Is $A$ then the same as SE's, which takes the average only?
#
# <details><summary>Answer</summary>
#
# No. Average and maximum are equal, so the same $Y_1$ is added twice: $\sigma(2Y_1)$, which is further from 1/2 than $\sigma(Y_1)$.
#
# </details>


# %% channel role="answer"
def channel_attention(X, W0, W1):
    ### BEGIN SOLUTION Send the average and the maximum of each map through the perceptron, add, σ; return a tensor of shape (C, 1, 1).
    average, maximum = X.mean((1, 2)), X.amax((1, 2))
    added = W1 @ torch.relu(W0 @ average) + W1 @ torch.relu(W0 @ maximum)
    return torch.sigmoid(added)[:, None, None]
    ### END SOLUTION


# %% channel-attention-values role="check"
check("channel-attention-values", channel_attention)

# %% channel-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Follow the formula from the inside out, twice. Where do the two ways meet: before or behind the ReLU, before or behind the σ?
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# `X.mean((1, 2))` has shape `(C,)`, and `W0 @` it has shape `(C/r,)`. At the end, `[:, None, None]` makes `(C, 1, 1)` of `(C,)`.
#
# </details>

# %% channel-attention-sizes role="hidden"
# Runs when your work is graded (1 point): other numbers of maps, maps of one column, negative numbers.

# %% channel-shown [markdown]
# **What you have shown.** A gate looks at every place of every map, and says one thing about each map. It can tell *what* matters, never *where*.

# %% spatial-card [markdown]
# ## 5 · Spatial attention
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | one weight for each place | 15 | ●●●○○ | lecture, section 4 |
#
# Now the maps are aggregated away: at each place the average and the maximum over all maps. These two maps, **average first**, go through one convolution with a kernel of shape $1\times 2\times k\times k$, $k$ odd, without a bias, and a σ:
# $$A = \sigma\bigl(W * [F_{avg};\, F_{max}]\bigr), \qquad A: 1\times H\times W .$$
# Write `spatial_attention(X, W)`, where `W` has shape `(1, 2, k, k)`. The convolution keeps the size: it has a border of zeros. You may call `torch.nn.functional.conv2d`. It returns the weights, of shape `(1, H, W)`.
#
# By hand: two maps of one row, $(1, 0, 3)$ and $(-1, 2, 1)$. The averages are $(0, 1, 2)$, the maxima $(1, 2, 3)$. With the 1×1 kernel $(0.5, -0.25)$: $A = \sigma(-0.25,\, 0,\, 0.25) = (0.438, 0.5, 0.562)$.

# %% spatial-predict [markdown]
# **Predict first.** Shuffle the maps of $X$. What happens to $A$?
#
# <details><summary>Answer</summary>
#
# Nothing: average and maximum over the maps do not know their order. The gate says *where*, never *which map*.
#
# </details>


# %% spatial role="answer"
def spatial_attention(X, W):
    ### BEGIN SOLUTION Stack the average and the maximum over the maps, convolve with a border that keeps the size, σ; return (1, H, W).
    both = torch.stack([X.mean(0), X.amax(0)])  # (2, H, W)
    k = W.shape[-1]
    return torch.sigmoid(torch.nn.functional.conv2d(both[None], W, padding=k // 2)[0])
    ### END SOLUTION


# %% spatial-attention-values role="check"
check("spatial-attention-values", spatial_attention)

# %% spatial-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Which axis is aggregated away this time?
#
# </details>
# <details><summary>Hint 2: the border</summary>
#
# A $k\times k$ kernel shortens each side by $k - 1$. A border of $(k-1)/2$ on each side gives it back.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `torch.stack([…, …])` of two tensors of shape `(H, W)` has shape `(2, H, W)`. `conv2d` wants a batch: `both[None]` has shape `(1, 2, H, W)`.
#
# </details>

# %% spatial-attention-kernel role="hidden"
# Runs when your work is graded (1 point): larger kernels, more maps, maps smaller than the kernel.

# %% cbam-card [markdown]
# ## 6 · CBAM: channels first, then places
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | put the two gates together, and see that their order matters | 15 | ●●○○○ | lecture, section 5 |
#
# You are given the two gates as functions: `channel(X)` returns weights of shape `(C, 1, 1)`, `spatial(X)` weights of shape `(1, H, W)`. CBAM applies them one after the other:
# $$X' = A_{channel}(X)\cdot X, \qquad Y = A_{spatial}(X')\cdot X' .$$
# Write `cbam(X, channel, spatial)`. It returns $Y$.


# %% cbam role="answer"
def cbam(X, channel, spatial):
    ### BEGIN SOLUTION Multiply by the channel weights, then by the spatial weights of what came out; return Y of the shape of X.
    refined = channel(X) * X
    return spatial(refined) * refined
    ### END SOLUTION


# %% cbam-values role="check"
check("cbam-values", cbam)

# %% cbam-not-square role="hidden"
# Runs when your work is graded (1 point): images that are not square.

# %% order-card [markdown]
# ### Does the order matter?
#
# Write `order_matters(channel, spatial)`. It returns an $X$ of four maps, of shape `(4, H, W)`, for which channel-then-spatial ($Y$) and spatial-then-channel ($Y'$) differ: $\|Y - Y'\| > 0.01\,\|Y\|$. Any such $X$ is accepted. The gates are those that CBAM was checked with.


# %% order role="answer"
def order_matters(channel, spatial):
    ### BEGIN SOLUTION Return an X of shape (4, H, W) on which the two orders differ by more than a hundredth.
    X = torch.zeros(4, 3, 3, dtype=torch.float64)
    X[0, 0, 0], X[1, 1, 1], X[2, 2, 2] = 5.0, -3.0, 4.0
    return X
    ### END SOLUTION


# %% order-matters role="check"
check("order-matters", order_matters)

# %% cbam-hints [markdown]
# <details><summary>Hint for CBAM</summary>
#
# $X'$ stands twice in the second formula. Give it a name.
#
# </details>
# <details><summary>Hint for the order</summary>
#
# When each gate sees the same as before the other had its say, the order cannot matter. What does a channel gate change that a spatial gate looks at? Try a few inputs: random ones, large ones, small ones.
#
# </details>

# %% cbam-shown [markdown]
# **What you have shown.** Both gates multiply, and products may be swapped; but the *weights* depend on what comes in. So which order is better is a question for an experiment, not for algebra: lecture, section 8.

# %% convolutions-card [markdown]
# ## 7 · SE, written with convolutions only
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | find the convolutions inside squeeze-and-excitation | 20 | ●●●○○ | lecture, sections 2 and 6; unit 2, global average pooling |
#
# Write `se_by_convolutions(X, W0, W1)`, squeeze-and-excitation with the average: $Y = \sigma(W_1\,\mathrm{ReLU}(W_0 F_{avg}))\cdot X$. **All sums are made by convolutions.** You may call `torch.nn.functional.conv2d`, ReLU, σ, and multiply number by number; no `mean`, no `sum`, no matrix product. `X` holds numbers of dtype `float64`: a kernel that you make needs `dtype=X.dtype`.
#
# - `X`: `(C, H, W)`; `W0`: `(C/r, C)`; `W1`: `(C, C/r)`. It returns $Y$, of shape `(C, H, W)`.

# %% convolutions-predict [markdown]
# **Predict first.** Three convolutions are needed. What are the shapes of their kernels?
#
# <details><summary>Answer</summary>
#
# The average: depthwise, `(C, 1, H, W)`, with `groups=C`. The two matrices: `(C/r, C, 1, 1)` and `(C, C/r, 1, 1)`.
#
# </details>


# %% convolutions role="answer"
def se_by_convolutions(X, W0, W1):
    ### BEGIN SOLUTION Average by a depthwise convolution, then two 1×1 convolutions with ReLU between, σ, and multiply.
    conv2d = torch.nn.functional.conv2d
    C, H, W = X.shape
    kernel = torch.full((C, 1, H, W), 1 / (H * W), dtype=X.dtype)
    squeezed = conv2d(X[None], kernel, groups=C)  # (1, C, 1, 1)
    hidden = torch.relu(conv2d(squeezed, W0[:, :, None, None]))
    A = torch.sigmoid(conv2d(hidden, W1[:, :, None, None]))
    return A[0] * X
    ### END SOLUTION


# %% se-by-convolutions-values role="check"
check("se-by-convolutions-values", se_by_convolutions)

# %% convolutions-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# An average over $n$ numbers multiplies each by $1/n$ and adds. A kernel of the size of the whole map does just that, once.
#
# </details>
# <details><summary>Hint 2: a matrix as a kernel</summary>
#
# After the average there is one place left, so a matrix is a 1×1 kernel: `W0[:, :, None, None]`.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `torch.full((C, 1, H, W), 1 / (H * W), dtype=X.dtype)` is the first kernel; it needs `groups=C`. `conv2d` takes a batch: `X[None]`.
#
# </details>

# %% se-by-convolutions-not-square role="hidden"
# Runs when your work is graded (1 point): images that are not square.

# %% additive-card [markdown]
# ## 8 · … and yet it is not a convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | a counterexample to additivity | 10 | ●●○○○ | lecture, section 6 |
#
# Exercise 7 has three convolutions, but also a ReLU, a σ and a product. A convolution without bias is additive: $f(x + y) = f(x) + f(y)$. You are given `se`, squeeze-and-excitation for four maps.
# Write `breaks_additivity(se)`. It returns two tensors `(x, y)`, each of shape `(4, H, W)`, for which `se(x + y)` is not `se(x) + se(y)`.


# %% additive role="answer"
def breaks_additivity(se):
    ### BEGIN SOLUTION Return two tensors (x, y) of shape (4, H, W) for which se(x + y) is not se(x) + se(y).
    x = torch.zeros(4, 1, 1, dtype=torch.float64)
    x[0] = 1.0
    return x, x  # se(2x) is not 2 se(x): the weights of 2x are others
    ### END SOLUTION


# %% se-not-additive role="check"
check("se-not-additive", breaks_additivity)

# %% additive-hints [markdown]
# <details><summary>Hint</summary>
#
# $\mathrm{se}(x) = A(x)\cdot x$. If $A$ were a constant, this would be additive. So look for $x$, $y$ with another $A(x + y)$ than $A(x)$. Is $x = y$ allowed?
#
# </details>

# %% additive-shown [markdown]
# **What you have shown.** Built from convolutions, but no convolution: the weights depend on the input.

# %% put-card [markdown]
# ## 9 · Put SE into a given network
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | change a network that somebody else wrote, and say what it costs | 25 | ●●●○○ | lecture, section 7 |
#
# `model` is a `torch.nn.Sequential` with `Conv2d` layers. Behind some of them stands a `BatchNorm2d`, behind that an activation. `se(C)` makes an SE block for `C` maps.
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


# %% put-se-with-biases role="check"
check("put-se-with-biases", put_se)

# %% put-se-grouped role="hidden"
# Runs when your work is graded (1 point): grouped convolutions, one without batch norm.

# %% cost-card [markdown]
# ### What does it cost?
#
# Count it. Each block has $W_0$, $W_1$ **and biases**: $C/r$ behind $W_0$, $C$ behind $W_1$. Write `se_cost(model, r)`. It returns the pair `(extra, share)`: how many parameters the blocks of all convolutions add, a whole number, and that number divided by the
# number of parameters that `model` had before.


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


# %% se-cost-values role="check"
check("se-cost-values", se_cost)

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

# %% se-cost-grouped role="hidden"
# Runs when your work is graded (1 point): grouped convolutions.

# %% put-shown [markdown]
# **What you have shown.** An SE block fits into any network, since it leaves the shape as it is. It is cheap where there are few maps and dear where there are many: it grows with $C^2$.

# %% closed-card [markdown]
# ## 10 · Measure: which channels does a trained gate close?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | look into a gate that was trained | 15 | ●●○○○ | exercise 2's text |
#
# `gate` is an SE gate with eight maps. It was trained on handwritten digits *and on their negatives*, with a small price on open gates. `gate(images)` takes images of shape `(N, 1, 8, 8)` and returns the weights, of shape `(N, 8)`.
# Call a channel **closed** on these images if its weight lies below `threshold` for **every one** of them. Write `closed_channels(gate, images, threshold)`. It returns eight truth values, a tensor of shape `(8,)` that is `True` where the channel is closed.


# %% closed role="answer"
def closed_channels(gate, images, threshold):
    ### BEGIN SOLUTION Ask the gate, compare with the threshold, for every image; return a tensor of eight truth values.
    return (gate(images) < threshold).all(0)
    ### END SOLUTION


# %% closed-channels-values role="check"
check("closed-channels-values", closed_channels)

# %% closed-hints [markdown]
# <details><summary>Hint</summary>
#
# `gate(images) < threshold` has shape `(N, 8)`. Which axis is that of the images, and is it `any` or `all`?
#
# </details>

# %% closed-channels-thresholds role="hidden"
# Runs when your work is graded (1 point): other digits, other thresholds.

# %% closed-look [markdown]
# Now measure it on all 1797 digits, and on their negatives:

# %% closed-measure
from sklearn.datasets import load_digits

from nonconv.checks.zoo import Layer

gate = Layer("a gate trained on digits")
digits = torch.from_numpy(load_digits().images)[:, None] / 16
for name, images in (("digits", digits), ("negatives", 1 - digits)):
    weights = gate(images)
    print(f"{name:10} mean weight of each channel", [f"{value:.2f}" for value in weights.mean(0)])
    print(f"{'':10} their sum, over the images: {weights.sum(1).min():.2f} to {weights.sum(1).max():.2f}")
    # print(closed_channels(gate, images, 0.1))  # take the # away once you have written it

# %% closed-question [markdown] role="locked"
# ### What does the measurement say?
#
# Answer in a few sentences, with numbers from the cell above; closed means closed for the threshold 0.1. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | which channels are closed on all digits, which on all negatives |
# | 1 | a channel that is closed on the negatives only, and what that means for its map there |
# | 1 | why σ allows most channels to be closed at once: what do the weights of one image sum to? |
# | 2 | what could *not* happen if a softmax over the channels stood in σ's place, and why |

# %% closed-in-words [markdown] role="manual" points=5
# ### BEGIN SOLUTION
# On all digits channel 0 alone is closed, on all negatives channels 0, 2, 4, 5 and 7. Channel 2 has the mean weight 0.23 on digits and 0.01 on negatives: there its map is multiplied by nearly 0,
# and what follows sees hardly anything of it. The gates are independent: each σ looks at its own number, and the weights of one image sum to between 1.7 and 2.5, to nothing in particular. So all of them could be closed, or all open.
# A softmax gives weights with the sum 1. Then not all eight could be below 0.1 (their sum would be below 0.8), at most one could be above 1/2, and no two could stand near 0.8, as channels 1 and 3 do on the negatives: to open one is to close others.
# ### END SOLUTION

# %% self-card [markdown]
# ## 11 · Self-attention of a 4×4 map, in matrix form
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | every place looks at every place | 25 | ●●●○○ | lecture, section 9 |
#
# Write the $n = HW$ places of a map as the rows of a matrix $P$ of shape $n\times C$, row by row of the image. Then
# $$Q = PW^Q, \quad K = PW^K, \quad V = PW^V, \qquad A = \mathrm{softmax}\!\left(\frac{QK^T}{\sqrt{d}}\right), \qquad Y = AV ,$$
# where the softmax goes along each row, so that **each row of $A$ has the sum 1**, and $d$ is the number of columns of $Q$.
# Write `self_attention(X, WQ, WK, WV)` for an `X` of shape `(C, H, W)`. It returns `(A, Y)`.
#
# - `WQ`, `WK`: `(C, d)`; `WV`: `(C, M)`. `A`: `(n, n)`; `Y` as maps again: `(M, H, W)`.
# - For a 4×4 map, $A$ is 16×16: row $i$ says where place $i$ looks.
# - $Q$, $K$, $V$ may be made by matrix products or by 1×1 convolutions.

# %% self-predict [markdown]
# **Predict first.** All places of $X$ are alike. What is $A$?
#
# <details><summary>Answer</summary>
#
# All scores are equal, so each weight is $1/n$: every place sees the mean of all.
#
# </details>


# %% self role="answer"
def self_attention(X, WQ, WK, WV):
    ### BEGIN SOLUTION Make P of shape (H·W, C), then Q, K, V, A and AV; return (A, Y) with Y of shape (M, H, W).
    C, H, W = X.shape
    P = X.reshape(C, H * W).T
    Q, K, V = P @ WQ, P @ WK, P @ WV
    A = torch.softmax(Q @ K.T / WQ.shape[1] ** 0.5, dim=1)
    return A, (A @ V).T.reshape(-1, H, W)
    ### END SOLUTION


# %% self-attention-values role="check"
check("self-attention-values", self_attention)

# %% self-hints [markdown]
# <details><summary>Hint 1: the places as rows</summary>
#
# `X.reshape(C, H * W)` has the maps as rows. The places shall be the rows: transpose it. Reshaping straight to `(H * W, C)` would mix the numbers up.
#
# </details>
# <details><summary>Hint 2: which softmax</summary>
#
# Row $i$ of $QK^T$ holds the scores of place $i$ with all others. A softmax with `dim=1` makes each row sum to 1.
#
# </details>
# <details><summary>Hint 3: back to maps</summary>
#
# `A @ V` has shape `(n, M)`. Transpose it, then reshape to `(M, H, W)`.
#
# </details>

# %% self-attention-not-square role="hidden"
# Runs when your work is graded (1 point): an image that is not square, other widths of queries and values.

# %% self-shown [markdown]
# **What you have shown.** One matrix $A$ of weights, made from the input itself. If $A$ did not depend on $X$, this would be a fully connected layer over the places; if each row were the one above, shifted, a convolution. Unit 7 goes on from here.
#
# **Bonus.** Shuffle the places of $X$ in any way. What happens to $Y$?
