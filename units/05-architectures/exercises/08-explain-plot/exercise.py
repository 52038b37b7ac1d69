# %% explain-card [markdown]
# ## {number} · Explain this plot
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read what a network loses with one of its blocks | 15 | ●●●○○ | lecture, section {section:resnet} |
#
# Five plain and five residual networks of eight blocks, each block a 3×3 convolution with 16 maps, batch norm and ReLU, were trained on digits. Then **one block was taken out**, without any further training, and the test error measured. (Veit et al. 2016 did this with large networks.) The points are medians, the bars go from the smallest to the largest.

# %% explain-plot
import matplotlib.pyplot as plt

errors = {  # test error in percent, whole and without block 1 … 8: smallest, median, largest
    "plain": ([2.0, 84.0, 89.6, 89.5, 75.8, 80.1, 81.8, 63.7, 81.4], [3.3, 90.4, 91.2, 90.4, 85.7, 85.5, 88.1, 93.0, 87.7],
              [8.6, 96.7, 93.4, 95.9, 96.7, 97.3, 94.9, 99.2, 100.0]),
    "residual": ([1.2, 85.7, 43.2, 19.7, 3.7, 2.5, 1.4, 1.6, 1.2], [1.6, 89.3, 76.6, 37.7, 8.2, 2.7, 1.8, 1.8, 1.6],
                 [2.3, 90.6, 82.4, 47.7, 13.3, 4.1, 2.7, 2.9, 2.5]),
}  # fmt: skip
figure, axis = plt.subplots(figsize=(7, 3.4))
for (name, (low, middle, high)), marker in zip(errors.items(), "so", strict=True):
    bars = [
        [m - a for m, a in zip(middle, low, strict=True)],
        [b - m for m, b in zip(middle, high, strict=True)],
    ]
    axis.errorbar(range(9), middle, yerr=bars, marker=marker, linestyle="none", capsize=3, label=name)
axis.set(xlabel="the block that was taken out", ylabel="test error, %", ylim=(0, 103))
axis.set_xticks(range(9), ["none", *map(str, range(1, 9))])
axis.legend(frameon=False)
plt.show()

# %% explain-question [markdown] role="locked"
# ### What does the plot show?
#
# Answer in a few sentences, with numbers from the plot. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | why *any* block that is missing ruins the plain network, and a late one hardly matters to the residual one: what does the next block get in each? |
# | 1 | why the *first* blocks of the residual network cannot be spared: what do all later ones add to? |
# | 1 | somebody concludes "so the last blocks are useless, and four blocks would do". What is right about it, what is not shown, and which run would show it? |

# %% explain-in-words [markdown] role="manual" points=3
# ### BEGIN SOLUTION
# In the plain network a block reads only what the block before it has written. Without block 5, say, block 6 gets maps that it has never seen, and 86 % are wrong. In the residual network the sum goes on by the skip: without block 6 the next one still gets $x$, only without $f(x)$, and the error is 1.8 % in place of 1.6 %.
# The skip's sum begins with the stem and the first blocks. They change it most, and all later blocks were trained on that sum: without block 1 89 % are wrong, without block 2 77 %, without block 3 still 38 %.
# Right is that the later blocks change the sum only a little, each by itself. That they could all go is not shown: one was missing at a time, and what one lacks the others may do. A run without blocks 5 to 8 together, and a network of four blocks trained from the start, would show both.
# ### END SOLUTION
