# %% lstm-card [markdown]
# ## {number} · One step of an LSTM
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | three gates, a candidate, two states | 20 | ●●●○○ | lecture, section {section:lstm} |
#
# The four matrices of an LSTM lie one below the other in one matrix $W$ of shape `(4H, H + D)`. It acts on $[h_{t-1}; x_t]$, as on the slides, and its four blocks have the **framework's** order: i, f, g, o (`nn.LSTMCell`; g is the candidate $\tilde C$). The bias `b` of shape `(4H,)` is ordered likewise.
# Write `lstm_step(W, b, x, h, C)` for `x` of shape `(D,)`, `h` and `C` of shape `(H,)`. It returns the pair $(h_t, C_t)$. A ready LSTM may not be called.

# %% lstm-predict [markdown]
# **Predict first.** $W$ and $b$ are 0. What is $C_t$, and what is $h_t$, if $C_{t-1} = 4$?
#
# <details><summary>Answer</summary>
#
# All gates are $\frac12$ and the candidate is $\tanh 0 = 0$: $C_t = 2$, $h_t = \frac12\tanh 2 = 0.482$.
#
# </details>

# %% lstm role="answer"
def lstm_step(W, b, x, h, C):
    ### BEGIN SOLUTION Compute the three gates and the candidate; return (h, C) of this step.
    i, f, g, o = (W @ torch.cat([h, x]) + b).chunk(4)
    C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(C), C
    ### END SOLUTION


# %% lstm-hints [markdown]
# <details><summary>Hint 1: the blocks</summary>
#
# One product gives $4H$ numbers. `.chunk(4)` cuts them into the four blocks, in their order.
#
# </details>
# <details><summary>Hint 2: what goes through what</summary>
#
# σ for the three gates, tanh for the candidate, and once more tanh: the output is a look at the *new* cell state.
#
# </details>
