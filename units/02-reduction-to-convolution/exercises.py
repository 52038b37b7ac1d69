# %% title [markdown]
# # Exercises 2 · Reduction to convolution
#
# The lecture is [`02-reduction-to-convolution`](../../lectures/02-reduction-to-convolution.ipynb). Work from top to bottom.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# The course is open-book: read anything in `lib/`. But build each answer here. The checks notice a call to a ready answer,
# be it the framework's or the course's.

# %% setup
import torch

from nonconv.checks import check, todo

# %% training-card [markdown]
# ## 1 · Batch norm in training
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | normalise a batch and keep the running averages | 15 | ●●○○○ | lecture, section 1 |
#
# In training, batch norm takes the mean and the variance of each map over the batch and all positions, $n = NHW$ numbers:
# $$\mu^k = \frac1n\sum Y^k, \qquad \sigma^{2k} = \frac1n\sum (Y^k - \mu^k)^2, \qquad Z^k = \gamma^k\,\frac{Y^k - \mu^k}{\sqrt{\sigma^{2k} + \varepsilon}} + \beta^k ,$$
# and keeps, with momentum $\alpha$,
# $$\mu_{avg} \leftarrow (1-\alpha)\,\mu_{avg} + \alpha\,\mu, \qquad \sigma^2_{avg} \leftarrow (1-\alpha)\,\sigma^2_{avg} + \alpha\,\tfrac{n}{n-1}\,\sigma^2 .$$
# Write `batch_norm_training(Y, gamma, beta, running_mean, running_var, momentum, eps)`. It returns `(Z, mean, var)`: the output and the *new*
# running averages. It leaves its inputs as they are.
#
# - `Y`, `Z`: shape `(N, K, H, W)`; all other tensors: shape `(K,)`; `momentum` and `eps` are numbers.
#
# By hand: one map with the two numbers 0 and 2, $\gamma = 1$, $\beta = 0$, $\varepsilon \approx 0$. Then $\mu = 1$, $\sigma^2 = 1$, so $Z = (-1, 1)$, but the
# running variance takes $\frac{2}{1}\cdot 1 = 2$.

# %% training-predict [markdown]
# **Predict first.** Two images, 3 maps, 4×5 pixels. How many means are there, and over how many numbers is each taken?
#
# <details><summary>Answer</summary>
#
# Three means, one for each map, each over $2 \cdot 4 \cdot 5 = 40$ numbers.
#
# </details>


# %% training role="answer"
def batch_norm_training(Y, gamma, beta, running_mean, running_var, momentum, eps):
    ### BEGIN SOLUTION Normalise Y by the mean and variance of each map over the batch; return (Z, mean, var) with the new running averages.
    n = Y.shape[0] * Y.shape[2] * Y.shape[3]
    mu = Y.mean((0, 2, 3))
    sigma2 = Y.var((0, 2, 3), correction=0)
    normal = (Y - mu[:, None, None]) / torch.sqrt(sigma2 + eps)[:, None, None]
    Z = gamma[:, None, None] * normal + beta[:, None, None]
    mean = (1 - momentum) * running_mean + momentum * mu
    var = (1 - momentum) * running_var + momentum * sigma2 * n / (n - 1)
    return Z, mean, var
    ### END SOLUTION


# %% batch-norm-training-values role="check"
check("batch-norm-training-values", batch_norm_training)

# %% training-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Which axes are summed away? All but the one that counts maps.
#
# </details>
# <details><summary>Hint 2: two variances</summary>
#
# `torch.var` divides by $n - 1$ unless you say `correction=0`. One of the two goes into `Z`, the other into the running average.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# A mean over the axes `(0, 2, 3)` has shape `(K,)`. With `[:, None, None]` behind it, it gets the shape `(K, 1, 1)` and lines up with the maps of `Y`.
#
# </details>

# %% batch-norm-training-shapes role="hidden"
# Runs when your work is graded (1 point): images that are not square, another momentum, a large ε.

# %% training-shown [markdown]
# **What you have shown.** In training, every output depends on every image of the batch. Keep that in mind for exercise 10.

