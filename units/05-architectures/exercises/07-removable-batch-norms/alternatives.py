"""Right answers in other costumes."""

import re
from collections import defaultdict

import numpy
import torch

from nonconv.authoring import right


@right("removable")
def after_taking_dropout_out(net):
    reads = {name: list(inputs) for name, _, inputs in net}
    kind = {name: what for name, what, _ in net}
    for name in [name for name in kind if kind[name] == "dropout"]:
        source = reads.pop(name)[0]
        for inputs in reads.values():
            inputs[:] = [source if one == name else one for one in inputs]
    words = []
    for name in [name for name in reads if kind[name] == "bn"]:
        source = reads[name][0]
        users = [other for other in reads if name in reads[other]]
        if kind[source] in ("conv", "conv padded") and sum(source in i for i in reads.values()) == 1:
            words.append("before")
        elif [kind[user] for user in users] == ["conv"]:
            words.append("after")
        else:
            words.append("stays")
    return tuple(words)


@right("removable")
def with_two_small_searches(net):
    layers = {name: (kind, inputs) for name, kind, inputs in net}

    def readers(name):
        return [other for other, (_, inputs) in layers.items() if name in inputs]

    def partner_before(name):
        (source,) = layers[name][1]
        if len(readers(source)) > 1:
            return None
        return partner_before(source) if layers[source][0] == "dropout" else layers[source][0]

    def partner_after(name):
        users = readers(name)
        if len(users) != 1:
            return None
        kind = layers[users[0]][0]
        return partner_after(users[0]) if kind == "dropout" else kind

    words = []
    for name, (kind, _) in layers.items():
        if kind == "bn":
            if partner_before(name) in ("conv", "conv padded"):
                words.append("before")
            else:
                words.append("after" if partner_after(name) == "conv" else "stays")
    return tuple(words)


@right("removable")
def with_a_matrix_of_who_reads_whom(net):
    names, kinds = [name for name, _, _ in net], [kind for _, kind, _ in net]
    reads = numpy.array([[name in inputs for name in names] for _, _, inputs in net])
    for d in (n for n, kind in enumerate(kinds) if kind == "dropout"):
        reads[:, reads[d].argmax()] |= reads[:, d]
        reads[d], reads[:, d] = False, False
    words = []
    for n in (n for n, kind in enumerate(kinds) if kind == "bn"):
        source, users = reads[n].argmax(), numpy.flatnonzero(reads[:, n])
        if kinds[source] in {"conv", "conv padded"} and reads[:, source].sum() == 1:  # exact: a count
            words.append("before")
        else:
            words.append("after" if len(users) == 1 and kinds[users[0]] == "conv" else "stays")
    return words


@right("removable")
def step_by_step_with_none_where_it_ends(net):
    kinds, inputs, users = {}, {}, defaultdict(list)
    for name, kind, sources in net:
        kinds[name], inputs[name] = kind, sources
        for source in sources:
            users[source].append(name)

    def partner(name, step):
        while True:
            name = step(name)
            if name is None or kinds[name] != "dropout":
                return kinds.get(name, "")

    def up(name):
        source = inputs[name][0]
        return source if len(users[source]) == 1 else None

    def down(name):
        return users[name][0] if len(users[name]) == 1 else None

    words = []
    for name in filter(lambda name: kinds[name] == "bn", kinds):
        merged = partner(name, up).startswith("conv")
        words.append("before" if merged else "after" if partner(name, down) == "conv" else "stays")
    return words


@right("removable")
def by_patterns_in_a_text(net):
    count = {name: sum(name in inputs for _, _, inputs in net) for name, _, _ in net}
    code = {"conv": "c", "conv padded": "p", "bn": "b", "dropout": "d"}
    letter = {name: code.get(kind, "o") for name, kind, _ in net}
    source = {name: inputs[0] for name, _, inputs in net if inputs}
    reader = {one: name for name, _, inputs in net for one in inputs}
    words = []
    for name in (name for name, kind, _ in net if kind == "bn"):
        left, at = "", name
        while at in source and count[source[at]] == 1:
            at = source[at]
            left = letter[at] + left
        right, at = "", name
        while count[at] == 1:
            at = reader[at]
            right += letter[at]
        if re.search(r"[cp]d*$", left):
            words.append("before")
        else:
            words.append("after" if re.match(r"d*c", right) else "stays")
    return words


@right("removable")
def by_walking_a_graph_of_fx(net):
    graph, node = torch.fx.Graph(), {}
    for name, kind, inputs in net:
        node[name] = graph.create_node(
            "call_module" if inputs else "placeholder", name, tuple(map(node.get, inputs))
        )
        node[name].meta["kind"] = kind
    for one in list(graph.nodes):
        if one.meta["kind"] == "dropout":
            one.replace_all_uses_with(one.args[0])
            graph.erase_node(one)
    words = []
    for one in graph.nodes:
        if one.meta["kind"] == "bn":
            (before,) = one.all_input_nodes
            if "conv" in before.meta["kind"] and len(before.users) == 1:
                words.append("before")
            else:
                after = [user.meta["kind"] for user in one.users] == ["conv"]
                words.append("after" if after else "stays")
    return words
