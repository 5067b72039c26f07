"""Make the files of one size: what reports state, the same with conclusions, and the conclusions alone.

A dialogue is assembled at a time, so memory does not grow with the size.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox
from generate import generate, write
from shape import Shape

from stabgraph.assembly import assemble, assembled, thesaurus
from stabgraph.vocabulary import bundled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine import Files

__all__ = ["meetings_for", "name_of", "prepare", "size"]

#: Quads that are written at once.
BATCH = 200_000
_MILLION = 1_000_000


def meetings_for(quads: int, shape: Shape) -> int:
    """Return how many meetings make up so many quads, conclusions included, as in the real data."""
    shared = next(generate(0, shape=shape))
    fixed = sum(1 for _ in assemble([*thesaurus(), *shared]))
    real = sum(1 for _ in assembled(bundled("data")))
    meetings = sum(len(dialogue.meetings) for dialogue in shape.dialogues)
    return max(1, round((quads - fixed) * meetings / (real - fixed)))


def prepare(files: Files, quads: int, seed: int) -> int:
    """Write the files of a size unless they are there, and return the number of quads of the whole."""
    done = files.folder / "quads.txt"
    if not done.exists():
        files.folder.mkdir(parents=True, exist_ok=True)
        shape = Shape.learn()
        meetings = meetings_for(quads, shape)
        write(files.stated, meetings, seed=seed, shape=shape)
        found = _write_whole(files, assembled(files.stated))
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
