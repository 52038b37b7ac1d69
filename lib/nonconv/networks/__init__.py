"""The networks of the lectures, built from `nonconv.layers`; `NETWORKS` holds all, with their costs.

Layers with parameters are the course's own. Those without, ReLU, pooling, flattening and dropout, are modules
of `torch.nn`, so that a network is a list of modules and no forward pass calls a layer as a function.

Hence `torch.fx` traces each network of images, in training too, by a tracer whose leaves are the modules of
`nonconv.layers` and of `torch.nn` (but for its containers): there are no functions to wrap, and no branch
depends on numbers. What a graph has beside modules are sums, `torch.cat`, and in the U-Net with padding
"valid" the sizes and slices that crop.
"""

from nonconv.networks.alexnet import AlexNet, alexnet, alexnet_2012
from nonconv.networks.alignment import AttentionSeq2Seq
from nonconv.networks.captioner import Captioner
from nonconv.networks.densenet import DenseNet, densenet121
from nonconv.networks.googlenet import GoogLeNet, Inception, googlenet, loss_with_auxiliary
from nonconv.networks.lenet import DeckCNN, LeNet5
from nonconv.networks.mobilenet import MobileNetV2, mobilenet_v2
from nonconv.networks.registry import NETWORKS, Network
from nonconv.networks.repvgg import RepVGG, RepVGGBlock, repvgg_a0
from nonconv.networks.resnet import (
    Residual,
    ResNet,
    cbam_resnet50,
    resnet18,
    resnet34,
    resnet50,
    se_resnet50,
)
from nonconv.networks.sagan import SaganDiscriminator
from nonconv.networks.seq2seq import (
    SEQUENCE_NETWORKS,
    Seq2Seq,
    SequenceNetwork,
    seq2seq_2014,
    seq2seq_dates,
)
from nonconv.networks.transformer import EncoderBlock
from nonconv.networks.unet import UNet, unet, unet_sizes
from nonconv.networks.vgg import VGG, vgg11, vgg16, vgg19

__all__ = [
    "NETWORKS",
    "SEQUENCE_NETWORKS",
    "VGG",
    "AlexNet",
    "AttentionSeq2Seq",
    "Captioner",
    "DeckCNN",
    "DenseNet",
    "EncoderBlock",
    "GoogLeNet",
    "Inception",
    "LeNet5",
    "MobileNetV2",
    "Network",
    "RepVGG",
    "RepVGGBlock",
    "ResNet",
    "Residual",
    "SaganDiscriminator",
    "Seq2Seq",
    "SequenceNetwork",
    "UNet",
    "alexnet",
    "alexnet_2012",
    "cbam_resnet50",
    "densenet121",
    "googlenet",
    "loss_with_auxiliary",
    "mobilenet_v2",
    "repvgg_a0",
    "resnet18",
    "resnet34",
    "resnet50",
    "se_resnet50",
    "seq2seq_2014",
    "seq2seq_dates",
    "unet",
    "unet_sizes",
    "vgg11",
    "vgg16",
    "vgg19",
]
