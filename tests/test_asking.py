"""Named queries: their heads, what they answer on data that can be checked by hand, and what parameters accept."""

from __future__ import annotations

import csv
import io
import shlex
from pathlib import Path

import pytest

import stabgraph as sg
from stabgraph.asking import named_queries, named_query
from stabgraph.vocabulary import ID_KINDS

QUERIES = named_queries()
TYPES = {"date", "integer", "number", "text", "party", *ID_KINDS}


def answer(graph: sg.DialogueGraph, name: str, **parameters: object) -> list[list[str]]:
    """The rows of a named query as text, as CSV shows them."""
    return list(csv.reader(io.StringIO(graph.ask(name, **parameters).to_csv())))[1:]


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


@pytest.mark.parametrize("name", QUERIES)
def test_query_runs_as_it_stands(name, kg):
    """In any SPARQL tool: all parameters open, every prefix declared."""
    assert next(kg.engine.store.query(QUERIES[name].sparql), None) is not None
    assert len(kg.query(QUERIES[name].sparql + "\nLIMIT 3")) > 0


@pytest.mark.parametrize("name", QUERIES)
def test_example_runs_and_has_an_answer(name, kg):
    program, command, called, *options = shlex.split(QUERIES[name].example)
    assert (program, command, called) == ("stabgraph", "ask", name)
    keys, values = options[::2], options[1::2]
    assert all(key.startswith("--") for key in keys)
    table = kg.ask(name, **dict(zip((key.removeprefix("--") for key in keys), values, strict=True)))
    assert len(table) > 0
    assert table.title == QUERIES[name].title


@pytest.mark.parametrize(
    "name", [name for name, query in QUERIES.items() if not any(p.required for p in query.parameters)]
)
def test_answer_gives_each_row_once(name, kg):
    rows = [tuple(row) for row in kg.ask(name)]
    assert len(rows) == len(set(rows)) > 0


def test_parameters_that_were_given_are_no_columns(small):
    assert small.ask("meetings", party="ISL", since="2030").columns == (
        "meeting", "label", "date", "city", "meeting_level", "meeting_status",
    )  # fmt: skip


# ── Answers on the invented dataset (tests/conftest.py), worked out by hand ────────────────────────────────

FIRST, SECOND, THIRD = (f"isl-nor-arctic-{number}" for number in (1, 2, 3))
OF_2029, OF_2030, UNDATED = (f"nordic-three-{name}" for name in ("2029", "2030", "undated"))

MEETINGS = {
    # What is asked, then the meetings in order.
    "nothing: what was held, undated last": ({}, [OF_2029, FIRST, SECOND, UNDATED]),
    "dialogue": ({"dialogue": "nordic-three"}, [OF_2029, UNDATED]),
    "party": ({"party": "ISL"}, [OF_2029, FIRST, SECOND]),
    "party and another": ({"party": "NOR", "with": "SWE"}, [OF_2029, UNDATED]),
    "official": ({"official": "carl-berg"}, [OF_2029]),
    "topic": ({"topic": "missile-defence"}, [FIRST, SECOND]),
    "place": ({"place": "oslo"}, [SECOND, UNDATED]),
    "level": ({"level": "senior-official"}, [FIRST]),
    "filters combine": ({"party": "ISL", "topic": "arms-control", "place": "reykjavik"}, [FIRST]),
    "filters that exclude one another": ({"party": "ISL", "place": "stockholm", "topic": "missile-defence"}, []),
    "any status": ({"status": "any"}, [OF_2029, FIRST, OF_2030, SECOND, THIRD, UNDATED]),
    "cancelled": ({"status": "cancelled"}, [OF_2030]),
    "planned": ({"status": "planned"}, [THIRD]),
    "since a day within the meeting": ({"since": "2030-05-07"}, [FIRST, SECOND]),
    "since the day after it": ({"since": "2030-05-08"}, [SECOND]),
    "since a month": ({"since": "2031-03"}, [SECOND]),
    "since a month after": ({"since": "2031-04"}, []),
    "since the last day of a month that is all we know": ({"since": "2029-09-30", "until": "2029"}, [OF_2029]),
    "until the first day": ({"until": "2030-05-06"}, [OF_2029, FIRST]),
    "until the day before": ({"until": "2030-05-05"}, [OF_2029]),
    "until a month, its last day included": ({"until": "2030-05"}, [OF_2029, FIRST]),
    "until a year": ({"until": "2030"}, [OF_2029, FIRST]),
    "a year": ({"since": "2030", "until": "2030", "status": "any"}, [FIRST, OF_2030]),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), MEETINGS.values(), ids=MEETINGS)
def test_meetings(small, asked, expected):
    assert small.ask("meetings", **asked).column("meeting") == expected


def test_meetings_show_where_and_when(small):
    assert answer(small, "meetings", dialogue="isl-nor-arctic") == [
        [
            FIRST,
            "Iceland–Norway Arctic Consultations: 1st round",
            "2030-05-06",
            "Reykjavik",
            "senior official",
            "held",
        ],
        [SECOND, "Iceland–Norway Arctic Consultations: 2nd round", "2031-03-01", "Oslo", "", "held"],
    ]


