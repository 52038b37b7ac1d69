# %% inception-card [markdown]
# ## {number} · Inception: what the bottlenecks save
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | count a module with and without 1×1 bottlenecks | 15 | ●●○○○ | lecture, section {section:inception} |
#
# An Inception module sends $M$ maps through four branches and stacks their maps. `row` holds six numbers, in the order of the paper's table 1:
# `(one, reduce_three, three, reduce_five, five, pool)`.
#
# | branch | with bottlenecks | without |
# |---|---|---|
# | 1 | 1×1 to `one` | 1×1 to `one` |
# | 2 | 1×1 to `reduce_three`, 3×3 to `three` | 3×3 to `three` |
# | 3 | 1×1 to `reduce_five`, 5×5 to `five` | 5×5 to `five` |
# | 4 | 3×3 max pooling, 1×1 to `pool` | 3×3 max pooling |
#
# Write `inception_weights(M, row)`. It returns four numbers: the weights (no biases) with bottlenecks and without, then the maps that come out with bottlenecks and without. (You may also build the layers and count, but not with `nonconv.networks`.)

# %% inception-predict [markdown]
# **Predict first.** Module 3a has $M = 192$ and the row (64, 96, 128, 16, 32, 32). Without bottlenecks, are there more or fewer maps at the output?
#
# <details><summary>Answer</summary>
#
# More: the pooling branch passes on all 192 maps, so 416 in place of 256. The next module would have to read them all. Stacked, such modules grow and grow.
#
# </details>

# %% inception role="answer"
def inception_weights(M, row):
    one, reduce_three, three, reduce_five, five, pool = row
    ### BEGIN SOLUTION Return four numbers: weights with and without bottlenecks, output maps with and without.
    with_them = M * one + M * reduce_three + 9 * reduce_three * three
    with_them += M * reduce_five + 25 * reduce_five * five + M * pool
    without = M * one + 9 * M * three + 25 * M * five
    return with_them, without, one + three + five + pool, one + three + five + M
    ### END SOLUTION


# %% inception-hints [markdown]
# <details><summary>Hint 1: one layer</summary>
#
# A p×p convolution from $a$ to $b$ maps has $a\,b\,p^2$ weights. Max pooling has none.
#
# </details>
# <details><summary>Hint 2: which maps go where</summary>
#
# With bottlenecks, the 3×3 reads `reduce_three` maps. Without, it reads all $M$.
#
# </details>

# %% share-card [markdown]
# **As a formula.** A p×p convolution from $M$ to $K$ maps, once directly, once behind a 1×1 bottleneck of $r$ maps. Write `bottleneck_share(M, K, p, r)`: the weights of the two layers with the bottleneck,
# divided by the weights of the direct one. No biases. The arguments are symbols, and you return a formula in them; write `/`.

# %% share-predict [markdown]
# **Predict first.** $M = K = 64$, $p = 1$, $r = 32$. Does the bottleneck save anything?
#
# <details><summary>Answer</summary>
#
# No: $64\cdot 32 + 32\cdot 64 = 64\cdot 64$. The share is exactly 1. For a 1×1 layer a bottleneck pays only below half of the maps.
#
# </details>


# %% share role="answer"
def bottleneck_share(M, K, p, r):
    ### BEGIN SOLUTION Return a formula: the weights of 1×1 and p×p together, divided by those of the direct p×p.
    return (M * r + p**2 * r * K) / (p**2 * M * K)
    ### END SOLUTION


# %% share-hints [markdown]
# <details><summary>Hint</summary>
#
# Two layers: 1×1 from $M$ to $r$ maps, p×p from $r$ to $K$ maps. Where does each letter stand?
#
# </details>

# %% share-bonus [markdown]
# **Bonus.** Up to which $r$ does it pay? And why is "1×1 and p×p" not the same *function* as "p×p directly", even without a ReLU between?
