# %% refusal-card [markdown] role="locked"
# ## {number} · Explain a refusal
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | say why a program is right to leave a layer | 30 | ●●●○○ | exercise {exercise:bring} |
#
# Run `reduce` on the network that you brought (whether or not its check is content), and print its report. Choose one batch norm that stayed. Then write down:
#
# | points | for |
# |---|---|
# | 1 | the numbers: parameters and multiply–adds before and after, the error that the report gives; what you had predicted at first, and where you were wrong |
# | 1 | the reason that the report gives for this batch norm (or that no rule was tried), in your own words |
# | 2 | why the layers beside it cannot take it in: a formula, or a counterexample with numbers |
# | 1 | the smallest change to the network with which the batch norm would go, tried, and whether this changes what the network can learn |

# %% refusal [markdown] role="manual" points=5
# ### BEGIN SOLUTION
# For the network of the solution of exercise {exercise:bring}, with images of 1 × 8 × 8: parameters 360 → 508, multiply–adds 16,188 → 8508. (Two batch norms went. The average pooling was composed into the convolution before it; that costs parameters and saves multiply–adds.) The error in float64 is $3\cdot 10^{-16}$ of the largest value. At first I had thought that the batch norm behind the pooling stays, too.
#
# The report: "batch norm, then convolution" was tried and left, since it takes 1.25 times the multiply–adds: one more map of ones would be needed, beside the 4 that are there. For the ReLU before the batch norm no rule was tried.
#
# Backwards: $G\,\mathrm{ReLU}(y) + g = g$ wherever $y < 0$, and no ReLU gives that for $g < 0$: with $G = 1$, $g = -1$, $y = -5$ the batch norm gives $-1$. Forwards: inside the image $\sum F\,(Gx + g) = \sum (FG)\,x + \sum F g$, with the same constant at each place. At the border some taps read 0 and not $g$: with one map in one dimension, $F = (1, 1, 1)$, $G = 1$, $g = 1$, the constant is 3 inside and 2 at the end of the row. So no single bias is right.
#
# Smallest change: no border in the convolution behind it. Tried: the batch norm goes (parameters 360 → 500). The maps lose two rows and columns. What batch norm adds could be had from kernel and bias before, but for one thing: with a border of zeros behind it, $g$ lets the network see where the border is. That is lost, and no more.
# ### END SOLUTION
