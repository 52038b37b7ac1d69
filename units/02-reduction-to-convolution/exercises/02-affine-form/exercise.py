# %% affine-form-card [markdown]
# ## {number} · Every $Z = GY + g$ is a batch norm in use
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | choose γ and β such that batch norm does what you want | 5 | ●○○○○ | lecture, section {section:use} |
#
# In use, batch norm computes, for each map $k$,
# $$Z^k_{ij} = \gamma^k\,\frac{Y^k_{ij} - \mu^k}{\sqrt{\sigma^{2k} + \varepsilon}} + \beta^k .$$
# The lecture turns this into $Z^k = G^k\,Y^k + g^k$. Now the other way round: $G$ and $g$ are given, and so are the running statistics. Which γ and β give just that layer?
# Write `batch_norm_for(G, g, mu, var, eps)`. It returns the pair $(\gamma, \beta)$.
#
# - `G`, `g`, `mu`, `var`: tensors of shape `(K,)`, for $G$, $g$, $\mu$ and $\sigma^2$ (only $\sigma^2 \ge 0$ is certain; the others may have any sign); `eps` is a positive number.
# - `gamma`, `beta`: tensors of shape `(K,)`.
# - Not to be called: the framework's batch norm.
#
# By hand: with $G = 3,\ g = -8,\ \mu = 3,\ \sigma^2 = 3,\ \varepsilon = 1$ the root is $\sqrt{3 + 1} = 2$,
# so $\gamma = 6$ and $\beta = 1$: indeed $6\,(Y - 3)/2 + 1 = 3Y - 8$.

# %% affine-form-predict [markdown]
# **Predict first.** A fresh `BatchNorm2d` has $\gamma = 1,\ \beta = 0,\ \mu = 0,\ \sigma^2 = 1,\ \varepsilon = 10^{-5}$. Does it, in use, leave its input exactly as it is?
#
# <details><summary>Answer</summary>
#
# No: it multiplies by $1/\sqrt{1.00001} \approx 0.999995$. Nearly 1, so a wrong formula often passes on a fresh layer. That is why the checks never use one.
#
# </details>

# %% affine-form role="answer"
def batch_norm_for(G, g, mu, var, eps):
    ### BEGIN SOLUTION Compute gamma and beta, each of shape (K,), such that batch norm is G Y + g; return the pair (gamma, beta).
    gamma = G * torch.sqrt(var + eps)
    beta = g + G * mu
    return gamma, beta
    ### END SOLUTION


# %% affine-form-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Compare what is multiplied by $Y$ on both sides. That gives γ. Then compare both sides at one value of $Y$ that makes the fraction simple.
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $G^k = \gamma^k / \sqrt{\sigma^{2k} + \varepsilon}$: solve it for $\gamma^k$. At $Y^k = \mu^k$ batch norm gives $\beta^k$; what does $G^k Y^k + g^k$ give there?
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `torch.sqrt(var + eps)` is the root for all maps at once.
#
# </details>

# %% affine-form-shown [markdown]
# **What you have shown.** In use, batch norm is *any* map that multiplies each map of $Y$ by one number and adds another, and it is no more than that. With $G = 1$ and $g = 0$
# you get a batch norm that does nothing at all, whatever its running statistics are.
