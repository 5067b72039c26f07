"""Named queries: one ``.rq`` file each, with title, description and parameters in its head.

The head is YAML in comments. A parameter is a variable of the query: given, it is bound to an RDF term; left
out, it stays open. Three marks, comments to any other SPARQL tool, say what the shared filters do to a query:

``# filters``
    Here the patterns of those filters come in that were given.
``# parameters``
    Here their variables come in: behind what is selected and what is grouped by, since a variable can only be
    bound from outside where it is seen from outside.
``… # status``
    A line that holds unless another status is asked for.

So every file is a query that runs as it stands in any SPARQL tool, and no value ever becomes part of a query's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.dates import Date
from stabgraph.errors import DateError, ParameterError, one_line, suggest
from stabgraph.filters import FILTERS, Parameter
from stabgraph.finding import find, unknown
from stabgraph.plain_yaml import read_yaml
from stabgraph.results import Table
from stabgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from stabgraph.engines import Embedded
    from stabgraph.vocabulary import Term

__all__ = ["ANY", "NamedQuery", "ask", "bind", "named_queries", "named_query"]

_FOLDER = Path(__file__).parent / "queries"
#: The value that leaves a parameter open that has a default.
ANY = "any"
_PLAIN = frozenset({"date", "integer", "number", "text"})
_PARTIES = ("state", "institution")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FILTERS, _PARAMETERS, _STATUS = "# filters\n", "# parameters\n", "# status\n"


@dataclass(frozen=True)
class NamedQuery:
    """A named query as its file gives it, with the filters that it takes among its parameters."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    example: str
    sparql: str

    def compose(self, given: Collection[str], *, any_status: bool = False) -> str:
        """Return the query's text with the patterns of the filters that were given.

        Parameters
        ----------
        given
            Names of the parameters that will be bound.
        any_status
            Whether meetings count whatever became of them.

        Examples
        --------
        >>> "sg:party ?with" in named_query("topics").compose({"with"})
        True
        """
        text = self.sparql
        if any_status or "status" in given:
            text = "".join(line for line in text.splitlines(keepends=True) if not line.endswith(_STATUS))
        filters = [p for p in self.parameters if p.pattern and p.name in given]
        text = text.replace(_FILTERS, " ".join(p.pattern for p in filters) + "\n")
        return text.replace(_PARAMETERS, " ".join(f"?{p.name}" for p in filters) + "\n")


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
    raise unknown("query", name, known, f"known are {', '.join(known)}")


def _read(path: Path) -> NamedQuery:
    text = path.read_text("utf-8")
    head = [line.removeprefix("#")[1:] for line in text.split("\n\n", 1)[0].splitlines()]
    fields = read_yaml("\n".join(head))
    own = {
        name: Parameter(
            name,
            spec["type"],
            spec["about"],
            required=spec.get("required") == "true",
            choices=tuple(spec.get("choices", ())),
        )
        for name, spec in (fields.get("parameters") or {}).items()
    }
    shared = (_of_query(filter_, text) for filter_ in FILTERS.values() if _FILTERS in text)
    parameters = (*own.values(), *(filter_ for filter_ in shared if filter_.name not in own))
    return NamedQuery(path.stem, fields["title"], fields["description"], parameters, fields["example"], text)


def _of_query(filter_: Parameter, text: str) -> Parameter:
    return replace(filter_, default="held") if filter_.name == "status" and _STATUS in text else filter_


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
    return {
        name: _term(known[name], value, engine)
        for name, value in values.items()
        if value is not None and value != ANY
    }


def ask(engine: Embedded, name: str, parameters: Mapping[str, Any], *, timeout: float | None = None) -> Table:
    """Run a named query; see :meth:`stabgraph.DialogueGraph.ask`."""
    query = named_query(name)
    bindings = bind(query, parameters, engine)
    text = query.compose(bindings, any_status=parameters.get("status") == ANY)
    solutions = engine.query(text, bindings, timeout=timeout)
    assert isinstance(solutions, ox.QuerySolutions)
    # A day or a number to judge by is no part of the answer.
    hidden = {*bindings, *(p.name for p in query.parameters if p.type in _PLAIN)}
    table = Table.from_solutions(solutions, without=hidden, title=query.title)
    # A parameter that was left open shows what it ranged over; one that only filters has nothing to show.
    return table.without_empty(p.name for p in query.parameters)


def _term(parameter: Parameter, value: Any, engine: Embedded) -> Term:
    text = str(value).strip()
    if parameter.type == "integer":
        if not _WHOLE.fullmatch(text):
            raise ParameterError(f"{parameter.name} must be a whole number such as 14, not {text!r}")
        return ox.Literal(int(text))
    if parameter.type == "number":
        if not _NUMBER.fullmatch(text):
            raise ParameterError(f"{parameter.name} must be a number such as 2 or 1.5, not {text!r}")
        return ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal"))
    if parameter.type == "date":
        return _date_term(parameter.name, text)
    if parameter.choices and text not in parameter.choices:
        raise ParameterError(f"{parameter.name} must be {' or '.join(parameter.choices)}, not {text!r}")
    if parameter.type == "text":
        try:
            return ox.Literal(text)
        except ValueError as error:
            raise ParameterError(f"{parameter.name} is not text: {one_line(error)}") from error
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
