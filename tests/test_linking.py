"""Linking: which things the words of reports name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, Quad

from stabgraph.assembly import assemble, stated
from stabgraph.linking import LABEL_PROPERTIES, PHRASES, Labels, fold, links, resolve
from stabgraph.mappings import Mapping
from stabgraph.vocabulary import DCTERMS, RDF, RDFS, SG, SKOS, iri

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


# ── Rows of the tables ──────────────────────────────────────────────────────────

THIS, THAT = iri("topic", "this"), iri("topic", "that")
KNOWN = [
    *label("topic", "this", "this"),
    *label("topic", "that", "that"),
    *label("instrument", "i", "The Treaty"),
    *label("institution", "o", "The Organisation"),
    *label("state", "GEO", "Georgia"),
    *label("rank", "minister", "minister"),
    *label("rank", "deputy-minister", "deputy minister"),
]


def row(phrase, thing, words=SG.topicPhrase, predicate=SKOS.relatedMatch, source=None):
    return Mapping(words, phrase, predicate, thing, source, "", "", Path("table"), 1)


def mapped(rows, *claims, known=KNOWN):
    return list(links(claims, Labels(known, rows)))


def test_compound_phrase_links_to_all_that_it_says():
    rows = [row("this and that", THIS), row("this and that", THAT)]
    assert mapped(rows, said("topicPhrase", "this and that")) == [
        Quad(MEETING, SG.topic, THIS, R1),
        Quad(MEETING, SG.topic, THAT, R1),
    ]


@pytest.mark.parametrize("phrase", ["This and That", "this-and-that", "THIS  and  that"])
def test_row_holds_for_every_spelling_of_its_phrase(phrase):
    assert len(mapped([row("this and that", THIS)], said("topicPhrase", phrase))) == 1


@pytest.mark.parametrize(
    ("property_", "thing"),
    [
        (SG.topic, THIS),
        (SG.instrument, iri("instrument", "i")),
        (SG.institution, iri("institution", "o")),
        (SG.state, iri("state", "GEO")),
    ],
)
def test_row_leads_to_a_thing_of_any_kind_that_can_be_taken_up(property_, thing):
    assert mapped([row("words", thing)], said("topicPhrase", "words")) == [
        Quad(MEETING, property_, thing, R1)
    ]


@pytest.mark.parametrize(
    ("phrase", "property_", "thing"),
    [
        ("the treaty", SG.instrument, iri("instrument", "i")),
        ("The Organization", SG.institution, iri("institution", "o")),
        ("Georgia", SG.state, iri("state", "GEO")),
    ],
)
def test_topic_can_be_named_by_the_label_of_what_is_no_concept(phrase, property_, thing):
    assert mapped([], said("topicPhrase", phrase)) == [Quad(MEETING, property_, thing, R1)]


def test_label_of_a_topic_comes_before_that_of_a_state():
    both = [*KNOWN, *label("topic", "conflict-in-georgia", "Georgia")]
    [link] = mapped([], said("topicPhrase", "Georgia"), known=both)
    assert link.object == iri("topic", "conflict-in-georgia")


def test_row_comes_before_every_label():
    [link] = mapped([row("This", THAT)], said("topicPhrase", "this"))
    assert link.object == THAT


def test_row_to_a_thing_that_nobody_describes_counts_for_nothing():
    """A dataset of one's own need not know every state and treaty."""
    rows = [row("this", iri("state", "FRA")), row("words", iri("topic", "unheard-of"))]
    assert [link.object for link in mapped(rows, said("topicPhrase", "this"))] == [THIS]
    assert mapped(rows, said("topicPhrase", "words")) == []


def test_rows_for_topics_say_nothing_of_other_words():
    rows = [row("words", iri("instrument", "i"))]
    assert mapped(rows, said("instrumentPhrase", "words")) == []


PART = iri("participation", "m-1/PAK/x")


def post(text, side=None, graph=R1):
    sides = [Quad(PART, SG.represents, side, graph)] if side else []
    return [Quad(PART, SG.post, Literal(text), graph), *sides]


def test_post_has_the_rank_that_its_row_or_the_name_of_the_rank_says():
    rows = [row("Vice Minister", iri("rank", "deputy-minister"), SG.post)]
    assert mapped(rows, *post("vice-minister")) == [Quad(PART, SG.rank, iri("rank", "deputy-minister"), R1)]
    assert mapped(rows, *post("Minister")) == [Quad(PART, SG.rank, iri("rank", "minister"), R1)]
    assert mapped(rows, *post("Sherpa")) == []


def test_post_of_one_name_has_another_rank_elsewhere():
    """A Foreign Secretary is a minister in Britain and a civil servant in Pakistan."""
    minister, deputy = iri("rank", "minister"), iri("rank", "deputy-minister")
    gbr, pak = iri("state", "GBR"), iri("state", "PAK")
    rows = [
        row("Foreign Secretary", deputy, SG.post),
        row("Foreign Secretary", minister, SG.post, source=gbr),
    ]
    ranks = {
        side: [link.object for link in mapped(rows, *post("Foreign Secretary", side))]
        for side in (gbr, pak, None)
    }
    assert ranks == {gbr: [minister], pak: [deputy], None: [deputy]}
    # Whose post it is counts for its own report only.
    elsewhere = Quad(PART, SG.represents, gbr, R2)
    assert [link.object for link in mapped(rows, *post("Foreign Secretary"), elsewhere)] == [deputy]


def test_links_by_rows_are_concluded_and_taken_back():
    """What files say is the same whatever the tables link to it."""
    concepts = [*label("topic", "this", "this", by=SKOS.prefLabel), *label("state", "GEO", "Georgia")]
    claims = [
        *concepts,
        Quad(MEETING, RDF.type, SG.Meeting),
        Quad(R1, SG.about, MEETING),
        said("topicPhrase", "this and Georgia"),
        *post("Chief"),
        Quad(MEETING, SG.participation, PART, R1),
        *label("rank", "minister", "minister", by=SKOS.prefLabel),
    ]
    rows = [
        row("this and Georgia", THIS),
        row("this and Georgia", iri("state", "GEO")),
        row("Chief", iri("rank", "minister"), SG.post),
    ]
    whole = set(assemble(claims, mappings=rows))
    for link in (
        Quad(MEETING, SG.topic, THIS),
        Quad(MEETING, SG.state, iri("state", "GEO")),
        Quad(PART, SG.rank, iri("rank", "minister")),
    ):
        assert {link, Quad(*link.triple, R1)} <= whole
    assert set(stated(whole)) == set(claims)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["this", "that", "both"]), st.sampled_from([THIS, THAT, iri("state", "GEO")])
        )
    ),
    phrase=st.sampled_from(["this", "That", "BOTH"]),
)
def test_rows_of_a_phrase_decide_whatever_their_order(rows, phrase):
    expected = {thing for words, thing in rows if words == phrase.casefold()}
    if not expected:
        expected = {"this": {THIS}, "that": {THAT}}.get(phrase.casefold(), set())
    for order in (rows, rows[::-1]):
        found = mapped([row(*pair) for pair in order], said("topicPhrase", phrase))
        assert {link.object for link in found} == expected
        assert len(found) == len(expected)
