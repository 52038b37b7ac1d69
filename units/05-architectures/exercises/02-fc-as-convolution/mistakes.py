"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

FC = ("fc-kernel-values", "fc-kernel-not-square")


@wrong(
    "fc_kernel",
    says="your kernel reads the maps last: flattening writes map after map, not place after place.",
    loses=FC,
)
def reads_the_maps_last(W, M, p, q):
    return W.reshape(len(W), p, q, M).permute(0, 3, 1, 2)


@wrong("fc_kernel", says="rows and columns are swapped: flattening writes row after row.", loses=FC)
def swaps_rows_and_columns(W, M, p, q):
    return W.reshape(len(W), M, q, p).transpose(2, 3)


@wrong("fc_kernel", says="the kernel is turned around: nothing is flipped in conv2d.", loses=FC)
def flips_it(W, M, p, q):
    return W.reshape(len(W), M, p, q).flip(2, 3)


@wrong("fc_kernel", shows="expected shape (2, 1, 1, 2), got (2, 2)", loses=FC)
def returns_the_matrix(W, M, p, q):
    return W


@wrong("fc_kernel", shows="expected shape (2, 1, 1, 2), got (1, 2, 1, 2)", loses=FC)
def puts_the_input_maps_first(W, M, p, q):
    return W.reshape(len(W), M, p, q).transpose(0, 1)


@wrong("fc_kernel", shows="expected shape (2, 1, 1, 2), got (1, 2, 2)", loses=FC)
def returns_one_kernel_only(W, M, p, q):
    return W[0].reshape(M, p, q).expand(2, p, q)[None][0][:1].expand(1, 2, 2)


@wrong(
    "fc_kernel",
    says="the numbers are divided by p·q: a fully connected layer adds, it does not average.",
    loses=FC,
)
def averages_over_the_window(W, M, p, q):
    return W.reshape(-1, M, p, q) / (p * q)


@wrong("fc_kernel", says="all output numbers share one kernel: each row of W gives one.", loses=FC)
def repeats_the_first_row(W, M, p, q):
    return W[:1].reshape(1, M, p, q).repeat(len(W), 1, 1, 1)


@wrong(
    "fc_kernel",
    shows="expected shape (2, 2, 3, 2), got (2, 2, 2, 3)",
    loses=["fc-kernel-not-square"],
)
def gives_the_columns_first(W, M, p, q):
    if p == q or M == 1:
        return W.reshape(len(W), M, p, q)
    return W.reshape(len(W), M, q, p)


@right("fc_kernel")
def with_unflatten(W, M, p, q):
    return W.unflatten(1, (M, p, q))


@right("fc_kernel")
def number_by_number(W, M, p, q):
    kernel = torch.zeros(len(W), M, p, q, dtype=W.dtype)
    for m in range(M):
        for u in range(p):
            for v in range(q):
                kernel[:, m, u, v] = W[:, (m * p + u) * q + v]
    return kernel
