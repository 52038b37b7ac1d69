# %% title [markdown]
# # 2 · Reduction to convolution
#
# Batch norm, pooling, skip connections: a network has many layers that nobody calls convolutions. Which of them *are*
# convolutions, and as which kernel?
#
# **You will be able to** write batch norm in use as a 1×1 convolution, merge it into the convolution before it without
# changing a prediction, and say why that is impossible in training.
#
# **You need** convolution as a formula (kernel, bias, maps, groups) and the mean and variance of a sample.
#
# **Time** 30 minutes. **Exercises**: `make start UNIT=02-reduction-to-convolution` makes your own copy in `my/`;
# the original is [here](../exercises/02-reduction-to-convolution/02-reduction-to-convolution.ipynb).

# %% setup
import inspect

import matplotlib.pyplot as plt
import torch
from sklearn.datasets import load_digits, load_sample_image

from nonconv import layers, reduction
from nonconv.figures import SIZES, show, use_style

use_style()
torch.manual_seed(0)
torch.set_num_threads(1)
device = "cuda" if torch.cuda.is_available() else "cpu"

# %% letters [markdown]
# ## The letters
#
# A convolution takes maps $X^m_{ij}$ to maps $Y^k_{ij}$ with a kernel $F^{mk}_{uv}$ and a bias $b^k$:
# $$Y^k_{ij} = \sum_{m=1}^{M}\sum_{u=1}^{p}\sum_{v=1}^{q} X^m_{i+u-1,\,j+v-1}\,F^{mk}_{uv} + b^k .$$
# $m$ counts the $M$ input maps, $k$ the $K$ output maps, $i$ rows, $j$ columns. Formulas count from 1, code from 0:
# $F^{mk}_{uv}$ is `F[k-1, m-1, u-1, v-1]`. With a bias the map is *affine*; the word "linear" is kept for $b = 0$.

# %% letters-check
F = torch.tensor([[[[0.0, 1.0], [1.0, -1.0]]]])
X = torch.tensor([[[[1.0, 2.0, 3.0], [3.0, 4.0, 5.0], [1.0, 0.0, 2.0]]]])
Y = layers.conv2d(X, F)
assert torch.equal(Y, layers.conv2d_by_definition(X, F))
Y[0, 0]

# %% training [markdown]
# ## 1 · Batch norm, in training and in use
#
# In **training**, each map $k$ is normalised by the mean and the variance of *this batch*, over its $N$ images and all positions:
# $$\mu^k = \frac1n \sum Y^k, \qquad \sigma^{2k} = \frac1n \sum \left(Y^k - \mu^k\right)^2, \qquad n = N H W.$$
# Then it is scaled and shifted by two learned numbers, $\gamma^k$ and $\beta^k$.

# %% training-check
Y = torch.randn(16, 3, 8, 8, dtype=torch.float64) * torch.tensor([1.0, 3.0, 0.5]).reshape(1, 3, 1, 1) + 2
gamma, beta, eps = torch.tensor([1.5, -0.5, 2.0]).double(), torch.tensor([0.0, 1.0, -1.0]).double(), 1e-5

mu, var = Y.mean((0, 2, 3)), Y.var((0, 2, 3), correction=0)
by_hand = (Y - mu[:, None, None]) / torch.sqrt(var[:, None, None] + eps) * gamma[:, None, None] + beta[
    :, None, None
]
Z = layers.batch_norm(Y, weight=gamma, bias=beta, training=True, eps=eps)
assert torch.allclose(Z, by_hand, atol=1e-12)
print("mean of each map      ", [f"{value:.4f}" for value in Z.mean((0, 2, 3))], "  beta ", beta.tolist())
print(
    "deviation of each map ",
    [f"{value:.4f}" for value in Z.std((0, 2, 3), correction=0)],
    "  gamma",
    gamma.tolist(),
)

# %% training-depends [markdown]
# So the output for one image depends on the other images of its batch. Change a single *other* image, and the first image's output changes.

# %% training-depends-check
changed = Y.clone()
changed[1] += 10  # the second image
Z_changed = layers.batch_norm(changed, weight=gamma, bias=beta, training=True, eps=eps)
difference = (Z_changed[0] - Z[0]).abs().max().item()
assert torch.equal(changed[0], Y[0])
assert difference > 0.1
print(f"the first image did not change, its output did, by up to {difference:.4f}")

# %% running [markdown]
# In **use** there may be no batch at all. Training therefore leaves running averages behind, with momentum $\alpha$:
# $$\mu_{avg} \leftarrow (1-\alpha)\,\mu_{avg} + \alpha\,\mu, \qquad \sigma^2_{avg} \leftarrow (1-\alpha)\,\sigma^2_{avg} + \alpha\,\tfrac{n}{n-1}\,\sigma^2 .$$
# The factor $n/(n-1)$ makes the variance unbiased. It is in every framework and in few papers.

