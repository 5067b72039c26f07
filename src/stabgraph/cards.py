"""All about one thing on one screen."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from stabgraph.asking import ANY, ask, named_query
from stabgraph.consensus import Standing
from stabgraph.errors import UnknownNameError
from stabgraph.results import Row, Table, terminal_width, text
from stabgraph.vocabulary import RDFS, SKOS, kind_of, local_id

if TYPE_CHECKING:
    from stabgraph.engines import Embedded
    from stabgraph.vocabulary import Term

__all__ = ["Card", "card"]

#: The named queries that make up a card, by the kind of thing, each with the parameter that the thing is given to.
_SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "meeting": (("participants", "meeting"), ("disputes", "meeting"), ("reports", "meeting")),
    "dialogue": (("meetings", "dialogue"), ("topics", "dialogue"), ("next-rounds", "dialogue")),
    "official": (("official-career", "official"), ("meetings", "official")),
    "state": (("dialogues", "party"), ("dialogues", "state"), ("topics", "party"), ("places", "party")),
    "institution": (("dialogues", "institution"), ("dialogues", "party")),
    "topic": (("dialogues", "topic"), ("places", "topic")),
    "place": (("dialogues", "place"), ("meetings", "place")),
    "report": (("claims", "report"),),
    "instrument": (("dialogues", "instrument"), ("meetings", "instrument")),
}
#: Headings of two sections that would bear the same.
_TITLES = {
    ("institution", "institution"): "Dialogues that took it up",
    ("institution", "party"): "Dialogues in which it took part",
    ("state", "state"): "Dialogues that took it up",
}
_HIDDEN = frozenset(
    {
        "rdf:type", "sg:participation", "sg:headParticipation", "sg:headedBy", "sg:announces", "sg:earliest",
        "sg:latest", "sg:disputed", "sg:credit", "sg:carries", "skos:hiddenLabel", "skos:inScheme",
    }
)  # fmt: skip

#: How well a conclusion stands is told beside it.
_STANDINGS = {f"sg:{standing.value}": standing.words for standing in Standing}

_FACTS = """
SELECT ?property ?value ?label ?thing WHERE {
  ?thing ?property ?value .
  OPTIONAL { ?value rdfs:label ?english FILTER(LANGMATCHES(LANG(?english), "en")) }
  OPTIONAL { ?value rdfs:label ?any }
  BIND(COALESCE(?english, ?any) AS ?label)
}
ORDER BY ?property ?label ?value
"""


@dataclass(frozen=True)
class Card:
    """All about one thing: its facts, and tables of what it has to do with.

    Attributes
    ----------
    iri
        The thing.
    label
        Its name.
    facts
        Properties, each with its values as text.
    tables
        What its named queries answer.
    standings
        How well the conclusions stand, by property: confirmed, single source, majority or conflict.
    """

    iri: str
    label: str
    facts: list[tuple[str, list[str]]]
    tables: list[Table]
    standings: dict[str, str]

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, width: int | None = None, most: int = 15) -> str:
        """Return the card for a terminal, at most so many rows of each table."""
        from io import StringIO

        from rich.console import Console
        from rich.padding import Padding
        from rich.table import Table as Grid
        from rich.text import Text

        console = Console(
            file=StringIO(), width=width or terminal_width(), color_system=None, legacy_windows=False
        )
        console.print(Text(self.label))
        console.print(Text(self.iri))
        grid = Grid.grid(padding=(0, 2))
        for name, values in self.facts:
            standing = f" ({self.standings[name]})" if name in self.standings else ""
            grid.add_row(Text(name), Text("; ".join(values) + standing))
        console.print(Padding(grid, (1, 0, 1, 0)))
        for table in self.tables:
            console.print(Text(f"{table.title} ({len(table):,})"))
            shown = Table(table.columns, table.rows[:most])
            console.print(Text(shown.to_text(width=console.width).rsplit("\n", 2)[0].rstrip()))
            if len(table) > most:
                console.print(Text(f" … and {len(table) - most:,} more"))
            console.print()
        assert isinstance(console.file, StringIO)
        lines = (line.rstrip() for line in console.file.getvalue().rstrip().splitlines())
        return "".join(f"{line}\n" for line in lines)

    def to(self, form: str) -> str:
        """Return the card as text, or as ``json``, ``csv`` or ``markdown``, where facts are rows."""
        if form == "json":
            return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, default=str) + "\n"
        if form == "table":
            return self.to_text()
        columns = ("property", "value", "standing")
        rows = [
            Row((ox.Literal(name), ox.Literal(value), ox.Literal(self.standings.get(name, ""))), columns)
            for name, values in self.facts
            for value in values
        ]
        return "\n".join(table.to(form) for table in (Table(columns, rows), *self.tables))

    def to_dict(self) -> dict[str, object]:
        """Return the card as plain values, for JSON."""
        return {
            "iri": self.iri,
            "label": self.label,
            "facts": dict(self.facts),
            "standings": self.standings,
            "tables": {table.title: table.to_dicts() for table in self.tables},
        }


def card(engine: Embedded, thing: ox.NamedNode) -> Card:
    """Return all about one thing.

    Raises
    ------
    UnknownNameError
        If the graph says nothing about it.
    """
    solutions = engine.query(_FACTS, {"thing": thing})
    assert isinstance(solutions, ox.QuerySolutions)
    found = Table.from_solutions(solutions)
    facts: dict[str, list[str]] = {}
    standings: dict[str, str] = {}
    label = ""
    for solution in found:
        name, value = text(solution["property"]), solution["value"]
        if name in _STANDINGS:
            standings[text(value).removeprefix("sg:")] = _STANDINGS[name]
        elif solution["property"] in (RDFS.label, SKOS.prefLabel):
            label = label or value.value
        elif name not in _HIDDEN:
            shown = facts.setdefault(name.removeprefix("sg:"), [])
            shown.append(_shown(value, solution["label"]))
    if not facts and not label:
        raise UnknownNameError(f"the graph says nothing about {thing.value}", name=thing.value)
    tables = [
        _section(engine, name, parameter, thing) for name, parameter in _SECTIONS.get(kind_of(thing), ())
    ]
    return Card(
        thing.value, label or local_id(thing), list(facts.items()), [t for t in tables if len(t)], standings
    )


def _shown(value: Term, label: ox.Literal | None) -> str:
    """Show a thing by its name and, where people type it, its id."""
    if isinstance(value, ox.Literal) and value.language not in (None, "en"):
        return f"{value.value} ({value.language})"
    if label is None:
        return text(value)
    known = isinstance(value, ox.NamedNode) and kind_of(value) in _SECTIONS
    return f"{label.value} [{text(value)}]" if known else label.value


def _section(engine: Embedded, name: str, parameter: str, thing: ox.NamedNode) -> Table:
    parameters = {parameter: thing.value}
    if any(p.name == "status" for p in named_query(name).parameters):
        parameters["status"] = ANY
    table = ask(engine, name, parameters)
    return replace(table, title=_TITLES.get((kind_of(thing), parameter), table.title))
