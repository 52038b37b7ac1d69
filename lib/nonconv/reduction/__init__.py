"""The theme of the course: what is a convolution, as which one, composed with what.

Formulas on tensors, each a function: batch_norm and merging (batch norm into a convolution), branches
(their sum), composition (two convolutions as one), averages (pooling), decision
(is a function a convolution?).

`reduce` applies them to a network:

    drawing     the network as a graph, by tracing (torch.fx) or exporting (plain: written like the first);
                reasons: why not, and what stays whole; functions: those that stay one node; containers:
                objects that it returns; asking: what a node says of itself; noting: each value's shape;
                memory: what is changed in place; constants: what the parameters alone decide
    watching    what a forward changes; outside: what it writes elsewhere; deciding: what sizes decide;
                asserting: what it asserts; detaching: what it computes without gradients; adding:
                stack().sum() as a sum; calling: how it is called, undisturbed; trees: the tensors of its
                arguments
    reading     what each node is, as one of nodes; operators: what is known by name; from_arguments: each
                kind of layer
    proposals   what a rule sees and answers; merge_rules and write_rules: the rules
    rewriter    one copy of the network under the rules; editing: that copy while layers are merged in it;
                naming: where merged layers go
    proof       each step in float64; counting: its cost; described: the graph as plain data
    cases       the inputs that the proof of the whole runs on; smaller: fewer places for it; depthwise: in
                float64; by_formula: batch norm for its gradient; progress: what takes long says how long
    network     `reduce` itself: one copy decides and proves, one has the network's own numbers; report
"""

from nonconv.reduction.averages import average_pooling, global_average_pooling
from nonconv.reduction.batch_norm import affine_form, depthwise_1x1
from nonconv.reduction.branches import add_branches, identity, widen
from nonconv.reduction.composition import compose, with_groups
from nonconv.reduction.decision import as_convolution, matrix_of
from nonconv.reduction.kernel import Kernel
from nonconv.reduction.merging import (
    fold,
    merge,
    merge_as_on_the_slides,
    merge_before,
    merge_transposed,
    ones_map,
)
from nonconv.reduction.network import Reduction, reduce
from nonconv.reduction.report import Report, Row, Stage, Step

__all__ = [
    "Kernel",
    "Reduction",
    "Report",
    "Row",
    "Stage",
    "Step",
    "add_branches",
    "affine_form",
    "as_convolution",
    "average_pooling",
    "compose",
    "depthwise_1x1",
    "fold",
    "global_average_pooling",
    "identity",
    "matrix_of",
    "merge",
    "merge_as_on_the_slides",
    "merge_before",
    "merge_transposed",
    "ones_map",
    "reduce",
    "widen",
    "with_groups",
]