# %% running-check
ours, theirs = layers.BatchNorm2d(3).double(), torch.nn.BatchNorm2d(3).double()
for _ in range(3):
    batch = torch.randn(4, 3, 5, 5, dtype=torch.float64) * 2 + 1
    ours(batch), theirs(batch)
assert torch.allclose(ours.running_mean, theirs.running_mean, atol=1e-12)
assert torch.allclose(ours.running_var, theirs.running_var, atol=1e-12)

# %% use [markdown]
# ## 2 · In use, batch norm is affine
#
# From here on the layer is in use, and $\mu^k, \sigma^{2k}$ stand for the running averages. They are constants, so one image is enough and the batch index is dropped:
# $$Z^k_{ij} = \gamma^k\,\frac{Y^k_{ij} - \mu^k}{\sqrt{\sigma^{2k} + \varepsilon}} + \beta^k .$$
# Multiply out, and only two numbers per map are left:
# $$Z^k_{ij} = G^k\,Y^k_{ij} + g^k, \qquad G^k = \frac{\gamma^k}{\sqrt{\sigma^{2k}+\varepsilon}}, \qquad g^k = \beta^k - \frac{\gamma^k\mu^k}{\sqrt{\sigma^{2k}+\varepsilon}} .$$

# %% use-source
print(inspect.getsource(reduction.affine_form).split('"""')[-1])

# %% use-check
G, g = reduction.affine_form(gamma, beta, mu, var, eps)
Z = layers.batch_norm(Y, mu, var, gamma, beta, eps=eps)
assert torch.allclose(Z, G[:, None, None] * Y + g[:, None, None], atol=1e-12)
print("G", [f"{value:.4f}" for value in G], "  g", [f"{value:.4f}" for value in g])

# %% use-picture
figure, axes = plt.subplots(1, 2, figsize=SIZES["wide"])
Z_train = layers.batch_norm(changed, weight=gamma, bias=beta, training=True, eps=eps)
for axis, output, source, title in (
    (axes[0], Z, Y, "in use: the same line whatever the batch"),
    (axes[1], Z_train, changed, "in training: another batch, another line"),
):
    for k in range(3):
        axis.plot(source[0, k].flatten(), output[0, k].flatten(), ".", markersize=3, label=f"map {k + 1}")
        axis.axline((0, g[k].item()), slope=G[k].item(), linewidth=0.8, alpha=0.6)
    axis.set(title=title, xlabel="$Y$", ylabel="$Z$", xlim=(-6, 10))
axes[0].legend(frameon=False)
show(
    figure,
    alt="Two scatter plots of the output Z against the input Y for three maps. In use, the points of each map lie on the"
    " straight line G Y + g. In training, after one other image of the batch has changed, they lie on other lines.",
)

# %% use-notice [markdown]
# Each map has one line, and in use it is always the same line. That is all that batch norm does once training is over.

# %% depthwise [markdown]
# ## 3 · An affine map for each pixel is a depthwise 1×1 convolution
#
# $Z^k_{ij}$ depends on one pixel of one map. A convolution with $p = q = 1$ sees one pixel; a *depthwise* one (as many groups as maps) sees one map.
# So batch norm in use is the depthwise convolution with kernel $G^k$ and bias $g^k$.

# %% depthwise-check
kernel, bias = reduction.depthwise_1x1(G, g)
as_convolution = layers.conv2d(Y, kernel, bias, groups=3)
assert torch.allclose(as_convolution, Z, atol=1e-12)
print("kernel", tuple(kernel.shape), "bias", tuple(bias.shape))

# %% depthwise-full [markdown]
# Written without groups it is the 1×1 kernel with $G$ on the diagonal, $G^{kl} = \delta^{kl} G^k$: no map looks at another.

# %% depthwise-full-check
diagonal = torch.diag(G)[:, :, None, None]  # (K, K, 1, 1)
assert torch.allclose(layers.conv2d(Y, diagonal, g), Z, atol=1e-12)

