# %% bound-card [markdown]
# ## {number} · The bound, and where float32 ends
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | how fast a gradient must vanish | 10 | ●●○○○ | lecture, section {section:chain} |
#
# In a network of $L$ layers with σ, every weight matrix has the norm $c$. Write `gradient_bound(L, c)`: **a formula**, the largest factor by which the gradient's norm can be multiplied on its way through all $L$ layers, as far as $\sigma' \le \frac14$ tells.

# %% bound role="answer"
def gradient_bound(L, c):
    ### BEGIN SOLUTION Return the bound as a formula in L and c.
    return (c / 4) ** L
    ### END SOLUTION


# %% least-predict [markdown]
# **Predict first.** At which depth $L$ is $(1/4)^L$ exactly 0 in float32: about 40, 75 or 130? The smallest positive float32 is $2^{-149}$.
#
# <details><summary>Answer</summary>
#
# $(1/4)^{74} = 2^{-148}$ still exists, $2^{-150}$ is rounded to 0. So 75. (From 64 on it is *subnormal*, with fewer and fewer digits.)
#
# </details>

# %% least-card [markdown]
# Write `least_depth(factor)`: the smallest whole $L \ge 1$ for which `factor ** L` is exactly 0, found by computing in the dtype of `factor`, a tensor with one number between 0 and 1 and no axis.


# %% least role="answer"
def least_depth(factor):
    ### BEGIN SOLUTION Multiply by factor, in its own dtype, until the product is 0; return how many factors that took.
    L, product = 1, factor
    while product != 0:
        L, product = L + 1, product * factor
    return L
    ### END SOLUTION


# %% least-hints [markdown]
# <details><summary>Hint for the bound</summary>
#
# One layer multiplies by at most $\frac14 c$.
#
# </details>
# <details><summary>Hint for the depth</summary>
#
# A `while` loop. Do not turn `factor` into a Python number: that is float64, whatever it was before.
#
# </details>

# %% least-shown [markdown]
# **What you have shown.** Under the bound, a gradient vanishes exponentially, unless the weights have norms of 4 or more. That is why the lecture measures in float64.
