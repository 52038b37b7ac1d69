# %% decide-card [markdown]
# ## {number} · Is this layer a convolution?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | decide it for a function that you can only call | 40 | ●●●●○ | lecture, section {section:decide} |
#
# You get a function `f` and may only call it. Write `as_convolution(f, shape, kernel, stride, padding)`. It returns `(weight, bias)` if `f` is the convolution with a
# kernel of `kernel`×`kernel` numbers, that stride and that padding (zeros), and `None` if it is none of that form.
#
# - `f` takes a tensor `(N, M, H, W)` in float64 and returns one; `shape` is `(M, H, W)`; the three others are whole numbers.
# - `weight`: shape `(K, M, kernel, kernel)`, `bias`: shape `(K,)`.
#
# (`shape` is large enough for some output to see no border.)
#
# Plan: $f(0)$ shows the bias. An *impulse*, 1 at one place and 0 elsewhere, shows one number of the kernel: $f(\text{impulse}) - f(0)$. Then *replay*: run the convolution
# that you have found beside `f` on inputs that you have not used. Not to be called: the course's own decision. `f` itself and
# `torch.nn.functional.conv2d` may be.

# %% decide-predict [markdown]
# **Predict first.** The answers of `f` to all impulses are those of a convolution. Is `f` a convolution?
#
# <details><summary>Answer</summary>
#
# Not necessarily. An impulse is never negative, so the absolute value answers to each impulse as the identity does. Replay with other inputs, negative ones too.
#
# </details>

# %% decide role="answer"
def as_convolution(f, shape, kernel, stride, padding):
    M, H, W = shape
    ### BEGIN SOLUTION Read the bias and the kernel off f(0) and f(impulses), replay on random inputs, and return (weight, bias) or None.
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    start = f(zero)
    bias = start[0, :, 0, 0]
    i = -(-padding // stride)  # the first output whose whole window lies on the input
    weight = torch.empty(len(bias), M, kernel, kernel, dtype=torch.float64)
    for m in range(M):
        for u in range(kernel):
            for v in range(kernel):
                impulse = zero.clone()
                impulse[0, m, stride * i + u - padding, stride * i + v - padding] = 1
                weight[:, m, u, v] = (f(impulse) - start)[0, :, i, i]
    x = torch.randn(2, M, H, W, dtype=torch.float64)  # two images, numbers of both signs
    replayed = torch.nn.functional.conv2d(x, weight, bias, stride, padding)
    same = replayed.shape == f(x).shape and torch.allclose(replayed, f(x))
    return (weight, bias) if same else None
    ### END SOLUTION


# %% decide-hints [markdown]
# <details><summary>Hint 1: where to put the impulse</summary>
#
# Output $(0, 0)$ without padding sees the input rows $0 \dots$ `kernel` − 1. So an impulse at `(u, v)` shows `weight[:, m, u, v]` there.
#
# </details>
# <details><summary>Hint 2: with padding</summary>
#
# Output $i$ sees the rows from `stride * i - padding` on. Near the corner that is negative: a row of the border, where you cannot put anything. And Python takes index −1 for the *last* row,
# without a word. Use an output $i$ whose whole window lies on the input.
#
# </details>
# <details><summary>Hint 3: what the replay must catch</summary>
#
# Random numbers of both signs (ReLU), all positions (locally connected), the border (SAME after SAME), two images at once (batch norm in training). `f` may be a convolution of another stride or padding: then the shapes differ, so compare them first.
#
# </details>

# %% decide-shown [markdown]
# **What you have shown.** To be a convolution is a property of what a layer *does*, not of how it is written. You can now ask any layer: a replay that fails proves *no*; one that passes is strong evidence for *yes*, not a proof.
