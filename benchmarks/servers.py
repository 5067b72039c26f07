"""Engines that are servers: started on this machine with files of their own, ended afterwards."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from engine import Engine, json_rows, peak

if TYPE_CHECKING:
    from pathlib import Path

    from engine import Files, Rows

__all__ = ["OxigraphServer", "Virtuoso"]

_JSON = "application/sparql-results+json"


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
        return json_rows(answer)

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
        return max(peak(self.process.pid), getattr(self, "loading", 0))


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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
