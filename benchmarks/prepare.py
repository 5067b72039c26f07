"""Make the files of one size: what reports state, the same with conclusions, and the conclusions alone.

Conclusions on a meeting depend on nothing but the reports about it, and promises on nothing beyond their dialogue. So
the whole is assembled a batch of dialogues at a time, and memory does not grow with the size.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox
from generate import generate, write
from shape import Shape

from stabgraph.dataset import assemble, assembled, thesaurus
from stabgraph.vocabulary import bundled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine import Files

__all__ = ["meetings_for", "name_of", "prepare", "size", "whole"]

#: Quads that are assembled at once.
BATCH = 200_000
_MILLION = 1_000_000


def meetings_for(quads: int, shape: Shape) -> int:
    """Return how many meetings make up so many quads, conclusions included, as in the real data."""
    shared = next(generate(0, shape=shape))
    fixed = sum(1 for _ in assemble([*thesaurus(), *shared]))
    real = sum(1 for _ in assembled(bundled("data")))
    meetings = sum(len(dialogue.meetings) for dialogue in shape.dialogues)
    return max(1, round((quads - fixed) * meetings / (real - fixed)))


def whole(blocks: Iterable[list[ox.Quad]]) -> Iterator[ox.Quad]:
    """Yield the whole graph of a dataset that comes as its shared part and then dialogue by dialogue."""
    blocks = iter(blocks)
    shared = [*thesaurus(), *next(blocks)]
    known = set(assemble(shared))
    yield from known
    for batch in _batches(blocks):
        for quad in dict.fromkeys(assemble([*shared, *batch])):
            if quad not in known:
                yield quad


def _batches(blocks: Iterable[list[ox.Quad]]) -> Iterator[list[ox.Quad]]:
    batch: list[ox.Quad] = []
    for block in blocks:
        batch += block
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def prepare(files: Files, quads: int, seed: int) -> int:
    """Write the files of a size unless they are there, and return the number of quads of the whole."""
    done = files.folder / "quads.txt"
    if not done.exists():
        files.folder.mkdir(parents=True, exist_ok=True)
        shape = Shape.learn()
        meetings = meetings_for(quads, shape)
        write(files.stated, meetings, seed=seed, shape=shape)
        found = _write_whole(files, whole(generate(meetings, seed=seed, shape=shape)))
        done.write_text(f"{found}\n", "ascii")
    return int(done.read_text("ascii"))


def _write_whole(files: Files, quads: Iterator[ox.Quad]) -> int:
    number = 0
    with files.whole.open("wb") as everything, files.conclusions.open("wb") as concluded:
        while chunk := list(islice(quads, BATCH)):
            number += len(chunk)
            triples = [q.triple for q in chunk if isinstance(q.graph_name, ox.DefaultGraph)]
            ox.serialize(chunk, everything, format=ox.RdfFormat.N_QUADS)
            ox.serialize(triples, concluded, format=ox.RdfFormat.N_TRIPLES)
    return number


def size(text: str) -> int:
    """Read a size such as 150k or 1.5M."""
    factor = {"k": 1_000, "M": _MILLION}.get(text[-1], 1)
    return round(float(text[:-1] if factor > 1 else text) * factor)


def name_of(quads: int) -> str:
    """Return a size as people write it."""
    return f"{quads / _MILLION:g}M" if quads >= _MILLION else f"{quads / 1e3:g}k"
