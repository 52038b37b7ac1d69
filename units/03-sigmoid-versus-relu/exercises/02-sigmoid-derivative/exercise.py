# %% slope-card [markdown]
# ## {number} · A slope from a value, and one that keeps its digits
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the slope of a squeezed tanh from its value, and σ' so that it keeps its digits | 10 | ●●○○○ | lecture, section {section:three} |
#
# A network stores the values of its units on the way forward and needs their slopes on the way back. LeNet-5's units are $y = A\tanh(kx)$, with $A = 1.7159$ and $k = \frac23$ (LeCun et al. 1998). Write `slope_from_value(y, A, k)`: **a formula** for $\frac{dy}{dx}$ in which $x$ does not occur, only the value $y$ and the two numbers.
#
# By hand: at $x = 0$ the value is 0 and the slope $Ak$.

# %% slope role="answer"
def slope_from_value(y, A, k):
    ### BEGIN SOLUTION Return the formula of dy/dx in terms of y = A tanh(k x), A and k.
    return k * (A - y**2 / A)
    ### END SOLUTION


# %% derivative-predict [markdown]
# **Predict first.** In float32, $\sigma(20)$ is rounded to 1. What does a formula in the value alone, $s(1 - s)$ or yours, give there? What is right for σ?
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
