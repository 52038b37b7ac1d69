"""The ban on ready answers holds in every thread, and what lifts it cannot be had by an answer."""

import _thread
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils._python_dispatch import _disable_current_modes

from helpers.checks.doubling import DOUBLE
from nonconv.checks import failure
from nonconv.checks.given import gates, training
from nonconv.checks.given.layers import LAYERS, Entry, Layer
from nonconv.checks.guard import own_work
from nonconv.checks.watching import hands_over, lifted, traced

KERNEL = 2 * torch.ones(1, 1, 1, 1)
STARTED_BEFORE = ThreadPoolExecutor(1)
STARTED_BEFORE.submit(int).result()
START = _thread.start_new_thread


def ready(x: Tensor) -> Tensor:
    return F.conv2d(x[None, None, None], KERNEL)[0, 0, 0]


def in_a_thread(x: Tensor) -> Tensor:
    found: list[Tensor] = []
    thread = threading.Thread(target=lambda: found.append(ready(x)))
    thread.start()
    thread.join()
    return found[0]


def in_a_raw_thread(x: Tensor) -> Tensor:
    found: Queue[Tensor] = Queue()
    START(lambda: found.put(ready(x)), ())
    return found.get()


def in_a_new_pool(x: Tensor) -> Tensor:
    return ThreadPoolExecutor(1).submit(ready, x).result()


def in_an_older_thread(x: Tensor) -> Tensor:
    return STARTED_BEFORE.submit(ready, x).result()


def by_its_operator_in_an_older_thread(x: Tensor) -> Tensor:
    return STARTED_BEFORE.submit(torch._VF.conv2d, x[None, None, None], KERNEL).result()[0, 0, 0]


def in_a_process(x: Tensor) -> Tensor:
    subprocess.run([sys.executable, "-c", ""], check=True)
    return 2 * x


def forks(x: Tensor) -> Tensor:
    if os.fork() == 0:
        os._exit(0)
    return 2 * x


def takes_the_profile_off(x: Tensor) -> Tensor:
    sys.setprofile(None)
    return 2 * x


def takes_the_mode_off(x: Tensor) -> Tensor:
    with _disable_current_modes():
        return ready(x)


def lifts_it(x: Tensor) -> Tensor:
    with lifted():
        return ready(x)


def lifts_it_by_a_copy_of_the_courses_code(x: Tensor) -> Tensor:
    go_on = training._Run.go_on
    names = {**vars(training), "_steps": steps}
    run: Any = object.__new__(training._Run)
    run._settings, run.errors, run._steps = (), [], steps(x)
    type(go_on)(go_on.__code__, names)(run)
    return run.errors[0]


def steps(x: Tensor) -> Any:
    yield ready(x)


def names_itself_a_part_of_the_course(x: Tensor) -> Tensor:
    return hands_over(ready)(x)


def stands_under_a_guard_of_its_own(x: Tensor) -> Tensor:
    with own_work(may_call=("conv",)):
        return ready(x)


def counts_its_lines_itself(x: Tensor) -> Tensor:
    with traced(None):
        return 2 * x


def puts_a_function_into_a_given_layer(x: Tensor) -> Tensor:
    layer = Layer("channel-gate")
    layer.function = F.conv2d
    return layer(x[None, None, None], KERNEL)[0, 0, 0]


def registers_a_layer(x: Tensor) -> Tensor:
    LAYERS.setdefault("ready", Entry(ready, "ready"))
    return Layer("ready")(x)


def changes_what_a_given_layer_calls(x: Tensor) -> Tensor:
    found: list[Tensor] = []
    before, gates._takes = gates._takes, lambda *_: found.append(ready(x))
    try:
        Layer("channel-gate")(torch.ones(4, 2, 2).double())
    finally:
        gates._takes = before
    return found[0]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (in_a_thread, "calls a thread of its own"),
        (in_a_raw_thread, "calls a thread of its own"),
        (in_a_new_pool, "calls a thread of its own"),
        (in_an_older_thread, "calls the framework's convolution"),
        (by_its_operator_in_an_older_thread, "calls the framework's convolution"),
        (in_a_process, "calls a process of its own"),
        (forks, "calls a process of its own"),
        (takes_the_profile_off, "calls sys.setprofile"),
        (takes_the_mode_off, "calls torch's _disable_current_modes"),
        (lifts_it, "PermissionError"),
        (lifts_it_by_a_copy_of_the_courses_code, "TypeError"),
        (names_itself_a_part_of_the_course, "RuntimeError"),
        (stands_under_a_guard_of_its_own, "RuntimeError"),
        (counts_its_lines_itself, "PermissionError"),
        (puts_a_function_into_a_given_layer, "calls the framework's convolution"),
        (registers_a_layer, "calls the framework's convolution"),
        (changes_what_a_given_layer_calls, "its own code inside what the exercise hands over"),
    ],
)
def test_a_ready_answer_is_noticed_wherever_it_is_called(answer: Callable[..., Any], says: str) -> None:
    assert says in " ".join((failure(DOUBLE, answer) or "").split())
    LAYERS.pop("ready", None)


def test_a_thread_runs_as_it_likes_while_no_answer_does() -> None:
    x = torch.ones(2)
    assert torch.equal(STARTED_BEFORE.submit(ready, x).result(), 2 * x)  # exact: whole numbers
    assert torch.equal(in_a_thread(x), 2 * x)
    assert failure(DOUBLE, lambda x: 2 * x) is None
    assert sys.getprofile() is None


ESCAPING = """
import sys, threading, torch
from nonconv.checks import Check, failure
given = threading.Event()
thread = threading.Thread(target=lambda: (sys.setprofile(None), given.set()))
thread.start()
given.wait()
check = Check.of(lambda x: 2 * x, [{"x": torch.ones(2)}], name="double", answer="double", points=1)
print(failure(check, lambda x: 2 * x))
"""


def test_a_thread_that_takes_off_what_watches_it_costs_all_later_answers() -> None:
    done = subprocess.run([sys.executable, "-c", ESCAPING], capture_output=True, text=True, check=True)
    assert "takes off what watches it" in " ".join(done.stdout.split())
