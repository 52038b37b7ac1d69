# %% title [markdown]
# # Exercises 5 · Architectures
#
# The lecture is [`05-architectures`](../../lectures/05-architectures.ipynb). Work from top to bottom; no exercise needs the answer to another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. The checks notice a call to a ready answer,
# be it the framework's or the course's.

# %% setup
import torch

from nonconv.checks import check, todo

# %% table-card [markdown]
# ## 1 · The parameters of a network, layer by layer
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | follow the sizes through a network and count what it learns | 15 | ●●○○○ | lecture, sections 1 and 4 |
#
# A network is given by `M` square maps of `size` rows, and by its `rows`, one for each layer:
#
# - `("conv", K, p)`: a p×p convolution to `K` maps, stride 1, no border, with a bias;
# - `("pool", s)`: s×s pooling with stride s; what does not fill a window is dropped;
# - `("fc", K)`: all numbers so far, flattened, to `K` numbers, with a bias.
#
# Write `parameter_table(M, size, rows)`. It returns a list: the number of parameters of each layer *that has any*, in order.
#
# By hand: one map of 6×6, `(("conv", 2, 3), ("pool", 2), ("fc", 4))`. The convolution learns $(9 + 1)\cdot 2 = 20$ numbers, and its maps are 4×4. Pooled, they are 2×2. So the last layer
# sees $2\cdot 2\cdot 2 = 8$ numbers and learns $(8 + 1)\cdot 4 = 36$. The answer is `[20, 36]`.

# %% table-predict [markdown]
# **Predict first.** LeNet-5 takes 32×32 pixels: 5×5 to 6 maps, pool, 5×5 to 16 maps, pool, then three fully connected layers of 120, 84 and 10. Which layer holds most of its 61,706 parameters?
#
# <details><summary>Answer</summary>
#
# The third, C5: $(400 + 1)\cdot 120 = 48{,}120$, more than three quarters. The two convolutions together have 2,572.
#
# </details>


# %% table role="answer"
def parameter_table(M, size, rows):
    ### BEGIN SOLUTION Walk through the rows, keep track of the maps and their size, and return the list of parameter counts.
    counts = []
    numbers = M * size * size
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((M * p * p + 1) * K)
            size = size - p + 1
            M = K
            numbers = M * size * size
        elif kind == "pool":
            size = size // arguments[0]
            numbers = M * size * size
        else:
            counts.append((numbers + 1) * arguments[0])
            numbers = arguments[0]
    return counts
    ### END SOLUTION


# %% parameter-table-values role="check"
check("parameter-table-values", parameter_table)

# %% table-hints [markdown]
# <details><summary>Hint 1: what to remember on the way</summary>
#
# The number of maps and their size; behind a fully connected layer only the number of numbers.
#
# </details>
# <details><summary>Hint 2: the formulas</summary>
#
# A p×p convolution from $M$ to $K$ maps learns $(Mp^2 + 1)\,K$ numbers and leaves `size - p + 1` rows. A layer from $n$ to $K$ numbers learns $(n + 1)\,K$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `kind, *rest = row` takes a row apart. For a convolution, `rest` is `[K, p]`.
#
# </details>

# %% parameter-table-more role="hidden"
# Runs when your work is graded (1 point): the slides' CNN, colour images, poolings that drop a row, no convolution at all.

# %% deck-card [markdown]
# **The same as a formula.** The slides' CNN takes one map of 28×28: 5×5 to $n$ maps, 2×2 pooling, 5×5 to $n$ maps, 2×2 pooling, fully connected to 50, fully connected to 10. All have biases.
# Write `deck_parameters(n)`: how many numbers does it learn?
#
# Your function is given a **symbol**, not a number, and returns a formula in it, such as `3 * n**2 + 1`. Two formulas that are equal are both right. For $n = 6$ the answer is 6,422.


# %% deck role="answer"
def deck_parameters(n):
    ### BEGIN SOLUTION Return a formula in n: the parameters of the four layers that have any, added up.
    return 26 * n + (25 * n + 1) * n + (16 * n + 1) * 50 + 51 * 10
    ### END SOLUTION


# %% deck-parameters role="check"
check("deck-parameters", deck_parameters)

# %% deck-hints [markdown]
# <details><summary>Hint</summary>
#
# Sizes first: 28 → 24 → 12 → 8 → 4. So the first fully connected layer sees $n$ maps of 4×4.
#
# </details>

