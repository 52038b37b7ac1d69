"""The course is open-book, but in an exercise the answer is to be built, not called.

While a student's function runs, two things are watched: which kernels of the framework it reaches (whatever
the name it calls them by: F.conv2d, a module, torch.ops), and which Python modules it enters. What neither
shows, functions written in C such as SciPy's `expit`, is looked for among the names in the function's code.

The ban is about the function that is the answer, and about nothing else. Importing a module is no call of
it; a function that the exercise hands over may do what it likes, and so may autograd on its way back through
one; a check says which building blocks are allowed.
"""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, MappingProxyType, ModuleType
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from nonconv.checks.compiled import compiled
from nonconv.checks.frames import frames, importing, module_of, of_a_student, on_the_way_back
from nonconv.checks.watching import watched

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
LAYERS = "nonconv.layers"  # of the course: allowed where the framework's are
# they hold no answers: the language of proofs, and what prints in a kernel that grades
ALLOWED = ("nonconv.checks", "nonconv.proofs", "nonconv.grading")
# functions in other modules, by the word with which a check bans or allows them
FUNCTIONS = MappingProxyType(
    {
        ("numpy", "convolve"): "convolution",
        ("numpy", "correlate"): "convolution",
        ("torch", "multi_head_attention_forward"): "attention",  # it falls apart into products and a softmax
        # likewise, and the guard's mode stops it with another error
        ("torch", "flex_attention"): "attention",
        # σ is the distribution function of the logistic distribution, scipy.stats.logistic
        ("scipy", "logistic_gen._cdf"): "sigmoid",
        ("scipy", "logistic_gen._sf"): "sigmoid",
        ("scipy", "logistic_gen._pdf"): "sigmoid",
        ("sklearn", "softmax"): "softmax",
        ("torch", "SigmoidTransform.log_abs_det_jacobian"): "sigmoid",  # log σ'
        # recurrent layers fall apart into products and activations on a CPU
        ("torch", "RNN.forward"): "rnn_",
        ("torch", "RNNCell.forward"): "rnn_",
        ("torch", "LSTM.forward"): "lstm",
        ("torch", "LSTMCell.forward"): "lstm",
        ("torch", "GRU.forward"): "gru",
        ("torch", "GRUCell.forward"): "gru",
        # it leaves convolutions that no watch over the framework sees
        ("torch", "optimize_for_inference"): "convolution",
    }
)
AUTOGRAD = "autograd"  # the word that bans it
AUTOGRAD_MODULES = ("torch.autograd", "torch._functorch", "torch._tensor")
AUTOGRAD_FUNCTIONS = {"backward", "grad", "grad_and_value", "linearize"}
AUTOGRAD_FUNCTIONS |= {"hessian", "hvp", "jacfwd", "jacobian", "jacrev", "jvp", "make_dual", "vhp", "vjp"}
# what gets hold of the guard, or takes torch's dispatch modes off, and with them the watch over its kernels
LIFTING = frozenset(
    (
        "getprofile",
        "_get_current_dispatch_mode",
        "_get_current_dispatch_mode_pre_dispatch",
        "_get_current_dispatch_mode_stack",
        "_get_dispatch_mode",
        "_get_dispatch_stack_at",
        "_jit_pass_optimize_for_inference",
        "_jit_pass_convert_frozen_ops_to_mkldnn",
        "_dispatch_tls_set_dispatch_key_excluded",
        "_disable_current_modes",
        "_pop_mode_temporarily",
        "_pop_torch_dispatch_stack",
        "_unset_dispatch_mode",
        "_set_dispatch_mode",
    )
)
# operators that the framework brings; one that a notebook adds runs below the watch
NAMESPACES = {name.partition("::")[0] for name in torch._C._dispatch_get_all_op_names()}


class ForbiddenCall(Exception):
    """The answer was called instead of built: `what` names the call, `line` the student's line."""

    def __init__(self, what: str, line: str = "") -> None:
        super().__init__(what)
        self.what, self.line = what, line


