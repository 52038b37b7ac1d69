"""Layers that are not convolutions, and which of them are convolutions after all.

The packages, each importable on its own (`import nonconv` alone does not import torch):

    nonconv.layers      reference layers, each a function that is its formula
    nonconv.networks    the lectures' networks, from LeNet to U-Net
    nonconv.reduction   which layers are convolutions, as which kernel, composed with what
    nonconv.proofs      machine-checked proofs about sums
    nonconv.figures     how the course draws
    nonconv.checks      what a student sees when an answer is wrong
    nonconv.publish     units/ -> lectures/, solutions/, exercises/
    nonconv.grading     collecting, autograding and returning submissions
"""

__version__ = "0.1.0"
