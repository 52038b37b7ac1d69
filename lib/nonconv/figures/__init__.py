"""How the course draws: one style, and pictures that come with words."""

from nonconv.figures.style import SIZES, show, use_style

__all__ = ["SIZES", "show", "use_style"]