# %% affine-form-card [markdown]
# ## 2 · Batch norm in use is $Z = GY + g$
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | rewrite batch norm in use as one multiplication and one addition | 5 | ●○○○○ | lecture, section 2 |
#
# In use, batch norm computes, for each map $k$,
# $$Z^k_{ij} = \gamma^k\,\frac{Y^k_{ij} - \mu^k}{\sqrt{\sigma^{2k} + \varepsilon}} + \beta^k .$$
# Write `affine_form(gamma, beta, mu, var, eps)`. It returns the pair $(G, g)$ with $Z^k_{ij} = G^k\,Y^k_{ij} + g^k$.
#
# - `gamma`, `beta`, `mu`, `var`: tensors of shape `(K,)`, for $\gamma, \beta, \mu, \sigma^2$; `eps` is a number.
# - `G`, `g`: tensors of shape `(K,)`.
#
# By hand: with $\gamma = 6,\ \beta = 1,\ \mu = 3,\ \sigma^2 = 3,\ \varepsilon = 1$ the root is $\sqrt{3 + 1} = 2$,
# so $G = 3$ and $g = 1 - 3 \cdot 3 = -8$.

# %% affine-form-predict [markdown]
# **Predict first.** A fresh `BatchNorm2d` has $\gamma = 1,\ \beta = 0,\ \mu = 0,\ \sigma^2 = 1,\ \varepsilon = 10^{-5}$. Is its $G$ exactly 1?
#
# <details><summary>Answer</summary>
#
# No: $G = 1/\sqrt{1.00001} \approx 0.999995$. Nearly 1, so a wrong formula often passes on a fresh layer. That is why the checks never use one.
#
# </details>


# %% affine-form role="answer"
def affine_form(gamma, beta, mu, var, eps):
    ### BEGIN SOLUTION Compute G and g, each of shape (K,), from the formula above and return the pair (G, g).
    G = gamma / torch.sqrt(var + eps)
    g = beta - G * mu
    return G, g
    ### END SOLUTION


# %% affine-form-values role="check"
check("affine-form-values", affine_form)

# %% affine-form-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Multiply the fraction out. Which part is multiplied by $Y$, and which part does not depend on $Y$ at all?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $G^k = \gamma^k / \sqrt{\sigma^{2k} + \varepsilon}$, and $g^k$ is what is left when $Y^k = 0$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `torch.sqrt(var + eps)` is the root for all maps at once. Divide `gamma` by it, then subtract `G` times something from `beta`.
#
# </details>

# %% affine-form-small-variance role="hidden"
# Runs when your work is graded (1 point): maps that hardly vary, or not at all.

# %% affine-form-many-maps role="hidden"
# Runs when your work is graded (1 point): many maps at once, in float32.

# %% affine-form-shown [markdown]
# **What you have shown.** In use, batch norm is affine: per map, one number times the input plus one number. It needs
# neither the batch nor a square root while the network runs: $G$ and $g$ are computed once.

# %% depthwise-card [markdown]
# ## 3 · … which is a depthwise 1×1 convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write $GY + g$ as the arguments of a convolution | 5 | ●○○○○ | lecture, section 3 |
#
# Write `depthwise_kernel(G, g)`. It returns `(kernel, bias)` such that the convolution with that kernel and bias, *one group for each map*
# (`groups=K`), gives $G^k\,Y^k_{ij} + g^k$.
#
# A kernel has shape `(output maps, input maps in each group, rows, columns)`.


# %% depthwise role="answer"
def depthwise_kernel(G, g):
    ### BEGIN SOLUTION Give G the shape of a kernel for groups=K and return (kernel, bias).
    return G[:, None, None, None], g
    ### END SOLUTION


# %% depthwise-kernel-values role="check"
check("depthwise-kernel-values", depthwise_kernel)

# %% depthwise-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# With as many groups as maps, each group has one input map. So the second number of the shape is 1.
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# $K$ output maps, 1 input map in each group, 1 row, 1 column: `(K, 1, 1, 1)`.
#
# </details>

# %% depthwise-kernel-one-map role="hidden"
# Runs when your work is graded (1 point): a single map.

