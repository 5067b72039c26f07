"""Bringing records into a dataset: resolve, check, write; refuse what is wrong and say why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from pyoxigraph import Literal, NamedNode, Quad

from stabgraph.assembly import assemble, stated, thesaurus
from stabgraph.dataset import editing, read, write
from stabgraph.duplicates import Persons
from stabgraph.errors import RecordError
from stabgraph.fields import convert, slug
from stabgraph.forms import read_form
from stabgraph.linking import Labels, fold, resolve
from stabgraph.mappings import bundled_mappings
from stabgraph.records import Dialogue, Instrument, Meeting, Person, Record, read_entries
from stabgraph.vocabulary import DCTERMS, RDF, RDFS, SG, SKOS, iri, kind_of, local_id, party, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from stabgraph.engines import Embedded
    from stabgraph.records import Entry, Statement

__all__ = ["Addition", "add_files", "add_to_store", "check_records"]

#: What the id of an entry names, and what other fields point to by ids.
_OWN_KINDS: dict[type[Entry], str] = {
    Dialogue: "dialogue",
    Meeting: "meeting",
    Person: "official",
    Instrument: "instrument",
    Record: "report",
}
_POINTING = {
    "series": "dialogue",
    "succeeds": "dialogue",
    "part_of": "meeting",
    "person": "official",
    "copy_of": "report",
    "based_on": "instrument",
    "replaced_by": "instrument",
    "amends": "instrument",
}
#: The list of a record file that introduces a kind of thing.
_LISTED = {"dialogue": "series", "meeting": "meetings", "official": "people", "instrument": "instruments"}
#: A credit line of a text that one publisher wrote and another carries, such as "Reuters, via Dawn".
_NAME = r"(\S(?:[^()]|\([^()]*\))*?)"
_REPRINT = re.compile(rf"{_NAME},? via (?:the )?{_NAME}|{_NAME} \(via (?:the )?{_NAME}\)", re.IGNORECASE)
#: Properties of which a thing has one value, and the field that gives it.
_FIELDS = {
    SG.title: "label",
    SG.kind: "kind",
    SG.since: "since",
    SG.succeeds: "succeeds",
    SG.partOf: "series",
    SG.cycle: "cycle",
}


@dataclass
class Addition:
    """What came of adding record files.

    Attributes
    ----------
    added
        Ids of the reports that are new.
    unchanged
        How many reports were there already, word for word.
    refused
        One error for each entry that was not taken.
    unlinked
        Phrases of the new reports that mean nothing known, by label or table, with the property they stand in.
    changed
        The files that were written.
    """

    added: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[RecordError] = field(default_factory=list)
    unlinked: list[tuple[str, str]] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)


def add_files(directory: Path, files: Iterable[Path]) -> Addition:
    """Check record files and write what is right with them into a dataset.

    A directory that does not exist yet becomes a new dataset. Adding the same files again changes nothing.

    Raises
    ------
    RecordError
        If a file cannot be read or is not a record file; nothing is written then.
    DataError
        If the dataset cannot be read.
    WriteError
        If it cannot be written; it stays as it was then.
    """
    entries = _entries(files)
    with editing(directory):
        desk = _desk(read(directory, fresh=True), entries)
        if desk.result.added or desk.described:
            desk.result.changed = write(directory, desk.quads)
    return desk.result


def add_to_store(engine: Embedded, files: Iterable[Path]) -> Addition:
    """Check record files, put what is right with them into a store, and draw links and conclusions anew.

    All of it is one transaction: whatever happens, the store holds the old state or the new.

    Raises
    ------
    RecordError
        If a file cannot be read or is not a record file; nothing is written then.
    StoreError
        If the store was opened for reading, or cannot be written.
    """
    entries = _entries(files)
    if not entries:
        return Addition()
    before = set(engine.quads())
    desk = _desk(stated(before), entries)
    if desk.result.added or desk.described:
        after = set(assemble(desk.quads))
        engine.change(before - after, after - before)
    return desk.result


def check_records(directory: Path, files: Iterable[Path]) -> Addition:
    """Return what :func:`add_files` would do, without writing anything.

    Raises
    ------
    RecordError
        If a file cannot be read or is not a record file.
    DataError
        If the dataset cannot be read.
    """
    return _desk(read(directory, fresh=True), _entries(files)).result


def _entries(files: Iterable[Path]) -> list[tuple[Path, Entry | RecordError]]:
    """Read record files and forms, whatever is pointed to before what points to it."""
    entries = [
        (file, entry)
        for file in files
        for entry in (read_form(file) if _is_form(file) else read_entries(file))
    ]
    # An entry may point to what another file introduces, whichever of them was named first.
    order = _order([entry for _, entry in entries if not isinstance(entry, RecordError)])
    entries.sort(key=lambda pair: (-1, 0) if isinstance(pair[1], RecordError) else order(pair[1]))
    return entries


def _is_form(file: Path) -> bool:
    return file.suffix.lower() == ".csv"


def _desk(quads: Iterable[Quad], entries: list[tuple[Path, Entry | RecordError]]) -> _Desk:
    desk = _Desk(list(quads))
    for file, entry in entries:
        if isinstance(entry, RecordError):
            desk.result.refused.append(entry)
            continue
        if _is_form(file) and desk.knows(entry):
            continue  # whoever fills a form cannot know how the dataset describes a thing
        try:
            desk.take(entry)
        except RecordError as error:
            desk.result.refused.append(
                RecordError(error.reason, field=error.field, record=entry.id, file=str(file))
            )
    desk.settle()
    return desk


def _order(entries: list[Entry]) -> Callable[[Entry], tuple[int, int]]:
    """Return a key that puts whatever an entry points to before the entry."""
    whole = {(type(entry), entry.id): _whole(entry) for entry in entries}
    kinds = (Instrument, Dialogue, Person, Meeting, Record)

    def depth(entry: Entry) -> tuple[int, int]:
        above: list[str] = []
        part = _whole(entry)
        while part is not None and part not in above:
            above.append(part)
            part = whole.get((type(entry), part))
        return kinds.index(type(entry)), len(above)

    return depth


def _whole(entry: Entry) -> str | None:
    """Return the id of what an entry leans on: the larger meeting, the dialogue before, a report that it copies."""
    if isinstance(entry, Meeting):
        return entry.part_of
    if isinstance(entry, Dialogue):
        return entry.succeeds
    if isinstance(entry, Person):
        return next(iter(entry.different_from), None)
    return entry.copy_of if isinstance(entry, Record) else None


class _Desk:
    """The dataset while records are being added to it."""

    def __init__(self, quads: list[Quad]) -> None:
        self.quads = set(quads)
        self.result = Addition()
        self.described = False
        self._new: list[Quad] = []
        self._values: dict[tuple[NamedNode, NamedNode], set[Any]] = {}
        self._records: dict[NamedNode, list[Quad]] = {}
        self._current: dict[str, str] = {}
        self._publishers: dict[str, NamedNode] = {}
        for quad in quads:
            self._index(quad)

    def _index(self, quad: Quad) -> None:
        subject = quad.graph_name if isinstance(quad.graph_name, NamedNode) else quad.subject
        if isinstance(subject, NamedNode) and kind_of(subject) == "report":
            self._records.setdefault(subject, []).append(quad)
        elif isinstance(subject, NamedNode):
            self._values.setdefault((subject, quad.predicate), set()).add(quad.object)
            if quad.predicate == DCTERMS.replaces and isinstance(quad.object, NamedNode):
                key = f"{kind_of(quad.object)}/{local_id(quad.object)}"
                self._current[key] = local_id(subject)

    def knows(self, entry: Entry) -> bool:
        """Tell whether the dataset describes the thing that an entry introduces."""
        return (iri(_OWN_KINDS[type(entry)], entry.id), RDF.type) in self._values

    def take(self, entry: Entry) -> None:
        today = self._resolved(entry)
        if isinstance(today, Record):
            self._take_record(today)
        else:
            self._describe(today, merged=today.id != entry.id)

    def _resolved(self, entry: Any) -> Any:
        """Put the id that holds today in place of one that it replaced."""
        own = _OWN_KINDS[type(entry)]
        kinds = {**_POINTING, "id": own}
        if isinstance(entry, Record):
            kinds["about"] = kind_of(entry.subject)

        def walk(value: Any, kind: str | None = None) -> Any:
            if isinstance(value, (list, tuple)):
                return [walk(item, kind) for item in value]
            if isinstance(value, dict):
                return {key: walk(item, kinds.get(key)) for key, item in value.items()}
            return self._current.get(f"{kind}/{value}", value) if kind else value

        return convert(walk(msgspec.to_builtins(entry)), type(entry))

    # ── Things ───────────────────────────────────────────────────────────────────────────────────────────

    def _describe(self, entry: Dialogue | Meeting | Person | Instrument, *, merged: bool) -> None:
        """Add what is new about a thing; a thing that became part of another gives its names only."""
        for kind, local, where in _pointers(entry):
            self._must_know(kind, local, where)
        for where, code in _codes(entry):
            self._must_know_party(code, where)
        if isinstance(entry, Person):
            self._must_be_somebody_else(entry)
        for quad in self._what_is_new(entry, merged=merged):
            self._put(quad)

    def _what_is_new(self, entry: Dialogue | Meeting | Person | Instrument, *, merged: bool) -> list[Quad]:
        new = []
        for quad in entry.to_rdf():
            known = self._standing(quad)
            if quad.object in known:
                continue
            if known and quad.predicate == RDFS.label:
                new.append(Quad(quad.subject, SKOS.altLabel, quad.object))
            elif known and quad.predicate in _FIELDS:
                if merged:
                    continue
                standing = ", ".join(sorted(str(value.value) for value in known))
                raise RecordError(
                    f"{entry.id} stands in the dataset with another value ({standing}); "
                    "mend the dataset or leave the entry out",
                    field=_FIELDS[quad.predicate],
                )
            else:
                new.append(quad)
        return new

    @cached_property
    def _persons(self) -> Persons:
        return Persons(self.quads)

    def _must_be_somebody_else(self, entry: Person) -> None:
        """Refuse a new person who looks like a known official, unless the entry says that it is another."""
        person, of = iri("official", entry.id), party(entry.of)
        if (person, RDF.type) not in self._values:
            alike = {local_id(known) for known in self._persons.namesakes(entry.name, of)}
            if alike - set(entry.different_from):
                known = ", ".join(sorted(alike - set(entry.different_from)))
                raise RecordError(
                    f"{entry.name} looks like a known official: if it is the same person, use the id {known} and "
                    f"leave {entry.id} out; if it is another, say `different_from: [{known}]`",
                    field="name",
                )
        self._persons.learn(person, entry.name, of)

    def _standing(self, quad: Quad) -> set[Any]:
        """Return the values that stand in the dataset in the place of a new one."""
        values = self._values.get((quad.subject, quad.predicate), set())  # type: ignore[arg-type]
        if quad.predicate == SG.partOf and isinstance(quad.object, NamedNode):
            # A meeting is part of one dialogue, and perhaps of one other meeting.
            return {value for value in values if kind_of(value) == kind_of(quad.object)}
        return values

    def _put(self, quad: Quad) -> None:
        if quad not in self.quads:
            self.described = True
            self.quads.add(quad)
            self._index(quad)

    # ── Records ──────────────────────────────────────────────────────────────────────────────────────────

    def _take_record(self, record: Record) -> None:
        for kind, local, where in _pointers(record):
            self._must_know(kind, local, where)
        if record.copy_of and iri("report", record.copy_of) not in self._records:
            raise RecordError(
                f"no report has the id {record.copy_of}; list it under reports", field="copy_of"
            )
        for where, code in _codes(record):
            self._must_know_party(code, where)
        report = iri("report", record.id)
        quads = record.to_rdf()
        if report in self._records:
            if Record.from_rdf(self._records[report]) != record:
                raise RecordError(
                    "the id is used already by a report that says something else; "
                    "give this one an id of its own, or change the other in the dataset",
                    field="id",
                )
            self.result.unchanged += 1
            return
        self._records[report] = quads
        self.quads.update(quads)
        self._new += quads
        self.result.added.append(record.id)

    def _must_know(self, kind: str, local: str, where: str) -> None:
        if (iri(kind, local), RDF.type) not in self._values:
            raise RecordError(f"no {kind} has the id {local}; list it under {_LISTED[kind]}", field=where)

    def _must_know_party(self, code: str, where: str) -> None:
        node = party(code)
        if kind_of(node) != "state" and (node, RDF.type) not in self._values:
            raise RecordError(
                f"{code} is neither the code of a state nor of an institution in institutions.ttl",
                field=where,
            )

    # ── Names that the records use ───────────────────────────────────────────────────────────────────────

    def settle(self) -> None:
        """Make a place or a publisher of every name that none bears yet, and note phrases that name nothing."""
        labels = Labels([*thesaurus(), *self.quads], bundled_mappings())
        new = sorted(self._new, key=str)
        countries = {(q.subject, q.graph_name): q.object for q in new if q.predicate == SG.country}
        missing: dict[tuple[str, Any], tuple[str, Any]] = {}
        for quad, found in resolve(new, labels):
            text, country = words(quad.object), countries.get((quad.subject, quad.graph_name))
            if found:
                continue
            if quad.predicate == SG.credit and not labels.find(text, "publisher"):
                missing.setdefault(("publisher", fold(text)), (text, None))
            elif (
                quad.predicate == SG.city and country is not None and not self._lies_in(text, country, labels)
            ):
                missing.setdefault((f"place {country}", fold(text)), (text, country))
            else:
                name = local_id(quad.predicate).rpartition("#")[2].removesuffix("Phrase")
                self.result.unlinked.append((name, text))
        for name, country in missing.values():
            if country is None:
                self._credit(name, labels)
            else:
                self._introduce("place", SG.Place, name, (SG.country, country))
        self.result.unlinked = sorted(set(self.result.unlinked))

    def _lies_in(self, name: str, country: Any, labels: Labels) -> bool:
        """Tell whether places of a name, more than one then, lie in a country already."""
        places = labels.find(name, "place")
        return any(country in self._values.get((place, SG.country), ()) for place in places)

    def _credit(self, line: str, labels: Labels) -> None:
        """Make known whose text a new credit line stands for, and who carries it: "X, via H" is X's text at H's."""
        reprint = _REPRINT.fullmatch(line)
        if reprint is None:
            self._publisher(line, labels)
            return
        names = [name for name in reprint.groups() if name is not None]
        for name, role in zip(names, (SG.credit, SG.carries), strict=True):
            self._put(Quad(self._publisher(name, labels), role, Literal(line)))

    def _publisher(self, name: str, labels: Labels) -> NamedNode:
        """Return the publisher of a name: one that bears it, one made for another credit line, or a new one."""
        new = self._publishers.get(fold(name))
        known = new or labels.one(name, "publisher")
        if known is None:
            known = self._introduce("publisher", SG.Publisher, name, (SG.kind, iri("kind", "other")))
            self._publishers[fold(name)] = known
        return known

    def _introduce(self, kind: str, cls: NamedNode, name: str, more: tuple[NamedNode, Any]) -> NamedNode:
        stem = slug(name, limit=80)
        local, number = stem, 1
        while (iri(kind, local), RDF.type) in self._values:
            number += 1
            local = f"{stem}-{number}"
        node = iri(kind, local)
        for predicate, value in ((RDF.type, cls), (RDFS.label, Literal(name, language="en")), more):
            self._put(Quad(node, predicate, value))
        return node


def _codes(entry: Entry) -> list[tuple[str, str]]:
    """Return the parties that an entry names, each after the field it stands in."""
    if isinstance(entry, Person):
        return [("of", entry.of)]
    if isinstance(entry, Dialogue):
        return [("parties", code) for code in entry.parties]
    if isinstance(entry, Record) and entry.says is not None:
        says = entry.says
        return [
            *(("says.hosts", code) for code in says.hosts),
            *(("says.delegations", side.party) for side in says.delegations),
            *(("says.participants", other.party) for other in says.participants if other.party),
        ]
    return []


def _pointers(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Yield what an entry points to by id: its kind, the id, and the field that it stands in."""
    if isinstance(entry, Meeting):
        yield "dialogue", entry.series, "series"
        if entry.part_of:
            yield "meeting", entry.part_of, "part_of"
    elif isinstance(entry, Dialogue):
        if entry.succeeds:
            yield "dialogue", entry.succeeds, "succeeds"
        yield from (("instrument", basis, "based_on") for basis in entry.based_on)
    elif isinstance(entry, Person):
        yield from (("official", other, "different_from") for other in entry.different_from)
    elif isinstance(entry, Record):
        yield kind_of(entry.subject), entry.about, "about"
        if entry.says is not None:
            yield from _people(entry.says)
        if entry.life is not None:
            yield from (("instrument", other, "life.replaced_by") for other in entry.life.replaced_by)
            yield from (("instrument", other, "life.amends") for other in entry.life.amends)


def _people(says: Statement) -> Iterator[tuple[str, str, str]]:
    for side in says.delegations:
        yield from (("official", d.person, "says.delegations") for d in (*side.heads, *side.members))
    yield from (("official", other.person, "says.participants") for other in says.participants)
