"""Likely duplicates: two ids that may stand for one thing, since they have near names or, as meetings, the same days.

Whether they do is for somebody to decide who reads the reports. Two ids of one thing are merged, the old one kept
by ``dcterms:replaces``; two things that only look alike are marked by ``owl:differentFrom``, and come up no more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, NamedNode

from stabgraph.linking import LABEL_PROPERTIES, words_of
from stabgraph.vocabulary import OWL, SG, kind_of, local_id, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Quad

__all__ = ["Pair", "PersonalName", "Persons", "likely_duplicates"]

#: How similar two words of a person's name are, out of 100, if they are spellings of one.
_ALIKE = 85
#: How similar two names of anything else are, out of 100, if they may name one thing.
_NEAR = 86
#: How long such a name is; abbreviations are all alike.
_TELLING = 6
#: The kinds of thing with names to compare, and the properties in which two things of near names are known to differ.
_TELLS_APART: dict[str, tuple[NamedNode, ...]] = {
    "dialogue": (SG.party,),
    "institution": (SG.partOf, SG.country),
    "instrument": (),
    "place": (SG.country,),
    "publisher": (SG.country, SG.voiceOf),
}
_NUMBER = re.compile(r"\d+|[ivx]+")

#: What transliterations write differently, put in one way. Order matters: the longer first.
_SOUNDS = (
    ("shch", "sh"), ("sch", "sh"), ("tch", "ch"), ("iy", "i"), ("ij", "i"), ("yy", "i"), ("ei", "e"), ("ey", "e"),
    ("yu", "u"), ("iu", "u"), ("ju", "u"), ("ya", "a"), ("ia", "a"), ("ja", "a"), ("ye", "e"), ("ie", "e"),
    ("kh", "h"), ("gh", "g"), ("ph", "f"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ck", "k"), ("x", "ks"),
    ("w", "v"), ("q", "k"), ("j", "i"), ("y", "i"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1")


@dataclass(frozen=True)
class Pair:
    """Two things that may be one.

    Attributes
    ----------
    first, second
        The things, in the order of their ids.
    why
        What they have in common, as the end of a sentence that begins with them.
    """

    first: NamedNode
    second: NamedNode
    why: str


@dataclass(frozen=True)
class PersonalName:
    """A name of a person as it is compared: words as they sound, and initials, both in the order written.

    Examples
    --------
    >>> PersonalName.of("S.A. Ryabkov").may_be(PersonalName.of("Sergey Alexeyevich Riabkov"))
    True
    >>> PersonalName.of("Igor Ivanov").may_be(PersonalName.of("S. Ivanov"))
    False
    """

    words: tuple[str, ...]
    initials: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> PersonalName:
        """Take a name apart."""
        parts = words_of(name)
        return cls(
            tuple(_sound(part) for part in parts if len(part) > 1),
            tuple(part for part in parts if len(part) == 1),
        )

    @property
    def full(self) -> bool:
        """Whether this says more than a surname."""
        return bool(self.words) and len(self.words) + len(self.initials) > 1

    def may_be(self, other: PersonalName) -> bool:
        """Tell whether two names can be one person's: all words that both could have are the same, in any order."""
        if self._run_together() & other._run_together():
            return True
        few, many = sorted((self, other), key=lambda name: len(name.words))
        left = list(many.words)
        for word in few.words:
            same = next((candidate for candidate in left if _same_word(word, candidate)), None)
            if same is None:
                return False
            left.remove(same)
        first = Counter(word[0] for word in (*left, *many.initials))
        return (first & Counter(few.initials)).total() >= min(first.total(), len(few.initials))

    def _run_together(self) -> set[str]:
        """Return the words as one, from each on: "Choi Jong-moon" is "Jongmoon Choi"."""
        return {"".join((*self.words[n:], *self.words[:n])) for n in range(len(self.words))}

    def is_familiar_for(self, other: PersonalName) -> bool:
        """Tell whether the surnames are the same, and the first names begin alike: "Mike" and "Michael"."""
        if not len(self.words) == len(other.words) == 2:  # noqa: PLR2004  a first name and a surname
            return False
        (first, surname), (second, other_surname) = self.words, other.words
        return first[0] == second[0] and _same_word(surname, other_surname)