# %% merge [markdown]
# ## 4 · Convolution, then batch norm: one convolution
#
# Usually a convolution comes first:
# $$X^m_{ij} \xrightarrow{\;F^{mk}_{uv},\ b^k\;} Y^k_{ij} \xrightarrow{\;G^k,\ g^k\;} Z^k_{ij}.$$
# Put the first into the second:
# $$Z^k_{ij} = G^k\Bigl(\sum_{m}\sum_{u,v} X^m_{i+u-1,\,j+v-1}\,F^{mk}_{uv} + b^k\Bigr) + g^k
# = \sum_{m}\sum_{u,v} X^m_{i+u-1,\,j+v-1}\,\underbrace{G^k F^{mk}_{uv}}_{O^{mk}_{uv}} + \underbrace{G^k b^k + g^k}_{o^k}.$$
# The right side is a convolution with kernel $O$ and bias $o$:
# $$O^{mk}_{uv} = G^k F^{mk}_{uv}, \qquad o^k = G^k b^k + g^k = \beta^k + \gamma^k\,\frac{b^k - \mu^k}{\sqrt{\sigma^{2k}+\varepsilon}} .$$

# %% merge-check
M, K, p, q = 2, 3, 3, 3
X = torch.randn(1, M, 9, 9, dtype=torch.float64)
F, b = torch.randn(K, M, p, q, dtype=torch.float64), torch.tensor([1.0, -2.0, 0.5]).double()
O, o = reduction.merge(F, b, G, g)

two_layers = layers.batch_norm(layers.conv2d(X, F, b), mu, var, gamma, beta, eps=eps)
one_layer = layers.conv2d(X, O, o)
assert torch.allclose(two_layers, one_layer, atol=1e-12)
assert torch.allclose(o, beta + gamma * (b - mu) / torch.sqrt(var + eps), atol=1e-12)

# %% merge-theorem [markdown]
# There is a theorem behind this: *a composition of convolutions is a convolution*. Batch norm is the 1×1 kernel $\delta^{kl}G^k$ with bias $g$,
# and composing it with $(F, b)$ gives exactly $O$ and $o$. You will prove the theorem in the exercises.

# %% merge-padding [markdown]
# A border of zeros before the convolution changes nothing: batch norm comes *after* it and treats each output alike.

# %% merge-padding-check
for padding in ("valid", "same", 2):
    two_layers = layers.batch_norm(layers.conv2d(X, F, b, padding=padding), mu, var, gamma, beta, eps=eps)
    assert torch.allclose(two_layers, layers.conv2d(X, O, o, padding=padding), atol=1e-12)

# %% slides [markdown]
# ## 5 · The slides' bias is wrong
#
# The seminar's slides give the merged bias as $b^k + \beta^k - \gamma^k\mu^k/\sqrt{\sigma^{2k}+\varepsilon}$, that is $b^k + g^k$. They forget that $b$ goes through batch norm too.
# The error is exactly
# $$(b^k + g^k) - (G^k b^k + g^k) = (1 - G^k)\,b^k .$$

# %% slides-check
O_slides, o_slides = reduction.merge_as_on_the_slides(F, b, gamma, beta, mu, var, eps)
two_layers = layers.batch_norm(layers.conv2d(X, F, b), mu, var, gamma, beta, eps=eps)
errors = layers.conv2d(X, O_slides, o_slides) - two_layers
assert torch.equal(O_slides, O)
assert torch.allclose(errors, ((1 - G) * b)[:, None, None].expand_as(errors), atol=1e-12)
print("error of the slides, by map", [f"{value:.4f}" for value in errors.mean((0, 2, 3))])
print("(1 - G) b                  ", [f"{value:.4f}" for value in (1 - G) * b])

# %% slides-where [markdown]
# It vanishes only where $b^k = 0$ or $G^k = 1$. A fresh batch norm has $G^k \approx 0.999995$: there the wrong formula passes any test that is not exact.

# %% slides-where-check
zero_bias = torch.zeros_like(b)
for bias, gamma_ in ((zero_bias, gamma), (b, torch.sqrt(var + eps))):  # b = 0, then G = 1
    G_, g_ = reduction.affine_form(gamma_, beta, mu, var, eps)
    right = reduction.merge(F, bias, G_, g_)[1]
    slides = reduction.merge_as_on_the_slides(F, bias, gamma_, beta, mu, var, eps)[1]
    assert torch.allclose(right, slides, atol=1e-12)

# %% slides-picture
photo = torch.from_numpy(load_sample_image("china.jpg").copy()).permute(2, 0, 1)[None].double() / 255
blur = torch.full((1, 3, 5, 5), 1 / 75, dtype=torch.float64)
statistics = dict(
    zip(("gamma", "beta", "mean", "var"), torch.tensor([[0.5], [0.3], [0.6], [0.09]]).double(), strict=True)
)
b_photo = torch.tensor([0.4]).double()
layer = layers.batch_norm(
    layers.conv2d(photo, blur, b_photo),
    statistics["mean"],
    statistics["var"],
    statistics["gamma"],
    statistics["beta"],
)
right = layers.conv2d(
    photo, *reduction.merge(blur, b_photo, *reduction.affine_form(*statistics.values(), 1e-5))
)
slides = layers.conv2d(photo, *reduction.merge_as_on_the_slides(blur, b_photo, *statistics.values(), 1e-5))
figure, axes = plt.subplots(1, 3, figsize=SIZES["wide"])
for axis, image, title in zip(
    axes,
    (layer, right, slides),
    ("convolution, batch norm", "merged: $o = G b + g$", "the slides: $b + g$"),
    strict=True,
):
    axis.imshow(image[0, 0], vmin=-0.5, vmax=1.5)
    axis.set(title=title, xticks=[], yticks=[])
