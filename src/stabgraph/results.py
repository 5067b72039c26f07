"""The answer to a query: rows and columns that people and programs can read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.display import for_notebook, for_terminal, terminal_width
from stabgraph.errors import QueryError, one_line
from stabgraph.frames import arrow_table, pandas_frame, polars_frame
from stabgraph.rows import Row, Rows, first
from stabgraph.values import plain, text
from stabgraph.writers import FORMS, lines, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from stabgraph.vocabulary import Term

    Cells = Sequence[Term | None]

__all__ = ["FORMATS", "Row", "Stream", "Table", "plain", "terminal_width", "text"]

#: The ways to write a table as text.
FORMATS = ("table", *FORMS[:-1])

_SHOWN_IN_A_NOTEBOOK = 100


@dataclass(frozen=True)
class Table:
    """The rows that a query gave, as often as one likes.

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
    rows: Sequence[Row]
    title: str = ""

    def __post_init__(self) -> None:
        columns, rows = tuple(self.columns), self.rows
        held = rows if isinstance(rows, Rows) and rows.columns == columns else Rows.read(columns, rows)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "rows", held)

    @classmethod
    def from_solutions(
        cls, solutions: ox.QuerySolutions, *, without: Iterable[str] = (), title: str = ""
    ) -> Table:
        """Read the solutions of a SELECT query, leaving out some of its variables."""
        return Stream.from_solutions(solutions, without=without, title=title).table()

    @property
    def _held(self) -> Rows:
        assert isinstance(self.rows, Rows)
        return self.rows

    def _of(self, columns: dict[str, list[Term | None]]) -> Table:
        names = tuple(columns)
        return replace(self, columns=names, rows=Rows(names, list(columns.values()), len(self)))

    def _cells(self) -> dict[str, list[Term | None]]:
        return dict(zip(self.columns, self._held.cells, strict=True))

    def without_empty(self, candidates: Iterable[str]) -> Table:
        """Return the table without those of the candidate columns that are empty in every row, if it has any row."""
        wanted = set(candidates) if len(self) else set()
        return self._of(
            {
                name: cells
                for name, cells in self._cells().items()
                if name not in wanted or any(term is not None for term in cells)
            }
        )

    def labelled(self, label: Callable[[ox.NamedNode], str | None]) -> Table:
        """Return the table with a column of names beside each column of things.

        Ids are what one joins and counts by, names are what one reads: so a column ``meeting`` stays and
        ``meeting_label`` comes after it, if any of its things has a name and there is no such column yet.

        Parameters
        ----------
        label
            What gives the name of a thing, such as :meth:`stabgraph.DialogueGraph.label`.

        Examples
        --------
        >>> import stabgraph as sg
        >>> kg = sg.load()
        >>> kg.query("SELECT ?place { meeting:pak-rus-cgss-14 sg:place ?place }").labelled(kg.label).to_dicts()
        [{'place': 'moscow', 'place_label': 'Moscow'}]
        """
        columns: dict[str, list[Term | None]] = {}
        for name, cells in self._cells().items():
            columns[name] = cells
            names = {
                thing: ox.Literal(found)
                for thing in set(cells)
                if isinstance(thing, ox.NamedNode) and (found := label(thing)) is not None
            }
            if names and f"{name}_label" not in self.columns:
                columns[f"{name}_label"] = [
                    names.get(term) if isinstance(term, ox.NamedNode) else None for term in cells
                ]
        return self._of(columns)

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
        return for_notebook(self.columns, self._texts(_SHOWN_IN_A_NOTEBOOK), total=len(self))

    def head(self, rows: int | None) -> Table:
        """Return the table cut to its first rows, or whole if no number is given."""
        return self if rows is None else replace(self, rows=self.rows[:rows])

    def where(self, column: str, value: Any) -> Table:
        """Return the rows in which a column has a value, given as a Python value."""
        return replace(self, rows=[row for row in self.rows if plain(row[column]) == value])

    def column(self, name: str) -> list[Any]:
        """Return the values of a column as Python values."""
        return [plain(term) for term in self._cells()[name]]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries of Python values."""
        return [row.plain() for row in self.rows]

    def to_pandas(self) -> pd.DataFrame:
        """Return the table as a pandas data frame.

        Every column has one type: ``Int64``, ``Float64`` (decimals too: pandas has none), ``boolean``,
        ``datetime64`` for days and for moments, ``string`` for all else; a missing cell is missing in each.
        A column of several kinds is text; so is one with a whole number beyond 64 bits, or with a literal that is
        not what its datatype promises.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        return pandas_frame(self._cells())

    def to_polars(self) -> pl.DataFrame:
        """Return the table as a Polars data frame, its columns typed as those of :meth:`to_arrow` are.

        Raises
        ------
        MissingExtraError
            If Polars is not installed.
        """
        return polars_frame(self._cells())

    def to_arrow(self) -> pa.Table:
        """Return the table as an Arrow table.

        Types are as in :meth:`to_pandas`, but days are ``date32`` and decimals stay decimals.

        Raises
        ------
        MissingExtraError
            If pyarrow is not installed.
        """
        return arrow_table(self._cells())

    def to(self, form: str) -> str:
        """Return the table in one of the :data:`FORMATS`.

        Raises
        ------
        UnknownNameError
            If there is no such form.
        """
        return self.to_text() if form == "table" else "".join(lines(self.columns, self._held.tuples(), form))

    def write(self, target: str | Path | BinaryIO, form: str) -> int:
        """Write the table to a file; see :meth:`Stream.write`."""
        return write(self.columns, self._held.tuples(), target, form)

    def to_csv(self) -> str:
        """Return the table as CSV (RFC 4180, lines ended by a line feed), things of ours by their id."""
        return self.to("csv")

    def to_json(self) -> str:
        """Return the table as a JSON list of objects, a line each.

        Whole and floating numbers are numbers; decimals, days and all else that JSON has no word for are text.
        """
        return self.to("json")

    def to_sparql_json(self) -> str:
        """Return the table in the SPARQL 1.1 Query Results JSON Format, which keeps terms as they are."""
        return self.to("sparql-json")

    def to_markdown(self) -> str:
        """Return the table in Markdown."""
        return self.to("markdown")

    def to_parquet(self, target: str | Path | BinaryIO) -> None:
        """Write the table to a Parquet file, its columns typed as those of :meth:`to_arrow` are.

        Raises
        ------
        ExportError
            If the path cannot be written.
        MissingExtraError
            If pyarrow is not installed.
        """
        self.write(target, "parquet")

    def to_text(self, *, width: int | None = None, most: int | None = None) -> str:
        """Return the table for a terminal, wrapped to its width, with the number of rows below.

        Parameters
        ----------
        width
            Columns of text; those of the terminal, or 120 where there is none, if left out.
        most
            How many rows to show at most; all of them if left out.
        """
        return for_terminal(self.columns, self._texts(most), total=len(self), width=width)

    def _texts(self, most: int | None) -> list[list[str]]:
        return [[text(term) for term in cells] for cells in first(self._held.tuples(), most)]


