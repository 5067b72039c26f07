"""What stabgraph concludes from the claims of reports: one pure function of a set of them.

Properties that can have many values (parties, participations, topics, outcomes …) are the union over the reports; a
property that can have one value takes the best by the rule of :mod:`stabgraph.consensus`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from stabgraph.consensus import Claim, Witness, best, date_of, day_of
from stabgraph.vocabulary import PREFIXES, RDFS, SG, iri, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from stabgraph.vocabulary import Term

__all__ = ["DISPUTABLE", "SINGLE", "conclude", "fulfilments"]

#: Properties in which reports can contradict one another.
DISPUTABLE = frozenset(
    {SG.ordinal, SG.start, SG.end, SG.place, SG.country, SG.mode, SG.level, SG.status},
)
#: Properties that get one value in the conclusions. A venue or a post is worded differently without dispute.
SINGLE = DISPUTABLE | {SG.capacity, SG.venue, SG.post, SG.rank, SG.organisation, RDFS.label}
#: Properties that stay in the report's graph: its words, of which nothing is concluded but what they name.
_WORDS = frozenset(
    {
        SG.city, SG.nameAsWritten, SG.topicPhrase, SG.institutionPhrase, SG.instrumentPhrase,
        SG.observerPhrase, SG.absentPhrase,
    }
)  # fmt: skip

_HEAD = iri("capacity", "head")
_HELD, _PLANNED = iri("status", "held"), iri("status", "planned")
_OF_A_SIDE = frozenset({SG.official, SG.represents})
_WHEN = frozenset({SG.ordinal, SG.earliest, SG.latest, SG.status})
_XSD_DATE = NamedNode(PREFIXES["xsd"] + "date")


@dataclass
class _Claims:
    """Claims grouped for concluding."""

    single: dict[tuple[NamedNode, NamedNode], list[tuple[Term, NamedNode]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    union: set[tuple[NamedNode, NamedNode, Term]] = field(default_factory=set)
    foreseen: set[tuple[NamedNode, NamedNode]] = field(default_factory=set)
    held: set[NamedNode] = field(default_factory=set)
    meeting_of: dict[NamedNode, NamedNode] = field(default_factory=dict)


def conclude(
    claims: Iterable[Quad],
    weights: Mapping[NamedNode, Witness],
    within: Mapping[Term, Term] | None = None,
) -> Iterator[Quad]:
    """Yield the conclusions from the claims of reports, as quads of the default graph.

    Parameters
    ----------
    claims
        Quads whose graph is a report's IRI, links included.
    weights
        The weight of each report, from :func:`witnesses`.
    within
        For places, the larger place that each lies in.

    Notes
    -----
    The order of the claims never matters, and a report that states what is already concluded never changes it.
    """
    grouped = _group(claims)
    concluded: dict[tuple[NamedNode, NamedNode], Term] = {}
    # An end is judged by the start that was concluded, so ends come last.
    for subject, name in sorted(grouped.single, key=lambda pair: pair[1] == SG.end):
        said = _eligible(grouped, subject, name, concluded)
        if not said:
            continue
        witnessed = [Claim(value, weights.get(report, Witness(report.value))) for value, report in said]
        value, standing = best(witnessed, within)
        concluded[subject, name] = value
        yield Quad(subject, name, value)
        if name in DISPUTABLE:
            yield Quad(subject, SG[standing.value], name)
            if standing.disputed:
                yield Quad(subject, SG.disputed, name)
    for subject, name, value in grouped.union.union(_shortcuts(grouped.union, concluded)):
        yield Quad(subject, name, value)
    yield from _bounds(concluded)


def _group(claims: Iterable[Quad]) -> _Claims:
    grouped = _Claims()
    for subject, name, value, graph in claims:
        if name in _WORDS or not isinstance(graph, NamedNode) or not isinstance(subject, NamedNode):
            continue
        if name in SINGLE:
            grouped.single[subject, name].append((value, graph))
            if value == _PLANNED:
                grouped.foreseen.add((subject, graph))
            elif value == _HELD:
                grouped.held.add(subject)
        else:
            grouped.union.add((subject, name, value))
            if name == SG.participation and isinstance(value, NamedNode):
                grouped.meeting_of[value] = subject
    return grouped


def _eligible(
    grouped: _Claims,
    subject: NamedNode,
    name: NamedNode,
    concluded: Mapping[tuple[NamedNode, NamedNode], Term],
) -> list[tuple[Term, NamedNode]]:
    """Leave out what was only foreseen of a meeting that was held, and an end before the start."""
    said = grouped.single[subject, name]
    meeting = grouped.meeting_of.get(subject, subject)
    if meeting in grouped.held and name != SG.status:
        said = [pair for pair in said if (meeting, pair[1]) not in grouped.foreseen] or said
    if name == SG.end:
        start = day_of(concluded.get((subject, SG.start)))
        if start is not None:
            said = [pair for pair in said if _reaches(pair[0], start)]
    return said


def _reaches(end: Term, start: date) -> bool:
    date = date_of(end)
    return date is not None and (date.latest is None or date.latest >= start)


def _shortcuts(
    union: set[tuple[NamedNode, NamedNode, Term]],
    concluded: Mapping[tuple[NamedNode, NamedNode], Term],
) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
    """Yield the short ways past a participation that the ontology defines as property chains."""
    about: dict[Term, dict[NamedNode, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for subject, name, value in union:
        if name in _OF_A_SIDE:
            about[subject][name].add(value)
    for meeting, name, node in union:
        if name != SG.participation or not isinstance(node, NamedNode):
            continue
        if concluded.get((node, SG.capacity)) == _HEAD:
            yield meeting, SG.headParticipation, node
            yield from ((meeting, SG.headedBy, person) for person in about[node][SG.official])
            yield from ((meeting, SG.party, side) for side in about[node][SG.represents])


def _bounds(concluded: Mapping[tuple[NamedNode, NamedNode], Term]) -> Iterator[Quad]:
    """Yield the first and the last possible day of everything that has a start or an end."""
    subjects = {subject for subject, name in concluded if name in (SG.start, SG.end)}
    for subject in subjects:
        dates = [
            date
            for name in (SG.start, SG.end)
            if (date := date_of(concluded.get((subject, name)))) is not None
        ]
        bounds = ((SG.earliest, dates[0].earliest), (SG.latest, dates[-1].latest)) if dates else ()
        for name, day in bounds:
            if day is not None:
                yield Quad(subject, name, Literal(day.isoformat(), datatype=_XSD_DATE))


def fulfilments(conclusions: Iterable[Quad], descriptions: Iterable[Quad]) -> Iterator[Quad]:
    """Yield which meeting makes good which announcement.

    It is the meeting of the same dialogue that was held, is later than the one that announced it, and bears the
    announced number; where no number was announced, the first that falls into the announced time. A round whose number
    no report tells counts as the one announced where it falls into the announced month.
    """
    facts: dict[NamedNode, dict[NamedNode, Term]] = defaultdict(dict)
    announced: list[tuple[NamedNode, NamedNode]] = []
    for subject, name, value, _ in conclusions:
        if name == SG.announces:
            announced.append((subject, value))
        elif name in _WHEN:
            facts[subject][name] = value
    series: dict[NamedNode, NamedNode] = {}
    rounds: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for quad in descriptions:
        if quad.predicate == SG.partOf and kind_of(quad.object) == "dialogue":
            series[quad.subject] = quad.object  # type: ignore[index,assignment]
            if facts[quad.subject].get(SG.status) == _HELD:  # type: ignore[index]
                rounds[quad.object].append(quad.subject)  # type: ignore[index,arg-type]
    for meeting, notice in announced:
        candidates = [r for r in rounds.get(series.get(meeting, meeting), []) if r != meeting]
        found = _fulfilling(facts, meeting, notice, candidates)
        if found is not None:
            yield Quad(found, SG.fulfils, notice)


def _fulfilling(
    facts: Mapping[NamedNode, Mapping[NamedNode, Term]],
    meeting: NamedNode,
    notice: NamedNode,
    candidates: list[NamedNode],
) -> NamedNode | None:
    def text(node: NamedNode, name: NamedNode) -> str:
        term = facts.get(node, {}).get(name)
        return term.value if isinstance(term, Literal) else ""

    since = text(meeting, SG.latest) or text(meeting, SG.earliest)
    first, last = text(notice, SG.earliest), text(notice, SG.latest)
    in_time = [
        r
        for r in candidates
        if first
        and text(r, SG.earliest) > since
        and text(r, SG.latest) >= first
        and text(r, SG.earliest) <= last
    ]
    found = in_time
    if number := text(notice, SG.ordinal):
        found = [r for r in candidates if text(r, SG.ordinal) == number]
        found = [r for r in found if not since or not (day := text(r, SG.latest)) or day > since]
        # Within a year there is time for other meetings of the dialogue, within a month hardly.
        if not found and first[:7] == last[:7]:
            found = [r for r in in_time if not text(r, SG.ordinal)]
    return min(found, key=lambda r: (text(r, SG.earliest) or "9999", r.value), default=None)
