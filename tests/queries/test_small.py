"""What named queries answer on the small invented dataset of ../conftest.py, and on a dialogue that can be read off.

Worked out by hand. The queries for which six meetings are too few are in test_talks.py.
"""

from __future__ import annotations

FIRST, SECOND = "isl-nor-arctic-1", "isl-nor-arctic-2"
OF_2029 = "nordic-three-2029"


def test_meetings_show_where_and_when(small, answer):
    assert answer(small, "meetings", dialogue="isl-nor-arctic") == [
        [
            FIRST,
            "Iceland–Norway Arctic Consultations: 1st round",
            "2030-05-06",
            "Reykjavik",
            "senior official",
            "held",
        ],
        [SECOND, "Iceland–Norway Arctic Consultations: 2nd round", "2031-03-01", "Oslo", "", "held"],
    ]


def test_delegation_heads(small, answer):
    assert answer(small, "delegation-heads") == [
        [OF_2029, "2029-09", "SWE", "Carl Berg", "", "Daily Two", "nordic-three"],
        [FIRST, "2030-05-06", "ISL", "Anna Jónsdóttir", "Director", "Daily One; Daily Two", "isl-nor-arctic"],
        [FIRST, "2030-05-06", "NOR", "Bjørn Hansen", "Director General", "Daily One", "isl-nor-arctic"],
        [SECOND, "2031-03-01", "ISL", "Anna Jónsdóttir", "Ambassador", "Daily One", "isl-nor-arctic"],
        [SECOND, "2031-03-01", "NOR", "Bjørn Hansen", "State Secretary", "Daily One", "isl-nor-arctic"],
    ]
    assert answer(small, "delegation-heads", party="ISL", official="anna-jonsdottir", since="2031") == [
        [SECOND, "2031-03-01", "Anna Jónsdóttir", "Ambassador", "Daily One", "isl-nor-arctic"]
    ]


def test_meeting(small, answer):
    rows = {(row[0], row[1]): row[3] for row in answer(small, "meeting", meeting=FIRST)}
    assert rows["sg:start", "2030-05-06"] == "1"
    assert rows["sg:status", "held"] == "2"
    assert rows["sg:topic", "missile-defence"] == "1"
    assert rows["sg:earliest", "2030-05-06"] == "0"
    assert ("sg:start", "2030-05-05") not in rows


def test_sources(small, answer):
    rows = answer(small, "sources", meeting=FIRST)
    starts = [row[1:6] for row in rows if row[0] == "sg:start"]
    assert starts == [
        ["2030-05-06", "Daily One", "2030-05-08", "true", "true"],
        ["2030-05-05", "Daily Two", "2030-05-09", "false", "true"],
    ]
    people = [row[1:3] for row in rows if row[0] == "sg:participation"]
    assert people == [
        ["A. Jónsdóttir", "Daily One"],
        ["Bjørn Hansen", "Daily One"],
        ["Anna Jonsdottir", "Daily Two"],
    ]
    assert [row[1] for row in rows if row[0] == "sg:announces"] == ["next round, no. 2, Oslo, 2031"]
    assert {row[6] for row in rows} == {"https://one.example/first", "https://two.example/first"}


def test_disputes(small, answer):
    assert answer(small, "disputes") == [
        [FIRST, "sg:start", "2030-05-06", "true", "Daily One"],
        [FIRST, "sg:start", "2030-05-05", "false", "Daily Two"],
    ]
    assert answer(small, "disputes", dialogue="nordic-three") == []


def test_topics(small, answer):
    assert answer(small, "topics") == [
        ["arms-control", "arms control", "3", "2", "2029", "2030"],
        ["missile-defence", "missile defence", "2", "1", "2030", "2031"],
    ]
    assert answer(small, "topics", party="ISL", until="2030-05") == [
        ["arms-control", "arms control", "2", "2", "2029", "2030"],
        ["missile-defence", "missile defence", "1", "1", "2030", "2030"],
    ]


def test_topics_by_year(small, answer):
    assert answer(small, "topics-by-year") == [
        ["2029", "arms-control", "arms control", "1"],
        ["2030", "arms-control", "arms control", "1"],
        ["2030", "missile-defence", "missile defence", "1"],
        ["2031", "missile-defence", "missile defence", "1"],
    ]
    assert answer(small, "topics-by-year", topic="arms-control", since="2030") == [
        ["2030", "arms control", "1"]
    ]


