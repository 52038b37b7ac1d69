# %% title [markdown]
# # 4 · Attention mechanisms
#
# A network does not need all maps and all places alike. An attention mechanism makes a weight for each, *from the input itself*, and multiplies. Which parts of it are convolutions, and is the whole one?
#
# **You will be able to** write channel attention, spatial attention and CBAM; say what each of them costs; take them apart into convolutions, and prove with one example that the whole is none; and compute self-attention as matrices.
#
# **You need** convolution as a formula and the question of [unit 2](02-reduction-to-convolution.ipynb): which layers are convolutions? ReLU, σ and He's rule are unit {unit:sigmoid-versus-relu}'s; what is needed of them is said here.
#
# **Time** 75 minutes. **Exercises**: `make start UNIT=04-attention-mechanisms` makes your own copy in `my/`;
# the original: [exercises](../exercises/04-attention-mechanisms/04-attention-mechanisms.ipynb).

# %% setup
import matplotlib.pyplot as plt
import torch
from torch.nn import functional

from nonconv import experiments, figures, layers, networks, reduction, verdicts
from nonconv.figures import SIZES, explorer, show, use_style
from nonconv.layers.cost import count_parameters

use_style()
torch.manual_seed(0)
torch.set_num_threads(1)
# %% opening [markdown]
# ## {number} · Which digit counts?
#
# Three handwritten digits side by side, and a bar above one of them. The digit below the bar is the answer; the other two are there to mislead. A convolution treats all places alike. Can a network learn to look at one digit only? Whoever reads one of the three at random is right with probability $\frac13 + \frac23\cdot\frac1{10} = 0.4$, and so wrong in 60 % of the cases.

# %% opening-data
data = experiments.digits()
pictures, answers, places = experiments.marked_digits(2000, data, data.train, seed=0)
unseen, truth, bars = experiments.marked_digits(500, data, data.test, seed=1)
named = [f"answer {answer}" for answer in truth[:6]]
figure = figures.pictures(unseen[:6, 0], named, across=3, height=1.4, frame=True)
show(
    figure,
    alt="Six pictures, each of three handwritten digits in a row, with a bright bar above one of them; the answer is that digit.",
)

# %% opening-network [markdown]
# A small network: two convolutions to 16 maps, the mean of each map, one fully connected layer. Between the convolutions and the mean there may be a **gate**: it makes weights between 0 and 1 *from the maps themselves* and multiplies the maps by them. Sections {section:excitation} to {section:spatial} say how; here are just the calls. A channel gate has a weight for each map, a spatial gate one for each place.
#
# Training is the usual loop (Adam, cross-entropy), for five networks at once: `side_by_side` takes their starting numbers, and `vmap` runs one function for all five. The kernels start at random, with the deviation $\sqrt{2/n}$ for a sum of $n$ products (He's rule, unit {unit:sigmoid-versus-relu}).

# %% opening-network-code
SHAPES = {"F1": (8, 1, 3, 3), "b1": (8,), "F2": (16, 8, 3, 3), "b2": (16,), "V": (10, 16), "v": (10,),
          "W0": (4, 16), "W1": (16, 4), "W": (1, 2, 7, 7)}  # fmt: skip
GATES = {
    "channel": lambda p, x: layers.channel_attention(x, p["W0"], p["W1"]),
    "spatial": lambda p, x: layers.spatial_attention(x, p["W"], fast=True),
}


def features(p, x):
    x = layers.conv2d(x, p["F1"], p["b1"], stride=2, padding=1, fast=True).relu()
    return layers.conv2d(x, p["F2"], p["b2"], padding=1, fast=True).relu()  # (N, 16, H/2, W/2)


def logits(p, x, gates=()):
    h = features(p, x)
    for name in gates:
        h = GATES[name](p, h) * h
    return h.mean((2, 3)) @ p["V"].T + p["v"]


# %% opening-train
def start(seed):
    """Kernels by He's rule, biases 0."""
    random, p = torch.Generator().manual_seed(seed), {}
    for name, shape in SHAPES.items():
        deviation = (2 / torch.Size(shape[1:]).numel()) ** 0.5 if len(shape) > 1 else 0
        p[name] = torch.randn(shape, generator=random) * deviation
    return p


def errors_of(trained, gates, x, labels):
    """The error of each of the networks, in percent."""
    with torch.no_grad():
        guesses = torch.func.vmap(lambda p, x: logits(p, x, gates), in_dims=(0, None))(trained, x).argmax(2)
    return 100 * (guesses != labels).double().mean(1)


VARIANTS = {"no gate": (), "channel gate": ("channel",), "spatial gate": ("spatial",)}
marked, marked_errors = {}, {}
for name, gates in VARIANTS.items():
    starts = [start(seed) for seed in range(5)]  # five networks, trained side by side
    marked[name] = experiments.side_by_side(
        lambda p, x, g=gates: logits(p, x, g), starts, pictures, answers, epochs=14, rate=0.05
    )
    marked_errors[name] = errors_of(marked[name], gates, unseen, truth)

# %% opening-result tags=["nbval-ignore-output"]
show(
    figures.dots({"three digits, a bar above one": marked_errors}, ylabel="test error, %", ylim=(0, 80)),
    alt="Test errors of five networks each on the digit below the bar. The black lines are medians: a third or more is wrong"
    " without a gate and with a channel gate, clearly less with a spatial gate.",
)
median = {name: error.median() for name, error in marked_errors.items()}
assert median["spatial gate"] < 0.6 * min(median["no gate"], median["channel gate"])
assert (marked_errors["spatial gate"] < marked_errors["no gate"].min()).sum() >= 3
print("median error with a spatial gate less than six tenths of the others:", True)

# %% opening-weights [markdown]
# Where does the best of the spatial gates look? Below each picture stands the same, multiplied by the weights. (Before that 0.15 was added to each pixel, so that the weights show on black as well.)

