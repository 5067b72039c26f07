"""Stores on disk: making, copying, ordering, checking and changing them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stabgraph.cli.options import Data, Network, text_of

if TYPE_CHECKING:
    from stabgraph.engines import Embedded


StorePath = Annotated[Path, typer.Argument(metavar="PATH", help="The store.")]


def standing(path: Path, *, read_only: bool = False) -> Embedded:
    """Open a store that is there; a path mistyped must not become a new one."""
    from stabgraph.engines import Embedded
    from stabgraph.errors import StoreError

    if not path.exists():
        raise StoreError(f"{path} does not exist; make a store with `stabgraph store create {path}`")
    return Embedded.on_disk(path, read_only=read_only)


def create(path: StorePath, data: Data = None) -> None:
    """Make a store on disk from a dataset, whole or not at all.

    Example: stabgraph store create talks.db
    """
    from stabgraph.caching import create
    from stabgraph.vocabulary import bundled

    create(path, data if data is not None else bundled("data"))
    typer.echo(_about(path))


def backup(
    path: StorePath, copy: Annotated[Path, typer.Argument(metavar="COPY", help="Where the copy goes.")]
) -> None:
    """Copy a store, whole or not at all; others may read it meanwhile.

    Example: stabgraph store backup talks.db talks-copy.db
    """
    standing(path, read_only=True).backup(copy)
    typer.echo(_about(copy))


def compact(path: StorePath) -> None:
    """Put the files of a store in order, as is good after much was added.

    Example: stabgraph store compact talks.db
    """
    standing(path).compact()
    typer.echo(_about(path))


def check(path: StorePath) -> None:
    """Read the whole of a store and tell whether it holds together.

    Example: stabgraph store check talks.db
    """
    from stabgraph.caching import check

    check(standing(path, read_only=True))
    typer.echo(_about(path))


def _about(path: Path) -> str:
    from stabgraph.caching import trusted

    size = sum(file.stat().st_size for file in path.iterdir())
    believed = trusted(path)
    whose = "" if believed.everything else f", trusting {believed}"
    return f"{path}: {standing(path, read_only=True).size:,} quads, {size // 1024:,} kB{whose}"


def update(
    sparql: Annotated[str, typer.Argument(help="The update, or - to read it from standard input.")],
    store: Annotated[
        Path,
        typer.Option("--store", metavar="PATH", help="The store on disk, made from the dataset if missing."),
    ],
    network: Network = False,
    data: Data = None,
) -> None:
    """Change a store on disk by a SPARQL update: all of it, or nothing.

    Example: stabgraph update "DELETE WHERE { ?thing rdfs:comment ?remark }" --store talks.db
    """
    from stabgraph.graph import open as open_store

    graph = open_store(store, data=data, writable=True, network=network)
    before = len(graph)
    graph.update(text_of(sparql))
    typer.echo(f"{store} holds {len(graph):,} quads now, {before:,} before")
