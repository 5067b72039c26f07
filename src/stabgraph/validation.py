"""Is a dataset right? The shapes, and the checks that SHACL cannot say; what is wrong, where, and what to do."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.adding import check_records
from stabgraph.assembly import assemble, thesaurus
from stabgraph.dataset import canonical, read, sources
from stabgraph.dates import Date
from stabgraph.duplicates import likely_duplicates
from stabgraph.errors import DataError, DateError, RecordError
from stabgraph.findings import Finding
from stabgraph.linking import LABEL_PROPERTIES, fold
from stabgraph.mappings import read_rows, tables
from stabgraph.records import Record
from stabgraph.results import Row, Table
from stabgraph.terminology import check_table, check_thesaurus
from stabgraph.turtle import parse
from stabgraph.vocabulary import EDTF, PREFIXES, SG, bundled, curie, kind_of, local_id, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Finding", "duplicates", "summary", "validate"]

#: Kinds of thing that phrases are linked to by label: two of one label could never be told apart.
_LINKED_KINDS = ("topic", "institution", "instrument", "publisher", "state", "rank")

#: Where things are described that a dataset need not describe.
_ELSEWHERE = {"topic": "ontology/topics.ttl", "rank": "ontology/stabgraph.ttl"}


def validate(data: Path, files: Iterable[Path] = ()) -> Table:
    """Check a dataset, or single files, and return the findings as a table, errors first.

    Parameters
    ----------
    data
        Directory of the dataset.
    files
        Record files (``.yaml``) and forms (``.csv``), which are checked as if they were to be added to the dataset,
        tables of mappings (``.sssom.tsv``), or files of RDF that are complete in themselves. Without any, the dataset
        itself is checked, with the thesaurus and the tables that it is understood by.

    Raises
    ------
    DataError
        If the dataset does not exist, or a file is of an unknown kind.
    RecordError
        If a record file cannot be read.
    """
    files = list(files)
    records = [file for file in files if file.suffix.lower() in {".yaml", ".yml", ".csv"}]
    mappings = [file for file in files if file.suffix == ".tsv"]
    findings: set[Finding] = set()
    if records:
        findings.update(_of_records(data, records))
    if mappings:
        findings.update(_of_tables(mappings, read(data)))
    for source in [file for file in files if file not in (*records, *mappings)] or ([] if files else [data]):
        findings.update(_of_rdf(source))
    return _table(findings, "What is wrong")


def duplicates(data: Path) -> Table:
    """Return the likely duplicates of a dataset as findings: two ids that may stand for one thing.

    Each is a warning at one thing that names the other. It goes when the two are merged, or marked as different.

    Parameters
    ----------
    data
        Directory of the dataset.

    Raises
    ------
    DataError
        If the dataset does not exist, or a file cannot be read.
    """
    place = _Places(data)
    quads = []
    for file, content in sources(data).items():
        parsed = parse(file, content)
        place.learn(file, parsed)
        quads += parsed
    found = []
    for pair in likely_duplicates(assemble([*thesaurus(), *quads])):
        first, second = curie(pair.first), curie(pair.second)
        message = (
            f"{first} and {second} {pair.why}: if they are one, keep one id, use it in place of the other and add "
            f"that with dcterms:replaces; if not, add owl:differentFrom {second}."
        )
        found.append(place.finding("warning", pair.first, message, "duplicate"))
    return _table(found, "Likely duplicates")


def _table(findings: Iterable[Finding], title: str) -> Table:
    columns = tuple(Finding.__dataclass_fields__)
    rows = [Row(map(ox.Literal, astuple(finding)), columns) for finding in sorted(findings)]
    return Table(columns, rows, title)


def summary(findings: Table) -> str:
    """Return how many errors and warnings there are, and which warnings, in one line."""
    errors = len(findings.where("severity", "error"))
    warnings = Counter(findings.where("severity", "warning").column("check"))
    kinds = ", ".join(f"{count:,} {check}" for check, count in warnings.most_common())
    return f"{errors:,} errors, {warnings.total():,} warnings" + (f" ({kinds})" if kinds else "")


def _of_records(data: Path, files: list[Path]) -> Iterator[Finding]:
    for error in check_records(data, files).refused:
        where = f"{error.field}: " if error.field else ""
        yield Finding("error", error.file, error.record, f"{where}{error.reason}", "record")


def _of_tables(files: Iterable[Path], dataset: list[ox.Quad]) -> Iterator[Finding]:
    """Check tables by the things of the dataset; what ours describes need not be described in every other."""
    described = [*thesaurus(), *dataset, *_bundled_entities()]
    for file in files:
        yield from check_table(file, described)


def _bundled_entities() -> Iterator[ox.Quad]:
    for file in sorted(bundled("data").glob("*.ttl")):
        yield from parse(file)


def _of_rdf(source: Path) -> Iterator[Finding]:
    place = _Places(source)
    quads: list[ox.Quad] = []
    for file, content in sources(source).items():
        try:
            parsed = parse(file, content)
        except DataError as error:
            yield Finding("error", place.name(file), "", str(error), "syntax")
            continue
        place.learn(file, parsed)
        quads += parsed
        if source.is_dir() and canonical(parsed) != content:
            message = "The file is not in canonical form: run `stabgraph fmt` on the dataset."
            yield Finding("warning", place.name(file), "", message, "canonical")
    terms = thesaurus() if source.is_dir() else []
    yield from _reports(quads, place)
    yield from _dates(quads, place)
    yield from _labels([*terms, *quads], place)
    for concept, message in check_thesaurus([*terms, *quads]):
        yield place.finding("error", concept, message, "thesaurus")
    if source.is_dir():
        yield from _of_tables(tables(), quads)
    # A row that is wrong was found before, and must not keep the others from being checked.
    rows = (row for file in tables() for row in read_rows(file))
    mappings = [row for row in rows if not isinstance(row, DataError)]
    whole = assemble([*thesaurus(), *quads], mappings=mappings)
    described = [quad for quad in whole if isinstance(quad.graph_name, ox.DefaultGraph)]
    yield from _numbers(described, place)
    yield from _beginnings(described, place)
    yield from _services(quads, place)
    yield from _shapes(described, place)


class _Places:
    """Where things stand: the file, and the report if a thing is only claimed."""

    def __init__(self, source: Path) -> None:
        self._root = source if source.is_dir() else source.parent
        self._file: dict[Any, str] = {}
        self._report: dict[Any, str] = {}

    def name(self, file: Path) -> str:
        return str(file.relative_to(self._root))

    def learn(self, file: Path, quads: list[ox.Quad]) -> None:
        for quad in quads:
            self._file.setdefault(quad.subject, self.name(file))
            if isinstance(quad.graph_name, ox.NamedNode):
                self._file.setdefault(quad.graph_name, self.name(file))
                self._report.setdefault(quad.subject, local_id(quad.graph_name))

    def finding(self, severity: str, thing: Any, message: str, check: str) -> Finding:
        shown = local_id(thing) if isinstance(thing, ox.NamedNode) else str(thing)
        # A meeting is known by its own id; what only a report speaks of is best looked up there.
        if kind_of(thing) in {"participation", "outcome"} and thing in self._report:
            shown = f"{shown} in report {self._report[thing]}"
        # What the dataset does not describe itself stands in the ontology.
        return Finding(
            severity, self._file.get(thing, _ELSEWHERE.get(kind_of(thing), "")), shown, message, check
        )


def _reports(quads: list[ox.Quad], place: _Places) -> Iterator[Finding]:
    """Check that every report is a record, and nothing but a record."""
    by_report: dict[ox.NamedNode, set[ox.Quad]] = defaultdict(set)
    for quad in quads:
        head = quad.subject if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
        if isinstance(head, ox.NamedNode) and kind_of(head) == "report":
            by_report[head].add(quad)
        elif not isinstance(quad.graph_name, ox.DefaultGraph):
            message = (
                f"The graph {quad.graph_name} is not the graph of a report: name it by the report's IRI."
            )
            yield place.finding("error", quad.subject, message, "report-graph")
    pages: dict[tuple[str, str], str] = {}
    for report, said in by_report.items():
        try:
            record = Record.from_rdf(said)
        except RecordError as error:
            field = f"{error.field}: " if error.field else ""
            message = f"{field}{error.reason}; mend the report in its file."
            yield place.finding("error", report, message, "record")
            continue
        for quad in sorted(said - set(record.to_rdf()), key=str):
            message = f"The report says {_plain(quad)}, which no field of a record says: take it out."
            yield place.finding("error", report, message, "record")
        other = pages.setdefault((record.url, record.about), record.id)
        if other != record.id:
            message = (
                f"The report {other} is of the same page and about the same meeting: keep one of the two."
            )
            yield place.finding("error", report, message, "report-twice")


def _plain(quad: ox.Quad) -> str:
    return f"{curie(quad.predicate)} {words(quad.object)}"


def _dates(quads: list[ox.Quad], place: _Places) -> Iterator[Finding]:
    for quad in quads:
        if isinstance(quad.object, ox.Literal) and quad.object.datatype == EDTF:
            try:
                Date.parse(quad.object.value)
            except DateError as error:
                yield place.finding(
                    "error", quad.subject, f"{curie(quad.predicate)}: {error.reason}.", "edtf"
                )


def _labels(quads: list[ox.Quad], place: _Places) -> Iterator[Finding]:
    """Check that no label is borne by two things of a kind, since it would then link to neither."""
    bearers: dict[tuple[str, str], set[ox.NamedNode]] = defaultdict(set)
    for quad in quads:
        if quad.predicate in LABEL_PROPERTIES and isinstance(quad.subject, ox.NamedNode):
            kind = kind_of(quad.subject)
            if kind in _LINKED_KINDS:
                bearers[kind, fold(words(quad.object))].add(quad.subject)
    for (_, label), things in bearers.items():
        for thing in things if len(things) > 1 else ():
            others = ", ".join(sorted(local_id(other) for other in things - {thing}))
            message = (
                f"The label {label!r} is borne by {others} too, so it names neither: keep it on one of them."
            )
            yield place.finding("error", thing, message, "labels")


def _numbers(described: list[ox.Quad], place: _Places) -> Iterator[Finding]:
    """Check that the numbers of a dialogue, or of a cycle of it, go up with time."""
    told: dict[ox.NamedNode, dict[Any, Any]] = {SG.ordinal: {}, SG.cycle: {}, SG.follows: {}}
    for quad in described:
        if quad.predicate in told:
            told[quad.predicate][quad.subject] = quad.object
    numbers, cycles = told[SG.ordinal], told[SG.cycle]
    for meeting, earlier in told[SG.follows].items():
        if not {meeting, earlier} <= numbers.keys() or cycles.get(meeting) != cycles.get(earlier):
            continue
        number, lower = words(numbers[earlier]), words(numbers[meeting])
        if lower.isdecimal() and number.isdecimal() and int(lower) < int(number):
            message = (
                f"It bears the number {lower}, and the meeting before it, {local_id(earlier)}, {number}: where the "
                "count begins again, give the meetings of each count their sg:cycle, or make them a dialogue that "
                "succeeds this one."
            )
            yield place.finding("warning", meeting, message, "numbering")


def _beginnings(described: list[ox.Quad], place: _Places) -> Iterator[Finding]:
    """Check that no meeting was over before its dialogue began."""
    began = {quad.subject: words(quad.object) for quad in described if quad.predicate == SG.since}
    over = {quad.subject: words(quad.object) for quad in described if quad.predicate == SG.latest}
    for meeting, name, dialogue, _ in described:
        if name != SG.partOf or meeting not in over or not isinstance(dialogue, ox.NamedNode):
            continue
        since = began.get(dialogue, "")
        if over[meeting] < _first_day(since):
            message = (
                f"The meeting was over on {over[meeting]}, before {curie(dialogue)} began (sg:since {since}): "
                "mend the date in its report, the sg:since of the dialogue, or the dialogue that it is part of."
            )
            yield place.finding("error", meeting, message, "before-dialogue")


def _services(quads: list[ox.Quad], place: _Places) -> Iterator[Finding]:
    """Check that an official serves whom reports say he represents: else a report may mean somebody else."""
    serves: dict[Any, set[Any]] = defaultdict(set)
    officials: dict[Any, Any] = {}
    for subject, name, value, graph in quads:
        if name == SG.serves:
            serves[subject].add(value)
        elif name == SG.official:
            officials[subject, graph] = value
    for participation, name, represented, graph in quads:
        official: Any = officials.get((participation, graph))
        known = serves.get(official)
        if name != SG.represents or not isinstance(represented, ox.NamedNode) or not known:
            continue
        if represented not in known:
            listed = ", ".join(sorted(local_id(other) for other in known))
            message = (
                f"{local_id(represented)} is represented here by {local_id(official)}, who serves {listed}: if it is "
                "the same person, add sg:serves in officials.ttl; if not, give the id of the right one."
            )
            yield place.finding("error", participation, message, "serves")


def _first_day(edtf: str) -> str:
    """Return the earliest day of a date, or an empty text if it has none or is no date, which is told elsewhere."""
    try:
        return str(Date.parse(edtf).earliest or "")
    except DateError:
        return ""


def _shapes(described: list[ox.Quad], place: _Places) -> Iterator[Finding]:
    """Run the SHACL shapes over the conclusions."""
    import pyshacl
    import rdflib

    # Of a literal that is not what its datatype promises rdflib prints how that came about.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    # Shapes ask for many small things, which rdflib's own memory answers faster than any store behind it.
    triples = ox.serialize((quad.triple for quad in described), format=ox.RdfFormat.N_TRIPLES)
    graph = rdflib.Graph().parse(data=triples, format="nt")
    shapes = rdflib.Graph().parse(bundled("ontology") / "shapes.ttl")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", do_owl_imports=False)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    for result in report.objects(None, sh.result):
        severity = "error" if report.value(result, sh.resultSeverity) == sh.Violation else "warning"
        thing = report.value(result, sh.focusNode)
        shape = str(report.value(result, sh.sourceShape)).removeprefix(PREFIXES["shape"])
        message = str(report.value(result, sh.resultMessage))
        value = report.value(result, sh.value)
        if value is not None and value != thing:
            found = local_id(ox.NamedNode(value)) if isinstance(value, rdflib.URIRef) else value
            message = f"{message} (Found: {found}.)"
        node = ox.NamedNode(str(thing)) if isinstance(thing, rdflib.URIRef) else thing
        yield place.finding(severity, node, message, shape)
