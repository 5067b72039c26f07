"""What a reader can do with a network page, in a real browser.

All states, topics, meetings and reports in these graphs are invented, save where the bundled data are named.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from stabgraph.export import export_html

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from stabgraph import DialogueGraph

    Open = Callable[..., None]

HOSTILE = {
    "closing-script": "</script><img src=x onerror=alert(1)>",
    "comment": "<!--<script>",
    "quotes": "\"'`;alert(1)//",
    "right-to-left": "مجموعة التشاور",
    "override": "\u202etxet desrever",
    "emoji": "🤝🏽 talks 🇺🇳",
    "line-separator": "one\u2028two\u2029three",
    "template": "{{ 7 * 7 }} ${7 * 7}",
    "prototype": "__proto__",
    "very-long": "disarmament " * 300,
    "lone-surrogate": "half \ud800 pair",
    "control": "a\x00b\x1bc",
}


@pytest.fixture
def show(page: Page, tmp_path: Path) -> Open:
    def opened(graph: nx.Graph[Any], **options: Any) -> None:
        page.goto(export_html(graph, tmp_path / "page.html", **options).as_uri())

    return opened


@pytest.fixture
def talks() -> nx.Graph[Any]:
    """Three invented states, two topics, a place; two meetings, of which three reports tell."""
    graph = nx.Graph(title="Invented talks", description="A fixture.", shown=3)
    graph.graph["meetings"] = {
        "first": {
            "label": "1st round",
            "date": "2001-05",
            "place": "Elsewhere",
            "reports": [{"publisher": "Daily Fixture", "url": "https://example.org/1", "published": "2001"}],
        },
        "second": {
            "label": "2nd round",
            "date": "2003-02-07",
            "place": "Nowhere",
            "reports": [
                {"publisher": "Ministry", "url": "http://example.org/2", "published": "2003-02-07"},
                {"publisher": "Bad Wire", "url": "javascript:alert(1)", "published": "2003-02-08"},
            ],
        },
    }
    both = ["first", "second"]
    graph.add_node("A", label="Aland", type="state", weight=9, meetings=both)
    graph.add_node("B", label="Bélandia", type="state", weight=8, meetings=both)
    graph.add_node("C", label="Céland", type="state", weight=3, meetings=["first"])
    graph.add_node("t1", label="Treaty matters", type="topic", weight=5, meetings=["second"])
    graph.add_node("t2", label="Quiet matters", type="topic", weight=1)
    graph.add_node("p", label="Nowhere", type="place", weight=2)
    graph.add_edge("A", "B", weight=9, meetings=both, type="met")
    graph.add_edge("A", "t1", weight=5)
    graph.add_edge("B", "p", weight=4)
    graph.add_edge("A", "C", weight=1)
    graph.add_edge("C", "t2", weight=1)
    return graph


def seen(page: Page) -> dict[str, Any]:
    out: dict[str, Any] = page.evaluate("stabgraph.visible()")
    return out


def names_in(page: Page, selector: str) -> list[str]:
    return page.locator(f"{selector} .name").all_text_contents()


def test_page_shows_title_legend_and_links(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    assert page.title() == "Invented talks"
    assert page.locator("header p").inner_text() == "A fixture."
    assert names_in(page, "#legend") == ["States", "Topics", "Places"]
    assert page.locator("#legend .count").all_text_contents() == ["3", "2", "1"]
    assert "3 of 5 links shown: the strongest; 2 weaker ones are left out" in page.inner_text("#account")


def test_nodes_without_visible_link_are_hidden(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    assert sorted(seen(page)["nodes"]) == ["A", "B", "p", "t1"]


def test_meetings_of_a_dialogue_are_named_in_the_picture(page: Page, show: Open, kg: DialogueGraph) -> None:
    """Bundled data: each is as small as any thing that came up once, but all else hangs on them."""
    network = kg.network("meetings", dialogue="npt-revcon")
    show(network)
    meetings = {node for node, kind in network.nodes(data="type") if kind == "meeting"}
    named = meetings & set(page.evaluate("stabgraph.labels()"))
    assert len(meetings) > 10
    assert len(named) >= 0.8 * len(meetings)


def test_title_of_the_call_wins(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks, title="Another title")
    assert page.inner_text("h1") == "Another title"


def test_legend_switches_a_type_off_and_on(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    topics = page.locator("#legend button", has_text="Topics")
    topics.click()
    assert topics.get_attribute("aria-pressed") == "false"
    assert seen(page) == {"nodes": ["A", "B", "p"], "links": 2}
    assert "1 hidden with their type" in page.inner_text("#account")
    topics.click()
    assert seen(page)["links"] == 3


def test_show_more_reveals_weaker_links(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.click("#more")
    assert seen(page)["links"] == 5
    assert page.inner_text("#account") == "5 of 5 links shown."
    assert page.locator("#more").is_disabled()
    page.click("#reset")
    assert seen(page)["links"] == 3


def test_slider_changes_the_number_of_links(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.focus("#amount")
    page.keyboard.press("End")
    page.wait_for_selector("#account:has-text('5 of 5 links shown.')")
    page.keyboard.press("Home")
    page.wait_for_selector("#account:has-text('0 of 5 links shown')")
    assert page.locator("#empty").is_visible()


@pytest.mark.parametrize("text", ["belandia", "BÉLAN", "landia"])
def test_search_ignores_case_and_accents(page: Page, show: Open, talks: nx.Graph[Any], text: str) -> None:
    show(talks)
    page.fill("#query", text)
    assert names_in(page, "#matches") == ["Bélandia"]
    page.keyboard.press("Enter")
    assert page.inner_text("#details h2") == "Bélandia"


def test_search_works_by_keyboard(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.fill("#query", "matters")
    page.keyboard.press("ArrowDown")
    assert page.locator("#matches [aria-selected=true]").inner_text().strip() == "Quiet matters"
    page.keyboard.press("Enter")
    assert page.inner_text("#details h2") == "Quiet matters"
    assert page.locator("#matches").is_hidden()


def test_search_reveals_a_hidden_node_with_its_links(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.fill("#query", "celand")
    page.click("#matches li")
    assert seen(page)["links"] == 5
    assert {"C", "t2"} <= set(seen(page)["nodes"])


def test_search_without_match_says_so(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.fill("#query", "zzz")
    assert page.inner_text("#matches") == "Nothing has this name."


def test_click_on_a_node_shows_its_sources(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    at = page.evaluate("stabgraph.onPage('A')")
    page.mouse.click(at["x"], at["y"])
    page.wait_for_selector("#details h2")
    assert page.inner_text("#details h2") == "Aland"
    assert page.locator(".meetings .what").all_inner_texts() == ["2nd round", "1st round"]
    reports = page.locator(".reports li").all_inner_texts()
    assert reports == ["Ministry, 2003-02-07", "Bad Wire, 2003-02-08", "Daily Fixture, 2001"]
    links = page.locator(".reports a")
    assert [link.get_attribute("href") for link in links.all()] == [
        "http://example.org/2",
        "https://example.org/1",
    ]
    assert {link.get_attribute("rel") for link in links.all()} == {"noopener noreferrer"}
    assert {link.get_attribute("target") for link in links.all()} == {"_blank"}


def test_click_on_a_link_shows_ends_and_common_meetings(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    a, b = (page.evaluate("key => stabgraph.onPage(key)", key) for key in "AB")
    page.mouse.click((a["x"] + b["x"]) / 2, (a["y"] + b["y"]) / 2)
    page.wait_for_selector("#details .ends")
    assert names_in(page, "#details .ends") == ["Aland", "Bélandia"]
    assert page.locator(".meetings .what").all_inner_texts() == ["2nd round", "1st round"]


def test_link_without_meetings_shows_those_of_both_ends(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.evaluate("stabgraph.selectLink(1)")
    assert names_in(page, "#details .ends") == ["Aland", "Treaty matters"]
    assert page.locator(".meetings .what").all_inner_texts() == ["2nd round"]


def test_neighbour_can_be_followed(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.evaluate("stabgraph.select('A')")
    assert names_in(page, "#details .nodes") == ["Bélandia", "Céland", "Treaty matters"]
    page.click("#details .nodes button:has-text('Treaty')")
    assert page.inner_text("#details h2") == "Treaty matters"


def test_links_left_out_can_be_asked_for(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.evaluate("stabgraph.select('A')")
    page.click("text=Show the 1 link left out")
    assert seen(page)["links"] == 4


@pytest.mark.parametrize("way", ["Escape", "background", "button"])
def test_selection_can_be_cleared(page: Page, show: Open, talks: nx.Graph[Any], way: str) -> None:
    show(talks)
    page.evaluate("stabgraph.select('A')")
    assert page.locator("#details").is_visible()
    if way == "Escape":
        page.keyboard.press("Escape")
    elif way == "button":
        page.click("#details .close")
    else:
        box = page.locator("#picture").bounding_box()
        assert box
        page.mouse.click(box["x"] + 8, box["y"] + 8)
    page.wait_for_selector("#details", state="hidden")


def test_hover_fades_the_rest(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.click("#more")
    colour = """key => {
        const at = stabgraph.onPage(key);
        const canvas = document.querySelector("canvas");
        const box = canvas.getBoundingClientRect();
        const ratio = canvas.width / box.width;
        const context = canvas.getContext("2d");
        const [x, y] = [(at.x - box.left) * ratio, (at.y - box.top) * ratio];
        return [...context.getImageData(x, y, 1, 1).data];
    }"""
    before = page.evaluate(colour, "t2")
    at = page.evaluate("stabgraph.onPage('B')")
    page.mouse.move(at["x"], at["y"])
    # The policy of the page forbids what wait_for_function does: evaluate a text again and again.
    for _ in range(50):
        if page.evaluate(colour, "t2") != before:
            break
        page.wait_for_timeout(20)
    assert min(page.evaluate(colour, "t2")[:3]) > min(before[:3]) + 100
    assert page.evaluate(colour, "A") == page.evaluate(colour, "B")


def test_list_of_all_nodes_is_the_twin_of_the_picture(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    show(talks)
    page.click("text=All 6 nodes")
    page.wait_for_selector("#all li")
    assert sorted(names_in(page, "#all .nodes")) == sorted(label for _, label in talks.nodes(data="label"))
    page.click("#all button:has-text('Quiet')")
    assert page.inner_text("#details h2") == "Quiet matters"


def test_first_twenty_meetings_are_shown_until_all_are_asked_for(page: Page, show: Open) -> None:
    """Twenty-five invented meetings."""
    graph = nx.Graph()
    meetings = {number: {"label": f"Round {number}"} for number in range(25)}
    graph.graph["meetings"] = meetings
    graph.add_node("X", meetings=list(meetings))
    show(graph)
    page.evaluate("stabgraph.select('X')")
    assert page.locator(".meetings > li").count() == 20
    page.click("text=Show all 25")
    assert page.locator(".meetings > li").count() == 25


@pytest.mark.parametrize("label", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_stays_text(page: Page, show: Open, label: str) -> None:
    """Every text of a graph is the hostile one, and none becomes an element or a script."""

    def counts(text: str) -> dict[str, int]:
        report = {"publisher": text, "url": text, "published": text, "title": text}
        graph = nx.DiGraph(title=text, description=text, attribution=text)
        meeting = {"label": text, "date": text, "place": text, "reports": [report]}
        graph.graph["meetings"] = {text: meeting}
        facts = {"label": text, "type": text, "url": text, "details": [[text, text]]}
        graph.add_node(text, **facts, meetings=[text])
        graph.add_node("other")
        graph.add_edge(text, "other", label=text, type=text)
        show(graph)
        page.evaluate("stabgraph.selectLink(0)")
        page.click("#all summary")
        page.click("#details .ends button >> nth=0")
        page.fill("#query", text.encode("utf-8", "replace").decode())
        out: dict[str, int] = page.evaluate("""() => {
            const out = {};
            for (const { localName } of document.querySelectorAll("*")) {
                out[localName] = (out[localName] ?? 0) + 1;
            }
            return out;
        }""")
        return out

    tame = counts("tame")
    assert counts(label) == tame
    shown = page.locator("#details h2").text_content()
    assert shown == label.encode("utf-8", "replace").decode().strip()


def test_address_of_a_script_is_no_link(page: Page, show: Open) -> None:
    graph = nx.Graph()
    graph.add_node("X", url="javascript:alert(1)")
    show(graph)
    page.evaluate("stabgraph.select('X')")
    assert page.inner_text("#details .iri") == "javascript:alert(1)"
    assert page.locator("#details a").count() == 0


GRAPHS = {
    "empty": nx.Graph(),
    "one-node": nx.empty_graph(1),
    "no-links": nx.empty_graph(5),
    "path": nx.path_graph(4),
    "directed": nx.DiGraph([(1, 2), (2, 1), (2, 3)]),
    "parallel": nx.MultiGraph([(1, 2), (1, 2), (2, 3)]),
    "both": nx.MultiDiGraph([(1, 2), (2, 1), (1, 2)]),
    "loop": nx.Graph([(1, 1), (1, 2)]),
    "tuples": nx.grid_2d_graph(3, 3),
}


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS.keys())
def test_bare_graph_is_a_page(page: Page, show: Open, graph: nx.Graph[Any]) -> None:
    show(graph)
    assert seen(page)["nodes"] == [str(node) for node in graph]
    assert seen(page)["links"] == nx.Graph(graph).number_of_edges() + (graph.is_directed())
    for node in graph:
        page.evaluate("key => stabgraph.select(key)", str(node))
        assert page.inner_text("#details h2") == str(node)


def test_telephone_shows_the_panel_below(page: Page, show: Open, talks: nx.Graph[Any]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(talks)
    page.evaluate("stabgraph.select('A')")
    stage, details, controls = (
        page.locator(selector).bounding_box() for selector in ("#stage", "#details", "#controls")
    )
    assert stage
    assert details
    assert controls
    assert stage["y"] + stage["height"] <= details["y"] < controls["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_page_in_a_hidden_frame_fits_when_it_is_shown(
    page: Page, tmp_path: Path, talks: nx.Graph[Any]
) -> None:
    """Notebooks put pages into frames of tabs that are not open yet."""
    source = html.escape(export_html(talks, tmp_path / "page.html").read_text("utf-8"))
    frame = f'<iframe sandbox="allow-scripts" width="800" height="500" srcdoc="{source}"></iframe>'
    (tmp_path / "notebook.html").write_text(
        f'<!doctype html><meta charset="utf-8"><div hidden>{frame}</div>', "utf-8"
    )
    page.goto((tmp_path / "notebook.html").as_uri())
    page.evaluate("document.querySelector('div').hidden = false")
    inner = page.frames[1]
    for _ in range(100):
        places = [inner.evaluate("key => stabgraph.onPage(key)", key) for key in ("A", "B", "t1")]
        if all(290 < at["x"] < 800 and 50 < at["y"] < 500 for at in places):
            break
        page.wait_for_timeout(20)
    else:
        pytest.fail(f"the picture stays outside of the frame: {places}")
    assert abs(places[0]["x"] - places[1]["x"]) + abs(places[0]["y"] - places[1]["y"]) > 50


def test_without_javascript_the_page_says_what_it_needs(
    browser: Any, tmp_path: Path, talks: nx.Graph[Any]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(export_html(talks, tmp_path / "page.html").as_uri())
    assert "needs JavaScript" in page.inner_text(".notice")
    context.close()
