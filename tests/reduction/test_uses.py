"""`reduce` on networks as people hold and call them: wrapped, compiled, shared, named after keywords, with
locks and open files. The layers are few; what is around them is the point.
"""

import copy
import functools
import io
import operator
import pickle
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch._subclasses import FakeTensorMode
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel

from nonconv.reduction import reduce
from nonconv.reduction.comparison import difference

X = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
OTHERS = [
    torch.randn(size, generator=torch.Generator().manual_seed(1)) for size in ((5, 4, 8, 8), (1, 4, 9, 7))
]


class By(nn.Module):
    """What the function makes of the layers and x; by default a convolution c and a batch norm b."""

    def __init__(self, call: Callable[..., Any], **layers: Any) -> None:
        super().__init__()
        self.call = call
        for name, layer in (layers or {"c": convolution(), "b": norm()}).items():
            setattr(self, name, layer)

    def forward(self, x: Tensor) -> Any:
        return self.call(self, x)


class AnyArguments(By):
    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.call(self, *args, **kwargs)


def convolution() -> nn.Conv2d:
    torch.manual_seed(2)
    return nn.Conv2d(4, 4, 3, padding=1)


def norm(kind: type[nn.BatchNorm2d] = nn.BatchNorm2d) -> nn.BatchNorm2d:
    generator = torch.Generator().manual_seed(3)
    layer = kind(4).eval()
    for tensor in (layer.running_mean, layer.running_var, layer.weight.data, layer.bias.data):
        assert tensor is not None
        tensor.copy_(0.5 + torch.rand(4, generator=generator))
    return layer


def pair() -> nn.Sequential:
    return nn.Sequential(convolution(), norm())


def kinds(model: nn.Module) -> list[str]:
    return [type(part).__name__ for part in model.modules() if not list(part.children())]


def reduced(net: nn.Module, *inputs: Any, others: list[Tensor] = OTHERS, **how: Any) -> Any:
    """What `reduce` gives, which is the same network at other sizes too, and no batch norm is left."""
    given = inputs or (X,)
    done = reduce(net.eval(), given, **how)
    assert not done.report.refused, done.report
    assert not [kind for kind in kinds(done.model) if "BatchNorm" in kind], done.report
    if not inputs:
        with torch.no_grad():
            assert all(difference(done.model(x), net(x)) < 1e-5 for x in (X, *others))
    return done


# ------------------------------------------------------------------------------------------------------------
# wrapped and called


@pytest.mark.parametrize(
    "net",
    [
        AnyArguments(lambda n, *args, **kwargs: n.net(*args, **kwargs), net=pair()),
        nn.DataParallel(pair()),
        nn.Sequential(nn.DataParallel(pair()), nn.ReLU()),
        AveragedModel(pair()),
    ],
    ids=["args", "DataParallel", "within", "average"],
)
def test_a_wrapper_that_takes_any_arguments_is_looked_through(net: nn.Module) -> None:
    done = reduced(net)
    assert done.report.traced == "torch.fx"
    again = reduce(net, X, tracer="torch.export").model
    assert all(difference(again(x), net(x)) < 1e-5 for x in OTHERS)  # any batch and size, here too


def test_any_arguments_are_as_many_as_in_the_example() -> None:
    net = AnyArguments(lambda n, *xs: n.net(xs[0] + xs[1]), net=pair())
    model = reduced(net, X, 2 * X).model
    assert difference(model(OTHERS[0], OTHERS[0]), net(OTHERS[0], OTHERS[0])) < 1e-5


def test_a_compiled_network_is_reduced_as_what_was_compiled() -> None:
    net = torch.compile(pair(), backend="eager")
    model = reduced(net).model  # type: ignore[arg-type]
    assert list(model.state_dict()) == ["0.weight", "0.bias"]


def test_what_torch_jit_has_compiled_stays_and_is_named() -> None:
    scripted: Any = torch.jit.script(pair())
    done = reduce(nn.Sequential(scripted, nn.ReLU(), *pair()).eval(), X)
    assert difference(done.model(X), nn.Sequential(scripted, nn.ReLU(), *pair()).eval()(X)) < 1e-5
    assert [row.where for row in done.report.applied] == ["2 + 3"]
    assert [(row.where, row.reason) for row in done.report.left] == [
        ("0.1", "0 stays whole: torch.jit has compiled it")
    ]
    assert "give the network that was scripted" in reduce(scripted, X).report.refused


