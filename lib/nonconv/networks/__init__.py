"""Networks of the course's lectures, built from `nonconv.layers`."""

from nonconv.networks.resnet import ResNet, cbam_resnet50, resnet18, resnet34, resnet50, se_resnet50

__all__ = ["ResNet", "cbam_resnet50", "resnet18", "resnet34", "resnet50", "se_resnet50"]
