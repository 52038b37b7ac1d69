"""What several networks are made of."""

from collections.abc import Iterable

from torch import Tensor, nn

from nonconv.layers import BatchNorm2d, Conv2d, Linear


def conv_bn(
    in_channels: int,
    out_channels: int,
    kernel_size: int,
    stride: int = 1,
    groups: int = 1,
    *,
    activation: type[nn.Module] | None = nn.ReLU,
    eps: float = 1e-5,
    bias: bool = False,
) -> nn.Sequential:
    """Convolution, batch norm, activation; the border (p − 1)/2 keeps the size.

    Stride 2 halves it, rounded up. The convolution needs no bias: batch norm would subtract it with the mean.
    """
    convolution = Conv2d(
        in_channels, out_channels, kernel_size, stride, kernel_size // 2, groups=groups, bias=bias
    )
    layers: list[nn.Module] = [convolution, BatchNorm2d(out_channels, eps)]
    if activation is not None:
        layers.append(activation())
    return nn.Sequential(*layers)


def pooled_classifier(channels: int, num_classes: int, dropout: float = 0.0) -> nn.Sequential:
    """Global average, then one fully connected layer: (N, K, H, W) -> (N, num_classes) for any H and W."""
    drop = [nn.Dropout(dropout)] if dropout else []
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), *drop, Linear(channels, num_classes))


def he_normal(model: nn.Module) -> None:
    """Kernels from N(0, 2/(K·p·q/groups)), biases 0: with ReLU a layer keeps the size of gradients.

    Fully connected layers take N(0, 2/M).

    Source: K. He et al., "Delving Deep into Rectifiers" (2015), equations (14) and (10).
    """
    for module in model.modules():
        if isinstance(module, Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            module.weight.data.mul_(
                module.groups**0.5
            )  # the framework's K·p·q is that of all groups together
        elif isinstance(module, Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if isinstance(module, (Conv2d, Linear)) and module.bias is not None:
            nn.init.zeros_(module.bias)


def one_of(name: str, value: object, known: Iterable[object]) -> None:
    """Refuse a value that is not in the paper's table."""
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(map(str, known))}, not {value!r}")


def images_of(x: Tensor, network: str, channels: int, size: int | None = None, least: int = 1) -> None:
    """Refuse images of another number of channels, of another size, or of one below the least.

    While torch.fx traces a network, x has no shape yet and passes.
    """
    if not isinstance(x, Tensor):
        return
    if x.dim() != 4 or x.shape[1] != channels or (size is not None and x.shape[2:] != (size, size)):
        H, W = ("H", "W") if size is None else (size, size)
        raise ValueError(f"this {network} takes images (N, {channels}, {H}, {W}), not shape {tuple(x.shape)}")
    if min(x.shape[2:]) < least:
        raise ValueError(
            f"this {network} needs images of at least {least} rows and columns, not shape {tuple(x.shape)}"
        )
