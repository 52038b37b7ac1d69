"""The player of `reduce`: its graphs are the report's, and nothing is drawn over anything else."""

import pytest

from nonconv import figures
from nonconv.figures.graphs import layout
from nonconv.figures.player import NETWORKS, graphs, reduced
from nonconv.reduction import Step


@pytest.mark.parametrize("name", NETWORKS)
def test_the_stages_lead_from_the_first_graph_to_the_last(name: str) -> None:
    report = reduced(name)
    every = graphs(report)
    assert len(report.stages) == len(report.applied) >= 1
    assert every[-1] == report.after
    assert report.stages[-1].macs == report.macs[1]
    for before, stage in zip(every, report.stages, strict=False):
        assert set(stage.taken) <= {step.name for step in before}
        assert set(stage.made) <= {step.name for step in stage.graph}
        assert len(before) - len(stage.taken) + len(stage.made) == len(stage.graph)


@pytest.mark.parametrize("name", NETWORKS)
def test_no_two_nodes_and_no_arrow_past_a_node_share_a_place(name: str) -> None:
    for steps in graphs(reduced(name)):
        laid = layout(steps)
        places = list(laid.places.values())
        assert len(set(places)) == len(places)
        between = [point for points in laid.arrows.values() for point in points[1:-1]]
        assert not set(between) & set(places)
        assert all((a, b) in laid.arrows for b, step in ((s.name, s) for s in steps) for a in step.inputs)


def test_a_long_arrow_has_a_lane() -> None:
    chain = [Step("x", "input", "x", ())]
    chain += [Step(f"n{k}", "other", "n", (f"n{k - 1}" if k else "x",)) for k in range(3)]
    chain.append(Step("sum", "sum", "add", ("n2", "x")))
    lane = layout(chain).arrows["x", "sum"]
    assert len(lane) == 5
    assert {x for x, _ in lane[1:-1]} == {1.0}


def test_an_unknown_network_is_answered_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no network 'VGG'; there is three convolutions"):
        figures.reduce_player("VGG")
