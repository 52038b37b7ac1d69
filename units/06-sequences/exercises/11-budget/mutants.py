"""Mutants of the solution that are no mistakes, and why."""

from copy import deepcopy

from nonconv.checks.given.layers import Layer
from nonconv.checks.properties.sequences import beats_greedy_search

from .checks import BUDGET, model


def search(answer):
    """It beats greedy search within the budget on twenty models more."""
    for seed in range(1000, 1020):
        case = model(3 + seed % 3, seed)
        fresh = Layer("budgeted-next-symbol", seed=case["log_p"].parameters["seed"], budget=BUDGET)
        if beats_greedy_search(case, answer(deepcopy(fresh), case["length"], BUDGET)) is not None:
            return False
    return True


RIGHT = {"search": search}
