"""Nothing leaves the machine unless it is allowed: a web server on this machine counts what is asked of it."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.processor import prepareUpdate

import stabgraph as sg
import stabgraph.engines.rdf  # rdflib's reader of JSON-LD is ours from here on
from stabgraph.engines import Embedded
from stabgraph.engines.network import refuse_network

GRAPH = rdflib.URIRef("http://a.example/graph")
BY_ADDRESS = {"@id": "http://a.example/i", "name": "n", "@type": "http://a.example/T"}
NESTED = [
    {"@context": "ADDRESS", **BY_ADDRESS},
    {"@context": ["ADDRESS", {}], **BY_ADDRESS},
    {"@context": {"@version": 1.1, "@import": "ADDRESS"}, **BY_ADDRESS},
    {"@context": {"inner": {"@id": "http://a.example/p", "@context": "ADDRESS"}}, "inner": BY_ADDRESS},
    {"@graph": [{"@context": "ADDRESS", **BY_ADDRESS}]},
]


def document(pattern, server):
    return json.dumps(pattern).replace("ADDRESS", server.url("/context.jsonld"))


#: What a user can do that reaches for the network, given a graph and a server.
REACHING = {
    "SERVICE": lambda kg, s: kg.query(f"SELECT ?x {{ SERVICE <{s.url('/sparql')}> {{ ?x ?y ?z }} }}"),
    "SERVICE SILENT": lambda kg, s: kg.query(f"ASK {{ SERVICE SILENT <{s.url('/sparql')}> {{ ?x ?y ?z }} }}"),
    "SERVICE in CONSTRUCT": lambda kg, s: kg.query(
        f"CONSTRUCT {{ ?x sg:title 1 }} {{ SERVICE <{s.url('/sparql')}> {{ ?x ?y ?z }} }}"
    ),
    "SERVICE with a limit": lambda kg, s: kg.query(
        f"SELECT ?x {{ SERVICE <{s.url('/sparql')}> {{ ?x ?y ?z }} }}", timeout=60
    ),
    "SERVICE in an update": lambda kg, s: kg.update(
        f"INSERT {{ ?x sg:says 1 }} WHERE {{ SERVICE <{s.url('/sparql')}> {{ ?x ?y ?z }} }}"
    ),
    "LOAD": lambda kg, s: kg.update(f"LOAD <{s.url('/data.ttl')}>"),
    "LOAD SILENT": lambda kg, s: kg.update(f"CLEAR ALL; load silent <{s.url('/data.ttl')}> INTO GRAPH <{GRAPH}>"),
    "rdflib, SERVICE": lambda kg, s: list(
        kg.rdf.query(f"SELECT ?x {{ SERVICE <{s.url('/sparql')}> {{ ?x ?y ?z }} }}")
    ),
    "rdflib, LOAD": lambda kg, s: kg.rdf.update(f"LOAD <{s.url('/data.ttl')}>"),
    "rdflib, LOAD in a graph": lambda kg, s: kg.rdf.graph(GRAPH).update(f"LOAD <{s.url('/data.ttl')}>"),
    "rdflib, prepared SERVICE": lambda kg, s: list(
        kg.rdf.query(prepareQuery(f"SELECT ?x {{ SERVICE <{s.url('/sparql')}> {{ ?x ?y ?z }} }}"))
    ),
    "rdflib, prepared FROM": lambda kg, s: list(
        kg.rdf.query(prepareQuery(f"SELECT ?x FROM <{s.url('/data.ttl')}> {{ ?x ?y ?z }}"))
    ),
    "rdflib, prepared LOAD": lambda kg, s: kg.rdf.update(prepareUpdate(f"LOAD <{s.url('/data.ttl')}>")),
    **{
        f"JSON-LD {number}": lambda kg, s, pattern=pattern: kg.rdf.parse(data=document(pattern, s), format="json-ld")
        for number, pattern in enumerate(NESTED)
    },
    "JSON-LD in a graph": lambda kg, s: kg.rdf.graph(GRAPH).parse(
        data=document(NESTED[0], s), format="application/ld+json"
    ),
    "JSON-LD, context given": lambda kg, s: kg.rdf.parse(
        data=json.dumps(BY_ADDRESS), format="json-ld", context=s.url("/context.jsonld")
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def tiny_data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "other.ttl").write_text("<http://a.example/s> <http://a.example/p> 1 .")
    return folder


def tiny(*, network=False):
    engine = Embedded.in_memory(network=network)
    engine.fill(
        [ox.Quad(ox.NamedNode("http://a.example/s"), ox.NamedNode("http://a.example/p"), ox.Literal(1))]
    )
    return sg.DialogueGraph(engine)


@pytest.mark.parametrize("reach", REACHING.values(), ids=REACHING)
def test_nothing_leaves_the_machine(server, reach):
    graph = tiny()
    before = set(graph.engine.store)
    with pytest.raises(sg.QueryError, match=r"would (leave this machine|be fetched); .* with network=True"):
        reach(graph, server)
    assert server.asked == []
    assert set(graph.engine.store) == before


@pytest.mark.parametrize("reach", REACHING.values(), ids=REACHING)
def test_what_is_allowed_reaches_the_network(server, reach):
    reach(tiny(network=True), server)
    assert len(server.asked) == 1


def test_answers_from_elsewhere_are_joined_with_those_from_here(tiny_data, server):
    graph = sg.load(tiny_data, network=True)
    sparql = f"SELECT ?s ?x {{ ?s <http://a.example/p> 1 SERVICE <{server.url('/sparql')}> {{ ?x ?y ?z }} }}"
    for limits in ({}, {"timeout": 60}):
        assert graph.query(sparql, **limits).column("x") == ["http://far.example/"]
    graph.update(f"LOAD <{server.url('/data.ttl')}>")
    assert graph.query('ASK { <http://far.example/> ?p "loaded" }') is True


def test_unreachable_service_is_one_sentence():
    graph = tiny(network=True)
    for limits in ({}, {"timeout": 60}):
        with pytest.raises(sg.QueryError, match="the query cannot be run: ") as caught:
            graph.query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", **limits)
        assert "\n" not in str(caught.value)


def test_stores_on_disk_take_the_same_switch(tmp_path, tiny_data, server):
    sparql = f"SELECT ?x {{ SERVICE <{server.url('/sparql')}> {{ ?x ?y ?z }} }}"
    path = tmp_path / "talks.db"
    with pytest.raises(sg.QueryError, match="would leave this machine"):
        sg.open(path, data=tiny_data).query(sparql)
    assert len(sg.open(path, network=True).query(sparql)) == 1
    assert server.asked == ["/sparql"]


def test_command_line_takes_the_same_switch(python, tiny_data, tmp_path, server):
    sparql = f"SELECT ?x {{ SERVICE <{server.url('/sparql')}> {{ ?x ?y ?z }} }}"
    words = ["-m", "stabgraph", "query", sparql, "--data", str(tiny_data), "--format", "csv"]
    assert python(*words).returncode == 1
    assert server.asked == []
    assert python(*words, "--network").stdout == "x\nhttp://far.example/\n"
    store = ["--store", str(tmp_path / "talks.db"), "--data", str(tiny_data)]
    update = ["-m", "stabgraph", "update", f"LOAD <{server.url('/data.ttl')}>", *store]
    assert python(*update).returncode == 1
    assert server.asked == ["/sparql"]
    assert "quads now" in python(*update, "--network").stdout
    assert server.asked == ["/sparql", "/data.ttl"]


def test_json_ld_that_brings_its_context_is_read():
    graph = tiny()
    inline = {"@context": {"name": "http://a.example/name"}, "@id": "http://a.example/i", "name": "Höfði"}
    graph.rdf.parse(data=json.dumps(inline), format="json-ld")
    assert graph.query('ASK { <http://a.example/i> <http://a.example/name> "Höfði" }') is True


def test_json_ld_of_other_graphs_is_read_as_ever(server):
    graph = rdflib.Graph().parse(data=document(NESTED[0], server), format="json-ld")
    assert (None, rdflib.URIRef("http://far.example/name"), rdflib.Literal("n")) in graph
    assert server.asked == ["/context.jsonld"]


def test_engine_itself_fetches_no_context(server):
    """Were that to change, our own reading would have to look at contexts too."""
    with pytest.raises(SyntaxError):
        ox.Store().load(document(NESTED[0], server).encode(), ox.RdfFormat.JSON_LD)
    assert server.asked == []


# ── Telling the keyword from the word ──────────────────────────────────────────────────────────────────────

CALL = "SERVICE <http://a.example/> { ?s ?p ?o }"


@pytest.mark.parametrize(
    "sparql",
    [
        f"SELECT * {{ {CALL} }}",
        "SELECT * { service silent <http://a.example/sparql> { ?s ?p ?o } }",
        "SELECT * { ?x ?y ?z .SERVICE ?where { ?s ?p ?o } }",
        f'SELECT * {{ ?x ?y "#" . {CALL} }}',
        f"SELECT * {{ ?x ?y <http://a/#> . {CALL} }}",
        "SELECT * { {SELECT * { SERVICE<http://a.example/>{ ?s ?p ?o } }} }",
        "SELECT * { ?x ?y 1 FILTER(?x<?y)SERVICE#>\n<http://a.example/>{ ?s ?p ?o } }",
        "SELECT * { ?x ?y ?service FILTER(?x != 'SERVICE') SERVICE ?service { ?s ?p ?o } }",
        f"SELECT * {{ ?x ?y 'it\\'s' . {CALL} FILTER(?o = 'x') }}",
        f"SELECT * {{ ?x ?y '''a ' b''' . {CALL} }}",
        f"SELECT * {{ FILTER EXISTS {{ {CALL} }} }}",
        f"SELECT * {{ GRAPH ?g {{ OPTIONAL {{ {CALL} }} }} }}",
        f"PREFIX service: <http://a.example/> SELECT * {{ ?x service:x 1 MINUS {{ {CALL} }} }}",
        f"CONSTRUCT {{ ?s ?p 1 }} WHERE {{ {CALL} }} VALUES ?x {{ 1 }}",
        "PREFIX : <http://a.example/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX : <http://a.example/> PREFIX SERVICE: <http://b.example/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        f"DESCRIBE ?s {{ {CALL} }}",
        f"ASK {{ {CALL} }}",
        f"SELECT (COUNT(*) AS ?qqqqqqq) {{ ?service ?jjjjjjj ?kkkkkkk . ?zzzzzzz ?p 1 . {CALL} }}",
        "SELECT * { SERVICE <http://a.example/> { ?s ?p ?o }",
        "SELECT * { \\u0053ERVICE <http://a.example/> { ?s ?p ?o } }",
        "SELECT * { SERV\\U00000049CE <http://a.example/> { ?s ?p ?o } }",
    ],
)  # fmt: skip
def test_service_is_refused(sparql):
    with pytest.raises(
        sg.QueryError, match="has a SERVICE, which would leave this machine; take that part out"
    ):
        refuse_network(sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?service { ?service sg:ordinal 1 }",
        "SELECT $service ?SERVICE { $service sg:ordinal ?SERVICE }",
        'SELECT ?m { ?m sg:title ?t FILTER(?t != " SERVICE <http://a/> ") }',
        "SELECT ?m { ?m sg:title 'a \\'SERVICE <http://a/> { }' }",
        "SELECT ?m { ?m sg:title '''a ' SERVICE \n <http://a/> { }''' }",
        "SELECT ?m { ?m sg:ordinal 1 # SERVICE <http://a/> {\n}",
        "SELECT ?m { ?m sg:ordinal 1 FILTER(?m != <http://a/SERVICE>) }",
        "SELECT ?m { ?m sg:ordinal 1 FILTER(?m < <http://a/service>) }",
        "PREFIX service: <http://a/> SELECT ?m { ?m service:service service:x.service }",
        "SELECT ?m { ?m topic:service 1, sg:SERVICE ; sg:web-service _:service }",
        "SELECT ?m { ?m sg:title 'x'@service }",
        "SELECT ?service ?qqqqqqq { ?service sg:ordinal ?qqqqqqq }",
        "SELECT ?m { ?m sg:title 'a \\\\u0053ERVICE' }",
        "ASK { ?load sg:ordinal 1 }",
    ],
)  # fmt: skip
def test_word_service_elsewhere_is_fine(small, sparql):
    ox.Store().query(sparql, prefixes=sg.PREFIXES)  # it is a query
    refuse_network(sparql)
    small.query(sparql)


@pytest.mark.parametrize(
    ("update", "word"),
    [
        ("LOAD <http://a.example/>", "LOAD"),
        ("load silent <http://a.example/> into graph <http://a.example/g>", "LOAD"),
        ("LOAD<http://a.example/>", "LOAD"),
        ("CLEAR ALL;LOAD#x\n<http://a.example/>", "LOAD"),
        ("PREFIX load: <http://a.example/> LOAD load:load", "LOAD"),
        ("INSERT DATA { <http://a.example/LOAD> sg:title 'LOAD' } ; LOAD <http://a.example/>", "LOAD"),
        ("\\u004COAD <http://a.example/>", "LOAD"),
        (f"INSERT {{ ?s ?p ?o }} WHERE {{ {CALL} }}", "SERVICE"),
        (f"DELETE {{ ?s ?p ?o }} USING <http://a.example/load> WHERE {{ FILTER NOT EXISTS {{ {CALL} }} }}", "SERVICE"),
    ],
)  # fmt: skip
def test_update_that_fetches_is_refused(update, word):
    with pytest.raises(sg.QueryError, match=f"the update has a {word}, which would leave this machine"):
        refuse_network(update, "update")


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://a.example/load> sg:title 'LOAD <http://a.example/>' }",
        "DELETE WHERE { ?load sg:title ?service } # LOAD <http://a.example/>",
        "PREFIX load: <http://a.example/> DELETE WHERE { load:load load:service _:load }".replace(
            "_:load", "1"
        ),
        "DROP GRAPH <http://a.example/load>",
    ],
)
def test_word_load_elsewhere_is_fine(update):
    refuse_network(update, "update")


@pytest.mark.parametrize(
    "sparql",
    [
        "ASK { ?service ?p }",
        "ASK { ?s ?p # SERVICE\n }",
        "ASK { 'SERVICE' }",
        "SELECT ?x WHER { ?x sg:service 1 }",
    ],
)
def test_other_mistake_beside_the_word_is_told_as_what_it_is(sparql):
    with pytest.raises(sg.QueryError, match="the query has an error in line"):
        refuse_network(sparql)


NOISE = st.sampled_from([
    "?a<?b", "?c>?d", "#>\n", "# x\n", "'", '"', "'''", '"""', "\\", "\\'", "<", ">", "<http://a.example/#>", "{",
    "}", "(", ")", " ", "\n", ".", ";", "?s ?p ?o", "FILTER", "FILTER(", "BIND(1 AS ?n)", "@en", "sg:title", "_:b",
    "service:", "PREFIX service: <http://a.example/>", "?service", "'service'", "\\u0027", "\\u0022", "\\u003C", "^^",
    "&&", "/", "^", "SELECT * {", "OPTIONAL {", "GRAPH ?g {", "UNION", "VALUES ?v { 1 }",
])  # fmt: skip


