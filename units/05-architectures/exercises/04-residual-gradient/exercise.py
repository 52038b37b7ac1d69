# %% residual-card [markdown]
# ## {number} · The gradient of a residual block
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the chain rule with and without a skip | 15 | ●●●○○ | lecture, section {section:resnet} |
#
# A block of two layers, and a skip around it: $y = f(x) + x$ with $f(x) = W_2\,\mathrm{ReLU}(W_1 x)$. The gradient arrives from above as $g = \partial L/\partial y$, and
# $$\frac{\partial L}{\partial x} = f'(x)^{\mathsf T} g + g, \qquad \text{without the skip} \quad \frac{\partial L}{\partial x} = f'(x)^{\mathsf T} g .$$
# Write `residual_backward(x, W1, W2, g)`. It returns both vectors, first the one with the skip. Write the chain rule out: autograd is not allowed here, whatever it is called by.
#
# - `x`, `g`: shape `(n,)`; `W1`: `(h, n)`; `W2`: `(n, h)`; all in one dtype, which the results have, too. ReLU's slope at 0 counts as 0.
#
# By hand: $n = h = 1$, $x = 2$, $W_1 = 3$, $W_2 = -1$, $g = 5$. $W_1x = 6 > 0$, so $f' = -1\cdot 1\cdot 3 = -3$. Without the skip $-15$, with it $-10$.

# %% residual role="answer"
def residual_backward(x, W1, W2, g):
    ### BEGIN SOLUTION Go backwards through W2, ReLU and W1; return the gradient with the skip and the one without.
    gates = W1 @ x > 0
    through = W1.T @ (gates * (W2.T @ g))
    return through + g, through
    ### END SOLUTION


# %% residual-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Backwards, each matrix becomes its transpose, and the order turns around: first $W_2$, then ReLU, then $W_1$.
#
# </details>
# <details><summary>Hint 2: ReLU</summary>
#
# ReLU passes on the gradient where its *input* was positive, that is where $W_1 x > 0$, and stops it elsewhere.
#
# </details>

# %% cancel-card [markdown]
# ### Does a skip keep every gradient alive?
#
# One reads that with a skip "the gradient cannot vanish", since $g$ itself stands in the formula. Disprove it. Write `lost_in_spite_of_the_skip()`. It returns `(x, W1, W2, g)` as above, $g \ne 0$, such that
# $\partial L/\partial x = 0$ *with* the skip. Any such numbers are accepted. (All in one dtype; `torch.tensor([[5.0]])` is a 1×1 matrix.)


# %% cancel role="answer"
def lost_in_spite_of_the_skip():
    ### BEGIN SOLUTION Return (x, W1, W2, g) for which the two terms of the gradient cancel.
    x, g = torch.tensor([1.0]), torch.tensor([1.0])
    return x, torch.tensor([[1.0]]), torch.tensor([[-1.0]]), g  # f(x) = -x for x > 0, so y = 0
    ### END SOLUTION


# %% cancel-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# The two terms must cancel: $f'(x)^{\mathsf T} g = -g$. Take $n = h = 1$: which slope must $f$ have?
#
# </details>
# <details><summary>Hint 2: which function is that</summary>
#
# $f(x) = -x$. Then $y = 0$ whatever $x$ is, and of course nothing comes back.
#
# </details>

# %% cancel-shown [markdown]
# **What you have shown.** A skip makes it *unlikely* that a gradient is lost, since $f$ would have to undo the identity. It does not make it impossible.
