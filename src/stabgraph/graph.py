"""The graph that users hold: open it, ask it, look at it, hand it on."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from stabgraph.asking import ask, find
from stabgraph.dataset import assembled
from stabgraph.engines import Embedded
from stabgraph.engines.wording import failing
from stabgraph.errors import QueryError, UnknownNameError
from stabgraph.results import Table
from stabgraph.vocabulary import bundled

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    import rdflib

    from stabgraph.cards import Card

__all__ = ["DialogueGraph", "load", "open"]


class DialogueGraph:
    """Dialogues, meetings and who says so: a graph of claims and conclusions.

    The default graph holds the conclusions, one named graph per report holds what that report says. Get one
    from :func:`load` or :func:`open`.

    Examples
    --------
    >>> import stabgraph as sg
    >>> kg = sg.load()
    >>> kg.ask("delegation-heads", dialogue="pak-rus-cgss", since="2024", until="2024").column("name")
    ['Mohammad Kamran Akhtar', 'Sergey Ryabkov']
    """

    def __init__(self, engine: Embedded) -> None:
        self._engine = engine

    def __repr__(self) -> str:
        return f"<DialogueGraph in {self._engine.name}: {len(self):,} quads>"

    def __len__(self) -> int:
        """Return the number of quads."""
        return len(self._engine.store)

    @property
    def engine(self) -> Embedded:
        """The engine that holds the quads.

        Whoever takes it out may write to its store unseen, so every query with a limit makes a copy of its own
        from then on.
        """
        self._engine.watched = False
        return self._engine

    # ── Asking ───────────────────────────────────────────────────────────────────────────────────────────

    def query(
        self,
        sparql: str,
        *,
        timeout: float | None = None,
        limit: int | None = None,
        memory: int | None = None,
    ) -> Table | bool | list[ox.Triple]:
        """Run a SPARQL 1.1 query; the prefixes of :data:`stabgraph.PREFIXES` are known.

        Parameters
        ----------
        sparql
            The query.
        timeout
            Seconds after which the query is ended. With this or `memory` it runs in a process of its own, on a
            store on disk: for a graph in memory a copy is written there once, and again after a change.
        limit
            How many rows or triples are read at most.
        memory
            Megabytes of memory that the query may take (Linux only).

        Returns
        -------
        Table | bool | list of triples
            A table for SELECT, a truth value for ASK, triples for CONSTRUCT and DESCRIBE.

        Raises
        ------
        QueryError
            If the query has an error, or would leave this machine.
        QueryTimeoutError
            If it takes longer than `timeout`.
        QueryMemoryError
            If it takes more than `memory`.

        Examples
        --------
        >>> import stabgraph as sg
        >>> kg = sg.load()
        >>> kg.query("SELECT ?ordinal { meeting:pak-rus-cgss-14 sg:ordinal ?ordinal }").column("ordinal")
        [14]
        """
        if limit is not None and limit < 0:
            raise QueryError(f"a row limit must be a whole number from 0 on, not {limit}")
        answer = self._engine.query(sparql, timeout=timeout, memory=memory, limit=limit)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        # What goes wrong while the rows are computed comes to light only here.
        with failing(sparql):
            if isinstance(answer, ox.QuerySolutions):
                first = answer if limit is None else cast("ox.QuerySolutions", _First(answer, limit))
                return Table.from_solutions(first)
            return list(islice(answer, limit))

    def ask(self, name: str, *, timeout: float | None = None, **parameters: Any) -> Table:
        """Run a named query.

        Parameters
        ----------
        name
            Name of the query; ``stabgraph ask`` lists them.
        timeout
            Seconds after which the query is ended; see :meth:`query`.
        parameters
            Values for its parameters: IRIs, ids or labels for things, EDTF dates for dates. They are bound as
            RDF terms and never become part of the query's text.

        Raises
        ------
        UnknownNameError
            If there is no such query, or nothing bears an id or label given.
        ParameterError
            If a parameter is unknown, missing or of the wrong kind.
        QueryTimeoutError
            If the query takes longer than `timeout`.
        """
        return ask(self._engine, name, parameters, timeout=timeout)

    def sources(self, meeting: str) -> Table:
        """Return what each report says about a meeting, property by property, and where they disagree.

        Raises
        ------
        UnknownNameError
            If no meeting has the id or label.
        """
        return self.ask("sources", meeting=meeting)

    def find(self, name: str, *kinds: str) -> str | None:
        """Return the IRI of the thing that an id or label names, or None if nothing, or more than one, does.

        Examples
        --------
        >>> import stabgraph as sg
        >>> sg.load().find("Russia", "state")
        'https://w3id.org/stabgraph/id/state/RUS'
        """
        try:
            return find(self._engine, name, *kinds).value
        except UnknownNameError:
            return None

    def __getitem__(self, name: str) -> Card:
        """Return all about one thing on one screen, by IRI, id or label.

        Raises
        ------
        UnknownNameError
            If nothing bears the name, or several things do.
        """
        from stabgraph.cards import card

        return card(self._engine, find(self._engine, name))

    # ── Changing ─────────────────────────────────────────────────────────────────────────────────────────

    def update(self, sparql: str) -> None:
        """Run a SPARQL 1.1 update: all of it, or nothing. What reports say and what is concluded are changed as told.

        Conclusions are not drawn anew; to add what a report says, add it to the dataset (``stabgraph add``).

        Raises
        ------
        ReadOnlyError
            If the graph was opened for reading; a graph from :func:`load` is yours to change.
        QueryError
            If the update has an error, or would leave this machine.

        Examples
        --------
        >>> import stabgraph as sg
        >>> kg = sg.load()
        >>> kg.update('INSERT DATA { meeting:pak-rus-cgss-14 rdfs:comment "to be checked" }')
        >>> kg.query('ASK { meeting:pak-rus-cgss-14 rdfs:comment "to be checked" }')
        True
        """
        self._engine.update(sparql)

    # ── Handing on ───────────────────────────────────────────────────────────────────────────────────────

    def network(self, kind: str = "overview", **filters: Any) -> nx.Graph[str]:
        """Return a network of the graph as a NetworkX graph; see :mod:`stabgraph.networks` for the kinds.

        Raises
        ------
        UnknownNameError
            If there is no such kind, or nothing bears an id or label given.
        """
        from stabgraph.networks import network

        return network(self._engine, kind, **filters)

    @property
    def rdf(self) -> rdflib.Dataset:
        """The same quads as an rdflib Dataset; what is added or removed there is added or removed here.

        A graph that was opened for reading refuses it with a ReadOnlyError.
        """
        from stabgraph.engines.rdf import dataset

        return dataset(self._engine)

    def counts(self) -> dict[str, int]:
        """Return how many things of each class the graph knows and how many quads it has.

        Officials, places, institutions, instruments and topics are counted where a meeting has to do with
        them; a state that no meeting names is not.
        """
        table = self.ask("counts")
        return {
            **{str(row["things"].value): int(row["count"].value) for row in table},
            "quads": len(self),
        }


class _First:
    """The first rows of an answer."""

    def __init__(self, solutions: ox.QuerySolutions, limit: int) -> None:
        self.variables = solutions.variables
        self._rows = islice(solutions, limit)

    def __iter__(self) -> Iterator[ox.QuerySolution]:
        return self._rows


def load(data: str | Path | None = None, *, network: bool = False) -> DialogueGraph:
    """Return the graph of a dataset, in memory: yours to change.

    Parameters
    ----------
    data
        A directory of a dataset, or one file of it; the bundled dataset if left out.
    network
        Whether queries and updates may leave this machine: call a ``SERVICE``, ``LOAD`` a document, fetch the
        context of JSON-LD.

    Raises
    ------
    DataError
        If a file cannot be read; the message names file and line.
    """
    engine = Embedded.in_memory(network=network)
    engine.fill(assembled(Path(data) if data is not None else bundled("data")))
    return DialogueGraph(engine)


def open(  # noqa: A001  as in shelve and gzip
    path: str | Path, *, data: str | Path | None = None, writable: bool = False, network: bool = False
) -> DialogueGraph:
    """Return the graph in a store on disk; where there is none yet, make it from a dataset.

    Parameters
    ----------
    path
        Directory of the store.
    data
        The dataset that a new store is made from; the bundled one if left out.
    writable
        Whether the graph can be changed. Any number of programs can read a store at once, one can write to it.
    network
        Whether queries and updates may leave this machine; see :func:`load`.

    Raises
    ------
    StoreError
        If the path is not a store, or is in use.
    DataError
        If the dataset cannot be read.
    """
    path = Path(path)
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        from stabgraph.caching import build

        build(path, Path(data) if data is not None else bundled("data"))
    return DialogueGraph(Embedded.on_disk(path, read_only=not writable, network=network))
