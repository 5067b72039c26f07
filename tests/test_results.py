"""Tables: rows and columns, and the forms in which people and programs read them."""

from __future__ import annotations

import copy
import csv
import io
import json
import math
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

import stabgraph as sg
from stabgraph.engines import Embedded
from stabgraph.results import FORMATS, plain, text
from stabgraph.vocabulary import EDTF, RDFS, iri
from stabgraph.writers import FORMS

XSD = "http://www.w3.org/2001/XMLSchema#"


def table(columns, *rows, title=""):
    terms = [[ox.Literal(cell) if isinstance(cell, (str, int)) else cell for cell in row] for row in rows]
    return sg.Table(tuple(columns), [sg.Row(row, columns) for row in terms], title)


def typed(value, datatype):
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


ROUNDS = table(("round", "city"), (14, "Moscow"), (15, None), title="Rounds")


# ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_row_is_read_by_name_and_by_position():
    row = ROUNDS[0]
    assert row["city"] == row[1] == ox.Literal("Moscow")
    assert tuple(row) == (ox.Literal(14), ox.Literal("Moscow"))


def test_row_without_such_a_column_is_a_key_error():
    with pytest.raises(KeyError, match="town"):
        ROUNDS[0]["town"]


def test_row_becomes_a_dictionary_of_plain_values():
    assert ROUNDS[1].plain() == {"round": 15, "city": None}


# ── Tables ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_table_has_columns_length_rows_and_a_title(small):
    answer = small.ask("meetings", dialogue="isl-nor-arctic")
    assert answer.columns == ("meeting", "label", "date", "city", "meeting_level", "meeting_status")
    assert len(answer) == len(list(answer)) == 2
    assert answer[1]["meeting"] == iri("meeting", "isl-nor-arctic-2")
    assert answer.title == "Meetings"


def test_repr_names_title_or_columns_and_size(small):
    assert repr(ROUNDS) == "<Table Rounds: 2 rows>"
    assert repr(small.query("SELECT ?m ?n { ?m sg:ordinal ?n ; a sg:Meeting }")) == "<Table m, n: 3 rows>"


def test_column_gives_python_values():
    assert ROUNDS.column("round") == [14, 15]
    assert ROUNDS.column("city") == ["Moscow", None]
    with pytest.raises(KeyError, match="town"):
        ROUNDS.column("town")


@pytest.mark.parametrize(("rows", "expected"), [(None, 2), (1, 1), (0, 0), (9, 2)])
def test_head_cuts_rows_only(rows, expected):
    cut = ROUNDS.head(rows)
    assert (len(cut), cut.columns, cut.title) == (expected, ROUNDS.columns, ROUNDS.title)


def test_empty_candidates_go_and_others_stay():
    wide = table(("a", "b", "c"), ("1", None, None), ("2", None, "x"))
    assert wide.without_empty(["b", "c", "unknown"]).columns == ("a", "c")
    assert wide.without_empty([]).columns == ("a", "b", "c")


@pytest.mark.parametrize("position", [2, -3])
def test_position_outside_is_an_index_error(position):
    with pytest.raises(IndexError):
        ROUNDS[position]
    with pytest.raises(IndexError):
        table((), (), ())[position]


def test_rows_with_more_or_fewer_cells_than_columns_are_refused():
    with pytest.raises(ValueError):
        sg.Table(("a", "b"), [[None, None], [None]])
    with pytest.raises(ValueError):
        sg.Table(("a", "b"), [[None]])


def test_equal_tables_are_equal_and_survive_copies():
    same = table(("round", "city"), (14, "Moscow"), (15, None), title="Rounds")
    assert same == ROUNDS == copy.deepcopy(ROUNDS) == pickle.loads(pickle.dumps(ROUNDS))
    assert same != ROUNDS.head(1) != table(("round", "town"), (14, "Moscow"))


def test_rows_can_be_counted_without_columns():
    nothing = sg.Table((), [(), ()])
    assert len(nothing) == len(list(nothing)) == 2
    assert nothing.to_json() == "[\n  {},\n  {}\n]\n"


def test_where_keeps_rows_by_python_value():
    days = table(("day",), [typed("2024-02-07", "date")], [typed("2024-02-08", "date")])
    assert days.where("day", date(2024, 2, 8)).column("day") == [date(2024, 2, 8)]


