"""Whether a query or an update would leave this machine.

``SERVICE`` asks another endpoint, and in an update ``LOAD`` fetches a document. Only the grammar knows whether these
letters are the keyword or stand in a string, a comment, an IRI or a name: no pattern can tell, for
``?a<?b)SERVICE#>`` is one IRI to a pattern, and a comparison followed by a call to the grammar. So the engine itself is
asked, with every such word misspelt: what it still understands never was a call, and what it does not is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from stabgraph.engines.wording import failing, place_of
from stabgraph.errors import QueryError
from stabgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["refuse_network"]

_CALLS = {
    "query": re.compile("service", re.IGNORECASE | re.ASCII),
    "update": re.compile("service|load", re.IGNORECASE | re.ASCII),
}
# SPARQL lets any character be written by its number, those of a keyword too.
_LETTER = re.compile(r"\\\\|\\(?:u00|U000000)([46][1-9A-Fa-f]|[57][0-9Aa])")
# No keyword of SPARQL begins with these letters, let alone repeats them.
_STRANGERS = "qjkz"


def refuse_network(sparql: str, what: str = "query", prefixes: Mapping[str, str] = PREFIXES) -> None:
    """Refuse a query or an update that would leave this machine.

    Parameters
    ----------
    sparql
        The text.
    what
        ``query`` or ``update``.
    prefixes
        The prefixes that the text may use without declaring them.

    Raises
    ------
    QueryError
        If the text calls a service or loads a document, or has an error.

    Examples
    --------
    >>> refuse_network('SELECT ?service { ?service sg:title "SERVICE" }')
    >>> try:
    ...     refuse_network("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }")
    ... except QueryError as error:
    ...     print(str(error).partition(";")[0])
    the query has a SERVICE, which would leave this machine
    """
    lower = sparql.lower()
    if "\\" not in sparql and "service" not in lower and (what == "query" or "load" not in lower):
        return  # as nearly all
    calls = _CALLS[what]
    plain = _LETTER.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[0], sparql)
    if not calls.search(plain):
        return
    letter = next((c for c in _STRANGERS if c * 4 not in plain.lower()), _STRANGERS[0])
    misspelt = calls.sub(lambda found: _in_case_of(found[0], letter), plain)
    try:
        with failing(plain, what):
            _understand(misspelt, what, prefixes)
    except QueryError as error:
        # An update that starts well and fails, on a store where nothing is, was understood.
        if not isinstance(error.__cause__, SyntaxError):
            return
        place = _reached(misspelt, what, prefixes)
        # Where the engine gets no further with the word spelt rightly, the mistake is another.
        if place is None or _reached(plain, what, prefixes) == place:
            raise
        word = calls.findall(_before(plain, place))[-1].upper()
        raise QueryError(
            f"the {what} has a {word}, which would leave this machine; take that part out, "
            "or allow it with network=True (--network)"
        ) from None


def _understand(sparql: str, what: str, prefixes: Mapping[str, str]) -> None:
    store = ox.Store()
    run = store.update if what == "update" else store.query
    run(sparql, prefixes=dict(prefixes))


def _reached(sparql: str, what: str, prefixes: Mapping[str, str]) -> tuple[int, int] | None:
    """Return how far the engine understands a text. Nothing is run: it ends with what is never understood."""
    try:
        _understand(sparql + "\n\0", what, prefixes)
    except SyntaxError as error:
        return place_of(str(error.msg))
    raise AssertionError("the engine understands a character that no grammar has")  # pragma: no cover


def _in_case_of(word: str, letter: str) -> str:
    return "".join(letter.upper() if c.isupper() else letter for c in word)


def _before(text: str, place: tuple[int, int]) -> str:
    line, column = place
    lines = text.split("\n")
    return "\n".join([*lines[: line - 1], lines[line - 1][: column - 1]])
