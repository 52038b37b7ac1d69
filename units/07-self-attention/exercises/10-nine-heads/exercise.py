# %% nine-card [markdown]
# ## {number} · Heads that are your convolution
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | self-attention without masks that performs a given convolution in the interior | 40 | ●●●●○ | lecture, section {section:nine} |
#
# The lecture did it with masks, and, for one head on a line, with a score. Now on the plane, with several maps, and without any mask. The score of head $h$ between places $i$ and $j$ depends on the way between them alone, $\delta = j - i$ (rows $\delta_1$, columns $\delta_2$):
# $$e^h_{ij} = w_h^T r_\delta, \qquad r_\delta = (\delta_1^2 + \delta_2^2,\ \delta_1,\ \delta_2), \qquad A^h = \mathrm{softmax}_j(e^h), \qquad Y = \sum_h A^h P\, V_h .$$
# $P$ has a row for each place and a column for each of $M$ maps. The check computes $Y$ so, and compares it in the interior with the convolution by the kernel $F$ (no flip, no bias, the tap in the middle at $\delta = 0$).
#
# Write `heads_of(F)`. It returns `(w, V)`:
#
# - `F`: a kernel as PyTorch has it, `(K, M, p, q)`, with odd $p$ and $q$ that may differ;
# - `w`: `(p·q, 3)`, a row for each head; `V`: `(p·q, M, K)`, a matrix for each head. The order of the heads is yours.
#
# It need not be exact, since a softmax never gives the whole 1: an error of $10^{-6}$ is allowed.
# **Nothing is banned here**, but the layers of this course do not do it for you.

# %% nine-predict [markdown]
# **Predict first.** What does a head do with $w = (-30, 0, 0)$? And what with $w = (0, 30, 0)$?
#
# <details><summary>Answer</summary>
#
# The first looks at its own place: any step away costs 30. The second looks at the last row, in all columns alike: its score knows no column, and grows with each row down.
#
# </details>


# %% nine role="answer"
def heads_of(F):
    ### BEGIN SOLUTION For each tap a vector w whose score is largest at the tap's offset, and the tap as a matrix; return (w, V).
    K, M, p, q = F.shape
    w, V = [], []
    for u in range(p):
        for v in range(q):
            down, right = u - p // 2, v - q // 2
            w.append([-40.0, 80.0 * down, 80.0 * right])
            V.append(F[:, :, u, v].T)
    return torch.tensor(w, dtype=F.dtype), torch.stack(V)
    ### END SOLUTION


# %% nine-hints [markdown]
# <details><summary>Hint 1: a bell</summary>
#
# The wanted score falls off on all sides of the head's offset $\Delta$: minus the squared distance, times a strength.
#
# </details>
# <details><summary>Hint 2: multiply out</summary>
#
# $|\delta - \Delta|^2$ has three parts: $|\delta|^2$, a product of $\delta$ with $\Delta$, and a number that the softmax forgets.
#
# </details>
# <details><summary>Hint 3: offsets and shapes</summary>
#
# The tap $(u, v)$, counted from 0, belongs to the offset $(u - \lfloor p/2\rfloor,\ v - \lfloor q/2\rfloor)$. $P\,V_h$ multiplies from the right: from $M$ maps to $K$.
#
# </details>

# %% nine-shown [markdown]
# **What you have shown.** What Cordonnier et al. (2020, theorem 1) prove for $p\times p$: enough heads with a relative encoding can be any convolution, in the interior. The circle closes: unit 2 asked which layers *are* convolutions; here is a layer that is none, and can be one.
#
# **Bonus.** At the border your heads repeat the nearest place. Which of unit 1's paddings is that?
