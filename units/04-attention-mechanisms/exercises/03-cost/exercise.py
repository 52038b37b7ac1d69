# %% parameters-card [markdown]
# ## {number} · What it costs, as a formula
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | count weights for all $C$ and $r$ at once | 10 | ●●○○○ | exercise {exercise:excitation}'s text |
#
# Write `excitation_parameters(C, r)`: how many numbers do $W_0$ and $W_1$ hold together, without biases?
#
# Your function is given **symbols**, not numbers, and returns a formula in them: `C * r`, say, or `C**2 + 1`. Use `+ - * / **`, not torch, NumPy or math. Two formulas that are equal are both right. Write `/`, not `//`: $r$ divides $C$.

# %% parameters role="answer"
def excitation_parameters(C, r):
    ### BEGIN SOLUTION Return a formula in C and r: the numbers in W0 and in W1.
    return 2 * C**2 / r
    ### END SOLUTION


# %% share-card [markdown]
# Is that much? A $p\times p$ convolution from $C$ maps to $C$ maps stands before the gate. Write `share_of_a_convolution(C, r, p)`: the number of weights of the perceptron, divided by the number of weights of the
# convolution. No biases in either.

# %% share-predict [markdown]
# **Predict first.** With $r = 16$ and $p = 3$: is it nearer to a hundredth, a tenth or a half? Does it grow with $C$?
#
# <details><summary>Answer</summary>
#
# A hundredth, 0.014, and it does not depend on $C$. Beside a 1×1 convolution it would be nine times as much.
#
# </details>


# %% share role="answer"
def share_of_a_convolution(C, r, p):
    ### BEGIN SOLUTION Return a formula: the weights of the perceptron divided by those of a p×p convolution.
    return 2 / (r * p**2)
    ### END SOLUTION


# %% parameters-hints [markdown]
# <details><summary>Hint for the count</summary>
#
# A matrix with $a$ rows and $b$ columns holds $ab$ numbers. How many rows and columns has $W_0$?
#
# </details>
# <details><summary>Hint for the share</summary>
#
# A convolution has a $p\times p$ kernel for each pair of an input map and an output map.
#
# </details>
