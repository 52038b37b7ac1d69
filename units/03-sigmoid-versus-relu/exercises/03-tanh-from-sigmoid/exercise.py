# %% tanh-card [markdown]
# ## {number} · tanh is a sigmoid
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | σ from tanh, and why | 15 | ●●○○○ | lecture, section {section:three} |
#
# The lecture writes tanh with σ. Now the other way round: write `sigma_from_tanh(tanh, x)`, **a formula** for $\sigma(x)$ that uses `tanh` only. You get `tanh` as a function (`tanh(x)` is $\tanh(x)$) and `x` as a symbol.
#
# By hand: $\sigma(0) = \frac12$ and $\tanh(0) = 0$; for large $x$ both tend to 1.

# %% tanh role="answer"
def sigma_from_tanh(tanh, x):
    ### BEGIN SOLUTION Return σ(x) written with tanh.
    return (1 + tanh(x / 2)) / 2
    ### END SOLUTION


# %% identity-card [markdown]
# **Prove the lecture's identity**, by hand. Write `tanh_identity(x)`: it returns the chain of equalities as a list of expressions in the symbol `x`, line by line, from
# $$\frac{2}{1+e^{-2x}} - 1 \qquad\text{to}\qquad \frac{e^x - e^{-x}}{e^x + e^{-x}} .$$
# Both ends stand in the cell; put at least one line between them, written with `+ - * / **` and `e`. Each line is compared with the one above, as a formula: for all $x$, not for some numbers. A line shows nothing if it has an end whole in it, as the mean of both ends has.


# %% identity role="answer"
def tanh_identity(x):
    e = sympy.exp
    first, last = 2 / (1 + e(-2 * x)) - 1, (e(x) - e(-x)) / (e(x) + e(-x))
    ### BEGIN SOLUTION Return the list of lines, [first, …, last], with one of yours or more between them.
    # one denominator: 2 − (1 + e^−2x) = 1 − e^−2x; then both multiplied by e^x
    return [first, (1 - e(-2 * x)) / (1 + e(-2 * x)), last]
    ### END SOLUTION


# %% tanh-hints [markdown]
# <details><summary>Hint for the formula</summary>
#
# tanh runs from −1 to 1, σ from 0 to 1: half as high, and shifted. And σ is half as quick.
#
# </details>
# <details><summary>Hint for the chain</summary>
#
# Bring $\frac{2}{1+t} - 1$ to one denominator, with $t = e^{-2x}$. Then multiply above and below by $e^x$.
#
# </details>

# %% tanh-shown [markdown]
# **What you have shown.** tanh is σ in other units, for every $x$. So whatever tanh does better must come from those units: its mean of 0, and its slope of 1.
