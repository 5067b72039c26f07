"""Copies of a store for other processes to read, which vanish when nobody reads them any more."""

from __future__ import annotations

import os
import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp

import pyoxigraph as ox

from stabgraph.errors import StoreError, one_line

__all__ = ["Snapshot", "take"]


class Snapshot:
    """A store on disk that nobody writes to.

    Attributes
    ----------
    path
        Where it is.
    """

    def __init__(self, path: Path, *, folder: Path | None = None) -> None:
        self.path = path
        if folder is not None:
            weakref.finalize(self, _remove, folder, os.getpid())


def take(store: ox.Store, path: Path | None) -> Snapshot:
    """Copy a store.

    Parameters
    ----------
    store
        The store.
    path
        Where it is on disk; None if it is in memory.

    Raises
    ------
    StoreError
        If there is no room for a copy.
    """
    folder: Path | None = None
    try:
        folder = _folder(path)
        copy = folder / "store"
        if path is not None:
            store.backup(str(copy))  # links to the files, which never change
        else:
            _write(store, copy)
    except OSError as error:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise StoreError(
            f"a query with a time or memory limit needs a copy of the graph on disk, which cannot be written "
            f"({one_line(error)}); free some space, or ask without a limit"
        ) from error
    return Snapshot(copy, folder=folder)


def _folder(path: Path | None) -> Path:
    if path is not None:
        try:
            # Beside the store, on the same disk, nothing has to be copied.
            return Path(mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        except OSError:
            pass
    return Path(mkdtemp(prefix="stabgraph-"))


def _write(store: ox.Store, path: Path) -> None:
    copy = ox.Store(str(path))
    copy.bulk_extend(store)
    for graph in store.named_graphs():
        if next(store.quads_for_pattern(None, None, None, graph), None) is None:
            copy.add_graph(graph)
    copy.flush()


def _remove(folder: Path, owner: int) -> None:
    # A forked process has a copy of this object, but not of the folder.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
