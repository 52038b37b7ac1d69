# %% title [markdown]
# # Exercises 3 · Sigmoid versus ReLU
#
# The lecture is [`03-sigmoid-versus-relu`](../../lectures/03-sigmoid-versus-relu.ipynb). Work from top to bottom; no exercise needs the answer of another.
# Run a check cell as often as you like: it says what is wrong. Some cells hold further checks that run only when your work
# is graded; their first line says what they look at.
#
# Some answers here are **formulas**. Then your function gets symbols instead of numbers and returns an expression, such as `3 * x**2 + 1`. It is compared as a
# formula: $x^2 - 1$ and $(x-1)(x+1)$ are the same. Use `+ - * / **` and, where you need them, `sympy.exp` and `sympy.sqrt`.

# %% setup
import math

import sympy
import torch

from nonconv.checks import check, todo
from nonconv.checks.runs import training_curve

# %% sigmoid-card [markdown]
# ## 1 · A sigmoid that survives
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | σ for every number, from −1000 to 1000 | 10 | ●●○○○ | lecture, section 1 |
#
# $$\sigma(x) = \frac{1}{1+e^{-x}} = \frac{e^x}{1+e^x} .$$
# Write `sigmoid(x)` with `torch.exp`, without the framework's own sigmoid. No NaN, no warning, and small values keep their digits: $\sigma(-40) \approx 4.248\cdot10^{-18}$, not 0.
#
# - `x`: a tensor of any shape. The result has its shape and its dtype.
#
# By hand: $\sigma(0) = \frac12$, $\sigma(1) \approx 0.7311$, $\sigma(-1) = 1 - \sigma(1) \approx 0.2689$.

# %% sigmoid-predict [markdown]
# **Predict first.** `torch.exp(torch.tensor(1000.0))` is `inf`. What do the two forms above give for $x = 1000$?
#
# <details><summary>Answer</summary>
#
# The first: $e^{-1000}$ is 0, so 1, which is right. The second: $\infty/\infty$, NaN.
#
# </details>


# %% sigmoid role="answer"
def sigmoid(x):
    ### BEGIN SOLUTION Return σ(x) for each number of x, also for −1000 and 1000.
    small = torch.exp(-x.abs())
    return torch.where(x >= 0, 1.0, small) / (1 + small)
    ### END SOLUTION


# %% sigmoid-values role="check"
check("sigmoid-values", sigmoid)

# %% sigmoid-extreme role="check"
check("sigmoid-extreme", sigmoid)

# %% sigmoid-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# A power of $e$ may become 0 without harm. It must not become ∞ above *and* below a fraction.
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $e^{-|x|}$ never overflows. With $t = e^{-|x|}$, σ is $\frac{1}{1+t}$ for $x \ge 0$ and $\frac{t}{1+t}$ for $x < 0$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `torch.where(x >= 0, above, below)` takes `above` where $x \ge 0$ and `below` elsewhere.
#
# </details>

# %% sigmoid-float32 role="hidden"
# Runs when your work is graded (1 point): float32, where numbers overflow beyond 88 already.

# %% nan-card [markdown]
# **And its gradient?** The value of $1/(1+e^{-x})$ is good for every $x$: where $e^{-x}$ overflows, σ is below the smallest normal number, and 0 will do. But *autograd* through this very form, in float32, gives NaN for some $x$. Write `nan_gradient()`: it returns such a number.


# %% nan role="answer"
def nan_gradient():
    ### BEGIN SOLUTION Return a number x for which autograd through 1/(1 + e^−x), in float32, gives NaN.
    return -100.0  # e^100 is ∞ in float32, and the chain rule multiplies it by 0
    ### END SOLUTION


# %% nan-gradient role="check"
check("nan-gradient", nan_gradient)

# %% nan-hints [markdown]
# <details><summary>Hint</summary>
#
# By the chain rule the gradient is $\frac{1}{(1+e^{-x})^2}\cdot e^{-x}$. When is this 0 · ∞?
#
# </details>

# %% sigmoid-shown [markdown]
# **What you have shown.** Two forms of one formula can differ in every digit. A framework's sigmoid has a gradient of its own, and now you know why.

# %% slope-card [markdown]
# ## 2 · Its derivative, twice
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | σ' from the value of σ, and so that it keeps its digits | 10 | ●●○○○ | lecture, section 1 |
#
# A network stores the values $s = \sigma(x)$ on the way forward and needs $\sigma'$ on the way back. Write `slope_from_value(s)`: **a formula** for $\sigma'(x)$ in which only $s$ occurs.


