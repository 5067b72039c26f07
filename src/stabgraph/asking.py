"""Named queries: one ``.rq`` file each, with title, description and parameters in its head.

The head is YAML in comments. A parameter is a variable of the query: given, it is bound to an RDF term; left
out, it stays open, so every file is a query that runs as it stands in any SPARQL tool. Parameters never become
part of the query's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.dates import Date
from stabgraph.errors import DateError, ParameterError, UnknownNameError, suggest
from stabgraph.linking import LABEL_PROPERTIES, fold
from stabgraph.plain_yaml import read_yaml
from stabgraph.results import Table
from stabgraph.vocabulary import ID, ID_KINDS, PREFIXES, SG, iri, kind_of, local_id, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stabgraph.engines import Embedded
    from stabgraph.vocabulary import Term

__all__ = ["ANY", "NamedQuery", "Parameter", "ask", "bind", "find", "named_queries", "named_query"]

_FOLDER = Path(__file__).parent / "queries"
#: What a parameter can be, besides the kinds of thing: a day, a number, a text.
_VALUES = ("date", "integer", "text")
#: The value that leaves a parameter open that has a default.
ANY = "any"
_PARTIES = ("state", "institution")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a named query."""

    name: str
    type: str
    about: str
    required: bool = False
    default: str | None = None


@dataclass(frozen=True)
class NamedQuery:
    """A named query as its file gives it."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    example: str
    sparql: str


@cache
def named_queries() -> dict[str, NamedQuery]:
    """Return all named queries by name.

    Examples
    --------
    >>> "delegation-heads" in named_queries()
    True
    """
    return {path.stem: _read(path) for path in sorted(_FOLDER.glob("*.rq"))}


def named_query(name: str) -> NamedQuery:
    """Return one named query.

    Raises
    ------
    UnknownNameError
        If there is none of the name; the message suggests others.
    """
    path = _FOLDER / f"{name}.rq"
    if name.replace("-", "").isalnum() and path.is_file():
        return _read(path)
    known = sorted(path.stem for path in _FOLDER.glob("*.rq"))
    raise _unknown("query", name, known, f"known are {', '.join(known)}")


def _read(path: Path) -> NamedQuery:
    text = path.read_text("utf-8")
    head = [line.removeprefix("#")[1:] for line in text.split("\n\n", 1)[0].splitlines()]
    fields = read_yaml("\n".join(head))
    parameters = tuple(
        Parameter(name, spec["type"], spec["about"], spec.get("required") == "true", spec.get("default"))
        for name, spec in (fields.get("parameters") or {}).items()
    )
    return NamedQuery(path.stem, fields["title"], fields["description"], parameters, fields["example"], text)


def bind(query: NamedQuery, values: Mapping[str, Any], engine: Embedded) -> dict[str, Term]:
    """Return the terms that the parameters of a query are bound to.

    Parameters
    ----------
    query
        The named query.
    values
        What the caller gave: an IRI, an id, a label, a number or a date, as the parameter asks.
    engine
        The store in which ids and labels are looked up.

    Raises
    ------
    ParameterError
        If a parameter is unknown, missing, or no such date or number.
    UnknownNameError
        If no thing has the id or label.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            near = suggest(name, known)
            meant = f"did you mean {near[0]}?" if near else f"it takes {', '.join(known) or 'none'}"
            raise ParameterError(f"the query {query.name} has no parameter {name}; {meant}")
    for parameter in query.parameters:
        if parameter.required and values.get(parameter.name) is None:
            raise ParameterError(
                f"the query {query.name} needs the parameter {parameter.name}: {parameter.about}"
            )
    chosen = {p.name: p.default for p in query.parameters} | dict(values)
    return {
        name: _term(known[name], value, engine)
        for name, value in chosen.items()
        if value is not None and value != ANY
    }


def ask(engine: Embedded, name: str, parameters: Mapping[str, Any], *, timeout: float | None = None) -> Table:
    """Run a named query; see :meth:`stabgraph.DialogueGraph.ask`."""
    query = named_query(name)
    bindings = bind(query, parameters, engine)
    solutions = engine.query(query.sparql, bindings, timeout=timeout)
    assert isinstance(solutions, ox.QuerySolutions)
    table = Table.from_solutions(solutions, without=bindings, title=query.title)
    # A parameter that was left open shows what it ranged over; one that only filters has nothing to show.
    return table.without_empty(p.name for p in query.parameters)


