"""How much of the reports' words the graph understands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal

from stabgraph.linking import PHRASES, Labels, resolve
from stabgraph.results import Row, Table
from stabgraph.vocabulary import SG, local_id, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stabgraph.engines import Embedded

__all__ = ["mapping", "unmapped"]

_NAMES = {name: local_id(name).rpartition("#")[2].removesuffix("Phrase") for name in PHRASES}
_NAMES |= {SG.city: "place", SG.credit: "publisher"}


def mapping(engine: Embedded) -> Table:
    """Return, for each kind of phrase, how many there are and how many reach a thing.

    Columns: ``field``, ``phrases`` (different ones), ``occurrences``, ``linked`` (occurrences that reach a
    thing), ``share`` (linked in percent of occurrences).
    """
    columns = ("field", "phrases", "occurrences", "linked", "share")
    different: dict[str, set[str]] = {}
    all_of: Counter[str] = Counter()
    linked: Counter[str] = Counter()
    for field, phrase, found in _occurrences(engine):
        different.setdefault(field, set()).add(phrase)
        all_of[field] += 1
        linked[field] += found
    rows = [
        (
            field,
            len(different[field]),
            all_of[field],
            linked[field],
            round(100 * linked[field] / all_of[field]),
        )
        for field in sorted(all_of)
    ]
    return _table(columns, rows, "Phrases of the reports, and how many reach a thing")


def unmapped(engine: Embedded) -> Table:
    """Return the phrases that reach no thing, the commonest first."""
    missing = Counter((field, phrase) for field, phrase, found in _occurrences(engine) if not found)
    rows = [(field, phrase, count) for (field, phrase), count in missing.items()]
    rows.sort(key=lambda row: (row[0], -row[2], row[1]))
    return _table(("field", "phrase", "occurrences"), rows, "Phrases that no label of the dataset names")


def _occurrences(engine: Embedded) -> Iterator[tuple[str, str, bool]]:
    quads = engine.quads()
    labels = Labels(quad for quad in quads if isinstance(quad.graph_name, DefaultGraph))
    for quad, found in resolve(quads, labels):
        if quad.predicate in _NAMES:
            yield _NAMES[quad.predicate], words(quad.object), bool(found)


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str | int, ...]], title: str) -> Table:
    terms = [Row((Literal(value) for value in row), columns) for row in rows]
    return Table(columns, terms, title)
