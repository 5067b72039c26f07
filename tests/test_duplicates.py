"""Likely duplicates: which two ids may stand for one thing, and how a pair goes away."""

import json
import shutil
import subprocess
import sys

import pytest
from pyoxigraph import Literal, Quad

from stabgraph.adding import add_files
from stabgraph.dataset import read, write
from stabgraph.duplicates import PersonalName, Persons
from stabgraph.validation import duplicates
from stabgraph.vocabulary import OWL, RDF, RDFS, SG, bundled, iri

#: Invented talks of two real states, in which everything is there twice.
TWICE = {
    "series": [
        {"id": "aut-che-one", "name": "Austria–Switzerland Arms Talks", "kind": "bilateral", "parties": ["AUT", "CHE"]},
        {"id": "aut-che-two", "name": "Switzerland–Austria Arms Talks", "kind": "bilateral", "parties": ["AUT", "CHE"]},
        {"id": "aut-lie", "name": "Austria–Liechtenstein Arms Talks", "kind": "bilateral", "parties": ["AUT", "LIE"]},
    ],
    "meetings": [
        {"id": "aut-che-one-1", "series": "aut-che-one", "label": "1st round"},
        {"id": "aut-che-one-a", "series": "aut-che-one", "label": "Vienna, May 2030"},
        {"id": "aut-che-one-1-experts", "series": "aut-che-one", "label": "Experts", "part_of": "aut-che-one-1"},
        {"id": "aut-che-two-1", "series": "aut-che-two", "label": "1st round"},
        {"id": "aut-lie-1", "series": "aut-lie", "label": "1st round"},
    ],
}  # fmt: skip
DAYS = {"aut-che-one-1": "2030-05-06", "aut-che-one-a": "2030-05", "aut-che-two-1": "2030-05-06"}
DAYS |= {"aut-che-one-1-experts": "2030-05-06", "aut-lie-1": "2030-05-06"}


def report(number, meeting):
    parties = [{"party": code} for code in (("AUT", "LIE") if meeting == "aut-lie-1" else ("AUT", "CHE"))]
    return {
        "id": f"example-{number}",
        "url": f"https://news.example/{number}",
        "publisher": "Example Daily",
        "language": "en",
        "about": meeting,
        "says": {"start": DAYS[meeting], "status": "held", "delegations": parties},
    }


@pytest.fixture
def data(tmp_path):
    reports = [report(number, meeting) for number, meeting in enumerate(DAYS)]
    file = tmp_path / "twice.yaml"
    file.write_text(json.dumps({**TWICE, "reports": reports}, ensure_ascii=False), "utf-8")
    assert add_files(tmp_path / "data", [file]).refused == []
    return tmp_path / "data"


def described(kind, cls, **labels):
    return [
        quad
        for name, label in labels.items()
        for node in [iri(kind, name.replace("_", "-"))]
        for quad in (
            Quad(node, RDF.type, cls),
            Quad(node, RDFS.label, Literal(label, language="en")),
        )
    ]


def pairs(data, kind):
    found = duplicates(data).where("check", "duplicate").column("message")
    prefix = f"{kind}:"
    return [
        tuple(word.removeprefix(prefix) for word in message.split()[:3:2])
        for message in found
        if message.startswith(prefix)
    ]


def test_bundled_dataset_has_none():
    assert duplicates(bundled("data")).to_dicts() == []


def test_dialogues_of_near_names_and_the_same_parties(data):
    assert pairs(data, "dialogue") == [("aut-che-one", "aut-che-two")]


def test_meetings_of_one_dialogue_that_overlap_and_are_no_part_of_each_other(data):
    assert ("aut-che-one-1", "aut-che-one-a") in pairs(data, "meeting")
    assert ("aut-che-one-1", "aut-che-one-1-experts") not in pairs(data, "meeting")


def test_meetings_of_two_dialogues_with_the_same_days_and_parties(data):
    found = pairs(data, "meeting")
    assert ("aut-che-one-1", "aut-che-two-1") in found
    assert all("aut-lie-1" not in pair for pair in found)


@pytest.mark.parametrize(
    ("kind", "one", "other", "near"),
    [
        ("publisher", "Examplary Daily Tribune", "Exemplary Daily Tribune", True),
        ("instrument", "Protocol to the Example Treaty", "Protocols to the Example Treaty", True),
        ("instrument", "Example Resolution 1540", "Example Resolution 1541", False),
        ("instrument", "Example Treaty I", "Example Treaty II", False),
        ("institution", "Example Nuclear Agency", "Nuclear Agency, Example", True),
        ("place", "Musterstadt", "Mustersdorf", False),
        ("place", "Musterstadt", "Musterstatt", True),
    ],
)  # fmt: skip
def test_things_of_near_names(data, kind, one, other, near):
    cls = SG[kind.capitalize()]
    write(data, [*read(data), *described(kind, cls, a_thing=one, b_thing=other)])
    assert (("a-thing", "b-thing") in pairs(data, kind)) is near


