"""What students answer: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import right, wrong

BITS = ("surprise-values", "surprise-long")


@wrong("bits", shows="got inf", loses=BITS)
def takes_the_logarithm_of_the_product(first, table, x):
    p = first[x[0]]
    for t in range(1, len(x)):
        p = p * table[x[t - 1], x[t]]
    return -torch.log2(p) / len(x)


@wrong("bits", says="these are natural logarithms: bits count in base 2, log2.", loses=BITS)
def takes_natural_logarithms(first, table, x):
    p = torch.cat([first[x[:1]], table[x[:-1], x[1:]]])
    return -p.log().mean()


@wrong("bits", says="this is the sum over all symbols: per symbol, divide it by T.", loses=BITS)
def forgets_to_divide(first, table, x):
    p = torch.cat([first[x[:1]], table[x[:-1], x[1:]]])
    return -p.log2().sum()


@wrong("bits", says="the first symbol is left out: its probability stands in first.", loses=BITS)
def leaves_the_first_symbol_out(first, table, x):
    p = table[x[:-1], x[1:]]
    return -p.log2().sum() / len(x)


@wrong(
    "bits",
    says="the table is read by columns: the row is the symbol before, the column the one after.",
    loses=BITS,
)
def reads_the_table_by_columns(first, table, x):
    p = torch.cat([first[x[:1]], table[x[1:], x[:-1]]])
    return -p.log2().mean()


@wrong("bits", says="the sign is missing: −log₂ p, since log₂ of a probability is negative.", loses=BITS)
def forgets_the_sign(first, table, x):
    p = torch.cat([first[x[:1]], table[x[:-1], x[1:]]])
    return p.log2().mean()


@wrong(
    "bits",
    says="each symbol is looked up in first: only the first one is; the others depend on the one before.",
    loses=BITS,
)
def forgets_the_table(first, table, x):
    return -first[x].log2().mean()


@wrong("bits", says="this is 2 to the bits, the perplexity: return the bits themselves.", loses=BITS)
def returns_the_perplexity(first, table, x):
    p = torch.cat([first[x[:1]], table[x[:-1], x[1:]]])
    return 2 ** (-p.log2().mean())


@wrong(
    "bits",
    says="this is −log₂ of the mean probability: take the logarithm of each, then the mean.",
    loses=BITS,
)
def takes_the_mean_first(first, table, x):
    p = torch.cat([first[x[:1]], table[x[:-1], x[1:]]])
    return -p.mean().log2()


@wrong("bits", shows="expected a number, got a list of 1 value", loses=BITS)
def returns_each_symbols(first, table, x):
    p = torch.cat([first[x[:1]], table[x[:-1], x[1:]]])
    return (-p.log2()).tolist()


@right("bits")
def symbol_by_symbol(first, table, x):
    total, row = 0.0, first
    for symbol in x.tolist():
        total -= torch.log2(row[symbol]).item()
        row = table[symbol]
    return total / len(x)


@right("bits")
def with_gather(first, table, x):
    rows = torch.cat([first[None], table[x[:-1]]])
    return -rows.gather(1, x[:, None]).log2().sum() / x.numel()


@right("bits")
def by_counting_pairs(first, table, x):
    V = len(first)
    counts = torch.bincount(V * x[:-1] + x[1:], minlength=V * V).reshape(V, V)
    logs = torch.where(counts > 0, table.log2(), torch.zeros(()).double())
    return -(first[x[0]].log2() + (counts * logs).sum()) / len(x)


@right("bits")
def as_a_cross_entropy(first, table, x):
    rows = torch.cat([first[None], table[x[:-1]]])
    return torch.nn.functional.nll_loss(rows.log(), x) / torch.log(torch.tensor(2.0).double())


@right("bits")
def by_way_of_numpy(first, table, x):
    import numpy as np

    p = np.append(first.numpy()[x[:1]], table.numpy()[x[:-1], x[1:]])
    return float(-np.log2(p).mean())


@right("bits")
def with_one_hot_rows(first, table, x):
    """A tensor of shape (1,)."""
    rows = torch.nn.functional.one_hot(x, len(first)).to(first.dtype)
    p = torch.cat([(rows[:1] * first).sum(1), ((rows[:-1] @ table) * rows[1:]).sum(1)])
    return -p.log2().mean().reshape(1)


@wrong("bits", shows="bits: expected 1.39592868, got", loses=BITS)
def puts_a_floor_under_the_probabilities(first, table, x):
    p = torch.cat([first[x[:1]], table[x[:-1], x[1:]]])
    return -(p + 1e-9).log2().mean()


@wrong("bits", shows="bits: expected", loses=BITS)
def works_in_float32(first, table, x):
    return -torch.cat([first[x[:1]], table[x[:-1], x[1:]]]).float().log2().mean()
