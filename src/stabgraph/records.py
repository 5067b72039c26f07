"""The record: what one report says about one meeting or instrument, as a checked object; to and from YAML and RDF.

A record file is YAML with five lists: ``series`` (dialogues), ``meetings``, ``people``, ``instruments`` and
``reports``. Each entry of ``reports`` is a :class:`Record`; the other lists introduce the things that records point to
by id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from pyoxigraph import NamedNode, Quad

from stabgraph.claims import edtf, english, from_quads, outcome, to_quads
from stabgraph.dates import Date
from stabgraph.errors import RecordError, one_line
from stabgraph.fields import (
    END,
    Capacity,
    Checked,
    Code,
    Edtf,
    Id,
    Kind,
    Language,
    Level,
    Mode,
    Ordinal,
    Status,
    Text,
    Url,
    convert,
    no_repeats,
)
from stabgraph.plain_yaml import read_yaml, write_yaml
from stabgraph.vocabulary import OWL, RDF, RDFS, SG, SKOS, iri, party

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = [
    "Announcement",
    "Delegate",
    "Delegation",
    "Dialogue",
    "Instrument",
    "Life",
    "Meeting",
    "Participant",
    "Person",
    "Record",
    "RecordFile",
    "Statement",
    "json_schema",
    "read_entries",
]


class Delegate(Checked, frozen=True, kw_only=True, rename={"name": "as"}):
    """A person on a party's side: who it is, and the name and post that the report gives."""

    person: Id
    name: Text
    role: Text | None = None
    organisation: Text | None = None


