# %% maxpool-card [markdown]
# ## {number} · Through a max pooling, by hand
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | merge all of a batch norm but its signs | 25 | ●●●○○ | unit {unit:reduction-to-convolution}, section {section:reduction-to-convolution/merge} |
#
# A convolution $(F, b)$, a max pooling, a batch norm $Z = GY + g$: `reduce` leaves the batch norm. A positive factor could change places with the maximum. A negative one would make a minimum of it. But its *size* can change places.
#
# Write `through_max_pooling(F, b, G, g)`. It returns `(O, o, s)`, a kernel, a bias, and for each map a sign $s^k$ that is 1 or −1, such that for every input
# $$G\cdot\mathrm{maxpool}(\mathrm{conv}_{F,b}) + g \;=\; s\cdot\mathrm{maxpool}(\mathrm{conv}_{O,o}).$$
# So of two numbers for each map one sign is left; where all are 1, nothing is.
#
# - `F`: shape `(K, M, p, q)`. `b`, `G`, `g`: shape `(K,)`. Where $G^k = 0$, let $s^k = 1$.
#
# By hand: one map, $G = -2$, $g = 3$, a window in which the convolution without its bias gives 1 and 4, and $b = 1$. The left side is $-2 \cdot 5 + 3 = -7$. On the right, with $s = -1$, the maximum must be 7.

# %% maxpool-predict [markdown]
# **Predict first.** In a trained network, may one expect all signs to be 1?
#
# <details><summary>Answer</summary>
#
# $G = \gamma/\sqrt{\sigma^2 + \varepsilon}$ has the sign of $\gamma$. It begins at 1, and training seldom carries it across 0. But nothing forbids it, so a program must look.
#
# </details>


# %% maxpool role="answer"
def through_max_pooling(F, b, G, g):
    ### BEGIN SOLUTION Move the size of G and the right share of g before the pooling; return kernel, bias and signs.
    s = torch.where(G < 0, -1.0, 1.0).to(F)
    O = G.abs()[:, None, None, None] * F
    o = G.abs() * b + s * g
    return O, o, s
    ### END SOLUTION


# %% maxpool-hints [markdown]
# <details><summary>Hint 1: take the sign out</summary>
#
# $G = s\,|G|$. With $|G| \ge 0$, $\;|G|\max(y) = \max(|G|\,y)$.
#
# </details>
# <details><summary>Hint 2: the shift</summary>
#
# Write the left side as $s\cdot(\dots)$. What does $g$ become inside the bracket? ($s \cdot s = 1$.)
#
# </details>

# %% maxpool-bonus [markdown]
# **Bonus.** Behind the signs stands a convolution. What becomes of them? And if a ReLU stands there?
