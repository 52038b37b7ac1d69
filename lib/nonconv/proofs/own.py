"""A theorem of one's own, to look at: formulas, code, and a picture of the layers.

`own_theorem("Ada Lovelace")` is the statement drawn for that name, and `theorem` takes it as it takes a name
of the catalogue. How it is drawn stands in catalogue/drawn.py.
"""

from __future__ import annotations

import base64
import html
from typing import Any

from .catalogue import CATALOGUE
from .catalogue.drawn import layers_of, letters_of, own_id
from .catalogue.pipelines import KINDS, OUTPUTS, SIZES, Layer
from .notation import NotationError
from .pictured import svg
from .polynomials import Poly
from .render import plain, plain_cond, plain_poly
from .shown import style_of
from .statement import Def, Statement

LEVEL = 2  # the exercise's
NOBODY = 'Whose theorem? Write me = "…", the name under which you hand in, and run this cell again.'


def own_theorem(name: Any, level: int = LEVEL) -> OwnTheorem:
    """The theorem drawn for a name: the one under which the work is handed in.

    level: 1 is easier than the exercise, 3 is harder; both are for practice. Case, accents, the order of the
    names and what stands behind an @ do not matter. An empty name has no theorem, and is asked for.
    NotationError if that is no name.
    """
    if not isinstance(name, str):
        raise NotationError(f'a name is a text, own_theorem("Ada Lovelace"), not {name!r}')
    if not name.strip():
        return OwnTheorem("", "")
    try:
        return OwnTheorem(name, own_id(name, level))
    except ValueError as problem:
        raise NotationError(str(problem)) from None


class OwnTheorem:
    """What `own_theorem` returns: the name for which it was drawn, and the statement's id."""

    def __init__(self, name: str, id: str):
        self.name, self.id = name, id

    @property
    def statement(self) -> Statement:
        """The statement itself. NotationError if there is no name yet."""
        if not self.id:
            raise NotationError(NOBODY)
        return CATALOGUE[self.id]

    @property
    def symbols_line(self) -> str:
        """The line of code that hands out all names of the statement."""
        return f"{', '.join(self.statement.symbols.split())} = P.symbols()"

    @property
    def code(self) -> str:
        """The layers as PyTorch calls them, one a line; the letters are the statement's."""
        lines, source = [], "X"
        for number, (layer, letters) in enumerate(zip(layers_of(self.id), letters_of(self.id), strict=True)):
            lines.append(f"{OUTPUTS[number]} = {_call(layer, letters, source, SIZES[number])}")
            source = OUTPUTS[number]
        called = [name for name in ("avg_pool2d", "conv2d") if any(f"{name}(" in line for line in lines)]
        return "\n".join([f"from torch.nn.functional import {', '.join(called)}", "", *lines])

    @property
    def picture(self) -> str:
        """The layers as an SVG: the given ones above, the one that they are below."""
        layers, letters = layers_of(self.id), letters_of(self.id)
        boxes = [
            (", ".join(_letters(layer, pair)), *_words(layer))
            for layer, pair in zip(layers, letters, strict=True)
        ]
        whole = ", ".join(self.statement.witnesses)
        return svg(["X", *OUTPUTS[: len(boxes)]], boxes, (whole, "one convolution", "= ?"), self.alt)

    @property
    def alt(self) -> str:
        """The picture in words."""
        path = "X"
        for number, layer in enumerate(layers_of(self.id)):
            path += f" → {layer} → {OUTPUTS[number]}"
        return f"{path}. Below: X → one convolution with {' and '.join(self.statement.witnesses)} → W."

    def __repr__(self) -> str:
        from .session import statement_text

        if not self.id:
            return NOBODY
        # the name is the student's own, so it may hold anything; a line it must stay
        return "\n".join(
            [
                f"The theorem of {' '.join(self.name.split())!r} ({self.id})",
                statement_text(self.id),
                *self.notes,
                "",
                *self.code.splitlines(),
                "",
                self.alt,
                f"Its names: {self.symbols_line}",
            ]
        )

    @property
    def notes(self) -> list[str]:
        """What is not plain from the formulas."""
        found = []
        for layer, (_, scale) in zip(layers_of(self.id), letters_of(self.id), strict=True):
            if layer.kind == "pool":
                found.append(
                    f"({scale} is a number, without an index: 1 by the size of the window gives the average.)"
                )
        return found

    def _repr_html_(self) -> str:
        if not self.id:
            return f"<p>{html.escape(NOBODY)}</p>"
        st, style = self.statement, style_of(self.statement)

        def math(latex: str) -> str:
            return html.escape(rf"$\displaystyle {latex}$")

        rows = []
        for d in st.defs:
            head = style.latex(("acc", d.name, tuple((((x,), 1),) for x in d.params)))
            shape = r",\ ".join(
                rf"{style.name(x)} = 1\dots {style.poly(last)}"
                for x, last in zip(d.params, d.shape, strict=True)
            )
            body = style.latex(d.body) if d.body else r"\text{?}"
            rows.append(f"<tr>{_cell(math(f'{head} := {body}'))}{_cell(math(shape))}</tr>")
        picture = base64.b64encode(self.picture.encode()).decode()
        given = ", ".join(_shape(x, last) for x, (_, last) in st.inputs.items())
        written = "\n".join([self.symbols_line, *map(written_definition, st.defs)])
        conditions = "".join(f", {html.escape(plain_cond(h))}" for h in st.hypotheses)
        return "".join(
            (
                f"<p><b>The theorem of {html.escape(self.name)}</b> ({self.id}).",
                f" {html.escape(st.title)}.</p>",
                f'<p><img alt="{html.escape(self.alt)}" src="data:image/svg+xml;base64,{picture}"></p>',
                f"<p>Given: {html.escape(given)}. All sizes are at least 1{conditions}.</p>",
                f"<table><tbody>{''.join(rows)}</tbody></table>",
                f"<p>Show: {math(f'{style.latex(st.left)} = {style.latex(st.right)}')}</p>",
                *(f"<p>{html.escape(note)}</p>" for note in self.notes),
                f"<p>As PyTorch calls the layers:</p><pre>{html.escape(self.code)}</pre>",
                "<p>As you write it in a proof; the first line is to be copied:</p>",
                f"<pre>{html.escape(written)}</pre>",
            )
        )


