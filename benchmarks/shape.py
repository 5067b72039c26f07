"""What the invented data of :mod:`generate` borrow from the real data: structures and frequencies, learnt each time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, count
from typing import TYPE_CHECKING, Any

import msgspec
import pyoxigraph as ox

from stabgraph.dataset import read
from stabgraph.dates import Date
from stabgraph.linking import Labels
from stabgraph.records import Record
from stabgraph.turtle import natural
from stabgraph.vocabulary import SG, bundled, kind_of, local_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path
    from random import Random

__all__ = ["DRAWN", "RealDialogue", "RealMeeting", "Shape"]

#: Lists of phrases that an invented dialogue draws anew.
DRAWN = ("topics", "bodies", "instruments")

_DEFAULT = ox.DefaultGraph()


@dataclass
class RealMeeting:
    """A meeting whose structure is borrowed: its reports as plain values, and what they mostly say."""

    reports: list[dict[str, Any]]
    start: date | None = None
    ordinal: int | None = None


@dataclass
class RealDialogue:
    """A dialogue whose parties and length are borrowed."""

    kind: str
    parties: tuple[str, ...]
    meetings: list[RealMeeting]


@dataclass
class Phrases:
    """Phrases with how many meetings use each."""

    words: list[str]
    weights: list[int]
    cumulative: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.cumulative = list(accumulate(self.weights))

    def draw(self, random: Random) -> str:
        """Return a phrase, each as likely as it is used."""
        return random.choices(self.words, cum_weights=self.cumulative)[0]


@dataclass
class Shape:
    """What is learnt from the real data."""

    dialogues: list[RealDialogue]
    phrases: dict[str, Phrases]
    people: dict[str, int]
    parties_of_people: dict[str, str]
    spellings: dict[tuple[str, str], int]
    credits: dict[str, int]
    publishers: list[ox.NamedNode | None]

    @classmethod
    def learn(cls, data: Path | None = None) -> Shape:
        """Return the shape of a dataset, the bundled one if left out."""
        quads = read(data or bundled("data"))
        records = _records(quads)
        by_meeting: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            by_meeting[record.about].append(record)
        people = _numbered(
            delegate["person"] for record in records for delegate in _delegates(_plain(record))
        )
        serves = {
            local_id(q.subject): local_id(q.object)
            for q in quads
            if q.predicate == SG.serves and q.graph_name == _DEFAULT
        }
        spellings: dict[tuple[str, str], int] = {}
        numbers: dict[str, Iterator[int]] = defaultdict(count)
        for record in records:
            for delegate in _delegates(_plain(record)):
                person = delegate["person"]
                if (person, delegate["as"]) not in spellings:
                    spellings[person, delegate["as"]] = next(numbers[person])
        described = [q for q in quads if q.graph_name == _DEFAULT]
        labels = Labels(described)
        kinds = {q.subject: q.object for q in described if q.predicate == SG.kind}
        lines = _numbered(record.publisher for record in records)
        writers = [labels.credited(credit, SG.publisher) for credit in lines]
        return cls(
            dialogues=_dialogues(described, by_meeting),
            phrases={name: _phrases(by_meeting, name) for name in DRAWN},
            people=people,
            parties_of_people=serves,
            spellings=spellings,
            credits=lines,
            publishers=[kinds.get(writer) for writer in writers],
        )


def _records(quads: Iterable[ox.Quad]) -> list[Record]:
    of_report: dict[ox.NamedNode, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        head = quad.subject if quad.graph_name == _DEFAULT else quad.graph_name
        if kind_of(head) == "report":
            of_report[head].append(quad)
    records = [Record.from_rdf(of_report[node]) for node in sorted(of_report, key=lambda n: natural(n.value))]
    return [record for record in records if record.says is not None]


def _plain(record: Record) -> dict[str, Any]:
    return msgspec.to_builtins(record)


def _delegates(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    says = record["says"]
    for side in says.get("delegations", ()):
        yield from side.get("heads", ())
        yield from side.get("members", ())
    yield from says.get("participants", ())


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}


def _dialogues(described: list[ox.Quad], by_meeting: dict[str, list[Record]]) -> list[RealDialogue]:
    kinds: dict[str, str] = {}
    parties: dict[str, list[str]] = defaultdict(list)
    meetings: dict[str, list[str]] = defaultdict(list)
    for quad in described:
        if kind_of(quad.subject) == "dialogue" and quad.predicate == SG.kind:
            kinds[local_id(quad.subject)] = local_id(quad.object)
        elif kind_of(quad.subject) == "dialogue" and quad.predicate == SG.party:
            parties[local_id(quad.subject)].append(local_id(quad.object))
        elif (
            quad.predicate == SG.partOf
            and local_id(quad.subject) in by_meeting
            and kind_of(quad.object) == "dialogue"
        ):
            meetings[local_id(quad.object)].append(local_id(quad.subject))
    return [
        RealDialogue(
            kind=kinds[name],
            parties=tuple(sorted(parties[name])),
            meetings=[_meeting(by_meeting[one]) for one in sorted(meetings[name], key=natural)],
        )
        for name in sorted(meetings)
    ]


def _meeting(records: list[Record]) -> RealMeeting:
    starts = Counter(record.says.start for record in records if record.says.start)
    ordinals = Counter(record.says.ordinal for record in records if record.says.ordinal)
    sharpest = max(starts, key=lambda text: (len(text), starts[text], text), default=None)
    return RealMeeting(
        reports=[_plain(record) for record in records],
        start=Date.parse(sharpest).earliest if sharpest else None,
        ordinal=max(ordinals, key=lambda number: (ordinals[number], number), default=None),
    )


def _phrases(by_meeting: dict[str, list[Record]], name: str) -> Phrases:
    used = Counter(
        phrase
        for about in sorted(by_meeting)
        for phrase in sorted({p for record in by_meeting[about] for p in getattr(record.says, name)})
    )
    words = sorted(used)
    return Phrases(words, [used[word] for word in words])
