"""The rule of consensus: what is concluded from claims, and that the bundled data keeps to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from reasonable import PyReasoner

from stabgraph.assembly import assemble, thesaurus
from stabgraph.conclusions import DISPUTABLE, SINGLE
from stabgraph.consensus import Claim, Standing, Witness, best, witnesses
from stabgraph.dataset import read
from stabgraph.dates import Date
from stabgraph.records import Record, Statement
from stabgraph.vocabulary import EDTF, OWL, RDF, RDFS, SG, bundled, iri, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stabgraph import DialogueGraph

MEETING = iri("meeting", "m-1")
#: What follows from concluded values and stands in no report.
STANDINGS = {SG.confirmed, SG.singleSource, SG.majority, SG.conflict}
DERIVED = {
    SG.earliest,
    SG.latest,
    SG.headedBy,
    SG.headParticipation,
    SG.disputed,
    SG.fulfils,
    SG.follows,
    *STANDINGS,
}
WORDS = {
    SG.city, SG.nameAsWritten, SG.topicPhrase, SG.institutionPhrase, SG.instrumentPhrase, SG.observerPhrase,
    SG.absentPhrase,
}  # fmt: skip
CLAIMED = {"meeting", "participation", "outcome", "instrument"}
PUBLISHERS = {"ministry": "official", "agency": "wire", "daily": "press", "weekly": "press", "blog": "other"}


# ── Reports to conclude from, all invented ─────────────────────────────────────────────────────────────────


def described() -> list[ox.Quad]:
    """The invented meetings, places and publishers, and one topic."""
    quads = [
        ox.Quad(iri("publisher", name), predicate, value)
        for name, kind in PUBLISHERS.items()
        for predicate, value in (
            (RDF.type, SG.Publisher),
            (RDFS.label, ox.Literal(name, language="en")),
            (SG.kind, iri("kind", kind)),
        )
    ]
    for city, country in (("Geneva", "CHE"), ("Vienna", "AUT")):
        node = iri("place", city.lower())
        quads += [ox.Quad(node, RDFS.label, ox.Literal(city, language="en"))]
        quads += [ox.Quad(node, SG.country, iri("state", country))]
    for number in (1, 2, 3):
        node = iri("meeting", f"m-{number}")
        quads += [ox.Quad(node, RDF.type, SG.Meeting), ox.Quad(node, SG.partOf, iri("dialogue", "talks"))]
    return [*quads, ox.Quad(iri("topic", "space"), RDFS.label, ox.Literal("space", language="en"))]


def report(name: str, publisher: str = "daily", **says: Any) -> Record:
    """An invented report; what does not belong to the report itself is what it says."""
    own = {
        key: says.pop(key) for key in ("published", "copy_of", "about") if says.get(key, False) is not False
    }
    return Record(
        id=name,
        url=f"https://example.org/{name}",
        publisher=publisher,
        language="en",
        about=own.pop("about", "m-1"),
        says=Statement(**says),
        **own,
    )


def concluded(records: Iterable[Record], *more: ox.Quad) -> set[ox.Quad]:
    """The default graph that follows from records, without the descriptions."""
    stated = [*described(), *more]
    stated += [quad for record in records for quad in record.to_rdf()]
    whole = assemble(stated)
    return {
        quad
        for quad in whole
        if isinstance(quad.graph_name, ox.DefaultGraph) and kind_of(quad.subject) in CLAIMED
    } - set(stated)


def values(quads: Iterable[ox.Quad], name: ox.NamedNode, subject: ox.NamedNode = MEETING) -> list[str]:
    """The concluded values of a property, as plain text: ids, numbers, dates."""
    found = (quad.object for quad in quads if quad.subject == subject and quad.predicate == name)
    return sorted(value.value.rpartition("/")[2] if kind_of(value) else value.value for value in found)


def disputed(quads: Iterable[ox.Quad]) -> list[str]:
    return [value.rpartition("#")[2] for value in values(quads, SG.disputed)]


DATES = ("2024-02-07", "2024-02-08", "2024-02-06~", "2024-02-09~", "2024-02", "2024", "2024-03", "2023?")
SPANS = [
    (start, end)
    for start, end in product((None, *DATES), repeat=2)
    if not (start and end) or Date.parse(end).latest >= Date.parse(start).earliest
]


@st.composite
def delegations(draw: st.DrawFn) -> list[dict[str, Any]]:
    sides = []
    for party, person in (("PAK", "anna"), ("RUS", "boris")):
        if draw(st.booleans()):
            role = draw(st.sampled_from([None, "Director", "Envoy", "Deputy Minister"]))
            delegate = {"person": person, "as": person.title()} | ({"role": role} if role else {})
            sides.append({"party": party, draw(st.sampled_from(["heads", "members"])): [delegate]})
    return sides


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    start, end = draw(st.sampled_from(SPANS))
    place = draw(st.sampled_from([(None, None), ("Geneva", "CHE"), ("Vienna", "AUT"), (None, "CHE")]))
    coming = st.fixed_dictionaries(
        {}, optional={"ordinal": st.sampled_from([2, 3]), "when": st.sampled_from(["2025", "2025-06"])}
    )
    fields = {
        "start": start,
        "end": end,
        "city": place[0],
        "country": place[1],
        "ordinal": draw(st.sampled_from([None, 1, 2])),
        "status": draw(st.sampled_from([None, "held", "held", "planned", "postponed", "cancelled"])),
        "level": draw(st.sampled_from([None, "expert", "ministerial"])),
        "venue": draw(st.sampled_from([None, "Palais", "Old Palace"])),
        "topics": draw(st.sampled_from([[], ["space"], ["space", "the sea"]])),
        "outcomes": draw(st.sampled_from([[], ["Views converge"], ["views converge."]])),
        "delegations": draw(delegations()),
        "next": draw(st.none() | coming),
    }
    return {name: value for name, value in fields.items() if value not in (None, [])}


@st.composite
def record_sets(draw: st.DrawFn) -> list[Record]:
    """Up to five invented reports about one meeting, copies among them, and at times one about the next."""
    records: list[Record] = []
    for number in range(draw(st.integers(1, 5))):
        fields = {
            "id": f"r{number}",
            "url": f"https://example.org/r{number}",
            "language": "en",
            "publisher": draw(st.sampled_from([*PUBLISHERS, "nobody knows"])),
            "published": draw(st.sampled_from([None, "2024-02-08", "2024-02-09", "2024-02", "2024~"])),
            "copy_of": draw(st.sampled_from([None, *(record.id for record in records)])),
            "about": "m-1",
            "says": draw(statements()),
        }
        records.append(Record.from_yaml(_yaml(fields)))
    if draw(st.booleans()):
        later = draw(
            st.sampled_from([{"start": "2025-06-01"}, {"ordinal": 2}, {"ordinal": 2, "start": "2025"}])
        )
        records.append(report("later", about="m-2", status="held", **later))
    return records


def _yaml(fields: dict[str, Any]) -> str:
    import json

    return json.dumps({name: value for name, value in fields.items() if value is not None})


# ── Properties ─────────────────────────────────────────────────────────────────────────────────────────────


@given(record_sets(), st.randoms(use_true_random=False))
def test_order_of_claims_never_matters(records, random):
    stated = [*described(), *(quad for record in records for quad in record.to_rdf())]
    shuffled = random.sample(stated, len(stated))
    assert set(assemble(shuffled)) == set(assemble(stated))


@given(record_sets(), st.sampled_from([*PUBLISHERS, "somebody new"]), st.sampled_from([None, "2020", "2030"]))
def test_report_that_agrees_never_changes_a_conclusion(records, publisher, published):
    before = concluded(records)
    agreeing = report("agreeing", publisher, published=published)
    described_only = [quad for quad in agreeing.to_rdf() if isinstance(quad.graph_name, ox.DefaultGraph)]
    echo = [
        ox.Quad(quad.subject, quad.predicate, quad.object, iri("report", "agreeing"))
        for quad in before
        if quad.predicate not in DERIVED
    ]
    after = concluded(records, *described_only, *echo)
    moved = {SG.disputed, *STANDINGS}
    assert {q for q in after if q.predicate not in moved} == {q for q in before if q.predicate not in moved}
    # It can settle a dispute between reports that only foresaw the meeting, and never begins one.
    assert set(disputed(after)) <= set(disputed(before))


@given(record_sets())
def test_every_disputable_conclusion_has_one_standing(records):
    facts = concluded(records)
    found = Counter((quad.subject, quad.object) for quad in facts if quad.predicate in STANDINGS)
    given_values = {(quad.subject, quad.predicate) for quad in facts if quad.predicate in DISPUTABLE}
    assert set(found) == given_values
    assert set(found.values()) <= {1}
    in_dispute = {(quad.subject, quad.object) for quad in facts if quad.predicate == SG.disputed}
    torn = {(q.subject, q.object) for q in facts if q.predicate in (SG.majority, SG.conflict)}
    assert in_dispute == torn


@given(record_sets())
def test_what_is_confirmed_has_two_publishers(records):
    stated = [*described(), *(quad for record in records for quad in record.to_rdf())]
    origins = witnesses(quad for quad in stated if isinstance(quad.graph_name, ox.DefaultGraph))
    voices = defaultdict(set)
    for quad in assemble(stated):
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            voices[quad.subject, quad.predicate].add(origins[quad.graph_name].publisher)
    for quad in concluded(records):
        if quad.predicate == SG.confirmed:
            assert len(voices[quad.subject, quad.object]) > 1


@given(record_sets())
def test_every_conclusion_is_traceable_to_a_report(records):
    stated = [*described(), *(quad for record in records for quad in record.to_rdf())]
    whole = set(assemble(stated))
    claims = {quad.triple for quad in whole if not isinstance(quad.graph_name, ox.DefaultGraph)}
    conclusions = concluded(records)
    assert not untraceable(conclusions, claims)


@given(record_sets())
def test_property_of_one_value_gets_one_value(records):
    found = defaultdict(set)
    for quad in concluded(records):
        if quad.predicate in {*SINGLE, SG.earliest, SG.latest}:
            found[quad.subject, quad.predicate].add(quad.object)
    assert all(len(objects) == 1 for objects in found.values())


@given(record_sets())
def test_dispute_needs_two_values_in_the_reports(records):
    stated = [*described(), *(quad for record in records for quad in record.to_rdf())]
    said = defaultdict(set)
    for quad in assemble(stated):
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            said[quad.subject, quad.predicate].add(quad.object)
    for quad in concluded(records):
        if quad.predicate == SG.disputed:
            assert quad.object in DISPUTABLE
            assert len(said[quad.subject, quad.object]) > 1


@given(record_sets())
def test_meeting_never_ends_before_it_starts(records):
    facts = concluded(records)
    first, last = values(facts, SG.earliest), values(facts, SG.latest)
    assert not (first and last) or first <= last


def untraceable(conclusions: Iterable[ox.Quad], claims: set[ox.Triple]) -> set[ox.Quad]:
    """Conclusions that neither stand in a report nor follow from what stands there."""
    facts = {quad.triple for quad in conclusions}
    by_subject = defaultdict(set)
    for triple in facts:
        by_subject[triple.subject, triple.predicate].add(triple.object)
    announced = {triple.object for triple in facts if triple.predicate == SG.announces}

    def heads(meeting: ox.NamedNode) -> set[Any]:
        own = by_subject[meeting, SG.participation]
        return {node for node in own if iri("capacity", "head") in by_subject[node, SG.capacity]}

    def dates(subject: ox.NamedNode) -> list[Date]:
        terms = [*by_subject[subject, SG.start], *by_subject[subject, SG.end]]
        return [Date.parse(term.value) for term in terms]

    said = defaultdict(set)
    for triple in claims:
        said[triple.subject, triple.predicate].add(triple.object)
    follows = {
        SG.earliest: lambda s, o: o.value in {str(date.earliest) for date in dates(s)},
        SG.latest: lambda s, o: o.value in {str(date.latest) for date in dates(s)},
        SG.headParticipation: lambda s, o: o in heads(s),
        SG.headedBy: lambda s, o: any(o in by_subject[node, SG.official] for node in heads(s)),
        SG.party: lambda s, o: any(o in by_subject[node, SG.represents] for node in heads(s)),
        SG.disputed: lambda s, o: len(said[s, o]) > 1,
        SG.fulfils: lambda _, o: o in announced,
        SG.follows: lambda s, o: {iri("status", "held")} <= said[s, SG.status] & said[o, SG.status],
        **dict.fromkeys(STANDINGS, lambda s, o: bool(by_subject[s, o])),
    }
    return {
        quad
        for quad in conclusions
        if quad.triple not in claims
        and not follows.get(quad.predicate, lambda *_: False)(quad.subject, quad.object)
    }


def test_untraceable_value_would_be_found():
    facts = {ox.Quad(MEETING, SG.ordinal, ox.Literal(7)), ox.Quad(MEETING, SG.headedBy, iri("official", "x"))}
    assert untraceable(facts, set()) == facts


# ── The rule, clause by clause ─────────────────────────────────────────────────────────────────────────────

HELD = {"status": "held"}
CLAUSES = {
    # What is shown, then the reports, the property, its concluded value and what is disputed.
    "day refines the month that more publishers give": (
        [
            report("a", "daily", start="2024-02-07"),
            report("b", "weekly", start="2024-02"),
            report("c", "blog", start="2024-02"),
        ],
        SG.start, "2024-02-07", [],
    ),
    "day refines a date that is about right": (
        [report("a", "daily", start="2024-02-07"), report("b", "ministry", start="2024-02-06~")],
        SG.start, "2024-02-07", [],
    ),
    "day too far from an approximate one contradicts it": (
        [report("a", "daily", start="2024-02-07"), report("b", "ministry", start="2024-02-04~")],
        SG.start, "2024-02-04~", ["start"],
    ),
    "coarse date supports every day in it": (
        [
            report("a", "ministry", start="2024-03-01"),
            report("b", "blog", start="2024-02-07"),
            report("c", "weekly", start="2024-02"),
        ],
        SG.start, "2024-02-07", ["start"],
    ),
    "more publishers outweigh a weightier one": (
        [
            report("a", "ministry", ordinal=3),
            report("b", "daily", ordinal=4),
            report("c", "blog", ordinal=4),
        ],
        SG.ordinal, "4", ["ordinal"],
    ),
    "copies are one witness": (
        [
            report("a", "ministry", ordinal=3),
            report("b", "daily", ordinal=4),
            report("c", "weekly", ordinal=4, copy_of="b"),
            report("d", "blog", ordinal=4, copy_of="c"),
        ],
        SG.ordinal, "3", ["ordinal"],
    ),
    "reports of one publisher are one witness": (
        [
            report("a", "ministry", ordinal=3),
            report("b", "daily", ordinal=4),
            report("c", "daily", ordinal=4),
        ],
        SG.ordinal, "3", ["ordinal"],
    ),
    "official voice outweighs an agency": (
        [
            report("a", "ministry", ordinal=3, published="2024-02-09"),
            report("b", "agency", ordinal=4, published="2024-02-08"),
        ],
        SG.ordinal, "3", ["ordinal"],
    ),
    "agency outweighs the press": (
        [report("a", "daily", ordinal=3), report("b", "agency", ordinal=4)],
        SG.ordinal, "4", ["ordinal"],
    ),
    "press outweighs others": (
        [report("a", "blog", ordinal=3), report("b", "daily", ordinal=4)],
        SG.ordinal, "4", ["ordinal"],
    ),
    "earlier publication decides between equals": (
        [
            report("a", "daily", ordinal=3, published="2024-02-09"),
            report("b", "weekly", ordinal=4, published="2024-02-08"),
        ],
        SG.ordinal, "4", ["ordinal"],
    ),
    "report without a date counts as the latest": (
        [report("a", "daily", ordinal=3), report("b", "weekly", ordinal=4, published="2024-02-08")],
        SG.ordinal, "4", ["ordinal"],
    ),
    "order of the values decides at the very last": (
        [report("a", "daily", ordinal=4), report("b", "weekly", ordinal=3)],
        SG.ordinal, "3", ["ordinal"],
    ),
    "preview does not count once the meeting was held": (
        [
            report("a", "ministry", start="2024-02-06", status="planned"),
            report("b", "agency", start="2024-02-06", status="planned"),
            report("c", "blog", start="2024-02-07", status="held"),
        ],
        SG.start, "2024-02-07", [],
    ),
    "preview counts where nobody else gives the property": (
        [
            report("a", "blog", start="2024-02-06", status="planned"),
            report("b", "ministry", ordinal=3, status="held"),
        ],
        SG.start, "2024-02-06", [],
    ),
    "previews count while nobody says that the meeting was held": (
        [
            report("a", "daily", start="2024-02-06", status="planned"),
            report("b", "weekly", start="2024-02-06", status="planned"),
            report("c", "ministry", start="2024-02-07"),
        ],
        SG.start, "2024-02-06", ["start"],
    ),
    "held refines planned": (
        [
            report("a", "ministry", status="planned"),
            report("b", "agency", status="planned"),
            report("c", "blog", status="held"),
        ],
        SG.status, "held", [],
    ),
    "cancelled refines postponed and planned": (
        [
            report("a", "ministry", status="planned"),
            report("b", "agency", status="postponed"),
            report("c", "blog", status="cancelled"),
        ],
        SG.status, "cancelled", [],
    ),
    "held and cancelled cannot both be right": (
        [report("a", "ministry", **HELD), report("b", "agency", status="cancelled")],
        SG.status, "held", ["status"],
    ),
    "end is judged by the start that was concluded": (
        [
            report("a", "ministry", start="2024-02-05", end="2024-02-06"),
            report("b", "daily", start="2024-02-07", end="2024-02-08"),
            report("c", "weekly", start="2024-02-07"),
        ],
        SG.end, "2024-02-08", ["start"],
    ),
    "end on the day of the start counts": (
        [report("a", "ministry", start="2024-02-07", end="2024-02-07")],
        SG.end, "2024-02-07", [],
    ),
    "same value twice is not disputed": (
        [report("a", "daily", ordinal=3), report("b", "weekly", ordinal=3)],
        SG.ordinal, "3", [],
    ),
    "venue differs without dispute": (
        [report("a", "ministry", venue="Palais"), report("b", "daily", venue="the old palace")],
        SG.venue, "Palais", [],
    ),
    "place is taken from the city": (
        [report("a", "ministry", city="Geneva", country="CHE"), report("b", "blog", city="Vienna", country="AUT")],
        SG.place, "geneva", ["country", "place"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("records", "name", "expected", "in_dispute"), CLAUSES.values(), ids=CLAUSES)
def test_clause(records, name, expected, in_dispute):
    facts = concluded(records)
    assert values(facts, name) == [expected]
    assert disputed(facts) == in_dispute


def test_end_before_the_concluded_start_is_not_concluded():
    facts = concluded(
        [
            report("a", "ministry", start="2024-02-05", end="2024-02-06"),
            report("b", "daily", start="2024-02-07"),
            report("c", "weekly", start="2024-02-07"),
        ]
    )
    assert values(facts, SG.end) == []
    assert (values(facts, SG.earliest), values(facts, SG.latest)) == (["2024-02-07"], ["2024-02-07"])


def test_many_values_are_the_union_over_the_reports():
    facts = concluded(
        [
            report("a", topics=["space"], delegations=[]),
            Record.from_yaml(
                _yaml(
                    {
                        "id": "b", "url": "https://example.org/b", "publisher": "weekly", "language": "en",
                        "about": "m-1", "says": {"delegations": [{"party": "PAK"}, {"party": "RUS"}]},
                    }
                )
            ),
        ]
    )  # fmt: skip
    assert values(facts, SG.topic) == ["space"]
    assert values(facts, SG.party) == ["PAK", "RUS"]


def test_words_of_reports_are_not_concluded():
    facts = concluded([report("a", city="Geneva", country="CHE", topics=["space", "the sea"])])
    assert not {quad.predicate for quad in facts} & WORDS
    assert values(facts, SG.place) == ["geneva"]


def test_first_and_last_day_follow_from_dates_of_any_precision():
    facts = concluded([report("a", start="2024-02", end="2024-03")])
    assert (values(facts, SG.earliest), values(facts, SG.latest)) == (["2024-02-01"], ["2024-03-31"])


def test_what_is_no_date_gives_no_first_and_last_day():
    """A file written by hand can hold anything; the check of the dataset names it, reading goes on."""
    graph = iri("report", "a")
    banana = ox.Quad(MEETING, SG.start, ox.Literal("banana", datatype=EDTF), graph)
    facts = concluded([report("a", end="2024-03")], banana)
    assert values(facts, SG.start) == ["banana"]
    assert (values(facts, SG.earliest), values(facts, SG.latest)) == (["2024-03-01"], ["2024-03-31"])
    assert values(concluded([report("a", ordinal=3)], banana), SG.earliest) == []


@pytest.mark.parametrize(
    ("announced", "rounds", "expected"),
    [
        ({"ordinal": 2}, {"m-2": {"ordinal": 2, "start": "2025-05-01"}}, "m-2"),
        ({"ordinal": 2}, {"m-2": {"ordinal": 3, "start": "2025-05-01"}}, None),
        ({"ordinal": 2}, {"m-2": {"ordinal": 2, "start": "2023-05-01"}}, None),
        ({"ordinal": 2}, {"m-2": {"ordinal": 2}}, "m-2"),
        ({"ordinal": 2}, {"m-2": {"ordinal": 2, "start": "2025-05-01", "status": "planned"}}, None),
        ({"ordinal": 2, "when": "2025"}, {"m-2": {"ordinal": 2, "start": "2027-05-01"}}, "m-2"),
        ({"ordinal": 2, "when": "2025-05"}, {"m-2": {"start": "2025-05-01"}}, "m-2"),
        ({"ordinal": 2, "when": "2025-05"}, {"m-2": {"start": "2025-05-01", "ordinal": 3}}, None),
        ({"ordinal": 2, "when": "2025"}, {"m-2": {"start": "2025-05-01"}}, None),
        ({"ordinal": 2, "when": "2025-05"}, {"m-2": {"start": "2025-05-01"}, "m-3": {"ordinal": 2}}, "m-3"),
        ({"when": "2025"}, {"m-2": {"start": "2025-05-01"}}, "m-2"),
        ({"when": "2025"}, {"m-2": {"start": "2025-05-01"}, "m-3": {"start": "2025-04-01"}}, "m-3"),
        ({"when": "2025"}, {"m-2": {"start": "2026-05-01"}}, None),
        ({"when": "2024"}, {"m-2": {"start": "2024-02-06"}}, None),
    ],
    ids=[
        "the number announced",
        "another number",
        "the number, but before the announcement",
        "the number, undated",
        "the number, only planned",
        "the number, later than announced",
        "no number known, in the month announced",
        "another number, in the month announced",
        "no number known, somewhere in the year announced",
        "the number, rather than the month announced",
        "within the time announced",
        "the first within the time announced",
        "after the time announced",
        "in the time announced, but before the announcement",
    ],
)
def test_announcement_is_fulfilled_by(announced, rounds, expected):
    announcing = report("a", start="2024-02-07", ordinal=1, status="held", next=announced)
    announcing = Record.from_yaml(announcing.to_yaml())
    later = [report(f"r-{m}", about=m, **{"status": "held", **says}) for m, says in rounds.items()]
    facts = concluded([announcing, *later])
    fulfilling = [quad.subject.value.rpartition("/")[2] for quad in facts if quad.predicate == SG.fulfils]
    assert fulfilling == ([expected] if expected else [])


def test_meeting_of_another_dialogue_fulfils_nothing():
    other = ox.Quad(iri("meeting", "elsewhere"), SG.partOf, iri("dialogue", "other"))
    announcing = Record.from_yaml(report("a", start="2024-02-07", next={"ordinal": 2}).to_yaml())
    held = report("b", about="elsewhere", ordinal=2, start="2025", status="held")
    assert not [quad for quad in concluded([announcing, held], other) if quad.predicate == SG.fulfils]


def test_number_announced_is_of_the_same_cycle():
    cycles = [
        ox.Quad(iri("meeting", f"m-{number}"), SG.cycle, ox.Literal(cycle, language="en"))
        for number, cycle in ((1, "old"), (2, "new"), (3, "old"))
    ]
    announcing = Record.from_yaml(
        report("a", ordinal=1, start="2024", status="held", next={"ordinal": 2}).to_yaml()
    )
    later = [report(f"r-{n}", about=f"m-{n}", ordinal=2, start=f"202{n + 3}", status="held") for n in (2, 3)]
    facts = concluded([announcing, *later], *cycles)
    assert [quad.subject for quad in facts if quad.predicate == SG.fulfils] == [iri("meeting", "m-3")]


# ── The chain of rounds ────────────────────────────────────────────────────────────────────────────────────

FIRST, SECOND, THIRD = ({"start": f"202{year}-05"} for year in (4, 5, 6))


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        ({1: FIRST, 2: SECOND, 3: THIRD}, {(2, 1), (3, 2)}),
        ({1: THIRD, 2: FIRST, 3: SECOND}, {(3, 2), (1, 3)}),
        ({1: FIRST, 2: {**SECOND, "status": "cancelled"}, 3: THIRD}, {(3, 1)}),
        ({1: FIRST, 2: {}, 3: THIRD}, {(3, 1)}),
        ({1: {**FIRST, "ordinal": 1}, 2: {"ordinal": 2}, 3: {**THIRD, "ordinal": 3}}, {(2, 1), (3, 2)}),
        ({1: {"ordinal": 1}, 2: {**FIRST, "ordinal": 2}, 3: {"ordinal": 4}}, {(2, 1), (3, 2)}),
        ({1: {**FIRST, "ordinal": 3}, 2: {"ordinal": 2}, 3: {**THIRD, "ordinal": 1}}, {(3, 1)}),
        ({1: {"start": "2024"}, 2: {"start": "2024-05-06"}, 3: THIRD}, {(3, 2)}),
        ({1: {"start": "2024", "ordinal": 1}, 2: {"start": "2024-05-06", "ordinal": 2}}, {(2, 1)}),
    ],
    ids=[
        "by their days",
        "whatever their ids",
        "only those held",
        "without one of which nothing is known",
        "an undated one by its number",
        "undated ones at the ends",
        "not by a count that runs backwards",
        "not where the days leave it open",
        "by number where the days leave it open",
    ],
)
def test_meeting_follows_the_last_one_before_it(rounds, expected):
    held = [report(f"r-{n}", about=f"m-{n}", **{"status": "held", **says}) for n, says in rounds.items()]
    follows = {
        (int(quad.subject.value[-1]), int(quad.object.value[-1]))
        for quad in concluded(held)
        if quad.predicate == SG.follows
    }
    assert follows == expected


def test_part_of_a_meeting_is_no_round():
    inner = ox.Quad(iri("meeting", "m-2"), SG.partOf, iri("meeting", "m-1"))
    held = [report(f"r-{n}", about=f"m-{n}", start=f"2024-05-0{n}", status="held") for n in (1, 2, 3)]
    follows = [quad for quad in concluded(held, inner) if quad.predicate == SG.follows]
    assert [(quad.subject, quad.object) for quad in follows] == [(iri("meeting", "m-3"), MEETING)]


def test_witness_behind_two_values_counts_for_its_sharpest():
    """A weekly that first wrote "in February" and then "on the 8th" does not stand behind the 7th."""
    february, seventh, eighth = (
        ox.Literal(text, datatype=EDTF) for text in ("2024-02", "2024-02-07", "2024-02-08")
    )
    weekly, daily, agency = Witness("weekly", 2), Witness("daily", 2), Witness("agency", 1)
    claims = [Claim(february, weekly), Claim(eighth, weekly), Claim(eighth, daily), Claim(seventh, agency)]
    assert best(claims) == (eighth, Standing.MAJORITY)


# ── Instruments ────────────────────────────────────────────────────────────────────────────────────────────

TREATY = iri("instrument", "treaty")


def life(name: str, publisher: str = "daily", about: str = "treaty", **stages: Any) -> Record:
    """An invented report of an invented treaty."""
    own = {"id": name, "url": f"https://example.org/{name}", "publisher": publisher, "language": "en"}
    return Record.from_yaml(_yaml({**own, "about": about, "life": stages}))


def standing(quads: Iterable[ox.Quad], name: ox.NamedNode) -> list[str]:
    """How a stage of the treaty's life stands."""
    about = [quad for quad in quads if quad.subject == TREATY and quad.object == name]
    return [quad.predicate.value.rpartition("#")[2] for quad in about if quad.predicate in STANDINGS]


