# %% beam-card [markdown]
# ## {number} · Beam search
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | find what greedy search loses | 40 | ●●●●○ | lecture, section {section:beam} |
#
# A model of four symbols: `log_p(prefix)` takes the list of the symbols written so far, empty at the start, and returns the logarithms of the probabilities of the next one, of shape `(4,)`. **Symbol 0 is the end**: a sequence with it is finished. One that has `length` symbols is finished as well.
#
# Write `beam_search(log_p, width, length)`:
#
# - Keep a beam of at most `width` sequences, each with its $\log p$. It begins with the empty one.
# - In each round lengthen every sequence that is not finished by each of the four symbols. A finished one stays as it is.
# - Of all these keep the `width` likeliest. Stop when all in the beam are finished.
# - Return the likeliest as a list of symbols, its 0 included.
#
# `width=1` is greedy search. There are no ties in the checks.

# %% beam-predict [markdown]
# **Predict first.** A sequence that was finished early competes with longer ones. Which of them does the sum of logarithms favour?
#
# <details><summary>Answer</summary>
#
# The short one: each further symbol adds a negative number. Translators therefore often divide by a power of the length; here we do not.
#
# </details>

# %% beam role="answer"
def beam_search(log_p, width, length):
    ### BEGIN SOLUTION Keep the `width` likeliest sequences, round by round; return the likeliest when all are finished.
    def finished(sequence):
        return len(sequence) == length or sequence[-1:] == [0]

    beam = [([], 0.0)]
    while not all(finished(sequence) for sequence, _ in beam):
        longer = []
        for sequence, total in beam:
            if finished(sequence):
                longer.append((sequence, total))
            else:
                steps = enumerate(log_p(sequence).tolist())
                longer += [([*sequence, symbol], total + step) for symbol, step in steps]
        beam = sorted(longer, key=lambda one: one[1], reverse=True)[:width]
    return beam[0][0]
    ### END SOLUTION


# %% beam-hints [markdown]
# <details><summary>Hint 1: what to keep</summary>
#
# A list of pairs (sequence, sum of logarithms). One round makes a longer list out of it, then sorts and cuts it.
#
# </details>
# <details><summary>Hint 2: finished ones</summary>
#
# Put them into the new list unchanged, so that they take part in the sorting and can be thrown out by better ones.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `sorted(candidates, key=lambda pair: pair[1], reverse=True)[:width]`, and the loop ends when no sequence of the beam can go on.
#
# </details>

# %% beam-shown [markdown]
# **What you have shown.** Greedy search commits itself after each symbol; a beam of a few can come back from a start that only looked good. It is still no proof of the best: that would need all $4^{length}$ sequences.
