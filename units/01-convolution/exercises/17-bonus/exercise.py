# %% bonus-card [markdown]
# ## Bonus · A kernel that does not see slopes
#
# No points. The nine numbers of a 3×3 kernel have the sum 0 if it is to be silent on a wall of one colour. Find one that is silent on *every slope* as well: on every image $X_{ij} = a + bi + cj$, whatever $a$, $b$ and $c$ are, away from the border. It should not be 0 everywhere. How many such kernels are there, up to combinations of them? Two of the eight filters of the lecture do it; which? And is there a 2×2 kernel?

# %% bonus-try
kernel = torch.tensor([[0.0, 0, 0], [0, 0, 0], [0, 0, 0]])  # your numbers
rows, columns = torch.meshgrid(torch.arange(6.0), torch.arange(7.0), indexing="ij")
for a, b, c in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (3, -2, 5)):
    slope = a + b * rows + c * columns
    print((a, b, c), torch.conv2d(slope[None, None], kernel[None, None])[0, 0, 0].tolist())
