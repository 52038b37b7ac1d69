# %% order-card [markdown]
# ## {number} · Does it know the order?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | decide, for a layer that you can only call, whether it is equivariant to every permutation | 25 | ●●●○○ | lecture, section {section:order} |
#
# `f` maps $n$ positions, a tensor `X` of shape `(n, d)`, to `(n, d)`. It is equivariant to a permutation $\pi$ if shuffling the positions first and then applying $f$ gives the same as applying $f$ first and then shuffling.
# Write `knows_no_order(f, n, d)`. It returns `True` if $f$ is equivariant to **every** permutation of the $n$ positions, and `False` if it is not. $n$ is from 4 to 6.
#
# - Try it on inputs `X` of your own, in float64; compare with a tolerance.
# - Among the layers are attention of several kinds, layers at each position, and some that are equivariant to *some* permutations only.
#
# By hand: $f(X) = X + \text{mean}$ is equivariant to all; $f$ that turns the order round is not, though it commutes with one permutation: turning round.

# %% order-predict [markdown]
# **Predict first.** Must you try all $n!$ permutations?
#
# <details><summary>Answer</summary>
#
# No. If $f$ is equivariant to $\pi$ and to $\rho$, it is to $\pi\rho$. So it is enough to try permutations from which all others can be put together: for example the swaps of neighbours, or one swap and one turn of the whole circle.
#
# </details>


# %% order role="answer"
def knows_no_order(f, n, d):
    ### BEGIN SOLUTION Try permutations from which all others can be put together, on an input without ties; return True or False.
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for i in range(n - 1):
        swap = list(range(n))
        swap[i], swap[i + 1] = i + 1, i
        if not torch.allclose(f(X[swap]), f(X)[swap], atol=1e-6):
            return False
    return True
    ### END SOLUTION


# %% order-hints [markdown]
# <details><summary>Hint 1: a permutation in code</summary>
#
# With `p` a list of the numbers 0 to n − 1 in some order, `X[p]` has the positions in that order.
#
# </details>
# <details><summary>Hint 2: what one test cannot see</summary>
#
# A layer that treats the last position in its own way is equivariant to swapping the first two. Turning the circle leaves a layer with neighbours on a circle unmoved.
#
# </details>

# %% order-shown [markdown]
# **What you have shown.** The question has the same shape as unit 2's "does it commute with shifts?", for a larger group. A convolution on a circle commutes with the $n$ turns; self-attention with all $n!$ permutations. That is too much for language and for images, and so one adds positions.