show(
    figure,
    alt="A photograph of a Chinese temple, blurred and normalised, three times: by the two layers, by the right merged"
    " convolution, which looks the same, and by the slides' formula, which is evenly darker.",
)
print(f"right merge: largest difference below 1e-12: {bool((right - layer).abs().max() < 1e-12)}")
print(f"the slides' merge is off by {(slides - layer).mean():.4f} everywhere")

# %% network [markdown]
# ## 6 · A trained network, folded
#
# Now a whole network: three convolutions with batch norm, trained for a few seconds on scikit-learn's 1797 handwritten digits (8×8 pixels).

# %% network-data
digits = load_digits()
images = torch.from_numpy(digits.images).float()[:, None].to(device) / 16  # (1797, 1, 8, 8)
labels = torch.from_numpy(digits.target).to(device)
order = torch.randperm(len(labels))
train, test = order[:1400].to(device), order[1400:].to(device)


# %% network-model
def block(M, K, stride=1):
    return [layers.Conv2d(M, K, 3, stride=stride, padding=1), layers.BatchNorm2d(K), torch.nn.ReLU()]


model = torch.nn.Sequential(
    *block(1, 16),
    *block(16, 32, stride=2),
    *block(32, 32, stride=2),
    torch.nn.Flatten(),
    torch.nn.Linear(32 * 4, 10),
).to(device)

# %% network-train
optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for _ in range(8):
    for batch in train[torch.randperm(len(train), device=device)].split(100):
        loss = torch.nn.functional.cross_entropy(model(images[batch]), labels[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
model.eval()
accuracy = (model(images[test]).argmax(1) == labels[test]).float().mean().item()
assert accuracy > 0.95
print("more than 95 % of the digits it has not seen are right:", accuracy > 0.95)

# %% network-fold [markdown]
# `reduction.fold(conv, norm)` returns the merged convolution. In float64 the folded network must agree to the last few digits, and every one of the 1797 labels must stay.

# %% network-fold-check
model = model.double()
folded = torch.nn.Sequential(*model)
for position, layer in enumerate(model):
    if isinstance(layer, layers.BatchNorm2d):
        folded[position - 1] = reduction.fold(model[position - 1], layer)
        folded[position] = torch.nn.Identity()
with torch.no_grad():
    before, after = model(images.double()), folded(images.double())
assert (before - after).abs().max() < 1e-10
assert torch.equal(before.argmax(1), after.argmax(1))
print("largest difference of a logit below 1e-10:", bool((before - after).abs().max() < 1e-10))
print("equal labels:", int((before.argmax(1) == after.argmax(1)).sum()), "of", len(labels))
print("batch norms left:", sum(isinstance(layer, layers.BatchNorm2d) for layer in folded))

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
for axis, output, title in zip(
    axes, (after, astray), ("folded with $o = G b + g$", "folded as on the slides"), strict=True
):
    axis.plot(before.flatten().cpu(), (output - before).flatten().cpu(), ".", markersize=1.5)
    axis.set(title=title, xlabel="logit of the trained network", ylabel="change of the logit", ylim=(-9, 9))
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
# - In training, batch norm depends on the batch: one image's output changes with another image.
# - In use it is $Z = GY + g$, a depthwise 1×1 convolution.
# - Behind a convolution it disappears: $O = GF$, $o = Gb + g$.
#
# | layer | affine? | shift-equivariant? | weights independent of the input? | as which kernel? |
# |---|---|---|---|---|
# | batch norm in use | yes | yes | yes | depthwise 1×1, $G^k$ |
# | batch norm in training | no: another image changes the output | yes | no | none |

# %% corrections [markdown]
# **Where the slides were wrong.** The merged bias: $b + g$ should be $Gb + g$; the error is $(1 - G)\,b$. "Linear" should be *affine*.

# %% sources [markdown]
# **Sources.** S. Ioffe, C. Szegedy, *Batch Normalization* (2015), algorithms 1 and 2 · V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning* (2016) · digits and photograph: scikit-learn.
