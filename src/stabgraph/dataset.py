"""The dataset as files: read them, write them back in canonical form.

::

    dialogues.ttl  states.ttl  officials.ttl  institutions.ttl  places.ttl  instruments.ttl  publishers.ttl
    reports/<dialogue>.trig     its meetings, and for each report its description and its graph of claims
    reports/_instruments.trig   the reports about instruments
    other.ttl  reports/_other.trig     whatever belongs in none of these; missing as a rule
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad

from stabgraph import files
from stabgraph.errors import DataError, StabgraphError, WriteError, one_line
from stabgraph.turtle import natural, parse, serialize
from stabgraph.vocabulary import SG, kind_of, local_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from stabgraph.vocabulary import Term

__all__ = ["canonical", "editing", "format_files", "read", "sources", "write"]

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
# No dialogue has an id like these.
_OF_INSTRUMENTS = "reports/_instruments.trig"
_OTHER_GRAPHS = "reports/_other.trig"
_PATTERNS = ("*.ttl", "reports/*.trig")


def sources(source: Path, *, fresh: bool = False) -> dict[Path, bytes]:
    """Return the files of RDF that make up a dataset, those of a directory or the one file given.

    The files of a directory are all of one moment, even while another program changes them.

    Parameters
    ----------
    source
        A directory or a file.
    fresh
        Whether a directory that is missing, or holds nothing of a dataset, is a new one without files.

    Raises
    ------
    DataError
        If there is no such file or directory, nothing of a dataset in it, or a file cannot be read.
    """
    try:
        if source.is_file():
            return {source: source.read_bytes()}
        if not source.is_dir():
            if fresh and not source.exists():
                return {}
            raise DataError(f"{source} does not exist; name a directory of a dataset or a file of RDF")
        found = files.read_files(source, *_PATTERNS)
    except OSError as error:
        raise DataError(
            f"{error.filename or source} cannot be read ({one_line(error.strerror or error)}); "
            "make it readable or take it out of the dataset"
        ) from error
    if not found and not fresh:
        raise DataError(
            f"{source} holds no dataset: it has neither .ttl files nor reports/*.trig; "
            "name another directory, or begin one with `stabgraph add FILE --data DIR`"
        )
    return found


def read(source: Path, *, fresh: bool = False) -> list[Quad]:
    """Return what the files of a dataset say: descriptions in the default graph, claims in the reports' graphs.

    Parameters
    ----------
    source
        A directory or a file.
    fresh
        As for :func:`sources`.

    Raises
    ------
    DataError
        If a file is missing, unreadable or not RDF; the message names file and line.
    """
    return [quad for file, content in sources(source, fresh=fresh).items() for quad in parse(file, content)]


@contextmanager
def editing(directory: Path) -> Iterator[None]:
    """Hold the directory of a dataset from reading it to writing it, so that nobody else writes in between.

    Raises
    ------
    DataError
        If it is a file.
    WriteError
        If the directory cannot be written, or another program is writing there.
    """
    if directory.is_file():
        raise DataError(f"{directory} is not a directory; name the directory of a dataset with --data")
    try:
        with files.editing(directory):
            yield
    except StabgraphError:
        raise
    except OSError as error:
        raise WriteError(
            f"{directory} cannot be written ({one_line(error.strerror or error)}); nothing was changed there: "
            "free some space or choose another directory with --data"
        ) from error


def write(directory: Path, quads: Iterable[Quad]) -> list[Path]:
    """Write a dataset in canonical form, all files or none, and return those that changed.

    Files that hold nothing any more are removed. Hold the directory by :func:`editing` if what you write
    depends on what you read there.

    Raises
    ------
    WriteError
        If a file cannot be written, the old state is kept then; or if another program is writing there.
    """
    contents = {directory / name: serialize(blocks) for name, blocks in _layout(quads).items()}
    with editing(directory):
        standing = files.read_files(directory, *_PATTERNS)
        changed = {path: content for path, content in contents.items() if standing.get(path) != content}
        stale = standing.keys() - contents.keys()
        files.replace_files(changed, stale, folder=directory)
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
    with editing(directory):
        return write(directory, read(directory))


def _layout(quads: Iterable[Quad]) -> dict[str, list[list[Quad]]]:
    """Distribute quads over files, and within a file over blocks, each in natural order."""
    quads = list(quads)
    series: dict[Term, NamedNode] = {
        q.subject: q.object
        for q in quads
        if q.predicate == SG.partOf and isinstance(q.object, NamedNode) and _names_a_file(q.object)
    }
    about: dict[Term, Term] = {q.subject: q.object for q in quads if q.predicate == SG.about}
    layout: dict[str, dict[tuple[object, ...], list[Quad]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        head = quad.subject if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
        kind = kind_of(head) if isinstance(head, NamedNode) else ""
        subject = about.get(head, head)
        key: tuple[object, ...] = (natural(str(subject)), kind == "report", natural(str(head)))
        if kind in {"meeting", "report"} and subject in series:
            name = f"reports/{local_id(series[subject])}.trig"
        elif kind == "report" and kind_of(subject) == "instrument":
            name = _OF_INSTRUMENTS
        else:
            in_graph = not isinstance(quad.graph_name, DefaultGraph)
            name = _OTHER_GRAPHS if in_graph else _ENTITY_FILES.get(kind, _OTHER)
            key = (natural(str(head)),)
        layout[name][key].append(quad)
    return {name: [blocks[key] for key in sorted(blocks)] for name, blocks in sorted(layout.items())}


def _names_a_file(node: NamedNode) -> bool:
    """Tell whether a thing is a dialogue whose id can name a file. A dataset may come from anybody."""
    return kind_of(node) == "dialogue" and re.fullmatch("[a-z0-9-]{1,120}", local_id(node)) is not None
