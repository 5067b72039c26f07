"""Queries with a time or memory limit: they run in a process of their own, because a running query cannot be stopped.

The answer comes back in a file and is read when the process has ended well, so nothing is ever half an answer.
"""

from __future__ import annotations

import os
import pickle
import sys
from contextlib import suppress
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from threading import TIMEOUT_MAX, Event, Timer
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph as ox

from stabgraph.errors import QueryError, QueryMemoryError, QueryTimeoutError, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from stabgraph.vocabulary import Term

__all__ = ["run"]

_MODULE = "stabgraph.engines.worker"


def run(
    path: Path,
    sparql: str,
    bindings: Mapping[str, Term] | None = None,
    *,
    network: bool = False,
    timeout: float | None = None,
    limit: int | None = None,
    memory: int | None = None,
) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
    """Answer a query in a process of its own that reads a store on disk.

    Parameters
    ----------
    path
        The store, which nobody writes to.
    sparql, bindings
        The query and the terms for its variables.
    network
        Whether the query may leave this machine.
    timeout
        Seconds after which the process is ended.
    limit
        How many rows or triples are read at most.
    memory
        Megabytes that the query may take.

    Raises
    ------
    QueryTimeoutError
        If the query takes longer.
    QueryMemoryError
        If the query takes more memory.
    QueryError
        If the query has an error, or a limit cannot be had.
    """
    _check(timeout, memory)
    request = pickle.dumps({
        "path": str(path), "sparql": sparql, "bindings": dict(bindings or {}),
        "network": network, "limit": limit, "memory": memory,
    })  # fmt: skip
    answer = TemporaryFile()  # noqa: SIM115  read, and closed, by whoever reads the answer
    try:
        status = _work(request, answer, timeout)
        kind = _kind(answer, status, memory)
    except BaseException:
        answer.close()
        raise
    return _read(kind, _Closing(answer))


def _check(timeout: float | None, memory: int | None) -> None:
    if timeout is not None and not timeout > 0:
        raise QueryError(f"a time limit must be a positive number of seconds, not {timeout}")
    if memory is not None and not memory > 0:
        raise QueryError(f"a memory limit must be a positive number of megabytes, not {memory}")
    if memory is not None and sys.platform != "linux":
        raise QueryError("a memory limit can be had on Linux only; leave memory (--memory) out")


def _work(request: bytes, answer: BinaryIO, timeout: float | None) -> int:
    """Start the process, wait for it, and see to it that it has ended when this function does."""
    late = Event()
    # The process finds the same packages, and none that lie about in the working directory.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        process = Popen(  # noqa: S603  our own module
            [sys.executable, "-P", "-m", _MODULE], stdin=PIPE, stdout=answer, stderr=DEVNULL, env=environment
        )
    except OSError as error:
        raise QueryError(
            f"a query with a limit needs a process of its own, which cannot be started ({one_line(error)}); "
            "ask without a limit"
        ) from error

    def end() -> None:
        late.set()
        process.kill()

    timer = Timer(min(timeout, TIMEOUT_MAX), end) if timeout is not None else None
    try:
        if timer is not None:
            timer.daemon = True
            timer.start()
        assert process.stdin is not None
        with suppress(OSError):  # it has ended already, and its status says so
            process.stdin.write(request)
            process.stdin.flush()
        status = process.wait()
    finally:
        if timer is not None:
            timer.cancel()
        process.kill()
        _close(process)
    if late.is_set() and status != 0:
        raise QueryTimeoutError(
            f"the query took longer than {timeout:g} {'second' if timeout == 1 else 'seconds'} and was ended; "
            "give it more time with timeout (--timeout), or narrow it down"
        )
    return status


def _close(process: Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # what it did not read is lost
        process.stdin.close()
    process.wait()


def _kind(answer: BinaryIO, status: int, memory: int | None) -> str:
    """Return the kind of the answer, which is read up to there, or raise what went wrong."""
    answer.seek(0)
    kind = answer.readline().strip().decode()
    # Where memory cannot be had, the engine ends its process by a signal.
    if memory is not None and (kind == "memory" or status < 0):
        raise QueryMemoryError(
            f"the query needed more than {memory} MB of memory and was ended; "
            "give it more with memory (--memory), or narrow it down"
        )
    if status != 0 or kind == "memory":
        raise QueryError(
            f"the process that ran the query ended unexpectedly (status {status}), perhaps for want of memory; "
            "narrow the query down"
        )
    if kind == "error":
        raise QueryError(answer.read().decode())
    return kind


class _Closing:
    """A file that is closed when its reader lets go of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def __del__(self) -> None:
        self._file.close()


def _read(kind: str, file: Any) -> ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Triple]:
    if kind == "triples":
        return (quad.triple for quad in ox.parse(file, format=ox.RdfFormat.N_TRIPLES))
    syntax = ox.QueryResultsFormat.TSV if kind == "solutions" else ox.QueryResultsFormat.JSON
    return ox.parse_query_results(file, format=syntax)