class Stream:
    """The rows that a query gives, each once, as they are found.

    For answers that are too long to hold: a stream is gone through once, or written to a file.

    Attributes
    ----------
    columns
        Names of the columns.
    title
        What the rows show, if a named query gives them.

    Examples
    --------
    >>> stream = Stream(("round",), [[ox.Literal(13)], [ox.Literal(14)]])
    >>> [row["round"].value for row in stream]
    ['13', '14']
    """

    def __init__(self, columns: Sequence[str], rows: Iterable[Cells], title: str = "") -> None:
        self.columns = tuple(columns)
        self.title = title
        self._rows = iter(rows)

    @classmethod
    def from_solutions(
        cls, solutions: ox.QuerySolutions, *, without: Iterable[str] = (), title: str = ""
    ) -> Stream:
        """Go through the solutions of a SELECT query, leaving out some of its variables."""
        hidden = set(without)
        columns = [variable.value for variable in solutions.variables]
        places = [place for place, name in enumerate(columns) if name not in hidden]
        return cls([columns[place] for place in places], _solved(solutions, places), title)

    def __repr__(self) -> str:
        return f"<Stream {self.title or ', '.join(self.columns)}>"

    def __iter__(self) -> Iterator[Row]:
        return self

    def __next__(self) -> Row:
        return Row(next(self._rows), self.columns)

    def head(self, rows: int | None) -> Stream:
        """Return the stream cut to the first rows to come, or whole if no number is given."""
        return self if rows is None else Stream(self.columns, first(self._rows, rows), self.title)

    def table(self) -> Table:
        """Return the rows to come as a table, which holds them."""
        return Table(self.columns, Rows.read(self.columns, self._rows), self.title)

    def write(self, target: str | Path | BinaryIO, form: str) -> int:
        r"""Write the rows to come to a file, as they come, and return how many they were.

        Parameters
        ----------
        target
            A path, which gets the whole file or keeps the old one; or a file open for writing bytes.
        form
            ``csv``, ``json`` (a list of objects), ``sparql-json``, ``markdown`` or ``parquet``.

        Raises
        ------
        UnknownNameError
            If there is no such form.
        QueryError
            If the query fails on the way.
        ExportError
            If the path cannot be written.
        MissingExtraError
            If Parquet is asked for and pyarrow is not installed.

        Examples
        --------
        >>> import io
        >>> file = io.BytesIO()
        >>> Stream(("round",), [[ox.Literal(14)]]).write(file, "csv"), file.getvalue()
        (1, b'round\n14\n')
        """
        return write(self.columns, self._rows, target, form)


def _solved(solutions: ox.QuerySolutions, places: list[int]) -> Iterator[Cells]:
    try:
        if len(places) == len(solutions.variables):
            yield from solutions  # a solution is gone through as a row is
        else:
            for solution in solutions:
                yield [solution[place] for place in places]
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"the query cannot be run: {one_line(error)}") from error
