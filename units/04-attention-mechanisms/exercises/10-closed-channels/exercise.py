# %% closed-card [markdown]
# ## {number} · Measure: which channels does a trained gate close?
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | look into a gate that was trained | 15 | ●●○○○ | exercise {exercise:excitation}'s text |
#
# `gate` is an SE gate with eight maps. It was trained on handwritten digits *and on their negatives*, and its loss had a small term that grows with the weights, so that it closes what it can spare. `gate(images)` takes images of shape `(N, 1, 8, 8)` and returns the weights, of shape `(N, 8)`.
# Call a channel **closed** on these images if its weight lies below `threshold` for **every one** of them. Write `closed_channels(gate, images, threshold)`. It returns eight truth values, a tensor of shape `(8,)` and dtype `torch.bool`, `True` where the channel is closed.

# %% closed role="answer"
def closed_channels(gate, images, threshold):
    ### BEGIN SOLUTION Ask the gate, compare with the threshold, for every image; return a tensor of eight truth values.
    return (gate(images) < threshold).all(0)
    ### END SOLUTION


# %% closed-hints [markdown]
# <details><summary>Hint</summary>
#
# `gate(images) < threshold` has shape `(N, 8)`. Which axis is that of the images, and is it `any` or `all`?
#
# </details>

# %% closed-look [markdown]
# Now measure it on all 1797 digits, and on their negatives. Each box is one channel: half of the images have a weight inside it, the line is the median, and the whiskers go from the smallest weight to the largest. The title says what the eight weights of one image sum to.

# %% closed-measure
import matplotlib.pyplot as plt
from sklearn.datasets import load_digits

from nonconv.checks.zoo import Layer

gate = Layer("a gate trained on digits")
digits = torch.from_numpy(load_digits().images)[:, None] / 16
figure, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True)
for axis, (name, images) in zip(axes, {"digits": digits, "negatives": 1 - digits}.items(), strict=True):
    weights = gate(images)
    axis.boxplot(weights.numpy(), whis=(0, 100), positions=range(8))
    axis.axhline(0.1, color="C1", linestyle=":")
    sums = weights.sum(1)
    axis.set(
        title=f"{name}: sums from {sums.min():.2f} to {sums.max():.2f}", xlabel="channel, counted from 0"
    )
    # print(closed_channels(gate, images, 0.1))  # take the # away once you have written it
axes[0].set(ylabel="weight", ylim=(-0.03, 1))
plt.show()

# %% closed-question [markdown] role="locked"
# ### Explain this plot
#
# Answer in a few sentences, with numbers from the plot; closed means closed for the threshold 0.1, the dotted line. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | which channels are closed on all digits, which on all negatives |
# | 1 | a channel that is closed on the negatives only, and what that means for its map there |
# | 1 | why σ allows most channels to be closed at once: what do the weights of one image sum to? |
# | 2 | what could *not* happen if a softmax over the channels stood in σ's place, and why |

# %% closed-in-words [markdown] role="manual" points=5
# ### BEGIN SOLUTION
# On all digits channel 0 alone is closed, on all negatives channels 0, 2, 4, 5 and 7. Channel 2 has weights around 0.2 on digits and below 0.1 on all negatives: there its map is multiplied by nearly 0,
# and what follows sees hardly anything of it. The gates are independent: each σ looks at its own number, and the weights of one image sum to between 1.7 and 2.5, to nothing in particular. So all of them could be closed, or all open.
# A softmax gives weights with the sum 1. Then not all eight could be below 0.1 (their sum would be below 0.8), at most one could be above 1/2, and no two could stand near 0.8, as channels 1 and 3 do on the negatives: to open one is to close others.
# ### END SOLUTION
