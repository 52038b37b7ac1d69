"""Layers that are not convolutions, and which of them are convolutions after all.

The packages, each importable on its own (`import nonconv` alone does not import torch):

    nonconv.layers      reference layers, each a function that is its formula
    nonconv.networks    LeNet-5 … U-Net, built from the layers, with their published costs
    nonconv.reduction   which layers are convolutions, as which kernel, composed with what; `reduce`
    nonconv.verdicts    the verdict table: which layers are convolutions, each row run
    nonconv.proofs      the checker of proofs about finite sums
    nonconv.figures     the pictures of the lectures, with their words
    nonconv.checks      what a student sees when an answer is wrong
    nonconv.authoring   what the files of an exercise import: checks, known answers, inputs from a seed
    nonconv.publish     units/ -> lectures/, solutions/, exercises/
    nonconv.grading     collecting, autograding and returning submissions

`nonconv --help` lists the commands.
"""

__version__ = "0.1.0"
