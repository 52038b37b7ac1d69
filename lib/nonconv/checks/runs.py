"""The path by which released notebooks import the training run of `nonconv.checks.given.training`."""

from nonconv.checks.given.training import training_curve

__all__ = ["training_curve"]