# %% slope role="answer"
def slope_from_value(s):
    ### BEGIN SOLUTION Return the formula of σ'(x) in terms of s = σ(x).
    return s * (1 - s)
    ### END SOLUTION


# %% slope-from-value role="check"
check("slope-from-value", slope_from_value)

# %% derivative-predict [markdown]
# **Predict first.** In float32, $\sigma(20)$ is rounded to 1. What does your formula give there? What is right?
#
# <details><summary>Answer</summary>
#
# 0. Right is about $e^{-20} \approx 2.06\cdot10^{-9}$, which float32 could hold with all its digits.
#
# </details>

# %% derivative-card [markdown]
# Now write `sigmoid_derivative(x)`: $\sigma'(x)$ for a tensor, with the digits of its dtype: neither 0 at 20 nor NaN at 1000. Again without the framework's sigmoid.


# %% derivative role="answer"
def sigmoid_derivative(x):
    ### BEGIN SOLUTION Return σ'(x) for each number of x, without losing its digits.
    small = torch.exp(-x.abs())
    return small / (1 + small) ** 2  # σ' is even: σ(x) σ(−x)
    ### END SOLUTION


# %% sigmoid-derivative-values role="check"
check("sigmoid-derivative-values", sigmoid_derivative)

# %% sigmoid-derivative-float32 role="check"
check("sigmoid-derivative-float32", sigmoid_derivative)

# %% derivative-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# $1 - \sigma(x)$ subtracts two nearly equal numbers. Which other value of σ is $1 - \sigma(x)$?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $\sigma'(x) = \sigma(x)\,\sigma(-x)$.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `1 / (1 + torch.exp(-x))` is σ(x). Write it once more, with the other sign, and multiply.
#
# </details>

# %% sigmoid-derivative-large role="hidden"
# Runs when your work is graded (1 point): far out, around ±1000 and ±600.

# %% derivative-shown [markdown]
# **What you have shown.** Equal as formulas is not equal in floats. Where a slope is tiny, only one of the two forms still knows it.

# %% tanh-card [markdown]
# ## 3 · tanh is a sigmoid
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | tanh from σ, and why | 15 | ●●○○○ | lecture, section 1 |
#
# Write `tanh_from_sigma(sigma, x)`: **a formula** for $\tanh(x)$ that uses `sigma` only. You get `sigma` as a function (`sigma(x)` is $\sigma(x)$) and `x` as a symbol.
#
# By hand: $\tanh(0) = 0$ and $\sigma(0) = \frac12$; for large $x$ both tend to 1.


# %% tanh role="answer"
def tanh_from_sigma(sigma, x):
    ### BEGIN SOLUTION Return tanh(x) written with sigma.
    return 2 * sigma(2 * x) - 1
    ### END SOLUTION


# %% tanh-from-sigma role="check"
check("tanh-from-sigma", tanh_from_sigma)

# %% identity-card [markdown]
# **Prove it.** Write `tanh_identity(x)`: it returns the chain of equalities as a list of expressions in the symbol `x`, line by line, from
# $$\frac{2}{1+e^{-2x}} - 1 \qquad\text{to}\qquad \frac{e^x - e^{-x}}{e^x + e^{-x}} .$$
# With `e = sympy.exp`, these are `2 / (1 + e(-2*x)) - 1` and `(e(x) - e(-x)) / (e(x) + e(-x))`. Put at least one line between them. Each line is compared with the one above, as a formula: for all $x$, not for some numbers.


# %% identity role="answer"
def tanh_identity(x):
    e = sympy.exp
    ### BEGIN SOLUTION Return the list of lines from 2/(1 + e(-2*x)) - 1 to (e(x) - e(-x)) / (e(x) + e(-x)).
    return [
        2 / (1 + e(-2 * x)) - 1,
        (1 - e(-2 * x)) / (1 + e(-2 * x)),  # one denominator: 2 − (1 + e^−2x) = 1 − e^−2x
        (e(x) - e(-x)) / (e(x) + e(-x)),  # both multiplied by e^x
    ]
    ### END SOLUTION


# %% tanh-identity role="check"
check("tanh-identity", tanh_identity)

