"""The record: what one report says about one meeting, as a checked object; to and from YAML, to and from RDF.

A record file is YAML with four lists: ``series`` (dialogues), ``meetings``, ``people`` and ``reports``. Each entry
of ``reports`` is a :class:`Record`; the other lists introduce the things that records point to by id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from pyoxigraph import Literal, NamedNode, Quad

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
    read_yaml,
    slug,
    write_yaml,
)
from stabgraph.vocabulary import DCTERMS, EDTF, RDF, RDFS, SG, SKOS, iri, local_id, party

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from stabgraph.vocabulary import Term

__all__ = [
    "Announcement",
    "Delegate",
    "Delegation",
    "Dialogue",
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
        products = {_product("", "documents", text) for text in self.documents}
        if self.next:
            products.add(_product("", "outcomes", "next"))
        for text in self.outcomes:
            if _product("", "outcomes", text) in products:
                raise ValueError(
                    f"{text!r} would have the id of another outcome; word it differently (in `outcomes`)"
                )


class Record(Checked, frozen=True, kw_only=True):
    """One report and what it says.

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
    says: Statement

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            NamedNode(self.url)
        except ValueError as error:
            raise ValueError(f"is not a valid address: {one_line(error)} (in `url`)") from error

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
        return [*self._description(), *_claims(self)]

    @classmethod
    def from_rdf(cls, quads: Iterable[Quad]) -> Record:
        """Read one record from the quads that :meth:`to_rdf` gives, in any order.

        Quads that a record does not hold, such as links to concepts, are passed over.

        Raises
        ------
        RecordError
            If the quads do not describe exactly one report, or its claims break a rule.
        """
        return _Reader(quads).record()

    def _description(self) -> list[Quad]:
        report = iri("report", self.id)
        values: list[tuple[NamedNode, Term | None]] = [
            (RDF.type, SG.Report),
            (SG.about, iri("meeting", self.about)),
            (SG.url, NamedNode(self.url)),
            (SG.credit, Literal(self.publisher)),
            (SG.published, _edtf(self.published)),
            (DCTERMS.language, Literal(self.language)),
            (SG.copyOf, iri("report", self.copy_of) if self.copy_of else None),
        ]
        return [Quad(report, name, value) for name, value in values if value is not None]


