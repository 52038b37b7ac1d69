"""What students answer: the wrong ways, what each is told and loses."""

from functools import partial

from torch import nn

from nonconv.authoring import edited, given, solution, wrong

BRING = ("bring-predicted",)

brings = partial(edited, "bring", solution(__file__, "bring"), given(__file__), loses=BRING)

SLIPS = [
    brings("predicts_another_one", ("['3']", "['6']"), shows="you predict that '3' goes, and it stays"),
    brings(
        "predicts_one_too_many",
        ("['3']", "['3', '6']"),
        shows="you predict that '6' stays, and it goes: convolution, maps moved",
    ),
    brings("predicts_that_all_go", ("['3']", "[]"), shows="you predict that '3' goes, and it stays"),
    brings("counts_the_batch_norms", ("['3']", "[3]"), shows="each name must be a text, such as '1'"),
    brings(
        "names_the_kind",
        ("['3']", "['BatchNorm2d']"),
        shows="no batch norm of it is called 'BatchNorm2d'; they are called '1', '3', '6'",
    ),
    brings("names_it_twice", ("['3']", "['3', '3']"), shows="a name stands twice in your list"),
    brings(
        "brings_one_that_goes_completely",
        ("nn.ReLU(), nn.BatchNorm2d(4), nn.Conv2d(4, 6, 3, padding=1)", "nn.Conv2d(4, 6, 3), nn.BatchNorm2d(6)"),
        ("['3']", "[]"),
        shows="`reduce` removes all of its batch norms",
    ),
    brings(
        "brings_two_batch_norms",
        ("nn.AvgPool2d(2), nn.BatchNorm2d(6)", "nn.AvgPool2d(2)"),
        shows="2 batch norms run in it, and at least 3",
    ),
    brings(
        "forgets_the_maps",
        ("nn.Conv2d(M, 4", "nn.Conv2d(1, 4"),
        shows="running it on images of shape (2, 3, 20, 20) stopped with",
    ),
    brings("returns_the_network_alone", ("return (model, ['3'])", "return model"), shows="return the network"),
    brings("returns_the_list_of_layers", ("return (model,", "return (list(model),"), shows="return a network"),
    brings(
        "brings_a_large_one",
        ("nn.Conv2d(M, 4, 3, padding=1), nn.BatchNorm2d(4)", "nn.Conv2d(M, 400, 3, padding=1), nn.BatchNorm2d(400)"),
        (
            "nn.BatchNorm2d(4), nn.Conv2d(4, 6, 3, padding=1)",
            "nn.BatchNorm2d(400), nn.Conv2d(400, 6, 7, padding=3)",
        ),
        shows="take a network of at most 5,000,000",
    ),
    brings(
        "takes_the_batch_norms_behind_relus",
        (
            "nn.BatchNorm2d(4), nn.ReLU(), nn.BatchNorm2d(4)",
            "nn.ReLU(), nn.BatchNorm2d(4), nn.ReLU(), nn.BatchNorm2d(4)",
        ),
        ("nn.AvgPool2d(2), nn.BatchNorm2d(6), nn.ReLU()", "nn.ReLU(), nn.BatchNorm2d(6), nn.ReLU()"),
        ("['3']", "['2', '4', '7']"),
        shows="`reduce` removes none of its batch norms",
    ),
]  # fmt: skip


@wrong("bring", shows="the batch norm '1' runs 2 times", loses=BRING)
def uses_one_batch_norm_twice(M, size):
    conv, norm = nn.Conv2d(M, M, 3, padding=1), nn.BatchNorm2d(M)
    layers = (conv, norm, nn.ReLU(), conv, norm, nn.ReLU(), nn.BatchNorm2d(M), nn.BatchNorm2d(M))
    return nn.Sequential(*layers), ["6", "7"]


@wrong("bring", shows="calls nonconv.reduction", loses=BRING)
def asks_reduce(M, size):
    import torch

    from nonconv import reduction as library

    layers = [nn.Conv2d(M, 2, 1), nn.BatchNorm2d(2), nn.ReLU(), nn.BatchNorm2d(2), nn.BatchNorm2d(2)]
    model = nn.Sequential(*layers)
    library.reduce(model.eval(), torch.randn(1, M, size, size))
    return model, ["3", "4"]


@wrong("bring", shows="`reduce` leaves this whole network as it is", loses=BRING)
def decides_by_the_numbers(M, size):
    class Deciding(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(M, 2, 1)
            self.a, self.b, self.c = nn.BatchNorm2d(2), nn.BatchNorm2d(2), nn.BatchNorm2d(2)

        def forward(self, x):
            y = self.c(self.b(self.a(self.conv(x)).relu()))
            return y if y.sum() > 0 else -y

    return Deciding(), ["b", "c"]
