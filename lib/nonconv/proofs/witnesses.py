"""Are the student's witnesses the right ones? Judged one by one, so that a message can say which is wrong.

With a probe input X: what stays of the theorem at X = 0 is about those witnesses that are not multiplied by X
(the bias), the rest about the others (the kernel). A claim that one is wrong comes with a small case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .budget import STEP_WORK, OutOfBudget, limit
from .dimensions import Written
from .equality import ALL, equal
from .refutation import Counterexample, refute
from .render import plain, plain_entry
from .scope import define
from .statement import Statement
from .terms import Context, Term

Witnesses = Mapping[str, tuple[tuple[str, ...], Written]]
Sides = tuple[Term, Term]


def faults(
    st: Statement, witness: Witnesses, problems: Mapping[str, str], positions: frozenset[str]
) -> dict[str, str | None]:
    """witness -> what is wrong with it, "" if it is right, None if that was not found out.

    `witness` has those that are well-formed, `problems` says of each what is wrong with its form.
    In the statement's least dimension, as partial credit is.
    """
    found: dict[str, str | None] = dict(problems)
    if not witness:
        return found
    d = st.dims[0]
    context, goal = st.context(d, witness, positions), st.goal(d)
    complete = not any(problems.values())
    if complete and _true(context, goal):
        return found
    if not st.probe or len(st.witnesses) < 2:
        ce = _refuted(context, goal) if complete else None
        return found | {x: _case(st, x, ce) if ce else None for x in witness}
    at_zero = st.context(d, witness, positions, probe=st.probe)
    with limit(STEP_WORK):
        seen = set(_unfolded(at_zero, goal[1]))
    for x in witness:
        question = (at_zero, goal) if x in seen else _two_copies(st, context, at_zero, d)
        if not _true(*question):
            ce = _refuted(*question)
            found[x] = _case(st, x, ce) if ce else None
    return found


def _true(context: Context, sides: Sides) -> bool:
    try:
        with limit(STEP_WORK):
            return equal(context, *sides, ALL, context.definitions)
    except OutOfBudget:
        return False


def _refuted(context: Context, sides: Sides) -> Counterexample | None:
    return refute(context, *sides, work=STEP_WORK)


def _case(st: Statement, name: str, ce: Counterexample) -> str:
    sizes = ", ".join(f"{x}={v}" for x, v in ce.values)
    entries = ", ".join(f"{plain_entry(e)} = {v}" for e, v in ce.entries)
    given = f"all entries 0 except {entries}" if entries else "all entries 0"
    return (
        f"{name} is wrong: with {sizes}, take {given}; then {plain(st.left)} is {ce.before}, but with your"
        f" {name} {plain(st.right)} is {ce.after}"
    )


def _two_copies(st: Statement, context: Context, zero: Context, d: int) -> tuple[Context, Sides]:
    """left - left(0) == right - right(0): a context with all definitions twice, the copies at X = 0, and
    left + right0 == right + left0.
    """

    def copy(t: Term) -> Term:
        if t[0] == "acc":
            return ("acc", t[1] + "0", t[2]) if t[1] in zero.definitions else t
        if t[0] in ("add", "mul"):
            return (t[0], *map(copy, t[1:]))
        return (*t[:3], copy(t[3])) if t[0] == "sum" else t

    both = Context(
        context.sizes,
        context.free,
        dict(context.shapes),
        context.hypotheses,
        context.extents,
        dict(context.definitions),
    )
    for x, definition in zero.definitions.items():
        define(both, x + "0", definition.params, zero.shapes[x], copy(definition.body))
    left, right = st.goal(d)
    return both, (("add", left, copy(right)), ("add", right, copy(left)))


def _unfolded(context: Context, t: Term) -> Iterator[str]:
    """The tensors that matter in a term, unfolded: those not multiplied by a literal 0."""
    if t[0] == "acc":
        yield t[1]
        if t[1] in context.definitions:
            yield from _unfolded(context, context.definitions[t[1]].body)
    elif t[0] == "add":
        for u in t[1:]:
            yield from _unfolded(context, u)
    elif t[0] == "mul":
        if ("num", 0) not in t:
            for u in t[1:]:
                yield from _unfolded(context, u)
    elif t[0] == "sum":
        yield from _unfolded(context, t[3])