# ── Terms ──────────────────────────────────────────────────────────────────────────────────────────────────

TERMS = {
    # The term, its Python value, its text.
    "nothing": (None, None, ""),
    "integer": (ox.Literal(14), 14, "14"),
    "decimal": (ox.Literal("1.50", datatype=ox.NamedNode(XSD + "decimal")), Decimal("1.50"), "1.50"),
    "derived integer": (typed("7", "nonNegativeInteger"), 7, "7"),
    "integer as Python alone writes it": (typed("1_000", "integer"), "1_000", "1_000"),
    "integer beyond what Python reads": (typed("9" * 5000, "integer"), "9" * 5000, "9" * 5000),
    "infinite": (typed("-INF", "double"), -math.inf, "-INF"),
    "boolean that is none": (typed("maybe", "boolean"), "maybe", "maybe"),
    "year": (typed("2024", "gYear"), "2024", "2024"),
    "day that is none": (typed("2024-02-30", "date"), "2024-02-30", "2024-02-30"),
    "day before the common era": (typed("-0044-03-15", "date"), "-0044-03-15", "-0044-03-15"),
    "EDTF": (ox.Literal("2003~", datatype=EDTF), "2003~", "2003~"),
    "moment": (typed("2024-02-07T10:00:00", "dateTime"), datetime(2024, 2, 7, 10), "2024-02-07T10:00:00"),  # noqa: DTZ001
    "moment in a zone": (
        typed("2024-02-07T15:00:00.5+05:00", "dateTime"),
        datetime(2024, 2, 7, 10, 0, 0, 500000, tzinfo=UTC),
        "2024-02-07T15:00:00.5+05:00",
    ),
    "moment before all": (
        typed("0001-01-01T00:00:00+14:00", "dateTime"),
        *["0001-01-01T00:00:00+14:00"] * 2,
    ),
    "words in a direction": (
        ox.Literal("الف", language="ar", direction=ox.BaseDirection.RTL), "الف", "الف",
    ),
    "double": (ox.Literal(0.5), 0.5, "0.5"),
    "boolean": (ox.Literal(value=False), False, "false"),
    "number that is none": (ox.Literal("many", datatype=ox.NamedNode(XSD + "integer")), "many", "many"),
    "words": (ox.Literal("Moscow"), "Moscow", "Moscow"),
    "words in a language": (ox.Literal("Москва", language="ru"), "Москва", "Москва"),
    "day": (typed("2024-02-07", "date"), date(2024, 2, 7), "2024-02-07"),
    "thing of ours": (iri("state", "PAK"), "PAK", "PAK"),
    "term of ours": (ox.NamedNode("https://w3id.org/stabgraph/ontology#start"), "sg:start", "sg:start"),
    "thing of others": (ox.NamedNode("https://a.example/b"), "https://a.example/b", "https://a.example/b"),
    "blank node": (ox.BlankNode("b"), "_:b", "_:b"),
    "triple": (
        ox.Triple(iri("state", "PAK"), ox.NamedNode("http://a/p"), ox.Literal(1)),
        *[f'<https://w3id.org/stabgraph/id/state/PAK> <http://a/p> "1"^^<{XSD}integer>'] * 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("term", "value", "shown"), TERMS.values(), ids=TERMS)
def test_term_as_value_and_as_text(term, value, shown):
    assert plain(term) == value
    assert type(plain(term)) is type(value)
    assert text(term) == shown


def literals():
    """Literals of every kind, most of them not what their datatype promises."""
    written = st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        st.sampled_from(
            ["1", "-0", "1.50", "1e400", "NaN", "INF", "true", "9" * 40, "2024-02-07", "2024-02-30"]
        ),
        st.sampled_from(
            ["2024-02-07T10:00:00Z", "0001-01-01T00:00:00+14:00", "24:00:00", "a\r\nb", "\r", "\0", "|"]
        ),
    )
    names = [
        "integer",
        "decimal",
        "double",
        "boolean",
        "date",
        "dateTime",
        "gYear",
        "string",
        "byte",
        "anyURI",
    ]
    directions = st.sampled_from([None, ox.BaseDirection.LTR, ox.BaseDirection.RTL])
    return st.one_of(
        st.builds(typed, written, st.sampled_from(names)),
        st.builds(
            lambda words, language, direction: ox.Literal(words, language=language, direction=direction),
            written,
            st.sampled_from(["en", "ar", "zh-hans"]),
            directions,
        ),
        st.integers().map(str).map(lambda number: typed(number, "integer")),
        st.decimals(allow_nan=False, allow_infinity=False).map(lambda n: typed(f"{n:f}", "decimal")),
        st.floats().map(ox.Literal),
        st.dates().map(lambda day: typed(day.isoformat(), "date")),
        st.datetimes().map(lambda moment: typed(moment.isoformat(), "dateTime")),
    )