def _numbers(name: str) -> list[str]:
    return [part for part in name.split() if _NUMBER.fullmatch(part)]


def _listed(things: Iterable[Any]) -> str:
    return ", ".join(sorted(local_id(thing) for thing in things))


def _sound(word: str) -> str:
    word = _DOUBLED.sub(r"\1", word)
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return word


def _same_word(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return one == other or fuzz.ratio(one, other) >= _ALIKE


class Persons:
    """The officials of a dataset, by what they are called and whom they serve.

    Parameters
    ----------
    quads
        A dataset with its claims: labels, and names as reports write them. What consists of words of posts only,
        such as "The President", names nobody.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._serves: dict[NamedNode, set[Any]] = defaultdict(set)
        self._names: dict[NamedNode, set[PersonalName]] = defaultdict(set)
        self._bearers: dict[str, set[NamedNode]] = defaultdict(set)
        persons: dict[Any, Any] = {}
        texts: list[tuple[Any, str]] = []
        titles: set[str] = set()
        for subject, name, value, graph in quads:
            if name == SG.official:
                persons[subject, graph] = value
            elif name == SG.nameAsWritten:
                texts.append(((subject, graph), words(value)))
            elif name == SG.post:
                titles.update(words_of(words(value)))
            elif name == SG.serves and isinstance(subject, NamedNode):
                self._serves[subject].add(value)
            elif name in LABEL_PROPERTIES and kind_of(subject) == "official":
                texts.append((subject, words(value)))
        for key, text in texts:
            if not titles.issuperset(words_of(text)):
                self.learn(persons.get(key, key), text)

    def learn(self, person: NamedNode, name: str, *parties: Any) -> None:
        """Take note of a name of a person, and of parties that the person serves."""
        known = PersonalName.of(name)
        self._serves[person].update(parties)
        if known.full:
            self._names[person].add(known)
            for word in known.words:
                self._bearers[word].add(person)

    def namesakes(self, name: str, *parties: Any) -> list[NamedNode]:
        """Return the officials who may be the one of a name who serves the given parties."""
        return self._like({PersonalName.of(name)}, set(parties))

    def pairs(self) -> Iterator[Pair]:
        """Yield every two officials who may be one."""
        for person, names in list(self._names.items()):
            for other in self._like(names, self._serves[person]):
                if str(person) < str(other):
                    shared = self._serves[person] & self._serves[other]
                    served = "both serve " + _listed(shared) if shared else "serve different parties"
                    yield Pair(person, other, f"have names that one person could bear, and {served}")

    def _like(self, names: set[PersonalName], parties: set[Any]) -> list[NamedNode]:
        near = {word for name in names for own in name.words for word in self._spellings(own)}
        return [
            person
            for person in sorted(set().union(*(self._bearers[word] for word in near)), key=str)
            if any(
                _one_person(ours, theirs, together=bool(parties & self._serves[person]))
                for ours in names
                for theirs in self._names[person]
            )
        ]

    def _spellings(self, word: str) -> list[str]:
        from rapidfuzz import fuzz, process

        found = process.extract(
            word, self._bearers.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None
        )
        return [spelling for spelling, *_ in found]


def _one_person(one: PersonalName, other: PersonalName, *, together: bool) -> bool:
    """Tell whether two names may be one person's; where they serve no party together, a surname says too little."""
    if not (one.full and other.full):
        return False
    if together:
        return one.may_be(other) or one.is_familiar_for(other)
    return min(len(one.words), len(other.words)) > 1 and one.may_be(other)


def likely_duplicates(quads: Iterable[Quad]) -> list[Pair]:
    """Return what may be one thing under two ids, but for what is marked as different.

    Parameters
    ----------
    quads
        The whole graph of a dataset, with claims and conclusions.
    """
    graph = list(quads)
    apart = {frozenset((q.subject, q.object)) for q in graph if q.predicate == OWL.differentFrom}
    found = [*Persons(graph).pairs(), *_near_names(graph), *_Meetings(graph).pairs()]
    return sorted(
        (pair for pair in found if frozenset((pair.first, pair.second)) not in apart),
        key=lambda pair: (kind_of(pair.first), str(pair.first), str(pair.second)),
    )


def _near_names(graph: Iterable[Quad]) -> Iterator[Pair]:
    """Yield things of one kind with near names, unless a number, a state or a party in them tells them apart."""
    from rapidfuzz import fuzz, process

    labels: dict[str, set[tuple[str, NamedNode]]] = defaultdict(set)
    facts: dict[tuple[Any, NamedNode], set[Any]] = defaultdict(set)
    for subject, name, value, _ in graph:
        kind = kind_of(subject)
        if kind in _TELLS_APART and isinstance(subject, NamedNode):
            if name in LABEL_PROPERTIES and len(words(value)) >= _TELLING:
                labels[kind].add((" ".join(words_of(words(value))), subject))
            elif name in _TELLS_APART[kind]:
                facts[subject, name].add(value)
    for kind, named in labels.items():
        bearers = sorted(named, key=str)
        names = [name for name, _ in bearers]
        alike = process.cdist(names, names, scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR)
        pairs: dict[tuple[NamedNode, NamedNode], str] = {}
        for row, column in zip(*alike.nonzero(), strict=True):
            (one, first), (other, second) = bearers[row], bearers[column]
            if str(first) < str(second) and _numbers(one) == _numbers(other):
                pairs.setdefault((first, second), f"have near names ({one!r} and {other!r})")
        for (first, second), why in pairs.items():
            if all(_agree(facts[first, name], facts[second, name]) for name in _TELLS_APART[kind]):
                yield Pair(first, second, why)


def _agree(one: set[Any], other: set[Any]) -> bool:
    return not one or not other or one == other


def _closure(thing: Any, above: dict[Any, set[Any]]) -> set[Any]:
    """Return all that a thing is part of, over any number of steps."""
    found: set[Any] = set()
    steps = [thing]
    while steps:
        new = above.get(steps.pop(), set()) - found
        found |= new
        steps += new
    return found


class _Meetings:
    """When the meetings of a graph were, who took part, and what they are part of."""

    def __init__(self, graph: Iterable[Quad]) -> None:
        self.first: dict[Any, str] = {}
        self.last: dict[Any, str] = {}
        self.parties: dict[Any, set[Any]] = defaultdict(set)
        self._above: dict[Any, set[Any]] = defaultdict(set)
        for subject, name, value, where in graph:
            if isinstance(where, DefaultGraph) and kind_of(subject) == "meeting":
                if name == SG.earliest:
                    self.first[subject] = words(value)
                elif name == SG.latest:
                    self.last[subject] = words(value)
                elif name == SG.party:
                    self.parties[subject].add(value)
                elif name == SG.partOf:
                    self._above[subject].add(value)

    def wholes(self, meeting: Any) -> set[Any]:
        """Return the dialogue and the larger meetings that a meeting is part of."""
        return _closure(meeting, self._above)

    def days(self, meeting: Any) -> str:
        return f"{self.first[meeting]}/{self.last[meeting]}"

    def pairs(self) -> Iterator[Pair]:
        """Yield meetings on the same days, of one dialogue or of the same parties, unless one is part of the other."""
        dated = sorted((first, self.last[meeting], meeting) for meeting, first in self.first.items())
        for place, (_, end, one) in enumerate(dated):
            for begin, _, other in dated[place + 1 :]:
                if begin > end:
                    break
                why = self._why(one, other)
                if why:
                    first, second = sorted((one, other), key=str)
                    yield Pair(first, second, why)

    def _why(self, one: Any, other: Any) -> str | None:
        ours, theirs = self.wholes(one), self.wholes(other)
        if one in theirs or other in ours:
            return None
        if ours & theirs:
            return f"are of one dialogue and overlap in time ({self.days(one)} and {self.days(other)})"
        if self.days(one) == self.days(other) and self.parties[one] == self.parties[other] != set():
            return f"have the same parties and the same days ({self.days(one)})"
        return None
