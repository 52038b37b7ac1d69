# %% title [markdown]
# # 1 · Convolutional layers
#
# The same few numbers, at every place of the image: that is a convolution. Why is it enough to find edges, textures and faces, and what does it save? This unit is the ground that the others stand on.
#
# **You will be able to** compute a convolution by hand and in code, with stride, padding, dilation and groups; say how large its output is, what it costs and what it sees; write it, and its transpose, as a matrix; and pass gradients back through it.
#
# **You need** tensors, broadcasting, `einsum` and derivatives. The exercises begin with ten quick questions that tell you whether to start; they cost no points.
#
# **Time** 90 minutes. **Exercises**: `make start UNIT=01-convolution` makes your own copy in `my/`;
# the originals: [exercises](../exercises/01-convolution/01-convolution.ipynb).

# %% setup
from fractions import Fraction

import scipy.signal
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional

from nonconv import figures, layers, verdicts
from nonconv.figures import use_style
from nonconv.layers.cost import count_parameters

use_style()
torch.manual_seed(0)
torch.set_num_threads(1)


def whole(*shape):
    """Whole numbers from −4 to 4 in float64: their sums and products are exact."""
    return torch.randint(-4, 5, shape).double()


# %% nine [markdown]
# ## {number} · Nine numbers
#
# Put a 3×3 window on a photograph, multiply what it shows by nine numbers, add up. Then move the window by one pixel. Below is what eight choices of the nine numbers make of one photograph.
#
# **Try it.** Choose a kernel, or type your own. What do you see if all nine numbers are 1/9? If only the middle one is not 0? If the nine numbers sum to 0?

# %% nine-figure tags=["nbval-ignore-output"]
figures.kernel_explorer().show()

# %% nine-notice [markdown]
# A layer that joins every one of the 112×112 pixels to every one of the 112×112 outputs has 157 million weights. Here nine do. And they do it everywhere: an edge is an edge, wherever it is. The rest of this unit says how that is written, sized, counted, varied and differentiated.

# %% nine-check
pixels = figures.grey("temple").numel()
assert pixels == 112 * 112
print(f"fully connected: {pixels**2:,} weights; a 3×3 kernel: {figures.filter_kernel('top sobel').numel()}")

# %% layers [markdown]
# ## {number} · Layer, operation, filter
#
# The slides keep three things apart:
#
# - a **layer** is a set of values that are passed on together and are not joined among themselves: the input, or what one operation makes of it;
# - an **operation** is a function that is applied to one layer or to several;
# - a **filter** is the set of numbers (weights, parameters) with which an operation is performed.
#
# An operation $F$ with the filter $\theta$ takes the layer $A$ to the layer $B = F_\theta(A)$. In the graph of a network, layers are the vertices, operations the edges, and filters stand on the edges.

# %% layers-figure
figures.layer_graph().show()

# %% layers-sloppy [markdown]
# **Mind the word.** Everyone, this course too, also calls $F_\theta(\cdot)$ itself "a convolutional layer": `nn.Conv2d` is operation and filter in one, and what it returns is the layer of the picture. The context tells which is meant.

# %% layers-check
F_theta = layers.Conv2d(1, 6, 3)  # the operation with its filter
A = torch.zeros(1, 1, 28, 28)
B = F_theta(A)  # the next layer
assert B.shape == (1, 6, 26, 26)
print(
    "filter",
    {name: tuple(value.shape) for name, value in F_theta.named_parameters()},
    "layer",
    tuple(B.shape),
)

# %% tensors [markdown]
# ## {number} · Width, height, depth
#
# A layer is a three-dimensional array, a **tensor** $X^m_{ij}$: $m = 1 \dots M$ counts its two-dimensional **maps** (channels, feature maps), $i = 1\dots H$ their rows, $j = 1\dots W$ their columns. $H$ is the height, $W$ the width, and $M$ is called the **depth of the layer**. A colour photograph has depth 3.
#
# The depth of a *layer* is not the depth of a *network*, which is the number of its layers. With the batch in front, the shape in code is `(N, M, H, W)`. Formulas count from 1, code from 0. On the way through a network height and width usually shrink, and the depth grows from 1 or 3 to hundreds.

# %% tensors-check
photograph = torch.from_numpy(figures.explorer.pixels("flower").copy())
X = photograph.permute(2, 0, 1)[None]  # (rows, columns, colours) -> (N, M, H, W)
assert X.shape == (1, 3, 112, 112)
N, M, H, W = X.shape
print(f"{N} image, depth {M}, height {H}, width {W}")

# %% sliding [markdown]
# ## {number} · A scalar product that slides
#
# Take a kernel $F$ with $p$ rows and $q$ columns. Lay it on the input, multiply number by number, add: a scalar product. Then move it, from left to right and from top to bottom:
# $$Y_{ij} = \sum_{u=1}^{p}\sum_{v=1}^{q} X_{i+u-1,\,j+v-1}\,F_{uv} .$$
# By hand, for the smallest example of the slides:
# $$\begin{bmatrix} 1 & 2 & 3 \\ 3 & 4 & 5 \\ 1 & 0 & 2 \end{bmatrix} * \begin{bmatrix} 0 & 1 \\ 1 & -1 \end{bmatrix} = \begin{bmatrix} 1\cdot 0 + 2\cdot 1 + 3\cdot 1 - 4\cdot 1 & 2\cdot 0 + 3\cdot 1 + 4\cdot 1 - 5\cdot 1 \\ 3\cdot 0 + 4\cdot 1 + 1\cdot 1 - 0\cdot 1 & 4\cdot 0 + 5\cdot 1 + 0\cdot 1 - 2\cdot 1 \end{bmatrix} = \begin{bmatrix} 1 & 2 \\ 5 & 3 \end{bmatrix}.$$

# %% sliding-check
X = torch.tensor([[1.0, 2, 3], [3, 4, 5], [1, 0, 2]]).double()
F = torch.tensor([[0.0, 1], [1, -1]]).double()
Y = layers.conv2d(X[None, None], F[None, None])[0, 0]  # the batch and the maps are axes too: both 1 here
assert Y.tolist() == [[1, 2], [5, 3]]  # exact: whole numbers
print(Y)

# %% sliding-try [markdown]
# The second example is that of Dumoulin and Visin: 5×5 by 3×3. **Try it:** press play, or click an output; below stands its sum. Then move one slider at a time. Stride, padding, dilation and "transposed" come in the sections below; come back to this picture there.

# %% sliding-figure tags=["nbval-ignore-output"]
figures.sliding_window().show()

