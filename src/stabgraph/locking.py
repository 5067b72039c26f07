"""Holding a directory against other programs: many may read it at once, or one may write.

The lock is the operating system's own, so it ends with the program that holds it, however that one ends.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

__all__ = ["Lock"]

#: What a file system answers that knows no locks: there we do without, as every other program does.
_UNKNOWN = {errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


class Lock:
    """A lock on a directory, held until it is closed or forgotten.

    Attributes
    ----------
    shared
        Whether others may hold the directory too.

    Parameters
    ----------
    folder
        An existing directory.
    shared
        Whether others may hold it too, if they also share.

    Raises
    ------
    BlockingIOError
        If somebody else holds the directory.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> with Lock(folder, shared=True), Lock(folder, shared=True):
    ...     Lock(folder)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    BlockingIOError: somebody else holds it
    """

    def __init__(self, folder: Path, *, shared: bool = False) -> None:
        self.shared = shared
        self._handle: int | None = _open(folder)
        try:
            _take(self._handle, shared=shared)
        except OSError as error:
            busy = isinstance(error, (BlockingIOError, PermissionError))
            if busy or error.errno not in _UNKNOWN:
                self.close()
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error

    def close(self) -> None:
        """Let go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self.close()


if sys.platform == "win32":
    import msvcrt
    import random

    #: Windows has no shared locks here and cannot lock a directory: a reader takes one byte of a file, a writer all.
    _BYTES = 1 << 20

    def _open(folder: Path) -> int:
        return os.open(folder / ".lock", os.O_RDWR | os.O_CREAT)

    def _take(handle: int, *, shared: bool) -> None:
        os.lseek(handle, random.randrange(_BYTES) if shared else 0, os.SEEK_SET)  # noqa: S311  not a secret
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1 if shared else _BYTES)

else:
    import fcntl

    def _open(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _take(handle: int, *, shared: bool) -> None:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
