"""Linking: which things the words of reports name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, Quad

from stabgraph.assembly import assemble
from stabgraph.linking import LABEL_PROPERTIES, PHRASES, Labels, fold, links, resolve
from stabgraph.vocabulary import DCTERMS, RDFS, SG, SKOS, iri

SAME = [
    ("Arms Control", "arms control"),
    ("arms  control", "arms control"),
    ("confidence-building", "confidence building"),
    ("confidence\u2011building", "confidence building"),
    ("India\u2013Pakistan", "India-Pakistan"),
    ("missile defence", "missile defense"),
    ("Missile Defences", "missile defenses"),
    ("demilitarisation", "demilitarization"),
    ("recognised", "recognized"),
    ("nuclear programme", "nuclear program"),
    ("risk reduction centre", "risk reduction center"),
    ("International Labour Organisation", "International Labor Organization"),
    ("good neighbourly", "good neighborly"),
    ("norms of behaviour", "norms of behavior"),
    ("Göteborg", "Goteborg"),
    ("A Corun\u0303a", "A Coruña"),
    ("Teheran\u2019s", "Teheran's"),
    ("STRASSE", "straße"),
    ("ﬁssile", "fissile"),
    ("МОСКВА", "Москва"),
]
DIFFERENT = [
    ("arms control", "arms controls"),
    ("non-proliferation", "nonproliferation"),
    ("New START", "START"),
    ("Article 5", "Article 6"),
    ("Москва", "Mockba"),
    ("战略稳定", "战略"),
]

CHE, FRA, SUN, RUS = (iri("state", code) for code in ("CHE", "FRA", "SUN", "RUS"))
MEETING, OTHER = iri("meeting", "m-1"), iri("meeting", "m-2")
R1, R2 = iri("report", "r-1"), iri("report", "r-2")


def label(kind, name, *texts, by=RDFS.label):
    return [Quad(iri(kind, name), by, Literal(text)) for text in texts]


def said(name, text, graph=R1, meeting=MEETING):
    return Quad(meeting, SG[name], Literal(text), graph)


def linked(descriptions, *claims):
    return list(links(claims, Labels(descriptions)))


# ── Words ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("one", "other"), SAME)
def test_differences_that_do_not_matter_are_folded(one, other):
    assert one != other
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_differences_that_matter_are_kept(one, other):
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_is_folding_once_for_space_and_hyphens(text):
    folded = fold(text)
    assert folded == folded.strip()
    assert "-" not in folded
    assert "  " not in folded


# ── Phrases ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("phrase", "kind"), [(p, kind) for p, kinds in PHRASES.items() for kind in kinds])
def test_phrase_links_to_the_thing_in_the_graph_of_the_phrase(phrase, kind):
    target = PHRASES[phrase][kind]
    claim = Quad(MEETING, phrase, Literal("The Thing"), R1)
    assert linked(label(kind, "x", "the thing"), claim) == [Quad(MEETING, target, iri(kind, "x"), R1)]


@pytest.mark.parametrize("name", sorted(LABEL_PROPERTIES, key=str))
def test_every_kind_of_label_links(name):
    found = linked(label("topic", "x", "words", by=name), said("topicPhrase", "Words"))
    assert found == [Quad(MEETING, SG.topic, iri("topic", "x"), R1)]


def test_label_added_to_the_thesaurus_links_a_phrase_of_the_dataset():
    """The report's file stays as it is."""
    phrase, link = said("topicPhrase", "invented words"), Quad(MEETING, SG.topic, iri("topic", "x"), R1)
    concept = label("topic", "x", "something else", by=SKOS.prefLabel)
    assert link not in set(assemble([*concept, phrase]))
    whole = set(assemble([*concept, *label("topic", "x", "invented words", by=SKOS.hiddenLabel), phrase]))
    assert link in whole
    assert Quad(MEETING, SG.topic, iri("topic", "x")) in whole
    assert phrase in whole


def test_phrase_without_a_label_links_to_nothing():
    assert linked(label("topic", "x", "words"), said("topicPhrase", "other words")) == []


def test_label_of_two_things_links_to_nothing():
    two = [*label("topic", "x", "words"), *label("topic", "y", "Words")]
    assert linked(two, said("topicPhrase", "words")) == []
    assert Labels(two).find("words", "topic") == {iri("topic", "x"), iri("topic", "y")}
    assert Labels(two).one("words", "topic") is None


def test_one_thing_with_a_label_twice_links():
    twice = [*label("topic", "x", "Words"), *label("topic", "x", "words", by=SKOS.altLabel)]
    assert len(linked(twice, said("topicPhrase", "words"))) == 1


def test_label_of_another_kind_of_thing_links_to_nothing():
    assert linked(label("official", "x", "words"), said("topicPhrase", "words")) == []
    assert linked(label("topic", "x", "words"), said("instrumentPhrase", "words")) == []


