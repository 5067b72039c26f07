"""The tables of mappings: what the standard wants of them, and what a wrong row is told."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from stabgraph.errors import DataError
from stabgraph.mappings import (
    PREDICATES,
    TABLES,
    Mapping,
    bundled_mappings,
    head_of,
    mappings_of,
    read_rows,
    serialize,
    table_of,
    tables,
)
from stabgraph.plain_yaml import read_yaml
from stabgraph.vocabulary import PREFIXES, SG, SKOS, iri

PHRASES, POSTS = tables()
HEAD = "#curie_map:\n#  topic: https://w3id.org/stabgraph/id/topic/\n#subject_type: rdfs literal\n"
COLUMNS = "\t".join(TABLES[0].columns) + "\n"
ROW = "this and that\tskos:relatedMatch\ttopic:this\tthis\tsemapv:ManualMappingCuration\ta remark\n"


@pytest.fixture
def table(tmp_path):
    """Write a table of topic phrases and return its path."""

    def written(text, name=PHRASES.name):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return written


# ── What the specification of SSSOM/TSV says ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", tables(), ids=lambda path: path.name)
def test_bundled_table_is_what_the_standard_wants(path):
    """See https://mapping-commons.github.io/sssom/spec-formats-tsv/, its canonical form included."""
    content = path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    lines = content.decode("utf-8").splitlines()
    end = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    head = read_yaml("\n".join(line[1:] for line in lines[:end]))
    assert lines[0] == "#curie_map:"
    order = [
        "curie_map", "sssom_version", "mapping_set_id", "mapping_set_title", "mapping_set_description",
        "creator_label", "license", "subject_type", "object_type",
    ]  # fmt: skip
    assert list(head) == [field for field in order if field in head]
    # A literal has no id, so the label is what is mapped: see "Literal mappings" in the specification's model.
    assert head["subject_type"] == "rdfs literal"
    assert head["license"].startswith("https://")
    assert head["mapping_set_id"].startswith("https://")
    assert list(head["curie_map"]) == sorted(head["curie_map"])
    assert not {"skos", "semapv", "sssom", "owl", "rdfs"} & set(head["curie_map"]), "these are built in"
    columns, *rows = csv.reader(io.StringIO("\n".join(lines[end:]), newline=""), delimiter="\t")
    slots = [
        "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification",
        "subject_source", "comment",
    ]  # fmt: skip
    assert columns == [slot for slot in slots if slot in columns]
    assert rows == sorted(rows)
    assert {len(row) for row in rows} == {len(columns)}
    ids = [row[columns.index("object_id")] for row in rows]
    assert {id_.partition(":")[0] for id_ in ids} <= set(head["curie_map"])
    assert all(PREFIXES[prefix] == base for prefix, base in head["curie_map"].items())


@pytest.mark.parametrize("path", tables(), ids=lambda path: path.name)
def test_bundled_table_is_in_the_form_that_fmt_writes(path):
    assert serialize(table_of(path), head_of(path), mappings_of(path)) == path.read_bytes()


def test_bundled_tables_map_topics_and_posts():
    words = {mapping.words for mapping in bundled_mappings()}
    assert words == {SG.topicPhrase, SG.post}


# ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────


def test_row_is_read_with_its_place(table):
    path = table(HEAD + COLUMNS + ROW)
    assert list(mappings_of(path)) == [
        Mapping(
            SG.topicPhrase,
            "this and that",
            SKOS.relatedMatch,
            iri("topic", "this"),
            None,
            "this",
            "a remark",
            path,
            5,
        )
    ]