# %% sliding-visin-check
rows = ["33210", "00131", "31223", "20022", "20001"]
X5 = torch.tensor([[int(one) for one in row] for row in rows]).double()
F3 = torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]]).double()
Y3 = layers.conv2d(X5[None, None], F3[None, None])[0, 0]
assert Y3.tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]  # exact: whole numbers

# %% sliding-name [markdown]
# **A word about the name.** In signal processing a *convolution* turns the kernel around before it slides, and what stands above is a *cross-correlation*. Every framework, the slides and this course call it convolution all the same. With learned kernels it makes no difference: the network learns the kernel turned around. In unit 2 the flip will come back.

# %% sliding-name-check
turned = scipy.signal.convolve2d(X, F.flip(0, 1), mode="valid")  # turned once here and once in SciPy
assert turned.tolist() == Y.tolist()  # exact: whole numbers
assert scipy.signal.convolve2d(X, F, mode="valid").tolist() != Y.tolist()
print("SciPy's convolution of the same two:", scipy.signal.convolve2d(X, F, mode="valid").tolist())

# %% filters [markdown]
# ## {number} · Filters with a name
#
# Before networks learned their kernels, people wrote them down. Those of the slides, which you have seen at work above:
# $$\text{blur } \tfrac1{16}\begin{bmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{bmatrix} \quad \text{sharpen} \begin{bmatrix} 0 & -1 & 0 \\ -1 & 5 & -1 \\ 0 & -1 & 0 \end{bmatrix} \quad \text{top Sobel} \begin{bmatrix} 1 & 2 & 1 \\ 0 & 0 & 0 \\ -1 & -2 & -1 \end{bmatrix} \quad \text{outline} \begin{bmatrix} -1 & -1 & -1 \\ -1 & 8 & -1 \\ -1 & -1 & -1 \end{bmatrix}$$
# Bottom Sobel is top Sobel times −1; left Sobel is its transpose.
#
# **Predict first.** On a wall of one colour, every pixel 100: what does each of the four give, away from the border?
#
# <details><summary>Answer</summary>
#
# 100 times the sum of the kernel. Blur and sharpen have the sum 1 and give 100; Sobel and outline have the sum 0 and give 0. A kernel with the sum 0 sees *changes* only.
#
# </details>

# %% filters-check
wall = torch.full((5, 5), 100.0).double()
for name in figures.FILTERS:
    kernel = figures.filter_kernel(name)
    middle = layers.conv2d(wall[None, None], kernel[None, None]).flatten()
    assert (middle == 100 * kernel.sum()).all()  # exact: whole numbers and powers of two
    print(f"{name:13} sum {kernel.sum():.0f}, on the wall {middle[0]:.0f}")

# %% filters-detector [markdown]
# A kernel is largest where the image looks like the kernel itself (among patches of one length: a scalar product is largest for parallel vectors). So a kernel is a **pattern that is looked for**, and the output is a map of where it was found. Top Sobel looks for "bright above, dark below".

# %% filters-detector-check
kernel = figures.filter_kernel("top sobel")
same, turned = kernel / kernel.norm(), kernel.T / kernel.norm()  # two patches of length 1
found, not_found = (layers.conv2d(patch[None, None], kernel[None, None]).item() for patch in (same, turned))
assert abs(found - kernel.norm().item()) < 1e-12
assert abs(not_found) < 1e-12
print(f"a patch like the kernel gives {found:.3f}, the same patch turned by 90° {abs(not_found):.3f}")

# %% maps [markdown]
# ## {number} · Many maps
#
# The input has $M$ maps, the output $K$. Each output map has a kernel of its own, and that kernel is as deep as the input: $F^{mk}_{uv}$, a tensor of **four** dimensions, with a bias $b^k$ beside it:
# $$Y^k_{ij} = \sum_{m=1}^{M}\sum_{u=1}^{p}\sum_{v=1}^{q} X^m_{i+u-1,\,j+v-1}\,F^{mk}_{uv} + b^k, \qquad k = 1 \dots K .$$
# In code `weight` has the shape `(K, M, p, q)`: $F^{mk}_{uv}$ is `weight[k-1, m-1, u-1, v-1]`. Read the formula as: *convolve each map with its own sheet of the kernel, and add the results*.
#
# With $b = 0$ this is linear in $X$; with a bias it is **affine**, which is not the same: $f(0) = b$.

# %% maps-check
X, F, b = whole(3, 6, 7), whole(2, 3, 3, 2), whole(2)  # M = 3, K = 2
Y = layers.conv2d(X[None], F, b)[0]
for k in range(2):
    sheets = [layers.conv2d(X[None, m : m + 1], F[k : k + 1, m : m + 1])[0, 0] for m in range(3)]
    assert torch.equal(Y[k], sheets[0] + sheets[1] + sheets[2] + b[k])  # exact: whole numbers
print("input", tuple(X.shape), " kernel", tuple(F.shape), " output", tuple(Y.shape))

# %% borders [markdown]
# ## {number} · At the border: VALID and SAME
#
# If the window stays inside, an $H\times W$ image leaves $(H - p + 1)\times(W - q + 1)$ outputs. This is called **VALID**, and the first networks used it. Each layer eats the border: ten 3×3 layers take 20 rows.
#
# **SAME** puts a frame around the image first, so that the output is as large as the input. Of what? Of zeros, or the image mirrored; also in use: the last row repeated, or the opposite side (a circle).

# %% borders-figure
figures.borders().show()

# %% borders-rows-check
row = torch.tensor([1.0, 2, 3, 4]).reshape(1, 1, 1, 4)
for mode in ("constant", "reflect", "replicate", "circular"):
    print(f"{mode:10}", functional.pad(row, (2, 2, 0, 0), mode=mode).flatten().int().tolist())

# %% borders-even [markdown]
# Mind `reflect`: the outermost number itself is not repeated.
#
# With stride 1 a kernel of $p$ rows needs $p - 1$ rows of frame in all: $(p-1)/2$ on each side if $p$ is odd. **An even kernel has no middle**: one row more goes to the bottom, one column more to the right. This is the rule of PyTorch and TensorFlow. With a stride $s$, SAME means an output of $\lceil H/s\rceil$ rows, with no more frame than that takes.

# %% borders-even-check
for p in (3, 4, 5):
    above, below = layers.same_padding(9, p)
    assert above + below == p - 1
    assert below - above == (p % 2 == 0)
    assert layers.conv2d(torch.zeros(1, 1, 9, 9), torch.zeros(1, 1, p, p), padding="same").shape == (
        1,
        1,
        9,
        9,
    )
    print(f"p = {p}: a frame of {above} above, {below} below")

# %% borders-cost [markdown]
# **Zeros are not innocent.** Blur a white image with a frame of zeros, and its rim turns grey; with a mirrored frame it stays white. A network can even learn from such a rim where the border is (unit 4 shows one that does).

