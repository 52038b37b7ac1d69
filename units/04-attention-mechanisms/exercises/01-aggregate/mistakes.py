"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

import nonconv.layers
from nonconv.authoring import right, wrong

AGGREGATE = ("aggregate-values", "aggregate-negative")


@wrong("aggregate", shows="expected shape (2, 1, 1), got (2,)", loses=AGGREGATE)
def drops_the_axes(X, by):
    return X.mean((1, 2)) if by == "avg" else X.amax((1, 2))


@wrong("aggregate", shows="expected shape (2, 1, 1), got (1, 2, 2)", loses=AGGREGATE)
def aggregates_over_the_maps(X, by):
    return X.mean(0, keepdim=True) if by == "avg" else X.amax(0, keepdim=True)


@wrong("aggregate", shows="expected shape (2, 1, 1), got (2, 1, 2)", loses=AGGREGATE)
def aggregates_over_rows_only(X, by):
    return X.mean(1, keepdim=True) if by == "avg" else X.amax(1, keepdim=True)


@wrong("aggregate", says="this is the sum of each map: an average divides it by H·W.", loses=AGGREGATE)
def adds_up(X, by):
    return X.sum((1, 2), keepdim=True) if by == "avg" else X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="the largest number of the whole tensor stands for every map: each map has its own maximum.",
    loses=AGGREGATE,
)
def takes_one_maximum_for_all(X, by):
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    return X.max().expand(len(X), 1, 1)


@wrong("aggregate", says='`by` is not looked at: "max" needs another answer than "avg".', loses=AGGREGATE)
def averages_always(X, by):
    return X.mean((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="the maximum starts at 0, so it never gets below it: a map of negative numbers has a negative maximum.",
    loses=["aggregate-negative"],
)
def starts_the_maximum_at_zero(X, by):
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    largest = torch.zeros(len(X), dtype=X.dtype)
    for k in range(len(X)):
        for number in X[k].flatten():
            largest[k] = max(largest[k], number)
    return largest[:, None, None]


@wrong("aggregate", shows="stopped with AttributeError", loses=AGGREGATE)
def takes_max_for_one_tensor(X, by):
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    return X.max(1).max(2, keepdim=True)


@wrong("aggregate", shows="calls nonconv.layers.gates.aggregate_places", loses=AGGREGATE)
def asks_the_library(X, by):
    return nonconv.layers.aggregate_places(X[None], by)[0][:, None, None]


@wrong(
    "aggregate",
    says='this is the maximum always: `by` is the word "avg" or "max", as a string.',
    loses=AGGREGATE,
)
def looks_for_another_word(X, by):
    if by == "mean":
        return X.mean((1, 2), keepdim=True)
    return X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="the average of the whole tensor stands for every map: each map has its own average.",
    loses=AGGREGATE,
)
def takes_one_average_for_all(X, by):
    if by == "avg":
        return torch.full((len(X), 1, 1), X.mean().item(), dtype=X.dtype)
    return X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="the sum is divided by the number of rows only: a map has H·W places.",
    loses=AGGREGATE,
)
def divides_by_the_rows(X, by):
    if by == "avg":
        return X.sum((1, 2), keepdim=True) / X.shape[1]
    return X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="this is the largest absolute value: of −5 and −1 the maximum is −1.",
    loses=AGGREGATE,
)
def takes_the_largest_absolute_value(X, by):
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    return X.abs().amax((1, 2), keepdim=True)


@wrong("aggregate", shows="expected a tensor of shape (2, 1, 1), got a tuple of 2 values", loses=AGGREGATE)
def returns_values_and_indices(X, by):
    flat = X.flatten(1)
    return flat.mean(1)[:, None, None] if by == "avg" else flat.max(1, keepdim=True)


@wrong(
    "aggregate",
    says='average and maximum are in each other\'s place: look at what is returned for "avg".',
    loses=AGGREGATE,
)
def swaps_the_two(X, by):
    return X.amax((1, 2), keepdim=True) if by == "avg" else X.mean((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="this is the median, the number in the middle: an average is the sum divided by how many there are.",
    loses=AGGREGATE,
)
def takes_the_median(X, by):
    if by == "avg":
        return X.flatten(1).median(1).values[:, None, None]
    return X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="the maxima of the columns are averaged: take the maximum of them, too.",
    loses=AGGREGATE,
)
def averages_the_maxima(X, by):
    return X.mean((1, 2), keepdim=True) if by == "avg" else X.amax(1, keepdim=True).mean(2, keepdim=True)


@wrong("aggregate", shows="its dtype is torch.float32, but torch.float64 is expected", loses=AGGREGATE)
def makes_a_tensor_of_plain_numbers(X, by):
    numbers = [one.mean().item() if by == "avg" else one.max().item() for one in X]
    return torch.tensor(numbers)[:, None, None]


@wrong("aggregate", shows="expected shape (2, 1, 1), got (2, 2, 2)", loses=AGGREGATE)
def returns_what_it_got(X, by):
    return X
