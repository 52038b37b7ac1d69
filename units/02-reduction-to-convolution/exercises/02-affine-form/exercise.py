# %% affine-form-card [markdown]
# ## {number} · Batch norm in use is $Z = GY + g$
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | rewrite batch norm in use as one multiplication and one addition | 5 | ●○○○○ | lecture, section {section:use} |
#
# In use, batch norm computes, for each map $k$,
# $$Z^k_{ij} = \gamma^k\,\frac{Y^k_{ij} - \mu^k}{\sqrt{\sigma^{2k} + \varepsilon}} + \beta^k .$$
# Write `affine_form(gamma, beta, mu, var, eps)`. It returns the pair $(G, g)$ with $Z^k_{ij} = G^k\,Y^k_{ij} + g^k$.
#
# - `gamma`, `beta`, `mu`, `var`: tensors of shape `(K,)`, for $\gamma, \beta, \mu, \sigma^2 \ge 0$; `eps` is a positive number.
# - `G`, `g`: tensors of shape `(K,)`.
# - Not to be called: the framework's batch norm.
#
# By hand: with $\gamma = 6,\ \beta = 1,\ \mu = 3,\ \sigma^2 = 3,\ \varepsilon = 1$ the root is $\sqrt{3 + 1} = 2$,
# so $G = 3$ and $g = 1 - 3 \cdot 3 = -8$.

# %% affine-form-predict [markdown]
# **Predict first.** A fresh `BatchNorm2d` has $\gamma = 1,\ \beta = 0,\ \mu = 0,\ \sigma^2 = 1,\ \varepsilon = 10^{-5}$. Is its $G$ exactly 1?
#
# <details><summary>Answer</summary>
#
# No: $G = 1/\sqrt{1.00001} \approx 0.999995$. Nearly 1, so a wrong formula often passes on a fresh layer. That is why the checks never use one.
#
# </details>

# %% affine-form role="answer"
def affine_form(gamma, beta, mu, var, eps):
    ### BEGIN SOLUTION Compute G and g, each of shape (K,), from the formula above and return the pair (G, g).
    G = gamma / torch.sqrt(var + eps)
    g = beta - G * mu
    return G, g
    ### END SOLUTION


# %% affine-form-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Multiply the fraction out. Which part is multiplied by $Y$, and which part does not depend on $Y$ at all?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $G^k = \gamma^k / \sqrt{\sigma^{2k} + \varepsilon}$, and $g^k$ is what is left when $Y^k = 0$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `torch.sqrt(var + eps)` is the root for all maps at once. Divide `gamma` by it, then subtract `G` times something from `beta`.
#
# </details>

# %% affine-form-shown [markdown]
# **What you have shown.** In use, batch norm is affine: per map, one number times the input plus one number. It needs
# neither the batch nor a square root while the network runs: $G$ and $g$ are computed once.
