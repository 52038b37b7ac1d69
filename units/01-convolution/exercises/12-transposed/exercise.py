# %% transposed-card [markdown]
# ## {number} · The transposed convolution as an ordinary one
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | find the zeros and the kernel, with maps, frame and size | 35 | ●●●●○ | lecture, section {section:transposed} |
#
# Let $A$ be the convolution of images of the shape `(M, H, W)` with a kernel `F` of shape `(K, M, p, q)`, stride `s`, frame `P` on all sides ($P < p$, $P < q$), without bias. Its output `Y` has the shape `(K, H', W')`. The transposed convolution takes `Y` back to the shape `(M, H, W)`. It is an *ordinary* convolution, with stride 1 and no frame of its own, of another input $Z$ with another kernel $O$.
#
# Write `as_ordinary(Y, F, size, s, P)`, where `size` is the pair `(H, W)`. It returns the pair `(Z, O)`, in the dtype of `Y`: `Z` of shape `(K, H + p - 1, W + q - 1)` holds the numbers of `Y` and zeros, `O` of shape `(M, K, p, q)` holds the numbers of `F`.
#
# The cell behind the checks holds your answer against the adjoint identity $\langle Ax, y\rangle = \langle x, A^{\mathsf T}y\rangle$.
#
# By hand, in one row, $K = M = 1$: $Y = (1, 2, 3)$, $F = (1, 10, 100)$, $s = 2$, $P = 1$, width 6. Then $O = (100, 10, 1)$ and $Z = (0, 1, 0, 2, 0, 3, 0, 0)$: a frame of $q - 1 - P = 1$ on the left, one zero between two numbers, and on the right what is left.

# %% transposed-predict [markdown]
# **Predict first.** In the example, which width would make $Z$ one number shorter, and what is that called in `ConvTranspose2d`?
#
# <details><summary>Answer</summary>
#
# Width 5. Both 5 and 6 give an output of 3 numbers; 6 needs `output_padding=1`.
#
# </details>

# %% transposed role="answer"
def as_ordinary(Y, F, size, s, P):
    ### BEGIN SOLUTION Return (Z, O): Y with its zeros between and around, of shape (K, H + p − 1, W + q − 1), and the kernel of shape (M, K, p, q).
    K, _, p, q = F.shape
    H, W = size
    Z = torch.zeros(K, H + p - 1, W + q - 1, dtype=Y.dtype)
    top, left = p - 1 - P, q - 1 - P
    rows, columns = Y.shape[1:]
    Z[:, top : top + s * (rows - 1) + 1 : s, left : left + s * (columns - 1) + 1 : s] = Y
    return Z, F.flip(2, 3).transpose(0, 1)
    ### END SOLUTION


# %% transposed-hints [markdown]
# <details><summary>Hint 1: the kernel</summary>
#
# Which of the two numbers of maps does $A^{\mathsf T}$ take in, and which does it give? In what order does a copy of the kernel, dropped at one place, meet a window that slides?
#
# </details>
# <details><summary>Hint 2: where does the first number stand?</summary>
#
# Without a frame, the first number of $Y$ reaches the first $p$ rows of the result. A window of $p$ rows sees it at these $p$ places only if $p - 1$ rows of zeros stand before it. A frame of $P$ rows cuts $P$ rows of the result off.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# Make the zeros first, of the shape that the text gives. `Z[:, a::s]` begins in row `a` and takes every `s`-th; stop it in time, for at the end there may be room for more.
#
# </details>


# %% transposed-try
# Your answer against the identity, with whole numbers; run it when the checks pass.
def adjoint(size=(6, 7), s=2, P=1):
    from nonconv import layers

    x, F = torch.randint(-4, 5, (3, *size)).double(), torch.randint(-4, 5, (2, 3, 4, 3)).double()
    Ax = layers.conv2d(x, F, stride=s, padding=P)
    y = torch.randint(-4, 5, Ax.shape).double()
    Z, O = as_ordinary(y, F, size, s, P)
    print("⟨Ax, y⟩ =", (Ax * y).sum().item(), "  ⟨x, Aᵀy⟩ =", (x * layers.conv2d(Z, O)).sum().item())


# adjoint()  # take the # away once you have written it
