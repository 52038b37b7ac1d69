# %% explain-card [markdown]
# ## {number} · Explain this plot
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read a measurement with what you know of variance propagation | 20 | ●●●○○ | lecture, sections {section:variance}, {section:measure} and {section:depth} |
#
# Networks with **ten** hidden layers of 32 units learn the digits, 200 steps with momentum, as in the lecture (but these are other runs, so the numbers differ). Their weights have the variance $c/n$ at the start. For each $c$ the best of three rates was taken; a point is the median of three seeds, its bar goes from the smallest to the largest.

# %% explain-plot
import matplotlib.pyplot as plt

scales = [0.25, 1, 2, 4, 8, 16, 64, 256, 1024]
errors = {  # training error in percent: smallest, median, largest
    "ReLU": [(89.6, 89.6, 89.6), (15.7, 18.0, 24.7), (2.0, 3.1, 7.0), (4.1, 8.3, 21.4)] + [(89.5, 89.5, 89.5)] * 5,
    "σ": [(89.6, 89.6, 89.6)] * 5 + [(43.8, 79.4, 89.5), (2.5, 20.6, 22.6), (37.1, 39.6, 41.0), (76.7, 80.3, 80.5)],
}  # fmt: skip
figure, axis = plt.subplots(figsize=(7, 3.4))
for (name, points), marker in zip(errors.items(), "os", strict=True):
    low, middle, high = zip(*points, strict=True)
    bars = [
        [m - a for m, a in zip(middle, low, strict=True)],
        [b - m for m, b in zip(middle, high, strict=True)],
    ]
    axis.errorbar(scales, middle, yerr=bars, marker=marker, capsize=3, label=name)
axis.set(xlabel="c, the scale of the weights", ylabel="training error, %", xscale="log", ylim=(0, 100))
axis.set_xticks(scales, ["¼", "1", "2", "4", "8", "16", "64", "256", "1024"])
axis.legend(frameon=False)
plt.show()

# %% explain-question [markdown] role="locked"
# ### What does the plot show?
#
# Answer in a few sentences, with numbers from the plot. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | ReLU at $c = \frac14$ and at $c = 1$: the factor $\chi$ per layer, and what is left of a gradient after ten layers |
# | 1 | ReLU at $c = 8$ and above: what happens to the signal itself on its way up? |
# | 1 | σ needs a $c$ about thirty times as large as ReLU, and its error rises again beyond it: why, on either side? |
# | 1 | one conclusion about "σ or ReLU" that the plot supports, and one that it does not |

# %% explain-in-words [markdown] role="manual" points=4
# ### BEGIN SOLUTION
# For ReLU $\chi = \sqrt{c/2}$: 0.35 at $c = \frac14$, so $0.35^{10} \approx 3 \cdot 10^{-5}$ of a gradient is left, and the network guesses (90 % wrong). At $c = 1$ it is $0.71^{10} \approx 0.03$, which larger steps can make up for: 18 %. At He's $c = 2$ the factor is 1, and the error 3 %.
# Forwards the mean square is multiplied by $c/2$ in each layer: at $c = 8$ by 4, after ten layers by a million. The scores are so large that the first steps throw the weights about, at each of the three rates.
# For σ the factor is at most $\frac14\sqrt c$: below 1 for $c < 16$. At $c = 16$ it is about 0.6 in the lecture, at $c = 64$ larger, hence 79 % and 21 %. Beyond that most units are saturated: $|Z|$ is large, σ' nearly 0, and the gradient lives in few of them (40 % at 256, 80 % at 1024).
# Supported: each activation has a range of $c$ in which ten layers learn, and ReLU's is at the place where a formula puts it. Not supported: that ReLU is better in the end. With 200 steps and three rates it is a question of time; the spread at $c = 64$, from 2.5 % to 23 %, says how little three seeds tell.
# ### END SOLUTION