class Delegation(Checked, frozen=True, kw_only=True):
    """One side at a meeting."""

    unordered: ClassVar = ("heads", "members")

    party: Code
    heads: tuple[Delegate, ...] = ()
    members: tuple[Delegate, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        no_repeats("heads", [delegate.person for delegate in (*self.heads, *self.members)])


class Participant(Delegate, frozen=True, kw_only=True, rename={"name": "as"}):
    """A person who takes part without being on a side, or who was expected and stayed away."""

    capacity: Capacity
    party: Code | None = None


class Announcement(Checked, frozen=True, kw_only=True):
    """What a meeting said about the next one of its dialogue."""

    dates: ClassVar = ("when",)
    states: ClassVar = ("country",)

    ordinal: Ordinal | None = None
    city: Text | None = None
    country: Code | None = None
    when: Edtf | None = None


class Statement(Checked, frozen=True, kw_only=True):
    """What a report says about its meeting; a field is left out where the report is silent."""

    unordered: ClassVar = (
        "hosts", "delegations", "participants", "observers", "absent",
        "topics", "bodies", "instruments", "outcomes", "documents",
    )  # fmt: skip
    dates: ClassVar = ("start", "end")
    states: ClassVar = ("country",)

    ordinal: Ordinal | None = None
    start: Edtf | None = None
    end: Edtf | None = None
    city: Text | None = None
    country: Code | None = None
    venue: Text | None = None
    mode: Mode | None = None
    level: Level | None = None
    status: Status | None = None
    hosts: tuple[Code, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    participants: tuple[Participant, ...] = ()
    observers: tuple[Text, ...] = ()
    absent: tuple[Text, ...] = ()
    topics: tuple[Text, ...] = ()
    bodies: tuple[Text, ...] = ()
    instruments: tuple[Text, ...] = ()
    outcomes: tuple[Text, ...] = ()
    documents: tuple[Text, ...] = ()
    next: Announcement | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        no_repeats("delegations", [delegation.party for delegation in self.delegations])
        delegates = [
            f"{delegation.party} {delegate.person}"
            for delegation in self.delegations
            for delegate in (*delegation.heads, *delegation.members)
        ]
        others = [f"{other.party} {other.person}" for other in self.participants]
        no_repeats("participants", delegates + others)
        if self.start and self.end:
            begin, end = Date.parse(self.start).earliest, Date.parse(self.end).latest
            if begin and end and end < begin:
                raise ValueError(f"the meeting ends ({self.end}) before it starts ({self.start}) (in `end`)")
        products = {outcome("", "documents", text) for text in self.documents}
        if self.next:
            products.add(outcome("", "outcomes", "next"))
        for text in self.outcomes:
            if outcome("", "outcomes", text) in products:
                raise ValueError(
                    f"{text!r} would have the id of another outcome; word it differently (in `outcomes`)"
                )


class Life(Checked, frozen=True, kw_only=True):
    """What a report says about an instrument: when it came to bind and ceased to, what it changed and gave way to.

    A field is left out where the report is silent.
    """

    unordered: ClassVar = ("replaced_by", "amends")
    dates: ClassVar = ("adopted", "signed", "entered_into_force", "suspended", "ended")

    adopted: Edtf | None = None
    signed: Edtf | None = None
    entered_into_force: Edtf | None = None
    suspended: Edtf | None = None
    ended: Edtf | None = None
    replaced_by: tuple[Id, ...] = ()
    amends: tuple[Id, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        for before, after in (
            ("adopted", "entered_into_force"),
            ("signed", "entered_into_force"),
            ("signed", "ended"),
            ("entered_into_force", "suspended"),
            ("entered_into_force", "ended"),
        ):
            first, then = getattr(self, before), getattr(self, after)
            if first and then:
                begin, end = Date.parse(first).earliest, Date.parse(then).latest
                if begin and end and end < begin:
                    raise ValueError(f"{then} comes before `{before}` ({first}) (in `{after}`)")


class Record(Checked, frozen=True, kw_only=True):
    """One report and what it says: of a meeting in ``says``, or of an instrument in ``life``.

    Examples
    --------
    >>> record = Record.from_yaml('''
    ... id: example-daily-2031-05-06
    ... url: https://news.example/talks
    ... publisher: Example Daily
    ... published: 2031-05-06
    ... language: en
    ... about: pak-rus-cgss-20
    ... says: {ordinal: 20, start: 2031-05-05, country: RUS, status: held}
    ... ''')
    >>> record.says.start
    '2031-05-05'
    >>> Record.from_yaml(record.to_yaml()) == record
    True
    >>> Record.from_rdf(record.to_rdf()) == record
    True
    """

    dates: ClassVar = ("published",)

    id: Id
    url: Url
    publisher: Text
    published: Edtf | None = None
    language: Language
    copy_of: Id | None = None
    about: Id
    says: Statement | None = None
    life: Life | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.says is None) == (self.life is None):
            raise ValueError(
                "a report holds either `says`, what it says of a meeting, or `life`, what it says of an instrument; "
                f"give {'one' if self.says is None else 'one only'} of the two (in `says`)"
            )
        for field in ("replaced_by", "amends") if self.life else ():
            if self.about in getattr(self.life, field):
                raise ValueError(f"{self.about} cannot stand here itself (in `life.{field}`)")
        try:
            NamedNode(self.url)
        except ValueError as error:
            raise ValueError(f"is not a valid address: {one_line(error)} (in `url`)") from error

    @property
    def subject(self) -> NamedNode:
        """The meeting or the instrument that the report is about."""
        return iri("meeting" if self.life is None else "instrument", self.about)

    @classmethod
    def from_yaml(cls, text: str) -> Record:
        """Read one record from YAML.

        Raises
        ------
        RecordError
            If the text is not YAML or not a record; the message names the field.
        """
        return convert(read_yaml(text), cls)

    def to_yaml(self) -> str:
        """Return the record as YAML, one field a line, empty fields left out."""
        return write_yaml(msgspec.to_builtins(self))

    def to_rdf(self) -> list[Quad]:
        """Return the report's description (default graph) and its claims (the graph named by the report)."""
        return list(to_quads(self))

    @classmethod
    def from_rdf(cls, quads: Iterable[Quad]) -> Record:
        """Read one record from the quads that :meth:`to_rdf` gives, in any order.

        Quads that a record does not hold, such as links to concepts, are passed over.

        Raises
        ------
        RecordError
            If the quads do not describe exactly one report, or its claims break a rule.
        """
        return convert(from_quads(quads), cls)


class Dialogue(Checked, frozen=True, kw_only=True):
    """A dialogue as a record file introduces it."""

    unordered: ClassVar = ("aliases", "parties", "based_on")
    dates: ClassVar = ("since",)

    id: Id
    name: Text
    aliases: tuple[Text, ...] = ()
    kind: Kind
    parties: tuple[Code, ...] = ()
    since: Edtf | None = None
    succeeds: Id | None = None
    based_on: tuple[Id, ...] = ()

    def to_rdf(self) -> list[Quad]:
        """Return the dialogue's description."""
        node = iri("dialogue", self.id)
        since = edtf(self.since)
        return [
            Quad(node, RDF.type, SG.Dialogue),
            Quad(node, RDFS.label, english(self.name)),
            *(Quad(node, SKOS.altLabel, english(alias)) for alias in self.aliases),
            Quad(node, SG.kind, iri("kind", self.kind)),
            *(Quad(node, SG.party, party(code)) for code in self.parties),
            *([Quad(node, SG.since, since)] if since else []),
            *([Quad(node, SG.succeeds, iri("dialogue", self.succeeds))] if self.succeeds else []),
            *(Quad(node, SG.basedOn, iri("instrument", basis)) for basis in self.based_on),
        ]


class Meeting(Checked, frozen=True, kw_only=True):
    """A meeting as a record file introduces it.

    The number here helps the person who writes the file. It does not enter the graph, where a number is the
    claim of a report.
    """

    id: Id
    series: Id
    label: Text
    ordinal: Ordinal | None = None
    part_of: Id | None = None
    cycle: Text | None = None

    def to_rdf(self) -> list[Quad]:
        """Return the meeting's description."""
        node = iri("meeting", self.id)
        return [
            Quad(node, RDF.type, SG.Meeting),
            Quad(node, SG.partOf, iri("dialogue", self.series)),
            *([Quad(node, SG.partOf, iri("meeting", self.part_of))] if self.part_of else []),
            Quad(node, SG.title, english(self.label)),
            *([Quad(node, SG.cycle, english(self.cycle))] if self.cycle else []),
        ]


class Person(Checked, frozen=True, kw_only=True):
    """An official as a record file introduces one, and the known ones of near names who are somebody else."""

    unordered: ClassVar = ("different_from",)

    id: Id
    name: Text
    of: Code
    different_from: tuple[Id, ...] = ()

    def to_rdf(self) -> list[Quad]:
        """Return the official's description."""
        node = iri("official", self.id)
        return [
            Quad(node, RDF.type, SG.Official),
            Quad(node, RDFS.label, english(self.name)),
            Quad(node, SG.serves, party(self.of)),
            *(Quad(node, OWL.differentFrom, iri("official", other)) for other in self.different_from),
        ]


class Instrument(Checked, frozen=True, kw_only=True):
    """A treaty or agreement as a record file introduces it."""

    unordered: ClassVar = ("aliases",)

    id: Id
    name: Text
    aliases: tuple[Text, ...] = ()

    def to_rdf(self) -> list[Quad]:
        """Return the instrument's description."""
        node = iri("instrument", self.id)
        return [
            Quad(node, RDF.type, SG.Instrument),
            Quad(node, RDFS.label, english(self.name)),
            *(Quad(node, SKOS.altLabel, english(alias)) for alias in self.aliases),
        ]


class RecordFile(Checked, frozen=True, kw_only=True):
    """The content of one record file."""

    series: tuple[Dialogue, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    people: tuple[Person, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    reports: tuple[Record, ...] = ()


Entry = Dialogue | Meeting | Person | Instrument | Record
_LISTS: dict[str, type[Entry]] = {
    "series": Dialogue,
    "meetings": Meeting,
    "people": Person,
    "instruments": Instrument,
    "reports": Record,
}


def read_entries(path: Path) -> Iterator[Entry | RecordError]:
    """Read a record file entry by entry, with the error in place of an entry that is refused.

    Dialogues, meetings, people and instruments come before the records that point to them.

    Raises
    ------
    RecordError
        If the file cannot be read, is not YAML, or is not a record file at all.
    """
    file = str(path)
    try:
        document = read_yaml(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"cannot be read ({one_line(error)})", file=file) from error
    except RecordError as error:
        raise RecordError(error.reason, file=file, field=error.field) from error
    if not isinstance(document, dict) or not document.keys() & _LISTS.keys():
        raise RecordError(
            f"is not a record file: it must hold at least one of the lists {', '.join(_LISTS)}",
            file=file,
        )
    for unknown in sorted(document.keys() - _LISTS.keys()):
        yield RecordError(f"unknown list; known are {', '.join(_LISTS)}", file=file, field=one_line(unknown))
    for name, kind in _LISTS.items():
        entries = document.get(name)
        yield from _read_list([] if entries is None else entries, name, kind, file)


def _read_list(entries: Any, name: str, kind: type[Entry], file: str) -> Iterator[Entry | RecordError]:
    if not isinstance(entries, list):
        yield RecordError("must be a list", file=file, field=name)
        return
    for position, entry in enumerate(entries):
        try:
            yield convert(entry, kind)
        except RecordError as error:
            field = ".".join(part for part in (f"{name}[{position}]", error.field) if part)
            yield RecordError(error.reason, file=file, record=error.record, field=field)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a record file.

    Examples
    --------
    >>> sorted(json_schema()["$defs"]["RecordFile"]["properties"])
    ['instruments', 'meetings', 'people', 'reports', 'series']
    """
    schema = msgspec.json.encode(msgspec.json.schema(RecordFile))
    # What Python needs to say "the end", JSON Schema says with `$` alone.
    plain = schema.replace(msgspec.json.encode(END)[1:-1], b"$")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/stabgraph/record.schema.json",
        "title": "stabgraph record file",
        **msgspec.json.decode(plain),
    }
