# %% explain-card [markdown] role="locked"
# ## {number} · Explain this plot
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | say why a picture looks as it does | 20 | ●●○○○ | lecture, section {section:field} |
#
# The cell below measures, by autograd, on which pixels one output depends, and how strongly: five 3×3 layers, all weights 1/9, no stride; then the same with the third layer dilated by 4. Run it. Colours show $\partial Y/\partial X$.
#
# Explain what you see, with numbers where you can. This answer is read by a person:
#
# | points | for |
# |---|---|
# | 1 | the size of the coloured square in the first picture, computed, and why it is a square |
# | 2 | why the middle is dark and the corners are nearly white although all weights are equal: what does the value at a pixel count? Give it for a corner pixel, with five layers |
# | 1 | why the picture is the same for every image $X$, and would not be with ReLUs between the layers |
# | 2 | the second picture: its size, computed; whether it has holes, and why (not); what would change if the *first* layer were dilated and the others were left out |

# %% explain-plot
from nonconv import figures

figures.use_style()
for stack in ([(3, 1, 1)] * 5, [(3, 1, 1)] * 2 + [(3, 1, 4)] + [(3, 1, 1)] * 2):
    figures.receptive_field(stack, size=21).show()

# %% explain-in-words [markdown] role="manual" points=6
# ### BEGIN SOLUTION
# Five 3×3 layers with stride 1 see $1 + 5\cdot 2 = 11$ rows, and as many columns: in each layer rows and columns are treated alike, so an 11×11 square.
#
# By the chain rule the slope at a pixel is a sum over all ways from that pixel up to the output, one tap in each layer; each way contributes the product of its weights, $(1/9)^5$. So the value counts the ways. To a corner pixel there is exactly one: the corner tap five times, $(1/9)^5 \approx 1.7\cdot 10^{-5}$. To the middle there are most: in one direction the numbers of ways are those of $(1 + t + t^2)^5$, 1, 5, 15, 30, 45, 51, 45 …, so $51^2 = 2601$ ways lead to the middle pixel. The picture is that row times that column, nearly a bell. What a neuron really depends on is smaller than its receptive field.
#
# The stack is affine, so its slopes do not depend on $X$. With ReLUs a closed unit would cut the ways through it off, and which units are closed depends on the image.
#
# With the third layer dilated by 4: $1 + 2 + 2 + 8 + 2 + 2 = 17$ rows. There are no holes: the four other layers together see 9 rows, more than the gap of 4 between the taps of the third. Three such views, 4 rows apart, add up: in one direction the ways are 1, 4, 10, 16, 20, 20, 20, 20, 21, 20 …, so the top is nearly flat, and the square is darker towards its rim than the first one. A single dilated 3×3 layer alone would reach over 9 rows and depend on 9 pixels only, three in each direction, 4 apart.
# ### END SOLUTION
