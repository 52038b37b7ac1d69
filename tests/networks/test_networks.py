"""Every network: published cost, shapes, a pass and gradients, a trace, bad input."""

from collections.abc import Callable
from copy import deepcopy
from itertools import pairwise
from math import prod

import pytest
import torch
from torch import Tensor, fx, nn

from nonconv.layers import Conv2d, Linear
from nonconv.layers.cost import count_macs, count_parameters, macs_by_module
from nonconv.networks import (
    NETWORKS,
    VGG,
    DeckCNN,
    EncoderBlock,
    Inception,
    LeNet5,
    RepVGG,
    Residual,
    ResNet,
    UNet,
    alexnet,
    alexnet_2012,
    cbam_resnet50,
    densenet121,
    googlenet,
    loss_with_auxiliary,
    mobilenet_v2,
    resnet18,
    resnet50,
    se_resnet50,
    unet_sizes,
)
from nonconv.networks.densenet import DenseLayer
from nonconv.networks.googlenet import TABLE_1
from nonconv.networks.mobilenet import InvertedResidual


def on_meta(build: Callable[[], nn.Module]) -> nn.Module:
    """A network without numbers: big ones cost nothing."""
    with torch.device("meta"):
        return build().eval()


def shapes(model: nn.Module, x: Tensor, *kinds: type[nn.Module]) -> list[tuple[int, ...]]:
    """Shape behind each layer of these kinds, without the batch, in the order of the pass."""
    seen: list[tuple[int, ...]] = []
    for module in model.modules():
        if isinstance(module, kinds):
            module.register_forward_hook(lambda _, __, y: seen.append(tuple(y.shape[1:])))
    model(x)
    return seen


# ------------------------------------------------------------------------------------------------------------
# costs


@pytest.mark.parametrize("name", NETWORKS)
def test_cost_is_the_published_one(name: str) -> None:
    """Parameters to the last one, multiply–adds to the last published digit, 0.001 · 10⁹."""
    network = NETWORKS[name]
    model = on_meta(network.build)
    macs = count_macs(model, *network.inputs())
    assert count_parameters(model) == network.parameters
    assert macs == network.macs
    if network.gmacs is not None:
        assert abs(macs / 1e9 - network.gmacs) <= 0.0005


def test_lenet_layer_by_layer() -> None:
    model = LeNet5()
    layers = [module for module in model.modules() if isinstance(module, (Conv2d, Linear))]
    assert [count_parameters(layer) for layer in layers] == [156, 2416, 48120, 10164, 850]
    by_hand = 28**2 * 25 * 6 + 10**2 * 25 * 6 * 16 + 400 * 120 + 120 * 84 + 84 * 10
    assert by_hand == NETWORKS["lenet5"].macs
    # the paper's 60,000: C3 sees 60 of 96 maps, subsampling learns 2 for each map, the output layer is fixed
    assert 61_706 - (2416 - 1516) + 2 * (6 + 16) - 850 == 60_000


@pytest.mark.parametrize("n", [1, 6, 20])
def test_the_decks_network_by_its_formula(n: int) -> None:
    model = on_meta(lambda: DeckCNN(n))
    assert count_parameters(model) == 26 * n + (25 * n + 1) * n + (16 * n + 1) * 50 + 510
    by_hand = 24**2 * 25 * n + 8**2 * 25 * n * n + 16 * n * 50 + 50 * 10
    assert count_macs(model, torch.empty(1, 1, 28, 28)) == by_hand


def test_alexnet_of_2012_by_hand() -> None:
    conv = [55**2 * 121 * 3 * 96, 27**2 * 25 * 48 * 256, 13**2 * 9 * 256 * 384]
    conv += [13**2 * 9 * 192 * 384, 13**2 * 9 * 192 * 256]
    assert sum(conv) + 9216 * 4096 + 4096 * 4096 + 4096 * 1000 == NETWORKS["alexnet_2012"].macs
    neurons = shapes(on_meta(alexnet_2012), torch.empty(1, 3, 224, 224, device="meta"), Conv2d, Linear)
    assert [prod(shape) for shape in neurons] == [290400, 186624, 64896, 64896, 43264, 4096, 4096, 1000]
    assert sum(map(prod, neurons)) == 659_272


