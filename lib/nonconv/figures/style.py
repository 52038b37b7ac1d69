"""The house style of the pictures: three sizes,
one set of colours that colour-blind readers can tell apart.
"""

from html import escape
from io import BytesIO

import matplotlib.pyplot as plt
from cycler import cycler
from IPython.display import display
from matplotlib.figure import Figure

CAPTION = "[caption] "
SIZES = {"wide": (9.0, 3.2), "half": (5.0, 3.2), "tall": (9.0, 5.5)}
# M. Okabe, K. Ito, "Color Universal Design" (2008)
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]


def use_style() -> None:
    """Call once at the top of a lecture."""
    plt.rcParams.update(
        {
            "figure.figsize": SIZES["wide"],
            "figure.constrained_layout.use": True,
            "font.size": 10,
            "axes.prop_cycle": cycler(color=COLOURS),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 10,
            "image.cmap": "gray",
            "savefig.dpi": 110,
        }
    )


def show(figure: Figure, alt: str, caption: str = "") -> None:
    """Show a figure with its words: as the image's description, as what a text reader gets instead of it, and
    as the caption under it (the alt text, where there is no other).
    """
    if len(alt) < 20:
        raise ValueError(f"the alt text should say what there is to see, not {alt!r}")
    png = BytesIO()
    figure.savefig(png, format="png")
    plt.close(figure)
    display(
        {"image/png": png.getvalue(), "text/plain": f"[picture] {alt}"},
        metadata={"image/png": {"alt": alt}},
        raw=True,
    )
    words = caption or alt
    # a screen reader has read the alt text already
    hidden = "" if caption else ' aria-hidden="true"'
    display(
        {
            "text/html": f"<p{hidden}><small><em>{escape(words)}</em></small></p>",
            "text/plain": CAPTION + words,
        },
        raw=True,
    )