# %% tanh-hints [markdown]
# <details><summary>Hint for the formula</summary>
#
# σ runs from 0 to 1, tanh from −1 to 1: twice as high, and shifted. And tanh is twice as quick.
#
# </details>
# <details><summary>Hint for the chain</summary>
#
# Bring $\frac{2}{1+t} - 1$ to one denominator, with $t = e^{-2x}$. Then multiply above and below by $e^x$.
#
# </details>

# %% tanh-shown [markdown]
# **What you have shown.** tanh is σ in other units, for every $x$. So whatever tanh does better must come from those units: its mean of 0, and its slope of 1.

# %% peak-card [markdown]
# ## 4 · Where is it steepest?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the peak of the slope of any squeezed and shifted σ | 10 | ●●○○○ | lecture, section 1 |
#
# Let $\varphi(x) = c\,\sigma(a x + b)$ with $a, c > 0$. Write `steepest_point(a, b, c)`: **two formulas**, `(place, slope)`: the $x$ at which $\varphi'$ is largest, and $\varphi'$ there.
#
# σ itself is $a = 1, b = 0, c = 1$; tanh has the slopes of $a = 2, b = 0, c = 2$.

# %% peak-predict [markdown]
# **Predict first.** Where do $\sigma'$ and $\tanh'$ peak, and how high?
#
# <details><summary>Answer</summary>
#
# Both at $x = 0$: $\sigma'(0) = \frac14$, $\tanh'(0) = 1$.
#
# </details>


# %% peak role="answer"
def steepest_point(a, b, c):
    ### BEGIN SOLUTION Return the pair (place, slope) as formulas in a, b and c.
    return -b / a, a * c / 4
    ### END SOLUTION


# %% steepest-point role="check"
check("steepest-point", steepest_point)

# %% peak-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# $s(1-s)$ is a parabola in $s$. At which $s$ is it highest? At which argument does σ have that value?
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# By the chain rule $\varphi'(x) = c\,a\,\sigma'(ax+b)$, and $\sigma'$ is largest where its argument is 0.
#
# </details>

# %% peak-shown [markdown]
# **What you have shown.** $\sigma' \le \frac14$ everywhere, and only a larger $ac$, that is larger weights, can make up for it.

# %% chain-card [markdown]
# ## 5 · The gradient of a chain
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | back-propagate through L layers by hand | 20 | ●●●○○ | lecture, section 3 |
#
# One unit in each layer: $x_l = \sigma(w_l\,x_{l-1})$ for $l = 1, \dots, L$. You get the weights and the values that a forward pass has stored. Write `chain_gradients(w, s)`: the derivatives of the last value with respect to every earlier one,
# $$\Bigl(\frac{\partial x_L}{\partial x_0},\ \frac{\partial x_L}{\partial x_1},\ \dots,\ \frac{\partial x_L}{\partial x_{L-1}}\Bigr).$$
#
# - `w`: shape `(L,)`, with $w_l$ in `w[l-1]`; `s`: shape `(L,)`, with $x_l = \sigma(w_l x_{l-1})$ in `s[l-1]`. The result has shape `(L,)`.
#
# By hand: $L = 1$, $w_1 = 8$, $x_1 = \frac12$. The derivative is $8 \cdot \frac12 \cdot \frac12 = 2$.
#
# The check compares with what autograd gives.

# %% chain-predict [markdown]
# **Predict first.** All weights are 2 and all $x_l$ are $\frac12$. Which entry of the result is the smallest?
#
# <details><summary>Answer</summary>
#
# The first. Each layer multiplies by $2 \cdot \frac14 = \frac12$, and $\partial x_L/\partial x_0$ has gone through all $L$ of them.
#
# </details>


# %% chain role="answer"
def chain_gradients(w, s):
    ### BEGIN SOLUTION Go from the last layer to the first, multiplying by w_l σ'(…) each time; return a tensor of shape (L,).
    factors = w * s * (1 - s)
    gradient, gradients = torch.ones((), dtype=w.dtype), []
    for factor in factors.flip(0):
        gradient = gradient * factor
        gradients.append(gradient)
    return torch.stack(gradients).flip(0)
    ### END SOLUTION


# %% chain-gradients-values role="check"
check("chain-gradients-values", chain_gradients)

