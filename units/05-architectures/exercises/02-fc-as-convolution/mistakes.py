"""What students answer: the wrong ways, what each is told and loses."""

import torch

from nonconv.authoring import wrong

FC = ("fc-kernel-values", "fc-kernel-not-square")


@wrong(
    "fc_kernel",
    says="your kernel reads map after map: here flattening writes place after place, the maps fastest.",
    loses=FC,
)
def reads_map_after_map(W, M, p, q):
    return W.reshape(len(W), M, p, q)


@wrong("fc_kernel", says="rows and columns are swapped: flattening writes row after row.", loses=FC)
def swaps_rows_and_columns(W, M, p, q):
    return W.reshape(len(W), q, p, M).permute(0, 3, 2, 1)


@wrong(
    "fc_kernel",
    says="the maps are read between rows and columns: in this flattening they come last.",
    loses=FC,
)
def puts_the_maps_in_the_middle(W, M, p, q):
    return W.reshape(len(W), p, M, q).transpose(1, 2)


@wrong("fc_kernel", says="the kernel is turned around: nothing is flipped in conv2d.", loses=FC)
def flips_it(W, M, p, q):
    return W.reshape(len(W), p, q, M).permute(0, 3, 1, 2).flip(2, 3)


@wrong("fc_kernel", says="the maps are in the opposite order.", loses=FC)
def turns_the_maps_around(W, M, p, q):
    return W.reshape(len(W), p, q, M).permute(0, 3, 1, 2).flip(1)


@wrong("fc_kernel", shows="expected shape (1, 2, 1, 2), got (1, 4)", loses=FC)
def returns_the_matrix(W, M, p, q):
    return W


@wrong("fc_kernel", shows="expected shape (1, 2, 1, 2), got (1, 1, 2, 2)", loses=FC)
def leaves_the_maps_last(W, M, p, q):
    return W.reshape(len(W), p, q, M)


@wrong("fc_kernel", shows="expected shape (1, 2, 1, 2), got (2, 1, 1, 2)", loses=FC)
def puts_the_input_maps_first(W, M, p, q):
    return W.reshape(len(W), p, q, M).permute(3, 0, 1, 2)


@wrong("fc_kernel", shows="expected shape (1, 2, 1, 2), got (2, 1, 2)", loses=FC)
def returns_one_kernel_only(W, M, p, q):
    return W[0].reshape(p, q, M).permute(2, 0, 1)


@wrong(
    "fc_kernel",
    says="the numbers are divided by p·q: a fully connected layer adds, it does not average.",
    loses=FC,
)
def averages_over_the_window(W, M, p, q):
    return W.reshape(-1, p, q, M).permute(0, 3, 1, 2) / (p * q)


@wrong(
    "fc_kernel",
    says="all output numbers share one kernel: each row of W gives one.",
    loses=FC,
)
def repeats_the_first_row(W, M, p, q):
    return W[:1].reshape(1, p, q, M).permute(0, 3, 1, 2).repeat(len(W), 1, 1, 1)


@wrong(
    "fc_kernel",
    says="the columns of W are taken for its rows: the matrix is transposed before it is reshaped.",
    loses=FC,
)
def reads_column_after_column(W, M, p, q):
    return W.T.reshape(len(W), p, q, M).permute(0, 3, 1, 2)


@wrong(
    "fc_kernel",
    shows="its dtype is torch.float32, but torch.float64 is expected",
    loses=FC,
)
def returns_another_dtype(W, M, p, q):
    return W.reshape(len(W), p, q, M).permute(0, 3, 1, 2).float()


@wrong("fc_kernel", shows="whole numbers, as from // or int()?", loses=FC)
def returns_whole_numbers(W, M, p, q):
    return W.reshape(len(W), p, q, M).permute(0, 3, 1, 2).int()


@wrong("fc_kernel", says="the number of maps is fixed at 2: it is M, whatever M is.", loses=FC)
def takes_two_maps_always(W, M, p, q):
    return W.reshape(-1, p, q, 2).permute(0, 3, 1, 2)
