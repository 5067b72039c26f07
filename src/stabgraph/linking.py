"""From words to things: what a phrase of a report names.

A report's file holds its words only. Which concept, institution, instrument, place or publisher they name is
looked up here in the labels of the dataset, each time it is read: a label added to the thesaurus links every
report that uses it, and no report has to be rewritten.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from stabgraph.vocabulary import DCTERMS, RDFS, SG, SKOS, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["LABEL_PROPERTIES", "PHRASES", "Labels", "fold", "links", "resolve"]

LABEL_PROPERTIES = frozenset({RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation})

#: The property that holds the words, the property that holds the thing, and the kinds that the words can name.
PHRASES: dict[NamedNode, tuple[NamedNode, tuple[str, ...]]] = {
    SG.topicPhrase: (SG.topic, ("topic",)),
    SG.institutionPhrase: (SG.institution, ("institution",)),
    SG.instrumentPhrase: (SG.instrument, ("instrument",)),
    SG.observerPhrase: (SG.observer, ("state", "institution")),
    SG.absentPhrase: (SG.absent, ("state", "institution")),
}

#: Every property that has to do with words and what they name: most quads have none of these.
_BEARING = frozenset({*PHRASES, SG.credit, SG.city, SG.country})

_JOINING = re.compile("[-‐-―’'`]")
#: British spellings: what to look for first (to see whether a text has it is much quicker than a pattern), and how.
_SPELLINGS = (
    ("is", re.compile(r"is(e|ed|es|ing|ation|ations)\b"), r"iz\1"),
    ("fence", re.compile(r"\b(de|of)fence"), r"\1fense"),
    ("programme", re.compile(r"\bprogramme"), "program"),
    ("centre", re.compile(r"\bcentre"), "center"),
    ("our", re.compile(r"(labo|behavio|neighbo|harbo)ur"), r"\1r"),
)


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Return a phrase without the differences that do not matter: case, hyphens, accents, British spelling.

    Examples
    --------
    >>> fold("Militarisation of Outer  Space") == fold("militarization of outer space")
    True
    >>> fold("Confidence-building") == fold("confidence building")
    True
    >>> fold("missile defence") == fold("Missile Defense")
    True
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", text).casefold()
        plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    plain = " ".join(_JOINING.sub(" ", plain).split())
    for trace, pattern, replacement in _SPELLINGS:
        if trace in plain:
            plain = pattern.sub(replacement, plain)
    return plain


class Labels:
    """Which thing a name names, by kind of thing.

    Parameters
    ----------
    descriptions
        The quads that describe things: their labels, a place's country, a state's successors, the credit lines
        of publishers.
    """

    def __init__(self, descriptions: Iterable[Quad]) -> None:
        self._named: dict[tuple[str, str], set[NamedNode]] = defaultdict(set)
        self._countries: dict[NamedNode, NamedNode] = {}
        self._successors: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._credits: dict[NamedNode, dict[str, NamedNode]] = {SG.publisher: {}, SG.via: {}}
        for quad in descriptions:
            if isinstance(quad.subject, NamedNode):
                self._learn(quad.subject, quad.predicate, quad.object)

    def _learn(self, subject: NamedNode, name: NamedNode, value: object) -> None:
        if isinstance(value, Literal):
            if name in LABEL_PROPERTIES:
                self._named[kind_of(subject), fold(value.value)].add(subject)
            elif name == SG.credit and kind_of(subject) == "publisher":
                self._credits[SG.publisher][fold(value.value)] = subject
            elif name == SG.carries:
                self._credits[SG.via][fold(value.value)] = subject
        elif isinstance(value, NamedNode):
            if name == SG.country and kind_of(subject) == "place":
                self._countries[subject] = value
            elif name in (SG.continuedBy, DCTERMS.isReplacedBy):
                self._successors[subject].add(value)

    def find(self, phrase: str, *kinds: str) -> frozenset[NamedNode]:
        """Return the things of the given kinds that bear a label."""
        key = fold(phrase)
        return frozenset().union(*(self._named.get((kind, key), ()) for kind in kinds))

    def one(self, phrase: str, *kinds: str) -> NamedNode | None:
        """Return the thing that a phrase names, trying the kinds in turn, or None if it names none or several."""
        for kind in kinds:
            found = self.find(phrase, kind)
            if len(found) == 1:
                return next(iter(found))
        return None

    def place(self, city: str, country: NamedNode | None) -> NamedNode | None:
        """Return the place of a name that lies in a country, or in one that succeeded it.

        A report of 1972 puts Moscow in the Soviet Union, the gazetteer in Russia: they mean one place.
        """
        found = self.find(city, "place")
        if country is not None:
            allowed = {country, *self._successors.get(country, ())}
            found = frozenset(place for place in found if self._countries.get(place) in allowed)
        return next(iter(found)) if len(found) == 1 else None

    def credited(self, credit: str, role: NamedNode) -> NamedNode | None:
        """Return who wrote (``sg:publisher``) or who carries (``sg:via``) a text with this credit line."""
        found = self._credits[role].get(fold(credit))
        if found is None and role == SG.publisher:
            return self.one(credit, "publisher")
        return found


def resolve(quads: Iterable[Quad], labels: Labels) -> Iterator[tuple[Quad, list[Quad]]]:
    """Yield every quad that holds words, with the links to what the words name, in the graph of the words."""
    cities: list[tuple[Quad, str]] = []
    countries: dict[tuple[object, object], NamedNode] = {}
    for quad in quads:
        name = quad.predicate
        if name not in _BEARING:
            continue
        words = quad.object
        if isinstance(words, NamedNode):
            if name == SG.country:
                countries[quad.subject, quad.graph_name] = words
        elif not isinstance(words, Literal):
            continue
        elif name in PHRASES:
            target, kinds = PHRASES[name]
            yield quad, _linked(quad, target, labels.one(words.value, *kinds))
        elif name == SG.city:
            cities.append((quad, words.value))
        elif name == SG.credit and _kind(quad) == "report":
            writer = _linked(quad, SG.publisher, labels.credited(words.value, SG.publisher))
            carrier = _linked(quad, SG.via, labels.credited(words.value, SG.via))
            yield quad, writer + carrier
    for quad, city in cities:
        country = countries.get((quad.subject, quad.graph_name))
        yield quad, _linked(quad, SG.place, labels.place(city, country))


def links(quads: Iterable[Quad], labels: Labels) -> Iterator[Quad]:
    """Yield, for every phrase that names something known, the link to it, in the graph of the phrase."""
    for _, found in resolve(quads, labels):
        yield from found


def _linked(quad: Quad, name: NamedNode, thing: NamedNode | None) -> list[Quad]:
    return [] if thing is None else [Quad(quad.subject, name, thing, quad.graph_name)]


def _kind(quad: Quad) -> str:
    return kind_of(quad.subject) if isinstance(quad.subject, NamedNode) else ""
