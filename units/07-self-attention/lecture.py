# %% title [markdown]
# # 7 · Attention and self-attention
#
# A network that reads a sentence into one vector must write the translation from that vector alone. Attention lets it look back. From there it is a short way to layers that are nothing but attention, and to the question of this course: are *they* convolutions?
#
# **You will be able to** write additive and scaled dot-product attention, with masks and heads; say why scores are divided by $\sqrt{d_k}$, and what $n$ positions cost; show what attention knows of order; let a captioner look at an image; and build heads that *are* a given convolution.
#
# **You need** softmax and a first look at self-attention ([unit 4](04-attention-mechanisms.ipynb)), recurrent networks, encoder and decoder (unit 6), and convolution as a matrix ([unit 2](02-reduction-to-convolution.ipynb)).
#
# **Time** 75 minutes. **Exercises**: `make start UNIT=07-self-attention` makes your own copy in `my/`;
# the originals: [exercises](../exercises/07-self-attention/07-self-attention.ipynb).

# %% setup
import matplotlib.pyplot as plt
import torch
from torch.nn import functional

from nonconv import figures, layers, networks, verdicts
from nonconv.checks.given import dates
from nonconv.figures import SIZES, show, use_style
from nonconv.layers.cost import count_macs, count_parameters

use_style()
torch.manual_seed(0)
torch.set_num_threads(1)
# %% bottleneck [markdown]
# ## {number} · One vector for everything
#
# Here is a task with no language in it: read some letters, write them backwards. The encoder reads; the decoder writes, one letter at a time. In **seq2seq** all that passes between the two is the encoder's last state, a vector whose size is fixed. Two letters fit into it. Do ten?
#
# Both networks below are the same but for one part: the second may look back at *every* state of the encoder. Five seeds each, trained side by side for 150 steps on words of 2 to 8 letters.

# %% bottleneck-network
LETTERS, START, SEEDS = 8, 8, 5


def reversal(count, length, generator):
    """Letters (length, count), the same backwards, and what the decoder is given: the right letters before."""
    x = torch.randint(LETTERS, (length, count), generator=generator)
    y = x.flip(0)
    return x, y, torch.cat([torch.full((1, count), START), y[:-1]])


def five_networks(attention):
    """The parameters of SEEDS networks, stacked, and a function that runs them all at once."""
    nets = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        nets.append(networks.AttentionSeq2Seq(LETTERS, LETTERS + 1, 8, 24, attention=attention))
    p, _ = torch.func.stack_module_state(nets)

    def run(q, x, before):
        return torch.func.functional_call(nets[0], q, (x, before))

    return p, torch.func.vmap(run, in_dims=(0, None, None))


# %% bottleneck-train
def fit(attention, steps=150, rate=0.03):
    """Train them; returns the parameters, and the function that runs them."""
    p, run = five_networks(attention)
    optimiser = torch.optim.Adam(p.values(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    generator = torch.Generator().manual_seed(0)
    for _ in range(steps):
        length = int(torch.randint(2, 9, (1,), generator=generator))
        x, y, before = reversal(32, length, generator)
        scores = run(p, x, before)  # (SEEDS, length, 32, LETTERS + 1)
        loss = functional.cross_entropy(scores.flatten(0, 2), y.flatten().repeat(SEEDS)) * SEEDS
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(p.values(), 5.0)
        optimiser.step()
        schedule.step()
    return p, run


# %% bottleneck-run
LENGTHS, right = range(2, 15, 2), {}
for name, attention in (("one vector", False), ("with attention", True)):
    p, run = fit(attention)
    generator, right[name] = torch.Generator().manual_seed(1), []
    for length in LENGTHS:
        x, y, before = reversal(300, length, generator)
        with torch.no_grad():
            right[name].append((run(p, x, before).argmax(-1) == y).double().mean((1, 2)))
    right[name] = torch.stack(right[name])  # (lengths, SEEDS)

# %% bottleneck-picture tags=["nbval-ignore-output"]
figure, axis = plt.subplots(figsize=SIZES["wide"])
for colour, (name, shares) in zip(("C1", "C0"), right.items(), strict=True):
    axis.plot(LENGTHS, 100 * shares, "o", color=colour, alpha=0.4, markersize=4)
    axis.plot(LENGTHS, 100 * shares.mean(1), color=colour, label=name)
axis.axvspan(8.5, 14.5, color="black", alpha=0.06)
axis.text(8.7, 103, "longer than any word in training")
axis.axhline(100 / LETTERS, color="black", linewidth=0.8, linestyle=":")
axis.set(xlabel="letters in the word", ylabel="letters right, %", ylim=(0, 112), xticks=list(LENGTHS))
axis.legend(frameon=False, loc="lower left")
show(
    figure,
    alt="Share of letters that are right by the length of the word, five networks of each kind. With one vector it falls from"
    f" {100 * right['one vector'][0].mean():.0f} % at 2 letters to {100 * right['one vector'][3].mean():.0f} % at 8 and"
    f" {100 * right['one vector'][-1].mean():.0f} % at 14; with attention from {100 * right['with attention'][0].mean():.0f} %"
    f" to {100 * right['with attention'][3].mean():.0f} % and {100 * right['with attention'][-1].mean():.0f} %.",
)

# %% bottleneck-notice [markdown]
# **What this shows.** From six letters on, the worst network with attention is better than the best one without. And what it does *not* show: attention is no cure for everything. Behind the longest word of the training, the shaded part, both fall.

# %% bottleneck-check
one, many = right["one vector"], right["with attention"]
assert (many[2:].amin(1) > one[2:].amax(1)).all()  # from six letters on: the worst against the best
assert (many[1:].mean(1) > one[1:].mean(1)).all()
assert many[3].amin() > 0.7
assert one[3].amax() < 0.8
assert many[-1].mean() < many[3].mean() - 0.1  # beyond the training both fall
assert one[-1].mean() < one[3].mean() - 0.1

# %% additive [markdown]
# ## {number} · Look back: additive attention
#
# Bahdanau, Cho and Bengio (2015) keep **all** states of the encoder. It reads in both directions (unit 6), so state $h_j = [\overrightarrow h_j;\overleftarrow h_j]$ knows what stands before and behind position $j$: an *annotation*. Before the decoder writes output $i$, it compares its own state $s_{i-1}$ with each annotation:
# $$e_{ij} = a(s_{i-1}, h_j), \qquad \alpha_{ij} = \frac{\exp e_{ij}}{\sum_k \exp e_{ik}}, \qquad c_i = \sum_j \alpha_{ij} h_j .$$
# The **context** $c_i$ is concatenated to the decoder's input. It has the size of one annotation, however long the source is, and it is *another one for each output*.
#
# The score $a$ is a small network with one hidden layer (appendix A.1.2), hence *additive* attention:
# $$a(s, h) = v^T\tanh(W s + U h).$$
#
# By hand, for three annotations that are single numbers, $h = (1, 2, 4)$. Let the scores be $e = (0, \ln 2, 0)$. Then $\exp e = (1, 2, 1)$, so $\alpha = (\frac14, \frac12, \frac14)$ and $c = \frac14 + 1 + 1 = \frac94$.

# %% additive-check
e, h = torch.tensor([1.0, 2, 1]).double().log(), torch.tensor([1.0, 2, 4]).double()
alpha = torch.softmax(e, 0)
assert torch.allclose(alpha, torch.tensor([0.25, 0.5, 0.25]).double(), atol=1e-15)
assert abs((alpha * h).sum().item() - 9 / 4) < 1e-15
print("weights 1/4, 1/2, 1/4; context 9/4")

# %% additive-why [markdown]
# **Predict first.** Add 100 to all three scores. What happens to the context? And if all scores are multiplied by 100?
#
# <details><summary>Answer</summary>
#
# Adding a constant changes nothing: it cancels in the fraction. Multiplying makes the largest score take nearly all: the context goes to $h_2 = 2$.
#
# </details>
#
# Why a network and not a product $s^T h$? The two may have different sizes, and what is alike need not stand in the same coordinates. A matrix between them does as well, $a(s, h) = s^T M h$ (Luong et al. 2015, "general"). The cell runs it, from scores to context:

# %% additive-general
s, annotations = torch.tensor([1.0, -1]).double(), torch.tensor([[1.0, 0, 2], [0, 1, 1]]).double()  # (T, A)
M = torch.tensor([[1.0, 0, 0], [0, 1, 0]]).double()
scores = annotations @ M.T @ s  # sᵀ M h_j for each j
context = torch.softmax(scores, 0) @ annotations
assert scores.tolist() == [1.0, -1.0]  # exact: whole numbers
share = torch.sigmoid(torch.tensor(2.0).double())  # a softmax over two is σ of the difference
assert torch.allclose(context, share * annotations[0] + (1 - share) * annotations[1], atol=1e-15)
print("scores", scores.tolist(), " context", [f"{number:.3f}" for number in context])

# %% alignment [markdown]
# ## {number} · The alignment comes for free
#
# Nobody tells the network which part of the source an output belongs to. Yet the weights $\alpha_{ij}$ must say it, if the context is to help. Let us look. The task is unit 6's: dates as people write them, here in eight of its forms, to ISO. One network with attention, 150 steps.

# %% alignment-train
torch.manual_seed(0)
translator = networks.AttentionSeq2Seq(len(dates.SOURCE), len(dates.TARGET), 16, 32)
optimiser = torch.optim.Adam(translator.parameters(), 0.01)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.02, total_steps=150)
forms = dates.FORMATS[:8]
texts = dates.pairs(3200, seed=0, formats=forms)
for step in range(150):
    batch = [texts[(step * 48 + k) % len(texts)] for k in range(48)]
    x = dates.encode([source for source, _ in batch], dates.SOURCE)
    y = dates.encode([target for _, target in batch], dates.TARGET)
    before = torch.cat([torch.full((1, len(batch)), dates.TARGET.index(dates.START)), y[:-1]])
    loss = functional.cross_entropy(translator(x, before, (x != 0).T).flatten(0, 1), y.flatten())
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(translator.parameters(), 1.0)
    optimiser.step()
    schedule.step()

# %% alignment-look
new = dates.pairs(300, seed=1, formats=forms)
x = dates.encode([source for source, _ in new], dates.SOURCE)
written, alpha = translator.generate(x, dates.TARGET.index(dates.START), 10, (x != 0).T)
whole = [ours == target for ours, (_, target) in zip(dates.decode(written, dates.TARGET), new, strict=True)]
assert sum(whole) > 150
print("more than half of 300 new dates are right to the last character:", sum(whole) > 150)

# %% alignment-picture tags=["nbval-ignore-output"]
spelled = [k for k, (source, _) in enumerate(new) if whole[k] and source[0].isalpha() and len(source) < 25]
numbers = [k for k, (source, _) in enumerate(new) if whole[k] and source[0].isdigit() and len(source) < 14]
figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), width_ratios=(2, 1.3))
for axis, k in zip(axes, (spelled[0], numbers[0]), strict=True):
    source, target = new[k]
    heat = axis.imshow(alpha[k, :, : len(source)], cmap="Blues", vmin=0, vmax=1)
    axis.set(xticks=range(len(source)), xticklabels=source, yticks=range(10), yticklabels=target)
    axis.set_xlabel("read")
