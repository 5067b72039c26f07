"""What a phrase means and by which words, what is near to it, and the thesaurus as a tree."""

import csv
import io
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, Quad

from stabgraph.assembly import assemble
from stabgraph.engines import Embedded
from stabgraph.graph import DialogueGraph
from stabgraph.linking import fold
from stabgraph.mappings import bundled_mappings
from stabgraph.vocabulary import RDF, RDFS, SG, SKOS, iri, local_id

TOPICS = iri("scheme", "topics")


def english(text):
    return Literal(text, language="en")


def concept(name, *broader, **labels):
    """Describe an invented concept; one without anything broader stands at the top."""
    node = iri("topic", name)
    yield Quad(node, RDF.type, SKOS.Concept)
    yield Quad(node, SKOS.prefLabel, english(name.replace("-", " ")))
    for property_, text in labels.items():
        yield Quad(node, SKOS[property_], english(text))
    for over in broader:
        yield Quad(node, SKOS.broader, iri("topic", over))
    if not broader:
        yield Quad(node, SKOS.topConceptOf, TOPICS)


def meeting(name, *phrases, status="held"):
    """Describe an invented meeting with the topics of its one report."""
    node, report = iri("meeting", name), iri("report", name)
    yield Quad(report, SG.about, node)
    yield Quad(node, RDF.type, SG.Meeting)
    yield Quad(node, SG.status, iri("status", status), report)
    for phrase in phrases:
        yield Quad(node, SG.topicPhrase, Literal(phrase), report)


def graph(*descriptions):
    engine = Embedded.in_memory()
    engine.fill(assemble([quad for quads in descriptions for quad in quads]))
    return DialogueGraph(engine)


#: An invented thesaurus: kites are air-craft and toys; nobody discussed tops.
THESAURUS = (
    concept("aircraft", altLabel="flying machines"),
    concept("toys", hiddenLabel="colourful playthings"),
    concept("kites", "aircraft", "toys"),
    concept("box-kites", "kites"),
    concept("spinning-tops", "toys"),
    [
        Quad(iri("state", "KIT"), RDFS.label, english("Kitania")),
        Quad(iri("state", "KIT"), RDF.type, SG.State),
    ],
    [Quad(iri("instrument", "kt"), RDFS.label, english("Kite Treaty"))],
    [Quad(iri("institution", "KO"), RDFS.label, english("Kite Organisation"))],
)


@pytest.fixture(scope="module")
def kites():
    """The graph of invented meetings on kites.

    One: kites and box kites. Two: box kites, and toys. Three: aircraft. Four was only planned.
    """
    return graph(
        *THESAURUS,
        meeting("one", "kites", "box kites"),
        meeting("two", "box kites", "toys", "the weather"),
        meeting("three", "Flying Machines", "Kitania"),
        meeting("four", "spinning tops", status="planned"),
    )


# ── Phrases ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("phrase", "id_", "type_", "by"),
    [
        ("kites", "kites", "concept", "preferred label 'kites'"),
        ("Box-Kites", "box-kites", "concept", "preferred label 'box kites'"),
        ("flying machines", "aircraft", "concept", "alternative label 'flying machines'"),
        ("COLOURFUL playthings", "toys", "concept", "hidden label 'colourful playthings'"),
        ("Kitania", "KIT", "state", "label 'Kitania'"),
        ("kite treaty", "kt", "instrument", "label 'Kite Treaty'"),
        ("kite organization", "KO", "institution", "label 'Kite Organisation'"),
    ],
)
def test_phrase_means_what_bears_it_as_a_label(kites, phrase, id_, type_, by):
    meaning = kites.topics.match(phrase)
    [match] = meaning.matches
    assert (match.id, match.type, match.predicate, match.by) == (id_, type_, "skos:exactMatch", by)
    assert meaning.nearest == ()


def test_every_row_of_the_table_is_found_by_its_phrase(kg):
    topics = kg.topics
    rows = [row for row in bundled_mappings() if row.words == SG.topicPhrase]
    together = Counter(fold(row.phrase) for row in rows)
    assert max(together.values()) > 1, "there are compound phrases"
    for row in rows:
        meaning = topics.match(row.phrase.upper())
        assert len(meaning.matches) == together[fold(row.phrase)]
        [match] = [match for match in meaning.matches if match.iri == row.thing.value]
        assert match.by.startswith(f"row in line {row.line}")
        assert row.comment in match.by
        assert match.label == row.label


def test_compound_phrase_means_all_that_it_says(kg):
    meaning = kg.topics.match("Nuclear Disarmament and Nonproliferation".replace("Nonp", "Non-p"))
    assert {(match.id, match.predicate) for match in meaning.matches} == {
        ("nuclear-disarmament", "skos:relatedMatch"),
        ("nuclear-non-proliferation", "skos:relatedMatch"),
    }


@pytest.mark.parametrize(
    ("phrase", "first"),
    [
        ("kits", "kites"),
        ("box shaped kites", "box-kites"),
        ("machines that are flying", "aircraft"),
        ("spining topps", "spinning-tops"),
        ("treaty on kites", "kt"),
    ],
)
def test_unknown_phrase_is_told_what_is_near(kites, phrase, first):
    meaning = kites.topics.match(phrase)
    assert meaning.matches == ()
    assert meaning.nearest[0].id == first
    assert {match.predicate for match in meaning.nearest} == {"skos:closeMatch"}
    assert len({match.iri for match in meaning.nearest}) == len(meaning.nearest) <= 5


