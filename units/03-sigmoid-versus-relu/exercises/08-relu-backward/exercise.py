# %% relu-card [markdown]
# ## {number} · ReLU backwards, and the dead
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | back-propagate through ReLU, count the units that no gradient reaches, start better | 20 | ●●○○○ | lecture, sections {section:three}, {section:variance} and {section:dead} |
#
# **Backwards.** $y = \max(0, x)$; you get $x$ and $\partial E/\partial y$. Write `relu_backward(x, grad)`: $\partial E/\partial x$. At $x = 0$ take the slope 0, as `torch.relu` does (`clamp` takes 1 there, `maximum` takes ½). You may call neither a ready ReLU nor autograd: write the slope out.
#
# - `x`, `grad`: tensors of one shape and dtype, which the result has too.
#
# By hand: $x = (2, -3)$, gradient $(5, 7)$: the result is $(5, 0)$.

# %% relu role="answer"
def relu_backward(x, grad):
    ### BEGIN SOLUTION Let the gradient pass where x is positive, and nowhere else.
    return grad * (x > 0)
    ### END SOLUTION


# %% dead-card [markdown]
# **The dead.** `Z`, of shape `(N, K)`, holds the inputs of $K$ ReLUs for $N$ examples. A unit is *dead* if it passes no gradient for any of them. Write `count_dead(Z)`: their number.
#
# By hand: for $Z = \begin{bmatrix} -1 & 2 \\ -3 & -1 \\ 0 & -2 \end{bmatrix}$ it is 1: of the two units the first is never positive, the second one is, once.


# %% dead role="answer"
def count_dead(Z):
    ### BEGIN SOLUTION Count the columns of Z in which no number is positive.
    return int((Z <= 0).all(dim=0).sum())
    ### END SOLUTION


# %% leaky-card [markdown]
# **Starting better.** A leaky ReLU is $\varphi(z) = z$ for $z > 0$ and $a z$ for $z \le 0$. If $Z$ is symmetric around 0 with variance $q$, then $\mathrm{E}[\varphi(Z)^2] = \frac{1 + a^2}{2} q$. Weights of variance $v$ turn that into
# $n\,v\,\frac{1+a^2}{2}\,q$ in the next layer of $n$ inputs. Write `weight_deviation(n, a)`: **a formula** for the standard deviation of the weights that keeps $q$ as it is. (`sympy.sqrt` is the root.)
#
# For $a = 0$ it is He's $\sqrt{2/n}$.


# %% leaky role="answer"
def weight_deviation(n, a):
    ### BEGIN SOLUTION Return the standard deviation as a formula in n and a.
    return sympy.sqrt(2 / ((1 + a**2) * n))
    ### END SOLUTION


# %% relu-hints [markdown]
# <details><summary>Hint for the way back</summary>
#
# The slope is 1 where $x > 0$, else 0. `(x > 0)` is a tensor of True and False, and multiplies like 1 and 0.
#
# </details>
# <details><summary>Hint for the dead</summary>
#
# `.all(dim=0)` asks of each column whether all its entries are true.
#
# </details>
# <details><summary>Hint for the deviation</summary>
#
# Set $n\,v\,\frac{1+a^2}{2} = 1$, solve for $v$, take the root.
#
# </details>
