"""Queries with limits: they end in time, leave nothing behind, and answer as they would without."""

from __future__ import annotations

import gc
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

import stabgraph as sg
from stabgraph.engines import Embedded, limited

from .processes import children, is_alive

A = "http://a.example/"
#: Each would run for years.
RUNAWAYS = {
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n0 ?o }",
    "rows without end": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "paths": "ASK { ?a (!sg:no)* ?b . ?c (!sg:no)* ?d . ?e (!sg:no)* ?f FILTER(?a = ?b && ?c != ?c) }",
    "triples without end": "CONSTRUCT { ?a ?e ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "a sorted product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l LIMIT 1",
}
SMALL_QUERY = "SELECT ?n { meeting:isl-nor-arctic-1 sg:ordinal ?n }"


@pytest.fixture
def places(tmp_path, monkeypatch):
    """An empty folder for everything temporary."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def numbers(count=300):
    engine = Embedded.in_memory()
    engine.fill(ox.Quad(ox.NamedNode(f"{A}{n}"), ox.NamedNode(f"{A}n"), ox.Literal(n)) for n in range(count))
    return sg.DialogueGraph(engine)


# ── Time ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sparql", RUNAWAYS.values(), ids=RUNAWAYS)
def test_runaway_query_is_ended_and_the_next_one_answered(small, sparql):
    others = children()  # such as the browser of other tests
    small._engine.snapshot()  # not what is timed here
    begun = time.monotonic()
    with pytest.raises(
        sg.QueryTimeoutError, match=r"took longer than 0\.3 seconds and was ended; give it more time"
    ) as e:
        small.query(sparql, timeout=0.3)
    assert 0.3 <= time.monotonic() - begun < 10  # years, but for the limit
    assert isinstance(e.value, TimeoutError)
    assert isinstance(e.value, sg.QueryError)
    assert children() <= others
    question = "ASK { meeting:isl-nor-arctic-1 sg:ordinal 1 }"
    assert small.query(question) is True
    assert small.query(question, timeout=60) is True


def test_named_query_takes_a_time_limit(small):
    assert small.ask("meetings", dialogue="nordic-three", timeout=60) == small.ask(
        "meetings", dialogue="nordic-three"
    )


def test_values_of_a_named_query_reach_the_process_as_terms(small):
    text = "\"} SERVICE <http://a.example/> { ?s ?p ?o } # \u00e9 \n ' \\"
    sparql = "SELECT ?m ?x { ?m sg:ordinal 1 BIND(STRLEN(?x) AS ?n) }"
    bindings = {"x": ox.Literal(text, language="en")}
    [there] = small._engine.query(sparql, bindings, timeout=60)
    [here] = small._engine.query(sparql, bindings)
    assert list(there) == list(here)
    assert there["x"] == bindings["x"]


@pytest.mark.parametrize("timeout", [0, -1, math.nan])
def test_time_limit_must_be_positive(small, timeout):
    with pytest.raises(sg.QueryError, match="a time limit must be a positive number of seconds, not "):
        small.query(SMALL_QUERY, timeout=timeout)


def test_time_without_end_is_no_limit(small):
    assert small.query(SMALL_QUERY, timeout=math.inf).column("n") == [1]


# ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("more", [{}, {"timeout": 60}], ids=["here", "in a process"])
def test_no_more_rows_are_read_than_asked_for(small, more):
    assert len(small.query(RUNAWAYS["rows without end"], limit=5, **more)) == 5
    assert len(small.query(RUNAWAYS["triples without end"], limit=5, **more)) == 5
    assert len(small.query("SELECT * { ?s sg:ordinal ?n }", limit=0, **more)) == 0
    assert small.query(SMALL_QUERY, limit=5, **more).column("n") == [1]
    assert small.query("ASK { ?s ?p ?o }", limit=0, **more) is True


def test_row_limit_must_not_be_negative(small):
    with pytest.raises(sg.QueryError, match="a row limit must be a whole number from 0 on, not -1"):
        small.query(SMALL_QUERY, limit=-1)


# ── Memory ─────────────────────────────────────────────────────────────────────────────────────────────────

HUNGRY = "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?f"


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one that Linux holds")
def test_query_that_takes_too_much_memory_is_ended(small):
    small._engine.snapshot()
    with pytest.raises(
        sg.QueryMemoryError, match="needed more than 50 MB of memory and was ended; give it more"
    ) as e:
        small.query(HUNGRY, memory=50)
    assert isinstance(e.value, MemoryError)
    assert small.query("SELECT ?n { meeting:isl-nor-arctic-1 sg:ordinal ?n }", memory=50).column("n") == [1]


def test_memory_limit_says_where_it_cannot_be_had(small, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(sg.QueryError, match="a memory limit can be had on Linux only; leave memory"):
        small.query(SMALL_QUERY, memory=50)


def test_memory_limit_must_be_positive(small):
    with pytest.raises(sg.QueryError, match="a memory limit must be a positive number of megabytes, not 0"):
        small.query(SMALL_QUERY, memory=0)


# ── The same answers ───────────────────────────────────────────────────────────────────────────────────────

iris = st.sampled_from([f"{A}1", f"{A}é", "urn:x:%20"]).map(ox.NamedNode)
strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
literals = st.one_of(
    strings.map(ox.Literal),
    st.builds(ox.Literal, strings, language=st.sampled_from(["en", "zh-hans", "de-ch-1901"])),
    st.builds(
        ox.Literal,
        st.one_of(strings, st.sampled_from(["01", "+1", "1.0", "1e0", "INF", "true", "1", "2030-05-06"])),
        datatype=st.sampled_from(["integer", "decimal", "double", "boolean", "date", "anyURI"]).map(
            lambda name: ox.NamedNode(sg.PREFIXES["xsd"] + name)
        ),
    ),
)
terms = st.one_of(iris, literals, st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True).map(ox.BlankNode))


@settings(max_examples=3, deadline=None)
@given(st.lists(terms, min_size=60, max_size=120))
def test_every_term_comes_back_as_it_is(objects):
    engine = Embedded.in_memory()
    engine.fill(ox.Quad(ox.NamedNode(f"{A}{n}"), ox.NamedNode(f"{A}p"), o) for n, o in enumerate(objects))
    graph = sg.DialogueGraph(engine)
    for sparql in (
        "SELECT * { ?s ?p ?o OPTIONAL { ?s ?p ?i FILTER(isIRI(?i)) } } ORDER BY ?s",
        "CONSTRUCT WHERE { ?s ?p ?o }",
    ):
        there, here = graph.query(sparql, timeout=60), graph.query(sparql)
        if isinstance(here, list):
            assert set(there) == set(here)
        else:
            assert there == here


@pytest.mark.parametrize(
    "sparql", ["SELECT * {}", "SELECT ?x {}", "SELECT * { ?s <http://a.example/none> ?o }", "ASK {}"]
)
def test_odd_answers_come_back_as_they_are(small, sparql):
    assert small.query(sparql, timeout=60) == small.query(sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?s { ?s ?p",
        "SELECT (<http://a.example/f>(1) AS ?x) {}",
        "SELECT * { SERVICE ?s { ?x ?y ?z } }",
    ],
)
def test_errors_are_the_same_sentences(small, sparql):
    with pytest.raises(sg.QueryError) as here:
        small.query(sparql)
    with pytest.raises(sg.QueryError) as there:
        small.query(sparql, timeout=60)
    assert str(there.value) == str(here.value)


def test_empty_graphs_are_copied_too():
    graph = numbers(3)
    graph.update(f"CREATE GRAPH <{A}g>")
    assert graph.query("SELECT ?g { GRAPH ?g {} }", timeout=60).column("g") == [f"{A}g"]


# ── Changes ────────────────────────────────────────────────────────────────────────────────────────────────

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


#: Ways to change a graph.
CHANGES = {
    "update": lambda kg: kg.update(f"INSERT DATA {{ <{A}new> <{A}p> 1 }}"),
    "fill": lambda kg: kg._engine.fill(
        [ox.Quad(ox.NamedNode(f"{A}new"), ox.NamedNode(f"{A}p"), ox.Literal(1))]
    ),
    "rdflib, add": lambda kg: kg.rdf.add(
        (rdflib.URIRef(f"{A}new"), rdflib.URIRef(f"{A}p"), rdflib.Literal(1))
    ),
    "rdflib, update": lambda kg: kg.rdf.update(f"INSERT DATA {{ <{A}new> <{A}p> 1 }}"),
    "rdflib, parse": lambda kg: kg.rdf.parse(data=f"<{A}new> <{A}p> 1 .", format="turtle"),
    "the raw store": lambda kg: kg.engine.store.add(
        ox.Quad(ox.NamedNode(f"{A}new"), ox.NamedNode(f"{A}p"), ox.Literal(1))
    ),
}


@pytest.fixture(params=["memory", "disk"])
def own(request, small_data, tmp_path):
    if request.param == "memory":
        return numbers(10)
    return sg.open(tmp_path / "talks.db", data=small_data, writable=True)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_limited_query_sees_what_was_changed_before(own, change):
    before = len(own.query("SELECT * { ?s ?p ?o }"))
    own._engine.snapshot()
    change(own)
    assert own.query(COUNT, timeout=60).column("n") == [before + 1]


def test_limited_query_no_longer_sees_what_was_removed(own):
    assert own.query("ASK { ?s ?p ?o }", timeout=60) is True
    own.rdf.remove((None, None, None))
    assert own.query("ASK { ?s ?p ?o }", timeout=60) is False


def test_copy_is_kept_as_long_as_nothing_changes(own):
    engine = own._engine
    first = engine.snapshot()
    assert engine.snapshot() is first
    own.query(COUNT)
    list(own.rdf.triples((None, None, None)))
    assert engine.snapshot() is first
    own.update(f"INSERT DATA {{ <{A}new> <{A}p> 1 }}")
    second = engine.snapshot()
    assert second is not first
    own.engine.store  # noqa: B018  from here on, changes can be made unseen
    assert engine.snapshot() is not second


def test_store_opened_for_reading_needs_no_copy(tmp_path, small_data, places):
    graph = sg.open(tmp_path / "talks.db", data=small_data)
    assert graph.query(SMALL_QUERY, timeout=60).column("n") == [1]
    assert graph._engine.snapshot().path == tmp_path / "talks.db"
    assert not list(places.iterdir())


# ── Nothing left behind ────────────────────────────────────────────────────────────────────────────────────


def test_many_limited_queries_leave_nothing(own, places, tmp_path):
    others = children()
    before = set(tmp_path.iterdir())
    for number in range(12):
        if number % 4 == 0:
            own.update(f"INSERT DATA {{ <{A}{number}> <{A}new> {number} }}")
        if number % 3:
            assert own.query(f"ASK {{ ?s <{A}new> ?o }}", timeout=60) is True
        else:
            with pytest.raises(sg.QueryTimeoutError):
                own.query(RUNAWAYS["cross product"], timeout=0.05)
        assert children() <= others
    assert (
        len(list(places.iterdir())) + len(set(tmp_path.iterdir()) - before) == 1
    )  # the copy that is still good
    del own._engine._copy  # as the end of the graph would
    gc.collect()
    assert not list(places.iterdir())
    assert set(tmp_path.iterdir()) == before


def test_threads_ask_at_once(own):
    answers = []

    def ask():
        answers.append(own.query("ASK { ?s ?p ?o }", timeout=60))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    own.update(f"INSERT DATA {{ <{A}new> <{A}p> 1 }}")
    for thread in threads:
        thread.join()
    assert answers == [True] * 4


def test_no_room_for_the_copy_is_one_sentence(places, monkeypatch):
    graph = numbers(3)
    monkeypatch.setattr(tempfile, "tempdir", str(places / "nowhere"))
    with pytest.raises(sg.StoreError, match="needs a copy of the graph on disk, which cannot be written"):
        graph._engine.snapshot()


def test_process_that_cannot_be_started_is_one_sentence(small, monkeypatch):
    small._engine.snapshot()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(
        sg.QueryError, match=r"a process of its own, which cannot be started .*; ask without a limit"
    ):
        small.query(SMALL_QUERY, timeout=60)


def test_process_that_dies_is_one_sentence(small, monkeypatch):
    small._engine.snapshot()
    monkeypatch.setattr(limited, "_MODULE", "stabgraph.nothing")
    with pytest.raises(
        sg.QueryError, match=r"the process that ran the query ended unexpectedly \(status 1\)"
    ):
        small.query(SMALL_QUERY, timeout=60)


def test_process_takes_no_module_from_the_working_directory(small, tmp_path, monkeypatch):
    (tmp_path / "pickle.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert small.query(SMALL_QUERY, timeout=60).column("n") == [1]


RUNNING = """
import signal
import sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job has it ignored
import stabgraph as sg
from stabgraph.engines import Embedded
import pyoxigraph as ox
engine = Embedded.in_memory()
engine.fill(ox.Quad(ox.NamedNode(f"http://a/{n}"), ox.NamedNode("http://a/n"), ox.Literal(n)) for n in range(999))
graph = sg.DialogueGraph(engine)
engine.snapshot()
print("ready", flush=True)
try:
    graph.query("SELECT (COUNT(*) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", timeout=600)
