"""One copy of a network under the rules: what they propose is checked, applied and written down."""

from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node

from nonconv.reduction import merge_rules, write_rules
from nonconv.reduction.asking import class_of, kind_of, part_at, shape
from nonconv.reduction.counting import macs, parameters, through
from nonconv.reduction.editing import Edited
from nonconv.reduction.nodes import (
    BatchNorm,
    Flatten,
    Identity,
    Kept,
)
from nonconv.reduction.progress import Progress
from nonconv.reduction.proof import TOLERANCE, step_errors
from nonconv.reduction.proposals import Proposal, Refusal, Rule, Within, called
from nonconv.reduction.report import Row, Stage, Step
from nonconv.reduction.tracing import whole

FEWEST, LITERALLY = "fewest MACs", "literally"
MAX_STAGED = 400  # nodes of a graph: the stages of a larger one nobody can look at, and they take time
Key = tuple[str, str]  # the rule's function, the node's name


class Failure(NamedTuple):
    """Why a step that was tried is not done."""

    rule: str  # the label
    reason: str


@dataclass
class Rewriter:
    """One copy under the rules. The first, in float64, decides and proves; the second, with a list of what
    was proved, does the same with the network's own numbers.
    """

    module: fx.GraphModule
    goal: str
    generator: torch.Generator | None
    proved: set[Key] | None = None
    rows: dict[Key, Row] = field(default_factory=dict)
    failed: dict[Key, Failure] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)  # modules that tracing kept whole, and why
    progress: Progress | None = None
    stages: dict[Key, Stage] = field(default_factory=dict)  # only of the second copy: nobody sees the first
    taken: set[str] = field(default_factory=set)  # names of the nodes that steps of the first copy took

    def __post_init__(self) -> None:
        self.edited = Edited(self.module, None if self.proved is None else self.taken)
        self.view = self.edited.view
        self.expected = sum(isinstance(x, BatchNorm | Identity) for x in self.view.layers.values())

    @property
    def done(self) -> set[Key]:
        return set(self.rows)

    def run(self) -> None:
        """Apply rules until none applies: first those that merge, then those that only write anew."""
        rest = write_rules.WRITE if self.goal == LITERALLY else []
        while any(self._sweep(rule) for rule in merge_rules.MERGE) or any(self._sweep(rule) for rule in rest):
            pass
        self.module.graph.lint()
        if self.proved is None:  # else `finish` does
            self.module.recompile()

    def let_go(self) -> None:
        """The network is no longer needed, only what was written down of it."""
        self.edited.let_go()
        del self.module, self.view, self.edited

    def finish(self) -> None:
        """Give the new layers the dtype, device and flags of what they replace, and drop what is not used."""
        self.edited.finish()

    def steps(self) -> list[Step]:
        """The graph as plain data."""
        return self.edited.described.steps()

    def macs(self) -> int:
        return self.edited.described.macs()

    def _sweep(self, rule: Rule) -> bool:
        """Try a rule at each node. Has anything changed?"""
        changed = False
        for node in list(self.module.graph.nodes):
            key = (rule.name, node.name)
            allowed = key not in self.failed and (self.proved is None or key in self.proved)
            if allowed and node in self.view.layers and self._try(rule, node, key):
                changed = True
        return changed

    def _try(self, rule: Rule, node: Node, key: Key) -> bool:
        try:
            found = rule(self.view, node)
        except ValueError as error:  # an argument that no kernel has: a negative variance, say
            self.failed[key] = Failure(rule.label, str(error))
            return False
        if not isinstance(found, Proposal | Within) or self._against(found):
            return False
        found = found.built()
        if self.generator is not None:
            try:
                errors = step_errors(found, self.module, self.generator)
            except Exception as error:  # a step that cannot be tried, for whatever reason, is not done
                self.failed[key] = Failure(
                    found.rule, f"it could not be proved: {str(error).splitlines()[0]}"
                )
                return False
            inside, border, scale = errors
            worst = max(inside or 0.0, border or 0.0)
            if not worst <= TOLERANCE * scale:
                self.failed[key] = Failure(found.rule, f"it is not the same: it errs by {worst:.1e}")
                return False
            self.rows[key] = Row(
                found.rule,
                self.edited.where(found.nodes),
                True,
                found.formula,
                self._held(found),
                self._cost(found),
                inside,
                border,
                fixed=found.fixed,
            )
        elif misfit := self._misfit(found):
            self.failed[key] = Failure(found.rule, misfit)
            return False
        else:
            self.rows[key] = Row(found.rule, self.edited.where(found.nodes), True)
        if self.progress is not None:
            self.progress.done(len(self.rows), self.expected)
        staged = self.proved is not None and len(self.module.graph.nodes) <= MAX_STAGED
        before = dict.fromkeys(self.module.graph.nodes) if staged else {}
        if self.proved is None:
            self.taken.update(node.name for node in found.nodes)
        self.edited.apply(found)
        if staged:
            there = dict.fromkeys(self.module.graph.nodes)
            taken = tuple(node.name for node in before if node not in there and node.op != "get_attr")
            made = tuple(node.name for node in there if node not in before)
            self.stages[key] = Stage(self.rows[key], taken, made, self.steps(), self.macs())
        return True

    # what it costs

    def _cost(self, found: Proposal | Within) -> tuple[int, int]:
        before = sum(macs(self.view.layer(node), node) for node in found.nodes)
        if isinstance(found, Within):
            costs = [through(part, shape(found.inputs[s]))[1] for s, part in found.sources.items()]
            return before, sum(costs)
        size, after = shape(found.x), 0
        for part in found.modules:
            size, cost = through(part, size)
            after += cost
        return before, after

    def _held(self, found: Proposal | Within) -> tuple[int, int]:
        layers = [self.view.layer(node) for node in found.nodes]
        before = {id(p): p.numel() for layer in layers if layer is not None for p in layer.parameters}
        return sum(before.values()), sum(parameters(part) for part in found.modules)

    def _against(self, found: Proposal | Within) -> str:
        """Why the goal, or memory that is shared, forbids the step; "" if nothing does."""
        if isinstance(found, Within):
            if any(self.view.memory.written(node) for node in found.nodes[:-1]):
                return "memory that it moves through is changed in place"
            return ""
        writer = self.view.memory.hazard(found.nodes, self.view.memory.place[self.edited.place(found)])
        if writer is not None:
            return f"{called(writer)} changes in place what it reads"
        if self.goal == LITERALLY:
            return ""
        if found.fixed:
            return "its kernel would fit inputs of this size only"
        before, after = self._cost(found)
        if after > before:
            times = f"{after / before:.3g} times the" if before else f"{after} where it had no"
            return f"{times} multiply–adds"
        layers = [node for node in found.nodes if not isinstance(self.view.layer(node), Flatten)]
        if after == before and len(found.modules) >= len(layers):
            return "as many multiply–adds, and no layer less"
        return ""

    def _misfit(self, found: Proposal | Within) -> str:
        """Why the merged numbers do not survive the dtype; "" if they do.

        In float16 they overflow at 65504 and vanish below 6e-8.
        """
        dtype, _ = self.edited.kind_of_numbers(found)
        limits = torch.finfo(dtype)
        for p in (p for part in found.modules for p in part.parameters() if p.numel()):
            low, high = (end.item() for end in p.detach().aminmax())
            largest = max(-low, high)
            if not largest <= limits.max:
                too = "not a number" if largest != largest else f"too large for {dtype}"
                return f"a number of the merged kernel is {too}"
            if limits.eps * largest > limits.tiny:  # none vanishes that matters
                continue
            if (p.to(dtype).to(p.dtype) - p).abs().max() > limits.eps * largest:
                return f"the merged kernel's numbers are too small for {dtype}"
        return ""

    # what it says

    def refusals(self, said: list[Row]) -> list[Row]:
        """What could have been a convolution, or less of one, and is not; `said` is in the report already."""
        rows: dict[tuple[str, str], Row] = {}
        told = {(row.reason, part) for row in said for part in _parts(row)}
        for rule in [
            *merge_rules.MERGE,
            *(write_rules.WRITE if self.goal == LITERALLY else write_rules.REPORT_ONLY),
        ]:
            for node in self.module.graph.nodes:
                row = self._refusal(rule, node)
                if row is not None and not all((row.reason, part) in told for part in _parts(row)):
                    rows.setdefault((row.rule, row.where), row)
        self._unnamed({part for row in (*said, *rows.values()) for part in _parts(row)}, rows)
        return list(rows.values())

    def _unnamed(self, named: set[str], rows: dict[tuple[str, str], Row]) -> None:
        """No batch norm stays without a word, wherever it is."""
        for node in self.module.graph.nodes:
            for path, kind, inside in self._norms(node):
                if path not in named:
                    reason = self._why_unread(node, kind, inside)
                    rows[write_rules.NORM, path] = Row(write_rules.NORM, path, False, reason=reason)

    def _norms(self, node: Node) -> list[tuple[str, str, nn.Module | None]]:
        """(name, kind, layer) of each batch norm that this node runs."""
        own = self.edited.origin.get(node, node.name)
        if node.op != "call_module":
            kind = kind_of(node, self.module)
            return [(own, kind, None)] if node.op == "call_function" and _is_norm(kind) else []
        parts = part_at(self.module, node.target).named_modules()
        found = [(f"{own}.{path}" if path else own, class_of(part), part) for path, part in parts]
        return [
            (path, kind, part)
            for path, kind, part in found
            if any(map(_is_norm, (kind, *(one.__name__ for one in type(part).__mro__))))
        ]

    def _why_unread(self, node: Node, kind: str, inside: nn.Module | None) -> str:
        target = str(node.target)
        if node.op == "call_module" and inside is not self.module.get_submodule(target):
            why = self.kept.get(target) or whole(self.module.get_submodule(target)) or "reduce looks into no"
            if why == "reduce looks into no":
                why = f"{type(self.module.get_submodule(target)).__name__} is one layer for torch.fx"
            return f"{self.edited.origin.get(node, target)} stays whole: {why}"
        layer = self.view.layer(node)
        if isinstance(layer, Kept):
            return layer.why
        averages = getattr(inside, "running_mean", None)
        if inside is None or isinstance(averages, Tensor):
            return f"reduce does not know {kind}, only what computes as batch_norm of torch does"
        return f"{kind} is no batch norm that can be merged: it takes its averages from the input"

    def _refusal(self, rule: Rule, node: Node) -> Row | None:
        failed = self.failed.get((rule.name, node.name))
        if failed:
            return Row(failed.rule, self.edited.where([node]), False, reason=failed.reason)
        try:
            found = rule(self.view, node)
        except ValueError as error:  # of a rule that is not tried with this goal, but reported
            return Row(rule.label, self.edited.where([node]), False, reason=str(error))
        if isinstance(found, Refusal):
            return Row(found.rule, self.edited.where(found.nodes or [found.node]), False, reason=found.reason)
        if isinstance(found, Proposal | Within):
            reason = self._against(found)
            if found.rule == write_rules.NORM:
                beside = [called(found.x), *(called(user) for user in node.users)]
                reason = (
                    f"nothing beside it takes it in ({', '.join(beside)}); as a convolution it has {reason}"
                )
            return Row(
                found.rule,
                self.edited.where(found.nodes),
                False,
                found.formula,
                self._held(found),
                self._cost(found),
                reason=reason,
            )
        return None


def _parts(row: Row) -> list[str]:
    return row.where.split(" + ")


def _is_norm(kind: str) -> bool:
    return "batchnorm" in kind.lower().replace("_", "") or "instance_norm" in kind.lower()