# %% compose-card [markdown]
# ## 4 · A composition of convolutions is a convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the kernel and the bias of two layers in one | 30 | ●●●○○ | lecture, section 4 |
#
# Two convolutions follow each other, without border and with stride 1: $X \xrightarrow{F,\,b} Y \xrightarrow{G,\,g} Z$. Together they are one,
# $X \xrightarrow{O,\,o} Z$, with
# $$O^{ml}_{t} = \sum_{k=1}^{K} \sum_{u+w-1=t} F^{mk}_u\, G^{kl}_w, \qquad o^l = \sum_{k=1}^{K}\sum_{w=1}^{r} b^k\, G^{kl}_w + g^l,$$
# here in one dimension; in two, the same holds for the columns. Write `compose(F, b, G, g)`. It returns `(O, o)`.
#
# - `F`: shape `(K, M, p, q)`, `b`: `(K,)`, `G`: `(L, K, r, s)`, `g`: `(L,)`.
# - `O`: shape `(L, M, p + r - 1, q + s - 1)`, `o`: `(L,)`.
#
# By hand, in one row: $F = (1, 2)$, $b = 3$, $G = (4, 5)$, $g = 6$. Then $O = (1\cdot4,\; 1\cdot5 + 2\cdot4,\; 2\cdot5) = (4, 13, 10)$: multiplied as
# polynomials, $(1 + 2x)(4 + 5x) = 4 + 13x + 10x^2$. And $o = 3\cdot4 + 3\cdot5 + 6 = 33$.

# %% compose-predict [markdown]
# **Predict first.** Is the kernel of a 3×3 convolution after a 5×5 convolution larger or smaller than that of a 5×5 after a 3×3?
#
# <details><summary>Answer</summary>
#
# Neither: $3 + 5 - 1 = 5 + 3 - 1 = 7$. With one map everywhere even the kernel is the same, as with polynomials.
#
# </details>


# %% compose role="answer"
def compose(F, b, G, g):
    K, M, p, q = F.shape
    L, K, r, s = G.shape
    ### BEGIN SOLUTION Build O of shape (L, M, p + r - 1, q + s - 1) and o of shape (L,) from the formulas above and return (O, o).
    O = torch.zeros(L, M, p + r - 1, q + s - 1, dtype=F.dtype)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += torch.einsum("lk,kmuv->lmuv", G[:, :, w, z], F)
    o = torch.einsum("k,lkwz->l", b, G) + g
    return O, o
    ### END SOLUTION


# %% compose-values role="check"
check("compose-values", compose)

# %% compose-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Start with zeros. Each number of $G$ adds a copy of $F$, multiplied by it, at its own place.
#
# </details>
# <details><summary>Hint 2: the formula in code's counting</summary>
#
# Counted from 0, the condition is $u + w = t$: `O[..., u + w, v + z]` gets `F[..., u, v]` times `G[..., w, z]`, summed over $k$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `G[:, :, w, z]` is an L×K matrix, `F[:, :, u, v]` a K×M matrix. Their product is what `O[:, :, u + w, v + z]` grows by.
#
# </details>

# %% compose-sizes role="hidden"
# Runs when your work is graded (1 point): kernels of different sizes, not square.

# %% compose-many-maps role="hidden"
# Runs when your work is graded (1 point): more maps in between.

# %% compose-shown [markdown]
# **What you have shown.** On these examples. That it holds for *all* sizes is what a proof is for: exercise 12, and the notebook [`proof`](proof.ipynb) beside this one, where a machine reads your chain line by line.

# %% strided-card [markdown]
# ## 5 · … with strides
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | compose convolutions that skip positions | 15 | ●●●○○ | exercise 4 |
#
# One dimension, one map, no bias. The first layer has stride $s_1$, the second $s_2$:
# $$Y_i = \sum_u X_{s_1(i-1)+u}\, F_u, \qquad Z_i = \sum_w Y_{s_2(i-1)+w}\, G_w .$$
# Write `compose_strided(F, G, s1, s2)`. It returns `(O, stride)`: the one kernel, a tensor with one axis as `F` and `G`, and its stride, a whole number.
#
# By hand: $F = (1, 2)$, $G = (3, 4)$, $s_1 = 2$, $s_2 = 1$. The first layer makes $Y_1 = X_1 + 2X_2$ and $Y_2 = X_3 + 2X_4$. So
# $Z_1 = 3X_1 + 6X_2 + 4X_3 + 8X_4$ and $O = (3, 6, 4, 8)$.


