"""From a certificate that the checker accepts to a file that Coq checks: one lemma for each accepted line.

The plan of planning.py says which items of two lines are the same, by which maps, and which are empty; here
it is written down for Coq, which believes nothing of it. A line that is not proved has no lemma.

How a line becomes one sum, in Coq and here: a range, a condition and a product give pairs, a sum of terms a
disjoint union, what has neither sums nor additions in it one point, tt. So an item is a pattern of points.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from nonconv.proofs import polynomials as po
from nonconv.proofs.bounds import _factors, _guards, parameter_conds
from nonconv.proofs.catalogue import CATALOGUE
from nonconv.proofs.chain import check_with
from nonconv.proofs.checking import PROVED, Checker
from nonconv.proofs.flat import Cut, Empty, Map, Same, cancels, items_of
from nonconv.proofs.planning import plans
from nonconv.proofs.polynomials import Poly
from nonconv.proofs.reader import Reader, load
from nonconv.proofs.terms import Cond, Context, Term


class NotTranslated(Exception):
    """There is nothing to translate: the line is not proved."""


class Branch(NamedTuple):
    """A pattern of points, with {name} for each index; the item that it stands for, None for 0."""

    pattern: tuple
    item: int | None


# ---------------------------------------------------------------- names, index expressions, terms
def index(x: str) -> str:
    """The name of an index or a size."""
    return "v_" + x.replace("#", "_")


def tensor(x: str) -> str:
    """The name of a tensor."""
    return "t_" + x


def poly(p: Poly) -> str:
    """An index expression."""
    out = ""
    for mono, c in p:
        factors = ([str(abs(c))] if abs(c) != 1 or not mono else []) + [index(x) for x in mono]
        out += (" - " if c < 0 else " + " if out else "") + " * ".join(factors)
    return f"({out.strip() or '0'})"


def cond(c: Cond) -> str:
    """A condition, as a boolean."""
    return f"({poly(c[1])} =? 0)" if c[0] == "eq" else f"(0 <=? {poly(c[1])})"


def term(t: Term) -> str:
    """A term of the checker, in the ring."""
    kind = t[0]
    if kind == "num":
        return f"(number ({t[1]}))"
    if kind == "acc":
        return f"({' '.join([tensor(t[1]), *map(poly, t[2])])})"
    if kind in ("add", "mul"):
        out = term(t[1])
        for u in t[2:]:
            out = f"({kind} {out} {term(u)})"
        return out
    out = term(t[3])
    if t[2]:
        out = f"(sum (guard ({' && '.join(map(cond, t[2]))})) (fun _ => {out}))"
    for x, lo, hi in reversed(t[1]):
        out = f"(sum (range {poly(lo)} {poly(hi)}) (fun {index(x)} => {out}))"
    return out


class Shape:
    """A term with some definitions put in, as one sum: its type of points and its items."""

    def __init__(self, ctx: Context, t: Term, unfold: frozenset[str], number: Iterator[int]):
        self.ctx, self.unfold, self.number = ctx, unfold, number
        self.count = itertools.count()  # of items that are not 0, in the order of flat.expand
        self.type = self.points(t)
        self.branches = [Branch(p, None if zero else next(self.count)) for p, zero in self.patterns(t)]

    def leaf(self, t: Term) -> bool:
        """Neither sums nor additions?"""
        if t[0] == "acc" and t[1] in self.unfold:
            return self.leaf(self.ctx.definitions[t[1]].body)
        return t[0] in ("num", "acc") or (t[0] == "mul" and all(map(self.leaf, t[1:])))

    def points(self, t: Term) -> str:
        """The type of the points."""
        if self.leaf(t):
            return "unit"
        if t[0] == "acc":
            return self.points(self.ctx.definitions[t[1]].body)
        if t[0] in ("add", "mul"):
            leaf, out = self.leaf(t[1]), self.points(t[1])
            for u in t[2:]:
                if not (t[0] == "mul" and leaf and self.leaf(u)):
                    out, leaf = f"({out} {'+' if t[0] == 'add' else '*'} {self.points(u)})", False
            return out
        out = self.points(t[3])
        out = f"(unit * {out})" if t[2] else out
        for _ in t[1]:
            out = f"(Z * {out})"
        return out

    def patterns(self, t: Term) -> list[tuple[tuple, bool]]:
        """(pattern, is it certainly 0?) for each item, in the order of flat.expand."""
        if t[0] == "num":
            return [(("tt",), t[1] == 0)]
        if t[0] == "acc" and t[1] in self.unfold:
            return self.patterns(self.ctx.definitions[t[1]].body)
        if t[0] == "acc":
            return [(("tt",), False)]
        if t[0] == "add":
            out = self.patterns(t[1])
            for u in t[2:]:
                out = [(("inl", p), z) for p, z in out] + [(("inr", p), z) for p, z in self.patterns(u)]
            return out
        if t[0] == "mul":
            leaf, out = self.leaf(t[1]), self.patterns(t[1])
            for u in t[2:]:
                more, both = self.patterns(u), leaf and self.leaf(u)
                out = [(p if both else ("pair", p, q), y or z) for p, y in out for q, z in more]
                leaf = both
            return out
        names = [f"{x}#{next(self.number)}" for x, _, _ in t[1]]
        out = self.patterns(t[3])
        if t[2]:
            out = [(("pair", ("tt",), p), z) for p, z in out]
        for x in reversed(names):
            out = [(("pair", ("index", x), p), z) for p, z in out]
        return out


def point(pattern: tuple, values: Mapping[str, str]) -> str:
    """A point of an item: its indices have these values."""
    if pattern[0] == "index":
        return values[pattern[1]]
    if pattern[0] == "pair":
        return f"({point(pattern[1], values)}, {point(pattern[2], values)})"
    return "tt" if pattern[0] == "tt" else f"({pattern[0]} {point(pattern[1], values)})"


# ---------------------------------------------------------------- one step
class Lemma:
    """a = b, from a plan that the checker has verified."""

    def __init__(self, ctx: Context, a: Term, b: Term, unfold: tuple[str, ...], cuts: tuple[Cond, ...]):
        self.ctx, self.a, self.b = ctx, a, b
        self.items, self.plan, self.unfold, self.mine = self.planned(unfold, cuts)
        number = itertools.count()
        self.sides = [Shape(ctx, t, self.unfold, number) for t in (a, b)]
        found = [[x.item for x in side.branches if x.item is not None] for side in self.sides]
        assert [len(x) for x in found] == [self.mine, len(self.items) - self.mine]
        # the branch, the side and the cuts of each item
        self.place: dict[int, tuple[int, tuple]] = {}
        for side, shape, first in zip((0, 1), self.sides, (0, self.mine), strict=True):
            for branch in shape.branches:
                if branch.item is not None:
                    self.place[first + branch.item] = (side, branch.pattern)
        self.tree: dict[int, tuple] = {n: (n,) for n in self.place}
        self.root = {n: n for n in self.place}
        for step in self.plan:
            if isinstance(step, Cut):
                self.cut(step)

    def planned(self, unfold: tuple[str, ...], cuts: tuple[Cond, ...]):
        every = frozenset(self.ctx.definitions)
        for names in dict.fromkeys((frozenset(unfold) & every, every)):
            items, mine = items_of(self.ctx, self.a, self.b, names)
            for plan in plans(self.ctx, items, mine, cuts):
                if cancels(self.ctx, items, plan):
                    return items, plan, names, mine
        raise NotTranslated("there is no plan by which these lines are equal")

    def cut(self, step: Cut) -> None:
        new = len(self.items)
        self.items.append(self.items[step.n])
        self.place[new] = self.place[step.n]
        self.root[new] = self.root[step.n]

        def grown(tree: tuple) -> tuple:
            if tree == (step.n,):
                return (step.p, (step.n,), (new,))
            return tree if len(tree) == 1 else (tree[0], grown(tree[1]), grown(tree[2]))

        self.tree[self.root[step.n]] = grown(self.tree[self.root[step.n]])

    # ------------------------------------------------------------ text
    def pattern(self, n: int) -> str:
        _, pattern = self.place[n]
        return point(pattern, {x: index(x) for x in self.items[n].indices})

    def at(self, n: int, values: Map) -> str:
        _, pattern = self.place[n]
        return point(pattern, {x: poly(values.get(x, po.ZERO)) for x in self.items[n].indices})

    def item_number(self, side: int) -> str:
        """The function from points to the numbers of items; items that are 0 have the numbers -1, -2, ..."""

        def text(tree: tuple) -> str:
            if len(tree) == 1:
                return str(tree[0])
            return f"(if 0 <=? {poly(tree[0])} then {text(tree[1])} else {text(tree[2])})"

        first, cases = (0, self.mine)[side], []
        for k, branch in enumerate(self.sides[side].branches):
            if branch.item is None:
                cases.append(f"{point(branch.pattern, _Same())} => -{k + 1}")
            else:
                n = first + branch.item
                cases.append(f"{self.pattern(n)} => {text(self.tree[n])}")
        return f"(fun q : {self.sides[side].type}%type => match q with {' | '.join(cases)} end)"

    def function(self, n: int, m: int, values: Map) -> str:
        """From the points of item n to those of item m."""
        case = f"{self.pattern(n)} => {self.at(m, values)}"
        rest = "" if self.only(n) else f" | _ => {self.at(m, {})}"
        types = [self.sides[self.place[k][0]].type for k in (n, m)]
        return f"(fun q : {types[0]}%type => match q return {types[1]}%type with {case}{rest} end)"

    def only(self, n: int) -> bool:
        """Is it the only item of its side?"""
        return len(self.sides[self.place[n][0]].branches) == 1

    def product(self, n: int) -> str:
        """Item n without its coefficient, as a function on points."""
        out = "r1"
        for t, ix in self.items[n].entries:
            out = f"(mul {out} ({' '.join([tensor(t), *map(poly, ix)])}))"
        rest = "" if self.only(n) else " | _ => r0"
        kind = self.sides[self.place[n][0]].type
        return f"(fun q : {kind}%type => match q with {self.pattern(n)} => {out}{rest} end)"

    def part(self, n: int, f: str | None = None) -> str:
        """The sum of item n."""
        side = self.place[n][0]
        return f"sum (filter (fun q => item{side} q =? {n}) L{side}) {f or f'f{side}'}"

    def write(self, name: str, comment: str) -> Iterator[str]:
        """The lemma with its proof."""
        yield f"Lemma {name} : {term(self.a)} = {term(self.b)}. (* {comment} *)"
        yield "Proof."
        yield self.unfolding()
        yield "etransitivity; [solve [flat] |]; symmetry; etransitivity; [solve [flat] |]; symmetry."
        yield "match goal with |- sum ?a ?b = sum ?c ?d => pose (L0 := a); pose (f0 := b); pose (L1 := c);"
        yield "  pose (f1 := d); change (sum L0 f0 = sum L1 f1) end."
        for side in (0, 1):
            yield f"pose (item{side} := {self.item_number(side)})."
        gone = {step.n for step in self.plan if not isinstance(step, Cut)}
        for step in self.plan:
            if isinstance(step, Empty):
                yield f"assert (E{step.n} : {self.part(step.n)} = r0)."
                yield f"{{ apply empty; intros q Hq; {self.opened()}; points; decided; solve [impossible]. }}"
            elif isinstance(step, Same):
                yield from self.same(step.n, step.m, step.sigma, step.tau)
        for n in range(len(self.items)):
            if n not in gone:
                identity = {x: po.variable(x) for x in self.items[n].indices}
                yield from self.same(n, n, identity, identity)
        for side in (0, 1):
            zeros = [-k - 1 for k, x in enumerate(self.sides[side].branches) if x.item is None]
            for n in zeros:
                here = f"sum (filter (fun q => item{side} q =? {n}) L{side}) f{side}"
                yield f"assert (Z{side}_{-n} : {here} = r0)."
                yield f"{{ apply (zero RT); intros q Hq; {self.opened()}; points; value. }}"
            ns = zeros + [n for n in range(len(self.items)) if self.place[n][0] == side]
            listed = "; ".join(f"({n})" for n in ns)
            yield f"rewrite (itemised RT L{side} f{side} item{side} [{listed}]);"
            yield f"  [| different | intros q Hq; {self.opened()};"
            yield "  points; decided; simpl; tauto]."
        yield "cbn [items]."
        for side in (0, 1):
            for k, x in enumerate(self.sides[side].branches):
                if x.item is None:
                    yield f"rewrite Z{side}_{k + 1}."
        yield " ".join(f"rewrite E{n}." for n in range(len(self.items)))
        kept = [n for n in range(len(self.items)) if n not in gone]
        for n in kept:
            yield f"generalize ({self.part(n, self.product(n))}); intro."
        yield "cbn [number positive_number]; ring."
        yield "Qed."

    def same(self, n: int, m: int, sigma: Map, tau: Map) -> Iterator[str]:
        """Item n is c times the sum of the product of item m."""
        # the coefficients of items on the right were made negative
        c = self.items[n].coef * (1, -1)[self.place[n][0]]
        yield f"assert (E{n} : {self.part(n)} = mul (number ({c})) ({self.part(m, self.product(m))}))."
        yield f"{{ apply (renamed RT {self.function(m, n, sigma)} {self.function(n, m, tau)});"
        plain = f"solve [{self.opened('')}; no_repetition]"
        yield f"  [{plain} | {plain} | |];"
        yield f"  intros q Hq; {self.opened()}; points; decided; try (exfalso; solve [impossible]);"
        yield "  repeat split; first [solve [member] | solve [equal_points] | value]. }"

    @staticmethod
    def opened(known: str = "Hq ") -> str:
        """The sums and the numbers of the items, written out in what is known and in the goal."""
        return f"unfold L0, L1, f0, f1, item0, item1 in {known}|- *"

    def unfolding(self) -> str:
        names = [x for x in self.ctx.definitions if x in self.unfold]
        return f"unfold {', '.join(map(tensor, reversed(names)))}." if names else ""


class _Same(dict):
    """Any name stands for itself."""

    def __missing__(self, x: str) -> str:
        return "_"


# ---------------------------------------------------------------- a file
HEADER = """From Coq Require Import ZArith List Lia Ring Bool ZifyBool.
Require Import Sums.
Import ListNotations.
Open Scope Z_scope.
Section Proof.
Variables (R : Type) (r0 r1 : R) (add mul sub : R -> R -> R) (opp : R -> R).
Hypothesis RT : ring_theory r0 r1 add mul sub opp (@eq R).
Add Ring Rr : RT.
Notation sum := (@sum R r0 add _).
Notation number := (@number R r0 r1 add mul opp).
Notation positive_number := (@positive_number R r1 add mul)."""

TACTICS = """Ltac single t :=
  match t with context [sum _ _] => fail 1 | context [add _ _] => fail 1 | _ => idtac end.
