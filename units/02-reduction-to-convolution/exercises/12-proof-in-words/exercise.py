# %% proof-card [markdown] role="locked"
# ## {number} · The proof, in words
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | prove that a composition of convolutions is a convolution, for all sizes | 30 | ●●●●○ | exercise {exercise:composition} |
#
# Let $Y^k_i = \sum_{m}\sum_{u} X^m_{i+u-1} F^{mk}_u + b^k$ and $Z^l_i = \sum_{k}\sum_{w} Y^k_{i+w-1} G^{kl}_w + g^l$, in one dimension, with any numbers $M, K, L$ of maps and any kernel lengths $p, r$.
# Prove that $Z^l_i = \sum_m\sum_{t=1}^{p+r-1} X^m_{i+t-1} O^{ml}_t + o^l$ with the $O$ and $o$ of exercise 4. Write the chain of equalities and, for each, why it holds. Formulas go between dollar signs. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | $Y$ put into the formula for $Z$, with the indices right |
# | 1 | multiplied out; the bias separated from the sum |
# | 2 | the sums regrouped by $t = u + w - 1$, and why each pair $(u, w)$ is counted once |
# | 1 | $O$ and $o$ recognised, $t$ from 1 to $p + r - 1$ |
# | 1 | which law is used at each step (distributive law, order of finite sums) |

# %% proof-in-words [markdown] role="manual" points=6
# ### BEGIN SOLUTION
# Put the first formula into the second:
# $$Z^l_i = \sum_k\sum_w \Bigl(\sum_m\sum_u X^m_{i+u+w-2}\,F^{mk}_u + b^k\Bigr) G^{kl}_w + g^l .$$
# By the distributive law this is
# $$\sum_k\sum_w\sum_m\sum_u X^m_{i+u+w-2}\,F^{mk}_u G^{kl}_w \;+\; \sum_k\sum_w b^k G^{kl}_w + g^l .$$
# What does not contain $X$ is $o^l$. All sums are finite, so their order is free. Each pair $(u, w)$ with $1 \le u \le p$, $1 \le w \le r$ has exactly one $t = u + w - 1$, and $1 \le t \le p + r - 1$.
# So the pairs may be grouped by $t$; in a group $X^m_{i+u+w-2} = X^m_{i+t-1}$ is the same and comes out by the distributive law:
# $$\sum_m\sum_{t=1}^{p+r-1} X^m_{i+t-1} \underbrace{\sum_k\sum_{u+w-1=t} F^{mk}_u G^{kl}_w}_{O^{ml}_t} + o^l .$$
# ### END SOLUTION
