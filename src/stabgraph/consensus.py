"""What stabgraph concludes from the claims of reports: one pure function of a set of them.

The rule, in full:

* Properties that can have many values (parties, participations, topics, outcomes …) are the union over the reports.
* A property that can have one value takes the value with the best support:

  1. Where a report says that the meeting was held, reports that only foresee it do not count, unless no other
     report gives the property. An end before the start that was concluded does not count at all.
  2. A more precise value that agrees with a coarser one replaces it (2024-02-07 and 2024-02; a town and
     its province; held and planned; chair and head).
  3. Then counts the number of independent publishers whose reports state the value or a coarser one that
     agrees. The copies of one text, and the reports of one publisher, are one witness.
  4. Then the kind of publisher: official voice, wire agency, press, other.
  5. Then the earlier publication, and at the very last the order of the values themselves.

* A property of which two values are left that cannot both be right is *disputed*. All values stay in the graphs of
  their reports.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from stabgraph.dates import Date
from stabgraph.errors import DateError
from stabgraph.vocabulary import EDTF, PREFIXES, RDFS, SG, iri, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from stabgraph.vocabulary import Term

__all__ = ["DISPUTABLE", "SINGLE", "Claim", "Witness", "best", "conclude", "witnesses"]

#: Properties in which reports can contradict one another.
DISPUTABLE = (
    SG.ordinal, SG.start, SG.end, SG.place, SG.country, SG.mode, SG.level, SG.status,
)  # fmt: skip
#: Properties that get one value in the conclusions. The wording of a venue or a post differs without dispute.
SINGLE = (*DISPUTABLE, SG.capacity, SG.venue, SG.post, SG.organisation, RDFS.label)
#: Properties that stay in the report's graph: its words, of which nothing is concluded but what they name.
_WORDS = frozenset(
    {
        SG.city, SG.nameAsWritten, SG.topicPhrase, SG.institutionPhrase, SG.instrumentPhrase,
        SG.observerPhrase, SG.absentPhrase,
    }
)  # fmt: skip

_WEIGHT = {iri("kind", kind): rank for rank, kind in enumerate(("official", "wire", "press"))}
_HEAD = iri("capacity", "head")
_HELD, _PLANNED = iri("status", "held"), iri("status", "planned")
#: What a value says more precisely than others. A meeting that was held, or called off, was planned before, and perhaps
#: put off; a chair, whom reports also list among the heads, is more than that.
_IMPLIED: dict[Term, frozenset[Term]] = {
    iri(kind, name): frozenset(iri(kind, coarser) for coarser in implied)
    for kind, name, *implied in (
        ("status", "postponed", "planned"),
        ("status", "held", "planned", "postponed"),
        ("status", "cancelled", "planned", "postponed"),
        ("status", "suspended", "planned", "postponed"),
        ("capacity", "head", "member"),
        ("capacity", "chair", "head", "member"),
        ("capacity", "mediator", "head", "member"),
        ("capacity", "speaker", "head", "member"),
    )
}
_XSD_DATE = NamedNode(PREFIXES["xsd"] + "date")


@dataclass(frozen=True, slots=True)
class Witness:
    """The weight of a report.

    Attributes
    ----------
    publisher
        Who is independent of whom: reports of one publisher, and copies of one text, share it.
    rank
        The kind of publisher, 0 the weightiest.
    published
        The first day on which the report can have appeared, as ISO 8601; a late date if it bears none.
    """

    publisher: str
    rank: int = len(_WEIGHT)
    published: str = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that a report gives to a property."""

    value: Term
    witness: Witness


def witnesses(descriptions: Iterable[Quad]) -> dict[NamedNode, Witness]:
    """Return the weight of every report from its description and its publisher's."""
    facts: dict[NamedNode, dict[NamedNode, Term]] = defaultdict(dict)
    for quad in descriptions:
        if isinstance(quad.subject, NamedNode) and kind_of(quad.subject) in {"report", "publisher"}:
            facts[quad.subject][quad.predicate] = quad.object
    return {report: _witness(report, facts) for report, about in facts.items() if kind_of(report) == "report"}


