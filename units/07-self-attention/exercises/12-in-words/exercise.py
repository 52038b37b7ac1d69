# %% words-card [markdown]
# ## {number} · Explain this plot
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read an experiment, and say what it shows and what it does not | 25 | ●●●○○ | lecture, sections {section:bottleneck} to {section:signal} |
#
# Here are the numbers of a run of the lecture's first experiment: letters reversed by networks that were trained on words of 2 to 8 letters out of an alphabet of 8. The mean of five seeds.

# %% words-plot
import matplotlib.pyplot as plt

lengths = [2, 4, 6, 8, 10, 12, 14]
one_vector = [100, 97, 79, 63, 54, 48, 44]  # percent of the letters that are right
attention = [100, 100, 99, 91, 76, 65, 58]
figure, axis = plt.subplots(figsize=(7, 3))
axis.plot(lengths, one_vector, "s--", label="one vector")
axis.plot(lengths, attention, "o-", label="with attention")
axis.axvline(8, linestyle=":", color="black")
axis.axhline(12.5, linestyle=":", color="black")
axis.set(xlabel="letters in the word", ylabel="letters right, %", ylim=(0, 105))
axis.legend()
plt.show()

# %% words-question [markdown] role="locked"
# ### What does the plot say?
#
# Answer in a few sentences each, with numbers from the plot. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | what the two dotted lines are, and why the horizontal one stands at 12.5 % |
# | 2 | why the curve with one vector falls *before* the vertical line, and the other hardly: what passes between encoder and decoder in each |
# | 2 | the curve with attention falls behind the line, too. What has it not seen there? Name one thing in its encoder, its decoder or its scores that depends on the position |
# | 1 | an experiment that would tell whether a larger state closes the gap, or whether attention does something else; say what you would plot |
# | 1 | what the plot does *not* say: about the seeds, about translation |

# %% words [markdown] role="manual" points=7
# ### BEGIN SOLUTION
# The vertical line is the longest word of the training; the horizontal one is a guess among 8 letters, 1/8 = 12.5 %.
# With one vector everything that the decoder knows about the word must stand in a state of fixed size; six letters are only 79 % right, eight 63 %, although words of that length were trained on. With attention a new context is made for each letter,
# straight from that letter's annotation, so 99 % and 91 %.
# Behind the line lengths are new: the decoder's state has never counted beyond 8, and the scores compare it with annotations whose states come from longer runs than any seen; nothing in the loss made the scores right at position 12. That is why it falls to 58 % at 14 letters, still above the 44 % of the other.
# Experiment: the same plot for several sizes of the state, 12, 24, 48, 96, at 8 letters: does "one vector" reach 91 % with a larger state, and does the same number of parameters spent otherwise do as well? If attention is better at the same number of parameters for each size, it does something else than adding memory.
# The plot shows means without their spread, of one task that needs exactly one letter at a time. It says nothing about translation, where an output depends on several words, nor about longer training.
# ### END SOLUTION