Ltac flat :=
  match goal with
  | |- sum _ _ = _ => refine (one_sum RT _ _ _ _ _); intros; cbv beta; flat
  | |- add _ _ = _ => refine (one_add RT _ _ _ _ _ _ _ _); flat
  | |- mul ?a ?b = _ =>
      tryif (single a; single b) then refine (one_point RT _) else (refine (one_mul RT _ _ _ _ _ _ _ _); flat)
  | |- _ => refine (one_point RT _)
  end.
Ltac different := repeat (apply NoDup_cons; [simpl; intuition discriminate |]); apply NoDup_nil.
Ltac impossible := first [discriminate | lia | nia].
Ltac value := cbv beta iota delta [fst snd]; same; cbn [Sums.number Sums.positive_number]; ring."""


def translate(certificate: str | Mapping, dimension: int = 1) -> str:
    """A file for Coq with a lemma for each line, and the theorem. NotTranslated if it is not proved."""
    proof = Reader().proof(load(certificate))
    whole = CATALOGUE[proof.statement]
    st = replace(whole, dims=(dimension,))
    checker = Checker(st, proof.witness, proof.indices)
    report = check_with(checker, proof)
    wrong = next((r for r in report.lines if r.verdict != PROVED), None)
    if wrong is not None:
        raise NotTranslated(f"line {wrong.number} is {wrong.verdict}")
    if not report.proved:
        raise NotTranslated(report.summary)
    ctx = checker.contexts[dimension]
    lines = [checker.lower(t, dimension) for t in proof.lines]
    reasons = [(r.names, checker.cuts(r, dimension), str(r)) for r in proof.steps]
    left, right = st.goal(dimension)
    if not checker.judgements[dimension].equal(lines[0], left):  # a chain from the right side to the left
        lines, reasons = lines[::-1], reasons[::-1]
    if lines[0] != left:
        lines, reasons = [left, *lines], [((), (), "arithmetic"), *reasons]
    if lines[-1] != right:
        lines, reasons = [*lines, right], [*reasons, ((), (), "arithmetic")]
    out = [
        f"(* {st.title}, in {dimension} dimension(s). Made from a certificate; not to be changed. *)",
        HEADER,
    ]
    out += declarations(ctx)
    out.append(TACTICS)
    names = []
    for n, (a, b, (unfold, cuts, said)) in enumerate(zip(lines, lines[1:], reasons, strict=False), 1):
        out += Lemma(ctx, a, b, unfold, cuts).write(f"step{n}", said)
        names.append(f"step{n}")
    for n, t in enumerate(lines):
        out += inside(ctx, f"inside{n}", t, [])
    theorem = st.id.replace("-", "_")
    out.append(f"Theorem {theorem} : {term(left)} = {term(right)}.")
    out.append("Proof. " + " ".join(f"etransitivity; [exact {x} |]." for x in names) + " reflexivity. Qed.")
    out += ["End Proof.", f"Print Assumptions {theorem}."]
    return "\n".join(out) + "\n"


def declarations(ctx: Context) -> Iterator[str]:
    """The sizes, the tensors, the definitions, the free indices, what is assumed of them."""
    for x, shape in ctx.shapes.items():
        if x not in ctx.definitions:
            yield f"Variable {tensor(x)} : {'Z -> ' * len(shape)}R."
    for x in ctx.sizes:
        yield f"Variable {index(x)} : Z."
    about_sizes = ctx.without_free().hypotheses
    for n, c in enumerate(about_sizes):
        yield f"Hypothesis H{n} : {statement(c)}."
    for x, d in ctx.definitions.items():
        params = "".join(f" ({index(p)} : Z)" for p in d.params)
        yield f"Definition {tensor(x)}{params} : R := {term(d.body)}."
        yield from inside(ctx, f"inside_{x}", d.body, parameter_conds(ctx, x), d.params)
    for x in ctx.free:
        yield f"Variable {index(x)} : Z."
    for n, c in enumerate(ctx.hypotheses):
        if c not in about_sizes:
            yield f"Hypothesis G{n} : {statement(c)}."
    every = [x for x, shape in ctx.shapes.items() if shape]
    for x in every:
        k = len(ctx.shapes[x])
        a, b = (" ".join(f"?{letter}{j}" for j in range(k)) for letter in "ab")
        each = " | ".join(
            f"(match b{j} with context [a{j}] => fail 1 | _ => replace a{j} with b{j} by arithmetic end)"
            for j in range(k)
        )
        yield (
            f"Ltac same_{x} := repeat match goal with |- context [{tensor(x)} {a}] => "
            f"match goal with |- context [{tensor(x)} {b}] => first [{each}] end end."
        )
    yield f"Ltac same := {'; '.join(f'same_{x}' for x in every)}."


def statement(c: Cond) -> str:
    """A condition, as a proposition."""
    return f"{poly(c[1])} = 0" if c[0] == "eq" else f"0 <= {poly(c[1])}"


def inside(ctx: Context, name: str, t: Term, given: list[Cond], bound: tuple[str, ...] = ()) -> Iterator[str]:
    """A lemma: every entry that the term mentions lies in its tensor."""
    goals = [
        "".join(f"forall {index(x)} : Z, " for x in names)
        + "".join(f"{statement(c)} -> " for c in conds)
        + f"{poly(lo)} <= {poly(p)} <= {poly(hi)}"
        for names, conds, p, lo, hi in entries(ctx, t, given, bound)
    ]
    if goals:
        text = " /\\\n  ".join(f"({goal})" for goal in dict.fromkeys(goals))
        yield f"Lemma {name} : {text}.\nProof. repeat split; intros; arithmetic. Qed."


def entries(ctx: Context, t: Term, given: list[Cond], bound: tuple[str, ...]):
    """(bound names, conditions, index, least, greatest) for each index of each entry; see bounds.py."""
    if t[0] == "acc":
        for p, (lo, hi) in zip(t[2], ctx.shapes[t[1]], strict=True):
            yield bound, given, p, lo, hi
    elif t[0] == "add":
        for u in t[1:]:
            yield from entries(ctx, u, given, bound)
    elif t[0] == "mul":
        factors = list(_factors(t))
        for k, u in enumerate(factors):
            guards = [c for j, v in enumerate(factors) if j != k for c in _guards(v)]
            yield from entries(ctx, u, [*given, *guards], bound)
    elif t[0] == "sum":
        ranges = [("ge", po.subtract(po.variable(x), lo)) for x, lo, _ in t[1]]
        ranges += [("ge", po.subtract(hi, po.variable(x))) for x, _, hi in t[1]]
        yield from entries(ctx, t[3], [*given, *ranges, *t[2]], (*bound, *(x for x, _, _ in t[1])))
