# %% title [markdown]
# # 5 · Architectures
#
# Seventeen years of convolutional networks, from 1998 to 2015: LeNet-5 to U-Net, each built, counted and taken apart. What did each of them add? And how much of each is a convolution in the end?
#
# **You will be able to** build the classical networks and count their parameters and multiply–adds; say what flattening, bottlenecks, skips and pooling indices are for, and what was measured about them; and predict which layers `reduce` can remove from a network, and why not the rest.
#
# **You need** units 1 and 2 (convolution, batch norm in use is a convolution) and the chain rule. Section {section:resnet} uses unit {unit:sigmoid-versus-relu}'s gradients by depth.
#
# **Time** 75 minutes. **Exercises**: `make start UNIT=05-architectures` makes your own copy in `my/`;
# the original: [exercises](../exercises/05-architectures/05-architectures.ipynb).

# %% setup
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits, load_sample_images
from torch import nn

from nonconv import experiments, figures, layers, networks, verdicts
from nonconv.figures import SIZES, show, use_style
from nonconv.figures import towers as towers_drawn
from nonconv.layers.cost import count_macs, count_parameters, macs_by_module
from nonconv.networks import NETWORKS
from nonconv.networks.googlenet import TABLE_1
from nonconv.reduction import compose, reduce

use_style()
torch.manual_seed(0)
torch.set_num_threads(1)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% opening [markdown]
# ## {number} · Six years in one picture
#
# Every year methods were measured on the same task: ImageNet, 1000 classes, a picture counts as wrong if the right class is not among the first five guesses (*top-5 error*). The winners (and VGG, second in 2014), and a person who trained for it (Russakovsky et al. 2015, sections 5 and 6.4; for 2015 He et al.):

# %% opening-picture
winners = {  # year and network: top-5 error in percent
    "2010\nno network": 28.2, "2011\nno network": 25.8, "2012\nAlexNet": 16.4, "2013\nafter ZFNet": 11.7,
    "2014\nVGG (second)": 7.3, "2014\nGoogLeNet": 6.7, "2015\nResNet": 3.6,
}  # fmt: skip
figure, axis = plt.subplots(figsize=SIZES["wide"])
drawn = axis.bar(winners.keys(), winners.values(), color=["0.4"] * 2 + ["C0"] * 5)
axis.bar_label(drawn, fmt="%.1f", padding=-12, color="white")  # inside, where no line crosses them
axis.axhline(5.1, color="C1", zorder=0)  # behind the bars
axis.text(6.45, 5.6, "a person: 5.1", color="C1", ha="right")
axis.set(ylabel="top-5 error, %")
show(
    figure,
    alt="Bars of the top-5 error on ImageNet by year. Without networks 28.2 % in 2010 and 25.8 % in 2011, then AlexNet 16.4 %, a network"
    " after ZFNet 11.7 %, VGG 7.3 %, GoogLeNet 6.7 %, ResNet 3.6 %; a line marks a person's 5.1 %.",
)

# %% opening-notice [markdown]
# What did each of them add? (The winner of 2013 came from Clarifai, the company of one of ZFNet's authors; the paper's own network has 14.8 %.) Below, all but that one are built from this course's layers, counted, and taken apart. And at the end `reduce` says how much of it is a convolution.

# %% pattern [markdown]
# ## {number} · The pattern
#
# Nearly all of them are
# $$a \times [\,\text{convolution} + \text{activation} + \text{pooling}\,] \;+\; k \times \text{fully connected} .$$
# The slides' CNN in code has $a = k = 2$. Its maps shrink and (in larger networks) grow in number: places become features.

# %% pattern-net
deck = networks.DeckCNN(n=6)
print(deck.features, deck.classifier, sep="\n")

# %% pattern-walk
x = torch.randn(1, 1, 28, 28)
sizes = [tuple(x.shape[1:])]
for layer in [*deck.features, *deck.classifier]:
    x = layer(x)
    sizes.append(tuple(x.shape[1:]))
print(" → ".join("×".join(map(str, size)) for size in dict.fromkeys(sizes)))
assert sizes[-1] == (10,)
assert count_parameters(deck) == 156 + 906 + 4850 + 510 == 6422

# %% pattern-sum [markdown]
# It ends with `log_softmax`: the outputs are logarithms of probabilities. Three quarters of its parameters stand in one fully connected layer, behind the flattening.

# %% pattern-sum-check
assert torch.allclose(x.exp().sum(), torch.tensor(1.0))
print("share of fc1:", f"{4850 / 6422:.1%}")

# %% flatten [markdown]
# ## {number} · Flatten, or pool globally
#
# How does one get from $K$ maps of $H \times W$ to one list of features? Two ways:
#
# - **flatten**: $KHW$ numbers. Each place keeps its own weights, and the next layer fits one image size only.
# - **global average pooling** (GAP): $K$ numbers, the mean of each map. No weights per place, any image size, and *where* something was is gone.
#
# With the layer behind it each is a convolution (unit 2). Flatten and fully connected is one whose kernel has the input's own size: `fc1` is a 4×4 convolution.

# %% flatten-check
deck = deck.double()
fc1 = deck.classifier[1]
kernel = fc1.weight.reshape(50, 6, 4, 4)
maps = torch.randn(3, 6, 4, 4, dtype=torch.float64)
assert torch.allclose(layers.conv2d(maps, kernel, fc1.bias).flatten(1), fc1(maps.flatten(1)), atol=1e-12)
print("weight", tuple(fc1.weight.shape), "→ kernel", tuple(kernel.shape))

# %% flatten-larger [markdown]
# On 4×4 maps `fc1` and its convolution are the same function. On larger ones only the convolution goes on: it answers for every 4×4 window. With the last layer as a 1×1 convolution the whole network becomes a *fully convolutional* one, and 60×40 pixels give 9×4 answers at once.

# %% flatten-larger-check
image = torch.rand(1, 1, 60, 40, dtype=torch.float64)
fc2 = deck.classifier[3]
hidden = layers.conv2d(deck.features(image), kernel, fc1.bias).relu()
answers = layers.conv2d(hidden, fc2.weight[:, :, None, None], fc2.bias)
for i, j in ((0, 0), (8, 3), (5, 2)):  # one answer is one step of 4 pixels: two poolings
    crop = image[..., 4 * i : 4 * i + 28, 4 * j : 4 * j + 28]
    assert torch.allclose(answers[..., i, j].log_softmax(1), deck(crop), atol=1e-12)
print("a map of answers:", tuple(answers.shape))

# %% gap-blind [markdown]
# What GAP cannot see: shuffle the places of each map, and its output is the same. Flattening sees it.

# %% gap-blind-check
shuffled = maps.flatten(2)[..., torch.randperm(16)].reshape(maps.shape)
assert torch.allclose(shuffled.mean((2, 3)), maps.mean((2, 3)), atol=1e-12)
assert not torch.allclose(fc1(shuffled.flatten(1)), fc1(maps.flatten(1)), atol=0.01)

# %% features [markdown]
# ## {number} · What later features look for
#
# The slides show pictures of what the convolutions of a large network answer to: edges first, then textures, then parts. Here is a small honest version. We train the slides' CNN (with 8 maps) on scikit-learn's 1797 digits, enlarged to 28×28, and look for the pieces of images to which each map answers most. A map that never gets above 0 is dead (unit 3), and its place says so. In the kernels, blue is positive and red is negative.

# %% features-data
digits = load_digits()
small = torch.from_numpy(digits.images).float()[:, None].to(device) / 16  # (1797, 1, 8, 8)
labels = torch.from_numpy(digits.target).to(device)
order = torch.randperm(len(labels)).to(device)
train, test = order[:1400], order[1400:]
large = F.interpolate(small, size=(28, 28), mode="bilinear")