# %% opening-map
best = int(marked_errors["spatial gate"].argmin())
p = {name: value[best] for name, value in marked["spatial gate"].items()}
with torch.no_grad():
    A = GATES["spatial"](p, features(p, unseen))[:, 0]  # (500, 5, 13)
bright = functional.interpolate(A[:, None], size=(10, 26), mode="nearest")[:, 0]
show(
    figures.pictures(
        [*unseen[:3, 0], *(unseen[:3, 0] + 0.15) * bright[:3]],
        [""] * 6,
        across=3,
        row_names=["picture", "× weights"],
        height=1.4,
        frame=True,
    ),
    alt="Three pictures of digits with a bar, and below each the same multiplied by the spatial weights: bright on the lower half of"
    " the digit below the bar, dark at the other two digits.",
)

# %% opening-map-check
left = torch.tensor([0, 9, 18])[bars]  # the first column of the digit that counts
columns = torch.arange(26)
below = (columns >= left[:, None]) & (columns < left[:, None] + 8)  # (500, 26)
ratio = bright[:, 2:].mean(1)[below].mean() / bright[:, 2:].mean(1)[~below].mean()
assert ratio > 1.5
print(
    "the weights on the digit that counts are more than one and a half times those elsewhere:",
    bool(ratio > 1.5),
)

# %% opening-notice [markdown]
# A gate over *places* finds the digit under the bar: the median error of five networks falls to less than six tenths of the others'. It opens on the lower half of that digit: there the maps know which digit it is, and the bar is just near enough to be seen. A gate over *maps* does not help here, it rather harms: it has one weight for all places of a map, so it cannot point at a digit. (Without a gate the networks still beat the 60 % of reading one of the three at random. A number behind the second convolution sees 7×7 pixels, so near the bar it sees the bar and the upper half of the digit together.)
#
# So attention helps where something is to be looked at and something else is not. (Where there is nothing to look away from, it need not: section {section:trained} tries the plain digits.)
#
# How are such weights made? What do they cost? And is such a layer still a convolution?

# %% idea [markdown]
# ## {number} · A weight times a value
#
# Attention, in this unit, is a **multiplicative weight** $a \in [0, 1]$, made from the input. The input $X$ has the shape $C\times H\times W$. Channel attention has a weight for each of the $C$ maps, spatial attention one for each of the $HW$ places. What makes the weight is a small network, and it begins by *aggregating*. For channel attention:
# $$F_{agg} = \mathrm{AGG}(X), \qquad X: C\times H\times W, \quad F_{agg}: C\times 1\times 1,$$
# where AGG is the average or the maximum over all places of a map.

# %% idea-check
X = torch.tensor([[[1.0, 2], [3, 6]], [[0, 0], [0, 4]]], dtype=torch.float64)[None]  # (1, C, H, W)
F_avg, F_max = layers.aggregate_places(X, "avg"), layers.aggregate_places(X, "max")
assert F_avg.tolist() == [[3.0, 1.0]]  # exact: quarters
assert F_max.tolist() == [[6.0, 4.0]]
print("average of each map", F_avg[0].tolist(), "  maximum of each map", F_max[0].tolist())

# %% diagrams [markdown]
# The two mechanisms as diagrams. The next three sections go through them box by box.

# %% diagrams-picture
figures.attention_gates().show()

# %% excitation [markdown]
# ## {number} · Channel attention: squeeze, then excite
#
# A two-layer perceptron turns $F_{agg}$ into weights. To save parameters, it goes through a narrow middle; the squeeze ratio $r$ says how narrow:
# $$Y_1 = W_1\,\mathrm{ReLU}(W_0 F_{agg}), \qquad W_0: C/r\times C, \quad W_1: C\times C/r, \qquad A = \sigma(Y_1).$$
# Here $\mathrm{ReLU}(z) = \max(0, z)$, and $\sigma(z) = 1/(1 + e^{-z})$ makes of any number one between 0 and 1. Then map $k$ of $X$ is multiplied by $A^k$, at every place alike. (The slides write $Y$ for the weights; here $Y$ is an output.)

# %% excitation-check
W0, W1 = torch.tensor([[1.0, -1.0]]).double(), torch.tensor([[0.5], [-1.0]]).double()
A = layers.channel_attention(X, W0, W1, aggregates=("avg",))[0, :, 0, 0]
# by hand: the average (3, 1) gives 3 − 1 = 2, ReLU keeps it, W₁ makes (1, −2)
assert torch.allclose(A, torch.sigmoid(torch.tensor([1.0, -2.0]).double()), atol=1e-12)
assert torch.allclose(layers.squeeze_excitation(X, W0, W1)[0], A[:, None, None] * X[0], atol=1e-12)
print("weights", [f"{a:.4f}" for a in A])

# %% se-name [markdown]
# This became popular as **Squeeze-and-Excitation** (SE). Mind a difference: the slides aggregate "by MaxPool / AvgPool", but SE as published squeezes by the **average alone**. The version with both comes next, and it is another paper's.

# %% gates [markdown]
# **Gates do not compete.** Each σ looks at its own number. All maps can be open at once, or all closed. The **softmax** divides each $e^{s_k}$ by the sum of all of them. Its weights share a sum of 1: to raise one is to lower the others. In the cell, the first of three scores is raised by 2. Section {section:self} comes back to softmax.

# %% gates-check
scores = torch.tensor([1.0, 0.0, -1.0]).double()
raised = scores + torch.tensor([2.0, 0.0, 0.0]).double()
gates, shares = torch.sigmoid(torch.stack([scores, raised])), torch.softmax(torch.stack([scores, raised]), 1)
assert torch.allclose(gates[0, 1:], gates[1, 1:], atol=1e-12)
assert (shares[1, 1:] < shares[0, 1:]).all()
for name, (before, after) in (("σ", gates), ("softmax", shares)):
    print(f"{name:8} before {[f'{v:.3f}' for v in before]}  after {[f'{v:.3f}' for v in after]}")