# %% strided role="answer"
def compose_strided(F, G, s1, s2):
    ### BEGIN SOLUTION Put the first formula into the second: which X meets F_u G_w? Return (O, stride).
    O = torch.zeros(len(F) + s1 * (len(G) - 1), dtype=F.dtype)
    for u in range(len(F)):
        for w in range(len(G)):
            O[u + s1 * w] += F[u] * G[w]
    return O, s1 * s2
    ### END SOLUTION


# %% compose-strided-values role="check"
check("compose-strided-values", compose_strided)

# %% strided-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# One step of $G$ moves on by one $Y$. How far does that move on the input?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $Y_{s_2(i-1)+w}$ reads $X$ at $s_1(s_2(i-1)+w-1)+u = s_1s_2(i-1) + \underbrace{s_1(w-1)+u}_{t}$.
#
# </details>

# %% compose-strided-long role="hidden"
# Runs when your work is graded (1 point): longer kernels.

# %% strided-bonus [markdown]
# **Bonus.** Two grouped convolutions, with $g_1$ and $g_2$ groups: how many groups does their composition have? Try 4 and 6 on 12 maps.

# %% merge-card [markdown]
# ## 6 · Convolution, then batch norm, as one convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | merge a convolution with the batch norm behind it | 20 | ●●○○○ | exercise 2; lecture, section 5 |
#
# The two layers $X \xrightarrow{F,\,b} Y \xrightarrow{G,\,g} Z$ are one convolution $X \xrightarrow{O,\,o} Z$.
# Write `merge(F, b, G, g)`. It returns the pair $(O, o)$.
#
# - `F`: the kernel, of shape `(K, M, p, q)`; `b`, `G`, `g`: tensors of shape `(K,)`.
# - `O`: of the shape of `F`; `o`: of shape `(K,)`.
#
# By hand, with one map in, one map out and a kernel of one number: $F = 4,\ b = 5,\ G = 2,\ g = 3$. The input $x$ becomes
# $4x + 5$, then $2\,(4x + 5) + 3 = 8x + 13$. So $O = 8$ and $o = 13$.

# %% merge-predict [markdown]
# **Predict first.** The convolution had 64 output maps and 32 input maps, with 3×3 kernels. How many numbers of $F$ does $G^1$ scale?
#
# <details><summary>Answer</summary>
#
# $32 \cdot 3 \cdot 3 = 288$: all that lead to output map 1, `F[0]`. $G$ belongs to the output maps.
#
# </details>


# %% merge role="answer"
def merge(F, b, G, g):
    ### BEGIN SOLUTION Compute the merged kernel O, shaped as F, and the merged bias o, of shape (K,); return the pair (O, o).
    O = F * G[:, None, None, None]
    o = G * b + g
    return O, o
    ### END SOLUTION


# %% merge-values role="check"
check("merge-values", merge)

# %% merge-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Put $Y^k = \sum X F + b^k$ into $Z^k = G^k\,Y^k + g^k$ and multiply out. What stands before $X$, and what stands alone?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $O^{mk}_{uv} = G^k F^{mk}_{uv}$. The part that stands alone has two terms.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `G` has shape `(K,)` and `F` has shape `(K, M, p, q)`. `G[:, None, None, None]` has shape `(K, 1, 1, 1)` and lines up with the first axis.
#
# </details>

# %% merge-groups-and-signs role="hidden"
# Runs when your work is graded (1 point): negative G, and the kernel of a depthwise convolution.

# %% slides-counterexample-card [markdown]
# ### The slides' bias
#
# The seminar's slides give the merged bias as $b^k + \beta^k - \gamma^k\mu^k/\sqrt{\sigma^{2k} + \varepsilon}$, that is $b^k + g^k$.
#
# Disprove it. Write `slides_counterexample()`, which returns six numbers `(b, gamma, beta, mu, var, eps)` for one map, such that
# the slides' bias is *not* the right one, with $\sigma^2 \ge 0$ and $\varepsilon \ge 0$, not both 0. Any that do are accepted.