def _term(parameter: Parameter, value: Any, engine: Embedded) -> Term:
    text = str(value).strip()
    if parameter.type == "integer":
        if not text.lstrip("-").isdigit():
            raise ParameterError(f"{parameter.name} must be a whole number, not {text!r}")
        return ox.Literal(int(text))
    if parameter.type == "date":
        return _date_term(parameter.name, text)
    if parameter.type == "text":
        return ox.Literal(text)
    kinds = _PARTIES if parameter.type == "party" else tuple(parameter.type.split("|"))
    return find(engine, text, *kinds)


def _date_term(name: str, text: str) -> ox.Literal:
    """Turn a date of any precision into a day: the last one for an upper limit, else the first."""
    try:
        date = Date.parse(text)
    except DateError as error:
        raise ParameterError(f"{name}: {error.reason}") from error
    day = date.latest if name == "until" else date.earliest
    if day is None:
        raise ParameterError(f"{name} must be a date with a beginning and an end, not {text!r}")
    return ox.Literal(day.isoformat(), datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))


def find(engine: Embedded, name: str, *kinds: str) -> ox.NamedNode:
    """Return the thing that an IRI, an id or a label names.

    Parameters
    ----------
    engine
        The store to look in.
    name
        A full IRI, a prefixed one (``state:RUS``), an id (``RUS``) or any label (``Russia``).
    kinds
        The kinds of thing to look among, the preferred first; all kinds if none is given.

    Raises
    ------
    UnknownNameError
        If nothing bears the name, or several things do; the message suggests or lists them.
    """
    wanted = kinds or ID_KINDS
    for node in _candidates(name, wanted):
        if _exists(engine, node):
            return node
    found = sorted(_labelled(engine, name, wanted), key=lambda node: wanted.index(kind_of(node)))
    first = [node for node in found if kind_of(node) == kind_of(found[0])]
    if len(first) == 1:
        return first[0]
    what = " or ".join(kinds) if kinds else "thing"
    if first:
        ids = ", ".join(sorted(local_id(node) for node in first))
        raise UnknownNameError(f"{name!r} can mean several: {ids}; give one of these ids", name=name)
    raise _unknown(what, name, _names(engine, wanted))


def _candidates(name: str, kinds: Iterable[str]) -> Iterable[ox.NamedNode]:
    try:
        if name.startswith(ID):
            yield ox.NamedNode(name)
            return
        prefix, _, local = name.partition(":")
        if local and prefix in kinds:
            yield iri(prefix, local)
        for kind in kinds:
            yield iri(kind, name)
            if kind in {"state", "institution"}:
                yield iri(kind, name.upper())
            else:
                yield iri(kind, name.lower())
    except ValueError:
        return  # a name that cannot be part of an IRI can still be a label


def _exists(engine: Embedded, node: ox.NamedNode) -> bool:
    quads = engine.store.quads_for_pattern(node, None, None, ox.DefaultGraph())
    # A small dataset points to states without describing them.
    mentions = engine.store.quads_for_pattern(None, None, node, ox.DefaultGraph())
    return next(quads, None) is not None or next(mentions, None) is not None


def _labels(engine: Embedded, kinds: Iterable[str]) -> Iterable[tuple[str, ox.NamedNode]]:
    wanted = set(kinds)
    for name in (*sorted(LABEL_PROPERTIES, key=str), SG.title):
        for quad in engine.store.quads_for_pattern(None, name, None, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode) and kind_of(quad.subject) in wanted:
                yield words(quad.object), quad.subject


def _labelled(engine: Embedded, name: str, kinds: Iterable[str]) -> set[ox.NamedNode]:
    key = fold(name)
    return {node for label, node in _labels(engine, kinds) if fold(label) == key}


def _names(engine: Embedded, kinds: Iterable[str]) -> list[str]:
    return sorted({name for label, node in _labels(engine, kinds) for name in (label, local_id(node))})


def _unknown(what: str, name: str, known: Iterable[str], otherwise: str = "") -> UnknownNameError:
    by_fold = {label.casefold(): label for label in known}
    near = tuple(by_fold[match] for match in suggest(name.casefold(), by_fold))
    hint = f"did you mean {' or '.join(near)}?" if near else otherwise or "check the spelling"
    return UnknownNameError(f"there is no {what} {name!r}; {hint}", name=name, suggestions=near)