def test_a_program_of_torch_export_is_taken_as_it_is() -> None:
    free = {"input": {0: torch.export.Dim.AUTO}}
    program = torch.export.export(pair().eval(), (X,), dynamic_shapes=free)
    done = reduce(program, X)
    assert [row.applied for row in done.report.rows] == [True]
    assert difference(done.model(X[:1]), program.module()(X[:1])) < 1e-5
    with pytest.raises(ValueError, match="reduced for an input of size"):
        done.model(OTHERS[1])
    pickle.loads(pickle.dumps(done.model))


def test_an_example_without_a_tensor_is_named_in_one_line() -> None:
    class Batch:
        def __repr__(self) -> str:
            return f"Batch({X!r})"

    with pytest.raises(ValueError, match=r"not Batch\(tensor.*…$") as raised:
        reduce(pair().eval(), Batch())
    assert len(str(raised.value)) < 150


def test_shapes_without_numbers_are_refused() -> None:
    assert "device='meta'" in reduce(pair().to("meta").eval(), X.to("meta")).report.refused


class ByName(AnyArguments):
    def forward(self, x: Tensor, *, shift: Tensor, scale: float = 1.0, twice: bool = False) -> Tensor:  # type: ignore[override]
        y = self.call(self, x) * scale + shift
        return 2 * y if twice else y


@pytest.mark.parametrize("tracer", ["torch.fx", "torch.export"])
def test_arguments_that_are_taken_by_name_only(tracer: str) -> None:
    net = ByName(lambda n, x: n.b(n.c(x)))
    named: dict[str, Any] = {"shift": torch.ones(4, 1, 1), "scale": 2.0}
    model = reduced(net, X, example_kwargs=named, tracer=tracer).model
    assert difference(model(OTHERS[0], **named), net(OTHERS[0], **named)) < 1e-5
    with pytest.raises(ValueError, match="reduced for twice=False, so twice cannot be True"):
        model(X, **named, twice=True)


def options(forward: Callable[..., Any]) -> Any:
    """As transformers decorates a forward: what it does not find by name it fills in."""

    @functools.wraps(forward)
    def call(self: Any, *args: Any, verbose: Any = None, **kwargs: Any) -> Any:
        return forward(self, *args, verbose=bool(verbose), **kwargs)

    return call


class Decorated(By):
    @options
    def forward(self, x: Tensor, verbose: bool | None = None, **more: Any) -> Tensor:  # type: ignore[override]
        return self.call(self, x) * (2 if verbose else 1)


def test_what_was_left_out_is_exported_by_its_name() -> None:
    done = reduced(Decorated(lambda n, x: n.b(n.c(x))), tracer="torch.export")
    with pytest.raises(ValueError, match="verbose=None, so verbose cannot be True"):
        done.model(X, verbose=True)


class Numbers(By):
    def forward(self, x: Tensor, scale: float = 1.0, n: int = 2, mode: str = "plain") -> Tensor:  # type: ignore[override]
        y = self.call(self, x)
        return y * scale + n if x.shape[1] > 3 and mode == "plain" else y


def test_a_number_that_torch_export_writes_into_the_graph_is_checked() -> None:
    """Its graph held for the example's numbers alone, and took all others without a word."""
    net = Numbers(lambda n, x: n.b(n.c(x)))
    model = reduced(net, X, 2.0, tracer="torch.export").model
    assert difference(model(OTHERS[0], 2.0), net(OTHERS[0], 2.0)) < 1e-5
    for more, message in (
        ((3.0,), "scale=2.0, so scale cannot be 3.0"),
        ((), "scale=2.0, so scale cannot be 1.0"),
        ((2.0, 5), "n=2, so n cannot be 5"),
        ((2.0, 2, "other"), "mode='plain', so mode cannot be 'other'"),
    ):
        with pytest.raises(ValueError, match=message):
            model(X, *more)


@pytest.mark.skipif(torch.__version__ < "2.9", reason="the export of torch 2.8 leaves its own tensor there")
@pytest.mark.parametrize(
    "key", [lambda x: tuple(x.shape[-2:]), lambda x: x.shape[-1]], ids=["sides", "length"]
)
def test_what_is_kept_by_its_size_is_exported_for_any_batch(key: Any) -> None:
    """Sizes that torch.export leaves free are no keys, and what it writes on its inputs stayed on them."""

    def forward(net: Any, x: Tensor) -> Tensor:
        if (size := key(x)) not in net.cache:
            net.cache[size] = torch.linspace(-1, 1, x.shape[-1])
        return net.b(net.c(x)) + net.cache[size]

    net = By(forward)
    net.cache = {}  # type: ignore[assignment]
    done = reduced(net, X)
    assert done.report.traced.startswith("torch.export, for any batch of this size")
    assert difference(done.model(OTHERS[0]), net(OTHERS[0])) < 1e-5
    assert len(net.cache) == 1


