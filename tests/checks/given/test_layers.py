"""Layers that exercises hand over: id and parameters as data, words for a student, no guard meanwhile."""

import copy
import json

import pytest
import torch
from torch.nn import functional as F

from helpers.checks.encoding import through_json
from nonconv.checks import Check, failure, zoo
from nonconv.checks.encoding import decode, encode
from nonconv.checks.given.layers import LAYERS, Form, Layer, layer
from nonconv.checks.guard import ForbiddenCall, own_work

CANDIDATES = [id for id, entry in LAYERS.items() if entry.form is not None]
GATES = [id for id, entry in LAYERS.items() if entry.form is None]


@pytest.mark.parametrize("id", CANDIDATES)
def test_a_layer_survives_json_and_a_copy(id: str) -> None:
    one = Layer(id)
    back, again = through_json((one, 1))[0], copy.deepcopy(one)
    assert isinstance(back, Layer)
    assert (back.id, back.form, back.parameters) == (id, one.form, one.parameters)
    x = torch.randn(2, *one.form.shape).double()
    torch.testing.assert_close(back(x), one(x), rtol=0, atol=1e-12)
    torch.testing.assert_close(again(x), one(x), rtol=0, atol=1e-12)
    assert repr(back) == repr(one)


@pytest.mark.parametrize("id", GATES)
def test_a_gate_survives_json_and_a_copy(id: str) -> None:
    back = through_json(copy.deepcopy(Layer(id)))
    assert isinstance(back, Layer)
    assert back.id == id
    with pytest.raises(ValueError, match=f"{id!r} was registered without a form"):
        _ = back.form


def test_a_parameter_is_data_and_a_student_reads_it() -> None:
    one = Layer("same-three-channels", seed=7)
    assert json.dumps(encode(one)) == '{"layer": "same-three-channels", "seed": 7}'
    assert repr(one) == repr(through_json(one)) == "<SAME with three maps, 7>"
    x = torch.randn(1, *one.form.shape).double()
    torch.testing.assert_close(through_json(one)(x), one(x), rtol=0, atol=1e-12)
    assert not torch.allclose(Layer("same-three-channels", seed=8)(x), one(x), rtol=0, atol=1e-3)
    assert json.dumps(encode(Layer("relu"))) == '{"layer": "relu"}'


def test_an_unknown_parameter_is_told_which_there_are() -> None:
    with pytest.raises(ValueError, match="'same-three-channels' has no parameter speed; it has seed"):
        Layer("same-three-channels", speed=7)
    with pytest.raises(ValueError, match="'relu' has no parameter seed; it has none"):
        decode({"layer": "relu", "seed": 7})


def test_an_id_is_registered_once() -> None:
    with pytest.raises(ValueError, match="two layer entries 'relu'"):
        layer("relu", "ReLU", Form((1, 3, 3), 1))(lambda x: x.relu())


@pytest.mark.parametrize("id", [id for id, entry in LAYERS.items() if not entry.defaults])
def test_released_notebooks_find_a_layer_by_its_words(id: str) -> None:
    assert zoo.Layer(LAYERS[id].words).id == id


def test_words_of_no_layer_are_told_which_there_are() -> None:
    with pytest.raises(ValueError, match=r"there is no layer 'a gate'; there is .*a gate trained on digits"):
        zoo.Layer("a gate")


def asks(layer: Layer, x: torch.Tensor) -> torch.Tensor:
    return layer(x)


def asking(*ids: str) -> Check:
    inputs = [{"layer": Layer(id), "x": torch.randn(1, *Layer(id).form.shape).double()} for id in ids]
    return Check.of(asks, inputs, name="ask", answer="ask", points=1)


def test_a_student_may_call_the_layer_that_the_exercise_hands_over() -> None:
    check = asking(*CANDIDATES)
    assert failure(check, asks) is None
    message = failure(check, lambda layer, x: layer(x) + 1)
    assert message is not None
    assert "layer = <" in message


@pytest.mark.parametrize(
    "answer",
    [
        lambda layer, x: F.conv2d(x, torch.ones(1, 1, 2, 2).double()),
        lambda layer, x: (layer(x), F.conv2d(x, torch.ones(1, 1, 2, 2).double()))[
            0
        ],  # guarded again after it
        lambda layer, x: (layer(x), __import__("nonconv.layers").layers.conv2d(x, x))[0],
        lambda layer, x: (layer(x), __import__("nonconv.reduction").reduction.identity(1))[0],
    ],
)
def test_a_student_may_not_call_the_answer_itself_before_or_after_the_layer(answer) -> None:
    message = failure(asking("convolution-2x2"), answer)
    assert message is not None
    assert "That is the answer itself" in " ".join(message.split())


def test_the_guard_stands_again_after_a_layer_that_stopped_with_an_error() -> None:
    given = Layer("convolution-2x2")
    three, one, kernel = torch.zeros(1, 3, 4, 4).double(), torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 2, 2)

    def used() -> None:
        with own_work():
            with pytest.raises(RuntimeError):
                given(three)
            F.conv2d(one, kernel)

    with pytest.raises(ForbiddenCall, match="convolution"):
        used()
