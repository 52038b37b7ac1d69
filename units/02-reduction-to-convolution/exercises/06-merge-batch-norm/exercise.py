# %% merge-card [markdown]
# ## {number} · Convolution, then batch norm, as one convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | merge a convolution with the batch norm behind it | 20 | ●●○○○ | exercise {exercise:affine-form}; lecture, section {section:merge} |
#
# The two layers $X \xrightarrow{F,\,b} Y \xrightarrow{G,\,g} Z$ are one convolution $X \xrightarrow{O,\,o} Z$.
# Write `merge(F, b, G, g)`. It returns the pair $(O, o)$.
#
# - `F`: the kernel, of shape `(K, M, p, q)`; `b`, `G`, `g`: tensors of shape `(K,)`.
# - `O`: of the shape of `F`; `o`: of shape `(K,)`.
# - Not to be called: batch norm, and what merges it, in the framework and in the course.
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

# %% slides-counterexample-card [markdown]
# ### The slides' bias
#
# The seminar's slides give the merged bias as $b^k + \beta^k - \gamma^k\mu^k/\sqrt{\sigma^{2k} + \varepsilon}$, that is $b^k + g^k$.
#
# Disprove it. Write `slides_counterexample()`, which returns six numbers `(b, gamma, beta, mu, var, eps)` for one map, such that
# the slides' bias is *not* the right one, with $\sigma^2 \ge 0$ and $\varepsilon \ge 0$, not both 0. Any that do are accepted. For the search
# anything may be called.


# %% slides-counterexample-answer role="answer"
def slides_counterexample():
    ### BEGIN SOLUTION Return six numbers (b, gamma, beta, mu, var, eps) for which b + g is not the merged bias.
    return 1.0, 3.0, 0.0, 0.0, 0.75, 0.25  # G = 3: the slides give 1, batch norm gives 3
    ### END SOLUTION


# %% listing-card [markdown]
# ### The same slip, in a listing
#
# The slides are in good company. A widely used object detector, ultralytics/yolov3, added the convolution's bias as it was until January 2020 ([issue 807](https://github.com/ultralytics/yolov3/issues/807), mended in
# [pull request 818](https://github.com/ultralytics/yolov3/pull/818)). Nobody had noticed, because its own convolutions have no bias.
#
# Here is the slip again, in a listing for the *transposed* convolution. Batch norm comes behind it, as $G$ and $g$ for the K output maps. The weight of a transposed convolution has shape `(M, K, p, q)`: the output maps are its second axis. `bias` may be `None`.
# One line of the listing is wrong. Repair it. Not to be called: what merges batch norm.


# %% listing role="answer"
def fold_listing(weight, bias, G, g):
    """Fold a batch norm into the transposed convolution before it; return its new weight and bias."""
    ### BEGIN SOLUTION Delete this line, then find the wrong one below and repair it.
    b = 0 if bias is None else bias
    return weight * G.reshape(1, -1, 1, 1), G * b + g
    ### END SOLUTION
    if bias is None:
        bias = torch.zeros_like(g)
    O = weight * G.reshape(1, -1, 1, 1)
    o = g
    o = o + bias
    return O, o


# %% merge-shown [markdown]
# **What you have shown.** A batch norm behind a convolution costs nothing in use: it disappears into the kernel and the bias.
# And a formula that stood on a slide is wrong; one small example was enough.
#
# **Bonus.** For which $(b, G)$ do the slides happen to be right? Find all of them.
