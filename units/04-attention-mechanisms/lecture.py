# %% title [markdown]
# # 4 · Attention mechanisms
#
# A network does not need all maps and all places alike. An attention mechanism makes a weight for each, *from the input itself*, and multiplies. Which parts of it are convolutions, and is the whole one?
#
# **You will be able to** write channel attention, spatial attention and CBAM; say what each of them costs; take them apart into convolutions, and prove with one example that the whole is none; and compute self-attention as matrices.
#
# **You need** convolution as a formula and the question of [unit 2](02-reduction-to-convolution.ipynb): which layers are convolutions?
#
# **Time** 60 minutes. **Exercises**: `make start UNIT=04-attention-mechanisms` makes your own copy in `my/`;
# the originals: [exercises](../exercises/04-attention-mechanisms/04-attention-mechanisms.ipynb).

# %% setup
import inspect

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits
from torch.nn import functional

from nonconv import figures, layers, networks, reduction, verdicts
from nonconv.figures import SIZES, explorer, show, use_style
from nonconv.layers.cost import count_parameters

use_style()
torch.manual_seed(0)
torch.set_num_threads(1)
# %% idea [markdown]
# ## {number} · A weight times a value
#
# Attention is usually a **multiplicative weight** $a \in [0, 1]$. The input $X$ has the shape $C\times H\times W$. Channel attention has a weight for each of the $C$ maps, spatial attention one for each of the $HW$ places. What makes the weight is a small network, and it begins by *aggregating*:
# $$F_{agg} = \mathrm{AGG}(X), \qquad X: C\times H\times W, \quad F_{agg}: C\times 1\times 1,$$
# where AGG is the average or the maximum over all places of a map.

# %% idea-check
X = torch.tensor([[[1.0, 2], [3, 6]], [[0, 0], [0, 4]]], dtype=torch.float64)[None]  # (1, C, H, W)
F_avg, F_max = layers.aggregate_places(X, "avg"), layers.aggregate_places(X, "max")
assert F_avg.tolist() == [[3.0, 1.0]]  # exact: quarters
assert F_max.tolist() == [[6.0, 4.0]]
print("average of each map", F_avg[0].tolist(), "  maximum of each map", F_max[0].tolist())

# %% excitation [markdown]
# ## {number} · Channel attention: squeeze, then excite
#
# A two-layer perceptron turns $F_{agg}$ into weights. To save parameters, it goes through a narrow middle; the squeeze ratio $r$ says how narrow:
# $$Y_1 = W_1\,\mathrm{ReLU}(W_0 F_{agg}), \qquad W_0: C/r\times C, \quad W_1: C\times C/r, \qquad Y = \sigma(Y_1).$$
# Then map $k$ of $X$ is multiplied by $Y^k$, at every place alike.

# %% excitation-check
W0, W1 = torch.tensor([[1.0, -1.0]]).double(), torch.tensor([[0.5], [-1.0]]).double()
Y1 = W1 @ torch.relu(W0 @ F_avg[0])
Y = torch.sigmoid(Y1)
assert torch.allclose(layers.channel_attention(X, W0, W1, aggregates=("avg",))[0, :, 0, 0], Y, atol=1e-12)
assert torch.allclose(layers.squeeze_excitation(X, W0, W1)[0], Y[:, None, None] * X[0], atol=1e-12)
print("weights", [f"{y:.4f}" for y in Y])

# %% excitation-source
print(*inspect.getsource(layers.channel_attention).splitlines()[-3:], sep="\n")

# %% se-name [markdown]
# This became popular as **Squeeze-and-Excitation** (SE). Mind a difference: the slides aggregate "by MaxPool / AvgPool", but SE as published squeezes by the **average alone**. The version with both comes next, and it is another paper's.

# %% gates [markdown]
# **Gates do not compete.** Each σ looks at its own number. All maps can be open at once, or all closed. Softmax weights share a sum of 1: to raise one is to lower the others. In the cell, the first of three scores is raised by 2. We shall meet softmax in section 9.

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
perceptron = [W1 @ torch.relu(W0 @ F_agg[0]) for F_agg in (F_avg, F_max)]
A = torch.sigmoid(perceptron[0] + perceptron[1])
assert torch.allclose(layers.channel_attention(X, W0, W1)[0, :, 0, 0], A, atol=1e-12)
print("SE's weights", [f"{v:.4f}" for v in Y], "  with both aggregates", [f"{v:.4f}" for v in A])

