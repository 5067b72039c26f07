"""Writing files so that a reader sees the old ones or the new ones, never half of either.

One file is written beside its place and renamed. Where several files change together, the renames are listed in a
journal first: from the moment the journal stands, the new state is the state of the directory. A program that is
killed before leaves the old state, one that is killed later the new one, and whoever comes next puts the rest in place.
Who reads a directory that is being changed, or that nobody may write, reads through the journal.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager, suppress
from errno import EISDIR
from fnmatch import fnmatch
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

from stabgraph.errors import DataError, WriteError, one_line
from stabgraph.journal import JOURNAL, NEW, Journal, finish, sync, written
from stabgraph.locking import Lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["editing", "read_files", "replace_files", "replacing"]

_held = threading.local()  # the directories that this thread is changing


# ── Writing ─────────────────────────────────────────────────────────────────────


def replace_files(
    contents: Mapping[Path, bytes], stale: Iterable[Path] = (), *, folder: Path | None = None
) -> None:
    """Write several files and remove others, all or nothing, whatever happens to this program meanwhile.

    Parameters
    ----------
    contents
        The bytes of each file. Missing folders are made.
    stale
        Files to remove.
    folder
        The directory that the files make up together, for those who read it by :func:`read_files`; the one that
        holds them all if left out.

    Raises
    ------
    OSError
        If any of the files cannot be written; no target was changed then.
    WriteError
        If another program is writing there.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> replace_files({folder / "a.txt": b"one", folder / "b" / "c.txt": b"two"})
    >>> (folder / "b" / "c.txt").read_text()
    'two'
    """
    gone = list(stale)
    if not contents and not gone:
        return
    if folder is None and len(contents) == 1 and not gone:
        [(target, content)] = contents.items()
        with _made(target.parent):
            _put(target, content)
        return
    if folder is None:
        folder = Path(os.path.commonpath([path.parent for path in (*contents, *gone)]))
    with editing(folder):
        _change(folder, contents, gone)


@contextmanager
def editing(folder: Path) -> Iterator[None]:
    """Hold a directory while it is read and changed, so that nobody else changes it in between.

    What a killed program left there is put in place or tidied away first. A missing directory is made, and
    removed again if nothing came to stand in it.

    Raises
    ------
    OSError
        If the directory cannot be made.
    WriteError
        If another program is writing there.
    """
    mine: set[Path] = vars(_held).setdefault("folders", set())
    key = folder.absolute()
    if key in mine:
        yield
        return
    with _made(folder):
        try:
            lock = Lock(folder)
        except BlockingIOError as error:
            raise WriteError(
                f"another program is writing to {folder}; wait until it has finished, then try again"
            ) from error
        with lock:
            mine.add(key)
            try:
                finish(folder)
                _tidy(folder)
                yield
            finally:
                mine.discard(key)


def _change(folder: Path, contents: Mapping[Path, bytes], stale: list[Path]) -> None:
    new: dict[Path, Path] = {}
    with _made(*{target.parent for target in contents}):
        try:
            for target, content in contents.items():
                new[target] = _write_beside(target, content)
            sync(*{target.parent for target in contents})
            _put(folder / JOURNAL, written(folder, new, stale))
        except BaseException:
            # Once the journal stands, the new files are needed, even if we were interrupted that very moment.
            if not (folder / JOURNAL).exists():
                for path in new.values():
                    path.unlink(missing_ok=True)
            raise
    sync(folder)
    try:
        finish(folder)
    except OSError as error:
        raise WriteError(
            f"the new files of {folder} are written but cannot be put in their places "
            f"({one_line(error.strerror or error)}); mend that and the next command will put them there"
        ) from error


def _tidy(folder: Path) -> None:
    """Remove the new files of programs that were killed before their journal stood."""
    for path in (*folder.glob(f".*{NEW}"), *folder.glob(f"*/.*{NEW}")):
        with suppress(OSError):
            path.unlink()


def _put(target: Path, content: bytes) -> None:
    new = _write_beside(target, content)
    try:
        new.replace(target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file to be written piece by piece, which takes its place when it is whole.

    If anything goes wrong before, the target is what it was. A target that is no regular file, such as
    ``/dev/stdout``, is written to as it is. Missing folders are made.

    Raises
    ------
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp(), "a.txt")
    >>> with replacing(target) as file:
    ...     n = file.write(b"one")
    ...     target.exists()
    False
    >>> target.read_text()
    'one'
    """
    if target.exists() and not target.is_file() and not target.is_dir():
        with target.open("wb") as device:
            yield device
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with _beside(target) as file:
        yield file
    temporary = Path(file.name)
    try:
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _write_beside(target: Path, content: bytes) -> Path:
    with _beside(target) as file:
        file.write(content)
    return Path(file.name)


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside a target; it is flushed to disk at the end, or gone if that fails."""
    if target.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(target))
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", suffix=NEW, delete=False) as file:
        path = Path(file.name)
        try:
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
            # A temporary file is private to its owner; the target should be as readable as any new file.
            path.chmod(target.stat().st_mode if target.exists() else 0o666 & ~_umask())
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _made(*folders: Path) -> Iterator[None]:
    """Make missing folders, and remove them again where nothing came to stand in them."""
    made: list[Path] = []
    try:
        for folder in folders:
            made += reversed([path for path in (folder, *folder.parents) if not path.exists()])
            folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for folder in reversed(made):
            with suppress(OSError):  # it holds something by now
                folder.rmdir()


# ── Reading ─────────────────────────────────────────────────────────────────────


def read_files(folder: Path, *patterns: str, tries: int = 1000) -> dict[Path, bytes]:
    """Return the files of a directory that match patterns, all of one moment, sorted by name.

    Raises
    ------
    OSError
        If one of them cannot be read.
    DataError
        If the directory is never left alone long enough to be read, or has a journal that is none of ours.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> replace_files({folder / "a.txt": b"one", folder / "b.txt": b"two"})
    >>> [(path.name, content) for path, content in read_files(folder, "*.txt").items()]
    [('a.txt', b'one'), ('b.txt', b'two')]
    """
    if (folder / JOURNAL).exists():
        with suppress(OSError), editing(folder):  # which finishes it, where we may and nobody is at it
            pass
    for _ in range(tries):
        journal = Journal.of(folder)
        before = _state(folder, patterns)
        missing: list[OSError] = []
        contents = {}
        for path, file in sorted(_current(folder, patterns, journal).items()):
            try:
                contents[path] = _content(file, path)
            except FileNotFoundError as error:
                missing.append(error)
        if _state(folder, patterns) == before and Journal.of(folder) == journal:
            if missing:
                raise missing[0]
            return contents
    raise DataError(f"{folder} is being changed all the time; read it when that is over")


def _current(folder: Path, patterns: Iterable[str], journal: Journal | None) -> dict[Path, Path]:
    """Return where the content of each file stands: in its place, or beside it still."""
    files = {path: path for pattern in patterns for path in folder.glob(pattern)}
    if journal is not None:
        for target, new in journal.replace.items():
            name = target.relative_to(folder).as_posix()
            if any(fnmatch(name, pattern) and name.count("/") == pattern.count("/") for pattern in patterns):
                files[target] = new
        for target in journal.remove:
            files.pop(target, None)
    return files


def _content(file: Path, place: Path) -> bytes:
    with suppress(FileNotFoundError):
        return file.read_bytes()
    return place.read_bytes()  # it was put there in the meantime


def _state(folder: Path, patterns: Iterable[str]) -> dict[Path, tuple[int, ...]]:
    found: dict[Path, tuple[int, ...]] = {}
    for path in (path for pattern in patterns for path in folder.glob(pattern)):
        with suppress(FileNotFoundError):
            stat = path.stat()
            found[path] = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
    return found