def test_stage_of_a_treaty_takes_the_value_with_the_best_support():
    facts = concluded(
        [
            life("a", "daily", signed="2010", entered_into_force="2011-02-05"),
            life("b", "weekly", signed="2010-04-08", entered_into_force="2011-02-05", ended="2026"),
            life("c", "agency", signed="2010-04-09"),
            life("d", "blog", signed="2010-04-08"),
        ]
    )
    assert values(facts, SG.signed, TREATY) == ["2010-04-08"]
    assert standing(facts, SG.signed) == ["majority"]
    assert [quad.object for quad in facts if quad.predicate == SG.disputed] == [SG.signed]
    assert (values(facts, SG.enteredIntoForce, TREATY), standing(facts, SG.enteredIntoForce)) == (
        ["2011-02-05"],
        ["confirmed"],
    )
    assert (values(facts, SG.ended, TREATY), standing(facts, SG.ended)) == (["2026"], ["singleSource"])
    assert values(facts, SG.suspended, TREATY) == []


def test_later_report_that_a_treaty_still_waits_refines_the_earlier():
    """In EDTF, `[2020-01-22..]` is that day or a later one."""
    waits = [
        life("a", "daily", entered_into_force="[2020-01-22..]"),
        life("b", "weekly", entered_into_force="[2025-10-01..]"),
    ]
    facts = concluded(waits)
    assert values(facts, SG.enteredIntoForce, TREATY) == ["[2025-10-01..]"]
    assert standing(facts, SG.enteredIntoForce) == ["confirmed"]
    facts = concluded([*waits, life("c", "agency", entered_into_force="2026-03-05")])
    assert values(facts, SG.enteredIntoForce, TREATY) == ["2026-03-05"]