@pytest.mark.parametrize(("phrase", "id_"), [("fissile cutoff", "fissile"), ("nuklear test ban", "test")])
def test_thesaurus_has_an_answer_for_words_that_are_nearly_its_own(kg, phrase, id_):
    assert id_ in kg.topics.match(phrase).nearest[0].id


@pytest.mark.parametrize("phrase", ["", "  ", "xyzzy", "-", "\ud800"])
def test_phrase_to_which_nothing_is_near_has_no_neighbours(kites, phrase):
    meaning = kites.topics.match(phrase)
    assert (meaning.matches, meaning.nearest) == ((), ())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(phrase=st.text(max_size=30))
def test_any_text_has_matches_or_neighbours_and_never_both(kites, phrase):
    meaning = kites.topics.match(phrase)
    assert not (meaning.matches and meaning.nearest)
    assert ("nearest" in meaning.to_dict()) is (not meaning.matches)


# ── The thesaurus ──────────────────────────────────────────────────────────────────────────────────────────


def test_tree_counts_each_meeting_once_at_every_concept_above(kites):
    """Kites stand under both that are broader; meeting one took up kites twice over, and the planned one nothing."""
    tree = kites.topics.tree()
    assert tree.columns == ("topic", "label", "broader", "depth", "meetings")
    assert [tuple(row.values()) for row in tree.to_dicts()] == [
        ("aircraft", "aircraft", None, 0, 3),
        ("kites", "kites", "aircraft", 1, 2),
        ("box-kites", "box kites", "kites", 2, 2),
        ("toys", "toys", None, 0, 2),
        ("kites", "kites", "toys", 1, 2),
        ("box-kites", "box kites", "kites", 2, 2),
        ("spinning-tops", "spinning tops", "toys", 1, 0),
    ]


def test_tree_comes_to_an_end_where_the_thesaurus_goes_round():
    round_ = [*concept("a"), Quad(iri("topic", "a"), SKOS.broader, iri("topic", "b"))]
    tree = graph(round_, concept("b", "a"), meeting("one", "b")).topics.tree()
    assert tree.column("topic") == ["a", "b"]
    assert tree.column("meetings") == [1, 1]


def test_tree_of_the_bundled_graph_holds_every_concept_and_agrees_with_a_query(kg):
    tree = kg.topics.tree().to_dicts()
    count = "SELECT (COUNT(?t) AS ?n) { ?t skos:topConceptOf scheme:topics }"
    assert [sum(row["depth"] == 0 for row in tree)] == kg.query(count).column("n")
    counted = kg.query(
        "SELECT ?t (COUNT(DISTINCT ?m) AS ?n) { ?m sg:status status:held ; sg:topic/skos:broader* ?t } GROUP BY ?t"
    )
    expected = {local_id(row["t"]): int(row["n"].value) for row in counted}
    assert {row["topic"]: row["meetings"] for row in tree if row["meetings"]} == expected


# ── The command line ───────────────────────────────────────────────────────────────────────────────────────


def test_match_as_json_has_these_fields_and_no_other(python, small_data):
    done = python(
        "-m",
        "stabgraph",
        "topics",
        "match",
        "arms control",
        "wether",
        "--format",
        "json",
        "--data",
        str(small_data),
    )
    assert done.returncode == 1, "as where a thing to show is not found"
    assert done.stderr == ""
    known, unknown = json.loads(done.stdout)
    assert known == {
        "phrase": "arms control",
        "matches": [
            {"id": "arms-control", "label": "arms control", "type": "concept", "predicate": "skos:exactMatch"}
        ],
    }
    assert unknown.keys() == {"phrase", "matches", "nearest"}
    assert unknown["matches"] == []
    assert all(match.keys() == {"id", "label", "type", "predicate"} for match in unknown["nearest"])


def test_match_reads_a_phrase_a_line(python, small_data):
    done = python(
        "-m", "stabgraph", "topics", "match", "-", "--format", "csv", "--data", str(small_data),
        stdin="arms control\n\n  missile defense \n",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["phrase"], row["means"]) for row in rows] == [
        ("arms control", "arms-control"),
        ("missile defense", "missile-defence"),
    ]


def test_tree_is_outlined_in_a_pipe(python, small_data):
    done = python("-m", "stabgraph", "topics", "tree", "--data", str(small_data))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "arms control (3)" in [line.strip() for line in lines]
    assert not lines[0].startswith(" ")
    assert any(line.startswith("  ") for line in lines)


def test_tree_can_be_had_as_rows(python, small_data):
    done = python("-m", "stabgraph", "topics", "tree", "--format", "json", "--data", str(small_data))
    rows = json.loads(done.stdout)
    assert {tuple(row) for row in rows} == {("topic", "label", "broader", "depth", "meetings")}
    assert {row["meetings"] for row in rows if row["topic"] == "arms-control"} == {3}


def test_tree_is_drawn_on_a_terminal(kites, monkeypatch, capsys):
    from stabgraph.cli import topics

    monkeypatch.setattr(topics, "graph_of", lambda *_: kites)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    topics.tree()
    assert "└── box kites (2)" in capsys.readouterr().out
