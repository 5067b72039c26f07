"""What changes when one believes differently: the conclusions of two graphs, side by side."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from stabgraph.conclusions import SINGLE
from stabgraph.consensus import Standing
from stabgraph.results import Row, Table
from stabgraph.vocabulary import SG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stabgraph.engines import Embedded
    from stabgraph.vocabulary import Term

__all__ = ["compare"]

_COLUMNS = ("meeting", "property", "here", "standing_here", "there", "standing_there")
_STANDINGS = {SG[standing.value]: ox.Literal(standing.value) for standing in Standing}
_CONCLUDED = """
SELECT ?meeting ?property ?value WHERE {
  ?meeting a sg:Meeting ; ?property ?value .
  FILTER(?property NOT IN (rdf:type, rdfs:label, sg:title, sg:partOf, sg:earliest, sg:latest,
                           sg:disputed, sg:headParticipation, sg:participation, sg:announces))
}
"""
_Facts = dict[tuple["Term", "Term"], set["Term"]]


def compare(here: Embedded, there: Embedded) -> Table:
    """Return the conclusions about meetings that two graphs do not share; see :meth:`DialogueGraph.compare`."""
    ours, our_standings = _conclusions(here)
    theirs, their_standings = _conclusions(there)
    rows = []
    for key in sorted(ours.keys() | theirs.keys(), key=str):
        for one, other in _differences(key[1], ours.get(key, set()), theirs.get(key, set())):
            ours_stands = our_standings.get(key) if one is not None else None
            theirs_stands = their_standings.get(key) if other is not None else None
            rows.append(Row((*key, one, ours_stands, other, theirs_stands), _COLUMNS))
    # What contradicts comes before what is merely known to one side.
    rows.sort(key=lambda row: row["here"] is None or row["there"] is None)
    return Table(_COLUMNS, rows, "What is concluded differently")


def _conclusions(engine: Embedded) -> tuple[_Facts, dict[tuple[Term, Term], ox.Literal]]:
    facts: _Facts = defaultdict(set)
    standings = {}
    solutions = engine.query(_CONCLUDED)
    assert isinstance(solutions, ox.QuerySolutions)
    for solution in Table.from_solutions(solutions):
        meeting, name, value = solution["meeting"], solution["property"], solution["value"]
        if name in _STANDINGS:
            standings[meeting, value] = _STANDINGS[name]
        else:
            facts[meeting, name].add(value)
    return facts, standings


def _differences(name: Term, ours: set[Term], theirs: set[Term]) -> Iterator[tuple[Term | None, Term | None]]:
    """Pair the values of a property that has one; of one that has many, list what only one side has."""
    only_ours, only_theirs = sorted(ours - theirs, key=str), sorted(theirs - ours, key=str)
    if name in SINGLE and only_ours and only_theirs:
        yield from zip(only_ours, only_theirs, strict=True)
    else:
        yield from ((value, None) for value in only_ours)
        yield from ((None, value) for value in only_theirs)
