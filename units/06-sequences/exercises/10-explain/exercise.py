# %% explain-card [markdown]
# ## {number} · Explain this plot
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | read a measurement, say what it shows and what it does not | 20 | ●●●○○ | lecture, sections {section:forcing} and {section:reversed} |
#
# Ten translators of dates, five of which read the source as it is written, five backwards; three formats, such as `3 sep 1997`, `3-sep-1997` and `03.09.1997`; 150 steps of training with teacher forcing. The plot shows, for each place of the target, the mean share of wrong characters: **the right beginning given**, so that no earlier error counts.

# %% explain-plot
import matplotlib.pyplot as plt

written = [0.0, 0.0, 0.016, 0.008, 0.0, 0.052, 0.323, 0.0, 0.167, 0.376]
backwards = [0.0, 0.0, 0.221, 0.059, 0.0, 0.07, 0.66, 0.0, 0.181, 0.661]
figure, axis = plt.subplots(figsize=(7, 3))
axis.plot(written, marker="o", label="source as written")
axis.plot(backwards, marker="s", linestyle="--", label="source backwards")
axis.set(xlabel="place in the target", ylabel="share of wrong characters", ylim=(0, None))
axis.set_xticks(range(10), list("yyyy-mm-dd"))
axis.legend(frameon=False)
plt.show()

# %% explain-question [markdown] role="locked"
# ### What does the plot show?
#
# The lecture's reason for reading backwards is the *distance*: what belongs together should be close. Does it explain this plot? Answer in a few sentences, with numbers from the plot. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | why there are places without any error in both lines |
# | 2 | the third place (a digit of the year) and the ninth (of the day): about how many steps lie between reading and writing it, each way, for a source of 10 characters; what does the reason predict for each, and what does the plot show? |
# | 1 | why the errors of the last place are not a consequence of errors before it, in *this* plot |
# | 1 | one thing that the plot does not show, and a run that would |

# %% explain-in-words [markdown] role="manual" points=5
# ### BEGIN SOLUTION
# The two hyphens are always at the same place, and the first two digits are 19 or 20, which even a network that has hardly learnt can copy from what it sees last or knows by heart.
# The third place, a digit of the year: as written it is read two characters before the end and written third, about 4 steps later; backwards it is read second and written 11 steps later. The reason predicts more errors backwards, and the plot shows them: 2 % against 22 %. The ninth place, the first digit of the day: as written it is read first and written 18 steps later; backwards it is read ninth and written 9 steps later. Here the reason predicts *fewer* errors backwards, but the plot shows 17 % and 18 %, and for the last place even 38 % against 66 %. So distance explains the year and not the day; it cannot be all.
# The right beginning was given, so at the last place each network has seen the right nine characters; an earlier error of its own was not fed back.
# Not shown: the spread over the five networks, and what happens later. After 150 steps the backward networks may not have come to the day at all, since they still learn the year. A run with 600 steps, or the curves of single places over the steps, would show whether the day gains in the end.
# ### END SOLUTION
