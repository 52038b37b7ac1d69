# %% heads-card [markdown]
# ## {number} · Several heads
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | cut into heads, attend, put together, mix | 20 | ●●●○○ | lecture, section {section:heads} |
#
# Write `multi_head(X, WQ, WK, WV, WO, h)` for one sequence of $n$ positions, the rows of $X$:
# $$Y = [\mathrm{head}_1 \dots \mathrm{head}_h]\,W^O,$$
# where head $i$ takes the columns $(i-1)\frac dh + 1$ to $i\,\frac dh$ of $XW^Q$, of $XW^K$ and of $XW^V$, and attends with them.
#
# - `X`: `(n, d)`; the four matrices: `(d, d)`; `h` divides `d`. It returns `(n, d)`. No mask here.
# - `softmax` may be called. A ready attention may not.
#
# By hand: with $W^V = W^O = I$, the identity, and all scores equal, each head is the mean of its columns over the positions, and each row of $Y$ is the mean of all rows of $X$, whatever $h$ is.

# %% heads-predict [markdown]
# **Predict first.** By which root does one divide the scores of a head?
#
# <details><summary>Answer</summary>
#
# By the root of the width of *its* keys, $d/h$.
#
# </details>


# %% heads role="answer"
def multi_head(X, WQ, WK, WV, WO, h):
    ### BEGIN SOLUTION Project, cut the columns into h heads, attend in each, put them side by side, multiply by WO.
    heads = []
    for q, k, v in zip((X @ WQ).chunk(h, 1), (X @ WK).chunk(h, 1), (X @ WV).chunk(h, 1), strict=False):
        A = torch.softmax(q @ k.T / k.shape[1] ** 0.5, dim=1)
        heads.append(A @ v)
    return torch.cat(heads, dim=1) @ WO
    ### END SOLUTION


# %% heads-hints [markdown]
# <details><summary>Hint 1: columns, not rows</summary>
#
# Every head sees all positions, and a part of the width. `Q[:, a:b]` are some columns of all rows.
#
# </details>
# <details><summary>Hint 2: all heads at once</summary>
#
# `Q.unflatten(1, (h, -1))` is `(n, h, d/h)`; `.transpose(0, 1)` puts the heads in front. Back: `.transpose(0, 1).flatten(1)`.
#
# </details>

# %% heads-shown [markdown]
# **What you have shown.** Heads are a way to read four matrices. With $h = 1$ it is one attention; with more, several, none of which costs a parameter. $W^O$ is what lets them talk to each other: without it, coordinate 1 of the output would know of head 1 only.
