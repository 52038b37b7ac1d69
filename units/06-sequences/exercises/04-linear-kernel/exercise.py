# %% kernel-card [markdown]
# ## {number} · The kernel of a linear RNN
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write a linear RNN as one convolution of the framework | 20 | ●●●○○ | lecture, section {section:kernel} |
#
# A linear RNN without biases: $h_t = W_{hh}h_{t-1} + W_{hx}x_t$, $y_t = W_{yh}h_t$, $h_0 = 0$. It reads $T$ steps.
# Write `rnn_kernel(W_hh, W_hx, W_yh, T)`. It returns `weight` of shape `(K, D, T)` such that, for every input `x` of shape `(N, D, T)`,
#
# `torch.conv1d(torch.nn.functional.pad(x, (T - 1, 0)), weight)`
#
# is the RNN's output, of shape `(N, K, T)`. Shapes: `W_hh` $(H, H)$, `W_hx` $(H, D)$, `W_yh` $(K, H)$.
#
# Try it by hand first: one number each, $W_{hh} = 2$, $W_{hx} = 1$, $W_{yh} = 3$, $T = 3$. What is $y_3$ for the input $(1, 0, 0)$, and under which tap of the kernel lies that 1 then? Mind what the framework calls a convolution.

# %% kernel role="answer"
def rnn_kernel(W_hh, W_hx, W_yh, T):
    ### BEGIN SOLUTION Return the weight (K, D, T) with which conv1d, padded as above, is the RNN.
    column, taps = W_hx, []
    for _ in range(T):
        taps.append(W_yh @ column)
        column = W_hh @ column
    return torch.stack(taps[::-1], dim=-1)  # the last tap meets the present
    ### END SOLUTION


# %% kernel-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# What is the RNN's answer to an impulse, that is to an input that is 1 in one place? The lecture's section says it in a formula.
#
# </details>
# <details><summary>Hint 2: which end is the present?</summary>
#
# The framework does not flip. With $T - 1$ zeros before the input, the *last* tap of the kernel lies on $x_t$ and the first on $x_{t-T+1}$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# Keep a matrix that begins as `W_hx` and is multiplied by `W_hh` from the left after each tap.
#
# </details>

# %% kernel-shown [markdown]
# **What you have shown.** The same map twice: once with a state, step by step, and once as a convolution that computes all steps at once. The state is cheap for one step after the other, the convolution for a whole sequence. Networks of today use both views of one layer (structured state space models, A. Gu et al. 2022).
