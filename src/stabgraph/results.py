"""The answer to a query: rows and columns that people and programs can read."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

import pyoxigraph as ox

from stabgraph._optional import require
from stabgraph.errors import QueryError, one_line
from stabgraph.vocabulary import ID, PREFIXES, curie, local_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd

    from stabgraph.vocabulary import Term

__all__ = ["FORMATS", "Row", "Table"]

_XSD = PREFIXES["xsd"]
_NUMBERS: dict[str, Callable[[str], Any]] = {
    f"{_XSD}integer": int,
    f"{_XSD}decimal": Decimal,
    f"{_XSD}double": float,
    f"{_XSD}float": float,
    f"{_XSD}boolean": lambda text: text in {"true", "1"},
}

_ON_ONE_LINE = 24
_NARROWEST = 8
_GAP = 3
_WIDTH_OF_A_FILE = 120

#: The ways to write a table as text.
FORMATS = ("table", "csv", "json", "markdown")


class Row(tuple[Any, ...]):  # noqa: SLOT001  a tuple cannot have slots that are not empty
    """One row: a tuple of RDF terms that can also be read by column name.

    Examples
    --------
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


@dataclass(frozen=True)
class Table:
    """The rows that a query gave.

    Attributes
    ----------
    columns
        Names of the columns.
    rows
        The rows, in the order of the query.
    title
        What the table shows, if a named query gave it.

    Examples
    --------
    >>> table = Table(("round", "year"), [Row([ox.Literal(14), ox.Literal(2024)], ("round", "year"))])
    >>> len(table), table[0]["year"].value
    (1, '2024')
    >>> print(table.to_csv(), end="")
    round,year
    14,2024
    """

    columns: tuple[str, ...]
    rows: list[Row]
    title: str = ""

    @classmethod
    def from_solutions(
        cls, solutions: ox.QuerySolutions, *, without: Iterable[str] = (), title: str = ""
    ) -> Table:
        """Read the solutions of a SELECT query, leaving out some of its variables."""
        hidden = set(without)
        columns = tuple(v.value for v in solutions.variables if v.value not in hidden)
        try:
            rows = [Row((solution[name] for name in columns), columns) for solution in solutions]
        except (OSError, ValueError, RuntimeError) as error:  # the engine reads as it goes
            raise QueryError(f"the query cannot be run to its end ({one_line(error)})") from error
        return cls(columns, rows, title)

    def without_empty(self, candidates: Iterable[str]) -> Table:
        """Return the table without those of the candidate columns that are empty in every row."""
        drop = {
            name
            for name in set(candidates) & set(self.columns)
            if all(row[name] is None for row in self.rows)
        }
        columns = tuple(name for name in self.columns if name not in drop)
        rows = [Row((row[name] for name in columns), columns) for row in self.rows]
        return Table(columns, rows, self.title)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, position: int) -> Row:
        return self.rows[position]

    def __repr__(self) -> str:
        return f"<Table {self.title or ', '.join(self.columns)}: {len(self)} rows>"

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
            for cells in self._texts()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def head(self, rows: int | None) -> Table:
        """Return the table cut to its first rows, or whole if no number is given."""
        return self if rows is None else Table(self.columns, self.rows[:rows], self.title)

    def where(self, column: str, value: Any) -> Table:
        """Return the rows in which a column has a value, given as a Python value."""
        return Table(self.columns, [row for row in self.rows if plain(row[column]) == value], self.title)

    def column(self, name: str) -> list[Any]:
        """Return the values of a column as Python values."""
        return [plain(row[name]) for row in self.rows]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries of Python values."""
        return [row.plain() for row in self.rows]

    def to_pandas(self) -> pd.DataFrame:
        """Return the table as a pandas data frame.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        pandas = require("pandas", extra="pandas", purpose="Table.to_pandas()")
        frame: pd.DataFrame = pandas.DataFrame(self.to_dicts(), columns=list(self.columns))
        return frame

    def to(self, form: str) -> str:
        """Return the table in one of the :data:`FORMATS`."""
        writers = {
            "table": self.to_text,
            "csv": self.to_csv,
            "json": self.to_json,
            "markdown": self.to_markdown,
        }
        return writers[form]()

    def to_csv(self) -> str:
        """Return the table as CSV (RFC 4180, lines ended by a line feed), things of ours by their id."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self._texts())
        return out.getvalue()

    def to_json(self) -> str:
        """Return the table as a JSON list of objects."""
        return json.dumps(self.to_dicts(), ensure_ascii=False, indent=2, default=str) + "\n"

    def to_markdown(self) -> str:
        """Return the table in Markdown."""
        rows = [self.columns, ["---"] * len(self.columns), *self._texts()]
        lines = (" | ".join(" ".join(cell.replace("|", "\\|").splitlines()) for cell in row) for row in rows)
        return "".join(f"| {line} |\n" for line in lines)

    def to_text(self, *, width: int | None = None) -> str:
        """Return the table for a terminal, wrapped to its width, with the number of rows below.

        Parameters
        ----------
        width
            Columns of text; those of the terminal, or 120 where there is none, if left out.
        """
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table as RichTable
        from rich.text import Text

        drawn = RichTable(box=SIMPLE_HEAD, pad_edge=False, title_justify="left")
        rows = list(self._texts())
        width = width or terminal_width()
        longest = [max(map(len, cells)) for cells in zip(self.columns, *rows, strict=True)]
        # What people copy or compare (ids, dates, numbers) stays on one line, as long as there is room for the
        # other columns: Rich would cut it off otherwise. Sentences are wrapped.
        room = width - sum(min(size, _NARROWEST) + _GAP for size in longest)
        for name, size in zip(self.columns, longest, strict=True):
            more = max(size - _NARROWEST, 0)
            on_one_line = size <= _ON_ONE_LINE and more <= room
            room -= more if on_one_line else 0
            drawn.add_column(name.replace("_", " "), overflow="fold", no_wrap=on_one_line)
        for cells in rows:
            drawn.add_row(*(Text(cell) for cell in cells))
        console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
        if self.rows:
            console.print(drawn)
        count = "1 row" if len(self) == 1 else f"{len(self):,} rows"
        console.print(Text(f"({count})"))
        assert isinstance(console.file, io.StringIO)
        return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines()).lstrip("\n")

    def _texts(self) -> Iterator[list[str]]:
        for row in self.rows:
            yield [text(term) for term in row]


def terminal_width() -> int:
    """Return how many columns of text there are: those of the terminal, or 120 where there is none."""
    return shutil.get_terminal_size((_WIDTH_OF_A_FILE, 24)).columns


def plain(term: Term | None) -> Any:
    """Return a term as a Python value: numbers as numbers, things of ours by id, all else as text.

    Examples
    --------
    >>> plain(ox.Literal(14)), plain(ox.NamedNode("https://w3id.org/stabgraph/id/state/PAK")), plain(None)
    (14, 'PAK', None)
    """
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        convert = _NUMBERS.get(term.datatype.value)
        try:
            return convert(term.value) if convert else term.value
        except (ValueError, ArithmeticError):
            return term.value
    return _short(term)


def text(term: Term | None) -> str:
    """Return a term as a table shows it.

    Examples
    --------
    >>> text(ox.Literal("Moscow", language="en"))
    'Moscow'
    """
    if term is None:
        return ""
    if isinstance(term, ox.Literal):
        return term.value
    return _short(term)


def _short(term: Term) -> str:
    if not isinstance(term, ox.NamedNode):
        return str(term)
    return local_id(term) if term.value.startswith(ID) else curie(term)
