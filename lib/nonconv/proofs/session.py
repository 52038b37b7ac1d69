"""What a student works with: `P = theorem("conv-conv")`, P.witness, P.calc, P.show(), P.certificate().

Nothing here is trusted: whatever happens in the notebook, the certificate is judged again elsewhere.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import hints
from .catalogue import CATALOGUE
from .certificate import examine, proof_to_json
from .checking import OWN_NAME, Proof, Report
from .dimensions import Written, bound_names
from .hints import Hint
from .notation import BLANK, Condition, Index, NotationError, Tensor, Value, indices, term
from .own import OwnTheorem, written_definition
from .reader import Reader, load
from .remaining import remaining
from .render import plain, plain_cond, plain_poly
from .rules import Reason, read_reason
from .shown import Shown
from .statement import Statement
from .terms import IllFormed


def split(*conds: Condition) -> Reason:
    """The reason "cut the range of a sum": split(m <= M)."""
    if not conds or not all(isinstance(c, Condition) for c in conds):
        raise NotationError("split takes a condition on a summation index, for example split(m <= M)")
    return Reason("split", (), tuple(c.written for c in conds))


def definition(*tensors: Tensor | str) -> Reason:
    """The reason "definition": definition(Z), the same as "definition Z"."""
    return Reason("definition", tuple(t.name if isinstance(t, Tensor) else str(t) for t in tensors))


def as_reason(x: Any) -> Reason:
    """A reason from what stands behind a line. One that is none has a `problem`; its line says so."""
    if isinstance(x, Reason):
        return x
    return read_reason("..." if x is Ellipsis else x if isinstance(x, str) else repr(x))


def is_pair(x: Any) -> bool:
    """Is it a line with its reason?"""
    return isinstance(x, tuple | list) and len(x) == 2


def as_step(link: Any) -> tuple[Written, Reason]:
    """A line and its reason, from what stands in a chain."""
    if link is Ellipsis:
        return BLANK, Reason("...")
    if isinstance(link, Value):  # its reason is forgotten
        return link.term, Reason("...")
    if not is_pair(link):
        return ("unread", "pair"), Reason("...")
    return term(link[0]), as_reason(link[1])


class Work:
    """A proof in the making. Safe to re-run: every call replaces what the same call said before."""

    def __init__(self, statement: Statement, strict: bool = False):
        self.statement, self.strict = statement, strict
        self._witness: dict[str, tuple[tuple[str, ...], Written]] = {}
        self._lines: tuple[Written, ...] = ()
        self._steps: tuple[Reason, ...] = ()
        self._own: dict[str, str] = {}
        self.wants_hint = False

    # ------------------------------------------------------------ names
    def symbols(self, names: str | None = None) -> Any:
        """The statement's tensors, indices and sizes, in the order in which it lists them (or those asked
        for).
        """
        st = self.statement
        out = []
        for x in (names or st.symbols).replace(",", " ").split():
            if x in st.inputs and not st.inputs[x][0]:
                out.append(Tensor(x)[()])
            elif x in st.tensors:
                out.append(Tensor(x))
            elif x in st.names or x in {y for d in st.defs if d.body for y in bound_names(d.body)}:
                out += indices(x)
            else:
                raise NotationError(
                    f"{x} has no meaning in this statement; for an index of your own use "
                    f'P.positions("{x}") or P.channels("{x}")'
                )
        return out[0] if len(out) == 1 else tuple(out)

    def positions(self, names: str) -> Any:
        """Index names of your own for positions (they stand for one number per dimension)."""
        return self._own_names(names, "s")

    def channels(self, names: str) -> Any:
        """Index names of your own for channels."""
        return self._own_names(names, "c")

    def _own_names(self, names: str, kind: str) -> Any:
        st, out = self.statement, []
        for x in names.replace(",", " ").split():
            if not OWN_NAME.match(x) or x in st.tensors:
                raise NotationError(f"{x} cannot be the name of an index here; use one to six small letters")
            if x in st.sizes:
                raise NotationError(f'{x} is a size here, P.symbols("{x}"); take another letter for an index')
            if x in st.names and (x in st.positions) != (kind == "s"):
                other = "P.positions" if x in st.positions else "P.channels"
                raise NotationError(f'{x} has a meaning here, {other}("{x}"); take another letter')
            if x not in st.names:
                self._own[x] = kind
            out += indices(x)
        return out[0] if len(out) == 1 else tuple(out)

    # ------------------------------------------------------------ what the student says
    def witness(self, head: Value, body: Any) -> None:
        """Define a witness: P.witness(O[m, l, t], ...)."""
        t = head.term if isinstance(head, Value) else None
        if t is None or t[0] != "acc":
            raise NotationError(
                "P.witness takes the entry that is defined and then its definition: "
                "P.witness(O[m, l, t], ...)"
            )
        if t[1] not in self.statement.witnesses:
            asked = ", ".join(self.statement.witnesses) or "nothing"
            raise NotationError(
                f"{t[1]} is not yours to define; this statement asks for {asked}. (An abbreviation is a"
                f" variable of Python: part = S[…](…).)"
            )
        params = []
        for p in t[2]:
            params.append(Index(p).name)
        self._witness[t[1]] = (tuple(params), term(body))

    def calc(self, start: Any, *links: Any) -> None:
        """The chain: the start, then pairs (line, reason). `...` stands for what is still to be written.

        What is wrong with a pair costs its line only, and stands there in `show()`.
        """
        if is_pair(start):  # the left side is forgotten
            start, links = None, (start, *links)
        lines, steps = [("unread", "start") if start is None else term(start)], []
        for n, link in enumerate(links, 1):
            try:
                line, reason = as_step(link)
            except IllFormed as e:
                raise NotationError(f"line {n}: {e}") from None
            lines.append(line)
            steps.append(reason)
        self._lines, self._steps = tuple(lines), tuple(steps)

    # ------------------------------------------------------------ exercise levels, all by the same checker
    def order(self, start: Any, lines: Mapping[str, tuple[Any, Any]], order: str | Iterable[str]) -> None:
        """Shuffled lines: {"A": (line, reason), ...} put in order, "C A B" (or "CAB", or ["C", "A", "B"])."""
        keys = re.findall(r"\w+", order) if isinstance(order, str) else list(map(str, order))
        if not set(keys) <= lines.keys() and set("".join(keys).upper()) <= lines.keys():
            keys = list("".join(keys).upper())
        unknown = [x for x in keys if x not in lines]
        if unknown:
            raise NotationError(f"there is no line {unknown[0]}; the lines are {', '.join(lines)}")
        twice = [x for x in keys if keys.count(x) > 1]
        if twice:
            raise NotationError(f"line {twice[0]} is used more than once")
        self.calc(start, *(lines[x] for x in keys))

    def reasons(self, lines: Sequence[Any], reasons: Sequence[Any]) -> None:
        """Given lines (the first is the start); the student names the reasons, one for each step."""
        if len(reasons) == 1 and isinstance(reasons[0], list | tuple):
            reasons = reasons[0]
        if len(reasons) != len(lines) - 1:
            found = f"is {len(reasons)} reason" if len(reasons) == 1 else f"are {len(reasons)} reasons"
            raise NotationError(
                f"{len(lines)} lines have {len(lines) - 1} steps, but there {found}: one text for each step"
            )
        self.calc(lines[0], *zip(lines[1:], reasons, strict=True))

    # ------------------------------------------------------------ results
    @property
    def proof(self) -> Proof:
        """What has been said so far."""
        return Proof(self.statement.id, dict(self._witness), self._lines, self._steps, dict(self._own))

    def report(self) -> Report:
        """The verdicts: those of the judge, on the very certificate that is handed in."""
        return self.show().report

    def show(self) -> Shown:
        """The chain with every line's reason and verdict, for the notebook and as text."""
        st = self.statement
        result, checked = examine(self.certificate(), st.id, strict=self.strict, parts=False)
        return (
            Shown(*checked)
            if checked
            else Shown(st, Proof(st.id, {}, (), ()), Report(False, result["reason"], {}, ()))
        )

    def certificate(self) -> str:
        """What is handed in: JSON, to be judged again where the notebook's code cannot reach."""
        data = proof_to_json(self.proof) | ({"hint": True} if self.wants_hint else {})
        return json.dumps(data, separators=(",", ":"))

    def hint(self, reference: Mapping | str | None = None, level: int = 1) -> Hint:
        """What to do next, seen from the student's last good line; see `hint`.

        Without a reference the proof is marked: its certificate says that there was a hint, and the checks of
        an exercise show it, under the table, at the price that they set.
        """
        if reference is None:
            self.wants_hint = True
        return hint(self, reference, level)

    def __repr__(self) -> str:
        return f"<proof of {self.statement.id}: {len(self._lines)} lines>"


