"""Ways around the ban that a notebook could take: names that lie, what watches got hold of or taken off, code
below the framework's kernels, autograd's way back, functions written in C."""

import builtins
import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils import _python_dispatch as dispatch

from nonconv import layers
from nonconv.checks import Check, calling, failure, frames, guard
from nonconv.checks.unaltered import Kept

ONE = torch.ones(1, 1, 1)
DOUBLE = Check.of(
    lambda x: 2 * x, [{"x": torch.tensor([1.0, 2.0])}], name="double", answer="double", points=1
)


def ready(x: Tensor) -> Tensor:
    return F.conv1d(x[None, None], 2 * ONE)[0, 0]


def ready_of_the_course(x: Tensor) -> Tensor:
    return layers.conv2d(x[None, None, None], 2 * ONE[None])[0, 0, 0]


def by_the_name(name: str, function: Callable[..., Tensor]) -> Callable[[Tensor], Tensor]:
    """The same code in a module that calls itself so."""
    own: Any = FunctionType(function.__code__, {**function.__globals__, "__name__": name})
    return lambda x: own(x)


def by_autograds_name(x: Tensor) -> Tensor:
    def _engine_run_backward() -> Tensor:
        arguments = x[None, None], ONE, 2 * ONE, None, [1], [0], [1], False, [0], 1, [True, False, False]
        return cast("Tensor", torch.ops.aten.convolution_backward(*arguments)[0][0, 0])

    return _engine_run_backward()


class Backward(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def backward(ctx: Any, *above: Tensor) -> Tensor:
        return by_autograds_name(above[0])


def in_a_backward_of_its_own(x: Tensor) -> Tensor:
    y = x.clone().requires_grad_()
    return torch.autograd.grad(Backward.apply(y), y, x)[0]


LEAF = torch.zeros(1, 1, 2, requires_grad=True)
MADE_BEFORE = F.conv1d(LEAF, 2 * ONE)


def back_through_what_was_made_before(x: Tensor) -> Tensor:
    return torch.autograd.grad(MADE_BEFORE, LEAF, x[None, None], retain_graph=True)[0][0, 0]


def reaches_the_guard(x: Tensor) -> Tensor:
    watch: Any = sys.getprofile()
    watch.__self__.over = True
    return ready(x)


def reaches_the_guard_out_of_sight(x: Tensor) -> Tensor:
    watch: Any = functools.partial(sys.getprofile)()
    watch.__self__.over = True
    return ready(x)


def reaches_the_mode(x: Tensor) -> Tensor:
    mode: Any = dispatch._get_current_dispatch_mode()
    mode.is_over = lambda: True
    return ready(x)


def hides_it_in_an_import(x: Tensor) -> Tensor:
    builtins.handed_in = x  # type: ignore[attr-defined]
    return cast("Tensor", importlib.import_module("hidden_answer").found)


OWN = torch.library.Library("nonconv_tests", "FRAGMENT")
OWN.define("ready(Tensor x) -> Tensor")
OWN.impl("ready", ready, "CompositeExplicitAutograd")


def by_an_operator_of_its_own(x: Tensor) -> Tensor:
    return cast("Tensor", torch.ops.nonconv_tests.ready(x))


class Below(Tensor):
    @classmethod
    def __torch_dispatch__(cls, *_: Any, **__: Any) -> Any:
        return ready(torch.tensor([1.0, 2.0]))


def below_a_kernel(x: Tensor) -> Tensor:
    return torch.neg(Tensor._make_subclass(Below, x))


def by_frozen_code(x: Tensor) -> Tensor:
    conv = torch.nn.Conv1d(1, 1, 1, bias=False).eval()
    conv.weight.data = 2 * ONE
    return torch.jit.optimize_for_inference(torch.jit.script(conv))(x[None, None])[0, 0]


def by_c_of_scipy(x: Tensor) -> Tensor:
    from scipy.signal import _sigtools  # type: ignore[attr-defined]

    one, out = 2 * ONE[0, 0].numpy(), x.numpy().copy()
    return torch.from_numpy(_sigtools._correlateND(x.numpy(), one, out, 0))


@pytest.fixture(autouse=True)
def module_of_a_student(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    source = "import builtins\nfrom nonconv.layers import conv2d\nimport torch\n"
    source += "found = conv2d(builtins.handed_in[None, None, None], 2 * torch.ones(1, 1, 1, 1))[0, 0, 0]\n"
    (tmp_path / "hidden_answer.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("hidden_answer", None)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (by_the_name("importlib._bootstrap", ready_of_the_course), "calls nonconv.layers.convolution.conv2d"),
        (by_the_name("nonconv.layers.convolution", ready), "calls the framework's convolution"),
        (by_the_name("nonconv.checks.guard", ready_of_the_course), "calls nonconv.layers.convolution.conv2d"),
        (by_autograds_name, "calls the framework's convolution_backward"),
        (in_a_backward_of_its_own, "calls the framework's convolution_backward"),
        (back_through_what_was_made_before, "calls the framework's convolution_backward"),
        (reaches_the_guard, "calls sys.getprofile"),
        (reaches_the_guard_out_of_sight, "AttributeError"),
        (reaches_the_mode, "calls torch's _get_current_dispatch_mode"),
        (hides_it_in_an_import, "calls nonconv.layers.convolution.conv2d"),
        (by_an_operator_of_its_own, "calls the framework's nonconv_tests::ready"),
        (below_a_kernel, "code of its own in the place of a kernel"),
        (by_frozen_code, "calls torch.optimize_for_inference"),
        (by_c_of_scipy, "calls scipy.signal._sigtools._correlateND"),
    ],
)
def test_a_ready_answer_is_noticed_by_whatever_way_it_is_reached(
    answer: Callable[..., Any], says: str
) -> None:
    assert says in " ".join((failure(DOUBLE, answer) or "").split())


def test_where_what_watches_was_taken_off_before_no_answer_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def double(x: Tensor) -> Tensor:
        return 2 * x

    with monkeypatch.context() as patch:
        patch.setattr(sys, "setprofile", lambda *_: None)
        assert failure(DOUBLE, double) is None  # the course has kept Python's own
    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "_push_mode", lambda *_: None)
        patch.setattr(dispatch, "_pop_mode", lambda *_: None)
        assert "takes off what watches it" in " ".join((failure(DOUBLE, double) or "").split())


