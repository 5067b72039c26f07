"""A richer invented dataset than that of ../conftest.py: talks.yaml, and what things.ttl says of states and others."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import stabgraph as sg
from stabgraph.adding import add_files

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def talks(tmp_path_factory: pytest.TempPathFactory) -> sg.DialogueGraph:
    """The graph of the invented talks: look, but do not write."""
    data = tmp_path_factory.mktemp("talks") / "data"
    data.mkdir()
    (data / "things.ttl").write_bytes((HERE / "things.ttl").read_bytes())
    result = add_files(data, [HERE / "talks.yaml"])
    assert not result.refused
    assert {field for field, _ in result.unlinked} <= {"post"}, "not every post has a rank"
    return sg.load(data)


@pytest.fixture(scope="session")
def answer() -> Callable[..., list[list[str]]]:
    """Ask a named query and return its rows as text, as CSV shows them."""

    def rows(graph: sg.DialogueGraph, name: str, **parameters: object) -> list[list[str]]:
        return list(csv.reader(io.StringIO(graph.ask(name, **parameters).to_csv())))[1:]

    return rows
