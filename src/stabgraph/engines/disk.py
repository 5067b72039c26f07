"""Stores on disk: recognised before they are touched, held while they are open, made whole or not at all.

A store is a directory of RocksDB's files with one of ours beside them, which says what made it. RocksDB's own lock
keeps a second writer out, but not a reader from a store that is being written, whose files can vanish under it:
so a reader shares the directory with other readers, and a writer has it alone.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from stabgraph.errors import StoreError, one_line
from stabgraph.locking import Lock
from stabgraph.vocabulary import ONTOLOGY, ONTOLOGY_VERSION, OWL

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MARKER", "copy_store", "damaged", "is_new", "mark", "marker", "open_store", "tidy", "whole"]

#: The file in a store that tells it from other databases.
MARKER = "stabgraph.json"


def open_store(path: Path, *, read_only: bool) -> tuple[ox.Store, Lock]:
    """Open a store and hold it; a missing one, or an empty directory, becomes a new one when it may be written.

    Raises
    ------
    StoreError
        If the path is no store of ours or a damaged one, or is in use.
    """
    new = is_new(path)
    if new and read_only:
        raise StoreError(f"{path} is not a store; make one with stabgraph.open({str(path)!r})")
    if new:
        lock = _hold(path, read_only=False)
        store = _open(path, read_only=False)
        mark(path)
        return store, lock
    made = marker(path)
    lock = _hold(path, read_only=read_only)
    # A writer tidies away files that it does not know, so a damaged store must be recognised by reading.
    store = _open(path, read_only=True, made=made)
    _check_content(path, store)
    if not read_only:
        del store
        tidy(path.parent, path.name)
        store = _open(path, read_only=False, made=made)
    return store, lock


def damaged(name: object, reason: object) -> StoreError:
    """Return the error that says of a store that it is damaged."""
    return StoreError(
        f"{name} is damaged ({one_line(reason)}); restore it from a backup, or delete it and make it anew"
    )


def is_new(path: Path) -> bool:
    """Tell whether a store can be made at a path: nothing is there, or an empty directory."""
    with suppress(OSError):
        return not path.exists() or (path.is_dir() and not any(path.iterdir()))
    return False


def mark(path: Path, **made_of: Any) -> None:
    """Say in a store what made it, and what it is made of."""
    from stabgraph import __version__

    made = {"stabgraph": __version__, "pyoxigraph": ox.__version__, **made_of}
    (path / MARKER).write_text(json.dumps(made) + "\n", "utf-8")


def marker(path: Path) -> dict[str, Any]:
    """Return what a store says of its making.

    Raises
    ------
    StoreError
        If the path is no store of ours.
    """
    try:
        made = json.loads((path / MARKER).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        made = None
    if isinstance(made, dict):
        return made
    if (path / "CURRENT").exists():
        raise StoreError(
            f"{path} is a database, but none of stabgraph's ({MARKER} is missing there); choose another path"
        )
    raise StoreError(f"{path} exists and is not a store; choose another path")


def _hold(path: Path, *, read_only: bool) -> Lock:
    try:
        path.mkdir(parents=True, exist_ok=True)
        return Lock(path, shared=read_only)
    except BlockingIOError as error:
        raise _busy(path, read_only=read_only) from error
    except OSError as error:
        raise StoreError(f"{path} cannot be opened ({one_line(error)}); choose another path") from error


def _busy(path: Path, *, read_only: bool) -> StoreError:
    if read_only:
        return StoreError(f"{path} is being written by another program; try again when that has finished")
    return StoreError(
        f"{path} is open in another program, and only one may write; close that one, "
        "or write to a copy that `stabgraph store backup` makes"
    )


def _open(path: Path, *, read_only: bool, made: dict[str, Any] | None = None) -> ox.Store:
    try:
        return ox.Store.read_only(str(path)) if read_only else ox.Store(str(path))
    except (OSError, ValueError, RuntimeError) as error:
        reason = one_line(error)
        if "lock hold" in reason or "lock file" in reason:  # where the file system knows no lock of ours
            raise _busy(path, read_only=read_only) from error
        if made is None:
            raise StoreError(f"{path} cannot be made ({reason}); choose another path") from error
        if not read_only:  # it was read a moment ago
            raise StoreError(
                f"{path} cannot be opened for writing ({reason}); see that you may write there and that there is room"
            ) from error
        maker = str(made.get("pyoxigraph", ""))
        if _series(maker) != _series(ox.__version__):
            raise StoreError(
                f"{path} was made with pyoxigraph {maker or 'of another version'} and cannot be opened with "
                f"{ox.__version__} ({reason}); make it anew from its dataset"
            ) from error
        raise damaged(path, error) from error


def _check_content(path: Path, store: ox.Store) -> None:
    """See that the ontology is in the store, and that it is the one we know."""
    ontology = ox.NamedNode(ONTOLOGY.removesuffix("#"))
    try:
        found = next(store.quads_for_pattern(ontology, OWL.versionInfo, None, ox.DefaultGraph()), None)
    except (OSError, ValueError, RuntimeError) as error:
        raise damaged(path, error) from error
    if found is None:
        raise damaged(path, "it does not hold what stabgraph put there")
    version = found.object.value if isinstance(found.object, ox.Literal) else ""
    if _series(version) != _series(ONTOLOGY_VERSION):
        raise StoreError(
            f"{path} speaks version {version} of the ontology and this is stabgraph of version "
            f"{ONTOLOGY_VERSION}; make the store anew from its dataset"
        )


def _series(version: str) -> list[str]:
    """Return the part of a version within which everything fits together."""
    return version.split(".")[:2]


# ── Made whole ─────────────────────────────────────────────────────────────────


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to make a directory at, which is moved to its own path when it is complete.

    What was left by programs that were killed while they did the same is tidied away first.

    Raises
    ------
    OSError
        If the directory cannot be made, or something stands at the path already.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    tidy(path.parent, path.name)
    draft, lock = _draft(path)
    try:
        yield draft / path.name
        (draft / path.name).rename(path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        lock.close()


def _draft(path: Path) -> tuple[Path, Lock]:
    while True:
        draft = Path(mkdtemp(prefix=f".{path.name}.", suffix=".draft", dir=path.parent))
        with suppress(BlockingIOError, FileNotFoundError):  # somebody else is tidying it away
            lock = Lock(draft)
            if draft.exists():
                return draft, lock
            lock.close()


def tidy(folder: Path, name: str = "*") -> None:
    """Remove what was left by programs that were killed while they made a store, of one name or any, in a folder."""
    for draft in folder.glob(f".{name}.*.draft"):
        with suppress(OSError), Lock(draft):  # whoever makes something there holds it
            shutil.rmtree(draft, ignore_errors=True)


def copy_store(path: Path, target: Path) -> None:
    """Copy a store that nobody writes; its tables, which never change, are shared where the disk allows."""
    target.mkdir()
    for file in path.iterdir():
        if file.suffix == ".sst":
            with suppress(OSError):
                os.link(file, target / file.name)
                continue
        if file.name not in {"LOCK", "LOG", ".lock"}:
            shutil.copy2(file, target / file.name)
