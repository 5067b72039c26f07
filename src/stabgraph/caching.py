"""Stores made from a dataset: once for a user's own, and kept in the cache for quick starts of the command line.

A store in the cache is named by what it was made from: the bytes of the dataset and the ontology, the version of this
package and of the engine. It is made beside its place and moved there whole, so that any number of programs can
start at once.
"""

from __future__ import annotations

import os
import shutil
import sys
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from stabgraph.dataset import assembled, source_files
from stabgraph.engines import Embedded
from stabgraph.errors import StoreError, one_line
from stabgraph.vocabulary import bundled

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["build", "cached"]

#: Set to a directory to keep the cache there, or to an empty text to do without.
VARIABLE = "STABGRAPH_CACHE"


def build(path: Path, data: Path) -> None:
    """Make a store on disk from a dataset; it appears whole or not at all.

    Raises
    ------
    DataError
        If the dataset cannot be read.
    StoreError
        If the store cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise StoreError(f"{path} cannot be made ({one_line(error)}); choose another path") from error
    try:
        engine = Embedded.on_disk(draft)
        engine.fill(assembled(data))
        engine.store.flush()
        del engine
        draft.rename(path)
    except OSError as error:
        if not path.exists():
            raise StoreError(f"{path} cannot be made ({one_line(error)}); choose another path") from error
        # Somebody else made the same store in the meantime.
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def cached(data: Path) -> Embedded:
    """Return a store of a dataset to read from: the one in the cache, made first if need be.

    Where no cache can be had, the store is made in memory.

    Raises
    ------
    DataError
        If the dataset cannot be read.
    """
    folder = _folder()
    if folder is not None:
        path = folder / _key(data)
        for _ in range(2):
            try:
                if not path.exists():
                    build(path, data)
                    _forget(folder, keep=path)
                return Embedded.on_disk(path, read_only=True)
            except StoreError:
                # A cache is a help, not a need: a full or read-only disk must not stop anybody from asking. A
                # store that somebody tidied half away is made anew.
                shutil.rmtree(path, ignore_errors=True)
    engine = Embedded.in_memory()
    engine.fill(assembled(data))
    return engine


def _folder() -> Path | None:
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    from platformdirs import user_cache_path

    return user_cache_path("stabgraph")


def _key(data: Path) -> str:
    digest = blake2b(digest_size=16)
    digest.update(f"{version('stabgraph')} {version('pyoxigraph')} {sys.platform}".encode())
    for path in (*source_files(data), *_ontology(), *sorted(Path(__file__).parent.glob("*.py"))):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _ontology() -> Iterator[Path]:
    for name in ("stabgraph.ttl", "topics.ttl"):
        yield bundled("ontology") / name


def _forget(folder: Path, *, keep: Path, most: int = 4) -> None:
    """Drop the oldest stores, so that a cache does not grow with every edit of a dataset."""
    stores = sorted(
        (path for path in folder.iterdir() if path != keep and not path.name.startswith(".")),
        key=lambda path: path.stat().st_mtime,
    )
    for path in stores[: max(0, len(stores) + 1 - most)]:
        shutil.rmtree(path, ignore_errors=True)