# %% both-order [markdown]
# Where one adds matters. With an average and a maximum of different signs, one of the two passes the ReLU on its own; their sum may not:

# %% both-order-check
one = torch.ones(1, 1).double()
average, maximum = torch.tensor([-3.0]).double(), torch.tensor([1.0]).double()
apart = one @ torch.relu(one @ average) + one @ torch.relu(one @ maximum)
together = one @ torch.relu(one @ (average + maximum))
assert apart.item() == 1  # exact: whole numbers
assert together.item() == 0
print(f"each on its own, then added: {apart.item():.0f}   added first: {together.item():.0f}")

# %% spatial [markdown]
# ## {number} · Spatial attention
#
# Now a weight for each place, the same for all maps. Aggregate over the maps instead: $F_{agg} = \mathrm{AGG}(X)$, $X: C\times H\times W$, $F_{agg}: 1\times H\times W$. An ordinary convolution looks at the neighbourhood of each place, a σ makes weights, and each map is multiplied by them:
# $$Y_1 = W * F_{agg}, \qquad Y = \sigma(Y_1), \qquad W: 1\times k\times k .$$
# With both aggregates, the two maps are *stacked*, and the kernel is $2\times k\times k$. CBAM takes $k = 7$ (Woo et al. 2018, equation 3).

# %% spatial-check
X = torch.tensor([[[1.0, 0, 3]], [[-1, 2, 1]]], dtype=torch.float64)[None]
W = torch.tensor([0.5, -0.25]).double().reshape(1, 2, 1, 1)
stacked = torch.stack([X[0].mean(0), X[0].amax(0)])  # (2, H, W)
by_hand = torch.sigmoid(0.5 * stacked[0] - 0.25 * stacked[1])
assert torch.allclose(layers.spatial_attention(X, W)[0, 0], by_hand, atol=1e-12)
print(
    "average",
    stacked[0].tolist(),
    "maximum",
    stacked[1].tolist(),
    "weights",
    [[f"{v:.4f}" for v in row] for row in by_hand],
)

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
# **Residual Attention is something else.** The slides name it (Wang et al. 2017) as one of the first uses of spatial attention. In that paper an encoder–decoder branch makes a mask $M$ of the full shape $C\times H\times W$, each number in $[0, 1]$. It weighs what another branch, the trunk, makes of the same input; call that $X$. The output is (equation 3)
# $$Y = (1 + M)\cdot X .$$
# The weight lies in $[1, 2]$: it never makes a number smaller, and $M = 0$ leaves $X$ as it is. It came before the gate above, and is not the same.

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
refined = A_channel * X
assert torch.allclose(channels_first, layers.spatial_attention(refined, W) * refined, atol=1e-12)
refined = A_spatial * X
places_first = layers.channel_attention(refined, W0, W1) * refined
difference = (channels_first - places_first).norm() / channels_first.norm()
assert difference > 0.05
print(f"the two orders differ by {difference:.1%} on this input")

# %% convolution [markdown]
# ## {number} · Is it a convolution?
#
# First the pieces. The average over all places is a depthwise convolution with the kernel $1/(HW)$, of the input's own size (unit 2). On what it leaves, one place, a matrix *is* a 1×1 convolution. So SE is three convolutions, a ReLU, a σ and a product:

# %% convolution-pieces
squeeze = reduction.global_average_pooling(8, 6, 6, dtype=torch.float64)
hidden = torch.relu(layers.conv2d(layers.conv2d(X, *squeeze), W0[:, :, None, None]))
A = torch.sigmoid(layers.conv2d(hidden, W1[:, :, None, None]))
assert torch.allclose(A * X, layers.squeeze_excitation(X, W0, W1), atol=1e-12)
print(
    "kernels",
    tuple(squeeze.weight.shape),
    tuple(W0[:, :, None, None].shape),
    tuple(W1[:, :, None, None].shape),
)

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
# $W_0$ and $W_1$ hold $C\cdot C/r$ numbers each: **$2C^2/r$ weights**, and $C/r + C$ biases. A spatial gate has $2k^2$, whatever $C$ is. Against a $p\times p$ convolution with $C^2p^2$ weights the channel gate is a share of $2/(rp^2)$: 1.4 % for $r = 16$, $p = 3$.

