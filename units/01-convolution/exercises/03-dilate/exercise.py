# %% dilate-card [markdown]
# ## {number} · Zeros between the taps
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | make the kernel of a dilated convolution | 10 | ●○○○○ | lecture, section {section:transposed} |
#
# A convolution with dilation is an ordinary one with a larger kernel. Write `dilate(F, d)` for a kernel `F` of shape `(K, M, p, q)` and `d = (rows, columns)`, two whole numbers. It returns that larger kernel, of the dtype of `F`: the taps stand `rows` apart downwards and `columns` apart sideways, with zeros between them and none around.
#
# By hand: the row $(1, 2, 3)$ with $d = (1, 3)$ becomes $(1, 0, 0, 2, 0, 0, 3)$.

# %% dilate role="answer"
def dilate(F, d):
    ### BEGIN SOLUTION Return the kernel with d − 1 zeros between neighbours, along rows and along columns.
    K, M, p, q = F.shape
    rows, columns = d
    wide = torch.zeros(K, M, rows * (p - 1) + 1, columns * (q - 1) + 1, dtype=F.dtype)
    wide[:, :, ::rows, ::columns] = F
    return wide
    ### END SOLUTION


# %% dilate-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# How many rows does the larger kernel have? Count the taps, and the zeros between them.
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# Make a tensor of zeros of that size. `wide[..., ::2]` is every second column of it, and something can be written there.
#
# </details>
