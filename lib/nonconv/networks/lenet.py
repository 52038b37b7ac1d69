"""The first convolutional networks: n × [convolution + activation + pooling] + k × fully connected."""

from torch import Tensor, nn

from nonconv.layers import Conv2d, Linear
from nonconv.networks.parts import images_of


class LeNet5(nn.Module):
    """LeNet-5 for digits: two convolutions, each with pooling, and three fully connected layers.

    61,706 parameters (C1 156, C3 2,416, C5 48,120, F6 10,164, output 850), 416,520 multiply–adds. The paper's
    own net has 60,000: its C3 sees some of the six maps only (−900), its pooling learns a factor and a bias
    for each map (+44), and its output layer is fixed (−850). tanh is the paper's up to a scale.

    C5 is a convolution whose kernel is as large as its input, or, the same function, fully connected:
    `c5_connected`.

    Shape: x (N, 1, 32, 32) -> scores (N, num_classes).

    Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to Document
    Recognition" (1998), section II.B, figure 2.

    Raises ValueError for images of another shape.
    """

    def __init__(self, num_classes: int = 10, c5_connected: bool = True) -> None:
        super().__init__()
        self.features = nn.Sequential(
            Conv2d(1, 6, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),  # 32 -> 28 -> 14
            Conv2d(6, 16, 5),
            nn.Tanh(),
            nn.AvgPool2d(2),  # -> 10 -> 5
        )
        c5 = [nn.Flatten(), Linear(400, 120)] if c5_connected else [Conv2d(16, 120, 5), nn.Flatten()]
        self.classifier = nn.Sequential(*c5, nn.Tanh(), Linear(120, 84), nn.Tanh(), Linear(84, num_classes))

    def forward(self, x: Tensor) -> Tensor:
        images_of(x, "LeNet-5", 1, 32)
        return self.classifier(self.features(x))


class DeckCNN(nn.Module):
    """The slides' CNN: 2 × [5×5 convolution with n maps + ReLU + max pooling] + 2 × fully connected.

    26n + (25n + 1)n + (16n + 1)·50 + 510 parameters: 6,422 for n = 6; 149,300 multiply–adds.

    Shape: x (N, 1, 28, 28) -> log-probabilities (N, num_classes).

    Source: the course's slides, "Neural network architectures" (2022).

    Raises ValueError for images of another shape, and for n < 1.
    """

    def __init__(self, n: int = 6, num_classes: int = 10) -> None:
        super().__init__()
        if n < 1:
            raise ValueError(f"n, the number of maps, must be at least 1, not {n}")
        self.features = nn.Sequential(
            Conv2d(1, n, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),  # 28 -> 24 -> 12
            Conv2d(n, n, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),  # -> 8 -> 4
        )
        self.classifier = nn.Sequential(
            nn.Flatten(), Linear(n * 4 * 4, 50), nn.ReLU(), Linear(50, num_classes), nn.LogSoftmax(1)
        )

    def forward(self, x: Tensor) -> Tensor:
        images_of(x, "CNN", 1, 28)
        return self.classifier(self.features(x))
