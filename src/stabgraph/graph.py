"""The graph that users hold: open it, ask it, look at it, hand it on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.asking import ask
from stabgraph.assembly import assembled
from stabgraph.engines import Embedded
from stabgraph.engines.wording import failing
from stabgraph.errors import QueryError, StoreError, UnknownNameError
from stabgraph.finding import find, label
from stabgraph.results import Stream, Table
from stabgraph.rows import first
from stabgraph.trust import Trust
from stabgraph.vocabulary import bundled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx
    import rdflib

    from stabgraph.adding import Addition
    from stabgraph.cards import Card
    from stabgraph.topics import Topics

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

    def __init__(self, engine: Embedded, trust: Trust = Trust()) -> None:  # noqa: B008  it is frozen
        self._engine = engine
        self.trust = trust

    def __repr__(self) -> str:
        chosen = "" if self.trust.everything else f", trusting {self.trust}"
        return f"<DialogueGraph in {self._engine.name}: {len(self):,} quads{chosen}>"

    def __len__(self) -> int:
        """Return the number of quads."""
        return self._engine.size

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
        answer = self._found(sparql, timeout=timeout, limit=limit, memory=memory)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        # What goes wrong while the rows are computed comes to light only here.
        with failing(sparql):
            if not isinstance(answer, ox.QuerySolutions):
                return list(first(answer, limit))
            if limit is None:
                return Table.from_solutions(answer)
            return Stream.from_solutions(answer).head(limit).table()

    def stream(
        self,
        sparql: str,
        *,
        timeout: float | None = None,
        limit: int | None = None,
        memory: int | None = None,
    ) -> Stream | bool | Iterator[ox.Triple]:
        r"""Run a SPARQL query as :meth:`query` does, but give what it finds piece by piece, once.

        Returns
        -------
        Stream | bool | iterator of triples
            A stream of rows for SELECT, a truth value for ASK, triples for CONSTRUCT and DESCRIBE.

        Raises
        ------
        QueryError
            If the query has an error, would leave this machine, or breaks a limit.

        Examples
        --------
        >>> import io
        >>> import stabgraph as sg
        >>> file = io.BytesIO()
        >>> sg.load().stream("SELECT ?n { VALUES ?n { 13 14 } }").write(file, "csv"), file.getvalue()
        (2, b'n\n13\n14\n')
        """
        answer = self._found(sparql, timeout=timeout, limit=limit, memory=memory)
        if isinstance(answer, ox.QuerySolutions):
            return Stream.from_solutions(answer).head(limit)
        return bool(answer) if isinstance(answer, ox.QueryBoolean) else first(answer, limit)

    def _found(
        self, sparql: str, *, timeout: float | None, limit: int | None, memory: int | None
    ) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
        if limit is not None and limit < 0:
            raise QueryError(f"a row limit must be a whole number from 0 on, not {limit}")
        return self._engine.query(sparql, timeout=timeout, memory=memory, limit=limit)

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
        """Return what each report says about a meeting or an instrument, and where they disagree.

        Raises
        ------
        UnknownNameError
            If no meeting and no instrument has the id or label.
        """
        return self.ask("sources", meeting=meeting)

    def compare(self, other: DialogueGraph) -> Table:
        """Return every conclusion about a meeting that is not the same in another graph.

        Columns: ``meeting``, ``property``, ``here``, ``standing_here``, ``there``, ``standing_there``. Values that
        contradict one another come first; of a property of many values each value that only one of the graphs has
        gives a row.

        Examples
        --------
        >>> import stabgraph as sg
        >>> changes = sg.load().compare(sg.load(trust="press", as_of="2024-02-08"))
        >>> changes.columns
        ('meeting', 'property', 'here', 'standing_here', 'there', 'standing_there')
        """
        from stabgraph.comparing import compare

        return compare(self._engine, other._engine)

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

    def label(self, thing: str | ox.NamedNode) -> str | None:
        """Return the name of a thing, given as a term or as an IRI: the English one first, or None if it has none.

        ``kg.query(…).labelled(kg.label)`` puts names beside ids.

        Examples
        --------
        >>> import stabgraph as sg
        >>> sg.load().label("https://w3id.org/stabgraph/id/state/RUS")
        'Russia'
        """
        try:
            node = ox.NamedNode(thing) if isinstance(thing, str) else thing
        except ValueError:  # no IRI, so nothing that has a name
            return None
        return label(self._engine, node)

    @property
    def topics(self) -> Topics:
        """The vocabulary of topics, as it is now: what a phrase means, and the thesaurus as a tree.

        Take it once to look up many phrases.

        Examples
        --------
        >>> import stabgraph as sg
        >>> topics = sg.load().topics
        >>> [match.label for match in topics.match("missile defense").matches]
        ['missile defence']
        >>> topics.tree().columns
        ('topic', 'label', 'broader', 'depth', 'meetings')
        """
        from stabgraph.topics import Topics

        return Topics(self._engine)

    def __getitem__(self, name: str) -> Card:
        """Return all about one thing on one screen, by IRI, id or label.

        Raises
        ------
        UnknownNameError
            If nothing bears the name, or several things do.
        """
        from stabgraph.cards import card

        return card(self._engine, find(self._engine, name))

    # ── Changing and keeping ─────────────────────────────────────────────────────────────────────────────

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
        >>> kg.update('DELETE WHERE { meeting:pak-rus-cgss-14 rdfs:comment ?any }')
        """
        self._engine.update(sparql)

    def add(self, *files: str | Path) -> Addition:
        """Add record files: what is right with them enters the graph, links and conclusions are drawn anew.

        It is one transaction: whatever happens, a store on disk holds the old state or the new.

        Returns
        -------
        Addition
            What was added and what was refused.

        Raises
        ------
        RecordError
            If a file cannot be read or is not a record file; nothing is added then.
        StoreError
            If the store was opened for reading, or cannot be written.

        Examples
        --------
        >>> import stabgraph as sg
        >>> kg = sg.load()
        >>> kg.add().added
        []
        """
        from stabgraph.adding import add_to_store

        return add_to_store(self._engine, [Path(file) for file in files])

    def backup(self, path: str | Path) -> None:
        """Copy the store on disk to a new path, whole or not at all.

        Raises
        ------
        StoreError
            If the graph lives in memory, something is at the path already, or it cannot be written.
        """
        self._engine.backup(Path(path))

    def compact(self) -> None:
        """Put the files of the store in order, so that it is read as fast as can be.

        Raises
        ------
        StoreError
            If the store was opened for reading, or cannot be written.
        """
        self._engine.compact()

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


