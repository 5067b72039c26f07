"""The examples in docstrings, run as doctests: they load the bundled dataset, which is loaded once for all of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import stabgraph

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="session")
def _loaded_once() -> Iterator[None]:
    load = stabgraph.load
    bundled = cache(load)

    def once(*words: Any, **options: Any) -> stabgraph.DialogueGraph:
        return load(*words, **options) if words or options else bundled()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stabgraph, "load", once)
        yield
