# %% excitation-card [markdown]
# ## {number} · Excitation: two layers and a σ
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | from what the maps amount to, to one weight for each | 10 | ●●○○○ | lecture, section {section:excitation} |
#
# A perceptron with two layers squeezes $C$ numbers to $C/r$ and brings them back to $C$; a σ makes weights of them:
# $$Y_1 = W_1\,\mathrm{ReLU}(W_0 F_{agg}), \qquad A = \sigma(Y_1), \qquad W_0: C/r\times C, \quad W_1: C\times C/r .$$
# Write `excitation(F_agg, W0, W1)`. Here `F_agg` is a vector of shape `(C,)`, and so is what it returns.
# Multiply as you like: by matrix products, fully connected layers or 1×1 convolutions. Only a ready excitation or attention may not be called.
#
# By hand: $F_{agg} = (3, 1)$, $W_0 = (1, -1)$, $W_1 = (0.5, -1)^T$. Then $W_0F = 2$, ReLU leaves it, $Y_1 = (1, -2)$ and
# $A = (0.731, 0.119)$.

# %% excitation-predict [markdown]
# **Predict first.** $W_0 F_{agg}$ is negative everywhere. Which weights come out?
#
# <details><summary>Answer</summary>
#
# ReLU makes it 0, so $Y_1 = 0$, and $\sigma(0) = 1/2$: every map is halved, whatever $W_1$ is.
#
# </details>

# %% excitation role="answer"
def excitation(F_agg, W0, W1):
    ### BEGIN SOLUTION Go through both matrices, with ReLU between them and σ at the end; return a vector of shape (C,).
    hidden = torch.relu(W0 @ F_agg)
    return torch.sigmoid(W1 @ hidden)
    ### END SOLUTION


# %% excitation-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Read the formula from the inside out: a matrix, a ReLU, a matrix, a σ.
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# `W0 @ F_agg` has shape `(C/r,)`. `torch.relu` and `torch.sigmoid` work on each number.
#
# </details>
