"""The graph that users hold: where it comes from, what it answers, and the same quads in rdflib."""

from __future__ import annotations

import gc

import pyoxigraph as ox
import pytest
import rdflib

import stabgraph as sg

MEETING = "https://w3id.org/stabgraph/id/meeting/isl-nor-arctic-1"


# ── Opening ────────────────────────────────────────────────────────────────────────────────────────────────


def test_load_reads_a_directory(small_data):
    assert sg.load(small_data).counts()["reports"] == 7
    assert sg.load(str(small_data)).counts()["reports"] == 7


def test_load_reads_one_file(small_data):
    graph = sg.load(small_data / "reports" / "isl-nor-arctic.trig")
    assert graph.counts()["reports"] == 4


def test_load_without_a_directory_reads_the_bundled_data(kg):
    assert kg.counts()["reports"] > 1000


def test_load_of_nothing_says_what_to_name(tmp_path):
    with pytest.raises(sg.DataError, match=r"does not exist; name a directory of a dataset or a file"):
        sg.load(tmp_path / "nowhere")
    with pytest.raises(sg.DataError, match=r"holds no dataset: it has neither"):
        sg.load(tmp_path)


def test_load_of_a_broken_file_names_file_and_line(tmp_path):
    (tmp_path / "dialogues.ttl").write_text("<http://a/s> <http://a/p> 1 .\n<http://a/s> broken .\n")
    with pytest.raises(sg.DataError, match=r"dialogues\.ttl, line 2: .*; mend the line and try again"):
        sg.load(tmp_path)


def test_open_makes_a_store_and_opens_it_again(tmp_path, small_data):
    path = tmp_path / "talks.db"
    first = sg.open(path, data=small_data)
    expected = len(first)
    del first
    again = sg.open(str(path))
    assert len(again) == expected
    assert again.ask("meetings", dialogue="nordic-three").column("meeting") == [
        "nordic-three-2029",
        "nordic-three-undated",
    ]


def test_open_keeps_what_was_added(tmp_path, small_data):
    path = tmp_path / "talks.db"
    graph = sg.open(path, data=small_data, writable=True)
    graph.rdf.add((rdflib.URIRef(MEETING), rdflib.RDFS.comment, rdflib.Literal("kept")))
    del graph
    gc.collect()  # an rdflib Dataset and its store hold one another
    assert sg.open(path).query('ASK { meeting:isl-nor-arctic-1 rdfs:comment "kept" }') is True


def test_open_fills_an_empty_directory(tmp_path, small_data):
    assert sg.open(tmp_path, data=small_data).counts()["reports"] == 7


