"""The open knowledge graph of strategic-stability dialogues: who met whom, where, when, about what, and who says so.

Examples
--------
>>> import stabgraph as sg
>>> kg = sg.load()
>>> kg.ask("disputes", meeting="pak-rus-cgss-14").column("said")
['2024-02-07', '2024-02-08', '2024-02-07', '2024-02-08']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stabgraph.cards import Card
    from stabgraph.dates import Date
    from stabgraph.errors import (
        DataError,
        DateError,
        ExportError,
        MissingExtraError,
        ParameterError,
        QueryError,
        QueryMemoryError,
        QueryTimeoutError,
        ReadOnlyError,
        RecordError,
        StabgraphError,
        StoreError,
        UnknownNameError,
        WriteError,
    )
    from stabgraph.export import export_html
    from stabgraph.graph import DialogueGraph, load, open  # noqa: A004  as in shelve and gzip
    from stabgraph.records import Record
    from stabgraph.results import Stream, Table
    from stabgraph.rows import Row
    from stabgraph.vocabulary import PREFIXES

__version__ = "0.1.0"

__all__ = [
    "PREFIXES",
    "Card",
    "DataError",
    "Date",
    "DateError",
    "DialogueGraph",
    "ExportError",
    "MissingExtraError",
    "ParameterError",
    "QueryError",
    "QueryMemoryError",
    "QueryTimeoutError",
    "ReadOnlyError",
    "Record",
    "RecordError",
    "Row",
    "StabgraphError",
    "StoreError",
    "Stream",
    "Table",
    "UnknownNameError",
    "WriteError",
    "export_html",
    "load",
    "open",
]

# Names are resolved when first used, so that importing the package costs nothing.
_HOMES = {
    "PREFIXES": "vocabulary",
    "Card": "cards",
    "Date": "dates",
    "DialogueGraph": "graph",
    "Record": "records",
    "Row": "rows",
    "Stream": "results",
    "Table": "results",
    "export_html": "export",
    "load": "graph",
    "open": "graph",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
