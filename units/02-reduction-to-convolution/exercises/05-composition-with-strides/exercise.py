# %% strided-card [markdown]
# ## {number} · … with strides
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | compose convolutions that skip positions | 15 | ●●●○○ | exercise {exercise:composition} |
#
# One dimension, one map, no bias. The first layer has stride $s_1$, the second $s_2$:
# $$Y_i = \sum_u X_{s_1(i-1)+u}\, F_u, \qquad Z_i = \sum_w Y_{s_2(i-1)+w}\, G_w .$$
# Write `compose_strided(F, G, s1, s2)`. It returns `(O, stride)`: the one kernel, a tensor with one axis as `F` and `G`, and its stride, a whole number.
# Not to be called: the course's own composition.
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

# %% strided-bonus [markdown]
# **Bonus.** Two grouped convolutions, with $g_1$ and $g_2$ groups: how many groups does their composition have? Try 4 and 6 on 12 maps.