# %% gates-picture
figure, axes = plt.subplots(1, 2, figsize=SIZES["wide"], sharey=True)
for axis, (title, (before, after)) in zip(
    axes, (("σ: independent gates", gates), ("softmax: shares of 1", shares)), strict=True
):
    for shift, values, name in ((-0.2, before, "before"), (0.2, after, "first score raised by 2")):
        axis.bar([k + shift for k in range(3)], values, width=0.38, label=name)
    axis.set(title=title, xticks=range(3), xticklabels=["map 1", "map 2", "map 3"], ylim=(0, 1))
axes[0].set_ylabel("weight")
axes[1].legend(frameon=False)
show(
    figure,
    alt="Bars of three weights before and after the first score has grown. With σ only the first weight grows, the other two"
    " stay. With softmax the first grows and the other two fall.",
)

# %% both [markdown]
# ## {number} · Both aggregates, one perceptron
#
# The slides' illustration combines maximum and average **as a sum**, and both go through **the same** perceptron:
# $$A = \sigma\bigl(W_1\,\mathrm{ReLU}(W_0 F_{avg}) + W_1\,\mathrm{ReLU}(W_0 F_{max})\bigr).$$
# This is the channel gate of **CBAM** (Woo et al. 2018, equation 2). The sum is taken behind the perceptron and before σ; ReLU keeps it from being the perceptron of the sum.

# %% both-check
A_both = layers.channel_attention(X, W0, W1)[0, :, 0, 0]
# by hand: the average (3, 1) gives (1, −2) as before; the maximum (6, 4) gives 6 − 4 = 2, so (1, −2) again
assert torch.allclose(A_both, torch.sigmoid(torch.tensor([2.0, -4.0]).double()), atol=1e-12)
print("SE's weights", [f"{v:.4f}" for v in A], "  with both aggregates", [f"{v:.4f}" for v in A_both])

# %% both-order [markdown]
# Where one adds matters. With an average and a maximum of different signs, one of the two passes the ReLU on its own; their sum may not:

# %% both-order-check
average, maximum = -3, 1  # one map, W₀ = W₁ = 1
apart, together = max(0, average) + max(0, maximum), max(0, average + maximum)
assert (apart, together) == (1, 0)
print(f"each on its own, then added: {apart}   added first: {together}")

# %% spatial [markdown]
# ## {number} · Spatial attention
#
# Now a weight for each place, the same for all maps. Aggregate over the maps instead: $F_{agg} = \mathrm{AGG}(X)$, $X: C\times H\times W$, $F_{agg}: 1\times H\times W$. An ordinary convolution looks at the neighbourhood of each place, a σ makes weights, and each map is multiplied by them:
# $$Y_1 = W * F_{agg}, \qquad A = \sigma(Y_1), \qquad W: 1\times k\times k .$$
# With both aggregates, the two maps are *stacked*, and the kernel is $2\times k\times k$. CBAM takes $k = 7$ (Woo et al. 2018, equation 3).

# %% spatial-check
X = torch.tensor([[[1.0, 0, 3]], [[-1, 2, 1]]], dtype=torch.float64)[None]
W = torch.tensor([0.5, -0.25]).double().reshape(1, 2, 1, 1)
# by hand: the averages are 0, 1, 2, the maxima 1, 2, 3
by_hand = torch.sigmoid(torch.tensor([-0.25, 0.0, 0.25]).double())
assert torch.allclose(layers.spatial_attention(X, W)[0, 0, 0], by_hand, atol=1e-12)
print("weights", [f"{v:.4f}" for v in by_hand])

# %% spatial-order [markdown]
# It knows *where*, not *which map*: shuffle the maps, and the weights stay. The channel gate is its counterpart, it knows *which map*, not *where*: shuffle the places, and its weights stay.

# %% spatial-order-check
X = torch.randint(-4, 5, (1, 8, 6, 6)).double()
W0, W1 = torch.randint(-2, 3, (2, 8)).double() / 8, torch.randint(-2, 3, (8, 2)).double()
W = torch.randint(-2, 3, (1, 2, 3, 3)).double() / 8
A_channel, A_spatial = layers.channel_attention(X, W0, W1), layers.spatial_attention(X, W)
maps_shuffled = X[:, torch.randperm(8)]
places_shuffled = X.flatten(2)[..., torch.randperm(36)].unflatten(2, (6, 6))
assert torch.allclose(layers.spatial_attention(maps_shuffled, W), A_spatial, atol=1e-12)
assert torch.allclose(layers.channel_attention(places_shuffled, W0, W1), A_channel, atol=1e-12)

# %% residual [markdown]
# **Residual Attention is something else.** The slides name it (Wang et al. 2017) as one of the first uses of spatial attention. In that paper a branch that makes the maps small and then large again (an encoder–decoder, unit {unit:architectures}) computes a mask $M$ of the full shape $C\times H\times W$, each number in $[0, 1]$. It weighs what another branch, the trunk, makes of the same input; call that $X$. The output is (equation 3)
# $$Y = (1 + M)\cdot X .$$
# The weight lies in $[1, 2]$: it never brings a number nearer to 0, and $M = 0$ leaves $X$ as it is. It came before the gate above, and is not the same.

# %% residual-check
M = torch.sigmoid(torch.randn(1, 8, 6, 6, dtype=torch.float64))  # a mask of full shape; here it is random
residual, gated = layers.residual_mask(X, M), M * X
assert torch.allclose(residual, X + M * X, atol=1e-12)
assert (residual.abs() >= X.abs()).all()
assert (gated.abs() <= X.abs()).all()
assert torch.equal(layers.residual_mask(X, torch.zeros_like(X)), X)  # exact: 0·X + X

