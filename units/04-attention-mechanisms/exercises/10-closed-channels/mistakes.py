"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

CLOSED = ("closed-channels-values", "closed-channels-thresholds")


@wrong(
    "closed_channels",
    says="closed for one image is enough for you: it must be closed for every one, all instead of any.",
    loses=["closed-channels-values", "closed-channels-thresholds"],
)
def closes_if_any_is(gate, images, threshold):
    return (gate(images) < threshold).any(0)


@wrong(
    "closed_channels",
    says="you look at the mean over the images: one image with an open gate is enough to keep it open.",
    loses=["closed-channels-values", "closed-channels-thresholds"],
)
def looks_at_the_mean(gate, images, threshold):
    return gate(images).mean(0) < threshold


@wrong("closed_channels", says="this is True where the channel is open: turn it over.", loses=CLOSED)
def says_which_are_open(gate, images, threshold):
    return (gate(images) >= threshold).any(0)


@wrong("closed_channels", shows="expected shape (8,), got (3,)", loses=CLOSED)
def takes_the_other_axis(gate, images, threshold):
    return (gate(images) < threshold).all(1)


@wrong("closed_channels", shows="expected shape (8,), got (3, 8)", loses=CLOSED)
def keeps_every_image(gate, images, threshold):
    return gate(images) < threshold


@wrong(
    "closed_channels",
    says="the threshold is not looked at: it is given, and it is not always 0.1.",
    loses=CLOSED,
)
def takes_a_tenth(gate, images, threshold):
    return gate(images).amax(0) < 0.1


@wrong("closed_channels", shows="expected a tensor of shape (8,), got a list of 1 value", loses=CLOSED)
def lists_the_channels(gate, images, threshold):
    weights = gate(images)
    return [k for k in range(8) if weights[:, k].max() < threshold]


@wrong(
    "closed_channels",
    says="you look at the first image only: every one of them counts.",
    loses=CLOSED,
)
def looks_at_the_first_image(gate, images, threshold):
    return gate(images[:1])[0] < threshold


@wrong(
    "closed_channels",
    says="closed for one image is enough for you: it must be closed for every one, all instead of any.",
    loses=["closed-channels-values", "closed-channels-thresholds"],
)
def compares_the_smallest(gate, images, threshold):
    return gate(images).amin(0) < threshold


@wrong(
    "closed_channels",
    says="these are the numbers of the closed channels: return eight truth values, True where a channel is closed.",
    loses=CLOSED,
)
def returns_their_numbers(gate, images, threshold):
    return torch.nonzero((gate(images) < threshold).all(0)).flatten()


@wrong(
    "closed_channels",
    says="you ask the gate about the mean image: ask about each image, then compare.",
    loses=["closed-channels-values", "closed-channels-thresholds"],
)
def asks_about_the_mean_image(gate, images, threshold):
    return gate(images.mean(0, keepdim=True))[0] < threshold


@wrong(
    "closed_channels",
    says="a weight that is equal to the threshold does not lie below it.",
    loses=CLOSED,
)
def closes_at_the_threshold(gate, images, threshold):
    return (gate(images) <= threshold).all(0)


@wrong("closed_channels", shows="expected truth values (dtype torch.bool), got torch.int64", loses=CLOSED)
def returns_ones_and_zeros(gate, images, threshold):
    return (gate(images) < threshold).all(0).long()


@wrong("closed_channels", shows="torch.tensor(…) makes one of it", loses=CLOSED)
def returns_a_list_of_truth_values(gate, images, threshold):
    return (gate(images) < threshold).all(0).tolist()


@wrong(
    "closed_channels",
    says="closed for most images is enough for you: it must be closed for every one.",
    loses=CLOSED,
)
def closes_if_most_are(gate, images, threshold):
    return (gate(images) < threshold).double().mean(0) > 0.5


@wrong("closed_channels", says="you look at the last image only: every one of them counts.", loses=CLOSED)
def looks_at_the_last_image(gate, images, threshold):
    return gate(images)[-1] < threshold


@wrong("closed_channels", shows="expected shape (8,), got ()", loses=CLOSED)
def asks_for_all_at_once(gate, images, threshold):
    return (gate(images) < threshold).all()


@wrong("closed_channels", shows="closed[4]: expected True, got False", loses=CLOSED)
def remembers_what_was_measured(gate, images, threshold):
    return torch.tensor([True] + [False] * 7)
