# %% groups-card [markdown]
# ## {number} · A grouped convolution is an ordinary one
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | write the kernel that drops what groups drop | 15 | ●●○○○ | lecture, sections {section:groups} and {section:matrix} |
#
# A grouped convolution does nothing that an ordinary one cannot do. Write `ungroup(F, g)`: for the kernel `F` of a convolution with `g` groups, of shape `(K, M/g, p, q)`, it returns the kernel of the *ordinary* convolution, of shape `(K, M, p, q)` and the dtype of `F`, that gives the same output for every input.
#
# By hand: two groups, four input maps, two output maps, all kernels 1×1: `F` has the rows $(1, 2)$ and $(3, 4)$. Output 1 sees the input maps 1 and 2, output 2 sees 3 and 4. The kernel is $\begin{bmatrix} 1 & 2 & 0 & 0 \\ 0 & 0 & 3 & 4 \end{bmatrix}$.

# %% groups-predict [markdown]
# **Predict first.** What share of the numbers of the ordinary kernel is 0? What if the layer is depthwise?
#
# <details><summary>Answer</summary>
#
# $1 - 1/g$. Depthwise, $g = M$: all but a share of $1/M$.
#
# </details>

# %% groups role="answer"
def ungroup(F, g):
    ### BEGIN SOLUTION Return the kernel of shape (K, M, p, q) that is F in the blocks of the groups and 0 elsewhere.
    K, few, p, q = F.shape  # few = M / g
    full = torch.zeros(K, few * g, p, q, dtype=F.dtype)
    for k in range(K):
        first = k // (K // g) * few  # of the input maps that output map k sees
        full[k, first : first + few] = F[k]
    return full
    ### END SOLUTION


# %% groups-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# To which group does output map $k$ belong? Which input maps does that group see?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# Counted from 0, there are $K/g$ output maps in a group, so map $k$ is in group $\lfloor k/(K/g)\rfloor$, and group $n$ sees the maps from $n\cdot M/g$ on.
#
# </details>

# %% groups-shown [markdown]
# **What you have shown.** Grouping does not split a kernel: it sets the blocks off the diagonal to 0. All that unit 2 says about convolutions holds for grouped ones.
