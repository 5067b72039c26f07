"""Stores on disk: opened, added to, copied and put in order by their owner, and by many at once."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stabgraph as sg
from stabgraph.adding import add_files, add_to_store
from stabgraph.assembly import assemble, stated, thesaurus
from stabgraph.caching import build, check
from stabgraph.dataset import read
from stabgraph.engines import Embedded
from stabgraph.engines.disk import MARKER
from stabgraph.vocabulary import SG, bundled, iri

from ..strategies import records as any_records  # noqa: TID252  tests are no package

#: Invented, as all in the small dataset.
MORE = """
meetings:
- {id: isl-nor-arctic-4, series: isl-nor-arctic, label: 4th round, ordinal: 4}
reports:
- id: daily-three-fourth
  url: https://three.example/fourth
  publisher: Daily Three
  language: en
  about: isl-nor-arctic-4
  says: {ordinal: 4, start: '2033-06-01', city: Oslo, country: NOR, status: held, topics: [arms control],
         delegations: [{party: ISL}, {party: NOR}]}
- id: daily-three-first
  url: https://three.example/first
  publisher: Daily Three
  language: en
  about: isl-nor-arctic-1
  says: {start: '2030-05-05', city: Reykjavik, country: ISL, status: held}
"""


@pytest.fixture
def path(tmp_path, small_data):
    build(tmp_path / "talks.db", small_data)
    return tmp_path / "talks.db"


@pytest.fixture
def more(tmp_path):
    file = tmp_path / "more.yaml"
    file.write_text(MORE, "utf-8")
    return file


def lines(quads):
    """What quads say, without the lists of the ontology, whose blank nodes are other ones in each store."""
    return {line for line in map(str, quads) if "_:" not in line}


def content(path):
    return lines(Embedded.on_disk(path, read_only=True).quads())


# ── What the files say ─────────────────────────────────────────────────────────────────────────────────────


def test_what_the_bundled_files_say_is_found_in_the_whole_graph(kg):
    assert lines(stated(kg.engine.quads())) == lines([*thesaurus(), *read(bundled("data"))])


@settings(max_examples=40, deadline=None)
@given(records=st.lists(any_records, min_size=1, max_size=3, unique_by=lambda record: record.id))
def test_what_records_say_is_found_in_the_whole_graph(described, records):
    said = {*described, *(quad for record in records for quad in record.to_rdf())}
    assert set(stated(assemble(said))) == said


@pytest.fixture(scope="module")
def described(small_data):
    return read(small_data)


def test_remark_by_hand_is_kept_and_a_conclusion_by_hand_is_not(described):
    meeting = iri("meeting", "isl-nor-arctic-1")
    remark = ox.Quad(
        meeting, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment"), ox.Literal("mine")
    )
    wrong = ox.Quad(meeting, SG.ordinal, ox.Literal(7))
    assert set(stated([*assemble(described), remark, wrong])) == {*described, remark}


# ── Adding ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_records_added_to_a_store_give_the_graph_of_a_dataset_they_were_added_to(
    path, more, tmp_path, small_data
):
    data = shutil.copytree(small_data, tmp_path / "data")
    add_files(data, [more])
    result = add_to_store(Embedded.on_disk(path), [more])
    assert result.added == ["daily-three-fourth", "daily-three-first"]
    assert content(path) == lines(sg.load(data).engine.quads())


def test_conclusions_are_drawn_anew(path, more):
    graph = sg.DialogueGraph(Embedded.on_disk(path))
    start = "SELECT ?start { meeting:isl-nor-arctic-1 sg:start ?start }"
    assert graph.query(start).column("start") == ["2030-05-06"]
    graph.add(more)
    assert graph.query(start).column("start") == ["2030-05-05"], "two publishers outweigh one"


def test_adding_again_changes_nothing(path, more):
    engine = Embedded.on_disk(path)
    add_to_store(engine, [more])
    before = set(engine.quads())
    result = add_to_store(engine, [more])
    assert (result.added, result.unchanged) == ([], 2)
    assert set(engine.quads()) == before


def test_what_is_refused_is_told_and_the_rest_enters(path, tmp_path):
    file = tmp_path / "half.yaml"
    file.write_text(MORE.replace("about: isl-nor-arctic-1", "about: nowhere"), "utf-8")
    result = add_to_store(Embedded.on_disk(path), [file])
    assert result.added == ["daily-three-fourth"]
    assert [error.record for error in result.refused] == ["daily-three-first"]
    assert sum("report/daily-three-" in line for line in content(path)) > 0


def test_records_are_added_in_memory_too(small_data, more):
    graph = sg.load(small_data)
    assert graph.add(str(more)).added == ["daily-three-fourth", "daily-three-first"]
    assert "isl-nor-arctic-4" in graph.ask("meetings").column("meeting")


def test_store_opened_for_reading_takes_no_records(path, more):
    before = content(path)
    graph = sg.DialogueGraph(Embedded.on_disk(path, read_only=True))
    with pytest.raises(
        sg.StoreError, match="was opened for reading; open it with writable=True to change it"
    ):
        graph.add(more)
    with pytest.raises(sg.StoreError, match="was opened for reading"):
        graph.compact()
    del graph
    assert content(path) == before


def test_change_knows_the_blank_nodes_of_the_store():
    name, node = ox.NamedNode("http://example.org/p"), ox.BlankNode("b1")
    quads = [
        ox.Quad(node, name, ox.Literal('"quoted" \\ and\nbroken')),
        ox.Quad(ox.NamedNode("http://example.org/s"), name, node, ox.NamedNode("http://example.org/g")),
        ox.Quad(node, name, ox.Literal("x", language="en"), ox.BlankNode("b2")),
    ]
    engine = Embedded.in_memory()
    engine.change([], quads)
    assert set(engine.quads()) == set(quads)
    engine.change(quads[1:], [ox.Quad(node, name, node)])
    assert set(engine.quads()) == {quads[0], ox.Quad(node, name, node)}


# ── Copies and order ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("read_only", [True, False], ids=["by a reader", "by a writer"])
def test_backup_is_the_same_and_leads_a_life_of_its_own(path, tmp_path, more, read_only):
    writer = Embedded.on_disk(path)
    writer.store.add(
        ox.Quad(ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p"), ox.Literal(1))
    )
    del writer  # what it added stands in the log, not yet in a table
    before = content(path)
    sg.DialogueGraph(Embedded.on_disk(path, read_only=read_only)).backup(tmp_path / "copy.db")
    assert content(tmp_path / "copy.db") == before
    add_to_store(Embedded.on_disk(path), [more])
    assert content(tmp_path / "copy.db") == before
    assert content(path) != before
    add_to_store(Embedded.on_disk(tmp_path / "copy.db"), [more])
    assert content(tmp_path / "copy.db") == content(path)


def test_backup_goes_where_nothing_is(path, tmp_path, small):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    engine = Embedded.on_disk(path, read_only=True)
    for target in (tmp_path / "taken", path):
        with pytest.raises(sg.StoreError, match="exists already; choose another path for the backup"):
            engine.backup(target)
    with pytest.raises(sg.StoreError, match=r"letter.txt/copy.db cannot be made \(.+\); choose another path"):
        engine.backup(tmp_path / "taken" / "letter.txt" / "copy.db")
    with pytest.raises(sg.StoreError, match="a graph in memory has no store to back up"):
        small.backup(tmp_path / "copy.db")
    assert {entry.name for entry in tmp_path.iterdir()} == {"taken", "talks.db"}


def test_compacted_store_is_the_same(path, more):
    engine = Embedded.on_disk(path)
    add_to_store(engine, [more])
    before = set(engine.quads())
    sg.DialogueGraph(engine).compact()
    assert set(engine.quads()) == before
    check(engine)


def test_check_finds_what_follows_from_no_claim(path):
    engine = Embedded.on_disk(path)
    check(engine)
    engine.store.update("DELETE WHERE { ?m <https://w3id.org/stabgraph/ontology#earliest> ?day }")
    with pytest.raises(sg.StoreError, match=r"differs in \d+ quads from what follows from its claims"):
        check(engine)


# ── Many at once ───────────────────────────────────────────────────────────────────────────────────────────

HOLD = """
import sys
from pathlib import Path
from stabgraph.engines import Embedded
engine = Embedded.on_disk(Path(sys.argv[1]), read_only=sys.argv[2] == "reader")
print(len(engine.store), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(environment, path):
    """Start a process that holds the store until it is told to end."""
    started = []

    def start(role):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path), role],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=environment,
        )  # fmt: skip
        started.append(process)
        assert int(process.stdout.readline()) > 0
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_two_readers_read_at_once(holder, path):
    holder("reader")
    assert (
        len(Embedded.on_disk(path, read_only=True).store)
        == len(Embedded.on_disk(path, read_only=True).store)
        > 0
    )


