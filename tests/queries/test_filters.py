"""The filters: each alone, and any of them together, checked against plain Python over the same quads."""

from __future__ import annotations

import re
from collections import defaultdict

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stabgraph.asking import named_queries
from stabgraph.filters import FILTERS
from stabgraph.vocabulary import SG, SKOS, iri, kind_of, local_id

# ── On the small invented dataset, worked out by hand ──────────────────────────────────────────────────────

FIRST, SECOND, THIRD = (f"isl-nor-arctic-{number}" for number in (1, 2, 3))
OF_2029, OF_2030, UNDATED = (f"nordic-three-{name}" for name in ("2029", "2030", "undated"))

MEETINGS = {
    # What is asked, then the meetings in order.
    "nothing: what was held, undated last": ({}, [OF_2029, FIRST, SECOND, UNDATED]),
    "dialogue": ({"dialogue": "nordic-three"}, [OF_2029, UNDATED]),
    "party": ({"party": "ISL"}, [OF_2029, FIRST, SECOND]),
    "party and another": ({"party": "NOR", "with": "SWE"}, [OF_2029, UNDATED]),
    "official": ({"official": "carl-berg"}, [OF_2029]),
    "topic": ({"topic": "missile-defence"}, [FIRST, SECOND]),
    "place": ({"place": "oslo"}, [SECOND, UNDATED]),
    "level": ({"level": "senior-official"}, [FIRST]),
    "filters combine": ({"party": "ISL", "topic": "arms-control", "place": "reykjavik"}, [FIRST]),
    "filters that exclude one another": ({"party": "ISL", "place": "stockholm", "topic": "missile-defence"}, []),
    "any status": ({"status": "any"}, [OF_2029, FIRST, OF_2030, SECOND, THIRD, UNDATED]),
    "cancelled": ({"status": "cancelled"}, [OF_2030]),
    "planned": ({"status": "planned"}, [THIRD]),
    "since a day within the meeting": ({"since": "2030-05-07"}, [FIRST, SECOND]),
    "since the day after it": ({"since": "2030-05-08"}, [SECOND]),
    "since a month": ({"since": "2031-03"}, [SECOND]),
    "since a month after": ({"since": "2031-04"}, []),
    "since the last day of a month that is all we know": ({"since": "2029-09-30", "until": "2029"}, [OF_2029]),
    "until the first day": ({"until": "2030-05-06"}, [OF_2029, FIRST]),
    "until the day before": ({"until": "2030-05-05"}, [OF_2029]),
    "until a month, its last day included": ({"until": "2030-05"}, [OF_2029, FIRST]),
    "until a year": ({"until": "2030"}, [OF_2029, FIRST]),
    "a year": ({"since": "2030", "until": "2030", "status": "any"}, [FIRST, OF_2030]),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), MEETINGS.values(), ids=MEETINGS)
def test_meetings(small, asked, expected):
    assert small.ask("meetings", **asked).column("meeting") == expected


# ── On the invented talks: each filter alone, in queries of every make ─────────────────────────────────────

#: What a filter is given, and the meetings that were held and pass it.
ALONE = {
    "dialogue": ("rus-swe-talks", {"russian-1", "russian-2"}),
    "party": ("CSK", {"prague-1", "prague-2"}),
    "with": ("Russia", {"russian-1", "russian-2"}),
    "official": ("Bjørn Hansen", {"talks-1", "talks-2"}),
    "topic": ("nuclear-arms-control", {"talks-2", "talks-4", "nordic-2030-morning", "nordic-undated", "soviet-2"}),
    "institution": ("NATO", {"talks-1", "talks-2", "nordic-2031"}),
    "instrument": ("new-start", {"talks-1"}),
    "state": ("Czechia", {"talks-2"}),
    "place": ("Geneva", {"soviet-3"}),
    "level": ("summit", {"soviet-1", "soviet-2"}),
    "status": ("planned", {"talks-6"}),
    "since": ("2032-06-02", {"talks-4", "talks-4-experts"}),
    "until": ("2025", {"soviet-1", "soviet-2"}),
}  # fmt: skip


def test_every_filter_is_tried():
    assert ALONE.keys() == FILTERS.keys()


@pytest.mark.parametrize("name", ALONE)
def test_filter_chooses_meetings(talks, name):
    value, expected = ALONE[name]
    rows = talks.ask("meetings", **{name: value}).column("meeting")
    assert set(rows) == expected
    assert len(rows) == len(expected)


@pytest.mark.parametrize("name", ALONE)
def test_filter_chooses_the_same_meetings_in_other_queries(talks, name):
    """Counts of other queries are those of the meetings that the filter leaves."""
    value, expected = ALONE[name]
    dated = expected - {"nordic-undated"}
    assert sum(talks.ask("dialogues", **{name: value}).column("meetings")) == len(expected)
    assert sum(talks.ask("level-over-time", **{name: value}).column("meetings")) == len(dated)
    assert sum(talks.ask("coverage", **{name: value}).column("meetings")) == len(dated)
    # These count meetings of any status unless told otherwise.
    held = {"status": "held", name: value}
    assert sum(talks.ask("publishers", **held).column("alone")) == len(expected - {"talks-1"})
    reports = talks.ask("reports", **held)
    assert set(reports.column("meeting")) == expected


