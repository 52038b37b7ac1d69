# %% composing-card [markdown]
# ## {number} · Which convolutions should become one?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | count before you merge, and find the cheapest way to run a stack | 40 | ●●●●○ | unit {unit:reduction-to-convolution}, section {section:reduction-to-convolution/compose}; unit {unit:convolution}, section {section:convolution/parameters} |
#
# A stack of $n$ convolutions with nothing between: no activation, no border, stride 1. Each neighbouring pair *could* become one convolution. `reduce` merges one pair after the other, as long as this saves multiply–adds. That need not be the best for the whole stack. Take maps 1, 6, 3, 4, 4, kernels 5, 4, 4, 5 and an image of 30 rows: 432,952 multiply–adds. `reduce` stops at 280,768, and 230,400 are possible. So count first.
#
# The stack is given by `maps`, the list of $n + 1$ numbers of maps from the input's to the output's, and `kernels`, the list of $n$ kernel sizes (a 3 is a 3×3). The image has `size` rows and columns. In all that is asked the image is large enough.
#
# **Warm up.** Write `multiply_adds(maps, kernels, size)`. It returns two whole numbers: the multiply–adds of the stack as it stands, and of the whole stack as one convolution. (Biases are not counted.)
#
# By hand: `maps = [1, 2, 1]`, `kernels = [3, 3]`, `size = 6`. The first layer gives 4×4 numbers in 2 maps, $2 \cdot 9 \cdot 16 = 288$; the second 2×2 in one, $2 \cdot 9 \cdot 4 = 72$. Together 360. As one it is a 5×5 from 1 map to 1: $25 \cdot 4 = 100$.


# %% counting role="answer"
def multiply_adds(maps, kernels, size):
    ### BEGIN SOLUTION Count each layer from its kernel, its maps and the size of what it gives; then the one that does it all.
    total, rows = 0, size
    for M, K, p in zip(maps[:-1], maps[1:], kernels, strict=True):
        rows -= p - 1
        total += M * K * p**2 * rows**2
    one = size - rows + 1
    return total, maps[0] * maps[-1] * one**2 * rows**2
    ### END SOLUTION


# %% counting-hints [markdown]
# <details><summary>Hint</summary>
#
# $M K p^2$ multiply–adds for each place of the *output*. One kernel for all of them sees as much as the stack: it takes as many rows away.
#
# </details>

# %% fewest-card [markdown]
# **The fewest.** Now merge wisely: any neighbours may become one, three or more too, and others stay by themselves. Write `fewest(maps, kernels, size)`: the least number of multiply–adds that is possible.
#
# By hand, for the stack of the warm-up: 100. For `maps = [4, 1, 4]`, `kernels = [1, 3]`, `size = 3` it is better to leave both: $4 \cdot 9 + 36 = 72$, and as one 144.

# %% fewest-predict [markdown]
# **Predict first.** `maps = [1, 16, 1, 16, 1]`, all kernels 3: which neighbours become one?
#
# <details><summary>Answer</summary>
#
# Those around a wide middle: the first two, and the last two. All four as one would be a 9×9 kernel from 1 map to 1: 81 multiply–adds for a place against 50 for two 5×5 kernels. A narrow middle is a good place to cut, and a wide one is not.
#
# </details>


# %% fewest role="answer"
def fewest(maps, kernels, size):
    ### BEGIN SOLUTION Find the cheapest way to the output of each layer, from the cheapest ways to those before; return the last.
    n = len(kernels)
    rows = [size]
    for p in kernels:
        rows.append(rows[-1] - p + 1)
    best = [0]  # the fewest multiply–adds up to each layer's output
    for j in range(1, n + 1):
        ways = []
        for i in range(j):  # the layers behind i, up to j, as one
            p = rows[i] - rows[j] + 1
            ways.append(best[i] + maps[i] * maps[j] * p**2 * rows[j] ** 2)
        best.append(min(ways))
    return best[n]
    ### END SOLUTION


# %% fewest-hints [markdown]
# <details><summary>Hint 1: the slow way</summary>
#
# Between $n$ layers there are $n - 1$ places at which one may cut or not: $2^{n-1}$ ways. For the stacks that are asked (at most 8 layers) you may try them all.
#
# </details>
# <details><summary>Hint 2: the fast way</summary>
#
# The last merged layer reads the output of some layer $i$. What comes before $i$ is the same question for a shorter stack. So let `best[j]` be the fewest for the first $j$ layers, and find it from the earlier ones.
#
# </details>

# %% composing-bonus [markdown]
# **Bonus.** What would it cost `reduce` to look at all pieces of a stack, and in which networks would it pay?
