"""Embedded Oxigraph, in memory or on disk, with its errors said in our words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.engines.disk import copy_store, damaged, is_new, mark, open_store, whole
from stabgraph.errors import QueryError, StoreError, one_line
from stabgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from stabgraph.locking import Lock
    from stabgraph.vocabulary import Term

__all__ = ["Embedded"]

# A query names services by IRI; nothing of stabgraph reads from the network, so a query must not either.
_SERVICE = re.compile(r"(?<![?$:\w-])SERVICE\b(?!\s*:)", re.IGNORECASE)
_QUOTED = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|\"\"\".*?\"\"\"|'''.*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*""",
    re.DOTALL,
)
_NODE = ox.NamedNode("stabgraph:node")


class Embedded:
    """A store of quads that answers SPARQL.

    Attributes
    ----------
    store
        The pyoxigraph store itself.

    Examples
    --------
    >>> engine = Embedded.in_memory()
    >>> engine.store.add(ox.Quad(ox.NamedNode("http://a/s"), ox.NamedNode("http://a/p"), ox.Literal(1)))
    >>> [solution["o"].value for solution in engine.query("SELECT ?o { ?s ?p ?o }")]
    ['1']
    """

    def __init__(
        self, store: ox.Store, *, name: str, path: Path | None = None, lock: Lock | None = None
    ) -> None:
        self.store = store
        self.name = name
        self._path = path
        self._lock = lock  # held as long as the store is open

    def __repr__(self) -> str:
        return f"<Embedded {self.name}>"

    @classmethod
    def in_memory(cls) -> Embedded:
        """Return an empty store in memory."""
        return cls(ox.Store(), name="memory")

    @classmethod
    def on_disk(cls, path: Path, *, read_only: bool = False) -> Embedded:
        """Open a store on disk, for writing unless told otherwise; a missing one is made when it may be written.

        Any number of programs can read a store at once. One that writes has it alone.

        Raises
        ------
        StoreError
            If the path is no store of stabgraph, a damaged one, or in use.
        """
        store, lock = open_store(path, read_only=read_only)
        return cls(store, name=str(path), path=path, lock=lock)

    def fill(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads at once, the fast way."""
        self.store.bulk_extend(quads)

    def quads(self) -> list[ox.Quad]:
        """Return all there is.

        Raises
        ------
        StoreError
            If the store turns out to be damaged.
        """
        try:
            return list(self.store)
        except (OSError, ValueError, RuntimeError) as error:
            raise damaged(self.name, error) from error

    def change(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Remove some quads and add others in one transaction, which is on the disk when this returns.

        Raises
        ------
        StoreError
            If the store was opened for reading, or the disk cannot be written; the store is as it was then.
        """
        nodes: dict[ox.BlankNode, str] = {}
        gone, new = _template(removed, nodes), _template(added, nodes)
        known = list(nodes)

        def node(number: ox.Literal) -> ox.BlankNode:
            return known[int(number.value)]

        # A blank node has no name in SPARQL that would mean the one of the store: a function hands it over.
        binds = " ".join(f"BIND(<{_NODE.value}>({i}) AS {name})" for i, name in enumerate(nodes.values()))
        functions: dict[ox.NamedNode, Callable[..., Any]] = {_NODE: node}
        try:
            self.store.update(
                f"DELETE {{ {gone} }} INSERT {{ {new} }} WHERE {{ {binds} }}", custom_functions=functions
            )
            self.store.flush()
        except (OSError, ValueError, RuntimeError) as error:
            raise self._unwritten(error) from error

    def backup(self, path: Path) -> None:
        """Copy the store to a new path, whole or not at all; on one disk the tables are shared, not copied.

        Raises
        ------
        StoreError
            If the store lives in memory, something is at the path already, or it cannot be written.
        """
        if self._path is None:
            raise StoreError("a graph in memory has no store to back up; make one with stabgraph.open")
        if not is_new(path):
            raise StoreError(f"{path} exists already; choose another path for the backup")
        try:
            with whole(path) as draft:
                if self._lock is not None and self._lock.shared:
                    copy_store(self._path, draft)
                else:
                    self.store.backup(str(draft))
                    mark(draft)
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"the backup {path} cannot be made ({one_line(error)}); choose another path"
            ) from error

    def compact(self) -> None:
        """Write what is still in the log to the tables, and put the tables in order: reading is fastest then.

        Raises
        ------
        StoreError
            If the store was opened for reading, or the disk cannot be written.
        """
        try:
            self.store.flush()
            self.store.optimize()
        except (OSError, RuntimeError) as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: Exception) -> StoreError:
        if self._lock is not None and self._lock.shared:
            return StoreError(f"{self.name} was opened for reading; open it for writing to change it")
        return StoreError(
            f"{self.name} cannot be written ({one_line(error)}); it is as it was: free some space and try again"
        )

    def query(
        self, sparql: str, bindings: Mapping[str, Term] | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Run a SPARQL query with the known prefixes.

        Parameters
        ----------
        sparql
            The query. ``SERVICE`` is refused: a query does not leave the machine.
        bindings
            Terms for variables. Each variable must stand in the projection.

        Raises
        ------
        QueryError
            If the query has an error; the message names line and column where the engine does.
        """
        if _SERVICE.search(_QUOTED.sub(" ", sparql)):
            raise QueryError(
                "the query calls a SERVICE, which would leave this machine; take the SERVICE part out"
            )
        options: dict[str, Any] = {"prefixes": PREFIXES}
        if bindings:
            options["substitutions"] = {ox.Variable(name): term for name, term in bindings.items()}
        try:
            return self.store.query(sparql, **options)
        except SyntaxError as error:
            raise QueryError(_syntax(one_line(error.msg), sparql)) from error
        except (ValueError, RuntimeError, OSError) as error:
            raise QueryError(f"the query cannot be run: {one_line(error)}") from error


def _template(quads: Iterable[ox.Quad], nodes: dict[ox.BlankNode, str]) -> str:
    """Return quads as they stand in an update, with a variable for each blank node."""

    def write(term: Term | ox.DefaultGraph) -> str:
        return nodes.setdefault(term, f"?b{len(nodes)}") if isinstance(term, ox.BlankNode) else str(term)

    lines = []
    for quad in quads:
        line = f"{write(quad.subject)} {quad.predicate} {write(quad.object)} ."
        default = isinstance(quad.graph_name, ox.DefaultGraph)
        lines.append(line if default else f"GRAPH {write(quad.graph_name)} {{ {line} }}")
    return "\n".join(lines)


def _syntax(message: str, sparql: str) -> str:
    """Say where the query goes wrong, and show the place: the engine lists tokens by the dozen instead."""
    found = re.match(r"error at (\d+):(\d+): ", message)
    if found is None:
        return f"the query has an error: {message}"
    line, column = int(found[1]), int(found[2])
    lines = sparql.splitlines()[:line]
    read = one_line("\n".join([*lines[:-1], lines[-1][: column - 1]]) if lines else "")
    # The engine has often read past the word at fault, so what it has read tells more than what comes next.
    place = f"after `{read[-40:].lstrip()}`" if read else "at its beginning"
    return f"the query has an error in line {line}, column {column}, {place}; mend it there or just before"
