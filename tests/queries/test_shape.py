"""Every named query over the whole bundled dataset: that it answers, in which form, and what always holds."""

from __future__ import annotations

import shlex
from collections import Counter
from datetime import date

import pytest

from stabgraph.asking import named_queries

QUERIES = named_queries()
OPEN = [name for name, query in QUERIES.items() if not any(p.required for p in query.parameters)]


@pytest.fixture(scope="module")
def ask(kg):
    """Ask without parameters, each query once."""
    answers = {}

    def once(name):
        if name not in answers:
            answers[name] = kg.ask(name)
        return answers[name]

    return once


COLUMNS = {
    "agreement": "property known confirmed single_source majority conflict missing agree",
    "support": "meeting property said stands publishers says",
    "bridges": "bridge thing label dialogues meetings",
    "co-topics": "topic other label meetings share",
    "counterparts": "official name party counterpart their_name their_party meetings first last",
    "counts": "things count",
    "coverage": "dialogue label year meetings reports",
    "delegation-heads": "meeting date party name post says dialogue",
    "dialogue-rhythm": "dialogue meeting date date_before days",
    "dialogues": "dialogue label meetings first last",
    "disputes": "meeting property said conclusion says",
    "dropped-topics": "dialogue meeting date topic label came_back",
    "dyads": "one other cow_one cow_other year meetings alone"
    " summit ministerial senior_official expert topics officials",
    "gaps": "worth missing dialogue meeting cycle number date",
    "first-mention": "topic label date meeting city meetings",
    "hosts-balance": "party with ground country meetings first last",
    "institutions-discussed": "institution label meetings dialogues first last",
    "in-force": "instrument label status since suspended until says",
    "instruments": "instrument label adopted signed entered_into_force suspended ended replaced_by amends",
    "instruments-discussed": "instrument label meetings dialogues first last",
    "lapsed-dialogues": "dialogue label rounds last usual_gap silent times",
    "level-over-time": "year summit ministerial senior_official expert not_stated meetings",
    "meetings": "meeting label date city meeting_level meeting_status",
    "new-topics": "dialogue meeting date topic label",
    "next-rounds": "meeting announced_on number when where held_since",
    "official-career": "official name represented rank post organisation meetings first_seen last_seen",
    "party-pairs": "party with label meetings alone dialogues first last",
    "places": "place label country meetings first last",
    "promises": "meeting number when where fulfilled_by held_on held_in verdict",
    "publishers": "publisher label kind reports meetings dialogues alone",
    "reports": "meeting publisher kind published language carried_by url",
    "sourcing": "measure number of share",
    "topics": "topic label meetings dialogues first last",
    "topics-by-year": "year topic label meetings",
    "who-discussed-what-where": "party topic place meetings first last",
}


@pytest.mark.parametrize("name", OPEN)
def test_query_answers_in_its_columns_and_gives_each_row_once(ask, name):
    table = ask(name)
    assert table.columns == tuple(COLUMNS[name].split())
    rows = [tuple(row) for row in table]
    assert len(rows) == len(set(rows)) > 0


@pytest.mark.parametrize("name", QUERIES)
def test_query_runs_as_it_stands(name, kg):
    """In any SPARQL tool: all parameters open, every prefix declared."""
    assert next(kg.engine.store.query(QUERIES[name].sparql + "\nLIMIT 3"), None) is not None


@pytest.mark.parametrize("name", QUERIES)
def test_example_runs_and_has_an_answer(name, kg):
    program, command, called, *options = shlex.split(QUERIES[name].example)
    assert (program, command, called) == ("stabgraph", "ask", name)
    keys, values = options[::2], options[1::2]
    assert all(key.startswith("--") for key in keys)
    table = kg.ask(name, **dict(zip((key.removeprefix("--") for key in keys), values, strict=True)))
    rows = [tuple(row) for row in table]
    assert len(rows) == len(set(rows)) > 0
    assert table.title == QUERIES[name].title


