"""Right answers in other costumes."""

import torch

from nonconv.authoring import right


@right("parameter_table")
def with_modules_of_the_framework(M, size, rows):
    counts, numbers = [], None
    for row in rows:
        if row[0] == "pool":
            size = size // row[1]
            continue
        if row[0] == "conv":
            module = torch.nn.Conv2d(M, row[1], row[2])
            M, size = row[1], size - row[2] + 1
        else:
            module = torch.nn.Linear(numbers or M * size**2, row[1])
            numbers = row[1]
        counts.append(sum(parameter.numel() for parameter in module.parameters()))
    return tuple(counts)


@right("parameter_table")
def fc_as_a_convolution_of_full_size(M, size, rows):
    counts = []
    for row in rows:
        if row[0] == "pool":
            size //= row[1]
        else:
            p = row[2] if row[0] == "conv" else size
            counts.append(M * p * p * row[1] + row[1])
            M, size = row[1], size - p + 1
    return tuple(counts)
