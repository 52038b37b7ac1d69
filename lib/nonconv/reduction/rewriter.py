"""One copy of a network under the rules: what they propose is checked, applied and written down."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from torch import fx, nn
from torch.fx.node import Node

from nonconv.reduction import merge_rules, write_rules
from nonconv.reduction.counting import macs, parameters, through
from nonconv.reduction.nodes import Average, BatchNorm, Convolution, Flatten, Linear, Sum, Transposed
from nonconv.reduction.proof import TOLERANCE, step_errors
from nonconv.reduction.proposals import Proposal, Refusal, Rule, View
from nonconv.reduction.reading import read
from nonconv.reduction.report import Row, Stage, Step
from nonconv.reduction.tracing import NotTraced, note_shapes, shape

FEWEST, LITERALLY = "fewest MACs", "literally"
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
    inputs: tuple[Any, ...]
    goal: str
    generator: torch.Generator | None
    proved: set[Key] | None = None
    rows: dict[Key, Row] = field(default_factory=dict)
    failed: dict[Key, Failure] = field(default_factory=dict)
    stages: dict[Key, Stage] = field(default_factory=dict)  # only of the second copy: nobody sees the first

    def __post_init__(self) -> None:
        try:
            note_shapes(self.module, self.inputs)
        except Exception as error:
            raise NotTraced(f"it does not run: {str(error).splitlines()[0]}") from error
        self.view = View(self.module)
        self.casts: list[tuple[nn.Module, torch.dtype, torch.device, bool]] = []
        # rewritten layers have fewer names than they had nodes: where each of them was
        self.origin = {node: _name(node) for node in self.module.graph.nodes}

    @property
    def done(self) -> set[Key]:
        return set(self.rows)

    def run(self) -> None:
        """Apply rules until none applies: first those that merge, then those that only write anew."""
        rest = write_rules.WRITE if self.goal == LITERALLY else []
        while any(self._sweep(rule) for rule in merge_rules.MERGE) or any(self._sweep(rule) for rule in rest):
            pass
        self.module.graph.lint()
        self.module.recompile()

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
        if not isinstance(found, Proposal) or self._against(found):
            return False
        if self.generator is not None:
            try:
                errors = step_errors(found.nodes, found.x, found.modules, self.module, self.generator)
            except (ValueError, RuntimeError, KeyError) as error:
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
                self._where(found.nodes),
                True,
                found.formula,
                self._held(found),
                self._cost(found),
                inside,
                border,
            )
        elif not self._fits(found):
            reason = (
                f"a number of the merged kernel is too large for {found.nodes[-1].meta['dtype']}, or none"
            )
            self.failed[key] = Failure(found.rule, reason)
            return False
        else:
            self.rows[key] = Row(found.rule, self._where(found.nodes), True)
        taken, made = tuple(node.name for node in found.nodes), self._apply(found)
        if self.proved is not None:
            self.stages[key] = Stage(self.rows[key], taken, made, self.steps(), self.macs())
        return True

    # what it costs

    def _cost(self, found: Proposal) -> tuple[int, int]:
        before = sum(macs(self.view.layer(node), node) for node in found.nodes)
        size, after = shape(found.x), 0
        for part in found.modules:
            size, cost = through(part, size)
            after += cost
        return before, after

    def _held(self, found: Proposal) -> tuple[int, int]:
        layers = [self.view.layer(node) for node in found.nodes]
        before = {id(p): p.numel() for layer in layers if layer is not None for p in layer.parameters}
        return sum(before.values()), sum(parameters(part) for part in found.modules)

    def _against(self, found: Proposal) -> str:
        """Why the goal, or memory that is shared, forbids the step; "" if nothing does."""
        writer = self.view.memory.hazard(found.nodes)
        if writer is not None:
            return f"{_name(writer)} changes in place what it reads"
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

    # the change

    def _fits(self, found: Proposal) -> bool:
        dtype = found.nodes[-1].meta["dtype"]
        return all(bool(p.to(dtype).isfinite().all()) for part in found.modules for p in part.parameters())

    def _apply(self, found: Proposal) -> tuple[str, ...]:
        """Put the new layers in the place of the old ones; the names of their nodes."""
        last, made = found.nodes[-1], []
        layers = [self.view.layer(node) for node in found.nodes]
        learns = any(p.requires_grad for layer in layers if layer is not None for p in layer.parameters)
        new, where = found.x, self._where(found.nodes)
        for part in found.modules:
            name = self._free_name(found.nodes[0].name)
            self.module.add_submodule(name, part)
            with self.module.graph.inserting_before(last):
                new = self.module.graph.call_module(name, (new,))
            new.meta = {**last.meta, "shape": through(part, shape(new.args[0]))[0]}  # type: ignore[arg-type]
            self.origin[new] = where
            made.append(new.name)
            self.view.memory.stands_for(new, last)
            self.casts.append((part, last.meta["dtype"], last.meta["device"], learns))
        last.replace_all_uses_with(new)
        self.view.remove(reversed(found.nodes))
        for node in list(self.module.graph.nodes):
            if node not in self.view.layers:
                self.view.layers[node] = read(node, self.module)
        for user in new.users:  # what they are applied to has another name now
            self.view.layers[user] = read(user, self.module)
        return tuple(made)

    def _free_name(self, name: str) -> str:
        while hasattr(self.module, name):
            name += "_"
        return name

    def finish(self) -> None:
        """Give the new layers the dtype, device and flags of what they replace, and drop what is not used."""
        for part, dtype, device, learns in self.casts:
            part.to(device, dtype).requires_grad_(learns).eval()
        self.module.delete_all_unused_submodules()
        for node in self.module.graph.nodes:  # names that are free now
            old = str(node.target)
            new = old.rstrip("_")
            if node.op == "call_module" and new != old and "." not in old and not hasattr(self.module, new):
                self.module.add_submodule(new, self.module.get_submodule(old))
                self.module.delete_submodule(old)
                node.target = new
        for part in self.module.modules():
            if type(part) is nn.Module:  # folders that the tracer made
                part.training = False
        self.module.training = False
        self.module.recompile()

    # what it says

    def _where(self, nodes: list[Node]) -> str:
        names = list(dict.fromkeys(self.origin.get(node, node.name) for node in nodes))
        return " + ".join(names)

    def refusals(self) -> list[Row]:
        """What could have been a convolution, or less of one, and is not."""
        rows: dict[tuple[str, str], Row] = {}
        for rule in [
            *merge_rules.MERGE,
            *(write_rules.WRITE if self.goal == LITERALLY else write_rules.REPORT_ONLY),
        ]:
            for node in self.module.graph.nodes:
                row = self._refusal(rule, node)
                if row is not None:
                    rows.setdefault((row.rule, row.where), row)
        return list(rows.values())

    def _refusal(self, rule: Rule, node: Node) -> Row | None:
        failed = self.failed.get((rule.name, node.name))
        if failed:
            return Row(failed.rule, self._where([node]), False, reason=failed.reason)
        try:
            found = rule(self.view, node)
        except ValueError as error:  # of a rule that is not tried with this goal, but reported
            return Row(rule.label, self._where([node]), False, reason=str(error))
        if isinstance(found, Refusal):
            return Row(found.rule, self._where(found.nodes or [found.node]), False, reason=found.reason)
        if isinstance(found, Proposal):
            reason = self._against(found)
            if found.rule == write_rules.NORM:
                beside = [_name(found.x), *(_name(user) for user in node.users)]
                reason = (
                    f"nothing beside it takes it in ({', '.join(beside)}); as a convolution it has {reason}"
                )
            return Row(
                found.rule,
                self._where(found.nodes),
                False,
                found.formula,
                self._held(found),
                self._cost(found),
                reason=reason,
            )
        return None

    def macs(self) -> int:
        return sum(macs(self.view.layer(node), node) for node in self.module.graph.nodes)

    def steps(self) -> list[Step]:
        """The graph as plain data."""
        shown = [
            node
            for node in self.module.graph.nodes
            if node.op != "get_attr" and (shape(node) or node.op == "output")
        ]
        names = {node.name for node in shown}
        return [
            Step(
                node.name,
                self._kind(node),
                self._label(node),
                tuple(given.name for given in node.all_input_nodes if given.name in names),
            )
            for node in shown
        ]

    def _kind(self, node: Node) -> str:
        layer = self.view.layer(node)
        if node.op in ("placeholder", "output"):
            return "input" if node.op == "placeholder" else "output"
        if isinstance(layer, Convolution | Transposed | Linear):
            return "convolution"
        if isinstance(layer, BatchNorm):
            return "batch norm"
        if isinstance(layer, Average):
            return "average"
        return "sum" if isinstance(layer, Sum) else "other"

    def _label(self, node: Node) -> str:
        layer = self.view.layer(node)
        if isinstance(layer, Convolution):
            weight = layer.kernel.weight
            grouped = f", {layer.kernel.groups} groups" if layer.kernel.groups > 1 else ""
            sizes = "×".join(str(n) for n in weight.shape[2:])
            return f"{sizes}, {weight.shape[1] * layer.kernel.groups} → {weight.shape[0]}{grouped}"
        if isinstance(layer, Linear):
            return f"linear {layer.weight.shape[1]} → {layer.weight.shape[0]}"
        if node.op == "call_module":
            return type(self.module.get_submodule(str(node.target))).__name__
        return str(getattr(node.target, "__name__", node.target)) if node.op.startswith("call") else node.name


def _name(node: Node) -> str:
    return str(node.target) if node.op == "call_module" else node.name
