"""Ten quick questions before the course: what a student should know already. They cost no points.

The questions stand in the first notebook; here are the right answers, and where to read up for each.
"""

from typing import Any

import torch
from torch import Tensor

QUESTIONS = 10
TENSORS = "PyTorch, “Learn the Basics”, the page “Tensors”"
BROADCASTING = "PyTorch, the note “Broadcasting semantics”; NumPy's “Broadcasting” has pictures"
EINSUM = "the documentation of torch.einsum, with its examples"
CHAIN_RULE = "the chain rule, in any calculus text; PyTorch, “Learn the Basics”, “Automatic Differentiation”"

# the right answer, and what to read where another one is given
RIGHT: dict[int, tuple[Any, str]] = {
    1: ((3, 4), f"an index takes the first axis away. {TENSORS}"),
    2: ((4,), f"sum(0) adds along axis 0, which is gone afterwards. {TENSORS}"),
    3: ((1, 3, 5), f"1::2 begins at 1 and takes every second. {TENSORS}"),
    4: (3, f"row 1, column 0, counted from 0; numbers are laid out row by row. {TENSORS}"),
    5: ((3, 4), f"axes of size 1 are stretched. {BROADCASTING}"),
    6: ("b", f"shapes line up from the last axis on. {BROADCASTING}"),
    7: ((2, 5), f"j is not behind the arrow, so it is summed over. {EINSUM}"),
    8: (14, f"nothing behind the arrow: all is summed, 1·1 + 2·2 + 3·3. {EINSUM}"),
    9: (12, f"2·(3x − 1)·3 at x = 1. {CHAIN_RULE}"),
    10: (24, f"2·(2w₁ + 3w₂ − 1)·3 at w₁ = w₂ = 1. {CHAIN_RULE}"),
}


def _plain(answer: Any) -> Any:
    """A shape or a row of numbers as a tuple, one number as it is, a letter in lower case without quotes."""
    if isinstance(answer, Tensor):
        answer = answer.tolist()
    if isinstance(answer, tuple | list | torch.Size):
        return tuple(_plain(one) for one in answer)
    if isinstance(answer, str):
        return answer.strip().strip("()").lower()
    return answer


def is_right(question: int, answer: Any) -> bool:
    """Is this the answer to that question, in whatever costume?"""
    found, right = _plain(answer), RIGHT[question][0]
    if isinstance(found, bool) or found is None:
        return False
    return found == right or (not isinstance(right, tuple) and found == (right,))


def ready(**answers: Any) -> None:
    """Say of each answer, q1 to q10, whether it is right, and where to read up; None is not answered yet.

    Raises TypeError for a question that there is not.
    """
    known = {f"q{n}": n for n in RIGHT}
    if unknown := sorted(set(answers) - set(known)):
        raise TypeError(f"there is no question {unknown[0]!r}; the questions are q1 to q{QUESTIONS}")
    given = {known[name]: answer for name, answer in answers.items() if answer is not None}
    if not given:  # the cell as it is handed out
        return
    wrong = [n for n, answer in sorted(given.items()) if not is_right(n, answer)]
    for n in wrong:
        print(f"q{n}: not quite. {RIGHT[n][1]}.")
    right = len(given) - len(wrong)
    print(f"{right} of {QUESTIONS} right, {QUESTIONS - len(given)} not answered yet.")
    if len(given) == QUESTIONS:
        print(_advice(right))


def _advice(right: int) -> str:
    if right >= 9:
        return "You are ready. Start."
    if right >= 6:
        return "You can start. Read the pages named above first; an hour will do."
    return "Take an evening for the pages named above, then try again: the course will go much faster."
