# %% fc-card [markdown]
# ## {number} · `fc1` is a 4×4 convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write a fully connected layer as a convolution | 10 | ●●○○○ | lecture, section {section:flatten} |
#
# In the slides' CNN, `x.view(-1, n*4*4)` flattens $n$ maps of 4×4, and `fc1` multiplies by its matrix. That is a convolution whose kernel is as large as its input.
#
# Write `fc_kernel(W, M, p, q)`. `W` is the matrix of shape `(K, M*p*q)` of a layer that stands behind the flattening of `M` maps of p rows and q columns. Return the kernel, of shape `(K, M, p, q)`, with which
# `conv2d` gives the same $K$ numbers, in the dtype of `W`. (The bias stays as it is.)
#
# By hand: one map, p = 1, q = 2. The matrix with the rows $(1, 2)$ and $(3, 4)$ becomes two kernels of one row: $(1\;2)$ and $(3\;4)$.

# %% fc-predict [markdown]
# **Predict first.** The layer, written as a convolution, is given 7×7 maps in place of 4×4. What comes out?
#
# <details><summary>Answer</summary>
#
# A 4×4 map of answers, one for each 4×4 window. The fully connected layer itself would refuse: its matrix has no columns for more numbers.
#
# </details>

# %% fc role="answer"
def fc_kernel(W, M, p, q):
    ### BEGIN SOLUTION Give the numbers of W the shape of a kernel, in the order in which flattening has put them.
    return W.reshape(len(W), M, p, q)
    ### END SOLUTION


# %% fc-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Flattening writes map after map, in each map row after row. Column $j$ of the matrix belongs to one place of one map: which one?
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# `reshape` reads and writes numbers in the same order as flattening does, the last axis fastest.
#
# </details>

# %% fc-shown [markdown]
# **What you have shown.** Whether LeNet-5's third layer is a convolution or fully connected is a question of words, for the one size it is made for. On larger images only the convolution goes on.