# %% cbam [markdown]
# ## {number} · Both, one after the other: CBAM
#
# $$X' = A_{channel}(X)\cdot X, \qquad Y = A_{spatial}(X')\cdot X' .$$
# Channels first, then places: on the slides the best combination, known as the **Convolutional Block Attention Module**. The second gate looks at what the first has left, so the order matters:

# %% cbam-check
channels_first = layers.cbam(X, W0, W1, W)
gated = A_spatial * X  # the other order: places, then maps
places_first = layers.channel_attention(gated, W0, W1) * gated
difference = (channels_first - places_first).norm() / channels_first.norm()
assert difference > 0.05
print(f"the two orders differ by {difference:.1%} on this input")

# %% convolution [markdown]
# ## {number} · Is it a convolution?
#
# First the pieces. The average over all places is a depthwise convolution with the kernel $1/(HW)$, of the input's own size (unit 2). On what it leaves, one place, a matrix *is* a 1×1 convolution. So SE is three convolutions, a ReLU, a σ and a product. Here the two kinds:

# %% convolution-pieces
squeeze = reduction.global_average_pooling(8, 6, 6, dtype=torch.float64)
squeezed = layers.conv2d(X, *squeeze)
assert torch.allclose(squeezed, X.mean((2, 3), keepdim=True), atol=1e-12)
narrow = layers.conv2d(squeezed, W0[:, :, None, None])  # the first of the two matrices
assert torch.allclose(narrow[0, :, 0, 0], W0 @ squeezed[0, :, 0, 0], atol=1e-12)
print("kernels", tuple(squeeze.weight.shape), "and", tuple(W0[:, :, None, None].shape))

# %% convolution-spatial [markdown]
# In the spatial gate, the average over the maps is a 1×1 convolution with $1/C$ (the maximum is none), and $W$ is a convolution by definition.

# %% convolution-spatial-check
mean_kernel = torch.full((1, 8, 1, 1), 1 / 8, dtype=torch.float64)
assert torch.allclose(layers.conv2d(X, mean_kernel), X.mean(1, keepdim=True), atol=1e-12)

# %% convolution-whole [markdown]
# **The whole is none.** A convolution without bias is additive, $f(x + y) = f(x) + f(y)$. One input is enough to break it, $y = x$:
# $$f(2x) = A(2x)\cdot 2x \quad\text{against}\quad 2f(x) = A(x)\cdot 2x .$$
# The weights depend on the input, so the two differ. (A bias is no way out: $f(0) = 0$, so it would have to be 0.) Let $C = r = 1$, $W_0 = W_1 = 1$, $x = 1$: then $f(2) = 2\,\sigma(2)$, but $2f(1) = 2\,\sigma(1)$.

# %% convolution-whole-check
x, one = torch.ones(1, 1, 1, 1).double(), torch.ones(1, 1).double()


def se(x):
    return layers.squeeze_excitation(x, one, one)


both, separate = se(x + x).item(), (se(x) + se(x)).item()
assert se(torch.zeros_like(x)).item() == 0  # exact: anything times 0
assert abs(both - 2 * torch.sigmoid(torch.tensor(2.0).double()).item()) < 1e-12
assert abs(separate - 2 * torch.sigmoid(torch.tensor(1.0).double()).item()) < 1e-12
assert reduction.as_convolution(lambda x: layers.squeeze_excitation(x, W0, W1), (8, 4, 4), 1, 1, 0) is None
print(f"f(1 + 1) = {both:.4f}, but f(1) + f(1) = {separate:.4f}")

# %% convolution-equivariant [markdown]
# **And yet it is equivariant**: shift the input (on a circle, so that nothing falls off), and the output shifts with it. On a border of zeros that is lost: what is shifted out is missing in the average. Being equivariant is only half of being a convolution; the other half is being affine.


# %% convolution-equivariant-check
def shift(x):
    return x.roll((2, -1), (2, 3))


def gate_on_a_circle(x):
    """The spatial gate with a border that closes to a circle."""
    both = torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)
    return x * torch.sigmoid(layers.conv2d(both, W, padding=1, padding_mode="circular"))


for name, f in (
    ("SE", lambda x: layers.squeeze_excitation(x, W0, W1)),
    ("spatial, on a circle", gate_on_a_circle),
):
    assert torch.allclose(f(shift(X)), shift(f(X)), atol=1e-12)
    assert (f(X + X) - f(X) - f(X)).abs().max() > 0.1
    print(f"{name:22} equivariant: yes   additive: no")
beyond_the_border = functional.pad(X, (0, 0, 2, 0))[:, :, :6]  # two rows down; the last two are lost
squeezed_and_excited = [layers.squeeze_excitation(x, W0, W1) for x in (X, beyond_the_border)]
kept, moved = squeezed_and_excited[0][:, :, :4], squeezed_and_excited[1][:, :, 2:]
assert (kept - moved).abs().max() > 0.01

# %% cost [markdown]
# ## {number} · What it costs
#
# $W_0$ and $W_1$ hold $C\cdot C/r$ numbers each. The paper's equation has no biases, and many programs add one behind each matrix, $C/r + C$ numbers more. For $C = 64$ maps and $r = 16$ that is $2\cdot 256 = 512$ weights, against 36,864 in a 3×3 convolution of as many maps: 1.4 %. A spatial gate has $2k^2$, whatever $C$ is.

# %% cost-check
block = layers.SqueezeExcitation(64, 16)
convolution = layers.Conv2d(64, 64, 3, bias=False)
assert count_parameters(block) == 512 + 4 + 64
assert count_parameters(convolution) == 36_864
assert round(100 * 512 / 36_864, 1) == 1.4

