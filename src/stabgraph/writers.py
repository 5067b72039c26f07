"""Rows as text and as files, one after the other, so that an answer of any length is never held.

Every form is a function from the names of the columns and the rows to pieces of text; a table joins them, a
stream writes them as they come.
"""

from __future__ import annotations

import csv
import json
import math
from contextlib import contextmanager
from functools import lru_cache
from itertools import count, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph as ox

from stabgraph.errors import ExportError, UnknownNameError, suggest
from stabgraph.files import replacing
from stabgraph.frames import write_parquet
from stabgraph.values import plain, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from stabgraph.vocabulary import Term

    Cells = Sequence[Term | None]

__all__ = ["FORMS", "lines", "write", "writing"]

# Terms recur from row to row: most of what a cell costs is saved by remembering some thousands of them.
_REMEMBERED = 1 << 14
_ROWS_AT_ONCE = 1 << 10


def _csv(columns: Sequence[str], rows: Iterable[Cells]) -> Iterator[str]:
    cell = lru_cache(_REMEMBERED)(text)
    # csv leaves a lone carriage return bare unless it ends lines, and a reader would take it for the end of one.
    write_row = csv.writer(_Echo(), lineterminator="\r\n").writerow
    yield write_row(columns)[:-2] + "\n"
    for cells in rows:
        yield write_row([cell(term) for term in cells])[:-2] + "\n"


class _Echo:
    """A file for csv that hands each line back."""

    def write(self, line: str) -> str:
        return line


def _json(columns: Sequence[str], rows: Iterable[Cells]) -> Iterator[str]:
    cell = lru_cache(_REMEMBERED)(_json_value)
    keys = [json.dumps(name, ensure_ascii=False) for name in columns]
    before = "[\n"
    for cells in rows:
        yield f"{before}  {{{', '.join([f'{key}: {cell(term)}' for key, term in zip(keys, cells, strict=True)])}}}"
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _json_value(term: Term | None) -> str:
    value = plain(term)
    if not isinstance(value, (int, float, str, type(None))) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        value = text(term)
    return json.dumps(value, ensure_ascii=False)


def _sparql_json(columns: Sequence[str], rows: Iterable[Cells]) -> Iterator[str]:
    cell = lru_cache(_REMEMBERED)(lambda term: json.dumps(_binding(term), ensure_ascii=False))
    keys = [json.dumps(name, ensure_ascii=False) for name in columns]
    yield f'{{"head": {{"vars": [{", ".join(keys)}]}}, "results": {{"bindings": ['
    before = "\n"
    for cells in rows:
        bound = [f"{key}: {cell(term)}" for key, term in zip(keys, cells, strict=True) if term is not None]
        yield f"{before}  {{{', '.join(bound)}}}"
        before = ",\n"
    yield "\n]}}\n"


def _binding(term: Term) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _binding(part) for name, part in parts.items()}}
    found = {"type": "literal", "value": term.value}
    if term.language is not None:
        found["xml:lang"] = term.language
        if term.direction is not None:
            found["its:dir"] = str(term.direction)
    elif term.datatype != _STRING:
        found["datatype"] = term.datatype.value
    return found


_STRING = ox.Literal("").datatype


def _markdown(columns: Sequence[str], rows: Iterable[Cells]) -> Iterator[str]:
    cell = lru_cache(_REMEMBERED)(lambda term: " ".join(text(term).replace("|", "\\|").splitlines()))
    yield f"| {' | '.join(columns)} |\n| {' | '.join(['---'] * len(columns))} |\n"
    for cells in rows:
        yield f"| {' | '.join([cell(term) for term in cells])} |\n"


_TEXTS: dict[str, Callable[[Sequence[str], Iterable[Cells]], Iterator[str]]] = {
    "csv": _csv,
    "json": _json,
    "sparql-json": _sparql_json,
    "markdown": _markdown,
}
#: The forms that rows can be written in one by one; all but the last are text.
FORMS = (*_TEXTS, "parquet")


def lines(columns: Sequence[str], rows: Iterable[Cells], form: str) -> Iterator[str]:
    r"""Return rows in a form that is text, piece by piece.

    Raises
    ------
    UnknownNameError
        If there is no such form.

    Examples
    --------
    >>> list(lines(["n"], [(ox.Literal(14),)], "csv"))
    ['n\n', '14\n']
    """
    if form not in _TEXTS:
        raise _unknown(form, _TEXTS)
    return _TEXTS[form](columns, rows)


def write(columns: Sequence[str], rows: Iterable[Cells], target: str | Path | BinaryIO, form: str) -> int:
    """Write rows to a file as they come and return how many: a path gets the whole file or keeps the old one.

    Parameters
    ----------
    columns
        Names of the columns.
    rows
        The rows; they are gone through once.
    target
        A path, or a file that is open for writing bytes.
    form
        One of :data:`FORMS`.

    Raises
    ------
    UnknownNameError
        If there is no such form.
    ExportError
        If the path cannot be written.
    MissingExtraError
        If Parquet is asked for and pyarrow is not installed.
    """
    if form not in FORMS:
        raise _unknown(form, FORMS)
    counter = count()
    rows = map(itemgetter(0), zip(rows, counter, strict=False))
    if isinstance(target, (str, Path)):
        with writing(Path(target)) as file:
            _write(columns, rows, file, form)
    else:
        _write(columns, rows, target, form)
    return next(counter)


@contextmanager
def writing(target: Path) -> Iterator[BinaryIO]:
    """Open a file that replaces the target when it is whole, and say it in our words where that fails.

    Raises
    ------
    ExportError
        If the path cannot be written.
    """
    try:
        with replacing(target) as file:
            yield file
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"cannot write {target} ({reason}): choose a file in a folder you can write to"
        ) from error


def _write(columns: Sequence[str], rows: Iterable[Cells], file: BinaryIO, form: str) -> None:
    if form == "parquet":
        write_parquet(columns, rows, file)
        return
    pieces = lines(columns, rows, form)
    while some := "".join(islice(pieces, _ROWS_AT_ONCE)):
        file.write(some.encode())


def _unknown(form: str, known: Iterable[str]) -> UnknownNameError:
    near = suggest(form, known)
    return UnknownNameError(
        f"there is no form {form!r} of rows; choose {', '.join(known)}", name=form, suggestions=near
    )
