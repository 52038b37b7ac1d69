"""Mutants of the solution that are no mistakes, and why."""

CONVOLVED = "torch.nn.functional.conv2d(both[None], W, padding=k // 2)"

EQUAL = {
    "spatial_attention": {
        "W.shape[-1] -> W.shape[-2]": "the kernel is square.",
        f"{CONVOLVED}[0] -> {CONVOLVED}[-1]": "a batch of one: its first image is its last.",
    },
}