def test_lineage_is_the_union_over_the_reports():
    facts = concluded(
        [
            life("a", "daily", replaced_by=["treaty-2"]),
            life("b", "weekly", replaced_by=["treaty-3"], amends=["old-treaty"]),
        ]
    )
    assert values(facts, SG.replacedBy, TREATY) == ["treaty-2", "treaty-3"]
    assert values(facts, SG.amends, TREATY) == ["old-treaty"]
    assert values(facts, SG.disputed, TREATY) == []


# ── The bundled data ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def stated() -> list[ox.Quad]:
    return read(bundled("data"))


def default_graph(kg: DialogueGraph) -> list[ox.Triple]:
    quads = kg.engine.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return [quad.triple for quad in quads]


def test_every_claim_is_still_in_the_graph_of_its_report(kg, stated):
    claims = [quad for quad in stated if not isinstance(quad.graph_name, ox.DefaultGraph)]
    assert len(claims) > 10_000
    assert not [quad for quad in claims if quad not in kg.engine.store]


def test_every_conclusion_of_the_bundled_data_is_traceable(kg, stated):
    claims = {quad.triple for quad in kg.engine.store if not isinstance(quad.graph_name, ox.DefaultGraph)}
    files = {quad.triple for quad in [*stated, *thesaurus()] if isinstance(quad.graph_name, ox.DefaultGraph)}
    conclusions = {
        ox.Quad(t.subject, t.predicate, t.object)
        for t in default_graph(kg)
        if isinstance(t.subject, ox.NamedNode)
        and kind_of(t.subject) in CLAIMED
        and t not in files
        # Names of meetings are made of their dialogue's name and their title.
        and not (kind_of(t.subject) == "meeting" and t.predicate == RDFS.label)
    }
    assert len(conclusions) > 10_000
    disputes = {quad for quad in conclusions if quad.predicate == SG.disputed}
    assert disputes
    assert not untraceable(conclusions - disputes, claims)
    said = defaultdict(set)
    for triple in claims:
        said[triple.subject, triple.predicate].add(triple.object)
    assert all(len(said[quad.subject, quad.object]) > 1 for quad in disputes)


