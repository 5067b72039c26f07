"""The process that answers one query with a limit: ``python -m stabgraph.engines.worker``.

It reads one request from standard input and writes one answer to standard output, which is a file. It ends when its
standard input is closed, so that it never outlives the process that started it.
"""

from __future__ import annotations

import os
import pickle
import re
import signal
import sys
import threading
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph as ox

from stabgraph.engines.embedded import Embedded
from stabgraph.errors import StabgraphError, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stabgraph.vocabulary import Term

__all__ = ["answer"]


def answer(
    out: BinaryIO,
    *,
    path: str,
    sparql: str,
    bindings: Mapping[str, Term] | None,
    network: bool,
    limit: int | None,
    memory: int | None,
) -> None:
    """Answer a query: one line with the kind of the answer, then the answer in a standard syntax."""
    try:
        # The store is held by the process that asks, or is a copy of its own: there is nothing to check again.
        store = ox.Store.read_only(path)
        engine = Embedded(store, path=Path(path), read_only=True, network=network)
        if memory is not None:
            _take_at_most(memory)
        _write(engine.query(sparql, bindings), out, limit)
        out.flush()
    except StabgraphError as error:
        _instead(out, f"error\n{error}")
    except (ValueError, RuntimeError, OSError) as error:
        _instead(out, f"error\nthe query cannot be run: {one_line(error)}")
    except BaseException:
        # Of memory that cannot be had the engine also tells by a panic, which is no Exception.
        if memory is None:
            raise
        _instead(out, "memory\n")


def _write(found: Any, out: BinaryIO, limit: int | None) -> None:
    if isinstance(found, ox.QueryBoolean):
        out.write(b"truth\n")
        found.serialize(out, format=ox.QueryResultsFormat.JSON)
    elif isinstance(found, ox.QuerySolutions):
        out.write(b"solutions\n" + "\t".join(map(str, found.variables)).encode() + b"\n")
        for solution in islice(found, limit):
            cells = ("" if term is None else str(term) for term in solution)
            out.write("\t".join(cells).encode() + b"\n")
    else:
        out.write(b"triples\n")
        out.writelines(f"{triple} .\n".encode() for triple in islice(found, limit))


def _instead(out: BinaryIO, message: str) -> None:
    out.seek(0)
    out.truncate()
    out.write(message.encode())
    out.flush()


def _take_at_most(megabytes: int) -> None:
    """Limit what the process may still take, beside what Python and the open store have taken already."""
    import resource

    taken = re.search(r"VmData:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert taken is not None
    # Reserved addresses cost nothing: what is limited is memory that can be written to.
    most = min((int(taken[1]) << 10) + (megabytes << 20), sys.maxsize)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(1)


def _main() -> None:
    # Ctrl-C reaches every process of a terminal; this one goes without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    request = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that started this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    answer(sys.stdout.buffer, **request)
    os._exit(0)


if __name__ == "__main__":
    _main()
