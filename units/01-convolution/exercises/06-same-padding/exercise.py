# %% same-card [markdown]
# ## {number} · SAME, with a stride
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | find the frame, for even kernels and strides too | 20 | ●●●○○ | lecture, sections {section:borders} and {section:size} |
#
# The lecture says what SAME means: the output has $\lceil H/s\rceil$ rows, the frame is as narrow as that allows, and an odd row goes to the bottom, an odd column to the right. Write `pad_same(X, p, q, s, mode)`: it returns `X` of shape `(M, H, W)` with its frame around it. `p` and `q` are rows and columns of the kernel, `s` is the stride of both, `mode` is `"zeros"` or `"mirror"`. A mirror does not repeat the outermost row.
#
# You may call `torch.nn.functional.pad`.
#
# By hand: 7 rows, $p = 4$, $s = 2$. The output has 4 rows, the last window begins in row 6 (counted from 0) and ends in row 9: 10 rows are needed, 3 are missing, 1 goes on top and 2 to the bottom.

# %% same-predict [markdown]
# **Predict first.** A 1×1 kernel with stride 2 on 6 rows: how wide is the frame?
#
# <details><summary>Answer</summary>
#
# There is none. The windows begin in rows 0, 2 and 4; the last row is not even used. Nothing is cut off either.
#
# </details>

# %% same role="answer"
def pad_same(X, p, q, s, mode):
    ### BEGIN SOLUTION Return X with the frame that gives ⌈H/s⌉ by ⌈W/s⌉ outputs: zeros, or a mirror.
    _, H, W = X.shape
    rows = max((-(-H // s) - 1) * s + p - H, 0)
    columns = max((-(-W // s) - 1) * s + q - W, 0)
    frame = (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)
    how = {"zeros": "constant", "mirror": "reflect"}[mode]
    return torch.nn.functional.pad(X, frame, mode=how)
    ### END SOLUTION


# %% same-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Where does the last window begin if there are $\lceil H/s\rceil$ of them? Where does it end? How many rows are missing?
#
# </details>
# <details><summary>Hint 2: the call</summary>
#
# `torch.nn.functional.pad(X, (left, right, top, bottom))` begins with the *last* axis. With `mode="reflect"` it mirrors.
#
# </details>
# <details><summary>Hint 3: whole numbers</summary>
#
# $\lceil H/s\rceil$ in whole numbers is `-(-H // s)`, or `(H + s - 1) // s`. If no row is missing, the frame is 0, not negative: a negative frame cuts off.
#
# </details>