@pytest.mark.parametrize("name", [term for term in SINGLE if term != RDFS.label], ids=str)
def test_property_counts_the_same_with_and_without_distinct(kg, name):
    [row] = kg.query(
        f"SELECT (COUNT(?s) AS ?all) (COUNT(DISTINCT ?s) AS ?different) {{ ?s {name} ?o . ?s a ?class "
        "FILTER(?class IN (sg:Meeting, sg:Participation, sg:Announcement, sg:Instrument)) }"
    )
    assert row["all"].value == row["different"].value
    assert int(row["all"].value) > 0 or name == SG.organisation


def test_plain_query_returns_each_meeting_once(kg):
    rows = list(
        kg.query(
            "SELECT ?m ?label ?d ?place ?status { ?m a sg:Meeting ; rdfs:label ?label ; sg:status ?status . "
            "OPTIONAL { ?m sg:start ?d } OPTIONAL { ?m sg:place/rdfs:label ?place } }"
        )
    )
    assert len(rows) == len({row["m"] for row in rows}) > 1000


# ── What the ontology says of the conclusions ──────────────────────────────────────────────────────────────

_SPEECH = {RDFS.label.value, *(f"http://www.w3.org/2004/02/skos/core#{n}" for n in (
    "prefLabel", "altLabel", "hiddenLabel", "definition", "example", "note"
))}  # fmt: skip


