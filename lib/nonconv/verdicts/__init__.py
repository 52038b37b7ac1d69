"""The verdict table: which layers are convolutions, as which kernel, and for each "no" its counterexample.

One table for the whole course. A lecture shows it as far as it goes, `table(upto=3)`, and the documents show
it whole. What it says is run, not believed: `examine` looks at a row's layer, and a test holds every row to
what it finds.

Three questions, for a layer f with stride s on images (M, H, W):

    affine?         f((x + y)/2) = (f(x) + f(y))/2 for all x, y
    commutes with   moving the input by s rows and columns moves the output by one: on the plane Z², where
    shifts?         every output reads a finite window, or only on a circle, where the image closes
    same weights?   the slopes ∂f/∂x are the same at every x

A layer with three times "yes, on the plane" is a convolution: `nonconv.reduction.as_convolution` reads its
kernel off.
"""

from nonconv.verdicts.examination import Finding, examine
from nonconv.verdicts.quiz import TWELVE, Question, questions, quiz
from nonconv.verdicts.rows import ROWS, Row
from nonconv.verdicts.table import markdown, table

__all__ = [
    "ROWS",
    "TWELVE",
    "Finding",
    "Question",
    "Row",
    "examine",
    "markdown",
    "questions",
    "quiz",
    "table",
]