def test_open_of_a_foreign_directory_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(sg.StoreError, match="exists and is not a store; choose another path"):
        sg.open(tmp_path)
    with pytest.raises(sg.StoreError, match="exists and is not a store; choose another path"):
        sg.open(tmp_path / "letter.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_second_writer_is_refused(tmp_path, small_data):
    graph = sg.open(tmp_path / "talks.db", data=small_data, writable=True)
    with pytest.raises(sg.StoreError, match="is open in another program, and only one may write"):
        sg.open(tmp_path / "talks.db", writable=True)
    assert len(graph) > 0


def test_two_read_at_once(tmp_path, small_data):
    first = sg.open(tmp_path / "talks.db", data=small_data)
    second = sg.open(tmp_path / "talks.db")
    assert first.counts() == second.counts()


def test_open_is_for_reading_unless_asked_otherwise(tmp_path, small_data):
    path = tmp_path / "talks.db"
    triple = (rdflib.URIRef(MEETING), rdflib.RDFS.comment, rdflib.Literal("no"))
    graph = sg.open(path, data=small_data)
    before = len(graph)
    attempts = [
        lambda: graph.update('INSERT DATA { meeting:isl-nor-arctic-1 rdfs:comment "no" }'),
        lambda: graph.update("this is no update, and nobody looks at it"),
        lambda: graph.rdf.add(triple),
        lambda: graph.rdf.addN([(*triple, graph.rdf.default_graph)]),
        lambda: graph.rdf.remove((None, None, None)),
        lambda: graph.rdf.remove_graph(rdflib.URIRef("http://a.example/g")),
        lambda: graph.rdf.update("CLEAR ALL"),
        lambda: graph.rdf.parse(data="<http://a.example/s> <http://a.example/p> 1 .", format="turtle"),
    ]
    for attempt in attempts:
        with pytest.raises(
            sg.ReadOnlyError, match="was opened for reading; open it with writable=True"
        ) as caught:
            attempt()
        assert isinstance(caught.value, PermissionError)
        assert isinstance(caught.value, sg.StoreError)
    assert len(graph) == before


def test_rdflib_user_reads_a_graph_of_a_store_opened_for_reading(tmp_path, small_data):
    graph = sg.open(tmp_path / "talks.db", data=small_data)
    report = rdflib.URIRef("https://w3id.org/stabgraph/id/report/daily-two-first")
    assert [str(v) for v in graph.rdf.graph(report).objects(rdflib.URIRef(MEETING), SGNS.start)] == [
        "2030-05-05"
    ]


def test_open_of_a_spoilt_store_is_refused(tmp_path, small_data):
    path = tmp_path / "talks.db"
    sg.open(path, data=small_data)
    gc.collect()
    for table in path.glob("*.sst"):
        table.unlink()
    with pytest.raises(sg.StoreError, match=r"is damaged \(.+\); restore it from a backup, or delete it"):
        sg.open(path)


def test_open_from_a_broken_dataset_leaves_nothing(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "dialogues.ttl").write_text("broken")
    with pytest.raises(sg.DataError, match="line 1"):
        sg.open(tmp_path / "talks.db", data=tmp_path / "data")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_repr_names_place_and_size(tmp_path, small, small_data):
    assert repr(small) == f"<DialogueGraph in memory: {len(small):,} quads>"
    path = tmp_path / "talks.db"
    assert repr(sg.open(path, data=small_data)).startswith(f"<DialogueGraph in {path}: ")


# ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_select_gives_a_table(small):
    table = small.query("SELECT ?m ?n { ?m sg:ordinal ?n ; a sg:Meeting } ORDER BY ?n")
    assert isinstance(table, sg.Table)
    assert table.columns == ("m", "n")
    assert table.column("m") == ["isl-nor-arctic-1", "isl-nor-arctic-2", "isl-nor-arctic-3"]


@pytest.mark.parametrize(("number", "expected"), [(1, True), (7, False)])
def test_ask_gives_a_truth_value(small, number, expected):
    assert small.query(f"ASK {{ meeting:isl-nor-arctic-1 sg:ordinal {number} }}") is expected


def test_construct_gives_triples(small):
    triples = small.query("CONSTRUCT { ?m rdfs:seeAlso ?d } { ?m sg:partOf ?d ; sg:ordinal 1 }")
    assert [triple.subject.value for triple in triples] == [MEETING]
    assert isinstance(triples[0], ox.Triple)


def test_describe_gives_the_triples_of_a_thing(small):
    triples = small.query("DESCRIBE meeting:isl-nor-arctic-1")
    assert {triple.subject.value for triple in triples} == {MEETING}
    assert len(triples) > 10


def test_query_sees_conclusions_and_names_reports_by_graph(small):
    plain = small.query("SELECT ?d { meeting:isl-nor-arctic-1 sg:start ?d }")
    claims = small.query("SELECT ?d { GRAPH ?report { meeting:isl-nor-arctic-1 sg:start ?d } } ORDER BY ?d")
    assert plain.column("d") == ["2030-05-06"]
    assert claims.column("d") == ["2030-05-05", "2030-05-06"]


@pytest.mark.parametrize(
    ("sparql", "place"),
    [
        ("SELEKT ?s { ?s ?p ?o }", r"line 1, column \d+, after `SELEKT"),
        ("SELECT ?s WHER { ?s ?p ?o }", r"line 1, column \d+, after `SELECT \?s WHER"),
        ("SELECT ?s {\n  ?s ?p ?o FILTER(?o >) }", r"line 2, column \d+, after `.*FILTER\(\?o >\)"),
        ("SELECT ?s { ?s ?p ?o", r"line 1, column 21, after `SELECT \?s \{ \?s \?p \?o`"),
        ("", r"line 1, column 1, at its beginning"),
        (
            "SELECT ?s {\n  ?s nope:name 1 }",
            r"line 2, column \d+, after `.*nope:name` \(Prefix not found\)",
        ),
        ("SELECT ?s {\n  BIND(nope(?x) AS ?s) }", r"line 2, column \d+, after `.*BIND\(nope\("),
        (
            "SELECT ?s (COUNT(*) AS ?n)\n{ ?s ?p ?o }",
            r"line 2, column \d+, after `.*` \(The SELECT contains a variable that is unbound\)",
        ),
        (
            "SELECT (1 AS ?x) (2 AS ?x) {}",
            r"line 1, column \d+, after `.*` \(Duplicated variable name in SELECT\)",
        ),
        ("SELECT * { ?s <no scheme> 1 }", r"line 1, column \d+, after `.*` \(IRI parsing failed\)"),
    ],
)
def test_error_of_a_query_names_line_and_column(small, sparql, place):
    with pytest.raises(sg.QueryError, match=rf"an error in {place}.*; mend it there or just before"):
        small.query(sparql)


def test_unknown_prefix_is_an_error(small):
    with pytest.raises(sg.QueryError, match="the query"):
        small.query("SELECT ?s { ?s nowhere:name ?o }")


@pytest.mark.parametrize(
    ("sparql", "place"),
    [
        ("INSERT DATA {\n  meeting:x sg:title }", r"line 2, column \d+, after `.*sg:title"),
        (
            "INSERT DATA { ?x sg:title 1 }",
            r"line 1, column \d+, after `.*` \(Variables are not allowed in INSERT DATA\)",
        ),
        (
            "DELETE DATA { _:b sg:title 1 }",
            r"line 1, column \d+, after `.*` \(Variables and blank nodes are not",
        ),
        ("INSERT DATA { nope:x sg:title 1 }", r"line 1, column \d+, after `.*` \(Prefix not found\)"),
        ("SELECT * { ?s ?p ?o }", r"line 1, column \d+"),
    ],
)
def test_error_of_an_update_names_line_and_column(small, sparql, place):
    before = len(small)
    with pytest.raises(
        sg.QueryError, match=rf"the update has an error in {place}.*; mend it there or just before"
    ):
        small.update(sparql)
    assert len(small) == before


def test_function_that_nobody_knows_is_named(small):
    with pytest.raises(sg.QueryError, match=r"the query cannot be run: .*http://a\.example/f"):
        small.query("SELECT (<http://a.example/f>(1) AS ?x) {}")


def test_update_is_done_whole_or_not_at_all(small_data):
    graph = sg.load(small_data)
    before = set(graph.engine.store)
    with pytest.raises(sg.QueryError, match=r"the update cannot be run: .*http://a\.example/none"):
        graph.update("DELETE WHERE { ?s sg:title ?o } ; DROP GRAPH <http://a.example/none>")
    assert set(graph.engine.store) == before
    graph.update(
        "DELETE { ?m sg:ordinal ?n } INSERT { ?m sg:ordinal 8 } WHERE { ?m sg:ordinal ?n FILTER(?n = 1) }"
    )
    assert graph.query("SELECT ?n { meeting:isl-nor-arctic-1 sg:ordinal ?n }").column("n") == [8]


@pytest.mark.parametrize("sparql", ["DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "LOAD <file:///etc/passwd>"])
def test_query_never_changes_the_graph(small, sparql):
    before = len(small)
    with pytest.raises(sg.QueryError, match=r"the query is an update; give it to kg.update"):
        small.query(sparql)
    assert len(small) == before


def test_from_reads_nothing_from_disk_or_network(small, tmp_path):
    (tmp_path / "secret.ttl").write_text("<http://a/s> <http://a/p> 1 .")
    table = small.query(f"SELECT * FROM <file://{tmp_path}/secret.ttl> {{ ?s ?p ?o }}")
    assert len(table) == 0


# ── Things ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_find_returns_the_iri_or_none(small, kg):
    assert small.find("1st round") == MEETING
    assert small.find("nobody") is None
    assert kg.find("Russia", "state") == "https://w3id.org/stabgraph/id/state/RUS"
    assert kg.find("Russia", "place") is None


@pytest.mark.parametrize(
    "name",
    ["Сергей Рябков", "Рябков", "سرگئی ریابکوف", "S.A. Ryabkov", "Ryabkov", "Sergei Ryabkov", "里亚布科夫"],
)
def test_official_is_found_by_every_name_that_a_report_uses(kg, name):
    assert kg.find(name) == "https://w3id.org/stabgraph/id/official/sergey-ryabkov"


def test_name_of_a_new_report_is_found_without_a_label(small):
    assert small.find("A. Jónsdóttir") == "https://w3id.org/stabgraph/id/official/anna-jonsdottir"
    assert small.find("A. Jónsdóttir", "state") is None


def test_surname_that_two_officials_bear_lists_both(kg):
    with pytest.raises(sg.UnknownNameError, match=r"can mean several: george-hw-bush, george-w-bush;"):
        kg["Bush"]


def test_title_as_written_names_nobody(kg):
    assert kg.find("The President") is None
    assert kg.find("President of the Russian Federation") is None


def test_item_is_the_card_of_a_thing(small):
    card = small["isl-nor-arctic-1"]
    assert isinstance(card, sg.Card)
    assert card.iri == MEETING


def test_unknown_item_suggests_known_names(kg):
    with pytest.raises(
        sg.UnknownNameError, match=r"there is no thing 'Ruzzia'; did you mean Russia"
    ) as caught:
        kg["Ruzzia"]
    assert caught.value.name == "Ruzzia"
    assert "Russia" in caught.value.suggestions
    assert isinstance(caught.value, LookupError)


def test_name_of_several_things_lists_their_ids(small_data):
    graph = sg.load(small_data)
    for person in ("one", "two"):
        node = rdflib.URIRef(f"https://w3id.org/stabgraph/id/official/jan-{person}")
        graph.rdf.add((node, rdflib.RDFS.label, rdflib.Literal("Jan Jansen", lang="en")))
    with pytest.raises(
        sg.UnknownNameError, match=r"can mean several: jan-one, jan-two; give one of these ids"
    ):
        graph["Jan Jansen"]
    assert graph.find("Jan Jansen") is None


def test_counts_tell_how_many_of_each(small):
    assert small.counts() == {
        "dialogues": 2,
        "meetings": 6,
        "meetings held": 4,
        "officials": 3,
        "participations": 6,
        "places": 3,
        "publishers": 2,
        "reports": 7,
        "topics": 2,
        "quads": len(small),
    }


def test_sources_are_the_query_of_that_name(small):
    table = small.sources("isl-nor-arctic-2")
    assert table.column("publisher") == ["Daily One"] * len(table)
    assert len(table) > 5
    with pytest.raises(sg.UnknownNameError, match="there is no meeting or instrument 'nowhere'"):
        small.sources("nowhere")


# ── The same quads in rdflib ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def own(small_data):
    return sg.load(small_data)


SGNS = rdflib.Namespace("https://w3id.org/stabgraph/ontology#")


def test_rdflib_user_can_query(own):
    rows = list(own.rdf.query("SELECT ?n { meeting:isl-nor-arctic-1 sg:ordinal ?n }"))
    assert [row.n.toPython() for row in rows] == [1]


def test_rdflib_user_reads_conclusions_and_the_graph_of_a_report(own):
    meeting = rdflib.URIRef(MEETING)
    report = rdflib.URIRef("https://w3id.org/stabgraph/id/report/daily-two-first")
    assert [str(value) for value in own.rdf.objects(meeting, SGNS.start)] == ["2030-05-06"]
    assert [str(value) for value in own.rdf.graph(report).objects(meeting, SGNS.start)] == ["2030-05-05"]


def test_what_rdflib_adds_and_removes_is_seen_in_queries(own):
    triple = (rdflib.URIRef(MEETING), SGNS.venue, rdflib.Literal("Höfði"))
    own.rdf.add(triple)
    asked = 'ASK { meeting:isl-nor-arctic-1 sg:venue "Höfði" }'
    assert own.query(asked) is True
    own.rdf.remove(triple)
    assert own.query(asked) is False


def test_rdflib_dataset_has_the_same_size(own):
    assert sum(1 for _ in own.rdf.quads()) == len(own)
