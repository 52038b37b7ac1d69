# %% sizes-card [markdown]
# ## {number} · Which inputs give this output?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read the size formula backwards | 10 | ●○○○○ | lecture, section {section:size} |
#
# The formula for $H'$ rounds down, so several input sizes give the same output size. Write `input_sizes(out, p, s, P, d)`: for an output of `out` rows, a kernel of `p` rows, stride `s`, padding `P` on both sides and dilation `d`, it returns the smallest and the largest $H$, as a pair `(smallest, largest)`.
#
# - An input has at least one row. If no $H \ge 1$ gives that output, return `None`.
#
# By hand: `input_sizes(3, 3, 2, 1, 1)` is `(5, 6)`, and with stride 1 the two are equal.

# %% sizes-predict [markdown]
# **Predict first.** How many sizes are there, in general?
#
# <details><summary>Answer</summary>
#
# $s$, as long as all of them are at least 1. For a transposed convolution, which goes from the output back to the input, `output_padding` picks one of them.
#
# </details>

# %% sizes role="answer"
def input_sizes(out, p, s, P, d):
    ### BEGIN SOLUTION Return the pair (smallest, largest) of input sizes that give `out` rows, or None if there is none.
    # with `least` rows the last window just fits; with one more than `most` the next one fits too
    least = (out - 1) * s + d * (p - 1) + 1 - 2 * P
    most = least + s - 1
    return (max(least, 1), most) if most >= 1 else None
    ### END SOLUTION


# %% sizes-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Where does the last of the `out` windows begin, and where does it end? The image with its frame must reach that far.
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $\lfloor a/s\rfloor = n$ means $ns \le a \le ns + s - 1$. Take $n = out - 1$, put in $a = H + 2P - d(p-1) - 1$, and solve for $H$.
#
# </details>
# <details><summary>Hint 3: another way</summary>
#
# Try all $H$ from 1 on with the formula of the lecture, and keep those that fit.
#
# </details>
