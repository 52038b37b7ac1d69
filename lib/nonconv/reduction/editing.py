"""One copy of a network while layers are merged in it: names, paths, numbers, and what is no longer read."""

from collections import Counter
from typing import Any

import torch
from torch import fx, nn
from torch.fx.node import Node

from nonconv.reduction.asking import part_at, shape
from nonconv.reduction.constants import held
from nonconv.reduction.copies import let_go
from nonconv.reduction.counting import through
from nonconv.reduction.described import Described
from nonconv.reduction.memory import changes
from nonconv.reduction.naming import only_kind_is_read, put, settle, source_of
from nonconv.reduction.nodes import Convolution, Layer, Linear, Transposed
from nonconv.reduction.proposals import Proposal, View, Within, called
from nonconv.reduction.reading import read
from nonconv.reduction.shapes import asks_kind, asks_shape_of


class Edited:
    """A graph and its layers."""

    def __init__(self, module: fx.GraphModule) -> None:
        self.module = module
        self.later: set[str] | None = None  # names of the nodes that a later step takes, if that is known
        self.view = View(module)
        self.described = Described(module, self.view)
        # by the name of a new layer: what it will have of those that it replaces
        self.casts: dict[str, tuple[torch.dtype, torch.device, bool]] = {}
        self.numbers: dict[int, tuple[torch.dtype, torch.device]] = {}  # what new parameters will be
        # rewritten layers have fewer names than they had nodes: where each of them was
        self.origin = {node: called(node) for node in module.graph.nodes}
        self.named: set[str] = set()  # names that the graph did not have
        calls = (str(node.target) for node in module.graph.nodes if node.op == "call_module")
        self.calls = Counter(calls)  # how many nodes call each module
        # whose dtype or device alone is read may go: the merged layer has the same, if all have
        self.alike = len({(p.dtype, p.device) for p in module.parameters()}) == 1
        read_by_itself = module.graph.find_nodes(op="get_attr") if self.alike else ()
        self.asked = [node for node in read_by_itself if any(map(asks_kind, node.users))]
        # how many nodes read each parameter and buffer by itself
        self.read = Counter(
            str(node.target)
            for node in module.graph.nodes
            if node.op == "get_attr" and not (self.alike and only_kind_is_read(node))
        )
        self.sources: dict[str, str] = {}  # by the name of a new layer: the path of the one that it comes of
        # in which modules something lies that is called or read by itself
        self.folders = {above for path in (*self.calls, *self.read) for above in _above(path)}

    def let_go(self) -> None:
        """The network is no longer needed, only what was written down of it."""
        let_go(self.module)
        del self.module, self.view, self.origin, self.described

    def where(self, nodes: list[Node]) -> str:
        """In words, by the names that the network had."""
        names = list(dict.fromkeys(self.origin.get(node, node.name) for node in nodes))
        return " + ".join(names)

    def place(self, found: Proposal) -> Node:
        """Before which node the new layers stand: the last, or whoever asks first for a shape that goes."""
        going = set(found.nodes[:-1])
        asking = [user for node in going for user in node.users if asks_shape_of(user, node)]
        return min([found.nodes[-1], *asking], key=self.view.memory.place.__getitem__)

    def kind_of_numbers(self, found: Proposal | Within) -> tuple[torch.dtype, torch.device]:
        """Those of the layers that are merged; of their result where they have none."""
        layers = [self.view.layer(node) for node in found.nodes]
        held = [p for layer in layers if layer is not None for p in layer.parameters]
        meta = found.nodes[-1].meta
        if not held:
            return meta["dtype"], meta["device"]
        # the numbers of a merged layer are exact until the end, whatever they will be then
        return self.numbers.get(id(held[0]), (held[0].dtype, held[0].device))

    def apply(self, found: Proposal | Within) -> list[Node]:
        """Put the new layers in the place of the nodes that they are merged of; gives their nodes."""
        layers = [self.view.layer(node) for node in found.nodes]
        learns = any(p.requires_grad for layer in layers if layer is not None for p in layer.parameters)
        how = (*self.kind_of_numbers(found), learns)
        if isinstance(found, Within):
            return self._replace_within(found, how)
        last, first, where = found.nodes[-1], self.place(found), self.where(found.nodes)
        place = self.view.memory.place[first] - (0.5 if first is not last else 0)
        names, new, made = self._names(found), found.x, list[Node]()
        for name, part in zip(names, found.modules, strict=True):
            with self.module.graph.inserting_before(first):
                new = self._call(name, part, new, last, how, found.more)
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
        return made

    def _replace_within(self, found: Within, how: tuple[torch.dtype, torch.device, bool]) -> list[Node]:
        where, made = self.where([*found.sources, found.norm]), list[Node]()
        of_norm = any(p.requires_grad for p in _parameters(self.view.layer(found.norm)))
        for source, part in found.sources.items():
            how = (*how[:2], of_norm or any(p.requires_grad for p in _parameters(self.view.layer(source))))
            name = self._path([source]) or self._free_name(source.name)
            with self.module.graph.inserting_before(source):
                new = self._call(name, part, found.inputs[source], source, how, found.more.get(source, ()))
            self.origin[new] = where
            self.view.memory.stands_for(new, source, self.view.memory.place[source])
            self._comes_of(name, part, [source, found.norm])
            source.replace_all_uses_with(new)
            self._remove([source])
            self._settle([new], how)
            self._read_again(new)
            made.append(new)
        found.norm.replace_all_uses_with(found.x)
        self._remove([found.norm])
        self._read_again(found.x)
        return made

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
                self.module.add_submodule(path, nn.Module())  # the name stays taken
        for node in unread:
            path, _, name = str(node.target).rpartition(".")
            own = self.module.get_submodule(path)._parameters
            in_a_call = any(self.calls[above] for above in _above(str(node.target)))
            if name in own and not self.read[str(node.target)] and not in_a_call:
                own[name] = None

    def _call(
        self,
        name: str,
        part: nn.Module,
        x: Node,
        old: Node,
        how: tuple[torch.dtype, torch.device, bool],
        more: tuple[Any, ...],
    ) -> Node:
        self.module.add_submodule(name, part)
        self.casts[name] = how
        new = self.module.graph.call_module(name, (x, *more))
        self.calls[name] += 1
        new.meta = {**old.meta, "shape": shape(old) if more else through(part, shape(x))[0]}
        return new

    def _settle(self, made: list[Node], how: tuple[torch.dtype, torch.device, bool]) -> None:
        """What no later step merges further gets the dtype that it will have."""
        for node in made:
            part = part_at(self.module, node.target)
            if self.later is not None and node.name not in self.later:
                part.to(how[1], how[0])
            self.numbers.update({id(p): how[:2] for p in part.parameters()})

    def _read_again(self, *new: Node) -> None:
        """What the users of new nodes are applied to has another name now."""
        users = [user for node in new for user in node.users]
        for node in dict.fromkeys([*new, *users]):
            self.view.layers[node] = read(node, self.module)
            self.described.forget(node)

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
        for node in self.asked:
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
            if not node.users and held(node) and changes(node, self.module) is None:
                graph.erase_node(node)
        called = {str(node.target) for node in graph.nodes if node.op == "call_module"}
        read = {str(node.target) for node in graph.nodes if node.op == "get_attr"}
        parts = dict(self.module.named_modules())
        called |= read & parts.keys()  # a branch of torch.cond, which calls it
        for path, part in parts.items():
            names = path.split(".")
            if any(".".join(names[:n]) in called for n in range(1, len(names) + 1)):
                continue
            for name in [*part._parameters, *part._buffers]:
                if (f"{path}.{name}" if path else name) not in read:
                    delattr(part, name)
            if (
                path and not part._modules and type(part) is not nn.Module
            ):  # a layer that nobody calls is none
                holder = nn.Module()
                holder._parameters, holder._buffers = part._parameters, part._buffers
                self.module.set_submodule(path, holder)
        self.module.delete_all_unused_submodules()


def _parameters(layer: Layer | None) -> list[torch.Tensor]:
    return layer.parameters if layer is not None else []


def _above(path: str) -> list[str]:
    """The modules that the path leads through."""
    names = path.split(".")
    return [".".join(names[:n]) for n in range(1, len(names))]
