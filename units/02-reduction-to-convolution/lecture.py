# %% title [markdown]
# # 2 · Reduction to convolution
#
# Batch norm, pooling, skip connections: a network has many layers that nobody calls convolutions. Which of them *are*
# convolutions, and as which kernel?
#
# **You will be able to** say of a layer whether it is a convolution, and as which kernel; compose two convolutions into one; fold batch norm out of a
# trained network without changing a prediction; and name the places where all this fails.
#
# **You need** convolution as a formula (kernel, bias, maps, groups) and the mean and variance of a sample.
#
# **Time** 75 minutes. **Exercises**: `make start UNIT=02-reduction-to-convolution` makes your own copy in `my/`;
# the originals: [exercises](../exercises/02-reduction-to-convolution/02-reduction-to-convolution.ipynb), [the proof](../exercises/02-reduction-to-convolution/proof.ipynb).

# %% setup
import math
import time

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits, load_sample_image

from nonconv import figures, layers, reduction, verdicts
from nonconv.figures import SIZES, show, use_style

use_style()
torch.manual_seed(0)
torch.set_num_threads(1)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% opening [markdown]
# ## {number} · Three layers gone
#
# Here is a network for scikit-learn's 1797 handwritten digits (8×8 pixels): three convolutions, each with a batch norm and a ReLU behind it, and one fully connected layer. It is trained for a few seconds.

# %% opening-data
digits = load_digits()
images = torch.from_numpy(digits.images).float()[:, None].to(device) / 16  # (1797, 1, 8, 8)
labels = torch.from_numpy(digits.target).to(device)
order = torch.randperm(len(labels))
train, test = order[:1400].to(device), order[1400:].to(device)


def block(M, K, stride=1):
    return [layers.Conv2d(M, K, 3, stride=stride, padding=1), layers.BatchNorm2d(K), torch.nn.ReLU()]


model = torch.nn.Sequential(
    *block(1, 16),
    *block(16, 32, stride=2),
    *block(32, 32, stride=2),
    torch.nn.Flatten(),
    torch.nn.Linear(32 * 4, 10),
).to(device)