# %% deck-bonus [markdown]
# **Bonus.** Count multiply–adds as well. In LeNet-5, which layer costs most? It is not the one with most parameters.

# %% fc-card [markdown]
# ## 2 · `fc1` is a 4×4 convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write a fully connected layer as a convolution | 10 | ●●○○○ | lecture, section 2 |
#
# In the slides' CNN, `x.view(-1, n*4*4)` flattens $n$ maps of 4×4, and `fc1` multiplies by its matrix. That is a convolution whose kernel is as large as its input.
#
# Write `fc_kernel(W, M, p, q)`. `W` is the matrix of shape `(K, M*p*q)` of a layer that stands behind the flattening of `M` maps of p rows and q columns. Return the kernel, of shape `(K, M, p, q)`, with which
# `conv2d` gives the same $K$ numbers. (The bias stays as it is.)
#
# By hand: one map, p = 1, q = 2. The matrix with the rows $(1, 2)$ and $(3, 4)$ becomes two kernels of one row: $(1\;2)$ and $(3\;4)$.

# %% fc-predict [markdown]
# **Predict first.** The layer, written as a convolution, is given 7×7 maps in place of 4×4. What comes out?
#
# <details><summary>Answer</summary>
#
# A 4×4 map of answers, one for each 4×4 window. The fully connected layer itself would refuse: its matrix has no columns for more numbers.
#
# </details>


# %% fc role="answer"
def fc_kernel(W, M, p, q):
    ### BEGIN SOLUTION Give the numbers of W the shape of a kernel, in the order in which flattening has put them.
    return W.reshape(len(W), M, p, q)
    ### END SOLUTION


# %% fc-kernel-values role="check"
check("fc-kernel-values", fc_kernel)

# %% fc-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Flattening writes map after map, in each map row after row. Column $j$ of the matrix belongs to one place of one map: which one?
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# `reshape` reads and writes numbers in the same order as flattening does, the last axis fastest.
#
# </details>

# %% fc-kernel-not-square role="hidden"
# Runs when your work is graded (1 point): maps that are not square.

# %% fc-shown [markdown]
# **What you have shown.** Whether LeNet-5's third layer is a convolution or fully connected is a question of words, for the one size it is made for. On larger images only the convolution goes on.

# %% inception-card [markdown]
# ## 3 · Inception: what the bottlenecks save
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | count a module with and without 1×1 bottlenecks | 15 | ●●○○○ | lecture, section 6 |
#
# An Inception module sends $M$ maps through four branches and puts their maps one after the other. `row` holds six numbers, in the order of the paper's table 1:
# `(one, reduce_three, three, reduce_five, five, pool)`.
#
# | branch | with bottlenecks | without |
# |---|---|---|
# | 1 | 1×1 to `one` | 1×1 to `one` |
# | 2 | 1×1 to `reduce_three`, 3×3 to `three` | 3×3 to `three` |
# | 3 | 1×1 to `reduce_five`, 5×5 to `five` | 5×5 to `five` |
# | 4 | 3×3 max pooling, 1×1 to `pool` | 3×3 max pooling |
#
# Write `inception_weights(M, row)`. It returns four numbers: the weights (no biases) with bottlenecks and without, then the maps that come out with bottlenecks and without.

# %% inception-predict [markdown]
# **Predict first.** Module 3a has $M = 192$ and the row (64, 96, 128, 16, 32, 32). Without bottlenecks, are there more or fewer maps at the output?
#
# <details><summary>Answer</summary>
#
# More: the pooling branch passes on all 192 maps, so 416 in place of 256. The next module would have to read them all. Stacked, such modules grow and grow.
#
# </details>


# %% inception role="answer"
def inception_weights(M, row):
    one, reduce_three, three, reduce_five, five, pool = row
    ### BEGIN SOLUTION Return four numbers: weights with and without bottlenecks, output maps with and without.
    with_them = M * one + M * reduce_three + 9 * reduce_three * three
    with_them += M * reduce_five + 25 * reduce_five * five + M * pool
    without = M * one + 9 * M * three + 25 * M * five
    return with_them, without, one + three + five + pool, one + three + five + M
    ### END SOLUTION


# %% inception-weights-values role="check"
check("inception-weights-values", inception_weights)

