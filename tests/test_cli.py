"""The command line: exit status, what goes to which stream, forms, and every command once for good and for bad."""

from __future__ import annotations

import csv
import io
import json
import shlex
import shutil
import subprocess
import sys

import pytest
import typer.testing

import stabgraph as sg
from stabgraph.asking import named_queries
from stabgraph.cli import app

FIRST = "isl-nor-arctic-1"


@pytest.fixture
def run(python):
    """Run the command line in a process of its own."""

    def start(*words, **options):
        return python("-m", "stabgraph", *map(str, words), **options)

    return start


@pytest.fixture
def ask_small(run, small_data):
    def start(*words, **options):
        return run(*words, "--data", small_data, **options)

    return start


# ── Help ───────────────────────────────────────────────────────────────────────────────────────────────────


def commands():
    """Every command as the words that call it, those of groups included."""

    def below(group, *words):
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from below(command, *words, name)
            else:
                yield [*words, name]

    return list(below(typer.main.get_command(app)))


def test_there_are_commands_to_look_at():
    assert {" ".join(words) for words in commands()} >= {
        "ask", "query", "show", "stats", "compare", "gaps", "add", "fmt", "validate", "update",
        "export network", "export dyads", "store create", "store backup", "store compact", "store check",
    }  # fmt: skip


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example_on_one_line(words):
    result = typer.testing.CliRunner().invoke(
        app, [*words, "--help"], terminal_width=80, prog_name="stabgraph"
    )
    assert result.exit_code == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    examples = [line.removeprefix("Example: ") for line in lines if line.startswith("Example: ")]
    assert len(examples) == 1
    assert shlex.split(examples[0])[: len(words) + 1] == ["stabgraph", *words]
    assert len(lines[2]) > 20, "a sentence says what it does"


def test_help_without_a_command_lists_commands(run):
    result = run("--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert "ask" in result.stdout
    assert "Traceback" not in result.stdout


def test_version_is_that_of_the_package(run):
    assert run("--version").stdout == f"stabgraph {sg.__version__}\n"


def test_ask_without_a_name_lists_all_queries(run):
    result = run("ask")
    assert result.returncode == 0
    listed = {line.split()[0] for line in result.stdout.splitlines()[1:] if line.startswith("  ")}
    assert listed == set(named_queries())


@pytest.mark.parametrize("name", named_queries())
def test_help_of_a_query_tells_parameters_and_example(name):
    result = typer.testing.CliRunner().invoke(app, ["ask", name, "--help"])
    assert result.exit_code == 0
    query = named_queries()[name]
    assert query.title in result.stdout
    assert f"Example: {query.example}\n" in result.stdout
    assert all(f"--{parameter.name} " in result.stdout for parameter in query.parameters)


# ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_answer_goes_to_standard_output_and_nothing_else_does(ask_small):
    result = ask_small("ask", "meetings", "--party", "ISL", "--since=2030", "--format", "csv")
    assert (result.returncode, result.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["meeting"] for row in rows] == [FIRST, "isl-nor-arctic-2"]


def test_command_line_and_library_answer_alike(run, kg):
    result = run("ask", "delegation-heads", "--dialogue", "pak-rus-cgss", "--format", "csv")
    assert result.stdout == kg.ask("delegation-heads", dialogue="pak-rus-cgss").to_csv()


@pytest.mark.parametrize(
    ("form", "check"),
    [
        ("table", lambda text: text.splitlines()[-1] == "(3 rows)" and "arms control" not in text),
        ("csv", lambda text: text.splitlines()[0] == "place,label,country,meetings,first,last"),
        ("json", lambda text: json.loads(text)[0]["meetings"] == 2),
        ("markdown", lambda text: text.splitlines()[2].startswith("| oslo | Oslo | NOR | 2 |")),
    ],
)
def test_answer_is_printed_in_the_form_asked_for(ask_small, form, check):
    result = ask_small("ask", "places", "--format", form)
    assert (result.returncode, result.stderr) == (0, "")
    assert check(result.stdout)


@pytest.mark.parametrize(
    ("ending", "form"),
    [("csv", "csv"), ("json", "json"), ("srj", "sparql-json"), ("md", "markdown"), ("txt", "table")],
)
def test_answer_is_written_to_a_file_in_the_form_of_its_ending(ask_small, tmp_path, ending, form):
    target = tmp_path / f"places.{ending}"
    result = ask_small("ask", "places", "-o", target)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"wrote {target}")
    assert target.read_text("utf-8") == ask_small("ask", "places", "--format", form).stdout