nodes = st.one_of(
    st.sampled_from(["PAK", "a/b", ""]).map(lambda local: iri("state", local)),
    st.sampled_from(["http://a.example/é", "urn:x", "https://w3id.org/stabgraph/id/", XSD]).map(ox.NamedNode),
)
blank_nodes = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True).map(ox.BlankNode)
terms = st.one_of(
    literals(),
    nodes,
    blank_nodes,
    st.recursive(
        literals() | nodes,
        lambda inner: st.builds(ox.Triple, nodes | blank_nodes, nodes, inner),
        max_leaves=3,
    ),
)


@st.composite
def tables(draw):
    """Tables of any cells, some columns of one kind throughout."""
    kinds = [
        st.none() | terms,
        st.none() | st.integers(-(2**64), 2**64).map(ox.Literal),
        st.none() | st.dates().map(lambda day: typed(day.isoformat(), "date")),
        st.none() | st.booleans().map(ox.Literal),
        st.none() | st.floats().map(ox.Literal) | st.integers(0, 9).map(ox.Literal),
        st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda m: typed(m.isoformat(), "dateTime")),
        st.none(),
    ]
    columns = draw(st.lists(st.sampled_from(kinds), max_size=4))
    rows = draw(st.lists(st.tuples(*columns), max_size=4))
    return sg.Table(tuple(f"column_{number}" for number in range(len(columns))), rows)


@settings(deadline=None)  # the libraries are imported in the first example
@given(tables())
def test_any_table_can_be_given_in_every_form(given_table):
    for form in FORMATS:
        assert given_table.to(form).endswith("\n")
    for form in FORMS:
        file = io.BytesIO()
        assert given_table.write(file, form) == len(given_table)
        assert form not in FORMATS or file.getvalue().decode() == given_table.to(form)
    assert given_table.to_pandas().shape[1] == len(given_table.columns)
    assert given_table.to_polars().width == len(given_table.columns)
    assert given_table.to_arrow().num_columns == len(given_table.columns)
    assert given_table._repr_html_()
    assert len(given_table.to_dicts()) == len(given_table)


@settings(deadline=None)  # the libraries are imported in the first example
@given(tables())
def test_csv_is_read_back_as_the_texts_of_its_cells(given_table):
    head, *rows = csv.reader(io.StringIO(given_table.to_csv(), newline=""))
    assert head == list(given_table.columns)
    assert rows == [[text(term) for term in row] for row in given_table]


@settings(deadline=None)  # the libraries are imported in the first example
@given(tables())
def test_sparql_json_is_read_back_as_the_terms_of_its_cells(given_table):
    read = ox.parse_query_results(given_table.to_sparql_json(), format=ox.QueryResultsFormat.JSON)
    assert sg.Table.from_solutions(read) == given_table


@settings(deadline=None)  # the libraries are imported in the first example
@given(tables())
def test_json_is_strict_json_with_one_object_a_row(given_table):
    def refused(word):
        raise AssertionError(word)

    rows = json.loads(given_table.to_json(), parse_constant=refused)
    assert [list(row) for row in rows] == [list(given_table.columns)] * len(given_table)


@settings(deadline=None)  # the libraries are imported in the first example
@given(tables())
def test_parquet_is_read_back_as_the_arrow_table(given_table):
    parquet = pytest.importorskip("pyarrow.parquet")
    file = io.BytesIO()
    given_table.to_parquet(file)
    expected = given_table.to_arrow()
    read = parquet.read_table(io.BytesIO(file.getvalue()))
    assert read.schema == expected.schema
    assert str(read.to_pylist()) == str(expected.to_pylist())  # as text, since NaN is not equal to itself


