"""Programs that are killed in the middle: what they were at is left as it was or done, and can be done again."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor SIGKILL")

#: How many programs of each kind are killed at random moments; set it for a longer run.
KILLS = int(os.environ.get("STABGRAPH_KILLS", "3"))
SEED = int(os.environ.get("STABGRAPH_KILLS_SEED", "1"))

#: Invented: a fourth round of the Arctic talks, a dialogue of its own, and people and publishers that are new.
MORE = """
series:
- {id: isl-swe-fish, name: Iceland–Sweden Talks, kind: bilateral, parties: [ISL, SWE]}
meetings:
- {id: isl-nor-arctic-4, series: isl-nor-arctic, label: 4th round, ordinal: 4}
- {id: isl-swe-fish-1, series: isl-swe-fish, label: 1st round, ordinal: 1}
people:
- {id: dora-lind, name: Dóra Lind, of: SWE}
reports:
- id: daily-three-fourth
  url: https://three.example/fourth
  publisher: Daily Three
  language: en
  about: isl-nor-arctic-4
  says: {start: '2033-06-01', city: Tromsø, country: NOR, status: held, delegations: [{party: ISL}, {party: NOR}]}
- id: daily-three-fish
  url: https://three.example/fish
  publisher: Daily Three
  language: en
  about: isl-swe-fish-1
  says:
    {start: '2033-07-01', city: Reykjavik, country: ISL, status: held, topics: [arms control],
     delegations: [{party: ISL}, {party: SWE, heads: [{person: dora-lind, as: Dóra Lind}]}]}
"""


@pytest.fixture
def kill(python, small_data, tmp_path):
    """Kill programs that do a job, and return how many died and how often the old and the new state was found."""
    shutil.copy(small_data.parent / "records.yaml", tmp_path)
    (tmp_path / "more.yaml").write_text(MORE, "utf-8")

    def run(kind, number):
        done = python(
            str(Path(__file__).with_name("kills.py")),
            kind,
            str(tmp_path),
            str(number),
            str(SEED),
            timeout=None,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_dataset_is_old_or_new_before_every_operation_on_a_file(kill):
    """Files are rewritten, made and removed in one go, and the program dies at each step of it once."""
    found = kill("move", 0)
    assert found["killed"] > 15
    assert found["old"] > 5
    assert found["new"] > 3


@pytest.mark.parametrize(
    "kind", ["add", "first add", "fmt", "add to store", "create store", "backup", "cache"]
)
def test_state_is_old_or_new_at_any_moment(kill, kind):
    found = kill(kind, KILLS)
    assert found["old"] + found["new"] == KILLS
