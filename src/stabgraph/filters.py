"""The filters that named queries share: which meetings a question is about.

A filter is a parameter with a graph pattern on ``?meeting``. A query that holds the line ``# filters`` takes them
all, so that each is stated once and any of them combine.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FILTERS", "Parameter"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a named query.

    Attributes
    ----------
    name
        Its name, which is also the variable that it binds.
    type
        What it can be: a kind of thing, ``party``, ``date``, ``integer``, ``number`` or ``text``.
    about
        What it means.
    choices
        What it can be, if that is a word among few.
    required
        Whether the query cannot do without it.
    default
        The value that holds if it is left out.
    pattern
        For a filter, the graph pattern that it adds to the query.
    """

    name: str
    type: str
    about: str
    required: bool = False
    default: str | None = None
    pattern: str = ""
    choices: tuple[str, ...] = ()


_ABSENT = "<https://w3id.org/stabgraph/id/capacity/absent>"
_BROADER = "<http://www.w3.org/2004/02/skos/core#broader>"

#: The filters, by name. The names of variables that end in an underscore are theirs alone. What can join a meeting
#: in several ways is made distinct, so that no filter ever doubles a row.
FILTERS = {
    filter_.name: filter_
    for filter_ in (
        Parameter("dialogue", "dialogue", "the series of meetings", pattern="?meeting sg:partOf ?dialogue ."),
        Parameter(
            "party",
            "party",
            "a state or institution that took part",
            pattern="?meeting sg:party ?party .",
        ),
        Parameter(
            "with",
            "party",
            "another state or institution that took part",
            pattern="?meeting sg:party ?with .",
        ),
        Parameter(
            "official",
            "official",
            "a person who took part, in any capacity but that of one who stayed away",
            pattern="{ SELECT DISTINCT ?meeting ?official { ?meeting sg:participation ?part_ . "
            f"?part_ sg:official ?official MINUS {{ ?part_ sg:capacity {_ABSENT} }} }} }}",
        ),
        Parameter(
            "topic",
            "topic",
            "a concept of the thesaurus, with its narrower ones",
            pattern=f"{{ SELECT DISTINCT ?meeting ?topic {{ ?meeting sg:topic/{_BROADER}* ?topic }} }}",
        ),
        Parameter(
            "institution",
            "institution",
            "an institution or forum discussed",
            pattern="?meeting sg:institution ?institution .",
        ),
        Parameter(
            "instrument",
            "instrument",
            "a treaty or agreement discussed",
            pattern="?meeting sg:instrument ?instrument .",
        ),
        Parameter("state", "state", "a state discussed", pattern="?meeting sg:state ?state ."),
        Parameter("place", "place", "a city", pattern="?meeting sg:place ?place ."),
        Parameter(
            "level",
            "level",
            "expert, senior-official, ministerial or summit",
            pattern="?meeting sg:level ?level .",
        ),
        Parameter(
            "status",
            "status",
            "held, planned, postponed, cancelled or suspended; any for all",
            pattern="?meeting sg:status ?status .",
        ),
        Parameter(
            "since",
            "date",
            "only meetings that had not ended before",
            pattern="?meeting sg:latest ?latest_ . FILTER(?latest_ >= ?since)",
        ),
        Parameter(
            "until",
            "date",
            "only meetings that had begun by then",
            pattern="?meeting sg:earliest ?earliest_ . FILTER(?earliest_ <= ?until)",
        ),
    )
}