REQUEST = "from nonconv.checks.remote import response"


def test_a_request_of_grading_does_not_run_on_changed_code(monkeypatch: pytest.MonkeyPatch) -> None:
    exec(REQUEST, {})
    for place, name in ((calling, "own_work"), (guard, "KERNELS"), (guard._Guard, "watch")):
        with monkeypatch.context() as patch:
            patch.setattr(place, name, lambda *_, **__: None)
            with pytest.raises(PermissionError, match=rf"\.{name} is the course's own"):
                exec(REQUEST, {})
    before, calling._kept.__code__ = calling._kept.__code__, ready.__code__
    try:
        with pytest.raises(PermissionError, match=r"calling\._kept is the course's own"):
            exec(REQUEST, {})
    finally:
        calling._kept.__code__ = before
    exec(REQUEST, {})


def test_what_is_kept_first_stays_kept() -> None:
    kept = Kept()
    kept.add()
    first = len(kept.values)
    kept.add()
    assert first
    assert len(kept.values) == first
    assert kept.altered() is None


def test_what_python_writes_for_a_class_of_a_framework_is_no_code_of_a_cell() -> None:
    found = []
    source = "found.append(of_a_student(here()))"
    names = {"found": found, "of_a_student": frames.of_a_student, "here": lambda: sys._getframe(1)}
    exec(compile(source, "<string>", "exec"), {**names, "__name__": "torch.fx.node"})  # its name alone
    of_a_framework = vars(sys.modules["torch.fx.node"])
    own = dict(names)
    exec(compile(source, "<string>", "exec"), of_a_framework, own)  # as dataclasses do
    assert found == [True, False]