def test_what_lies_in_two_countries_is_two_places(data):
    new = described("place", SG.Place, a_thing="Musterstadt", b_thing="Musterstatt")
    new += [Quad(iri("place", "a-thing"), SG.country, iri("state", "AUT"))]
    new += [Quad(iri("place", "b-thing"), SG.country, iri("state", "CHE"))]
    write(data, [*read(data), *new])
    assert pairs(data, "place") == []


def test_pair_marked_as_different_comes_up_no_more(data):
    marked = Quad(iri("dialogue", "aut-che-two"), OWL.differentFrom, iri("dialogue", "aut-che-one"))
    write(data, [*read(data), marked])
    assert pairs(data, "dialogue") == []


def test_finding_names_both_things_where_they_stand_and_what_to_do(data):
    finding = duplicates(data).where("thing", "aut-che-one").to_dicts()[0]
    assert (finding["severity"], finding["file"]) == ("warning", "dialogues.ttl")
    for words in ("dialogue:aut-che-two", "near names", "dcterms:replaces", "owl:differentFrom"):
        assert words in finding["message"]


def test_command_lists_them(data, tmp_path):
    command = [
        sys.executable,
        "-m",
        "stabgraph",
        "validate",
        "--duplicates",
        "--data",
        str(data),
        "--format",
        "csv",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "dialogue:aut-che-two" in done.stdout
    assert "duplicate" in done.stderr
    shutil.copy(tmp_path / "twice.yaml", tmp_path / "more.yaml")
    refused = subprocess.run(
        [*command, "more.yaml"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert refused.returncode == 2
    assert "--data" in refused.stderr


# ── Persons ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sergey A. Ryabkov", "S.A. Ryabkov"),
        ("Sergei Riabkov", "RYABKOV Sergey Alexeyevich"),
        ("Choi Jong-moon", "Jongmoon Choi"),
        ("Khurshid M Kasuri", "Khursheed Mehmood Kasuri"),
        ("Michèle Flournoy", "Michele A. Flournoy"),
        ("Georgy Korniyenko", "Georgi Kornienko"),
        ("Mohammad Javad Zarif", "Muhammad Zarif"),
    ],
)
def test_spellings_of_one_name(one, other):
    assert PersonalName.of(one).may_be(PersonalName.of(other))
    assert PersonalName.of(other).may_be(PersonalName.of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Igor Ivanov", "Sergei Ivanov"),
        ("Igor Ivanov", "S. Ivanov"),
        ("James Baker", "James B. Steinberg"),
        ("K. C. Singh", "K. Natwar Singh"),
        ("Kim Jong Il", "Kim Jong Un"),
        ("Wang Yi", "Wang Qun"),
    ],
)
def test_names_of_two_people(one, other):
    assert not PersonalName.of(one).may_be(PersonalName.of(other))
    assert not PersonalName.of(other).may_be(PersonalName.of(one))


def test_familiar_first_name_counts_where_both_serve_one_party():
    known = iri("official", "michael-example")
    persons = Persons(described("official", SG.Official, michael_example="Michael Example"))
    persons.learn(known, "Michael Example", iri("state", "USA"))
    assert persons.namesakes("Mike Example", iri("state", "USA")) == [known]
    assert persons.namesakes("Mike Example", iri("state", "GBR")) == []


def test_initial_and_surname_count_where_both_serve_one_party():
    known = iri("official", "michael-example")
    persons = Persons(())
    persons.learn(known, "Michael Example", iri("state", "USA"))
    assert persons.namesakes("M. Example", iri("state", "USA")) == [known]
    assert persons.namesakes("M. Example", iri("state", "GBR")) == []
    assert persons.namesakes("Michael Exampel", iri("state", "GBR")) == [known]


def test_bare_surname_is_nobodys():
    persons = Persons(())
    persons.learn(iri("official", "michael-example"), "Michael Example", iri("state", "USA"))
    assert persons.namesakes("Example", iri("state", "USA")) == []


def test_title_as_written_is_no_name():
    graph, seat = iri("report", "example-1"), iri("participation", "example-1/USA/one")
    said = [
        Quad(seat, SG.official, iri("official", "one"), graph),
        Quad(seat, SG.post, Literal("President of the Republic"), graph),
        Quad(seat, SG.nameAsWritten, Literal("The President"), graph),
    ]
    assert Persons(said).namesakes("The President", iri("state", "USA")) == []
    named = Quad(seat, SG.nameAsWritten, Literal("President Example"), graph)
    assert Persons([*said, named]).namesakes("President Exampel") == [iri("official", "one")]
