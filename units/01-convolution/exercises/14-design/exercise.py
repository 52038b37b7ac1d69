# %% design-card [markdown]
# ## {number} · Design: see much, hold little
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | build a stack for a receptive field and a budget | 30 | ●●●○○ | lecture, sections {section:field}, {section:parameters}, {section:groups} and {section:transposed} |
#
# An open task: there are many right answers. Build a stack of convolutions that takes `M` maps to `K` maps, and of which one output
#
# - sees exactly `field` input rows, from the first to the last;
# - sees **every one** of them, and every one of the `M` maps;
# - holds **fewer than** `budget` parameters in all, weights and biases.
#
# Write `design(M, K, field, budget)`. It returns a list of layers, the one next to the input first, each as four whole numbers `(maps, p, d, g)`: the number of its output maps, kernel `p`×`p`, dilation `d`, groups `g`. Strides are 1, every layer has biases.
#
# The first check asks for `design(3, 16, 31, 1000)` and for `design(4, 8, 12, 340)`; a hidden one has other numbers, odd and even fields and a field of a single row among them, and a budget in proportion: at least `6 · M · field + M · K + 2 · K`.
#
# By hand: one 3×3 layer from 3 to 16 maps, `[(16, 3, 1, 1)]`, sees 3 rows and has $16\cdot(27 + 1) = 448$ parameters. Fifteen ordinary 3×3 layers of 16 maps see 31 rows and have over 30,000.

# %% design-predict [markdown]
# **Predict first.** `[(16, 3, 4, 1)]` sees 9 rows from the first to the last. How many of them does it depend on?
#
# <details><summary>Answer</summary>
#
# Three. Dilation reaches far and leaves holes, which other layers must fill.
#
# </details>

# %% design role="answer"
def design(M, K, field, budget):
    ### BEGIN SOLUTION Return a list of layers (maps, p, d, g) that sees `field` rows without a hole and stays below the budget.
    threes, odd = divmod(field - 1, 2)
    stack = [(M, 3, 1, M)] * threes  # depthwise: each adds two rows
    if odd:
        stack.append((M, 2, 1, M))  # and this one adds one
    return [*stack, (K, 1, 1, 1)]  # all maps are mixed once
    ### END SOLUTION


# %% design-hints [markdown]
# <details><summary>Hint 1: the field</summary>
#
# With stride 1 each layer adds $d(p-1)$ rows, whatever its maps and groups. How can the sum be `field − 1`?
#
# </details>
# <details><summary>Hint 2: the budget</summary>
#
# A layer has $(M_l/g\cdot p^2 + 1)K_l$ parameters. Where is it cheap to look around, and where to mix the maps? Separable convolutions keep the two apart.
#
# </details>
# <details><summary>Hint 3: holes</summary>
#
# If all rows up to a distance $n$ are seen, a dilation of up to $n + 1$ leaves none out. So 1, 2, 4, 8 … work with 2×2 kernels, and 1, 3, 9 … with 3×3.
#
# </details>

# %% design-shown [markdown]
# **Look again.** How few parameters can you do with? And which of two stacks with the same field and the same count would you rather train: the deep one, or the one with holes filled by dilation?