def _witness(report: NamedNode, facts: Mapping[NamedNode, Mapping[NamedNode, Term]]) -> Witness:
    own = facts[report]
    origin, seen = report, {report}
    while (copied := facts.get(origin, {}).get(SG.copyOf)) is not None and copied not in seen:
        assert isinstance(copied, NamedNode)
        origin = copied
        seen.add(origin)
    source = facts.get(origin, own)
    publisher = source.get(SG.publisher) or source.get(SG.credit) or origin
    kind = facts.get(publisher, {}).get(SG.kind) if isinstance(publisher, NamedNode) else None
    published = _day(own.get(SG.published))
    return Witness(
        publisher=str(publisher),
        rank=_WEIGHT.get(kind, len(_WEIGHT)) if isinstance(kind, NamedNode) else len(_WEIGHT),
        published=published.isoformat() if published else "9999-12-31",
    )


def _date(term: Term | None) -> Date | None:
    """Return the date that a term says; what is no date bears no conclusion here, validation names it."""
    try:
        return Date.parse(term.value) if isinstance(term, Literal) else None
    except DateError:
        return None


def _day(term: Term | None) -> date | None:
    date = _date(term)
    return date.earliest if date else None


def refines(value: Term, other: Term, within: Mapping[Term, Term]) -> bool:
    """Tell whether a value says the same as another, only more precisely."""
    if isinstance(value, Literal) and isinstance(other, Literal):
        if value.datatype == EDTF and other.datatype == EDTF and value != other:
            try:
                return Date.parse(value.value).refines(Date.parse(other.value))
            except DateError:
                return False
        return False
    return other in _IMPLIED.get(value, ()) or _lies_in(value, other, within)


def _lies_in(place: Term, other: Term, within: Mapping[Term, Term]) -> bool:
    passed = {place}
    while (larger := within.get(place)) is not None and larger not in passed:
        if larger == other:
            return True
        passed.add(larger)
        place = larger
    return False


def best(claims: Iterable[Claim], within: Mapping[Term, Term] | None = None) -> tuple[Term, bool]:
    """Return the value with the best support, and whether values are left that contradict it.

    Parameters
    ----------
    claims
        At least one value, each with its witness.
    within
        For places, the larger place that each lies in.

    Examples
    --------
    >>> seventh, eighth, month = (
    ...     Literal(text, datatype=EDTF) for text in ("2024-02-07", "2024-02-08", "2024-02")
    ... )
    >>> one, two, three = (Witness(name) for name in ("one", "two", "three"))
    >>> value, disputed = best([Claim(month, one), Claim(seventh, two)])
    >>> value.value, disputed
    ('2024-02-07', False)
    >>> value, disputed = best([Claim(seventh, one), Claim(eighth, two), Claim(eighth, three)])
    >>> value.value, disputed
    ('2024-02-08', True)
    """
    claims = list(claims)
    if len({claim.value for claim in claims}) == 1:
        return claims[0].value, False
    values = {claim.value for claim in claims}
    places = within or {}
    candidates = [v for v in values if not any(refines(other, v, places) for other in values)]
    by_publisher: dict[str, set[Term]] = defaultdict(set)
    for claim in claims:
        by_publisher[claim.witness.publisher].add(claim.value)

    def rank(value: Term) -> tuple[int, int, str, str]:
        exact = [claim.witness for claim in claims if claim.value == value]
        support = sum(_supports(said, value, places) for said in by_publisher.values())
        return (
            -support,
            min(witness.rank for witness in exact),
            min(witness.published for witness in exact),
            str(value),
        )

    return min(candidates, key=rank), len(candidates) > 1


def _supports(said: set[Term], value: Term, within: Mapping[Term, Term]) -> bool:
    """Tell whether a publisher that said these values stands behind one: only its own sharpest ones count."""
    sharpest = (v for v in said if not any(refines(other, v, within) for other in said))
    return any(v == value or refines(value, v, within) for v in sharpest)


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
        witnessed = (Claim(value, weights.get(report, Witness(report.value))) for value, report in said)
        value, disputed = best(witnessed, within)
        concluded[subject, name] = value
        yield Quad(subject, name, value)
        if disputed and name in DISPUTABLE:
            yield Quad(subject, SG.disputed, name)
    for subject, name, value in grouped.union:
        yield Quad(subject, name, value)
    yield from _shortcuts(grouped.union, concluded)
    yield from _bounds(concluded)


