# %% slope-card [markdown]
# ## {number} · Its derivative, twice
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | σ' from the value of σ, and so that it keeps its digits | 10 | ●●○○○ | lecture, section {section:three} |
#
# A network stores the values $s = \sigma(x)$ on the way forward and needs $\sigma'$ on the way back. Write `slope_from_value(s)`: **a formula** for $\sigma'(x)$ in which only $s$ occurs, a number between 0 and 1.

# %% slope role="answer"
def slope_from_value(s):
    ### BEGIN SOLUTION Return the formula of σ'(x) in terms of s = σ(x).
    return s * (1 - s)
    ### END SOLUTION


# %% derivative-predict [markdown]
# **Predict first.** In float32, $\sigma(20)$ is rounded to 1. What does your formula give there? What is right?
#
# <details><summary>Answer</summary>
#
# 0. Right is about $e^{-20} \approx 2.06\cdot10^{-9}$, which float32 could hold with all its digits.
#
# </details>

# %% derivative-card [markdown]
# Now write `sigmoid_derivative(x)`: $\sigma'(x)$ for a tensor, with the digits of its dtype: neither 0 at 20 nor NaN at 1000. Again no ready σ may be called; autograd may.


# %% derivative role="answer"
def sigmoid_derivative(x):
    ### BEGIN SOLUTION Return σ'(x) for each number of x, without losing its digits.
    small = torch.exp(-x.abs())
    return small / (1 + small) ** 2  # σ' is even: σ(x) σ(−x)
    ### END SOLUTION


# %% derivative-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# $1 - \sigma(x)$ subtracts two nearly equal numbers. Which other value of σ is $1 - \sigma(x)$?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $\sigma'(x) = \sigma(x)\,\sigma(-x)$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `1 / (1 + torch.exp(-x))` is σ(x). Write it once more, with the other sign, and multiply.
#
# </details>

# %% derivative-shown [markdown]
# **What you have shown.** Equal as formulas is not equal in floats. Where a slope is tiny, only one of the two forms still knows it.