# %% borders-cost-check
white = torch.ones(1, 1, 4, 4).double()
blur = figures.filter_kernel("blur")[None, None]
with_zeros = layers.conv2d(white, blur, padding=1)[0, 0]
with_mirror = layers.conv2d(white, blur, padding=1, padding_mode="reflect")[0, 0]
assert with_zeros[0].tolist() == [9 / 16, 3 / 4, 3 / 4, 9 / 16]  # exact: powers of two
assert (with_mirror == 1).all()
print("first row with zeros", with_zeros[0].tolist(), " with a mirror", with_mirror[0].tolist())

# %% size [markdown]
# ## {number} · How large is the output?
#
# The window starts at the top and moves on by the **stride** $s$ as long as it fits. With a frame of $P$ rows on both sides and a **dilation** $d$ (the kernel's rows stand $d$ apart, so it spans $d(p-1)+1$ rows):
# $$H' = \Bigl\lfloor \frac{H + 2P - d(p-1) - 1}{s} \Bigr\rfloor + 1,$$
# and likewise $W'$. How to read it: $H + 2P$ rows less the kernel's span is how far the window can move; divided by $s$ it is the number of steps; the first position adds 1. The slides' example:
#
# `Conv2d(16, 33, (3, 5), stride=(2, 1), padding=(4, 2), dilation=(3, 1))` on an input of shape (20, 16, 50, 100).

# %% size-check
with torch.device("meta"):  # shapes without numbers
    m = layers.Conv2d(16, 33, (3, 5), stride=(2, 1), padding=(4, 2), dilation=(3, 1))
    output = m(torch.randn(20, 16, 50, 100))
assert output.shape == (20, 33, 26, 100)
rows, columns = (50 + 2 * 4 - 3 * 2 - 1) // 2 + 1, (100 + 2 * 2 - 1 * 4 - 1) // 1 + 1
assert (rows, columns) == (26, 100)
print(tuple(output.shape))

# %% size-predict [markdown]
# **Predict first.** In this example, how many of the 58 rows (with their frame) does no window ever reach?
#
# <details><summary>Answer</summary>
#
# One. The last window starts at row 25·2 = 50, counted from 0, and reaches 50 + 6 = 56. There are rows 0 to 57. The floor in the formula throws it away: so inputs of *different* sizes give outputs of one size. We shall meet this again at transposed convolutions.
#
# </details>

# %% size-predict-check
assert 58 - (25 * 2 + 6 + 1) == 1
sizes = [layers.output_size(H, 3, stride=2, padding=4, dilation=3) for H in (49, 50, 51)]
assert sizes == [26, 26, 27]

# %% field [markdown]
# ## {number} · What does a neuron see?
#
# The slides call the kernel's size $p\times q$ its **receptive field**. The same word is used for a *neuron*: the part of the input on which its value depends, through all the layers below it. A 3×3 on a 3×3 sees 5×5: the upper window spans three places, and each of the two outer ones sees one place further. With stride 1,
# $$r = 1 + \sum_l (p_l - 1),$$
# so $L$ layers of 3×3 see $2L + 1$. It grows with depth, slowly. Autograd measures it: the neuron depends on those places at which its gradient is not 0.


# %% field-check
def seen_rows(stack, size=31):
    """How many rows the middle output of a stack of convolutions depends on; kernels are given as (p, s)."""
    x = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    Y = x
    for p, s in stack:
        Y = layers.conv2d(Y, torch.ones(1, 1, p, p, dtype=torch.float64), stride=s)
    middle = Y.shape[-1] // 2
    (slope,) = torch.autograd.grad(Y[0, 0, middle, middle], x)
    return len(slope[0, 0].abs().sum(1).nonzero())


for L in (1, 2, 3, 7):
    assert seen_rows([(3, 1)] * L) == 2 * L + 1
assert seen_rows([(5, 1), (2, 1)]) == 1 + 4 + 1
print(
    "two 3×3:",
    seen_rows([(3, 1)] * 2),
    " three:",
    seen_rows([(3, 1)] * 3),
    " seven:",
    seen_rows([(3, 1)] * 7),
)

# %% field-stride [markdown]
# **A stride makes it grow faster.** After a layer with stride 2, neighbours of the next layer stand two input places apart, and all that comes later reaches twice as far. The picture is measured: three 3×3 layers, the second with stride 2.

# %% field-figure
figures.receptive_field(((3, 1, 1), (3, 2, 1), (3, 1, 1))).show()
assert seen_rows([(3, 1), (3, 2), (3, 1)]) == 9
assert seen_rows([(3, 1), (3, 1), (3, 1)]) == 7

# %% parameters [markdown]
# ## {number} · Counting parameters
#
# The kernel has $MKpq$ weights, and there is one bias for each output map:
# $$N_{conv} = MKpq + K = (Mpq + 1)K .$$
# The size of the image does not stand in it.

# %% parameters-check
for M, K, p, q in ((1, 6, 3, 3), (3, 64, 7, 7), (16, 33, 3, 5)):
    N_conv = (M * p * q + 1) * K
    assert count_parameters(layers.Conv2d(M, K, (p, q))) == N_conv
    print(f"{M} → {K} maps, {p}×{q}: {N_conv:,}")

# %% groups [markdown]
# ## {number} · Groups
#
# Let $M$ and $K$ be multiples of $g$. A **grouped** convolution lets the first $K/g$ output maps see the first $M/g$ input maps only, and so on: $g$ convolutions side by side. With $k = (s-1)K/g + k'$, where $s = 1\dots g$ is the number of the group:
# $$Y^k_{ij} = \sum_{m'=1}^{M/g}\sum_{u,v} X^{(s-1)M/g+m'}_{i+u-1,\,j+v-1}\,F^{s,\,m'k'}_{uv} + b^{s,k'} .$$
# $g = 1$ is the ordinary convolution. The weight has the shape `(K, M/g, p, q)`.

# %% groups-check
X, F = whole(4, 6, 7), whole(6, 2, 3, 2)  # M = 4, K = 6, two groups
together = layers.conv2d(X[None], F, groups=2)
one_by_one = [layers.conv2d(X[None, :2], F[:3]), layers.conv2d(X[None, 2:], F[3:])]
assert torch.equal(together, torch.cat(one_by_one, 1))  # exact: whole numbers


# %% groups-why [markdown]
# The slides give three reasons for it. **It can be spread over devices**: the groups need nothing of each other (the cell above computes them apart). **It has fewer parameters**, $g$ times fewer weights. **Sometimes the model is better**, "because maps are correlated": that is an observation about trained networks, and nothing here tests it.
#
# The slides say that the filter is *split* into groups. Split an ordinary kernel and nothing is saved. Grouping *drops* what joins one group to another: as a table of input maps by output maps, the ordinary kernel is full, and the grouped one keeps the blocks on the diagonal (the picture in section {section:matrix} shows it).