def _rdflib(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=term.datatype.value, normalize=False)


def closure(triples: Iterable[ox.Triple]) -> ox.Store:
    """What follows from triples under the rules of OWL 2 RL, labels and definitions aside."""
    graph = rdflib.Graph()
    for triple in triples:
        if triple.predicate.value not in _SPEECH:
            graph.add((_rdflib(triple.subject), _rdflib(triple.predicate), _rdflib(triple.object)))
    reasoner = PyReasoner()
    reasoner.from_graph(graph)
    lines = "\n".join(" ".join(term.n3() for term in triple) + " ." for triple in reasoner.reason())
    store = ox.Store()
    # Blank nodes get one name each; literals can become subjects by the rules and are left out there.
    kept = "\n".join(line for line in lines.splitlines() if line.startswith(("<", "_:")))
    store.bulk_load(kept.encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return store


_CONTRADICTIONS = {
    "disjoint classes": """
        ?axiom a owl:AllDisjointClasses ; owl:members/rdf:rest*/rdf:first ?one, ?other .
        FILTER(STR(?one) < STR(?other)) ?thing a ?one, ?other .""",
    "asymmetric": "?name a owl:AsymmetricProperty . ?thing ?name ?other . ?other ?name ?thing .",
    "irreflexive": "?name a owl:IrreflexiveProperty . ?thing ?name ?thing .",
    "nothing": "?thing a owl:Nothing .",
    "a literal for a thing": "?name a owl:ObjectProperty . ?thing ?name ?value FILTER(isLiteral(?value))",
    "a thing for a literal": "?name a owl:DatatypeProperty . ?thing ?name ?value FILTER(!isLiteral(?value))",
    "not in the range": """
        ?name a owl:DatatypeProperty ; rdfs:range ?range . ?thing ?name ?value
        FILTER(?range IN (xsd:integer, xsd:date) && DATATYPE(?value) != ?range)""",
}


def contradictions(triples: Iterable[ox.Triple]) -> set[tuple[str, str]]:
    """The rules that are broken in the closure of triples, each with a thing; reasonable itself does not say."""
    prefixes = {
        "owl": OWL.base,
        "rdf": RDF.base,
        "rdfs": RDFS.base,
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
    store = closure(triples)
    return {
        (rule, str(row["thing"]))
        for rule, pattern in _CONTRADICTIONS.items()
        for row in store.query(f"SELECT DISTINCT ?thing {{ {pattern} }}", prefixes=prefixes)
    }


@pytest.fixture(scope="module")
def ontology() -> list[ox.Triple]:
    return [quad.triple for quad in thesaurus()]


PLANTED = {
    "a meeting that is a place": (
        [(MEETING, RDF.type, SG.Meeting), (iri("meeting", "m-2"), SG.place, MEETING)],
        "disjoint classes", MEETING,
    ),
    "an official who is a state": (
        [(iri("participation", "p"), SG.official, iri("state", "RUS")), (iri("state", "RUS"), RDF.type, SG.State)],
        "disjoint classes", iri("state", "RUS"),
    ),
    "two meetings that are part of one another": (
        [(MEETING, SG.partOf, iri("meeting", "m-2")), (iri("meeting", "m-2"), SG.partOf, MEETING)],
        "asymmetric", MEETING,
    ),
    "a meeting that is part of itself": ([(MEETING, SG.partOf, MEETING)], "irreflexive", MEETING),
    "a member of the empty class": ([(MEETING, RDF.type, OWL.Nothing)], "nothing", MEETING),
    "a topic in words": ([(MEETING, SG.topic, ox.Literal("space"))], "a literal for a thing", MEETING),
    "a venue that is a thing": ([(MEETING, SG.venue, iri("place", "geneva"))], "a thing for a literal", MEETING),
    "a number in words": ([(MEETING, SG.ordinal, ox.Literal("third"))], "not in the range", MEETING),
}  # fmt: skip


@pytest.mark.parametrize(("planted", "rule", "thing"), PLANTED.values(), ids=PLANTED)
def test_planted_contradiction_is_found(ontology, planted, rule, thing):
    found = contradictions([*ontology, *(ox.Triple(*triple) for triple in planted)])
    assert (rule, str(thing)) in found


def test_ontology_and_bundled_data_contradict_nothing(kg, ontology):
    assert contradictions([*ontology, *default_graph(kg)]) == set()


# reasonable leaves out the rule for property chains (prp-spo2), so it stands here in SPARQL.
_CHAINS = """
SELECT ?subject ?name ?value {
  ?name owl:propertyChainAxiom ?chain .
  ?chain rdf:first ?first ; rdf:rest [ rdf:first ?second ; rdf:rest rdf:nil ] .
  ?subject ?first ?middle . ?middle ?second ?value .
}
"""


def test_shortcuts_are_what_the_property_chains_give(kg, ontology):
    facts = default_graph(kg)
    short = {t for t in facts if t.predicate in (SG.headedBy, SG.party) and kind_of(t.subject) == "meeting"}
    assert len(short) > 1000
    claimed = {
        quad.triple
        for quad in kg.engine.store.quads_for_pattern(None, SG.party, None)
        if not isinstance(quad.graph_name, ox.DefaultGraph)
    }
    store = ox.Store()
    rest = {*ontology, *facts} - short
    store.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in rest)
    rows = store.query(_CHAINS, prefixes={"owl": OWL.base, "rdf": RDF.base})
    chained = {ox.Triple(row["subject"], row["name"], row["value"]) for row in rows}
    assert {triple.predicate for triple in chained} == {SG.headedBy, SG.party}
    assert chained | claimed == short


def test_no_two_classes_of_the_ontology_are_checked_in_vain(ontology):
    """Each pair that the ontology calls disjoint is refused, so that a list that is not read would be noticed."""
    thing = iri("meeting", "both")
    for one, other in combinations((SG.Meeting, SG.Report, SG.Place, SG.Outcome), 2):
        found = contradictions([*ontology, *(ox.Triple(thing, RDF.type, c) for c in (one, other))])
        assert found == {("disjoint classes", str(thing))}


def test_town_refines_the_province_it_lies_in():
    town, province, elsewhere = (iri("place", name) for name in ("nusa-dua", "bali", "jakarta"))
    one, two = Witness("one"), Witness("two")
    within = {town: province}
    assert best([Claim(province, one), Claim(town, two)], within) == (town, Standing.CONFIRMED)
    claims = [Claim(province, one), Claim(province, two), Claim(town, one)]
    assert best(claims) == (province, Standing.MAJORITY)
    assert best([Claim(town, one), Claim(elsewhere, two), Claim(elsewhere, one)], within)[1].disputed


@pytest.mark.parametrize("more", ["chair", "mediator", "speaker"])
def test_chair_whom_another_report_lists_as_head_heads_no_side(more):
    head, member, other = (iri("capacity", name) for name in ("head", "member", more))
    one, two, three = (Witness(name) for name in ("one", "two", "three"))
    assert best([Claim(head, one), Claim(head, two), Claim(other, three)]) == (other, Standing.CONFIRMED)
    assert best([Claim(member, one), Claim(head, two)]) == (head, Standing.CONFIRMED)


def test_every_participation_has_one_capacity(kg):
    counts = kg.query(
        "SELECT ?p (COUNT(?c) AS ?n) { ?p a sg:Participation ; sg:capacity ?c } GROUP BY ?p HAVING(?n != 1)"
    )
    assert len(counts) == 0
    assert kg.query("ASK { ?p sg:capacity capacity:chair } ") is True