COMBINED = [
    ({"party": "ISL", "with": "SWE", "topic": "missile-defence"}, {"nordic-2030-evening"}),
    ({"party": "NOR", "institution": "NATO", "since": "2031"}, {"talks-2", "nordic-2031"}),
    ({"official": "anna-jonsdottir", "place": "reykjavik", "level": "senior-official"}, {"talks-1"}),
    ({"official": "anna-jonsdottir", "with": "SWE", "status": "any"}, {"nordic-2029", "nordic-2030-morning"}),
    ({"status": "cancelled", "topic": "arms-control", "place": "oslo"}, {"talks-5"}),
    ({"status": "any", "since": "2033", "dialogue": "isl-nor-talks"}, {"talks-5", "talks-6"}),
    ({"party": "SUN", "since": "2025-06-10", "until": "2025-06-10"}, {"soviet-2"}),
    ({"party": "RUS", "with": "SUN"}, set()),
    ({"party": "NOR", "with": "NOR", "instrument": "open-skies"}, {"nordic-2029"}),
]


@pytest.mark.parametrize(("asked", "expected"), COMBINED, ids=[" ".join(asked) for asked, _ in COMBINED])
def test_filters_combine(talks, asked, expected):
    assert set(talks.ask("meetings", **asked).column("meeting")) == expected
    assert sum(talks.ask("dialogues", **asked).column("meetings")) == len(expected)
    assert set(talks.ask("reports", **{"status": "held", **asked}).column("meeting")) == expected


# ── On the bundled dataset, against plain Python ───────────────────────────────────────────────────────────

DIRECT = {
    "party": SG.party, "with": SG.party, "institution": SG.institution, "instrument": SG.instrument, "state": SG.state,
    "place": SG.place, "level": SG.level, "status": SG.status, "dialogue": SG.partOf,
}  # fmt: skip


class Facts:
    """What the quads of the default graph say, in dictionaries."""

    def __init__(self, graph):
        self.values = defaultdict(set)
        for quad in graph.engine.store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
            self.values[quad.subject, quad.predicate].add(quad.object)
        pairs = list(self.values.items())
        self.meetings = sorted(
            {s for (s, _), values in pairs if SG.Meeting in values and kind_of(s) == "meeting"}, key=str
        )

    def of(self, meeting, name):
        """The values of a meeting by which a filter judges it."""
        if name in DIRECT:
            return self.values[meeting, DIRECT[name]]
        if name == "official":
            parts = self.values[meeting, SG.participation]
            present = [p for p in parts if iri("capacity", "absent") not in self.values[p, SG.capacity]]
            return {official for part in present for official in self.values[part, SG.official]}
        if name == "topic":
            found, fresh = set(), set(self.values[meeting, SG.topic])
            while fresh:
                found |= fresh
                fresh = {b for topic in fresh for b in self.values[topic, SKOS.broader]} - found
            return found
        bound = SG.latest if name == "since" else SG.earliest
        return {day.value for day in self.values[meeting, bound]}

    def passes(self, meeting, name, value):
        if name == "since":
            return any(day >= value for day in self.of(meeting, name))
        if name == "until":
            return any(day <= value for day in self.of(meeting, name))
        return any(local_id(term) == value for term in self.of(meeting, name))


@pytest.fixture(scope="module")
def facts(kg):
    return Facts(kg)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_meetings_are_those_that_plain_python_finds(kg, facts, data):
    """Values are taken from one meeting or from two, so that answers are seldom empty and filters seldom idle."""
    sample = data.draw(st.lists(st.sampled_from(facts.meetings), min_size=1, max_size=2))
    names = data.draw(st.lists(st.sampled_from(list(FILTERS)), unique=True, max_size=5))
    asked = {}
    for name in names:
        values = sorted(v if isinstance(v, str) else local_id(v) for m in sample for v in facts.of(m, name))
        if name == "dialogue":
            values = [v for v in values if (iri("dialogue", v), SG.kind) in facts.values]
        if values:
            asked[name] = data.draw(st.sampled_from(values))
    conditions = {"status": "held", **asked}
    expected = [m for m in facts.meetings if all(facts.passes(m, *pair) for pair in conditions.items())]
    found = kg.ask("meetings", **asked).column("meeting")
    assert sorted(found) == sorted(map(local_id, expected))


TAKING = [name for name, query in named_queries().items() if any(p.pattern for p in query.parameters)]


@pytest.mark.parametrize("name", TAKING)
def test_every_query_takes_all_its_filters_at_once(talks, name):
    """Their variables must clash neither with one another nor with those of the query."""
    taken = {p.name: ALONE[p.name][0] for p in named_queries()[name].parameters if p.name in ALONE}
    assert taken.keys() == FILTERS.keys()
    body = "".join(line for line in named_queries()[name].sparql.splitlines() if not line.startswith("#"))
    shared = [p.name for p in named_queries()[name].parameters if p.pattern and p.type != "date"]
    assert not [filter_ for filter_ in shared if re.search(rf"\?{filter_}\b", body)], (
        "list it as its own parameter"
    )
    # A count over nothing is a row as well.
    assert len(talks.ask(name, **taken)) <= 1
    for filter_, (value, _) in ALONE.items():
        required = {"topic": "arms-control"} if name == "topic-trend" else {}
        assert filter_ not in talks.ask(name, **{**required, filter_: value}).columns


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_filters_never_double_a_row(talks, data):
    name = data.draw(st.sampled_from(TAKING))
    query = named_queries()[name]
    taken = [p.name for p in query.parameters if p.name in ALONE]
    chosen = data.draw(st.lists(st.sampled_from(taken), unique=True, max_size=4))
    required = {"topic": "arms-control"} if name == "topic-trend" else {}
    table = talks.ask(name, **required, **{n: ALONE[n][0] for n in chosen if n not in required})
    rows = [tuple(row) for row in table]
    assert len(rows) == len(set(rows))