# %% slides-counterexample-answer role="answer"
def slides_counterexample():
    ### BEGIN SOLUTION Return six numbers (b, gamma, beta, mu, var, eps) for which b + g is not the merged bias.
    return 1.0, 3.0, 0.0, 0.0, 0.75, 0.25  # G = 3: the slides give 1, batch norm gives 3
    ### END SOLUTION


# %% slides-counterexample role="check"
check("slides-counterexample", slides_counterexample)

# %% listing-card [markdown]
# ### The same slip, in a listing
#
# The slides are in good company: published code has made the same slip. Here is such a listing. Seven of its eight lines are right.
# Repair the other one.


# %% listing role="answer"
def fold_listing(weight, bias, gamma, beta, mean, var, eps):
    """Fold batch norm into a convolution whose bias may be None; return its new weight and bias."""
    ### BEGIN SOLUTION Delete this line, then find the wrong one below and repair it.
    if bias is None:
        bias = torch.zeros_like(mean)
    scale = gamma / torch.sqrt(var + eps)
    return weight * scale.reshape(-1, 1, 1, 1), beta + scale * (bias - mean)
    ### END SOLUTION
    if bias is None:
        bias = torch.zeros_like(mean)
    root = torch.sqrt(var + eps)
    scale = gamma / root
    O = weight * scale.reshape(-1, 1, 1, 1)
    o = beta - mean * scale
    o = o + bias
    return O, o


# %% fold-listing-values role="check"
check("fold-listing-values", fold_listing)

# %% fold-listing-without-bias role="hidden"
# Runs when your work is graded (1 point): a convolution without a bias.

# %% merge-shown [markdown]
# **What you have shown.** A batch norm behind a convolution costs nothing in use: it disappears into the kernel and the bias.
# And a formula that stood on a slide is wrong; one small example was enough.
#
# **Bonus.** For which $(b, G)$ do the slides happen to be right? Find all of them.

# %% pooling-card [markdown]
# ## 7 · Is pooling a convolution?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | one kind is, one is not | 10 | ●●○○○ | lecture, section 6 |
#
# **Max pooling is not.** A convolution without bias is additive, $f(x + y) = f(x) + f(y)$. Write `breaks_additivity()`. It returns two tensors `(x, y)` of
# one shape `(N, M, H, W)` for which 2×2 max pooling (stride 2) is not additive.


# %% additivity role="answer"
def breaks_additivity():
    ### BEGIN SOLUTION Return two tensors (x, y) for which maxpool(x + y) is not maxpool(x) + maxpool(y).
    x = torch.tensor([[1.0, 0.0], [0.0, 0.0]]).reshape(1, 1, 2, 2)
    y = torch.tensor([[0.0, 0.0], [0.0, 1.0]]).reshape(1, 1, 2, 2)
    return x, y  # maxpool(x + y) = 1, but the sum of the two is 2
    ### END SOLUTION


# %% max-pooling-counterexample role="check"
check("max-pooling-counterexample", breaks_additivity)

# %% average-card [markdown]
# **Average pooling is.** Write `average_kernel(M, p, q)`: the kernel of the depthwise convolution (`groups=M`, no bias) that averages each of `M` maps
# over windows of `p` rows and `q` columns. For a window of the input's own size, that is global average pooling.


# %% average role="answer"
def average_kernel(M, p, q):
    ### BEGIN SOLUTION Return the kernel of a depthwise convolution that averages over p×q.
    return torch.full((M, 1, p, q), 1 / (p * q))
    ### END SOLUTION


# %% average-kernel-values role="check"
check("average-kernel-values", average_kernel)

# %% pooling-hints [markdown]
# <details><summary>Hint for max pooling</summary>
#
# A maximum is at one place. What if the maxima of $x$ and $y$ are at different places of the same window?
#
# </details>
# <details><summary>Hint for average pooling</summary>
#
# An average of $n$ numbers multiplies each by $1/n$. And the shape is that of exercise 3, with a larger window.
#
# </details>

# %% average-kernel-global role="hidden"
# Runs when your work is graded (1 point): windows that are not square, as in global average pooling.