# %% groups-why-check
for g in (1, 2, 4):
    assert layers.Conv2d(8, 12, 3, groups=g).weight.numel() == 8 * 12 * 9 // g
print([count_parameters(layers.Conv2d(8, 12, 3, groups=g, bias=False)) for g in (1, 2, 4)])

# %% depthwise [markdown]
# **Depthwise** convolution is the extreme: $g = M = K$, a kernel for each map, and no map sees another one:
# $$Y^k_{ij} = \sum_{u,v} X^k_{i+u-1,\,j+v-1}\,F^k_{uv} + b^k .$$
# With $K = cM$ each map gets $c$ kernels ($c$ is the *channel multiplier*).

# %% depthwise-check
X, D = whole(3, 5, 5), whole(3, 1, 3, 3)
each = [layers.conv2d(X[None, k : k + 1], D[k : k + 1]) for k in range(3)]
assert torch.equal(layers.depthwise_conv2d(X[None], D), torch.cat(each, 1))  # exact: whole numbers

# %% separable [markdown]
# **Depthwise separable** convolution is two in a row: depthwise with $D^m_{uv}$, which looks around but mixes no maps, then 1×1 with $P^{mk}$, which mixes the maps but does not look around. It is one convolution with the kernel $F^{mk}_{uv} = D^m_{uv}P^{mk}$, a product. It holds $Mpq + MK$ weights instead of $MKpq$: a share of
# $$\frac{Mpq + MK}{MKpq} = \frac1K + \frac1{pq} .$$

# %% separable-check
M, K = 3, 4
X, D, P = whole(M, 6, 6), whole(M, 1, 3, 3), whole(K, M, 1, 1)
two_steps = layers.conv2d(layers.depthwise_conv2d(X[None], D), P)
F = P * D[:, 0]  # (K, M, 1, 1) times (M, 3, 3): the product, by broadcasting
assert torch.equal(two_steps, layers.conv2d(X[None], F))  # exact: whole numbers
assert Fraction(M * 9 + M * K, M * K * 9) == Fraction(1, K) + Fraction(1, 9)
assert abs(float(Fraction(1, 256) + Fraction(1, 9)) - 0.115) < 1e-3
print("for 256 maps and a 3×3 kernel: 11.5 % of the weights")

# %% separable-not [markdown]
# The slides call this "a generalisation of the depthwise convolution for $M \ne K$". It is not: that is the depthwise one with a multiplier, and it is no special case of the separable one. Let one map have two depthwise kernels, $(1, 0)$ and $(0, 1)$. A separable convolution has *one* kernel for each input map, up to a factor: its two outputs would be multiples of one another.

# %% separable-not-check
x = torch.tensor([1.0, 5, 2]).reshape(1, 1, 1, 3).double()
two_kernels = layers.conv2d(x, torch.tensor([[1.0, 0], [0, 1]]).double().reshape(2, 1, 1, 2))[0, :, 0]
one_kernel = layers.conv2d(x, torch.tensor([[3.0, 1], [6, 2]]).double().reshape(2, 1, 1, 2))[0, :, 0]
assert two_kernels.tolist() == [[1, 5], [5, 2]]  # exact: whole numbers
assert (one_kernel[1] == 2 * one_kernel[0]).all()
print("two kernels:", two_kernels.tolist(), "  one kernel and its double:", one_kernel.tolist())

# %% pointwise [markdown]
# ## {number} · 1×1: a small network at every pixel
#
# A 1×1 kernel looks at no neighbour. At every place it multiplies the vector of the $M$ maps by the same $K\times M$ matrix: a fully connected layer, applied at each pixel. The slides' example, 32 kernels of 64×1×1, turns 64 features into 32.

# %% pointwise-check
P, X, b = whole(32, 64), whole(64, 5, 6), whole(32)
Y = layers.conv2d(X[None], P[:, :, None, None], b)[0]
assert all(
    torch.equal(Y[:, i, j], P @ X[:, i, j] + b) for i in range(5) for j in range(6)
)  # exact: whole numbers
print(tuple(X.shape), "→", tuple(Y.shape), f"with {count_parameters(layers.Conv2d(64, 32, 1)):,} parameters")

# %% pointwise-bottleneck [markdown]
# So it changes the number of maps cheaply. A **bottleneck** first makes them few, looks around while they are few, and makes them many again: 256 → 64, 3×3, 64 → 256. Compare with a 3×3 on all 256:

# %% pointwise-bottleneck-check
with torch.device("meta"):
    wide = layers.Conv2d(256, 256, 3, bias=False)
    narrow = [layers.Conv2d(256, 64, 1, bias=False), layers.Conv2d(64, 64, 3, bias=False),
              layers.Conv2d(64, 256, 1, bias=False)]  # fmt: skip
counts = count_parameters(wide), sum(map(count_parameters, narrow))
assert counts == (589_824, 69_632)
print(f"{counts[0]:,} weights against {counts[1]:,}: {counts[0] / counts[1]:.1f} times fewer")

# %% transposed [markdown]
# ## {number} · Transposed and dilated: two kinds of zeros
#
# A **transposed** convolution makes maps larger. Read it as *each input number drops a copy of the kernel, times itself*; the copies stand $s$ apart and overlaps add up. With $x = (1, 2, 3)$, the kernel $(1, 10, 100)$ and $s = 2$:
# $$\begin{array}{rrrrrrr} 1 & 10 & 100 \\ & & 2 & 20 & 200 \\ & & & & 3 & 30 & 300 \\ \hline 1 & 10 & 102 & 20 & 203 & 30 & 300 \end{array}$$

# %% transposed-check
x = torch.tensor([1.0, 2, 3]).double().reshape(1, 1, 3)
F = torch.tensor([1.0, 10, 100]).double().reshape(1, 1, 3)
Y = layers.conv_transpose1d(x, F, stride=2)
assert Y.flatten().tolist() == [1, 10, 102, 20, 203, 30, 300]  # exact: whole numbers

# %% transposed-zeros [markdown]
# The slides read it as an ordinary convolution: put $s - 1$ zeros *between the input's elements*, then convolve. They leave two things out: the kernel must be **flipped**, and there is a frame of $d(p-1) - P$ zeros around. With both it is exact:

# %% transposed-zeros-check
spread = layers.insert_zeros(x, 2)  # 1 0 2 0 3; along the one row there is
framed = functional.pad(spread, (2, 2))
assert framed.flatten().tolist() == [0, 0, 1, 0, 2, 0, 3, 0, 0]  # exact: whole numbers
assert torch.equal(layers.conv1d(framed, F.flip(2)), Y)
print("flipped:    ", layers.conv1d(framed, F.flip(2)).flatten().int().tolist())
print("not flipped:", layers.conv1d(framed, F).flatten().int().tolist())

# %% transposed-adjoint [markdown]
# **Why "transposed"?** Write a convolution without bias as a matrix, $y = Ax$. The transposed convolution with the same kernel is $A^{\mathsf T}$. That is the same as the **adjoint identity**: for all $x$ and $y$
# $$\langle Ax,\, y\rangle = \langle x,\, A^{\mathsf T} y\rangle .$$
# In 2-D, with maps: the kernel of $A$ has shape `(K, M, p, q)`, and $A^{\mathsf T}$ takes $K$ maps to $M$.
#
# **Predict first.** Is the transposed convolution the inverse? Does $A^{\mathsf T}Ax$ give $x$ back?
#
# <details><summary>Answer</summary>
#
# No. It gives the *size* back. The name "deconvolution", which is still in use, promises too much.
#
# </details>

# %% transposed-adjoint-check
x, y, F = whole(1, 3, 7, 9), whole(1, 2, 3, 4), whole(2, 3, 3, 3)
Ax = layers.conv2d(x, F, stride=2)
Aty = layers.conv_transpose2d(y, F, stride=2)
assert Ax.shape == y.shape
assert Aty.shape == x.shape
assert (Ax * y).sum() == (x * Aty).sum()  # exact: whole numbers
back = layers.conv_transpose2d(Ax, F, stride=2)
assert back.shape == x.shape
assert not torch.equal(back, x)
print("⟨Ax, y⟩ and ⟨x, Aᵀy⟩ are equal:", bool((Ax * y).sum() == (x * Aty).sum()))

# %% transposed-size [markdown]
# **Back to which size?** With $p = 3$, $s = 2$, $P = 1$ an input of 5 rows and one of 6 both give 3. From 3, the transposed one returns 5, the smaller; `output_padding=1` asks for 6. It adds a row at the bottom that only the later part of a kernel reaches, and no row of zeros around the input.
# $$H' = (H-1)s - 2P + d(p-1) + 1 + \text{output padding}.$$

# %% transposed-size-check
assert [layers.output_size(H, 3, stride=2, padding=1) for H in (5, 6)] == [3, 3]
y, F = whole(1, 1, 3, 3), whole(1, 1, 3, 3)
for extra in (0, 1):
    Y = layers.conv_transpose2d(y, F, stride=2, padding=1, output_padding=extra)
    assert Y.shape[-1] == (3 - 1) * 2 - 2 + 2 + 1 + extra
    x = whole(*Y.shape)
    assert (layers.conv2d(x, F, stride=2, padding=1) * y).sum() == (x * Y).sum()  # exact: whole numbers
    print(f"output_padding {extra}: {Y.shape[-1]} rows")

# %% transposed-uneven [markdown]
# A side effect: where the kernel's size is no multiple of the stride, some places get more copies than others. On a constant input a pattern appears that is not in it, in 2-D a checkerboard (Odena et al. 2016).

# %% transposed-uneven-check
even = layers.conv_transpose1d(torch.ones(1, 1, 4), torch.ones(1, 1, 3), stride=2).flatten().int().tolist()
assert even == [1, 1, 2, 1, 2, 1, 2, 1, 1]
assert set(
    layers.conv_transpose1d(torch.ones(1, 1, 4), torch.ones(1, 1, 4), stride=2).flatten()[2:-2].tolist()
) == {2}
print("kernel 3, stride 2, all numbers 1:", even)

# %% dilated [markdown]
# A **dilated** (atrous) convolution puts $d - 1$ zeros *between the kernel's elements*. A few numbers then reach far: $p$ taps span $d(p-1)+1$ places. Zeros in the input make the output larger, zeros in the kernel make the view wider.

# %% dilated-check
X, F = whole(1, 1, 9, 9), whole(1, 1, 3, 3)
wide_kernel = layers.insert_zeros(F, 3)
assert wide_kernel.shape[-1] == 3 * 2 + 1
assert torch.equal(layers.conv2d(X, F, dilation=3), layers.conv2d(X, wide_kernel))  # exact: whole numbers
print("3 taps, dilation 3:", wide_kernel[0, 0, 0].int().tolist())

# %% deformable [markdown]
# ## {number} · Deformable: a kernel that looks where it wants
#
# In a **deformable** convolution each tap has an offset $(o_{uv}, p_{uv})$. For one input and one output map the slides write
# $$Y_{ij} = \sum_{u,v} X_{i+u-1+o_{uv},\; j+v-1+p_{uv}}\,F_{uv} + b$$
# (with an $X$ on the left, where the output $Y$ is meant). Offsets are no whole numbers in general, so $X$ is read *between* its pixels, by **bilinear interpolation**:
# $$X_{\alpha\beta} = \sum_{s,t} \max(0, 1 - |\alpha - s|)\,\max(0, 1 - |\beta - t|)\,X_{st} .$$
# In one dimension: a quarter of the way from 10 to 20 one reads $\tfrac34\cdot 10 + \tfrac14\cdot 20 = 12.5$.

# %% deformable-figure
figures.sampling_points().show()

# %% deformable-check
row = torch.tensor([10.0, 20, 40]).double().reshape(1, 1, 1, 3)
places = torch.tensor([[0.25, 1.5, 2.0, 2.5, -3.0]]).double()
read = layers.bilinear_sample(row, torch.zeros_like(places), places).flatten()
assert read.tolist() == [12.5, 30, 40, 20, 0]  # exact: halves and quarters
print("at", places[0].tolist(), "one reads", read.tolist())

# %% deformable-outside [markdown]
# At 2.5 half of the weight lies outside of the image, where there are zeros; so 20 is read, and not 40.
#
# **Where do the offsets come from?** The slides *store* $2\times(pq)$ offset numbers beside the $pq$ weights. Dai et al. (2017) do more: an ordinary convolution **predicts** $2pq$ maps from the input, so that each output position has offsets of its own. It starts with zeros, as a plain convolution.

# %% deformable-predicted
torch.manual_seed(1)
net = layers.DeformConv2d(2, 3, 3, padding=1).double()
x = torch.randn(1, 2, 6, 5, dtype=torch.float64)
plain = layers.conv2d(x, net.weight, net.bias, padding=1)
assert torch.allclose(net(x), plain, atol=1e-12)  # all offsets are 0 yet
print({name: tuple(value.shape) for name, value in net.named_parameters()})

