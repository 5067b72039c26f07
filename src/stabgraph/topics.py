"""The vocabulary of topics: what a phrase means and why, what is near to it, and the thesaurus as a tree."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from stabgraph.linking import LABEL_PROPERTIES, PHRASES, Labels, fold
from stabgraph.mappings import bundled_mappings
from stabgraph.results import Row as Cells
from stabgraph.results import Table
from stabgraph.vocabulary import RDFS, SG, SKOS, curie, iri, kind_of, local_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from stabgraph.engines import Embedded
    from stabgraph.mappings import Mapping as Row
    from stabgraph.vocabulary import Term

__all__ = ["Match", "Meaning", "Topics", "above", "outline"]

_KINDS = tuple(PHRASES[SG.topicPhrase])
#: What a label is called, the more telling first.
_LABELS = {
    SKOS.prefLabel: "preferred label",
    RDFS.label: "label",
    SKOS.altLabel: "alternative label",
    SKOS.hiddenLabel: "hidden label",
    SKOS.notation: "code",
}
_HELD = iri("status", "held")

#: How many things are named as near to an unknown phrase, and how near they must be, of 100.
_MOST, _NEAR = 5, 40
#: How many labels are looked at closely by each measure.
_SHORTLIST = 200


@dataclass(frozen=True)
class Match:
    """A thing that a phrase means, or may mean.

    Attributes
    ----------
    iri
        The thing.
    label
        Its name.
    type
        ``concept``, ``instrument``, ``institution`` or ``state``.
    predicate
        How the phrase stands to it: ``skos:exactMatch`` for a label; what the row says for a row of the table;
        ``skos:closeMatch`` for a thing that is only near.
    by
        The label or row by which this is known, in words.
    """

    iri: str
    label: str
    type: str
    predicate: str
    by: str

    @property
    def id(self) -> str:
        """The id of the thing within its kind."""
        return local_id(NamedNode(self.iri))

    def to_dict(self) -> dict[str, str]:
        """Return the match as plain values, for JSON."""
        return {"id": self.id, "label": self.label, "type": self.type, "predicate": self.predicate}


@dataclass(frozen=True)
class Meaning:
    """What a phrase means.

    Attributes
    ----------
    phrase
        The phrase.
    matches
        The things that it means: several if it says several things, none if nobody knows.
    nearest
        For a phrase that nobody knows, the things with the most similar names, the nearest first.
    """

    phrase: str
    matches: tuple[Match, ...]
    nearest: tuple[Match, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the meaning as plain values, for JSON."""
        found: dict[str, object] = {
            "phrase": self.phrase,
            "matches": [match.to_dict() for match in self.matches],
        }
        return found if self.matches else {**found, "nearest": [match.to_dict() for match in self.nearest]}

    @staticmethod
    def table(meanings: Iterable[Meaning]) -> Table:
        """Return meanings as a table, a row for each thing; a phrase to which nothing is near has a row of its own."""
        columns = ("phrase", "means", "label", "type", "predicate", "by")
        rows = []
        for meaning in meanings:
            for match in meaning.matches or meaning.nearest:
                cells = (match.id, match.label, match.type, match.predicate, match.by)
                rows.append(Cells(map(Literal, (meaning.phrase, *cells)), columns))
            if not (meaning.matches or meaning.nearest):
                rows.append(Cells((Literal(meaning.phrase), *[None] * (len(columns) - 1)), columns))
        return Table(columns, rows, "What phrases mean")


