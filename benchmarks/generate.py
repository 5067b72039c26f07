"""An invented dataset of any size in the shape of the real one: ``python benchmarks/generate.py -o DIR``.

The shape is learnt from the bundled data each time: an invented dialogue borrows the parties and the number of meetings
of a real one, an invented meeting the structure of a real one of that dialogue: how many reports, which of them agree,
overlap or contradict one another, how precise their dates are. All that would identify it is replaced: ids, people,
publishers, addresses, dates, outcomes, and topics, which are drawn anew as often as real reports use them. Ids begin
with ``bench-``, names with "Invented". What is described truly is what claims point to: states, places, institutions,
instruments, and the thesaurus.

The same seed gives the same bytes. Dialogues are made one at a time, so memory does not grow with the size.
"""

from __future__ import annotations

import argparse
import re
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from shape import DRAWN, Shape

from stabgraph.dates import Date
from stabgraph.errors import DateError, RecordError
from stabgraph.fields import convert
from stabgraph.records import Dialogue, Meeting, Person, Record
from stabgraph.vocabulary import PREFIXES, RDF, RDFS, SG, bundled, iri, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shape import RealDialogue, RealMeeting

#: What the files say truly: the things that invented claims point to.
REFERENCE = ("states.ttl", "places.ttl", "institutions.ttl", "instruments.ttl")

_DAY = re.compile(r"(?<![\dXYE-])(\d{4})(?:-(0\d|1[0-2])(?:-(\d\d))?)?(?![\dX-])")


# ── Inventing ────────────────────────────────────────────────────────────────────────────────────────────


def generate(meetings: int, *, seed: int = 0, shape: Shape | None = None) -> Iterator[list[ox.Quad]]:
    """Yield a dataset of so many meetings: first what all share, then dialogue by dialogue.

    A dialogue comes with its meetings, its reports and the officials not yet described, so that each list together with
    the first one is a dataset of its own.
    """
    shape = shape or Shape.learn()
    random = Random(f"stabgraph benchmark {seed}")
    yield [*_reference(), *_publishers(shape)]
    numbers = count(1)
    left = meetings
    for cohort in count(1):
        # Every cohort is about as large as the real data and has its own generation of officials.
        described: set[str] = set()
        for real in random.sample(shape.dialogues, len(shape.dialogues)):
            if left <= 0:
                return
            inventor = _Inventor(shape, random, next(numbers), cohort)
            quads = inventor.dialogue(real, min(left, len(real.meetings)))
            for name in inventor.people:
                if name not in described:
                    described.add(name)
                    quads += inventor.official(name).to_rdf()
            left -= len(real.meetings)
            yield quads


def write(folder: Path, meetings: int, *, seed: int = 0, shape: Shape | None = None) -> None:
    """Write a dataset of so many meetings: the entities in one file, and one file for each dialogue."""
    (folder / "reports").mkdir(parents=True)
    with (folder / "entities.ttl").open("wb") as entities:
        for number, quads in enumerate(generate(meetings, seed=seed, shape=shape)):
            told = [quad for quad in quads if kind_of(_head(quad)) in {"meeting", "report"}]
            shared = [quad.triple for quad in quads if kind_of(_head(quad)) not in {"meeting", "report"}]
            ox.serialize(shared, entities, format=ox.RdfFormat.N_TRIPLES)
            if told:
                path = folder / "reports" / f"bench-{number}.trig"
                ox.serialize(told, str(path), format=ox.RdfFormat.TRIG, prefixes=PREFIXES)


def _head(quad: ox.Quad) -> ox.NamedNode:
    return quad.subject if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name


def _reference() -> Iterator[ox.Quad]:
    for name in REFERENCE:
        yield from ox.parse(path=str(bundled("data") / name), format=ox.RdfFormat.TURTLE)


def _publishers(shape: Shape) -> Iterator[ox.Quad]:
    for number, kind in enumerate(shape.publishers, start=1):
        node = iri("publisher", f"bench-publisher-{number}")
        yield ox.Quad(node, RDF.type, SG.Publisher)
        yield ox.Quad(node, RDFS.label, ox.Literal(f"Invented Publisher {number}", language="en"))
        if kind is not None:
            yield ox.Quad(node, SG.kind, kind)


