"""The course is open-book, but in an exercise the answer is to be built, not called.

While a student's function runs, two things are watched: which kernels of the framework it reaches (whatever
the name it calls them by: F.conv2d, a module, torch.ops), and which Python modules it enters.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes

# words in the names of framework kernels that are whole layers
KERNELS = (
    "convolution",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose",
    "conv_depthwise",
    "conv_tbc",
    "batch_norm",
    "group_norm",
    "layer_norm",
    "instance_norm",
    "pool",
    "grid_sampler",
    "scaled_dot_product",
    "safe_softmax",
    "lstm",
    "gru",
    "rnn_",
)
# modules that hold ready answers
MODULES = (
    "nonconv.",
    "torch.nn.utils.fusion",
    "torch.ao.",
    "torch.fx.experimental.optimization",
    "scipy.signal",
    "scipy.ndimage",
    "skimage.",
)
# they hold no answers: the language of proofs, and what prints in a kernel that grades
ALLOWED = ("nonconv.checks", "nonconv.proofs", "nonconv.grading")


class ForbiddenCall(Exception):
    """The answer was called instead of built; `what` names the call."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Kernels(TorchDispatchMode):
    def __init__(self, may_call: tuple[str, ...], may_not_call: tuple[str, ...]) -> None:
        super().__init__()
        lifted = [word for word in KERNELS if any(allowed in word for allowed in may_call)]
        self.words = tuple({*KERNELS, *may_not_call}.difference(lifted))

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func._schema.name  # such as aten::convolution
        if any(word in name for word in self.words):
            raise ForbiddenCall(f"the framework's {name.replace('aten::', '').strip('_')}")
        return func(*args, **(kwargs or {}))


# torch wraps this method to keep its compiler away, and imports the compiler for that: 1.3 s in every kernel
_dispatch: Any = _Kernels.__torch_dispatch__
_Kernels.__torch_dispatch__ = getattr(_dispatch, "__wrapped__", _dispatch)


@contextmanager
def own_work(may_call: tuple[str, ...] = (), may_not_call: tuple[str, ...] = ()) -> Iterator[None]:
    """Raise ForbiddenCall when the code inside reaches a whole layer of the framework or a ready answer."""

    def watch(frame: FrameType, event: str, arg: object) -> None:
        module = frame.f_globals.get("__name__", "") if event == "call" else ""
        if module.startswith(MODULES) and not module.startswith(ALLOWED):
            raise ForbiddenCall(f"{module}.{frame.f_code.co_name}")

    before = sys.getprofile()
    try:
        with _Kernels(may_call, may_not_call):
            sys.setprofile(watch)
            try:
                yield
            finally:
                sys.setprofile(before)
    finally:
        sys.setprofile(before)


@contextmanager
def trusted() -> Iterator[None]:
    """Lift the guard for code that the exercise itself hands over."""
    before = sys.getprofile()
    sys.setprofile(None)
    try:
        with _disable_current_modes():
            yield
    finally:
        sys.setprofile(before)