def test_delegation_heads(small):
    assert answer(small, "delegation-heads") == [
        [OF_2029, "2029-09", "SWE", "Carl Berg", "", "Daily Two", "nordic-three"],
        [FIRST, "2030-05-06", "ISL", "Anna Jónsdóttir", "Director", "Daily One; Daily Two", "isl-nor-arctic"],
        [FIRST, "2030-05-06", "NOR", "Bjørn Hansen", "Director General", "Daily One", "isl-nor-arctic"],
        [SECOND, "2031-03-01", "ISL", "Anna Jónsdóttir", "Ambassador", "Daily One", "isl-nor-arctic"],
        [SECOND, "2031-03-01", "NOR", "Bjørn Hansen", "State Secretary", "Daily One", "isl-nor-arctic"],
    ]
    assert answer(small, "delegation-heads", party="ISL", official="anna-jonsdottir", since="2031") == [
        [SECOND, "2031-03-01", "Anna Jónsdóttir", "Ambassador", "Daily One", "isl-nor-arctic"]
    ]


def test_meeting(small):
    rows = {(row[0], row[1]): row[3] for row in answer(small, "meeting", meeting=FIRST)}
    assert rows["sg:start", "2030-05-06"] == "1"
    assert rows["sg:status", "held"] == "2"
    assert rows["sg:topic", "missile-defence"] == "1"
    assert rows["sg:earliest", "2030-05-06"] == "0"
    assert ("sg:start", "2030-05-05") not in rows


def test_sources(small):
    rows = answer(small, "sources", meeting=FIRST)
    starts = [row[1:6] for row in rows if row[0] == "sg:start"]
    assert starts == [
        ["2030-05-06", "Daily One", "2030-05-08", "true", "true"],
        ["2030-05-05", "Daily Two", "2030-05-09", "false", "true"],
    ]
    people = [row[1:3] for row in rows if row[0] == "sg:participation"]
    assert people == [
        ["A. Jónsdóttir", "Daily One"],
        ["Bjørn Hansen", "Daily One"],
        ["Anna Jonsdottir", "Daily Two"],
    ]
    assert [row[1] for row in rows if row[0] == "sg:announces"] == ["next round, no. 2, Oslo, 2031"]
    assert {row[6] for row in rows} == {"https://one.example/first", "https://two.example/first"}


def test_disputes(small):
    assert answer(small, "disputes") == [
        [FIRST, "sg:start", "2030-05-06", "true", "Daily One"],
        [FIRST, "sg:start", "2030-05-05", "false", "Daily Two"],
    ]
    assert answer(small, "disputes", dialogue="nordic-three") == []


def test_topics(small):
    assert answer(small, "topics") == [
        ["arms-control", "arms control", "3", "2", "2029", "2030"],
        ["missile-defence", "missile defence", "2", "1", "2030", "2031"],
    ]
    assert answer(small, "topics", party="ISL", until="2030-05") == [
        ["arms-control", "arms control", "2", "2", "2029", "2030"],
        ["missile-defence", "missile defence", "1", "1", "2030", "2030"],
    ]


def test_topics_by_year(small):
    assert answer(small, "topics-by-year") == [
        ["2029", "arms-control", "arms control", "1"],
        ["2030", "arms-control", "arms control", "1"],
        ["2030", "missile-defence", "missile defence", "1"],
        ["2031", "missile-defence", "missile defence", "1"],
    ]
    assert answer(small, "topics-by-year", topic="arms-control", since="2030") == [
        ["2030", "arms control", "1"]
    ]


def test_places(small):
    assert answer(small, "places") == [
        ["oslo", "Oslo", "NOR", "2", "2031", "2031"],
        ["reykjavik", "Reykjavik", "ISL", "1", "2030", "2030"],
        ["stockholm", "Stockholm", "SWE", "1", "2029", "2029"],
    ]
    assert answer(small, "places", party="NOR", **{"with": "SWE"}, topic="arms-control", since="2029") == [
        ["stockholm", "Stockholm", "SWE", "1", "2029", "2029"]
    ]


def test_who_discussed_what_where(small):
    assert answer(small, "who-discussed-what-where", party="NOR") == [
        ["arms-control", "oslo", "1", "", ""],
        ["arms-control", "reykjavik", "1", "2030", "2030"],
        ["arms-control", "stockholm", "1", "2029", "2029"],
        ["missile-defence", "oslo", "1", "2031", "2031"],
        ["missile-defence", "reykjavik", "1", "2030", "2030"],
    ]
    assert answer(small, "who-discussed-what-where", party="SWE", topic="arms-control", place="oslo") == [
        ["1", "", ""]
    ]


def test_next_rounds(small):
    """The second round was held as the first announced it; the third is only planned yet."""
    assert answer(small, "next-rounds") == [[SECOND, "2031-03-01", "3", "2032", "", "0"]]
    assert answer(small, "next-rounds", party="SWE") == []


