"""Reading certificates, which may be hostile: see certificate.py for their form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from . import polynomials as po
from .checking import Proof
from .dimensions import Written
from .rules import DEFINITION, LEGIBLE, RULES, Reason, read_reason
from .terms import IllFormed

MAX_BYTES = 65_536
MAX_LINES = 60
MAX_NODES = 6_000  # in the whole certificate
MAX_LINE_NODES = 600
MAX_DEPTH = 25
MAX_NUMBER = 10**6
NAME = re.compile(r"[A-Za-z]{1,8}\Z")
OPS = ("<=", "<", ">=", ">", "==")
# what a notebook could not write down: {"unread": one of these} stands in its place
UNREAD = {
    "start": "the first pair (line, reason) stands where the left side should",
    "pair": 'this line is no pair (line, "reason"); is a comma or a bracket missing?',
    "large": f"this formula is too large: at most {MAX_LINE_NODES} parts are read",
    "number": f"a number in a formula is a whole number of at most {MAX_NUMBER:,}",
}


class Reader:
    """Turns hostile JSON into terms; everything is counted, checked for type, and capped.

    A line, a reason or a witness's body that cannot be read costs itself: it becomes ("unread", why), or a
    reason with a problem.
    """

    def __init__(self) -> None:
        self.nodes, self.line_nodes = MAX_NODES, 0

    def line(self, o: Any) -> Written:
        """A line, or ("unread", why)."""
        try:
            return self.term(o)
        except IllFormed as e:
            return ("unread", str(e))

    def term(self, o: Any, depth: int = 0) -> Written:
        """A written term."""
        self.line_nodes = self.line_nodes if depth else MAX_LINE_NODES
        self.count()
        if depth > MAX_DEPTH:
            raise IllFormed(f"this formula has brackets in brackets, more than {MAX_DEPTH} deep")
        if isinstance(o, dict) and o.keys() == {"unread"} and o["unread"] in UNREAD:
            raise IllFormed(UNREAD[o["unread"]])
        if isinstance(o, int):
            return ("num", self.number(o))
        if o == "...":
            return ("blank",)
        if not isinstance(o, list) or not o:
            raise IllFormed("this is not a formula")
        if o[0] == "acc" and len(o) == 3:
            return ("acc", self.name(o[1]), tuple(map(self.poly, self.items(o[2], 16))))
        if o[0] in ("add", "mul"):
            return (o[0], *self.parts(o, depth))
        if o[0] == "sum" and len(o) == 4:
            ranges = []
            for r in self.items(o[1], 12):
                x, lo, hi = self.items(r, 3, exactly=3)
                ranges.append((self.name(x), self.poly(lo), self.poly(hi)))
            conds = tuple(map(self.cond, self.items(o[2], 12)))
            return ("sum", tuple(ranges), conds, self.term(o[3], depth + 1))
        raise IllFormed("this is not a formula")

    def parts(self, o: list, depth: int) -> Iterator[Written]:
        """The parts of a sum or product. Python nests a + b + c + … to the left; here that is one sum."""
        todo = [o]
        while todo:
            u = todo.pop()
            if isinstance(u, list) and u and u[0] == o[0]:
                self.count()
                if len(u) < 3:
                    raise IllFormed("a sum or product needs two parts")
                todo += reversed(u[1:])
            else:
                yield self.term(u, depth + 1)

    def count(self) -> None:
        """One more part of the line and of the certificate."""
        self.nodes -= 1
        self.line_nodes -= 1
        if self.line_nodes < 0:
            raise IllFormed(UNREAD["large"])
        if self.nodes < 0:
            raise IllFormed(f"from here on nothing is read: a proof has at most {MAX_NODES} parts")

    def cond(self, o: Any) -> tuple:
        """A written condition."""
        op, left, right = self.items(o, 3, exactly=3)
        if op not in OPS:
            raise IllFormed("this is not a condition")
        return (op, self.poly(left), self.poly(right))

    def poly(self, o: Any) -> po.Poly:
        """An index expression."""
        if not isinstance(o, dict) or len(o) > 24:
            raise IllFormed("this is not an index expression")
        terms = []
        for key, c in o.items():
            mono = tuple(key.split("*")) if key else ()
            if len(mono) > 4 or not all(map(NAME.match, mono)):
                raise IllFormed("this is not an index expression")
            terms.append((tuple(sorted(mono)), self.number(c)))
        self.nodes -= len(terms) // 4
        return po.collect(terms)

    @staticmethod
    def number(o: Any) -> int:
        if not isinstance(o, int) or isinstance(o, bool) or abs(o) > MAX_NUMBER:
            raise IllFormed(UNREAD["number"])
        return o

    @staticmethod
    def name(o: Any) -> str:
        if not isinstance(o, str) or not NAME.match(o):
            raise IllFormed("a name must be one to eight letters")
        return o

    @staticmethod
    def items(o: Any, most: int, exactly: int | None = None) -> list:
        if not isinstance(o, list) or len(o) > most or (exactly is not None and len(o) != exactly):
            raise IllFormed("a list in this certificate has the wrong length")
        return o

    @staticmethod
    def mapping(o: Any, most: int) -> dict:
        if not isinstance(o, dict) or len(o) > most:
            raise IllFormed("a part of this certificate has the wrong form")
        return o

    def reason(self, o: Any) -> Reason:
        """A step's reason; what is wrong with it is its problem."""
        try:
            o = self.mapping(o, 4)
            text, names = o.get("rule"), tuple(self.items(o.get("names", []), 12))
            if not all(isinstance(word, str) and LEGIBLE.match(word) for word in names):
                raise IllFormed("a name in this reason has characters that no name has")
            if not isinstance(text, str):
                raise IllFormed('a reason is a text such as "distribute" or "definition Z"')
            cuts = tuple(map(self.cond, self.items(o.get("cuts", []), 4)))
        except IllFormed as e:
            return Reason("?", problem=str(e))
        if names and text.lower() in DEFINITION:
            told = read_reason(f"{text} {', '.join(names)}")
        else:
            told = replace(Reason(text) if text in RULES else read_reason(text), names=names)
        return replace(told, cuts=cuts)

    def proof(self, o: Any) -> Proof:
        """A whole certificate."""
        o = self.mapping(o, 12)
        indices = {self.name(x): self.name(k) for x, k in self.mapping(o.get("indices", {}), 20).items()}
        witness = {}
        for x, w in self.mapping(o.get("witness", {}), 8).items():
            w = self.mapping(w, 4)
            params = tuple(map(self.name, self.items(w.get("indices"), 16)))
            witness[self.name(x)] = (params, self.line(w.get("body")))
        lines, steps = (self.items(o.get(part), MAX_BYTES) for part in ("lines", "steps"))
        if len(steps) != max(0, len(lines) - 1):
            raise IllFormed(f"{len(lines)} lines need {max(0, len(lines) - 1)} reasons, not {len(steps)}")
        name = self.name_of_statement(o.get("statement"))
        read = [self.line(line) for line in lines[:MAX_LINES]]
        reasons = [self.reason(step) for step in steps[:MAX_LINES]]
        if len(lines) > MAX_LINES:
            read.append(
                ("unread", f"from here on nothing is read: {MAX_LINES} lines are enough for every proof here")
            )
        return Proof(name, witness, tuple(read), tuple(reasons), indices)

    @staticmethod
    def name_of_statement(o: Any) -> str:
        if not isinstance(o, str) or not re.match(r"[a-z0-9-]{1,40}\Z", o):
            raise IllFormed("the certificate does not name a statement")
        return o


def load(certificate: str | bytes | Mapping) -> Any:
    """JSON from text, with a cap on its size; a dict passes the same check."""
    try:
        if isinstance(certificate, Mapping):
            certificate = json.dumps(certificate)
        size = len(certificate.encode() if isinstance(certificate, str) else certificate)
        if size > MAX_BYTES:
            raise IllFormed(f"the certificate is larger than {MAX_BYTES} bytes")
        return json.loads(certificate)
    except IllFormed:
        raise
    except (ValueError, TypeError, RecursionError, AttributeError) as e:
        raise IllFormed(f"the certificate is not JSON ({type(e).__name__})") from None
