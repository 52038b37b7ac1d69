# %% rnn-card [markdown]
# ## {number} · An RNN with one matrix
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | run the recurrence in the form with one matrix | 10 | ●○○○○ | lecture, section {section:rnn} |
#
# You are given $W = [W_{hh}, W_{hx}]$ as **one** matrix of shape `(H, H + D)`, as the slides have it, the bias `b` of shape `(H,)`, the state before the first step `h` of shape `(H,)`, and the inputs `x` of shape `(T, D)`. The non-linearity is tanh.
# Write `rnn_states(W, b, h, x)`. It returns the states $h_1 \dots h_T$ as a tensor of shape `(T, H)`. Matrix products, `torch.cat` and `torch.tanh` may be called, a ready RNN may not.
#
# By hand, $H = D = 1$: $W = [0, 1]$ looks at $x_t$ only, so $h_t = \tanh(x_t + b)$. $W = [1, 0]$ looks at the state only.

# %% rnn-predict [markdown]
# **Predict first.** All inputs and the bias are 0, $h = 0$ before the first step. Which states come out, and does it matter what $W$ is?
#
# <details><summary>Answer</summary>
#
# $\tanh(0) = 0$ at each step: all states are 0, whatever $W$ is.
#
# </details>

# %% rnn role="answer"
def rnn_states(W, b, h, x):
    ### BEGIN SOLUTION Go through the steps, each from the state of the one before; return all T states as (T, H).
    states = []
    for x_t in x:
        h = torch.tanh(W @ torch.cat([h, x_t]) + b)
        states.append(h)
    return torch.stack(states)
    ### END SOLUTION


# %% rnn-hints [markdown]
# <details><summary>Hint 1: the order</summary>
#
# The first $H$ columns of $W$ belong to the state, the last $D$ to the input.
#
# </details>
# <details><summary>Hint 2: the loop</summary>
#
# A loop over `x` gives its rows. Keep each state in a list, and make one tensor of them with `torch.stack`.
#
# </details>
