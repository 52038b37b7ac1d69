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
# Is that much? It depends on what stands before the gate. Take the lightest: a *depthwise separable* convolution, $C$ depthwise $p\times p$ kernels and then a 1×1 convolution from $C$ maps to $C$ maps. Write `share_of_a_convolution(C, r, p)`: the number of weights of the perceptron, divided by
# the number of weights of these two together. No biases anywhere.

# %% share-predict [markdown]
# **Predict first.** With $r = 16$, $p = 3$ and $C = 64$: is it nearer to a hundredth, a tenth or a half? Does it grow with $C$?
#
# <details><summary>Answer</summary>
#
# A tenth, 0.11, and it grows with $C$, towards $2/r$: for many maps the 1×1 convolution is nearly all there is. Beside an ordinary convolution (lecture) it does not depend on $C$ at all.
#
# </details>


# %% share role="answer"
def share_of_a_convolution(C, r, p):
    ### BEGIN SOLUTION Return a formula: the weights of the perceptron divided by those of the depthwise and the 1×1 convolution.
    return 2 * C / (r * (p**2 + C))
    ### END SOLUTION


# %% parameters-hints [markdown]
# <details><summary>Hint for the count</summary>
#
# A matrix with $a$ rows and $b$ columns holds $ab$ numbers. How many rows and columns has $W_0$?
#
# </details>
# <details><summary>Hint for the share</summary>
#
# A depthwise convolution has one $p\times p$ kernel for each map. A 1×1 convolution has one number for each pair of an input map and an output map.
#
# </details>
