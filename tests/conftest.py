"""What several test files share: the bundled graph, a small invented dataset, and a command line to start."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import stabgraph as sg
from stabgraph.adding import add_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Invented talks of real states in years to come: three people, two dialogues, six meetings, seven reports.
INVENTED = """
series:
- {id: isl-nor-arctic, name: Iceland–Norway Arctic Consultations, kind: bilateral, parties: [ISL, NOR], since: '2029'}
- {id: nordic-three, name: Nordic Trilateral Talks, kind: trilateral, parties: [ISL, NOR, SWE]}
meetings:
- {id: isl-nor-arctic-1, series: isl-nor-arctic, label: 1st round, ordinal: 1}
- {id: isl-nor-arctic-2, series: isl-nor-arctic, label: 2nd round, ordinal: 2}
- {id: isl-nor-arctic-3, series: isl-nor-arctic, label: 3rd round, ordinal: 3}
- {id: nordic-three-2029, series: nordic-three, label: 2029 meeting}
- {id: nordic-three-2030, series: nordic-three, label: 2030 meeting}
- {id: nordic-three-undated, series: nordic-three, label: undated meeting}
people:
- {id: anna-jonsdottir, name: Anna Jónsdóttir, of: ISL}
- {id: bjorn-hansen, name: Bjørn Hansen, of: NOR}
- {id: carl-berg, name: Carl Berg, of: SWE}
reports:
- id: daily-one-first
  url: https://one.example/first
  publisher: Daily One
  published: '2030-05-08'
  language: en
  about: isl-nor-arctic-1
  says:
    ordinal: 1
    start: '2030-05-06'
    end: '2030-05-07'
    city: Reykjavik
    country: ISL
    level: senior-official
    status: held
    delegations:
    - {party: ISL, heads: [{person: anna-jonsdottir, as: A. Jónsdóttir, role: Director}]}
    - {party: NOR, heads: [{person: bjorn-hansen, as: Bjørn Hansen, role: Director General}]}
    topics: [arms control, missile defence, the weather]
    next: {ordinal: 2, city: Oslo, country: NOR, when: '2031'}
- id: daily-two-first
  url: https://two.example/first
  publisher: Daily Two
  published: '2030-05-09'
  language: en
  about: isl-nor-arctic-1
  says:
    start: '2030-05-05'
    city: Reykjavik
    country: ISL
    status: held
    delegations:
    - {party: ISL, heads: [{person: anna-jonsdottir, as: Anna Jonsdottir}]}
    - {party: NOR}
    topics: [arms control]
- id: daily-one-second
  url: https://one.example/second
  publisher: Daily One
  published: '2031-03-02'
  language: en
  about: isl-nor-arctic-2
  says:
    ordinal: 2
    start: '2031-03-01'
    city: Oslo
    country: NOR
    status: held
    delegations:
    - {party: ISL, heads: [{person: anna-jonsdottir, as: Anna Jónsdóttir, role: Ambassador}]}
    - {party: NOR, heads: [{person: bjorn-hansen, as: Bjørn Hansen, role: State Secretary}]}
    topics: [missile defence]
    next: {ordinal: 3, when: '2032'}
- id: daily-one-third
  url: https://one.example/third
  publisher: Daily One
  published: '2032-05-01'
  language: en
  about: isl-nor-arctic-3
  says:
    {ordinal: 3, start: 2032-06, city: Reykjavik, country: ISL, status: planned,
     delegations: [{party: ISL}, {party: NOR}]}
- id: daily-two-trilateral
  url: https://two.example/trilateral
  publisher: Daily Two
  published: '2029-09'
  language: no
  about: nordic-three-2029
  says:
    start: 2029-09
    city: Stockholm
    country: SWE
    status: held
    delegations:
    - {party: ISL, members: [{person: anna-jonsdottir, as: Anna Jónsdóttir}]}
    - {party: NOR}
    - {party: SWE, heads: [{person: carl-berg, as: Carl Berg}]}
    topics: [arms control]
- id: daily-two-cancelled
  url: https://two.example/cancelled
  publisher: Daily Two
  published: '2030-11-01'
  language: en
  about: nordic-three-2030
  says:
    {start: '2030-11-10', city: Oslo, country: NOR, status: cancelled,
     delegations: [{party: ISL}, {party: NOR}, {party: SWE}]}
- id: daily-two-undated
  url: https://two.example/undated
  publisher: Daily Two
  language: en
  about: nordic-three-undated
  says: {city: Oslo, country: NOR, status: held, delegations: [{party: NOR}, {party: SWE}], topics: [arms control]}
"""


@pytest.fixture(scope="session")
def kg() -> sg.DialogueGraph:
    """The bundled graph, loaded once: look, but do not write."""
    return sg.load()


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the small invented dataset: look, but do not write."""
    folder = tmp_path_factory.mktemp("small")
    records = folder / "records.yaml"
    records.write_text(INVENTED, "utf-8")
    result = add_files(folder / "data", [records])
    assert not result.refused
    assert len(result.added) == 7
    return folder / "data"


@pytest.fixture(scope="session")
def small(small_data: Path) -> sg.DialogueGraph:
    """The graph of the small invented dataset: look, but do not write."""
    return sg.load(small_data)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the cache of the processes that tests start."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def environment(cache: Path) -> dict[str, str]:
    """What a process that a test starts finds around it: nobody's cache, no terminal, no colour."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STABGRAPH", "PYTEST"))}
    return {**kept, "STABGRAPH_CACHE": str(cache), "PYTHONUTF8": "1", "COLUMNS": "120", "NO_COLOR": "1"}


@pytest.fixture(scope="session")
def python(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python in a process of its own; keyword arguments are more of its environment, or its standard input."""

    def run(
        *words: str, stdin: str | None = None, timeout: float | None = 120, **more: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: PLW1510  the test looks at the exit status
            [sys.executable, *words],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            encoding="utf-8",
            env={**environment, **more},
            timeout=timeout,
        )

    return run