def test_places(small, answer):
    assert answer(small, "places") == [
        ["oslo", "Oslo", "NOR", "2", "2031", "2031"],
        ["reykjavik", "Reykjavik", "ISL", "1", "2030", "2030"],
        ["stockholm", "Stockholm", "SWE", "1", "2029", "2029"],
    ]
    assert answer(small, "places", party="NOR", **{"with": "SWE"}, topic="arms-control", since="2029") == [
        ["stockholm", "Stockholm", "SWE", "1", "2029", "2029"]
    ]


def test_who_discussed_what_where(small, answer):
    assert answer(small, "who-discussed-what-where", party="NOR") == [
        ["arms-control", "oslo", "1", "", ""],
        ["arms-control", "reykjavik", "1", "2030", "2030"],
        ["arms-control", "stockholm", "1", "2029", "2029"],
        ["missile-defence", "oslo", "1", "2031", "2031"],
        ["missile-defence", "reykjavik", "1", "2030", "2030"],
    ]
    assert answer(small, "who-discussed-what-where", party="SWE", topic="arms-control", place="oslo") == [
        ["1", "", ""]
    ]


def test_next_rounds(small, answer):
    """The second round was held as the first announced it; the third is only planned yet."""
    assert answer(small, "next-rounds") == [[SECOND, "2031-03-01", "3", "2032", "", "0"]]
    assert answer(small, "next-rounds", party="SWE") == []


def test_dialogues(small, answer):
    assert answer(small, "dialogues") == [
        ["isl-nor-arctic", "Iceland–Norway Arctic Consultations", "2", "2030", "2031"],
        ["nordic-three", "Nordic Trilateral Talks", "2", "2029", "2029"],
    ]
    assert answer(small, "dialogues", official="carl-berg") == [
        ["nordic-three", "Nordic Trilateral Talks", "1", "2029", "2029"]
    ]


def test_official_career(small, answer):
    assert answer(small, "official-career", official="anna-jonsdottir") == [
        ["Anna Jónsdóttir", "ISL", "", "", "", "1", "2029", "2029"],
        ["Anna Jónsdóttir", "ISL", "director", "Director", "", "1", "2030", "2030"],
        ["Anna Jónsdóttir", "ISL", "envoy", "Ambassador", "", "1", "2031", "2031"],
    ]
    assert answer(small, "official-career", party="SWE") == [
        ["carl-berg", "Carl Berg", "SWE", "", "", "", "1", "2029", "2029"]
    ]


def test_participants(small, answer):
    assert answer(small, "participants", meeting=OF_2029) == [
        ["SWE", "Carl Berg", "head", "", "Daily Two"],
        ["ISL", "Anna Jónsdóttir", "member", "", "Daily Two"],
    ]


def test_reports(small, answer):
    assert answer(small, "reports", meeting=FIRST) == [
        ["Daily One", "other", "2030-05-08", "en", "", "https://one.example/first"],
        ["Daily Two", "other", "2030-05-09", "en", "", "https://two.example/first"],
    ]
    assert [row[1] for row in answer(small, "reports", dialogue="nordic-three")] == ["Daily Two"] * 3


def test_counts(small, answer):
    assert dict(answer(small, "counts"))["meetings held"] == "4"
    assert dict(answer(small, "counts"))["meetings"] == "6"


# ── Answers on the Consultative Group of Pakistan and Russia, read off data/reports/pak-rus-cgss.trig ─────────────


def test_heads_of_the_consultative_group(kg, answer):
    rows = answer(kg, "delegation-heads", dialogue="pak-rus-cgss", until="2025")
    assert [(row[0][-2:], *row[1:4]) for row in rows] == [
        ("-6", "2011-01-24", "PAK", "Munawar Saeed Bhatti"),
        ("-6", "2011-01-24", "RUS", "Sergey Ryabkov"),
        ("12", "2018-03-02", "PAK", "Tasnim Aslam"),
        ("12", "2018-03-02", "RUS", "Sergey Ryabkov"),
        ("13", "2019-03-28", "PAK", "Tehmina Janjua"),
        ("13", "2019-03-28", "RUS", "Sergey Ryabkov"),
        ("14", "2024-02-07", "PAK", "Mohammad Kamran Akhtar"),
        ("14", "2024-02-07", "RUS", "Sergey Ryabkov"),
        ("15", "2025-04-16", "PAK", "Tahir Hussain Andrabi"),
        ("15", "2025-04-16", "RUS", "Sergey Ryabkov"),
    ]
    assert rows[4][4] == "Foreign Secretary"
    assert rows[4][5] == "China Radio International; Dawn; The Nation (Pakistan)"


