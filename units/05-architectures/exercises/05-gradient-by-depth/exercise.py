# %% depth-card [markdown]
# ## {number} · The gradient by depth, with and without skips
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | measure it, predict it, say what it means | 30 | ●●●○○ | lecture, section {section:resnet}; unit {unit:sigmoid-versus-relu}, section {section:sigmoid-versus-relu/variance} |
#
# $L$ blocks $x_l = W_l\,\mathrm{ReLU}(x_{l-1})$, or with skips $x_l = W_l\,\mathrm{ReLU}(x_{l-1}) + x_{l-1}$. At the top arrives $g = \partial E/\partial x_L$.
# Write `gradient_norms(W, x, g, skip)`. It returns the norms $\|\partial E/\partial x_l\|$ for $l = 0, \dots, L$, a tensor of shape `(L + 1,)`. The last one is $\|g\|$.
#
# - `W`: shape `(L, n, n)`; `x` (that is $x_0$) and `g`: shape `(n,)`; `skip`: `True` or `False`. All in one dtype, which the result has, too.
#
# Autograd is allowed here. No number in any $x_l$ is exactly 0, so ReLU's slope there does not matter.

# %% depth role="answer"
def gradient_norms(W, x, g, skip):
    ### BEGIN SOLUTION Run the blocks forwards, then the gradient backwards; return the norms for l = 0 … L as one tensor.
    gates = []  # of each block, where ReLU is open
    for W_l in W:
        gates.append(x > 0)
        x = W_l @ torch.relu(x) + (x if skip else 0)
    norms = [g.norm()]
    for l in reversed(range(len(W))):
        g = gates[l] * (W[l].T @ g) + (g if skip else 0)
        norms.insert(0, g.norm())
    return torch.stack(norms)
    ### END SOLUTION


# %% depth-hints [markdown]
# <details><summary>Hint 1: with autograd</summary>
#
# Keep all $x_l$ in a list, beginning with `x.clone().requires_grad_()`. Then `torch.autograd.grad(last, list, g)` gives one gradient for each. The last of them is $g$ itself.
#
# </details>
# <details><summary>Hint 2: by hand</summary>
#
# Go through the blocks from the last to the first: $\text{gate}\odot W_l^{\mathsf T}g$, plus $g$ if there is a skip. The gate is $x_{l-1} > 0$, where ReLU was open: what went *into* the block, not what came out of it.
#
# </details>

# %% growth-card [markdown]
# **Predict the curve.** Draw the numbers of $W_l$ at random, independent, with mean 0 and variance $c/n$, where $n$ is the width ($c = 2$ is He's initialisation). As in unit 3, take half of the ReLUs to be open, and $W_l$ as independent of what comes from above. By which factor is the
# *squared* norm of the gradient multiplied, on average, on its way down through one block? Write `growth(c)`. It returns two formulas in the symbol $c$: the factor without a skip, and the factor with one.

# %% growth-predict [markdown]
# **Predict first.** He's initialisation keeps the gradient of a plain ReLU network: the factor is 1. What do skips do to it then?
#
# <details><summary>Answer</summary>
#
# Two parts of equal size that know nothing of each other are added: their squares add up, so the squared norm is doubled in *each* block. After 50 blocks the norm has grown by $2^{25} \approx 3\cdot 10^7$. Skips cure vanishing, and can cause the opposite.
#
# </details>


# %% growth role="answer"
def growth(c):
    ### BEGIN SOLUTION Return the two factors of the squared norm, first without a skip, then with one, as formulas in c.
    through = c / 2  # n weights of variance c/n, half of the gates open
    return through, 1 + through
    ### END SOLUTION


# %% growth-hints [markdown]
# <details><summary>Hint 1: without a skip</summary>
#
# A component of $W^{\mathsf T}g$ is a sum of $n$ terms $W_{ij} g_i$, of variance $\frac cn g_i^2$ each. So each component has the variance $\frac cn\|g\|^2$. There are $n$ of them, and the gate lets half of them through.
#
# </details>
# <details><summary>Hint 2: with a skip</summary>
#
# $\|a + g\|^2 = \|a\|^2 + 2\langle a, g\rangle + \|g\|^2$. The weights have mean 0: what is the mean of the middle term?
#
# </details>

# %% growth-bonus [markdown]
# **Bonus.** With the ReLU behind the matrix, $x_l = \mathrm{ReLU}(W_l x_{l-1}) + x_{l-1}$, the gradient grows much faster than this. Measure it. Which assumption fails? (What is added is never negative: look at the mean of $x_l$.)

# %% words-card [markdown] role="locked"
# ### What does it mean?
#
# Measure with your `gradient_norms`: $L = 50$ blocks of $n = 64$, for $c = 1$ and $c = 2$, with and without skips, for a few seeds. (`torch.randn(50, 64, 64) * (c / 64) ** 0.5`; use float64.) Then write down:
#
# | points | for |
# |---|---|
# | 1 | the four measured ratios $\lVert\partial E/\partial x_0\rVert / \lVert g\rVert$, and how they compare with the root of `growth(c)` to the power of 50 |
# | 1 | in which of the four cases a gradient vanishes, and in which it explodes |
# | 1 | what is right and what is wrong about "skips solve the vanishing gradient" |
# | 1 | one thing that real residual networks have or do against the growth, and why it helps |

# %% words [markdown] role="manual" points=4
# ### BEGIN SOLUTION
# Measured over six seeds: without skips from $4\cdot 10^{-9}$ to $3\cdot 10^{-8}$ for $c = 1$, and from 0.15 to 0.9 for $c = 2$; with skips about $10^4$ to $4\cdot 10^4$ for $c = 1$ and $10^7$ to $10^8$ for $c = 2$. `growth` says $0.5^{25} \approx 3\cdot 10^{-8}$, $1$, $1.5^{25} \approx 2.5\cdot 10^4$ and $2^{25} \approx 3\cdot 10^7$: the right size, mostly a little too large, since it is the mean of the *square*.
#
# Only the plain network with $c = 1$ vanishes. Both residual ones explode. The plain one with $c = 2$ keeps its gradient.
#
# It is right that with a skip the gradient does not vanish, whatever the weights' scale: $g$ itself is passed on. It is wrong that this settles the matter: what is added makes the norm grow, exponentially with depth. And a plain network with He's initialisation does not vanish either.
#
# Residual networks keep the growth small by making each branch small beside the skip: batch norm gives the branch a fixed size, while the sum on the skip grows with depth, so the share of each further branch falls. Or the branch starts at 0 (γ = 0 in its last batch norm).
# ### END SOLUTION