# ── What holds however the data grow ───────────────────────────────────────────────────────────────────────


def test_meetings_held_are_counted_alike_everywhere(ask):
    held = len(ask("meetings"))
    assert dict(zip(*map(ask("counts").column, ("things", "count")), strict=True))["meetings held"] == held
    assert sum(ask("dialogues").column("meetings")) == held
    levels = ask("level-over-time")
    dated = sum(levels.column("meetings"))
    assert dated == sum(ask("coverage").column("meetings")) <= held
    for row in levels.to_dicts():
        assert sum(row[level] for level in levels.columns[1:-1]) == row["meetings"]


@pytest.mark.parametrize("name", [name for name, columns in COLUMNS.items() if "first last" in columns])
def test_first_is_not_after_last(ask, name):
    for row in ask(name).to_dicts():
        assert (row["first"] is None) == (row["last"] is None)
        assert row["first"] is None or 1900 < row["first"] <= row["last"]


@pytest.mark.parametrize("name", ["party-pairs", "hosts-balance", "counterparts"])
def test_pairs_stand_once_from_either_side(ask, name):
    sides = {
        "party-pairs": (("party", "with"), ("meetings", "alone", "dialogues", "first", "last")),
        "hosts-balance": (("party", "with"), ("country", "meetings", "first", "last")),
        "counterparts": (
            ("official", "party", "counterpart", "their_party"),
            ("meetings", "first", "last"),
        ),
    }
    keys, values = sides[name]
    half = len(keys) // 2
    seen, mirrored = Counter(), Counter()
    for row in ask(name).to_dicts():
        pair, rest = tuple(row[key] for key in keys), tuple(row[value] for value in values)
        seen[pair, rest] += 1
        mirrored[pair[half:] + pair[:half], rest] += 1
    assert seen == mirrored


def test_parts_do_not_exceed_their_whole(ask):
    for row in ask("party-pairs").to_dicts():
        assert row["alone"] <= row["meetings"] >= row["dialogues"] > 0
    for row in ask("publishers").to_dicts():
        assert row["alone"] <= row["meetings"] <= row["reports"]
        assert row["dialogues"] <= row["meetings"]
    for row in ask("co-topics").to_dicts():
        assert 0 <= row["share"] <= 100
    for row in ask("bridges").to_dicts():
        assert 2 <= row["dialogues"] <= row["meetings"]


def test_topics_taken_up_together_are_so_both_ways(ask):
    pairs = {(row["topic"], row["other"]): row["meetings"] for row in ask("co-topics").to_dicts()}
    assert pairs == {(other, one): meetings for (one, other), meetings in pairs.items()}


def test_trend_of_a_topic_counts_at_least_its_own_meetings(ask, kg):
    top = ask("topics").column("topic")[0]
    by_year = Counter()
    for row in ask("topics-by-year").to_dicts():
        by_year[row["year"]] += row["meetings"] if row["topic"] == top else 0
    trend = kg.ask("topic-trend", topic=top).to_dicts()
    assert [row["year"] for row in trend] == ask("level-over-time").column("year")
    for row in trend:
        assert by_year[row["year"]] <= row["meetings"] <= row["of"]
        assert 0 <= row["share"] <= 100
        assert (row["meetings"] == 0) == (row["dialogues"] == 0)


def test_topics_have_a_first_mention_and_are_new_to_a_dialogue_once(ask):
    dated = {row["topic"]: row["first"] for row in ask("topics").to_dicts() if row["first"] is not None}
    mentions = ask("first-mention").to_dicts()
    assert {row["topic"] for row in mentions} == set(dated)
    counted = {row["topic"]: row["meetings"] for row in ask("topics").to_dicts()}
    assert all(row["meetings"] == counted[row["topic"]] for row in mentions)
    days = {}
    for row in ask("new-topics").to_dicts():
        days.setdefault((row["dialogue"], row["topic"]), set()).add(row["date"][:4])
    assert all(len(years) == 1 for years in days.values())


