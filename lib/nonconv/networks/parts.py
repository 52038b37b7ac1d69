"""What several networks are made of."""

from collections.abc import Sequence

from torch import nn

from nonconv.layers import BatchNorm2d, Conv2d, Linear


def conv_bn(
    in_channels: int,
    out_channels: int,
    kernel_size: int | tuple[int, int],
    stride: int = 1,
    groups: int = 1,
    activation: type[nn.Module] | None = nn.ReLU,
    eps: float = 1e-5,
) -> nn.Sequential:
    """Convolution, batch norm, activation. The convolution has no bias: β is one already.

    The border (p − 1)/2 keeps the size, or with stride 2 halves it, rounded up.
    """
    p, q = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    padding = (p // 2, q // 2)
    convolution = Conv2d(in_channels, out_channels, (p, q), stride, padding, groups=groups, bias=False)
    layers: list[nn.Module] = [convolution, BatchNorm2d(out_channels, eps)]
    if activation is not None:
        layers.append(activation())
    return nn.Sequential(*layers)


def he_normal(model: nn.Module) -> None:
    """Kernels from N(0, 2/(K·p·q)) and no bias: with ReLU each layer passes gradients on with a factor of about 1.

    Linear layers take N(0, 1/M), which leaves the size of the scores alone.

    Source: K. He et al., "Delving Deep into Rectifiers" (2015), equation (14).
    """
    for module in model.modules():
        if isinstance(module, Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, Linear):
            nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
        if isinstance(module, (Conv2d, Linear)) and module.bias is not None:
            nn.init.zeros_(module.bias)


def one_of(name: str, value: object, known: Sequence[object]) -> None:
    """Refuse a value that is not in the paper's table."""
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(map(str, known))}, not {value!r}")


class Classifier(nn.Sequential):
    """Global average, then one fully connected layer: (N, K, H, W) -> (N, classes) for any H and W."""

    def __init__(self, channels: int, num_classes: int, dropout: float = 0.0) -> None:
        layers = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), Linear(channels, num_classes)]
        super().__init__(*(layer for layer in layers if dropout or not isinstance(layer, nn.Dropout)))
