# %% unet-card [markdown]
# ## {number} · The sizes of a U-Net
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | walk down and up a U-Net, and choose an image size that fits | 20 | ●●○○○ | lecture, section {section:segmentation} |
#
# The U-Net of 2015, with `depth` levels: `depth` times [3×3, 3×3, 2×2 max pooling], then 3×3, 3×3, then `depth` times [2×2 transposed convolution with stride 2, 3×3, 3×3]. All 3×3 without a border. (Each time on the way up, the maps of the same level on the way down are cropped and put beside; that changes no size.)
#
# Write `unet_walk(size, depth)`. It returns the list of the number of rows: the image's own, and behind each of these layers. For `size = 572` and `depth = 4` it is 572, 570, 568, 284, 282, 280, 140, …, 392, 390, 388. You may take `size` as one that fits. (You may also build the layers and run them; `nonconv.networks` has the answer and may not be called, here and below.)
#
# By hand: `size = 12`, `depth = 1` gives `[12, 10, 8, 4, 2, 0, …]`: too small. `size = 16` gives `[16, 14, 12, 6, 4, 2, 4, 2, 0]`: still too small. `size = 20` gives `[20, 18, 16, 8, 6, 4, 8, 6, 4]`.

# %% unet role="answer"
def unet_walk(size, depth):
    ### BEGIN SOLUTION Follow the number of rows down and up again and return all of them in a list.
    sizes = [size]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for _ in range(depth):
        up = 2 * sizes[-1]
        sizes += [up, up - 2, up - 4]
    return sizes
    ### END SOLUTION


# %% fitting-card [markdown]
# **Which sizes fit?** A pooling that sees an odd number of rows drops one, and the cropped maps would no longer lie where they belong. Write `fitting_size(size, depth)`: the smallest number of rows, at least `size`, for which every pooling sees an even number and every map has at least one row.


# %% fitting role="answer"
def fitting_size(size, depth):
    ### BEGIN SOLUTION Try one size after the other until all maps have rows and no pooling sees an odd number; return it.
    while True:
        at, even = size, True
        for _ in range(depth):
            at -= 4
            even = even and at % 2 == 0
            at //= 2
        at -= 4  # the lowest level
        for _ in range(depth):
            at = 2 * at - 4
        if even and at > 0:  # behind a map without rows no map has any
            return size
        size += 1
    ### END SOLUTION


# %% unet-hints [markdown]
# <details><summary>Hint for the walk</summary>
#
# 3×3 without a border takes 2 rows away, pooling halves, the transposed convolution doubles. Append to a list; `sizes[-1]` is its last number.
#
# </details>
# <details><summary>Hint for the sizes that fit</summary>
#
# No formula is needed: walk, and look at the numbers. A pooling sees what the second 3×3 of its level gives. Do not forget the way up: small maps lose 4 rows there too.
#
# </details>
