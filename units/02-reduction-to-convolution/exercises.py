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

# %% affine-form-card [markdown]
# ## 1 · Batch norm as $Z = GY + g$
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | rewrite batch norm in use as one multiplication and one addition | 10 | ●○○○○ | lecture, section 2 |
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

# %% merge-card [markdown]
# ## 2 · Convolution, then batch norm, as one convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | merge a convolution with the batch norm behind it | 15 | ●●○○○ | exercise 1; lecture, section 4 |
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
# the slides' bias is *not* the right one. Any that do are accepted.


# %% slides-counterexample-answer role="answer"
def slides_counterexample():
    ### BEGIN SOLUTION Return six numbers (b, gamma, beta, mu, var, eps) for which b + g is not the merged bias.
    return 1.0, 3.0, 0.0, 0.0, 0.75, 0.25  # G = 3: the slides give 1, batch norm gives 3
    ### END SOLUTION


# %% slides-counterexample role="check"
check("slides-counterexample", slides_counterexample)

# %% merge-shown [markdown]
# **What you have shown.** A batch norm behind a convolution costs nothing in use: it disappears into the kernel and the bias.
# And a formula that stood on a slide is wrong; one small example was enough.
#
# **Bonus.** For which $(b, G)$ do the slides happen to be right? Find all of them.
