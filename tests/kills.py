"""A program that starts others, kills them at moments of chance or one by one, and tells what they left.

    python kills.py KIND FOLDER NUMBER SEED

KIND is what the others do, see JOBS; FOLDER holds ``records.yaml`` and ``more.yaml``. With a NUMBER above 0, so many
are killed at random moments. With 0, one is killed before its first operation on a file, one before its second, and so
on until one lives. Prints how many were killed, and how often the old and the new state was found, as JSON.

It forks, so that each of the many starts costs next to nothing; RocksDB has threads, so it must not be used in here.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from stabgraph.adding import add_files, add_to_store
from stabgraph.caching import build, cached, check
from stabgraph.dataset import format_files, read, sources, write
from stabgraph.engines import Embedded
from stabgraph.errors import DataError
from stabgraph.vocabulary import iri

#: Operations on files that Python tells of before they happen.
OPERATIONS = {
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.link",
    "shutil.rmtree",
}


def files(folder):
    """The state of a dataset, as its readers see it."""
    try:
        return {str(path.relative_to(folder)): content.decode() for path, content in sources(folder).items()}
    except DataError:
        return {}


def quads(path):
    """The state of a store, as its readers see it; the blank nodes of each are its own."""
    if not path.exists():
        return []
    engine = Embedded.on_disk(path, read_only=True)
    return sorted(line for line in map(str, engine.store) if "_:" not in line)


def add(folder):
    add_files(folder / "data", [folder / "more.yaml"])


def move(folder):
    """Files that are rewritten, made and removed in one go."""
    gone = {iri("dialogue", "nordic-three"), iri("publisher", "daily-two")}
    write(
        folder / "data",
        [quad for quad in read(folder / "data") if {quad.subject, quad.object}.isdisjoint(gone)],
    )


def spoil(folder):
    for path in (folder / "data").rglob("*.t*"):
        path.write_text(path.read_text("utf-8").replace(" ;\n\t", " ;  "), "utf-8")


def add_stored(folder):
    add_to_store(Embedded.on_disk(folder / "talks.db"), [folder / "more.yaml"])


def make(folder):
    if not (folder / "talks.db").exists():
        build(folder / "talks.db", folder / "data")


def back_up(folder):
    if not (folder / "copy.db").exists():
        Embedded.on_disk(folder / "talks.db", read_only=True).backup(folder / "copy.db")


def cache(folder):
    os.environ["STABGRAPH_CACHE"] = str(folder / "cache")
    cached(folder / "data")


def in_cache(folder):
    stores = [path for path in folder.glob("cache/*") if not path.name.startswith(".")]
    assert len(stores) < 2
    return quads(stores[0]) if stores else []


def fill(folder):
    add_files(folder / "data", [folder / "records.yaml"])


def fill_and_make(folder):
    fill(folder)
    make(folder)


def fill_and_spoil(folder):
    fill(folder)
    spoil(folder)


#: What comes before, what is killed, and how its state is read.
JOBS = {
    "add": (fill, add, lambda folder: files(folder / "data")),
    "first add": (lambda _: None, fill, lambda folder: files(folder / "data")),
    "move": (fill, move, lambda folder: files(folder / "data")),
    "fmt": (
        fill_and_spoil,
        lambda folder: bool(format_files(folder / "data")),
        lambda folder: files(folder / "data"),
    ),
    "add to store": (fill_and_make, add_stored, lambda folder: quads(folder / "talks.db")),
    "create store": (fill, make, lambda folder: quads(folder / "talks.db")),
    "backup": (fill_and_make, back_up, lambda folder: quads(folder / "copy.db")),
    "cache": (fill, cache, in_cache),
}


def started(job, *arguments):
    """Start a process of its own that does a job."""
    process = os.fork()
    if process == 0:
        try:
            job(*arguments)
            sys.stdout.flush()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  nothing may return into the program that forked
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
            os._exit(1)
    return process


def ended(process):
    """Wait for a process and return its exit status; that of a killed one is negative."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def result(job, *arguments):
    """Return what a job returns that is done in a process of its own."""
    read_end, write_end = os.pipe()

    def tell():
        with os.fdopen(write_end, "w", encoding="utf-8") as pipe:
            json.dump(job(*arguments), pipe)

    process = started(tell)
    os.close(write_end)
    with os.fdopen(read_end, encoding="utf-8") as pipe:
        text = pipe.read()
    assert ended(process) == 0, f"{job} failed"
    return json.loads(text)


def kill_before(number, job, folder):
    """Do a job and be killed before an operation on a file below a folder."""
    left = [number]

    def hook(event, arguments):
        if event in OPERATIONS and str(arguments[0]).startswith(str(folder)):
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1

    sys.addaudithook(hook)
    job(folder)


def main(kind, folder, number, seed):
    before, job, state = JOBS[kind]
    base, place = folder / "base", folder / "place"
    base.mkdir()
    for name in ("records.yaml", "more.yaml"):
        shutil.copy(folder / name, base)
    result(before, base)
    old = result(state, base)
    shutil.copytree(base, place)
    begun = time.perf_counter()
    result(job, place)
    lasts = time.perf_counter() - begun
    new = result(state, place)
    assert old != new, "nothing to tell apart"

    chance, killed, found = random.Random(seed), 0, {"old": 0, "new": 0}
    for turn in range(number) if number else range(10_000):
        shutil.rmtree(place)
        shutil.copytree(base, place)
        if number:
            process = started(job, place)
            time.sleep(chance.uniform(0, 1.1 * lasts))
            os.kill(process, signal.SIGKILL)
        else:
            process = started(kill_before, turn, job, place)
        status = ended(process)
        assert status in {0, -signal.SIGKILL}, f"turn {turn} ended with {status}"
        killed += status != 0
        standing = result(state, place)
        assert standing in (old, new), f"turn {turn} left neither the old state nor the new"
        assert status or standing == new
        found["new" if standing == new else "old"] += 1
        result(job, place)
        assert result(state, place) == new, f"what was killed in turn {turn} cannot be done again"
        left = list(place.rglob(".*"))
        assert not left or kind in {"create store", "backup", "cache"}, f"turn {turn} left {left}"
        assert all(path.suffix == ".draft" and not list(path.iterdir()) for path in left), left
        if kind == "add to store":
            result(lambda: check(Embedded.on_disk(place / "talks.db", read_only=True)))
        if not number and status == 0:
            break
    sys.stdout.write(json.dumps({"killed": killed, **found}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve(), int(sys.argv[3]), int(sys.argv[4]))
