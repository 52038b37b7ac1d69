# %% signs-card [markdown]
# ## {number} · Two quadrants
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | what "not zero-centred" does, and when not | 15 | ●●○○○ | lecture, section {section:centred} |
#
# A neuron $z = \sum_i w_i x_i$, one example. With $\delta = \partial E/\partial z$ its weights get the gradient $\delta\,x$. Write `gradient_signs(x)`: the pair of sign vectors that this gradient can have, first for $\delta > 0$, then for $\delta < 0$.
#
# - `x`: the inputs, shape `(n,)`, of any sign. Each sign vector is a tensor of shape `(n,)` and holds −1, 0 and 1.
#
# By hand: $x = (0.3,\ 0.7)$ gives $(1, 1)$ and $(-1, -1)$: of the four quadrants, two.

# %% signs role="answer"
def gradient_signs(x):
    ### BEGIN SOLUTION Return the pair (signs for δ > 0, signs for δ < 0).
    return torch.sign(x), torch.sign(-x)
    ### END SOLUTION


# %% escape-card [markdown]
# **A batch escapes, to wherever you like.** Write `escaping_batch(signs)`: it returns `(X, delta)`, several examples with n *positive* inputs each, `X`, a tensor of shape `(N, n)`, and their δ, a tensor of shape `(N,)`, such that the gradient of the batch, $\sum_{a=1}^{N} \delta_a x_a$ over its examples, has the signs that are asked for.
#
# - `signs`: shape `(n,)`, each 1 or −1.


# %% escape role="answer"
def escaping_batch(signs):
    ### BEGIN SOLUTION Return (X, delta), with positive X, whose summed gradient has these signs.
    n = len(signs)
    X = 1 + n * torch.eye(n)  # the other examples together pull by less than n
    return X.to(signs), signs
    ### END SOLUTION


# %% signs-hints [markdown]
# <details><summary>Hint for the signs</summary>
#
# The sign of a product is the product of the signs. `torch.sign` keeps a 0.
#
# </details>
# <details><summary>Hint for the batch</summary>
#
# Take one example for each weight. Its input there is large, its other inputs are small. Which δ gives that weight the sign that is asked for?
#
# </details>

# %% signs-shown [markdown]
# **What you have shown.** The argument against σ is about one example, and holds for ReLU as well. A zero-centred activation is free of it, and a batch is not bound by it: a few examples can send the weights into any quadrant.
