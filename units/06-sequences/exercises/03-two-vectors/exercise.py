# %% vectors-card [markdown]
# ## {number} · One vector for a sequence of any length
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | classify filled-up sequences, two ways | 15 | ●●○○○ | lecture, section {section:rnn} |
#
# A batch of $N$ sequences of different lengths has gone through an RNN. The shorter ones were filled up behind their end, and the RNN went on reading what was filled in. You are given `states` of shape `(T, N, H)` and `lengths`, a vector of $N$ whole numbers (`int64`), each from 1 to $T$.
# Write `two_vectors(states, lengths)`. It returns a pair of tensors, both of shape `(N, H)`: for each sequence **the state at its own last step**, and **the mean of its own states**. What was filled in must not matter.

# %% vectors-predict [markdown]
# **Predict first.** A sequence of length 1: what is special about its two vectors?
#
# <details><summary>Answer</summary>
#
# They are equal: the mean of one state is that state.
#
# </details>

# %% vectors role="answer"
def two_vectors(states, lengths):
    ### BEGIN SOLUTION Return (last, mean), both (N, H), of the first lengths[n] states of each sequence n.
    last = states[lengths - 1, torch.arange(len(lengths))]
    own = torch.arange(len(states))[:, None] < lengths  # (T, N): is it a step of its own?
    mean = torch.where(own[..., None], states, 0).sum(0) / lengths[:, None]
    return last, mean
    ### END SOLUTION


# %% vectors-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Sequence $n$ owns `states[:lengths[n], n]`, of shape `(lengths[n], H)`. A loop over $n$ is fine.
#
# </details>
# <details><summary>Hint 2: counting</summary>
#
# Its last step has the number `lengths[n] - 1`, counted from 0.
#
# </details>

# %% vectors-shown [markdown]
# **What you have shown.** A batch is a matter of the machine, not of the sequence: no answer may depend on how long the others in the batch are. The second way looks at every step and has short paths for gradients; the first way leaves it to the RNN to carry what matters to the end.