# %% inception-hints [markdown]
# <details><summary>Hint 1: one layer</summary>
#
# A p×p convolution from $a$ to $b$ maps has $a\,b\,p^2$ weights. Max pooling has none.
#
# </details>
# <details><summary>Hint 2: which maps go where</summary>
#
# With bottlenecks, the 3×3 reads `reduce_three` maps. Without, it reads all $M$.
#
# </details>

# %% inception-weights-table role="hidden"
# Runs when your work is graded (1 point): other rows of table 1.

# %% share-card [markdown]
# **As a formula.** A p×p convolution from $M$ to $K$ maps, once directly, once behind a 1×1 bottleneck of $r$ maps. Write `bottleneck_share(M, K, p, r)`: the weights of the two layers with the bottleneck,
# divided by the weights of the direct one. No biases. The arguments are symbols, and you return a formula in them; write `/`.

# %% share-predict [markdown]
# **Predict first.** $M = K = 64$, $p = 1$, $r = 32$. Does the bottleneck save anything?
#
# <details><summary>Answer</summary>
#
# No: $64\cdot 32 + 32\cdot 64 = 64\cdot 64$. The share is exactly 1. For a 1×1 layer a bottleneck pays only below half of the maps.
#
# </details>


# %% share role="answer"
def bottleneck_share(M, K, p, r):
    ### BEGIN SOLUTION Return a formula: the weights of 1×1 and p×p together, divided by those of the direct p×p.
    return (M * r + p**2 * r * K) / (p**2 * M * K)
    ### END SOLUTION


# %% bottleneck-share role="check"
check("bottleneck-share", bottleneck_share)

# %% share-hints [markdown]
# <details><summary>Hint</summary>
#
# Two layers: 1×1 from $M$ to $r$ maps, p×p from $r$ to $K$ maps. Where does each letter stand?
#
# </details>

# %% share-bonus [markdown]
# **Bonus.** Up to which $r$ does it pay? And why is "1×1 and p×p" not the same *function* as "p×p directly", even without a ReLU between?

# %% residual-card [markdown]
# ## 4 · The gradient of a residual block
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the chain rule with and without a skip | 15 | ●●●○○ | lecture, section 7 |
#
# A block of two layers, and a skip around it: $y = f(x) + x$ with $f(x) = W_2\,\mathrm{ReLU}(W_1 x)$. The gradient arrives from above as $g = \partial L/\partial y$, and
# $$\frac{\partial L}{\partial x} = f'(x)^{\mathsf T} g + g, \qquad \text{without the skip} \quad \frac{\partial L}{\partial x} = f'(x)^{\mathsf T} g .$$
# Write `residual_backward(x, W1, W2, g)`. It returns both vectors, first the one with the skip. Write the chain rule out: the check compares with autograd.
#
# - `x`, `g`: shape `(n,)`; `W1`: `(h, n)`; `W2`: `(n, h)`. ReLU's slope at 0 counts as 0.
#
# By hand: $n = h = 1$, $x = 2$, $W_1 = 3$, $W_2 = -1$, $g = 5$. $W_1x = 6 > 0$, so $f' = -1\cdot 1\cdot 3 = -3$. Without the skip $-15$, with it $-10$.


# %% residual role="answer"
def residual_backward(x, W1, W2, g):
    ### BEGIN SOLUTION Go backwards through W2, ReLU and W1; return the gradient with the skip and the one without.
    open_gates = (W1 @ x > 0).to(g.dtype)
    through = W1.T @ (open_gates * (W2.T @ g))
    return through + g, through
    ### END SOLUTION


# %% residual-backward-values role="check"
check("residual-backward-values", residual_backward)

# %% residual-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Backwards, each matrix becomes its transpose, and the order turns around: first $W_2$, then ReLU, then $W_1$.
#
# </details>
# <details><summary>Hint 2: ReLU</summary>
#
# ReLU passes on the gradient where its *input* was positive, that is where $W_1 x > 0$, and stops it elsewhere.
#
# </details>

# %% residual-backward-sizes role="hidden"
# Runs when your work is graded (1 point): more hidden units than inputs, and fewer; units that are closed, or exactly at 0.

# %% cancel-card [markdown]
# ### Does a skip keep every gradient alive?
#
# One reads that with a skip "the gradient cannot vanish", since $g$ itself stands in the formula. Disprove it. Write `lost_in_spite_of_the_skip()`. It returns `(x, W1, W2, g)` as above, $g \ne 0$, such that
# $\partial L/\partial x = 0$ *with* the skip. Any such numbers are accepted. (All in one dtype; `torch.tensor([[1.0]])` is a 1×1 matrix.)


