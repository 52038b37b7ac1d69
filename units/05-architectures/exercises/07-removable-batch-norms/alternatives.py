"""Right answers in other costumes."""

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