# %% features-train
torch.manual_seed(1)
cnn = networks.DeckCNN(n=8).to(device)
optimiser = torch.optim.Adam(cnn.parameters(), lr=0.01)
for _ in range(4):
    for batch in train[torch.randperm(len(train), device=device)].split(50):
        loss = F.nll_loss(cnn(large[batch]), labels[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
with torch.no_grad():
    accuracy = (cnn(large[test]).argmax(1) == labels[test]).float().mean().item()
assert accuracy > 0.85
print("more than 85 % of the digits it has not seen are right:", accuracy > 0.85)

# %% features-field [markdown]
# A number of the first layer's maps sees 5×5 pixels. One of the second layer's sees 14×14: $5 + 1$ through the pooling, then four steps of 2 pixels each.


# %% features-patches
def strongest(maps, field, jump, count=9):
    """For each map the mean of the image pieces, field×field, at which it is largest: one piece from an image."""
    pieces = []
    for k in range(maps.shape[1]):
        value, place = maps[:, k].flatten(1).max(1)
        W = maps.shape[3]
        best = value.topk(count).indices
        cut = []
        for n in best.tolist():
            i, j = divmod(place[n].item(), W)
            cut.append(large[n, 0, jump * i : jump * i + field, jump * j : jump * j + field])
        pieces.append(torch.stack(cut).mean(0) if value.max() > 0 else torch.full_like(cut[0], torch.nan))
    return torch.stack(pieces).cpu()


with torch.no_grad():
    first, second = cnn.features[:1](large), cnn.features[:4](large)  # before the ReLU
patches = strongest(first, 5, 1), strongest(second, 14, 2)
assert [tuple(p.shape) for p in patches] == [(8, 5, 5), (8, 14, 14)]

# %% features-picture
figure, axes = plt.subplots(3, 8, figsize=(9.0, 3.7))
rows = (cnn.features[0].weight.detach()[:, 0].cpu(), *patches)
largest = float(rows[0].abs().max())
said = ("kernels 5×5", "pieces, layer 1", "pieces, layer 2")
for row, pictures, name in zip(axes, rows, said, strict=True):
    style = {"cmap": "RdBu", "vmin": -largest, "vmax": largest} if pictures is rows[0] else {"cmap": "gray"}
    for axis, picture in zip(row, pictures, strict=True):
        if picture.isfinite().all():
            axis.imshow(picture, **style)
        else:
            axis.text(0.5, 0.5, "dead", ha="center", va="center", transform=axis.transAxes, fontsize=8)
        axis.set(xticks=[], yticks=[], box_aspect=1)
        axis.spines[:].set_visible(True)
    row[0].set_ylabel(name)
show(
    figure,
    alt="Three rows of eight small pictures. Above, the 5×5 kernels of the first layer, positive numbers blue, negative ones red. In the middle the mean of"
    " the nine 5×5 pieces of digits to which each map of the first layer answers most: edges and ends of strokes. Below the same"
    " for the second layer, 14×14: straight strokes, bows, corners. Places of dead maps say so.",
)

# %% features-number [markdown]
# Are later features closer to the task? Take the largest answer of each map to an image, and ask which share of its variance over the images is explained by the digit's class. (Maps that answer nothing anywhere have no variance, and are left out.)


# %% features-number-check
def explained(maps):
    """The share of variance that the class explains, averaged over the maps that vary."""
    top = maps.relu().amax((2, 3))
    top = top[:, top.var(0) > 0]
    means = torch.stack([top[labels == digit].mean(0) for digit in range(10)])
    return ((means[labels] - top.mean(0)) ** 2).mean(0).div(top.var(0, correction=0)).mean().item()


shares = explained(first), explained(second)
assert shares[1] > shares[0] + 0.03
print("the class explains more of layer 2 than of layer 1, by more than 0.03:", shares[1] > shares[0] + 0.03)

# %% lenet [markdown]
# ## {number} · LeNet-5 (1998)
#
# "5" is its number in a series (LeNet-1, LeNet-4, LeNet-5). Without its poolings it has five layers with weights: two convolutions, three fully connected. The paper calls the third one, C5, a convolution: its 5×5 kernel covers its whole input. Either name is right, as on the slides. In the names, C is a convolution, S a pooling (*subsampling*), F a fully connected layer:

# %% lenet-picture
names = ("input", "C1", "S2", "C3", "S4", "C5", "F6", "output")
figures.shape_walk(names=names).show()

# %% lenet-notice [markdown]
# Now C5 built both ways, with the same numbers:

# %% lenet-check
connected = networks.LeNet5().double()
convolutional = networks.LeNet5(c5_connected=False).double()
state = connected.state_dict()
state["classifier.0.weight"] = state.pop("classifier.1.weight").reshape(120, 16, 5, 5)
state["classifier.0.bias"] = state.pop("classifier.1.bias")
convolutional.load_state_dict(state)
x = torch.randn(5, 1, 32, 32, dtype=torch.float64)
assert torch.allclose(connected(x), convolutional(x), atol=1e-12)
print("the same scores; the same", count_parameters(connected), "parameters")

# %% lenet-table [markdown]
# Where the parameters are and where the work is are two different questions: C5 holds 78 % of the parameters, C3 does 58 % of the multiply–adds.

# %% lenet-table-check
work = macs_by_module(networks.LeNet5(), torch.empty(1, 1, 32, 32))
rows = {
    name: (count_parameters(part), work[key])
    for name, key, part in (
        ("C1", "features.0", connected.features[0]),
        ("C3", "features.3", connected.features[3]),
        ("C5", "classifier.1", connected.classifier[1]),
        ("F6", "classifier.3", connected.classifier[3]),
        ("output", "classifier.5", connected.classifier[5]),
    )
}
for name, (parameters, macs) in rows.items():
    print(f"{name:7}{parameters:7,} parameters {macs:9,} multiply–adds")
assert [parameters for parameters, _ in rows.values()] == [156, 2416, 48120, 10164, 850]
assert rows["C5"][0] / 61706 > 0.77
assert rows["C3"][1] / work[""] > 0.57

# %% lenet-paper [markdown]
# The paper says 60,000, and this is no slip. Its C3 sees only some of the six maps (1,516 in place of 2,416), its pooling learns a factor and a bias for each map (+44), and its output layer is fixed (−850).

# %% lenet-paper-check
assert 61706 - (2416 - 1516) + 2 * (6 + 16) - 850 == 60000

# %% alexnet [markdown]
# ## {number} · AlexNet (2012) and VGG (2014)
#
# **AlexNet** is LeNet-5 grown up: five convolutions, three fully connected layers. What the slides list, with its place in the paper: ReLU behind every layer (section 3.1; unit 3 looks at the "six times faster"), *overlapping* max pooling 3×3 with stride 2 (3.4), data augmentation by crops, mirror images and colour shifts (4.1),
# dropout ½ in the first two fully connected layers, which doubles the time to converge (4.2), batches of 128, momentum 0.9, weight decay 0.0005 (5). (*Dropout* ½ sets each number to 0 with probability ½ in training and doubles the others; in use it does nothing. *Weight decay* pulls each weight a little towards 0 in every step.) Seven hidden layers; five to six days on two GPUs.
#
# **Two GPUs, hence groups.** Each had half of the maps, and they exchanged maps in the third convolution only. A convolution with two groups has half of the weights: the off-diagonal blocks are missing. (Work is counted in GMAC, $10^9$ multiply–adds.)

# %% alexnet-check
with torch.device("meta"):  # shapes without numbers: nothing is computed or stored
    grouped, ungrouped = networks.alexnet_2012(), networks.alexnet()
image = torch.empty(1, 3, 224, 224, device="meta")
for name, net in (("2012, grouped", grouped), ("2014, without groups", ungrouped)):
    kernels = [
        f"{layer.weight.shape[0]}/{layer.groups}"
        for layer in net.features
        if isinstance(layer, layers.Conv2d)
    ]
    print(
        f"{name:21} {count_parameters(net):11,} parameters {count_macs(net, image) / 1e9:.3f} GMAC   maps/groups",
        *kernels,
    )
assert (count_parameters(grouped), count_parameters(ungrouped)) == (60_965_224, 61_100_840)
assert count_macs(grouped, image) > count_macs(ungrouped, image)  # more maps, though in groups

# %% alexnet-neurons [markdown]
# The slides' "60M parameters, 650K neurons" is the *grouped* network of 2012. Common code has another AlexNet, without groups and with fewer maps (Krizhevsky 2014). Count the neurons, that is the numbers behind each layer with weights:


# %% alexnet-neurons-check
def outputs(net, x, *kinds):
    """How many numbers each layer of these kinds gives for one image."""
    seen, hooks = [], []
    for module in net.modules():
        if isinstance(module, kinds):
            hooks.append(module.register_forward_hook(lambda _, __, y: seen.append(y[0].numel())))
    net(x)
    for hook in hooks:
        hook.remove()
    return seen


neurons = outputs(grouped.eval(), image, layers.Conv2d, layers.Linear)
print(neurons, "together", f"{sum(neurons):,}")
assert sum(neurons) == 659_272
fully_connected = sum(count_parameters(m) for m in grouped.modules() if isinstance(m, layers.Linear))
print(
    f"in its three fully connected layers: {fully_connected / count_parameters(grouped):.0%} of the parameters"
)
assert fully_connected / count_parameters(grouped) > 0.95

# %% regularise [markdown]
# **Dropout and augmentation, once.** Both are against overfitting. We take 300 digits only, so that there is something to overfit, and a network with two hidden layers of 128 units. Dropout ½ behind each of them; or each batch moved by up to one pixel; or neither. Five seeds, trained side by side. Predict first: what helps, on the test images as they are, and on the same images moved by one pixel?


# %% regularise-network
few, held_out = train[:300].cpu(), test.cpu()
gray, digit = small.cpu()[:, 0], labels.cpu()


def moved(x, i, j):
    """Pictures (N, 8, 8), i rows further down and j columns to the right; zeros come in."""
    return F.pad(x, (2, 2, 2, 2))[:, 2 - i : 10 - i, 2 - j : 10 - j]


def perceptrons(x, weights, biases, dropout, training):
    """x: (N, 8, 8) -> (networks, N, 10): two hidden layers, dropout behind each."""
    x = x.flatten(1).expand(len(weights[0]), -1, -1)
    for n, (W, b) in enumerate(zip(weights, biases, strict=True)):
        x = torch.baddbmm(b, x, W)
        x = F.dropout(x.relu(), dropout, training) if n < 2 else x
    return x


# %% regularise-train
def starting_layers():
    """Weights and biases of five networks each, He's deviation."""
    random = torch.Generator().manual_seed(0)
    sizes = ((64, 128), (128, 128), (128, 10))
    weights = [torch.randn(5, M, K, generator=random) * (2 / M) ** 0.5 for M, K in sizes]
    return weights, [torch.zeros(5, 1, K) for _, K in sizes]


def wrong(net, x, target):
    with torch.no_grad():
        return (perceptrons(x, *net, 0.0, False).argmax(2) != target).float().mean(1)


# %% regularise-loop
def regularised(dropout, shifts, steps=400):
    """The errors of five networks: training after 40 steps, test, and test with images moved by a pixel."""
    random, net = torch.Generator().manual_seed(0), starting_layers()
    optimiser = torch.optim.Adam([p.requires_grad_() for part in net for p in part], lr=0.003)
    for step in range(steps):
        if step == 40:
            early = wrong(net, gray[few], digit[few])
        batch = few[torch.randint(300, (50,), generator=random)]
        i, j = torch.randint(-1, 2, (2,), generator=random).tolist() if shifts else (0, 0)
        guesses = perceptrons(moved(gray[batch], i, j), *net, dropout, True)
        loss = F.cross_entropy(guesses.flatten(0, 1), digit[batch].repeat(5)) * 5
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    unseen_digits = gray[held_out]
    tests = (unseen_digits, moved(unseen_digits, 0, 1))
    return [early, *(wrong(net, x, digit[held_out]) for x in tests)]


# %% regularise-run tags=["nbval-ignore-output"]
helped = {
    "neither": regularised(0.0, False),
    "dropout ½": regularised(0.5, False),
    "moved": regularised(0.0, True),
}
print("median (smallest – largest) of five seeds")
for name, found in helped.items():
    said = [f"{e.median():.1%} ({e.min():.1%} – {e.max():.1%})" for e in found]
    print(
        f"{name:10} training error after 40 steps {said[0]}\n{'':10} test error {said[1]}, moved by a pixel {said[2]}"
    )

# %% regularise-check
medians = {name: [e.median().item() for e in found] for name, found in helped.items()}
assert medians["dropout ½"][0] > medians["neither"][0]
assert abs(medians["dropout ½"][1] - medians["neither"][1]) < 0.03
assert medians["moved"][1] > medians["neither"][1]
assert helped["moved"][2].max() < helped["neither"][2].min() - 0.1
print("with dropout training is slower, and the test error the same within 3 points")
print("trained on moved images, each network is far better on moved ones than any that was not")

# %% regularise-notice [markdown]
# Dropout slows training, as the paper says (4.2), and on these few digits it gains nothing that the spread of the seeds would not hide. Augmentation teaches what it shows, and no more: these digits are centred, so on the test images as they are it costs errors, for a network this small and so few steps; on moved ones it makes nearly all the difference. Whether a regulariser helps is a question to the data.

# %% response [markdown]
# One of AlexNet's layers has died out: *local response normalisation* (3.3 in its paper) divides each number by a power of (a constant plus the sum of the squares of its neighbours), the numbers at the same place in the maps beside. It is no convolution, for it does not even double when its input doubles.

# %% response-check
norm = nn.LocalResponseNorm(5, alpha=5e-4, k=2)
x = 10 * torch.ones(1, 8, 1, 1)
assert not torch.allclose(norm(2 * x), 2 * norm(x), rtol=1e-3)
print(f"norm(2x) / norm(x) = {(norm(2 * x) / norm(x))[0, 4, 0, 0].item():.3f}")

# %% vgg [markdown]
# **VGG** has one idea: 3×3 kernels only, two to four of them in a row. Two 3×3 see as much as one 5×5, three as much as one 7×7 (unit 1), with fewer weights, and with a ReLU more between them:
#
# | | weights for $C$ maps in and out |
# |---|---|
# | 5×5 / two 3×3 | $25C^2$ / $18C^2$ |
# | 7×7 / three 3×3 | $49C^2$ / $27C^2$ |
#
# *Without* the ReLUs, two 3×3 on one map would be one 5×5 (unit 2's theorem), but a poor one: two kernels have $9 + 9$ numbers, and one factor may be moved from one to the other, so they reach only $17$ of the $25$ dimensions. The rank of the derivative counts them:

# %% vgg-check
generator = torch.Generator().manual_seed(2)
both = torch.randint(-4, 5, (18,), generator=generator).double()


def composed(both):
    """The 5×5 kernel of two 3×3 kernels, one after the other."""
    first, second = both[:9].reshape(1, 1, 3, 3), both[9:].reshape(1, 1, 3, 3)
    return F.conv2d(F.pad(first, (2, 2, 2, 2)), second.flip(2, 3)).flatten()


slope = torch.autograd.functional.jacobian(composed, both)  # (25, 18)
assert torch.equal(  # exact: whole numbers
    composed(both),
    compose(both[:9].reshape(1, 1, 3, 3), None, both[9:].reshape(1, 1, 3, 3), None).weight.flatten(),
)
rank = int(torch.linalg.matrix_rank(slope))
print("numbers:", slope.shape[1], " dimensions reached:", rank, "of", slope.shape[0])
assert rank == 17

# %% vgg-macs [markdown]
# "19.6 billion FLOPs", as a picture in the slides says of VGG-19, are multiply–adds: a multiplication and an addition counted as one. So are all such figures in this unit. The first fully connected layer alone holds 74 % of VGG-16's parameters:

# %% vgg-macs-check
with torch.device("meta"):
    vgg = networks.vgg16().eval()
(fc1,) = (m for m in vgg.modules() if isinstance(m, layers.Linear) and m.weight.shape[1] == 512 * 7 * 7)
print(
    f"{count_parameters(fc1):,} of {count_parameters(vgg):,}: {count_parameters(fc1) / count_parameters(vgg):.0%}"
)
assert count_parameters(fc1) / count_parameters(vgg) > 0.74

# %% inception [markdown]
# ## {number} · GoogLeNet (2014)
#
# The Inception module sends its maps through 1×1, 3×3, 5×5 and max pooling side by side and stacks the maps of all four. That is expensive, so a 1×1 convolution makes few maps of many before each large kernel, and behind the pooling: a **bottleneck**.
# The module as first thought of, and as it is:

# %% inception-picture
figures.inception_modules().show()

# %% inception-count [markdown]
# For module 3a, 192 maps in:

# %% inception-check
module = {}
x = torch.empty(1, 192, 28, 28, device="meta")
with torch.device("meta"):
    for bottlenecks in (True, False):
        module[bottlenecks] = networks.Inception(192, TABLE_1["3a"], bottlenecks=bottlenecks).eval()
for bottlenecks, net in module.items():
    weights = sum(m.weight.numel() for m in net.modules() if isinstance(m, layers.Conv2d))
    print(
        f"{'with' if bottlenecks else 'without':8} bottlenecks: {weights:7,} weights, {count_macs(net, x) / 1e6:3.0f} million"
        f" multiply–adds, {net.out_channels} maps"
    )
assert count_macs(module[False], x) == 387_072 * 28 * 28
assert count_macs(module[True], x) == 163_328 * 28 * 28
assert module[False].out_channels == 192 + module[True].out_channels - TABLE_1["3a"].pool

# %% inception-naive [markdown]
# And that is the first module only. Without bottlenecks the pooling branch passes on *all* maps that came in, so the number of maps, and with it the cost, grows from module to module. Nine modules in a row:

# %% inception-naive-check
M, costs = 192, []
for name, row in TABLE_1.items():
    size = 28 if name.startswith("3") else 14 if name.startswith("4") else 7
    with torch.device("meta"):
        naive = networks.Inception(M, row, bottlenecks=False).eval()
    costs.append(count_macs(naive, torch.empty(1, M, size, size, device="meta")))
    M = naive.out_channels
with torch.device("meta"):
    real = networks.googlenet(paper=True).eval()
work = macs_by_module(real, torch.empty(1, 3, 224, 224, device="meta"))
modules = sum(work[name] for name, part in real.named_modules() if isinstance(part, networks.Inception))
print(
    f"nine modules: {modules / 1e9:.2f} GMAC; without bottlenecks {sum(costs) / 1e9:.1f} GMAC, and {M} maps at the end"
)
assert sum(costs) > 5 * modules
assert 192 + sum(row.one + row.three + row.five for row in TABLE_1.values()) == M

# %% inception-one [markdown]
# And is a module a convolution? Max pooling and ReLU are none. Leave them out, and the rest of the first module is one: a smaller kernel is a larger one with zeros around it, and kernels side by side are one kernel with more output maps. (In the second module the 1×1 before them must have no bias; with one, the border differs: unit 2, section {section:reduction-to-convolution/fails}.)

# %% inception-one-check
X = torch.randn(2, 3, 9, 9, dtype=torch.float64)
kernels = {p: torch.randn(K, 3, p, p, dtype=torch.float64) for p, K in ((1, 2), (3, 4), (5, 2))}
apart = torch.cat([layers.conv2d(X, kernel, padding=p // 2) for p, kernel in kernels.items()], 1)
one = torch.cat([F.pad(kernel, [(5 - p) // 2] * 4) for p, kernel in kernels.items()])
assert torch.allclose(layers.conv2d(X, one, padding=2), apart, atol=1e-12)
print(
    "one kernel",
    tuple(one.shape),
    "with",
    one.numel(),
    "numbers in place of",
    sum(k.numel() for k in kernels.values()),
)

# %% auxiliary [markdown]
# **Auxiliary heads.** Two more classifiers read the maps in the middle, in training only; their losses are added with weight 0.3 (section 5). In use they are thrown away. The answers that won the competition came from an **ensemble of seven** such networks (section 7).

# %% auxiliary-check
scores = tuple(torch.randn(4, 10) for _ in range(3))
target = torch.tensor([1, 2, 3, 4])
main, first, second = (F.cross_entropy(each, target) for each in scores)
assert torch.allclose(networks.loss_with_auxiliary(scores, target), main + 0.3 * (first + second))
with torch.device("meta"):
    helped = networks.googlenet(auxiliary=True)
extra = count_parameters(helped) - count_parameters(networks.googlenet())
print(f"the two heads have {extra:,} parameters, in training only")
assert extra == count_parameters(helped.heads)

# %% gap [markdown]
# **Global average pooling** stands before the last layer. Compare with VGG's 103 million numbers behind the flattening: GoogLeNet has *one* fully connected layer, 1024 → 1000, and not none, as the slides say. Flattening the 7×7 maps there would cost 49 times as much.
#
# **"5M parameters"** is the paper's "12 times fewer than AlexNet", rounded. Its table 1, row by row, with biases and with 5×5 kernels, gives 6,998,552. Common code has 3×3 in that branch, and batch norm: 6,624,904.

# %% gap-check
assert count_parameters(real) == 6_998_552
assert count_parameters(networks.googlenet()) == 6_624_904
(last,) = (m for m in real.modules() if isinstance(m, layers.Linear))
print(
    "fully connected layers: one,",
    tuple(last.weight.shape),
    f" AlexNet : GoogLeNet = {60_965_224 / 6_998_552:.1f}",
)
assert 60_965_224 / 12 < 5.1e6  # what "12 times fewer" means

# %% gap-tried [markdown]
# The slides say that GAP "slightly improves quality": the paper measured 0.6 points of top-1 error (section 5), on ImageNet. Tried here: two convolutions with 16 and 32 maps on the digits, then flattening or GAP, five seeds.


# %% gap-tried-run
def two_convolutions(p, x):
    x = F.max_pool2d(F.conv2d(x, p["F1"], p["b1"], padding=1).relu(), 2)
    return F.conv2d(x, p["F2"], p["b2"], padding=1).relu()  # (N, 32, 4, 4)


def starting(seed, features):
    random = torch.Generator().manual_seed(seed)
    shapes = {"F1": (16, 1, 3, 3), "F2": (32, 16, 3, 3), "V": (10, features)}
    drawn = {name: torch.randn(shape, generator=random) for name, shape in shapes.items()}
    return {name: value * (2 / value[0].numel()) ** 0.5 for name, value in drawn.items()} | {
        "b1": torch.zeros(16), "b2": torch.zeros(32)
    }  # fmt: skip


heads = {
    "flatten": (32 * 16, lambda p, x: two_convolutions(p, x).flatten(1) @ p["V"].T),
    "GAP": (32, lambda p, x: two_convolutions(p, x).mean((2, 3)) @ p["V"].T),
}

# %% gap-tried-result tags=["nbval-ignore-output"]
tried, shown_digits, answers_wanted = {}, small.cpu(), labels.cpu()
for name, (features, head) in heads.items():
    starts = [starting(seed, features) for seed in range(5)]
    p = experiments.side_by_side(
        head, starts, shown_digits[train.cpu()], answers_wanted[train.cpu()], epochs=6
    )
    with torch.no_grad():
        guesses = torch.func.vmap(head, in_dims=(0, None))(p, shown_digits[test.cpu()]).argmax(2)
    tried[name] = (guesses != answers_wanted[test.cpu()]).float().mean(1)
    e = tried[name]
    print(
        f"{name:8} {10 * features:5,} weights behind the maps, test error {e.median():.1%} ({e.min():.1%} – {e.max():.1%})"
    )

# %% gap-tried-check
assert 2 * tried["flatten"].median() < tried["GAP"].median()
print("here GAP does not improve quality:", (tried["flatten"].median() < tried["GAP"].median()).item())

# %% gap-tried-notice [markdown]
# **It does not transfer to our digits.** With 16 times fewer weights behind the maps, GAP makes several times as many errors after six passes. A likely reason, not tested here: *where* a stroke is tells digits apart, and the mean forgets it. Fewer weights and few passes may play a part too. What GAP always gives is fewer weights, and any image size.

# %% resnet [markdown]
# ## {number} · ResNet (2015)
#
# A residual block adds its input to what it computes:
# $$y = f(x) + x, \qquad \frac{\partial L}{\partial x} = f'(x)^{\mathsf T}\frac{\partial L}{\partial y} + \frac{\partial L}{\partial y} .$$
# The slides write it for numbers; for vectors $f'$ is a matrix, transposed. The gradient arrives below by two ways, and one of them changes nothing.

# %% resnet-picture
figures.residual_blocks().show()

# %% resnet-check
W1, W2 = torch.randn(8, 5, dtype=torch.float64), torch.randn(5, 8, dtype=torch.float64)
x, g = torch.randn(5, dtype=torch.float64), torch.randn(5, dtype=torch.float64)


def f(x):
    return W2 @ torch.relu(W1 @ x)


slope = torch.autograd.functional.jacobian(f, x)  # (5, 5)
start = x.clone().requires_grad_()
(by_autograd,) = torch.autograd.grad(f(start) + start, start, g)
assert torch.allclose(by_autograd, slope.T @ g + g, atol=1e-12)

# %% resnet-identity [markdown]
# The identity becomes easy: set the last weights of $f$ to 0. That is why adding blocks *should* never hurt. In the networks of the paper a ReLU follows the sum, and where sizes change the skip is a 1×1 convolution with stride. A skip around two layers that are both affine would be no skip at all, but one convolution (unit 2, parallel branches; the border apart).

# %% towers [markdown]
# The paper's networks of 34 layers, with skips and without, beside the VGG-19 that they are compared with:

# %% towers-picture
figures.thirty_four_layers().show()

# %% towers-check
with torch.device("meta"):
    towers = {
        "VGG-19": (networks.vgg19().eval(), towers_drawn.VGG_19),
        "34, plain": (networks.resnet34(skip=False).eval(), towers_drawn.PLAIN_34),
        "34, residual": (networks.resnet34().eval(), towers_drawn.PLAIN_34),
    }
image = torch.empty(1, 3, 224, 224, device="meta")
for name, (net, drawn) in towers.items():
    sizes_of = outputs(net, image, layers.Conv2d, layers.Linear)
    boxes = [label for labels_of in drawn.values() for label in labels_of]
    extra = len(sizes_of) - len(boxes)  # the 1×1 convolutions of three skips
    assert extra == (3 if name == "34, residual" else 0)
    print(
        f"{name:13} {len(boxes)} boxes, {count_parameters(net):11,} parameters, {count_macs(net, image) / 1e9:5.2f} GMAC"
    )

# %% towers-notice [markdown]
# Nearly twice as many layers as VGG-19, a fifth of its work: few maps where they are large, no fully connected layers of 4096, and pooling globally. The skips cost next to nothing.

# %% degradation [markdown]
# **Degradation.** He et al. start from an experiment: *without* skips, more layers make even the **training** error worse. So it is not overfitting. We repeat it in small: plain and residual networks of 2, 6 and 14 blocks (5, 13 and 29 convolutions), batch norm behind each, four passes through the digits, **five seeds each**, trained side by side.


# %% degradation-network
WIDTH = 8


def start(seed, blocks):
    """He's initialisation; γ = 1, β = 0."""
    random = torch.Generator().manual_seed(seed)

    def he(*shape):
        return torch.randn(*shape, generator=random) * (2 / torch.Size(shape[-3:]).numel()) ** 0.5

    norms = torch.ones(2 * blocks + 1, WIDTH)
    return {"stem": he(WIDTH, 1, 3, 3), "body": he(2 * blocks, WIDTH, WIDTH, 3, 3), "gamma": norms,
            "beta": 0 * norms, "V": torch.randn(10, WIDTH, generator=random) / WIDTH**0.5}  # fmt: skip


def outputs_of_blocks(p, x, skip):
    """What comes out of the stem and of each block, on 4×4 maps, with the statistics of the batch."""

    def normed(z, n):
        return F.batch_norm(z, None, None, p["gamma"][n], p["beta"][n], training=True)

    found = [normed(F.conv2d(x, p["stem"], stride=2, padding=1), -1).relu()]
    for n in range(0, len(p["body"]), 2):
        y = normed(F.conv2d(found[-1], p["body"][n], padding=1), n).relu()
        y = normed(F.conv2d(y, p["body"][n + 1], padding=1), n + 1)
        found.append((y + found[-1] if skip else y).relu())
    return found


# %% degradation-train
def scores(p, x, skip):
    return outputs_of_blocks(p, x, skip)[-1].mean((2, 3)) @ p["V"].T


DEPTHS, on_cpu = (2, 6, 14), small.cpu()
training, targets = on_cpu[train.cpu()], labels.cpu()[train.cpu()]
nets, errors = {}, {}
for blocks in DEPTHS:
    for skip in (False, True):
        of_one = partial(scores, skip=skip)
        starts = [start(seed, blocks) for seed in range(5)]
        nets[blocks, skip] = experiments.side_by_side(of_one, starts, training, targets, epochs=4, rate=0.01)
        with torch.no_grad():
            guesses = torch.func.vmap(of_one, in_dims=(0, None))(nets[blocks, skip], training).argmax(2)
        errors[blocks, skip] = (guesses != targets).float().mean(1)

# %% degradation-table tags=["nbval-ignore-output"]
for blocks in DEPTHS:
    for skip in (False, True):
        error = errors[blocks, skip]
        said = f"{error.median():4.0%} ({error.min():.0%} to {error.max():.0%})"
        print(f"{blocks:2} blocks, {'residual' if skip else 'plain':8} training error {said}")

# %% degradation-check
deepest = DEPTHS[-1]
assert errors[deepest, False].min() > errors[2, False].max() + 0.1
assert errors[deepest, True].median() < errors[deepest, False].min() / 2
assert errors[deepest, True].median() <= errors[2, True].median()
print(
    "the deepest plain networks are worse than the shallow ones, with every seed; the median residual one is not"
)

# %% degradation-why [markdown]
# Is it the vanishing gradient? The slides' formula suggests it. Look at the gradients of deeper networks still, 20 blocks, before any training: at each block's output, relative to the topmost one:

# %% degradation-gradients
flows, deep = {}, 20
for skip in (False, True):
    runs = []
    for seed in range(5):
        p = {name: value.double() for name, value in start(seed, deep).items()}
        x = training[:100].double().requires_grad_()
        values = outputs_of_blocks(p, x, skip)
        loss = F.cross_entropy(values[-1].mean((2, 3)) @ p["V"].T, targets[:100])
        norms = torch.stack([gradient.norm() for gradient in torch.autograd.grad(loss, values)])
        runs.append(norms / norms[-1])
    flows[skip] = torch.stack(runs, 1)  # (blocks + 1, seeds)
assert flows[False][0].min() > 20
assert flows[True][0].max() < flows[False][0].min()
print("plain: the gradient at the bottom is more than 20 times as large as at the top, with every seed")

# %% degradation-picture tags=["nbval-ignore-output"]
figure, axes = plt.subplots(1, 2, figsize=SIZES["wide"])
kinds = {"plain": False, "residual": True}
by_depth = {name: torch.stack([errors[n, skip] for n in DEPTHS]) for name, skip in kinds.items()}
figures.draw_spread(axes[0], DEPTHS, by_depth)
figures.draw_spread(axes[1], range(deep + 1), {name: flows[skip] for name, skip in kinds.items()})
axes[0].set(xlabel="blocks", ylabel="training error", title="degradation", ylim=(0, 1), xticks=DEPTHS)
axes[1].set(
    xlabel="block, from the image up",
    ylabel="gradient, top = 1",
    yscale="log",
    title="at the start, 20 blocks",
)
axes[1].set_xticks(range(0, deep + 1, 5))
axes[0].legend(frameon=False)
show(
    figure,
    alt="Left: training error after four passes against the number of blocks, medians and spread of five seeds. The plain networks' rises with depth, the residual ones' falls in the median. Right: norm of the gradient at each block at the start of training. It"
    " grows from the top down, far more in the plain network than in the residual one.",
)

# %% degradation-notice [markdown]
# In none of the five runs do the plain network's gradients vanish: with batch norm they *grow* towards the image, and the residual network's much less. He et al. say so too (section 4.1): with batch norm, vanishing gradients are unlikely to be the cause. What skips do to the *size* of a gradient without batch norm is exercise 5, and not what one expects.
# (Four passes are few. We show that the deep plain network is much harder to optimise, not that it could never be.)
#
# On ImageNet: plain networks of 18 and 34 layers have 27.94 % and 28.54 % top-1 error, residual ones 27.88 % and 25.03 % (He et al., table 2).

# %% highway [markdown]
# **Highway networks** (Srivastava et al. 2015) had skips before, with a learned gate: $y = T(x)\,H(x) + (1 - T(x))\,x$, $T = \sigma(W_T x + b_T)$. With $b_T$ strongly negative the layer starts as the identity; a residual block has both doors always open. LSTM's gates (unit 6) are their model.


# %% highway-check
def highway(x, bias):
    T = layers.sigmoid(W_T @ x + bias)
    return T * torch.tanh(W_H @ x) + (1 - T) * x


W_T, W_H = torch.randn(2, 5, 5, dtype=torch.float64)
x, away = torch.randn(5, dtype=torch.float64), {}
for bias in (-20.0, 0.0):
    slope = torch.autograd.functional.jacobian(lambda x, b=bias: highway(x, b), x)
    away[bias] = torch.linalg.matrix_norm(slope - torch.eye(5)).item()
    print(f"b_T = {bias:3.0f}: distance of ∂y/∂x from the identity {away[bias]:.1e}")
assert away[-20.0] < 1e-4 < away[0.0]

# %% surface [markdown]
# **Loss surfaces.** The slides show those of ResNet-56 with and without skips (Li et al. 2018, figure 1): a smooth bowl beside wild mountains. A surface over two directions is pretty, and easily misleads. Here are *slices*: the loss of our deepest networks along a straight line through the trained weights, in a random direction whose kernels have the norms of the trained kernels, one line for each of five networks (with the statistics of the batch).

# %% surface-compute
steps = torch.linspace(-1, 1, 21)


def slice_of(net, skip, seed):
    """The loss on 100 training images along a random direction, at each of the steps."""
    random, direction = torch.Generator().manual_seed(1000 + seed), {}  # not the seed of the start
    for name in ("stem", "body"):
        d = torch.randn(net[name].shape, generator=random)
        size, wanted = (one.square().sum((-3, -2, -1), keepdim=True).sqrt() for one in (d, net[name]))
        direction[name] = d * wanted / size  # each kernel has the norm of the trained one
    losses = []
    for step in steps:
        moved = net | {name: net[name] + step * d for name, d in direction.items()}
        losses.append(F.cross_entropy(scores(moved, training[:100], skip), targets[:100]))
    return torch.stack(losses)


slices = {}
with torch.no_grad():
    for name, skip in kinds.items():
        each = [{letter: value[n] for letter, value in nets[deepest, skip].items()} for n in range(5)]
        slices[name] = torch.stack([slice_of(net, skip, seed) for seed, net in enumerate(each)], 1)

# %% surface-picture
figure, axes = plt.subplots(1, 2, figsize=SIZES["wide"], sharey=True)
for axis, (name, losses) in zip(axes, slices.items(), strict=True):
    axis.plot(steps, losses, color="C0" if name == "plain" else "C1", alpha=0.7)
    axis.set(
        title=f"{deepest} blocks, {name}",
        xlabel="step along the direction",
        ylim=(0, 6),
        xticks=(-1, -0.5, 0, 0.5, 1),
    )
axes[0].set(ylabel="loss")
show(
    figure,
    alt="Slices of the loss around the trained weights of five networks each. The plain networks' curves lie high, with a shallow dip"
    " at best. The residual networks' have their lowest part at the trained weights, far below the plain ones.",
)

# %% surface-check
middle = {name: losses[10] for name, losses in slices.items()}
assert middle["residual"].median() < 1
assert (slices["residual"].argmin(0) - 10).abs().median() <= 2
assert middle["plain"].median() > 2 * middle["residual"].median()
print("residual, median of five: the trained weights lie at the bottom of a valley, with a loss below 1")

# %% surface-notice [markdown]
# So the residual networks sit at the bottom of a valley, as in the paper. The plain ones lie on a plateau, with a loss not far below that of guessing ($\ln 10 \approx 2.3$). The *chaos* of the paper's figure is not to be seen here; for that take theirs: ResNet-56 without skips, fully trained on CIFAR-10. A few directions out of thousands are a hint, not a proof. (The paper also shows that DenseNet's surface is smooth, and that wider networks have smoother ones: its figures 4 to 6. We have not repeated that.)

# %% segmentation [markdown]
# ## {number} · Encoder–decoder: an answer for each pixel
#
# Segmentation asks for a class at *every* pixel. An encoder makes maps small and many, a decoder makes them large again. Two ways up:
#
# **Unpooling** (Noh et al. 2015, "Deconvolution Network"): max pooling remembers where each maximum was; unpooling puts the number back there, and 0 elsewhere.

# %% unpooling-check
X = torch.tensor([[[[1.0, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]]]])
pooled, places = F.max_pool2d(X, 2, return_indices=True)
back = layers.max_unpool2d(pooled, places, 2)
print(pooled[0, 0].int().tolist(), "→", back[0, 0].int().tolist())
assert torch.equal(layers.max_pool2d(back, 2), pooled)  # exact: nothing is computed
assert torch.equal(back[back > 0], X[(back == X) & (back > 0)])

# %% unpooling-notice [markdown]
# For *given* places, pooling is linear, a selection of numbers, and unpooling is its transpose: $\langle Ax, y\rangle = \langle x, A^{\mathsf T}y\rangle$. The places depend on the input, so neither is a convolution.

# %% unpooling-transpose-check
y = torch.randn(1, 1, 2, 2)
assert torch.isclose((pooled * y).sum(), (X * layers.max_unpool2d(y, places, 2)).sum())

# %% deconvolution [markdown]
# **"Deconvolution"** is the transposed convolution of unit 1: the transpose of a convolution's matrix, not its inverse. With a 2×2 kernel and stride 2 each number becomes a 2×2 block, and the size doubles.

# %% deconvolution-check
kernel = torch.randn(1, 1, 2, 2, dtype=torch.float64)
x = torch.randn(1, 1, 3, 3, dtype=torch.float64)
up = layers.conv_transpose2d(x, kernel, stride=2)
assert torch.allclose(up, torch.kron(x[0, 0], kernel[0, 0])[None, None], atol=1e-12)
again = layers.conv2d(up, kernel, stride=2)
assert torch.allclose(
    again, (kernel**2).sum() * x, atol=1e-12
)  # x back up to a factor, for these windows do not overlap
print(tuple(x.shape[2:]), "→", tuple(up.shape[2:]))

# %% unet [markdown]
# **U-Net** (2015) puts the encoder's maps of each size beside the decoder's. What is in the picture comes from below; *where exactly* comes across. All its 3×3 have no border, so 572×572 pixels give 388×388 answers, and the maps that come across are cropped.

# %% unet-check
sizes = networks.unet_sizes(572)
print(*sizes)
assert sizes[-1] == 388
with torch.device("meta"):
    original = networks.unet().eval()
assert count_parameters(original) == 31_030_658
assert original(torch.empty(1, 1, 572, 572, device="meta")).shape == (1, 2, 388, 388)

# %% unet-picture-sizes
maps = [1, 64, 64, 64, 128, 128, 128, 256, 256, 256, 512, 512, 512, 1024, 1024]
maps += [512, 512, 512, 256, 256, 256, 128, 128, 128, 64, 64, 64]
across = [(2, 24), (5, 21), (8, 18), (11, 15)]
assert all(sizes[start] > sizes[end] for start, end in across)  # hence the cropping
shapes = [*zip(maps, sizes, strict=True), (2, 388)]  # the last one: 1×1 to two classes
figures.shape_walk(shapes, across, "U-Net").show()

# %% unet-training [markdown]
# **How it is trained** (sections 3 and 3.1 of the paper): cross-entropy at each pixel, averaged over all of them, with larger weights near the borders between two cells,
# $w(x) = w_c(x) + 10\, e^{-(d_1 + d_2)^2/(2\cdot 5^2)}$, where $d_1, d_2$ are the distances to the nearest two cells; few images, but elastic deformations of each; one large tile in place of a batch, and momentum 0.99.
#
# **A small task of our own**: find the ink of two digits, dark or light, pasted onto scikit-learn's two photographs. 400 pictures of 32×32; the test uses other digits. Three seeds of each network. The baseline is a threshold, chosen on the training pictures, for how far a pixel's brightness lies from the picture's mean.

# %% unet-data
photographs = [
    torch.from_numpy(np.array(p)).float().mean(2)[::2, ::2] / 255 for p in load_sample_images().images
]
ink = F.interpolate(small.cpu(), size=(16, 16), mode="bilinear")[:, 0]


def scenes(number, which, generator):
    """Pictures (number, 1, 32, 32), and where there is ink (number, 32, 32)."""

    def draw(high):
        return int(torch.randint(high, (1,), generator=generator))

    X, target = torch.empty(number, 1, 32, 32), torch.zeros(number, 32, 32, dtype=torch.long)
    for n in range(number):
        photograph = photographs[draw(2)]
        i, j = draw(photograph.shape[0] - 32), draw(photograph.shape[1] - 32)
        X[n, 0] = photograph[i : i + 32, j : j + 32]
        for _ in range(2):
            i, j, digit = draw(17), draw(17), ink[which[draw(len(which))]]
            place = X[n, 0, i : i + 16, j : j + 16]
            place += digit * (0.9 - place) if place.mean() < 0.5 else -digit * (place - 0.1)
            target[n, i : i + 16, j : j + 16] |= (digit > 0.5).long()
    return X.to(device), target.to(device)


# %% unet-baseline
generator = torch.Generator().manual_seed(0)
pictures, masks = scenes(400, train.tolist(), generator)
unseen, truth = scenes(200, test.tolist(), generator)


def overlap(found, mask):
    """Intersection over union."""
    return (found & (mask == 1)).sum().item() / (found | (mask == 1)).sum().item()


brightness = (pictures[:, 0] - pictures.mean((1, 2, 3))[:, None, None]).abs()
threshold = max(np.linspace(0.05, 0.6, 23), key=lambda level: overlap(brightness > level, masks))
baseline = overlap((unseen[:, 0] - unseen.mean((1, 2, 3))[:, None, None]).abs() > threshold, truth)


# %% unet-train
class NothingAcross(networks.UNet):
    """The same network, but zeros come across."""

    def forward(self, x):
        x = self.down[0](x)
        for block in self.down[1:]:
            x = block(self.pool(x))
        for up, merge in zip(self.up, self.merge, strict=True):
            x = up(x)
            x = merge(torch.cat([torch.zeros_like(x), x], 1))
        return self.head(x)


# %% unet-run
ink_counts = torch.tensor([1.0, 3.0], device=device)  # the paper's w_c: ink is rare, so it counts more


def trained(kind, seed):
    """A small network of this kind, after five passes through the pictures."""
    torch.manual_seed(seed)
    net = kind(1, 2, maps=4, depth=2, padding="same", batch_norm=True).to(device)
    optimiser = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.02, total_steps=100)
    for _ in range(5):
        for batch in torch.randperm(400, device=device).split(20):
            loss = F.cross_entropy(net(pictures[batch]), masks[batch], ink_counts)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


# %% unet-seeds
kinds_of_unet = {"U-Net": networks.UNet, "nothing across": NothingAcross}
segmenters = {name: [trained(kind, seed) for seed in range(3)] for name, kind in kinds_of_unet.items()}
with torch.no_grad():
    found = {
        name: [overlap(net(unseen).argmax(1) == 1, truth) for net in nets_of_it]
        for name, nets_of_it in segmenters.items()
    }

# %% unet-result tags=["nbval-ignore-output"]
print("overlap (intersection over union), three seeds each")
print(f"{'threshold':15} {baseline:.2f}")
for name, shares in found.items():
    print(f"{name:15}", "  ".join(f"{share:.2f}" for share in sorted(shares)))

# %% unet-result-check
middle_of = {name: sorted(shares)[1] for name, shares in found.items()}
assert middle_of["U-Net"] > middle_of["nothing across"] + 0.02
print("the median U-Net beats the median network without anything across by more than 0.02")

# %% unet-result-notice [markdown]
# Look at the spread of the three seeds before you believe a gap, and at the threshold: networks as small as these, trained for 100 steps, are hardly above it, and those with nothing across not even that. What comes across helps all the same, in the median. (Without the larger weight for ink some seeds find nothing at all, which is not shown here: most pixels are background, and "background everywhere" is a comfortable answer.)

# %% unet-picture
with torch.no_grad():
    guesses = [nets_of_it[0](unseen[:6]).argmax(1).cpu() for nets_of_it in segmenters.values()]
figure, axes = plt.subplots(4, 6, figsize=(9.0, 6.2))
shown = (unseen[:6, 0].cpu(), truth[:6].cpu(), *guesses)
for row, images, name in zip(axes, shown, ("picture", "truth", "U-Net", "nothing across"), strict=True):
    for axis, one in zip(row, images, strict=True):
        axis.imshow(one, vmin=0, vmax=1)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
    row[0].set_ylabel(name)
show(
    figure,
    alt="Four rows of six pictures: photographs with two digits pasted on, the true ink in white, what one of the U-Nets finds, and"
    " what one of the networks without anything across finds.",
)

# %% bill [markdown]
# ## {number} · The bill
#
# All networks of this course but those that read words (units {unit:sequences} and {unit:self-attention}), counted on the meta device (shapes, no numbers), for one image; `encoder_block`, a part of a transformer (unit {unit:self-attention}), for 100 vectors. Each row is asserted: parameters to the last one, multiply–adds to the last published digit, where somebody published them.

# %% bill-check
for name, network in NETWORKS.items():
    if network.tokens:  # units 6 and 7: they read words
        continue
    with torch.device("meta"):
        net = network.build().eval()
    macs = count_macs(net, *network.inputs())
    assert (count_parameters(net), macs) == (network.parameters, network.macs)
    if network.gmacs is not None:
        assert abs(macs / 1e9 - network.gmacs) <= 0.0005
    published = "–" if network.gmacs is None else f"{network.gmacs:.3f}"
    print(f"{name:20} {network.parameters:12,} parameters {macs / 1e9:10.4f} GMAC   published {published:>7}")

# %% bill-sources [markdown]
# How to read the names: `_bn` is with batch norm. The `_paper` ones are as the paper writes them, the others as common code has them; `resnet50_paper` takes a block's stride in its first 1×1 and not in its 3×3, which saves work. Not met before: `densenet121`, in which each layer reads the maps of all before it; `mobilenet_v2`, of depthwise separable convolutions (unit {unit:convolution}); `repvgg_a0`, of the block that the player below takes apart; and `sagan_discriminator` (unit {unit:self-attention}).
#
# Who published what stands in `NETWORKS[name].source`. The papers' own totals differ in three places, and the docstrings of `nonconv.networks` say why: LeNet-5 (above), AlexNet's list of neurons, and two rows of GoogLeNet's table 1.

# %% bill-picture
figure, axis = plt.subplots(figsize=(9.0, 4.4))
labelled = {
    "lenet5": (6, 6), "alexnet_2012": (6, -12), "vgg16": (-14, 8), "googlenet": (-58, -6), "resnet18": (8, -5), "resnet50": (8, 2),
    "densenet121": (-52, 7), "mobilenet_v2": (8, -4), "repvgg_a0": (-4, -14), "unet": (-20, -14),
}  # fmt: skip
for name, offset in labelled.items():
    network = NETWORKS[name]
    axis.plot(network.parameters, network.macs, "o", color="C0")
    axis.annotate(
        name, (network.parameters, network.macs), xytext=offset, textcoords="offset points", fontsize=9
    )
axis.set(
    xscale="log", yscale="log", xlabel="parameters", ylabel="multiply–adds for one image", xlim=(3e4, 8e8)
)
show(
    figure,
    alt="Ten networks by parameters and multiply–adds, both axes logarithmic. LeNet-5 far below on the left. AlexNet has many"
    " parameters and little work, GoogLeNet a tenth of the parameters and twice the work; VGG-16 has most parameters, U-Net most work.",
)

# %% reduce [markdown]
# ## {number} · And how much of it is a convolution?
#
# `reduce(model, example_input)` goes through a network in use and writes what *is* one convolution as one: batch norm behind a convolution (unit 2), batch norm before one without a border (with a border of zeros the two differ there: unit 2, section {section:reduction-to-convolution/fails}), parallel branches, a convolution after a convolution where that is no more expensive. Each step is checked on a copy in float64, with random statistics and biases. The report says what was done, and why the rest was not. A small U-Net:

# %% reduce-one
net = networks.UNet(1, 2, maps=4, depth=1, padding="same", batch_norm=True).eval()
reduction = reduce(net, torch.randn(1, 1, 16, 16))
report = reduction.report
assert not [m for m in reduction.model.modules() if isinstance(m, layers.BatchNorm2d | nn.BatchNorm2d)]
assert report.error < 1e-12
assert len(report.applied) == 6
print("steps:", len(report.applied), "  batch norms left: 0")

# %% reduce-one-report tags=["nbval-ignore-output"]
report

# %% reduce-one-picture
figures.network_graphs(report.before, report.after).show()

# %% player [markdown]
# **Step by step.** Choose a network, and step through what `reduce` does to it. The framed boxes (dashed in the moving picture) are what the next step takes together, the green one is what it has made. At the end stands what remains, and why. Predict before you step: which boxes go next? (By keyboard: Tab to the slider, then the arrow keys.)

# %% player-figure tags=["nbval-ignore-output"]
figures.reduce_player().show()

# %% reduce-all [markdown]
# Now all of them, at small image sizes. Batch norms before and after; multiply–adds before and after; the largest error of the whole network, in float64 with random statistics, relative to its largest output.

# %% reduce-all-check
small_nets = {
    "LeNet-5": (networks.LeNet5(), (1, 32)),
    "AlexNet 2012": (networks.alexnet_2012(10, size=63), (3, 63)),
    "VGG-11, batch norm": (networks.VGG(11, 10, batch_norm=True, size=32), (3, 32)),
    "GoogLeNet": (networks.googlenet(10), (3, 32)),
    "ResNet-18": (networks.resnet18(10), (3, 32)),
    "ResNet-50": (networks.resnet50(10), (3, 32)),
    "SE-ResNet-50": (networks.se_resnet50(10), (3, 32)),
    "U-Net": (networks.UNet(1, 2, 8, 2, padding="same", batch_norm=True), (1, 32)),
    "MobileNetV2": (networks.mobilenet_v2(10), (3, 32)),
    "RepVGG-A0": (networks.repvgg_a0(10), (3, 32)),
    "DenseNet-121": (networks.densenet121(10), (3, 32)),
}


def batch_norms(net):
    return sum(isinstance(m, layers.BatchNorm2d | nn.BatchNorm2d) for m in net.modules())


# %% reduce-all-run
reports, reduced, left = {}, {}, {}
for name, (net, (M, size)) in small_nets.items():
    done = reduce(net.eval(), torch.randn(1, M, size, size))
    report, reduced[name] = done.report, done.model
    reports[name] = report
    left[name] = batch_norms(net), batch_norms(done.model)
    assert not report.refused
    assert report.error < 1e-12
    before, after = (count / 1e6 for count in report.macs)
    counted = f"batch norms {left[name][0]:3} → {left[name][1]:2}   multiply–adds {before:6.2f} → {after:6.2f} million"
    print(f"{name:19} {counted}   error < 1e-12")

# %% reduce-claims
assert all(after == 0 for name, (_, after) in left.items() if name != "DenseNet-121")
assert left["DenseNet-121"] == (121, 62)
assert all(report.macs[1] <= report.macs[0] for report in reports.values())
cheaper = [name for name, report in reports.items() if report.macs[1] < report.macs[0]]
assert cheaper == ["RepVGG-A0"]

# %% reduce-stays [markdown]
# What is left in them, beside convolutions and linear layers? The modules of each reduced network:

# %% reduce-stays-check
# affine too, but they stay, since as convolutions they would cost multiply–adds
affine = {"AvgPool2d", "AdaptiveAvgPool2d", "Flatten", "Unflatten"}
known = {nn.Conv2d, layers.Conv2d, nn.Linear, layers.Linear, nn.ConvTranspose2d, layers.ConvTranspose2d}
for name, net in reduced.items():
    leaves = {type(m) for m in net.modules() if not list(m.children()) and type(m) is not nn.Module} - known
    kinds = {kind.__name__ for kind in leaves} - affine
    print(f"{name:19}", ", ".join(sorted(kinds)))
    assert "BatchNorm2d" not in kinds or name == "DenseNet-121"
    assert not kinds & {"Dropout", "Identity"}

# %% reduce-notice [markdown]
# - **Order decides.** Where batch norm stands *behind* the convolutions, as in seven of these networks and in most of RepVGG, every one of them goes. (The others of RepVGG stand alone in a branch: they go into the sum of branches.) A skip does no harm: the sum comes after the batch norm.
# - **DenseNet-121 keeps 62 of 121.** Its layers are batch norm, ReLU, convolution. Behind the batch norm stands a ReLU, before it the concatenated maps, which others read as well. Nothing there to merge with.
# - **Multiply–adds fall only in RepVGG**: three branches become one. Batch norm costs none as they are counted, but a pass over memory each (unit 2 measures the time).
# - What stays everywhere: activations, max pooling, SE's gates. They are no convolutions.

# %% reduce-densenet [markdown]
# Why each of the 62 stays, in the report's own words:

# %% reduce-densenet-check
rows = [row for row in reports["DenseNet-121"].left if row.rule == "batch norm alone"]
assert len(rows) == 62
print(f"{len(rows)} times, for example at {rows[0].where}:")
print(rows[0].reason.replace("; ", ";\n"))
shared = [row for row in reports["DenseNet-121"].left if row.rule == "convolution, then batch norm"]
print(f"{len(shared)} times there is a convolution before it, but:")
print(shared[0].reason)
assert len(shared) == 3

# %% reduce-transition [markdown]
# Three more steps were done in DenseNet: a 1×1 convolution and the 2×2 average behind it became one 2×2 convolution with stride 2, with as many multiply–adds and one layer fewer (at the price of four times the weights, see `report.parameters`). Swapping the two would be better still: a 1×1 convolution and an average *commute*, and behind the average it has a quarter of the places.

# %% reduce-transition-check
x, kernel, bias = torch.randn(1, 8, 6, 6).double(), torch.randn(4, 8, 1, 1).double(), torch.randn(4).double()
as_written = layers.avg_pool2d(layers.conv2d(x, kernel, bias), 2)
swapped = layers.conv2d(layers.avg_pool2d(x, 2), kernel, bias)
assert torch.allclose(as_written, swapped, atol=1e-12)
costs = [
    count_macs(lambda x, k: layers.avg_pool2d(layers.conv2d(x, k), 2), x, kernel),
    count_macs(lambda x, k: layers.conv2d(x.unfold(2, 2, 2).unfold(3, 2, 2).mean((4, 5)), k), x, kernel),
]
print("multiply–adds of the 1×1:", costs[0], "before the average,", costs[1], "behind it")
assert costs[0] == 4 * costs[1]
joined = [row for row in reports["DenseNet-121"].applied if row.rule == "convolution after convolution"]
assert len(joined) == 3
assert all(row.macs[0] == row.macs[1] and row.parameters[1] > 3.9 * row.parameters[0] for row in joined)

# %% literally [markdown]
# **LeNet-5, literally.** With `goal="literally"` `reduce` does not ask what it costs: whatever is a convolution is written as one. Average pooling is one (unit 2), and merges with the convolution behind it. What is left of LeNet-5 is three convolutions, two more of size 1×1, and tanh:

# %% literally-check
lenet = networks.LeNet5().double().eval()
literal = reduce(lenet, torch.randn(1, 1, 32, 32, dtype=torch.float64), goal="literally")
convolutions = [m for m in literal.model.modules() if isinstance(m, nn.Conv2d | layers.Conv2d)]
for m in sorted(convolutions, key=lambda m: m.out_channels not in (6, 16)):
    print(
        f"{m.in_channels:4} → {m.out_channels:3} maps, kernel {tuple(m.weight.shape[2:])}, stride {m.stride[0]}"
    )
x = torch.randn(4, 1, 32, 32, dtype=torch.float64)
assert torch.allclose(literal.model(x), lenet(x), atol=1e-10)
assert len(convolutions) == 5
assert not [m for m in literal.model.modules() if isinstance(m, nn.AvgPool2d | nn.Linear | layers.Linear)]
print(f"multiply–adds: {literal.report.macs[0]:,} → {literal.report.macs[1]:,}")
assert literal.report.macs[1] > 3 * literal.report.macs[0]

# %% literally-notice [markdown]
# "The third layer is a convolution": here it is one, 10×10 with stride 2, since the pooling before it is in it too. It costs three times as much. That a layer *is* a convolution says nothing about how one should compute it.

# %% summary [markdown]
# ## Summary
#
# - The pattern is $a \times [\text{conv} + \text{activation} + \text{pool}] + k \times \text{FC}$. Most parameters stand in the first fully connected layer, most work in the convolutions; global average pooling does away with the former.
# - VGG: small kernels in a row. GoogLeNet: 1×1 bottlenecks before expensive kernels. ResNet: $y = f(x) + x$, and the gradient has a way that changes nothing. U-Net: what is there from below, where it is from across.
# - Deep plain networks are hard to train, even on the training set. With batch norm this is not the vanishing gradient.
# - In use, all batch norms behind convolutions go, whatever the architecture. Batch norm *before* a ReLU with no convolution before it stays.

# %% verdicts [markdown]
# ## The verdict table so far
#
# Three questions to a layer $f$ with stride $s$. **Affine?** $f$ of the middle of two inputs is the middle of their outputs. **Commutes with shifts?** If the input moves by $s$, the output moves by 1: on the plane, where every output reads a finite window, or only on a circle, where the image closes at its edges. **Same weights for every input?** The slopes $\partial f/\partial x$ do not depend on $x$: the first question once more, asked of the weights; where the answer is no, they are computed from the input. Three times yes, on the plane: a convolution with a bias.

# %% verdicts-table
verdicts.table(upto=5)

# %% verdicts-check [markdown]
# The rows of this unit, each run. The three answers are asserted; printed is the shape of the kernel, where there is one.

# %% verdicts-run
for row in verdicts.ROWS:
    if row.unit == 5:
        found = verdicts.examine(row)
        assert (found.affine, found.commutes, found.same_weights) == (
            row.affine,
            row.commutes,
            row.same_weights,
        )
        assert (found.kernel is not None) == row.is_convolution
        print(f"{row.name:45}", found.kernel or "no convolution")

# %% corrections [markdown]
# **Where the slides were wrong.** GoogLeNet has one fully connected layer, not none; its 5 million parameters are "12 times fewer", and its own table gives 7.0. AlexNet trained five to six days, not a week; 60M and 650K belong to the grouped network. "FLOPs" of VGG-19 and ResNet-34 are multiply–adds. $f'(x)$ must be transposed for vectors. And the vanishing gradient does not explain degradation where there is batch norm: in our run the plain network's gradients grow.

# %% sources [markdown]
# **Sources.** O. Russakovsky et al., *ImageNet Large Scale Visual Recognition Challenge* (2015), sections 5 and 6.4 · Y. LeCun et al., *Gradient-Based Learning Applied to Document Recognition* (1998), section II.B · A. Krizhevsky, I. Sutskever, G. Hinton, *ImageNet Classification with Deep Convolutional Neural Networks* (2012), sections 3–5, figure 2 · A. Krizhevsky, *One Weird Trick for Parallelizing Convolutional Neural Networks* (2014) · K. Simonyan, A. Zisserman, *Very Deep Convolutional Networks* (2015), section 2.3, table 1 · C. Szegedy et al., *Going Deeper with Convolutions* (2015), table 1, sections 5 and 7 · K. He et al., *Deep Residual Learning* (2016), section 4.1, figure 3, tables 1 and 2 · R. Srivastava, K. Greff, J. Schmidhuber, *Highway Networks* (2015), section 2 · H. Li et al., *Visualizing the Loss Landscape of Neural Nets* (2018), section 4, figures 1 and 4 to 6 · H. Noh, S. Hong, B. Han, *Learning Deconvolution Network for Semantic Segmentation* (2015), section 3 · O. Ronneberger, P. Fischer, T. Brox, *U-Net* (2015), sections 2 and 3 · G. Huang et al., *Densely Connected Convolutional Networks* (2017), section 3 · X. Ding et al., *RepVGG* (2021), section 3.3 · M. Sandler et al., *MobileNetV2* (2018), table 2 · digits and photographs: scikit-learn.
