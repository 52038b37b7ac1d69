"""How far `reduce` is, and how long its parts took."""

import sys
import time
from typing import TextIO

PATIENCE = 5.0  # seconds: what is done before says nothing
EVERY = {True: 1.0, False: 10.0}  # seconds between two lines: in a terminal, in a file

GRAPH, PROOF, REWRITING = "graph", "proof", "rewriting"


class Progress:
    """Says on stderr what is being done and about how long it will take, once that has taken five seconds.

    `seconds` says how long each part took.
    """

    def __init__(self, shown: bool = True, out: TextIO | None = None) -> None:
        self.out = (out or sys.stderr) if shown else None
        self.seconds: dict[str, float] = {}
        self._begun = self._since = self._said = time.monotonic()
        self._part = GRAPH
        self._first: float | None = None  # when the first layer was proved
        self._open = False  # a line that the next one is to be written over

    def part(self, name: str) -> None:
        """From here on this part's time runs; it may run more than once."""
        now = time.monotonic()
        self.seconds[self._part] = self.seconds.get(self._part, 0.0) + now - self._since
        self._part, self._since = name, now

    def done(self, layers: int, of: int) -> None:
        """So many layers are proved. What comes behind the proof takes about as long as what came before it,
        and half as long as the proof.
        """
        now = time.monotonic()
        if layers <= 1 or self._first is None:
            self._first = now
            return
        terminal = self.out is not None and self.out.isatty()
        if self.out is None or now - self._begun < PATIENCE or now - self._said < EVERY[terminal]:
            return
        self._said = now
        each = (now - self._first) / (layers - 1)
        whole = each * max(of, layers)
        left = whole - each * layers + self._first - self._begun + whole / 2
        text = f"reduce: {layers} of {of} layers proved, about {max(left, 1):.0f} s left"
        self.out.write(f"\r{text}  " if terminal else f"{text}\n")
        self.out.flush()
        self._open = terminal

    def end(self) -> None:
        self.part("")
        self.seconds.pop("", None)
        if self._open and self.out is not None:
            self.out.write("\n")
