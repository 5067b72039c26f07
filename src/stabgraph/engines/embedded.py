"""Embedded Oxigraph, in memory or on disk, with its errors said in our words."""

from __future__ import annotations

import gc
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.errors import QueryError, StoreError, one_line
from stabgraph.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from stabgraph.vocabulary import Term

__all__ = ["Embedded"]

# A query names services by IRI; nothing of stabgraph reads from the network, so a query must not either.
_SERVICE = re.compile(r"(?<![?$:\w-])SERVICE\b(?!\s*:)", re.IGNORECASE)
_QUOTED = re.compile(
    r"""<[^<>"{}|^`\\\s]*>|\"\"\".*?\"\"\"|'''.*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*""",
    re.DOTALL,
)


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

    def __init__(self, store: ox.Store, *, name: str) -> None:
        self.store = store
        self.name = name

    def __repr__(self) -> str:
        return f"<Embedded {self.name}>"

    @classmethod
    def in_memory(cls) -> Embedded:
        """Return an empty store in memory."""
        return cls(ox.Store(), name="memory")

    @classmethod
    def on_disk(cls, path: Path, *, read_only: bool = False) -> Embedded:
        """Open a store on disk, for writing unless told otherwise; a missing one is made when it may be written.

        Raises
        ------
        StoreError
            If the path is no store, is in use by another writer, or cannot be written.
        """
        if read_only and not path.is_dir():
            raise StoreError(f"{path} is not a store; make one with stabgraph.open({str(path)!r})")
        if path.exists() and (not path.is_dir() or (any(path.iterdir()) and not (path / "CURRENT").exists())):
            raise StoreError(f"{path} exists and is not a store; choose another path")
        try:
            store = ox.Store.read_only(str(path)) if read_only else ox.Store(str(path))
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError(
                f"{path} cannot be opened as a store ({one_line(error)}); "
                "close other programs that use it, or choose another path"
            ) from error
        return cls(store, name=str(path))

    def fill(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads at once, the fast way."""
        # Quads and terms form no cycles; to look for some among millions of them costs a quarter of the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            self.store.bulk_extend(quads)
        finally:
            if collecting:
                gc.enable()

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