@pytest.mark.parametrize("goal", ["fewest MACs", "literally"])
def test_a_graph_that_checks_sizes_can_be_compiled_and_traced_again(goal: str) -> None:
    def forward(net: Any, x: Tensor) -> Tensor:
        y = net.b(net.c(x))
        y = F.max_pool2d(y, 2) if y.shape[2] % 2 == 0 else y
        return F.adaptive_avg_pool2d(y, 1)

    model = reduced(By(forward), X, goal=goal).model
    compiled: Any = torch.compile(model, backend="eager", fullgraph=True)
    for again in (compiled, torch.fx.symbolic_trace(model)):
        assert difference(again(X), model(X)) < 1e-6
    with pytest.raises(ValueError, match="reduced for"):
        torch.fx.symbolic_trace(model)(torch.randn(2, 4, 7, 7))


def test_what_an_export_keeps_without_numbers_is_no_result() -> None:
    assert difference(torch.empty(2, device="meta"), torch.ones(2)) == float("inf")
    with FakeTensorMode():
        shape_only = torch.ones(2)
    assert difference(shape_only, torch.ones(2)) == float("inf")


def test_no_random_number_of_the_caller_is_used_up() -> None:
    def forward(net: Any, x: Tensor) -> Tensor:
        return net.b(net.c(x)) * (1 if random.random() < 2 and np.random.rand() < 2 else 0)

    net = By(forward)
    before = random.getstate(), str(np.random.get_state()), torch.get_rng_state()
    reduced(net, X)
    assert random.getstate() == before[0]
    assert str(np.random.get_state()) == before[1]
    assert torch.equal(torch.get_rng_state(), before[2])  # exact: untouched


def test_a_hook_on_a_parameter_is_named() -> None:
    net = nn.Sequential(pair(), nn.ReLU(), convolution())
    net.get_parameter("2.weight").register_hook(lambda gradient: 0 * gradient)
    assert "not in the result, as in no copy (2.weight)" in str(reduced(net, X).report)


@pytest.mark.parametrize("goal", ["fewest MACs", "literally"])
def test_the_callers_default_device_does_not_reach_in(goal: str) -> None:
    net = nn.Sequential(pair(), nn.AvgPool2d(2), norm(), convolution())
    with torch.device("meta"):
        done = reduced(net, X, goal=goal)
    assert {p.device.type for p in done.model.parameters()} == {"cpu"}


# ------------------------------------------------------------------------------------------------------------
# what a network holds beside its layers


def test_what_cannot_be_copied_is_shared(tmp_path: Path) -> None:
    def forward(net: Any, x: Tensor) -> Tensor:
        with net.lock:
            net.log.write("called\n")
            return net.b(net.c(x))

    with (tmp_path / "log").open("w") as log:
        net = By(forward)
        net.lock, net.log = threading.Lock(), log  # type: ignore[assignment]
        reduced(net)
        net.numbers = (n for n in range(9))  # type: ignore[assignment]  # a copy would take its numbers
        assert "it cannot be copied" in reduce(net, X).report.refused


class Inherited(nn.BatchNorm2d):
    """A norm under another name."""


class Doubled(nn.BatchNorm2d):
    def forward(self, input: Tensor) -> Tensor:
        return 2 * super().forward(input)


@pytest.mark.parametrize("kind", [Inherited, Doubled])
def test_a_batch_norm_of_ones_own_is_one(kind: Any) -> None:
    """torch.fx does not get through the check of dimensions in it, and the whole went by torch.export."""
    done = reduced(nn.Sequential(convolution(), norm(kind)))
    assert done.report.traced == "torch.fx"
    assert list(done.model.state_dict()) == ["0.weight", "0.bias"]


def test_a_batch_norm_of_ones_own_that_stays_is_named() -> None:
    report = reduce(nn.Sequential(nn.ReLU(), norm(Inherited)).eval(), X).report
    assert [row.where for row in report.left] == ["1"]


@pytest.mark.parametrize(
    ("forward", "layers", "paths"),
    [
        (lambda n, x: n.code(n.graph(x)), {"graph": convolution(), "code": norm()}, ["graph_"]),
        (
            lambda n, x: [n.heads["class"](x), n.heads["class_"](x)],
            {"heads": nn.ModuleDict({"class": pair(), "class_": nn.PReLU()})},
            ["heads.class__.0", "heads.class_"],
        ),
        (
            lambda n, x: n.b(n.c(x)) @ n.graph,
            {"c": convolution(), "b": norm(), "graph": nn.Buffer(torch.ones(8, 8))},
            ["c"],
        ),
    ],
)  # fmt: skip
def test_names_that_a_graph_cannot_hold_are_changed_a_little(forward: Any, layers: dict, paths: list) -> None:
    net = By(forward, **layers)
    model = reduced(net, others=[]).model
    found = [path for path, part in model.named_modules() if list(part.parameters(recurse=False))]
    assert sorted(found) == sorted(paths)
    assert set(layers) <= {*dict(net.named_children()), *dict(net.named_buffers())}


