"""The graph that users hold: open it, ask it, look at it, hand it on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.asking import ask, find
from stabgraph.dataset import assembled
from stabgraph.engines import Embedded
from stabgraph.errors import UnknownNameError
from stabgraph.results import Table
from stabgraph.vocabulary import PREFIXES, bundled

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from stabgraph.adding import Addition
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
        self.engine = engine

    def __repr__(self) -> str:
        return f"<DialogueGraph in {self.engine.name}: {len(self):,} quads>"

    def __len__(self) -> int:
        """Return the number of quads."""
        return len(self.engine.store)

    # ── Asking ───────────────────────────────────────────────────────────────────────────────────────────

    def query(self, sparql: str) -> Table | bool | list[ox.Triple]:
        """Run a SPARQL 1.1 query; the prefixes of :data:`stabgraph.PREFIXES` are known.

        Returns
        -------
        Table | bool | list of triples
            A table for SELECT, a truth value for ASK, triples for CONSTRUCT and DESCRIBE.

        Raises
        ------
        QueryError
            If the query has an error, or would leave this machine.

        Examples
        --------
        >>> import stabgraph as sg
        >>> kg = sg.load()
        >>> kg.query("SELECT ?ordinal { meeting:pak-rus-cgss-14 sg:ordinal ?ordinal }").column("ordinal")
        [14]
        """
        answer = self.engine.query(sparql)
        if isinstance(answer, ox.QuerySolutions):
            return Table.from_solutions(answer)
        return bool(answer) if isinstance(answer, ox.QueryBoolean) else list(answer)

    def ask(self, name: str, **parameters: Any) -> Table:
        """Run a named query.

        Parameters
        ----------
        name
            Name of the query; ``stabgraph ask`` lists them.
        parameters
            Values for its parameters: IRIs, ids or labels for things, EDTF dates for dates. They are bound as
            RDF terms and never become part of the query's text.

        Raises
        ------
        UnknownNameError
            If there is no such query, or nothing bears an id or label given.
        ParameterError
            If a parameter is unknown, missing or of the wrong kind.
        """
        return ask(self.engine, name, parameters)

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
            return find(self.engine, name, *kinds).value
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

        return card(self.engine, find(self.engine, name))

    # ── Changing and keeping ─────────────────────────────────────────────────────────────────────────────

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

        return add_to_store(self.engine, [Path(file) for file in files])

    def backup(self, path: str | Path) -> None:
        """Copy the store on disk to a new path, whole or not at all.

        Raises
        ------
        StoreError
            If the graph lives in memory, something is at the path already, or it cannot be written.
        """
        self.engine.backup(Path(path))

    def compact(self) -> None:
        """Put the files of the store in order, so that it is read as fast as can be.

        Raises
        ------
        StoreError
            If the store was opened for reading, or cannot be written.
        """
        self.engine.compact()

    # ── Handing on ───────────────────────────────────────────────────────────────────────────────────────

    def network(self, kind: str = "overview", **filters: Any) -> nx.Graph[str]:
        """Return a network of the graph as a NetworkX graph; see :mod:`stabgraph.networks` for the kinds.

        Raises
        ------
        UnknownNameError
            If there is no such kind, or nothing bears an id or label given.
        """
        from stabgraph.networks import network

        return network(self.engine, kind, **filters)

    @property
    def rdf(self) -> rdflib.Dataset:
        """The same quads as an rdflib Dataset; what is added or removed there is added or removed here."""
        import rdflib
        from oxrdflib import OxigraphStore

        store = OxigraphStore(store=self.engine.store)
        store.engine = self.engine  # type: ignore[attr-defined]  # it holds the store against others
        dataset = rdflib.Dataset(store=store, default_union=False)
        for prefix, base in PREFIXES.items():
            dataset.bind(prefix, base)
        return dataset

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


def load(data: str | Path | None = None) -> DialogueGraph:
    """Return the graph of a dataset, in memory.

    Parameters
    ----------
    data
        A directory of a dataset, or one file of it; the bundled dataset if left out.

    Raises
    ------
    DataError
        If a file cannot be read; the message names file and line.
    """
    engine = Embedded.in_memory()
    engine.fill(assembled(Path(data) if data is not None else bundled("data")))
    return DialogueGraph(engine)


def open(path: str | Path, *, data: str | Path | None = None) -> DialogueGraph:  # noqa: A001  as in shelve and gzip
    """Return the graph in a store on disk; where there is none yet, make it from a dataset.

    Parameters
    ----------
    path
        Directory of the store.
    data
        The dataset that a new store is made from; the bundled one if left out.

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
    return DialogueGraph(Embedded.on_disk(path))