def theorem(id: str | OwnTheorem, strict: bool = False) -> Work:
    """Start a proof of a statement of the catalogue, or of one's own, theorem(own_theorem("Ada Lovelace")).

    `strict`: at most one definition a line.
    """
    if isinstance(id, OwnTheorem):
        id = id.statement.id
    if id not in CATALOGUE:
        near = difflib.get_close_matches(str(id), CATALOGUE, n=3, cutoff=0.3) or list(CATALOGUE)[:3]
        raise NotationError(f"there is no statement {id}; did you mean {' or '.join(near)}?")
    return Work(CATALOGUE[id], strict)


def resume(certificate: str | Mapping) -> Work:
    """A proof from a certificate, for example to look at it again."""
    proof = Reader().proof(load(certificate))
    work = theorem(proof.statement)
    work._witness, work._lines, work._steps = dict(proof.witness), proof.lines, proof.steps
    work._own = dict(proof.indices)
    return work


def hint(work: Work, reference: Mapping | str | None = None, level: int = 1) -> Hint:
    """A hint that looks at the student's work. Level 1: which rule; 2: the skeleton of the next line; 3:
    the line.

    `reference` is a certificate of a right proof, given by the caller. Without one: which rules remain from
    the last right line to the end; or, where a witness is missing or wrong, a small case, computed.
    """
    shown = work.show()
    if reference is None:
        return remaining(shown.statement, shown.proof, shown.report)
    return hints.hint(shown.proof, shown.report, reference, level)


def statement_text(id: str | OwnTheorem) -> str:
    """A statement in words and formulas, as plain text."""
    st = id.statement if isinstance(id, OwnTheorem) else CATALOGUE[id]
    out = [
        f"{st.title}. {st.claim}",
        "Given: "
        + ", ".join(
            f"{x}[{', '.join(f'1..{plain_poly(p)}' for p in last)}]" if last else x
            for x, (_, last) in st.inputs.items()
        ),
    ]
    out += [f"  {written_definition(d)}" for d in st.defs]
    out.append(f"Show: {plain(st.left)} = {plain(st.right)}")
    least = {n: [x for x, low in st.sizes.items() if low == n] for n in (1, 0)}
    conditions = [f"{', '.join(xs)} >= {n}" for n, xs in least.items() if xs]
    conditions += [f"{x} = 1..{plain_poly(p)}" for x, p in zip(st.free, st.free_last, strict=True)]
    out.append("for all " + "; ".join([*conditions, *map(plain_cond, st.hypotheses)]))
    return "\n".join(out)
