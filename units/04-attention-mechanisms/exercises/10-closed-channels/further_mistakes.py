"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong


@wrong(
    "closed_channels",
    says="these are the channels that are open on every image: closed is below the threshold.",
    loses=("closed-channels-values", "closed-channels-thresholds"),
)
def returns_the_open_ones(gate, images, threshold):
    return (gate(images) > threshold).all(0)
