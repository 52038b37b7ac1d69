"""One copy of a network under the rules: what they propose is checked, applied and written down."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node

from nonconv.reduction import merge_rules, write_rules
from nonconv.reduction.constants import held
from nonconv.reduction.copies import let_go
from nonconv.reduction.counting import macs, parameters, through
from nonconv.reduction.naming import only_kind_is_read, put, settle, source_of
from nonconv.reduction.nodes import (
    Average,
    BatchNorm,
    Convolution,
    Flatten,
    Identity,
    Kept,
    Linear,
    Sum,
    Transposed,
)
from nonconv.reduction.progress import Progress
from nonconv.reduction.proof import TOLERANCE, step_errors
from nonconv.reduction.proposals import Proposal, Refusal, Rule, View, Within, called
from nonconv.reduction.reading import read
from nonconv.reduction.report import Row, Stage, Step
from nonconv.reduction.shapes import asks_kind, asks_shape_of
from nonconv.reduction.spare import Spare
from nonconv.reduction.tracing import class_of, kind_of, part_at, shape, whole

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
        self.view = View(self.module)
        # by the name of a new layer: what it will have of those that it replaces
        self.casts: dict[str, tuple[torch.dtype, torch.device, bool]] = {}
        self.numbers: dict[int, tuple[torch.dtype, torch.device]] = {}  # what new parameters will be
        # rewritten layers have fewer names than they had nodes: where each of them was
        self.origin = {node: called(node) for node in self.module.graph.nodes}
        self.named: set[str] = set()  # names that the graph did not have
        calls = (str(node.target) for node in self.module.graph.nodes if node.op == "call_module")
        self.expected = sum(isinstance(x, BatchNorm | Identity) for x in self.view.layers.values())
        self.calls = Counter(calls)  # how many nodes call each module
        # whose dtype or device alone is read may go: the merged layer has the same, if all have
        self.alike = len({(p.dtype, p.device) for p in self.module.parameters()}) == 1
        # how many nodes read each parameter and buffer by itself
        self.read = Counter(
            str(node.target)
            for node in self.module.graph.nodes
            if node.op == "get_attr" and not (self.alike and only_kind_is_read(node))
        )
        self.sources: dict[str, str] = {}  # by the name of a new layer: the path of the one that it comes of
        # in which modules something lies that is called or read by itself
        self.folders = {above for path in (*self.calls, *self.read) for above in _above(path)}
        # as long as a node stays what it is; None: it is not shown
        self.described: dict[Node, Step | None] = {}
        self.costs: dict[Node, int] = {}
        self.spare = Spare(self.module)

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
        let_go(self.module)
        del self.module, self.view, self.origin, self.described, self.costs

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
                self._where(found.nodes),
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
            self.rows[key] = Row(found.rule, self._where(found.nodes), True)
        if self.progress is not None:
            self.progress.done(len(self.rows), self.expected)
        staged = self.proved is not None and len(self.module.graph.nodes) <= MAX_STAGED
        before = dict.fromkeys(self.module.graph.nodes) if staged else {}
        if self.proved is None:
            self.taken.update(node.name for node in found.nodes)
        self._apply(found)
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

    def _place(self, found: Proposal) -> Node:
        """Before which node the new layers stand: the last, or whoever asks first for a shape that goes."""
        going = set(found.nodes[:-1])
        asking = [user for node in going for user in node.users if asks_shape_of(user, node)]
        return min([found.nodes[-1], *asking], key=self.view.memory.place.__getitem__)

    def _against(self, found: Proposal | Within) -> str:
        """Why the goal, or memory that is shared, forbids the step; "" if nothing does."""
        if isinstance(found, Within):
            if any(self.view.memory.written(node) for node in found.nodes[:-1]):
                return "memory that it moves through is changed in place"
            return ""
        writer = self.view.memory.hazard(found.nodes, self.view.memory.place[self._place(found)])
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

    # the change

    def _misfit(self, found: Proposal | Within) -> str:
        """Why the merged numbers do not survive the dtype; "" if they do.

        In float16 they overflow at 65504 and vanish below 6e-8.
        """
        dtype, _ = self._kind_of_numbers(found)
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

    def _kind_of_numbers(self, found: Proposal | Within) -> tuple[torch.dtype, torch.device]:
        """Those of the layers that are merged; of their result where they have none."""
        layers = [self.view.layer(node) for node in found.nodes]
        held = [p for layer in layers if layer is not None for p in layer.parameters]
        meta = found.nodes[-1].meta
        if not held:
            return meta["dtype"], meta["device"]
        # the numbers of a merged layer are exact until the end, whatever they will be then
        return self.numbers.get(id(held[0]), (held[0].dtype, held[0].device))

    def _apply(self, found: Proposal | Within) -> None:
        layers = [self.view.layer(node) for node in found.nodes]
        learns = any(p.requires_grad for layer in layers if layer is not None for p in layer.parameters)
        how = (*self._kind_of_numbers(found), learns)
        if isinstance(found, Within):
            self._replace_within(found, how)
            return
        last, first, where = found.nodes[-1], self._place(found), self._where(found.nodes)
        place = self.view.memory.place[first] - (0.5 if first is not last else 0)
        names, new, made = self._names(found), found.x, list[Node]()
        for name, part in zip(names, found.modules, strict=True):
            with self.module.graph.inserting_before(first):
                new = self._call(name, part, new, last, how)
            self.origin[new] = where
            self.view.memory.stands_for(new, last, place)
            made.append(new)
            self._comes_of(name, part, found.nodes)
        for node, as_x in found.shaped_as_x.items():  # who asked for a shape that was there
            for user in [user for user in node.users if user not in found.nodes]:
                user.replace_input_with(node, found.x if as_x else new)
        last.replace_all_uses_with(new)
        self._remove(list(reversed(found.nodes)))
        self._settle(made, how)
        self._read_again(*made, new)

    def _replace_within(self, found: Within, how: tuple[torch.dtype, torch.device, bool]) -> None:
        where = self._where([*found.sources, found.norm])
        for source, part in found.sources.items():
            name = self._path([source]) or self._free_name(source.name)
            with self.module.graph.inserting_before(source):
                new = self._call(name, part, found.inputs[source], source, how)
            self.origin[new] = where
            self.view.memory.stands_for(new, source, self.view.memory.place[source])
            self._comes_of(name, part, [source, found.norm])
            source.replace_all_uses_with(new)
            self._remove([source])
            self._settle([new], how)
            self._read_again(new)
        found.norm.replace_all_uses_with(found.x)
        self._remove([found.norm])
        self._read_again(found.x)

    def _remove(self, nodes: list[Node]) -> None:
        """Take the nodes out, and let go of the numbers that nobody reads now."""
        modules = [str(node.target) for node in nodes if node.op == "call_module"]
        given = {one for node in nodes for one in node.all_input_nodes if one.op == "get_attr"}
        self.view.remove(nodes)
        unread = [node for node in given if not node.users]
        self.view.remove(unread)
        self.calls.subtract(modules)
        self.read.subtract(str(node.target) for node in unread)
        for path in modules:
            if not self.calls[path] and path not in self.folders:
                self.spare.offer(self.module.get_submodule(path)._parameters.values())
                self.module.add_submodule(path, nn.Module())  # the name stays taken
        for node in unread:
            path, _, name = str(node.target).rpartition(".")
            own = self.module.get_submodule(path)._parameters
            in_a_call = any(self.calls[above] for above in _above(str(node.target)))
            if name in own and not self.read[str(node.target)] and not in_a_call:
                self.spare.offer([own[name]])
                own[name] = None

    def _call(
        self, name: str, part: nn.Module, x: Node, old: Node, how: tuple[torch.dtype, torch.device, bool]
    ) -> Node:
        if self.calls[name]:  # a layer that goes with this step
            self.spare.offer(self.module.get_submodule(name)._parameters.values())
        self.module.add_submodule(name, part)
        self.casts[name] = how
        new = self.module.graph.call_module(name, (x,))
        self.calls[name] += 1
        new.meta = {**old.meta, "shape": through(part, shape(x))[0]}
        return new

    def _settle(self, made: list[Node], how: tuple[torch.dtype, torch.device, bool]) -> None:
        """The numbers of new layers take the place of those that went. What no later step merges further gets
        the dtype that it will have.
        """
        for node in made:
            part = part_at(self.module, node.target)
            final = self.proved is not None and node.name not in self.taken
            for name, p in part._parameters.items():
                if p is not None:
                    part._parameters[name] = self.spare.moved(p, *how[:2]) if final else self.spare.moved(p)
            self.numbers.update({id(p): how[:2] for p in part.parameters()})
        self.spare.clear()

    def _read_again(self, *new: Node) -> None:
        """What the users of new nodes are applied to has another name now."""
        users = [user for node in new for user in node.users]
        for node in dict.fromkeys([*new, *users]):
            self.view.layers[node] = read(node, self.module)
            self.described.pop(node, None)
            self.costs.pop(node, None)

    def _names(self, found: Proposal) -> list[str]:
        """Where each module goes: the layer that takes part in the merge keeps its path."""
        path = self._path(found.nodes)
        layers = [p for p in found.modules if isinstance(p, nn.modules.conv._ConvNd | nn.Linear)]
        names: list[str] = []
        for part in found.modules:
            kept = path if layers and part is layers[-1] else None
            names.append(kept or self._free_name(found.nodes[0].name, names))
        return names

    def _comes_of(self, name: str, part: nn.Module, nodes: list[Node]) -> None:
        """Note of which layer the new one comes; who asks for that one's dtype or device asks the new one."""
        if not isinstance(part, nn.modules.conv._ConvNd | nn.Linear):
            return
        kernels = Convolution | Transposed | Linear
        first = next((node for node in nodes if isinstance(self.view.layer(node), kernels)), None)
        source = first and source_of(first, self.sources)
        if source:
            self.sources[name] = source
        given = {one for node in nodes for one in node.all_input_nodes if one.op == "get_attr"}
        paths = {str(node.target) for node in nodes if node.op == "call_module"}
        for node in self.module.graph.find_nodes(op="get_attr") if self.alike else ():
            within = node in given or str(node.target).rpartition(".")[0] in paths
            others = [user for user in node.users if user not in nodes]
            if within and others and all(map(asks_kind, others)):
                self.read[str(node.target)] -= node in given
                node.target = f"{name}.weight"

    def _path(self, nodes: list[Node]) -> str | None:
        """The path of a convolution among these nodes that no other node calls or reads the kernel of."""
        for node in nodes:
            layer = self.view.layer(node)
            known = node.op == "call_module" and isinstance(layer, Convolution | Transposed | Linear)
            if known and self.calls[str(node.target)] == 1 and node.target not in self.folders:
                return str(node.target)
        return None

    def _free_name(self, name: str, taken: list[str] | None = None) -> str:
        while hasattr(self.module, name) or name in (taken or ()):
            name += "_"
        self.named.add(name)
        return name

    def finish(self) -> None:
        """Give the new layers the dtype, device and flags of what they replace, and drop what is not used."""
        self._drop_unused()
        there = dict(self.module.named_modules())
        for name, (dtype, device, learns) in self.casts.items():
            if name in there:
                there[name].to(device, dtype).requires_grad_(learns).eval()
        settle(self.module, self.sources)
        for node in self.module.graph.nodes:  # names that are free now
            old = str(node.target)
            new = old.rstrip("_")
            if (
                node.op == "call_module"
                and old in self.named
                and new != old
                and not hasattr(self.module, new)
            ):
                put(self.module, old, new)
        for part in self.module.modules():
            if type(part) is nn.Module:  # folders that the tracer made
                part.training = False
        self.module.training = False
        self.module.recompile()

    def _drop_unused(self) -> None:
        """Parameters that were merged away, and modules that nobody calls."""
        graph = self.module.graph
        for node in reversed(list(graph.nodes)):
            if not node.users and held(node):
                graph.erase_node(node)
        called = {str(node.target) for node in graph.nodes if node.op == "call_module"}
        read = {str(node.target) for node in graph.nodes if node.op == "get_attr"}
        for path, part in list(self.module.named_modules()):
            names = path.split(".")
            if any(".".join(names[:n]) in called for n in range(1, len(names) + 1)):
                continue
            for name in [*part._parameters, *part._buffers]:
                if (f"{path}.{name}" if path else name) not in read:
                    delattr(part, name)
        self.module.delete_all_unused_submodules()

    # what it says

    def _where(self, nodes: list[Node]) -> str:
        names = list(dict.fromkeys(self.origin.get(node, node.name) for node in nodes))
        return " + ".join(names)

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
        own = self.origin.get(node, node.name)
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
            return f"{self.origin.get(node, target)} stays whole: {why}"
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
            return Row(failed.rule, self._where([node]), False, reason=failed.reason)
        try:
            found = rule(self.view, node)
        except ValueError as error:  # of a rule that is not tried with this goal, but reported
            return Row(rule.label, self._where([node]), False, reason=str(error))
        if isinstance(found, Refusal):
            return Row(found.rule, self._where(found.nodes or [found.node]), False, reason=found.reason)
        if isinstance(found, Proposal | Within):
            reason = self._against(found)
            if found.rule == write_rules.NORM:
                beside = [called(found.x), *(called(user) for user in node.users)]
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
        for node in self.module.graph.nodes:
            if node not in self.costs:
                self.costs[node] = macs(self.view.layer(node), node)
        return sum(self.costs[node] for node in self.module.graph.nodes)

    def steps(self) -> list[Step]:
        """The graph as plain data."""
        found: list[Step] = []
        for node in self.module.graph.nodes:
            if node not in self.described:
                given = tuple(one.name for one in node.all_input_nodes if self._shown(one))
                shown = Step(node.name, self._kind(node), self._label(node), given)
                self.described[node] = shown if self._shown(node) else None
            if (step := self.described[node]) is not None:
                found.append(step)
        return found

    def _shown(self, node: Node) -> bool:
        return node.op != "get_attr" and bool(shape(node) or node.op == "output")

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
            return type(part_at(self.module, node.target)).__name__
        return str(getattr(node.target, "__name__", node.target)) if node.op.startswith("call") else node.name


def _above(path: str) -> list[str]:
    """The modules that the path leads through."""
    names = path.split(".")
    return [".".join(names[:n]) for n in range(1, len(names))]


def _parts(row: Row) -> list[str]:
    return row.where.split(" + ")


def _is_norm(kind: str) -> bool:
    return "batchnorm" in kind.lower().replace("_", "") or "instance_norm" in kind.lower()