# %% cost-networks [markdown]
# Whole networks, built from the same layers (on the "meta" device: shapes without numbers). ResNet-50 (unit {unit:architectures}) has four stages: stage $s$ has $N_s$ blocks, 3, 4, 6 and 3, whose outputs have $C_s$ maps, 256, 512, 1024 and 2048. SE puts a gate into each block. Hu et al. (2018, equation 5) give the weights as $\frac{2}{r}\sum_s N_s C_s^2$.

# %% cost-networks-check
with torch.device("meta"):
    counts = {
        "ResNet-50": count_parameters(networks.resnet50()),
        "SE-ResNet-50": count_parameters(networks.se_resnet50()),
        "ResNet-50 + CBAM": count_parameters(networks.cbam_resnet50()),
        "the same, no batch norm in the gates": count_parameters(networks.cbam_resnet50(batch_norm=False)),
    }
for name, count in counts.items():
    print(f"{name:34}{count:>12,}")
stages = ((3, 256), (4, 512), (6, 1024), (3, 2048))  # N blocks with C maps
weights = 2 * sum(N * C**2 for N, C in stages) // 16
biases = sum(N * (C // 16 + C) for N, C in stages)
assert list(counts.values()) == [25_557_032, 28_088_024, 28_089_624, 28_089_592]
assert counts["SE-ResNet-50"] - counts["ResNet-50"] == weights + biases
assert counts["the same, no batch norm in the gates"] - counts["SE-ResNet-50"] == 16 * 2 * 7**2
assert (
    counts["ResNet-50 + CBAM"] - counts["the same, no batch norm in the gates"] == 16 * 2
)  # γ and β of one map

# %% cost-notice [markdown]
# SE adds a tenth to ResNet-50, nearly all of it where there are 1024 and 2048 maps. CBAM's spatial gates add 1568 numbers to 28 million. The authors' code has a batch norm behind each 7×7 convolution, which the paper's formula has not.

# %% cost-where-check
last = 2 * sum(N * C**2 for N, C in stages[2:]) / 16
assert 0.09 < (weights + biases) / counts["ResNet-50"] < 0.11
assert last / weights > 0.9

# %% trained [markdown]
# ## {number} · And on plain digits?
#
# The papers report that attention helps on ImageNet. The other extreme is an image with nothing to look away from: a single digit. The same network as in section {section:opening}, with nothing, one gate, or both in either order; **six seeds each**.

# %% trained-run
train, test = data.train, data.test
images, labels = data.images, data.labels
SEEDS = 6
variants = {"none": (), "channel": ("channel",), "spatial": ("spatial",),
            "channel, then spatial": ("channel", "spatial"), "spatial, then channel": ("spatial", "channel")}  # fmt: skip
trained, errors = {}, {}
for name, gates in variants.items():
    trained[name] = experiments.side_by_side(
        lambda p, x, g=gates: logits(p, x, g),
        [start(seed) for seed in range(SEEDS)],
        images[train],
        labels[train],
        epochs=10,
    )
    errors[name] = errors_of(trained[name], gates, images[test], labels[test])

# %% trained-table-check tags=["nbval-ignore-output"]
for name, error in errors.items():
    print(f"{name:24} mean {error.mean():4.1f} %   from {error.min():.1f} to {error.max():.1f} %")

# %% trained-picture tags=["nbval-ignore-output"]
show(
    figures.dots({"one digit, no bar": errors}, ylabel="test error, %"),
    alt="Test errors of six networks for each of five variants, as dots in columns, with a mark at each median. The columns"
    " overlap, and that without a gate is among the lowest.",
)

# %% trained-notice [markdown]
# **What this shows.** No gate lowers the mean error by even one point, and every range overlaps that of the networks without a gate. Gates that stand one after the other do not help either. So on plain digits attention does *not* help: there is nothing to look away from, and a gate whose weights start near ½ at first halves the signal (which of the two matters was not measured).
#
# On ImageNet Woo et al. (2018, tables 1 to 3) report, for one network each and without a spread, by how much the top-1 error of ResNet-50 (the share of images where its first guess is wrong) falls: by 1.76 percentage points with the channel gate, by 1.78 with the spatial gate first, by 1.90 with the channel gate first. The two orders are 0.12 points apart. Rank nothing on one run.

# %% trained-notice-check
none = errors["none"]
assert all(error.min() <= none.max() and none.min() <= error.max() for error in errors.values())
assert all(error.mean() > none.mean() - 1 for error in errors.values())
assert (
    max(error.max() for error in errors.values()) < 30
)  # every one of the thirty networks has learned something
assert [round(24.56 - error, 2) for error in (22.80, 22.78, 22.66)] == [1.76, 1.78, 1.90]

# %% maps-channels [markdown]
# **And the channel gate?** In the first of the networks with this gate alone: for each digit the mean weight of each of the 16 maps. Where a column has one colour, the gate treats all digits alike; where it changes, the gate depends on what it sees.

# %% maps-channels-picture
p = {name: value[0] for name, value in trained["channel"].items()}
with torch.no_grad():
    A = GATES["channel"](p, features(p, images[test]))[:, :, 0, 0]  # (test images, 16)
by_digit = torch.stack([A[labels[test] == digit].mean(0) for digit in range(10)])
figure, axis = plt.subplots(figsize=SIZES["wide"])
drawn = axis.imshow(by_digit, cmap="viridis", vmin=0, vmax=1, aspect="auto")
axis.set(xticks=range(16), xticklabels=range(1, 17), yticks=range(10), xlabel="map", ylabel="digit")
figure.colorbar(drawn, label="mean weight")
show(
    figure,
    alt="A table of ten digits by sixteen maps, coloured by the mean channel weight. Some columns have nearly one colour, in"
    " others the colour changes from digit to digit.",
)
assert ((A >= 0) & (A <= 1)).all()
assert (by_digit.amax(0) - by_digit.amin(0)).max() > 0.05

# %% photographs [markdown]
# ### On photographs
#
# Digits have no background. So here is another small network with a spatial gate, trained for a moment to tell from a crop of 24×24 pixels which of four photographs it comes from. So that it must choose, a second term of the loss grows when the mean spatial weight is not 0.3. It has no layer of a fixed input size, so afterwards it can look at a whole photograph.
#
# It is trained twice: with a border of zeros around what is convolved, as is usual, and with a mirrored border.


# %% photographs-network
names = explorer.PHOTOGRAPHS
photographs = torch.stack([torch.from_numpy(explorer.pixels(name).copy()) for name in names])
photographs = photographs.permute(0, 3, 1, 2) / 255  # (4, 3, 112, 112)


class Crops(torch.nn.Module):
    def __init__(self, border):
        super().__init__()
        around = {"padding": "same", "padding_mode": border}
        self.body = torch.nn.Sequential(
            torch.nn.Conv2d(3, 16, 3, **around), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
            torch.nn.Conv2d(16, 16, 3, **around), torch.nn.ReLU(),
        )  # fmt: skip
        self.gate, self.last = torch.nn.Conv2d(2, 1, 7, bias=False, **around), torch.nn.Linear(16, 4)

    def look(self, x):
        h = self.body(x)
        return h, torch.sigmoid(self.gate(torch.cat([h.mean(1, keepdim=True), h.amax(1, keepdim=True)], 1)))

    def forward(self, x):
        h, A = self.look(x)
        return self.last((A * h).mean((2, 3))), A


# %% photographs-train
def crops(number, generator):
    which = torch.randint(4, (number,), generator=generator)
    corners = torch.randint(112 - 24 + 1, (number, 2), generator=generator).tolist()
    cut = [photographs[k, :, i : i + 24, j : j + 24] for k, (i, j) in zip(which, corners, strict=True)]
    return torch.stack(cut), which


def fit(net, generator):
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(150):
        x, which = crops(32, generator)
        guesses, A = net(x)
        loss = functional.cross_entropy(guesses, which) + 3 * (A.mean((1, 2, 3)) - 0.3).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net


# %% photographs-run
maps_of = {}
for border in ("zeros", "reflect"):
    torch.manual_seed(1)
    generator = torch.Generator().manual_seed(1)
    net = fit(Crops(border), generator)
    with torch.no_grad():
        x, which = crops(400, generator)
        share = (net(x)[0].argmax(1) == which).double().mean().item()
        maps_of[border] = net.look(photographs)[1][:, 0]  # (4, 56, 56)
    assert share > 0.6
    print(f"border: {border:8} more than 60 % of 400 new crops are classified correctly: {share > 0.6}")

# %% photographs-maps
shown = [*photographs.permute(0, 2, 3, 1)]
for A in maps_of.values():
    shown += [*A]
figure = figures.pictures(
    shown,
    [*names, *[""] * 8],
    across=4,
    row_names=["photograph", "weights, zeros", "weights, mirrored"],
    limits=(0, 1),
    bar="weight",
    height=2.2,
)
show(
    figure,
    alt="Four photographs, a flower, a cat's face, a Chinese temple and a cup of coffee; below each the"
    " spatial weights of two networks. With a border of zeros the left and the right edge are bright, whatever is on the photograph;"
    " with a mirrored border parts of the photographs are bright, such as outlines, and parts of the background as well.",
)

# %% photographs-frame
frame = torch.ones(56, 56, dtype=torch.bool)
frame[3:-3, 3:-3] = False  # the three outermost places, as far as a 7×7 kernel reaches over the border
ratio = {border: (A[:, frame].mean() / A[:, ~frame].mean()).item() for border, A in maps_of.items()}
assert ratio["zeros"] > 2
assert ratio["reflect"] < 1.5
A = maps_of["zeros"]
sides = {"left": A[:, :, :3], "right": A[:, :, -3:], "bottom": A[:, -3:], "top": A[:, :3]}
weight = {side: weights.mean().item() for side, weights in sides.items()}
assert min(weight["left"], weight["right"]) > 1.5 * weight["bottom"] > 1.5 * weight["top"]
print("with zeros, the mean weight along the frame is more than twice that inside:", ratio["zeros"] > 2)

# %% photographs-notice [markdown]
# With zeros around, this gate opens along the left and the right edge, less along the lower one and hardly along the upper one, whatever is on the photograph: that is where its 7×7 kernel sees the border. With a mirrored border there is no frame to find. Such a map says what *this* network multiplies by a large number, no more; it is no explanation of what it knows, and another seed may give another map.

# %% self [markdown]
# ## {number} · A first look at self-attention
#
# The gates above make one weight for each map or each place. In **self-attention** (Vaswani et al. 2017) each place looks at all places and takes a weighted mean of what it finds there. Who looks at whom? First an example, then the matrices.
#
# **A library.** You come with a question, "birds, Europe". That is your **query**. Each book has a label on its spine, "birds, Asia" or "cooking, Europe": its **key**. And it has its text: its **value**. You compare your query with every key, and read most of the books that fit best, a little of the others. In self-attention each place of an image has all three: it asks by its query, is found by its key, and answers with its value. A patch of a cat's eye may ask "where is the other eye?"; it is found as "eye, upper left"; and what it hands over is its colours.
#
# **In numbers.** How well a query $q$ fits a key $k$ is their scalar product $q\cdot k$. To turn the products into weights that are positive and have the sum 1, there is the **softmax**:
# $$\mathrm{softmax}(s)_j = \frac{e^{s_j}}{\sum_{l} e^{s_l}} .$$
# By hand: one query $q = (2, 0)$ and three keys $(1, 0), (0, 1), (1, 1)$. The products are $2, 0, 2$; $e^2 \approx 7.39$ and $e^0 = 1$; the weights are $7.39/15.78 \approx 0.47$, $0.06$ and $0.47$. With the values 10, 20, 30 the answer is $0.47\cdot 10 + 0.06 \cdot 20 + 0.47 \cdot 30 \approx 20$.

# %% self-example
q, keys = torch.tensor([2.0, 0.0]).double(), torch.tensor([[1.0, 0], [0, 1], [1, 1]]).double()
weights = torch.softmax(keys @ q, 0)
assert torch.allclose(weights.sum(), torch.tensor(1.0).double(), atol=1e-12)
print(
    "weights",
    [f"{w:.2f}" for w in weights],
    "  answer",
    f"{weights @ torch.tensor([10.0, 20, 30]).double():.1f}",
)

# %% self-matrices [markdown]
# **As matrices.** Write the $n = HW$ places as the rows of a matrix $P$, of shape $n\times C$. All queries are the rows of $Q = PW^Q$, all keys those of $K = PW^K$, all values those of $V = PW^V$; the three matrices are learned. Then all weights and all answers at once are (Vaswani et al. 2017, equation 1)
# $$A = \mathrm{softmax}\!\left(\frac{QK^T}{\sqrt d}\right), \qquad Y = AV .$$
# Row $i$ of $A$ holds the weights with which place $i$ looks at all places; the softmax goes along the row.
#
# - **Why $\sqrt d$?** $d$ is the width of a query. If the numbers of $q$ and $k$ are independent with mean 0 and variance 1, their product has the variance $d$: the wider the query, the larger the scores, and the softmax gives all to one. Divided by $\sqrt d$, the variance is 1.
# - **Several heads**: $h$ such mechanisms side by side, each with its own small matrices, their answers stacked. One may look for the neighbour, another for the same colour.
# - **Cost**: $A$ has $n^2$ numbers. For 56×56 places that is 10 million, for 224×224 it is 2.5 billion.
#
# The slides stop at a picture of this; unit 7 goes on.

# %% self-root
torch.manual_seed(2)
for d in (4, 64, 1024):
    products = (torch.randn(20000, d) * torch.randn(20000, d)).sum(1)
    assert 0.9 < products.var() / d < 1.1
assert (56 * 56) ** 2 == 9_834_496
assert (224 * 224) ** 2 == 2_517_630_976

# %% self-check
X = torch.randn(3, 4, 4, dtype=torch.float64)  # three maps of 4×4
WQ, WK, WV = torch.randn(3, 3, 2, dtype=torch.float64)
P = X.flatten(1).T  # (16, 3): a row for each place
Q, K, V = P @ WQ, P @ WK, P @ WV
A = torch.stack([torch.softmax(K @ q / 2**0.5, 0) for q in Q])  # (16, 16): a row for each query; d = 2
Y = A @ V
assert torch.allclose(A.sum(1), torch.ones(16).double(), atol=1e-12)
assert torch.allclose(Y, layers.scaled_dot_product_attention(Q, K, V), atol=1e-12)
print("P", tuple(P.shape), "  Q", tuple(Q.shape), "  A", tuple(A.shape), "  Y", tuple(Y.shape))

# %% self-projections [markdown]
# $Q$, $K$ and $V$ are 1×1 convolutions of $X$: the same matrix at every place.

# %% self-projections-check
for W, made in ((WQ, Q), (WK, K), (WV, V)):
    as_convolution = layers.conv2d(X[None], W.T[:, :, None, None])[0]  # (maps, 4, 4)
    assert torch.allclose(as_convolution.flatten(1).T, made, atol=1e-12)

# %% self-matrix [markdown]
# And the rest? $Y = AV$ mixes the places by a matrix, as a convolution does. A convolution's matrix has the same few numbers in each row, shifted (and cut off at the border), whatever the input is. (The darkest blue below means ½ or more.) The matrix of attention is full, no row holds another one's numbers, and it is another one for another input.

# %% self-matrix-picture
kernel = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]).double()[None, None] / 16
of_kernel = layers.convolution_matrix(kernel, (4, 4), padding=1)
P_other = torch.randn(16, 3, dtype=torch.float64)
A_other = torch.stack([torch.softmax(P_other @ WK @ q / 2**0.5, 0) for q in P_other @ WQ])
figure = figures.pictures(
    [of_kernel, A, A_other],
    ["a 3×3 convolution", "attention, this X", "attention, another X"],
    cmap="Blues",
    limits=(0, 0.5),
    bar="weight",
)
show(
    figure,
    alt="Three matrices of 16 by 16 weights, a row for each place that looks, a column for each place looked at. The"
    " convolution's has diagonal bands, the same numbers in each row, shifted. The two of attention are full and irregular.",
)
assert (A > 0).all()
rows = A.sort(1).values
assert all((rows[i] - rows[j]).abs().max() > 1e-3 for i in range(16) for j in range(i))
assert (of_kernel == 0).double().mean() > 0.5