# %% deformable-whole [markdown]
# Whole offsets only move taps: if every tap looks one column further right, the output is that of the moved image. And because the offsets depend on the input, so does what an input number is multiplied by: the layer is **not affine**.

# %% deformable-whole-check
F, offset = whole(1, 1, 3, 3), torch.zeros(1, 18, 4, 4).double()
X = whole(1, 1, 6, 6)
offset[:, 1::2] = 1  # (row, column) for each tap, one after the other: all columns + 1
moved = functional.pad(X, (0, 1))[..., 1:]
assert torch.allclose(layers.deform_conv2d(X, offset, F), layers.conv2d(moved, F), atol=1e-12)
(row,) = (row for row in verdicts.ROWS if row.name == "deformable convolution")
assert not verdicts.examine(row).affine

# %% sharing [markdown]
# ## {number} · Why it works: sharing and locality
#
# "Why are convolutional networks so efficient?" ask the slides, and answer: because filters are **shared**. Three layers with the same inputs and outputs:

# %% sharing-figure
figures.shared_weights().show()

# %% sharing-count [markdown]
# Let the input have $d_1$ maps of $w_1\times h_1$, the output $d_2$ maps of $w_2\times h_2$, the window be $w\times h$. Without biases:
# $$N_c = d_1 w h\, d_2, \qquad N_{lc} = d_1 w h\, d_2\, w_2 h_2, \qquad N_{fc} = d_1 w_1 h_1\, d_2\, w_2 h_2 .$$
# $$\frac{N_{fc}}{N_c} = \underbrace{\frac{w_1 h_1}{w h}}_{\text{locality}}\cdot\underbrace{w_2 h_2}_{\text{sharing}} .$$
# Going from fully connected to locally connected is *locality*, going on to the convolution is *sharing*. The slides call locally connected "partial sharing" and its factor $N_{lc}/N_c = w_2h_2$ a gain. It shares **nothing**, each place has a kernel of its own, and the factor is a loss.

# %% sharing-count-check
d1, w1, h1, d2, w, h = 3, 28, 28, 8, 5, 5
w2, h2 = 24, 24  # VALID: 28 less 4
with torch.device("meta"):
    convolution, local = (
        layers.Conv2d(d1, d2, 5, bias=False),
        layers.LocallyConnected2d(d1, d2, 28, 5, bias=False),
    )
    full = layers.Linear(d1 * w1 * h1, d2 * w2 * h2, bias=False)
N_c, N_lc, N_fc = map(count_parameters, (convolution, local, full))
assert N_c == d1 * w * h * d2
assert N_lc == N_c * w2 * h2
assert Fraction(N_fc, N_c) == Fraction(w1 * h1, w * h) * w2 * h2
print(f"convolution {N_c:,}, locally connected {N_lc:,}, fully connected {N_fc:,}")

# %% sharing-bars
figures.parameter_counts().show()

# %% sharing-run [markdown]
# ### What sharing buys: a run
#
# Fewer numbers are not the point by themselves. Here is what they buy. Handwritten digits, 8×8, stand somewhere in a field of 8 rows and 24 columns. **In training they stand in columns 0 to 11 only.** Afterwards they are shown in columns 12 to 19, where no digit has stood. Three networks, alike but for the first layer: a convolution, a locally connected one with the same windows, a fully connected one; then ReLU, for the first two the maximum over all places, and a linear layer to ten scores. Five seeds each.
#
# **Predict first.** Guessing at random errs on 90 %. What will each of the three do at the new place?


# %% sharing-networks
def first_layer(kind):
    if kind == "convolution":
        return layers.Conv2d(1, 32, 6)  # 32 maps of 3×19
    if kind == "locally connected":
        return layers.LocallyConnected2d(1, 32, (8, 24), 6)
    return nn.Sequential(nn.Flatten(), layers.Linear(8 * 24, 32))


