# %% fc-card [markdown]
# ## {number} · A fully connected layer from elsewhere, as a convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write a fully connected layer as a convolution, whatever the order of its numbers | 10 | ●●○○○ | lecture, section {section:flatten} |
#
# In the slides' CNN, `x.view(-1, n*4*4)` flattens $n$ maps of 4×4, and `fc1` multiplies by its matrix. That is a convolution whose kernel is as large as its input, and the lecture writes it down. Now the network comes from a framework that keeps the maps *last*: there an image has the shape `(p, q, M)`,
# and flattening writes place after place, at each place the $M$ maps. Its matrix is to work here, where the maps come first.
#
# Write `fc_kernel(W, M, p, q)`. `W` is the matrix of shape `(K, p*q*M)` of a layer that stands behind such a flattening of `M` maps of p rows and q columns. Return the kernel, of shape `(K, M, p, q)`, with which
# `conv2d` gives the same $K$ numbers for the same image, in the dtype of `W`. (The bias stays as it is.)
#
# By hand: two maps, p = 1, q = 2. The row $(1, 2, 3, 4)$ has 1 and 2 for the two maps at the first place, 3 and 4 at the second. The kernel is $(1\;3)$ for the first map and $(2\;4)$ for the second.

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
    ### BEGIN SOLUTION Give the numbers of W the shape in which they were flattened, then bring the maps to the front.
    return W.reshape(len(W), p, q, M).permute(0, 3, 1, 2)
    ### END SOLUTION


# %% fc-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# This flattening writes row after row, in each row place after place, at each place map after map. Column $j$ of the matrix belongs to one place of one map: which one?
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# `reshape` reads and writes numbers in the same order as flattening does, the last axis fastest: here that of the maps. `permute` puts the axes into another order and moves no number to another index.
#
# </details>

# %% fc-shown [markdown]
# **What you have shown.** Whether LeNet-5's third layer is a convolution or fully connected is a question of words, for the one size it is made for. On larger images only the convolution goes on. And a matrix alone does not say which number is which: one must know how the maps were flattened.
