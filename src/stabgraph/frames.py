"""Typed columns for pandas, Polars, Arrow and Parquet.

The kind of a column is that of its cells: see :func:`stabgraph.values.kind`. Each library gets its own type for
it, the same whether cells are missing or not, so that the shape of a frame does not hang on the answer.
"""

from __future__ import annotations

from datetime import datetime
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from stabgraph._optional import require
from stabgraph.rows import by_column
from stabgraph.values import DECIMAL_DIGITS, common_kind, convert, kind, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from stabgraph.values import Kind
    from stabgraph.vocabulary import Term

    Column = Sequence[Term | None]

__all__ = ["arrow_table", "pandas_frame", "polars_frame", "write_parquet"]

_ROWS_AT_ONCE = 1 << 16
_PANDAS: dict[Kind, str] = {
    "integer": "Int64",
    "decimal": "Float64",
    "float": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "datetime": "datetime64[us]",
    "instant": "datetime64[us, UTC]",
    "text": "string",
}


def _values(column: Column, *, exact: bool = True) -> tuple[Kind, list[Any]]:
    """Return the kind of a column and its values; each different term is looked at once."""
    different = set(column) - {None}
    found = common_kind(kind(term) for term in different if term is not None)
    into = found if exact or found != "decimal" else "float"
    values: dict[Term | None, Any] = {term: convert(text(term), into) for term in different}
    values[None] = None
    return found, [values[term] for term in column]


def pandas_frame(columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return columns of terms as a pandas data frame; see :meth:`stabgraph.Table.to_pandas`."""
    pandas = require("pandas", extra="pandas", purpose="Table.to_pandas()")
    frame: pd.DataFrame = pandas.DataFrame(
        {name: _pandas_array(pandas, *_values(column, exact=False)) for name, column in columns.items()},
        columns=list(columns),
    )
    return frame


def _pandas_array(pandas: Any, found: Kind, values: list[Any]) -> Any:
    if found not in {"date", "datetime", "instant"}:
        return pandas.array(values, dtype=_PANDAS[found])
    import numpy as np

    unit = "D" if found == "date" else "us"
    bare = [moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment for moment in values]
    moments = pandas.Series(np.array(bare, dtype=f"datetime64[{unit}]"))
    if found == "instant":
        return moments.dt.tz_localize("UTC")
    return moments.astype(_PANDAS[found])


def polars_frame(columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return columns of terms as a Polars data frame; see :meth:`stabgraph.Table.to_polars`."""
    polars = require("polars", extra="polars", purpose="Table.to_polars()")
    types: dict[Kind, Any] = {
        "integer": polars.Int64,
        "decimal": polars.Decimal(*DECIMAL_DIGITS),
        "float": polars.Float64,
        "boolean": polars.Boolean,
        "date": polars.Date,
        "datetime": polars.Datetime("us"),
        "instant": polars.Datetime("us", "UTC"),
        "text": polars.String,
    }
    series = []
    for name, column in columns.items():
        found, values = _values(column)
        series.append(polars.Series(name, values, dtype=types[found]))
    frame: pl.DataFrame = polars.DataFrame(series)
    return frame


def arrow_table(columns: Mapping[str, Column]) -> pa.Table:
    """Return columns of terms as an Arrow table; see :meth:`stabgraph.Table.to_arrow`."""
    arrow = require("pyarrow", extra="arrow", purpose="Table.to_arrow()")
    arrays = {}
    for name, column in columns.items():
        found, values = _values(column)
        arrays[name] = arrow.array(values, _arrow_type(arrow, found))
    table: pa.Table = arrow.table(arrays)
    return table


def _arrow_type(arrow: Any, found: Kind) -> Any:
    types: dict[Kind, Any] = {
        "integer": arrow.int64(),
        "decimal": arrow.decimal128(*DECIMAL_DIGITS),
        "float": arrow.float64(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
        "datetime": arrow.timestamp("us"),
        "instant": arrow.timestamp("us", "UTC"),
        "text": arrow.string(),
    }
    return types[found]


def write_parquet(names: Sequence[str], rows: Iterable[Sequence[Term | None]], file: BinaryIO) -> None:
    """Write rows to a Parquet file, some ten thousand at a time.

    The kind of a column is known only after the last row. So the rows go as text to a temporary file first,
    and from there, typed, to their place: an answer longer than memory can be written.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    """
    arrow = require("pyarrow", extra="arrow", purpose="Parquet")
    parquet = require("pyarrow.parquet", extra="arrow", purpose="Parquet")
    kinds: list[set[Kind]] = [set() for _ in names]
    as_text = arrow.schema([(name, arrow.string()) for name in names])
    with TemporaryFile() as spool:
        with arrow.ipc.new_file(spool, as_text) as writer:
            rest = iter(rows)
            while True:
                columns, length = by_column(rest, len(names), _ROWS_AT_ONCE)
                if not length:
                    break
                texts = [_texts(column, seen) for column, seen in zip(columns, kinds, strict=True)]
                writer.write_batch(arrow.record_batch(texts, schema=as_text))
        found = [common_kind(some) for some in kinds]
        typed = arrow.schema([(name, _arrow_type(arrow, k)) for name, k in zip(names, found, strict=True)])
        reader = arrow.ipc.open_file(spool)
        with parquet.ParquetWriter(file, typed) as writer:
            for position in range(reader.num_record_batches):
                cells = zip(reader.get_batch(position).columns, found, strict=True)
                arrays = [_converted(arrow, column, into) for column, into in cells]
                writer.write_batch(arrow.record_batch(arrays, schema=typed))


def _texts(column: Column, kinds: set[Kind]) -> list[str | None]:
    """Return the texts of a column and learn the kinds of its cells."""
    different = set(column) - {None}
    kinds.update(kind(term) for term in different if term is not None)
    texts: dict[Term | None, str | None] = {term: text(term) for term in different}
    texts[None] = None
    return [texts[term] for term in column]


def _converted(arrow: Any, column: Any, into: Kind) -> Any:
    if into == "text":
        return column
    encoded = column.dictionary_encode()
    values = [convert(written, into) for written in encoded.dictionary.to_pylist()]
    return arrow.array(values, _arrow_type(arrow, into)).take(encoded.indices)
