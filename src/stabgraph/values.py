"""The values of terms: what a cell is in Python, what it looks like as text, and of which kind a column is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import pyoxigraph as ox

from stabgraph.vocabulary import ID, PREFIXES, curie, local_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from stabgraph.vocabulary import Term

    Kind = Literal["integer", "decimal", "float", "boolean", "date", "datetime", "instant", "text"]

__all__ = ["DECIMAL_DIGITS", "common_kind", "convert", "kind", "plain", "text"]

#: Digits of a decimal in a typed column: all of them, and those after the point.
DECIMAL_DIGITS = (38, 18)

_LONG = range(-(2**63), 2**63)
_WIDER: tuple[Kind, ...] = ("integer", "decimal", "float")


def _datetime(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _boolean(written: str) -> bool:
    return written in {"true", "1"}


_INTEGERS = (
    "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
    "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
)  # fmt: skip
_WHOLE = r"[+-]?[0-9]+"
_FIXED = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_FLOATING = rf"{_FIXED}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,6}})?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?"
_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    **dict.fromkeys(_INTEGERS, (_WHOLE, int)),
    "decimal": (_FIXED, Decimal),
    "double": (_FLOATING, float),
    "float": (_FLOATING, float),
    "boolean": (r"true|false|1|0", _boolean),
    "date": (_DAY, date.fromisoformat),
    "dateTime": (_MOMENT, _datetime),
}
#: What a literal of each datatype looks like, since Python's own functions accept more, and what makes it a value.
_DATATYPES = {
    PREFIXES["xsd"] + name: (re.compile(pattern), value) for name, (pattern, value) in _READERS.items()
}

_KINDS: dict[type, Kind] = {
    bool: "boolean", int: "integer", Decimal: "decimal", float: "float", date: "date", datetime: "datetime",
}  # fmt: skip
#: What makes the text of a cell the value of a column of a kind.
_CONVERTERS: dict[Kind, Callable[[str], Any]] = {
    "integer": int,
    "decimal": Decimal,
    "float": float,
    "boolean": _boolean,
    "date": date.fromisoformat,
    "datetime": _datetime,
    "instant": _datetime,
    "text": str,
}


def plain(term: Term | None) -> Any:
    """Return a term as a Python value: numbers as numbers, days as dates, things of ours by id, all else as text.

    A literal that is not what its datatype promises, and a date that Python has no value for (a year alone, one
    before the common era, EDTF), is given as the text that it is. A moment with a time zone is given in UTC.

    Examples
    --------
    >>> plain(ox.Literal(14)), plain(ox.NamedNode("https://w3id.org/stabgraph/id/state/PAK")), plain(None)
    (14, 'PAK', None)
    >>> plain(ox.Literal("2024-02-07", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")))
    datetime.date(2024, 2, 7)
    """
    if not isinstance(term, ox.Literal):
        return None if term is None else _short(term)
    known = _DATATYPES.get(term.datatype.value)
    written = term.value
    if known is None or not known[0].fullmatch(written):
        return written
    try:
        return known[1](written)
    except (ValueError, ArithmeticError):
        return written


def text(term: Term | None) -> str:
    """Return a term as a table shows it.

    Examples
    --------
    >>> text(ox.Literal("Moscow", language="en"))
    'Moscow'
    """
    if isinstance(term, ox.Literal):
        return term.value
    return "" if term is None else _short(term)


def kind(term: Term) -> Kind:
    """Return the kind of column that holds the value of a term without loss.

    Examples
    --------
    >>> kind(ox.Literal(14)), kind(ox.Literal(2**70)), kind(ox.Literal("many"))
    ('integer', 'text', 'text')
    """
    value = plain(term)
    found = _KINDS.get(type(value), "text")
    if found == "integer":
        return "integer" if value in _LONG else "text"
    if found == "decimal":
        _, digits, exponent = value.as_tuple()
        whole, fraction = DECIMAL_DIGITS[0] - DECIMAL_DIGITS[1], DECIMAL_DIGITS[1]
        return "decimal" if -exponent <= fraction and len(digits) + exponent <= whole else "text"
    if found == "datetime" and value.tzinfo:
        return "instant"
    return found


def common_kind(kinds: Iterable[Kind]) -> Kind:
    """Return the kind of column that holds cells of several kinds: numbers widen, all else becomes text.

    Examples
    --------
    >>> common_kind(["integer", "decimal"]), common_kind(["integer", "date"]), common_kind([])
    ('decimal', 'text', 'text')
    """
    found = set(kinds)
    if len(found) == 1:
        return found.pop()
    return max(found, key=_WIDER.index) if found and found <= set(_WIDER) else "text"


def convert(written: str, into: Kind) -> Any:
    """Return the text of a cell as a value of its column's kind.

    Examples
    --------
    >>> convert("14", "integer"), convert("14", "float"), convert("14", "text")
    (14, 14.0, '14')
    """
    return _CONVERTERS[into](written)


def _short(term: Term) -> str:
    if not isinstance(term, ox.NamedNode):
        return str(term)
    return local_id(term) if term.value.startswith(ID) else curie(term)
