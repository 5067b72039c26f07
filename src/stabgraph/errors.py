"""What can go wrong, one family.

::

    StabgraphError
    ├── RecordError       (ValueError)   a record that cannot be accepted
    │   └── DateError                    a date that is not EDTF
    ├── DataError         (ValueError)   a file of the dataset that cannot be read
    ├── QueryError        (ValueError)   a query that cannot be run
    │   ├── ParameterError               a parameter that a named query cannot take
    │   ├── QueryTimeoutError (TimeoutError)  a query that took too long
    │   └── QueryMemoryError  (MemoryError)   a query that took too much memory
    ├── UnknownNameError  (LookupError)  an id, a label or a query name that nobody knows
    ├── StoreError        (OSError)      a store that cannot be opened
    │   └── ReadOnlyError (PermissionError)  a change to a store that was opened for reading
    ├── ExportError       (OSError)      an export that cannot be written
    ├── WriteError        (OSError)      a file of the dataset that cannot be written
    └── MissingExtraError (ImportError)  an optional package that is not installed

Every message is one sentence that says what was wrong, where, and what to do. What a program could want to
know stands on attributes, so nobody has to parse the sentence.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "DataError",
    "DateError",
    "ExportError",
    "MissingExtraError",
    "ParameterError",
    "QueryError",
    "QueryMemoryError",
    "QueryTimeoutError",
    "ReadOnlyError",
    "RecordError",
    "StabgraphError",
    "StoreError",
    "UnknownNameError",
    "WriteError",
    "one_line",
    "suggest",
]


class StabgraphError(Exception):
    """Any error that stabgraph raises on purpose."""


class RecordError(StabgraphError, ValueError):
    """A record that cannot be accepted.

    Attributes
    ----------
    field
        Path of the field at fault, such as ``says.start``; empty where the whole record is.
    record
        Id of the record, as far as it could be read.
    file
        The file that the record stands in, if it was read from one.
    """

    def __init__(self, reason: str, *, field: str = "", record: str = "", file: str = "") -> None:
        self.reason = reason
        self.field = field
        self.record = record
        self.file = file
        where = ", ".join(part for part in (file, record and f"record {record}", field) if part)
        super().__init__(f"{where}: {reason}" if where else reason)


class DateError(RecordError):
    """A text that is not a date in the Extended Date/Time Format."""


class DataError(StabgraphError, ValueError):
    """A file of the dataset that cannot be read, or a directory that is none."""


class QueryError(StabgraphError, ValueError):
    """A SPARQL query that cannot be parsed or run."""


class ParameterError(QueryError):
    """A parameter that a named query does not have, lacks, or cannot take."""


class QueryTimeoutError(QueryError, TimeoutError):
    """A query that took longer than it was given and was ended."""


class QueryMemoryError(QueryError, MemoryError):
    """A query that took more memory than it was given and was ended."""


class UnknownNameError(StabgraphError, LookupError):
    """An id, a label or the name of a query that nobody knows.

    Attributes
    ----------
    name
        What was asked for.
    suggestions
        The nearest known names, best first.
    """

    def __init__(self, message: str, *, name: str = "", suggestions: Iterable[str] = ()) -> None:
        self.name = name
        self.suggestions = tuple(suggestions)
        super().__init__(message)


class StoreError(StabgraphError, OSError):
    """A store on disk that cannot be opened or read."""


class ReadOnlyError(StoreError, PermissionError):
    """A change to a graph that was opened for reading."""


class ExportError(StabgraphError, OSError):
    """A page or a file that cannot be written."""


class WriteError(StabgraphError, OSError):
    """A file of the dataset that cannot be written; the old state is kept."""


class MissingExtraError(StabgraphError, ImportError):
    """An optional package that is not installed."""


def suggest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three known names that look like `name`, best first.

    Examples
    --------
    >>> suggest("delegation-head", ["meetings", "delegation-heads"])
    ('delegation-heads',)
    """
    return tuple(get_close_matches(name, list(known), n=3, cutoff=0.6))


def one_line(text: object) -> str:
    r"""Return a message of another library as one line.

    Examples
    --------
    >>> one_line("expected one of:\n  a,\n  b")
    'expected one of: a, b'
    """
    return " ".join(str(text).split())
