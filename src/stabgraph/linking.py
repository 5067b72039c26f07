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

__all__ = ["LABEL_PROPERTIES", "PHRASES", "Labels", "fold", "links", "resolve", "words_of"]

LABEL_PROPERTIES = frozenset({RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation})

#: The property that holds the words, the property that holds the thing, and the kinds that the words can name.
PHRASES: dict[NamedNode, tuple[NamedNode, tuple[str, ...]]] = {
    SG.topicPhrase: (SG.topic, ("topic",)),
    SG.institutionPhrase: (SG.institution, ("institution",)),
    SG.instrumentPhrase: (SG.instrument, ("instrument",)),
    SG.observerPhrase: (SG.observer, ("state", "institution")),
    SG.absentPhrase: (SG.absent, ("state", "institution")),
}

_RESOLVED = frozenset({*PHRASES, SG.credit, SG.city, SG.country})

#: Where British and American spelling part, and what stands for both.
_SPELLINGS = {
    "is": "iz",
    "defence": "defense",
    "offence": "offense",
    "programme": "program",
    "centre": "center",
    "labour": "labor",
    "behaviour": "behavior",
    "neighbour": "neighbor",
    "harbour": "harbor",
}
_BRITISH = re.compile(
    r"is(?=(?:e|ed|es|ing|ation|ations)\b)|\b(?:de|of)fence|\bprogramme|\bcentre|(?:labo|behavio|neighbo|harbo)ur"
)
_WORD = re.compile(r"\w+")
_JOINTS = re.compile(r"[-‐-―’'`]")
#: The kinds of thing that words of reports can name.
_NAMED_KINDS = frozenset({"topic", "institution", "instrument", "state", "place", "publisher"})


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
    plain = " ".join(_JOINTS.sub(" ", plain).split())
    return _BRITISH.sub(lambda found: _SPELLINGS[found[0]], plain)


def words_of(text: str) -> list[str]:
    """Return the words of a name or phrase, folded.

    Examples
    --------
    >>> words_of("S.A. Ryabkov")
    ['s', 'a', 'ryabkov']
    """
    return _WORD.findall(fold(text))


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
        for subject, name, value, _ in descriptions:
            if isinstance(subject, NamedNode):
                self._learn(subject, name, value)

    def _learn(self, subject: NamedNode, name: NamedNode, value: object) -> None:
        if isinstance(value, Literal):
            if name in LABEL_PROPERTIES:
                kind = kind_of(subject)
                if kind in _NAMED_KINDS:
                    self._named[kind, fold(value.value)].add(subject)
            elif name == SG.credit and kind_of(subject) == "publisher":
                self._credits[SG.publisher][fold(value.value)] = subject
            elif name == SG.carries:
                self._credits[SG.via][fold(value.value)] = subject
        elif isinstance(value, NamedNode):
            if name == SG.country and kind_of(subject) == "place":
                self._countries[subject] = value
            elif name in (SG.continuedBy, DCTERMS.isReplacedBy):
                self._successors[subject].add(value)

    def things(self, kind: str) -> frozenset[NamedNode]:
        """Return all things of a kind that bear a label."""
        return frozenset().union(*(things for (of, _), things in self._named.items() if of == kind))

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
        if name not in _RESOLVED:
            continue
        words = quad.object
        if name == SG.country and isinstance(words, NamedNode):
            countries[quad.subject, quad.graph_name] = words
        if not isinstance(words, Literal):
            continue
        if name in PHRASES:
            target, kinds = PHRASES[name]
            yield quad, _linked(quad, target, labels.one(words.value, *kinds))
        elif name == SG.city:
            cities.append((quad, words.value))
        elif name == SG.credit and kind_of(quad.subject) == "report":
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