# %% cancel role="answer"
def lost_in_spite_of_the_skip():
    ### BEGIN SOLUTION Return (x, W1, W2, g) for which the two terms of the gradient cancel.
    x, g = torch.tensor([1.0]), torch.tensor([1.0])
    return x, torch.tensor([[1.0]]), torch.tensor([[-1.0]]), g  # f(x) = -x for x > 0, so y = 0
    ### END SOLUTION


# %% lost-in-spite-of-the-skip role="check"
check("lost-in-spite-of-the-skip", lost_in_spite_of_the_skip)

# %% cancel-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# The two terms must cancel: $f'(x)^{\mathsf T} g = -g$. Take $n = h = 1$: which slope must $f$ have?
#
# </details>
# <details><summary>Hint 2: which function is that</summary>
#
# $f(x) = -x$. Then $y = 0$ whatever $x$ is, and of course nothing comes back.
#
# </details>

# %% cancel-shown [markdown]
# **What you have shown.** A skip makes it *unlikely* that a gradient is lost, since $f$ would have to undo the identity. It does not make it impossible.

# %% depth-card [markdown]
# ## 5 · The gradient by depth, with and without skips
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | measure it, predict it, say what it means | 30 | ●●●○○ | lecture, section 7; unit 3, section 4 |
#
# $L$ blocks $x_l = W_l\,\mathrm{ReLU}(x_{l-1})$, or with skips $x_l = W_l\,\mathrm{ReLU}(x_{l-1}) + x_{l-1}$. At the top arrives $g = \partial E/\partial x_L$.
# Write `gradient_norms(W, x, g, skip)`. It returns the norms $\|\partial E/\partial x_l\|$ for $l = 0, \dots, L$, a tensor of shape `(L + 1,)`. The last one is $\|g\|$.
#
# - `W`: shape `(L, n, n)`; `x` (that is $x_0$) and `g`: shape `(n,)`; `skip`: `True` or `False`.
#
# Autograd is allowed here.


# %% depth role="answer"
def gradient_norms(W, x, g, skip):
    ### BEGIN SOLUTION Run the blocks forwards, then the gradient backwards; return the norms for l = 0 … L as one tensor.
    values = [x]
    for W_l in W:
        after = W_l @ torch.relu(values[-1])
        values.append(after + values[-1] if skip else after)
    gradients = [g]
    for W_l, before in zip(W.flip(0), reversed(values[:-1]), strict=True):
        through = torch.where(before > 0, W_l.T @ gradients[-1], 0)
        gradients.append(through + gradients[-1] if skip else through)
    return torch.stack([gradient.norm() for gradient in reversed(gradients)])
    ### END SOLUTION


# %% gradient-norms-values role="check"
check("gradient-norms-values", gradient_norms)

# %% depth-hints [markdown]
# <details><summary>Hint 1: with autograd</summary>
#
# Keep all $x_l$ in a list, beginning with `x.clone().requires_grad_()`. Then `torch.autograd.grad(last, list, g)` gives one gradient for each. The last of them is $g$ itself.
#
# </details>
# <details><summary>Hint 2: by hand</summary>
#
# Go through the blocks from the last to the first: $\text{gate}\odot W_l^{\mathsf T}g$, plus $g$ if there is a skip. The gate is $x_{l-1} > 0$, where ReLU was open: what went *into* the block, not what came out of it.
#
# </details>

# %% gradient-norms-deep role="hidden"
# Runs when your work is graded (1 point): thirty blocks; one block.

# %% growth-card [markdown]
# **Predict the curve.** Draw the numbers of $W_l$ at random, independent, with mean 0 and variance $c/n$, where $n$ is the width ($c = 2$ is He's initialisation). As in unit 3, take half of the ReLUs to be open, and $W_l$ as independent of what comes from above. By which factor is the
# *squared* norm of the gradient multiplied, on average, on its way down through one block? Write `growth(c)`. It returns two formulas in the symbol $c$: the factor without a skip, and the factor with one.

# %% growth-predict [markdown]
# **Predict first.** He's initialisation keeps the gradient of a plain ReLU network: the factor is 1. What do skips do to it then?
#
# <details><summary>Answer</summary>
#
# Two parts of equal size that know nothing of each other are added: their squares add up, so the squared norm is doubled in *each* block. After 50 blocks the norm has grown by $2^{25} \approx 3\cdot 10^7$. Skips cure vanishing, and can cause the opposite.
#
# </details>


