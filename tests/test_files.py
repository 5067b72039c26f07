"""Writing files: all of them or none, whole, and as readable as any other."""

import os
import stat
import threading

import pytest

from stabgraph.files import replace_files, replacing


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