def test_every_command_that_answers_can_write_a_file(ask_small, tmp_path):
    for words in (
        ["show", FIRST],
        ["stats"],
        ["query", "ASK { }"],
        ["query", "CONSTRUCT WHERE { ?s sg:ordinal ?o }"],
    ):
        target = tmp_path / "answer.md"
        printed = ask_small(*words, "--format", "markdown").stdout
        assert ask_small(*words, "-o", target).stdout == f"wrote {target}\n"
        assert target.read_text("utf-8") == printed


def test_query_writes_parquet(ask_small, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    target = tmp_path / "ordinals.parquet"
    sparql = "SELECT ?n { ?m a sg:Meeting ; sg:ordinal ?n } ORDER BY ?n"
    result = ask_small("query", sparql, "-o", target, "--limit", "2")
    assert (result.stdout, result.stderr) == (f"wrote {target} (2 rows)\n", "")
    assert parquet.read_table(target).to_pydict() == {"n": [1, 2]}


def test_table_that_is_cut_says_so(ask_small):
    assert ask_small("ask", "places", "--limit", "2").stdout.endswith("\n(showing the first 2 of 3 rows)\n")


def test_limit_cuts_the_answer(ask_small):
    assert len(ask_small("ask", "meetings", "--limit", "2", "--format", "csv").stdout.splitlines()) == 3


def test_query_prints_tables_truth_values_and_triples(ask_small):
    select = ask_small("query", "SELECT ?n { meeting:isl-nor-arctic-1 sg:ordinal ?n }", "--format", "csv")
    assert select.stdout == "n\n1\n"
    assert ask_small("query", "ASK { meeting:isl-nor-arctic-1 sg:ordinal 1 }").stdout == "true\n"
    assert ask_small("query", "ASK { meeting:isl-nor-arctic-1 sg:ordinal 9 }").stdout == "false\n"
    turtle = ask_small("query", "CONSTRUCT WHERE { meeting:isl-nor-arctic-1 sg:ordinal ?n }").stdout
    assert "meeting:isl-nor-arctic-1 sg:ordinal 1 ." in turtle


def test_query_reads_standard_input(ask_small):
    result = ask_small("query", "-", "--format", "csv", stdin="SELECT ('é' AS ?x) { }")
    assert (result.returncode, result.stdout) == (0, "x\né\n")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pak-rus-cgss-14", ["14th round", "Who took part", "2024-02-08"]),
        ("pak-rus-cgss", ["Meetings (", "Announced and not held yet"]),
        ("sergey-ryabkov", ["Posts and ranks over time"]),
        ("state:RUS", ["Russia", "Topics taken up most", "… and "]),
        ("IAEA", ["International Atomic Energy Agency"]),
        ("missile-defence", ["missile defence", "Dialogues ("]),
        ("place:geneva", ["Geneva", "Meetings ("]),
        ("New START Treaty", ["Dialogues ("]),
        ("report:dawn-2019-03-28-cgss-13", ["https://dawn.com/news/1472439"]),
        ("publisher:dawn", ["Dawn"]),
    ],
)
def test_show_prints_a_thing_of_each_kind(run, name, words):
    result = run("show", name)
    assert (result.returncode, result.stderr) == (0, "")
    assert all(word in result.stdout for word in words)


def test_show_prints_json(ask_small):
    assert json.loads(ask_small("show", FIRST, "--format", "json").stdout)["facts"]["ordinal"] == ["1"]


def test_stats_count_things_and_phrases(ask_small):
    result = ask_small("stats", "--format", "csv")
    counts, sourcing, agreement, phrases = result.stdout.split("\n\n")
    assert "meetings held,4" in counts.splitlines()
    assert "meetings held with a date,3,4,75" in sourcing.splitlines()
    assert "sg:status,4,1,3,0,0,0,100" in agreement.splitlines()
    assert "topic,3,7,6,85.7,missile-defence,33.3" in phrases.splitlines()


