"""How much of the reports' words the graph understands."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode

from stabgraph.linking import PHRASES, Labels, resolve
from stabgraph.mappings import bundled_mappings
from stabgraph.results import Row, Table
from stabgraph.vocabulary import SG, local_id, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Quad

    from stabgraph.engines import Embedded

__all__ = ["mapping", "unmapped"]

_NAMES = {name: local_id(name).rpartition("#")[2].removesuffix("Phrase") for name in PHRASES}
_NAMES |= {SG.city: "place", SG.credit: "publisher"}


def mapping(engine: Embedded) -> Table:
    """Return, for each kind of phrase, how many there are and how many reach a thing.

    Columns: ``field``, ``phrases`` (different ones), ``occurrences``, ``linked`` (occurrences that reach a
    thing), ``share`` (linked in percent of occurrences), ``largest`` (the thing that the most different phrases
    reach), ``takes`` (those in percent of the different phrases).
    """
    columns = ("field", "phrases", "occurrences", "linked", "share", "largest", "takes")
    occurrences: Counter[str] = Counter()
    linked: Counter[str] = Counter()
    reached: dict[str, dict[str, set[NamedNode]]] = defaultdict(dict)
    for field, phrase, things in _occurrences(engine):
        occurrences[field] += 1
        linked[field] += bool(things)
        reached[field].setdefault(phrase, set()).update(things)
    rows = []
    for field in sorted(occurrences):
        phrases = reached[field]
        largest, most = _largest(phrases.values())
        shares = (_percent(linked[field], occurrences[field]), _percent(most, len(phrases)))
        rows.append((field, len(phrases), occurrences[field], linked[field], shares[0], largest, shares[1]))
    return _table(columns, rows, "Phrases of the reports, and how many reach a thing")


def unmapped(engine: Embedded) -> Table:
    """Return the phrases that reach no thing, the commonest first."""
    missing = Counter((field, phrase) for field, phrase, things in _occurrences(engine) if not things)
    rows = [(field, phrase, count) for (field, phrase), count in missing.items()]
    rows.sort(key=lambda row: (row[0], -row[2], row[1]))
    title = "Phrases of which neither a label nor a table says what they mean"
    return _table(("field", "phrase", "occurrences"), rows, title)


def _occurrences(engine: Embedded) -> Iterator[tuple[str, str, set[NamedNode]]]:
    """Yield each phrase of each report, with the field it stands in and the things that it reaches."""
    quads = engine.quads()
    described = (quad for quad in quads if isinstance(quad.graph_name, DefaultGraph))
    for quad, found in resolve(quads, Labels(described, bundled_mappings())):
        # A conclusion repeats the words of a claim, or of none.
        if quad.predicate in _NAMES and _is_said(quad):
            things = {link.object for link in found if isinstance(link.object, NamedNode)}
            yield _NAMES[quad.predicate], words(quad.object), things


def _is_said(quad: Quad) -> bool:
    return quad.predicate == SG.credit or not isinstance(quad.graph_name, DefaultGraph)


def _largest(phrases: Iterable[set[NamedNode]]) -> tuple[str, int]:
    """Return the thing that the most phrases reach, with their number."""
    taken = Counter(thing for things in phrases for thing in things)
    thing, most = max(taken.items(), key=lambda pair: (pair[1], pair[0].value), default=(None, 0))
    return ("" if thing is None else local_id(thing)), most


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1)


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str | float, ...]], title: str) -> Table:
    terms = [Row((Literal(value) for value in row), columns) for row in rows]
    return Table(columns, terms, title)
