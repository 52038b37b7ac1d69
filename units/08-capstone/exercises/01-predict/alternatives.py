"""Right answers in other costumes."""

import re
from itertools import takewhile

from nonconv.authoring import right


@right("left")
def with_a_search_backwards_and_one_forwards(layers):
    def before(n):
        for kind in reversed(layers[:n]):
            if kind in ("relu", "max pool"):
                return False
            if kind.startswith("conv"):
                return True
        return False

    def behind(n):
        for kind in layers[n + 1 :]:
            if kind not in ("dropout", "avg pool", "upsample", "bn"):
                return kind in ("conv", "conv circular")
        return False

    return [n for n, kind in enumerate(layers) if kind == "bn" and not before(n) and not behind(n)]


@right("left")
def by_patterns_in_a_text(layers):
    letter = {"conv": "c", "conv padded": "p", "conv circular": "o", "bn": "b", "relu": "r", "max pool": "m"}
    text = "".join(letter.get(kind, "d" if kind == "dropout" else "t") for kind in layers)
    return [
        found.start()
        for found in re.finditer("b", text)
        if not re.search("[cpo][bdt]*$", text[: found.start()])
        and not re.match("[bdt]*[co]", text[found.end() :])
    ]


@right("left")
def by_cutting_at_what_stops(layers):
    stays, start = [], 0
    for n, kind in enumerate(layers):
        if kind in {"relu", "max pool"}:
            start = n + 1
        if kind == "bn" and not any("conv" in one for one in layers[start:n]):
            skipped = sum(
                1
                for _ in takewhile(
                    lambda one: one in {"dropout", "avg pool", "upsample", "bn"}, layers[n + 1 :]
                )
            )
            nearest = layers[n + 1 + skipped : n + 2 + skipped]
            if nearest != ["conv"] and nearest != ["conv circular"]:
                stays.append(n)
    return tuple(stays)


@right("left")
def from_the_end_to_the_beginning(layers):
    open_ones, stays, nearest = [], [], ""
    for n in range(len(layers) - 1, -1, -1):
        kind = layers[n]
        if kind.startswith("conv"):
            open_ones = []
        elif kind in ("relu", "max pool"):
            stays += open_ones
            open_ones = []
        elif kind == "bn" and nearest not in ("conv", "conv circular"):
            open_ones.append(n)
        if kind not in ("dropout", "avg pool", "upsample", "bn"):
            nearest = kind
    return sorted(stays + open_ones)


@right("left")
def by_taking_them_out_one_by_one(layers):
    kept = [(n, kind) for n, kind in enumerate(layers) if kind != "dropout"]

    def goes(at):
        after = at + 1
        while after < len(kept) and kept[after][1] in ("avg pool", "upsample"):
            after += 1
        if after < len(kept) and kept[after][1] in ("conv", "conv circular"):
            return True
        before = at - 1
        while before >= 0 and kept[before][1] in ("avg pool", "upsample"):
            before -= 1
        return before >= 0 and kept[before][1].startswith("conv")

    at = 0
    while at < len(kept):
        if kept[at][1] == "bn" and goes(at):
            del kept[at]
            at = 0
        else:
            at += 1
    return [n for n, kind in kept if kind == "bn"]


@right("left")
def recursively(layers):
    def rest(n, reached):
        if n == len(layers):
            return []
        kind = layers[n]
        if kind == "bn" and not reached:
            m = n + 1
            while m < len(layers) and layers[m] in ("dropout", "avg pool", "upsample", "bn"):
                m += 1
            goes = m < len(layers) and layers[m] in ("conv", "conv circular")
            return ([] if goes else [n]) + rest(n + 1, False)
        return rest(n + 1, "conv" in kind or (reached and kind not in ("relu", "max pool")))

    return rest(0, False)
