"""What students answer for put_se: the wrong ways, what each is told and loses, and other right ways."""

import copy

import torch

from nonconv.authoring import right, wrong

PUT = ("put-se-with-biases", "put-se-grouped")


@wrong("put_se", shows="put it behind the batch norm", loses=PUT)
def puts_it_before_the_batch_norm(model, se):
    layers = []
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.Conv2d):
            layers.append(se(layer.out_channels))
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="put each before the activation", loses=PUT)
def puts_it_behind_the_activation(model, se):
    layers, C = [], 0
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
        elif C and not isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(C))
            C = 0
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="there is no SE block in its way", loses=PUT)
def makes_blocks_and_leaves_them(model, se):
    for layer in model:
        if isinstance(layer, torch.nn.Conv2d):
            se(layer.out_channels)
    return torch.nn.Sequential(*model)


@wrong("put_se", shows="but 2 convolutions: one behind each", loses=PUT)
def puts_one_at_the_end_of_the_convolutions(model, se):
    layers = list(model)
    last = max(n for n, layer in enumerate(layers) if isinstance(layer, torch.nn.Conv2d))
    place = last + 1 + any(isinstance(layer, torch.nn.BatchNorm2d) for layer in layers[last + 1 : last + 2])
    return torch.nn.Sequential(*layers[:place], se(layers[last].out_channels), *layers[place:])


@wrong("put_se", shows="but 3 convolutions: one behind each", loses=PUT)
def waits_for_a_batch_norm(model, se):
    layers = []
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(layer.num_features))
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="an SE block for 2 maps gets 4: it needs as many", loses=PUT)
def makes_blocks_of_two_maps(model, se):
    layers = []
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(2))
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="the given network was changed", loses=PUT)
def inserts_into_the_given_network(model, se):
    for n in range(len(model) - 1, -1, -1):
        if isinstance(model[n], torch.nn.Conv2d):
            norm = n + 1 < len(model) and isinstance(model[n + 1], torch.nn.BatchNorm2d)
            model.insert(n + 1 + norm, se(model[n].out_channels))
    return model


@wrong("put_se", shows="return a network (an nn.Module), not list", loses=PUT)
def returns_a_list_of_layers(model, se):
    layers = []
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(layer.num_features))
    return layers


@wrong("put_se", shows="all other layers as given?", loses=PUT)
def puts_blocks_behind_the_norms_and_drops_biases(model, se):
    new, C = [], 0
    for layer in copy.deepcopy(model):
        if C and not isinstance(layer, torch.nn.BatchNorm2d):
            new.append(se(C))
            C = 0
        if isinstance(layer, torch.nn.Linear):
            layer.bias.data.zero_()
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
        new.append(layer)
    return torch.nn.Sequential(*new)


@wrong("put_se", shows="one behind each", loses=PUT)
def uses_the_blocks_as_activations(model, se):
    layers, C = [], 1
    for layer in model:
        C = getattr(layer, "out_channels", C)
        activation = isinstance(layer, torch.nn.ReLU | torch.nn.Sigmoid)
        layers.append(se(C) if activation else layer)
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="one SE block stands in two places: call se(C) anew", loses=PUT)
def shares_blocks_of_one_width(model, se):
    blocks, layers = {}, []
    for layer, following in zip(model, [*model[1:], None], strict=True):
        layers.append(layer)
        C = getattr(layer, "out_channels", getattr(layer, "num_features", 0))
        if C and not isinstance(following, torch.nn.BatchNorm2d):
            if C not in blocks:
                blocks[C] = se(C)
            if isinstance(layer, torch.nn.Conv2d | torch.nn.BatchNorm2d):
                layers.append(blocks[C])
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="stopped with IndexError", loses=PUT)
def looks_beyond_the_end(model, se):
    layers = []
    for n, layer in enumerate(model):
        layers.append(layer)
        if isinstance(layer, torch.nn.Conv2d):
            C = layer.out_channels
            if not isinstance(model[n + 1], torch.nn.BatchNorm2d):
                layers.append(se(C))
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(C))
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="convolutions: one behind each", loses=PUT)
def forgets_the_block_at_the_end(model, se):
    layers, C = [], 0
    for layer in model:
        if C and not isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(C))
            C = 0
        layers.append(layer)
        C = getattr(layer, "out_channels", C)
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="model.modules() begins with the model", loses=PUT)
def goes_through_all_modules(model, se):
    layers = []
    for layer in model.modules():
        layers.append(layer)
        if isinstance(layer, torch.nn.Conv2d):
            layers.append(se(layer.out_channels))
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="gets 4: it needs as many maps as the convolution before it puts out", loses=PUT)
def counts_the_maps_that_go_in(model, se):
    layers, C = [], 0
    for layer in [*model, None]:
        if C and not isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(C + 1))
            C = 0
        layers.append(layer)
        C = getattr(layer, "in_channels", C)
    return torch.nn.Sequential(*layers[:-1])


@wrong("put_se", shows="the SE blocks stand before the convolutions", loses=PUT)
def puts_it_before_the_convolution(model, se):
    layers = []
    for layer in model:
        if isinstance(layer, torch.nn.Conv2d):
            layers.append(se(layer.in_channels))
        layers.append(layer)
    return torch.nn.Sequential(*layers)


@wrong("put_se", shows="a ModuleList holds them and runs none", loses=PUT)
def returns_a_module_list(model, se):
    layers = torch.nn.ModuleList()
    for layer in model:
        layers.append(layer)
        if isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(layer.num_features))
    return layers


@wrong(
    "put_se",
    shows="an SE block stands where there are no maps any more",
    loses=["put-se-with-biases", "put-se-grouped"],
)
def gives_the_linear_layer_one(model, se):
    layers, C = [], 0
    for layer in [*model, None]:
        if C and not isinstance(layer, torch.nn.BatchNorm2d):
            layers.append(se(C))
            C = 0
        layers.append(layer)
        C = getattr(layer, "out_channels", getattr(layer, "out_features", C))
    return torch.nn.Sequential(*layers[:-1])
