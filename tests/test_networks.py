"""Networks: the attributes that they promise, and weights that can be counted by hand."""

from __future__ import annotations

import json

import networkx as nx
import pytest

import stabgraph as sg
from stabgraph.networks import KINDS

FIRST, SECOND, OF_2029, UNDATED = (
    f"meeting:{name}"
    for name in ("isl-nor-arctic-1", "isl-nor-arctic-2", "nordic-three-2029", "nordic-three-undated")
)
ISL, NOR, SWE = "state:ISL", "state:NOR", "state:SWE"


def weights(graph):
    return {tuple(sorted(ends)): graph.edges[ends]["weight"] for ends in graph.edges}


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def network(kind, small):
    return small.network(kind)


# ── What is promised of every kind ─────────────────────────────────────────────────────────────────────────


def test_every_node_has_what_is_promised(network):
    assert network.number_of_nodes() > 0
    for node, data in network.nodes(data=True):
        assert set(data) == {"label", "type", "url", "weight", "details", "meetings"}
        assert node.startswith(f"{data['type']}:")
        assert data["url"] == f"https://w3id.org/stabgraph/id/{node.replace(':', '/', 1)}"
        assert data["weight"] == len(data["meetings"]) > 0
        assert data["meetings"] == sorted(set(data["meetings"]))
        assert set(data["meetings"]) <= network.graph["meetings"].keys()
        assert data["label"]
        assert all(name and value for name, value in data["details"])


def test_every_link_has_what_is_promised(network):
    assert network.number_of_edges() > 0
    for one, other, data in network.edges(data=True):
        assert set(data) == {"weight", "type", "meetings"}
        assert set(data["type"].split("–")) == {one.partition(":")[0], other.partition(":")[0]}
        assert data["meetings"] == sorted(set(data["meetings"]))
        both = set(network.nodes[one]["meetings"]) & set(network.nodes[other]["meetings"])
        assert set(data["meetings"]) <= both
        assert one != other


def test_graph_has_what_is_promised(network):
    assert set(network.graph) == {"title", "description", "shown", "meetings", "attribution"}
    assert network.graph["title"].startswith("All dialogues: ")
    assert network.graph["description"].endswith(" 4 meetings.")
    assert network.graph["shown"] > 0
    assert network.graph["meetings"][FIRST] == {
        "label": "Iceland–Norway Arctic Consultations: 1st round",
        "date": "2030-05-06",
        "place": "Reykjavik",
        "reports": [
            {"publisher": "Daily One", "url": "https://one.example/first", "published": "2030-05-08"},
            {"publisher": "Daily Two", "url": "https://two.example/first", "published": "2030-05-09"},
        ],
    }


def test_network_is_plain_data(network):
    assert isinstance(network, nx.Graph)
    assert not network.is_directed()
    assert json.loads(json.dumps(nx.node_link_data(network, edges="links")))["nodes"]


def test_network_is_the_same_each_time(kind, network, small_data):
    again = sg.load(small_data).network(kind)
    assert nx.node_link_data(again, edges="links") == nx.node_link_data(network, edges="links")


# ── Counted by hand on the invented dataset ────────────────────────────────────────────────────────────────


def test_states_are_joined_by_the_meetings_in_which_they_met(small):
    graph = small.network("states")
    assert weights(graph) == {(ISL, NOR): 3, (ISL, SWE): 1, (NOR, SWE): 2}
    assert graph.edges[ISL, NOR]["meetings"] == [FIRST, SECOND, OF_2029]
    assert {node: data["weight"] for node, data in graph.nodes(data=True)} == {ISL: 3, NOR: 4, SWE: 2}