axes[0].set_ylabel("written")
figure.colorbar(heat, ax=axes, label="weight")
show(
    figure,
    alt=f"Two matrices of attention weights, a row for each written character and a column for each one read. Left"
    f" {new[spelled[0]][0]!r} becomes {new[spelled[0]][1]!r}, right {new[numbers[0]][0]!r} becomes {new[numbers[0]][1]!r}."
    " The rows of the year are dark at the year's digits, those of the month at its name or number, those of the day at"
    " the day, wherever these stand in the source.",
)


# %% alignment-measured [markdown]
# One picture is an anecdote. So count, over all new dates that were written rightly: is the character that an output looks at *most* in the same part of the source, year, month or day? For the first three digits of the year we ask for more: the very digit, or a neighbour of it.


# %% alignment-count
def looks_at_year(k):
    """Of the first three digits written, how many have their largest weight within one place of that digit."""
    source, target = new[k]
    at = source.index(target[:4])
    return sum(abs(int(alpha[k, i].argmax()) - (at + i)) <= 1 for i in range(3))


found = sum(looks_at_year(k) for k in range(300) if whole[k])
share = found / (3 * sum(whole))
assert share > 0.6
print("more than 60 % of the year's first digits look at their place in the source:", share > 0.6)

# %% alignment-care [markdown]
# The weights say what *this* network mixes into a context, no more. An annotation $h_j$ has seen its neighbours, too, through the encoder: to look at position $j$ is not to read character $j$ alone. Another seed may look one place further and be as right.

# %% advantages [markdown]
# ## {number} · What it is good for: the slide's list, held against runs
#
# | the slide says | here |
# |---|---|
# | it improves quality of translation | on the two tasks above; for translation: 26.75 against 17.82 BLEU, for sentences of all lengths (Bahdanau et al. 2015, table 1, 50 words) |
# | it solves the bottleneck | section {section:bottleneck}: from six letters on its worst network is better than the best of the others, but it does not carry on beyond the training's lengths |
# | it can be interpreted | the picture above; with the care that stands under it |
# | it solves the vanishing signal | section {section:signal} |
# | alignment for free | counted above: nobody gave it |

# %% signal [markdown]
# ## {number} · A short way for the gradient
#
# In seq2seq the way from an output back to an input leads through all states between, and at each the signal shrinks (units 3 and 6). With attention there is a way of **two steps**: output, context, annotation. Before training, when all weights are about $1/S$, how much of the last output's gradient arrives at each of 30 inputs? One number for each input: the norm of $\partial\,\mathrm{score}/\partial x_j$, the mean of five networks, relative to the largest.


# %% signal-run
def arriving(attention, length=30):
    """Norm of the gradient of the last output's scores at each source embedding, (SEEDS, length)."""
    found = []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        net = networks.AttentionSeq2Seq(LETTERS, LETTERS + 1, 8, 24, attention=attention)
        x, _, before = reversal(1, length, torch.Generator().manual_seed(seed))
        seen = []
        net.source.register_forward_hook(lambda _, __, y, seen=seen: seen.append(y.retain_grad() or y))
        (net(x, before)[-1] * torch.randn(LETTERS + 1)).sum().backward()
        found.append(seen[0].grad[:, 0].norm(dim=1))
    return torch.stack(found)


