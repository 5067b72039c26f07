"""Tables: rows and columns, and the forms in which people and programs read them."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest

import stabgraph as sg
from stabgraph.results import FORMATS, plain, text
from stabgraph.vocabulary import iri

XSD = "http://www.w3.org/2001/XMLSchema#"


def table(columns, *rows, title=""):
    terms = [[ox.Literal(cell) if isinstance(cell, (str, int)) else cell for cell in row] for row in rows]
    return sg.Table(tuple(columns), [sg.Row(row, columns) for row in terms], title)


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


# ── Terms ──────────────────────────────────────────────────────────────────────────────────────────────────

TERMS = {
    # The term, its Python value, its text.
    "nothing": (None, None, ""),
    "integer": (ox.Literal(14), 14, "14"),
    "decimal": (ox.Literal("1.50", datatype=ox.NamedNode(XSD + "decimal")), Decimal("1.50"), "1.50"),
    "double": (ox.Literal(0.5), 0.5, "0.5"),
    "boolean": (ox.Literal(value=False), False, "false"),
    "number that is none": (ox.Literal("many", datatype=ox.NamedNode(XSD + "integer")), "many", "many"),
    "words": (ox.Literal("Moscow"), "Moscow", "Moscow"),
    "words in a language": (ox.Literal("Москва", language="ru"), "Москва", "Москва"),
    "day": (ox.Literal("2024-02-07", datatype=ox.NamedNode(XSD + "date")), "2024-02-07", "2024-02-07"),
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


@pytest.mark.parametrize("form", FORMATS)
def test_every_term_can_be_written_in_every_form(form):
    everything = table(("term",), *([term] for term, _, _ in TERMS.values()))
    written = everything.to(form)
    assert "Москва" in written
    assert written.endswith("\n")


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
    shown = "".join("".join(lines[2:-1]).split())
    for cell in ids:
        assert set(cell) - {" "} <= set(shown)
    assert sum(map(len, shown.split())) >= sum(len(cell.replace(" ", "")) for cell in ids)


def test_ids_and_dates_stay_on_one_line_where_there_is_room():
    wide = table(("meeting", "date", "label"), ("pak-rus-cgss-14", "2024-02-07", "long " * 40))
    assert "pak-rus-cgss-14   2024-02-07" in wide.to_text(width=60)


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
    assert set(elements.tags) == {"table", "thead", "tbody", "tr", "th", "td"}
    assert elements.data == ["<i>head</i>", "<script>alert(1)</script>"]


# ── pandas ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_pandas_frame_has_columns_and_values():
    pytest.importorskip("pandas")
    frame = ROUNDS.to_pandas()
    assert list(frame.columns) == ["round", "city"]
    assert frame["round"].tolist() == [14, 15]
    assert frame["round"].dtype.kind == "i"
    assert list(ROUNDS.head(0).to_pandas().columns) == ["round", "city"]


def test_missing_pandas_is_explained(python):
    result = python(
        "-c",
        "import sys; sys.modules['pandas'] = None\n"
        "import stabgraph as sg\n"
        "try: sg.Table(('a',), []).to_pandas()\n"
        "except sg.MissingExtraError as error: print(isinstance(error, ImportError), error)\n",
    )
    assert result.stdout.strip() == (
        "True Table.to_pandas() needs pandas: pip install 'stabgraph[pandas]'"
    ), result.stderr
