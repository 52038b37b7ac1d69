# %% pooling-card [markdown]
# ## {number} · Is pooling a convolution?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | one kind is, one is not | 10 | ●●○○○ | lecture, section {section:pooling} |
#
# **Max pooling is not.** A convolution without bias is additive, $f(x + y) = f(x) + f(y)$. Write `breaks_additivity()`. It returns two tensors `(x, y)` of
# one shape `(N, M, H, W)` for which 2×2 max pooling (stride 2) is not additive. For the search anything may be called.

# %% additivity role="answer"
def breaks_additivity():
    ### BEGIN SOLUTION Return two tensors (x, y) for which maxpool(x + y) is not maxpool(x) + maxpool(y).
    x = torch.tensor([[1.0, 0.0], [0.0, 0.0]]).reshape(1, 1, 2, 2)
    y = torch.tensor([[0.0, 0.0], [0.0, 1.0]]).reshape(1, 1, 2, 2)
    return x, y  # maxpool(x + y) = 1, but the sum of the two is 2
    ### END SOLUTION


# %% average-card [markdown]
# **Average pooling is.** Write `average_kernel(M, p, q)`: the kernel of the depthwise convolution (`groups=M`, no bias) that averages each of `M` maps
# over windows of `p` rows and `q` columns. For a window of the input's own size, that is global average pooling.
# Not to be called: the course's own function for it.


# %% average role="answer"
def average_kernel(M, p, q):
    ### BEGIN SOLUTION Return the kernel of a depthwise convolution that averages over p×q.
    return torch.full((M, 1, p, q), 1 / (p * q))
    ### END SOLUTION


# %% pooling-hints [markdown]
# <details><summary>Hint for max pooling</summary>
#
# A maximum is at one place. What if the maxima of $x$ and $y$ are at different places of the same window?
#
# </details>
# <details><summary>Hint for average pooling</summary>
#
# An average of $n$ numbers multiplies each by $1/n$. And the shape is that of exercise {exercise:depthwise-kernel}, with a larger window.
#
# </details>
