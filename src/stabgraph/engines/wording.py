"""What the engine says about a query or an update that fails, in our words."""

from __future__ import annotations

import re

from stabgraph.errors import QueryError, one_line

__all__ = ["failing", "place_of"]

_PLACE = re.compile(r"error at (\d+):(\d+): ")
# Among the tokens that the engine would have liked better it names, in plain words, a rule that was broken.
_RULE = re.compile(r"(?:expected (?:one of )?|, )([A-Z]\w* [\w ]*[a-z][\w ]*)(?=,|$)")
# What an update begins with, after its prefixes.
_UPDATE = re.compile(
    r"(?:\s|#[^\n]*\n|(?:PREFIX|BASE)[^<]*<[^>]*>)*(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD|WITH)\b",
    re.IGNORECASE,
)


class failing:  # noqa: N801  used as a function is
    """Raise what goes wrong inside as an error that tells where in the text, as far as the engine says.

    It stands around every query, so it is no generator: entering and leaving one takes longer than finding a few rows.

    Raises
    ------
    QueryError
        Instead of any error of the engine.

    Examples
    --------
    >>> import pyoxigraph as ox
    >>> try:
    ...     with failing("ASK { ?s ?p }"):
    ...         ox.Store().query("ASK { ?s ?p }")
    ... except QueryError as error:
    ...     print(error)
    the query has an error in line 1, column 14, after `ASK { ?s ?p }`; mend it there or just before
    """

    __slots__ = ("_sparql", "_what")

    def __init__(self, sparql: str, what: str = "query") -> None:
        self._sparql = sparql
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, QueryError | NotImplementedError):
            return  # by the latter rdflib knows that it must answer itself
        if isinstance(error, SyntaxError):
            raise QueryError(_syntax(one_line(error.msg), self._sparql, self._what)) from error
        if isinstance(error, ValueError | RuntimeError | OSError):
            raise QueryError(f"the {self._what} cannot be run: {one_line(error)}") from error


def place_of(message: str) -> tuple[int, int] | None:
    """Return the line and column that a message of the engine names, or None if it names none.

    Examples
    --------
    >>> place_of("error at 2:7: expected one of OPTIONAL")
    (2, 7)
    """
    found = _PLACE.match(message)
    return (int(found[1]), int(found[2])) if found else None


def _syntax(message: str, sparql: str, what: str) -> str:
    """Say where the text goes wrong, and show the place: the engine lists tokens by the dozen instead."""
    if what == "query" and _UPDATE.match(sparql):
        return "the query is an update; give it to kg.update or `stabgraph update`, on a graph opened for writing"
    place = place_of(message)
    if place is None:
        return f"the {what} has an error: {message}"
    line, column = place
    lines = sparql.splitlines()[:line]
    read = one_line("\n".join([*lines[:-1], lines[-1][: column - 1]]) if lines else "")
    # The engine has often read past the word at fault, so what it has read tells more than what comes next.
    near = f"after `{read[-40:].lstrip()}`" if read else "at its beginning"
    rule = _RULE.search(message)
    reason = f" ({rule[1]})" if rule else ""
    return f"the {what} has an error in line {line}, column {column}, {near}{reason}; mend it there or just before"