# %% chain-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# $\frac{\partial x_L}{\partial x_{l-1}} = \frac{\partial x_L}{\partial x_l}\cdot\frac{\partial x_l}{\partial x_{l-1}}$. Begin with the last layer.
#
# </details>
# <details><summary>Hint 2: the formula</summary>
#
# $\frac{\partial x_l}{\partial x_{l-1}} = w_l\,x_l(1 - x_l)$, since $\sigma' = \sigma(1-\sigma)$ and $x_l$ is stored.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# With the L factors in a tensor: reverse it, take `torch.cumprod`, reverse again.
#
# </details>

# %% chain-gradients-deep role="hidden"
# Runs when your work is graded (1 point): a longer chain.

# %% bound-card [markdown]
# ## 6 · The bound, and where float32 ends
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | how fast a gradient must vanish | 10 | ●●○○○ | lecture, section 3 |
#
# In a network of $L$ layers with σ, every weight matrix has the norm $c$. Write `gradient_bound(L, c)`: **a formula**, the largest factor by which the gradient's norm can be multiplied on its way through all $L$ layers, as far as $\sigma' \le \frac14$ tells.


# %% bound role="answer"
def gradient_bound(L, c):
    ### BEGIN SOLUTION Return the bound as a formula in L and c.
    return (c / 4) ** L
    ### END SOLUTION


# %% gradient-bound role="check"
check("gradient-bound", gradient_bound)

# %% least-predict [markdown]
# **Predict first.** At which depth $L$ is $(1/4)^L$ exactly 0 in float32: about 40, 75 or 130? The smallest positive float32 is $2^{-149}$.
#
# <details><summary>Answer</summary>
#
# $(1/4)^{74} = 2^{-148}$ still exists, $2^{-150}$ is rounded to 0. So 75. (From 64 on it is *subnormal*, with fewer and fewer digits.)
#
# </details>

# %% least-card [markdown]
# Write `least_depth(factor)`: the smallest whole $L \ge 1$ for which `factor ** L` is exactly 0, found by computing in the dtype of `factor`, a tensor with one number and no axis.


# %% least role="answer"
def least_depth(factor):
    ### BEGIN SOLUTION Multiply by factor, in its own dtype, until the product is 0; return how many factors that took.
    L, product = 1, factor
    while product != 0:
        L, product = L + 1, product * factor
    return L
    ### END SOLUTION


# %% least-depth-float32 role="check"
check("least-depth-float32", least_depth)

# %% least-hints [markdown]
# <details><summary>Hint for the bound</summary>
#
# One layer multiplies by at most $\frac14 c$.
#
# </details>
# <details><summary>Hint for the depth</summary>
#
# A `while` loop. Do not turn `factor` into a Python number: that is float64, whatever it was before.
#
# </details>

# %% least-depth-others role="hidden"
# Runs when your work is graded (1 point): another factor, float64 and float16.

# %% least-shown [markdown]
# **What you have shown.** Under the bound, a gradient vanishes exponentially, unless the weights have norms of 4 or more. That is why the lecture measures in float64.

# %% signs-card [markdown]
# ## 7 · Two quadrants
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | what "not zero-centred" does, and when not | 15 | ●●○○○ | lecture, section 2 |
#
# A neuron $z = \sum_i w_i x_i$, one example. With $\delta = \partial E/\partial z$ its weights get the gradient $\delta\,x$. Write `gradient_signs(x)`: the pair of sign vectors that this gradient can have, first for $\delta > 0$, then for $\delta < 0$.
#
# - `x`: the inputs, shape `(n,)`. Each sign vector has shape `(n,)` and holds −1, 0 and 1.
#
# By hand: $x = (0.3,\ 0.7)$ gives $(1, 1)$ and $(-1, -1)$: of the four quadrants, two.


# %% signs role="answer"
def gradient_signs(x):
    ### BEGIN SOLUTION Return the pair (signs for δ > 0, signs for δ < 0).
    return torch.sign(x), torch.sign(-x)
    ### END SOLUTION


# %% gradient-signs-positive role="check"
check("gradient-signs-positive", gradient_signs)

# %% gradient-signs-any role="hidden"
# Runs when your work is graded (1 point): inputs as they come from tanh, and from ReLU.

# %% escape-card [markdown]
# **A batch escapes.** Write `escaping_batch()`: it returns `(X, delta)`, several examples with two *positive* inputs each, `X` of shape `(N, 2)`, and their δ, of shape `(N,)`, such that the gradient of the batch, $\sum_n \delta_n x_n$, has one positive and one negative component.