# ------------------------------------------------------------------------------------------------------------
# what the result holds


def test_a_pair_that_is_called_several_times_stays_one() -> None:
    """The heads of detectors run on each level of a pyramid; five copies would learn apart."""

    def forward(net: Any, x: Tensor) -> list[Tensor]:
        return [net.head(F.max_pool2d(x, n)).relu() for n in (1, 2, 4)]

    net = By(forward, head=pair())
    done = reduced(net)
    assert [path for path, part in done.model.named_modules() if isinstance(part, nn.Conv2d)] == ["head.0"]
    assert done.report.parameters == (156, 148)
    done.model(X)[2].sum().backward()
    assert done.model.get_parameter("head.0.weight").grad is not None


def test_a_convolution_with_two_norms_becomes_two() -> None:
    shared, second = convolution(), norm()
    second.bias.data += 1
    net = By(lambda n, x: n.b(n.c(x)) + n.d(n.c(x.relu())).relu(), c=shared, b=norm(), d=second)
    assert [part for part in reduced(net).model.modules() if isinstance(part, nn.Conv2d)].__len__() == 2


@pytest.mark.parametrize(
    "forward",
    [
        lambda n, x: n.b(n.c(x.to(n.c.weight.dtype))),
        lambda n, x: n.b(
            F.conv2d(x.to(n.c.weight.dtype), n.c.weight, n.c.bias, padding=n.c.weight.shape[-1] // 2)
        ),
        lambda n, x: n.b(n.c(x.to(n.c.weight.device, n.b.weight.dtype))),
        lambda n, x: n.b(F.interpolate(n.c(x.to(n.b.weight.dtype)), scale_factor=2)),
    ],
)
def test_to_ask_a_parameter_for_its_dtype_is_no_use_of_it(forward: Any) -> None:
    net = By(forward)
    model = reduced(net).model
    kept = {name: tuple(p.shape) for name, p in model.named_parameters()}
    assert kept == {"c.weight": (4, 4, 3, 3), "c.bias": (4,)}
    assert copy.deepcopy(model).double()(X.double()).dtype == torch.float64


def test_what_comes_by_torch_export_keeps_its_paths() -> None:
    net = nn.Sequential(pair(), nn.ReLU(), By(lambda n, x: n.b(F.conv2d(x, n.c.weight, n.c.bias, padding=1))))
    for tracer in ("torch.fx", "torch.export"):
        model = reduced(net, tracer=tracer).model
        assert sorted(model.state_dict()) == ["0.0.bias", "0.0.weight", "2.c.bias", "2.c.weight"]


def test_what_torch_export_makes_of_sizes_can_be_saved() -> None:
    def forward(net: Any, x: Tensor) -> Tensor:
        return net.b(net.c(x)) + torch.zeros(x.shape[0], 1, x.shape[2], 1).cos()

    model = reduced(By(forward), tracer="torch.export").model
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert difference(again(OTHERS[1]), model(OTHERS[1])) < 1e-6


class Named(NamedTuple):
    y: Tensor
    more: dict[str, Any]


@pytest.mark.parametrize("tracer", ["torch.fx", "torch.export"])
def test_a_named_tuple_in_a_container_stays_one(tracer: str) -> None:
    net = By(lambda n, x: {"all": [Named(n.b(n.c(x)), {"x": x})]})
    model = reduced(net, tracer=tracer).model
    assert type(model(X)["all"][0]) is Named


@pytest.mark.parametrize("kind", ["topk", "max", "sort"])
def test_a_result_with_fields_of_torch_stays_one(kind: str) -> None:
    how = {"topk": (3,), "max": (1,), "sort": ()}[kind]
    net = By(lambda n, x: operator.methodcaller(kind, *how)(n.b(n.c(x)).flatten(1)))
    model = reduced(net).model
    assert type(model(X)) is type(net(X))
    held = io.BytesIO()
    torch.save(model.state_dict(), held)


@pytest.mark.parametrize("minus", [operator.neg, torch.negative, operator.methodcaller("neg")])
def test_a_minus_between_is_a_scale(minus: Any) -> None:
    done = reduced(By(lambda n, x: n.b(minus(n.c(x)))))
    assert [kind for kind in kinds(done.model) if kind != "By"] == ["Conv2d"]