# %% growth role="answer"
def growth(c):
    ### BEGIN SOLUTION Return the two factors of the squared norm, first without a skip, then with one, as formulas in c.
    through = c / 2  # n weights of variance c/n, half of the gates open
    return through, 1 + through
    ### END SOLUTION


# %% growth-factors role="check"
check("growth-factors", growth)

# %% growth-hints [markdown]
# <details><summary>Hint 1: without a skip</summary>
#
# A component of $W^{\mathsf T}g$ is a sum of $n$ terms $W_{ij} g_i$, of variance $\frac cn g_i^2$ each. So each component has the variance $\frac cn\|g\|^2$. There are $n$ of them, and the gate lets half of them through.
#
# </details>
# <details><summary>Hint 2: with a skip</summary>
#
# $\|a + g\|^2 = \|a\|^2 + 2\langle a, g\rangle + \|g\|^2$. The weights have mean 0: what is the mean of the middle term?
#
# </details>

# %% growth-bonus [markdown]
# **Bonus.** With the ReLU behind the matrix, $x_l = \mathrm{ReLU}(W_l x_{l-1}) + x_{l-1}$, the gradient grows much faster than this. Measure it. Which assumption fails? (What is added is never negative: look at the mean of $x_l$.)

# %% words-card [markdown] role="locked"
# ### What does it mean?
#
# Measure with your `gradient_norms`: $L = 50$ blocks of $n = 64$, for $c = 1$ and $c = 2$, with and without skips, for a few seeds. (`torch.randn(50, 64, 64) * (c / 64) ** 0.5`; use float64.) Then write down:
#
# | points | for |
# |---|---|
# | 1 | the four measured ratios $\lVert\partial E/\partial x_0\rVert / \lVert g\rVert$, and how they compare with the root of `growth(c)` to the power of 50 |
# | 1 | in which of the four cases a gradient vanishes, and in which it explodes |
# | 1 | what is right and what is wrong about "skips solve the vanishing gradient" |
# | 1 | one thing that real residual networks have or do against the growth, and why it helps |

# %% words [markdown] role="manual" points=4
# ### BEGIN SOLUTION
# Measured over six seeds: without skips from $4\cdot 10^{-9}$ to $3\cdot 10^{-8}$ for $c = 1$, and from 0.15 to 0.9 for $c = 2$; with skips about $10^4$ to $4\cdot 10^4$ for $c = 1$ and $10^7$ to $10^8$ for $c = 2$. `growth` says $0.5^{25} \approx 3\cdot 10^{-8}$, $1$, $1.5^{25} \approx 2.5\cdot 10^4$ and $2^{25} \approx 3\cdot 10^7$: the right size, mostly a little too large, since it is the mean of the *square*.
#
# Only the plain network with $c = 1$ vanishes. Both residual ones explode. The plain one with $c = 2$ keeps its gradient.
#
# It is right that with a skip the gradient does not vanish, whatever the weights' scale: $g$ itself is passed on. It is wrong that this settles the matter: what is added makes the norm grow, exponentially with depth. And a plain network with He's initialisation does not vanish either.
#
# Residual networks keep the growth small by making each branch small beside the skip: batch norm gives the branch a fixed size, while the sum on the skip grows with depth, so the share of each further branch falls. Or the branch starts at 0 (γ = 0 in its last batch norm).
# ### END SOLUTION

# %% unet-card [markdown]
# ## 6 · The sizes of a U-Net
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | walk down and up a U-Net, and choose an image size that fits | 20 | ●●○○○ | lecture, section 8 |
#
# The U-Net of 2015, with `depth` levels: `depth` times [3×3, 3×3, 2×2 max pooling], then 3×3, 3×3, then `depth` times [2×2 transposed convolution with stride 2, 3×3, 3×3]. All 3×3 without a border. (Each time on the way up, the maps of the same level on the way down are cropped and put beside; that changes no size.)
#
# Write `unet_walk(size, depth)`. It returns the list of the number of rows: the image's own, and behind each of these layers. For `size = 572` and `depth = 4` it is 572, 570, 568, 284, 282, 280, 140, …, 392, 390, 388. You may take `size` as one that fits.
#
# By hand: `size = 12`, `depth = 1` gives `[12, 10, 8, 4, 2, 0, …]`: too small. `size = 16` gives `[16, 14, 12, 6, 4, 2, 4, 2, 0]`: still too small. `size = 20` gives `[20, 18, 16, 8, 6, 4, 8, 6, 4]`.