def test_stats_in_json_are_one_document(ask_small):
    tables = json.loads(ask_small("stats", "--format", "json").stdout)
    assert {"things": "meetings held", "count": 4} in tables["counts"]
    assert [row["share"] for row in tables["sourcing"]][:2] == [17, 75]
    assert [row["share"] for row in tables["phrases"] if row["field"] == "topic"] == [85.7]


def test_stats_list_phrases_that_name_nothing(ask_small):
    result = ask_small("stats", "--unmapped", "--format", "csv")
    first, *rows = result.stdout.splitlines()
    assert first == "field,phrase,occurrences"
    assert [row for row in rows if not row.startswith("post,")] == ["topic,the weather,1"]


def test_store_is_made_from_the_dataset_and_kept(run, small_data, tmp_path):
    store = tmp_path / "talks.db"
    first = run("ask", "counts", "--store", store, "--data", small_data, "--format", "csv")
    assert "meetings,6" in first.stdout.splitlines()
    assert run("ask", "counts", "--store", store, "--format", "csv").stdout == first.stdout


# ── Pages and files ────────────────────────────────────────────────────────────────────────────────────────


def test_export_network_writes_a_page(ask_small, tmp_path):
    """Two meetings with two parties, officials, topics and places; a third was only planned and is marked so."""
    page = tmp_path / "pages" / "talks.html"
    result = ask_small("export", "network", "--dialogue", "isl-nor-arctic", "-o", page)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"wrote {page} (11 nodes, 16 links, ")
    text = page.read_text("utf-8")
    assert "Iceland–Norway Arctic Consultations" in text
    assert "3rd round (planned)" in text


def test_add_writes_a_dataset_and_lists_what_is_refused(run, tmp_path):
    """One invented report that is right and one about a meeting that nobody introduced."""
    records = tmp_path / "records.yaml"
    report = "{{id: {0}, url: https://a.example/{0}, publisher: A, language: en, about: {1}, says: {{status: held}}}}"
    records.write_text(
        "series:\n- {id: talks, name: Talks, kind: bilateral}\n"
        "meetings:\n- {id: talks-1, series: talks, label: 1st}\n"
        f"reports:\n- {report.format('right', 'talks-1')}\n- {report.format('wrong', 'talks-9')}\n"
    )
    result = run("add", records, "--data", tmp_path / "data")
    assert result.returncode == 1
    assert result.stdout.startswith("1 reports added, 0 there already, 1 entries refused")
    [line] = result.stderr.splitlines()
    assert line.startswith(f"refused: {records}, record wrong, about: no meeting has the id talks-9")
    again = run("ask", "reports", "--data", tmp_path / "data", "--format", "csv")
    assert len(again.stdout.splitlines()) == 2


def test_fmt_rewrites_what_is_not_canonical(run, small_data, tmp_path):
    data = shutil.copytree(small_data, tmp_path / "data")
    file = data / "dialogues.ttl"
    canonical = file.read_bytes()
    file.write_bytes(canonical + b"\n\n# a remark\n")
    assert run("fmt", "--data", data).stdout == f"{file}\n1 files rewritten\n"
    assert file.read_bytes() == canonical
    assert run("fmt", "--data", data).stdout == "0 files rewritten\n"


def test_limits_are_options(ask_small):
    rows = ask_small(
        "query", "SELECT ?s { ?s ?p ?o }", "--limit", "3", "--timeout", "60", "--format", "csv"
    ).stdout
    assert len(rows.splitlines()) == 4
    turtle = ask_small("query", "CONSTRUCT WHERE { ?s sg:ordinal ?n }", "--limit", "1").stdout
    assert turtle.count("sg:ordinal") == 1
    words = ("ask", "meetings", "--dialogue", "nordic-three", "--format", "csv")
    assert ask_small(*words, "--timeout", "60").stdout == ask_small(*words).stdout


# ── Whom to believe ────────────────────────────────────────────────────────────────────────────────────────

# Daily One says that the first round began on 6 May 2030 and reports on the 8th, Daily Two has the 5th and reports on
# the 9th.
BELIEVED = {
    "nobody in particular": ((), "2030-05-06"),
    "one paper": (("--trust", "Daily Two"), "2030-05-05"),
    "two papers": (("--trust", "Daily Two", "--trust", "daily-one"), "2030-05-06"),
    "one day": (("--as-of", "2030-05-08"), "2030-05-06"),
    "one paper as of one day": (("--trust", "Daily Two", "--as-of", "2030-05-09"), "2030-05-05"),
}