# %% escape role="answer"
def escaping_batch():
    ### BEGIN SOLUTION Return (X, delta) whose summed gradient has components of both signs.
    return torch.tensor([[1.0, 3.0], [3.0, 1.0]]), torch.tensor([1.0, -1.0])
    ### END SOLUTION


# %% escaping-batch role="check"
check("escaping-batch", escaping_batch)

# %% signs-hints [markdown]
# <details><summary>Hint for the signs</summary>
#
# The sign of a product is the product of the signs. `torch.sign` keeps a 0.
#
# </details>
# <details><summary>Hint for the batch</summary>
#
# Two examples, one with $\delta = 1$, one with $\delta = -1$. The gradient is then the difference of two positive vectors.
#
# </details>

# %% signs-shown [markdown]
# **What you have shown.** The argument against σ is about one example, and holds for ReLU as well. A zero-centred activation is free of it, and a batch is not bound by it.

# %% relu-card [markdown]
# ## 8 · ReLU backwards, and the dead
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | back-propagate through ReLU, count the units that no gradient reaches, start better | 20 | ●●○○○ | lecture, sections 1, 4 and 6 |
#
# **Backwards.** $y = \max(0, x)$; you get $x$ and $\partial E/\partial y$. Write `relu_backward(x, grad)`: $\partial E/\partial x$, with the framework's convention at $x = 0$. Build it yourself, without the framework's ReLU.
#
# - `x`, `grad`: tensors of one shape, which the result has too.
#
# By hand: $x = (2, -3)$, gradient $(5, 7)$: the result is $(5, 0)$.


# %% relu role="answer"
def relu_backward(x, grad):
    ### BEGIN SOLUTION Let the gradient pass where x is positive, and nowhere else.
    return grad * (x > 0)
    ### END SOLUTION


# %% relu-backward-values role="check"
check("relu-backward-values", relu_backward)

# %% relu-backward-batch role="hidden"
# Runs when your work is graded (1 point): a batch, with gradients of both signs.

# %% dead-card [markdown]
# **The dead.** `Z`, of shape `(N, K)`, holds the inputs of $K$ ReLUs for $N$ examples. A unit is *dead* if it passes no gradient for any of them. Write `count_dead(Z)`: their number.
#
# By hand: for $Z = \begin{bmatrix} -1 & 2 \\ -3 & -1 \end{bmatrix}$ it is 1: the first unit is never positive, the second one is, once.


# %% dead role="answer"
def count_dead(Z):
    ### BEGIN SOLUTION Count the columns of Z in which no number is positive.
    return int((Z <= 0).all(dim=0).sum())
    ### END SOLUTION


# %% count-dead-values role="check"
check("count-dead-values", count_dead)

# %% count-dead-others role="hidden"
# Runs when your work is graded (1 point): larger batches, and inputs that are exactly 0.

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


# %% weight-deviation role="check"
check("weight-deviation", weight_deviation)

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

# %% recursion-card [markdown]
# ## 9 · The variance recursion
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | how the size of the signal grows or shrinks with depth | 10 | ●●●○○ | lecture, section 4 |
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


# %% variance-recursion role="check"
check("variance-recursion", mean_square_after)

# %% recursion-hints [markdown]
# <details><summary>Hint</summary>
#
# One layer: $v \mapsto c\,v \mapsto \frac12 c\,v$. And $L$ of them?
#
# </details>

# %% recursion-shown [markdown]
# **What you have shown.** The factor $(c/2)^L$ is 1 for one $c$ only. The square of the gradient's norm has the same factor on its way back, so "ReLU does not vanish" means: with $c = 2$.

# %% first-card [markdown]
# ## 10 · Who is faster?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read a race off its logs, then run your own | 30 | ●●●○○ | lecture, sections 8 and 9 |
#
# **Reading.** Write `first_step_below(curve, level)`: the first step, counted from 0, at which the curve is *below* the level, or `None` if it never is.
#
# - `curve`: a tensor of shape `(T,)`, the training error at each step; `level`: a number. The result is a whole number or `None`.
#
# By hand: for the errors 0.9, 0.5, 0.2 and the level 0.25 it is 2.


# %% first role="answer"
def first_step_below(curve, level):
    ### BEGIN SOLUTION Return the first step at which the curve is below the level, or None.
    for step, error in enumerate(curve.tolist()):
        if error < level:
            return step
    return None
    ### END SOLUTION


# %% first-step-logs role="check"
check("first-step-logs", first_step_below)