@settings(max_examples=150)
@given(
    prologue=st.lists(st.sampled_from(["", "service:", "SERVICE:", "x:"]), max_size=3),
    before=st.lists(NOISE, max_size=6),
    between=st.lists(NOISE, max_size=4),
    address=st.sampled_from(["<http://127.0.0.1:1/>", ":x", "?service", "x:service"]),
    silent=st.booleans(),
)
@example(prologue=[], before=["?s ?p 1 FILTER(", "?a<?b", ")"], between=["#>\n"], address=":x", silent=False)
@example(prologue=[], before=["#"], between=["\n", "?s ?p "], address="<http://127.0.0.1:1/>", silent=True)
def test_no_query_that_the_engine_would_run_calls_out(prologue, before, between, address, silent):
    """Whatever stands around it: either the query is refused, or running it asks nothing of anybody.

    Port 1 is one that the engine calls for nobody: a call ends in an error of its own.
    """
    word = "SERVICE SILENT"[: None if silent else 7]
    declared = "".join(f"PREFIX {name} <http://127.0.0.1:1/>\n" for name in [":", *prologue] if name)
    pattern = f"{''.join(before)}{word}{''.join(between)}{address}{{ ?s ?p ?o }}"
    sparql = f"{declared}SELECT * {{ {pattern} }}"
    try:
        refuse_network(sparql)
    except sg.QueryError:
        return
    # It was understood: spelt otherwise, nothing changes but the word in a string, a comment, an IRI or a name.
    # The store must hold something, lest a call is never come to; without SILENT a call that fails is an error.
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://a.example/"), ox.NamedNode("http://a.example/"), ox.Literal(1)))
    list(store.query(sparql.replace("SERVICE SILENT", "SERVICE"), prefixes=sg.PREFIXES))


@settings(max_examples=100)
@given(st.lists(NOISE, max_size=8))
def test_query_without_the_word_is_never_refused(parts):
    sparql = f"SELECT * {{ {''.join(parts)} }}".replace("service", "sorvice")
    refuse_network(sparql)
