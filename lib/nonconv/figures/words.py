"""A picture and its words: each figure of the course comes with the text that a reader gets who does not see
it.
"""

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from io import BytesIO

import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.figure import Figure

from nonconv.figures.style import show


def png(figure: Figure) -> bytes:
    """The figure as a PNG; the figure is closed."""
    data = BytesIO()
    figure.savefig(data, format="png")
    plt.close(figure)
    return data.getvalue()


@dataclass
class Picture:
    """A figure, what there is to see in it, and, where it moves, the page that moves it.

    `caption` is what stands under it, where that is not the alt text.

    Raises ValueError for an alt text of fewer than 20 characters: it would say too little.
    """

    figure: Figure
    alt: str
    html: str | None = None
    caption: str = ""

    def __post_init__(self) -> None:
        if len(self.alt) < 20:
            raise ValueError(f"the alt text should say what there is to see, not {self.alt!r}")

    def show(self) -> None:
        """The PNG with its alt text; after it the moving one, for a reader whose notebook is trusted."""
        show(self.figure, self.alt, self.caption)
        if self.html is not None:
            display({"text/html": self.html, "text/plain": f"[the same, moving] {self.alt}"}, raw=True)

    def page(self, title: str) -> str:
        """The picture as a section of an HTML page, the PNG inside it."""
        image = b64encode(png(self.figure)).decode()
        still = f'<img src="data:image/png;base64,{image}" alt="{escape(self.alt, quote=True)}">'
        words = escape(self.caption or self.alt)
        return f"<section><h2>{escape(title)}</h2>{still}{self.html or ''}<p>{words}</p></section>"