class _Inventor:
    """Makes one dialogue: what stands for what is remembered here."""

    def __init__(self, shape: Shape, random: Random, number: int, cohort: int) -> None:
        self.shape = shape
        self.random = random
        self.number = number
        self.cohort = cohort
        self.people: dict[str, None] = {}
        self.drawn: dict[str, dict[str, str]] = {name: {} for name in DRAWN}
        self.shift = timedelta(days=random.randrange(-3650, 3650))

    def dialogue(self, real: RealDialogue, length: int) -> list[ox.Quad]:
        name = f"bench-{self.number}"
        whole = Dialogue(
            id=name, name=f"Invented Dialogue {self.number}", kind=real.kind, parties=real.parties
        )
        quads = whole.to_rdf()
        for round_, place in enumerate(real.meetings[:length], start=1):
            meeting = f"{name}-{round_}"
            quads += Meeting(id=meeting, series=name, label=f"Meeting {round_}").to_rdf()
            quads += self._reports(meeting, place, self.random.choice(real.meetings))
        return quads

    def official(self, real: str) -> Person:
        number = self.shape.people[real]
        return Person(
            id=self.person(real),
            name=f"Invented Official {self.cohort} {number}",
            of=self.shape.parties_of_people.get(real, "UNO"),
        )

    def person(self, real: str) -> str:
        return f"bench-official-{self.cohort}-{self.shape.people[real]}"

    def _reports(self, meeting: str, place: RealMeeting, model: RealMeeting) -> Iterator[ox.Quad]:
        """Yield reports like those of the model on a meeting that stands where another stood in its dialogue."""
        change = _Change(self, meeting, place, model)
        for real in model.reports:
            try:
                record = convert(change.report(real), Record)
            except RecordError:
                # Dates of uneven precision can cross when they are moved.
                record = convert(change.report(real, without=("end",)), Record)
            yield from record.to_rdf()

    def phrase(self, field_: str, real: str) -> str:
        known = self.drawn[field_]
        if real not in known:
            taken = set(known.values())
            draws = (self.shape.phrases[field_].draw(self.random) for _ in range(20))
            known[real] = next((word for word in draws if word not in taken), real)
        return known[real]


class _Change:
    """What becomes what in the reports on one meeting, the same in all of them: so they agree as the real ones do."""

    def __init__(self, inventor: _Inventor, meeting: str, place: RealMeeting, model: RealMeeting) -> None:
        self.inventor = inventor
        self.meeting = meeting
        self.ids = {real["id"]: f"{meeting}-r{i}" for i, real in enumerate(model.reports, start=1)}
        self.rise = (place.ordinal or 0) - (model.ordinal or 0)
        self.texts: dict[str, int] = {}
        self.start = model.start or date(2000, 1, 1)
        self.target = (place.start or self.start) + inventor.shift

    def report(self, real: dict[str, Any], without: tuple[str, ...] = ()) -> dict[str, Any]:
        name = self.ids[real["id"]]
        new = {
            "id": name,
            "url": f"https://bench.example/{name}",
            "publisher": f"Invented Publisher {self.inventor.shape.credits[real['publisher']]}",
            "language": real["language"],
            "about": self.meeting,
            "says": {
                key: self._value(key, value) for key, value in real["says"].items() if key not in without
            },
        }
        if "published" in real:
            new["published"] = self._moved(real["published"])
        if real.get("copy_of") in self.ids:
            new["copy_of"] = self.ids[real["copy_of"]]
        return new

    def _value(self, key: str, value: Any) -> Any:
        changes: dict[str, Callable[[], Any]] = {
            "ordinal": lambda: max(1, value + self.rise),
            "outcomes": lambda: [self._text("outcome", text) for text in value],
            "documents": lambda: [self._text("document", text) for text in value],
            "delegations": lambda: [self._side(side) for side in value],
            "participants": lambda: [self._delegate(delegate) for delegate in value],
            "next": lambda: {name: self._value(name, part) for name, part in value.items()},
            **dict.fromkeys(("start", "end", "when"), lambda: self._moved(value)),
            **dict.fromkeys(DRAWN, lambda: [self.inventor.phrase(key, phrase) for phrase in value]),
        }
        return changes.get(key, lambda: value)()

    def _side(self, real: dict[str, Any]) -> dict[str, Any]:
        people = {
            name: [self._delegate(one) for one in real[name]] for name in ("heads", "members") if name in real
        }
        return {**real, **people}

    def _text(self, kind: str, real: str) -> str:
        number = self.texts.setdefault(f"{kind} {real}", len(self.texts) + 1)
        return f"Invented {kind} {number}"

    def _delegate(self, real: dict[str, Any]) -> dict[str, Any]:
        shape, person = self.inventor.shape, real["person"]
        self.inventor.people[person] = None
        spelling = shape.spellings[person, real["as"]]
        name = f"Invented Official {self.inventor.cohort} {shape.people[person]}"
        changed = {
            "person": self.inventor.person(person),
            "as": f"{name}, spelling {spelling}" if spelling else name,
        }
        return {**real, **changed}

    def _moved(self, text: str) -> str:
        """Return a date as far from the invented start as it is from the real one, no more precise."""
        moved = _DAY.sub(self._moved_part, text)
        try:
            return Date.parse(moved).text
        except DateError:
            return text

    def _moved_part(self, found: re.Match[str]) -> str:
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        same = year == self.start.year and month in {None, self.start.month}
        try:
            # A month or a year that holds the real start holds the invented one.
            real = self.start if same and day is None else date(year, month or 1, day or 1)
            return (self.target + (real - self.start)).isoformat()[: len(found[0])]
        except (ValueError, OverflowError):
            return found[0]


def main() -> None:
    """Write the dataset that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--meetings", type=int, default=1000, help="how many meetings (1,000)")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives another dataset (0)")
    parser.add_argument("-o", "--output", type=Path, required=True, help="directory to write")
    options = parser.parse_args()
    write(options.output, options.meetings, seed=options.seed)


if __name__ == "__main__":
    main()