# %% filters-card [markdown]
# ## 8 · Which filters are a column after a row?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | take a kernel apart into two smaller ones | 20 | ●●●○○ | exercise 4 |
#
# By exercise 4, a p×1 convolution after a 1×q convolution has the kernel $O_{uv} = c_u\, r_v$. That costs $p + q$ multiplications instead of $pq$.
# Write `separate(F)`. For a kernel `F` of shape `(p, q)` it returns `(column, row)`, of shapes `(p,)` and `(q,)`, with
# $F_{uv} = c_u\, r_v$, or `None` if there is no such pair. (Any such pair is accepted: $2c$ and $r/2$ will do as well as $c$ and $r$.)
#
# By hand: the Sobel filter
# $\begin{bmatrix} 1 & 2 & 1 \\ 0 & 0 & 0 \\ -1 & -2 & -1 \end{bmatrix}$ is the column $(1, 0, -1)$ times the row $(1, 2, 1)$.

# %% filters-predict [markdown]
# **Predict first.** Which of these can be taken apart?
# $$\text{blur } \frac1{16}\begin{bmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{bmatrix} \quad
# \text{sharpen } \begin{bmatrix} 0 & -1 & 0 \\ -1 & 5 & -1 \\ 0 & -1 & 0 \end{bmatrix} \quad
# \text{outline } \begin{bmatrix} -1 & -1 & -1 \\ -1 & 8 & -1 \\ -1 & -1 & -1 \end{bmatrix}$$
#
# <details><summary>Answer</summary>
#
# Only blur. In sharpen and outline the rows are not multiples of one row.
#
# </details>


# %% filters role="answer"
def separate(F):
    ### BEGIN SOLUTION Find a column and a row whose product is F, or return None if the rows of F are no multiples of one row.
    i, j = divmod(int(F.abs().argmax()), F.shape[1])  # the largest entry, so that it is safe to divide by
    if F[i, j] == 0:
        return F[:, 0], F[0]
    column, row = F[:, j] / F[i, j], F[i]
    return (column, row) if torch.allclose(torch.outer(column, row), F) else None
    ### END SOLUTION


# %% separate-filters role="check"
check("separate-filters", separate)

# %% filters-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# If $F = c\,r^{\mathsf T}$, every row of $F$ is a multiple of $r$. So take some row of $F$ as $r$. Which one is safe?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# With a row $i$ and a column $j$ where $F_{ij} \ne 0$: $r = F_{i\cdot}$ and $c = F_{\cdot j} / F_{ij}$. Then compare $c\,r^{\mathsf T}$ with $F$.
#
# </details>
# <details><summary>Hint 3: another way</summary>
#
# `torch.linalg.svd` gives the best such pair; the second singular value says whether it is exact.
#
# </details>

# %% separate-more role="hidden"
# Runs when your work is graded (1 point): a first row of zeros, a kernel that is not square, the identity.

# %% decide-card [markdown]
# ## 9 · Is this layer a convolution?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | decide it for a function that you can only call | 40 | ●●●●○ | lecture, section 8 |
#
# You get a function `f` and may only call it. Write `as_convolution(f, shape, kernel, stride, padding)`. It returns `(weight, bias)` if `f` is the convolution with a
# kernel of `kernel`×`kernel` numbers, that stride and that padding (zeros), and `None` if it is none of that form.
#
# - `f` takes a tensor `(N, M, H, W)` in float64 and returns one; `shape` is `(M, H, W)`; the three others are whole numbers.
# - `weight`: shape `(K, M, kernel, kernel)`, `bias`: shape `(K,)`.
#
# (`shape` is large enough for some output to see no border.)
#
# Plan: $f(0)$ shows the bias. An *impulse*, 1 at one place and 0 elsewhere, shows one number of the kernel: $f(\text{impulse}) - f(0)$. Then *replay*: run the convolution
# that you have found beside `f` on inputs that you have not used. Here you may call `torch.nn.functional.conv2d`.

# %% decide-predict [markdown]
# **Predict first.** The answers of `f` to all impulses are those of a convolution. Is `f` a convolution?
#
# <details><summary>Answer</summary>
#
# Not necessarily. An impulse is never negative, so the absolute value answers to each impulse as the identity does. Replay with other inputs, negative ones too.
#
# </details>


