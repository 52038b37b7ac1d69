# %% tanh-card [markdown]
# ## {number} · tanh is a sigmoid
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | tanh from σ, and why | 15 | ●●○○○ | lecture, section {section:three} |
#
# Write `tanh_from_sigma(sigma, x)`: **a formula** for $\tanh(x)$ that uses `sigma` only. You get `sigma` as a function (`sigma(x)` is $\sigma(x)$) and `x` as a symbol.
#
# By hand: $\tanh(0) = 0$ and $\sigma(0) = \frac12$; for large $x$ both tend to 1.

# %% tanh role="answer"
def tanh_from_sigma(sigma, x):
    ### BEGIN SOLUTION Return tanh(x) written with sigma.
    return 2 * sigma(2 * x) - 1
    ### END SOLUTION


# %% identity-card [markdown]
# **Prove it.** Write `tanh_identity(x)`: it returns the chain of equalities as a list of expressions in the symbol `x`, line by line, from
# $$\frac{2}{1+e^{-2x}} - 1 \qquad\text{to}\qquad \frac{e^x - e^{-x}}{e^x + e^{-x}} .$$
# With `e = sympy.exp`, these are `2 / (1 + e(-2*x)) - 1` and `(e(x) - e(-x)) / (e(x) + e(-x))`. Put at least one line between them. Each line is compared with the one above, as a formula: for all $x$, not for some numbers.


# %% identity role="answer"
def tanh_identity(x):
    e = sympy.exp
    ### BEGIN SOLUTION Return the list of lines from 2/(1 + e(-2*x)) - 1 to (e(x) - e(-x)) / (e(x) + e(-x)).
    return [
        2 / (1 + e(-2 * x)) - 1,
        (1 - e(-2 * x)) / (1 + e(-2 * x)),  # one denominator: 2 − (1 + e^−2x) = 1 − e^−2x
        (e(x) - e(-x)) / (e(x) + e(-x)),  # both multiplied by e^x
    ]
    ### END SOLUTION


# %% tanh-hints [markdown]
# <details><summary>Hint for the formula</summary>
#
# σ runs from 0 to 1, tanh from −1 to 1: twice as high, and shifted. And tanh is twice as quick.
#
# </details>
# <details><summary>Hint for the chain</summary>
#
# Bring $\frac{2}{1+t} - 1$ to one denominator, with $t = e^{-2x}$. Then multiply above and below by $e^x$.
#
# </details>

# %% tanh-shown [markdown]
# **What you have shown.** tanh is σ in other units, for every $x$. So whatever tanh does better must come from those units: its mean of 0, and its slope of 1.