@pytest.mark.parametrize(("words", "began"), BELIEVED.values(), ids=BELIEVED)
def test_conclusions_are_drawn_from_the_reports_that_are_trusted(ask_small, words, began):
    asked = ask_small("ask", "meetings", "--dialogue", "isl-nor-arctic", *words, "--format", "csv").stdout
    assert next(row for row in csv.DictReader(io.StringIO(asked)) if row["meeting"] == FIRST)["date"] == began
    start = f"SELECT ?day {{ meeting:{FIRST} sg:start ?day }}"
    assert ask_small("query", start, *words, "--format", "csv").stdout == f"day\n{began}\n"
    shown = json.loads(ask_small("show", FIRST, *words, "--format", "json").stdout)
    assert shown["facts"]["start"][0].startswith(began)


def test_statistics_and_exports_count_trusted_reports_only(ask_small, small_data, tmp_path):
    words = ("--trust", "Daily Two", "--as-of", "2030-05-09")
    trusting = sg.load(small_data, trust="Daily Two", as_of="2030-05-09")
    stats = json.loads(ask_small("stats", *words, "--format", "json").stdout)
    assert stats["counts"] == trusting.ask("counts").to_dicts()
    ask_small("export", "dyads", *words, "-o", tmp_path / "dyads.csv")
    assert (tmp_path / "dyads.csv").read_text("utf-8") == trusting.ask("dyads").to_csv()
    network = trusting.network("overview")
    told = ask_small("export", "network", *words, "-o", tmp_path / "page.html").stdout
    assert f"({network.number_of_nodes()} nodes, {network.number_of_edges()} links, " in told


def test_comparison_shows_what_would_be_concluded_otherwise(ask_small, small, small_data, tmp_path):
    expected = small.compare(sg.load(small_data, trust="Daily Two")).to_csv()
    result = ask_small("compare", "--trust", "Daily Two", "--format", "csv")
    assert (result.returncode, result.stderr, result.stdout) == (0, "", expected)
    assert f"{FIRST},sg:start,2030-05-06,conflict,2030-05-05,singleSource" in result.stdout.splitlines()
    told = ask_small("compare", "--trust", "Daily Two", "-o", tmp_path / "changes.csv").stdout
    assert told == f"wrote {tmp_path / 'changes.csv'} ({len(expected.splitlines()) - 1} rows)\n"
    assert (tmp_path / "changes.csv").read_text("utf-8") == expected


def test_store_of_trusted_reports_says_so(run, small_data, tmp_path):
    store = tmp_path / "talks.db"
    words = ("ask", "counts", "--data", small_data, "--store", store)
    assert run(*words, "--trust", "Daily Two").returncode == 0
    run("store", "backup", store, tmp_path / "copy.db")
    assert run("store", "check", tmp_path / "copy.db").stdout.endswith(", trusting Daily Two\n")
    assert "is made of the reports of Daily Two, not Daily One" in run(*words, "--trust", "Daily One").stderr


# ── Changing a store ───────────────────────────────────────────────────────────────────────────────────────


def test_update_changes_a_store(run, small_data, tmp_path):
    store = tmp_path / "talks.db"
    words = ("--store", store, "--data", small_data)
    counted = run("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", *words, "--format", "csv").stdout
    result = run("update", "-", *words, stdin="INSERT DATA { meeting:isl-nor-arctic-1 rdfs:comment 'new' }")
    assert result.returncode == 0
    assert result.stdout.startswith(f"{store} holds ")
    asked = run("query", "ASK { meeting:isl-nor-arctic-1 rdfs:comment 'new' }", *words)
    assert asked.stdout == "true\n"
    again = run("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", *words, "--format", "csv").stdout
    assert int(again.split()[1]) == int(counted.split()[1]) + 1


# ── What goes wrong ────────────────────────────────────────────────────────────────────────────────────────

