# %% additive-card [markdown]
# ## {number} · … and yet it is not a convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | a counterexample to additivity | 10 | ●●○○○ | lecture, section {section:convolution} |
#
# Exercise {exercise:se-by-convolutions} has three convolutions, but also a ReLU, a σ and a product. A convolution without bias is additive: $f(x + y) = f(x) + f(y)$. You are given `se`, squeeze-and-excitation for four maps.
# Write `breaks_additivity(se)`. It returns two tensors `(x, y)`, each of shape `(4, H, W)`, for which `se(x + y)` is not `se(x) + se(y)`.

# %% additive role="answer"
def breaks_additivity(se):
    ### BEGIN SOLUTION Return two tensors (x, y) of shape (4, H, W) for which se(x + y) is not se(x) + se(y).
    x = torch.zeros(4, 1, 1, dtype=torch.float64)
    x[0] = 1.0
    return x, x  # se(2x) is not 2 se(x): the weights of 2x are others
    ### END SOLUTION


# %% additive-hints [markdown]
# <details><summary>Hint</summary>
#
# $\mathrm{se}(x) = A(x)\cdot x$. If $A$ were a constant, this would be additive. So look for $x$, $y$ with another $A(x + y)$ than $A(x)$. Is $x = y$ allowed?
#
# </details>

# %% additive-shown [markdown]
# **What you have shown.** Built from convolutions, but no convolution: the weights depend on the input.
