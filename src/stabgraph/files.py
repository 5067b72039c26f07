"""Writing files so that a reader sees the old ones or the new ones, never half of either."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from errno import EISDIR
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["replace_files", "replacing"]


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write several files, all or none.

    Every new file is written in full and flushed to disk beside its target before the first rename: a disk
    that fills up, or a folder that cannot be written, leaves everything as it was.

    Parameters
    ----------
    contents
        The bytes of each file. Missing folders are made.

    Raises
    ------
    OSError
        If any of the files cannot be written; no target was changed then.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> replace_files({folder / "a.txt": b"one", folder / "b" / "c.txt": b"two"})
    >>> (folder / "b" / "c.txt").read_text()
    'two'
    """
    written: list[tuple[Path, Path]] = []
    made: list[Path] = []
    try:
        for target, content in contents.items():
            made += reversed([folder for folder in target.parents if not folder.exists()])
            target.parent.mkdir(parents=True, exist_ok=True)
            written.append((_write_beside(target, content), target))
        for temporary, target in written:
            temporary.replace(target)
    except BaseException:
        for temporary, _ in written:
            temporary.unlink(missing_ok=True)
        for folder in reversed(made):
            with suppress(OSError):  # it may hold something by now
                folder.rmdir()
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
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
            # A temporary file is private to its owner; the target should be as readable as any new file.
            temporary.chmod(target.stat().st_mode if target.exists() else 0o666 & ~_umask())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
