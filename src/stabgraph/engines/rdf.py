"""The store as rdflib sees it, under the same rules: changes are noticed, a reader cannot write, nothing is fetched."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import rdflib
from oxrdflib import OxigraphStore
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.parser import Parser, create_input_source
from rdflib.plugins.parsers.jsonld import JsonLDParser
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query, Update

from stabgraph.engines.depth import refuse_depth
from stabgraph.engines.network import refuse_network
from stabgraph.engines.wording import failing
from stabgraph.errors import QueryError
from stabgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.parser import InputSource

    from stabgraph.engines.embedded import Embedded

__all__ = ["JsonLD", "SharedStore", "dataset"]

#: What rdflib's own evaluator, which answers what it has parsed before, would fetch.
_FETCHING = {"ServiceGraphPattern", "Load", "DatasetClause"}


def dataset(engine: Embedded) -> rdflib.Dataset:
    """Return a store as an rdflib Dataset that knows the prefixes."""
    shared = rdflib.Dataset(store=SharedStore(engine), default_union=False)
    for prefix, base in PREFIXES.items():
        shared.bind(prefix, base)
    return shared


class SharedStore(OxigraphStore):
    """The store of a graph, for rdflib."""

    def __init__(self, engine: Embedded) -> None:
        super().__init__(store=engine.store)
        self.engine = engine

    def add(self, *args: Any, **kwargs: Any) -> None:
        """Add a triple."""
        with self.engine.writing():
            super().add(*args, **kwargs)

    def addN(self, quads: Any) -> None:  # noqa: N802  rdflib's name
        """Add quads."""
        with self.engine.writing():
            super().addN(list(quads))

    def remove(self, *args: Any, **kwargs: Any) -> None:
        """Remove the triples that match."""
        with self.engine.writing():
            super().remove(*args, **kwargs)

    def add_graph(self, graph: rdflib.Graph) -> None:
        """Make a named graph; rdflib does so even to read one, which a reader may."""
        if not self.engine.read_only:
            with self.engine.writing():
                super().add_graph(graph)

    def remove_graph(self, graph: rdflib.Graph) -> None:
        """Remove a named graph with all that is in it."""
        with self.engine.writing():
            super().remove_graph(graph)

    def query(
        self,
        query: Any,
        initNs: Any,  # noqa: N803  rdflib's name
        initBindings: Any,  # noqa: N803
        queryGraph: Any,  # noqa: N803
        **kwargs: Any,
    ) -> Any:
        """Answer a query."""
        self._check(query, "query", initNs)
        # A default graph that is named to the engine outdoes the FROM of a query.
        graph = "" if queryGraph == DATASET_DEFAULT_GRAPH_ID else queryGraph
        with failing(str(query)):
            return super().query(query, initNs, initBindings, graph, **kwargs)

    def update(self, update: Any, initNs: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N803  rdflib's name
        """Run an update."""
        with self.engine.writing():
            self._check(update, "update", initNs)
            with failing(str(update), "update"):
                super().update(update, initNs, *args, **kwargs)

    def _check(self, sparql: Any, what: str, prefixes: Any) -> None:
        if isinstance(sparql, str):
            refuse_depth(sparql, what)
        if self.engine.network:
            return
        if isinstance(sparql, Query | Update):
            if not _FETCHING.isdisjoint(_names(sparql.algebra)):
                raise QueryError(
                    f"the {what} has a SERVICE or loads documents, which would leave this machine; take that "
                    "part out, or allow it with network=True"
                )
        else:
            refuse_network(sparql, what, {**self._namespace_for_prefix, **prefixes})


def _names(algebra: Any) -> Iterator[str]:
    """Yield the names of all parts of a query that rdflib has parsed."""
    if isinstance(algebra, CompValue):
        yield algebra.name
        if dict.get(
            algebra, "datasetClause"
        ):  # its own get() returns what it is asked for, if it has nothing
            yield "DatasetClause"
        algebra = list(algebra.values())
    elif isinstance(algebra, dict):
        algebra = list(algebra.values())
    if isinstance(algebra, list | tuple | set):
        for part in algebra:
            yield from _names(part)


class JsonLD(JsonLDParser):
    """rdflib's reader of JSON-LD, which does not fetch contexts on behalf of our store."""

    def parse(self, source: InputSource, sink: rdflib.Graph, *args: Any, **kwargs: Any) -> None:
        """Read a document into a graph.

        Raises
        ------
        QueryError
            If the document names a context by its address and the graph must not use the network.
        """
        engine = getattr(sink.store, "engine", None)
        if not isinstance(sink.store, SharedStore) or engine is None or engine.network:
            super().parse(source, sink, *args, **kwargs)
            return
        stream = source.getCharacterStream() or source.getByteStream()
        with _closing(source):
            text = stream.read() if stream is not None else ""
        try:
            document = json.loads(text)
        except ValueError:
            document = None  # rdflib says what is wrong with it
        for address in _addresses([{"@context": kwargs.get("context")}, document]):
            raise QueryError(
                f"the document names its context by the address {address}, which would be fetched; put the "
                "context into the document, or allow it with network=True"
            )
        # Written anew, what rdflib reads is what was checked.
        text = text if document is None else json.dumps(document)
        checked = create_input_source(data=text, publicID=source.getPublicId() or source.getSystemId())
        super().parse(checked, sink, *args, **kwargs)


@contextmanager
def _closing(source: InputSource) -> Iterator[None]:
    try:
        yield
    finally:
        if getattr(source, "auto_close", False):
            source.close()


def _addresses(document: Any) -> Iterator[str]:
    """Yield the contexts that a document names by address, at any depth."""
    if isinstance(document, list):
        for part in document:
            yield from _addresses(part)
    if isinstance(document, dict):
        for name, value in document.items():
            if name in {"@context", "@import"}:
                contexts = value if isinstance(value, list) else [value]
                yield from (context for context in contexts if isinstance(context, str))
            yield from _addresses(value)


# rdflib finds its readers by name. For every store but ours this one does what its own does.
for _name in ("json-ld", "application/ld+json"):
    rdflib.plugin.register(_name, Parser, __name__, JsonLD.__name__)