class Topics:
    """The vocabulary of topics of a graph, as it was when this was taken.

    Examples
    --------
    >>> import stabgraph as sg
    >>> topics = sg.load().topics
    >>> [match.id for match in topics.match("Disarmament and Non-Proliferation").matches]
    ['disarmament', 'non-proliferation']
    """

    def __init__(self, engine: Embedded) -> None:
        self._engine = engine
        self._mappings = bundled_mappings()
        described = (quad for name in LABEL_PROPERTIES for quad in engine.match(name=name))
        self._labels = Labels(described, self._mappings)

    # ── Phrases ──────────────────────────────────────────────────────────────────────────────────────────

    def match(self, phrase: str) -> Meaning:
        """Return what a phrase means and by which label or row; letter case, hyphens and spelling do not matter.

        What a row of the table says decides; else a label does, of a concept before one of an instrument, an
        institution or a state. For a phrase that means nothing known the nearest things are named.
        """
        rows = self._labels.rows(SG.topicPhrase, phrase)
        if rows:
            matches = tuple(self._match(row.thing, curie(row.predicate), _row(row)) for row in rows)
        else:
            things = self._labels.meant(SG.topicPhrase, phrase)
            matches = tuple(
                self._match(thing, "skos:exactMatch", self._label(thing, phrase)) for thing in things
            )
        return Meaning(phrase, matches, () if matches else tuple(self._nearest(phrase)))

    def _match(self, thing: NamedNode, predicate: str, by: str) -> Match:
        kind = kind_of(thing)
        name = self._names.get(thing, local_id(thing))
        return Match(thing.value, name, "concept" if kind == "topic" else kind, predicate, by)

    def _label(self, thing: NamedNode, phrase: str) -> str:
        """Return which label of a thing a phrase is."""
        key = fold(phrase)
        labels = [quad for quad in self._engine.match(thing) if quad.predicate in _LABELS]
        own = [quad for quad in labels if isinstance(quad.object, Literal) and fold(quad.object.value) == key]
        first = min(own, key=lambda quad: list(_LABELS).index(quad.predicate))
        assert isinstance(first.object, Literal)
        return f"{_LABELS[first.predicate]} {first.object.value!r}"

    @cached_property
    def _names(self) -> dict[NamedNode, str]:
        """The English name of every thing that a topic phrase can mean."""
        return {
            quad.subject: quad.object.value
            for quad in self._engine.match(name=RDFS.label)
            if isinstance(quad.subject, NamedNode)
            and kind_of(quad.subject) in _KINDS
            and isinstance(quad.object, Literal)
            and quad.object.language == "en"
        }

    # ── What is near ─────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _known(self) -> dict[str, list[tuple[NamedNode, str]]]:
        """Every folded English label and phrase of the table, with the things and what the words are in full."""
        known: dict[str, list[tuple[NamedNode, str]]] = defaultdict(list)
        for name in (SKOS.prefLabel, RDFS.label, SKOS.altLabel, SKOS.hiddenLabel):
            for quad in self._engine.match(name=name):
                thing, label = quad.subject, quad.object
                if (
                    isinstance(thing, NamedNode)
                    and kind_of(thing) in _KINDS
                    and isinstance(label, Literal)
                    and label.language == "en"
                ):
                    known[fold(label.value)].append((thing, label.value))
        for row in self._mappings:
            if row.words == SG.topicPhrase and row.thing in self._names:
                known[fold(row.phrase)].append((row.thing, row.phrase))
        return known

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How much a word tells: one that few labels share, much."""
        counts = Counter(word for words in self._known for word in set(words.split()))
        return {word: 1 / log(2 + count) for word, count in counts.items()}

    def _nearest(self, phrase: str) -> Iterator[Match]:
        """Yield the things whose labels are most like a phrase, each once, the nearest first, concepts first."""
        named: set[NamedNode] = set()
        for words in self._near(fold(phrase)):
            for thing, label in sorted(self._known[words], key=lambda pair: _KINDS.index(kind_of(pair[0]))):
                if thing not in named and len(named) < _MOST:
                    named.add(thing)
                    yield self._match(thing, "skos:closeMatch", f"near {label!r}")

    def _near(self, phrase: str) -> list[str]:
        """Return the labels that are most like a phrase: in all words, in those in common, in those that tell most."""
        from rapidfuzz import fuzz, process

        measures = (fuzz.token_sort_ratio, fuzz.token_set_ratio)
        shortlist = {
            words
            for measure in measures
            for words, _, _ in process.extract(phrase, list(self._known), scorer=measure, limit=_SHORTLIST)
        }
        telling = {word: self._weights.get(word, 1 / log(2)) for word in set(phrase.split())}

        def score(words: str) -> float:
            shared = sum(telling.get(word, 0) for word in set(words.split())) / sum(telling.values())
            return (sum(measure(phrase, words) for measure in measures) + 100 * shared) / 3

        scores = {words: score(words) for words in shortlist} if telling else {}
        return sorted((w for w in scores if scores[w] >= _NEAR), key=lambda words: (-scores[words], words))

    # ── The thesaurus ────────────────────────────────────────────────────────────────────────────────────

    def tree(self) -> Table:
        """Return the concepts from the top down, each under what is broader.

        Columns: ``topic``, ``label``, ``broader`` (the concept that it stands under), ``depth`` (0 at the top),
        ``meetings`` (how many meetings that were held took up the concept or anything below it, each counted once).
        A concept with two broader ones stands under both.
        """
        broader = self._links(SKOS.broader)
        tops = {quad.subject for quad in self._engine.match(name=SKOS.topConceptOf)}
        narrower: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for concept, over in broader.items():
            for one in over:
                narrower[one].add(concept)
        meetings = self._meetings(broader)
        columns = ("topic", "label", "broader", "depth", "meetings")
        rows: list[Cells] = []

        def grow(concepts: Iterable[NamedNode], path: tuple[NamedNode, ...]) -> None:
            for concept in sorted(set(concepts).difference(path), key=lambda c: self._names.get(c, c.value)):
                name = Literal(self._names.get(concept, local_id(concept)))
                cells: list[Term | None] = [concept, name, path[-1] if path else None]
                cells += [Literal(len(path)), Literal(len(meetings.get(concept, ())))]
                rows.append(Cells(cells, columns))
                grow(narrower[concept], (*path, concept))

        grow((top for top in tops if isinstance(top, NamedNode) and kind_of(top) == "topic"), ())
        return Table(columns, rows, "Topics")

    def _links(self, name: NamedNode) -> dict[NamedNode, set[NamedNode]]:
        links: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for quad in self._engine.match(name=name):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                links[quad.subject].add(quad.object)
        return links

    def _meetings(self, broader: Mapping[NamedNode, set[NamedNode]]) -> dict[NamedNode, set[NamedNode]]:
        """Return the meetings held that took up each concept or anything below it."""
        held = {quad.subject for quad in self._engine.match(name=SG.status, value=_HELD)}
        taken: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for meeting, topics in self._links(SG.topic).items():
            for topic in topics if meeting in held else ():
                for concept in {topic, *above(topic, broader)}:
                    taken[concept].add(meeting)
        return taken


def _row(row: Row) -> str:
    """Return by which row a phrase is known."""
    return f"row in line {row.line}: {row.comment}" if row.comment else f"row in line {row.line}"


def above(concept: NamedNode, broader: Mapping[NamedNode, set[NamedNode]]) -> set[NamedNode]:
    """Return all that is broader than a concept; the concept itself only if the way leads round to it.

    Examples
    --------
    >>> one, two, three = (iri("topic", name) for name in ("one", "two", "three"))
    >>> sorted(local_id(concept) for concept in above(one, {one: {two}, two: {three}}))
    ['three', 'two']
    """
    found: set[NamedNode] = set()
    fresh = set(broader.get(concept, ()))
    while fresh:
        found |= fresh
        fresh = {over for thing in fresh for over in broader.get(thing, ())} - found
    return found


def outline(tree: Table) -> Iterator[tuple[int, str]]:
    """Yield depth and text of each concept of a tree, as :meth:`Topics.tree` gives it."""
    for row in tree.to_dicts():
        yield row["depth"], f"{row['label']} ({row['meetings']:,})"
