"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

from nonconv.authoring import edited, given, solution, wrong

LSTM = ("lstm-values", "lstm-float32", "lstm-other")
lstm = partial(edited, "lstm_step", solution(__file__, "lstm"), given(__file__), loses=LSTM)

papers_order = lstm(
    "papers_order",
    ("i, f, g, o =", "f, i, g, o ="),
    says="i and f are swapped: the framework's order is i, f, g, o.",
)
output_before_candidate = lstm(
    "output_before_candidate",
    ("i, f, g, o =", "i, f, o, g ="),
    says="g and o are swapped: the framework's order is i, f, g, o.",
)
slides_order = lstm(
    "slides_order",
    ("i, f, g, o =", "f, i, o, g ="),
    says="the blocks are read as f, i, o, g: the framework's order is i, f, g, o.",
)
input_first = lstm(
    "input_first",
    ("torch.cat([h, x])", "torch.cat([x, h])"),
    says="the input stands above the state: W's first columns belong to h, [h; x].",
)
no_tanh_on_the_cell = lstm(
    "no_tanh_on_the_cell",
    ("return (torch.sigmoid(o) * torch.tanh(C), C)", "return (torch.sigmoid(o) * C, C)"),
    says="h shows tanh(C), not C itself.",
)
looks_at_the_old_cell = lstm(
    "looks_at_the_old_cell",
    ("C = torch.sigmoid(f)", "new = torch.sigmoid(f)"),
    ("torch.tanh(C), C)", "torch.tanh(C), new)"),
    says="h looks at the cell state before this step: it shows the new one.",
)
sigmoid_of_the_candidate = lstm(
    "sigmoid_of_the_candidate",
    ("torch.tanh(g)", "torch.sigmoid(g)"),
    says="the candidate goes through σ: it is no gate, take tanh.",
)
candidate_without_tanh = lstm(
    "candidate_without_tanh", ("torch.tanh(g)", "g"), says="the candidate needs its tanh."
)
gates_without_sigma = lstm(
    "gates_without_sigma",
    ("torch.sigmoid(f)", "f"),
    ("torch.sigmoid(i)", "i"),
    ("torch.sigmoid(o)", "o"),
    says="the gates need σ: a gate lies between 0 and 1.",
)
forgets_the_input_gate = lstm(
    "forgets_the_input_gate",
    ("torch.sigmoid(i) * ", ""),
    says="the candidate comes in whole: the input gate is missing.",
)
as_before_2000 = lstm(
    "as_before_2000",
    ("torch.sigmoid(f) * C", "C"),
    says="nothing is forgotten, as in the LSTM of 1997: the forget gate is missing.",
)
coupled = lstm(
    "coupled",
    ("torch.sigmoid(i) * torch.tanh(g)", "(1 - torch.sigmoid(f)) * torch.tanh(g)"),
    says="1 − f stands where the input gate belongs: here it has weights of its own.",
)
turned_over = lstm(
    "turned_over",
    ("torch.sigmoid(f) * C", "(1 - torch.sigmoid(f)) * C"),
    says="f says how much stays, not how much goes: f·C, not (1 − f)·C.",
)
forgets_the_bias = lstm("forgets_the_bias", (" + b)", ")"), says="the bias is missing.")
swapped = lstm(
    "swapped",
    ("return (torch.sigmoid(o) * torch.tanh(C), C)", "return (C, torch.sigmoid(o) * torch.tanh(C))"),
    shows="in another order: return (h, C)",
)
only_h = lstm(
    "only_h",
    ("return (torch.sigmoid(o) * torch.tanh(C), C)", "return torch.sigmoid(o) * torch.tanh(C)"),
    shows="it must return the 2 values (h, C)",
)


@wrong("lstm_step", shows="calls torch.LSTMCell.forward", loses=LSTM)
def calls_the_framework(W, b, x, h, C):
    cell = torch.nn.LSTMCell(len(x), len(h)).to(x.dtype)
    weights = {"weight_ih": W[:, len(h) :], "weight_hh": W[:, : len(h)], "bias_ih": b, "bias_hh": 0 * b}
    cell.load_state_dict(weights)
    h, C = cell(x[None], (h[None], C[None]))
    return h[0].detach(), C[0].detach()