class _Kernels(TorchDispatchMode):
    """Counts kernels by name, and forbids the banned ones."""

    def __init__(
        self,
        banned: tuple[str, ...],
        forbid: Callable[[str], ForbiddenCall],
        called: Counter[str],
        is_over: Callable[[], bool],
        has_handed_over: Callable[[], bool],
        below: set[int],
    ) -> None:
        super().__init__()
        self.is_over = is_over  # in a thread that was started before, it stays
        self.has_handed_over, self.below = has_handed_over, below
        self.banned, self.forbid, self.called = banned, forbid, called
        # autograd on its way back is let be, but for kernels of it that are banned themselves
        self.banned_backward = tuple(word for word in banned if "backward" in word)
        self.names: dict[Any, tuple[str, bool, bool]] = {}  # of each kernel; is it banned, a whole layer?

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func not in self.names:
            name = func._schema.name.replace("aten::", "")  # such as convolution
            whole = any(word in name for word in KERNELS)
            banned = func.namespace not in NAMESPACES or any(word in name for word in self.banned)
            self.names[func] = name, banned, whole
        name, banned, whole = self.names[func]
        if self.is_over():
            return func(*args, **(kwargs or {}))
        if (banned or whole) and _in_a_layer():
            return func(*args, **(kwargs or {}))  # a step of what was allowed, and counted, as a whole
        self.called[name] += 1
        if banned and not (self._on_its_way_back(name) and on_the_way_back(sys._getframe(1))):
            raise self.forbid(f"the framework's {name.strip('_')}")
        thread = threading.get_ident()
        self.below.add(thread)
        try:
            return func(*args, **(kwargs or {}))
        finally:
            self.below.discard(thread)

    def _on_its_way_back(self, name: str) -> bool:
        """May autograd call this kernel? What goes forth through it, the exercise has handed over."""
        let_be = "backward" in name and not any(word in name for word in self.banned_backward)
        return let_be and self.has_handed_over()


# torch wraps this method to keep its compiler away, and imports the compiler for that: 1.3 s in every kernel
_dispatch: Any = _Kernels.__torch_dispatch__
_Kernels.__torch_dispatch__ = getattr(_dispatch, "__wrapped__", _dispatch)


@contextmanager
def own_work(
    may_call: tuple[str, ...] = (), may_not_call: tuple[str, ...] = (), answer: Any = None
) -> Iterator[Counter[str]]:
    """Raise ForbiddenCall when the code inside reaches a whole layer of the framework or a ready answer.

    Gives how often each kernel of the framework, and each function of the course that is allowed, was called.
    """
    banned = _banned(may_call, may_not_call)
    called: Counter[str] = Counter()
    file = getattr(getattr(answer, "__code__", None), "co_filename", None)

    guard = _Guard(banned, may_call, called, file)
    for module, name, word in compiled(answer):
        if word in banned:
            raise ForbiddenCall(f"{module}.{name}")
    try:
        with watched(guard):
            yield called
    except BaseException:
        if not guard.found:
            raise
    finally:
        guard.over = True
    if guard.found:  # the answer may have caught the error itself
        raise guard.found[0]


