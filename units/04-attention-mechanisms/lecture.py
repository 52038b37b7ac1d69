# %% title [markdown]
# # 4 · Attention mechanisms
