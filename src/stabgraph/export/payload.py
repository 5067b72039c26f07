"""What a page carries: the tables of a graph, each meeting and each report in them once."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stabgraph.export.layout import has_places, positions, sizes

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import networkx as nx

__all__ = ["Tables", "tables", "text"]

SHOWN = 400
FACTS_OF_REPORT = ("publisher", "url", "published", "title")


@dataclass(frozen=True, slots=True)
class Tables:
    """Nodes and links as vis-network reads them, and what the page shows beside the picture.

    Links are sorted, the strongest first. Extras are sparse: they map the number of a node or link
    to a value. Numbers of meetings and reports are places in their tables.
    """

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    types: list[str]
    shown: int
    has_places: bool = False
    node_extras: dict[str, Any] = field(default_factory=dict)
    edge_extras: dict[str, Any] = field(default_factory=dict)
    meetings: list[list[Any]] = field(default_factory=list)
    reports: list[list[Any]] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    link_types: list[str] = field(default_factory=list)


def tables(graph: nx.Graph[Any], *, order: Sequence[str] = ()) -> Tables:
    """Return the tables of a page for any graph.

    Parameters
    ----------
    graph
        As for `stabgraph.export.export_html`.
    order
        Types of nodes that come before all others, in this order.

    Examples
    --------
    >>> import networkx as nx
    >>> [node["label"] for node in tables(nx.path_graph(3)).nodes]
    ['0', '1', '2']
    """
    sources = _Sources(graph.graph.get("meetings") or {})
    number = {node: place for place, node in enumerate(graph)}
    found = {text(kind) for _, kind in graph.nodes(data="type", default="")}
    types = [name for name in order if name in found] + sorted(found.difference(order))
    links = _links(graph, number)
    meetings_of = [sources.numbers(held) for _, held in graph.nodes(data="meetings")]
    edge_extras = _edge_extras(links, meetings_of, sources)
    shown = graph.graph.get("shown")
    return Tables(
        nodes=_nodes(graph, types),
        edges=[{"from": a, "to": b, "value": link.weight} for (a, b), link in links],
        types=types,
        shown=min(len(links), SHOWN if shown is None else max(0, int(shown))),
        has_places=has_places(graph),
        node_extras=_node_extras(graph, meetings_of),
        edge_extras=edge_extras,
        meetings=sources.meetings,
        reports=sources.reports,
        publishers=list(sources.publishers),
        link_types=list(dict.fromkeys("; ".join(link.types) for _, link in links if link.types)),
    )


def text(value: object) -> str:
    r"""Return a value as text that can be written as UTF-8.

    Examples
    --------
    >>> text(None), text(7), text("a\ud800b")
    ('', '7', 'a?b')
    """
    return "" if value is None else str(value).encode("utf-8", "replace").decode("utf-8")


def number_or(value: object, default: float) -> float:
    """Return a finite number, or the default for anything else.

    Examples
    --------
    >>> number_or("3", 1.0), number_or(float("nan"), 1.0), number_or(None, 1.0)
    (3.0, 1.0, 1.0)
    """
    try:
        out = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return default
    return out if math.isfinite(out) else default


@dataclass(slots=True)
class _Link:
    """Everything between two nodes: parallel edges would be drawn on top of each other."""

    weight: float = 0.0
    labels: dict[str, None] = field(default_factory=dict)
    types: dict[str, None] = field(default_factory=dict)
    meetings: dict[Hashable, None] | None = None


class _Sources:
    """Meetings, reports and publishers, numbered as they are first asked for."""

    def __init__(self, known: Mapping[Hashable, Mapping[str, Any]]) -> None:
        self._known = known
        self._meeting: dict[Hashable, int] = {}
        self._report: dict[tuple[str, ...], int] = {}
        self.meetings: list[list[Any]] = []
        self.reports: list[list[Any]] = []
        self.publishers: dict[str, int] = {}

    def numbers(self, keys: Iterable[Hashable] | None) -> list[int]:
        """Return the numbers of some meetings, in the order of the table."""
        return sorted({self._number(key) for key in _listed(keys)})

    def _number(self, key: Hashable) -> int:
        if key not in self._meeting:
            facts = self._known.get(key) or {"label": key}
            reports = [self._number_of_report(report) for report in facts.get("reports") or ()]
            self._meeting[key] = len(self.meetings)
            named = [text(facts.get(name)) for name in ("label", "date", "place")]
            self.meetings.append([*named, list(dict.fromkeys(reports))])
        return self._meeting[key]

    def _number_of_report(self, report: Mapping[str, Any]) -> int:
        facts = tuple(text(report.get(name)) for name in FACTS_OF_REPORT)
        if facts not in self._report:
            self._report[facts] = len(self.reports)
            publisher = self.publishers.setdefault(facts[0], len(self.publishers))
            self.reports.append([publisher, *(facts[1:] if facts[3] else facts[1:3])])
        return self._report[facts]


def _listed(keys: Iterable[Hashable] | None) -> Iterable[Hashable]:
    # A set has no order of its own, and the same graph must give the same bytes.
    return sorted(keys, key=str) if isinstance(keys, (set, frozenset)) else keys or ()


def _nodes(graph: nx.Graph[Any], types: list[str]) -> list[dict[str, Any]]:
    group = {name: place for place, name in enumerate(types)}
    place, size = positions(graph), sizes(graph)
    return [
        {
            "id": number,
            "label": text(facts.get("label", node)),
            "group": group[text(facts.get("type", ""))],
            "x": round(place[node][0]),
            "y": round(place[node][1]),
            "size": round(size[node], 1),
        }
        for number, (node, facts) in enumerate(graph.nodes(data=True))
    ]


def _node_extras(graph: nx.Graph[Any], meetings: list[list[int]]) -> dict[str, Any]:
    keys, urls, details = {}, {}, {}
    for number, (node, facts) in enumerate(graph.nodes(data=True)):
        if text(node) != text(facts.get("label", node)):
            keys[number] = text(node)
        if facts.get("url"):
            urls[number] = text(facts["url"])
        if facts.get("details"):
            details[number] = [[text(name), text(value)] for name, value in facts["details"]]
    return {"key": keys, "url": urls, "details": details, "meetings": _sparse(meetings)}


def _sparse(values: list[Any]) -> dict[int, Any]:
    return {number: value for number, value in enumerate(values) if value}


def _links(graph: nx.Graph[Any], number: Mapping[Any, int]) -> list[tuple[tuple[int, int], _Link]]:
    links: dict[tuple[int, int], _Link] = {}
    for a, b, facts in graph.edges(data=True):
        ends = number[a], number[b]
        if not graph.is_directed():
            ends = min(ends), max(ends)
        link = links.setdefault(ends, _Link())
        link.weight += number_or(facts.get("weight", 1), 1.0)
        for kept, name in ((link.labels, "label"), (link.types, "type")):
            if facts.get(name):
                kept[text(facts[name])] = None
        if facts.get("meetings") is not None:
            link.meetings = (link.meetings or {}) | dict.fromkeys(_listed(facts["meetings"]))
    for link in links.values():
        link.weight = int(link.weight) if link.weight.is_integer() else round(link.weight, 3)
    return sorted(links.items(), key=lambda item: (-item[1].weight, item[0]))


def _edge_extras(
    links: list[tuple[tuple[int, int], _Link]], meetings_of: list[list[int]], sources: _Sources
) -> dict[str, Any]:
    labels, types, meetings = {}, {}, {}
    type_number: dict[str, int] = {}
    for number, ((a, b), link) in enumerate(links):
        if link.labels:
            labels[number] = "; ".join(link.labels)
        if link.types:
            types[number] = type_number.setdefault("; ".join(link.types), len(type_number))
        if link.meetings is not None:
            held = sources.numbers(link.meetings)
            # The page itself finds the meetings in which both ends stand.
            if held != sorted(set(meetings_of[a]) & set(meetings_of[b])):
                meetings[number] = held
    return {"label": labels, "type": types, "meetings": meetings}
