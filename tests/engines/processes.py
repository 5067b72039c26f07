"""A look at the processes of a process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def children(pid=None):
    """Ids of the processes that a process has started and that still run."""
    pid = pid or os.getpid()
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.is_dir():
        pytest.skip("there is no /proc here")
    return {
        int(child)
        for file in tasks.glob("*/children")
        for child in file.read_text("ascii").split()
        if is_alive(int(child))
    }


def is_alive(pid):
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