def test_query_can_return_every_kind_of_term(small):
    answer = small.query(
        "SELECT ?none ?blank ?number ?word { BIND(BNODE() AS ?blank) BIND(1.5 AS ?number) BIND('x'@ru AS ?word) }"
    )
    [row] = answer.to_dicts()
    assert row["none"] is None
    assert row["blank"].startswith("_:")
    assert (row["number"], row["word"]) == (Decimal("1.5"), "x")


# ── Forms ──────────────────────────────────────────────────────────────────────────────────────────────────

AWKWARD = table(("name", "note"), ('say "a, b"', "one\ntwo"), ("a|b", None), ("<b>&", "الف"))


def test_csv_is_read_back_as_it_was():
    rows = list(csv.reader(io.StringIO(AWKWARD.to_csv(), newline="")))
    assert rows == [["name", "note"], ['say "a, b"', "one\ntwo"], ["a|b", ""], ["<b>&", "الف"]]
    assert "\r" not in AWKWARD.to_csv()


def test_json_writes_days_and_decimals_as_text_and_numbers_as_numbers():
    given_row = [
        typed("2024-02-07", "date"),
        typed("1.50", "decimal"),
        ox.Literal(0.5),
        typed("NaN", "double"),
    ]
    assert (
        table(tuple("abcd"), given_row).to_json()
        == '[\n  {"a": "2024-02-07", "b": "1.50", "c": 0.5, "d": "NaN"}\n]\n'
    )


def test_json_without_rows_is_an_empty_list():
    assert ROUNDS.head(0).to_json() == "[]\n"


def test_form_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(sg.UnknownNameError, match="there is no form 'xml' of rows; choose csv, json"):
        ROUNDS.to("xml")
    with pytest.raises(sg.UnknownNameError, match="parquet"):
        ROUNDS.write(io.BytesIO(), "xml")


def test_json_is_a_list_of_objects_with_null_for_nothing():
    assert json.loads(AWKWARD.to_json())[1] == {"name": "a|b", "note": None}
    assert json.loads(ROUNDS.to_json()) == [{"round": 14, "city": "Moscow"}, {"round": 15, "city": None}]
    assert "الف" in AWKWARD.to_json()


def test_markdown_keeps_one_line_a_row_and_as_many_cells():
    assert AWKWARD.to_markdown().splitlines() == [
        "| name | note |",
        "| --- | --- |",
        '| say "a, b" | one two |',
        r"| a\|b |  |",
        "| <b>& | الف |",
    ]


def test_text_has_a_heading_and_the_number_of_rows():
    lines = ROUNDS.to_text(width=60).splitlines()
    assert lines[0].split() == ["round", "city"]
    assert lines[2].split() == ["14", "Moscow"]
    assert lines[3].split() == ["15"]
    assert lines[-1] == "(2 rows)"
    assert ROUNDS.head(1).to_text().endswith("(1 row)\n")
    assert ROUNDS.head(0).to_text() == "(0 rows)\n"


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_text_fits_its_width_and_loses_nothing(width):
    ids = ["pak-rus-cgss-14", "2024-02-07", "a sentence that goes on for quite a while and then some more"]
    wide = table(("meeting_id", "when", "words"), ids)
    lines = wide.to_text(width=width).splitlines()
    assert max(map(len, lines)) <= width
    shown = "".join("".join(lines[:-1]).split())
    for cell in ids:
        assert set(cell) - {" "} <= set(shown)
    assert sum(map(len, shown.split())) >= sum(len(cell.replace(" ", "")) for cell in ids)


@pytest.mark.parametrize("width", [8, 20, 40, 80])
@pytest.mark.parametrize("columns", [1, 3, 12, 60])
def test_text_fits_its_width_however_many_columns_and_whatever_the_script(width, columns):
    names = tuple(f"c{number}" for number in range(columns))
    cells = ["战略稳定", "تسنیم اسلم", "👩\u200d🚀", "e\u0301", "pak-rus-cgss-14"] * columns
    drawn = table(names, cells[:columns], cells[-columns:]).to_text(width=width)
    assert max(map(cell_len, drawn.splitlines())) <= width
    assert "".join(drawn.split()).endswith("(2rows)")
    assert all(letter in drawn for cell in cells[:columns] for letter in cell if letter.isalnum())