def test_second_writer_is_told_so_and_succeeds_when_the_first_was_killed(holder, path, python, more):
    first = holder("writer")
    words = ("-m", "stabgraph", "add", str(more), "--store", str(path))
    second = python(*words)
    assert second.returncode == 1
    assert re.fullmatch(
        r"error: \S+talks\.db is open in another program, and only one may write; close that one, .+\n",
        second.stderr,
    )
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert python(*words).stdout == "2 reports added, 0 there already, 0 entries refused\n"


def test_reader_waits_for_a_writer_and_a_writer_for_readers(holder, path):
    writer = holder("writer")
    with pytest.raises(
        sg.StoreError, match="is being written by another program; try again when that has finished"
    ):
        Embedded.on_disk(path, read_only=True)
    writer.communicate()
    holder("reader")
    with pytest.raises(sg.StoreError, match="is open in another program, and only one may write"):
        Embedded.on_disk(path)


def test_store_is_held_as_long_as_its_rdflib_dataset_is_in_use(path):
    dataset = sg.DialogueGraph(Embedded.on_disk(path)).rdf
    with pytest.raises(sg.StoreError, match="is being written by another program"):
        Embedded.on_disk(path, read_only=True)
    assert len(dataset) > 0


# ── What is no store, or no whole one ──────────────────────────────────────────────────────────────────────