def test_dispute_over_the_day_of_the_14th_round(kg, answer):
    assert answer(kg, "disputes", meeting="pak-rus-cgss-14") == [
        ["sg:end", "2024-02-07", "true", "Pakistan Point News"],
        ["sg:end", "2024-02-08", "false", "The Nation (Pakistan)"],
        ["sg:start", "2024-02-07", "true", "Pakistan Point News"],
        ["sg:start", "2024-02-08", "false", "The Nation (Pakistan)"],
    ]  # fmt: skip


def test_places_of_the_consultative_group(kg, answer):
    assert answer(kg, "places", dialogue="pak-rus-cgss", until="2025") == [
        ["islamabad", "Islamabad", "PAK", "4", "2011", "2025"],
        ["moscow", "Moscow", "RUS", "1", "2024", "2024"],
    ]


def test_15th_round_fulfils_what_the_14th_announced(kg):
    assert kg.query(
        "ASK { meeting:pak-rus-cgss-15 sg:fulfils outcome:pak-rus-cgss-14/next }".replace("14/", r"14\/")
    )
    announcing = kg.ask("next-rounds", dialogue="pak-rus-cgss").column("meeting")
    assert "pak-rus-cgss-14" not in announcing


def test_claims_of_a_report_are_those_of_no_other(kg):
    said = kg.ask("claims", report="the-nation-2024-02-09-cgss-14").to_dicts()
    values = {(row["property"], row["said"]) for row in said}
    assert ("sg:start", "2024-02-08") in values
    assert ("sg:start", "2024-02-07") not in values
    assert ("sg:topicPhrase", "regional stability challenges") in values


def test_sourcing(small, answer):
    assert answer(small, "sourcing") == [
        ["meetings with two independent publishers or more", "1", "6", "17"],
        ["meetings held with a date", "3", "4", "75"],
        ["bilateral meetings held with heads", "2", "2", "100"],
        ["meetings held with topics", "4", "4", "100"],
        ["dialogues with three meetings or more", "2", "2", "100"],
        ["reports with a date", "6", "7", "86"],
        ["reports that copy another", "0", "7", "0"],
        ["reports in English", "6", "7", "86"],
        ["meetings held of which reports disagree", "1", "4", "25"],
    ]


def test_gaps(small, answer):
    arctic, nordic, undated = "isl-nor-arctic", "nordic-three", "nordic-three-undated"
    # The round that the second one announced for 2032 is due once that year has passed; nobody had announced a third
    # round of the trilateral talks, and in them nobody expects two sides with a head each.
    assert answer(small, "gaps", on="2033-01-01") == [
        ["4", "announced round", arctic, SECOND, "", "3", "2031-03-01"],
        ["4", "date", nordic, undated, "", "", ""],
        ["1", "second publisher", arctic, SECOND, "", "", "2031-03-01"],
        ["1", "second publisher", nordic, OF_2029, "", "", "2029-09"],
        ["1", "second publisher", nordic, undated, "", "", ""],
    ]
    assert [row[1] for row in answer(small, "gaps", on="2032-12-31", dialogue=arctic)] == ["second publisher"]


def test_gaps_in_a_numbered_series(kg, answer):
    rows = answer(kg, "gaps", dialogue="pak-rus-cgss", on="2026-11-01")
    known = {int(row["ordinal"].value) for row in kg.query(
        "SELECT ?ordinal { ?m sg:partOf dialogue:pak-rus-cgss ; sg:ordinal ?ordinal }"
    )}  # fmt: skip
    numbers = [int(row[4]) for row in rows if row[1] == "round"]
    assert numbers == [number for number in range(1, max(known)) if number not in known]
