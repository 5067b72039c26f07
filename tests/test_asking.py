"""Named queries as a mechanism: their heads, and what their parameters accept. What they answer: queries/."""

from __future__ import annotations

from pathlib import Path

import pytest

import stabgraph as sg
from stabgraph.asking import named_queries, named_query
from stabgraph.vocabulary import ID_KINDS

QUERIES = named_queries()
TYPES = {"date", "integer", "number", "text", "party", *ID_KINDS}

FIRST, SECOND = "isl-nor-arctic-1", "isl-nor-arctic-2"
OF_2029, UNDATED = "nordic-three-2029", "nordic-three-undated"


# ── Heads ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_file_is_a_named_query():
    folder = Path(sg.__file__).parent / "queries"
    assert {path.stem for path in folder.iterdir()} == set(QUERIES)
    assert len(QUERIES) >= 15


@pytest.mark.parametrize("name", QUERIES)
def test_head_has_title_and_description(name):
    query = QUERIES[name]
    assert query.title
    assert not query.title.endswith(".")
    assert query.description.strip().endswith(".")


@pytest.mark.parametrize("name", QUERIES)
def test_parameters_are_of_known_types_and_explained(name):
    for parameter in QUERIES[name].parameters:
        assert set(parameter.type.split("|")) <= TYPES
        assert parameter.about
        # One that the query does not use would silently change nothing.
        assert f"?{parameter.name}" in QUERIES[name].compose({parameter.name})


def test_parameters_that_were_given_are_no_columns(small):
    assert small.ask("meetings", party="ISL", since="2030").columns == (
        "meeting", "label", "date", "city", "meeting_level", "meeting_status",
    )  # fmt: skip


# ── Parameters ─────────────────────────────────────────────────────────────────────────────────────────────

NAMES_OF_RUSSIA = [
    "RUS", "rus", "Russia", "russia", "RUSSIA", "Россия", "россия", " Russia ", "state:RUS",
    "https://w3id.org/stabgraph/id/state/RUS",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES_OF_RUSSIA)
def test_thing_is_named_by_iri_id_prefixed_name_or_label(kg, name):
    expected = kg.ask("meetings", dialogue="pak-rus-cgss", party="RUS").column("meeting")
    assert len(expected) >= 4
    assert kg.ask("meetings", dialogue="pak-rus-cgss", party=name).column("meeting") == expected


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        ("official", "Anna Jónsdóttir"),
        ("official", "anna jonsdottir"),
        ("official", "official:anna-jonsdottir"),
        ("place", "REYKJAVIK"),
        ("topic", "Missile Defense"),
        ("dialogue", "Iceland-Norway Arctic Consultations"),
        ("level", "senior official"),
    ],
)
def test_case_accents_hyphens_and_spelling_do_not_matter(small, parameter, name):
    assert FIRST in small.ask("meetings", **{parameter: name}).column("meeting")


def test_state_that_the_dataset_does_not_describe_is_named_by_its_code(small):
    assert small.ask("meetings", party="swe").column("meeting") == [OF_2029, UNDATED]
    with pytest.raises(sg.UnknownNameError, match="there is no state or institution 'DNK'"):
        small.ask("meetings", party="DNK")


@pytest.mark.parametrize(
    ("parameter", "name", "kind", "suggestion"),
    [
        ("party", "Ruzzia", "state or institution", "Russia"),
        ("topic", "mising defence", "topic", "missile defence"),
        ("official", "sergey-ryabkof", "official", "sergey-ryabkov"),
        ("dialogue", "pak-rus-cgs", "dialogue", "pak-rus-cgss"),
    ],
)
def test_miss_suggests_what_could_be_meant(kg, parameter, name, kind, suggestion):
    with pytest.raises(sg.UnknownNameError, match=f"there is no {kind} '{name}'; did you mean ") as caught:
        kg.ask("meetings", **{parameter: name})
    assert suggestion in caught.value.suggestions


def test_unknown_query_suggests_or_lists_known_ones(kg):
    with pytest.raises(sg.UnknownNameError, match="no query 'meting'; did you mean meeting or meetings"):
        kg.ask("meting")
    with pytest.raises(
        sg.UnknownNameError, match=r"no query 'zzz'; known are agreement, bridges, claims, co-topics, "
    ):
        named_query("zzz")
    with pytest.raises(sg.UnknownNameError, match=r"there is no query '\.\./queries/counts'"):
        named_query("../queries/counts")


def test_unknown_and_missing_parameters_are_named(kg):
    with pytest.raises(
        sg.ParameterError, match="the query meetings has no parameter partie; did you mean party"
    ):
        kg.ask("meetings", partie="RUS")
    with pytest.raises(sg.ParameterError, match="the query counts has no parameter since; it takes none"):
        kg.ask("counts", since="2020")
    with pytest.raises(sg.ParameterError, match="the query sources needs the parameter meeting: the meeting"):
        kg.ask("sources")
    with pytest.raises(sg.ParameterError, match="since: 'last year' is not an EDTF date such as"):
        kg.ask("meetings", since="last year")
    with pytest.raises(
        sg.ParameterError, match="until must be a date with a beginning and an end, not '2020/"
    ):
        kg.ask("meetings", until="2020/..")


def test_parameter_that_is_none_stays_open(small):
    everything = [OF_2029, FIRST, SECOND, UNDATED]
    assert small.ask("meetings", party=None, since=None).column("meeting") == everything


HOSTILE = [
    'x" } INSERT DATA { <http://a/s> <http://a/p> <http://a/o> } #',
    "> . } #",
    "state:RUS> } DROP ALL #",
    "RUS ; DROP ALL",
    "https://w3id.org/stabgraph/id/state/RUS> ?p ?o } #",
    "} UNION { ?s ?p ?o",
    "?party",
    "\\u0022 }",
    "'; --",
    "RUS\n} #",
    "\x00",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_looked_up_and_never_becomes_query_text(small, name):
    before = len(small)
    with pytest.raises(sg.UnknownNameError, match="there is no state or institution"):
        small.ask("meetings", party=name)
    assert len(small) == before


def test_hostile_label_is_found_as_a_label(small_data):
    import rdflib

    own = sg.load(small_data)
    person = rdflib.URIRef("https://w3id.org/stabgraph/id/official/carl-berg")
    for name in HOSTILE[:2]:
        own.rdf.add((person, rdflib.RDFS.label, rdflib.Literal(name, lang="en")))
        assert own.ask("meetings", official=name).column("meeting") == [OF_2029]