# %% opening-train
optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for _ in range(8):
    for chosen in train[torch.randperm(len(train), device=device)].split(100):
        loss = torch.nn.functional.cross_entropy(model(images[chosen]), labels[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
model.eval()
accuracy = (model(images[test]).argmax(1) == labels[test]).float().mean().item()
assert accuracy > 0.95
print("more than 95 % of the digits it has not seen are right:", accuracy > 0.95)

# %% opening-reduce [markdown]
# Now the network is handed to `reduction.reduce`, a program that writes as a convolution whatever is one. It is given nothing but the network and an image.

# %% opening-reduce-run
reduced = reduction.reduce(model, images[:1])
with torch.no_grad():
    same = model(images).argmax(1) == reduced.model(images).argmax(1)
print("layers before:", len(reduced.report.before) - 2, "  after:", len(reduced.report.after) - 2)
print("equal labels:", int(same.sum()), "of", len(labels))
assert same.all()

# %% opening-picture
figures.network_graphs(reduced.report.before, reduced.report.after).show()

# %% opening-notice [markdown]
# Three layers of eleven are gone: all batch norms. Every one of the 1797 labels is the same. The network has not been trained again, and nothing was approximated.
#
# How can a layer disappear? What did it do, if it can be left out? And which other layers can go? That is this lecture. At its end the three layers are taken out by hand (section {section:network}).

# %% letters [markdown]
# ## The letters
#
# A convolution takes maps $X^m_{ij}$ to maps $Y^k_{ij}$ with a kernel $F^{mk}_{uv}$ and a bias $b^k$:
# $$Y^k_{ij} = \sum_{m=1}^{M}\sum_{u=1}^{p}\sum_{v=1}^{q} X^m_{i+u-1,\,j+v-1}\,F^{mk}_{uv} + b^k .$$
# $m$ counts the $M$ input maps, $k$ the $K$ output maps, $i$ rows, $j$ columns. Formulas count from 1, code from 0:
# $F^{mk}_{uv}$ is `F[k-1, m-1, u-1, v-1]`. With a bias the map is *affine*; the word "linear" is kept for $b = 0$.
#
# By hand, for the $F$ and $X$ of the next cell: $Y_{11} = 0\cdot1 + 1\cdot2 + 1\cdot3 - 1\cdot4 = 1$.

# %% letters-check
F = torch.tensor([[[[0.0, 1.0], [1.0, -1.0]]]])
X = torch.tensor([[[[1.0, 2.0, 3.0], [3.0, 4.0, 5.0], [1.0, 0.0, 2.0]]]])
Y = layers.conv2d(X, F)
assert torch.equal(Y, layers.conv2d_by_definition(X, F))  # exact: whole numbers
Y[0, 0]

# %% training [markdown]
# ## {number} · Batch norm in training
#
# In **training**, each map $k$ is normalised by the mean and the variance of *this batch*, over its $N$ images and all positions:
# $$\mu^k = \frac1n \sum Y^k, \qquad \sigma^{2k} = \frac1n \sum \left(Y^k - \mu^k\right)^2, \qquad n = N H W.$$
# ($\sigma^{2k}$ is the variance of map $k$: the 2 is a power, the $k$ counts the maps.)
# Then it is scaled and shifted by two learned numbers, $\gamma^k$ and $\beta^k$:
# $$Z^k = \gamma^k\,\frac{Y^k - \mu^k}{\sqrt{\sigma^{2k} + \varepsilon}} + \beta^k .$$
# By hand, for four numbers 1, 3, 5, 7 and $\gamma = 2$, $\beta = 10$, $\varepsilon = 0$: $\mu = 4$, $\sigma^2 = (9 + 1 + 1 + 9)/4 = 5$, so the first becomes $2\,(1 - 4)/\sqrt5 + 10 = 10 - 6/\sqrt5$.
# The mean of each map of $Z$ is $\beta^k$. Its standard deviation, from here on just *deviation*, is $|\gamma^k|$, if $\varepsilon$ is small beside the variance.

# %% training-check
four = torch.tensor([1.0, 3, 5, 7]).double().reshape(4, 1, 1, 1)
two, ten = torch.tensor([2.0]).double(), torch.tensor([10.0]).double()
normed = layers.batch_norm(four, weight=two, bias=ten, training=True, eps=1e-12)
assert abs(normed[0].item() - (10 - 6 / math.sqrt(5))) < 1e-9

Y = torch.randn(16, 3, 8, 8, dtype=torch.float64) * torch.tensor([1.0, 3.0, 0.5]).reshape(1, 3, 1, 1) + 2
gamma, beta, eps = torch.tensor([1.5, -0.5, 2.0]).double(), torch.tensor([0.0, 1.0, -1.0]).double(), 1e-5
Z = layers.batch_norm(Y, weight=gamma, bias=beta, training=True, eps=eps)
mean, deviation = Z.mean((0, 2, 3)), Z.std((0, 2, 3), correction=0)
assert torch.allclose(mean, beta, atol=1e-12)
assert torch.allclose(deviation, gamma.abs(), atol=1e-3)
print("mean of each map     ", [f"{value:.3f}" for value in mean], "  beta ", beta.tolist())
print("deviation of each map", [f"{value:.3f}" for value in deviation], "  gamma", gamma.tolist())

# %% training-depends [markdown]
# So the output for one image depends on the other images of its batch. The slopes show it: how fast does the *first* image's output change with each number of the batch? In a convolution, all slopes by the *other* images would be 0.

# %% training-depends-check
batch = Y.clone().requires_grad_()
output = layers.batch_norm(batch, weight=gamma, bias=beta, training=True, eps=eps)[0, 0, 0, 0]
(slopes,) = torch.autograd.grad(output, batch)
largest = slopes.abs().amax((1, 2, 3))  # one for each image
assert largest[1:].min() > 1e-4
print("largest slope by a number of image 1:", f"{largest[0]:.4f}")
print("and of the other images:            ", ", ".join(f"{slope:.4f}" for slope in largest[1:]))

# %% purpose [markdown]
# ## {number} · What batch norm is for
#
# Before we take it out: why is it put in? A deep network trains only if the weights at the start have the right size (unit {unit:sigmoid-versus-relu} says which). Batch norm takes care of that by itself. Multiply the weights before it by any $c > 0$ (without a bias; batch norm takes one away anyway), and the mean and the deviation of $Y$ are multiplied by $c$, too. So the output stays (up to $\varepsilon$):
# $$\frac{cY^k - c\mu^k}{\sqrt{c^2\sigma^{2k}}} = \frac{Y^k - \mu^k}{\sqrt{\sigma^{2k}}} .$$


# %% purpose-scale
def normalised(y):
    return layers.batch_norm(y, training=True, eps=1e-12)


for c in (0.01, 100.0):
    assert torch.allclose(normalised(c * Y), normalised(Y), atol=1e-6)

# %% purpose-experiment [markdown]
# Does that help? Take a network of six layers of 64 units, without a bias, and train it on the digits. Its weights have the deviation $c\sqrt{2/64}$: $c = 1$ is a good choice (He et al. 2015), the others are too small or too large. It is trained with batch norm ($\gamma = 1$, $\beta = 0$) and without, for 60 steps at rate 0.1, from five seeds. All these networks are trained at once: `torch.bmm` multiplies each of them by its own matrix.

# %% purpose-train
scales, seeds = (0.25, 0.5, 1.0, 2.0, 4.0), range(5)
points = (images - images.mean()).flatten(1).cpu()  # (1797, 64)


def scores(x, weights, normed):
    """x: (N, 64) -> (networks, N, 10)."""
    x = x.expand(len(weights[0]), -1, -1)
    for W in weights[:-1]:
        x = torch.bmm(x, W)
        if normed:
            x = (x - x.mean(1, keepdim=True)) / torch.sqrt(x.var(1, keepdim=True, correction=0) + 1e-5)
        x = x.relu()
    return torch.bmm(x, weights[-1])[..., :10]


def starting_weights():
    draws = [torch.randn(6, 64, 64, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    each = torch.stack([c * math.sqrt(2 / 64) * draw for c in scales for draw in draws])
    return [W.clone().requires_grad_() for W in each.unbind(1)]


# %% purpose-run
errors = {}
for name, normed in (("without batch norm", False), ("with batch norm", True)):
    weights, generator = starting_weights(), torch.Generator().manual_seed(0)
    for _ in range(60):
        chosen = torch.randint(len(points), (100,), generator=generator)
        target = labels.cpu()[chosen].repeat(len(scales) * len(seeds))
        guesses = scores(points[chosen], weights, normed).flatten(0, 1)
        loss = torch.nn.functional.cross_entropy(guesses, target, reduction="sum") / 100
        for W, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            W.data -= 0.1 * slope
    with torch.no_grad():
        wrong = scores(points, weights, normed).argmax(2) != labels.cpu()
    errors[name] = wrong.float().mean(1).view(len(scales), len(seeds))

# %% purpose-picture
figure = figures.spread(
    scales, errors, xlabel="scale c of the weights at the start", ylabel="error", log="x", ylim=(0, 1)
)
show(
    figure,
    alt="Error after 60 steps against the scale of the initial weights, medians and spread of five seeds. Without batch norm it is"
    " low at c = 1 only, and nine in ten at c = 1/4 and at 4. With batch norm it is low everywhere, and highest at c = 4.",
)
assert errors["without batch norm"][[0, 4]].min() > 0.5
assert errors["with batch norm"].max() < 0.4

# %% purpose-notice [markdown]
# With batch norm all five scales learn, with every seed. Without it, $c = 1$ learns, $c = 2$ with some of the seeds, and the three others hardly. (With batch norm, too, a large $c$ is slower: the output does not feel $c$, but a step of one size turns large weights by less.) So batch norm is a help for *training*. (Why it also allows larger rates, and helps where the scale is right already, is debated: Ioffe and Szegedy name the "internal covariate shift"; Santurkar et al. (2018) find that the loss becomes smoother.) Once training is over, this help is no longer needed, and it can go.

# %% running [markdown]
# **In use**, that is in evaluation mode (`model.eval()`), there may be no batch at all. Training therefore leaves running averages behind, with momentum $\alpha$:
# $$\mu_{avg} \leftarrow (1-\alpha)\,\mu_{avg} + \alpha\,\mu, \qquad \sigma^2_{avg} \leftarrow (1-\alpha)\,\sigma^2_{avg} + \alpha\,\tfrac{n}{n-1}\,\sigma^2 .$$
# The factor $n/(n-1)$ makes the variance unbiased. The original paper has it, and so has PyTorch; not every framework does.

# %% running-check
ours, theirs = layers.BatchNorm2d(3).double(), torch.nn.BatchNorm2d(3).double()
for _ in range(3):
    batch = torch.randn(4, 3, 5, 5, dtype=torch.float64) * 2 + 1
    ours(batch), theirs(batch)
assert torch.allclose(ours.running_mean, theirs.running_mean, atol=1e-12)
assert torch.allclose(ours.running_var, theirs.running_var, atol=1e-12)

# %% use [markdown]
# ## {number} · In use, batch norm is affine
#
# From here on the layer is in use, and $\mu^k, \sigma^{2k}$ stand for the running averages. They are constants, so one image is enough and the batch index is dropped:
# $$Z^k_{ij} = \gamma^k\,\frac{Y^k_{ij} - \mu^k}{\sqrt{\sigma^{2k} + \varepsilon}} + \beta^k .$$
# Multiply out, and only two numbers per map are left:
# $$Z^k_{ij} = G^k\,Y^k_{ij} + g^k, \qquad G^k = \frac{\gamma^k}{\sqrt{\sigma^{2k}+\varepsilon}}, \qquad g^k = \beta^k - \frac{\gamma^k\mu^k}{\sqrt{\sigma^{2k}+\varepsilon}} .$$

# %% use-check
mu, var = Y.mean((0, 2, 3)), Y.var((0, 2, 3))  # as if they were the running averages
G, g = reduction.affine_form(gamma, beta, mu, var, eps)
Z = layers.batch_norm(Y, mu, var, gamma, beta, eps=eps)
assert torch.allclose(Z, G[:, None, None] * Y + g[:, None, None], atol=1e-12)
print("G", [f"{value:.4f}" for value in G], "  g", [f"{value:.4f}" for value in g])

# %% use-picture
changed = Y.clone()
changed[1] += 10  # another batch: its second image is brighter
figure, axes = plt.subplots(1, 2, figsize=SIZES["wide"], sharey=True)
Z_train = layers.batch_norm(changed, weight=gamma, bias=beta, training=True, eps=eps)
for axis, output, source, title in (
    (axes[0], Z, Y, "in use: the same line whatever the batch"),
    (axes[1], Z_train, changed, "in training: another batch, another line"),
):
    for k in range(3):
        axis.plot(source[0, k].flatten(), output[0, k].flatten(), ".", markersize=3, label=f"map {k + 1}")
        axis.axline((0, g[k].item()), slope=G[k].item(), color=f"C{k}", linewidth=0.8, alpha=0.6)
    axis.set(title=title, xlabel="$Y$", ylabel="$Z$", xlim=(-6, 10))
axes[0].legend(frameon=False)
show(
    figure,
    alt="Two scatter plots of the output Z against the input Y for three maps. In use, the points of each map lie on the"
    " straight line G Y + g. In training, after one other image of the batch has changed, they lie on other lines.",
)

# %% use-notice [markdown]
# Each map has one line, and in use it is always the same line. (The thin lines on the right are those of the left. The points have left them: far in the maps whose numbers lie close together, hardly in the one whose spread is large.) That is all that batch norm does once training is over.

# %% depthwise [markdown]
# ## {number} · An affine map for each pixel is a depthwise 1×1 convolution
#
# $Z^k_{ij}$ depends on one pixel of one map. A convolution with $p = q = 1$ sees one pixel; a *depthwise* one (as many groups as maps) sees one map.
# So batch norm in use is the depthwise convolution with kernel $G^k$ and bias $g^k$.

# %% depthwise-check
kernel, bias = reduction.depthwise_1x1(G, g)
as_convolution = layers.conv2d(Y, kernel, bias, groups=3)
assert torch.allclose(as_convolution, Z, atol=1e-12)
print("kernel", tuple(kernel.shape), "bias", tuple(bias.shape))

# %% depthwise-full [markdown]
# Written without groups it is the 1×1 kernel with $G$ on the diagonal, $G^{kl} = \delta^{kl} G^k$, where $\delta^{kl}$ is 1 for $k = l$ and 0 otherwise: no map looks at another.

# %% depthwise-full-check
diagonal = torch.diag(G)[:, :, None, None]  # (K, K, 1, 1)
assert torch.allclose(layers.conv2d(Y, diagonal, g), Z, atol=1e-12)

# %% compose [markdown]
# ## {number} · A composition of convolutions is a convolution
#
# Let two convolutions follow each other, with stride 1 and without border: $X^m \xrightarrow{F^{mk},\ b^k} Y^k \xrightarrow{G^{kl},\ g^l} Z^l$. In one dimension $F$ has the length $p$ and $G$ the length $r$; $u$ counts in $F$, $w$ in $G$:
# $$Z^l_i = \sum_k\sum_w \Bigl(\sum_m\sum_u X^m_{i+u+w-2}\,F^{mk}_u + b^k\Bigr)\,G^{kl}_w + g^l .$$
# Multiply out and collect what meets the same $X^m_{i+t-1}$, that is $u + w - 1 = t$:
# $$Z^l_i = \sum_m\sum_{t=1}^{p+r-1} X^m_{i+t-1}\,O^{ml}_t + o^l, \qquad
# O^{ml}_t = \sum_k \sum_{u+w-1=t} F^{mk}_u\,G^{kl}_w, \qquad o^l = \sum_k\sum_w b^k\,G^{kl}_w + g^l .$$
#
# **Theorem.** A composition of convolutions is a convolution: kernel $O$, bias $o$, size $p + r - 1$.

# %% proof [markdown]
# ### A proof, line by line
#
# Trying it on some tensors proves nothing: the theorem is about *all* sizes. What would a proof look like? A chain of equalities, each with its reason, as on paper. There is a small checker that reads such chains. It knows the rules for + and · that hold for all numbers, finite sums, and when two index sets correspond one to one. To *prove* a line it runs no numbers; to refute one it looks for some.
#
# Here is a whole chain for a smaller statement: a convolution and then batch norm in use, $Z^k = G^k Y^k + g^k$, is one convolution. First the new kernel $O$ and bias $o$ are named (`witness`). Then each line says what it uses. The chain begins with $Z$, what the two layers give, and ends with $W$, what the convolution with $O$ and $o$ gives. `S[m:M, u:p](…)` is the sum over $m = 1..M$ and $u = 1..p$.

# %% proof-method
from nonconv.proofs import S, theorem

P = theorem("conv-batch-norm")
X, F, G, b, g, Y, Z, O, o, W, i, u, k, m, K, M, p = P.symbols()
P.witness(O[m, k, u], G[k] * F[m, k, u])
P.witness(o[k], G[k] * b[k] + g[k])
P.calc(
    Z[k, i],
    (G[k] * Y[k, i] + g[k], "definition Z"),
    (G[k] * (S[m:M, u:p](X[m, i + u - 1] * F[m, k, u]) + b[k]) + g[k], "definition Y"),
    (S[m:M, u:p](X[m, i + u - 1] * F[m, k, u] * G[k]) + G[k] * b[k] + g[k], "multiply out"),
    (S[m:M, u:p](X[m, i + u - 1] * F[m, k, u] * G[k]) + o[k], "definition o"),
    (S[m:M, u:p](X[m, i + u - 1] * O[m, k, u]) + o[k], "definition O"),
    (W[k, i], "definition W"),
)
assert P.report().proved
P.show()

# %% proof-method-notice [markdown]
# "Proved" holds for all $M$, $K$, $p$ and all numbers, and in 1, 2 and 3 dimensions: $i$ and $u$ stand for one, two or three indices. Note line 3: $G^k$ multiplies the bias, too.
#
# ### The composition, and a tempting wrong line
#
# The theorem above begins in the same way: put in the definitions. Then comes a step that is easy to get wrong. Multiply out, and let the bias pass through as it is:

# %% proof-tempting-line
P = theorem("conv-conv")
X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
P.calc(
    Z[l, i],
    (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "definition Z"),
    (
        S[k:K, w:r]((S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l],
        "definition Y",
    ),
    (
        S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + S[k:K](b[k]) + g[l],
        "multiply out",
    ),
)
shown = P.show()
assert not P.report().proved
shown

# %% proof-notice [markdown]
# The checker answers with the smallest example in which the two lines differ: one map, kernels of length 1 on $n = 1$ number. Then the line says $b$ where $G\,b$ should stand. It is the slides' slip of section {section:merge}. (And it says that $O$ has no definition yet: no witness was named.)
#
# **What is left is yours.** Mend this line, name $O$ and $o$, then find the one line with an idea. All the rest is the distributive law and the order of finite sums. In the notebook [the proof](../exercises/02-reduction-to-convolution/proof.ipynb) you write the chain, and the same checker reads it.

# %% compose-polynomials [markdown]
# The sum over $u + w - 1 = t$ is how polynomials are multiplied: $(1 + 2x)(4 + 5x) = 4 + 13x + 10x^2$.

# %% compose-polynomials-check
F1, G1 = torch.tensor([1.0, 2.0]).reshape(1, 1, 1, 2), torch.tensor([4.0, 5.0]).reshape(1, 1, 1, 2)
reduction.compose(F1, None, G1, None).weight.reshape(-1).tolist()

# %% compose-check [markdown]
# Here are both sides for 2 → 3 → 4 maps, with whole numbers, so that nothing is rounded: equal means equal.


# %% compose-exact
def whole(*shape):
    return torch.randint(-4, 5, shape).double()


X, F, b, G, g = whole(2, 2, 12, 12), whole(3, 2, 3, 2), whole(3), whole(4, 3, 2, 4), whole(4)
one = reduction.compose(F, b, G, g)
two_layers = layers.conv2d(layers.conv2d(X, F, b), G, g)
assert torch.equal(two_layers, layers.conv2d(X, *one))  # exact: whole numbers
print("kernels", tuple(F.shape[2:]), "and", tuple(G.shape[2:]), "compose to", tuple(one.weight.shape[2:]))

# %% compose-flip [markdown]
# $F_u G_{t-u+1}$: one index runs forwards, the other backwards. This is the true convolution of signal processing, with the flip that the layer itself does not have.

# %% compose-picture
image = torch.from_numpy(load_sample_image("flower.jpg").copy()).double().mean(2)[None, None, ::2, ::2] / 255
box = torch.full((1, 1, 5, 5), 1 / 25, dtype=torch.float64)
sobel = torch.tensor([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]).double()[None, None]
both = reduction.compose(box, None, sobel, None)
blurred = layers.conv2d(image, box)
twice, once = layers.conv2d(blurred, sobel), layers.conv2d(image, *both)
assert torch.allclose(twice, once, atol=1e-12)
figure = figures.pictures(
    [image, blurred, twice, once],
    ["photograph", "mean 5×5", "then Sobel 3×3", "one convolution 7×7"],
    height=1.9,
)
show(
    figure,
    alt="A photograph of a flower, the same blurred, then with its vertical edges found, and once more by a single 7×7"
    " convolution: the last two are the same.",
)

# %% compose-kernels
figure = figures.numbered_kernels(
    [25 * box[0, 0], sobel[0, 0], 25 * both.weight[0, 0]], ["25 × mean", "Sobel", "25 × both in one"]
)
show(
    figure,
    alt="The three kernels with their numbers: 25 times the 5×5 mean is 1 everywhere, Sobel has columns 1 2 1, zeros and"
    " −1 −2 −1, and 25 times the 7×7 kernel of both is positive on the left, negative on the right, zero in the middle.",
)

# %% composer [markdown]
# ### Try it: compose two kernels
#
# Change any number of $F$ or $G$, and watch $O$. Click a number of $O$: the framed numbers of $F$ and $G$ are multiplied in pairs, the first of $F$ with the last of $G$. That is the flip. (By keyboard: Tab, then the arrow keys.) Then switch the border on: what happens there is section {section:fails}.

# %% composer-figure tags=["nbval-ignore-output"]
figures.kernel_composer(border="none").show()

# %% compose-strides [markdown]
# **With strides** $s_1, s_2$ the second kernel takes steps of $s_1$ on the input. So it is dilated by $s_1$, and the strides multiply:
# $$O_t = \sum_{(u-1) + s_1 (w-1) = t-1} F_u\, G_w, \qquad \text{size } p + s_1(r-1), \qquad \text{stride } s_1 s_2 .$$
# With groups, the composition of $g_1$ and $g_2$ groups has $\gcd(g_1, g_2)$ groups. A border before the *first* layer stays as it is.

# %% compose-strides-check
X, F, G = whole(1, 12, 20, 20), whole(12, 3, 3, 3), whole(24, 2, 2, 3)
# each pair: (first layer, second layer)
one = reduction.compose(F, None, G, None, stride=(2, 3), groups=(4, 6), padding=(1, 0))
two_layers = layers.conv2d(layers.conv2d(X, F, stride=2, padding=1, groups=4), G, stride=3, groups=6)
assert torch.equal(two_layers, layers.conv2d(X, *one))  # exact: whole numbers
print("size", tuple(one.weight.shape[2:]), " stride", one.stride, " groups", one.groups)

# %% matrix [markdown]
# **As matrices.** A convolution without bias is linear, so it is a matrix $A$, in which every row holds the kernel, shifted. A composition is the product of the matrices.

# %% matrix-picture
F1 = torch.tensor([3.0, -2.0, 4.0]).double().reshape(1, 1, 1, 3)
G1 = torch.tensor([3.0, 2.0]).double().reshape(1, 1, 1, 2)
A_F = layers.convolution_matrix(F1, (1, 12))
A_G = layers.convolution_matrix(G1, (1, 10))
figure, axes = plt.subplots(1, 3, figsize=SIZES["wide"], width_ratios=[10, 12, 12])
for axis, matrix, title in zip(
    axes, (A_G, A_F, A_G @ A_F), ("$A_G$", "$A_F$", "$A_G A_F$: again one kernel, shifted"), strict=True
):
    axis.imshow(matrix, cmap="RdBu", vmin=-12, vmax=12)
    axis.set(title=title, xticks=[], yticks=[])
show(
    figure,
    alt="Three matrices as coloured squares. Each has one band along its diagonal, in which every row repeats the one"
    " above, shifted by one: two numbers wide for G, three for F, four for their product, one of the four being zero.",
)
rows = (A_G @ A_F).unfold(1, 4, 1).diagonal(dim1=0, dim2=1).T  # row i, columns i to i + 3
assert (rows == rows[0]).all()

# %% merge [markdown]
# ## {number} · Convolution, then batch norm: one convolution
#
# Usually a convolution comes first:
# $$X^m_{ij} \xrightarrow{\;F^{mk}_{uv},\ b^k\;} Y^k_{ij} \xrightarrow{\;G^k,\ g^k\;} Z^k_{ij}.$$
# Put the first into the second:
# $$Z^k_{ij} = G^k\Bigl(\sum_{m}\sum_{u,v} X^m_{i+u-1,\,j+v-1}\,F^{mk}_{uv} + b^k\Bigr) + g^k
# = \sum_{m}\sum_{u,v} X^m_{i+u-1,\,j+v-1}\,\underbrace{G^k F^{mk}_{uv}}_{O^{mk}_{uv}} + \underbrace{G^k b^k + g^k}_{o^k}.$$
# The right side is a convolution with kernel $O$ and bias $o$:
# $$O^{mk}_{uv} = G^k F^{mk}_{uv}, \qquad o^k = G^k b^k + g^k = \beta^k + \gamma^k\,\frac{b^k - \mu^k}{\sqrt{\sigma^{2k}+\varepsilon}} .$$

# %% merge-check
G, g = reduction.affine_form(gamma, beta, mu, var, eps)
M, K, p, q = 2, 3, 3, 3
X = torch.randn(1, M, 9, 9, dtype=torch.float64)
F, b = torch.randn(K, M, p, q, dtype=torch.float64), torch.tensor([1.0, -2.0, 0.5]).double()
O, o = reduction.merge(F, b, G, g)

two_layers = layers.batch_norm(layers.conv2d(X, F, b), mu, var, gamma, beta, eps=eps)
one_layer = layers.conv2d(X, O, o)
assert torch.allclose(two_layers, one_layer, atol=1e-12)
assert torch.allclose(o, beta + gamma * (b - mu) / torch.sqrt(var + eps), atol=1e-12)

# %% merge-theorem [markdown]
# **The theorem gives the same.** Batch norm is the 1×1 kernel $G^{kl} = \delta^{kl} G^k$ with bias $g$. Composed with $(F, b)$: $O^{mk} = G^k F^{mk}$ and $o^k = \sum_l b^l\,\delta^{lk} G^k + g^k = G^k b^k + g^k$.

# %% merge-theorem-check
one = reduction.compose(F, b, torch.diag(G)[:, :, None, None], g)
assert torch.allclose(one.weight, O, atol=1e-12)
assert torch.allclose(one.bias, o, atol=1e-12)

# %% merge-padding [markdown]
# A border of zeros before the convolution changes nothing: batch norm comes *after* it and treats each output alike.

# %% merge-padding-check
for padding in ("valid", "same", 2):
    two_layers = layers.batch_norm(layers.conv2d(X, F, b, padding=padding), mu, var, gamma, beta, eps=eps)
    assert torch.allclose(two_layers, layers.conv2d(X, O, o, padding=padding), atol=1e-12)

# %% slides [markdown]
# ### The slides' bias is wrong
#
# The seminar's slides give the merged bias as $b^k + \beta^k - \gamma^k\mu^k/\sqrt{\sigma^{2k}+\varepsilon}$, that is $b^k + g^k$. They forget that $b$ goes through batch norm too; the theorem does not.
# The error is exactly
# $$(b^k + g^k) - (G^k b^k + g^k) = (1 - G^k)\,b^k .$$

# %% slides-check
O_slides, o_slides = reduction.merge_as_on_the_slides(F, b, gamma, beta, mu, var, eps)
two_layers = layers.batch_norm(layers.conv2d(X, F, b), mu, var, gamma, beta, eps=eps)
errors = layers.conv2d(X, O_slides, o_slides) - two_layers
assert torch.allclose(O_slides, O, atol=1e-12)
assert torch.allclose(errors, ((1 - G) * b)[:, None, None].expand_as(errors), atol=1e-12)
print("error of the slides, by map", [f"{value:.4f}" for value in errors.mean((0, 2, 3))])
print("(1 - G) b                  ", [f"{value:.4f}" for value in (1 - G) * b])

# %% slides-where [markdown]
# It vanishes only where $b^k = 0$ or $G^k = 1$. A fresh batch norm has $G^k \approx 0.999995$: there the wrong formula passes any test with a tolerance of $10^{-5}$, as long as $|b^k| < 2$.

# %% slides-where-check
zero_bias = torch.zeros_like(b)
for bias, gamma_ in ((zero_bias, gamma), (b, torch.sqrt(var + eps))):  # b = 0, then G = 1
    G_, g_ = reduction.affine_form(gamma_, beta, mu, var, eps)
    right = reduction.merge(F, bias, G_, g_)[1]
    slides = reduction.merge_as_on_the_slides(F, bias, gamma_, beta, mu, var, eps)[1]
    assert torch.allclose(right, slides, atol=1e-12)
fresh = reduction.affine_form(*(torch.full((1,), n).double() for n in (1.0, 0.0, 0.0, 1.0)), 1e-5)[0].item()
assert round(fresh, 6) == 0.999995  # exact: rounded
assert 2 * (1 - fresh) < 1e-5

# %% slides-picture
photo = torch.from_numpy(load_sample_image("china.jpg").copy()).permute(2, 0, 1)[None].double() / 255
blur, b_photo = torch.full((1, 3, 5, 5), 1 / 75, dtype=torch.float64), torch.tensor([0.4]).double()
numbers = torch.tensor([[0.5], [0.3], [0.6], [0.09]]).double()  # γ, β, μ, σ²
gamma_1, beta_1, mu_1, var_1 = numbers
layer = layers.batch_norm(layers.conv2d(photo, blur, b_photo), mu_1, var_1, gamma_1, beta_1)
G_1, g_1 = reduction.affine_form(gamma_1, beta_1, mu_1, var_1, 1e-5)
right = layers.conv2d(photo, *reduction.merge(blur, b_photo, G_1, g_1))
slides = layers.conv2d(
    photo, *reduction.merge_as_on_the_slides(blur, b_photo, gamma_1, beta_1, mu_1, var_1, 1e-5)
)
assert (right - layer).abs().max() < 1e-12
titles = ["convolution, batch norm", "merged: $o = G b + g$", "the slides: $b + g$"]
show(
    figures.pictures([layer, right, slides], titles, limits=(-0.5, 1.5), height=2.2),
    alt="A photograph of a Chinese temple, blurred and normalised, three times: by the two layers, by the right merged"
    " convolution, which looks the same, and by the slides' formula, which is evenly darker.",
)

# %% pooling [markdown]
# ## {number} · Is pooling a convolution?
#
# **Max pooling is not.** A convolution has the same slopes at every input: the numbers of its kernel, whatever its bias. In a window with the numbers 1 and 2 the maximum follows the second number, and only that one: its slopes are $(0, 1)$. With 2 and 1 they are $(1, 0)$. So no kernel can be read off, with a bias or without.

# %% pooling-max-check
slopes = []
for numbers in ([1.0, 2.0], [2.0, 1.0]):
    x = torch.tensor([[[numbers]]], requires_grad=True)  # a window of 1×2
    (slope,) = torch.autograd.grad(layers.max_pool2d(x, (1, 2)).sum(), x)
    slopes.append(slope.flatten().tolist())
    print("window", numbers, "  slopes of its maximum", slopes[-1])
assert slopes == [[0.0, 1.0], [1.0, 0.0]]  # exact: zeros and ones

# %% pooling-average [markdown]
# **Average pooling is:** depthwise, with $1/(pq)$ everywhere and the pooling's stride. **Global average pooling** is the same with a kernel of the input's own size $H \times W$, so there is another kernel for each size. It has no bias and no padding.

# %% pooling-average-check
X = torch.randn(2, 5, 8, 6, dtype=torch.float64)
average = reduction.average_pooling(5, (2, 3), dtype=torch.float64)
assert torch.allclose(layers.avg_pool2d(X, (2, 3)), layers.conv2d(X, *average), atol=1e-12)
everything = reduction.global_average_pooling(5, 8, 6, dtype=torch.float64)
assert torch.allclose(X.mean((2, 3), keepdim=True), layers.conv2d(X, *everything), atol=1e-12)

# %% filters [markdown]
# **The classical filters**, taken apart. Blur is a 2×2 mean after a 2×2 mean. Sobel is a row after a column. Outline is nine times (the identity minus the 3×3 mean): two parallel branches, which add up to one kernel.

# %% filters-check
mean2, mean3 = (torch.full((1, 1, n, n), 1 / n**2, dtype=torch.float64) for n in (2, 3))
blur = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]).double()[None, None] / 16
assert torch.equal(reduction.compose(mean2, None, mean2, None).weight, blur)  # exact: sixteenths

column, row = (
    torch.tensor([1.0, 2, 1]).double().reshape(1, 1, 3, 1),
    torch.tensor([1.0, 0, -1]).double().reshape(1, 1, 1, 3),
)
assert torch.equal(reduction.compose(column, None, row, None).weight, sobel)  # exact: whole numbers

outline = torch.tensor([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]).double()[None, None]
identity = reduction.identity(1, dtype=torch.float64)
branches, _ = reduction.add_branches((9 * identity, None), (-9 * mean3, None))
assert torch.allclose(branches, outline, atol=1e-15)

# %% branches [markdown]
# **Parallel branches in general.** Convolutions of the same input that are added are one convolution: bring the kernels to one size, with zeros around them, and add. A skip connection is a branch too, with the identity as its kernel. A block that is trained with three branches (3×3, 1×1, identity) and used as one 3×3 convolution is the idea of RepVGG.

# %% branches-check
X, wide, narrow = whole(1, 4, 9, 9), whole(4, 4, 3, 3), whole(4, 4, 1, 1)
b_wide, b_narrow = whole(4), whole(4)
three = layers.conv2d(X, wide, b_wide, padding="same") + layers.conv2d(X, narrow, b_narrow) + X
O, o = reduction.add_branches(
    (wide, b_wide), (narrow, b_narrow), (reduction.identity(4, dtype=torch.float64), None)
)
assert torch.equal(three, layers.conv2d(X, O, o, padding="same"))  # exact: whole numbers

# %% full-size [markdown]
# **Fully connected layers** see everything at once: a convolution whose kernel has the input's own size. LeNet-5's third convolutional layer, C5, can be read either way.

# %% full-size-check
X, W_fc = whole(2, 16, 5, 5), whole(120, 16 * 5 * 5)  # exact: whole numbers
assert torch.equal(X.flatten(1) @ W_fc.T, layers.conv2d(X, W_fc.reshape(120, 16, 5, 5)).flatten(1))

# %% fails [markdown]
# ## {number} · Where composing fails
#
# **A border before the second layer.** One SAME layer is a convolution: the zeros around its *input* are its padding. With a second one, the second layer sees zeros where a single big kernel would see the first layer's own values. Inside nothing happens, at the border the two differ.

# %% fails-picture
F3 = (
    torch.tensor([[0.0, 1, 2], [0, 1, 2], [1, 2, 4]]).double()[None, None] / 13
)  # no mirror changes it into itself
G3 = torch.ones(1, 1, 3, 3).double() / 9
scene = photo.mean(1, keepdim=True)
one = reduction.compose(F3, None, G3, None)
differences = {}
for mode in ("zeros", "reflect", "circular"):
    around = {"padding": "same", "padding_mode": mode}
    twice = layers.conv2d(layers.conv2d(scene, F3, **around), G3, **around)
    differences[mode] = (twice - layers.conv2d(scene, one.weight, **around)).abs()[0, 0]
    assert differences[mode][2:-2, 2:-2].max() < 1e-12
    print(f"{mode:9} inside: equal   at the border: at most {differences[mode].max():.2f}")
assert differences["zeros"].max() > 0.05
assert differences["reflect"].max() > 0.005
assert differences["circular"].max() < 1e-12

# %% fails-corner
figure = figures.pictures(
    [torch.log10(difference[-16:, :28] + 1e-4) for difference in differences.values()],
    [f"border: {mode}" for mode in differences],
    limits=(-4, -1),
    cmap="magma",
    bar="difference, as a power of 10",
)
show(
    figure,
    alt="The difference between two SAME convolutions and the one composed of them, in the lower left corner of a"
    " photograph, on a logarithmic scale. With zeros there is a bright line along both borders, with mirroring a darker one along"
    " both, with a circular border nothing. The inside is dark in all three.",
)

# %% fails-circle [markdown]
# Zeros fail, and so does mirroring. A mirrored border composes only if the first kernel is the same in the mirror: unchanged left to right for the left and right borders, and up to down for the upper and lower ones. Then its output is mirrored as its input was. A circular border composes exactly, because a circle has no border: as long as the first layer returns the whole circle (a padding $P$ with $2P = d(p-1)$ for the dilation $d$, and a stride that divides the size).

# %% fails-symmetric-check
symmetric = reduction.compose(G3, None, G3, None).weight
reflected = {"padding": "same", "padding_mode": "reflect"}
twice = layers.conv2d(layers.conv2d(image, G3, **reflected), G3, **reflected)
assert torch.allclose(twice, layers.conv2d(image, symmetric, **reflected), atol=1e-12)

# %% fails-corners [markdown]
# In a matrix one can see why a border matters. One kernel with zeros around the input means that $A_{ij} = A_{i+1,j+1}$ wherever both exist: its numbers stand along diagonals. A mirrored border breaks that in the corners, where a number is counted twice. Two layers with zeros break it as well: count the ways from an input to an output, and which of them lead over the border (exercise {exercise:exercises/where-composing-fails}).

# %% fails-matrix
ones = torch.ones(1, 1, 1, 3, dtype=torch.float64)
numbers = torch.eye(4, dtype=torch.float64)[:, None, None]  # each of four numbers alone
with_zeros = layers.conv2d(numbers, ones, padding=(0, 1))[:, 0, 0].T
mirrored = layers.conv2d(numbers, ones, padding=(0, 1), padding_mode="reflect")[:, 0, 0].T
for name, A in (("zeros around", with_zeros), ("mirrored", mirrored)):
    along = bool((A[:-1, :-1] == A[1:, 1:]).all())  # exact: whole numbers
    print(f"{name:12}", A.int().tolist(), "  equal along diagonals:", along)
    assert along == (name == "zeros around")

# %% fails-before [markdown]
# **Batch norm *before* a padded convolution.** The border is put around $GX + g$, and it is 0 there, not $g$. Without a border the two compose; with zeros they differ at the border, by what $g$ would have contributed there.

# %% fails-before-check
X, F = torch.randn(1, 3, 8, 8, dtype=torch.float64), torch.randn(2, 3, 3, 3, dtype=torch.float64)
b = torch.zeros(2).double()
G, g = reduction.affine_form(gamma, beta, mu, var, eps)
diagonal = torch.diag(G)[:, :, None, None]
one = reduction.compose(diagonal, g, F, b)
normalised = layers.conv2d(X, diagonal, g)
assert torch.allclose(layers.conv2d(normalised, F, b), layers.conv2d(X, *one), atol=1e-12)
gap = (layers.conv2d(normalised, F, b, padding=1) - layers.conv2d(X, one.weight, one.bias, padding=1)).abs()
assert gap[..., 1:-1, 1:-1].max() < 1e-12
inside = g[:, None, None].expand(3, 8, 8)[None]  # g at each place, once with 0 and once with g around
around = layers.conv2d(torch.nn.functional.pad(inside, [1] * 4, mode="replicate"), F)
assert torch.allclose(gap, (around - layers.conv2d(inside, F, padding=1)).abs(), atol=1e-12)
print(f"VALID: equal.  With a border of zeros: inside equal, at the border off by up to {gap.max():.4f}")
try:
    reduction.compose(diagonal, g, F, b, padding=(0, 1))
except ValueError as refusal:
    print("compose refuses:", str(refusal)[:78], "…")

# %% fails-others [markdown]
# **A non-linearity between**, and **batch norm in training** (section {section:training}). With a ReLU between them, two layers are not even additive:

# %% fails-relu-check
F, G = torch.randn(3, 1, 3, 3, dtype=torch.float64), torch.randn(1, 3, 3, 3, dtype=torch.float64)
x, y = torch.randn(2, 1, 1, 8, 8, dtype=torch.float64)


def block(x):
    return layers.conv2d(layers.conv2d(x, F).relu(), G)


off = (block(x + y) - block(x) - block(y)).abs().max().item()
assert off > 1
print("f(x + y) and f(x) + f(y) differ by more than 1 for two random images:", off > 1)

# %% decide [markdown]
# ## {number} · Which functions are convolutions?
#
# Now the question of the course. Let $f$ be any function from images to images. Three definitions, on images without a border: on the unbounded plane $\mathbb Z^2$, or on a circle, where the image closes at its edges.
#
# - $f$ is **affine**: $f(x) = Ax + c$. That is, $x \mapsto f(x) - f(0)$ is linear.
# - $f$ **commutes with shifts** (is *shift-equivariant*): let $T$ move an image by one place, in any direction. Then $f(Tx) = T f(x)$: if the input moves, the output moves along.
# - $f$ is **local**: each output depends on finitely many inputs, in a window around its place.
#
# **Theorem.** $f$ is a convolution with a bias if and only if it is affine, commutes with shifts and is local. (On a circle every $f$ is local.)

# %% decide-proof [markdown]
# **Proof**, for one map in one dimension; with more maps and dimensions the indices get more, the steps stay.
#
# *A convolution has the three properties*: $Y_i = \sum_u X_{i+u-1}F_u + b$ is affine in $X$, reads $p$ numbers, and with $X_{i-1}$ in the place of $X_i$ it gives $Y_{i-1}$.
#
# *The other way.* Let $e$ be the **impulse**: 1 at place 1, 0 elsewhere.
#
# 1. $f(0)$ is the same number $b$ everywhere: the zero image does not change when it is moved, so $f(0) = f(T0) = Tf(0)$.
# 2. $L(x) = f(x) - f(0)$ is linear, and it commutes with shifts as well: $L(Tx) = f(Tx) - f(0) = Tf(x) - Tf(0) = TL(x)$.
# 3. Every image is a sum of moved impulses: $x = \sum_t x_t\,T^{t-1}e$.
# 4. So $L(x) = \sum_t x_t\,T^{t-1}L(e)$ (on the plane the sum is infinite; but as $f$ is local, only finitely many terms reach a given place): *one* answer, $h = L(e)$, moved to each place. At place $i$ that is $L(x)_i = \sum_t x_t\,h_{i-t+1}$.
# 5. Put $u = t - i + 1$ and $F_u = h_{2-u}$: $f(x)_i = \sum_u x_{i+u-1}F_u + b$. As $f$ is local, only finitely many $F_u$ are not 0; $u$ may begin below 1, which only moves the window, as a padding does. $\square$
#
# So the kernel *is* the answer to an impulse, read backwards. That is also a recipe: ask an unknown layer for $f(0)$ and for $f(e)$, and you know all it can be.


# %% decide-proof-check
def unknown(x):
    """Some function of a circle of numbers. Nobody has told us that it is a convolution."""
    return 3 * x.roll(-1) - (x + x.roll(1)) / 2 + 7


x = torch.tensor([4.0, 0, -2, 6, 1, 2]).double()
e = torch.tensor([1.0, 0, 0, 0, 0, 0]).double()
assert torch.equal(unknown(x.roll(1)), unknown(x).roll(1))  # exact: halves
b_found, h = unknown(0 * x)[0], unknown(e) - unknown(0 * x)
answer = sum(x[t] * h.roll(t) for t in range(6)) + b_found
assert torch.equal(answer, unknown(x))  # exact: halves
print("bias", b_found.item(), "  answer to an impulse", h.tolist())

# %% decide-stride [markdown]
# **With a stride** $s$, "commutes" means: if the input moves by $s$ places, the output moves by one. Then the impulses at $s$ neighbouring places may be answered differently, and the kernel is put together from these $s$ answers. (Exercise {exercise:exercises/decide} looks at such a layer.)
#
# **On a finite input** there is a border, and images cannot be moved freely. There the test is the matrix: does $f(x) - f(0)$ have the pattern that a kernel of the declared size, stride and padding gives? `reduction.as_convolution` asks the function itself. $f(0)$ shows the bias, an impulse in the middle shows the kernel. Then it *replays*: every impulse, random inputs of several sizes, two images at once. A replay that fails proves *no*. Finitely many that pass are strong evidence for *yes*, not a proof.

# %% decide-layers
own_kernels = torch.randn(4, 4, 2, 2, dtype=torch.float64)
F, b = torch.randn(2, 1, 3, 3, dtype=torch.float64), torch.randn(2, dtype=torch.float64)


def locally_connected(x):
    """A 2×2 kernel of its own for each of the 4×4 outputs: sparse as a convolution, but nothing is shared."""
    windows = x.unfold(2, 2, 1).unfold(3, 2, 1)  # (N, 1, 4, 4, 2, 2)
    return torch.einsum("nmijuv,ijuv->nmij", windows, own_kernels)


candidates = {  # name: (function, input shape, kernel, stride, padding)
    "convolution 3×3, SAME": (lambda x: layers.conv2d(x, F, b, padding=1), (1, 5, 5), 3, 1, 1),
    "x + conv(x)": (lambda x: x + layers.conv2d(x, F[:1], padding=1), (1, 5, 5), 3, 1, 1),
    "average pooling 2×2": (lambda x: layers.avg_pool2d(x, 2), (1, 6, 6), 2, 2, 0),
    "max pooling 2×2": (lambda x: layers.max_pool2d(x, 2), (1, 6, 6), 2, 2, 0),
    "locally connected 2×2": (locally_connected, (1, 5, 5), 2, 1, 0),
}
for name, (f, *form) in candidates.items():
    found = reduction.as_convolution(f, *form)
    print(f"{name:22}", "yes, kernel " + str(tuple(found[0].shape)) if found else "no")

# %% decide-notice [markdown]
# Max pooling commutes with shifts and is not affine. The locally connected layer is affine and does not commute with shifts. The other three have both properties. The table at the end of this lecture has a row for each layer so far.

# %% bargain [markdown]
# ## {number} · Is composing worth it?
#
# One layer instead of two sounds faster. Count multiply–adds (MACs) for each pixel: a layer costs $M K p q$ (with groups, $M$ is the maps of one group). With $C$ maps everywhere, two 3×3 layers become one 5×5 layer: $2 \cdot 9\,C^2 = 18\,C^2$ against $25\,C^2$. Composing *costs* here, and pays only where the maps in between are many.

# %% bargain-count
bargains = {  # (maps in, maps out, kernel rows, groups) of the two layers
    "3×3, 3×3\n64→64→64": ((64, 64, 3, 1), (64, 64, 3, 1)),
    "depthwise 3×3,\n1×1, 128 maps": ((128, 128, 3, 128), (128, 128, 1, 1)),
    "1×1, 3×3\n256→64→256": ((256, 64, 1, 1), (64, 256, 3, 1)),
    "3×3, 1×1\n64→256→64": ((64, 256, 3, 1), (256, 64, 1, 1)),
    "conv 3×3,\nbatch norm": ((64, 64, 3, 1), (64, 64, 1, 64)),
}
ratios = {}
for name, (first, second) in bargains.items():
    apart = sum(M // groups * K * p**2 for M, K, p, groups in (first, second))
    together = first[0] * second[1] * (first[2] + second[2] - 1) ** 2
    ratios[name] = together / apart
    print(f"{name.replace(chr(10), ' '):32} {ratios[name]:.3f} times the MACs of the two layers")
assert round(ratios["3×3, 3×3\n64→64→64"], 2) == 1.39
assert ratios["conv 3×3,\nbatch norm"] < 1

# %% bargain-picture
show(
    figures.bars(ratios, ylabel="MACs, one layer : two layers", line=1, log=True),
    alt="Bars for the cost of the composed layer against the two layers. Two 3×3 layers 1.39 times, depthwise then 1×1"
    " 8.4 times, 1×1 then 3×3 through a bottleneck 3.6 times, 3×3 then 1×1 with many maps between 0.23 times, batch"
    " norm just under 1.",
)

# %% bargain-notice [markdown]
# Merging the batch norm behind a convolution never costs anything: it saves hardly any MACs, but a whole pass over memory. Composing convolutions rarely pays: a bottleneck and a depthwise separable convolution are cheap *because* they are not composed.

# %% network [markdown]
# ## {number} · The trained network, folded by hand
#
# Back to the network of section {section:opening}. `reduction.fold(conv, norm)` returns the merged convolution of a convolution and the batch norm behind it: $O = GF$, $o = Gb + g$. In float64 the folded network must agree in all but the last few digits, and every one of the 1797 labels must stay. (The ten outputs, before any softmax, are called *logits*.)

# %% network-fold-check
model = model.double()
folded = torch.nn.Sequential(*model)  # the layers that stay are shared; fold returns new ones
for position, layer in enumerate(model):
    if isinstance(layer, layers.BatchNorm2d):
        folded[position - 1] = reduction.fold(model[position - 1], layer)
        folded[position] = torch.nn.Identity()
with torch.no_grad():
    before, after = model(images.double()), folded(images.double())
assert (before - after).abs().max() < 1e-10
assert (before.argmax(1) == after.argmax(1)).all()
print("largest difference of a logit below 1e-10:", bool((before - after).abs().max() < 1e-10))
print("equal labels:", int((before.argmax(1) == after.argmax(1)).sum()), "of", len(labels))
print("batch norms left:", sum(isinstance(layer, layers.BatchNorm2d) for layer in folded))

# %% network-speed [markdown]
# Does that also save time? A batch norm is cheap beside a convolution, so do not expect much, least of all on a CPU; a factor near 1 is noise. On this machine, in this run:


# %% network-speed-check tags=["nbval-ignore-output"]
def seconds(network, runs=15):
    """The fastest of several runs: the others were disturbed."""
    times = []
    with torch.no_grad():
        for _ in range(runs):
            start = time.perf_counter()
            network(all_images)
            if device == "cuda":
                torch.cuda.synchronize()
            times.append(time.perf_counter() - start)
    return min(times)


all_images = images.double()
print(f"{seconds(model) / seconds(folded):.2f} times as fast, for {len(all_images)} digits on {device}")

# %% network-slides [markdown]
# The same network, folded by the slides' formula:

# %% network-slides-check
wrong = torch.nn.Sequential(*folded)
for position, norm in enumerate(model):
    if isinstance(norm, layers.BatchNorm2d):
        conv = model[position - 1]
        wrong[position - 1] = reduction.fold(conv, norm)
        bias = reduction.merge_as_on_the_slides(
            conv.weight, conv.bias, norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.eps
        )[1]
        wrong[position - 1].bias = torch.nn.Parameter(bias)
with torch.no_grad():
    astray = wrong(images.double())
changed_labels = int((astray.argmax(1) != before.argmax(1)).sum())
assert (astray - before).abs().max() > 1
assert changed_labels > 0
print("largest change of a logit above 1:", bool((astray - before).abs().max() > 1))
assert changed_labels < len(labels) / 2
print("some labels change:", changed_labels > 0, " most stay:", changed_labels < len(labels) / 2)

# %% network-picture
figure, axes = plt.subplots(1, 2, figsize=SIZES["wide"])
reach = 1.05 * (astray - before).abs().max().item()
for axis, output, title in zip(
    axes, (after, astray), ("folded with $o = G b + g$", "folded as on the slides"), strict=True
):
    axis.plot(before.flatten().cpu(), (output - before).flatten().cpu(), ".", markersize=1.5)
    axis.set(
        title=title, xlabel="logit of the trained network", ylabel="change of the logit", ylim=(-reach, reach)
    )
show(
    figure,
    alt="Change of each logit against the logit itself, for all digits. Folded rightly, every change is zero and the"
    " points lie on a horizontal line. Folded as on the slides, they scatter widely above and below it.",
)

# %% network-notice [markdown]
# The slip is easy to miss: the network runs, nothing warns, and most labels stay. Comparing with the unfolded network, in float64, shows it at once.

# %% summary [markdown]
# ## Summary
#
# - Batch norm makes training much less sensitive to the scale of the weights. In training it depends on the batch. In use it is $Z = GY + g$, a depthwise 1×1 convolution.
# - A composition of convolutions is a convolution: $O_t = \sum_{u+w-1=t} F_u G_w$, $o = \sum b\,G + g$; strides multiply, groups take their gcd.
# - So batch norm behind a convolution disappears: $O = GF$, $o = Gb + g$. Average pooling, parallel branches, skip connections and fully connected layers are convolutions too.
# - It fails at a border before the second layer, across a non-linearity, and in training.
# - A function is a convolution with a bias exactly if it is affine, commutes with shifts and is local. To decide it for a function that one can only call: impulses, then a replay. A replay that fails proves *no*; one that passes is strong evidence for *yes*.

# %% verdicts [markdown]
# ## The verdict table so far
#
# Three questions to a layer $f$ with stride $s$. **Affine?** $f$ of the middle of two inputs is the middle of their outputs. **Commutes with shifts?** If the input moves by $s$, the output moves by 1: on the plane, where every output reads a finite window, or only on a circle, where the image closes at its edges. **Same weights for every input?** The slopes $\partial f/\partial x$ do not depend on $x$: the first question once more, asked of the weights; where the answer is no, they are computed from the input. Three times yes, on the plane: a convolution with a bias.

# %% verdicts-table
verdicts.table(upto=2)

# %% verdicts-check [markdown]
# The rows of this unit, each run. The three answers are asserted; printed is the shape of the kernel, where there is one.

# %% verdicts-run
for row in verdicts.ROWS:
    if row.unit == 2:
        found = verdicts.examine(row)
        assert (found.affine, found.commutes, found.same_weights) == (
            row.affine,
            row.commutes,
            row.same_weights,
        )
        assert (found.kernel is not None) == row.is_convolution
        print(f"{row.name:45}", found.kernel or "no convolution")

# %% corrections [markdown]
# **Where the slides were wrong.** The merged bias: $b + g$ should be $Gb + g$; the error is $(1 - G)\,b$. "Linear" should be *affine*. And "a composition of convolutions is a convolution" holds without a border before the second layer.

# %% sources [markdown]
# **Sources.** S. Ioffe, C. Szegedy, *Batch Normalization* (2015), algorithms 1 and 2 · S. Santurkar et al., *How Does Batch Normalization Help Optimization?* (2018) · K. He et al., *Delving Deep into Rectifiers* (2015), section 2.2 · V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning* (2016) · X. Ding et al., *RepVGG: Making VGG-style ConvNets Great Again* (2021), section 3.3 · Y. LeCun et al., *Gradient-based learning applied to document recognition* (1998), section II.B (LeNet-5) · digits and photographs: scikit-learn.