class _Guard:
    """What is forbidden while an answer runs, in whatever thread, and what was."""

    def __init__(
        self,
        banned: tuple[str, ...],
        may_call: tuple[str, ...],
        called: Counter[str],
        file: str | None,
    ) -> None:
        self.banned, self.may_call, self.called, self.file = banned, may_call, called, file
        self.found: list[ForbiddenCall] = []
        self.over = self.handed_over = False
        self.below: set[int] = set()  # threads that are inside a kernel, where no mode sees further ones
        # what may be called from anywhere; kept, so that no id comes again
        self.allowed: dict[int, CodeType] = {}

    def forbid(self, what: str) -> ForbiddenCall:
        self.found.append(ForbiddenCall(what, _line(sys._getframe(1), self.file)))
        return self.found[-1]

    def sees(self, kernel: Callable[..., Any] = torch.empty) -> bool:
        """Does the mode notice a kernel?"""
        before = self.called["empty"]
        kernel(0)
        seen = self.called["empty"] > before
        self.called["empty"] = before
        return seen

    def mode(self) -> _Kernels:
        over, handed_over = lambda: self.over, lambda: self.handed_over
        return _Kernels(self.banned, self.forbid, self.called, over, handed_over, self.below)

    def watch(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "c_call":
            name = getattr(arg, "__name__", "")
            if name in LIFTING and of_a_student(frame):
                raise self.forbid("sys.getprofile" if name == "getprofile" else f"torch's {name}")
            home = getattr(arg, "__self__", None)
            if type(home) is ModuleType and of_a_student(frame):
                self.watch_compiled(home.__name__, name)
            return
        if event == "call" and self.below and threading.get_ident() in self.below and _is_written(frame):
            raise self.forbid("code of its own in the place of a kernel of the framework")
        if event != "call" or id(frame.f_code) in self.allowed:
            return
        module, function = module_of(frame), frame.f_code.co_name
        if function in AUTOGRAD_FUNCTIONS and module.startswith(AUTOGRAD_MODULES):
            if AUTOGRAD in self.banned:
                raise self.forbid(AUTOGRAD)
        elif module.startswith(MODULES) and not module.startswith(ALLOWED):
            if importing(frame):
                return
            entry = _entry(frame)
            if not _is_allowed(entry, self.may_call):
                raise self.forbid(f"{module}.{frame.f_code.co_qualname.removesuffix('.__init__')}")
            if entry is frame:
                self.called[function] += 1
        elif (name := _lifts(frame, module)) is not None:
            if name:
                raise self.forbid(f"torch's {name}")
        elif word := FUNCTIONS.get((module.partition(".")[0], frame.f_code.co_qualname)):
            if word in self.banned:
                raise self.forbid(f"{module.partition('.')[0]}.{frame.f_code.co_qualname}")
        else:
            self.allowed[id(frame.f_code)] = frame.f_code

    def watch_compiled(self, module: str, name: str) -> None:
        """A function written in C that a student's code calls by itself."""
        if module.startswith(MODULES) and not module.startswith(ALLOWED):
            raise self.forbid(f"{module}.{name}")
        if (word := FUNCTIONS.get((module.partition(".")[0], name))) and word in self.banned:
            raise self.forbid(f"{module.partition('.')[0]}.{name}")


def _is_written(frame: FrameType) -> bool:
    """Does it stand in a cell or a file of a student's? Frameworks run texts of their own inside kernels."""
    return of_a_student(frame) and not frame.f_code.co_filename.startswith("<")


def _lifts(frame: FrameType, module: str) -> str | None:
    """The function, if it takes torch's modes off and a student calls it; empty if the framework does."""
    name = frame.f_code.co_name
    if name not in LIFTING or module != "torch.utils._python_dispatch":
        return None
    callers = frames(frame.f_back)
    # the context managers of Python stand between
    caller = next((one for one in callers if module_of(one) != "contextlib"), None)
    return name if of_a_student(caller) else ""


def _banned(may_call: tuple[str, ...], may_not_call: tuple[str, ...]) -> tuple[str, ...]:
    lifted = [word for word in KERNELS if any(allowed in word for allowed in may_call)]
    return tuple({*KERNELS, *may_not_call}.difference(lifted))


def _is_allowed(entry: FrameType, may_call: tuple[str, ...]) -> bool:
    """Does one of the words stand in the name of a layer of the course, or name the module of a function?"""
    module = module_of(entry)
    name = entry.f_code.co_qualname.lower()  # such as conv2d.__init__
    words = [word for word in may_call if "." not in word]
    layer = module.startswith(LAYERS) and any(word in name for word in words)
    return layer or module.startswith(tuple(word for word in may_call if "." in word))


def _entry(frame: FrameType) -> FrameType:
    """The outermost of the frames of ready answers that lead to this one: what the student called."""
    entry = frame
    for one in frames(frame):
        name = module_of(one)
        if name.startswith(ALLOWED):
            break
        if name.startswith(MODULES):
            entry = one
    return entry


def _in_a_layer() -> bool:
    """Does a layer of the course call this kernel? One that may not be called does not come so far."""
    return any(module_of(one).startswith(LAYERS) for one in frames(sys._getframe(2)))


def _line(frame: FrameType | None, file: str | None) -> str:
    """The student's line on the way to here, with its number in the cell; empty where there is none."""
    import linecache

    for one in frames(frame):
        name = one.f_code.co_filename
        if name == file or "ipykernel_" in name:
            line = linecache.getline(name, one.f_lineno).strip()
            return f"line {one.f_lineno}: {line}" if line else ""
    return ""
