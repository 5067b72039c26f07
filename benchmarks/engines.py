"""The engines that are measured, each behind the same few methods.

All but stabgraph get the finished quads, conclusions included; stabgraph gets what reports state and concludes itself.
What an engine cannot do stands in its ``cannot`` and in the table, not hidden.
"""

from __future__ import annotations

import json
import shutil
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from engine import Engine, json_rows, plain, term
from servers import OxigraphServer, Virtuoso

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine import Rows

__all__ = ["ENGINES", "available"]


class Raw(Engine):
    """Pyoxigraph itself, what stabgraph stands on."""

    name = "pyoxigraph"
    packages = ("pyoxigraph",)

    def load(self) -> None:
        import pyoxigraph as ox

        self.graph = ox.Store()
        self.graph.bulk_load(path=str(self.files.whole), format=ox.RdfFormat.N_QUADS)

    def ask(self, sparql: str) -> Any:
        return [tuple(solution) for solution in self.graph.query(sparql)]

    def quads(self) -> int | None:
        return len(self.graph)

    def rows(self, answer: Any) -> Rows:
        return [tuple(term(cell) for cell in row) for row in answer]


class Stabgraph(Raw):
    """Stabgraph in memory, conclusions drawn while loading."""

    name = "stabgraph"
    packages = ("stabgraph",)

    @classmethod
    def missing(cls) -> str:
        return ""

    @classmethod
    def version(cls) -> str:
        try:
            return version("stabgraph")
        except PackageNotFoundError:
            return "of this checkout"

    def load(self) -> None:
        import stabgraph as sg

        self.kg = sg.load(self.files.stated)

    def ask(self, sparql: str) -> Any:
        return self.kg.query(sparql)

    def quads(self) -> int | None:
        return len(self.kg)

    def ask_bare(self, sparql: str) -> Any:
        return [tuple(solution) for solution in self.kg.engine.store.query(sparql)]


class StabgraphOnDisk(Stabgraph):
    """Stabgraph with its store on disk."""

    name = "stabgraph on disk"
    keeps = True

    def load(self) -> None:
        shutil.rmtree(self.store, ignore_errors=True)
        self.open()

    def open(self) -> None:
        import stabgraph as sg

        self.kg = sg.open(self.store, data=self.files.stated)

    def stop(self) -> None:
        del self.kg


class Rdflib(Engine):
    """Rdflib with its own store and evaluator."""

    name = "rdflib"
    packages = ("rdflib",)
    largest = 200_000

    def load(self) -> None:
        import rdflib

        self.graph = rdflib.Dataset(default_union=False)
        self.graph.parse(str(self.files.whole), format="nquads")

    def ask(self, sparql: str) -> Any:
        return list(self.graph.query(sparql))

    def rows(self, answer: Any) -> Rows:
        return [tuple(None if cell is None else plain(cell, cell) for cell in row) for row in answer]


class Kglab(Rdflib):
    """Kglab, which stands on rdflib."""

    name = "kglab"
    packages = ("kglab",)
    named_graphs = False
    cannot = "keeps no named graphs: questions about who says so cannot be asked"

    def load(self) -> None:
        import kglab

        self.graph = kglab.KnowledgeGraph()
        self.graph.load_rdf(str(self.files.conclusions), format="nt")


class Maplib(Engine):
    """Maplib: columns in Polars."""

    name = "maplib"
    packages = ("maplib",)
    named_graphs = False
    cannot = "reads no N-Quads, and `GRAPH ?report` ends in a panic (not yet implemented): only conclusions are loaded"

    def load(self) -> None:
        from maplib import Model

        self.graph = Model()
        self.graph.read(str(self.files.conclusions), format="ntriples")

    def ask(self, sparql: str) -> Any:
        self.asked = sparql
        return self.graph.query(sparql)

    def rows(self, answer: Any) -> Rows:
        # The data frame has lost which texts are IRIs, so the terms are asked for once more. Its JSON does not keep the
        # order of the columns.
        terms = json.loads(self.graph.query(self.asked, return_json=True))
        return json_rows(terms, answer.columns)


ENGINES: dict[str, type[Engine]] = {
    engine.name: engine
    for engine in (
        Stabgraph, StabgraphOnDisk, Raw, OxigraphServer, Virtuoso, Maplib, Rdflib, Kglab,
    )
}  # fmt: skip


def available(names: Iterable[str] = ENGINES) -> tuple[list[str], list[str]]:
    """Return the engines that can be measured here, and a notice for each that cannot."""
    names = list(names)
    absent = {name: missing for name in names if (missing := ENGINES[name].missing())}
    notices = [f"{name} is left out: {missing} is not installed" for name, missing in absent.items()]
    return [name for name in names if name not in absent], notices