# %% self-not [markdown]
# So it is no convolution, and not even additive. Two places, $d = 1$, all matrices 1, $P = (0, 1)^T$. The query of place 2 is 1, its scores are 0 and 1, so it looks with $\sigma(1)$ at itself, where the value is 1. Place 2 gives $\sigma(1)$, and for $2P$ it gives $2\,\sigma(4)$ instead of $2\,\sigma(1)$.


# %% self-not-check
def attend(P):
    return torch.softmax(P @ P.T, 1) @ P


P2 = torch.tensor([[0.0], [1.0]]).double()
at = torch.sigmoid(torch.tensor([1.0, 4.0]).double())
assert torch.allclose(attend(P2)[1], at[0], atol=1e-15)
assert torch.allclose(attend(2 * P2)[1], 2 * at[1], atol=1e-15)
print(f"f(P + P) = {attend(2 * P2)[1].item():.4f}, but f(P) + f(P) = {2 * attend(P2)[1].item():.4f}")

# %% self-shuffle [markdown]
# It does not even know what is next to what. Shuffle the places in any way, and the outputs are shuffled in the same way. Self-attention is equivariant to *every* permutation of the places; a 3×3 convolution is not. (Unit 7: position encodings.)

# %% self-shuffle-check
shuffle = torch.randperm(16)
shuffled = layers.scaled_dot_product_attention(Q[shuffle], K[shuffle], V[shuffle])
assert torch.allclose(shuffled, Y[shuffle], atol=1e-12)
blurred = layers.conv2d(X[:1][None], kernel, padding=1).flatten()
of_shuffled = layers.conv2d(X[:1].flatten()[shuffle].reshape(1, 1, 4, 4), kernel, padding=1).flatten()
assert (of_shuffled - blurred[shuffle]).abs().max() > 0.1