signal = {name: arriving(attention) for name, attention in (("one vector", False), ("with attention", True))}
middle = {name: (one[:, 10:20].mean(1) / one.amax(1)) for name, one in signal.items()}
assert (middle["with attention"] > 100 * middle["one vector"]).all()
print("in the middle of the source, attention lets more than 100 times as large a share arrive, in all five")

# %% signal-picture tags=["nbval-ignore-output"]
figure, axis = plt.subplots(figsize=SIZES["wide"])
for colour, (name, one) in zip(("C1", "C0"), signal.items(), strict=True):
    axis.semilogy(range(1, 31), (one / one.amax(1, keepdim=True)).mean(0), "o-", color=colour, label=name)
axis.set(xlabel="position in the source", ylabel="gradient, relative to the largest")
axis.legend(frameon=False)
show(
    figure,
    alt="Gradient of the last output at each of 30 source positions, on a logarithmic axis. With one vector it falls by many"
    " orders of magnitude from both ends towards the middle, a V; with attention it stays within about one order of magnitude.",
)

# %% qkv [markdown]
# ## {number} · Query, key, value
#
# Strip the translation away, and this is left: *a weighted sum of **values**, by how well a **query** fits the **keys**.* It turns any number of vectors into one of fixed size.
#
# | | asks | in section {section:additive} |
# |---|---|---|
# | query $q$ | what am I looking for? | the decoder's state $s_{i-1}$ |
# | key $k_j$ | what can be found at $j$? | the annotation $h_j$ |
# | value $v_j$ | what does $j$ give, if it is found? | the annotation $h_j$ again |
#
# A Python dictionary gives the value of the *one* key that is equal to the query. Attention gives all values, weighted by likeness: a soft dictionary. With very large scores it becomes a hard one.

# %% qkv-dictionary
keys = torch.eye(3).double()
values = torch.tensor([[10.0], [20], [30]]).double()
for scale in (0.0, 1.0, 4.0, 16.0):
    soft = layers.scaled_dot_product_attention(keys[2:], keys, values, scale=scale)
    print(f"scores times {scale:4.0f}: {soft.item():7.3f}")
hard = layers.scaled_dot_product_attention(keys[2:], keys, values, scale=1000.0)
assert abs(hard.item() - {0: 10, 1: 20, 2: 30}[2]) < 1e-12

# %% editor [markdown]
# ### Try it: an attention matrix to edit
#
# Three queries and four keys in a plane; each key has a value. **Drag** a point, or choose it with the Tab key and move it by the arrow keys. Click a cell of the matrix to forbid that pair.
#
# 1. Query 3 is 0. What does it return, and why? Move it a little: which key does it find first?
# 2. Make key 4 twice as long. What happens in rows 1 and 2? A long key is loud: it gets more from all who look its way.
# 3. Bring the output $y_1$ to 15 by moving query 1 alone. To 45? Why not?
# 4. Lower the temperature: $y_1$ goes to the value of one key. Raise it: it goes to the mean, 25.

# %% editor-figure tags=["nbval-ignore-output"]
figures.attention_editor().show()

# %% editor-check [markdown]
# Outputs lie between the smallest and the largest value: they are means. So 45 cannot be reached.

# %% editor-run
for temperature in (0.02, 1.0, 1000.0):
    A, Y = figures.weighing(temperature=temperature)
    assert torch.allclose(A.sum(1), torch.ones(3).double(), atol=1e-12)
    assert ((Y >= 10) & (Y <= 40)).all()
assert abs(figures.weighing(temperature=0.02)[1][0].item() - 10) < 1e-6
assert (figures.weighing(temperature=1000.0)[1] - 25).abs().max() < 0.1
loud = figures.weighing(keys=((2.0, 0.0), (0.0, 2.0), (-1.5, -0.5), (2.0, 2.0)))[0][:, 3]
quiet = figures.weighing()[0][:, 3]
assert (loud[:2] > quiet[:2]).all()

# %% self [markdown]
# ## {number} · Self-attention in matrix form
#
# In **self-attention** queries, keys and values all come from the same $n$ vectors, the rows of $X$: each position asks, and each answers. Three matrices are learned:
# $$Q = XW^Q, \quad K = XW^K, \quad V = XW^V, \qquad Y = \mathrm{softmax}\Bigl(\frac{QK^T}{\sqrt{d_k}}\Bigr)V .$$
#
# | | shape |
# |---|---|
# | $X$ | $n \times d$ |
# | $Q$, $K$ | $n \times d_k$ |
# | $V$ | $n \times d_v$ |
# | $QK^T$ and its softmax $A$ | $n \times n$ |
# | $Y$ | $n \times d_v$ |
#
# **A slide has it otherwise**: "a matrix of size $d_k\times d_k$, where $d_k$ is the length of $K$". That is right only if $d_k$ means the *number* of keys. By convention it is their *width*; $QK^T$ has a row for each query and a column for each key, whatever their width is.

# %% self-check
X = torch.randn(5, 6, dtype=torch.float64)  # n = 5 positions of width 6
WQ, WK, WV = (torch.randn(6, width, dtype=torch.float64) for width in (3, 3, 4))
Q, K, V = X @ WQ, X @ WK, X @ WV
Y = layers.scaled_dot_product_attention(Q, K, V)
A = layers.scaled_dot_product_attention(Q, K, torch.eye(5).double())  # the identity as values: the weights
assert A.shape == (5, 5)
assert Y.shape == (5, 4)
assert torch.allclose(A @ V, Y, atol=1e-12)
assert torch.allclose(Y, layers.scaled_dot_product_attention_by_definition(Q, K, V), atol=1e-12)
print("X", tuple(X.shape), " Q", tuple(Q.shape), " QKᵀ", tuple((Q @ K.T).shape), " Y", tuple(Y.shape))

# %% self-why [markdown]
# Why three matrices? With $Q = K = X$ the scores are symmetric: $i$ looks at $j$ as $j$ looks at $i$, but for the normalising. A verb may look for its subject without the subject looking for its verb; for that $W^Q$ and $W^K$ must differ. And what helps to find a word need not be what it has to say; for that there is $W^V$.

# %% self-symmetric
scores = X @ X.T
assert torch.allclose(scores, scores.T, atol=1e-12)
assert not torch.allclose(Q @ K.T, (Q @ K.T).T, atol=1e-3)

# %% root [markdown]
# ## {number} · Why divide by √d?
#
# Let the entries of $q$ and $k$ be independent, with mean 0 and variance 1. Each product $q_l k_l$ has mean 0 and variance $1\cdot 1$, and the products are independent, so variances add:
# $$\mathrm{Var}(q^T k) = \sum_{l=1}^{d} \mathrm{Var}(q_l k_l) = d .$$
# Scores of size $\sqrt d$ go into an exponential. At $d = 256$ one key then takes nearly everything, and where a softmax is saturated its derivative is nearly 0 (as σ's, unit 3). Divided by $\sqrt d$, scores have variance 1 at every width.

