# %% parameters-card [markdown]
# ## {number} · How many parameters?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | count weights and biases of seven layers | 15 | ●●○○○ | lecture, sections {section:parameters}, {section:groups} and {section:sharing} |
#
# Seven layers turn $M$ maps of $H\times W$ into $K$ maps. Windows are $p\times q$, the stride is 1, there is no frame. Write `parameters(kind, M, K, p, q, H, W, g, bias)`. It returns the number of parameters as a whole number; `bias` is `True` or `False`.
#
# | kind | the layer |
# |---|---|
# | `"convolution"` | ordinary |
# | `"grouped"` | with `g` groups |
# | `"depthwise"` | `K` is a multiple of `M` |
# | `"separable"` | depthwise, `M` to `M`, then 1×1; only the second has a bias |
# | `"transposed"` | with the kernel's shape `(M, K, p, q)` |
# | `"locally connected"` | its output is as large as the convolution's; a bias for each output number |
# | `"fully connected"` | with the inputs and outputs of the locally connected one |
#
# By hand: one map of 4×4 to one map, window 3×3, with biases. The output is 2×2. Convolution 9 + 1 = 10, locally connected (9 + 1)·4 = 40, fully connected (16 + 1)·4 = 68.

# %% parameters-predict [markdown]
# **Predict first.** Which of the seven counts depend on the size of the image?
#
# <details><summary>Answer</summary>
#
# The last two. Whatever is shared costs the same for an image of any size.
#
# </details>

# %% parameters role="answer"
def parameters(kind, M, K, p, q, H, W, g, bias):
    ### BEGIN SOLUTION Count the weights of the layer `kind`, and its biases if `bias`; return a whole number.
    places = (H - p + 1) * (W - q + 1)
    weights = {
        "convolution": M * K * p * q,
        "grouped": M * K * p * q // g,
        "depthwise": K * p * q,
        "separable": M * p * q + M * K,
        "transposed": M * K * p * q,
        "locally connected": M * K * p * q * places,
        "fully connected": M * H * W * K * places,
    }
    biases = K * places if kind.endswith("connected") else K
    return weights[kind] + biases * bias
    ### END SOLUTION


# %% parameters-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# For each kind: how many *different* numbers go into one output map? Where nothing is shared, into one output number?
#
# </details>
# <details><summary>Hint 2: groups</summary>
#
# Each of the $K$ output maps sees $M/g$ input maps. In a depthwise layer it sees one.
#
# </details>
# <details><summary>Hint 3: the last two</summary>
#
# The output has $(H - p + 1)(W - q + 1)$ places in each of its $K$ maps. Each output number of the locally connected layer has $Mpq$ weights, of the fully connected one $MHW$.
#
# </details>
