# %% explain-card [markdown]
# ## {number} · Explain this plot
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read a measurement, say what it shows and what it does not | 20 | ●●●○○ | lecture, sections {section:training} and {section:use} |
#
# Five small networks with batch norm behind each convolution were trained on 1285 of the 1797 digits, in batches of 64. Then the other 512 were classified, in two ways: with batch norm **in use**, and with batch norm left **in training mode**, the test images in batches of 1, 2, 4, … 128. The points are means over the five networks.

# %% explain-plot
import matplotlib.pyplot as plt

sizes = [1, 2, 4, 8, 16, 32, 64, 128]
training_mode = [88.2, 29.7, 12.3, 5.2, 3.6, 2.3, 1.8, 1.8]  # percent of the test images that are wrong
in_use, sorted_by_digit = 1.8, 68.2
figure, axis = plt.subplots(figsize=(7, 3.4))
axis.plot(sizes, training_mode, "o-", label="in training mode, shuffled")
axis.plot([32], [sorted_by_digit], "s", label="in training mode, mostly one digit a batch")
axis.axhline(in_use, color="black", linestyle=":", label="in use")
axis.set(xlabel="images in a batch", ylabel="test error, %", xscale="log", yscale="log", ylim=(1, 110))
axis.set_xticks(sizes, map(str, sizes))
axis.set_yticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
axis.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=8)
plt.show()

# %% explain-question [markdown] role="locked"
# ### What does the plot show?
#
# Answer in a few sentences, with numbers from the plot. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | why the dotted line does not depend on the size of the batch, and the other one does |
# | 1 | why the error grows as the batches become small: what is estimated there, and from how much? |
# | 1 | the square: its batches have 32 images. Why is it so far above the line at 32? |
# | 1 | which of the two batch norms can be merged into the convolution before it, and where the other one fails (name what would have to be constant) |
# | 1 | one thing that the plot does not show, and a run that would |

# %% explain-in-words [markdown] role="manual" points=5
# ### BEGIN SOLUTION
# In use, μ and σ² are constants that training has left behind, so each image is treated by itself: 1.8 %, whatever stands beside it. In training mode μ and σ² are those of the batch, so the output for an image depends on the others.
# A batch of one has only the places of one image to estimate them from: each image is then normalised by itself, and what tells it from others, such as how much ink there is, is taken away: 88 % wrong. With 2 images 30 %, with 16 4 %; from 64 on, the size of the batches in training, the batch's statistics are close to the running ones, and both give 1.8 %.
# A batch of 32 sevens has the mean and the variance of sevens, not of digits. Normalising takes away just what they have in common, and 68 % are wrong. So it is not only the number of images that counts, but that they are drawn as in training.
# In use batch norm is $Z = GY + g$ with constant $G$ and $g$: it merges. In training mode $G$ and $g$ depend on the whole batch, so there is no kernel for all inputs.
# Not shown: the spread over the five networks, or batches of one in a network that was trained with small batches. A run with training batches of 4 would show whether the curve moves to the left.
# ### END SOLUTION
