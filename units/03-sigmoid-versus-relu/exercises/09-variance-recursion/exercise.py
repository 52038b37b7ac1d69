# %% recursion-card [markdown]
# ## {number} · The variance recursion
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | how the size of the signal grows or shrinks with depth | 10 | ●●●○○ | lecture, section {section:variance} |
#
# A ReLU network without biases; each weight has mean 0 and variance $c/n$, for $n$ inputs. The inputs of the network have the mean square $v = \mathrm{E}[X_0^2]$. Write `mean_square_after(v, c, L)`: **a formula** for the expected mean square of $X_L$, the output of the $L$-th ReLU.
#
# In one layer: $Z$ has the mean square $c\,v$ (a sum of $n$ terms with $\frac cn v$ each), it is symmetric, and ReLU keeps half of its square.

# %% recursion-predict [markdown]
# **Predict first.** 20 layers under Xavier, $c = 1$. By which factor has the mean square shrunk: 20, 400 or a million?
#
# <details><summary>Answer</summary>
#
# $2^{20} \approx 10^6$. Under He, $c = 2$, it stays as it is.
#
# </details>

# %% recursion role="answer"
def mean_square_after(v, c, L):
    ### BEGIN SOLUTION Return the mean square of X_L as a formula in v, c and L.
    return v * (c / 2) ** L
    ### END SOLUTION


# %% recursion-hints [markdown]
# <details><summary>Hint</summary>
#
# One layer: $v \mapsto c\,v \mapsto \frac12 c\,v$. And $L$ of them?
#
# </details>

# %% recursion-shown [markdown]
# **What you have shown.** The factor $(c/2)^L$ is 1 for one $c$ only. The square of the gradient's norm has the same factor on its way back, so "ReLU does not vanish" means: with $c = 2$.
