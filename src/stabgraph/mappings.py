"""What phrases mean that are no label: the tables of mappings that lie beside the ontology.

They are written in SSSOM/TSV, the Simple Standard for Sharing Ontology Mappings
(https://mapping-commons.github.io/sssom/spec-formats-tsv/): a head in YAML, each line after a ``#``, then columns
between tabs, a row for each thing that a phrase means. A phrase is no thing, so it stands in ``subject_label``, and
the head says that the subjects are literals.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from stabgraph.errors import DataError, one_line
from stabgraph.vocabulary import ID_KINDS, PREFIXES, SG, SKOS, bundled, curie

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = [
    "PREDICATES",
    "TABLES",
    "Mapping",
    "Table",
    "bundled_mappings",
    "head_of",
    "mappings_of",
    "read_rows",
    "serialize",
    "table_of",
    "tables",
]


@dataclass(frozen=True)
class Table:
    """A table of mappings.

    Attributes
    ----------
    words
        The property that holds the phrases in reports.
    name
        The name of its file.
    columns
        Its columns, in the order of the standard.
    """

    words: NamedNode
    name: str
    columns: tuple[str, ...]


_COLUMNS = ("subject_label", "predicate_id", "object_id", "object_label", "mapping_justification")
#: All tables. A post of one name can be of one rank here and of another there: so it is also told whose post it is.
TABLES = (
    Table(SG.topicPhrase, "topic-phrases.sssom.tsv", (*_COLUMNS, "comment")),
    Table(SG.post, "post-ranks.sssom.tsv", (*_COLUMNS, "subject_source", "comment")),
)
#: How a phrase and a thing can stand to one another: it means just that, or something narrower, or that among others.
PREDICATES = {curie(name): name for name in (SKOS.exactMatch, SKOS.broadMatch, SKOS.relatedMatch)}

_JUSTIFICATION = "semapv:ManualMappingCuration"
_KINDS = frozenset(ID_KINDS)


@dataclass(frozen=True, slots=True)
class Mapping:
    """One thing that a phrase means: a row of a table.

    Attributes
    ----------
    words
        The property that holds the phrase in reports, such as ``sg:topicPhrase``.
    phrase
        The phrase as written.
    predicate
        ``skos:exactMatch`` if it means just that, ``skos:broadMatch`` if it means something narrower,
        ``skos:relatedMatch`` if that is one part of what it says.
    thing
        What it means.
    source
        The party in whose service the phrase means this, if it means something else elsewhere.
    label
        The name of the thing, for readers of the table.
    comment
        A remark, often empty.
    file
        The table.
    line
        The line of the row.
    """

    words: NamedNode
    phrase: str
    predicate: NamedNode
    thing: NamedNode
    source: NamedNode | None
    label: str
    comment: str
    file: Path
    line: int


def tables() -> list[Path]:
    """Return the bundled tables.

    Examples
    --------
    >>> [table.name for table in tables()]
    ['topic-phrases.sssom.tsv', 'post-ranks.sssom.tsv']
    """
    return [bundled("ontology") / table.name for table in TABLES]


def bundled_mappings() -> list[Mapping]:
    """Return the rows of the bundled tables.

    Raises
    ------
    DataError
        If a table cannot be read or a row is not right; the message names file and line.
    """
    return [mapping for file in tables() for mapping in mappings_of(file)]


def mappings_of(file: Path) -> Iterator[Mapping]:
    """Yield the rows of a table.

    Raises
    ------
    DataError
        If the table cannot be read or a row is not right; the message names file and line.
    """
    for row in read_rows(file):
        if isinstance(row, DataError):
            raise row
        yield row


def read_rows(file: Path) -> Iterator[Mapping | DataError]:
    """Yield the rows of a table, and an error for each that is not right.

    Raises
    ------
    DataError
        If the table cannot be read, bears none of the names in :data:`TABLES`, or has not the columns of the table
        of that name.
    """
    try:
        stamp = file.stat()
    except OSError as error:
        raise DataError(f"{file} cannot be read ({one_line(error)}); make it a file in UTF-8") from error
    yield from _rows(file, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=4)
def _rows(file: Path, _changed: int, _size: int) -> tuple[Mapping | DataError, ...]:
    """Return the rows of a table as it stands; who draws links for a few reports at a time asks again and again."""
    return tuple(_read(file))


def _read(file: Path) -> Iterator[Mapping | DataError]:
    table = table_of(file)
    head, body = _parts(file)
    first = head.count("\n") + 1
    rows = csv.reader(io.StringIO(body, newline=""), delimiter="\t", strict=True)
    try:
        _must_be_columns(next(rows, []), table.columns, f"{file}, line {first}")
        for row in rows:
            line = first + rows.line_num - 1
            try:
                yield _mapping(row, table, file, line)
            except ValueError as error:
                yield DataError(f"{file}, line {line}: {error}")
    except csv.Error as error:
        line = first + rows.line_num - 1
        raise DataError(
            f"{file}, line {line}: {one_line(error)}; close every quote and double those within"
        ) from error


def table_of(file: Path) -> Table:
    """Return the table that a file holds, which its name tells.

    Raises
    ------
    DataError
        If it bears none of the names in :data:`TABLES`.
    """
    for table in TABLES:
        if table.name == file.name:
            return table
    names = ", ".join(table.name for table in TABLES)
    raise DataError(f"{file} is not a table of mappings; those are named {names}")


def head_of(file: Path) -> str:
    """Return the head of a table as YAML.

    Raises
    ------
    DataError
        If the table cannot be read.
    """
    return "".join(line[1:] for line in _parts(file)[0].splitlines(keepends=True))


def serialize(table: Table, head: str, mappings: Iterable[Mapping]) -> bytes:
    """Return a table in the canonical form of the standard: rows sorted column by column, none of them twice.

    Parameters
    ----------
    table
        Its name and columns.
    head
        The head in YAML, as :func:`head_of` gives it.
    mappings
        The rows.
    """
    rows = {tuple(cells[column] for column in table.columns) for cells in map(_cells, mappings)}
    text = io.StringIO(newline="")
    text.write("".join(f"#{line}" for line in head.splitlines(keepends=True)))
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerows([table.columns, *sorted(rows)])
    return text.getvalue().encode()


def _parts(file: Path) -> tuple[str, str]:
    """Return head and body of a table as they stand."""
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read ({one_line(error)}); make it a file in UTF-8") from error
    lines = text.splitlines(keepends=True)
    end = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[:end]), "".join(lines[end:])


def _must_be_columns(found: list[str], columns: tuple[str, ...], place: str) -> None:
    unknown = [name for name in found if name not in columns]
    wanted = ", ".join(columns)
    if unknown:
        raise DataError(f"{place}: unknown column {unknown[0]!r}; the columns of this table are {wanted}")
    if tuple(found) != columns:
        raise DataError(f"{place}: the columns must be {wanted}, in this order, with a tab between them")


def _mapping(row: list[str], table: Table, file: Path, line: int) -> Mapping:
    """Return a row of a table.

    Raises
    ------
    ValueError
        If it is not right.
    """
    if len(row) != len(table.columns):
        raise ValueError(
            f"{len(row)} cells where {len(table.columns)} are expected; put one tab between columns"
        )
    cells = dict(zip(table.columns, row, strict=True))
    phrase, predicate, source = cells["subject_label"], cells["predicate_id"], cells.get("subject_source")
    justification = cells["mapping_justification"]
    if not phrase.strip():
        raise ValueError("no phrase; write it in the column subject_label")
    if predicate not in PREDICATES:
        raise ValueError(f"unknown predicate {predicate!r}; use one of {', '.join(PREDICATES)}")
    if justification != _JUSTIFICATION:
        raise ValueError(f"unknown justification {justification!r}; write {_JUSTIFICATION}")
    return Mapping(
        table.words,
        phrase,
        PREDICATES[predicate],
        _thing(cells["object_id"]),
        _thing(source) if source else None,
        cells["object_label"],
        cells["comment"],
        file,
        line,
    )


@lru_cache(maxsize=1 << 12)  # many phrases mean one thing
def _thing(written: str) -> NamedNode:
    prefix, _, local = written.partition(":")
    if prefix not in _KINDS or not re.fullmatch(r"[^\s<>]+", local):
        raise ValueError(
            f"{written!r} is not the id of a thing; write it with its kind, as in topic:arms-control"
        )
    return NamedNode(PREFIXES[prefix] + local)


def _cells(mapping: Mapping) -> dict[str, str]:
    return {
        "subject_label": mapping.phrase,
        "predicate_id": curie(mapping.predicate),
        "object_id": curie(mapping.thing),
        "object_label": mapping.label,
        "mapping_justification": _JUSTIFICATION,
        "subject_source": curie(mapping.source) if mapping.source else "",
        "comment": mapping.comment,
    }
