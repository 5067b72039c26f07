"""The engines that are measured, each behind the same few methods: start, load, ask, stop.

All but stabgraph get the finished quads, conclusions included; stabgraph gets what reports state and concludes itself.
What an engine cannot do stands in its ``cannot`` and in the table, not hidden.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["ENGINES", "Engine", "Files", "Rows"]

Rows = list[tuple[str | None, ...]]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMERIC = {_XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "unsignedInt")}
_JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Files:
    """What there is to load, in the directory of one size.

    Attributes
    ----------
    folder
        The directory.
    stated
        N-Quads: what the files of a dataset say.
    whole
        N-Quads: the same with links and conclusions.
    conclusions
        N-Triples: the default graph of the whole, for engines without named graphs.
    """

    folder: Path

    @property
    def stated(self) -> Path:
        return self.folder / "stated.nq"

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
        return _peak(os.getpid())


# ── In this process ──────────────────────────────────────────────────────────────────────────────────────


class Raw(Engine):
    """Pyoxigraph itself, what stabgraph stands on."""

    name = "pyoxigraph"
    packages = ("pyoxigraph",)

    def load(self) -> None:
        import pyoxigraph as ox

        self.graph = ox.Store()
        self.graph.bulk_load(path=str(self.files.whole), format=ox.RdfFormat.N_QUADS)

    def ask(self, sparql: str) -> Any:
        return [tuple(solution) for solution in self.graph.query(sparql)]

    def rows(self, answer: Any) -> Rows:
        return [tuple(_term(cell) for cell in row) for row in answer]


class Stabgraph(Raw):
    """Stabgraph in memory, conclusions drawn while loading."""

    name = "stabgraph"
    packages = ("stabgraph",)

    @classmethod
    def missing(cls) -> str:
        return ""

    @classmethod
    def version(cls) -> str:
        try:
            return version("stabgraph")
        except PackageNotFoundError:
            return "of this checkout"

    def load(self) -> None:
        import stabgraph as sg

        self.kg = sg.load(self.files.stated)

    def ask(self, sparql: str) -> Any:
        return self.kg.query(sparql)

    def ask_bare(self, sparql: str) -> Any:
        return [tuple(solution) for solution in self.kg.engine.store.query(sparql)]


class StabgraphOnDisk(Stabgraph):
    """Stabgraph with its store on disk."""

    name = "stabgraph on disk"
    keeps = True

    def load(self) -> None:
        shutil.rmtree(self.store, ignore_errors=True)
        self.open()

    def open(self) -> None:
        import stabgraph as sg

        self.kg = sg.open(self.store, data=self.files.stated)

    def stop(self) -> None:
        del self.kg


class Rdflib(Engine):
    """Rdflib with its own store and evaluator."""

    name = "rdflib"
    packages = ("rdflib",)
    largest = 200_000

    def load(self) -> None:
        import rdflib

        self.graph = rdflib.Dataset(default_union=False)
        self.graph.parse(str(self.files.whole), format="nquads")

    def ask(self, sparql: str) -> Any:
        return list(self.graph.query(sparql))

    def rows(self, answer: Any) -> Rows:
        return [tuple(None if cell is None else _plain(cell, cell) for cell in row) for row in answer]


class Kglab(Rdflib):
    """Kglab, which stands on rdflib."""

    name = "kglab"
    packages = ("kglab",)
    named_graphs = False
    cannot = "keeps no named graphs: questions about who says so cannot be asked"

    def load(self) -> None:
        import kglab

        self.graph = kglab.KnowledgeGraph()
        self.graph.load_rdf(str(self.files.conclusions), format="nt")


class Maplib(Engine):
    """Maplib: columns in Polars."""

    name = "maplib"
    packages = ("maplib",)
    named_graphs = False
    cannot = "reads no N-Quads, and `GRAPH ?report` ends in a panic (not yet implemented): only conclusions are loaded"

    def load(self) -> None:
        from maplib import Model

        self.graph = Model()
        self.graph.read(str(self.files.conclusions), format="ntriples")

    def ask(self, sparql: str) -> Any:
        self.asked = sparql
        return self.graph.query(sparql)

    def rows(self, answer: Any) -> Rows:
        # The data frame has lost which texts are IRIs, so the terms are asked for once more. Its JSON does not keep the
        # order of the columns.
        terms = json.loads(self.graph.query(self.asked, return_json=True))
        return _json_rows(terms, answer.columns)


# ── Servers ──────────────────────────────────────────────────────────────────────────────────────────────


class Server(Engine):
    """A server on this machine; the answer counts as there when its JSON has been read."""

    keeps = True
    parameters: ClassVar[dict[str, str]] = {}
    process: subprocess.Popen[bytes] | None = None

    def ask(self, sparql: str) -> Any:
        body = urlencode({"query": sparql, **self.parameters})
        headers = {"Accept": _JSON, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", self.path, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status != http.client.OK:
            raise RuntimeError(text[:300].decode(errors="replace"))
        return json.loads(text)

    def rows(self, answer: Any) -> Rows:
        return _json_rows(answer)

    def run(self, *command: str, path: str) -> None:
        """Start the server and wait until it takes connections."""
        log = (self.store / "server.log").open("wb")
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self.path = path
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3600)
        while self.process.poll() is None:
            if all(_listens(port) for port in self.ports()):
                return
            time.sleep(0.01)
        raise RuntimeError(f"{self.name} did not start; see {self.store / 'server.log'}")

    def ports(self) -> tuple[int, ...]:
        """Return the ports that must be open before the server is asked anything."""
        return (self.port,)

    def stop(self) -> None:
        if self.process is not None:
            self.connection.close()
            self.process.terminate()
            self.process.wait()

    def peak(self) -> int:
        assert self.process is not None
        return max(_peak(self.process.pid), getattr(self, "loading", 0))


class OxigraphServer(Server):
    """Oxigraph's own server, loaded by its own command."""

    name = "oxigraph serve"
    packages = ("oxigraph",)

    @property
    def program(self) -> str:
        return os.path.join(os.path.dirname(sys.executable), "oxigraph")  # noqa: PTH118, PTH120

    def load(self) -> None:
        shutil.rmtree(self.store, ignore_errors=True)
        self.store.mkdir()
        data = str(self.store / "data")
        loading = subprocess.Popen(
            [self.program, "load", "--location", data, "--file", str(self.files.whole)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(loading.pid, 0)
        loading.returncode = os.waitstatus_to_exitcode(status)
        if loading.returncode:
            raise RuntimeError("oxigraph load failed")
        self.loading = usage.ru_maxrss * 1024
        self.open()

    def open(self) -> None:
        self.port = _free_port()
        where = ("--location", str(self.store / "data"), "--bind", f"127.0.0.1:{self.port}")
        self.run(self.program, "serve-read-only", *where, path="/query")


class Virtuoso(Server):
    """Virtuoso 7, with an ini and a database of its own in the directory of the size."""

    name = "virtuoso"
    graph = "urn:stabgraph:conclusions"
    parameters: ClassVar[dict[str, str]] = {"default-graph-uri": graph}

    @classmethod
    def missing(cls) -> str:
        found = shutil.which("virtuoso-t") and shutil.which("isql-vt")
        return "" if found else "virtuoso-opensource-7-bin (Debian)"

    @classmethod
    def version(cls) -> str:
        told = subprocess.run(["virtuoso-t", "-?"], capture_output=True, text=True, check=False)
        words = (told.stdout + told.stderr).split()
        return words[words.index("Version") + 1] if "Version" in words else "7"

    def ask(self, sparql: str) -> Any:
        # The conclusions lie in a graph with a name here, which is no report.
        claims = f"GRAPH ?report {{ FILTER(?report != <{self.graph}>) "
        return super().ask(sparql.replace("GRAPH ?report {", claims))

    def load(self) -> None:
        shutil.rmtree(self.store, ignore_errors=True)
        self.store.mkdir()
        self.open()
        # The way of its manual: register the files, let the loader run, make a checkpoint.
        commands = (
            f"ld_dir('{self.files.folder}', '{self.files.whole.name}', '{self.graph}');\n"
            "rdf_loader_run();\ncheckpoint;\n"
        )
        loaded = subprocess.run(
            ["isql-vt", f"127.0.0.1:{self.sql_port}", "dba", "dba"],
            input=commands, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if "Error" in loaded.stdout + loaded.stderr:
            raise RuntimeError(loaded.stdout[-300:] + loaded.stderr[-300:])

    def open(self) -> None:
        self.port, self.sql_port = _free_port(), _free_port()
        ini = self.store / "virtuoso.ini"
        ini.write_text(_virtuoso_ini(self.store, self.files, self.port, self.sql_port), "utf-8")
        self.run("virtuoso-t", "+foreground", "+configfile", str(ini), path="/sparql")

    def ports(self) -> tuple[int, ...]:
        return self.port, self.sql_port


def _virtuoso_ini(store: Path, files: Files, port: int, sql_port: int) -> str:
    # Its manual recommends two thirds of the machine's memory, in pages of 8 kB, which are taken at the start. That
    # would say nothing on what the data need: twice the size of the file is more than they fill.
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    buffers = max(20_000, min(2 * files.whole.stat().st_size, memory // 2) // 8192)
    paths = "".join(
        f"{key} = {store / name}\n"
        for key, name in {
            "DatabaseFile": "virtuoso.db",
            "ErrorLogFile": "virtuoso.log",
            "LockFile": "virtuoso.lck",
            "TransactionFile": "virtuoso.trx",
            "xa_persistent_file": "virtuoso.pxa",
        }.items()
    )
    return (
        f"[Database]\n{paths}FileExtend = 200\nMaxCheckpointRemap = 2000\n"
        f"[TempDatabase]\nDatabaseFile = {store / 'temp.db'}\nTransactionFile = {store / 'temp.trx'}\n"
        f"[Parameters]\nServerPort = 127.0.0.1:{sql_port}\nDisableUnixSocket = 1\nServerThreads = 10\n"
        f"CheckpointInterval = 0\nNumberOfBuffers = {buffers}\nMaxDirtyBuffers = {buffers * 3 // 4}\n"
        f"DirsAllowed = {files.folder}\nMaxQueryMem = 2G\nThreadsPerQuery = {os.cpu_count()}\n"
        f"[HTTPServer]\nServerPort = 127.0.0.1:{port}\nServerRoot = {store}\nServerThreads = 4\n"
        "[SPARQL]\nResultSetMaxRows = 100000000\nMaxQueryExecutionTime = 3600\n"
        "MaxQueryCostEstimationTime = 1000000\n"
    )


# ── Helpers ──────────────────────────────────────────────────────────────────────────────────────────────


def _peak(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123  no Path needed for this
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _term(term: Any) -> str | None:
    if term is None:
        return None
    datatype = getattr(term, "datatype", None)
    return _value(term.value, datatype.value if datatype is not None else "")


def _plain(text: str, term: Any) -> str:
    return _value(str(text), str(getattr(term, "datatype", None) or ""))


def _value(text: str, datatype: str) -> str:
    """Return a number by its value, everything else as it is written."""
    if datatype in _NUMERIC:
        try:
            return str(Decimal(text).normalize())
        except InvalidOperation:
            return text
    return text


def _json_rows(answer: Any, columns: Iterable[str] = ()) -> Rows:
    names = list(columns) or answer["head"]["vars"]
    return [tuple(_cell(row.get(name)) for name in names) for row in answer["results"]["bindings"]]


def _cell(cell: dict[str, str] | None) -> str | None:
    return None if cell is None else _value(cell["value"], cell.get("datatype", ""))


ENGINES: dict[str, type[Engine]] = {
    engine.name: engine
    for engine in (
        Stabgraph, StabgraphOnDisk, Raw, OxigraphServer, Virtuoso, Maplib, Rdflib, Kglab,
    )
}  # fmt: skip


def available(names: Iterable[str] = ENGINES) -> tuple[list[str], list[str]]:
    """Return the engines that can be measured here, and a notice for each that cannot."""
    names = list(names)
    absent = {name: missing for name in names if (missing := ENGINES[name].missing())}
    notices = [f"{name} is left out: {missing} is not installed" for name, missing in absent.items()]
    return [name for name in names if name not in absent], notices
