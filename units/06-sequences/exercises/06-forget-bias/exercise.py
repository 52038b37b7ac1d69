# %% bias-card [markdown]
# ## {number} · How large must the forget bias be?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | from the memory that one wants to the bias that gives it | 10 | ●●○○○ | lecture, section {section:shortcut} |
#
# A fresh LSTM: all its weights are 0, all its biases too, but for the forget gate's, which is `b_f` at each unit. After $T$ steps the share $s$ of $C_0$ is to be left, $0 < s < 1$.
# Write `forget_bias(s, T)`. It returns that $b_f$, a float. For example half of it after one step needs no bias at all: `forget_bias(0.5, 1)` is 0.

# %% bias-predict [markdown]
# **Predict first.** The memory is to last twice as long, with the same share left. Does $b_f$ double, nearly stay, or grow by about a fixed amount?
#
# <details><summary>Answer</summary>
#
# For a long memory it grows by about $\ln 2 = 0.69$ for each doubling. See it with your function.
#
# </details>

# %% bias role="answer"
def forget_bias(s, T):
    ### BEGIN SOLUTION Return the bias with which the share s of C_0 is left after T steps.
    f = s ** (1 / T)  # the gate of each step
    return math.log(f / (1 - f))
    ### END SOLUTION


# %% bias-hints [markdown]
# <details><summary>Hint 1: the gate</summary>
#
# With weights 0 all $T$ forget gates are the same number $f$. What is left after $T$ steps?
#
# </details>
# <details><summary>Hint 2: from the gate to the bias</summary>
#
# $f = \sigma(b_f)$. Solve $f = 1/(1 + e^{-b})$ for $b$.
#
# </details>
