"""Are the words of the field in order? The checks of the thesaurus and of the tables of mappings, and their form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode

from stabgraph.assembly import thesaurus
from stabgraph.dataset import read
from stabgraph.errors import DataError, RecordError, WriteError, one_line
from stabgraph.files import replacing
from stabgraph.findings import Finding
from stabgraph.linking import PHRASES, Labels, fold
from stabgraph.mappings import head_of, mappings_of, read_rows, serialize, table_of, tables
from stabgraph.plain_yaml import read_yaml
from stabgraph.topics import above
from stabgraph.vocabulary import PREFIXES, RDF, RDFS, SG, SKOS, bundled, curie, kind_of, local_id, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pyoxigraph import Quad

    from stabgraph.mappings import Mapping as Row

__all__ = ["check_table", "check_thesaurus", "format_tables"]

#: What the head of a table must say; see the class MappingSet of the standard.
_HEAD = ("curie_map", "mapping_set_id", "mapping_set_title", "license", "subject_type")
#: Prefixes that the standard knows by itself.
_BUILT_IN = frozenset({"skos", "semapv"})


def format_tables() -> list[Path]:
    """Bring the bundled tables into canonical form, name their things anew, and return those that changed.

    Raises
    ------
    DataError
        If a table, the thesaurus or the bundled dataset cannot be read.
    WriteError
        If a table cannot be written.
    """
    names = _names([*thesaurus(), *read(bundled("data"))])
    changed = []
    for file in tables():
        rows = [replace(row, label=names.get(row.thing, row.label)) for row in mappings_of(file)]
        content = serialize(table_of(file), head_of(file), rows)
        if content == file.read_bytes():
            continue
        try:
            with replacing(file) as new:
                new.write(content)
        except OSError as error:
            raise WriteError(f"{file} cannot be written ({one_line(error)}); make it writable") from error
        changed.append(file)
    return changed


# ── The tables ───────────────────────────────────────────────────────────────────────────────────────────────────


def check_table(file: Path, described: Iterable[Quad]) -> Iterator[Finding]:
    """Yield what is wrong with a table of mappings.

    Parameters
    ----------
    file
        The table.
    described
        The quads that describe all things that its rows may mean.
    """
    described = [quad for quad in described if isinstance(quad.graph_name, DefaultGraph)]
    try:
        rows = list(read_rows(file))
        yield from _head(file)
    except DataError as error:
        yield Finding("error", file.name, "", str(error), "mappings")
        return
    good: list[Row] = []
    for row in rows:
        if isinstance(row, DataError):
            yield Finding("error", file.name, "", str(row), "mappings")
        else:
            good.append(row)
    yield from _objects(good, _names(described))
    yield from _repetitions(good, Labels(described))
    if len(good) == len(rows) and file.read_bytes() != serialize(table_of(file), head_of(file), good):
        message = "The table is not in canonical form: run `stabgraph fmt` in a checkout."
        yield Finding("warning", file.name, "", message, "canonical")


def _wrong(row: Row, message: str, severity: str = "error") -> Finding:
    thing = f"line {row.line}"
    return Finding(severity, row.file.name, thing, f"{thing}, {row.phrase!r}: {message}.", "mappings")


def _head(file: Path) -> Iterator[Finding]:
    """Check that the head says what the standard wants of it, and that the prefixes are ours."""
    try:
        head = read_yaml(head_of(file)) or {}
    except RecordError as error:
        head, message = {}, f"The head of the table is not YAML ({error.reason}): mend the lines after #."
        yield Finding("error", file.name, "", message, "mappings")
        return
    for field in _HEAD:
        if not (isinstance(head, dict) and head.get(field)):
            message = f"The head of the table lacks {field}: write it in a line of its own after #."
            yield Finding("error", file.name, "", message, "mappings")
            return
    declared = head["curie_map"]
    for prefix, base in declared.items():
        if PREFIXES.get(prefix) != base:
            right = PREFIXES.get(prefix, "a prefix of stabgraph")
            message = f"The prefix {prefix} of the head of the table is not ours: write {right}."
            yield Finding("error", file.name, "", message, "mappings")
    used = {prefix for row in read_rows(file) if not isinstance(row, DataError) for prefix in _prefixes(row)}
    for prefix in sorted(used - declared.keys() - _BUILT_IN):
        message = f"The head of the table does not declare the prefix {prefix}: add it to curie_map."
        yield Finding("error", file.name, "", message, "mappings")


def _prefixes(row: Row) -> set[str]:
    return {curie(node).partition(":")[0] for node in (row.thing, row.source) if node is not None}


def _objects(rows: Iterable[Row], names: Mapping[NamedNode, str]) -> Iterator[Finding]:
    """Check that each row leads to a thing, of a kind that its words can mean, and calls it by its name."""
    for row in rows:
        kinds = PHRASES[row.words]
        shown = curie(row.thing)
        if kind_of(row.thing) not in kinds:
            yield _wrong(row, f"{shown} is of another kind than {', '.join(kinds)}; name a thing of these")
        elif row.thing not in names:
            yield _wrong(row, f"{shown} does not exist; correct the id or describe the thing")
        elif row.label != names[row.thing]:
            message = f"{shown} is called {names[row.thing]!r} and not {row.label!r}; run `stabgraph fmt`"
            yield _wrong(row, message, "warning")
        if row.source is not None and row.source not in names:
            yield _wrong(row, f"{curie(row.source)} does not exist; correct the id in subject_source")


def _repetitions(rows: Iterable[Row], labels: Labels) -> Iterator[Finding]:
    """Check that no row says what another, or a label, says already."""
    meanings: dict[tuple[str, NamedNode | None], list[Row]] = defaultdict(list)
    for row in rows:
        meanings[fold(row.phrase), row.source].append(row)
    for (_, source), group in meanings.items():
        first = group[0]
        seen: dict[NamedNode, Row] = {}
        for row in group:
            if row.thing in seen:
                yield _wrong(row, f"says what line {seen[row.thing].line} says; take one of the two out")
            elif seen and first.words == SG.post:
                yield _wrong(row, f"the post has another rank in line {first.line}; keep the higher one")
            seen.setdefault(row.thing, row)
        if source is None and list(seen) == labels.meant(first.words, first.phrase):
            shown = curie(first.thing)
            yield _wrong(first, f"{shown} bears the phrase as a label; take the row, or the label, out")


# ── The thesaurus ────────────────────────────────────────────────────────────────────────────────────────────────


def check_thesaurus(quads: Iterable[Quad]) -> Iterator[tuple[NamedNode, str]]:
    """Yield the concepts of topics that are not in their place, each with what is wrong and what to do.

    See the integrity conditions of SKOS (https://www.w3.org/TR/skos-reference/): what is broader is so for good, and
    every concept is found from the top. Where nothing is at the top there is no thesaurus, only some of its concepts.
    """
    links = _links(quads)
    concepts, tops = set(links[RDF.type]), set(links[SKOS.topConceptOf])
    broader = links[SKOS.broader]
    over = {concept: above(concept, broader) for concept in concepts}
    for concept in sorted(concepts, key=str):
        missing = sorted(local_id(other) for other in broader.get(concept, set()) - concepts)
        if missing:
            yield concept, f"Its broader concept {missing[0]} does not exist: correct the id or describe it."
        if concept in over[concept]:
            ring = sorted(local_id(other) for other in over[concept] if concept in over.get(other, ()))
            yield (
                concept,
                f"It is broader than itself by way of {', '.join(ring)}: take one skos:broader out.",
            )
        elif tops and concept not in tops and not over[concept] & tops:
            yield (
                concept,
                "No way leads from it to a top concept: give it a skos:broader, or make it a top concept.",
            )
        for other in sorted(links[SKOS.related].get(concept, ()), key=str):
            if other in over[concept] or concept in over.get(other, ()):
                yield (
                    concept,
                    f"It is related to {local_id(other)} and broader or narrower too: keep one of the two.",
                )


def _links(quads: Iterable[Quad]) -> dict[NamedNode, dict[NamedNode, set[NamedNode]]]:
    """Return what concepts of topics lead to, by property and concept."""
    links: dict[NamedNode, dict[NamedNode, set[NamedNode]]] = defaultdict(lambda: defaultdict(set))
    for subject, name, value, _ in quads:
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode) and kind_of(subject) == "topic":
            links[name][subject].add(value)
    return links


def _names(described: Iterable[Quad]) -> dict[NamedNode, str]:
    """Return the English name of everything that has one."""
    return {
        quad.subject: words(quad.object)
        for quad in described
        if quad.predicate in (RDFS.label, SKOS.prefLabel)
        and isinstance(quad.subject, NamedNode)
        and getattr(quad.object, "language", None) == "en"
    }
