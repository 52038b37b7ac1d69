# %% table-card [markdown]
# ## {number} · The parameters of a network, layer by layer
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | follow the sizes through a network and count what it learns | 15 | ●●○○○ | lecture, sections {section:pattern} and {section:lenet} |
#
# A network is given by `M` square maps of `size` rows, and by its `rows`, one for each layer:
#
# - `("conv", K, p)`: a p×p convolution to `K` maps, stride 1, no border, with a bias;
# - `("pool", s)`: s×s pooling with stride s; what does not fill a window is dropped;
# - `("fc", K)`: all numbers so far, flattened, to `K` numbers, with a bias.
#
# Write `parameter_table(M, size, rows)`. It returns a list: the number of parameters of each layer *that has any*, in order. (You may also build the layers, run them and count.)
#
# By hand: one map of 6×6, `(("conv", 2, 3), ("pool", 2), ("fc", 4))`. The convolution learns $(9 + 1)\cdot 2 = 20$ numbers, and its maps are 4×4. Pooled, they are 2×2. So the last layer
# sees $2\cdot 2\cdot 2 = 8$ numbers and learns $(8 + 1)\cdot 4 = 36$. The answer is `[20, 36]`.

# %% table-predict [markdown]
# **Predict first.** LeNet-5 takes 32×32 pixels: 5×5 to 6 maps, pool, 5×5 to 16 maps, pool, then three fully connected layers of 120, 84 and 10. Which layer holds most of its 61,706 parameters?
#
# <details><summary>Answer</summary>
#
# The third, C5: $(400 + 1)\cdot 120 = 48{,}120$, more than three quarters. The two convolutions together have 2,572.
#
# </details>

# %% table role="answer"
def parameter_table(M, size, rows):
    ### BEGIN SOLUTION Walk through the rows, keep track of the maps and their size, and return the list of parameter counts.
    counts = []
    for kind, *arguments in rows:
        if kind == "conv":
            K, p = arguments
            counts.append((M * p * p + 1) * K)
            M, size = K, size - p + 1
        elif kind == "pool":
            (s,) = arguments
            size = size // s
        else:
            (K,) = arguments
            counts.append((M * size * size + 1) * K)
            M, size = K, 1  # from here on K numbers, as K maps of one number each
    return counts
    ### END SOLUTION


# %% table-hints [markdown]
# <details><summary>Hint 1: what to remember on the way</summary>
#
# The number of maps and their size; behind a fully connected layer only the number of numbers.
#
# </details>
# <details><summary>Hint 2: the formulas</summary>
#
# A p×p convolution from $M$ to $K$ maps learns $(Mp^2 + 1)\,K$ numbers and leaves `size - p + 1` rows. A layer from $n$ to $K$ numbers learns $(n + 1)\,K$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `kind, *rest = row` takes a row apart. For a convolution, `rest` is `[K, p]`.
#
# </details>

# %% deck-card [markdown]
# **The same as a formula.** The slides' CNN takes one map of 28×28: 5×5 to $n$ maps, 2×2 pooling, 5×5 to $n$ maps, 2×2 pooling, fully connected to 50, fully connected to 10. All have biases.
# Write `deck_parameters(n)`: how many numbers does it learn?
#
# Your function is given a **symbol**, not a number, and returns a formula in it, such as `3 * n**2 + 1`. Two formulas that are equal are both right. For $n = 6$ the answer is 6,422.


# %% deck role="answer"
def deck_parameters(n):
    ### BEGIN SOLUTION Return a formula in n: the parameters of the four layers that have any, added up.
    return 26 * n + (25 * n + 1) * n + (16 * n + 1) * 50 + 51 * 10
    ### END SOLUTION


# %% deck-hints [markdown]
# <details><summary>Hint</summary>
#
# Sizes first: 28 → 24 → 12 → 8 → 4. So the first fully connected layer sees $n$ maps of 4×4.
#
# </details>

# %% deck-bonus [markdown]
# **Bonus.** Count multiply–adds as well. In LeNet-5, which layer costs most? It is not the one with most parameters.