def test_googlenet_row_by_row() -> None:
    """Table 1 in millions. Two rows do not follow from their own maps: 34 for the first, 54 for 5a."""
    model = on_meta(lambda: googlenet(paper=True))
    counts = macs_by_module(model, torch.empty(1, 3, 224, 224))
    modules = [name for name, module in model.named_modules() if isinstance(module, Inception)]
    millions = [counts["stem"] - counts["stem.0"], *(counts[name] for name in modules), counts["classifier"]]
    table = [360, 128, 304, 73, 88, 100, 119, 170, 54, 71, 1]
    off = {row: count for row, count in zip(table, millions, strict=True) if abs(count / 1e6 - row) >= 1}
    assert off == {54: 7**2 * (832 * (256 + 160 + 32 + 128) + 9 * 160 * 320 + 25 * 32 * 128)}
    assert counts["stem.0"] == 112**2 * 49 * 3 * 64


def test_googlenets_auxiliary_heads_are_extra() -> None:
    model = on_meta(lambda: googlenet(auxiliary=True))
    assert count_parameters(model) == 13_004_888
    assert count_macs(model, torch.empty(1, 3, 224, 224)) == NETWORKS["googlenet"].macs


def test_bottlenecks_save_most_of_an_inception_module() -> None:
    x = torch.empty(1, 192, 28, 28)
    with_, without = (
        on_meta(lambda b=b: Inception(192, TABLE_1["3a"], bottlenecks=b)) for b in (True, False)
    )
    assert with_(x.to("meta")).shape[1] == 64 + 128 + 32 + 32
    assert without(x.to("meta")).shape[1] == 64 + 128 + 32 + 192
    assert count_macs(with_, x) == 28**2 * (192 * (64 + 96 + 16 + 32) + 9 * 96 * 128 + 25 * 16 * 32)
    assert count_macs(without, x) == 28**2 * 192 * (64 + 9 * 128 + 25 * 32)


def test_merged_repvgg_is_as_large_as_published() -> None:
    """Each block as one 3×3 with a bias: table 4 says 8.30 million and 1.4 · 10⁹."""
    model = on_meta(NETWORKS["repvgg_a0"].build)
    kernels = [module for module in model.modules() if isinstance(module, Conv2d)]
    one = sum(k.weight.numel() for k in kernels if k.kernel_size == (1, 1))
    norms = sum(
        p.numel() for module in model.modules() for p in module.parameters(recurse=False) if p.dim() == 1
    )
    biases = sum(k.out_channels for k in kernels if k.kernel_size == (3, 3))
    merged = count_parameters(model) - one - (norms - 1000) + biases
    assert round(merged / 1e6, 1) == 8.3
    counts = macs_by_module(model, torch.empty(1, 3, 224, 224))
    macs = counts[""] - sum(count for name, count in counts.items() if name.endswith(".one"))
    assert round(macs / 1e9, 1) == 1.4


def test_unet_by_hand() -> None:
    """figure 1: three sizes at each level down and up, widths 64 … 1024, and one 1×1 for two classes."""
    size, widths = unet_sizes(572), [1, 64, 128, 256, 512, 1024]
    macs, places = 0, iter(size[1:])
    for M, K in pairwise(widths):
        macs += next(places) ** 2 * 9 * M * K + next(places) ** 2 * 9 * K * K
        if K < 1024:
            next(places)  # pooling
    for K in (512, 256, 128, 64):
        macs += next(places) ** 2 * 2 * K * K  # each output place sees one place of 2K maps
        macs += next(places) ** 2 * 9 * 2 * K * K + next(places) ** 2 * 9 * K * K
    macs += size[-1] ** 2 * 64 * 2
    assert macs == NETWORKS["unet"].macs


@pytest.mark.parametrize(("build", "per_norm"), [(se_resnet50, 0), (cbam_resnet50, 32)])
def test_attention_adds_its_perceptrons_only(build: Callable[[], nn.Module], per_norm: int) -> None:
    """2C²/r weights and C + C/r biases for each of 16 blocks; CBAM 98 more, and 2 for its batch norm."""
    perceptrons = sum(
        n * (2 * C * C // 16 + C + C // 16) for n, C in ((3, 256), (4, 512), (6, 1024), (3, 2048))
    )
    places = 16 * 98 if build is cbam_resnet50 else 0
    assert count_parameters(on_meta(build)) == 25_557_032 + perceptrons + places + per_norm
    assert count_parameters(on_meta(lambda: cbam_resnet50(batch_norm=False))) == 28_089_592


# ------------------------------------------------------------------------------------------------------------
# shapes


def test_lenet_walks_from_32_to_10() -> None:
    x = torch.empty(1, 1, 32, 32)
    expected = [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5)]
    assert shapes(LeNet5(), x, Conv2d, nn.AvgPool2d) == expected
    assert shapes(LeNet5(c5_connected=False), x, Conv2d, nn.AvgPool2d) == [*expected, (120, 1, 1)]