def test_gaps_are_days_after_the_round_before(ask):
    assert min(ask("dialogue-rhythm").column("days")) >= 1
    rhythm = ask("dialogue-rhythm").column("meeting")
    assert len(rhythm) == len(set(rhythm))


def test_silent_dialogues_are_silent_today_if_no_day_is_given(kg, ask):
    today = date.today().isoformat()  # noqa: DTZ011  the query, too, takes the date as it is here
    assert kg.ask("lapsed-dialogues", on=today).to_csv() == ask("lapsed-dialogues").to_csv()
    assert kg.ask("promises", on=today).to_csv() == ask("promises").to_csv()
    for row in ask("lapsed-dialogues").to_dicts():
        assert row["silent"] > 2 * row["usual_gap"] > 0
        assert row["rounds"] > 2
    more = kg.ask("lapsed-dialogues", factor="1").column("dialogue")
    assert set(ask("lapsed-dialogues").column("dialogue")) <= set(more)


def test_announcement_has_one_verdict(ask):
    rows = ask("promises").to_dicts()
    meetings = [row["meeting"] for row in rows]
    assert len(meetings) == len(set(meetings))
    for row in rows:
        assert row["verdict"] in {"kept", "late", "moved", "late and moved", "never", "open"}
        assert (row["fulfilled_by"] is None) == (row["verdict"] in {"never", "open"})
    # Whatever nothing has made good still stands among the next rounds.
    pending = {row["meeting"] for row in rows if row["fulfilled_by"] is None}
    assert pending <= set(ask("next-rounds").column("meeting"))


def test_dyads_are_pairs_by_years(ask):
    """Each pair has every year from the later beginning of its two parties, and agrees with who met whom."""
    years, meetings, alone = {}, Counter(), Counter()
    for row in ask("dyads").to_dicts():
        pair = row["one"], row["other"]
        years.setdefault(pair, []).append(row["year"])
        meetings[pair] += row["meetings"]
        alone[pair] += row["alone"]
        at_levels = row["summit"] + row["ministerial"] + row["senior_official"] + row["expert"]
        assert at_levels <= row["meetings"] >= row["alone"]
        assert row["meetings"] or not (row["topics"] or row["officials"])
    last = max(map(max, years.values()))
    begins = {}
    for (one, other), span in years.items():
        assert span == list(range(span[0], span[-1] + 1))
        for party in (one, other):
            begins[party] = min(begins.get(party, 9999), span[0])
    for (one, other), span in years.items():
        assert span[0] == max(begins[one], begins[other])
        assert span[-1] == last or {one, other} & {"SUN", "CSK", "DDR", "YUG", "SCG"}
    pairs = {
        (row["party"], row["with"]): row for row in ask("party-pairs").to_dicts() if row["first"] is not None
    }
    assert {*years, *((other, one) for one, other in years)} == set(pairs)
    for pair in years:
        # Meetings without a date are in no year.
        assert 0 < meetings[pair] <= pairs[pair]["meetings"]
        assert alone[pair] <= pairs[pair]["alone"]


def test_grounds_are_those_of_pairs_that_met_alone(ask):
    alone = {(row["party"], row["with"]): row["alone"] for row in ask("party-pairs").to_dicts()}
    met = Counter()
    for row in ask("hosts-balance").to_dicts():
        met[row["party"], row["with"]] += row["meetings"]
        expected = {"at home": row["party"], "away": row["with"], "by video": None}
        assert row["country"] == expected.get(row["ground"], row["country"])
    assert all(meetings <= alone[pair] for pair, meetings in met.items())


def test_what_was_dropped_had_been_taken_up(ask):
    taken = {(row["topic"]) for row in ask("topics").to_dicts()}
    assert {row["topic"] for row in ask("dropped-topics").to_dicts()} <= taken