def _group(claims: Iterable[Quad]) -> _Claims:
    grouped = _Claims()
    for quad in claims:
        subject, name, value, graph = quad.subject, quad.predicate, quad.object, quad.graph_name
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
            if isinstance(value, NamedNode) and kind_of(value) == "participation":
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
        start = _day(concluded.get((subject, SG.start)))
        if start is not None:
            said = [pair for pair in said if _reaches(pair[0], start)]
    return said


def _reaches(end: Term, start: date) -> bool:
    date = _date(end)
    return date is not None and (date.latest is None or date.latest >= start)


def _shortcuts(
    union: set[tuple[NamedNode, NamedNode, Term]],
    concluded: Mapping[tuple[NamedNode, NamedNode], Term],
) -> Iterator[Quad]:
    """Yield the short ways past a participation that the ontology defines as property chains."""
    about: dict[Term, dict[NamedNode, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for subject, name, value in union:
        if kind_of(subject) == "participation":
            about[subject][name].add(value)
    for meeting, name, node in union:
        if name != SG.participation or not isinstance(node, NamedNode):
            continue
        if concluded.get((node, SG.capacity)) == _HEAD:
            yield Quad(meeting, SG.headParticipation, node)
            yield from (Quad(meeting, SG.headedBy, person) for person in about[node][SG.official])
            yield from (Quad(meeting, SG.party, side) for side in about[node][SG.represents])


def _bounds(concluded: Mapping[tuple[NamedNode, NamedNode], Term]) -> Iterator[Quad]:
    """Yield the first and the last possible day of everything that has a start or an end."""
    subjects = {subject for subject, name in concluded if name in (SG.start, SG.end)}
    for subject in subjects:
        dates = [
            date for name in (SG.start, SG.end) if (date := _date(concluded.get((subject, name)))) is not None
        ]
        bounds = ((SG.earliest, dates[0].earliest), (SG.latest, dates[-1].latest)) if dates else ()
        for name, day in bounds:
            if day is not None:
                yield Quad(subject, name, Literal(day.isoformat(), datatype=_XSD_DATE))


def fulfilments(conclusions: Iterable[Quad], descriptions: Iterable[Quad]) -> Iterator[Quad]:
    """Yield which meeting makes good which announcement.

    It is the meeting of the same dialogue that was held, is later than the one that announced it, and bears the
    announced number; where no number was announced, the first that falls into the announced time.
    """
    facts: dict[NamedNode, dict[NamedNode, Term]] = defaultdict(dict)
    announced: list[tuple[NamedNode, NamedNode]] = []
    for quad in conclusions:
        if quad.predicate == SG.announces:
            announced.append((quad.subject, quad.object))  # type: ignore[arg-type]
        elif quad.predicate in (SG.ordinal, SG.earliest, SG.latest, SG.status):
            facts[quad.subject][quad.predicate] = quad.object  # type: ignore[index]
    series: dict[NamedNode, NamedNode] = {}
    rounds: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for quad in descriptions:
        if quad.predicate == SG.partOf and kind_of(quad.object) == "dialogue":  # type: ignore[arg-type]
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
    number = text(notice, SG.ordinal)
    if number:
        found = [r for r in candidates if text(r, SG.ordinal) == number]
        found = [r for r in found if not since or not (day := text(r, SG.latest)) or day > since]
    else:
        first, last = text(notice, SG.earliest), text(notice, SG.latest)
        found = [
            r
            for r in candidates
            if first
            and text(r, SG.earliest) > since
            and text(r, SG.latest) >= first
            and text(r, SG.earliest) <= last
        ]
    return min(found, key=lambda r: (text(r, SG.earliest) or "9999", r.value), default=None)
