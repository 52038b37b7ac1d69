# %% surprise-card [markdown]
# ## {number} · Bits per symbol
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | how badly does a model predict a sequence? | 10 | ●○○○○ | lecture, section {section:probability} |
#
# A model of the next symbol: `first` of shape `(V,)` are the probabilities of the first one, row $a$ of `table`, of shape `(V, V)`, those of what follows $a$. How well it predicts a sequence is told in **bits per symbol**, the mean of $-\log_2 p$ over its symbols. It is the loss of a language model, in base 2: 1 bit per symbol is a coin at each step.
# Write `bits(first, table, x)`. Here `x` is a vector of $T$ symbols, whole numbers from 0 to $V - 1$ (`int64`); return one number, as a float or a tensor.
#
# By hand: `first` = (½, ½), after 0 come (¼, ¾), after 1 come (1, 0). Then $x = 0, 0, 1$ has $\frac12\cdot\frac14\cdot\frac34$, and $(1 + 2 + 0.415)/3 = 1.138$ bits per symbol.

# %% surprise-predict [markdown]
# **Predict first.** A model that gives each of $V = 8$ symbols the same probability: how many bits per symbol, on any sequence?
#
# <details><summary>Answer</summary>
#
# $-\log_2\frac18 = 3$, whatever the sequence is.
#
# </details>

# %% surprise role="answer"
def bits(first, table, x):
    ### BEGIN SOLUTION Look up the probability of each symbol after the one before it; return the mean of −log₂ p.
    p = torch.cat([first[x[:1]], table[x[:-1], x[1:]]])
    return -p.log2().mean()
    ### END SOLUTION


# %% surprise-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# The first symbol's probability stands in `first`. That of each later one stands in the row of the symbol before it.
#
# </details>
# <details><summary>Hint 2: long sequences</summary>
#
# A product of 2000 probabilities is 0 in any float. Take the logarithm of each, then their mean.
#
# </details>