except KeyboardInterrupt:
    print("interrupted", graph.query("ASK { ?s ?p 7 }"))
"""


@pytest.fixture
def running(environment, places):
    """A program in the middle of a query that would take years, and the process that computes it."""
    with subprocess.Popen(
        [sys.executable, "-c", RUNNING],
        stdout=subprocess.PIPE,
        env={**environment, "TMPDIR": str(places)},
        text=True,
    ) as program:
        try:
            assert program.stdout.readline() == "ready\n"
            until = time.monotonic() + 60
            while not (workers := children(program.pid)) and time.monotonic() < until:
                pass
            [worker] = workers
            yield program, worker
        finally:
            program.kill()


def ends(pid):
    until = time.monotonic() + 60
    while is_alive(pid) and time.monotonic() < until:
        pass
    return not is_alive(pid)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_interrupt_ends_the_process_and_leaves_the_program_usable(running, places):
    program, worker = running
    program.send_signal(signal.SIGINT)
    assert program.stdout.read() == "interrupted True\n"
    assert program.wait() == 0
    assert ends(worker)
    assert not list(places.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_process_does_not_outlive_a_program_that_is_killed(running):
    program, worker = running
    program.kill()
    assert program.wait() == -signal.SIGKILL
    assert ends(worker)


def test_nothing_is_left_when_a_program_ends(python, places):
    script = RUNNING.replace("timeout=600", "timeout=0.1").replace(
        "KeyboardInterrupt", "sg.QueryTimeoutError"
    )
    result = python("-c", script, TMPDIR=str(places))
    assert result.stdout == "ready\ninterrupted True\n"
    assert not list(places.iterdir())
