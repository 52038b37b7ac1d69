"""One copy of a network under the rules: what they propose is checked, applied and written down."""

from dataclasses import dataclass, field
from operator import attrgetter
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
from nonconv.reduction.proof import TOLERANCE, Inputs, step_errors
from nonconv.reduction.proposals import Proposal, Refusal, Rule, Within, called
from nonconv.reduction.reasons import whole
from nonconv.reduction.report import Row, Stage, Step

FEWEST, LITERALLY = "fewest MACs", "literally"
MAX_STAGED = 400  # nodes of a graph: the stages of a larger one nobody can look at, and they take time
Key = tuple[str, str]  # the rule's function, the node's name


class Failure(NamedTuple):
    """Why a step that was tried is not done."""

    rule: str  # the label
    reason: str


@dataclass
class Rewriter:
    """One copy under the rules. The first, in float64, decides and proves (`run`); the second does the same
    with the network's own numbers (`repeat`).
    """

    module: fx.GraphModule
    goal: str
    rows: dict[Key, Row] = field(default_factory=dict)
    failed: dict[Key, Failure] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)  # modules that tracing kept whole, and why
    progress: Progress | None = None
    stages: dict[Key, Stage] = field(default_factory=dict)  # only of the second copy: nobody sees the first
    taken: dict[Key, list[str]] = field(default_factory=dict)  # names of the nodes that each step took

    def __post_init__(self) -> None:
        self.edited = Edited(self.module)
        self.view = self.edited.view
        self.expected = sum(isinstance(x, BatchNorm | Identity) for x in self.view.layers.values())

    def run(self, generator: torch.Generator) -> None:
        """Apply rules until none applies: first those that merge, then those that only write anew."""
        rest = write_rules.WRITE if self.goal == LITERALLY else []
        inputs = Inputs(generator)

        def sweep(rule: Rule) -> bool:
            nodes = list(self.module.graph.nodes)
            return any([self._try(rule, node, inputs) for node in nodes if node in self.view.layers])

        while any(map(sweep, merge_rules.MERGE)) or any(map(sweep, rest)):
            pass

    def repeat(self, work: "Rewriter") -> None:
        """The steps that another copy has done, in their order."""
        rules = {rule.name: rule for rule in (*merge_rules.MERGE, *write_rules.WRITE)}
        self.failed = work.failed
        self.edited.later = {name for names in work.taken.values() for name in names}
        there = {node.name: node for node in self.module.graph.nodes}
        staged = len(there) <= MAX_STAGED
        for key, names in work.taken.items():
            node = there.get(key[1])
            found = self._found(rules[key[0]], node, key) if node in self.view.layers else None
            if found is None or [node.name for node in found.nodes] != names:
                continue  # a step before it was not done
            found = found.built()
            if misfit := self._misfit(found):
                self.failed[key] = Failure(found.rule, misfit)
                continue
            self.rows[key] = work.rows[key]
            made = self.edited.apply(found)
            there |= {node.name: node for node in made}
            if staged:
                gone = tuple(one.name for one in found.nodes if one not in self.view.layers)
                shown = tuple(one.name for one in made)
                self.stages[key] = Stage(self.rows[key], gone, shown, self.steps(), self.macs())
        self.module.graph.lint()

    def let_go(self) -> None:
        """The network is no longer needed, only what was written down of it."""
        self.edited.let_go()
        del self.module, self.view, self.edited

    def steps(self) -> list[Step]:
        """The graph as plain data."""
        return self.edited.described.steps()

    def macs(self) -> int:
        return self.edited.described.macs()

    def _found(self, rule: Rule, node: Node, key: Key) -> Proposal | Within | None:
        try:
            found = rule(self.view, node)
        except ValueError as error:  # an argument that no kernel has: a negative variance, say
            self.failed[key] = Failure(rule.label, str(error))
            return None
        return found if isinstance(found, Proposal | Within) else None

    def _try(self, rule: Rule, node: Node, inputs: Inputs) -> bool:
        """Is there a step at this node, and is it proved? Then it is done."""
        key = (rule.name, node.name)
        if key in self.failed:
            return False
        found = self._found(rule, node, key)
        if found is None or self._against(found):
            return False
        found = found.built()
        try:
            inside, border, scale = step_errors(found, self.module, inputs)
        except Exception as error:  # a step that cannot be tried, for whatever reason, is not done
            said = str(error).splitlines()[0]
            self.failed[key] = Failure(found.rule, f"it could not be proved: {said}")
            return False
        wrong = [error for error in (inside, border) if error is not None and not error <= TOLERANCE * scale]
        if wrong:
            self.failed[key] = Failure(found.rule, f"it is not the same: it errs by {max(wrong):.1e}")
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
        if self.progress is not None:
            self.progress.done(len(self.rows), self.expected)
        self.taken[key] = [node.name for node in found.nodes]
        self.edited.apply(found)
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
            memory, ends = self.view.memory, found.ends or found.nodes[-1:]
            if any(memory.written(node) for node in found.nodes if node not in ends):
                return "memory that it moves through is changed in place"
            if found.ends and memory.written_behind(found.norm, found.x):
                return "what it reads is changed in place behind it"
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
        branch = attrgetter(str(node.target))(self.module) if node.op == "get_attr" else None
        if isinstance(branch, fx.GraphModule):
            calls = [one for one in branch.graph.nodes if one.op == "call_function"]
            inside = [(f"{own}.{one.name}", kind_of(one, branch)) for one in calls]
            return [(path, kind, None) for path, kind in inside if _is_norm(kind)]
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
        if node.op == "get_attr":
            return "it lies in a branch of the graph (torch.cond), which stays whole"
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
