"""Input that somebody spoilt: whatever it is, it is taken or refused in a sentence, and files stay whole.

Everything goes through the command line, in this process so that thousands of cases are quick, or through the public
functions. STABGRAPH_FUZZ says how many cases of each kind are tried; with any number but the usual one they are
others each time.
"""

from __future__ import annotations

import io
import logging
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import stabgraph as sg
from stabgraph import Record, cli
from stabgraph.asking import named_queries
from stabgraph.dataset import format_files
from stabgraph.dates import Date
from stabgraph.errors import QueryError, RecordError, StabgraphError
from stabgraph.turtle import parse
from stabgraph.vocabulary import PREFIXES, bundled

from .mutations import mutated, nasty, rdf_parts, texts, yaml_parts

USUAL = 6
CASES = int(os.environ.get("STABGRAPH_FUZZ", str(USUAL)))


def cases(weight=1.0):
    return settings(
        max_examples=max(int(CASES * weight), 1),
        derandomize=CASES == USUAL,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def files_of(*folders):
    return sorted(path.read_text("utf-8") for folder in folders for path in folder)


TESTS = Path(__file__).parent
RECORDS = files_of([bundled("data") / "template.yaml", TESTS / "queries" / "talks.yaml"])
EXAMPLES = files_of((bundled("ontology") / "examples").glob("*.trig"))
QUERIES = files_of((bundled("ontology") / "questions").glob("*.rq")) + [
    q.sparql for q in named_queries().values()
]
UPDATES = [
    'INSERT DATA { meeting:a rdfs:comment "x" }',
    "DELETE WHERE { ?s rdfs:label ?o }",
    'DELETE { ?s ?p ?o } INSERT { GRAPH ?s { ?s ?p "x"@en } } WHERE { ?s ?p ?o FILTER(isIRI(?o)) }',
    "DROP GRAPH report:daily-one-first ; CLEAR NAMED ; CREATE SILENT GRAPH <urn:g> ; COPY DEFAULT TO <urn:g>",
]
DATES = [
    "2024-02-07",
    "2003~",
    "2004-06-XX/2004-07-03",
    "{1960,1961-12..}",
    "Y170E5S3",
    "2001-21",
    "-0009-?12",
]
#: What a line on standard error begins with.
SENTENCES = ("error: ", "refused: ", "note: ", "Usage: ", "Try ", "Error: ", "0 errors, ", "1 errors, ")


class Desk:
    """A directory with a small dataset, a command line, and an eye on what is written."""

    def __init__(self, folder, data):
        self.folder = folder / "a" / "b"
        self.top = folder
        self.data = self.folder / "data"
        shutil.copytree(data, self.data)
        self.files = self.read()

    def read(self):
        """Return all files around, so that nothing is written unseen."""
        return {path: path.read_bytes() for path in self.top.rglob("*") if path.is_file()}

    def restore(self, changed=()):
        """Put everything back, save for files that a case changes."""
        wanted = {**self.files, **dict(changed)}
        standing = self.read()
        for path in standing.keys() - wanted.keys():
            path.unlink()
        for path, content in wanted.items():
            if standing.get(path) != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for path in sorted(self.top.rglob("*"), reverse=True):
            if path.is_dir() and path != self.folder:
                with suppress(OSError):
                    path.rmdir()

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def run(self, *words, stdin=b"", cache=""):
        """Run the command line, and return its status and what it printed; anything but a clean end is an error."""
        out, err = (
            io.TextIOWrapper(io.BytesIO(), "utf-8", errors, newline="")
            for errors in ("strict", "backslashreplace")
        )
        with (
            mock.patch.multiple(
                sys,
                argv=["stabgraph", *map(str, words)],
                stdin=io.TextIOWrapper(io.BytesIO(stdin), "utf-8"),
                stdout=out,
                stderr=err,
            ),
            mock.patch.dict(os.environ, {"STABGRAPH_CACHE": cache, "COLUMNS": "120"}),
            mock.patch.object(logging.getLogger(), "handlers", []),
        ):
            status = self._status()
        for stream in (out, err):
            stream.flush()
        printed, said = (stream.buffer.getvalue().decode() for stream in (out, err))
        assert status in {0, 1, 2}
        assert "Traceback" not in printed + said
        if status != 2:
            assert all(line.startswith(SENTENCES) for line in said.splitlines() if line), said
        if status:
            assert said or printed
        return status, printed, said

    @staticmethod
    def _status():
        try:
            cli.main()
        except SystemExit as end:
            return end.code or 0
        return 0

    def is_whole(self, before, *, canonical=False):
        """See that the files are as they were, or a dataset that can be read; and that nothing lies about."""
        now = self.read()
        if now == before:
            return
        stray = [p for p in now.keys() - before.keys() if p.parent not in {self.data, self.data / "reports"}]
        assert not stray
        assert not [path for path in now if path.name.startswith(".")]
        count = sum(len(parse(path)) for path in now if self.data in path.parents)
        assert format_files(self.data) == [] or not canonical
        assert sum(len(parse(path)) for path in self.read() if self.data in path.parents) == count


@pytest.fixture(scope="module")
def desk(small_data, tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("desk"), small_data)


@pytest.fixture(autouse=True)
def _tidy_desk(desk):
    """Every test finds the desk as it was, whatever another left on it."""
    desk.restore()


@pytest.fixture(scope="module")
def graph(small_data):
    return sg.load(small_data)


def taken(call, *given, **more):
    """Call a public function, which may refuse in one line; return whether it did not."""
    try:
        call(*given, **more)
    except StabgraphError as error:
        said = str(error)
    else:
        return True
    assert said
    assert len(said.splitlines()) == 1, said
    return False


# ── Dates and records ──────────────────────────────────────────────────────────────────────────────────────────


@cases(4)
@given(st.one_of(mutated(DATES).map(lambda content: content.decode("utf-8", "surrogateescape")), texts))
def test_date(text):
    if taken(Date.parse, text):
        assert Date.parse(Date.parse(text).text) == Date.parse(text)


@cases(2)
@given(mutated([*RECORDS, Record.from_yaml.__doc__], yaml_parts))
def test_record_of_any_yaml(content):
    with suppress(RecordError):
        Record.from_yaml(content.decode("utf-8", "surrogateescape"))


@cases()
@given(mutated(EXAMPLES, rdf_parts))
def test_record_of_any_quads(content):
    with suppress(StabgraphError):
        quads = parse(Path("x.trig"), content)
        with suppress(RecordError):
            Record.from_rdf(quads)


@cases()
@given(mutated(RECORDS, yaml_parts))
def test_record_file_is_added_or_refused_and_the_dataset_stays_whole(desk, content):
    desk.restore()
    file = desk.write("new.yaml", content)
    before = desk.read()
    checked, _, _ = desk.run("validate", file, "--data", desk.data)
    assert desk.read() == before
    added, _, _ = desk.run("add", file, "--data", desk.data)
    assert added == checked
    desk.is_whole(before, canonical=True)
    if desk.read() != before:
        assert desk.run("query", "ASK {}", "--data", desk.data)[0] == 0


# ── Files of a dataset ─────────────────────────────────────────────────────────────────────────────────────────


@cases(0.3)
@given(st.data())
def test_dataset_is_read_or_refused_and_stays_whole(desk, data):
    name = data.draw(st.sampled_from(sorted(path for path in desk.files if path.suffix in {".trig", ".ttl"})))
    content = data.draw(mutated([desk.files[name].decode(), *EXAMPLES], rdf_parts))
    desk.restore({name: content})
    before = desk.read()
    loaded, _, _ = desk.run("query", "SELECT * { ?s ?p ?o }", "--format", "json", "--data", desk.data)
    assert taken(sg.load, desk.data) == (loaded == 0)
    taken(sg.load, name)
    looks = st.sampled_from(["validate", "stats", "ask meetings", "ask disputes", "ask promises", "show 1st"])
    desk.run(*data.draw(looks).split(), "--data", desk.data)
    assert desk.read() == before
    file = desk.write("new.yaml", RECORDS[0].encode())
    more = desk.read()
    desk.run("add", file, "--data", desk.data)
    desk.is_whole(more)
    desk.restore({name: content})
    desk.run("fmt", "--data", desk.data)
    desk.is_whole(before, canonical=True)


#: What once ended in a traceback, was written outside the dataset, or where it was not read again.
FOUND = {
    "copy of a text": 'report:x sg:about meeting:isl-nor-arctic-1 ; sg:copyOf "x" .',
    "triple for a label": "dialogue:isl-nor-arctic rdfs:label <<( sg:a sg:b 1 )>> .",
    "triples for a report": "report:x sg:about <<( sg:a sg:b 1 )>> ; sg:url <<( sg:a sg:b 1 )>> .",
    "triples for ever": "sg:a sg:b " + "<<( sg:a sg:b " * 100_000 + "1" + " )>>" * 100_000 + " .",
    "dialogue above": "meeting:z sg:partOf <https://w3id.org/stabgraph/id/dialogue/../../../escaped> .",
    "dialogue below": "meeting:z sg:partOf <https://w3id.org/stabgraph/id/dialogue/a/b> .",
    "dialogue without an id": "meeting:z sg:partOf dialogue: .",
    "id longer than a name of a file": f"meeting:z sg:partOf dialogue:{'a' * 300} .",
    "text with a direction": 'meeting:z rdfs:label "x"@en--ltr .',
    "number of 5,000 digits": f"meeting:z sg:ordinal {'9' * 5000} .",
    "dates that are none": 'meeting:z sg:earliest "x"^^xsd:date ; sg:start "x"^^xsd:dateTime .',
    "markup that is none": 'meeting:z rdfs:label "<b"^^rdf:XMLLiteral .',
}


@pytest.mark.parametrize("name", ["other.ttl", "reports/isl-nor-arctic.trig"])
@pytest.mark.parametrize("said", FOUND)
def test_what_was_found_is_refused_or_kept(desk, said, name):
    prefixes = "".join(f"@prefix {prefix}: <{base}> .\n" for prefix, base in PREFIXES.items())
    path = desk.data / name
    desk.restore({path: desk.files.get(path, b"") + f"\n{prefixes}{FOUND[said]}\n".encode()})
    before = desk.read()
    desk.run("query", "ASK {}", "--data", desk.data)
    if "other" in name:  # it takes a while
        desk.run("validate", "--data", desk.data)
    desk.run("fmt", "--data", desk.data)
    desk.is_whole(before, canonical=True)


JOURNALS = ['{"replace": {"reports/isl-nor-arctic.trig": ".x.new"}, "remove": ["places.ttl"]}']


@cases()
@given(mutated(JOURNALS, yaml_parts))
@example(b"[" * 100_000)
def test_journal_of_any_kind(desk, content):
    desk.restore({desk.data / ".stabgraph-journal": content})
    desk.run("query", "ASK {}", "--data", desk.data)
    desk.run("fmt", "--data", desk.data)
    outside = {path: old for path, old in desk.files.items() if desk.data not in path.parents}
    assert outside.items() <= desk.read().items()


@pytest.fixture(scope="module")
def store(small_data, tmp_path_factory):
    """Return the files of a store."""
    path = tmp_path_factory.mktemp("store") / "s"
    sg.open(path, data=small_data)
    return {file.name: file.read_bytes() for file in path.iterdir()}


@cases(0.5)
@given(st.data())
def test_store_whose_files_are_spoilt_is_refused_or_read(desk, store, data):
    desk.restore()
    name = data.draw(st.sampled_from(sorted(file for file in store if not file.startswith(("LO", "OPT")))))
    content = bytearray(store[name])
    start = data.draw(st.integers(0, max(len(content) - 1, 0)))
    end = start + data.draw(st.sampled_from([0, 1, 4096, len(content)]))
    content[start:end] = data.draw(
        st.one_of(st.binary(max_size=20), st.just(bytes(end - start)), st.just(b"[" * 100_000))
    )
    path = desk.folder / "s"
    path.mkdir()
    for file, kept in store.items():
        (path / file).write_bytes(content if file == name else kept)
    for words in ("show 1st", "ask meetings", "query ASK{?s?p?o}", "stats"):
        desk.run(*words.split(), "--store", path)
    desk.run("store", "check", path)
    desk.run("update", "INSERT DATA { meeting:a rdfs:comment 1 }", "--store", path)


# ── Queries and updates ────────────────────────────────────────────────────────────────────────────────────────

FORMS = ["table", "csv", "json", "sparql-json", "markdown"]


@cases(3)
@example(b"SELECT * { ?s ?p ?o }", 10**30, "table")
@given(mutated(QUERIES), st.sampled_from([None, 0, 3, 10**30]), st.sampled_from(FORMS))
def test_query(desk, graph, content, limit, form):
    text = content.decode("utf-8", "surrogateescape")
    taken(lambda: graph.query(text, limit=limit))
    words = ["query", "-", "--format", form, "--data", desk.data]
    desk.run(*words, *(["--limit", limit] if limit is not None else []), stdin=content)


#: Texts that took the engine deeper than its stack goes, which ends the process.
DEEP = {
    "groups": "ASK {" + "{" * 3000 + "}" * 3000 + "}",
    "brackets": "ASK { FILTER(" + "(" * 30_000 + "1" + ")" * 30_000 + ") }",
    "functions": "ASK { FILTER(" + "STR(" * 3000 + "1" + ")" * 3000 + ") }",
    "selects": "ASK {" + "{ SELECT * {" * 3000 + "}}" * 3000 + "}",
    "negations": "ASK { FILTER(" + "!" * 30_000 + "1) }",
    "alternatives": "ASK { ?s ?p ?o FILTER(" + "||".join(f"?o = {n}" for n in range(30_000)) + ") }",
    "sums": "ASK { FILTER(" + "+".join(["1"] * 30_000) + ") }",
    "differences": "ASK { FILTER(" + "-".join(["1"] * 30_000) + ") }",
    "unions": "ASK {" + " UNION ".join(["{ ?s ?p ?o }"] * 30_000) + "}",
    "options": "ASK {" + "OPTIONAL { ?s ?p ?o }" * 3000 + "}",
    "values": "ASK {" + " ".join(f"BIND(1 AS ?x{n})" for n in range(3000)) + "}",
    "paths": "ASK { ?s " + "|".join(["sg:topic"] * 30_000) + " ?o }",
    "unfinished": "ASK {" + "{" * 100_000,
}


@pytest.mark.parametrize("name", DEEP)
def test_query_too_deep_for_the_engine_is_taken(graph, name):
    update = DEEP[name].replace("ASK", "INSERT { sg:a sg:b 1 } WHERE")
    for call, text in ((graph.query, DEEP[name]), (graph.update, update), (graph.rdf.query, DEEP[name])):
        with pytest.raises(QueryError, match="the engine can bear"):
            call(text)


def test_long_texts_that_are_flat_are_answered(small_data):
    graph = sg.load(small_data)
    values = " ".join(f'<https://a.example/{n}-{n}> "((({n}+{n}||" meeting:a-{n}-b {n}' for n in range(2000))
    assert len(graph.query(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}")) == 8000
    graph.update(
        "INSERT DATA {" + " ".join(f'meeting:a-b-{n} sg:b "- {n}", -{n}.5 .' for n in range(2000)) + "}"
    )
    assert graph.query("ASK { meeting:a-b-7 sg:b -7.5 }")


@cases()
@given(mutated([*UPDATES, *QUERIES[:5]]))
def test_update_is_done_or_not_at_all(small_data, content):
    text = content.decode("utf-8", "surrogateescape")
    graph = sg.load(small_data)
    before = set(graph.engine.quads())
    if not taken(graph.update, text):
        assert set(graph.engine.quads()) == before


@cases(2)
@given(st.data())
def test_named_query_with_any_parameters(desk, graph, data):
    query = named_queries()[data.draw(st.sampled_from(sorted(named_queries())))]
    values = st.one_of(
        texts, st.sampled_from(["ISL", "isl-nor-arctic", "2030", "1", "anna-jonsdottir", "arms control"])
    )
    given_ = {p.name: data.draw(values) for p in query.parameters if p.required or data.draw(st.booleans())}
    taken(graph.ask, query.name, **given_)
    words = [word for name, value in given_.items() for word in (f"--{name}", value)]
    desk.run("ask", query.name, *words, "--data", desk.data)


@pytest.mark.parametrize("value", ["²", "--5", "9" * 5000, "\udcff", "-", ""])
def test_parameter_that_is_no_number_or_no_text_is_taken(graph, value):
    for query in named_queries().values():
        for parameter in query.parameters:
            if parameter.type in {"integer", "number", "date"} and value:
                needed = {p.name: "isl-nor-arctic" for p in query.parameters if p.required}
                done = taken(graph.ask, query.name, **{**needed, parameter.name: value})
                assert not done or parameter.type == "number"  # which can be as long as it likes


def test_standard_input_in_another_encoding_is_taken(desk):
    status, _, said = desk.run("query", "-", "--data", desk.data, stdin=b"ASK { ?s ?p '\xff' }")
    assert status == 1
    assert "UTF-8" in said


@cases(2)
@example(name="\udcff")
@given(name=st.one_of(texts, mutated(["state:ISL", "Anna Jónsdóttir", "https://w3id.org/stabgraph/id/meeting/isl-nor-arctic-1"])
                 .map(lambda content: content.decode("utf-8", "surrogateescape"))))  # fmt: skip
def test_any_name(desk, graph, name):
    graph.find(name)
    taken(lambda: graph[name])
    graph.label(name)
    desk.run("show", "--data", desk.data, "--", name)


@cases()
@given(st.lists(texts, max_size=2), st.one_of(texts, st.sampled_from(DATES)))
def test_trust_in_anybody_on_any_day(desk, small_data, voices, day):
    taken(lambda: sg.load(small_data, trust=voices, as_of=day))
    trusted = [f"--trust={voice}" for voice in voices]
    desk.run("query", "ASK {}", *trusted, f"--as-of={day}", "--data", desk.data)


WORDS = st.one_of(
    st.sampled_from([
        "ask", "query", "show", "update", "export", "network", "dyads", "add", "fmt", "validate", "store",
        "create", "backup", "compact", "check", "meetings", "--help", "--version", "--format", "csv", "--limit",
        "--trust", "press", "--as-of", "--unmapped", "--data", "data", "--store", "s", "-o", "o.csv", "--",
        "stats", "parquet", "-", "ASK {}",
    ]),
    nasty.filter(lambda text: "\0" not in text and not text.startswith(("..", "/"))),
)  # fmt: skip


@cases(2)
@example(words=["add", "\r\n"])
@given(words=st.lists(WORDS, max_size=6))
def test_any_words(desk, words, monkeypatch):
    desk.restore()
    monkeypatch.chdir(desk.folder)
    if "network" not in words:  # no option is spelt like this
        desk.run(*words, *([] if "--data" in words else ["--data", "data"]))
