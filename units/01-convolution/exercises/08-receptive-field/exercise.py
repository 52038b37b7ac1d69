# %% field-card [markdown]
# ## {number} · What a neuron of a stack sees
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the receptive field with strides and dilation | 20 | ●●○○○ | lecture, section {section:field} |
#
# The lecture has the formula for stride 1 and a hint for the rest. Write `receptive_field(stack)`. `stack` is a list of layers, the one next to the input first, each a triple `(p, s, d)`: kernel size, stride, dilation. It returns a pair `(size, jump)`:
#
# - `size`: how many input rows lie between the first and the last one that a neuron of the top layer depends on, both counted;
# - `jump`: how many input rows apart are what two neighbouring neurons of the top layer see.
#
# For an empty stack the neuron is the pixel itself: `(1, 1)`.
#
# By hand: a 2×2 with stride 2, then a 3×3: two neighbours of the first layer stand 2 rows apart, so the 3×3 reaches over two steps of 2 more: $2 + 2\cdot 2 = 6$ rows, and `receptive_field([(2, 2, 1), (3, 1, 1)])` is `(6, 2)`.

# %% field-predict [markdown]
# **Predict first.** Does the stride of the *last* layer change the size of what one of its neurons sees?
#
# <details><summary>Answer</summary>
#
# No. It changes how far apart neighbours are, and thereby what all layers *above* it see.
#
# </details>

# %% field role="answer"
def receptive_field(stack):
    ### BEGIN SOLUTION Go through the stack from the input up, and keep two numbers: what a neuron sees, and how far apart neighbours are.
    size, jump = 1, 1
    for p, s, d in stack:
        size += d * (p - 1) * jump
        jump *= s
    return size, jump
    ### END SOLUTION


# %% field-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# If neighbours of a layer stand `jump` input rows apart, how much further does a kernel of $p$ rows on top of it reach?
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# The kernel spans $d(p-1)$ steps from its first tap to its last. Add them, each `jump` rows long, and only *then* multiply `jump` by the layer's stride.
#
# </details>
# <details><summary>Hint 3: another way</summary>
#
# From the top down: one neuron; below it $d(p-1)+1$ of them; $n$ neurons of a layer with stride $s$ see $(n-1)s + d(p-1) + 1$ below.
#
# </details>
