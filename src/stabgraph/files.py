"""Writing files so that a reader sees the old ones or the new ones, never half of either."""

from __future__ import annotations

import os
from contextlib import suppress
from errno import EISDIR
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["replace_files"]


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


def _write_beside(target: Path, content: bytes) -> Path:
    if target.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(target))
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    # A temporary file is private to its owner; the target should be as readable as any new file.
    temporary.chmod(target.stat().st_mode if target.exists() else 0o666 & ~_umask())
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
