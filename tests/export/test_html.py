"""Writing a network page: bytes, files and errors. What the page does is tested in a browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest

from stabgraph.errors import ExportError, StabgraphError
from stabgraph.export import export_html
from stabgraph.export.html import render
from stabgraph.export.layout import positions, sizes

if TYPE_CHECKING:
    from pathlib import Path


def carried(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    out: dict[str, Any] = json.loads(found[1])
    return out


@pytest.fixture
def talks() -> nx.Graph[Any]:
    """Twenty invented parties; two of their meetings share a report."""
    graph = nx.gnm_random_graph(20, 60, seed=4)
    report = {"publisher": "Daily Fixture", "url": "https://example.org/1", "published": "2001"}
    graph.graph["meetings"] = {
        "m1": {"label": "1st", "date": "2001", "place": "Nowhere", "reports": [report, report]},
        "m2": {"label": "2nd", "date": "2002", "place": "Nowhere", "reports": [dict(report)]},
        "m3": {"label": "3rd", "date": "2003", "place": "Nowhere", "reports": []},
    }
    for node in graph:
        graph.nodes[node]["meetings"] = {"m1", "m2"}
    return graph


def test_path_of_the_page_is_returned(tmp_path: Path) -> None:
    assert export_html(nx.path_graph(2), str(tmp_path / "a.html")) == tmp_path / "a.html"


def test_same_graph_gives_same_bytes(tmp_path: Path, talks: nx.Graph[Any]) -> None:
    first = export_html(talks, tmp_path / "a.html").read_bytes()
    assert export_html(talks.copy(), tmp_path / "b.html").read_bytes() == first


def test_bytes_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "import networkx as nx, hashlib\n"
        "from stabgraph.export.html import render\n"
        "g = nx.Graph([('a', 'b'), ('b', 'c')], meetings={k: {'label': k} for k in 'xyz'})\n"
        "g.add_node('a', meetings={'z', 'x', 'y'}, type='t')\n"
        "print(hashlib.sha256(render(g).encode()).hexdigest())\n"
    )
    out = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(out) == 1


def test_graph_is_not_changed(talks: nx.Graph[Any]) -> None:
    before = talks.copy()
    render(talks)
    assert nx.utils.graphs_equal(before, talks)
    assert before.graph == talks.graph


def test_page_names_no_address_to_load_from() -> None:
    page = render(nx.path_graph(3))
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", page)
    assert "sourceMappingURL" not in page


def test_meetings_and_reports_are_carried_once(talks: nx.Graph[Any]) -> None:
    data = carried(render(talks))
    assert [meeting[0] for meeting in data["meetings"]] == ["1st", "2nd"]
    assert data["reports"] == [[0, "https://example.org/1", "2001"]]
    assert data["publishers"] == ["Daily Fixture"]


def test_links_stand_strongest_first() -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from([(1, 2, 1), (2, 3, 7), (3, 4, 3)])
    assert carried(render(graph))["edges"]["value"] == [7, 3, 1]


def test_parallel_edges_become_one_link() -> None:
    graph = nx.MultiGraph()
    graph.add_edge(1, 2, weight=2, label="met")
    graph.add_edge(2, 1, weight=3, label="wrote")
    edges = carried(render(graph))["edges"]
    assert edges["value"] == [5]
    assert edges["label"] == {"0": "met; wrote"}


@pytest.mark.parametrize("weight", [None, "many", float("nan"), float("inf"), np.int64(1), True])
def test_odd_weight_counts_as_one(weight: object) -> None:
    graph = nx.Graph()
    graph.add_edge("a", "b", weight=weight)
    graph.nodes["a"]["weight"] = weight
    assert carried(render(graph))["edges"]["value"] == [1]


def test_shown_is_at_most_the_number_of_links() -> None:
    assert carried(render(nx.path_graph(4)))["shown"] == 3
    assert carried(render(nx.Graph([(1, 2), (2, 3), (3, 4)], shown=2)))["shown"] == 2
    assert carried(render(nx.complete_graph(40)))["shown"] == 400


def test_unknown_meeting_is_shown_by_its_key() -> None:
    graph = nx.Graph()
    graph.add_node("a", meetings=["somewhere-7"])
    assert carried(render(graph))["meetings"] == [["somewhere-7", "", "", []]]


def test_page_in_a_file_replaces_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "a.html"
    target.write_text("old")
    export_html(nx.path_graph(2), target)
    assert target.read_text("utf-8").startswith("<!doctype html>")
    assert list(tmp_path.iterdir()) == [target]


def test_unwritable_path_is_an_export_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "folder.html").mkdir()
    for target in (tmp_path / "file" / "a.html", tmp_path / "folder.html"):
        with pytest.raises(ExportError, match="choose a file in a folder you can write to") as caught:
            export_html(nx.path_graph(2), target)
        assert isinstance(caught.value, StabgraphError)
        assert isinstance(caught.value, OSError)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.html"]


def test_import_of_the_module_is_light() -> None:
    program = "import stabgraph.export, sys; print(*sys.modules)"
    out = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"networkx", "numpy", "scipy", "pyvis", "jinja2"} & set(out)


def test_layout_is_the_same_each_time(talks: nx.Graph[Any]) -> None:
    assert positions(talks) == positions(talks.copy())


def test_layout_keeps_nodes_apart(talks: nx.Graph[Any]) -> None:
    place, size = positions(talks), sizes(talks)
    for a in talks:
        for b in talks:
            gap = np.abs(np.subtract(place[a], place[b])).max()
            assert a == b or gap >= (size[a] + size[b]) * 0.9


def test_given_places_are_kept_with_y_upwards() -> None:
    graph = nx.Graph()
    graph.add_node("south-west", x=0, y=0)
    graph.add_node("north-east", x=2, y=1)
    place = positions(graph)
    dx, dy = np.subtract(place["north-east"], place["south-west"])
    assert dx == pytest.approx(-2 * dy)
    assert dx > 0


@pytest.mark.parametrize(
    "graph",
    [nx.Graph(), nx.empty_graph(1), nx.empty_graph(30), nx.Graph([(1, 1)]), nx.star_graph(40)],
    ids=["empty", "one", "no-links", "loop", "star"],
)
def test_layout_of_a_plain_graph_is_finite(graph: nx.Graph[Any]) -> None:
    place = positions(graph)
    assert list(place) == list(graph)
    assert np.isfinite(list(place.values())).all()


def test_nodes_of_equal_places_still_give_a_page() -> None:
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, {node: {"x": 1, "y": 1} for node in graph})
    assert carried(render(graph))["nodes"]["x"] == [0, 0, 0]
