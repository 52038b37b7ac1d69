"""Which other weights are right: the framework's LSTM, run on sets and resets of its own."""

from random import Random

import torch

STEPS = 900  # as many as the longest check has


def events(random: Random) -> torch.Tensor:
    """Sets and resets, few and many, from the first step on; never both at once. (STEPS, 2)."""
    share = random.choice((0.01, 0.1, 0.6))
    kinds = [
        random.choice(((1.0, 0.0), (0.0, 1.0))) if random.random() < share else (0.0, 0.0)
        for _ in range(STEPS)
    ]
    return torch.tensor(kinds, dtype=torch.float64)


def switches(answer) -> bool:
    W, b = (one.double() for one in answer(STEPS))
    order = [0, 1, 2, 3]  # i, f, g, o, as the framework has them
    lstm = torch.nn.LSTM(2, 1, bias=True).double()
    with torch.no_grad():
        lstm.weight_hh_l0.copy_(W[order, :1])
        lstm.weight_ih_l0.copy_(W[order, 1:])
        lstm.bias_ih_l0.copy_(b)
        lstm.bias_hh_l0.zero_()
    runs = torch.stack([events(Random(seed)) for seed in range(12)], 1)  # (STEPS, 12, 2)
    outputs = lstm(runs)[0][:, :, 0]
    for h, x in zip(outputs.T.tolist(), runs.transpose(0, 1).tolist(), strict=True):
        on = False
        for value, (up, down) in zip(h, x, strict=True):
            on = bool(up) or (on and not down)
            if not (value > 0.5 if on else -0.1 < value < 0.1):
                return False
    return True


RIGHT = {"switch": switches}
