# %% training-card [markdown]
# ## {number} · Batch norm in training
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | normalise a batch and keep the running averages | 15 | ●●○○○ | lecture, section {section:training} |
#
# In training, batch norm takes the mean and the variance of each map over the batch and all positions, $n = NHW$ numbers:
# $$\mu^k = \frac1n\sum Y^k, \qquad \sigma^{2k} = \frac1n\sum (Y^k - \mu^k)^2, \qquad Z^k = \gamma^k\,\frac{Y^k - \mu^k}{\sqrt{\sigma^{2k} + \varepsilon}} + \beta^k ,$$
# and keeps, with momentum $\alpha$,
# $$\mu_{avg} \leftarrow (1-\alpha)\,\mu_{avg} + \alpha\,\mu, \qquad \sigma^2_{avg} \leftarrow (1-\alpha)\,\sigma^2_{avg} + \alpha\,\tfrac{n}{n-1}\,\sigma^2 .$$
# Write `batch_norm_training(Y, gamma, beta, running_mean, running_var, momentum, eps)`. It returns `(Z, mean, var)`: the output and the *new*
# running averages. It leaves its inputs as they are.
#
# - `Y`, `Z`: shape `(N, K, H, W)`; all other tensors: shape `(K,)`; `momentum` and `eps` are numbers.
# - Not to be called: layers that normalise, such as batch norm and instance norm.
#
# By hand: one map with the two numbers 0 and 2, $\gamma = 1$, $\beta = 0$, $\varepsilon \approx 0$. Then $\mu = 1$, $\sigma^2 = 1$, so $Z = (-1, 1)$, but the
# running variance takes $\frac{2}{1}\cdot 1 = 2$.

# %% training-predict [markdown]
# **Predict first.** Two images, 3 maps, 4×5 pixels. How many means are there, and over how many numbers is each taken?
#
# <details><summary>Answer</summary>
#
# Three means, one for each map, each over $2 \cdot 4 \cdot 5 = 40$ numbers.
#
# </details>

# %% training role="answer"
def batch_norm_training(Y, gamma, beta, running_mean, running_var, momentum, eps):
    ### BEGIN SOLUTION Normalise Y by the mean and variance of each map over the batch; return (Z, mean, var) with the new running averages.
    n = Y.shape[0] * Y.shape[2] * Y.shape[3]
    mu = Y.mean((0, 2, 3))
    sigma2 = Y.var((0, 2, 3), correction=0)
    normal = (Y - mu[:, None, None]) / torch.sqrt(sigma2 + eps)[:, None, None]
    Z = gamma[:, None, None] * normal + beta[:, None, None]
    mean = (1 - momentum) * running_mean + momentum * mu
    var = (1 - momentum) * running_var + momentum * sigma2 * n / (n - 1)
    return Z, mean, var
    ### END SOLUTION


# %% training-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Which axes are summed away? All but the one that counts maps.
#
# </details>
# <details><summary>Hint 2: two variances</summary>
#
# `torch.var` divides by $n - 1$ unless you say `correction=0`. One of the two goes into `Z`, the other into the running average.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# A mean over the axes `(0, 2, 3)` has shape `(K,)`. With `[:, None, None]` behind it, it gets the shape `(K, 1, 1)` and lines up with the maps of `Y`.
#
# </details>

# %% training-shown [markdown]
# **What you have shown.** In training, every output depends on every image of the batch. Keep that in mind for exercise {exercise:where-composing-fails}.
