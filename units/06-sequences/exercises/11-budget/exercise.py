# %% budget-card [markdown]
# ## {number} · Beat greedy search on a budget
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | a likelier sequence, with few questions to the model | 25 | ●●●○○ | lecture, section {section:beam} |
#
# A model's answers cost time. This one can be asked **12 times**; the thirteenth question is an error. As in exercise {exercise:beam-search}, `log_p(prefix)` takes the list of the symbols so far and returns the logarithms of the probabilities of the next of four symbols; symbol 0 is the end, and a sequence of `length` symbols is finished as well. `length` is at most 5.
#
# Write `search(log_p, length, budget)`. It returns a finished sequence, a list of symbols, that is **likelier than the one that greedy search writes**. How you look for it is up to you. On each model of the checks there is more than one way to find one.

# %% budget-predict [markdown]
# **Predict first.** How many questions does greedy search need for 5 symbols? A beam of 2? A beam of 3?
#
# <details><summary>Answer</summary>
#
# At most 5; at most $1 + 4\cdot 2 = 9$; at most $1 + 4\cdot 3 = 13$, one too many. (The first question is the same for all beams.)
#
# </details>

# %% budget role="answer"
def search(log_p, length, budget):
    ### BEGIN SOLUTION Return a finished sequence that is likelier than greedy search's; ask log_p at most `budget` times.
    finished = []
    steps = log_p([])
    for start in steps.topk(2).indices.tolist():  # greedy, from the two likeliest starts
        sequence, total = [start], steps[start]
        while len(sequence) < length and sequence[-1] != 0:
            best = log_p(sequence).max(0)
            sequence, total = [*sequence, best.indices.item()], total + best.values
        finished.append((total.item(), sequence))
    return max(finished)[1]
    ### END SOLUTION


# %% budget-hints [markdown]
# <details><summary>Hint 1: two candidates</summary>
#
# Where would you leave greedy's path? The start is one place; the step at which the two likeliest symbols were closest is another.
#
# </details>
# <details><summary>Hint 2: the budget</summary>
#
# Each call of `log_p` counts. Keep its answer in a variable instead of asking twice.
#
# </details>