def test_text_says_when_it_shows_the_first_rows_only():
    assert ROUNDS.to_text(most=1).endswith("\n(showing the first 1 of 2 rows)\n")
    assert ROUNDS.to_text(most=9).endswith("\n(2 rows)\n")


def test_label_cannot_control_the_terminal():
    shown = table(("a",), ("\x1b[2Jgone\x9b0m\r",)).to_text()
    assert "\ufffd[2Jgone\ufffd0m\ufffd" in shown
    assert not set(shown) & {"\x1b", "\x9b", "\r"}


def test_ids_and_dates_stay_on_one_line_where_there_is_room():
    wide = table(("meeting", "date", "label"), ("pak-rus-cgss-14", "2024-02-07", "long " * 40))
    assert "pak-rus-cgss-14   2024-02-07" in wide.to_text(width=60)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_numbers_and_years_are_never_broken(width):
    names = (
        "one",
        "other",
        "year",
        "meetings",
        "ministerial",
        "senior_official",
        "officials",
        "topics",
        "label",
    )
    row = ("PAK", "RUS", "2024", "1234", "0", "0", "0", "0", "a sentence that needs more room than there is")
    drawn = table(names, row).to_text(width=width)
    assert {"PAK", "RUS", "2024", "1234"} <= set(drawn.split())
    assert max(map(len, drawn.splitlines())) <= width


def test_id_is_broken_only_after_sentences_have_given_way():
    name = "norms-and-law-of-state-behaviour"
    wide = table(("topic", "label", "note"), (name, "norms and law of state behaviour", "word " * 20))
    assert name in wide.to_text(width=70).split()


def test_text_is_as_wide_as_the_terminal(monkeypatch):
    wide = table(("label",), ("long " * 60,))
    monkeypatch.setenv("COLUMNS", "50")
    assert max(map(len, str(wide).splitlines())) <= 50
    monkeypatch.setenv("COLUMNS", "150")
    assert max(map(len, str(wide).splitlines())) > 100


def test_markup_in_a_cell_is_text():
    assert "[bold]x[/bold]" in table(("a",), ("[bold]x[/bold]",)).to_text()


