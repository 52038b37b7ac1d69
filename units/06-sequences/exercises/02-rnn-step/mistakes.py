"""What students answer: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import wrong

RNN = ("rnn-values", "rnn-float32", "rnn-longer")
LAST = ("rnn-values", "rnn-float32", "rnn-longer")


@wrong(
    "rnn_states", says="the input stands above the state: W's first columns belong to h, [h; x].", loses=RNN
)
def puts_the_input_first(W, b, h, x):
    states = []
    for x_t in x:
        h = torch.tanh(W @ torch.cat([x_t, h]) + b)
        states.append(h)
    return torch.stack(states)


@wrong(
    "rnn_states",
    says="each step begins from the first state: it needs the state of the step before, h = …",
    loses=["rnn-values", "rnn-float32", "rnn-longer"],
)
def begins_anew_at_each_step(W, b, h, x):
    return torch.stack([torch.tanh(W @ torch.cat([h, x_t]) + b) for x_t in x])


@wrong("rnn_states", says="tanh is missing: without it this is a linear RNN.", loses=RNN)
def forgets_the_nonlinearity(W, b, h, x):
    states = []
    for x_t in x:
        h = W @ torch.cat([h, x_t]) + b
        states.append(h)
    return torch.stack(states)


@wrong(
    "rnn_states", says="the slides write σ, but here it is tanh: its values lie between −1 and 1.", loses=RNN
)
def takes_the_logistic_function(W, b, h, x):
    states = []
    for x_t in x:
        h = torch.sigmoid(W @ torch.cat([h, x_t]) + b)
        states.append(h)
    return torch.stack(states)


@wrong("rnn_states", says="the bias is missing.", loses=RNN)
def forgets_the_bias(W, b, h, x):
    states = []
    for x_t in x:
        h = torch.tanh(W @ torch.cat([h, x_t]))
        states.append(h)
    return torch.stack(states)


@wrong("rnn_states", says="the bias stands behind tanh: it is added before, inside.", loses=RNN)
def adds_the_bias_too_late(W, b, h, x):
    states = []
    for x_t in x:
        h = torch.tanh(W @ torch.cat([h, x_t])) + b
        states.append(h)
    return torch.stack(states)


@wrong("rnn_states", shows="expected shape (3, 1), got (1,)", loses=RNN)
def returns_the_last_state(W, b, h, x):
    for x_t in x:
        h = torch.tanh(W @ torch.cat([h, x_t]) + b)
    return h


@wrong("rnn_states", shows="expected shape (3, 1), got (4, 1)", loses=RNN)
def returns_the_first_state_too(W, b, h, x):
    states = [h]
    for x_t in x:
        states.append(torch.tanh(W @ torch.cat([states[-1], x_t]) + b))
    return torch.stack(states)


@wrong("rnn_states", says="these are h_0 … h_{T−1}, a step late: the first to return is h_1.", loses=RNN)
def is_a_step_late(W, b, h, x):
    states = []
    for x_t in x:
        states.append(h)
        h = torch.tanh(W @ torch.cat([h, x_t]) + b)
    return torch.stack(states)


@wrong(
    "rnn_states",
    says="the first state is not looked at: begin with the h that is given, not with zeros.",
    loses=RNN,
)
def begins_with_zeros(W, b, h, x):
    states, h = [], torch.zeros_like(h)
    for x_t in x:
        h = torch.tanh(W @ torch.cat([h, x_t]) + b)
        states.append(h)
    return torch.stack(states)


@wrong("rnn_states", shows="calls torch.RNN.forward", loses=RNN)
def calls_the_framework(W, b, h, x):
    cell = torch.nn.RNN(x.shape[1], len(h)).to(x.dtype)
    cell.load_state_dict(
        {"weight_ih_l0": W[:, len(h) :], "weight_hh_l0": W[:, : len(h)], "bias_ih_l0": b, "bias_hh_l0": 0 * b}
    )
    return cell(x[:, None], h[None, None])[0][:, 0].detach()


@wrong("rnn_states", shows="got a list of", loses=RNN)
def returns_a_list(W, b, h, x):
    states = []
    for x_t in x:
        h = torch.tanh(W @ torch.cat([h, x_t]) + b)
        states.append(h)
    return states


@wrong(
    "rnn_states",
    says="the same tensor stands in the list T times, and all of them show its last numbers: put a copy in,"
    " h.clone(), or make a new h at each step.",
    loses=RNN,
)
def keeps_one_tensor_for_all_states(W, b, h, x):
    states, h = [], h.clone()
    for x_t in x:
        h.copy_(torch.tanh(W @ torch.cat([h, x_t]) + b))
        states.append(h)
    return torch.stack(states)
