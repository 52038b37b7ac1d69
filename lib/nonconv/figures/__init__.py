"""How the course draws: one style, and pictures that come with words."""

from collections.abc import Callable, Iterator

from nonconv.figures.blocks import attention_gates, inception_modules, residual_blocks
from nonconv.figures.composer import border_error, draw_kernel, kernel_composer
from nonconv.figures.course import course_map
from nonconv.figures.depth import gradient_flow, gradient_norms
from nonconv.figures.explorer import attention_explorer, patch_attention
from nonconv.figures.graphs import block_diagrams, network_graphs
from nonconv.figures.illustrations import (
    activations,
    attention_map,
    matrix,
    parameter_counts,
    photograph,
    photograph_attention,
    receptive_field,
    sampling_points,
)
from nonconv.figures.kernels import FILTERS, filter_kernel, filtered, grey, kernel_explorer
from nonconv.figures.memory import gated_memory, lstm_memory
from nonconv.figures.panels import bars, dots, draw_spread, numbered_kernels, pictures, spread
from nonconv.figures.player import reduce_player
from nonconv.figures.quiz import twelve_layers
from nonconv.figures.shapes import shape_walk
from nonconv.figures.sliding import geometry, sliding_window
from nonconv.figures.style import SIZES, show, use_style
from nonconv.figures.towers import thirty_four_layers
from nonconv.figures.translation import encoder_decoder, errors_by_place
from nonconv.figures.weighing import attention_editor, weighing
from nonconv.figures.wiring import borders, layer_graph, matrices, shared_weights
from nonconv.figures.words import Picture, png

__all__ = [
    "FILTERS",
    "SIZES",
    "Picture",
    "activations",
    "attention_editor",
    "attention_explorer",
    "attention_gates",
    "attention_map",
    "bars",
    "block_diagrams",
    "border_error",
    "borders",
    "course_map",
    "dots",
    "draw_kernel",
    "draw_spread",
    "encoder_decoder",
    "errors_by_place",
    "filter_kernel",
    "filtered",
    "gallery",
    "gated_memory",
    "geometry",
    "gradient_flow",
    "gradient_norms",
    "grey",
    "inception_modules",
    "kernel_composer",
    "kernel_explorer",
    "layer_graph",
    "lstm_memory",
    "matrices",
    "matrix",
    "network_graphs",
    "numbered_kernels",
    "page",
    "parameter_counts",
    "patch_attention",
    "photograph",
    "photograph_attention",
    "pictures",
    "png",
    "receptive_field",
    "reduce_player",
    "residual_blocks",
    "sampling_points",
    "shape_walk",
    "shared_weights",
    "show",
    "sliding_window",
    "spread",
    "thirty_four_layers",
    "twelve_layers",
    "use_style",
    "weighing",
]


def gallery() -> Iterator[tuple[str, Callable[[], Picture]]]:
    """Each figure of the course: its title, and the function that draws it with its default arguments."""
    yield "The units of the course", course_map
    yield "Twelve layers: which are convolutions?", twelve_layers
    yield "Two kernels, and the one that does both", kernel_composer
    yield "Channel and spatial attention", attention_gates
    yield "Inception modules", inception_modules
    yield "Plain and residual blocks", residual_blocks
    yield "VGG-19 and two networks of 34 layers", thirty_four_layers
    yield "A kernel of your own", kernel_explorer
    yield "Layers, operations, filters", layer_graph
    yield "A window that slides", sliding_window
    yield "Borders", borders
    yield "Receptive field, measured and computed", receptive_field
    yield "Where a deformable kernel looks", sampling_points
    yield "Attention over a photograph", photograph_attention
    yield "Where a patch looks", attention_explorer
    yield "Queries, keys and what comes out", attention_editor
    yield "Activations and their derivatives", activations
    yield "Gradients by depth", gradient_flow
    yield "What an LSTM keeps over 30 steps", lstm_memory
    yield "From one sequence to another", encoder_decoder
    yield "What locality and sharing save", parameter_counts
    yield "Who shares weights", shared_weights
    yield "The matrix of a convolution", matrix
    yield "The matrix of each special case", matrices
    yield "A network by its shapes", shape_walk
    yield "A network before and after it is reduced", network_graphs
    yield "A network as it is reduced, step by step", reduce_player


def page() -> str:
    """All figures on one HTML page that needs nothing else."""
    use_style()
    sections = "\n".join(draw().page(title) for title, draw in gallery())
    style = "body{font-family:sans-serif;max-width:62em;margin:2em auto}img{max-width:100%}"
    head = f'<meta charset="utf-8"><title>Figures of the course</title><style>{style}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{sections}</body></html>\n'
