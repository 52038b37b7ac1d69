# %% words-card [markdown] role="locked"
# ## {number} · In words
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | say what an experiment shows, and what not | 10 | ●●○○○ | exercise {exercise:race}; lecture, sections {section:variance} and {section:depth} |
#
# What did your race show about σ and ReLU with one hidden layer? Somebody concludes: "So σ is fine as a hidden activation." Explain what would change with ten hidden layers, and what ReLU needs in order not to have the same trouble. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | your own figures, with rates and spread, and what a single shared rate would have suggested |
# | 1 | the factor per layer: at most ¼ for σ under Xavier, to the tenth power |
# | 1 | ReLU under Xavier, $\sqrt{1/2}$ per layer, and why He's weights make it 1 |
# | 1 | what is *not* shown: one data set, one width, another measure than the final error |

# %% in-words [markdown] role="manual" points=4
# ### BEGIN SOLUTION
# With rate 1 for σ and 0.3 for ReLU the medians were 14 and 8 steps (12–17 and 8–9): ReLU was less than twice as fast. With 0.1 for both it would have looked like 40 against 16.
# One hidden layer multiplies the gradient by at most ¼ once, and a larger rate makes up for it. Ten layers multiply it by about $0.24^{10} < 10^{-6}$: the first layers do not move, and no single rate suits first and last layers.
# ReLU halves the mean square in each layer under Xavier, $\sqrt{1/2}$ per layer for the gradient; He's weights have twice the variance, which makes the factor 1.
# Shown is this for digits, 32 units and the time to 25 % training error; not for other data, not for the final error, not for test images.
# ### END SOLUTION
