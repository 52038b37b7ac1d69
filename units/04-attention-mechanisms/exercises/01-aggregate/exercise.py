# %% aggregate-card [markdown]
# ## {number} · AGG: what a map amounts to
#
# | goal | minutes | difficulty | you need |
# |---|---|---|---|
# | one number for each map, by average or by maximum | 5 | ●○○○○ | lecture, section {section:idea} |
#
# $$F_{agg} = \mathrm{AGG}(X), \qquad X: C\times H\times W, \quad F_{agg}: C\times 1\times 1 .$$
# Write `aggregate(X, by)`, where `by` is `"avg"` or `"max"`, taken over all places of each map. It returns a tensor of shape `(C, 1, 1)`.
#
# You may call what you like of the framework, pooling and convolutions too. A NumPy array becomes a tensor by `torch.from_numpy`.
#
# By hand: a map with the numbers 1, 2, 3, 6 has the average 3 and the maximum 6.

# %% aggregate role="answer"
def aggregate(X, by):
    ### BEGIN SOLUTION Take the average or the maximum of each map over its places; return a tensor of shape (C, 1, 1).
    if by == "avg":
        return X.mean((1, 2), keepdim=True)
    return X.amax((1, 2), keepdim=True)
    ### END SOLUTION


# %% aggregate-hints [markdown]
# <details><summary>Hint 1: the idea</summary>
#
# Which axes of `(C, H, W)` are summed away, and which one stays?
#
# </details>
# <details><summary>Hint 2: almost code</summary>
#
# `mean` and `amax` take several axes at once, and `keepdim=True` leaves them in the shape, as 1.
# (`X.max(1)` takes one axis, and returns two tensors: the maxima, `.values`, and where they are, `.indices`.)
#
# </details>