# %% cost-check
C, r, p = 64, 16, 3
block = layers.SqueezeExcitation(C, r)
assert count_parameters(block) == 2 * C**2 // r + C // r + C
assert abs((2 * C**2 / r) / (C**2 * p**2) - 2 / (r * p**2)) < 1e-15
assert round(100 * 2 / (r * p**2), 1) == 1.4

# %% cost-networks [markdown]
# Whole networks, built from the same layers (on the "meta" device: shapes without numbers). ResNet-50 has 3, 4, 6 and 3 blocks whose outputs have 256, 512, 1024 and 2048 maps; SE puts a gate into each. Hu et al. (2018, equation 5) give the weights as $\frac{2}{r}\sum_s N_s C_s^2$.

# %% cost-networks-check
with torch.device("meta"):
    counts = {
        "ResNet-50": count_parameters(networks.resnet50()),
        "SE-ResNet-50": count_parameters(networks.se_resnet50()),
        "ResNet-50 + CBAM": count_parameters(networks.cbam_resnet50()),
        "the same without its batch norms": count_parameters(networks.cbam_resnet50(batch_norm=False)),
    }
for name, count in counts.items():
    print(f"{name:34}{count:>12,}")
stages = ((3, 256), (4, 512), (6, 1024), (3, 2048))  # N blocks with C maps
weights = 2 * sum(N * C**2 for N, C in stages) // 16
biases = sum(N * (C // 16 + C) for N, C in stages)
assert list(counts.values()) == [25_557_032, 28_088_024, 28_089_624, 28_089_592]
assert counts["SE-ResNet-50"] - counts["ResNet-50"] == weights + biases
assert counts["the same without its batch norms"] - counts["SE-ResNet-50"] == 16 * 2 * 7**2
assert counts["ResNet-50 + CBAM"] - counts["the same without its batch norms"] == 16 * 2  # γ and β of one map

# %% cost-notice [markdown]
# SE adds a tenth to ResNet-50, nearly all of it where there are 1024 and 2048 maps. CBAM's spatial gates add 1568 numbers to 28 million. The authors' code has a batch norm behind each 7×7 convolution, which the paper's formula has not.

# %% cost-where-check
last = 2 * sum(N * C**2 for N, C in stages[2:]) / 16
assert 0.09 < (weights + biases) / counts["ResNet-50"] < 0.11
assert last / weights > 0.9

# %% trained [markdown]
# ## {number} · Does it help? A small experiment
#
# The papers say so, on ImageNet. Here is the smallest honest experiment that runs while you read: a network of two convolutions on 8×8 digits, 16 maps, with nothing, the channel gate, the spatial gate, and both in either order. **Eight seeds each**, and all eight are trained at once.

# %% trained-network
SHAPES = {"F1": (8, 1, 3, 3), "b1": (8,), "F2": (16, 8, 3, 3), "b2": (16,), "V": (10, 16), "v": (10,),
          "W0": (4, 16), "W1": (16, 4), "W": (1, 2, 3, 3)}  # fmt: skip


def start(seed):
    """Kernels by He's rule, biases 0."""
    generator = torch.Generator().manual_seed(seed)
    return {
        name: torch.zeros(shape)
        if len(shape) == 1
        else torch.randn(shape, generator=generator) * (2 / torch.Size(shape[1:]).numel()) ** 0.5
        for name, shape in SHAPES.items()
    }


def channel(p, x):
    return layers.channel_attention(x, p["W0"], p["W1"])


def spatial(p, x):
    return layers.spatial_attention(x, p["W"], fast=True)


def features(p, x):
    h = functional.max_pool2d(layers.conv2d(x, p["F1"], p["b1"], padding=1, fast=True).relu(), 2)
    return layers.conv2d(h, p["F2"], p["b2"], padding=1, fast=True).relu()  # (N, 16, 4, 4)


def logits(p, x, gates):
    h = features(p, x)
    for gate in gates:
        h = gate(p, h) * h
    return h.mean((2, 3)) @ p["V"].T + p["v"]


# %% trained-run
digits = load_digits()
images, labels = torch.from_numpy(digits.images).float()[:, None] / 16, torch.from_numpy(digits.target)
order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
train, test = order[:1200], order[1200:]
SEEDS, EPOCHS, BATCH, RATE = 8, 15, 100, 0.03


def fit(gates):
    """Train SEEDS networks side by side; their parameters, and the test error of each in percent."""
    starts = [start(seed) for seed in range(SEEDS)]
    p = {name: torch.stack([one[name] for one in starts]).requires_grad_() for name in SHAPES}
    all_at_once = torch.func.vmap(lambda q, x: logits(q, x, gates), in_dims=(0, None))  # (SEEDS, N, 10)
    optimiser = torch.optim.Adam(p.values(), lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=EPOCHS * len(train) // BATCH)
    shuffle = torch.Generator().manual_seed(0)
    for _ in range(EPOCHS):
        for batch in train[torch.randperm(len(train), generator=shuffle)].split(BATCH):
            guesses = all_at_once(p, images[batch]).flatten(0, 1)
            loss = functional.cross_entropy(guesses, labels[batch].repeat(SEEDS)) * SEEDS
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    with torch.no_grad():
        wrong = all_at_once(p, images[test]).argmax(2) != labels[test]
    return {name: value.detach() for name, value in p.items()}, 100 * wrong.double().mean(1)


variants = {"none": (), "channel": (channel,), "spatial": (spatial,),
            "channel, then spatial": (channel, spatial), "spatial, then channel": (spatial, channel)}  # fmt: skip
trained, errors = {}, {}
for name, gates in variants.items():
    trained[name], errors[name] = fit(gates)

# %% trained-table [markdown]
# The test error of this run, and beside it the top-1 error that Woo et al. (2018, tables 1 to 3) report for ResNet-50 on ImageNet: 1000 classes, 1.2 million photographs, one number for each network, without a spread.

# %% trained-table-check tags=["nbval-ignore-output"]
paper = {
    "none": 24.56,
    "channel": 22.80,
    "spatial": None,
    "channel, then spatial": 22.66,
    "spatial, then channel": 22.78,
}
print(f"{'':24}{'this run: mean':>15}{'± deviation':>13}{'range':>16}{'paper, ImageNet':>18}")
for name, error in errors.items():
    spread = f"{error.min():.1f} to {error.max():.1f}"
    published = "–" if paper[name] is None else f"{paper[name]:.2f}%"
    print(f"{name:24}{error.mean():>14.1f}%{error.std():>12.1f}%{spread:>15}%{published:>18}")

# %% trained-picture tags=["nbval-ignore-output"]
figure, axis = plt.subplots(figsize=SIZES["wide"])
for place, error in enumerate(errors.values()):
    axis.plot(error, [place] * SEEDS, "o", alpha=0.6, color="C0")
    axis.plot(error.mean(), place, "|", color="C1", markersize=22, markeredgewidth=2)
axis.set(
    yticks=range(len(errors)),
    yticklabels=errors,
    xlabel="test error on digits, %",
    ylim=(len(errors) - 0.5, -0.5),
)
show(
    figure,
    alt="Test errors of eight networks for each of five variants, as points in five rows, with a mark at each mean. The rows"
    " overlap: "
    + "; ".join(
        f"{name} {e.min():.1f} to {e.max():.1f} %, mean {e.mean():.1f} %" for name, e in errors.items()
    )
    + ".",
)

# %% trained-notice [markdown]
# **What this shows.** The range of every variant overlaps that of the network without attention. The spatial gate moves the mean, and the two orders differ, by less than one and a half deviations between seeds; and the channel gate does *not* lower the error by even half a point. So this experiment can neither confirm nor refute the
# paper's ranking: the network is small, training is short, digits have no background to look away from, and a channel gate, whose weights are near ½ on average before training, at first about halves the signal. Which of these matters here was not measured. In the paper's table the best and the second best order are 0.12 percentage points apart, without a spread. Rank nothing on one run.

# %% trained-notice-check
mean, deviation = ({name: f(error).item() for name, error in errors.items()} for f in (torch.mean, torch.std))
none = errors["none"]
assert all(error.min() < none.max() and none.min() < error.max() for error in errors.values())
assert abs(mean["spatial"] - mean["none"]) < 1.5 * max(deviation["none"], deviation["spatial"])
both_orders = "channel, then spatial", "spatial, then channel"
assert abs(mean[both_orders[0]] - mean[both_orders[1]]) < 1.5 * max(deviation[name] for name in both_orders)
assert mean["channel"] > mean["none"] - 0.5
assert (
    max(error.max() for error in errors.values()) < 30
)  # every one of the forty networks has learned something
assert round(22.78 - 22.66, 2) == 0.12
before = [channel(start(seed), features(start(seed), images[test])).mean().item() for seed in range(SEEDS)]
assert all(0.3 < mean < 0.7 for mean in before)

# %% maps [markdown]
# ### Where do these networks look?
#
# First: do they use their gates at all? Take the largest weight of an image less the smallest, on average over the test digits. Near 0, the gate treats all places alike; near 1, it opens some and closes others. Before training it is above 0.1 in every network.

# %% maps-used
for seed in range(SEEDS):
    A = spatial(start(seed), features(start(seed), images[test])).flatten(1)
    assert (A.amax(1) - A.amin(1)).mean() > 0.1
used, opened = {}, {}
for name in ("spatial", "channel, then spatial"):
    used[name], opened[name] = [], []
    for seed in range(SEEDS):
        p = {letter: value[seed] for letter, value in trained[name].items()}
        h = features(p, images[test])
        h = channel(p, h) * h if name != "spatial" else h
        A = spatial(p, h).flatten(1)
        used[name].append((A.amax(1) - A.amin(1)).mean().item())
        opened[name].append(A.mean().item())
some, idle = (
    sum(spread > 0.5 for spread in used["spatial"]),
    sum(spread < 0.1 for spread in used["spatial"]),
)
idle_behind = sum(spread < 0.1 for spread in used["channel, then spatial"])
assert some >= 1
assert idle >= 1
assert idle_behind > SEEDS / 2
pairs = zip(opened["spatial"], used["spatial"], strict=True)
assert all(weight > 0.9 for weight, spread in pairs if spread < 0.1)

# %% maps-used-table tags=["nbval-ignore-output"]
for name, spreads in used.items():
    print(f"{name:22}", [f"{spread:.2f}" for spread in spreads])
print(
    f"the spatial gate alone: used by {some} of {SEEDS} networks, idle in {idle}; behind a channel gate idle in {idle_behind}"
)

# %% maps-notice [markdown]
# So some of these networks have learned to leave the spatial gate open everywhere, and behind a channel gate most have learned to treat all places alike. That is one more reason why the table above ranks nothing.
#
# Here is the network that uses its spatial gate most, on ten digits that it has not seen. The map has 4×4 places, drawn over the 8×8 digit. Does the gate follow the digit? Much of its map may be the same for every digit: the number below says how much of the variance of the weights the mean map alone explains.

# %% maps-digits
most = max(range(SEEDS), key=lambda seed: used["spatial"][seed])
p = {name: value[most] for name, value in trained["spatial"].items()}
chosen = torch.stack([test[labels[test] == digit][0] for digit in range(10)])
A = spatial(p, features(p, images[chosen]))[:, 0]  # (10, 4, 4)
figure, axes = plt.subplots(2, 10, figsize=(9, 2.1))
for digit in range(10):
    axes[0, digit].imshow(images[chosen[digit], 0])
    axes[1, digit].imshow(images[chosen[digit], 0])
    axes[1, digit].imshow(A[digit], cmap="magma", alpha=0.6, vmin=0, vmax=1, extent=(-0.5, 7.5, 7.5, -0.5))
for axis in axes.flat:
    axis.set_axis_off()
show(
    figure,
    alt="Ten handwritten digits, and below each the same digit under its spatial attention weights, four by four coarse"
    " squares, dark for small weights and bright for large ones.",
)
assert ((A >= 0) & (A <= 1)).all()
assert A.amax() - A.amin() > 0.5

# %% maps-digits-same tags=["nbval-ignore-output"]
with torch.no_grad():
    A = spatial(p, features(p, images[test]))[:, 0]
same = (A.mean(0).var(correction=0) / A.var(correction=0)).item()
print(f"share of the variance that is the same for every digit: {same:.0%}")
print("mean weight of each place", [[f"{weight:.2f}" for weight in row] for row in A.mean(0)])

# %% maps-channels [markdown]
# Now the channel gate, in the first of the eight networks that have nothing else: the mean weight of each map as a bar, and for each digit its own mean as a numeral. Where the numerals spread, the gate depends on what it sees; where they lie on one another, it does not tell digits apart.

# %% maps-channels-picture
p = {name: value[0] for name, value in trained["channel"].items()}
with torch.no_grad():
    A = channel(p, features(p, images[test]))[:, :, 0, 0]  # (test images, 16)
by_digit = torch.stack([A[labels[test] == digit].mean(0) for digit in range(10)])
figure, axis = plt.subplots(figsize=SIZES["wide"])
axis.bar(range(1, 17), A.mean(0), color="C5")
for digit in range(10):
    axis.plot(range(1, 17), by_digit[digit], marker=f"${digit}$", linestyle="", color="black", markersize=6)
axis.set(xticks=range(1, 17), xlabel="map", ylabel="weight", ylim=(0, 1))
show(
    figure,
    alt="Sixteen bars, the mean channel weight of each map over the test digits, with a small numeral for each digit at its own"
    " mean weight.",
)
assert ((A >= 0) & (A <= 1)).all()
assert (by_digit.amax(0) - by_digit.amin(0)).max() > 0.05

# %% photographs [markdown]
# ### On photographs
#
# Digits have no background. So here is another small network with CBAM, trained for a moment to tell from a crop of 24×24 pixels which of four photographs it comes from. So that it must choose, a price asks for a mean spatial weight of 0.3. It has no layer of a fixed input size, so afterwards it can look at a whole photograph.
#
# It is trained twice: with a border of zeros around what is convolved, as is usual, and with a mirrored border.


# %% photographs-train
names = explorer.PHOTOGRAPHS
photographs = (
    torch.stack([torch.from_numpy(explorer.pixels(name).copy()) for name in names]).permute(0, 3, 1, 2) / 255
)


class Crops(torch.nn.Module):
    def __init__(self, border):
        super().__init__()
        self.first, self.second = layers.Conv2d(3, 16, 3), layers.Conv2d(16, 16, 3)
        self.gates, self.last, self.border = layers.CBAM(16, ratio=4), torch.nn.Linear(16, 4), border

    def convolve(self, x, weight, bias=None):
        return layers.conv2d(x, weight, bias, padding="same", padding_mode=self.border, fast=True)

    def look(self, x):
        h = functional.max_pool2d(self.convolve(x, self.first.weight, self.first.bias).relu(), 2)
        h = self.convolve(h, self.second.weight, self.second.bias).relu()
        h = h * layers.channel_attention(h, self.gates.W0, self.gates.W1, self.gates.b0, self.gates.b1)
        both = torch.cat([h.mean(1, keepdim=True), h.amax(1, keepdim=True)], 1)
        return h, torch.sigmoid(self.convolve(both, self.gates.weight))

    def forward(self, x):
        h, A = self.look(x)
        return self.last((A * h).mean((2, 3))), A


def crops(number, generator):
    which = torch.randint(4, (number,), generator=generator)
    corners = torch.randint(112 - 24 + 1, (number, 2), generator=generator).tolist()
    cut = [photographs[k, :, i : i + 24, j : j + 24] for k, (i, j) in zip(which, corners, strict=True)]
    return torch.stack(cut), which


maps_of = {}
for border in ("zeros", "reflect"):
    torch.manual_seed(1)
    net, generator = Crops(border), torch.Generator().manual_seed(1)
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(150):
        x, which = crops(32, generator)
        guesses, A = net(x)
        loss = functional.cross_entropy(guesses, which) + 3 * (A.mean((1, 2, 3)) - 0.3).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        x, which = crops(400, generator)
        share = (net(x)[0].argmax(1) == which).double().mean().item()
        maps_of[border] = net.look(photographs)[1][:, 0]  # (4, 56, 56)
    assert share > 0.6
    print(f"border: {border:8} more than 60 % of 400 new crops are told right: {share > 0.6}")

# %% photographs-maps
figure, axes = plt.subplots(3, 4, figsize=(9, 6.6))
for k, name in enumerate(names):
    picture = photographs[k].permute(1, 2, 0)
    axes[0, k].imshow(picture)
    axes[0, k].set_title(name)
    for row, A in enumerate(maps_of.values(), 1):
        axes[row, k].imshow(picture.mean(2))
        heat = axes[row, k].imshow(
            A[k], cmap="magma", alpha=0.6, vmin=0, vmax=1, extent=(-0.5, 111.5, 111.5, -0.5)
        )
for axis in axes.flat:
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
axes[1, 0].set_ylabel("border of zeros")
axes[2, 0].set_ylabel("mirrored border")
figure.colorbar(heat, ax=axes[1:], shrink=0.7, label="weight")
show(
    figure,
    alt="Four photographs, a flower, a cat's face, a Chinese temple and a cup of coffee; below each, in grey, under the spatial"
    " attention weights of two networks. The one with a border of zeros is bright along sides of the frame, whatever is on the"
    " photograph; the one with a mirrored border is bright along edges of petals, eyes, roofs and the rim of the cup.",
)

# %% photographs-frame
frame = torch.ones(56, 56, dtype=torch.bool)
frame[3:-3, 3:-3] = False  # the three outermost places, as far as a 7×7 kernel reaches over the border
ratio = {border: (A[:, frame].mean() / A[:, ~frame].mean()).item() for border, A in maps_of.items()}
assert ratio["zeros"] > 2
assert ratio["reflect"] < 1.5
print("with zeros, the mean weight along the frame is more than twice that inside:", ratio["zeros"] > 2)

# %% photographs-notice [markdown]
# With zeros around, this gate opens along the frame, where its 7×7 kernel sees the border, whatever is on the photograph. With a mirrored border there is no frame to find. Such a map says what *this* network multiplies by a large number, no more; it is no explanation of what it knows, and another seed may give another map.

# %% self [markdown]
# ## {number} · A first look at self-attention
#
# Another mechanism comes from work on language: **self-attention** (Vaswani et al. 2017, equation 1). Each place looks at all places, itself included, and takes a weighted mean of what it finds. Write the $n = HW$ places as the rows of a matrix $P$, of shape $n\times C$. Then, in matrix form,
# $$Q = PW^Q, \quad K = PW^K, \quad V = PW^V, \qquad A = \mathrm{softmax}\!\left(\frac{QK^T}{\sqrt d}\right), \qquad Y = AV .$$
# Row $i$ of $A$ holds the weights with which place $i$ looks at all places; the softmax goes along the row, so its sum is 1. $d$ is the width of a query. The slides stop at a picture of this; unit 7 goes on.

# %% self-check
X = torch.randn(3, 4, 4, dtype=torch.float64)  # three maps of 4×4
WQ, WK, WV = torch.randn(3, 3, 2, dtype=torch.float64)
P = X.flatten(1).T  # (16, 3): a row for each place
Q, K, V = P @ WQ, P @ WK, P @ WV
A = torch.softmax(Q @ K.T / WQ.shape[1] ** 0.5, dim=1)  # (16, 16)
Y = A @ V
assert torch.allclose(A.sum(1), torch.ones(16).double(), atol=1e-12)
assert torch.allclose(Y, layers.scaled_dot_product_attention(Q, K, V), atol=1e-12)
print("P", tuple(P.shape), "  Q", tuple(Q.shape), "  A", tuple(A.shape), "  Y", tuple(Y.shape))

# %% self-projections [markdown]
# $Q$, $K$ and $V$ are 1×1 convolutions of $X$: the same matrix at every place.

# %% self-projections-check
as_convolution = layers.conv2d(X[None], WQ.T[:, :, None, None])[0]  # (2, 4, 4)
assert torch.allclose(as_convolution.flatten(1).T, Q, atol=1e-12)

# %% self-matrix [markdown]
# And the rest? $Y = AV$ mixes the places by a matrix, as a convolution does. A convolution's matrix has the same few numbers in each row, shifted (and cut off at the border), whatever the input is. The matrix of attention is full, no row holds another one's numbers, and it is another one for another input.

# %% self-matrix-picture
kernel = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]).double()[None, None] / 16
matrices = {"a 3×3 convolution": layers.convolution_matrix(kernel, (4, 4), padding=1), "attention, this X": A}
P_other = torch.randn(16, 3, dtype=torch.float64)
matrices["attention, another X"] = torch.softmax((P_other @ WQ) @ (P_other @ WK).T / WQ.shape[1] ** 0.5, 1)
figure, axes = plt.subplots(1, 3, figsize=SIZES["wide"])
for axis, (title, matrix) in zip(axes, matrices.items(), strict=True):
    axis.imshow(matrix, cmap="Blues", vmin=0)
    axis.set(title=title, xticks=[], yticks=[], xlabel="place looked at")
axes[0].set_ylabel("place")
show(
    figure,
    alt="Three matrices of 16 by 16 weights. The convolution's has diagonal bands, the same numbers in each row, shifted. The two of"
    " attention are full and irregular, and differ from one another.",
)
assert (A > 0).all()
rows = A.sort(1).values
assert all((rows[i] - rows[j]).abs().max() > 1e-3 for i in range(16) for j in range(i))
assert (matrices["a 3×3 convolution"] == 0).double().mean() > 0.5
assert not torch.allclose(matrices["attention, this X"], matrices["attention, another X"], atol=0.05)

# %% self-not [markdown]
# So it is no convolution, and not even additive. Two places, $d = 1$, all matrices 1, $P = (0, 1)^T$: place 2 gives $\sigma(1)$, and for $2P$ it gives $2\,\sigma(4)$ instead of $2\,\sigma(1)$.


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
# - *By colour*, a patch looks at what has its colour, wherever it is; and it often looks more at a patch with a *stronger* colour than at itself: a scalar product grows with the length of the key.
# - *By position*, it looks around itself, whatever is on the photograph: that comes near to a convolution.
# - Take the division by √d away, with all pixels as the query: the softmax gives nearly everything to very few. That is what √d is for.

# %% explorer-figure tags=["nbval-ignore-output"]
figures.attention_explorer().show()


# %% explorer-check
def patches_for_half(**options):
    """How many patches hold half of the weight: the mean over every 13th patch of the flower."""
    counts = []
    for patch in range(0, 196, 13):
        held = (
            figures.patch_attention("flower", patch=patch, **options)
            .flatten()
            .sort(descending=True)
            .values.cumsum(0)
        )
        counts.append(int((held < 0.5).sum()) + 1)
    return sum(counts) / len(counts)


stronger = sum(figures.patch_attention("flower", "colour", n).argmax().item() != n for n in range(196))
own = sum(figures.patch_attention("flower", "position", n).argmax().item() == n for n in range(196))
with_root, without = patches_for_half(kind="pixels"), patches_for_half(kind="pixels", scaled=False)
assert stronger > 98
assert own == 196
assert without < 2 < with_root / 2
print(
    f"by colour, {stronger} of 196 patches look more at another one than at themselves; by position {196 - own} of them"
)
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
# - A channel gate costs $2C^2/r$ weights; SE adds a tenth to ResNet-50.
# - Forty small networks on digits could not rank the mechanisms. The paper's ranking is from ImageNet.

# %% verdicts [markdown]
# ## The verdict table so far
#
# Three questions to a layer $f$ with stride $s$. **Affine?** $f$ of the middle of two inputs is the middle of their outputs. **Commutes with shifts?** If the input moves by $s$, the output moves by 1: on the plane, where every output reads a finite window, or only on a circle, where the image closes at its edges. **Same weights for every input?** The slopes $\partial f/\partial x$ do not depend on $x$. Three times yes, on the plane: a convolution with a bias.

# %% verdicts-table
verdicts.table(upto=4)

# %% verdicts-check [markdown]
# The rows of this unit, each run: the three answers, and the shape of the kernel where there is one.

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