# %% explorer [markdown]
# ### Try it: where does a patch look?
#
# A photograph in 14×14 patches. **Nothing is trained here**: a patch's query and key are the same, what can be seen of it or where it stands ($W^Q = W^K = 1$). Click a patch on the left; the right side is bright where it looks. Or use the Tab key, then the arrow keys.
#
# - *By colour*, a patch looks at what has its colour, wherever it is; and it nearly always looks more at a patch with a *stronger* colour than at itself: a scalar product grows with the length of the key.
# - *By position*, it looks around itself, whatever is on the photograph: that comes near to a convolution. (Row and column are written as waves, cosines and sines: for them the scalar product depends on how many rows and how many columns lie between two patches, and on nothing else. Unit {unit:self-attention} says more.)
# - The *temperature* $T$ divides all scores once more. A small one sharpens the weights, a large one evens them out.
# - Take the division by √d away, with all pixels as the query: the softmax gives nearly everything to very few. That is what √d is for.

# %% explorer-figure tags=["nbval-ignore-output"]
figures.attention_explorer().show()


# %% explorer-check
def patches_for_half(**options):
    """How many patches hold half of the weight: the mean over every 13th patch of the flower."""
    counts = []
    for patch in range(0, 196, 13):
        A = figures.patch_attention("flower", patch=patch, **options).flatten()
        held = A.sort(descending=True).values.cumsum(0)
        counts.append(int((held < 0.5).sum()) + 1)
    return sum(counts) / len(counts)


