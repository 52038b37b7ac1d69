# %% relu-card [markdown]
# ## {number} · ReLU backwards, and the dead
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | back-propagate through ReLU, count the units that no gradient reaches, start better | 20 | ●●○○○ | lecture, sections {section:three}, {section:variance} and {section:dead} |
#
# **Backwards.** The *clipped* ReLU, $y = \min(\max(0, x), c)$, cannot grow beyond $c$; networks for telephones have it, with $c = 6$. You get $x$, $\partial E/\partial y$ and $c$. Write `relu_backward(x, grad, c)`: $\partial E/\partial x$. At both kinks, $x = 0$ and $x = c$, take the slope 0. You may call neither a ready ReLU nor autograd: write the slope out.
#
# - `x`, `grad`: tensors of one shape and dtype, which the result has too; `c`: a positive number.
#
# By hand: $x = (2, -3, 8)$, gradient $(5, 7, 4)$, $c = 6$: the result is $(5, 0, 0)$.

# %% relu role="answer"
def relu_backward(x, grad, c):
    ### BEGIN SOLUTION Let the gradient pass where x is between 0 and c, and nowhere else.
    return grad * ((x > 0) & (x < c))
    ### END SOLUTION


# %% dead-card [markdown]
# **The dead, at both ends.** `z`, of shape `(N, K)`, holds the inputs of $K$ clipped ReLUs for $N$ examples. A unit is *dead* if it passes no gradient for any of them: whether it lies at the floor, at the ceiling, or at one for some examples and at the other for the rest. Write `count_dead(z, c)`: their number.
#
# By hand: for $c = 6$ and $z = \begin{bmatrix} -1 & 2 & 9 \\ -3 & -1 & -1 \\ 0 & -2 & 6 \end{bmatrix}$ it is 2: the first unit is never positive, the third never between 0 and 6; the second one is, once.


# %% dead role="answer"
def count_dead(z, c):
    ### BEGIN SOLUTION Count the columns of z in which no number lies between 0 and c.
    return int(((z <= 0) | (z >= c)).all(dim=0).sum())
    ### END SOLUTION


# %% leaky-card [markdown]
# **Starting better.** Without a ceiling again: a leaky ReLU is $\varphi(z) = z$ for $z > 0$ and $a z$ for $z \le 0$. If $Z$ is symmetric around 0 with variance $q$, then $\mathrm{E}[\varphi(Z)^2] = \frac{1 + a^2}{2} q$. Weights of variance $v$ turn that into
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
# The slope is 1 where $0 < x < c$, else 0. A comparison such as `x > 0` is a tensor of True and False, and multiplies like 1 and 0; `&` joins two of them, each in brackets.
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
