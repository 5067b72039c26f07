"""The cache of stores: used, shared, done without, and never in the way."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from stabgraph.caching import cached
from stabgraph.mappings import tables

ASK = ("-m", "stabgraph", "ask", "meetings", "--format", "csv", "--data")


@pytest.fixture
def data(small_data, tmp_path):
    """A copy of the small invented dataset that a test may change."""
    return shutil.copytree(small_data, tmp_path / "data")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


def stores(folder):
    """The stores in a cache; whatever else lies there is a fault."""
    found = sorted(folder.iterdir())
    assert all((path / "CURRENT").is_file() for path in found), found
    return found


def ask(python, data, cache):
    result = python(*ASK, str(data), STABGRAPH_CACHE=str(cache))
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 5
    return result.stdout


def test_second_start_uses_the_store_of_the_first(python, data, folder):
    first = ask(python, data, folder)
    [store] = stores(folder)
    made = (store.stat().st_ino, (store / "CURRENT").stat().st_mtime_ns)
    assert ask(python, data, folder) == first
    assert stores(folder) == [store]
    assert (store.stat().st_ino, (store / "CURRENT").stat().st_mtime_ns) == made


def test_store_that_was_tidied_half_away_is_made_anew(python, data, folder):
    first = ask(python, data, folder)
    [store] = stores(folder)
    for table in store.glob("*.sst"):
        table.unlink()
    assert ask(python, data, folder) == first
    assert stores(folder) == [store]
    assert list(store.glob("*.sst"))


def test_changed_table_of_mappings_makes_a_store_of_its_own(data, folder, tmp_path, monkeypatch):
    changed = []
    for table in tables():
        copy = tmp_path / table.name
        copy.write_bytes(table.read_bytes() + b"x\n")
        changed.append(copy)
    monkeypatch.setenv("STABGRAPH_CACHE", str(folder))
    for number, current in enumerate((tables(), changed, tables()), start=1):
        monkeypatch.setattr("stabgraph.caching.tables", lambda current=current: current)
        cached(data)
        assert len(stores(folder)) == min(number, 2)


def test_changed_data_gets_a_store_of_its_own(python, data, folder):
    first = ask(python, data, folder)
    [old] = stores(folder)
    file = data / "dialogues.ttl"
    file.write_text(
        file.read_text("utf-8").replace("Nordic Trilateral Talks", "Nordic Talks of Three"), "utf-8"
    )
    second = ask(python, data, folder)
    assert "Nordic Trilateral" in first
    assert "Nordic Talks of Three" in second
    assert len(stores(folder)) == 2
    assert old in stores(folder)


def test_cache_keeps_a_few_stores_only(python, data, folder):
    file = data / "dialogues.ttl"
    for number in range(6):
        file.write_text(file.read_text("utf-8") + f"# {number}\n", "utf-8")
        ask(python, data, folder)
    assert len(stores(folder)) == 4


def test_starts_at_once_all_succeed_and_leave_one_store(environment, data, folder):
    started = [
        subprocess.Popen(
            [sys.executable, *ASK, str(data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**environment, "STABGRAPH_CACHE": str(folder)},
        )
        for _ in range(10)
    ]
    answers = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0] * 10, answers
    assert len({out for out, _ in answers}) == 1
    assert [err for _, err in answers] == [""] * 10
    assert len(stores(folder)) == 1


def test_empty_variable_does_without_a_cache(python, data, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    result = python(*ASK, str(data), STABGRAPH_CACHE="", HOME=str(home), XDG_CACHE_HOME=str(home / "cache"))
    assert (result.returncode, result.stderr) == (0, "")
    assert not list(home.iterdir())


def test_cache_lies_where_the_system_keeps_caches(python, data, tmp_path):
    if sys.platform != "linux":
        pytest.skip("the place differs from system to system")
    script = "import os; del os.environ['STABGRAPH_CACHE']\nfrom stabgraph.cli import main\nmain()"
    result = python("-c", script, *ASK[2:], str(data), XDG_CACHE_HOME=str(tmp_path / "xdg"))
    assert (result.returncode, result.stderr) == (0, "")
    assert len(stores(tmp_path / "xdg" / "stabgraph")) == 1


@pytest.mark.parametrize("kind", ["a file", "below a file", "a folder that may not be written"])
def test_cache_that_cannot_be_written_is_done_without(python, data, tmp_path, kind):
    file = tmp_path / "file"
    file.write_text("not a folder")
    folder = {"a file": file, "below a file": file / "cache"}.get(kind, tmp_path / "closed" / "cache")
    if kind.startswith("a folder"):
        folder.parent.mkdir(mode=0o500)
    ask(python, data, folder)
    assert file.read_text() == "not a folder"


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)  # Python ignores the signal
from stabgraph.cli import main
main()
"""


@pytest.mark.parametrize("size", [0, 20_000])
def test_cache_on_a_full_disk_is_done_without(python, data, folder, size):
    """With 20,000 bytes the small files of a store fit and its tables do not."""
    pytest.importorskip("resource", reason="limits on the size of files are known to Unix only")
    result = python("-c", FULL, str(size), *ASK[2:], str(data), STABGRAPH_CACHE=str(folder))
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 5
    assert not list(folder.iterdir())


def test_what_killed_programs_left_in_the_cache_is_tidied_away(python, data, folder):
    (folder / ".some-store.abc.draft" / "some-store").mkdir(parents=True)
    ask(python, data, folder)
    assert len(stores(folder)) == 1


def test_broken_data_is_an_error_and_leaves_nothing_in_the_cache(python, data, folder):
    (data / "dialogues.ttl").write_text("broken")
    result = python(*ASK, str(data), STABGRAPH_CACHE=str(folder))
    assert result.returncode == 1
    assert "dialogues.ttl, line 1" in result.stderr
    assert not folder.exists() or not list(folder.iterdir())
