# %% shift-card [markdown]
# ## {number} · k places on is a matrix
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | one matrix that moves every position encoding by $k$ | 20 | ●●●○○ | lecture, section {section:positions} |
#
# Vaswani et al. chose waves because, they write, $p_{t+k}$ is a *linear function* of $p_t$. Show it. With $\omega_i = 10000^{-2i/d}$, $p_{t,2i} = \sin(t\,\omega_i)$ and $p_{t,2i+1} = \cos(t\,\omega_i)$, coordinates counted from 0, write `shift_matrix(k, d)`: the matrix $M_k$ of shape `(d, d)`, in float64, with
# $$p_{t+k} = M_k\, p_t \quad\text{for every } t .$$
# $d$ is even; $k$ may be negative.
#
# By hand, $d = 2$: $\omega_0 = 1$, and $\sin(t+k) = \cos k\,\sin t + \sin k\,\cos t$. That is the first row.

# %% shift-predict [markdown]
# **Predict first.** What is $M_k^T$, in words?
#
# <details><summary>Answer</summary>
#
# The way back, $M_{-k}$: it is a rotation.
#
# </details>


# %% shift role="answer"
def shift_matrix(k, d):
    ### BEGIN SOLUTION One 2×2 rotation for each wave, on the diagonal; return a (d, d) matrix in float64.
    M = torch.zeros(d, d, dtype=torch.float64)
    for i in range(d // 2):
        angle = torch.tensor(k * 10000 ** (-2 * i / d), dtype=torch.float64)
        c, s = torch.cos(angle), torch.sin(angle)
        M[2 * i, 2 * i], M[2 * i, 2 * i + 1] = c, s
        M[2 * i + 1, 2 * i], M[2 * i + 1, 2 * i + 1] = -s, c
    return M
    ### END SOLUTION


# %% shift-hints [markdown]
# <details><summary>Hint 1: wave by wave</summary>
#
# Sine and cosine of one frequency stand side by side, and nothing else is needed to move them. So $M_k$ has $d/2$ blocks of 2×2 on its diagonal.
#
# </details>
# <details><summary>Hint 2: the second row</summary>
#
# $\cos(a + b) = \cos a\cos b - \sin a\sin b$, with $a = t\omega_i$, $b = k\omega_i$.
#
# </details>

# %% shift-shown [markdown]
# **What you have shown.** A head whose $W^QW^{K\,T}$ is $M_k^T$ on the encodings has the scores $p_t^TM_k^Tp_j = p_{t+k}^Tp_j$: it looks $k$ places on, from *everywhere*: the matrix does not know $t$. Rotary encodings (Su et al. 2021) take this further: they rotate queries and keys themselves.
