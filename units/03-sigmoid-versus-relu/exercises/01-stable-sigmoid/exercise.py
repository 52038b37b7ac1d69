# %% sigmoid-card [markdown]
# ## {number} · A sigmoid that survives
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | σ for every number, from −1000 to 1000 | 10 | ●●○○○ | lecture, section {section:three} |
#
# $$\sigma(x) = \frac{1}{1+e^{-x}} = \frac{e^x}{1+e^x} .$$
# Write `sigmoid(x)`. No NaN, and small values keep their digits: $\sigma(-40) \approx 4.248\cdot10^{-18}$, not 0.
# Build it from `torch.exp` and whatever else computes with numbers; a ready σ may not be called (`torch.sigmoid`, `softmax`, `silu`, SciPy's `expit` or `logistic`).
#
# - `x`: a tensor of any shape. The result has its shape and its dtype.
#
# By hand: $\sigma(0) = \frac12$, $\sigma(1) \approx 0.7311$, $\sigma(-1) = 1 - \sigma(1) \approx 0.2689$.

# %% sigmoid-predict [markdown]
# **Predict first.** `torch.exp(torch.tensor(1000.0))` is `inf`. What do the two forms above give for $x = 1000$?
#
# <details><summary>Answer</summary>
#
# The first: $e^{-1000}$ is 0, so 1, which is right. The second: $\infty/\infty$, NaN.
#
# </details>

# %% sigmoid role="answer"
def sigmoid(x):
    ### BEGIN SOLUTION Return σ(x) for each number of x, also for −1000 and 1000.
    small = torch.exp(-x.abs())
    return torch.where(x >= 0, 1.0, small) / (1 + small)
    ### END SOLUTION


# %% sigmoid-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# A power of $e$ may become 0 without harm. It must not become ∞ above *and* below a fraction.
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $e^{-|x|}$ never overflows. With $t = e^{-|x|}$, σ is $\frac{1}{1+t}$ for $x \ge 0$ and $\frac{t}{1+t}$ for $x < 0$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `torch.where(x >= 0, above, below)` takes `above` where $x \ge 0$ and `below` elsewhere.
#
# </details>

# %% nan-card [markdown]
# **And its gradient?** The value of $1/(1+e^{-x})$ is good for every $x$: where $e^{-x}$ overflows, σ is below the smallest normal number, and 0 will do. But *autograd* through this very form, in float32, gives NaN for some $x$. Write `nan_gradient()`: it returns such a number.


# %% nan role="answer"
def nan_gradient():
    ### BEGIN SOLUTION Return a number x for which autograd through 1/(1 + e^−x), in float32, gives NaN.
    return -100.0  # e^100 is ∞ in float32, and the chain rule multiplies it by 0
    ### END SOLUTION


# %% nan-hints [markdown]
# <details><summary>Hint</summary>
#
# By the chain rule the gradient is $\frac{1}{(1+e^{-x})^2}\cdot e^{-x}$. When is this 0 · ∞?
#
# </details>

# %% sigmoid-shown [markdown]
# **What you have shown.** Two forms of one formula can differ in every digit. A framework's sigmoid has a gradient of its own, and now you know why.
