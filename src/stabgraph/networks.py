"""Networks: parts of the graph as NetworkX graphs.

========== =======================================================================================================
kind       nodes and links
========== =======================================================================================================
overview   parties, topics and places, joined where a meeting joined them
meetings   meetings, and around them the parties, officials, topics, institutions, instruments and places
states     states and other parties, joined where they met
========== =======================================================================================================

Nodes are named as in a query (``state:RUS``). Every node has ``label``, ``type`` (the kind of thing), ``url`` (its
IRI), ``weight`` (the number of meetings that give it a link), ``details`` (pairs of name and text) and ``meetings``
(their names, sorted). Every link has ``weight`` (the number of meetings that join its ends; around meetings, where
that is always one, the number of meetings of the thing at its other end), ``type`` and ``meetings``.
The graph itself has ``title``, ``description``, ``attribution``, ``shown`` (how many of the strongest links a page
should begin with) and ``meetings``: for each meeting its ``label``, ``date``, ``place`` and ``reports``, each with
``publisher``, ``url`` and ``published``.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.asking import ANY, ask, named_query
from stabgraph.errors import UnknownNameError, suggest
from stabgraph.finding import find, label
from stabgraph.vocabulary import SG, SKOS, curie, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import networkx as nx

    from stabgraph.engines import Embedded

__all__ = ["KINDS", "network"]

_AROUND = (SG.party, SG.topic, SG.institution, SG.instrument, SG.place, SG.observer)
_ATTRIBUTION = "Data: stabgraph, CC BY 4.0; every fact is the claim of a report that is linked here."


def network(engine: Embedded, kind: str = "overview", **filters: Any) -> nx.Graph[str]:
    """Return a network of the meetings that pass the filters.

    Parameters
    ----------
    engine
        The store to read from.
    kind
        One of :data:`KINDS`.
    filters
        Parameters of the named query ``meetings``: ``dialogue``, ``party``, ``with``, ``topic``, ``since`` …; only
        meetings that were held count, unless ``status`` says otherwise.

    Raises
    ------
    UnknownNameError
        If there is no such kind, or nothing bears an id or label given.
    ParameterError
        If a filter is unknown.
    """
    if kind not in KINDS:
        near = suggest(kind, KINDS)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(KINDS)}"
        raise UnknownNameError(f"there is no network {kind!r}; {hint}", name=kind, suggestions=near)
    meetings = [row["meeting"] for row in ask(engine, "meetings", filters)]
    facts = _Facts(engine, meetings)
    graph = KINDS[kind](facts)
    graph.graph["meetings"] = {curie(meeting): facts.meeting(meeting) for meeting in meetings}
    graph.graph["attribution"] = _ATTRIBUTION
    _describe(graph, engine, {k: v for k, v in filters.items() if v not in (None, ANY)}, len(meetings))
    return graph


def _describe(graph: nx.Graph[str], engine: Embedded, filters: Mapping[str, Any], meetings: int) -> None:
    """Say in words what the network shows."""
    things = {
        p.name: p.type
        for p in named_query("meetings").parameters
        if p.type not in {"date", "status", "level"}
    }
    parts = []
    for name, value in filters.items():
        if name in things:
            kinds = ("state", "institution") if things[name] == "party" else (things[name],)
            parts.append(_label(engine, find(engine, str(value).strip(), *kinds)))
    period = " ".join(f"{name} {filters[name]}" for name in ("since", "until") if name in filters)
    subject = ", ".join(parts) or "All dialogues"
    graph.graph["title"] = f"{subject}: {graph.graph['title']}" + (f" ({period})" if period else "")
    graph.graph["description"] += " 1 meeting." if meetings == 1 else f" {meetings:,} meetings."


class _Facts:
    """What the networks need to know of some meetings, read once."""

    def __init__(self, engine: Embedded, meetings: list[ox.NamedNode]) -> None:
        self.engine = engine
        self.meetings = meetings
        self._reports: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
        for quad in self._quads(None, SG.about):
            self._reports[quad.object].append(quad.subject)

    def _quads(self, subject: ox.NamedNode | None, name: ox.NamedNode | None) -> Iterable[Any]:
        return self.engine.match(subject, name)

    def values(self, subject: ox.NamedNode, name: ox.NamedNode) -> list[Any]:
        return sorted((quad.object for quad in self._quads(subject, name)), key=str)

    def text(self, subject: ox.NamedNode, name: ox.NamedNode) -> str:
        """Return the first value as people read it: a literal as it is, a thing by its label."""
        values = self.values(subject, name)
        if not values:
            return ""
        value = values[0]
        return _label(self.engine, value) if isinstance(value, ox.NamedNode) else value.value

    def meeting(self, meeting: ox.NamedNode) -> dict[str, Any]:
        reports = [
            {
                "publisher": self.text(report, SG.publisher) or self.text(report, SG.credit),
                "url": self.values(report, SG.url)[0].value,
                "published": self.text(report, SG.published),
            }
            for report in sorted(self._reports[meeting], key=str)
        ]
        return {
            "label": _label(self.engine, meeting),
            "date": self.text(meeting, SG.start),
            "place": self.text(meeting, SG.place) or self.text(meeting, SG.country),
            "reports": sorted(reports, key=lambda report: (report["published"], report["publisher"])),
        }

    def details(self, thing: ox.NamedNode) -> list[list[str]]:
        shown = {
            "meeting": (
                ("date", SG.start),
                ("place", SG.place),
                ("level", SG.level),
                ("status", SG.status),
            ),
            "topic": (("meaning", SKOS.definition), ("broader", SKOS.broader)),
            "official": (("serves", SG.serves),),
            "place": (("country", SG.country),),
            "institution": (("kind", SG.kind),),
        }
        pairs = [[name, self.text(thing, term)] for name, term in shown.get(kind_of(thing), ())]
        return [pair for pair in pairs if pair[1]]


def _label(engine: Embedded, thing: ox.NamedNode) -> str:
    return label(engine, thing) or curie(thing)


def _build(
    facts: _Facts,
    links: Mapping[tuple[ox.NamedNode, ox.NamedNode], set[ox.NamedNode]],
    *,
    weigh: bool = True,
) -> nx.Graph[str]:
    """Make the graph of links, each with the meetings that join its ends."""
    import networkx as nx

    around: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    for pair, meetings in links.items():
        for thing in pair:
            around[thing] |= meetings
    graph: nx.Graph[str] = nx.Graph()
    for thing in sorted(around, key=str):
        graph.add_node(
            curie(thing),
            label=_label(facts.engine, thing),
            type=kind_of(thing),
            url=thing.value,
            weight=len(around[thing]),
            details=facts.details(thing),
            meetings=sorted(map(curie, around[thing])),
        )
    for (one, other), meetings in sorted(links.items(), key=lambda item: str(item[0])):
        # Around meetings every link joins one meeting; what recurs is told by the thing at its other end.
        weight = len(meetings) if weigh else max(len(around[one]), len(around[other]))
        graph.add_edge(
            curie(one),
            curie(other),
            weight=weight,
            type=f"{kind_of(one)}–{kind_of(other)}",
            meetings=sorted(map(curie, meetings)),
        )
    return graph


def _overview(facts: _Facts) -> nx.Graph[str]:
    links: dict[tuple[ox.NamedNode, ox.NamedNode], set[ox.NamedNode]] = defaultdict(set)
    for meeting in facts.meetings:
        groups = [facts.values(meeting, name) for name in (SG.party, SG.topic, SG.place)]
        for one, other in combinations(groups, 2):
            for pair in product(one, other):
                links[pair].add(meeting)
    graph = _build(facts, links)
    graph.graph["title"] = "who discussed what where"
    graph.graph["description"] = (
        "Parties, topics and places; a link joins two that came together in the same meeting, "
        "the stronger the more meetings."
    )
    graph.graph["shown"] = 160
    return graph


def _meetings(facts: _Facts) -> nx.Graph[str]:
    links: dict[tuple[ox.NamedNode, ox.NamedNode], set[ox.NamedNode]] = defaultdict(set)
    for meeting in facts.meetings:
        things = [thing for name in _AROUND for thing in facts.values(meeting, name)]
        for participation in facts.values(meeting, SG.participation):
            things += facts.values(participation, SG.official)
        for thing in things:
            links[meeting, thing].add(meeting)
    graph = _build(facts, links, weigh=False)
    if len({series for meeting in facts.meetings for series in facts.values(meeting, SG.partOf)}) == 1:
        # Within one dialogue its name on every meeting would only fill the picture.
        for meeting in facts.meetings:
            status = facts.text(meeting, SG.status)
            fate = f" ({status})" if status not in {"held", ""} else ""
            if curie(meeting) in graph:
                graph.nodes[curie(meeting)]["label"] = facts.text(meeting, SG.title) + fate
    graph.graph["title"] = "meetings and everything around them"
    graph.graph["description"] = (
        "Each meeting with its parties, officials, topics, institutions, instruments and place."
    )
    graph.graph["shown"] = 300
    return graph


def _states(facts: _Facts) -> nx.Graph[str]:
    links: dict[tuple[ox.NamedNode, ox.NamedNode], set[ox.NamedNode]] = defaultdict(set)
    for meeting in facts.meetings:
        for pair in combinations(facts.values(meeting, SG.party), 2):
            links[pair].add(meeting)
    graph = _build(facts, links)
    graph.graph["title"] = "who met whom"
    graph.graph["description"] = "States and other parties; a link joins two that sat in the same meeting."
    graph.graph["shown"] = 200
    return graph


#: The kinds of network.
KINDS: dict[str, Callable[[_Facts], nx.Graph[str]]] = {
    "overview": _overview,
    "meetings": _meetings,
    "states": _states,
}