def test_overview_joins_parties_topics_and_places(small):
    graph = small.network("overview")
    assert weights(graph) == {
        (ISL, "topic:arms-control"): 2,
        (ISL, "topic:missile-defence"): 2,
        (NOR, "topic:arms-control"): 3,
        (NOR, "topic:missile-defence"): 2,
        (SWE, "topic:arms-control"): 2,
        ("place:reykjavik", ISL): 1,
        ("place:stockholm", ISL): 1,
        ("place:oslo", ISL): 1,
        ("place:reykjavik", NOR): 1,
        ("place:stockholm", NOR): 1,
        ("place:oslo", NOR): 2,
        ("place:stockholm", SWE): 1,
        ("place:oslo", SWE): 1,
        ("place:reykjavik", "topic:arms-control"): 1,
        ("place:stockholm", "topic:arms-control"): 1,
        ("place:oslo", "topic:arms-control"): 1,
        ("place:reykjavik", "topic:missile-defence"): 1,
        ("place:oslo", "topic:missile-defence"): 1,
    }
    assert graph.nodes["place:oslo"]["details"] == [["country", "state:NOR"]]


def test_meetings_are_joined_to_everything_around_them(small):
    graph = small.network("meetings")
    assert set(graph[OF_2029]) == {
        ISL, NOR, SWE, "topic:arms-control", "place:stockholm", "official:carl-berg", "official:anna-jonsdottir",
    }  # fmt: skip
    assert graph.nodes["official:anna-jonsdottir"]["weight"] == 3
    # A link is one meeting; its weight tells how often the thing at its other end recurs.
    assert graph.edges[OF_2029, "official:anna-jonsdottir"] == {
        "weight": 3,
        "type": "meeting–official",
        "meetings": [OF_2029],
    }
    assert graph.nodes[FIRST]["weight"] == 1
    assert ["date", "2030-05-06"] in graph.nodes[FIRST]["details"]


# ── Filters ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"dialogue": "isl-nor-arctic"}, {(ISL, NOR): 2}),
        ({"party": "SWE"}, {(ISL, NOR): 1, (ISL, SWE): 1, (NOR, SWE): 2}),
        ({"party": "SWE", "with": "ISL"}, {(ISL, NOR): 1, (ISL, SWE): 1, (NOR, SWE): 1}),
        ({"since": "2030", "until": "2030"}, {(ISL, NOR): 1}),
        ({"topic": "Missile Defense"}, {(ISL, NOR): 2}),
        ({"status": "any"}, {(ISL, NOR): 5, (ISL, SWE): 2, (NOR, SWE): 3}),
        ({"status": "planned"}, {(ISL, NOR): 1}),
        ({"until": "2000"}, {}),
    ],
)
def test_filters_choose_the_meetings(small, filters, expected):
    assert weights(small.network("states", **filters)) == expected


def test_filters_are_named_in_the_title(small):
    graph = small.network("states", place=" Oslo ", since="2030", until="2031-03")
    assert graph.graph["title"] == "Oslo: who met whom (since 2030 until 2031-03)"
    assert graph.graph["description"].endswith(" 1 meeting.")


@pytest.mark.parametrize("value", [None, "any"])
def test_filter_that_is_left_open_changes_nothing(small, value):
    assert small.network("states", party=value, since=None).graph["title"] == "All dialogues: who met whom"


def test_unknown_kind_filter_and_name_are_refused(small):
    with pytest.raises(sg.UnknownNameError, match="no network 'state'; did you mean states"):
        small.network("state")
    with pytest.raises(sg.UnknownNameError, match="no network 'zzz'; known are overview, meetings, states"):
        small.network("zzz")
    with pytest.raises(sg.ParameterError, match="has no parameter sinse; did you mean since"):
        small.network("states", sinse="2030")
    with pytest.raises(sg.UnknownNameError, match="there is no topic 'cheese'"):
        small.network("states", topic="cheese")


def test_bundled_states_network_agrees_with_a_query(kg):
    graph = kg.network("states")
    [row] = kg.query(
        "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m sg:party state:USA, state:RUS ; sg:status status:held }"
    )
    assert graph.edges["state:RUS", "state:USA"]["weight"] == int(row["n"].value) > 50
