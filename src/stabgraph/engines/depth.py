"""Whether a query or an update is so deep that it would end the process: the engine descends without looking down."""

from __future__ import annotations

import re

from stabgraph.errors import QueryError

__all__ = ["refuse_depth"]

# On a stack of 8 MB the engine comes to grief from some 750 brackets within one another, or 1,300 parts in a row;
# with fewer letters than these nobody gets there.
_DEEPEST, _LONGEST, _LETTERS = 200, 500, 2000
_BRACKET = re.compile(r"([(\[{])|[)\]}]")
# What is counted must not stand in a string, an IRI or a name.
_NAMES = re.compile(
    r"""\"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[a-z][a-z0-9+.-]*:[^<>"{}()|^`\\\s]*>|[^\W\d][\w.-]*:[\w.:%-]*""",
    re.ASCII | re.IGNORECASE,
)
#: Each of these puts what comes next on top of all that came before.
_STEPS = re.compile(
    r"\|\||&&|[!+*/|^]|(?<=[\w)])-|\b(?:AS|BIND|FILTER|MINUS|OPTIONAL|UNION|VALUES)\b",
    re.IGNORECASE | re.ASCII,
)


def refuse_depth(sparql: str, what: str = "query") -> None:
    """Refuse a query or an update that goes deeper than the engine can.

    Parameters
    ----------
    sparql
        The text.
    what
        ``query`` or ``update``.

    Raises
    ------
    QueryError
        If it has too many brackets within one another, or too many parts.

    Examples
    --------
    >>> refuse_depth("ASK { ?s ?p ?o }")
    >>> try:
    ...     refuse_depth("ASK " + "{" * 1000 + "}" * 1000)
    ... except QueryError as error:
    ...     print(error)
    the query has 1,000 brackets within one another, and 200 are the most that the engine can bear; write it flatter
    """
    if len(sparql) <= _LETTERS:
        return
    bare = _NAMES.sub("", sparql)
    deepest = _deepest(bare)
    if deepest > _DEEPEST:
        raise QueryError(
            f"the {what} has {deepest:,} brackets within one another, and {_DEEPEST} are the most that the engine "
            "can bear; write it flatter"
        )
    steps = len(_STEPS.findall(bare))
    if steps > _LONGEST:
        raise QueryError(
            f"the {what} puts {steps:,} parts on top of one another, and {_LONGEST} are the most that the engine can "
            "bear; list values with VALUES or IN, or ask in several queries"
        )


def _deepest(sparql: str) -> int:
    """Return how many brackets stand within one another."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(sparql):
        depth += 1 if bracket[1] else -1
        deepest = max(deepest, depth)
    return deepest
