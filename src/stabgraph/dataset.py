"""The dataset as files: read them, write them back in canonical form.

::

    dialogues.ttl  states.ttl  officials.ttl  institutions.ttl  places.ttl  instruments.ttl  publishers.ttl
    reports/<dialogue>.trig     its meetings, and for each report its description and its graph of claims
    other.ttl  reports/_other.trig     whatever belongs in none of these; missing as a rule
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad

from stabgraph.errors import DataError, WriteError, one_line
from stabgraph.files import replace_files
from stabgraph.turtle import natural, parse, serialize
from stabgraph.vocabulary import SG, kind_of, local_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from stabgraph.vocabulary import Term

__all__ = ["canonical", "format_files", "read", "source_files", "write"]

_ENTITY_FILES = {
    "dialogue": "dialogues.ttl",
    "state": "states.ttl",
    "official": "officials.ttl",
    "institution": "institutions.ttl",
    "place": "places.ttl",
    "instrument": "instruments.ttl",
    "publisher": "publishers.ttl",
}
_OTHER = "other.ttl"
_OTHER_GRAPHS = "reports/_other.trig"  # no dialogue has an id like this


def source_files(source: Path) -> list[Path]:
    """Return the files of RDF that make up a dataset: those of a directory, or the one file given.

    Raises
    ------
    DataError
        If there is no such file or directory, or nothing of a dataset in it.
    """
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise DataError(f"{source} does not exist; name a directory of a dataset or a file of RDF")
    files = sorted([*source.glob("*.ttl"), *source.glob("reports/*.trig")])
    if not files:
        raise DataError(
            f"{source} holds no dataset: it has neither .ttl files nor reports/*.trig; "
            "name another directory, or begin one with `stabgraph add FILE --data DIR`"
        )
    return files


def read(source: Path) -> list[Quad]:
    """Return what the files of a dataset say: descriptions in the default graph, claims in the reports' graphs.

    Raises
    ------
    DataError
        If a file is missing, unreadable or not RDF; the message names file and line.
    """
    return [quad for file in source_files(source) for quad in parse(file)]


def write(directory: Path, quads: Iterable[Quad]) -> list[Path]:
    """Write a dataset in canonical form, all files or none, and return those that changed.

    Files that hold nothing any more are removed.

    Raises
    ------
    WriteError
        If a file cannot be written; the old state is kept then.
    """
    contents = {directory / name: serialize(blocks) for name, blocks in _layout(quads).items()}
    try:
        changed = {
            path: content
            for path, content in contents.items()
            if not path.is_file() or path.read_bytes() != content
        }
        replace_files(changed)
        stale = {*directory.glob("*.ttl"), *directory.glob("reports/*.trig")} - contents.keys()
        for path in stale:
            path.unlink()
    except OSError as error:
        raise WriteError(
            f"{directory} cannot be written ({one_line(error.strerror or error)}); nothing was changed there: "
            "free some space or choose another directory with --data"
        ) from error
    return sorted({*changed, *stale})


def canonical(quads: Iterable[Quad]) -> bytes:
    """Return quads that belong in one file in its canonical form."""
    blocks = [block for file in _layout(quads).values() for block in file]
    return serialize(blocks)


def format_files(directory: Path) -> list[Path]:
    """Rewrite the files of a dataset in canonical form and return those that changed.

    Raises
    ------
    DataError
        If a file cannot be read.
    WriteError
        If a file cannot be written.
    """
    if not directory.is_dir():
        raise DataError(f"{directory} is not a directory; name the directory of a dataset with --data")
    return write(directory, read(directory))


def _layout(quads: Iterable[Quad]) -> dict[str, list[list[Quad]]]:
    """Distribute quads over files, and within a file over blocks, each in natural order."""
    quads = list(quads)
    series: dict[Term, NamedNode] = {
        q.subject: q.object
        for q in quads
        if q.predicate == SG.partOf and isinstance(q.object, NamedNode) and kind_of(q.object) == "dialogue"
    }
    about: dict[Term, Term] = {q.subject: q.object for q in quads if q.predicate == SG.about}
    files: dict[str, dict[tuple[object, ...], list[Quad]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        head = quad.subject if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
        kind = kind_of(head) if isinstance(head, NamedNode) else ""
        meeting = about.get(head, head)
        if kind in {"meeting", "report"} and meeting in series:
            name = f"reports/{local_id(series[meeting])}.trig"
            key: tuple[object, ...] = (natural(str(meeting)), kind == "report", natural(str(head)))
        else:
            in_graph = not isinstance(quad.graph_name, DefaultGraph)
            name = _OTHER_GRAPHS if in_graph else _ENTITY_FILES.get(kind, _OTHER)
            key = (natural(str(head)),)
        files[name][key].append(quad)
    return {name: [blocks[key] for key in sorted(blocks)] for name, blocks in sorted(files.items())}
