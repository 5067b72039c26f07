"""Rows of terms: read one by one, held by column."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

from stabgraph.values import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stabgraph.vocabulary import Term

    Cells = Sequence[Term | None]

__all__ = ["Row", "Rows", "by_column", "first"]

T = TypeVar("T")

# Few enough that the rows of the engine stay in the cache of the processor and out of the collector's way.
_ROWS_IN_REACH = 1 << 6
_REMEMBERED = 1 << 16
# As many rows as are kept as they came.
_FEW = 1 << 14


def by_column(
    rows: Iterator[Sequence[Term | None]], width: int, most: int | None = None
) -> tuple[list[list[Term | None]], int]:
    """Read rows, all or so many, into columns that hold equal terms once; return them and how many rows they have."""
    columns: list[list[Term | None]] = [[] for _ in range(width)]
    length = 0
    seen: dict[Term | None, Term | None] = {}
    rest = islice(rows, most)
    while some := list(islice(rest, _ROWS_IN_REACH)):
        length += len(some)
        for column, terms in zip(columns, zip(*some, strict=True), strict=True):
            column.extend(map(seen.setdefault, terms, terms))
        if len(seen) > _REMEMBERED:  # terms that do not recur are not worth remembering
            seen.clear()
    return columns, length


def first(rows: Iterable[T], most: int | None) -> Iterator[T]:
    """Return the first rows, or all if no number is given; a number can be larger than a machine can count."""
    return islice(rows, None if most is None else min(most, sys.maxsize))


class Row(tuple[Any, ...]):  # noqa: SLOT001  a tuple cannot have slots that are not empty
    """One row: a tuple of RDF terms that can also be read by column name.

    Examples
    --------
    >>> import pyoxigraph as ox
    >>> row = Row([ox.Literal(3)], ["count"])
    >>> row["count"].value, row[0].value
    ('3', '3')
    """

    _columns: tuple[str, ...]

    def __new__(cls, values: Iterable[Term | None], columns: Sequence[str]) -> Self:  # noqa: D102
        row = super().__new__(cls, values)
        row._columns = tuple(columns)
        return row

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            try:
                return super().__getitem__(self._columns.index(key))
            except ValueError:
                raise KeyError(key) from None
        return super().__getitem__(key)

    def plain(self) -> dict[str, Any]:
        """Return the row as a dictionary of Python values; a thing of ours is given by its id."""
        return {name: plain(term) for name, term in zip(self._columns, self, strict=True)}


class Rows(Sequence[Row]):
    """Rows that are held by column, equal terms once, and made when they are looked at.

    A few rows are kept as the engine gave them, until somebody asks for a column: short answers are the commonest, and
    cost no more than the engine takes.
    """

    __slots__ = ("_as_given", "_cells", "columns", "length")

    def __init__(self, columns: tuple[str, ...], cells: Sequence[list[Term | None]], length: int) -> None:
        self.columns = columns
        self.length = length
        self._cells: Sequence[list[Term | None]] | None = cells
        self._as_given: list[Cells] = []

    @classmethod
    def read(cls, columns: tuple[str, ...], rows: Iterable[Cells]) -> Rows:
        """Read rows."""
        rest = iter(rows)
        first = list(islice(rest, _FEW))
        if len(first) == _FEW or {*map(len, first)} - {len(columns)}:
            cells, length = by_column(chain(first, rest), len(columns))
            return cls(columns, cells, length)
        return cls._given(columns, first)

    @classmethod
    def _given(cls, columns: tuple[str, ...], rows: list[Cells]) -> Rows:
        made = cls(columns, (), len(rows))
        made._cells, made._as_given = None, rows
        return made

    @property
    def cells(self) -> Sequence[list[Term | None]]:
        """The columns."""
        if self._cells is None:
            self._cells = by_column(iter(self._as_given), len(self.columns))[0]
            self._as_given = []
        return self._cells

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, position: int) -> Row: ...
    @overload
    def __getitem__(self, position: slice) -> Rows: ...
    def __getitem__(self, position: int | slice) -> Row | Rows:
        if isinstance(position, slice):
            if self._cells is None:
                return self._given(self.columns, self._as_given[position])
            length = len(range(self.length)[position])
            return Rows(self.columns, [column[position] for column in self.cells], length)
        range(self.length)[position]  # an IndexError, also where there are no columns
        if self._cells is None:
            return Row(self._as_given[position], self.columns)
        return Row([column[position] for column in self.cells], self.columns)

    def __iter__(self) -> Iterator[Row]:
        columns = self.columns
        return (Row(cells, columns) for cells in self.tuples())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rows):
            return NotImplemented
        return (self.columns, self.length, self.cells) == (other.columns, other.length, other.cells)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self.length:,} rows>"

    def tuples(self) -> Iterator[Cells]:
        """Return the cells of each row, without the names of the columns."""
        if self._cells is None:
            return map(tuple, self._as_given)
        return zip(*self.cells, strict=True) if self.cells else repeat((), self.length)