def cut(file, part):
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * part)])


def largest(path, pattern):
    return max(path.glob(pattern), key=lambda file: file.stat().st_size)


DAMAGE = {
    "no CURRENT": lambda path: (path / "CURRENT").unlink(),
    "empty CURRENT": lambda path: (path / "CURRENT").write_bytes(b""),
    "foreign CURRENT": lambda path: (path / "CURRENT").write_text("hello\n"),
    "no manifest": lambda path: largest(path, "MANIFEST*").unlink(),
    "empty manifest": lambda path: cut(largest(path, "MANIFEST*"), 0),
    "cut manifest": lambda path: cut(largest(path, "MANIFEST*"), 0.6),
    "no table": lambda path: largest(path, "*.sst").unlink(),
    "cut table": lambda path: cut(largest(path, "*.sst"), 0.5),
    "nothing but the marker": lambda path: [file.unlink() for file in path.iterdir() if file.name != MARKER],
}


@pytest.mark.parametrize("read_only", [True, False], ids=["reading", "writing"])
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_store_is_recognised_and_left_alone(path, damage, read_only):
    damage(path)
    before = {file.name: file.stat().st_size for file in path.iterdir() if file.name != "LOG"}
    with pytest.raises(sg.StoreError) as caught:
        Embedded.on_disk(path, read_only=read_only)
    assert re.fullmatch(
        r"\S+talks\.db is damaged \(.+\); restore it from a backup, or delete it and make it anew",
        str(caught.value),
    )
    after = {file.name: file.stat().st_size for file in path.iterdir() if not file.name.startswith("LOG")}
    assert before.items() >= after.items()
    assert before.keys() - after.keys() <= {"LOCK"}


def test_damage_within_a_table_is_found_by_reading_it(path):
    table = largest(path, "*.sst")
    content = bytearray(table.read_bytes())
    content[100:2000] = bytes(1900)
    table.write_bytes(content)
    with pytest.raises(sg.StabgraphError, match=r"is damaged \(.*orrupt"):
        check(Embedded.on_disk(path, read_only=True))