class Elements(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.data = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002  the base class gives them
        self.tags.append(tag)

    def handle_data(self, data):
        self.data.append(data)


def test_notebook_shows_labels_as_text():
    hostile = table(("<i>head</i>",), ("<script>alert(1)</script>",))
    elements = Elements(hostile._repr_html_())
    assert set(elements.tags) == {"div", "table", "thead", "tbody", "tr", "th", "td", "p"}
    assert elements.data == ["<i>head</i>", "<script>alert(1)</script>", "1 row"]


def test_notebook_shows_the_first_hundred_rows():
    elements = Elements(table(("n",), *([number] for number in range(1000)))._repr_html_())
    assert elements.tags.count("tr") == 101
    assert elements.data[-2:] == ["99", "showing the first 100 of 1,000 rows"]


# ── Streams and files ──────────────────────────────────────────────────────────────────────────────────────

NUMBERS = "SELECT ?n { VALUES ?n { 1 2 3 } }"


def test_stream_gives_each_row_once(small):
    stream = small.stream(NUMBERS)
    assert stream.columns == ("n",)
    assert repr(stream) == "<Stream n>"
    assert [row["n"].value for row in stream.head(1)] == ["1"]
    assert stream.table() == small.query("SELECT ?n { VALUES ?n { 2 3 } }")
    assert list(stream) == []


def test_stream_of_other_queries_is_their_answer(small):
    assert small.stream("ASK { ?s sg:ordinal 2 }") is True
    triples = small.stream("CONSTRUCT WHERE { meeting:isl-nor-arctic-2 sg:ordinal ?n }")
    assert [triple.object.value for triple in triples] == ["2"]


@pytest.mark.parametrize("form", FORMS)
def test_stream_and_table_write_the_same(small, tmp_path, form):
    sparql = "SELECT * { ?s a sg:Meeting ; ?p ?o } ORDER BY ?s ?p ?o"
    rows = small.query(sparql)
    assert len(rows) > 50
    assert small.stream(sparql).write(tmp_path / "new" / "stream", form) == len(rows)
    assert rows.write(str(tmp_path / "table"), form) == len(rows)
    assert (tmp_path / "new" / "stream").read_bytes() == (tmp_path / "table").read_bytes()


def failing(rows):
    yield from rows
    raise RuntimeError("the disk\nis gone")


class Solutions:
    """Stands for solutions that fail on the way."""

    variables = (ox.Variable("n"),)

    def __iter__(self):
        return failing([[ox.Literal(1)]])


@pytest.mark.parametrize("form", FORMS)
def test_query_that_fails_on_the_way_leaves_the_old_file(tmp_path, form):
    target = tmp_path / "answer"
    target.write_text("old")
    with pytest.raises(sg.QueryError, match=r"^the query cannot be run: the disk is gone$"):
        sg.Stream.from_solutions(Solutions()).write(target, form)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_path_that_cannot_be_written_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(sg.ExportError, match=r"^cannot write .* \(Is a directory\): choose a file"):
        ROUNDS.write(tmp_path, "csv")


def test_device_is_written_to_and_not_replaced():
    ROUNDS.write("/dev/null", "csv")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("form", ["csv", "sparql-json"])
def test_memory_does_not_grow_with_the_rows_of_a_stream(python, form):
    """A cross join of 300,000 rows, all different: held, they take more than a hundred megabytes."""
    result = python(
        "-c",
        "import resource, sys\n"
        "import stabgraph as sg\n"
        "from stabgraph.engines import Embedded\n"
        "kg = sg.DialogueGraph(Embedded.in_memory())\n"
        "def write(size):\n"
        "    numbers = ' '.join(map(str, range(size)))\n"
        "    values = f'VALUES ?a {{ {numbers} }} VALUES ?b {{ {numbers} }}'\n"
        "    sparql = f'SELECT ?a ?b (CONCAT(STR(?a), \"-\", STR(?b)) AS ?c) {{ {values} }}'\n"
        "    rows = kg.stream(sparql).write('/dev/null', sys.argv[1])\n"
        "    return rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "print(*write(150), *write(548))\n",
        form,
    )
    assert result.returncode == 0, result.stderr
    few, before, many, after = map(int, result.stdout.split())
    assert (few, many) == (22_500, 300_304)
    assert after - before < 20


def test_table_holds_equal_terms_once(small):
    rows = small.query("SELECT ?s ?p { ?s ?p ?o }")
    assert len(rows) > 4000
    assert len({id(term) for term in rows.rows.cells[1]}) == len(set(rows.column("p"))) < 100


# ── Typed columns ──────────────────────────────────────────────────────────────────────────────────────────

#: Columns of several kinds, a cell of each missing.
MANY = sg.Table(
    ("id", "day", "moment", "instant", "count", "mean", "share", "ok", "mixed", "huge", "wider", "nothing"),
    [
        [
            iri("state", "PAK"), typed("2024-02-07", "date"), typed("2024-02-07T10:00:00", "dateTime"),
            typed("2024-02-07T15:00:00+05:00", "dateTime"), ox.Literal(3), typed("1.50", "decimal"),
            ox.Literal(0.25), ox.Literal(value=True), ox.Literal(1), ox.Literal(2**70), ox.Literal(1), None,
        ],
        [*[None] * 8, ox.Literal("one"), ox.Literal(1), ox.Literal(0.5), None],
    ],
)  # fmt: skip


def test_pandas_columns_are_typed():
    pandas = pytest.importorskip("pandas")
    frame = MANY.to_pandas()
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "id": "string", "day": "datetime64[s]", "moment": "datetime64[us]", "instant": "datetime64[us, UTC]",
        "count": "Int64", "mean": "Float64", "share": "Float64", "ok": "boolean", "mixed": "string",
        "huge": "string", "wider": "Float64", "nothing": "string",
    }  # fmt: skip
    assert frame["day"].dt.year.tolist()[0] == 2024
    assert frame["instant"][0] == pandas.Timestamp("2024-02-07T10:00:00Z")
    assert (frame["count"][0], frame["mean"][0], frame["ok"][0]) == (3, 1.5, True)
    assert frame["mixed"].tolist() == ["1", "one"]
    assert frame["wider"].tolist() == [1.0, 0.5]
    assert frame.isna().sum().tolist() == [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 2]