# %% root-measured
generator = torch.Generator().manual_seed(0)
variances, largest, slopes = {}, {}, {}
for d in (4, 16, 64, 256):
    q = torch.randn(20_000, d, generator=generator, dtype=torch.float64)
    k = torch.randn(20_000, d, generator=generator, dtype=torch.float64)
    variances[d] = (q * k).sum(1).var().item()
    scores = q[:500] @ k[:32].T  # 500 queries, 32 keys
    for name, e in (("as they are", scores), ("divided by √d", scores / d**0.5)):
        weights = torch.softmax(e, 1)
        largest.setdefault(name, []).append(weights.amax(1).mean().item())
        slopes.setdefault(name, []).append((weights * (1 - weights)).sum(1).mean().item())
assert all(abs(variance / d - 1) < 0.05 for d, variance in variances.items())
assert largest["as they are"][-1] > 0.8
assert max(largest["divided by √d"]) < 0.25
print("the variance of qᵀk is d, within 5 %, for d =", *variances)

# %% root-picture tags=["nbval-ignore-output"]
figure, axes = plt.subplots(1, 2, figsize=SIZES["wide"])
for axis, (numbers, title) in zip(
    axes, ((largest, "largest of 32 weights"), (slopes, "sum of the slopes α(1 − α)")), strict=True
):
    for name, series in numbers.items():
        axis.semilogx(list(variances), series, "o-", label=name)
    axis.set(title=title, xlabel="width d", xticks=list(variances), xticklabels=list(variances), ylim=(0, 1))
    axis.minorticks_off()
axes[1].legend(frameon=False, loc="lower left")
show(
    figure,
    alt="Left, the mean of the largest of 32 attention weights by the width d: without a division it grows from"
    f" {largest['as they are'][0]:.2f} at 4 to {largest['as they are'][-1]:.2f} at 256; divided by the root it stays near"
    f" {largest['divided by √d'][-1]:.2f}. Right, the sum of the slopes: it falls to {slopes['as they are'][-1]:.2f}, or stays"
    f" near {slopes['divided by √d'][-1]:.2f}.",
)

# %% root-care [markdown]
# The root is right *for these assumptions*, which hold about at the start of training. If entries have a mean that is not 0, the variance is another one; an exercise asks which. And a network is free to learn large scores: it then chooses sharp attention.

# %% masks [markdown]
# ## {number} · Masks: who may look where
#
# Two cases are everywhere. Sequences of unequal length are filled up, and nobody should look at the **padding**. And a decoder that is trained on all positions at once must not see the words it is to write: position $i$ sees positions $1..i$ only, a **causal** mask. In both, a forbidden score becomes $-\infty$ *before* the softmax, so that the others still share a sum of 1.
#
# **Predict first.** Why not set the weight to 0 *after* the softmax?
#
# <details><summary>Answer</summary>
#
# Then the row no longer sums to 1, and the forbidden key still takes part in the denominator: what it holds leaks into all other weights.
#
# </details>

# %% masks-check
e = torch.tensor([[2.0, 1, 0], [2, 1, 0]]).double()
allowed = torch.tensor([[True, True, False], [True, True, True]])
before, after = layers.masked_softmax(e, allowed), torch.softmax(e, 1) * allowed
assert torch.allclose(before.sum(1), torch.ones(2).double(), atol=1e-12)
assert after[0].sum() < 0.95
leaked = torch.softmax(e + torch.tensor([0.0, 0, 5]).double(), 1) * allowed  # the forbidden key changes
assert (leaked[0, :2] - after[0, :2]).abs().max() > 0.1
assert not before[0, 2].item()

# %% masks-empty [markdown]
# **A row without anything to look at** has no softmax: $0/0$. The plain formula gives `nan`, and one `nan` spreads to every parameter. The course's `masked_softmax` gives weights 0, hence the output 0; so does PyTorch's own attention.

# %% masks-empty-check
nothing = torch.zeros(1, 3, dtype=torch.bool)
assert torch.full((1, 3), -torch.inf).softmax(1).isnan().all()
assert not layers.masked_softmax(torch.zeros(1, 3).double(), nothing).any()
one_key = torch.ones(1, 3, 2).double()
assert not functional.scaled_dot_product_attention(one_key[:, :1], one_key, one_key, attn_mask=nothing).any()

# %% heads [markdown]
# ## {number} · Several heads
#
# One softmax makes one mean. To look at the subject *and* at the tense, a position needs two. **Multi-head attention** cuts the width $d$ into $h$ parts of $d/h$, attends in each by itself, puts the results side by side and mixes them with $W^O$:
# $$Y = [\mathrm{head}_1 \dots \mathrm{head}_h]\,W^O, \qquad \mathrm{head}_i = \mathrm{attention}(XW^Q_i,\ XW^K_i,\ XW^V_i).$$
#
# | | shape, $N$ sequences |
# |---|---|
# | $X$ | $(N, n, d)$ |
# | $Q$, cut into heads | $(N, h, n, d/h)$ |
# | $A$ | $(N, h, n, n)$ |
# | heads side by side | $(N, n, d)$ |
#
# The parameters do not depend on $h$: three matrices and $W^O$ are $4d^2$ numbers, and $4d$ biases. What does depend on it: each head has keys of width $d/h$ only, and there are $h$ matrices $A$.

