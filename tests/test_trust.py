"""Whom to believe: which reports the conclusions rest on, and what changes when one believes differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stabgraph as sg
from stabgraph.consensus import Witness
from stabgraph.errors import ParameterError, StoreError, UnknownNameError
from stabgraph.trust import Jury, Trust

FIRST = "isl-nor-arctic-1"

# The invented dataset (tests/conftest.py) has two publishers of no weight: Daily One says that the first round began on
# 6 May 2030 and reports on the 8th, Daily Two has the 5th and reports on the 9th.


def start(graph: sg.DialogueGraph, meeting: str = FIRST) -> list[str]:
    return graph.query(f"SELECT ?d {{ meeting:{meeting} sg:start ?d }}").column("d")


def reports(graph: sg.DialogueGraph) -> set[str]:
    return set(graph.query("SELECT ?r { ?r a sg:Report }").column("r"))


@pytest.mark.parametrize(
    ("trust", "expected"),
    [
        (None, "2030-05-06"),
        ("any", "2030-05-06"),
        ("Daily One", "2030-05-06"),
        ("Daily Two", "2030-05-05"),
        ("daily-two", "2030-05-05"),
        ("daily-two,daily-one", "2030-05-06"),
        (["Daily Two", "official"], "2030-05-05"),
    ],
)
def test_conclusions_rest_on_whom_one_trusts(small_data, trust, expected):
    assert start(sg.load(small_data, trust=trust)) == [expected]


def test_reports_of_others_are_left_out_with_all_they_say(small_data):
    graph = sg.load(small_data, trust="Daily Two")
    assert reports(graph) == {
        "daily-two-first",
        "daily-two-trilateral",
        "daily-two-cancelled",
        "daily-two-undated",
    }
    assert set(graph.ask("sources", meeting=FIRST).column("publisher")) == {"Daily Two"}
    assert not graph.query("ASK { GRAPH report:daily-one-first { ?s ?p ?o } }")


def test_meeting_that_no_trusted_report_tells_of_is_known_by_name_only(small_data):
    graph = sg.load(small_data, trust="Daily Two")
    assert graph["isl-nor-arctic-2"].label == "Iceland–Norway Arctic Consultations: 2nd round"
    assert start(graph, "isl-nor-arctic-2") == []
    assert len(graph.ask("meetings", dialogue="isl-nor-arctic")) == 1


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2030-05-07", []),
        ("2030-05-08", ["2030-05-06"]),
        ("2030-05", ["2030-05-06"]),
        ("2030", ["2030-05-06"]),
    ],
)
def test_conclusions_are_as_known_on_a_day(small_data, day, expected):
    assert start(sg.load(small_data, as_of=day)) == expected


def test_report_dated_by_month_is_known_when_the_month_has_ended(small_data):
    assert "daily-two-trilateral" not in reports(sg.load(small_data, as_of="2029-09-29"))
    assert "daily-two-trilateral" in reports(sg.load(small_data, as_of="2029-09-30"))


def test_report_without_a_date_is_never_known_by_a_day(small_data):
    assert "daily-two-undated" not in reports(sg.load(small_data, as_of="2100"))
    assert "daily-two-undated" in reports(sg.load(small_data))


def test_whom_and_when_combine(small_data):
    assert start(sg.load(small_data, trust="Daily Two", as_of="2030-05-08")) == []
    assert start(sg.load(small_data, trust="Daily Two", as_of="2030-05-09")) == ["2030-05-05"]


def test_kinds_of_publisher_are_told_apart(kg):
    # A copy is believed as the text that it repeats, whoever prints it.
    graphs = {kind: sg.load(trust=kind) for kind in ("official", "wire", "press")}
    kinds = {
        name: set(
            graph.query(
                "SELECT DISTINCT ?k { ?r sg:publisher/sg:kind ?k FILTER NOT EXISTS { ?r sg:copyOf ?it } }"
            ).column("k")
        )
        for name, graph in graphs.items()
    }
    assert kinds == {"official": {"official"}, "wire": {"wire"}, "press": {"press"}}
    assert sum(len(reports(graph)) for graph in graphs.values()) < len(reports(kg))


def test_graph_says_whom_it_trusts(small_data):
    assert repr(sg.load(small_data, trust="press", as_of="2031")).endswith(
        "quads, trusting press as of 2031>"
    )
    assert "trusting" not in repr(sg.load(small_data))


def test_unknown_publisher_suggests_known_ones(small_data):
    with pytest.raises(UnknownNameError, match="no publisher 'daily-tow' to trust; did you mean daily-two"):
        sg.load(small_data, trust="daily-tow")
    with pytest.raises(UnknownNameError, match="did you mean official"):
        sg.load(small_data, trust="offical")


@pytest.mark.parametrize("day", ["yesterday", "2030/..", "2030-02-30"])
def test_day_that_is_none_is_refused(small_data, day):
    with pytest.raises(ParameterError, match="as of"):
        sg.load(small_data, as_of=day)


def test_store_is_made_of_the_trusted_and_cannot_change_its_mind(small_data, tmp_path):
    path = tmp_path / "store"
    graph = sg.open(path, data=small_data, trust="Daily Two")
    assert start(graph) == ["2030-05-05"]
    del graph
    again = sg.open(path)
    assert (start(again), again.trust) == (["2030-05-05"], Trust.of("Daily Two"))
    assert len(sg.open(path, trust="Daily Two")) == len(again)
    with pytest.raises(
        StoreError, match="is made of the reports of Daily Two, not Daily One; leave out trust"
    ):
        sg.open(path, trust="Daily One")


@given(
    st.lists(
        st.builds(Witness, st.sampled_from("abc"), st.integers(0, 3), known=st.sampled_from(["2020", "2021"]))
    ),
    st.booleans(),
    st.sets(st.integers(0, 2)),
    st.sets(st.sampled_from("abc")),
)
def test_trusting_more_never_leaves_a_report_out(heard, everybody, ranks, publishers):
    jury = Jury(everybody, ranks, publishers, "2020")
    for more in (
        Jury(everybody, {*ranks, 1}, publishers, "2020"),
        Jury(everybody, ranks, {*publishers, "a"}, "2020"),
        Jury(everybody, ranks, publishers, "2021"),
        Jury(everybody, ranks, publishers, None),
        Jury(True, ranks, publishers, "2020"),  # noqa: FBT003
    ):
        assert all(more.believes(witness) for witness in heard if jury.believes(witness))


def test_words_with_commas_and_without_name_the_same():
    assert Trust.of("official, wire") == Trust.of(["official", "wire"])
    assert Trust.of(None) == Trust.of("any") == Trust.of([])


# ── What changes ───────────────────────────────────────────────────────────────────────────────────────────


def test_comparison_lists_what_is_concluded_differently(small, small_data):
    changes = small.compare(sg.load(small_data, trust="Daily Two"))
    rows = {(row["meeting"], row["property"], row["here"], row["there"]): row for row in changes.to_dicts()}
    row = rows[FIRST, "sg:start", "2030-05-06", "2030-05-05"]
    assert (row["standing_here"], row["standing_there"]) == ("conflict", "singleSource")
    # Of many values, those that one side lacks: Daily Two knows nothing of missile defence.
    assert (FIRST, "sg:topic", "missile-defence", None) in rows
    assert not [key for key in rows if key[:2] == (FIRST, "sg:place")]
    # What only the other report said is lost.
    assert rows[FIRST, "sg:ordinal", 1, None]["standing_there"] is None


def test_life_of_a_treaty_rests_on_trusted_reports_alone():
    """Official voices tell the year of its signature; of its end nobody had reported the day before."""
    ask = """SELECT ?stage ?value { instrument:inf-treaty ?stage ?value
             FILTER(?stage IN (sg:signed, sg:enteredIntoForce, sg:suspended, sg:ended)) }"""

    def stages(**trust):
        return {row["stage"]: row["value"] for row in sg.load(**trust).query(ask).to_dicts()}

    assert stages(trust="official") == {"sg:signed": "1987", "sg:suspended": "2019-02-02"}
    assert stages(as_of="2019-08-01") == {}
    assert stages(as_of="2019-08-02")["sg:ended"] == "2019-08-02"


def test_comparison_with_itself_is_empty(small):
    assert len(small.compare(small)) == 0


def test_comparison_turns_round(small, small_data):
    other = sg.load(small_data, trust="Daily One")
    there = [(r["meeting"], r["property"], r["there"], r["here"]) for r in other.compare(small).to_dicts()]
    here = [(r["meeting"], r["property"], r["here"], r["there"]) for r in small.compare(other).to_dicts()]
    assert sorted(here, key=str) == sorted(there, key=str)
    assert here


# ── Standing ───────────────────────────────────────────────────────────────────────────────────────────────


def test_support_tells_how_every_value_stands(small):
    rows = {(r["property"], r["said"]): (r["stands"], r["publishers"]) for r in support(small, FIRST)}
    assert rows["sg:start", "2030-05-06"] == ("conflict", 1)
    assert rows["sg:start", "2030-05-05"] == ("contradicts", 1)
    assert rows["sg:place", "Reykjavik"] == ("confirmed", 2)
    assert rows["sg:level", "senior official"] == ("single source", 1)
    assert rows["sg:topic", "arms control"] == ("confirmed", 2)
    assert rows["sg:topic", "missile defence"] == ("single source", 1)


def test_support_tells_what_is_missing(small):
    missing = {r["property"] for r in support(small, "nordic-three-undated") if r["stands"] == "missing"}
    assert missing == {"sg:start", "sg:level", "sg:headedBy"}


def support(graph: sg.DialogueGraph, meeting: str) -> list[dict[str, object]]:
    return graph.ask("support", meeting=meeting).to_dicts()


def test_agreement_counts_standings(small):
    # Held: three rounds' worth with a start (first, second, 2029) and one undated; the first is in conflict.
    rows = {row.pop("property"): row for row in small.ask("agreement").to_dicts()}
    assert rows["sg:start"] == {
        "known": 3, "confirmed": 0, "single_source": 2, "majority": 0, "conflict": 1, "missing": 1, "agree": 0,
    }  # fmt: skip
    assert rows["sg:place"]["confirmed"] == 1
    assert rows["sg:mode"]["missing"] == 4


def test_agreement_adds_up_over_the_whole_dataset(kg):
    held = len(kg.ask("meetings"))
    for row in kg.ask("agreement").to_dicts():
        parts = [row[name] for name in ("confirmed", "single_source", "majority", "conflict")]
        assert sum(parts) == row["known"]
        assert row["known"] + row["missing"] == held
