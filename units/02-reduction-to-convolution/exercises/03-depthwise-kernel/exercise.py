# %% depthwise-card [markdown]
# ## {number} · … which is a depthwise 1×1 convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write $GY + g$ as the arguments of a convolution | 5 | ●○○○○ | lecture, section {section:depthwise} |
#
# Write `depthwise_kernel(G, g)`. It returns `(kernel, bias)` such that the convolution with that kernel and bias, *one group for each map*
# (`groups=K`), gives $G^k\,Y^k_{ij} + g^k$.
#
# - `G`, `g`: tensors of shape `(K,)`; a kernel has shape `(output maps, input maps in each group, rows, columns)`.
# - Not to be called: the course's own function for it.

# %% depthwise role="answer"
def depthwise_kernel(G, g):
    ### BEGIN SOLUTION Give G the shape of a kernel for groups=K and return (kernel, bias).
    return G[:, None, None, None], g
    ### END SOLUTION


# %% depthwise-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# With as many groups as maps, each group has one input map. So the second number of the shape is 1.
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# $K$ output maps, 1 input map in each group, 1 row, 1 column: `(K, 1, 1, 1)`.
#
# </details>
