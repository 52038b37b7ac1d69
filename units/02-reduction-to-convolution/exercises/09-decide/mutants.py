"""Slips in the solution that are no mistakes."""

ONE_IMAGE = "There is one image, which is the first and the last."
SAME_EVERYWHERE = "A convolution answers 0 with its bias everywhere; anything else fails the replay."
ORDER = "Each number of the kernel is read for itself."
MORE = "Another image changes nothing for a convolution; a layer that mixes images fails the replay."

AT = "m, stride * i + u - padding, stride * i + v - padding]"
SEEN = "(f(impulse) - start)"
IMAGES = "M, H, W, dtype=torch.float64)"

EQUAL = {
    "as_convolution": {
        f"torch.zeros(1, {IMAGES} -> torch.zeros(2, {IMAGES}": MORE,
        f"torch.randn(2, {IMAGES} -> torch.randn(3, {IMAGES}": MORE,
        "start[0, :, 0, 0] -> start[-1, :, 0, 0]": ONE_IMAGE,
        f"impulse[0, {AT} -> impulse[-1, {AT}": ONE_IMAGE,
        f"{SEEN}[0, :, i, i] -> {SEEN}[-1, :, i, i]": ONE_IMAGE,
        "start[0, :, 0, 0] -> start[0, :, 1, 0]": SAME_EVERYWHERE,
        "start[0, :, 0, 0] -> start[0, :, -1, 0]": SAME_EVERYWHERE,
        "start[0, :, 0, 0] -> start[0, :, 0, 1]": SAME_EVERYWHERE,
        "start[0, :, 0, 0] -> start[0, :, 0, -1]": SAME_EVERYWHERE,
        "for m in range(M): -> runs backwards": ORDER,
        "for u in range(kernel): -> runs backwards": ORDER,
        "for v in range(kernel): -> runs backwards": ORDER,
        "torch.allclose(replayed, f(x)) -> torch.allclose(f(x), replayed)": "Which of two is near the other is the"
        " same, but for a hair in the tolerance.",
    }
}
