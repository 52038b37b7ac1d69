# %% first-card [markdown]
# ## {number} · Who is faster?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read a race off its logs, then run your own | 30 | ●●●○○ | lecture, sections {section:digits} and {section:depth} |
#
# **Reading.** Write `first_step_below(curve, level)`: the first step, counted from 0, at which the curve is *below* the level, or `None` if it never is.
#
# - `curve`: a list of numbers, the training error at each step; `level`: a number. The result is a whole number, or `None` itself (not −1, not the number of steps).
#
# By hand: for the errors 0.9, 0.5, 0.2 and the level 0.25 it is 2.

# %% first role="answer"
def first_step_below(curve, level):
    ### BEGIN SOLUTION Return the first step at which the curve is below the level, or None.
    for step, error in enumerate(curve):
        if error < level:
            return step
    return None
    ### END SOLUTION


# %% race-card [markdown]
# **Your own race.** `training_curve(activation, rate, seed)` trains a network with *one* hidden layer on the digits and returns a list: the training error before each of 120 steps. `activation` is `"sigmoid"` or `"relu"`. It takes a tenth of a second; try it:

# %% race-try
curve = training_curve("relu", 0.05, seed=0)
print([round(error, 2) for error in curve[::20]])

# %% race-question [markdown]
# For each of the two, find a good learning rate: try several, and take one that neither three times nor a third of it would beat by far (by 40 % of the median of the steps). Then look at the seeds 0, 1 and 2. Write `own_run()`: it returns `(rate_sigmoid, rate_relu, steps_sigmoid, steps_relu, faster)`.
#
# - the two rates that you have chosen;
# - for each activation the list of three first steps below 0.25, for the seeds 0, 1, 2 (`None` for never);
# - `faster`: `"sigmoid"`, `"relu"` or `"neither"`, by the median of the three steps.
#
# The function may compute all this or just return what you have found. The check runs your rates again.

# %% race-predict [markdown]
# **Predict first.** With one hidden layer: will ReLU be six times faster, a little faster, or slower? And what would one see with the *same* rate, 0.1, for both?
#
# <details><summary>Answer</summary>
#
# Your own runs give it: first each at its own rate, then both with 0.1. Note all four medians; exercise {exercise:in-words} asks for them.
#
# </details>


# %% race role="answer"
def own_run():
    ### BEGIN SOLUTION Return (rate_sigmoid, rate_relu, steps_sigmoid, steps_relu, faster) of your own runs.
    def steps(activation, rate):
        curves = [training_curve(activation, rate, seed) for seed in range(3)]
        return [next(n for n, error in enumerate(curve) if error < 0.25) for curve in curves]

    # found by trying; at these rates every run gets there, and the medians are 14 and 8
    return 1.0, 0.3, steps("sigmoid", 1.0), steps("relu", 0.3), "relu"
    ### END SOLUTION


# %% race-hints [markdown]
# <details><summary>Hint for reading</summary>
#
# `enumerate(curve)` gives each step with its error. Return as soon as you may.
#
# </details>
# <details><summary>Hint for the rates</summary>
#
# Try 0.01, 0.03, 0.1, 0.3, 1, 3 for each. The best rate of σ is not the best rate of ReLU: σ's gradients are smaller.
#
# </details>