# %% decide role="answer"
def as_convolution(f, shape, kernel, stride, padding):
    M, H, W = shape
    ### BEGIN SOLUTION Read the bias and the kernel off f(0) and f(impulses), replay on random inputs, and return (weight, bias) or None.
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    start = f(zero)
    bias = start[0, :, 0, 0]
    i = -(-padding // stride)  # the first output whose whole window lies on the input
    weight = torch.zeros(len(bias), M, kernel, kernel, dtype=torch.float64)
    for m in range(M):
        for u in range(kernel):
            for v in range(kernel):
                impulse = zero.clone()
                impulse[0, m, stride * i + u - padding, stride * i + v - padding] = 1
                weight[:, m, u, v] = (f(impulse) - start)[0, :, i, i]
    for scale in (1.0, -3.0):
        x = scale * torch.randn(2, M, H, W, dtype=torch.float64)
        replayed = torch.nn.functional.conv2d(x, weight, bias, stride, padding)
        if replayed.shape != f(x).shape or not torch.allclose(replayed, f(x), atol=1e-9):
            return None
    return weight, bias
    ### END SOLUTION


# %% as-convolution-decides role="check"
check("as-convolution-decides", as_convolution)

# %% decide-hints [markdown]
# <details><summary>Hint 1: where to put the impulse</summary>
#
# Output $(0, 0)$ without padding sees the input rows $0 \dots$ `kernel` − 1. So an impulse at `(u, v)` shows `weight[:, m, u, v]` there.
#
# </details>
# <details><summary>Hint 2: with padding</summary>
#
# Output $i$ sees the rows from `stride * i - padding` on. Near the corner that is negative: a row of the border, where you cannot put anything. And Python takes index −1 for the *last* row,
# without a word. Use an output $i$ whose whole window lies on the input.
#
# </details>
# <details><summary>Hint 3: what the replay must catch</summary>
#
# Random numbers of both signs (ReLU), all positions (locally connected), the border (SAME after SAME), two images at once (batch norm in training). Shapes may differ: compare them first.
#
# </details>

# %% as-convolution-border role="hidden"
# Runs when your work is graded (1 point): a layer with a border, and layers that only look like convolutions.

# %% decide-shown [markdown]
# **What you have shown.** To be a convolution is a property of what a layer *does*, not of how it is written. You can now ask any layer: a replay that fails proves *no*; one that passes is strong evidence for *yes*, not a proof.

# %% fails-card [markdown]
# ## 10 · Where composing fails
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | two counterexamples | 10 | ●●○○○ | lecture, section 7 |
#
# **SAME after SAME.** With a border of zeros before each of two convolutions, the result is in general *not* one convolution: in its matrix $A$, the numbers along a diagonal should be equal,
# $A_{ij} = A_{i+1,j+1}$, and near the corners they are not. Write `same_after_same()`. It returns `(F, G, n, i, j)`: two one-dimensional kernels (lists of an odd number of whole numbers),
# the length $n$ of the input, and a place, counted from 0, where $A_{ij} \ne A_{i+1,j+1}$.
#
# For example, with $F = (0, 0, 1)$ and $n = 3$ the first layer maps $x$ to $(x_1, x_2, 0)$, counted from 0: its output at $i$ is $x_{i+1}$.


# %% same role="answer"
def same_after_same():
    ### BEGIN SOLUTION Return (F, G, n, i, j) such that A[i][j] and A[i + 1][j + 1] differ.
    return (
        [1, 1, 1],
        [1, 1, 1],
        3,
        0,
        0,
    )  # A[0][0] = 2, since one of three ways leads over the border; A[1][1] = 3
    ### END SOLUTION


# %% same-after-same role="check"
check("same-after-same", same_after_same)

# %% depends-card [markdown]
# **Batch norm in training.** Write `training_depends()`. It returns two batches, tensors `(N, K, H, W)`, whose *first images are equal*, but whose first images come out of batch norm in training
# ($\gamma = 1$, $\beta = 0$) differently. No function of a single image can do that, so no convolution can.


# %% depends role="answer"
def training_depends():
    ### BEGIN SOLUTION Return two batches with equal first images and different others.
    image = torch.arange(4.0).reshape(1, 1, 2, 2)
    return torch.cat([image, image]), torch.cat([image, image + 10])
    ### END SOLUTION


# %% training-counterexample role="check"
check("training-counterexample", training_depends)

# %% fails-hints [markdown]
# <details><summary>Hint for SAME after SAME</summary>
#
# Take $F = G = (1, 1, 1)$. Entry $A_{ij}$ counts the ways from input $j$ over some middle position to output $i$, in steps of at most 1. How many ways lead from 0 to 0? And from 1 to 1?
#
# </details>
# <details><summary>Hint for batch norm</summary>
#
# What moves the mean of the batch?
#
# </details>

# %% network-card [markdown]
# ## 11 · A whole network without batch norm
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | fold every batch norm of a network | 30 | ●●●●○ | exercises 2 and 6 |
#
# Write `reduce_network(model)`. `model` is a `torch.nn.Sequential` in evaluation mode in which each `BatchNorm2d` stands directly behind a `Conv2d`. Return a network that does the same and has no batch
# norm left. Leave the given one as it is: work on copies (`copy.deepcopy`). You may call your own `affine_form` and `merge`. It is checked on all 1797 digits: equal labels, and outputs that differ by less than $10^{-10}$ in float64.
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


# %% reduce-network-with-biases role="check"
check("reduce-network-with-biases", reduce_network)

# %% reduce-network-without-biases role="check"
check("reduce-network-without-biases", reduce_network)

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

# %% reduce-network-grouped role="hidden"
# Runs when your work is graded (1 point): grouped convolutions, a large ε, a convolution without batch norm.

# %% network-shown [markdown]
# **What you have shown.** The network that runs on a telephone need not be the one that was trained: the same labels, fewer layers.

# %% proof-card [markdown] role="locked"
# ## 12 · The proof, in words
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | prove that a composition of convolutions is a convolution, for all sizes | 30 | ●●●●○ | exercise 4 |
#
# Let $Y^k_i = \sum_{m}\sum_{u} X^m_{i+u-1} F^{mk}_u + b^k$ and $Z^l_i = \sum_{k}\sum_{w} Y^k_{i+w-1} G^{kl}_w + g^l$, in one dimension, with any numbers $M, K, L$ of maps and any kernel lengths $p, r$.
# Prove that $Z^l_i = \sum_m\sum_{t=1}^{p+r-1} X^m_{i+t-1} O^{ml}_t + o^l$ with the $O$ and $o$ of exercise 4. Write the chain of equalities and, for each, why it holds. Formulas go between dollar signs. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | $Y$ put into the formula for $Z$, with the indices right |
# | 1 | multiplied out; the bias separated from the sum |
# | 2 | the sums regrouped by $t = u + w - 1$, and why each pair $(u, w)$ is counted once |
# | 1 | $O$ and $o$ recognised, $t$ from 1 to $p + r - 1$ |
# | 1 | which law is used at each step (distributive law, order of finite sums) |

# %% proof-in-words [markdown] role="manual" points=6
# ### BEGIN SOLUTION
# Put the first formula into the second:
# $$Z^l_i = \sum_k\sum_w \Bigl(\sum_m\sum_u X^m_{i+u+w-2}\,F^{mk}_u + b^k\Bigr) G^{kl}_w + g^l .$$
# By the distributive law this is
# $$\sum_k\sum_w\sum_m\sum_u X^m_{i+u+w-2}\,F^{mk}_u G^{kl}_w \;+\; \sum_k\sum_w b^k G^{kl}_w + g^l .$$
# What does not contain $X$ is $o^l$. All sums are finite, so their order is free. Each pair $(u, w)$ with $1 \le u \le p$, $1 \le w \le r$ has exactly one $t = u + w - 1$, and $1 \le t \le p + r - 1$.
# So the pairs may be grouped by $t$; in a group $X^m_{i+u+w-2} = X^m_{i+t-1}$ is the same and comes out by the distributive law:
# $$\sum_m\sum_{t=1}^{p+r-1} X^m_{i+t-1} \underbrace{\sum_k\sum_{u+w-1=t} F^{mk}_u G^{kl}_w}_{O^{ml}_t} + o^l .$$
# ### END SOLUTION
