"""Embedded Oxigraph, in memory or on disk, with its errors said in our words."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.engines.depth import refuse_depth
from stabgraph.engines.disk import copy_store, damaged, is_new, mark, open_store, whole
from stabgraph.engines.network import refuse_network
from stabgraph.engines.wording import failing
from stabgraph.errors import ReadOnlyError, StoreError, one_line
from stabgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from stabgraph import locking
    from stabgraph.engines.snapshots import Snapshot
    from stabgraph.vocabulary import Term

__all__ = ["Embedded"]

_DECLARED = re.compile(r"^\s*PREFIX\s+(\w+):", re.IGNORECASE | re.MULTILINE)
_NODE = ox.NamedNode("stabgraph:node")


class Embedded:
    """A store of quads that answers SPARQL.

    Attributes
    ----------
    store
        The pyoxigraph store itself, to read from; :meth:`writing` gives it to write to.
    path
        Where it is on disk; None if it is in memory.
    read_only
        Whether it refuses to be written to.
    network
        Whether queries and updates may leave this machine.
    watched
        Whether every change is made through this object, so that a copy for limited queries stays good until then.

    Examples
    --------
    >>> engine = Embedded.in_memory()
    >>> engine.fill([ox.Quad(ox.NamedNode("http://a/s"), ox.NamedNode("http://a/p"), ox.Literal(1))])
    >>> [solution["o"].value for solution in engine.query("SELECT ?o { ?s ?p ?o }")]
    ['1']
    """

    def __init__(
        self,
        store: ox.Store,
        *,
        path: Path | None = None,
        read_only: bool = False,
        network: bool = False,
        hold: locking.Lock | None = None,
    ) -> None:
        self.store = store
        self.path = path
        self.read_only = read_only
        self.network = network
        self.watched = True
        self._hold = hold  # as long as the store is open
        self._changes = 0
        self._copy: tuple[int, Snapshot] | None = None
        self._copying = Lock()

    def __repr__(self) -> str:
        return f"<Embedded {self.name}>"

    @property
    def name(self) -> str:
        """Where the store is: its path, or ``memory``."""
        return "memory" if self.path is None else str(self.path)

    @classmethod
    def in_memory(cls, *, network: bool = False) -> Embedded:
        """Return an empty store in memory."""
        return cls(ox.Store(), network=network)

    @classmethod
    def on_disk(cls, path: Path, *, read_only: bool = False, network: bool = False) -> Embedded:
        """Open a store on disk, for writing unless told otherwise; a missing one is made when it may be written.

        Any number of programs can read a store at once. One that writes has it alone.

        Raises
        ------
        StoreError
            If the path is no store of stabgraph, a damaged one, or in use.
        """
        store, hold = open_store(path, read_only=read_only)
        return cls(store, path=path, read_only=read_only, network=network, hold=hold)

    # ── Writing ──────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def writing(self) -> Iterator[ox.Store]:
        """Give the store to write to.

        Raises
        ------
        ReadOnlyError
            If it was opened for reading.
        """
        if self.read_only:
            raise ReadOnlyError(
                f"{self.name} was opened for reading; open it with writable=True to change it, "
                "or load a graph of your own with stabgraph.load()"
            )
        try:
            yield self.store
        finally:
            self._changes += 1

    def fill(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads at once, the fast way.

        Raises
        ------
        ReadOnlyError
            If the store was opened for reading.
        """
        # Quads and terms form no cycles; to look for some among millions of them costs a quarter of the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            with self.writing() as store:
                store.bulk_extend(quads)
        finally:
            if collecting:
                gc.enable()

    def update(self, sparql: str) -> None:
        """Run a SPARQL update with the known prefixes: all of it, or nothing.

        Raises
        ------
        ReadOnlyError
            If the store was opened for reading.
        QueryError
            If the update has an error, or would leave this machine.
        """
        with self.writing() as store:
            refuse_depth(sparql, "update")
            if not self.network:
                refuse_network(sparql, "update")
            with failing(sparql, "update"):
                store.update(sparql, prefixes=PREFIXES)

    def change(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Remove some quads and add others in one transaction, which is on the disk when this returns.

        Raises
        ------
        ReadOnlyError
            If the store was opened for reading.
        StoreError
            If the disk cannot be written; the store is as it was then.
        """
        nodes: dict[ox.BlankNode, str] = {}
        gone, new = _template(removed, nodes), _template(added, nodes)
        known = list(nodes)

        def node(number: ox.Literal) -> ox.BlankNode:
            return known[int(number.value)]

        # A blank node has no name in SPARQL that would mean the one of the store: a function hands it over.
        binds = " ".join(f"BIND(<{_NODE.value}>({i}) AS {name})" for i, name in enumerate(nodes.values()))
        functions: dict[ox.NamedNode, Callable[..., Any]] = {_NODE: node}
        with self.writing() as store:
            try:
                store.update(
                    f"DELETE {{ {gone} }} INSERT {{ {new} }} WHERE {{ {binds} }}", custom_functions=functions
                )
                store.flush()
            except (OSError, ValueError, RuntimeError) as error:
                raise self._unwritten(error) from error

    def backup(self, path: Path) -> None:
        """Copy the store to a new path, whole or not at all; on one disk the tables are shared, not copied.

        Raises
        ------
        StoreError
            If the store lives in memory, something is at the path already, or it cannot be written.
        """
        if self.path is None:
            raise StoreError("a graph in memory has no store to back up; make one with stabgraph.open")
        if not is_new(path):
            raise StoreError(f"{path} exists already; choose another path for the backup")
        try:
            with whole(path) as draft:
                if self.read_only:
                    copy_store(self.path, draft)
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
        ReadOnlyError
            If the store was opened for reading.
        StoreError
            If the disk cannot be written.
        """
        with self.writing() as store:
            try:
                store.flush()
                store.optimize()
            except (OSError, RuntimeError) as error:
                raise self._unwritten(error) from error

    def _unwritten(self, error: Exception) -> StoreError:
        return StoreError(
            f"{self.name} cannot be written ({one_line(error)}); it is as it was: free some space and try again"
        )

    # ── Asking ───────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Say of what goes wrong inside, where the store itself is read, that the store is damaged.

        Raises
        ------
        StoreError
            If the store turns out to be damaged.
        """
        try:
            yield
        except (OSError, ValueError, RuntimeError) as error:
            raise damaged(self.name, error) from error

    def quads(self) -> list[ox.Quad]:
        """Return all there is.

        Raises
        ------
        StoreError
            If the store turns out to be damaged.
        """
        with self.reading():
            return list(self.store)

    def match(
        self,
        subject: ox.NamedNode | None = None,
        name: ox.NamedNode | None = None,
        value: Term | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield what is described and concluded with these terms, in the default graph.

        Raises
        ------
        StoreError
            If the store turns out to be damaged.
        """
        with self.reading():
            yield from self.store.quads_for_pattern(subject, name, value, ox.DefaultGraph())

    def claimed(self, name: ox.NamedNode) -> Iterator[ox.Quad]:
        """Yield what is said with this property anywhere, in the graphs of reports too.

        Raises
        ------
        StoreError
            If the store turns out to be damaged.
        """
        with self.reading():
            yield from self.store.quads_for_pattern(None, name, None, None)

    @property
    def size(self) -> int:
        """How many quads there are.

        Raises
        ------
        StoreError
            If the store turns out to be damaged.
        """
        with self.reading():
            return len(self.store)

    def query(
        self,
        sparql: str,
        bindings: Mapping[str, Term] | None = None,
        *,
        timeout: float | None = None,
        memory: int | None = None,
        limit: int | None = None,
    ) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
        """Run a SPARQL query with the known prefixes.

        Parameters
        ----------
        sparql
            The query.
        bindings
            Terms for variables. Each variable must stand in the projection.
        timeout, memory
            Seconds and megabytes that the query may take. With either, it runs in a process of its own.
        limit
            How many rows or triples that process sends back at most; without it, read as many as you want.

        Raises
        ------
        QueryError
            If the query has an error, or would leave this machine; the message names line and column where the
            engine does.
        QueryTimeoutError
            If it takes longer.
        QueryMemoryError
            If it takes more memory.
        StoreError
            If there is no room for the copy of the graph that the process reads.
        """
        if timeout is not None or memory is not None:
            from stabgraph.engines.limited import run

            copy = self.snapshot()
            return run(
                copy.path, sparql, bindings,
                network=self.network, timeout=timeout, limit=limit, memory=memory,
            )  # fmt: skip
        refuse_depth(sparql)
        if not self.network:
            refuse_network(sparql)
        options: dict[str, Any] = {"prefixes": _prefixes(sparql)}
        if bindings:
            options["substitutions"] = {ox.Variable(name): term for name, term in bindings.items()}
        with failing(sparql):
            return self.store.query(sparql, **options)

    def snapshot(self) -> Snapshot:
        """Return the store as another process may read it: itself, or a copy that is kept until the next change.

        Raises
        ------
        StoreError
            If there is no room for a copy.
        """
        from stabgraph.engines.snapshots import Snapshot, take

        if self.read_only and self.path is not None:
            return Snapshot(self.path)
        with self._copying:
            # Read before the copy is made: what is written meanwhile makes it stale.
            now = self._changes
            if self._copy is None or self._copy[0] != now or not self.watched:
                self._copy = None  # the old one goes before the new one comes
                self._copy = now, take(self.store, self.path)
            return self._copy[1]


@lru_cache(maxsize=1 << 10)
def _prefixes(sparql: str) -> dict[str, str]:
    """Return the prefixes that a query uses and does not declare: each costs time, which short queries feel."""
    declared = set(_DECLARED.findall(sparql))
    return {name: base for name, base in PREFIXES.items() if f"{name}:" in sparql and name not in declared}


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
