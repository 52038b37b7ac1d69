# %% ways-card [markdown]
# ## {number} · Both directions from two RNNs
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | a bidirectional layer from two that read forwards | 10 | ●●○○○ | lecture, section {section:deep} |
#
# You are given two RNNs, `there` and `back`. Each is a function that reads inputs of shape `(T, 3)` **from the first row to the last** and returns its states, of shape `(T, 2)`. They have weights of their own.
# Write `both_ways(there, back, x)`. It returns a tensor of shape `(T, 4)`, whose row $t$ is $[\overrightarrow h_t; \overleftarrow h_t]$: `there` has read $x_1 \dots x_t$ when it comes to row $t$, `back` has read $x_T \dots x_t$, in this order.

# %% ways-predict [markdown]
# **Predict first.** You change $x_T$ only. Which of the $4T$ numbers change?
#
# <details><summary>Answer</summary>
#
# Of `there` only the last row; of `back` all rows: it has read $x_T$ first.
#
# </details>

# %% ways role="answer"
def both_ways(there, back, x):
    ### BEGIN SOLUTION Let each read x in its direction; return (T, 4), a row for each step.
    return torch.cat([there(x), back(x.flip(0)).flip(0)], dim=1)
    ### END SOLUTION


# %% ways-hints [markdown]
# <details><summary>Hint 1: the direction</summary>
#
# An RNN that reads forwards reads a sequence backwards if it gets it backwards: `x.flip(0)`.
#
# </details>
# <details><summary>Hint 2: the rows</summary>
#
# Which step does the first row of its states belong to then? The two must meet in the same row.
#
# </details>
