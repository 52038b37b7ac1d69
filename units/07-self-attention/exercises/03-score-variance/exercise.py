# %% variance-card [markdown]
# ## {number} · How large is a score? Exactly
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the variance of a scalar product, and the divisor it asks for | 20 | ●●●○○ | lecture, section {section:root} |
#
# The lecture takes entries with mean 0 and variance 1. Behind a ReLU, or in a trained network, they have another mean. Let all entries be independent, those of $q$ with mean $\mu_q$ and variance $s_q$ (which is $\sigma_q^2$), those of $k$ with mean $\mu_k$ and variance $s_k$.
# Write `score_moments(d, mu_q, s_q, mu_k, s_k)`. It returns the mean and the variance of $q^Tk = \sum_{l=1}^d q_l k_l$, `(mean, variance)`, as numbers.
#
# By hand, $d = 1$, and $k$ the constant 3 ($\mu_k = 3$, $s_k = 0$): $q\cdot 3$ has mean $3\mu_q$ and variance $9 s_q$.

# %% variance-predict [markdown]
# **Predict first.** All entries lie around 2 with variance 1 ($\mu_q = \mu_k = 2$). By how much is the *variance* of a score larger than with mean 0: 4, 9 or 25 times?
#
# <details><summary>Answer</summary>
#
# 9 times: each product has variance $1 + 4 + 4$. So $\sqrt d$ is then too small a divisor by a factor of 3.
#
# </details>


# %% variance role="answer"
def score_moments(d, mu_q, s_q, mu_k, s_k):
    ### BEGIN SOLUTION Mean and variance of one product first; then of a sum of d independent ones. Return (mean, variance).
    mean = mu_q * mu_k
    variance = s_q * s_k + s_q * mu_k**2 + s_k * mu_q**2
    return d * mean, d * variance
    ### END SOLUTION


# %% variance-hints [markdown]
# <details><summary>Hint 1: one product</summary>
#
# $\mathrm{Var}(Z) = E(Z^2) - (EZ)^2$, and for independent $q$, $k$ both $E(qk)$ and $E(q^2k^2)$ are products.
#
# </details>
# <details><summary>Hint 2: a square</summary>
#
# $E(q^2) = s_q + \mu_q^2$.
#
# </details>

# %% variance-look [markdown]
# Now measure it, for $\mu_q = 2$, $s_q = 1$, $\mu_k = 0$, $s_k = 1$. Take the # away once your function is written: its variance should be within 5 % of the measured one.

# %% variance-measure
generator = torch.Generator().manual_seed(0)
for d in (16, 64, 256):
    q = 2 + torch.randn(50_000, d, generator=generator)
    k = torch.randn(50_000, d, generator=generator)
    print(f"d = {d:3}: measured variance of the scores about {(q * k).sum(1).var().item():.2g}")
    # print("         your mean and variance:", score_moments(d, 2, 1, 0, 1))

# %% variance-shown [markdown]
# **What you have shown.** $\sqrt d$ is no law: it belongs to means of 0. The mean of the scores, $d\mu_q\mu_k$, is the same for all keys, and a softmax does not see it; the extra variance it does see. That is one reason for a layer norm before attention.