def load(
    data: str | Path | None = None,
    *,
    trust: str | Iterable[str] | None = None,
    as_of: str | None = None,
    network: bool = False,
) -> DialogueGraph:
    """Return the graph of a dataset, in memory: yours to change.

    Parameters
    ----------
    data
        A directory of a dataset, or one file of it; the bundled dataset if left out.
    trust
        Whose reports count: ``official``, ``wire``, ``press``, publishers by id or label, or several of these; all
        if left out. The other reports are left out with all they say, so that what is concluded, and who is said to
        say so, rests on the trusted ones.
    as_of
        A date in EDTF: only reports count that had certainly appeared by its last day.
    network
        Whether queries and updates may leave this machine: call a ``SERVICE``, ``LOAD`` a document, fetch the
        context of JSON-LD.

    Raises
    ------
    DataError
        If a file cannot be read; the message names file and line.
    UnknownNameError
        If a publisher is to be trusted whom nobody knows.
    ParameterError
        If `as_of` is no date.

    Examples
    --------
    >>> import stabgraph as sg
    >>> sg.load(trust="official").trust.voices
    ('official',)
    """
    chosen = Trust.of(trust, as_of)
    engine = Embedded.in_memory(network=network)
    engine.fill(assembled(Path(data) if data is not None else bundled("data"), chosen))
    return DialogueGraph(engine, chosen)


def open(  # noqa: A001  as in shelve and gzip
    path: str | Path,
    *,
    data: str | Path | None = None,
    trust: str | Iterable[str] | None = None,
    as_of: str | None = None,
    writable: bool = False,
    network: bool = False,
) -> DialogueGraph:
    """Return the graph in a store on disk; where there is none yet, make it from a dataset.

    Parameters
    ----------
    path
        Directory of the store.
    data
        The dataset that a new store is made from; the bundled one if left out.
    trust, as_of
        Whose reports a new store is made of, as in :func:`load`; the store remembers it.
    writable
        Whether the graph can be changed. Any number of programs can read a store at once, one can write to it.
    network
        Whether queries and updates may leave this machine; see :func:`load`.

    Raises
    ------
    StoreError
        If the path is not a store, is in use, or is made of the reports of others than `trust` and `as_of` say.
    DataError
        If the dataset cannot be read.
    """
    from stabgraph.caching import build, trusted

    path, chosen = Path(path), Trust.of(trust, as_of)
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        build(path, Path(data) if data is not None else bundled("data"), chosen)
    made_of = trusted(path)
    if not chosen.everything and chosen != made_of:
        raise StoreError(
            f"{path} is made of the reports of {made_of}, not {chosen}; leave out trust and as_of, or name a new path"
        )
    return DialogueGraph(Embedded.on_disk(path, read_only=not writable, network=network), made_of)
