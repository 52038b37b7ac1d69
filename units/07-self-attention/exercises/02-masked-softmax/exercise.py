# %% masked-card [markdown]
# ## {number} · A softmax with a mask, that never breaks
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | shares of 1 among what may be looked at, for scores of any size | 15 | ●●○○○ | lecture, section {section:masks} |
#
# Write `masked_softmax(e, mask)`. In each row it shares out a sum of 1 among the scores that the mask allows:
# $$\alpha_{ij} = \frac{m_{ij}\exp e_{ij}}{\sum_k m_{ik}\exp e_{ik}} .$$
#
# - `e`: scores `(n, m)`; `mask`: `(n, m)`, boolean, `True` where position $i$ may look at $j$. It returns `(n, m)` in the dtype of `e`, which may be `float32`.
# - Where a row allows nothing, all its weights are 0.
# - Scores may be in the thousands, of either sign, and differ by that: nothing may become `nan` or infinite.
# - `exp`, `logsumexp`, `max` and the like may be called. What may not is a ready softmax: `softmax`, `log_softmax`, `scipy.special.softmax`.
#
# By hand: the row $(0, \ln 3, 7)$ with the mask (yes, yes, no) gives $(\frac14, \frac34, 0)$.

# %% masked-predict [markdown]
# **Predict first.** One may subtract any number $c_i$ from row $i$ without changing the weights. Why is the maximum of the whole row, the forbidden scores included, not a safe choice?
#
# <details><summary>Answer</summary>
#
# If a forbidden score is larger by 1000, all allowed exponentials become 0, and the fraction is 0/0.
#
# </details>


# %% masked role="answer"
def masked_softmax(e, mask):
    ### BEGIN SOLUTION Forbid, subtract each row's largest allowed score, share out; a row that allows nothing is 0.
    allowed = e.masked_fill(~mask, -torch.inf)
    top = allowed.max(dim=1, keepdim=True).values
    top = torch.where(torch.isinf(top), 0, top)
    powers = torch.exp(allowed - top)
    total = powers.sum(dim=1, keepdim=True)
    return powers / torch.where(total > 0, total, 1)
    ### END SOLUTION


# %% masked-hints [markdown]
# <details><summary>Hint 1: what to subtract</summary>
#
# The largest score *among the allowed ones* becomes 0, its exponential 1. So the denominator is at least 1.
#
# </details>
# <details><summary>Hint 2: forbidding</summary>
#
# `e.masked_fill(~mask, -torch.inf)`: the exponential of −∞ is exactly 0, and the maximum passes it by.
#
# </details>
# <details><summary>Hint 3: the empty row</summary>
#
# Its maximum is −∞, and −∞ − (−∞) is `nan`. Put a 0 in the place of such a maximum, and a 1 in the place of a sum that is 0.
#
# </details>

# %% masked-shown [markdown]
# **What you have shown.** A mask goes in *before* the softmax, and the empty row is a case of its own. In a batch of sentences of unequal length such rows are the rule.
#
# **Bonus.** The gradient of your function at an empty row: is it 0, or `nan`? (`torch.where` looks at one branch, but its gradient looks at both.)
