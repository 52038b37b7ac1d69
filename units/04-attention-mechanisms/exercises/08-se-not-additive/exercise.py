# %% additive-card [markdown]
# ## {number} · … and yet it is not a convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | a counterexample to additivity | 10 | ●●○○○ | lecture, section {section:convolution} |
#
# Exercise {exercise:se-by-convolutions} has three convolutions, but also a ReLU, a σ and a product. A convolution without bias is additive: $f(x + y) = f(x) + f(y)$. You are given `se`, squeeze-and-excitation for four maps.
# Write `breaks_additivity(se)`. It returns two tensors `(x, y)`, each of shape `(4, H, W)`, for which `se(x + y)` is not `se(x) + se(y)`. Let them be in each other's way as little as they can: **`x` is 0 in all maps but one, `y` in all maps but another one.**

# %% additive role="answer"
def breaks_additivity(se):
    ### BEGIN SOLUTION Return two tensors (x, y) of shape (4, H, W), in one map each and not the same, with another se(x + y) than se(x) + se(y).
    x, y = torch.zeros(2, 4, 1, 1, dtype=torch.float64)
    x[0], y[1] = 1.0, 1.0
    return x, y  # each changes the weight by which the other is multiplied
    ### END SOLUTION


# %% additive-hints [markdown]
# <details><summary>Hint</summary>
#
# $\mathrm{se}(x) = A(x)\cdot x$. If $A$ were a constant, this would be additive. So look for $x$, $y$ with another $A(x + y)$ than $A(x)$. Begin with `torch.zeros(4, 1, 1)`, and set one of its maps; if the sums are equal, try another map or sign.
#
# </details>

# %% additive-shown [markdown]
# **What you have shown.** Built from convolutions, but no convolution: the weights depend on the input. And the weight of one map depends on all the others, so what one map becomes cannot be said without looking at them.
