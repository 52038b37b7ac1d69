# %% smallest-card [markdown]
# ## {number} · Open: the smallest head that copies, reverses and sorts
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | tables of queries and keys, as narrow as you can make them | 45 | ●●●●○ | lecture, section {section:qkv} |
#
# A decoder writes by pointing: at each step one query looks at the keys, and writes the token that gets most. Everything is in two tables, the queries `Q` and the keys `K`, matrices with the same number of columns, the **width**. The scores are $QK^T$; nothing is divided.
#
# Write three functions. Each returns a pair `(Q, K)`:
#
# - `copy_head(n)`: $n$ steps, $n$ positions. Step $t$ must look at position $t$. Both tables have $n$ rows.
# - `reverse_head(n)`: step $t$ must look at position $n - 1 - t$ (counted from 0).
# - `sort_head(size)`: tokens are the numbers $0..\mathrm{size}-1$, some of which are present, none twice. They must come out in rising order. The query knows only which token was written last: `Q` has $\mathrm{size} + 1$ rows, row 0 for the start, row $y + 1$ for "the last one was $y$". `K` has a row for each token. Whatever tokens are present, the *smallest one above $y$* must get the largest score of those present. (When none is left above, decoding ends.)
#
# **Wanted**: the right key's score is above every other's by more than 8. Sizes go up to 12.
# **How small?** Any width earns points. With width 2 for all three you earn all. With width 1 it cannot be done for $n \ge 3$. (Why?)

# %% smallest-predict [markdown]
# **Predict first.** Why does the width $n$ always suffice for `copy_head`, and width 1 never for $n = 3$?
#
# <details><summary>Answer</summary>
#
# With width $n$: $K$ the identity, $Q$ nine times it. With width 1 a score is $q\,k_j$, and over the keys it is largest at the largest or at the smallest $k_j$: the key between is never found.
#
# </details>


# %% copy-head role="answer"
def copy_head(n):
    ### BEGIN SOLUTION Put the keys where each can be the farthest in some direction; return (Q, K) with n rows each.
    angle = 2 * torch.pi * torch.arange(n, dtype=torch.float64) / n
    K = torch.stack([torch.cos(angle), torch.sin(angle)], dim=1)
    return 100 * K, K
    ### END SOLUTION


# %% reverse-head role="answer"
def reverse_head(n):
    ### BEGIN SOLUTION The same keys serve; return (Q, K) with n rows each.
    t = torch.arange(n, dtype=torch.float64)
    K = torch.stack([t, -(t**2)], dim=1)
    return 10 * torch.stack([2 * (n - 1 - t), torch.ones(n, dtype=torch.float64)], dim=1), K
    ### END SOLUTION


# %% sort-head role="answer"
def sort_head(size):
    ### BEGIN SOLUTION A score that is low up to y, and above y falls with the token; return (Q, K), size + 1 and size rows.
    k = torch.arange(size, dtype=torch.float64)
    y = torch.arange(-1, size, dtype=torch.float64)
    base = 2.0 * size
    K = torch.stack([base ** (-2 * k), k], dim=1)
    Q = torch.stack([-20 * base ** (2 * y + 1), torch.full_like(y, -20.0)], dim=1)
    return Q, K
    ### END SOLUTION


# %% smallest-hints [markdown]
# <details><summary>Hint 1: a picture</summary>
#
# Keys as points of the plane, a query as a direction: the key that lies farthest in that direction wins. Which points can all win?
#
# </details>
# <details><summary>Hint 2: sorting, any width</summary>
#
# First forget the width: $K$ the identity, and row $y$ of $Q$ says outright which score each token gets. Low for all that are $\le y$; above, falling.
#
# </details>
# <details><summary>Hint 3: sorting, narrow</summary>
#
# A term that explodes towards small tokens, such as $-c^{\,y-k}$, is a product of something of $y$ and something of $k$. What must be added so that above $y$ the *smaller* token wins?
#
# </details>

# %% smallest-shown [markdown]
# **What you have shown.** How little a head needs for an algorithm, if its numbers are chosen and not learned: two numbers for each key, whatever $n$ is. Whether gradient descent finds such tables is another question, as with the nine heads.
#
# **Bonus.** Your sorter forgets a token that is present twice. What would the query have to know?
