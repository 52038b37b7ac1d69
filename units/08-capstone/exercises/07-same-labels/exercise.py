# %% labels-card [markdown]
# ## {number} · The same labels, fewest multiply–adds
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | make a trained network cheap, by all that you know | 50 | ●●●●● | exercise {exercise:composing}; unit {unit:reduction-to-convolution}, section {section:reduction-to-convolution/network} |
#
# The cell below makes a network for scikit-learn's digits. It is right for 96 % of the digits that it has not been fitted to, and takes 37,600 multiply–adds for an image. It need not take so many.
#
# Write `slimmer(model, budget)`. It returns a network that gives at least 99 % of the 1797 `digits()` the *same label as `model`*, and takes at most `budget` multiply–adds, as `count_macs` counts. How is up to you. Here `reduce` may be called.
#
# - `model` is such a network, with other numbers when your work is graded. The budgets are 20,000, then 9,000, then 6,000. (One function for all of them is enough.)
# - Your network may use convolutions, linear layers, ReLU, pooling, sums and what only moves numbers: not what `count_macs` does not count, such as products place by place. Leave `model` as it is.
#
# The table of this exercise, and its open end: who needs fewer?
#
# | network | multiply–adds | same labels |
# |---|---|---|
# | as given | 37,600 | 100 % |
# | the full points | 6,000 | at least 99 % |
# | exactly the same outputs, the best that we know | 5,888 | 100 % |
# | your record | | |

# %% labels-given role="locked"
from nonconv.checks.given.networks import network

wasteful = network("wasteful-first")
wasteful

# %% labels-predict [markdown]
# **Predict first.** `reduce` takes it to 16,608. What is it that `reduce` leaves although it could go? Look at the printed list, and then at what the maps do on the digits: `wasteful[:4](digits())`.
#
# <details><summary>Answer</summary>
#
# There are three things, and each is worth a check. One is seen in the list alone; two are seen only in the numbers.
#
# </details>


# %% labels role="answer"
def slimmer(model, budget):
    ### BEGIN SOLUTION Merge what is one, drop the maps that say nothing, join those that say the same; return the new network.
    with torch.no_grad():
        (conv,) = reduce(model[:3].eval(), digits()[:1]).model.children()
        first, second = model[6:]
        F, b, K = conv.weight, conv.bias, len(conv.weight)
        A = (second.weight @ first.weight).reshape(10, K, -1)  # two linear layers in a row are one
        c = second.weight @ first.bias + second.bias
        opened = torch.relu(conv(digits())).amax((0, 2, 3)) > 0
        kept = []
        for k in range(K):
            same = [j for j in kept if torch.allclose(F[j], F[k]) and torch.isclose(b[j], b[k])]
            if same:
                A[:, same[0]] += A[:, k]
            elif opened[k]:
                kept.append(k)
        layers = nn.Conv2d(1, len(kept), 3, padding=1), nn.Linear(A[:, kept].numel() // 10, 10)
        small = nn.Sequential(layers[0], nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(), layers[1]).double()
        numbers = F[kept], b[kept], A[:, kept].flatten(1), c
        for parameter, values in zip(small.parameters(), numbers, strict=True):
            parameter.copy_(values)
    return small
    ### END SOLUTION


# %% labels-hints [markdown]
# <details><summary>Hint 1: below 20,000</summary>
#
# Call `reduce`. Its `model` is what you return.
#
# </details>
# <details><summary>Hint 2: below 9000</summary>
#
# Two linear layers stand in a row with nothing between. $B(Ax + a) + b$ is one linear layer: which matrix, which bias?
#
# </details>
# <details><summary>Hint 3: below 6000</summary>
#
# Some maps are 0 behind the ReLU, for every digit: drop them, and the columns of the linear layer that read them. Some maps are equal: what does a linear layer do with two equal inputs?
#
# </details>

# %% labels-shown [markdown]
# **What you have shown.** A network is not its list of layers. The same function had three sizes here, and only one of the steps between them was a matter of layers that a program can recognise by their kind. The others were a matter of the numbers.
#
# **Bonus.** 99 % leaves room for 17 digits. Drop the maps that matter least, and fit the last layer anew (`torch.linalg.lstsq`, to the outputs of the given network). How far do you come?
