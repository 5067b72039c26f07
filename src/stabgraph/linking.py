"""From words to things: what a phrase of a report names.

A report's file holds its words only. Which concept, institution, instrument, place or publisher they name is
looked up here, each time it is read: in the tables of mappings, which know phrases that say several things or
something narrower than any concept, else in the labels of the dataset. A label added to the thesaurus, or a row to a
table, links every report that uses the words, and no report has to be rewritten.
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
    from collections.abc import Iterable, Iterator, Sequence

    from stabgraph.mappings import Mapping

__all__ = ["LABEL_PROPERTIES", "PHRASES", "Labels", "fold", "links", "resolve", "words_of"]

LABEL_PROPERTIES = frozenset({RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation})

#: The property that holds the words, and for each kind of thing that they can name, in the order in which labels are
#: tried, the property that holds the thing.
PHRASES: dict[NamedNode, dict[str, NamedNode]] = {
    SG.topicPhrase: {
        "topic": SG.topic,
        "instrument": SG.instrument,
        "institution": SG.institution,
        "state": SG.state,
    },
    SG.institutionPhrase: {"institution": SG.institution},
    SG.instrumentPhrase: {"instrument": SG.instrument},
    SG.observerPhrase: {"state": SG.observer, "institution": SG.observer},
    SG.absentPhrase: {"state": SG.absent, "institution": SG.absent},
    SG.post: {"rank": SG.rank},
}

_RESOLVED = frozenset({*PHRASES, SG.credit, SG.city, SG.country, SG.represents})
#: What tells apart what words of the same subject mean, and is looked at before them.
_TELLING = frozenset({SG.country, SG.represents})

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
_NAMED_KINDS = frozenset({kind for kinds in PHRASES.values() for kind in kinds} | {"place", "publisher"})


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
    mappings
        Rows of the tables. A row to a thing that bears no label here counts for nothing: a small dataset does not
        describe all that the tables know.
    """

    def __init__(self, descriptions: Iterable[Quad], mappings: Iterable[Mapping] = ()) -> None:
        self._named: dict[tuple[str, str], set[NamedNode]] = defaultdict(set)
        self._countries: dict[NamedNode, NamedNode] = {}
        self._successors: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._credits: dict[NamedNode, dict[str, NamedNode]] = {SG.publisher: {}, SG.via: {}}
        for subject, name, value, _ in descriptions:
            if isinstance(subject, NamedNode):
                self._learn(subject, name, value)
        known = {thing for things in self._named.values() for thing in things}
        self._mapped: dict[tuple[NamedNode, str], list[Mapping]] = defaultdict(list)
        for row in mappings:
            if row.thing in known and kind_of(row.thing) in PHRASES[row.words]:
                self._mapped[row.words, fold(row.phrase)].append(row)

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

    def rows(self, name: NamedNode, phrase: str, source: NamedNode | None = None) -> Sequence[Mapping]:
        """Return the rows of the tables that say what a phrase means, those for its source before those for all.

        Parameters
        ----------
        name
            The property that holds the phrase.
        phrase
            The phrase.
        source
            The party in whose service it is used.
        """
        rows = self._mapped.get((name, fold(phrase)))
        if rows is None:
            return ()
        own = [row for row in rows if row.source == source]
        return own or [row for row in rows if row.source is None]

    def meant(self, name: NamedNode, phrase: str, source: NamedNode | None = None) -> list[NamedNode]:
        """Return what a phrase means: what the tables say, else what bears it as label; see :meth:`rows`."""
        rows = self.rows(name, phrase, source)
        if rows:
            return list(dict.fromkeys(row.thing for row in rows))
        thing = self.one(phrase, *PHRASES[name])
        return [] if thing is None else [thing]

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
    telling: dict[tuple[object, NamedNode, object], NamedNode] = {}
    worded: list[tuple[Quad, str]] = []
    for quad in quads:
        name = quad.predicate
        if name not in _RESOLVED:
            continue
        subject, _, words, graph = quad
        if isinstance(words, Literal):
            worded.append((quad, words.value))
        elif name in _TELLING and isinstance(words, NamedNode):
            telling[subject, name, graph] = words
    for quad, phrase in worded:
        subject, name, _, graph = quad
        if name in PHRASES:
            targets = PHRASES[name]
            things = labels.meant(name, phrase, telling.get((subject, SG.represents, graph)))
            yield quad, [Quad(subject, targets[kind_of(thing)], thing, graph) for thing in things]
        elif name == SG.city:
            country = telling.get((subject, SG.country, graph))
            yield quad, _linked(quad, SG.place, labels.place(phrase, country))
        elif name == SG.credit and kind_of(subject) == "report":
            writer = _linked(quad, SG.publisher, labels.credited(phrase, SG.publisher))
            carrier = _linked(quad, SG.via, labels.credited(phrase, SG.via))
            yield quad, writer + carrier


def links(quads: Iterable[Quad], labels: Labels) -> Iterator[Quad]:
    """Yield, for every phrase that names something known, the links to it, in the graph of the phrase."""
    for _, found in resolve(quads, labels):
        yield from found


def _linked(quad: Quad, name: NamedNode, thing: NamedNode | None) -> list[Quad]:
    return [] if thing is None else [Quad(quad.subject, name, thing, quad.graph_name)]
