"""What an engine is to the benchmarks: it loads, is asked and stops, and gives rows that can be compared."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Engine", "Files", "Rows", "json_rows", "peak", "plain", "term"]

Rows = list[tuple[str | None, ...]]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMERIC = {_XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "unsignedInt")}


@dataclass(frozen=True)
class Files:
    """What there is to load, in the directory of one size.

    Attributes
    ----------
    folder
        The directory.
    stated
        The directory of a dataset: what reports state.
    whole
        N-Quads: the same with links and conclusions.
    conclusions
        N-Triples: the default graph of the whole, for engines without named graphs.
    """

    folder: Path

    @property
    def stated(self) -> Path:
        return self.folder / "stated"

    @property
    def whole(self) -> Path:
        return self.folder / "whole.nq"

    @property
    def conclusions(self) -> Path:
        return self.folder / "conclusions.nt"


class Engine:
    """One engine. ``ask`` is what is timed: it returns once the whole answer is there as the engine gives it."""

    name: ClassVar[str]
    packages: ClassVar[tuple[str, ...]] = ()
    #: The largest number of quads that it is tried with, unless told otherwise.
    largest: ClassVar[float] = float("inf")
    #: Whether a later process can ask without loading again.
    keeps: ClassVar[bool] = False
    named_graphs: ClassVar[bool] = True
    cannot: ClassVar[str] = ""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.store = files.folder / f"store-{self.name.replace(' ', '-')}"

    @classmethod
    def missing(cls) -> str:
        """Return what would have to be installed first, or an empty text."""
        for package in cls.packages:
            try:
                version(package)
            except PackageNotFoundError:
                return package
        return ""

    @classmethod
    def version(cls) -> str:
        """Return the version of the engine."""
        return version(cls.packages[0])

    def load(self) -> None:
        """Load from the files."""
        raise NotImplementedError

    def open(self) -> None:
        """Make ready to answer, in the quickest way once :meth:`load` has run before."""
        self.load()

    def ask(self, sparql: str) -> Any:
        """Return the answer to a SELECT query, complete."""
        raise NotImplementedError

    def ask_bare(self, sparql: str) -> Any:
        """Return the answer of the engine below, on the very same quads, where there is one."""

    def rows(self, answer: Any) -> Rows:
        """Return an answer as rows of plain texts."""
        raise NotImplementedError

    def stop(self) -> None:
        """End what was started."""

    def peak(self) -> int:
        """Return the peak of resident memory in bytes, of this process or of the server it started."""
        return peak(os.getpid())

    def quads(self) -> int | None:
        """Return how many quads it holds, where it can say so."""


def peak(pid: int) -> int:
    """Return the peak of resident memory of a process, in bytes."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123  no Path needed for this
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024


def term(term: Any) -> str | None:
    """Return a term of pyoxigraph as a text that can be compared."""
    if term is None:
        return None
    datatype = getattr(term, "datatype", None)
    return value(term.value, datatype.value if datatype is not None else "")


def plain(text: str, term: Any) -> str:
    """Return a term of rdflib as a text that can be compared."""
    return value(str(text), str(getattr(term, "datatype", None) or ""))


def value(text: str, datatype: str) -> str:
    """Return a number by its value, everything else as it is written."""
    if datatype in _NUMERIC:
        try:
            return str(Decimal(text).normalize())
        except InvalidOperation:
            return text
    return text


def json_rows(answer: Any, columns: Iterable[str] = ()) -> Rows:
    """Return the rows of an answer in SPARQL JSON, in the order of the columns given, or of its own."""
    names = list(columns) or answer["head"]["vars"]
    return [tuple(_cell(row.get(name)) for name in names) for row in answer["results"]["bindings"]]


def _cell(cell: dict[str, str] | None) -> str | None:
    return None if cell is None else value(cell["value"], cell.get("datatype", ""))
