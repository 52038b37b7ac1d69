# %% attention-card [markdown]
# ## {number} · Scaled dot-product attention, against the framework's
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | any number of queries, any number of keys, a mask | 15 | ●●○○○ | lecture, sections {section:root} and {section:masks} |
#
# Write `attention(Q, K, V, mask)`:
# $$Y = \mathrm{softmax}\Bigl(\frac{QK^T}{\sqrt{d_k}}\Bigr)V,$$
# where each query shares its 1 among the keys that the mask allows. A query that may look at nothing gets 0.
#
# - `Q`: `(n, d_k)`, `K`: `(m, d_k)`, `V`: `(m, d_v)`; `mask`: `(n, m)`, boolean, `True` where query $i$ may look at key $j$. It returns `(n, d_v)`.
# - The queries need not come from the same place as the keys: $n$ and $m$ differ, as in a decoder that looks at an encoder.
# - `softmax` may be called. A ready attention may not.
#
# By hand: one query 1, keys $0$ and $\ln 3$ of width 1, values 4 and 8, all allowed. Scores $0, \ln 3$, weights $\frac14, \frac34$, output 7.

# %% attention-predict [markdown]
# **Predict first.** Someone forgot the root, and all of $Q$ and $K$ have width 4. Which temperature has she taken by accident?
#
# <details><summary>Answer</summary>
#
# Scores are twice as large, which is the temperature $T = 1/2$: sharper attention.
#
# </details>


# %% attention role="answer"
def attention(Q, K, V, mask):
    ### BEGIN SOLUTION Scores of each query with each key, a masked softmax along the keys, then the weighted values.
    scores = Q @ K.T / K.shape[1] ** 0.5
    alpha = torch.softmax(scores.masked_fill(~mask, -torch.inf), dim=1)
    alpha = torch.where(mask, alpha, 0)
    return alpha @ V
    ### END SOLUTION


# %% attention-compare [markdown]
# The framework's own, with the same numbers. A row without a key gives 0 there, too:

# %% attention-framework
generator = torch.Generator().manual_seed(0)
Q, K, V = (torch.randn(n, d, generator=generator).double() for n, d in ((3, 4), (5, 4), (5, 2)))
mask = torch.ones(3, 5, dtype=torch.bool)
mask[1, 2:] = False
mask[2] = False  # a row without a key
theirs = torch.nn.functional.scaled_dot_product_attention(Q, K, V, attn_mask=mask)
# print((attention(Q, K, V, mask) - theirs).abs().max() < 1e-12)  # take the first # away once you have written it

# %% attention-hints [markdown]
# <details><summary>Hint 1: shapes</summary>
#
# $QK^T$ is $n\times m$: a row for each query. So the softmax goes along `dim=1`.
#
# </details>
# <details><summary>Hint 2: the query without a key</summary>
#
# Its row is all −∞, and `softmax` gives `nan`. Multiplying by the mask leaves `nan`; `torch.where` does not.
#
# </details>

# %% attention-shown [markdown]
# **What you have shown.** The same four lines are an encoder's self-attention ($Q$, $K$, $V$ from one source), a decoder's look at its encoder (keys and values from the other side), and, with a triangle as the mask, a language model.