# %% first-step-edges role="hidden"
# Runs when your work is graded (1 point): already below at the start, and exactly at the level.

# %% race-card [markdown]
# **Your own race.** `training_curve(activation, rate, seed)` trains a network with *one* hidden layer on the digits and returns a list: the training error before each of 120 steps. `activation` is `"sigmoid"` or `"relu"`. It takes a tenth of a second; try it:

# %% race-try
curve = training_curve("relu", 0.05, seed=0)
print([round(error, 2) for error in curve[::20]])

# %% race-question [markdown]
# For each of the two, find a good learning rate: try several, and take one that neither three times nor a third of it would beat by far (by 40 % of the median of the steps). Then look at the seeds 0, 1 and 2. Write `own_run()`: it returns `(rate_sigmoid, rate_relu, steps_sigmoid, steps_relu, faster)`.
#
# - the two rates that you have chosen;
# - for each activation the list of three first steps below 0.25, for the seeds 0, 1, 2 (`None` for never);
# - `faster`: `"sigmoid"`, `"relu"` or `"neither"`, by the median of the three steps.
#
# The function may compute all this or just return what you have found. The check runs your rates again.

# %% race-predict [markdown]
# **Predict first.** With one hidden layer: will ReLU be six times faster, a little faster, or slower? And what would one see with the *same* rate, 0.1, for both?
#
# <details><summary>Answer</summary>
#
# Your own runs give it: first each at its own rate, then both with 0.1. Note all four medians; exercise 11 asks for them.
#
# </details>


# %% race role="answer"
def own_run():
    ### BEGIN SOLUTION Return (rate_sigmoid, rate_relu, steps_sigmoid, steps_relu, faster) of your own runs.
    def steps(activation, rate):
        curves = [training_curve(activation, rate, seed) for seed in range(3)]
        return [next((n for n, error in enumerate(c) if error < 0.25), None) for c in curves]

    rate_sigmoid, rate_relu = 1.0, 0.3
    steps_sigmoid, steps_relu = steps("sigmoid", rate_sigmoid), steps("relu", rate_relu)
    medians = sorted(steps_sigmoid)[1], sorted(steps_relu)[1]
    faster = "neither" if medians[0] == medians[1] else "relu" if medians[0] > medians[1] else "sigmoid"
    return rate_sigmoid, rate_relu, steps_sigmoid, steps_relu, faster
    ### END SOLUTION


# %% own-run role="check"
check("own-run", own_run)

# %% race-hints [markdown]
# <details><summary>Hint for reading</summary>
#
# `for step, error in enumerate(curve.tolist())`, and return as soon as you may.
#
# </details>
# <details><summary>Hint for the rates</summary>
#
# Try 0.01, 0.03, 0.1, 0.3, 1, 3 for each. The best rate of σ is not the best rate of ReLU: σ's gradients are smaller.
#
# </details>

# %% words-card [markdown] role="locked"
# ## 11 · In words
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | say what an experiment shows, and what not | 10 | ●●○○○ | exercise 10; lecture, sections 4 and 9 |
#
# What did your race show about σ and ReLU with one hidden layer? Somebody concludes: "So σ is fine as a hidden activation." Explain what would change with ten hidden layers, and what ReLU needs in order not to have the same trouble. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | your own figures, with rates and spread, and what a single shared rate would have suggested |
# | 1 | the factor per layer: at most ¼ for σ under Xavier, to the tenth power |
# | 1 | ReLU under Xavier, $\sqrt{1/2}$ per layer, and why He's weights make it 1 |
# | 1 | what is *not* shown: one data set, one width, another measure than the final error |

# %% in-words [markdown] role="manual" points=4
# ### BEGIN SOLUTION
# With rate 1 for σ and 0.3 for ReLU the medians were 14 and 8 steps (12–17 and 8–9): ReLU was less than twice as fast. With 0.1 for both it would have looked like 40 against 16.
# One hidden layer multiplies the gradient by at most ¼ once, and a larger rate makes up for it. Ten layers multiply it by about $0.24^{10} < 10^{-6}$: the first layers do not move, and no single rate suits first and last layers.
# ReLU halves the mean square in each layer under Xavier, $\sqrt{1/2}$ per layer for the gradient; He's weights have twice the variance, which makes the factor 1.
# Shown is this for digits, 32 units and the time to 25 % training error; not for other data, not for the final error, not for test images.
# ### END SOLUTION
