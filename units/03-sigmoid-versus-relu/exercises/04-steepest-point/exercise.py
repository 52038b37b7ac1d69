# %% peak-card [markdown]
# ## {number} · Where is it steepest?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | the peak of the slope of any squeezed and shifted σ | 10 | ●●○○○ | lecture, section {section:three} |
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
