"""Writing files: all of them or none, whole, and as readable as any other."""

import json
import os
import stat
import subprocess
import sys
import threading

import pytest

from stabgraph.errors import DataError, WriteError
from stabgraph.files import editing, read_files, replace_files, replacing
from stabgraph.journal import JOURNAL
from stabgraph.locking import Lock


def state(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_files_and_folders_are_made(tmp_path):
    replace_files({tmp_path / "a.txt": b"one", tmp_path / "b" / "c" / "d.txt": b"\r\n\x00"})
    assert state(tmp_path) == {"a.txt": b"one", "b": None, "b/c": None, "b/c/d.txt": b"\r\n\x00"}


def test_old_files_are_replaced_and_nothing_else_is_left(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"old and longer")
    replace_files({tmp_path / "a.txt": b"new"})
    assert state(tmp_path) == {"a.txt": b"new"}


def test_file_written_piece_by_piece_is_there_when_it_is_whole(tmp_path):
    target = tmp_path / "new" / "a.txt"
    with replacing(target) as file:
        file.write(b"one, ")
        assert not target.exists()
        file.write(b"two")
    assert state(tmp_path) == {"new": None, "new/a.txt": b"one, two"}
    assert target.stat().st_mode & stat.S_IRUSR


def test_file_that_is_given_up_half_way_keeps_its_old_content(tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with pytest.raises(TypeError), replacing(target) as file:
        file.writelines([b"new", "not bytes"])
    assert state(tmp_path) == {"a.txt": b"old"}


def test_nothing_to_write_writes_nothing(tmp_path):
    replace_files({})
    assert state(tmp_path) == {}


@pytest.mark.parametrize("in_the_way", ["file for a folder", "folder for a file"])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_file_that_cannot_be_written_leaves_all_as_they_were(tmp_path, in_the_way, position):
    (tmp_path / "old.txt").write_bytes(b"old")
    if in_the_way == "file for a folder":
        bad = tmp_path / "old.txt" / "bad.txt"
    else:
        bad = tmp_path / "folder"
        bad.mkdir()
    good = [(tmp_path / "old.txt", b"new"), (tmp_path / "fresh" / "deep" / "new.txt", b"new")]
    before = state(tmp_path)
    with pytest.raises(OSError, match=r"(?i)director|exists"):
        replace_files(dict([*good[:position], (bad, b"bad"), *good[position:]]))
    assert state(tmp_path) == before


def test_folder_that_was_there_stays_after_a_failure(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    with pytest.raises(IsADirectoryError, match=r"bad"):
        replace_files({tmp_path / "empty" / "new.txt": b"new", tmp_path / "bad": b"bad"})
    assert state(tmp_path) == {"empty": None, "bad": None}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_new_file_is_as_readable_as_any_new_file(tmp_path, mask):
    before = os.umask(mask)
    try:
        replace_files({tmp_path / "ours.txt": b""})
        (tmp_path / "theirs.txt").touch()
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("ours.txt", "theirs.txt")]
    assert modes == [0o666 & ~mask] * 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_replaced_file_keeps_its_permissions(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "a.txt").chmod(0o640)
    replace_files({tmp_path / "a.txt": b"new"})
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640


def test_reader_never_sees_half_a_file(tmp_path):
    path, contents = tmp_path / "a.txt", [letter * 300_000 for letter in (b"a", b"b")]
    replace_files({path: contents[0]})
    done = threading.Event()
    seen = set()

    def look():
        while not done.is_set():
            content = path.read_bytes()
            seen.add((content[:1], len(content), len(set(content))))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for number in range(12):
            replace_files({path: contents[number % 2]})
    finally:
        done.set()
        reader.join()
    assert seen
    assert seen <= {(b"a", 300_000, 1), (b"b", 300_000, 1)}


# ── Several files that belong together ─────────────────────────────────────────────────────────────────────

OLD = {"a.txt": b"old a", "b/b.txt": b"old b", "b/gone.txt": b"old"}
NEW = {"a.txt": b"new a", "b/b.txt": b"new b", "c.txt": b"new c"}


def read(folder):
    found = read_files(folder, "*.txt", "b/*.txt")
    return {path.relative_to(folder).as_posix(): content for path, content in found.items()}


@pytest.fixture
def killed(tmp_path):
    """What a program leaves that is killed when its journal stands and one of its files is in place."""
    folder = tmp_path / "folder"
    replace_files({folder / name: content for name, content in OLD.items()})
    (folder / "a.txt").write_bytes(NEW["a.txt"])
    (folder / "b" / ".b.txt.1.new").write_bytes(NEW["b/b.txt"])
    (folder / ".c.txt.1.new").write_bytes(NEW["c.txt"])
    journal = {
        "replace": {"a.txt": ".a.txt.1.new", "b/b.txt": ".b.txt.1.new", "c.txt": ".c.txt.1.new"},
        "remove": ["b/gone.txt"],
    }
    (folder / JOURNAL).write_text(json.dumps(journal))
    return folder


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_reader_finishes_what_was_interrupted(killed):
    assert read(killed) == NEW
    assert names(killed) == NEW.keys()


def test_reader_who_may_not_finish_it_reads_through_the_journal(killed):
    before = state(killed)
    with Lock(killed):  # somebody else is at it
        assert read(killed) == NEW
    assert state(killed) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nobody forbids root to write")
def test_reader_of_a_folder_that_nobody_may_write_reads_through_the_journal(killed):
    for folder in (killed / "b", killed):
        folder.chmod(0o500)
    try:
        assert read(killed) == NEW
    finally:
        for folder in (killed, killed / "b"):
            folder.chmod(0o700)


def test_writer_finishes_it_before_it_writes(killed):
    replace_files({killed / "d.txt": b"d"}, folder=killed)
    assert read(killed) == {**NEW, "d.txt": b"d"}
    assert names(killed) == {*NEW, "d.txt"}


def test_new_files_without_a_journal_mean_nothing_and_are_tidied_by_the_next_writer(tmp_path):
    replace_files({tmp_path / name: content for name, content in OLD.items()})
    (tmp_path / ".a.txt.1.new").write_bytes(b"half")
    (tmp_path / "b" / ".b.txt.1.new").write_bytes(b"half")
    assert read(tmp_path) == OLD
    with editing(tmp_path):
        pass
    assert names(tmp_path) == OLD.keys()


@pytest.mark.parametrize(
    "journal",
    [
        "no JSON",
        "[]",
        '{"replace": {}}',
        '{"replace": {}, "remove": ["../victim.txt"]}',
        '{"replace": {}, "remove": ["/victim.txt"]}',
        '{"replace": {"../victim.txt": ".victim.txt.1.new"}, "remove": []}',
        '{"replace": {"a.txt": "../.victim.txt.1.new"}, "remove": []}',
        '{"replace": {"a.txt": "victim.txt"}, "remove": []}',
    ],
)
def test_journal_that_is_none_of_ours_or_reaches_outside_is_refused(tmp_path, journal):
    folder = tmp_path / "folder"
    replace_files({folder / "a.txt": b"a", folder / "victim.txt": b"kept"})
    (tmp_path / "victim.txt").write_text("kept")
    (folder / JOURNAL).write_text(journal)
    before = state(tmp_path)
    for use in (lambda: read(folder), lambda: replace_files({folder / "b.txt": b"b"}, folder=folder)):
        with pytest.raises(
            DataError, match=r"stabgraph-journal is not a journal that stabgraph wrote; if nobody"
        ):
            use()
    assert state(tmp_path) == before


def test_second_writer_is_told_so(tmp_path, environment):
    script = "import sys\nfrom pathlib import Path\nfrom stabgraph.files import editing\n"
    script += "with editing(Path(sys.argv[1])):\n    print(flush=True)\n    sys.stdin.read()"
    first = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    first.stdout.readline()
    with pytest.raises(
        WriteError, match=r"another program is writing to .+; wait until it has finished, then try"
    ):
        replace_files({tmp_path / "a.txt": b"a"}, folder=tmp_path)
    first.kill()
    first.communicate()
    replace_files({tmp_path / "a.txt": b"a"}, folder=tmp_path)
    assert read(tmp_path) == {"a.txt": b"a"}


def test_reader_never_sees_some_files_old_and_some_new(tmp_path):
    versions = [{tmp_path / f"{name}.txt": content * 9_000 for name in "abcdef"} for content in (b"1", b"2")]
    replace_files(versions[0])
    done = threading.Event()
    seen = set()

    def look():
        while not done.is_set():
            seen.add(tuple(content[:1] for content in read_files(tmp_path, "*.txt").values()))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for number in range(15):
            replace_files(versions[number % 2], folder=tmp_path)
    finally:
        done.set()
        reader.join()
    assert seen
    assert seen <= {(b"1",) * 6, (b"2",) * 6}
