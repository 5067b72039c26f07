"""The journal of a directory whose files change together: which new ones take the place of which, which go.

It stands in the directory from the moment when all new files are written beside their places to the moment when
all are in them. What it lists can be done again after it was interrupted, any number of times.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from stabgraph.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["JOURNAL", "NEW", "Journal", "finish", "sync", "written"]

#: The file of a directory that lists what is to be put in place.
JOURNAL = ".stabgraph-journal"
#: How the name of a file ends that is not in its place yet.
NEW = ".new"


@dataclass(frozen=True)
class Journal:
    """What is to be put in place in a directory.

    Attributes
    ----------
    replace
        For each file the new one beside it.
    remove
        The files that go.
    """

    replace: dict[Path, Path]
    remove: list[Path]

    @classmethod
    def of(cls, folder: Path) -> Journal | None:
        """Read the journal of a directory, if it has one.

        Raises
        ------
        DataError
            If there is one that stabgraph did not write.
        """
        path = folder / JOURNAL
        try:
            listed = json.loads(path.read_bytes())
            replace = {_inside(folder, name): _new(new) for name, new in listed["replace"].items()}
            return cls(
                {target: target.parent / new for target, new in replace.items()},
                [_inside(folder, name) for name in listed["remove"]],
            )
        except FileNotFoundError:
            return None
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise DataError(
                f"{path} is not a journal that stabgraph wrote; if nobody knows what it is for, delete it"
            ) from error


def _inside(folder: Path, name: str) -> Path:
    """Return the path of a name in a journal. A dataset may come from anybody: it must not reach outside."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ValueError(name)
    return folder / path


def _new(name: str) -> str:
    if "/" in name or "\\" in name or not (name.startswith(".") and name.endswith(NEW)):
        raise ValueError(name)
    return name


def written(folder: Path, replace: Mapping[Path, Path], remove: Iterable[Path]) -> bytes:
    """Return a journal as it stands in its file."""
    listed = {
        "replace": {target.relative_to(folder).as_posix(): new.name for target, new in replace.items()},
        "remove": [target.relative_to(folder).as_posix() for target in remove],
    }
    return json.dumps(listed).encode()


def finish(folder: Path) -> None:
    """Put in place what the journal of a directory lists, and drop the journal.

    Raises
    ------
    OSError
        If a file cannot be put in its place; the journal stays then.
    DataError
        If it is not one that stabgraph wrote.
    """
    journal = Journal.of(folder)
    if journal is None:
        return
    for target, new in journal.replace.items():
        with suppress(FileNotFoundError):  # it is in its place
            new.replace(target)
    for target in journal.remove:
        target.unlink(missing_ok=True)
    sync(*{target.parent for target in (*journal.replace, *journal.remove) if target.parent.exists()})
    (folder / JOURNAL).unlink()


def sync(*folders: Path) -> None:
    """See that the names in folders are on the disk, where the system can."""
    if sys.platform != "win32":
        for folder in folders:
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
