"""Every network with what is published about its cost, and where."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from nonconv.networks.alexnet import alexnet, alexnet_2012
from nonconv.networks.alignment import AttentionSeq2Seq
from nonconv.networks.captioner import Captioner
from nonconv.networks.densenet import densenet121
from nonconv.networks.googlenet import googlenet
from nonconv.networks.lenet import DeckCNN, LeNet5
from nonconv.networks.mobilenet import mobilenet_v2
from nonconv.networks.repvgg import repvgg_a0
from nonconv.networks.resnet import cbam_resnet50, resnet18, resnet34, resnet50, se_resnet50
from nonconv.networks.sagan import SaganDiscriminator
from nonconv.networks.transformer import EncoderBlock
from nonconv.networks.unet import unet
from nonconv.networks.vgg import vgg11, vgg16, vgg19


@dataclass(frozen=True)
class Network:
    """How to build a network, and its cost for one input.

    `gmacs` is the published number of multiply–adds in units of 10⁹, and None where nobody published one;
    `source` says who published that and the parameters. `macs` are the multiply–adds that `count_macs` gives.
    `tokens` are the shapes of inputs that are token numbers; such a network has them behind its image, or,
    where `input_shape` is (), alone.
    """

    build: Callable[[], nn.Module]
    input_shape: tuple[int, ...]
    parameters: int
    macs: int
    gmacs: float | None
    source: str
    tokens: tuple[tuple[int, ...], ...] = ()

    def inputs(self, device: str = "meta") -> tuple[Tensor, ...]:
        """One input of each kind that the network takes; on "meta" they have shapes only."""
        images = (torch.zeros(self.input_shape, device=device),) if self.input_shape else ()
        tokens = (torch.zeros(shape, dtype=torch.int64, device=device) for shape in self.tokens)
        return (*images, *tokens)


def _of(table: str) -> str:
    return f"parameters and GFLOPS (multiply–adds) of {table}, docs.pytorch.org/vision/stable/models.html"


IMAGENET = (1, 3, 224, 224)
CBAM_TABLE_4 = "Woo et al. (2018), table 4"

NETWORKS: dict[str, Network] = {
    "lenet5": Network(
        LeNet5,
        (1, 1, 32, 32),
        61_706,
        416_520,
        None,
        "LeCun et al. (1998), section II.B, layer by layer; its own total, 60,000, differs as the class says",
    ),
    "deck_cnn": Network(
        DeckCNN, (1, 1, 28, 28), 6_422, 149_300, None, "the course's slides on architectures (2022), n = 6"
    ),
    "alexnet": Network(alexnet, IMAGENET, 61_100_840, 714_188_480, 0.714, _of("AlexNet_Weights")),
    "alexnet_2012": Network(
        alexnet_2012,
        IMAGENET,
        60_965_224,
        724_406_816,
        None,
        "Krizhevsky et al. (2012), figure 2, layer by layer; its abstract says 60 million parameters",
    ),
    "vgg11": Network(vgg11, IMAGENET, 132_863_336, 7_609_090_048, 7.609, _of("VGG11_Weights")),
    "vgg11_bn": Network(
        partial(vgg11, batch_norm=True), IMAGENET, 132_868_840, 7_609_090_048, 7.609, _of("VGG11_BN_Weights")
    ),
    "vgg16": Network(vgg16, IMAGENET, 138_357_544, 15_470_264_320, 15.470, _of("VGG16_Weights")),
    "vgg16_bn": Network(
        partial(vgg16, batch_norm=True),
        IMAGENET,
        138_365_992,
        15_470_264_320,
        15.470,
        _of("VGG16_BN_Weights"),
    ),
    "vgg19": Network(vgg19, IMAGENET, 143_667_240, 19_632_062_464, 19.632, _of("VGG19_Weights")),
    "vgg19_bn": Network(
        partial(vgg19, batch_norm=True),
        IMAGENET,
        143_678_248,
        19_632_062_464,
        19.632,
        _of("VGG19_BN_Weights"),
    ),
    "googlenet": Network(googlenet, IMAGENET, 6_624_904, 1_498_376_192, 1.498, _of("GoogLeNet_Weights")),
    "googlenet_paper": Network(
        partial(googlenet, paper=True),
        IMAGENET,
        6_998_552,
        1_582_671_872,
        None,
        "Szegedy et al. (2015), table 1, row by row; its rows' sum has 34 instead of 118 million for the"
        " first",
    ),
    "resnet18": Network(resnet18, IMAGENET, 11_689_512, 1_814_073_344, 1.814, _of("ResNet18_Weights")),
    "resnet34": Network(resnet34, IMAGENET, 21_797_672, 3_663_761_408, 3.664, _of("ResNet34_Weights")),
    "resnet50": Network(resnet50, IMAGENET, 25_557_032, 4_089_184_256, 4.089, _of("ResNet50_Weights")),
    "resnet50_paper": Network(
        partial(resnet50, stride_first=True), IMAGENET, 25_557_032, 3_857_973_248, 3.858, CBAM_TABLE_4
    ),
    "se_resnet50": Network(
        se_resnet50,
        IMAGENET,
        28_088_024,
        4_091_699_200,
        None,
        "Hu et al. (2018), table 1; 28.09 million there",
    ),
    "se_resnet50_paper": Network(
        partial(se_resnet50, stride_first=True), IMAGENET, 28_088_024, 3_860_488_192, 3.860, CBAM_TABLE_4
    ),
    "cbam_resnet50": Network(
        cbam_resnet50, IMAGENET, 28_089_624, 4_095_573_110, None, f"{CBAM_TABLE_4}; 28.09 million there"
    ),
    "cbam_resnet50_paper": Network(
        partial(cbam_resnet50, stride_first=True), IMAGENET, 28_089_624, 3_864_362_102, 3.864, CBAM_TABLE_4
    ),
    "repvgg_a0": Network(
        repvgg_a0,
        IMAGENET,
        9_108_968,
        1_512_581_120,
        None,
        "Ding et al. (2021), table 2; their table 4 gives the merged net, 8.30 million and 1.4",
    ),
    "unet": Network(
        unet,
        (1, 1, 572, 572),
        31_030_658,
        150_428_424_448,
        None,
        "Ronneberger et al. (2015), figure 1, layer by layer",
    ),
    "densenet121": Network(
        densenet121, IMAGENET, 7_978_856, 2_834_161_664, 2.834, _of("DenseNet121_Weights")
    ),
    "mobilenet_v2": Network(
        mobilenet_v2, IMAGENET, 3_504_872, 300_774_272, 0.301, _of("MobileNet_V2_Weights")
    ),
    "attention_seq2seq": Network(
        partial(AttentionSeq2Seq, 30_000, 30_000, 620, 1000, 1000),
        (),
        158_696_000,
        5_356_900_000,
        None,
        "Bahdanau et al. (2015), appendix A.2: its sizes; LSTM for its GRU, no maxout",
        tokens=((30, 1), (30, 1)),
    ),
    "captioner": Network(
        partial(Captioner, 3, 12), (1, 3, 16, 16), 12_756, 392_512, None, "by the class's formula", ((5, 1),)
    ),
    "encoder_block": Network(
        partial(EncoderBlock, 512, 8),
        (1, 100, 512),
        3_152_384,
        324_812_800,
        None,
        "Vaswani et al. (2017), table 3, base: 12d² + 13d and n(12d² + 2nd), n = 100",
    ),
    "sagan_discriminator": Network(
        SaganDiscriminator,
        (1, 3, 64, 64),
        2_766_786,
        122_691_584,
        None,
        "Zhang et al. (2019), section 3: its block, by the class's formula",
    ),
}
