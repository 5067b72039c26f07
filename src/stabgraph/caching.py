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
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph
from pyoxigraph import __version__ as ox_version

from stabgraph.assembly import assemble, assembled, stated
from stabgraph.dataset import sources
from stabgraph.engines import Embedded
from stabgraph.engines.disk import damaged, is_new, mark, marker, tidy, whole
from stabgraph.errors import StoreError, one_line
from stabgraph.mappings import tables
from stabgraph.trust import Trust
from stabgraph.vocabulary import bundled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad

__all__ = ["build", "cached", "check", "create", "trusted"]

#: Set to a directory to keep the cache there, or to an empty text to do without.
VARIABLE = "STABGRAPH_CACHE"


def build(path: Path, data: Path, trust: Trust = Trust()) -> None:  # noqa: B008  it is frozen
    """Make a store on disk from a dataset; it appears whole or not at all.

    Raises
    ------
    DataError
        If the dataset cannot be read.
    StoreError
        If the store cannot be written.
    """
    try:
        with whole(path) as draft:
            engine = Embedded.on_disk(draft)
            engine.fill(assembled(data, trust))
            engine.store.flush()
            del engine
            if not trust.everything:
                mark(draft, voices=trust.voices, as_of=trust.as_of)
    except StoreError:
        raise
    except (OSError, RuntimeError) as error:
        if is_new(path):
            raise StoreError(f"{path} cannot be made ({one_line(error)}); choose another path") from error
        # Somebody else made the same store in the meantime.


def trusted(path: Path) -> Trust:
    """Return whose reports a store was made of.

    Raises
    ------
    StoreError
        If the path is no store of ours.
    """
    made = marker(path)
    return Trust.of(made.get("voices"), made.get("as_of"))


def create(path: Path, data: Path) -> None:
    """Make a store on disk where there is none.

    Raises
    ------
    DataError
        If the dataset cannot be read.
    StoreError
        If something is at the path already, or the store cannot be written.
    """
    if not is_new(path):
        raise StoreError(f"{path} exists already; choose another path for the store, or delete it first")
    build(path, data)


def check(engine: Embedded) -> None:
    """Read the whole of a store and see that its parts agree: indexes with one another, conclusions with claims.

    Raises
    ------
    StoreError
        If they do not.
    """
    quads = set(engine.quads())
    with engine.reading():
        counts = {len(quads), *_counts(engine, quads)}
    if len(counts) > 1:
        raise damaged(engine.name, "its indexes do not agree")
    wrong = len(quads ^ set(assemble(stated(quads))))
    if wrong:
        raise StoreError(
            f"{engine.name} differs in {wrong:,} quads from what follows from its claims, as after an update by "
            "hand or of the tables of mappings; the next record that is added draws all conclusions anew"
        )


def _counts(engine: Embedded, quads: set[Quad]) -> Iterator[int]:
    """Count the quads of a store in the order of its graphs, of its predicates, and of its subjects."""
    store = engine.store
    graphs = [DefaultGraph(), *store.named_graphs()]
    yield len(store)
    yield sum(1 for graph in graphs for _ in store.quads_for_pattern(None, None, None, graph))
    predicates = {quad.predicate for quad in quads}
    yield sum(1 for name in predicates for _ in store.quads_for_pattern(None, name, None, None))
    subjects = {quad.subject for quad in quads}
    yield sum(1 for subject in subjects for _ in store.quads_for_pattern(subject, None, None, None))


def cached(data: Path, trust: Trust = Trust()) -> Embedded:  # noqa: B008
    """Return a store of a dataset, or of those reports in it that are trusted, to read from.

    It is the one in the cache, made first if need be.

    Where no cache can be had, the store is made in memory.

    Raises
    ------
    DataError
        If the dataset cannot be read.
    """
    folder = _folder()
    if folder is not None:
        path = folder / _key(data, trust)
        for _ in range(2):
            try:
                if not path.exists():
                    build(path, data, trust)
                    _forget(folder, keep=path)
                return Embedded.on_disk(path, read_only=True)
            except StoreError:
                # A cache is a help, not a need: a full or read-only disk must not stop anybody from asking. A
                # store that somebody tidied half away is made anew.
                shutil.rmtree(path, ignore_errors=True)
    engine = Embedded.in_memory()
    engine.fill(assembled(data, trust))
    return engine


def _folder() -> Path | None:
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    from platformdirs import user_cache_path

    return user_cache_path("stabgraph")


def _key(data: Path, trust: Trust) -> str:
    from stabgraph import __version__

    digest = blake2b(repr(trust).encode(), digest_size=16)
    digest.update(f"{__version__} {ox_version} {sys.platform}".encode())
    code = (*_ontology(), *tables(), *sorted(Path(__file__).parent.rglob("*.py")))
    for path, content in (*sources(data).items(), *((path, path.read_bytes()) for path in code)):
        digest.update(path.name.encode())
        digest.update(content)
    return digest.hexdigest()


def _ontology() -> Iterator[Path]:
    for name in ("stabgraph.ttl", "topics.ttl"):
        yield bundled("ontology") / name


def _forget(folder: Path, *, keep: Path, most: int = 4) -> None:
    """Drop the oldest stores, so that a cache does not grow with every edit of a dataset."""
    tidy(folder)
    stores = sorted(
        (path for path in folder.iterdir() if path != keep and not path.name.startswith(".")),
        key=lambda path: path.stat().st_mtime,
    )
    for path in stores[: max(0, len(stores) + 1 - most)]:
        shutil.rmtree(path, ignore_errors=True)