# %% heads-check
d, n = 12, 5
for h in (1, 3, 12):
    ours, theirs = layers.MultiHeadAttention(d, h), torch.nn.MultiheadAttention(d, h, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    x = torch.randn(2, n, d)
    assert count_parameters(ours) == 4 * d * d + 4 * d
    assert torch.allclose(ours(x, x, x), theirs(x, x, x, need_weights=False)[0], atol=1e-5)
print("1, 3 and 12 heads:", 4 * d * d + 4 * d, "parameters each, and the framework's outputs")

# %% order [markdown]
# ## {number} · It does not know the order
#
# Shuffle the positions, and the outputs are shuffled in the same way (unit 4 saw it on an image): self-attention is **equivariant to every permutation**. "Dog bites man" and "man bites dog" are one bag of words to it.
#
# **Predict first.** Which of these change that? A causal mask · more heads · a second layer · adding a vector $p_t$ to position $t$.
#
# <details><summary>Answer</summary>
#
# The causal mask and the added vectors. Heads and layers are equivariant, and so is what is built from them.
#
# </details>

# %% order-check
block = networks.EncoderBlock(12, 3).double().eval()
x = torch.randn(1, 5, 12, dtype=torch.float64)
shuffle = torch.tensor([3, 0, 4, 1, 2])
with torch.no_grad():
    assert torch.allclose(block(x[:, shuffle]), block(x)[:, shuffle], atol=1e-12)

    def two(x):
        return block(block(x))

    assert torch.allclose(two(x[:, shuffle]), two(x)[:, shuffle], atol=1e-12)
    causal = torch.ones(5, 5, dtype=torch.bool).tril()
    assert (block(x[:, shuffle], causal) - block(x, causal)[:, shuffle]).abs().max() > 0.01

# %% positions [markdown]
# ## {number} · Telling it: position encodings
#
# Position encodings break this on purpose: add to position $t$ a vector $p_t$ that says where it stands. Vaswani et al. (2017, section 3.5) take waves of geometrically growing length,
# $$p_{t,2i} = \sin(t\,\omega_i), \quad p_{t,2i+1} = \cos(t\,\omega_i), \qquad \omega_i = 10000^{-2i/d}.$$
# Why waves? Because $\sin a\sin b + \cos a\cos b = \cos(a - b)$: the product of two encodings depends on their *distance* alone,
# $$p_s^T p_t = \sum_i \cos\bigl((s-t)\,\omega_i\bigr),$$
# so that "look three places back" is the same score everywhere.

# %% positions-check
P = layers.positional_encoding(40, 12, dtype=torch.float64)
products = P @ P.T
omega = 10000 ** (-torch.arange(0, 12, 2).double() / 12)
for distance in range(10):
    there = products.diagonal(distance)
    assert torch.allclose(there, torch.cos(distance * omega).sum().expand(40 - distance), atol=1e-9)
with torch.no_grad():

    def with_places(x):
        return block(x + P[:5])

    assert (with_places(x[:, shuffle]) - with_places(x)[:, shuffle]).abs().max() > 0.01

# %% positions-picture
figure, axes = plt.subplots(1, 2, figsize=SIZES["wide"], width_ratios=(1.6, 1))
heat = axes[0].imshow(P.T, cmap="RdBu", vmin=-1, vmax=1, aspect="auto")
axes[0].set(xlabel="position t", ylabel="coordinate", title="encodings $p_t$")
figure.colorbar(heat, ax=axes[0])
heat = axes[1].imshow(products, cmap="Blues")
axes[1].set(xlabel="t", ylabel="s", title="$p_s^T p_t$")
figure.colorbar(heat, ax=axes[1])
show(
    figure,
    alt="Left, the encodings of 40 positions in 12 coordinates: the first two change fast along the positions, the last"
    " hardly at all. Right, the products of any two: constant along each diagonal, largest on the main one.",
)

# %% cost [markdown]
# ## {number} · What it costs: n²
#
# A block of the transformer's encoder is heads with a skip, then two layers at each position, $d \to 4d \to d$, with a skip; each behind it a layer norm. It has $12d^2 + 13d$ parameters, whatever $n$ and $h$ are. Its multiply–adds for $n$ positions:
# $$\underbrace{12\,n d^2}_{\text{matrices at each position}} + \underbrace{2\,n^2 d}_{QK^T \text{ and } AV} .$$
# The second part is larger where $n > 6d$. For a sentence it hardly counts; for an image, where $n = HW$, it is everything.

# %% cost-check
d = 512
with torch.device("meta"):
    base = networks.EncoderBlock(d, 8)
assert count_parameters(base) == 12 * d**2 + 13 * d == 3_152_384
print(f"{'n':>7}{'multiply–adds':>20}{'of them n²':>12}{'numbers in 8 matrices A':>26}")
for n in (30, 1024, 6 * d, 56 * 56, 224 * 224):
    macs = count_macs(base, torch.empty(1, n, d, device="meta"))
    assert macs == 12 * n * d**2 + 2 * n**2 * d
    print(f"{n:>7}{macs:>20,}{2 * n * d / (12 * d**2 + 2 * n * d):>12.0%}{8 * n * n:>26,}")

# %% captions [markdown]
# ## {number} · Words that look at an image
#
# In captioning attention is used "in the most natural way", says the slide. A convolutional network turns an image into a map of vectors $a_1,\dots,a_L$, one for each cell; a recurrent decoder writes words; before each word it looks at the cells by additive attention. That is "Show, Attend and Tell" (Xu et al. 2015), with VGG's 14×14 cells.
#
# Ours is tiny, and so are its scenes: two objects on a noisy ground of 10×10 pixels, one in the left half, one in the right. Its caption names them from left to right: *red square blue cross*. Five networks.

# %% captions-scenes
WORDS = ["red", "green", "blue", "square", "cross", "ring"]
SHAPES = torch.tensor(
    [[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[0, 1, 0], [1, 1, 1], [0, 1, 0]], [[1, 1, 1], [1, 0, 1], [1, 1, 1]]]
).float()


def scenes(count, seed, starts=(0, 5)):
    """Images (count, 3, 10, 10), captions (4, count), corners (count, 2, 2) of the 3×3 objects."""
    generator = torch.Generator().manual_seed(seed)
    what = torch.randint(3, (count, 2, 2), generator=generator)  # colour and shape of both objects
    corners = torch.randint(8, (count, 2, 2), generator=generator)
    corners[..., 1] = torch.randint(3, (count, 2), generator=generator) + torch.tensor(starts)
    x = 0.1 * torch.rand(count, 3, 10, 10, generator=generator)
    for k in range(count):
        for (colour, shape), (i, j) in zip(what[k].tolist(), corners[k].tolist(), strict=True):
            x[k, colour, i : i + 3, j : j + 3] += 0.9 * SHAPES[shape]
    return x, (what + torch.tensor([0, 3])).flatten(1).T.contiguous(), corners


# %% captions-training
images, captions, _ = scenes(1500, seed=0)


def train(net, steps, rate, strength=0.0, seed=1):
    """Adam on the captions, plus the doubly stochastic penalty times its strength."""
    optimiser = torch.optim.Adam(net.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    generator = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        batch = torch.randint(len(images), (48,), generator=generator)
        scores, alpha = net(images[batch], captions[:, batch])
        loss = functional.cross_entropy(scores.flatten(0, 1), captions[:, batch].flatten())
        if strength:
            loss = loss + strength * layers.doubly_stochastic_penalty(alpha.flatten(2)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return net


# %% captions-train
captioners = []
for seed in range(SEEDS):
    torch.manual_seed(seed)
    captioners.append(train(networks.Captioner(3, 6, 12, 8, 24, 16), 180, 0.03))

# %% captions-measure
test_images, test_captions, corners = scenes(400, seed=1)


def cells_of(corners):
    """Where the objects are on the map of 5×5 cells: (count, 2, 5, 5), 1 at a cell that holds a part of it."""
    first, last = corners // 2, (corners + 2) // 2
    place = torch.arange(5)
    rows, columns = ((place >= first[..., axis, None]) & (place <= last[..., axis, None]) for axis in (0, 1))
    return (rows[..., :, None] & columns[..., None, :]).float()


def measure(net):
    """Share of captions without a mistake; of the weights, the share on the word's own object, and the largest."""
    with torch.no_grad():
        words, alpha = net.generate(test_images, 4)
    own = cells_of(corners)[:, [0, 0, 1, 1]]  # words 1 and 2 name the left object, 3 and 4 the right one
    whole = (words == test_captions).all(0).double().mean().item()
    return whole, (alpha * own).sum((2, 3)).mean().item(), alpha.amax((2, 3)).mean().item()


# %% captions-measured
plain = torch.tensor([measure(net) for net in captioners])
evenly = cells_of(corners).mean().item()
assert (plain[:, 0] > 0.25).all()  # a guess is right once in 81
assert (plain[:, 1] > 1.5 * evenly).all()
print("all five write more than a quarter of the captions without a mistake; a guess would 1 of 81")
print("all five look at the word's own object more than 1.5 times as much as an even look would")


# %% captions-drawing
def show_words(image, written, alpha, alt):
    """The image, then the image under the weights of each word."""
    figure, axes = plt.subplots(1, 5, figsize=(9, 2.2))
    picture = image.permute(1, 2, 0).clamp(0, 1)
    axes[0].imshow(picture)
    axes[0].set_title("the scene")
    for axis, word, A in zip(axes[1:], written, alpha, strict=True):
        light = (0.15 + 0.85 * A / A.max()).repeat_interleave(2, 0).repeat_interleave(2, 1)
        axis.imshow(picture * light[..., None])
        axis.set_title(f'"{WORDS[word]}"')
    for axis in axes:
        axis.set_axis_off()
    show(figure, alt)


# %% captions-picture tags=["nbval-ignore-output"]
best = captioners[int(plain[:, 0].argmax())]
words, alpha = best.generate(test_images, 4)
shown = int((words == test_captions).all(0).nonzero()[0])
said = " ".join(WORDS[word] for word in words[:, shown])
show_words(
    test_images[shown], words[:, shown].tolist(), alpha[shown],
    alt=f"A scene of 10 by 10 pixels and, for each word of the caption {said!r}, the same scene, bright where that word looked:"
    " mostly on and around the object it names, and on some cells of the ground.",
)  # fmt: skip

# %% captions-region [markdown]
# **A cell is a region.** A weight stands over one of 5×5 cells, but that cell's vector has seen more than its own 2×2 pixels: two 3×3 convolutions and a pooling (unit 1) reach from row $2i-3$ to $2i+4$. So a weight *beside* an object may still be a look at it, and a bright cell is no outline.

# %% captions-region-check
probe = torch.rand(1, 3, 10, 10, requires_grad=True)
smooth = [functional.softplus if isinstance(layer, torch.nn.ReLU) else layer for layer in best.features]
value = probe
for layer in smooth:
    value = functional.avg_pool2d(value, 2) if isinstance(layer, torch.nn.MaxPool2d) else layer(value)
value[0, :, 2, 2].sum().backward()  # softplus and mean: nothing is hidden behind a maximum
seen = probe.grad[0].abs().sum(0).nonzero()
assert seen.amin(0).tolist() == [1, 1]  # exact: the numbers of rows and columns, 2·2 − 3
assert seen.amax(0).tolist() == [8, 8]  # 2·2 + 4

# %% failure [markdown]
# ### And a failure
#
# The slides show some: "a woman holding a clock" who holds none. Here is how to make one. In training, one object always stood in each half. Let both stand in the left half, and ask again:

# %% failure-run
close_images, close_captions, close_corners = scenes(400, seed=2, starts=(0, 2))
apart = (close_corners[:, 0] - close_corners[:, 1]).abs().amax(1) >= 3  # they do not overlap
left_first = close_corners[:, 0, 1] < close_corners[:, 1, 1]
use = (apart & left_first).nonzero().flatten()
shares = []
for net in captioners:
    words, alpha = net.generate(close_images[use], 4)
    shares.append((words == close_captions[:, use]).all(0).double().mean().item())
assert plain[:, 0].mean() - sum(shares) / SEEDS > 0.15
print("on average over the five, the share of captions without a mistake falls by more than 15 points")

# %% failure-picture tags=["nbval-ignore-output"]
words, alpha = best.generate(close_images[use], 4)
wrong = int((words != close_captions[:, use]).any(0).nonzero()[0])
should = " ".join(WORDS[word] for word in close_captions[:, use[wrong]])
wrote = " ".join(WORDS[word] for word in words[:, wrong])
print("it should be:", should)
print("it writes:   ", wrote)
show_words(
    close_images[use[wrong]], words[:, wrong].tolist(), alpha[wrong],
    alt=f"A scene with both objects in its left half, and where each word looked. The caption should be {should!r}; the network"
    f" writes {wrote!r}.",
)  # fmt: skip

# %% failure-notice [markdown]
# Fluent, confident, wrong: the decoder knows how captions go, and writes one. What it looked at does not tell you that it is wrong.

# %% penalty [markdown]
# ### A penalty for what was never looked at
#
# Each word's weights sum to 1 over the cells. Xu et al. (2015, equation 14) add a wish for the other direction: over a whole caption each cell should get about 1, too. They call it *doubly stochastic*, and punish by
# $$\lambda \sum_{i=1}^{L}\Bigl(1 - \sum_{t=1}^{T} \alpha_{ti}\Bigr)^2 .$$
# **Can it be 0?** All weights of $T$ words sum to $T$, and $L$ cells ask for $L$. With $T < L$ the wish cannot be granted. Its least value is $L(1 - T/L)^2$, where every cell gets the same, $T/L$: so for a caption shorter than the map, it asks to *spread*. Measured: each of the five networks trained on for 60 steps, without and with the penalty ($\lambda = 0.5$).

# %% penalty-least
T, L = 4, 25
even = torch.full((1, T, L), 1 / L, dtype=torch.float64)
least = layers.doubly_stochastic_penalty(even).item()
assert abs(least - L * (1 - T / L) ** 2) < 1e-9
generator = torch.Generator().manual_seed(0)
for _ in range(100):
    other = torch.softmax(3 * torch.randn(1, T, L, generator=generator, dtype=torch.float64), 2)
    assert layers.doubly_stochastic_penalty(other).item() > least

# %% penalty-run
after = {0.0: [], 0.5: []}
for net in captioners:
    for strength, found in after.items():
        copy = networks.Captioner(3, 6, 12, 8, 24, 16)
        copy.load_state_dict(net.state_dict())
        found.append(measure(train(copy, 60, 0.01, strength, seed=2)))
without, punished = (torch.tensor(found) for found in after.values())
assert punished[:, 2].mean() < without[:, 2].mean() - 0.03  # the largest weight
assert punished[:, 1].mean() < without[:, 1].mean() - 0.05  # the share on the word's own object
print(
    "on average over the five, the penalty lowers the largest weight and the share on the word's own object"
)

# %% penalty-table tags=["nbval-ignore-output"]
print(f"{'mean of five networks (from, to)':36}{'trained on':>22}{'with the penalty':>22}")
for k, name in enumerate(("captions without a mistake", "weight on the word's own object", "largest weight")):
    cells = [
        f"{one[:, k].mean():.2f} ({one[:, k].min():.2f}, {one[:, k].max():.2f})"
        for one in (without, punished)
    ]
    print(f"{name:36}{cells[0]:>22}{cells[1]:>22}")

# %% penalty-notice [markdown]
# For our scenes, two objects on an empty ground, that is the wrong wish. The paper's photographs are full of things, its captions longer, and it reports a gain. A penalty is a belief about the data.

# %% sagan [markdown]
# ## {number} · Self-attention over a feature map
#
# A convolution sees near, attention sees far: why not both? The block of SAGAN (Zhang et al. 2019, equations 1 to 3) takes the $n = HW$ places of a map as positions. Four 1×1 convolutions make it up, and a number $\gamma$:
# $$\beta_{ji} = \mathrm{softmax}_i\bigl((W_f x_i)^T (W_g x_j)\bigr), \qquad o_j = W_v\sum_i \beta_{ji}\, W_h x_i, \qquad y_j = \gamma\, o_j + x_j .$$
# $\gamma$ is learned and **starts at 0**. Then $Y = X$, and the block can be put into any network without changing it: the network first learns from what is near, and lets the far in little by little.
#
# **Predict first.** At $\gamma = 0$, which of the block's parameters get a gradient that is not 0?
#
# <details><summary>Answer</summary>
#
# Only $\gamma$: the gradients of all four matrices carry the factor $\gamma$. After its first step they all move.
#
# </details>

# %% sagan-check
block = layers.SelfAttention2d(16, ratio=4, fast=False)
x = torch.randn(2, 16, 5, 6)
assert torch.equal(block(x), x)  # exact: 0·o + x
moving = []
for _ in range(2):
    block.zero_grad()
    (block(x) * torch.linspace(-1, 1, 6)).square().sum().backward()
    moving.append([name for name, p in block.named_parameters() if p.grad.abs().max() > 1e-12])
    with torch.no_grad():
        block.gamma -= 0.01 * block.gamma.grad.sign()
assert moving[0] == ["gamma"]
assert len(moving[1]) == 5
print("first step:", *moving[0], "  second step:", *moving[1])

# %% sagan-cost
with torch.device("meta"):
    with_, without_ = networks.SaganDiscriminator(), networks.SaganDiscriminator(attention=False)
image, M, n = torch.empty(1, 3, 64, 64, device="meta"), 64, 32**2
extra = count_macs(with_, image) - count_macs(without_, image)
assert count_parameters(with_) - count_parameters(without_) == 4 * M * M // 8 + 1
assert extra == 2 * n**2 * M // 8 + 4 * n * M * M // 8
print(f"in a discriminator of {count_parameters(with_):,} parameters the block has {4 * M * M // 8 + 1:,},")
print(f"and adds {extra / count_macs(without_, image):.0%} to the multiply–adds: n² again")

# %% sagan-numbers [markdown]
# **Mind a comparison.** "From 36.8 to 52.52" (Inception score on ImageNet) is often quoted for this block. 36.8 is the best *published model before*. SAGAN differs from it in more than attention: spectral normalisation in the generator too, and other learning rates. So the difference is not the effect of attention alone; for that one needs the paper's own table 1, in which the same network stands with and without the block.

# %% nine [markdown]
# ## {number} · Nine heads that are a convolution
#
# Back to the question of the course. Self-attention is no convolution: its weights depend on the input. But can it *do* what a convolution does? Cordonnier, Loukas and Jaggi (2020) say yes: with $p^2$ heads and a relative encoding of positions, attention can express any $p\times p$ convolution.
#
# A 3×3 convolution is a sum over nine taps. Let head $(u, v)$ look at **one** neighbour of each place, the one at offset $(u-2, v-2)$, and nowhere else; let its value matrix be that tap of the kernel. Summed over the heads,
# $$\sum_{u,v} A_{uv}\, P\, F_{uv} = \text{the convolution}.$$
# Here is the bluntest way to make such heads: all scores 0, and a **mask** that leaves that one neighbour. The slides' outline kernel, on one map:

# %% nine-masks
F = torch.tensor([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]).double()
X = torch.randint(-4, 5, (6, 7)).double()
places = torch.cartesian_prod(torch.arange(6), torch.arange(7))
offsets = places[None] - places[:, None]  # (42, 42, 2): the way from place i to place j
heads = {}
for u in range(3):
    for v in range(3):
        one_neighbour = (offsets == torch.tensor([u - 1, v - 1])).all(2)
        heads[u, v] = layers.masked_softmax(torch.zeros(42, 42).double(), one_neighbour)
Y = sum(A @ X.flatten() * F[tap] for tap, A in heads.items()).reshape(6, 7)
assert torch.equal(Y, layers.conv2d(X[None, None], F[None, None], padding=1)[0, 0])  # exact: whole numbers
print("nine masked heads are the outline filter, exactly, with zeros around the image")

# %% nine-matrix [markdown]
# Seen as matrices: each head is one shifted diagonal, and with the kernel's numbers they add up to the matrix of the convolution that unit 2 knows. A masked head at the border that has no neighbour gets nothing: that is the border of zeros.

# %% nine-picture
figure, axes = plt.subplots(1, 4, figsize=(9, 2.7))
total = sum(A * F[tap] for tap, A in heads.items())
titles = ("head (1, 1): up, left", "head (2, 2): itself", "head (2, 3): right")
for axis, title, A in zip(
    axes, (*titles, "sum, times the kernel"), (heads[0, 0], heads[1, 1], heads[1, 2], total), strict=True
):
    axis.imshow(A, cmap="RdBu", vmin=-A.abs().max(), vmax=A.abs().max())
    axis.set(title=title, xticks=[], yticks=[], xlabel="place looked at")
axes[0].set_ylabel("place")
show(
    figure,
    alt="Three heads as matrices of 42 by 42 weights, each a single diagonal, shifted by another amount and with gaps at the border;"
    " then their sum with the kernel's numbers, the banded matrix of the convolution.",
)
assert torch.equal(total, layers.convolution_matrix(F[None, None], (6, 7), padding=1))  # exact: whole numbers

# %% quadratic [markdown]
# **Without masks**, from a score. Let a head's score depend on the offset $\delta$ alone. In one dimension give each offset the encoding $r_\delta = (\delta^2, \delta)$, and let the head learn a vector $w$:
# $$w = -\alpha\,(1,\ -2\Delta): \qquad w^T r_\delta = -\alpha\,(\delta^2 - 2\Delta\,\delta) = -\alpha\,(\delta - \Delta)^2 + \alpha\Delta^2 .$$
# The last term is the same for all keys, so the softmax forgets it. What is left is a bell around $\Delta$: the head looks $\Delta$ places on, more sharply the larger $\alpha$ is.

# %% quadratic-check
n = 12
delta = (torch.arange(n)[None] - torch.arange(n)[:, None]).double()  # from i to j
encoding = torch.stack([delta**2, delta], 2)  # r, (n, n, 2)
for strength in (0.5, 2.0, 8.0, 32.0):
    A = torch.softmax(encoding @ (-strength * torch.tensor([1.0, -2.0]).double()), 1)  # Δ = 1
    print(f"α = {strength:4.1f}: place 5 looks at place 6 with weight {A[5, 6]:.4f}")
assert abs(A[5, 6].item() - 1) < 1e-12
assert abs(A[-1, -1].item() - 1) < 1e-12  # the last place has no neighbour: it takes the nearest, itself

# %% quadratic-border [markdown]
# Look at the last line of the cell. Where the wanted neighbour lies outside, a softmax must still give its 1 to somebody, and gives it to the *nearest* place. So these heads repeat the border; a convolution puts zeros there. **In the interior they agree, at the border they do not.** An exercise takes this to the plane, and to kernels with several maps.

# %% learned [markdown]
# ### Do heads find it by themselves?
#
# That heads *can* be a convolution does not say that they *become* one. Let nine heads learn: their offsets $\Delta$, which start anywhere, their sharpness, and their value matrices. The teacher is a random 3×3 convolution from two maps to three; five teachers, five starts.


# %% learned-network
SIDE = 8
places = torch.cartesian_prod(torch.arange(SIDE), torch.arange(SIDE)).float()
ways = places[None] - places[:, None]  # (64, 64, 2)


def nine_heads(x, centres, sharpness, values):
    """Heads that look by a bell around their centre: x (N, 2, SIDE, SIDE) -> (N, 3, SIDE, SIDE)."""
    distances = (ways - centres[:, None, None]).square().sum(3)  # (9, 64, 64)
    A = torch.softmax(-sharpness.abs()[:, None, None] * distances, 2)
    y = sum(A[h] @ x.flatten(2).mT @ values[h] for h in range(9))
    return y.mT.unflatten(2, (SIDE, SIDE))


# %% learned-run
def learn(seed, steps=350):
    """Centres of the heads after training, and the error in the interior relative to the teacher's size."""
    torch.manual_seed(seed)
    teacher = torch.randn(3, 2, 3, 3)
    parameters = torch.randn(9, 2), torch.ones(9), 0.1 * torch.randn(9, 2, 3)
    optimiser = torch.optim.Adam([one.requires_grad_() for one in parameters], 0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.1, total_steps=steps)
    for _ in range(steps):
        x = torch.randn(8, 2, SIDE, SIDE)
        inside = nine_heads(x, *parameters)[..., 1:-1, 1:-1]
        loss = (inside - functional.conv2d(x, teacher)).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return parameters[0].detach(), loss.item() / teacher.square().sum((1, 2, 3)).mean().item()


# %% learned-check
centres, errors = zip(*(learn(seed) for seed in range(SEEDS)), strict=True)
assert min(errors) < 0.02
assert max(errors) < 0.6
assert max(errors) > 3 * min(errors)
print("the best of five runs has an error below 2 %, the worst more than three times the best's")

# %% learned-picture tags=["nbval-ignore-output"]
figure, axes = plt.subplots(1, SEEDS, figsize=(9, 2.3), sharey=True)
for axis, one, error in zip(axes, centres, errors, strict=True):
    axis.plot(
        *torch.cartesian_prod(torch.arange(-1, 2), torch.arange(-1, 2)).T, "s", color="#DDDDDD", markersize=15
    )
    axis.plot(one[:, 1], -one[:, 0], "o", color="C1", alpha=0.7)
    axis.set(title=f"error {error:.2%}", xlim=(-1.7, 1.7), ylim=(-1.7, 1.7), aspect="equal")
    axis.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], xlabel="columns on")
axes[0].set(ylabel="rows on", yticklabels=["1", "0", "−1"])
show(
    figure,
    alt="Five panels, each with a grid of nine squares, the taps of a 3 by 3 kernel, and nine points, where the heads look. Error"
    f" relative to the teacher: {', '.join(f'{error:.2%}' for error in errors)}. Where it is small, the points are spread over the"
    " grid, some of them between taps; where it is not, heads lie on one another and a tap is far from every head.",
)

# %% learned-notice [markdown]
# Not always. Where heads end up on one another, a tap is left over, and the error stays. And where it is small, the heads need not sit *on* the taps: bells between taps, added with the right values, make the same kernel. The convolution is among what these heads can express; gradient descent comes near to it in some runs, and stays away from it in others.

# %% summary [markdown]
# ## Summary
#
# - One vector for a whole source is a bottleneck. Attention gives each output a context of its own, a weighted mean of all annotations. On reversed words its worst run was better than the best without it from six letters on, and both fell beyond the training's lengths.
# - Query, key, value: a soft dictionary. Outputs are means: they never leave the values' range.
# - $QK^T$ is $n\times n$. Products of $d$ terms have variance $d$, hence $\sqrt{d_k}$; a mask is put in before the softmax; $h$ heads cost no parameters more.
# - Self-attention is equivariant to every permutation; position encodings break that on purpose. It costs $2n^2d$.
# - A captioner looks at cells; a cell is a region; a bright cell is no proof.
# - SAGAN's block starts as the identity, $\gamma = 0$.
# - Heads that look by position alone are affine. Nine of them with masks *are* a 3×3 convolution; with a relative encoding they are one in the interior.

# %% verdicts [markdown]
# ## The verdict table, whole
#
# Three questions to a layer $f$ with stride $s$. **Affine?** $f$ of the middle of two inputs is the middle of their outputs. **Commutes with shifts?** If the input moves by $s$, the output moves by 1: on the plane, where every output reads a finite window, or only on a circle, where the image closes at its edges. **Same weights for every input?** The slopes $\partial f/\partial x$ do not depend on $x$: the first question once more, asked of the weights; where the answer is no, they are computed from the input. Three times yes, on the plane: a convolution with a bias.

# %% verdicts-table
verdicts.table(upto=7)

# %% verdicts-check [markdown]
# The rows of this unit, each run. The three answers are asserted; printed is the shape of the kernel, where there is one.

# %% verdicts-run
for row in verdicts.ROWS:
    if row.unit == 7:
        found = verdicts.examine(row)
        assert (found.affine, found.commutes, found.same_weights) == (
            row.affine,
            row.commutes,
            row.same_weights,
        )
        assert (found.kernel is not None) == row.is_convolution
        print(f"{row.name:56}", found.kernel or "no convolution")

# %% quiz [markdown]
# ## {number} · The quiz, once more
#
# The twelve layers with which the course began. How many now?

# %% quiz-cards
figures.twelve_layers().show()

# %% corrections [markdown]
# **Where the slides were wrong, or short.** "$QK^T$ has size $d_k\times d_k$": it is $n\times n$ (section {section:self}), unless $d_k$ is read as the number of keys. The slides' text has no $\sqrt{d_k}$; section {section:root} says why it is there. "SAGAN: 36.8 → 52.52" is no effect of attention alone (section {section:sagan}). "Attention solves the bottleneck": for lengths seen in training (section {section:bottleneck}). The doubly stochastic penalty cannot be 0 for a caption shorter than the map (section {section:captions}).

# %% sources [markdown]
# **Sources.** D. Bahdanau, K. Cho, Y. Bengio, *Neural Machine Translation by Jointly Learning to Align and Translate* (2015), section 3, equations (5), (6), appendix A.1.2, table 1 · M.-T. Luong, H. Pham, C. Manning, *Effective Approaches to Attention-based Neural Machine Translation* (2015), section 3.1 · A. Vaswani et al., *Attention Is All You Need* (2017), equation (1), sections 3.2.1 (its footnote 4 on the variance) to 3.5, table 3 · K. Xu et al., *Show, Attend and Tell* (2015), section 3.1, equations (4), (5), (14) · H. Zhang et al., *Self-Attention Generative Adversarial Networks* (2019), equations (1) to (3), tables 1 and 2 · J.-B. Cordonnier, A. Loukas, M. Jaggi, *On the Relationship between Self-Attention and Convolutional Layers* (2020), theorem 1, section 3, equation (9) · the slides: "Neural network architectures" (2022), "Attention", "Non-convolutional layers" (2025).
