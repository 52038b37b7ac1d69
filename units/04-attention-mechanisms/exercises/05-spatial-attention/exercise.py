# %% spatial-card [markdown]
# ## {number} · Spatial attention
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | one weight for each place | 15 | ●●●○○ | lecture, section {section:spatial} |
#
# Now the maps are aggregated away: at each place the average and the maximum over all maps. These two maps, **average first**, go through one convolution with a kernel of shape $1\times 2\times k\times k$, $k$ odd, without a bias, and a σ:
# $$A = \sigma\bigl(W * [F_{avg};\, F_{max}]\bigr), \qquad A: 1\times H\times W .$$
# Write `spatial_attention(X, W)`, where `W` has shape `(1, 2, k, k)`. The convolution keeps the size: it has a border of zeros. You may call `torch.nn.functional.conv2d`, or any other convolution or pooling, but no ready attention. It returns the weights, of shape `(1, H, W)`.
#
# By hand: two maps of one row, $(1, 0, 3)$ and $(-1, 2, 1)$. The averages are $(0, 1, 2)$, the maxima $(1, 2, 3)$. With the 1×1 kernel $(0.5, -0.25)$: $A = \sigma(-0.25,\, 0,\, 0.25) = (0.438, 0.5, 0.562)$.

# %% spatial-predict [markdown]
# **Predict first.** Shuffle the maps of $X$. What happens to $A$?
#
# <details><summary>Answer</summary>
#
# Nothing: average and maximum over the maps do not know their order. The gate says *where*, never *which map*.
#
# </details>

# %% spatial role="answer"
def spatial_attention(X, W):
    ### BEGIN SOLUTION Stack the average and the maximum over the maps, convolve with a border that keeps the size, σ; return (1, H, W).
    both = torch.stack([X.mean(0), X.amax(0)])  # (2, H, W)
    k = W.shape[-1]
    return torch.sigmoid(torch.nn.functional.conv2d(both[None], W, padding=k // 2)[0])
    ### END SOLUTION


# %% spatial-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Which axis is aggregated away this time?
#
# </details>
# <details><summary>Hint 2: the border</summary>
#
# A $k\times k$ kernel shortens each side by $k - 1$. A border of $(k-1)/2$ on each side gives it back.
#
# </details>
# <details><summary>Hint 3: almost code</summary>
#
# `torch.stack([…, …])` of two tensors of shape `(H, W)` has shape `(2, H, W)`. `conv2d` wants a batch: `both[None]` has shape `(1, 2, H, W)`.
#
# </details>
