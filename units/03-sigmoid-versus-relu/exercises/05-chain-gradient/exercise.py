# %% chain-card [markdown]
# ## {number} · The gradient of a chain
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | back-propagate through L layers by hand | 20 | ●●●○○ | lecture, section {section:chain} |
#
# The lecture's chain was one of σ's. This one is of tanh's. One unit in each layer: $x_l = \tanh(w_l\,x_{l-1})$ for $l = 1, \dots, L$. You get the weights and the values that a forward pass has stored. Write `chain_gradients(w, s)`: the derivatives of the last value with respect to every earlier one,
# $$\Bigl(\frac{\partial x_L}{\partial x_0},\ \frac{\partial x_L}{\partial x_1},\ \dots,\ \frac{\partial x_L}{\partial x_{L-1}}\Bigr).$$
#
# - `w`: shape `(L,)`, with $w_l$ in `w[l-1]`; `s`: shape `(L,)`, with $x_l = \tanh(w_l x_{l-1})$ in `s[l-1]`. The result has shape `(L,)` and the dtype of `w`.
#
# By hand: $L = 1$, $w_1 = 4$, $x_1 = \frac12$. The derivative is $4 \cdot (1 - \frac14) = 3$.
#
# The check compares with what autograd gives. You may not call autograd yourself: write the chain rule out.

# %% chain-predict [markdown]
# **Predict first.** All weights are 1 and all $x_l$ are $\frac12$. Which entry of the result is the smallest? And with weights of 2?
#
# <details><summary>Answer</summary>
#
# The first: each layer multiplies by $1 \cdot \frac34$, and $\partial x_L/\partial x_0$ has gone through all $L$ of them. With weights of 2 each layer multiplies by $\frac32$, and the first is the *largest*: a gradient of tanh can grow.
#
# </details>

# %% chain role="answer"
def chain_gradients(w, s):
    ### BEGIN SOLUTION Go from the last layer to the first, multiplying by w_l tanh'(…) each time; return a tensor of shape (L,).
    gradient, gradients = 1.0, []
    for factor in reversed(w * (1 - s**2)):
        gradient = gradient * factor
        gradients.insert(0, gradient)
    return torch.stack(gradients)
    ### END SOLUTION


# %% chain-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# $\frac{\partial x_L}{\partial x_{l-1}} = \frac{\partial x_L}{\partial x_l}\cdot\frac{\partial x_l}{\partial x_{l-1}}$. Begin with the last layer.
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $\frac{\partial x_l}{\partial x_{l-1}} = w_l\,\tanh'(w_l x_{l-1})$, and $\tanh' = 1 - \tanh^2$: $x_l$ is stored.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# With the L factors in a tensor: reverse it, take `torch.cumprod`, reverse again.
#
# </details>