# %% unet role="answer"
def unet_walk(size, depth):
    ### BEGIN SOLUTION Follow the number of rows down and up again and return all of them in a list.
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for _ in range(depth):
        up = 2 * sizes[-1]
        sizes += [up, up - 2, up - 4]
    return sizes
    ### END SOLUTION


# %% unet-walk-values role="check"
check("unet-walk-values", unet_walk)

# %% unet-walk-more role="hidden"
# Runs when your work is graded (1 point): other depths and sizes.

# %% fitting-card [markdown]
# **Which sizes fit?** A pooling that sees an odd number of rows drops one, and the cropped maps would no longer lie where they belong. Write `fitting_size(size, depth)`: the smallest number of rows, at least `size`, for which every pooling sees an even number and every map has at least one row.


# %% fitting role="answer"
def fitting_size(size, depth):
    ### BEGIN SOLUTION Try one size after the other until all maps have rows and no pooling sees an odd number; return it.
    while True:
        at, fits = size, True
        for _ in range(depth):
            at -= 4
            fits = fits and at > 0 and at % 2 == 0
            at //= 2
        at -= 4  # the lowest level
        fits = fits and at > 0
        for _ in range(depth):
            at = 2 * at - 4
            fits = fits and at > 0
        if fits:
            return size
        size += 1
    ### END SOLUTION


# %% fitting-size-values role="check"
check("fitting-size-values", fitting_size)

# %% unet-hints [markdown]
# <details><summary>Hint for the walk</summary>
#
# 3×3 without a border takes 2 rows away, pooling halves, the transposed convolution doubles. Append to a list; `sizes[-1]` is its last number.
#
# </details>
# <details><summary>Hint for the sizes that fit</summary>
#
# No formula is needed: walk, and look at the numbers. A pooling sees what the second 3×3 of its level gives. Do not forget the way up: small maps lose 4 rows there too.
#
# </details>

# %% fitting-size-deep role="hidden"
# Runs when your work is graded (1 point): other depths, and sizes that are far too small.

# %% remove-card [markdown]
# ## 7 · Which batch norms can `reduce` remove?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read a network as `reduce` does | 40 | ●●●●○ | lecture, section 10 |
#
# A network in use is given as a tuple of layers `(name, kind, inputs)`, in order; `inputs` is a tuple of the names of the layers it reads, even where it is one: `inputs[0]`. The last layer gives the result. The kinds are
# `"input"`, `"conv"` (without a border), `"conv padded"` (with a border of zeros), `"bn"`, `"relu"`, `"max pool"`, `"dropout"` and `"sum"` (of two).
#
# Write `removable(net)`. It returns a list with one word for each `"bn"`, in their order:
#
# - `"before"`: it is merged into the convolution *before* it. `reduce` tries this first.
# - `"after"`: it is merged into the convolution *after* it, which must have no border: with one, an extra map of ones would be needed, and that costs multiply–adds.
# - `"stays"`: neither.
#
# Two layers can become one only if nobody else reads what passes between them. Dropout does nothing in use, so `reduce` takes it away first. In the given networks no two batch norms follow each other.
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
    readers = {name: [other for other, _, inputs in net if name in inputs] for name in kind}

    def alone(name):
        return len(readers[name]) == 1

    words = []
    for name, what, _ in net:
        if what != "bn":
            continue
        before = reads[name][0]
        while kind[before] == "dropout" and alone(before):
            before = reads[before][0]
        after = name
        while alone(after) and (after == name or kind[after] == "dropout"):
            after = readers[after][0]
        if kind[before].startswith("conv") and alone(before):
            words.append("before")
        elif kind[after] == "conv":
            words.append("after")
        else:
            words.append("stays")
    return words
    ### END SOLUTION


# %% removable-values role="check"
check("removable-values", removable)

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

# %% removable-blocks role="hidden"
# Runs when your work is graded (1 point): blocks of well-known networks, and dropout in inconvenient places.

# %% remove-shown [markdown]
# **What you have shown.** What is left after `reduce` is decided by the order of the layers. The same batch norms behind the convolutions in place of before them, and all would go.
