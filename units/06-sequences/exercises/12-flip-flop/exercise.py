# %% switch-card [markdown]
# ## {number} · Bonus: an LSTM that you set by hand
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | fifteen numbers that make a switch | 25 | ●●●○○ | exercise {exercise:lstm-step}, lecture, section {section:shortcut} |
#
# No training: write the weights. An LSTM with **one** unit reads two numbers at each step, *set* and *reset*. Most steps bring $(0, 0)$, some bring $(1, 0)$, a set, some $(0, 1)$, a reset; never both. It starts with $h = C = 0$. Its output is to be a switch:
#
# - from a set on, in that very step as well, $h > 0.5$, for `T` steps at least, until a reset comes;
# - from a reset on, and before the first set, $-0.1 < h < 0.1$.
#
# Two sets in a row, or two resets, must do no harm. Write `switch(T)`. It returns the pair `(W, b)` in the form of exercise {exercise:lstm-step}: `W` of shape `(4, 3)` with the rows i, f, g, o and the columns $h$, set, reset; `b` of shape `(4,)`.

# %% switch-predict [markdown]
# **Predict first.** Which gate must look at *set*, which at *reset*? Does any of them have to look at $h$?
#
# <details><summary>Answer</summary>
#
# You decide; more than one way works. Try your idea in the lecture's figure first, with its gates.
#
# </details>

# %% switch role="answer"
def switch(T):
    ### BEGIN SOLUTION Return (W, b): four rows i, f, g, o of weights for (h, set, reset), and four biases.
    W = torch.tensor(
        [
            [0.0, 60.0, 0.0],  # i: open at a set only
            [0.0, 0.0, -60.0],  # f: open but at a reset
            [0.0, 0.0, 0.0],  # g: always 1
            [0.0, 0.0, 0.0],  # o: always open
        ]
    )
    return W, torch.tensor([-30.0, 30.0, 30.0, 30.0])
    ### END SOLUTION


# %% switch-hints [markdown]
# <details><summary>Hint 1: numbers</summary>
#
# σ(30) is 1 to thirteen digits, σ(−30) is $10^{-13}$. A bias sets where a gate usually stands, a weight of twice that size turns it over.
#
# </details>
# <details><summary>Hint 2: a start</summary>
#
# Keep first: what must $f$ be in all the steps in which nothing happens? Then write: when may something come in?
#
# </details>
