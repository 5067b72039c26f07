"""Turtle and TriG: read with errors that name file and line, written in one canonical form.

Canonical means: the same quads always give the same bytes. Things stand in natural order of their ids, one
blank line between them, properties in the order of the ontology, values sorted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from stabgraph.errors import DataError, one_line
from stabgraph.vocabulary import PREFIXES, RDF, RDFS, SG, SKOS, TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from stabgraph.vocabulary import Term

__all__ = ["natural", "parse", "serialize", "serialize_triples"]

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
}
#: How the parser begins its messages; the line is told already.
_PLACE = re.compile(r"^Parser error (?:at|between) .*?: ")
#: The parser descends into triples within triples without looking down, until the process ends.
_MOST_WITHIN = 1000
#: Without any of these there is nothing in a file that only RDF 1.2 knows.
_MODERN = re.compile(rb"<<|\{\||~|--")
_LABELS = (
    RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.notation, SKOS.definition,
)  # fmt: skip
_RANK = {
    name: rank for rank, name in enumerate((*_LABELS, *(SG[term] for term in TERMS if term[0].islower())))
}


def parse(path: Path, content: bytes | None = None) -> list[ox.Quad]:
    """Return the quads of a Turtle, TriG, N-Triples or N-Quads file.

    Parameters
    ----------
    path
        The file; its name tells its format.
    content
        What the file holds, if it was read already.

    Raises
    ------
    DataError
        If the file cannot be read or has an error in its syntax; the message names file and line.
    """
    try:
        form = _FORMATS[path.suffix]
        return _quads(path.read_bytes() if content is None else content, form)
    except SyntaxError as error:
        reason = _PLACE.sub("", one_line(error.msg))
        raise DataError(f"{path}, line {error.lineno}: {reason}; mend the line and try again") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {one_line(error)}") from error
    except KeyError as error:
        raise DataError(f"{path} is not a file of RDF: its name must end in {', '.join(_FORMATS)}") from error


def _quads(content: bytes, form: ox.RdfFormat) -> list[ox.Quad]:
    if content.count(b"<<(") > _MOST_WITHIN:
        raise ValueError(f"it has more than {_MOST_WITHIN:,} triples within triples")
    quads = list(ox.parse(content, format=form))
    if _MODERN.search(content) and any(_is_modern(quad.object) for quad in quads):
        raise ValueError(
            "triples within triples and texts with a direction (RDF 1.2) have no place in a dataset"
        )
    return quads


def _is_modern(term: Term) -> bool:
    return isinstance(term, ox.Triple) or (isinstance(term, ox.Literal) and term.direction is not None)


def serialize(blocks: Iterable[Iterable[ox.Quad]]) -> bytes:
    """Return blocks of quads as Turtle (or TriG, where a quad has a graph), a blank line between blocks.

    Examples
    --------
    >>> from stabgraph.vocabulary import iri
    >>> quads = [ox.Quad(iri("place", "geneva"), SG.country, iri("state", "CHE"))]
    >>> print(serialize([quads]).decode())
    @prefix place: <https://w3id.org/stabgraph/id/place/> .
    @prefix sg: <https://w3id.org/stabgraph/ontology#> .
    @prefix state: <https://w3id.org/stabgraph/id/state/> .
    <BLANKLINE>
    place:geneva sg:country state:CHE .
    <BLANKLINE>
    """
    bodies = [_body(sorted(set(block), key=_order)) for block in blocks]
    text = "\n".join(bodies)
    used = set(re.findall(r"(?<![\w:/#])([a-z]+):", text))
    header = [f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in sorted(used & PREFIXES.keys())]
    return ("".join(header) + "\n" + text).encode()


def serialize_triples(triples: Iterable[ox.Triple]) -> bytes:
    """Return triples, such as a CONSTRUCT query gives, as Turtle."""
    return serialize([[ox.Quad(t.subject, t.predicate, t.object) for t in triples]])


def natural(text: str) -> tuple[tuple[int, str, str], ...]:
    """Return a key that sorts numbers within texts by value; different texts have different keys.

    Examples
    --------
    >>> sorted(["round-10", "round-9"], key=natural)
    ['round-9', 'round-10']
    """
    parts = [part for part in re.split(r"([0-9]+)", text) if part]
    return tuple(_number(part) if part[0] in "0123456789" else (-1, part, "") for part in parts)


def _number(digits: str) -> tuple[int, str, str]:
    """Return a key that sorts as the number does, however many digits it has."""
    value = digits.lstrip("0")
    return len(value), value, digits


def _body(quads: list[ox.Quad]) -> str:
    written = (ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=PREFIXES) or b"").decode()
    start = 0
    while written.startswith("@prefix", start):
        start = written.index("\n", start) + 1
    return written[start:]


def _order(quad: ox.Quad) -> tuple[object, ...]:
    in_graph = not isinstance(quad.graph_name, ox.DefaultGraph)
    return (
        in_graph,
        str(quad.graph_name) if in_graph else "",
        natural(str(quad.subject)),
        _RANK.get(quad.predicate, len(_RANK)),
        str(quad.predicate),
        natural(str(quad.object)),
    )