def test_resnet_halves_five_times() -> None:
    model = on_meta(resnet50)
    walk = shapes(model, torch.empty(1, 3, 224, 224, device="meta"), nn.MaxPool2d, Residual)
    assert walk[0] == (64, 56, 56)
    assert [walk[last] for last in (3, 7, 13, 16)] == [
        (256, 56, 56),
        (512, 28, 28),
        (1024, 14, 14),
        (2048, 7, 7),
    ]


@pytest.mark.parametrize(
    ("build", "least"), [(googlenet, 31), (densenet121, 29), (resnet50, 1), (mobilenet_v2, 1)]
)
def test_the_smallest_image_is_taken(build: Callable[[], nn.Module], least: int) -> None:
    assert on_meta(build)(torch.empty(1, 3, least, least, device="meta")).shape == (1, 1000)


def test_unet_walks_as_in_figure_1() -> None:
    assert unet_sizes(572) == [
        572,
        570,
        568,
        284,
        282,
        280,
        140,
        138,
        136,
        68,
        66,
        64,
        32,
        30,
        28,
        56,
        54,
        52,
        104,
        102,
        100,
        200,
        198,
        196,
        392,
        390,
        388,
    ]
    model = on_meta(UNet)
    model(torch.empty(1, 1, 572, 572, device="meta"))
    walk = shapes(model, torch.empty(1, 1, 188, 204, device="meta"), Conv2d, nn.MaxPool2d, nn.ConvTranspose2d)
    assert walk[-1] == (2, unet_sizes(188)[-1], unet_sizes(204)[-1]) == (2, 4, 20)
    same = on_meta(lambda: UNet(3, 5, padding="same", batch_norm=True))
    assert same(torch.empty(1, 3, 48, 64, device="meta")).shape == (1, 5, 48, 64)


def test_unet_puts_the_middle_of_the_encoders_maps_beside_the_decoders() -> None:
    """With copying kernels and a dead decoder the scores are the middle of the image."""
    model = UNet(1, 1, maps=1, depth=1)
    for kernel in model.parameters():
        nn.init.zeros_(kernel)
    for name, kernel in model.named_parameters():
        if name in ("down.0.0.weight", "down.0.2.weight", "merge.0.0.weight", "merge.0.2.weight"):
            kernel.data[0, 0, 1, 1] = 1
    nn.init.ones_(model.head.weight)
    x = torch.rand(1, 1, 24, 28)
    torch.testing.assert_close(model(x), x[..., 8:-8, 8:-8], rtol=0, atol=1e-5)


# ------------------------------------------------------------------------------------------------------------
# small ones, with numbers


SMALL: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "lenet5": (LeNet5, (2, 1, 32, 32)),
    "lenet5, C5 a convolution": (lambda: LeNet5(c5_connected=False), (2, 1, 32, 32)),
    "deck_cnn": (DeckCNN, (2, 1, 28, 28)),
    "alexnet": (lambda: alexnet(10, size=63), (2, 3, 63, 63)),
    "alexnet_2012": (lambda: alexnet_2012(10, size=63), (2, 3, 63, 63)),
    "vgg11": (lambda: VGG(11, 10, size=32), (2, 3, 32, 32)),
    "vgg16_bn": (lambda: VGG(16, 10, batch_norm=True, size=32), (2, 3, 32, 32)),
    "googlenet": (lambda: googlenet(10), (2, 3, 64, 64)),
    "googlenet_paper": (lambda: googlenet(10, paper=True), (2, 3, 64, 64)),
    "resnet18": (lambda: resnet18(10), (2, 3, 64, 64)),
    "resnet18, plain": (lambda: resnet18(10, skip=False), (2, 3, 64, 64)),
    "resnet50": (lambda: resnet50(10), (2, 3, 64, 64)),
    "se_resnet50": (lambda: se_resnet50(10), (2, 3, 64, 64)),
    "cbam_resnet50": (lambda: cbam_resnet50(10), (2, 3, 64, 64)),
    "repvgg": (lambda: RepVGG(((1, 8), (2, 8), (1, 16)), 10), (2, 3, 32, 32)),
    "repvgg, biases": (lambda: RepVGG(((1, 8), (2, 8)), 10, bias=True), (2, 3, 32, 32)),
    "unet": (lambda: UNet(1, 2, maps=4, depth=2), (2, 1, 44, 52)),
    "unet, same": (lambda: UNet(1, 2, maps=4, depth=2, padding="same", batch_norm=True), (2, 1, 16, 24)),
    "densenet121": (lambda: densenet121(10), (2, 3, 64, 64)),
    "mobilenet_v2": (lambda: mobilenet_v2(10), (2, 3, 64, 64)),
    "encoder_block": (lambda: EncoderBlock(12, 3), (2, 5, 12)),
}