class Network(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.first, self.last = first_layer(kind), layers.Linear(32, 10)

    def forward(self, x):
        h = self.first(x).relu()
        return self.last(h.amax((2, 3)) if h.dim() == 4 else h)


# %% sharing-train
digits = load_digits()
images, labels = torch.from_numpy(digits.images).float() / 16, torch.from_numpy(digits.target)
order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
train, test = order[:1200], order[1200:]


def placed(which, column):
    """Digits in a field of 8×24, their left edge in that column."""
    return functional.pad(images[which], (column, 16 - column))[:, None]


def fit(net, seed, epochs=6):
    optimiser, random = torch.optim.Adam(net.parameters(), lr=0.01), torch.Generator().manual_seed(seed)
    for _ in range(epochs):
        for batch in train[torch.randperm(len(train), generator=random)].split(60):
            column = int(torch.randint(5, (1,), generator=random))  # 0 to 4: columns 0 to 11
            loss = functional.cross_entropy(net(placed(batch, column)), labels[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return net


# %% sharing-results
def error(net, column):
    with torch.no_grad():
        return 100 * (net(placed(test, column)).argmax(1) != labels[test]).double().mean().item()


kinds = ("convolution", "locally connected", "fully connected")
errors = {kind: [] for kind in kinds}  # of each network: at a place of the training, at a new place
for kind in kinds:
    for seed in range(5):
        torch.manual_seed(seed)
        net = fit(Network(kind), seed)
        errors[kind].append((error(net, 2), error(net, 12)))

# %% sharing-table tags=["nbval-ignore-output"]
print(f"{'':20}{'parameters':>11}{'old place':>20}{'new place':>20}")
for kind in kinds:
    old, new = zip(*errors[kind], strict=True)
    ranges = [f"{min(one):.1f} to {max(one):.1f} %" for one in (old, new)]
    print(f"{kind:20}{count_parameters(Network(kind)):>11,}{ranges[0]:>20}{ranges[1]:>20}")

# %% sharing-notice [markdown]
# At the old place all three have learned something, the convolution most. At the new place the convolution errs about as often as at the old one (within 1½ percentage points): *its kernels are the same there, and the maximum does not ask where*. The two others are near chance. What they know about digits, they know about columns 0 to 11. This is one task, small networks and one rate for all; it shows what sharing does, it ranks nothing else.

# %% sharing-notice-check
for old, new in errors["convolution"]:
    assert old < 12
    assert (
        abs(new - old) < 1.5
    )  # percentage points: what it sees is the same, but for the empty columns around
for kind in kinds[1:]:
    assert all(old < 40 and new > 60 for old, new in errors[kind])

# %% sharing-equivariant [markdown]
# **"Invariant (equivariant)"**, say the slides. Two words for two things. A convolution is **equivariant** to shifts: move the input, and the output moves with it. **Invariant** would be: the output stays. The maximum over all places, behind it, made our network invariant. (On a circle, so that nothing falls off the edge:)

# %% sharing-equivariant-check
X, F = whole(1, 2, 6, 8), whole(3, 2, 3, 3)


def f(x):
    return layers.conv2d(x, F, padding=1, padding_mode="circular")


moved = X.roll((2, -3), (2, 3))
assert torch.equal(f(moved), f(X).roll((2, -3), (2, 3)))  # exact: whole numbers
assert not torch.equal(f(moved), f(X))
assert torch.equal(f(moved).amax((2, 3)), f(X).amax((2, 3)))
print("equivariant: yes   invariant: no   the maximum over all places: invariant")

# %% pooling [markdown]
# ## {number} · Pooling
#
# "Was the pattern found around here?" **Pooling** sums a window up, in each map by itself: by the mean or by the maximum. It keeps the depth. The 3×3 mean of the same 5×5 input as above, and the slides' shape example `MaxPool2d((3, 2), stride=(2, 1))`:

# %% pooling-check
mean = layers.avg_pool2d(X5[None, None], 3, stride=1)[0, 0]
assert [[round(v, 1) for v in row] for row in mean.tolist()] == [
    [1.7, 1.7, 1.7],
    [1.0, 1.2, 1.8],
    [1.1, 0.8, 1.3],
]
largest = layers.max_pool2d(X5[None, None], 3, stride=1)[0, 0]
assert largest.tolist() == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]  # exact: whole numbers
x = torch.zeros(20, 16, 50, 32)
assert layers.max_pool2d(x, (3, 2), stride=(2, 1)).shape == (20, 16, 24, 31)
print("mean", [[round(v, 1) for v in row] for row in mean.tolist()])
print("max ", largest.int().tolist())

# %% pooling-mean [markdown]
# The mean is a depthwise convolution with the kernel $1/(pq)$. The maximum is none (unit 2).

# %% pooling-mean-check
nine = torch.full((1, 1, 3, 3), 1 / 9, dtype=torch.float64)
assert torch.allclose(layers.conv2d(X5[None, None], nine)[0, 0], mean, atol=1e-12)

# %% pooling-gradient [markdown]
# **The gradient of a maximum.** The slides:
# $$\frac{\partial \max[f(w), g(w)]}{\partial w} = \begin{cases} \partial f/\partial w, & f \ge g \\ \partial g/\partial w, & f < g. \end{cases}$$
# The gradient goes where the maximum was, all of it, and nothing to the others. **For a tie** the formula takes the first, $f$. PyTorch does so too: of several equal maxima the first one, row by row, gets everything. A place that is the maximum of several windows collects from each.
#
# By hand, in one row, window 2, stride 1: of $(1, 5, 5, 2)$ the windows are $(1, 5), (5, 5), (5, 2)$. The maxima stand at the places 2, 2 (a tie: the first) and 3. If each output passes back a 1, the gradient is $(0, 2, 1, 0)$.

# %% pooling-gradient-check
x = torch.tensor([1.0, 5, 5, 2]).double().reshape(1, 1, 1, 4).requires_grad_()
for pool in (layers.max_pool2d, functional.max_pool2d):  # ours, and the framework's
    (slope,) = torch.autograd.grad(pool(x, (1, 2), stride=1).sum(), x)
    assert slope.flatten().tolist() == [0, 2, 1, 0]  # exact: whole numbers
print(slope.flatten().int().tolist())

# %% walk [markdown]
# ## {number} · A walk through the shapes
#
# The slides' walk: a 28×28 image, 3×3 convolution, pooling by 2, 3×3 convolution, pooling by 2: 28 → 26 → 13 → 11 → 5. The last step loses a row: 11 is odd.

# %% walk-check
x = torch.randn(1, 1, 28, 28)
sizes = [28]
for step in (layers.Conv2d(1, 6, 3), nn.MaxPool2d(2), layers.Conv2d(6, 16, 3), nn.MaxPool2d(2)):
    x = step(x)
    sizes.append(x.shape[-1])
assert sizes == [28, 26, 13, 11, 5]
figures.shape_walk(((1, 28), (6, 26), (6, 13), (16, 11), (16, 5)), title="28 → 26 → 13 → 11 → 5").show()

# %% matrix [markdown]
# ## {number} · The layer as a matrix
#
# A convolution without bias is linear, so it is a matrix $A$ that acts on the input, written as one long column. In one dimension, six places and the kernel $(1, 2, 3)$:
# $$A = \begin{bmatrix} 1 & 2 & 3 \\ & 1 & 2 & 3 \\ & & 1 & 2 & 3 \\ & & & 1 & 2 & 3 \end{bmatrix}.$$
# Each row is the row above, moved by one: a **Toeplitz** matrix. That *is* weight sharing.

# %% matrix-check
kernel = torch.tensor([1.0, 2, 3]).double().reshape(1, 1, 1, 3)
A = layers.convolution_matrix(kernel, (1, 6))
x = whole(6)
assert torch.equal(A @ x, layers.conv2d(x.reshape(1, 1, 1, 6), kernel).flatten())  # exact: whole numbers
print(A.int())

# %% matrix-cases [markdown]
# Everything in this unit is a statement about that matrix. In 2-D it has blocks that are Toeplitz themselves.

# %% matrix-figure
figures.matrices().show()

# %% matrix-table [markdown]
# | layer | its matrix |
# |---|---|
# | convolution | Toeplitz blocks: few weights, many places |
# | stride | every $s$-th row of it |
# | dilation | the diagonals stand further apart |
# | groups | block-diagonal |
# | 1×1 | one number for each pair of maps, along whole diagonals |
# | transposed | $A^{\mathsf T}$ |
# | locally connected | the same pattern, every number its own |
# | fully connected | full |
# | two in a row | the product (unit 2 begins here) |

# %% matrix-table-check
x, F, G = whole(1, 1, 7, 7), whole(1, 1, 3, 3), whole(1, 1, 2, 2)
A = layers.convolution_matrix(F, (7, 7))
Ay = layers.conv2d(x, F)
assert torch.equal(
    layers.convolution_matrix(F, (7, 7), stride=2), A.reshape(5, 5, 49)[::2, ::2].reshape(9, 49)
)
assert torch.equal(A.T @ Ay.flatten(), layers.conv_transpose2d(Ay, F).flatten())  # exact: whole numbers
assert torch.equal(layers.convolution_matrix(G, (5, 5)) @ A @ x.flatten(), layers.conv2d(Ay, G).flatten())
two_groups = layers.convolution_matrix(whole(2, 1, 3, 3), (7, 7), groups=2)
assert not two_groups[:25, 49:].any()
assert not two_groups[25:, :49].any()

# %% gradient [markdown]
# ## {number} · Backwards through a convolution
#
# Training needs the gradients of a loss $L$. Let $G_i = \partial L/\partial Y_i$ come from above. In one dimension $Y_i = \sum_u X_{i+u-1}F_u + b$, so by the chain rule
# $$\frac{\partial L}{\partial F_u} = \sum_i G_i\, X_{i+u-1}, \qquad \frac{\partial L}{\partial X_a} = \sum_{i+u-1 = a} G_i\, F_u, \qquad \frac{\partial L}{\partial b} = \sum_i G_i .$$
# Read them: **∂L/∂F is the convolution of $X$ with the kernel $G$** (the window is as large as the output). **∂L/∂X is the transposed convolution of $G$** with the same kernel: each $G_i$ drops a copy of $F$. So going back needs nothing new.
#
# By hand: $X = (1, 2, 0, 3)$, $F = (2, -1)$, $G = (1, 0, 5)$. Then $\partial L/\partial F = (1\cdot 1 + 5\cdot 0,\; 1\cdot 2 + 5\cdot 3) = (1, 17)$ and $\partial L/\partial X = (2, -1, 0, 0) + (0, 0, 10, -5) = (2, -1, 10, -5)$.

# %% gradient-check
X = torch.tensor([1.0, 2, 0, 3]).double().reshape(1, 1, 4).requires_grad_()
F = torch.tensor([2.0, -1]).double().reshape(1, 1, 2).requires_grad_()
b = torch.zeros(1, dtype=torch.float64, requires_grad=True)
G = torch.tensor([1.0, 0, 5]).double().reshape(1, 1, 3)
X_grad, F_grad, b_grad = torch.autograd.grad((layers.conv1d(X, F, b) * G).sum(), (X, F, b))
assert F_grad.flatten().tolist() == [1, 17]  # exact: whole numbers
assert X_grad.flatten().tolist() == [2, -1, 10, -5]
assert b_grad.item() == 6
assert torch.equal(F_grad, layers.conv1d(X, G))
assert torch.equal(X_grad, layers.conv_transpose1d(G, F))

# %% gradient-plane [markdown]
# In 2-D with many maps, a stride, a frame: ∂L/∂X is still the transposed convolution with the same kernel, stride and frame. As matrices: $y = Ax$ gives $\partial L/\partial x = A^{\mathsf T}G$. Unit 3 follows such gradients through many layers.

# %% gradient-plane-check
X, F = whole(1, 3, 7, 9).requires_grad_(), whole(2, 3, 3, 3)
Y = layers.conv2d(X, F, stride=2, padding=1)
G = whole(*Y.shape)
(X_grad,) = torch.autograd.grad((Y * G).sum(), X)
assert torch.equal(X_grad, layers.conv_transpose2d(G, F, stride=2, padding=1))  # exact: whole numbers
print("∂L/∂X is the transposed convolution of G:", tuple(X_grad.shape))

# %% summary [markdown]
# ## Summary
#
# - A convolution is a scalar product that slides: the same kernel at every place, a kernel $F^{mk}$ for each pair of maps, a bias for each output map. With a bias it is affine.
# - $H' = \lfloor (H + 2P - d(p-1) - 1)/s\rfloor + 1$; $(Mpq+1)K$ parameters, whatever the size of the image; $L$ layers of 3×3 see $2L + 1$ places.
# - Groups drop what joins them; depthwise is one map each; separable is a product; 1×1 is a matrix at every pixel.
# - Transposed: zeros between the inputs, a flipped kernel, $A^{\mathsf T}$ and no inverse. Dilated: zeros between the taps. Deformable: offsets that depend on the input, so not affine.
# - Locality and sharing make it small; sharing makes it equivariant. In our run that carried digits to a place where none had been seen.
# - Backwards: ∂L/∂X is a transposed convolution of $G$, ∂L/∂F is the convolution of $X$ with $G$.

# %% verdicts [markdown]
# ## The verdict table: its first rows
#
# The question of unit 2 is: which layers *are* convolutions? The table grows with the course. Three questions to a layer $f$ with stride $s$. **Affine?** $f$ of the middle of two inputs is the middle of their outputs. **Commutes with shifts?** If the input moves by $s$, the output moves by 1: on the plane, where every output reads a finite window, or only on a circle, where the image closes at its edges. **Same weights for every input?** The slopes $\partial f/\partial x$ do not depend on $x$: the first question once more, asked of the weights; where the answer is no, they are computed from the input. Three times yes, on the plane: a convolution with a bias.

# %% verdicts-table
verdicts.table(upto=1)

# %% verdicts-check [markdown]
# The rows of this unit, each run. The three answers are asserted; printed is the shape of the kernel, where there is one.

# %% verdicts-run
for row in verdicts.ROWS:
    if row.unit == 1:
        found = verdicts.examine(row)
        assert (found.affine, found.commutes, found.same_weights) == (
            row.affine,
            row.commutes,
            row.same_weights,
        )
        assert (found.kernel is not None) == row.is_convolution
        print(f"{row.name:50}", found.kernel or "no convolution")

# %% corrections [markdown]
# **Where the slides were wrong**, each with its run above. The deformable formula has $X$ on its left, and its offsets are predicted for each place, not stored (section {section:deformable}). "Invariant (equivariant)": equivariant (section {section:sharing}). "Partial sharing" shares nothing, and its factor is a loss (section {section:sharing}). Grouping does not split the filter, it drops blocks; separable is no generalisation of depthwise (section {section:groups}). Zeros between the inputs are not enough for a transposed convolution: the kernel must be flipped, and framed (section {section:transposed}). The lower indices $i, j$ are not "horizontal and vertical": $i$ is the row (section {section:tensors}).

# %% sources [markdown]
# **Sources.** V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning* (2016), figures 1.1 and 2.1, relationships 5 to 15 · I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning* (2016), sections 9.2, 9.3 and 9.5, equation (9.9) · Y. LeCun et al., *Gradient-Based Learning Applied to Document Recognition* (1998), section II.A · A. Krizhevsky, I. Sutskever, G. Hinton, *ImageNet Classification with Deep Convolutional Neural Networks* (2012), section 3.5 (groups) · M. Lin, Q. Chen, S. Yan, *Network in Network* (2014), section 3.1 (1×1) · F. Chollet, *Xception* (2017), section 1 · M. Zeiler et al., *Deconvolutional Networks* (2010) · F. Yu, V. Koltun, *Multi-Scale Context Aggregation by Dilated Convolutions* (2016), section 2 · A. Odena, V. Dumoulin, C. Olah, *Deconvolution and Checkerboard Artifacts* (2016) · J. Dai et al., *Deformable Convolutional Networks* (2017), sections 2.1 and 2.2, equations (2) to (4) · digits and photographs: scikit-learn, scikit-image.
