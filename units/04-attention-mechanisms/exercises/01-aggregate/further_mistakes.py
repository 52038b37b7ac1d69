"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong

AGGREGATE = ("aggregate-values", "aggregate-negative")


@wrong("aggregate", says="the sum is divided by H·H: a map has H·W places.", loses=AGGREGATE)
def divides_by_the_square_of_the_height(X, by):
    rows = X.shape[1]
    return X.sum((1, 2), keepdim=True) / rows**2 if by == "avg" else X.amax((1, 2), keepdim=True)


@wrong(
    "aggregate",
    says="argmax says where the maximum is; asked is the maximum itself, as amax gives it.",
    loses=AGGREGATE,
)
def returns_the_place(X, by):
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    return X.flatten(1).argmax(1)[:, None, None].to(X.dtype)


@wrong("aggregate", shows="expected shape (2, 1, 1), got (2, 2, 1)", loses=AGGREGATE)
def goes_along_the_rows_only(X, by):
    return X.mean(2, keepdim=True) if by == "avg" else X.amax(2, keepdim=True)


@wrong(
    "aggregate",
    says="the maximum looks at one column only: both axes, rows and columns, are to go.",
    loses=AGGREGATE,
)
def takes_the_maximum_of_a_column(X, by):
    return X.mean((1, 2), keepdim=True) if by == "avg" else X.max(1, keepdim=True)[0][:, :, :1]