def test_observer_is_a_state_before_it_is_an_institution():
    both = [*label("institution", "x", "Holy See"), *label("state", "VAT", "Holy See")]
    assert linked(both, said("observerPhrase", "Holy See")) == [
        Quad(MEETING, SG.observer, iri("state", "VAT"), R1)
    ]


def test_labels_of_blank_nodes_are_passed_over():
    assert Labels([Quad(BlankNode(), RDFS.label, Literal("words"))]).find("words", "topic") == frozenset()


def test_phrases_that_name_nothing_are_resolved_to_no_links():
    known, unknown = said("topicPhrase", "words"), said("topicPhrase", "other words")
    found = dict(resolve([known, unknown, said("ordinal", "1")], Labels(label("topic", "x", "words"))))
    assert found == {known: [Quad(MEETING, SG.topic, iri("topic", "x"), R1)], unknown: []}


# ── Places ──────────────────────────────────────────────────────────────────────

VIENNA, VIENNE = iri("place", "vienna"), iri("place", "vienne")
CITIES = [
    *label("place", "vienna", "Vienna", "Vienne"),
    Quad(VIENNA, SG.country, CHE),
    *label("place", "vienne", "Vienne"),
    Quad(VIENNE, SG.country, FRA),
    *label("place", "moscow", "Moscow"),
    Quad(iri("place", "moscow"), SG.country, RUS),
]
"""Gazetteer of an invented world, where Vienna lies in Switzerland."""


def in_country(country, graph=R1, meeting=MEETING):
    return Quad(meeting, SG.country, country, graph)


@pytest.mark.parametrize(
    ("city", "country", "expected"),
    [
        ("Vienne", CHE, VIENNA),
        ("Vienne", FRA, VIENNE),
        ("Vienne", RUS, None),
        ("Vienne", None, None),
        ("vienna", None, VIENNA),
        ("Vienna", FRA, None),
        ("Nowhere", CHE, None),
    ],
)
def test_place_is_told_by_its_country(city, country, expected):
    assert Labels(CITIES).place(city, country) == expected
    claims = [said("city", city)] + ([in_country(country)] if country else [])
    assert [quad.object for quad in linked(CITIES, *claims)] == ([expected] if expected else [])


@pytest.mark.parametrize("property_", [SG.continuedBy, DCTERMS.isReplacedBy])
def test_place_in_a_former_state_is_the_place_in_its_successor(property_):
    claims = [said("city", "Moscow"), in_country(SUN)]
    assert linked(CITIES, *claims) == []
    succession = Quad(SUN, property_, RUS)
    assert linked([*CITIES, succession], *claims) == [Quad(MEETING, SG.place, iri("place", "moscow"), R1)]


def test_place_in_the_successor_is_not_one_in_the_former_state():
    former = [*label("place", "moscow", "Moscow"), Quad(iri("place", "moscow"), SG.country, SUN)]
    assert Labels([*former, Quad(SUN, SG.continuedBy, RUS)]).place("Moscow", RUS) is None


def test_country_counts_for_its_own_report_and_meeting_only():
    claims = [
        in_country(CHE, R2),
        in_country(CHE, R1, OTHER),
        said("city", "Vienne"),
        said("city", "Vienne", R2),
        said("city", "Vienne", R1, OTHER),
    ]
    assert set(linked(CITIES, *claims)) == {
        Quad(MEETING, SG.place, VIENNA, R2),
        Quad(OTHER, SG.place, VIENNA, R1),
    }


def test_country_may_stand_after_the_city():
    assert linked(CITIES, said("city", "Vienne"), in_country(FRA)) == [Quad(MEETING, SG.place, VIENNE, R1)]


# ── Publishers ──────────────────────────────────────────────────────────────────

AGENCY, DAILY = iri("publisher", "agency"), iri("publisher", "daily")
PRESS = [
    *label("publisher", "agency", "Example Agency"),
    *label("publisher", "daily", "Example Daily"),
    Quad(AGENCY, SG.credit, Literal("Example Agency, via Example Daily")),
    Quad(DAILY, SG.carries, Literal("Example Agency, via Example Daily")),
]


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        ("Example Daily", [(SG.publisher, DAILY)]),
        ("EXAMPLE DAILY", [(SG.publisher, DAILY)]),
        ("Example Agency, via Example Daily", [(SG.publisher, AGENCY), (SG.via, DAILY)]),
        ("example agency,  via Example-Daily", [(SG.publisher, AGENCY), (SG.via, DAILY)]),
        ("Example Weekly", []),
    ],
)
def test_credit_line_tells_who_wrote_and_who_carries(credit, expected):
    line = Quad(R1, SG.credit, Literal(credit))
    assert linked(PRESS, line) == [Quad(R1, name, publisher) for name, publisher in expected]


def test_credit_line_of_a_publisher_is_no_credit_of_a_report():
    assert linked(PRESS, *PRESS) == []