def test_database_without_our_marker_is_refused_and_left_alone(tmp_path):
    ox.Store(str(tmp_path / "theirs.db")).add(
        ox.Quad(ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p"), ox.Literal(1))
    )
    before = {file.name: file.read_bytes() for file in (tmp_path / "theirs.db").iterdir()}
    for read_only in (True, False):
        with pytest.raises(
            sg.StoreError, match=r"is a database, but none of stabgraph's \(stabgraph\.json is missing"
        ):
            Embedded.on_disk(tmp_path / "theirs.db", read_only=read_only)
    assert {file.name: file.read_bytes() for file in (tmp_path / "theirs.db").iterdir()} == before


def test_store_without_our_ontology_is_refused(tmp_path):
    Embedded.on_disk(tmp_path / "empty.db")
    with pytest.raises(sg.StoreError, match=r"is damaged \(it does not hold what stabgraph put there\)"):
        Embedded.on_disk(tmp_path / "empty.db")


def test_store_of_another_ontology_is_refused(path):
    version = "<https://w3id.org/stabgraph/ontology> <http://www.w3.org/2002/07/owl#versionInfo>"
    Embedded.on_disk(path).store.update(
        f"DELETE WHERE {{ {version} ?v }}; INSERT DATA {{ {version} '7.1.0' }}"
    )
    with pytest.raises(
        sg.StoreError,
        match=r"speaks version 7\.1\.0 of the ontology and this is stabgraph of version .+; make the",
    ):
        Embedded.on_disk(path, read_only=True)


def test_store_of_another_engine_that_cannot_be_opened_is_named(path):
    (path / MARKER).write_text(json.dumps({"stabgraph": "9.0.0", "pyoxigraph": "0.9.1"}))
    assert len(Embedded.on_disk(path, read_only=True).store) > 0, "as long as it can be opened, it is"
    (path / "CURRENT").write_text("written in another way\n")
    with pytest.raises(
        sg.StoreError, match=r"was made with pyoxigraph 0\.9\.1 and cannot be opened with .+; make it"
    ):
        Embedded.on_disk(path, read_only=True)


def test_nothing_at_all_is_no_store(tmp_path):
    for missing in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(sg.StoreError, match="is not a store; make one with"):
            Embedded.on_disk(missing, read_only=True)
    assert not list(tmp_path.iterdir())


# ── The command line ───────────────────────────────────────────────────────────────────────────────────────


def test_life_of_a_store_on_the_command_line(python, tmp_path, small_data, more):
    def run(*words):
        return python("-m", "stabgraph", *map(str, words))

    path, copy = tmp_path / "talks.db", tmp_path / "copy.db"
    made = run("store", "create", path, "--data", small_data)
    assert re.fullmatch(r"\S+talks\.db: [\d,]+ quads, [\d,]+ kB\n", made.stdout), made
    assert run("store", "create", path).stderr == (
        f"error: {path} exists already; choose another path for the store, or delete it first\n"
    )
    assert run("add", more, "--store", path).stdout == "2 reports added, 0 there already, 0 entries refused\n"
    assert run("store", "compact", path).returncode == 0
    assert run("store", "backup", path, copy).stdout.startswith(f"{copy}: ")
    assert run("store", "check", copy).stdout.startswith(f"{copy}: ")
    assert content(copy) == content(path)
    both = run("add", more, "--store", path, "--data", small_data)
    assert both.returncode == 2
    assert "name one of --data, --store" in both.stderr


@pytest.mark.parametrize("words", [["add", "more.yaml", "--store"], ["store", "compact"], ["store", "check"]])
def test_mistyped_path_does_not_become_a_store(python, tmp_path, words):
    result = python("-m", "stabgraph", *words, str(tmp_path / "tolks.db"))
    assert result.returncode == 1
    assert result.stderr.startswith(
        f"error: {tmp_path / 'tolks.db'} does not exist; make a store with `stabgraph store"
    )
    assert not list(tmp_path.iterdir())