class Dialogue(Checked, frozen=True, kw_only=True):
    """A dialogue as a record file introduces it."""

    unordered: ClassVar = ("aliases", "parties")
    dates: ClassVar = ("since",)

    id: Id
    name: Text
    aliases: tuple[Text, ...] = ()
    kind: Kind
    parties: tuple[Code, ...] = ()
    since: Edtf | None = None

    def to_rdf(self) -> list[Quad]:
        """Return the dialogue's description."""
        node = iri("dialogue", self.id)
        since = _edtf(self.since)
        return [
            Quad(node, RDF.type, SG.Dialogue),
            Quad(node, RDFS.label, _english(self.name)),
            *(Quad(node, SKOS.altLabel, _english(alias)) for alias in self.aliases),
            Quad(node, SG.kind, iri("kind", self.kind)),
            *(Quad(node, SG.party, party(code)) for code in self.parties),
            *([Quad(node, SG.since, since)] if since else []),
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

    def to_rdf(self) -> list[Quad]:
        """Return the meeting's description."""
        node = iri("meeting", self.id)
        return [
            Quad(node, RDF.type, SG.Meeting),
            Quad(node, SG.partOf, iri("dialogue", self.series)),
            *([Quad(node, SG.partOf, iri("meeting", self.part_of))] if self.part_of else []),
            Quad(node, SG.title, _english(self.label)),
        ]


class Person(Checked, frozen=True, kw_only=True):
    """An official as a record file introduces one."""

    id: Id
    name: Text
    of: Code

    def to_rdf(self) -> list[Quad]:
        """Return the official's description."""
        node = iri("official", self.id)
        return [
            Quad(node, RDF.type, SG.Official),
            Quad(node, RDFS.label, _english(self.name)),
            Quad(node, SG.serves, party(self.of)),
        ]


class RecordFile(Checked, frozen=True, kw_only=True):
    """The content of one record file."""

    series: tuple[Dialogue, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    people: tuple[Person, ...] = ()
    reports: tuple[Record, ...] = ()


Entry = Dialogue | Meeting | Person | Record
_LISTS: dict[str, type[Entry]] = {
    "series": Dialogue,
    "meetings": Meeting,
    "people": Person,
    "reports": Record,
}


def read_entries(path: Path) -> Iterator[Entry | RecordError]:
    """Read a record file entry by entry, with the error in place of an entry that is refused.

    Dialogues, meetings and people come before the records that point to them.

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
    ['meetings', 'people', 'reports', 'series']
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


# ── To RDF ──────────────────────────────────────────────────────────────────────

_DATES = {"start": SG.start, "end": SG.end}
_TEXTS = {"city": SG.city, "venue": SG.venue}
_CONCEPTS = {"mode": SG.mode, "level": SG.level, "status": SG.status}
_PHRASES = {
    "topics": SG.topicPhrase,
    "bodies": SG.institutionPhrase,
    "instruments": SG.instrumentPhrase,
    "observers": SG.observerPhrase,
    "absent": SG.absentPhrase,
}
#: Subject, property and value, which is None where the report is silent.
_Claim = tuple[NamedNode, NamedNode, "Term | None"]

_PRODUCTS = {"outcomes": (SG.outcome, SG.Outcome), "documents": (SG.document, SG.Document)}


def _claims(record: Record) -> Iterator[Quad]:
    graph = iri("report", record.id)
    for part in (_meeting_facts, _phrases_and_products, _people, _next_meeting):
        for subject, name, value in part(record):
            if value is not None:
                yield Quad(subject, name, value, graph)


def _meeting_facts(record: Record) -> Iterator[_Claim]:
    says, meeting = record.says, iri("meeting", record.about)
    yield meeting, SG.ordinal, Literal(says.ordinal) if says.ordinal else None
    for field, name in _DATES.items():
        yield meeting, name, _edtf(getattr(says, field))
    for field, name in _TEXTS.items():
        yield meeting, name, _text(getattr(says, field))
    yield meeting, SG.country, party(says.country) if says.country else None
    for field, name in _CONCEPTS.items():
        concept = getattr(says, field)
        yield meeting, name, iri(field, concept) if concept else None
    for host in says.hosts:
        yield meeting, SG.host, party(host)


def _phrases_and_products(record: Record) -> Iterator[_Claim]:
    meeting = iri("meeting", record.about)
    for field, name in _PHRASES.items():
        for phrase in getattr(record.says, field):
            yield meeting, name, Literal(phrase)
    for field, (name, kind) in _PRODUCTS.items():
        for text in getattr(record.says, field):
            product = _product(record.about, field, text)
            yield meeting, name, product
            yield product, RDF.type, kind
            yield product, RDFS.label, Literal(text)


def _people(record: Record) -> Iterator[_Claim]:
    meeting = iri("meeting", record.about)
    for side in record.says.delegations:
        yield meeting, SG.party, party(side.party)
        for capacity, delegates in (("head", side.heads), ("member", side.members)):
            for delegate in delegates:
                yield from _participation(record.about, delegate, side.party, capacity)
    for other in record.says.participants:
        yield from _participation(record.about, other, other.party, other.capacity)


def _participation(about: str, person: Delegate, code: str | None, capacity: str) -> Iterator[_Claim]:
    node = iri("participation", "/".join(part for part in (about, code, person.person) if part))
    yield iri("meeting", about), SG.participation, node
    yield node, RDF.type, SG.Participation
    yield node, SG.official, iri("official", person.person)
    yield node, SG.represents, party(code) if code else None
    yield node, SG.capacity, iri("capacity", capacity)
    yield node, SG.nameAsWritten, Literal(person.name)
    yield node, SG.post, _text(person.role)
    yield node, SG.organisation, _text(person.organisation)


def _next_meeting(record: Record) -> Iterator[_Claim]:
    coming = record.says.next
    if coming is None:
        return
    node = iri("outcome", f"{record.about}/next")
    yield iri("meeting", record.about), SG.announces, node
    yield node, RDF.type, SG.Announcement
    yield node, SG.ordinal, Literal(coming.ordinal) if coming.ordinal else None
    yield node, SG.start, _edtf(coming.when)
    yield node, SG.city, _text(coming.city)
    yield node, SG.country, party(coming.country) if coming.country else None


def _edtf(text: str | None) -> Literal | None:
    return Literal(text, datatype=EDTF) if text else None


def _text(text: str | None) -> Literal | None:
    return Literal(text) if text else None


def _english(text: str) -> Literal:
    return Literal(text, language="en")


def _product(about: str, field: str, text: str) -> NamedNode:
    """Name an outcome by its words; texts that differ in case or punctuation only are the same outcome."""
    return iri("outcome", f"{about}/{'document-' if field == 'documents' else ''}{slug(text, limit=72)}")


# ── From RDF ──────────────────────────────────────────────────────────────────────


class _Reader:
    """The quads of one report, looked up by subject and property."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.values: dict[tuple[Term, NamedNode], list[Any]] = {}
        reports: set[NamedNode] = set()
        for quad in dict.fromkeys(quads):
            self.values.setdefault((quad.subject, quad.predicate), []).append(quad.object)
            if quad.predicate == SG.about and isinstance(quad.subject, NamedNode):
                reports.add(quad.subject)
        if len(reports) != 1:
            raise RecordError(f"describes {len(reports)} reports where one is expected")
        self.report = reports.pop()

    def all(self, subject: NamedNode, name: NamedNode) -> list[Any]:
        return self.values.get((subject, name), [])

    def one(self, subject: NamedNode, name: NamedNode) -> str | None:
        """Return the only value, an IRI by its id; several values are an error, for a report says one thing."""
        found = self.all(subject, name)
        if len(found) > 1:
            raise RecordError(
                f"has {len(found)} values where one is expected",
                record=local_id(self.report),
                field=local_id(name).rpartition("#")[2],
            )
        return _plain(found[0]) if found else None

    def texts(self, subject: NamedNode, name: NamedNode) -> list[str]:
        return [_plain(value) for value in self.all(subject, name)]

    def record(self) -> Record:
        node = self.report
        url = self.all(node, SG.url)
        fields = {
            "id": local_id(node),
            "url": url[0].value if url else None,
            "publisher": self.one(node, SG.credit),
            "published": self.one(node, SG.published),
            "language": self.one(node, DCTERMS.language),
            "copy_of": self.one(node, SG.copyOf),
            "about": self.one(node, SG.about),
            "says": self._says(self.all(node, SG.about)[0]),
        }
        return convert(_stated(fields), Record)

    def _says(self, meeting: NamedNode) -> dict[str, Any]:
        singles = {"ordinal": SG.ordinal, "country": SG.country, **_DATES, **_TEXTS, **_CONCEPTS}
        says: dict[str, Any] = {field: self.one(meeting, name) for field, name in singles.items()}
        says["hosts"] = self.texts(meeting, SG.host)
        says.update({field: self.texts(meeting, name) for field, name in _PHRASES.items()})
        for field, (name, _) in _PRODUCTS.items():
            says[field] = [
                text for product in self.all(meeting, name) for text in self.texts(product, RDFS.label)
            ]
        says.update(self._people(meeting))
        for coming in self.all(meeting, SG.announces):
            fields = {
                "ordinal": SG.ordinal,
                "city": SG.city,
                "country": SG.country,
                "when": SG.start,
            }
            says["next"] = _stated({key: self.one(coming, name) for key, name in fields.items()})
        return _stated(says)

    def _people(self, meeting: NamedNode) -> dict[str, list[dict[str, Any]]]:
        sides: dict[str | None, dict[str, Any]] = {
            code: {"party": code, "heads": [], "members": []} for code in self.texts(meeting, SG.party)
        }
        others = []
        for node in self.all(meeting, SG.participation):
            code = self.one(node, SG.represents)
            capacity = self.one(node, SG.capacity)
            person = _stated(
                {
                    "person": self.one(node, SG.official),
                    "as": self.one(node, SG.nameAsWritten),
                    "role": self.one(node, SG.post),
                    "organisation": self.one(node, SG.organisation),
                }
            )
            if capacity in {"head", "member"} and code in sides:
                sides[code][f"{capacity}s"].append(person)
            else:
                others.append(_stated({**person, "party": code, "capacity": capacity}))
        return {"delegations": [_stated(side) for side in sides.values()], "participants": others}


def _plain(term: Any) -> str:
    return local_id(term) if isinstance(term, NamedNode) else str(term.value)


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, [])}
