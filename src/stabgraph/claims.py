"""Between a record and its quads: what each field is in RDF.

A report is a named graph. Its description stands in the default graph, its claims in the graph that bears the report's
IRI, with the report's own words for whatever it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Quad

from stabgraph.errors import RecordError
from stabgraph.fields import slug
from stabgraph.vocabulary import DCTERMS, EDTF, RDF, RDFS, SG, Term, iri, kind_of, local_id, party, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stabgraph.records import Delegate, Life, Record, Statement

__all__ = ["edtf", "english", "from_quads", "outcome", "to_quads"]

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
_STAGES = {
    "adopted": SG.adopted,
    "signed": SG.signed,
    "entered_into_force": SG.enteredIntoForce,
    "suspended": SG.suspended,
    "ended": SG.ended,
}
_LINEAGE = {"replaced_by": SG.replacedBy, "amends": SG.amends}
#: Subject, property and value, which is None where the report is silent.
_Claim = tuple[NamedNode, NamedNode, Term | None]

_PRODUCTS = {"outcomes": (SG.outcome, SG.Outcome), "documents": (SG.document, SG.Document)}


def to_quads(record: Record) -> Iterator[Quad]:
    """Yield a report's description (default graph) and its claims (the graph named by the report)."""
    graph = iri("report", record.id)
    for name, value in _description(record):
        if value is not None:
            yield Quad(graph, name, value)
    for subject, name, value in _claims(record):
        if value is not None:
            yield Quad(subject, name, value, graph)


def _description(record: Record) -> Iterator[tuple[NamedNode, Term | None]]:
    yield RDF.type, SG.Report
    yield SG.about, record.subject
    yield SG.url, NamedNode(record.url)
    yield SG.credit, Literal(record.publisher)
    yield SG.published, edtf(record.published)
    yield DCTERMS.language, Literal(record.language)
    yield SG.copyOf, iri("report", record.copy_of) if record.copy_of else None


def _claims(record: Record) -> Iterator[_Claim]:
    if record.says is not None:
        for part in (_meeting_facts, _phrases_and_products, _people, _next_meeting):
            yield from part(record.about, record.says)
    if record.life is not None:
        yield from _life(record.about, record.life)


def _life(about: str, life: Life) -> Iterator[_Claim]:
    instrument = iri("instrument", about)
    for field, name in _STAGES.items():
        yield instrument, name, edtf(getattr(life, field))
    for field, name in _LINEAGE.items():
        for other in getattr(life, field):
            yield instrument, name, iri("instrument", other)


def _meeting_facts(about: str, says: Statement) -> Iterator[_Claim]:
    meeting = iri("meeting", about)
    yield meeting, SG.ordinal, Literal(says.ordinal) if says.ordinal else None
    for field, name in _DATES.items():
        yield meeting, name, edtf(getattr(says, field))
    for field, name in _TEXTS.items():
        yield meeting, name, _text(getattr(says, field))
    yield meeting, SG.country, party(says.country) if says.country else None
    for field, name in _CONCEPTS.items():
        concept = getattr(says, field)
        yield meeting, name, iri(field, concept) if concept else None
    for host in says.hosts:
        yield meeting, SG.host, party(host)


def _phrases_and_products(about: str, says: Statement) -> Iterator[_Claim]:
    meeting = iri("meeting", about)
    for field, name in _PHRASES.items():
        for phrase in getattr(says, field):
            yield meeting, name, Literal(phrase)
    for field, (name, kind) in _PRODUCTS.items():
        for text in getattr(says, field):
            product = outcome(about, field, text)
            yield meeting, name, product
            yield product, RDF.type, kind
            yield product, RDFS.label, Literal(text)


def _people(about: str, says: Statement) -> Iterator[_Claim]:
    meeting = iri("meeting", about)
    for side in says.delegations:
        yield meeting, SG.party, party(side.party)
        for capacity, delegates in (("head", side.heads), ("member", side.members)):
            for delegate in delegates:
                yield from _participation(about, delegate, side.party, capacity)
    for other in says.participants:
        yield from _participation(about, other, other.party, other.capacity)


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


def _next_meeting(about: str, says: Statement) -> Iterator[_Claim]:
    coming = says.next
    if coming is None:
        return
    node = iri("outcome", f"{about}/next")
    yield iri("meeting", about), SG.announces, node
    yield node, RDF.type, SG.Announcement
    yield node, SG.ordinal, Literal(coming.ordinal) if coming.ordinal else None
    yield node, SG.start, edtf(coming.when)
    yield node, SG.city, _text(coming.city)
    yield node, SG.country, party(coming.country) if coming.country else None


def edtf(text: str | None) -> Literal | None:
    """Return an EDTF text as a literal."""
    return Literal(text, datatype=EDTF) if text else None


def _text(text: str | None) -> Literal | None:
    return Literal(text) if text else None


def english(text: str) -> Literal:
    """Return a name as a literal in English."""
    return Literal(text, language="en")


def outcome(about: str, field: str, text: str) -> NamedNode:
    """Name an outcome by its words; texts that differ in case or punctuation only are the same outcome."""
    return iri("outcome", f"{about}/{'document-' if field == 'documents' else ''}{slug(text, limit=72)}")


def from_quads(quads: Iterable[Quad]) -> dict[str, Any]:
    """Return the fields of a record from the quads of its report, in any order.

    Raises
    ------
    RecordError
        If the quads do not describe exactly one report, or give a field two values.
    """
    return _Reader(quads).record()


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

    def record(self) -> dict[str, Any]:
        node = self.report
        url = self.all(node, SG.url)
        about = self.all(node, SG.about)[0]
        told = {"life": self._life(about)} if kind_of(about) == "instrument" else {"says": self._says(about)}
        fields: dict[str, Any] = {
            "id": local_id(node),
            "url": words(url[0]) if url else None,
            "publisher": self.one(node, SG.credit),
            "published": self.one(node, SG.published),
            "language": self.one(node, DCTERMS.language),
            "copy_of": self.one(node, SG.copyOf),
            "about": self.one(node, SG.about),
            **told,
        }
        return _stated(fields)

    def _life(self, instrument: NamedNode) -> dict[str, Any]:
        life: dict[str, Any] = {field: self.one(instrument, name) for field, name in _STAGES.items()}
        life.update({field: self.texts(instrument, name) for field, name in _LINEAGE.items()})
        return _stated(life)

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
    return local_id(term) if isinstance(term, NamedNode) else words(term)


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, [])}
