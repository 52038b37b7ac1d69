# %% border-card [markdown]
# ## {number} · Across the border, by hand
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | merge a batch norm that `reduce` leaves: before a convolution with a border of zeros | 25 | ●●●○○ | unit {unit:reduction-to-convolution}, sections {section:reduction-to-convolution/merge} and {section:reduction-to-convolution/fails} |
#
# `reduce` leaves a batch norm $Z = GX + g$ before a convolution with a border of zeros. The border must stay 0 behind the batch norm, so $g$ may act inside only. `reduce` could write that with one more input map, which is 1 inside and 0 on the border, but its weights would cost multiply–adds. There is a way without it. A border need not consist of zeros.
#
# Write `across_the_border(G, g, F, b)`. It returns `(v, O, o)`: a number $v^m$ for each input map, a kernel and a bias, such that
# $$\mathrm{conv}_{F,b}\bigl(\text{zeros around } (GX + g)\bigr) \;=\; \mathrm{conv}_{O,o}\bigl(\,v \text{ around } X\bigr)$$
# for every $X$ and every width of the border, where $v$ around $X$ means that map $m$ gets a border of numbers $v^m$.
#
# - `G`, `g`: shape `(M,)`, and no number of `G` is 0. `F`: shape `(K, M, p, q)`. `b`: shape `(K,)`.
#
# By hand, in one dimension: $M = K = 1$, $G = 2$, $g = 6$, $F = (1, 1, 1)$, $b = 0$, a border of one number on either side, $X = (5, 7)$. Batch norm gives $(16, 20)$, with its border $(0, 16, 20, 0)$, and the convolution $(36, 36)$. Which number must stand around $(5, 7)$, so that batch norm makes 0 of it?

# %% border-predict [markdown]
# **Predict first.** How many multiply–adds does the merged layer have, compared with the convolution alone?
#
# <details><summary>Answer</summary>
#
# Just as many: the kernel has the same size, and a border of other numbers costs no more than one of zeros. What `reduce` writes is a `Conv2d`, whose border is 0. So this is a limit of the library's vocabulary, not of what a convolution can do.
#
# </details>


# %% border role="answer"
def across_the_border(G, g, F, b):
    ### BEGIN SOLUTION Return what must stand around each map, the merged kernel, and the bias that it is everywhere.
    v = -g / G
    O = F * G[:, None, None]
    o = b + F.sum((2, 3)) @ g
    return v, O, o
    ### END SOLUTION


# %% border-hints [markdown]
# <details><summary>Hint 1: two steps</summary>
#
# Let batch norm act on the image *with* its border, and then convolve without a border. What must the border be before batch norm, if it is to be 0 behind it?
#
# </details>
# <details><summary>Hint 2: kernel and bias</summary>
#
# Now no border is in the way: $\sum_{muv} F^{mk}_{uv}\,(G^m x + g^m) + b^k$. Sort it into what is multiplied by a number of $X$ and what is not.
#
# </details>
# <details><summary>Hint 3: shapes</summary>
#
# $G$ belongs to the *input* maps, the second axis of `F`: `G[:, None, None]` lines up with the last three.
#
# </details>

# %% border-bonus [markdown]
# **Bonus.** What if some $G^m = 0$? Then no number around $X$ becomes 0. Does the layer still depend on map $m$? What is left of it that no convolution can give?