stronger = sum(figures.patch_attention("flower", "colour", n).argmax().item() != n for n in range(196))
own = sum(figures.patch_attention("flower", "position", n).argmax().item() == n for n in range(196))
with_root, without = patches_for_half(kind="pixels"), patches_for_half(kind="pixels", scaled=False)
assert stronger > 180
assert own == 196
assert without < 2 < with_root / 2
print(f"by colour, {stronger} of 196 patches look more at another one than at themselves; by position none")
print(
    f"half of the weight lies on {with_root:.1f} patches with √d, on {without:.1f} without (by pixels, on average)"
)

# %% summary [markdown]
# ## Summary
#
# - Attention multiplies by weights that are made from the input: one for each map (SE; with both aggregates in CBAM), one for each place, or one for each pair of places (self-attention).
# - The pieces are convolutions: global average, the two matrices of the perceptron, the $k\times k$ kernel, $Q$, $K$, $V$. ReLU, σ, softmax, the maximum and the product are not.
# - The whole is not affine, hence no convolution; gates are equivariant to shifts (on a circle) all the same.
# - σ gates are independent, softmax weights compete for a sum of 1.
# - Two small matrices are all that a channel gate costs; SE adds a tenth to ResNet-50.
# - A spatial gate finds the digit under a bar (median of five networks); a channel gate does not. On plain digits no gate helps.

# %% verdicts [markdown]
# ## The verdict table so far
#
# Three questions to a layer $f$ with stride $s$. **Affine?** $f$ of the middle of two inputs is the middle of their outputs. **Commutes with shifts?** If the input moves by $s$, the output moves by 1: on the plane, where every output reads a finite window, or only on a circle, where the image closes at its edges. **Same weights for every input?** The slopes $\partial f/\partial x$ do not depend on $x$: the first question once more, asked of the weights; where the answer is no, they are computed from the input. Three times yes, on the plane: a convolution with a bias.

# %% verdicts-table
verdicts.table(upto=4)

# %% verdicts-check [markdown]
# The rows of this unit, each run. The three answers are asserted; printed is the shape of the kernel, where there is one.

# %% verdicts-run
for row in verdicts.ROWS:
    if row.unit == 4:
        found = verdicts.examine(row)
        assert (found.affine, found.commutes, found.same_weights) == (
            row.affine,
            row.commutes,
            row.same_weights,
        )
        assert (found.kernel is not None) == row.is_convolution
        print(f"{row.name:45}", found.kernel or "no convolution")

# %% corrections [markdown]
# **Where the slides were wrong, or short.** "SE" on the slides aggregates by maximum or average; published SE squeezes by the average alone, and the maximum with the shared perceptron is CBAM's. "Residual Attention" makes a mask of the full shape $C\times H\times W$ with an encoder–decoder and multiplies by $1 + M$, so its weight leaves $[0, 1]$; it is not the gate of section {section:spatial}. "The best results" of channel-then-spatial are one paper's, on ImageNet, by 0.12 points over the other order.

# %% sources [markdown]
# **Sources.** J. Hu, L. Shen, G. Sun, *Squeeze-and-Excitation Networks* (2018), equations (2) to (5) · S. Woo et al., *CBAM: Convolutional Block Attention Module* (2018), equations (1) to (3), tables 1 to 3 (ablation) · F. Wang et al., *Residual Attention Network for Image Classification* (2017), equation (3) · A. Vaswani et al., *Attention Is All You Need* (2017), equation (1) · digits and photographs: scikit-learn and scikit-image.