def test_line_is_right_after_a_cell_of_two_lines(table):
    two = ROW.replace("a remark", '"a\nremark"')
    lines = [mapping.line for mapping in mappings_of(table(HEAD + COLUMNS + two + ROW))]
    assert lines[1] == lines[0] + 1 == 7


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "skos:relatedMatch",
            "skos:narrowMatch",
            "unknown predicate 'skos:narrowMatch'; use one of skos:exactMatch",
        ),
        ("topic:this", "this", "'this' is not the id of a thing"),
        ("topic:this", "topic:", "'topic:' is not the id of a thing"),
        ("topic:this", "topic:<a b>", "is not the id of a thing"),
        ("topic:this", "wikidata:Q1", "'wikidata:Q1' is not the id of a thing"),
        ("this and that", " ", "no phrase"),
        ("semapv:ManualMappingCuration", "by hand", "unknown justification 'by hand'"),
        ("\ta remark", "", "5 cells where 6 are expected"),
        ("a remark", "a\tremark", "7 cells where 6 are expected"),
    ],
)
def test_wrong_row_is_an_error_that_names_file_and_line(table, old, new, said):
    path = table(HEAD + COLUMNS + ROW + ROW.replace(old, new))
    with pytest.raises(DataError) as caught:
        list(mappings_of(path))
    assert str(caught.value).startswith(f"{path}, line 6: ")
    assert said in str(caught.value)
    assert [type(row) for row in read_rows(path)] == [Mapping, DataError], "the other rows are read"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + COLUMNS.replace("comment", "remark") + ROW, "line 4: unknown column 'remark'"),
        (HEAD + COLUMNS.replace("object_label\t", "") + ROW, "line 4: the columns must be subject_label"),
        (HEAD, "line 4: the columns must be"),
        ("", "line 1: the columns must be"),
        (HEAD + COLUMNS + ROW.replace("a remark", '"a remark'), "line 5: "),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_broken_table_is_an_error_that_says_where(table, text, said):
    with pytest.raises(DataError, match=re.escape(said)):
        list(mappings_of(table(text)))


def test_only_posts_are_told_by_whose_they_are(table):
    row = "minister\tskos:broadMatch\trank:minister\t\tsemapv:ManualMappingCuration\tstate:GBR\t\n"
    [mapping] = mappings_of(table(HEAD + "\t".join(TABLES[1].columns) + "\n" + row, POSTS.name))
    assert mapping.source == iri("state", "GBR")
    with pytest.raises(DataError, match="unknown column 'subject_source'"):
        list(mappings_of(table(HEAD + "\t".join(TABLES[1].columns) + "\n" + row)))


def test_file_of_another_name_is_no_table(table):
    with pytest.raises(
        DataError, match=r"not a table of mappings; those are named topic-phrases\.sssom\.tsv"
    ):
        list(mappings_of(table(HEAD + COLUMNS, "other.sssom.tsv")))


def test_missing_table_is_an_error(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        list(mappings_of(tmp_path / PHRASES.name))


# ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────

_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
_IDS = st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True)


@st.composite
def mappings(draw):
    kind = draw(st.sampled_from(["topic", "instrument", "institution", "state"]))
    return Mapping(
        SG.topicPhrase,
        draw(_TEXTS.filter(str.strip)),
        draw(st.sampled_from(list(PREDICATES.values()))),
        iri(kind, draw(_IDS)),
        None,
        draw(_TEXTS),
        draw(_TEXTS),
        PHRASES,
        0,
    )


@given(rows=st.lists(mappings(), max_size=6))
def test_what_is_written_is_read_again(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("table") / PHRASES.name
    path.write_bytes(serialize(TABLES[0], head_of(PHRASES), rows))
    content = [(m.phrase, m.predicate, m.thing, m.label, m.comment) for m in mappings_of(path)]
    assert set(content) == {(m.phrase, m.predicate, m.thing, m.label, m.comment) for m in rows}
    assert len(content) == len(set(content))
    assert serialize(TABLES[0], head_of(path), mappings_of(path)) == path.read_bytes()


def test_id_of_a_thing_is_its_iri(table):
    [mapping] = mappings_of(table(HEAD + COLUMNS + ROW))
    assert mapping.thing == NamedNode("https://w3id.org/stabgraph/id/topic/this")