def test_polars_columns_are_typed():
    polars = pytest.importorskip("polars")
    frame = MANY.to_polars()
    assert frame.schema == {
        "id": polars.String, "day": polars.Date, "moment": polars.Datetime("us"),
        "instant": polars.Datetime("us", "UTC"), "count": polars.Int64, "mean": polars.Decimal(38, 18),
        "share": polars.Float64, "ok": polars.Boolean, "mixed": polars.String, "huge": polars.String,
        "wider": polars.Float64, "nothing": polars.String,
    }  # fmt: skip
    assert frame.row(0)[1] == date(2024, 2, 7)
    assert frame.row(0)[3] == datetime(2024, 2, 7, 10, tzinfo=UTC)
    assert frame.row(0)[5] == Decimal("1.5")
    assert frame.null_count().row(0) == (1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 2)


def test_arrow_columns_are_typed():
    pytest.importorskip("pyarrow")
    arrow = MANY.to_arrow()
    assert [str(field.type) for field in arrow.schema] == [
        "string", "date32[day]", "timestamp[us]", "timestamp[us, tz=UTC]", "int64", "decimal128(38, 18)",
        "double", "bool", "string", "string", "double", "string",
    ]  # fmt: skip
    first, second = arrow.to_pylist()
    assert (first["id"], first["day"], first["huge"]) == ("PAK", date(2024, 2, 7), str(2**70))
    assert [name for name, value in second.items() if value is not None] == ["mixed", "huge", "wider"]


def test_parquet_types_a_column_by_its_last_cell_too(monkeypatch):
    """The kind of a column changes after the first rows have been read."""
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("stabgraph.frames._ROWS_AT_ONCE", 1)
    late = table(("n", "m"), (1, 1), (2, None), (typed("2.5", "decimal"), "none"))
    file = io.BytesIO()
    late.to_parquet(file)
    assert parquet.read_table(file).to_pydict() == {
        "n": [Decimal(1), Decimal(2), Decimal("2.5")],
        "m": ["1", None, "none"],
    }


def test_ids_and_names_of_things_stand_side_by_side(small):
    answer = small.query("SELECT ?m ?n { ?m a sg:Meeting ; sg:ordinal ?n } ORDER BY ?n LIMIT 1")
    assert answer.labelled(small.label).to_dicts() == [
        {"m": "isl-nor-arctic-1", "m_label": "Iceland–Norway Arctic Consultations: 1st round", "n": 1}
    ]
    assert answer.labelled(small.label).labelled(small.label) == answer.labelled(small.label)
    assert answer.labelled(lambda thing: None) == answer  # noqa: ARG005
    assert small.label("https://a.example/nobody") is None


def test_label_is_the_english_one_where_there_are_several():
    engine = Embedded.in_memory()
    place = iri("place", "bern")
    for name, language in [("Bern", "de"), ("Berne", "en"), ("Arne", None)]:
        engine.fill([ox.Quad(place, RDFS.label, ox.Literal(name, language=language))])
    assert sg.DialogueGraph(engine).label(place) == "Berne"


# ── pandas ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_pandas_frame_has_columns_and_values():
    pytest.importorskip("pandas")
    frame = ROUNDS.to_pandas()
    assert list(frame.columns) == ["round", "city"]
    assert frame["round"].tolist() == [14, 15]
    assert frame["round"].dtype.kind == "i"
    assert list(ROUNDS.head(0).to_pandas().columns) == ["round", "city"]


@pytest.mark.parametrize(
    ("extra", "call", "needs"),
    [
        ("pandas", "to_pandas()", "Table.to_pandas() needs pandas"),
        ("polars", "to_polars()", "Table.to_polars() needs polars"),
        ("arrow", "to_arrow()", "Table.to_arrow() needs pyarrow"),
        ("arrow", "to_parquet(sys.argv[1])", "Parquet needs pyarrow"),
    ],
)
def test_missing_package_is_explained(python, tmp_path, extra, call, needs):
    result = python(
        "-c",
        "import sys; sys.modules.update(pandas=None, polars=None, pyarrow=None)\n"
        "import stabgraph as sg\n"
        f"try: sg.Table(('a',), []).{call}\n"
        "except sg.MissingExtraError as error: print(isinstance(error, ImportError), error)\n",
        str(tmp_path / "file"),
    )
    assert result.stdout.strip() == f"True {needs}: pip install 'stabgraph[{extra}]'", result.stderr
    assert not list(tmp_path.iterdir())