SMALL = ("--data", "the small dataset")
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
#: Command, exit status, and what the one sentence says.
FAULTS = {
    "id": (["show", "nobody-at-all", *SMALL], 1, "there is no thing 'nobody-at-all'"),
    "label": (["ask", "meetings", "--party", "Nowhere", *SMALL], 1, "there is no state or institution 'Nowhere'"),
    "date": (["ask", "meetings", "--since", "banana", *SMALL], 1, "since: 'banana' is not an EDTF date"),
    "query": (["query", "SELECT ?s { ?s ?p", *SMALL], 1, "the query has an error in line 1, column "),
    "query that is an update": (["query", "prefix a: <a:> clear ALL", *SMALL], 1, "is an update; give it"),
    "choice": (["ask", "bridges", "--among", "topics", *SMALL], 1, "among must be topic or official, not 'topics'"),
    "trust": (["ask", "counts", "--trust", "daily-tow", *SMALL], 1, "no publisher 'daily-tow' to trust; did you mean"),
    "trust in a query": (["query", "ASK {}", "--trust", "offical", *SMALL], 1, "did you mean official"),
    "trust in a page": (["export", "network", "--trust", "offical", "-o", "PAGE", *SMALL], 1, "mean official"),
    "trust in a table": (["export", "dyads", "--trust", "offical", "-o", "PAGE", *SMALL], 1, "did you mean official"),
    "day": (["ask", "counts", "--as-of", "banana", *SMALL], 1, "as of: 'banana' is not an EDTF date"),
    "day of a thing": (["show", FIRST, "--as-of", "2030/..", *SMALL], 1, "as of must be a date that ends"),
    "day of statistics": (["stats", "--as-of", "2030-02-30", *SMALL], 1, "as of: "),
    "comparison with itself": (["compare", *SMALL], 2, "compare needs whom to believe (--trust)"),
    "comparison with nobody": (["compare", "--trust", "nobody", *SMALL], 1, "there is no publisher 'nobody' to trust"),
    "service": (["query", "SELECT * { SERVICE <http://localhost:1/> { } }", *SMALL], 1, "the query has a SERVICE"),
    "time": (["query", RUNAWAY, "--timeout", "0.5", *SMALL], 1, "took longer than 0.5 seconds and was ended"),
    "no time": (["ask", "counts", "--timeout", "0", *SMALL], 1, "must be a positive number of seconds, not 0"),
    "update": (["update", "INSERT {", "--store", "STORE", *SMALL], 1, "the update has an error in line 1, column "),
    "load": (["update", "LOAD <http://localhost:1/>", "--store", "STORE", *SMALL], 1, "the update has a LOAD"),
    "data": (["ask", "counts", "--data", "/nowhere/at-all"], 1, "/nowhere/at-all does not exist; name a directory"),
    "store": (["ask", "counts", "--store", "/dev/null"], 1, "/dev/null exists and is not a store"),
    "page": (["export", "network", "-o", "/dev/null/page.html", *SMALL], 1, "cannot write the page to /dev/null/"),
    "record file": (["add", "/nowhere.yaml", "--data", "/dev/null/x"], 1, "/nowhere.yaml: cannot be read"),
    "fmt": (["fmt", "--data", "/nowhere/at-all"], 1, "/nowhere/at-all is not a directory"),
    "filter of a network": (["export", "network", "--party", "Nowhere", "-o", "PAGE", *SMALL], 1, "'Nowhere'"),
    "command": (["shwo", "x"], 2, "No such command 'shwo'"),
    "query name": (["ask", "meting"], 2, "there is no query 'meting'; did you mean meeting or meetings"),
    "parameter": (["ask", "meetings", "--partie", "x"], 2, "meetings does not take --partie; did you mean --party?"),
    "word too many": (["ask", "meetings", "RUS"], 2, "meetings does not take RUS"),
    "parameter without value": (["ask", "meetings", "--party"], 2, "--party needs a value: a state or institution"),
    "parameter missing": (["ask", "sources"], 2, "sources needs --meeting: the meeting"),
    "option": (["show", "x", "--colour"], 2, "No such option"),
    "format": (["show", "x", "--format", "xml"], 2, "'xml' is not one of"),
    "parquet on a terminal": (["ask", "counts", "--format", "parquet"], 2, "name a file for it with -o FILE"),
    "parquet of several tables": (["stats", "-o", "PARQUET"], 2, "cannot be written in the form parquet; choose table"),
    "output": (["ask", "counts", "-o", "/dev/null/x.csv", *SMALL], 1, "cannot write /dev/null/x.csv ("),
    "limit": (["ask", "counts", "--limit", "-1"], 2, "Invalid value for '--limit'"),
    "memory": (["query", "ASK {}", "--memory", "0", *SMALL], 1, "must be a positive number of megabytes, not 0"),
    "update without store": (["update", "CLEAR ALL"], 2, "Missing option '--store'"),
    "argument missing": (["query"], 2, "Missing argument"),
    "output missing": (["export", "network"], 2, "Missing option '-o'"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_fault_ends_in_one_sentence_and_an_exit_status(run, small_data, tmp_path, tmp_path_factory, fault):
    words, status, sentence = fault
    given = {
        "the small dataset": small_data,
        "PAGE": tmp_path / "page.html",
        "PARQUET": tmp_path / "x.parquet",
        "STORE": tmp_path_factory.mktemp("stores") / "talks.db",
    }
    words = [given.get(word, word) for word in words]
    result = run(*words)
    assert result.returncode == status, result.stderr
    assert result.stdout == ""
    assert not list(tmp_path.iterdir())
    assert "Traceback" not in result.stderr
    lines = result.stderr.splitlines()
    assert sentence in lines[-1]
    if status == 1:
        assert len(lines) == 1
        assert lines[0].startswith("error: ")
    else:
        # Click tells the usage first.
        assert lines[0].startswith("Usage: ")
        assert [line for line in lines if line.startswith("Error: ")] == [lines[-1]]


def test_fault_in_a_file_of_the_dataset_names_file_and_line(run, small_data, tmp_path):
    data = shutil.copytree(small_data, tmp_path / "data")
    (data / "places.ttl").write_text("<http://a/s> <http://a/p> <http://a/o> .\noops\n")
    result = run("ask", "counts", "--data", data)
    assert result.returncode == 1
    assert result.stderr.startswith(f"error: {data / 'places.ttl'}, line 2: ")
    assert len(result.stderr.splitlines()) == 1


def test_standard_input_that_is_no_text_is_a_fault_of_the_query(environment, small_data):
    result = subprocess.run(
        [sys.executable, "-m", "stabgraph", "query", "-", "--data", str(small_data)],
        input=b"SELECT \xff\xfe",
        capture_output=True,
        env=environment,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.startswith(b"error: ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("reader", ["head -1", "true"])
@pytest.mark.parametrize(
    ("words", "form"),
    [
        *(("ask meetings", form) for form in ("table", "csv", "json")),
        *(("query 'SELECT * { ?s a sg:Meeting ; ?p ?o }'", form) for form in ("csv", "markdown")),
    ],
)
def test_closed_pipe_is_silent(environment, run, words, form, reader):
    """The whole list of meetings is more than a pipe holds, so that the writer meets the closed end."""
    assert run(*shlex.split(words), "--format", form).returncode == 0
    command = f"{shlex.quote(sys.executable)} -m stabgraph {words} --format {form} | {reader}"
    result = subprocess.run(
        ["bash", "-c", command], capture_output=True, encoding="utf-8", env=environment, check=False
    )
    assert result.stderr == ""
    assert len(result.stdout.splitlines()) == (1 if reader == "head -1" else 0)


def test_export_of_dyads_writes_what_ask_answers(ask_small, tmp_path, small):
    target = tmp_path / "new" / "dyads.csv"
    result = ask_small("export", "dyads", "-o", target)
    table = small.ask("dyads")
    assert (result.returncode, result.stdout) == (0, f"wrote {target} ({len(table)} rows)\n")
    assert target.read_text("utf-8") == table.to_csv()
    result = ask_small("export", "dyads", "-o", target, "--party", "ISL", "--since", "2030")
    assert {row.split(",")[4] for row in target.read_text("utf-8").splitlines()[1:]} == {"2030", "2031"}


def test_export_of_dyads_that_cannot_be_written_leaves_nothing(ask_small, tmp_path):
    (tmp_path / "dyads.csv").mkdir()
    result = ask_small("export", "dyads", "-o", tmp_path / "dyads.csv")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: cannot write {tmp_path / 'dyads.csv'} (")
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "dyads.csv"]
