"""Networks that exercises hand over by id: in evaluation mode, with statistics unlike a fresh one's."""

import copy

import pytest
import torch
from torch import nn

from helpers.checks.encoding import through_json
from nonconv.checks import zoo
from nonconv.checks.encoding import decode, encode
from nonconv.checks.given.layers import LAYERS, Layer
from nonconv.checks.given.networks import NETWORKS, id_of, network
from nonconv.reduction import affine_form


@pytest.mark.parametrize("id", NETWORKS)
def test_a_network_survives_json_and_is_ready_to_use(id: str) -> None:
    model, x = network(id), torch.randn(3, 1, 8, 8).double()
    back = through_json(model)
    assert back is not model
    torch.testing.assert_close(back(x), model(x), rtol=0, atol=1e-12)
    assert encode(copy.deepcopy(model)) == {"network": id}
    assert not any(module.training for module in back.modules())
    norms = [module for module in back if isinstance(module, nn.BatchNorm2d)]
    assert norms
    for norm in norms:  # fresh statistics have G ≈ 1, with which a wrong formula passes
        assert norm.running_mean is not None
        assert norm.running_var is not None
        G, _ = affine_form(norm.weight, norm.bias, norm.running_mean, norm.running_var, norm.eps)
        assert (G - 1).abs().min() > 1e-3
        assert norm.running_mean.abs().min() > 0


def test_a_network_that_has_no_id_cannot_be_held() -> None:
    with pytest.raises(ValueError, match=r"this Sequential has none: use network\(id\)"):
        encode(nn.Sequential(nn.ReLU()))


@pytest.mark.parametrize(("make", "kind", "ids"), [(Layer, "layer", LAYERS), (network, "network", NETWORKS)])
def test_an_unknown_id_is_told_which_there_are(make, kind: str, ids) -> None:
    with pytest.raises(ValueError, match=f"there is no {kind} 'dropout'") as caught:
        make("dropout")
    assert all(id in str(caught.value) for id in ids)
    with pytest.raises(ValueError, match=f"there is no {kind} 'dropout'"):
        decode({kind: "dropout"})


@pytest.mark.parametrize("id", sorted(NETWORKS))
def test_a_network_is_found_by_the_words_that_a_student_reads(id: str) -> None:
    assert id_of(zoo.network(NETWORKS[id].words)) == id


def test_unknown_words_list_the_networks_there_are() -> None:
    with pytest.raises(ValueError, match=r"there is no network 'a net'; there is .*two convolutions"):
        zoo.network("a net")