def test_dialogues(small):
    assert answer(small, "dialogues") == [
        ["isl-nor-arctic", "Iceland–Norway Arctic Consultations", "2", "2030", "2031"],
        ["nordic-three", "Nordic Trilateral Talks", "2", "2029", "2029"],
    ]
    assert answer(small, "dialogues", official="carl-berg") == [
        ["nordic-three", "Nordic Trilateral Talks", "1", "2029", "2029"]
    ]


def test_official_career(small):
    assert answer(small, "official-career", official="anna-jonsdottir") == [
        ["Anna Jónsdóttir", "ISL", "", "", "1", "2029", "2029"],
        ["Anna Jónsdóttir", "ISL", "Director", "", "1", "2030", "2030"],
        ["Anna Jónsdóttir", "ISL", "Ambassador", "", "1", "2031", "2031"],
    ]
    assert answer(small, "official-career", party="SWE") == [
        ["carl-berg", "Carl Berg", "SWE", "", "", "1", "2029", "2029"]
    ]


def test_participants(small):
    assert answer(small, "participants", meeting=OF_2029) == [
        ["SWE", "Carl Berg", "head", "", "Daily Two"],
        ["ISL", "Anna Jónsdóttir", "member", "", "Daily Two"],
    ]


def test_reports(small):
    assert answer(small, "reports", meeting=FIRST) == [
        ["Daily One", "other", "2030-05-08", "en", "", "https://one.example/first"],
        ["Daily Two", "other", "2030-05-09", "en", "", "https://two.example/first"],
    ]
    assert [row[1] for row in answer(small, "reports", dialogue="nordic-three")] == ["Daily Two"] * 3


def test_counts(small):
    assert dict(answer(small, "counts"))["meetings held"] == "4"
    assert dict(answer(small, "counts"))["meetings"] == "6"


# ── Answers on the Consultative Group of Pakistan and Russia, read off data/reports/pak-rus-cgss.trig ─────────────


def test_heads_of_the_consultative_group(kg):
    rows = answer(kg, "delegation-heads", dialogue="pak-rus-cgss", until="2025")
    assert [(row[0][-2:], *row[1:4]) for row in rows] == [
        ("12", "2018-03-02", "PAK", "Tasnim Aslam"),
        ("12", "2018-03-02", "RUS", "Sergey Ryabkov"),
        ("13", "2019-03-28", "PAK", "Tehmina Janjua"),
        ("13", "2019-03-28", "RUS", "Sergey Ryabkov"),
        ("14", "2024-02-07", "PAK", "Mohammad Kamran Akhtar"),
        ("14", "2024-02-07", "RUS", "Sergey Ryabkov"),
        ("15", "2025-04-16", "PAK", "Tahir Hussain Andrabi"),
        ("15", "2025-04-16", "RUS", "Sergey Ryabkov"),
    ]
    assert rows[2][4] == "Foreign Secretary"
    assert rows[2][5] == "Dawn; The Nation (Pakistan)"


def test_dispute_over_the_day_of_the_14th_round(kg):
    assert answer(kg, "disputes", meeting="pak-rus-cgss-14") == [
        ["sg:end", "2024-02-07", "true", "Pakistan Point News"],
        ["sg:end", "2024-02-08", "false", "The Nation (Pakistan)"],
        ["sg:start", "2024-02-07", "true", "Pakistan Point News"],
        ["sg:start", "2024-02-08", "false", "The Nation (Pakistan)"],
    ]  # fmt: skip


def test_places_of_the_consultative_group(kg):
    assert answer(kg, "places", dialogue="pak-rus-cgss", until="2025") == [
        ["islamabad", "Islamabad", "PAK", "3", "2018", "2025"],
        ["moscow", "Moscow", "RUS", "1", "2024", "2024"],
    ]


def test_15th_round_fulfils_what_the_14th_announced(kg):
    assert kg.query(
        "ASK { meeting:pak-rus-cgss-15 sg:fulfils outcome:pak-rus-cgss-14/next }".replace("14/", r"14\/")
    )
    announcing = kg.ask("next-rounds", dialogue="pak-rus-cgss").column("meeting")
    assert "pak-rus-cgss-14" not in announcing


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
    with pytest.raises(sg.UnknownNameError, match=r"no query 'zzz'; known are bridges, claims, co-topics, "):
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
    assert small.ask("meetings", party=None, since=None).column("meeting") == MEETINGS[
        "nothing: what was held, undated last"
    ][1]  # fmt: skip


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


def test_claims_of_a_report_are_those_of_no_other(kg):
    said = kg.ask("claims", report="the-nation-2024-02-09-cgss-14").to_dicts()
    values = {(row["property"], row["said"]) for row in said}
    assert ("sg:start", "2024-02-08") in values
    assert ("sg:start", "2024-02-07") not in values
    assert ("sg:topicPhrase", "regional stability challenges") in values
