# %% compose-card [markdown]
# ## {number} · A composition of convolutions is a convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the kernel and the bias of two layers in one | 30 | ●●●○○ | lecture, section {section:compose} |
#
# Two convolutions follow each other, without border and with stride 1: $X \xrightarrow{F,\,b} Y \xrightarrow{G,\,g} Z$. Together they are one,
# $X \xrightarrow{O,\,o} Z$, with
# $$O^{ml}_{t} = \sum_{k=1}^{K} \sum_{u+w-1=t} F^{mk}_u\, G^{kl}_w, \qquad o^l = \sum_{k=1}^{K}\sum_{w=1}^{r} b^k\, G^{kl}_w + g^l,$$
# here in one dimension; in two, the same holds for the columns. Write `compose(F, b, G, g)`. It returns `(O, o)`.
#
# - `F`: shape `(K, M, p, q)`, `b`: `(K,)`, `G`: `(L, K, r, s)`, `g`: `(L,)`.
# - `O`: shape `(L, M, p + r - 1, q + s - 1)`, `o`: `(L,)`.
# - Not to be called: the course's own composition.
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
    o = G.sum((2, 3)) @ b + g
    return O, o
    ### END SOLUTION


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

# %% compose-shown [markdown]
# **What you have shown.** On these examples. That it holds for *all* sizes is what a proof is for: exercise {exercise:proof-in-words}, and the notebook [`proof`](proof.ipynb) beside this one, where a machine reads your chain line by line.
