# %% teacher-card [markdown]
# ## {number} · Teacher forced, and free running
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the same decoder in training and in use | 25 | ●●●○○ | lecture, section {section:forcing} |
#
# You are given a decoder's `step(token, state)`. It takes a token, a whole number from 0 to 4, and a state, a tensor, and returns `(scores, state)`: a score for each of the five tokens that may come next, of shape `(5,)`, and the next state. Scores become probabilities by a softmax. Token 0 is the start; the encoder's state `state` is given.
#
# 1. `forced_loss(step, state, target)`: `target` is the list of the right tokens $y_1 \dots y_T$, without the start. Return the mean of $-\log p(y_t \mid y_1 \dots y_{t-1}, \text{state})$, the **right** tokens being fed in.
# 2. `free_run(step, state, length)`: return the list of `length` tokens that the decoder writes when each step's likeliest token is the next step's input. The start is not among them. Of equal scores take the first.

# %% teacher-predict [markdown]
# **Predict first.** If a free run happens to write exactly the right target: have the two functions called `step` with the same tokens?
#
# <details><summary>Answer</summary>
#
# Yes, with the start and then with the same tokens. They part at the first error: from there on the free run goes on from its own token, in a state that no training has seen.
#
# </details>

# %% forced role="answer"
def forced_loss(step, state, target):
    ### BEGIN SOLUTION Feed the start, then the right tokens; return the mean of −log p of the right ones.
    token, losses = 0, []
    for right in target:
        scores, state = step(token, state)
        losses.append(-torch.log_softmax(scores, 0)[right])
        token = right
    return torch.stack(losses).mean()
    ### END SOLUTION


# %% free role="answer"
def free_run(step, state, length):
    ### BEGIN SOLUTION Feed the start, then what was written last; return the list of the tokens written.
    token, written = 0, []
    for _ in range(length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        written.append(token)
    return written
    ### END SOLUTION


# %% teacher-hints [markdown]
# <details><summary>Hint 1: one step late</summary>
#
# The token that goes in at step $t$ is $y_{t-1}$, the one whose probability is looked at is $y_t$. At the first step the start goes in.
#
# </details>
# <details><summary>Hint 2: the state</summary>
#
# `step` returns the next state. Each step needs the one that the step before has returned.
#
# </details>