class LayersAreLeaves(fx.Tracer):
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        ours = m.__module__.startswith("nonconv.layers")
        return ours or super().is_leaf_module(m, module_qualified_name)


@pytest.mark.parametrize("name", SMALL)
def test_a_pass_is_finite_and_every_parameter_gets_a_gradient(name: str) -> None:
    build, shape = SMALL[name]
    model = build().train()
    scores = model(torch.randn(shape))
    assert torch.isfinite(scores).all()
    (scores * torch.randn(scores.shape)).sum().backward()
    dead = [
        label
        for label, p in model.named_parameters()
        if p.grad is None or not torch.isfinite(p.grad).all() or not p.grad.any()
    ]
    assert dead == []


@pytest.mark.parametrize("name", SMALL)
def test_traced_with_layers_as_leaves_it_computes_the_same(name: str) -> None:
    build, shape = SMALL[name]
    model = build().eval()
    graph = LayersAreLeaves().trace(model)
    called = {
        type(model.get_submodule(str(n.target))).__module__ for n in graph.nodes if n.op == "call_module"
    }
    assert all(name.startswith(("nonconv.layers", "torch.nn")) for name in called)
    x = torch.randn(shape)
    with torch.no_grad():
        torch.testing.assert_close(fx.GraphModule(model, graph)(x), model(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "name", [name for name, one in NETWORKS.items() if one.input_shape[1:2] == (3,) and not one.tokens]
)
def test_networks_of_the_registry_can_be_traced(name: str) -> None:
    graph = LayersAreLeaves().trace(on_meta(NETWORKS[name].build))
    assert all(node.op != "call_method" for node in graph.nodes)


def test_googlenets_heads_speak_in_training_only() -> None:
    model = googlenet(10, auxiliary=True)
    x, target = torch.randn(2, 3, 224, 224), torch.tensor([3, 7])
    scores = model.train()(x)
    assert [tuple(each.shape) for each in scores] == [(2, 10)] * 3
    main, first, second = (nn.functional.cross_entropy(each, target) for each in scores)
    assert torch.allclose(loss_with_auxiliary(scores, target), main + 0.3 * (first + second))
    loss_with_auxiliary(scores, target).backward()
    assert all(p.grad is not None and p.grad.any() for p in model.parameters())
    assert model.eval()(x[:1]).shape == (1, 10)


def test_c5_is_fully_connected_and_a_convolution() -> None:
    connected, convolution = LeNet5(), LeNet5(c5_connected=False)
    numbers = zip(convolution.parameters(), connected.parameters(), strict=True)
    for theirs, ours in numbers:
        theirs.data = ours.data.reshape(theirs.shape)
    x = torch.randn(3, 1, 32, 32)
    assert torch.allclose(connected(x), convolution(x), atol=1e-6)


def test_skips_carry_the_gradient_past_the_branches() -> None:
    """With branches that give nothing, all that arrives at x came through the skips."""
    blocks = [Residual(nn.Conv2d(4, 4, 3, padding=1), 4, 4) for _ in range(5)]
    for block in blocks:
        for parameter in block.parameters():
            nn.init.zeros_(parameter)
    x = torch.rand(1, 4, 6, 6, requires_grad=True)
    G = torch.randn(1, 4, 6, 6)
    (nn.Sequential(*blocks)(x) * G).sum().backward()
    assert x.grad is not None
    assert torch.equal(x.grad, G)  # exact: each block adds 0


def test_a_dense_layer_hands_on_what_it_got() -> None:
    x = torch.randn(2, 6, 5, 5)
    y = DenseLayer(6, growth=4)(x)
    assert y.shape == (2, 10, 5, 5)
    assert torch.equal(y[:, :6], x)  # exact: a copy of the input


def test_an_inverted_residual_adds_its_input_where_the_shapes_agree() -> None:
    x = torch.randn(2, 8, 6, 6)
    for stride, K, skip in ((1, 8, True), (2, 8, False), (1, 4, False)):
        block = InvertedResidual(8, K, stride, expansion=6)
        branch = block.branch(x)
        torch.testing.assert_close(block(x), x + branch if skip else branch, rtol=0, atol=1e-5)


# ------------------------------------------------------------------------------------------------------------
# bad input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ResNet(20), "depth must be one of 18, 34, 50, not 20"),
        (lambda: ResNet(18, stride_first=True), "ResNet-18 has none"),
        (lambda: VGG(13), "depth must be one of 11, 16, 19, not 13"),
        (lambda: VGG(11, size=100), "multiple of 32, since five poolings halve it, not 100"),
        (lambda: alexnet(size=40), "padded input has only"),
        (lambda: DeckCNN(0), "at least 1, not 0"),
        (lambda: UNet(padding="mirror"), "padding must be one of valid, same, not 'mirror'"),
        (lambda: UNet(batch_norm=True), 'comes with padding="same"'),
        (
            lambda: LeNet5()(torch.zeros(1, 1, 28, 28)),
            r"takes images \(N, 1, 32, 32\), not shape \(1, 1, 28, 28\)",
        ),
        (lambda: LeNet5()(torch.zeros(1, 32, 32)), r"not shape \(1, 32, 32\)"),
        (lambda: DeckCNN()(torch.zeros(1, 3, 28, 28)), r"takes images \(N, 1, 28, 28\)"),
        (lambda: on_meta(alexnet)(torch.zeros(1, 3, 227, 227)), r"takes images \(N, 3, 224, 224\)"),
        (
            lambda: UNet(maps=1)(torch.zeros(1, 1, 570, 572)),
            "with 570 rows or columns a pooling would see an odd number, 279; 572 would fit",
        ),
        (lambda: UNet(maps=1)(torch.zeros(1, 1, 60, 60)), "images of 60 rows or columns are too small"),
        (lambda: unet_sizes(14, 1), "images of 14 rows or columns are too small"),
        (
            lambda: UNet(maps=1, padding="same")(torch.zeros(1, 1, 40, 32)),
            "see an odd number, 5; 48 would fit",
        ),
        (lambda: UNet(maps=1)(torch.zeros(572, 572)), r"\(N, 1, H, W\), not shape \(572, 572\)"),
        (lambda: densenet121(10)(torch.zeros(1, 3, 28, 40)), "DenseNet needs images of at least 29 rows"),
        (lambda: googlenet(10)(torch.zeros(1, 3, 30, 31)), "GoogLeNet needs images of at least 31 rows"),
        (
            lambda: googlenet(10, auxiliary=True)(torch.zeros(2, 3, 64, 64)),
            r"heads takes images \(N, 3, 224, 224\)",
        ),
        (lambda: on_meta(resnet18)(torch.zeros(1, 1, 64, 64, device="meta")), "x has 1 maps"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16], ids=str)
def test_a_network_gives_the_same_on_each_device(dtype: torch.dtype, device: str) -> None:
    """Beside float64 on the CPU; over 18 layers half of the places may go. Where a ReLU is nearly 0, rounding
    decides whether a gradient passes: it is compared in the long dtypes only.
    """
    if device == "mps" and dtype == torch.float64:
        pytest.skip("MPS has no float64")
    model = NETWORKS["resnet18"].build().double().eval()
    x = torch.randn(2, 3, 32, 32, dtype=torch.float64)
    there = deepcopy(model).to(device, dtype)

    def both(model: nn.Module, x: Tensor) -> list[Tensor]:
        Y = model(x)
        if dtype.itemsize < 4:
            return [Y]
        return [Y, *torch.autograd.grad(Y.square().mean(), next(model.parameters()))]

    for found, exact in zip(both(there, x.to(device, dtype)), both(model, x), strict=True):
        assert (found.dtype, found.device.type) == (dtype, device)
        assert (found.cpu().double() - exact).norm() <= torch.finfo(dtype).eps ** 0.5 * exact.norm()