def written_definition(d: Def) -> str:
    """Y[k,i] := S[m:M, u:p](X[m,i+u-1]*F[m,k,u]) + b[k]"""
    return f"{d.name}[{','.join(d.params)}] := {'(to be found)' if d.body is None else plain(d.body)}"


def _cell(text: str) -> str:
    return f'<td style="text-align:left">{text}</td>'


def _shape(name: str, last: tuple[Poly, ...]) -> str:
    return f"{name}[{', '.join(f'1..{plain_poly(p)}' for p in last)}]" if last else name


def _letters(layer: Layer, letters: tuple[str, str]) -> tuple[str, ...]:
    """Which of its letters the layer has."""
    if layer.kind == "pool":
        return letters[1:]
    return letters[:1] if layer.kind == "residual" else letters


def _words(layer: Layer) -> tuple[str, str]:
    """Two lines about a layer that fit into a box."""
    kind = KINDS[layer.kind].replace("batch norm in evaluation mode", "batch norm, eval")
    steps = [f"stride {layer.stride}"] * (layer.stride != 1) + [f"dilation {layer.dilation}"] * (
        layer.dilation != 1
    )
    return kind, ", ".join(steps)


def _call(layer: Layer, letters: tuple[str, str], source: str, size: str) -> str:
    kernel, bias = letters
    steps = f", stride={layer.stride}" * (layer.stride != 1) + f", dilation={layer.dilation}" * (
        layer.dilation != 1
    )
    match layer.kind:
        case "pool":
            return f"avg_pool2d({source}, {size}{steps})  # {bias} = 1/({size}*{size})"
        case "norm":
            return f"{kernel} * {source} + {bias}  # batch norm in evaluation mode"
        case "residual":
            return f"conv2d({source}, {kernel}) + {source}[..., {size}:-{size}, {size}:-{size}]"
        case "depthwise":
            return f"conv2d({source}, {kernel}, {bias}{steps}, groups={source}.shape[1])"
    return f"conv2d({source}, {kernel}, {bias}{steps})" + "  # 1x1" * (layer.kind == "point")
