"""What named queries answer on the invented talks of talks.yaml, worked out by hand.

In short, with the topics (ac arms control; nac, narrower, nuclear arms control; sac, narrower still, strategic arms
control; md missile defence):

======================= ============================= ============ ==================================================
dialogue                meeting                       parties      what it is for
======================= ============================= ============ ==================================================
isl-nor-talks           talks-1  2030-05-06 Reykjavik ISL NOR      ac md; three reports, one of them a copy
                        talks-2  2031-03-01 Oslo      ISL NOR      md nac; two reports, one a copy of the other
                        talks-3  2032-02    Oslo      ISL NOR      ac; only a month, one side without a head
                        talks-4  2032-06-01 by video  ISL NOR      sac md; with talks-4-experts (2032-06-03) inside
                        talks-5, talks-6              ISL NOR      cancelled, planned
nordic-three            nordic-2029 2029-09 Stockholm ISL NOR SWE  ac; a chair who represents nobody
                        nordic-2030-morning, -evening ISL NOR SWE  nac, md: on one day, that of talks-1; one absent
                        nordic-2031   2031  Oslo      NOR SWE      ac; only a year
                        nordic-undated      Oslo      NOR SWE      ac sac
sun-swe-talks           soviet-1 2025-01-10 Moscow    SUN SWE      ac, summit
                        soviet-2 2025-06-10 Moscow    SUN SWE      nac, summit; only its end is told, and no country
                        soviet-3 2026-01-10 Geneva    SUN SWE      ac
rus-swe-talks           russian-1 2027-01-10 Moscow   RUS SWE
                        russian-2 2029-01-10 Stockh.  RUS SWE
csk-eu-talks            prague-1 2026-03-03 Prague    CSK EUU      md; no country told
                        prague-2 2027-03-03 Brussels  CSK EUU
======================= ============================= ============ ==================================================
"""

from __future__ import annotations

import pytest

# ── Meetings and dialogues ─────────────────────────────────────────────────────────────────────────────────


def test_date_of_a_meeting_of_which_only_the_end_is_told(talks, answer):
    assert [row[2] for row in answer(talks, "meetings", dialogue="sun-swe-talks")] == [
        "2025-01-10",
        "2025-06-10",
        "2026-01-10",
    ]


def test_dialogues(talks, answer):
    assert answer(talks, "dialogues") == [
        # The cancelled and the planned round are not counted, the sitting of experts is.
        ["isl-nor-talks", "Iceland–Norway Talks", "5", "2030", "2032"],
        ["nordic-three", "Nordic Trilateral", "5", "2029", "2031"],
        ["sun-swe-talks", "Soviet–Swedish Talks", "3", "2025", "2026"],
        ["csk-eu-talks", "Czechoslovakia–EU Talks", "2", "2026", "2027"],
        ["rus-swe-talks", "Russian–Swedish Talks", "2", "2027", "2029"],
    ]
    assert answer(talks, "dialogues", status="any", party="ISL")[0][2:] == ["7", "2030", "2034"]
    assert answer(talks, "dialogues", status="cancelled") == [
        ["isl-nor-talks", "Iceland–Norway Talks", "1", "2033", "2033"]
    ]


def test_coverage(talks, answer):
    assert [row[:1] + row[2:] for row in answer(talks, "coverage")] == [
        ["csk-eu-talks", "2026", "1", "1"],
        ["csk-eu-talks", "2027", "1", "1"],
        ["isl-nor-talks", "2030", "1", "3"],
        ["isl-nor-talks", "2031", "1", "2"],
        ["isl-nor-talks", "2032", "3", "3"],
        ["nordic-three", "2029", "1", "1"],
        ["nordic-three", "2030", "2", "2"],
        ["nordic-three", "2031", "1", "1"],
        ["rus-swe-talks", "2027", "1", "1"],
        ["rus-swe-talks", "2029", "1", "1"],
        ["sun-swe-talks", "2025", "2", "2"],
        ["sun-swe-talks", "2026", "1", "1"],
    ]
    assert answer(talks, "coverage", dialogue="isl-nor-talks", since="2033", status="any") == [
        ["Iceland–Norway Talks", "2033", "1", "1"],
        ["Iceland–Norway Talks", "2034", "1", "1"],
    ]


def test_level_over_time(talks, answer):
    assert answer(talks, "level-over-time") == [
        # year, summit, ministerial, senior officials, experts, not stated, in all; in 2028 nobody met
        ["2025", "2", "0", "0", "0", "0", "2"],
        ["2026", "0", "1", "0", "0", "1", "2"],
        ["2027", "0", "0", "0", "0", "2", "2"],
        ["2029", "0", "1", "0", "0", "1", "2"],
        ["2030", "0", "0", "1", "0", "2", "3"],
        ["2031", "0", "0", "1", "0", "1", "2"],
        ["2032", "0", "0", "1", "2", "0", "3"],
    ]
    assert answer(talks, "level-over-time", level="expert") == [["2032", "0", "0", "0", "2", "0", "2"]]


def test_gaps_between_rounds(talks, answer):
    assert answer(talks, "dialogue-rhythm") == [
        ["csk-eu-talks", "prague-2", "2027-03-03", "2026-03-03", "365"],
        ["isl-nor-talks", "talks-2", "2031-03-01", "2030-05-06", "299"],
        # Of February 2032 the first day counts: 337 days after 1 March, in a leap year 121 before 1 June.
        ["isl-nor-talks", "talks-3", "2032-02", "2031-03-01", "337"],
        # The experts who sat during the 4th round were no round of their own, two days after it began.
        ["isl-nor-talks", "talks-4", "2032-06-01", "2032-02", "121"],
        # Two on one day: both follow the meeting of 2029, neither the other.
        ["nordic-three", "nordic-2030-evening", "2030-05-06", "2029-09", "247"],
        ["nordic-three", "nordic-2030-morning", "2030-05-06", "2029-09", "247"],
        # Two before it on one day: one row.
        ["nordic-three", "nordic-2031", "2031", "2030-05-06", "240"],
        ["rus-swe-talks", "russian-2", "2029-01-10", "2027-01-10", "731"],
        ["sun-swe-talks", "soviet-2", "2025-06-10", "2025-01-10", "151"],
        ["sun-swe-talks", "soviet-3", "2026-01-10", "2025-06-10", "214"],
    ]


def test_gap_before_the_first_round_that_passes_the_filters(talks, answer):
    """A filter chooses rounds; the round before is that of the dialogue all the same."""
    assert answer(talks, "dialogue-rhythm", dialogue="isl-nor-talks", since="2032-05") == [
        ["talks-4", "2032-06-01", "2032-02", "121"]
    ]
    # 2032-06-01 to 2033-04-10: 313 days; to 2034-05-01: 699. What was not held is before nothing.
    assert answer(talks, "dialogue-rhythm", dialogue="isl-nor-talks", since="2033", status="any") == [
        ["talks-5", "2033-04-10", "2032-06-01", "313"],
        ["talks-6", "2034-05", "2032-06-01", "699"],
    ]


def test_dialogues_that_have_fallen_silent(talks, answer):
    # Gaps of 151 and 214 days: 182.5 on average, rounded up. 366 days are twice that, and not more.
    assert answer(talks, "lapsed-dialogues", on="2027-01-11") == []
    silent = ["sun-swe-talks", "Soviet–Swedish Talks", "3", "2026-01-10", "183"]
    assert answer(talks, "lapsed-dialogues", on="2027-01-12") == [[*silent, "367", "2"]]
    # On the day of the last round there is no silence, and before it that round is not known: two make no rhythm.
    assert answer(talks, "lapsed-dialogues", on="2026-01-10", factor="0") == []
    assert answer(talks, "lapsed-dialogues", on="2026-01-09", factor="0") == []
    assert answer(talks, "lapsed-dialogues", on="2026-01-11", factor="0") == [[*silent, "1", "0"]]


def test_factor_of_silence(talks, answer):
    assert answer(talks, "lapsed-dialogues", on="2033", factor="0.5") == [
        ["sun-swe-talks", "Soviet–Swedish Talks", "3", "2026-01-10", "183", "2548", "13.9"],
        # Two meetings on one day are one round; of 2031 the first day counts: (247 + 240) / 2 = 243.5.
        ["nordic-three", "Nordic Trilateral", "3", "2031-01-01", "244", "731", "3"],
        # Without the experts four rounds, (299 + 337 + 121) / 3 = 252.3; 214 days are 0.849 times that.
        ["isl-nor-talks", "Iceland–Norway Talks", "4", "2032-06-01", "252", "214", "0.8"],
    ]
    assert [row[0] for row in answer(talks, "lapsed-dialogues", on="2033", factor="0.9")] == [
        "sun-swe-talks",
        "nordic-three",
    ]
    assert answer(talks, "lapsed-dialogues", on="2033", party="RUS") == []


# ── Announcements ──────────────────────────────────────────────────────────────────────────────────────────

PROMISES = [
    # announced by, number, when, where, fulfilled by, held on, held in, verdict
    # Without a number, in its time: the first of two on that day is named. In Reykjavik instead of Oslo.
    ["nordic-2029", "", "2030", "Oslo", "nordic-2030-evening", "2030-05-06", "Reykjavik", "moved"],
    # Without a number, not in its time: made good by the next round, late.
    ["nordic-2030-morning", "", "2030-10", "", "nordic-2031", "2031", "Oslo", "late"],
    ["talks-1", "2", "2031", "Oslo", "talks-2", "2031-03-01", "Oslo", "kept"],
    # Without a time nothing is ever late. Sweden bears no label here.
    ["nordic-2031", "", "", "SWE", "", "", "", "open"],
    ["talks-2", "3", "2031-09", "Reykjavik", "talks-3", "2032-02", "Oslo", "late and moved"],
    # Before its year, and by video: nobody moved anywhere.
    ["talks-3", "4", "2033", "Norway", "talks-4", "2032-06-01", "", "kept"],
    # The 5th was cancelled.
    ["talks-4", "5", "2033-04", "", "", "", "", "never"],
    ["nordic-undated", "", "2035", "", "", "", "", "open"],
]


def test_promises(talks, answer):
    assert answer(talks, "promises", on="2034-01-01") == PROMISES
    assert answer(talks, "promises", on="2034-01-01", party="SWE") == [
        row for row in PROMISES if row[0].startswith("nordic")
    ]


def test_promises_are_judged_by_what_was_known_on_a_day(talks, answer):
    verdicts = {
        "2030-05-31": {"nordic-2029": "moved", "nordic-2030-morning": "open", "talks-1": "open"},
        "2030-11-01": {"nordic-2029": "moved", "nordic-2030-morning": "never", "talks-1": "open"},
        "2033-04-30": {"talks-3": "kept", "talks-4": "open"},
        "2033-05-01": {"talks-3": "kept", "talks-4": "never"},
        "2035-12-31": {"nordic-undated": "open", "nordic-2031": "open"},
        "2036-01-01": {"nordic-undated": "never", "nordic-2031": "open"},
    }
    for day, expected in verdicts.items():
        found = {row[0]: row[-1] for row in answer(talks, "promises", on=day)}
        assert found.items() >= expected.items(), day
    # What had not been announced by then is not there.
    assert [row[0] for row in answer(talks, "promises", on="2030-05-05")] == ["nordic-2029", "nordic-undated"]


def test_next_rounds(talks, answer):
    assert answer(talks, "next-rounds") == [
        ["talks-4", "2032-06-01", "5", "2033-04", "", "0"],
        ["nordic-2031", "2031", "", "", "SWE", "0"],
        # Not in its time, so it still stands; one meeting has been held since.
        ["nordic-2030-morning", "2030-05-06", "", "2030-10", "", "1"],
        ["nordic-undated", "", "", "2035", "", "0"],
    ]


# ── Topics ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_topics_with_a_narrower_one_as_filter(talks, answer):
    assert answer(talks, "topics") == [
        ["arms-control", "arms control", "7", "3", "2025", "2032"],
        ["missile-defence", "missile defence", "5", "3", "2026", "2032"],
        ["nuclear-arms-control", "nuclear arms control", "3", "3", "2025", "2031"],
        ["strategic-arms-control", "strategic arms control", "2", "2", "2032", "2032"],
        ["outer-space-security", "outer space security", "1", "1", "2032", "2032"],
    ]
    assert (
        len(answer(talks, "meetings", topic="arms-control")) == 7 + 3 + 2 - 1
    )  # the undated one took up two
    assert len(answer(talks, "meetings", topic="nuclear-arms-control")) == 3 + 2


def test_topic_trend(talks, answer):
    assert answer(talks, "topic-trend", topic="arms-control") == [
        # year, meetings (nac and sac are narrower), dialogues, of, percent
        ["2025", "2", "1", "2", "100"],
        ["2026", "1", "1", "2", "50"],
        ["2027", "0", "0", "2", "0"],
        ["2029", "1", "1", "2", "50"],
        ["2030", "2", "2", "3", "67"],
        ["2031", "2", "2", "2", "100"],
        ["2032", "2", "1", "3", "67"],
    ]
    assert answer(talks, "topic-trend", topic="strategic-arms-control", party="NOR", status="any") == [
        ["2029", "0", "0", "1", "0"],
        ["2030", "0", "0", "3", "0"],
        ["2031", "0", "0", "2", "0"],
        ["2032", "1", "1", "3", "33"],
        ["2033", "0", "0", "1", "0"],
        ["2034", "0", "0", "1", "0"],
    ]


def test_first_mention(talks, answer):
    assert [row[:1] + row[2:] for row in answer(talks, "first-mention")] == [
        # Seven meetings took up arms control; that one of them bears no date does not matter.
        ["arms-control", "2025-01-10", "soviet-1", "Moscow", "7"],
        ["nuclear-arms-control", "2025-06-10", "soviet-2", "Moscow", "3"],
        ["missile-defence", "2026-03-03", "prague-1", "Prague", "5"],
        ["strategic-arms-control", "2032-06-01", "talks-4", "", "2"],
        ["outer-space-security", "2032-06-03", "talks-4-experts", "", "1"],
    ]


def test_two_meetings_that_mention_a_topic_first_on_one_day(talks, answer):
    assert answer(talks, "first-mention", topic="missile-defence", since="2030") == [
        ["missile defence", "2030-05-06", "nordic-2030-evening", "Reykjavik", "4"],
        ["missile defence", "2030-05-06", "talks-1", "Reykjavik", "4"],
    ]
    # Filters choose the meetings among which the first is looked for; one without a date is never the first.
    assert answer(talks, "first-mention", topic="strategic-arms-control", dialogue="nordic-three") == []


def test_new_topics(talks, answer):
    assert [row[:4] for row in answer(talks, "new-topics")] == [
        ["isl-nor-talks", "talks-2", "2031-03-01", "nuclear-arms-control"],
        # Taken up by its experts.
        ["isl-nor-talks", "talks-4", "2032-06-01", "outer-space-security"],
        ["isl-nor-talks", "talks-4", "2032-06-01", "strategic-arms-control"],
        ["nordic-three", "nordic-2030-evening", "2030-05-06", "missile-defence"],
        ["nordic-three", "nordic-2030-morning", "2030-05-06", "nuclear-arms-control"],
        ["sun-swe-talks", "soviet-2", "2025-06-10", "nuclear-arms-control"],
    ]
    assert answer(talks, "new-topics", meeting="talks-2") == [
        ["isl-nor-talks", "2031-03-01", "nuclear-arms-control", "nuclear arms control"]
    ]
    assert answer(talks, "new-topics", dialogue="isl-nor-talks", since="2033", status="any") == []


def test_dropped_topics(talks, answer):
    assert [[*row[:4], row[5]] for row in answer(talks, "dropped-topics")] == [
        ["isl-nor-talks", "talks-2", "2031-03-01", "arms-control", "true"],
        ["isl-nor-talks", "talks-3", "2032-02", "missile-defence", "true"],
        ["isl-nor-talks", "talks-3", "2032-02", "nuclear-arms-control", "false"],
        # The cancelled round, for all its agenda, did not come back to it.
        ["isl-nor-talks", "talks-4", "2032-06-01", "arms-control", "false"],
        # Both of the day after one round; what the other took up on the same day is not dropped.
        ["nordic-three", "nordic-2030-evening", "2030-05-06", "arms-control", "true"],
        ["nordic-three", "nordic-2030-morning", "2030-05-06", "arms-control", "true"],
        ["nordic-three", "nordic-2031", "2031", "missile-defence", "false"],
        ["nordic-three", "nordic-2031", "2031", "nuclear-arms-control", "false"],
        ["sun-swe-talks", "soviet-2", "2025-06-10", "arms-control", "true"],
        ["sun-swe-talks", "soviet-3", "2026-01-10", "nuclear-arms-control", "false"],
    ]
    assert [row[2] for row in answer(talks, "dropped-topics", meeting="talks-3", party="NOR")] == [
        "missile-defence",
        "nuclear-arms-control",
    ]


def test_co_topics(talks, answer):
    assert [row[:2] + row[3:] for row in answer(talks, "co-topics")] == [
        # Shares of 7, 5, 3 and 2 meetings.
        ["arms-control", "missile-defence", "1", "14"],
        ["arms-control", "strategic-arms-control", "1", "14"],
        ["missile-defence", "arms-control", "1", "20"],
        ["missile-defence", "nuclear-arms-control", "1", "20"],
        ["missile-defence", "strategic-arms-control", "1", "20"],
        ["nuclear-arms-control", "missile-defence", "1", "33"],
        ["strategic-arms-control", "arms-control", "1", "50"],
        ["strategic-arms-control", "missile-defence", "1", "50"],
    ]
    # Iceland and Norway took up missile defence at three rounds; with Sweden there were four: 1 of 4 meetings.
    assert answer(talks, "co-topics", topic="missile-defence", party="NOR") == [
        ["arms-control", "arms control", "1", "25"],
        ["nuclear-arms-control", "nuclear arms control", "1", "25"],
        ["strategic-arms-control", "strategic arms control", "1", "25"],
    ]


def test_half_a_percent_is_rounded_up(talks, answer):
    """With the cancelled round eight meetings are about arms control: 12.5 percent each."""
    rows = answer(talks, "co-topics", topic="arms-control", status="any")
    assert [row[-1] for row in rows] == ["13", "13"]


def test_institutions_and_instruments_discussed(talks, answer):
    assert answer(talks, "institutions-discussed") == [
        ["NATO", "North Atlantic Treaty Organization", "3", "2", "2030", "2031"]
    ]
    assert answer(talks, "institutions-discussed", institution="NATO", party="SWE") == [
        ["North Atlantic Treaty Organization", "1", "1", "2031", "2031"]
    ]
    assert answer(talks, "instruments-discussed") == [
        ["new-start", "New START", "1", "1", "2030", "2030"],
        ["open-skies", "Treaty on Open Skies", "1", "1", "2029", "2029"],
    ]
    assert answer(talks, "instruments-discussed", instrument="Open Skies Treaty", party="RUS") == []


def test_bridges(talks, answer):
    topics = [
        ["topic", "arms-control", "arms control", "3", "7"],
        ["topic", "missile-defence", "missile defence", "3", "5"],
        ["topic", "nuclear-arms-control", "nuclear arms control", "3", "3"],
        ["topic", "strategic-arms-control", "strategic arms control", "2", "2"],
    ]
    officials = [
        ["official", "anna-jonsdottir", "Anna Jónsdóttir", "2", "6"],
        ["official", "carl-berg", "Carl Berg", "2", "4"],
        # Dora Lie stayed away from the second dialogue.
        ["official", "ivan-petrov", "Ivan Petrov", "2", "3"],
    ]
    assert answer(talks, "bridges") == [*topics[:3], *officials, topics[3]]
    assert answer(talks, "bridges", among="official") == officials
    assert answer(talks, "bridges", among="topic") == topics
    assert answer(talks, "bridges", among="topic", party="SWE") == [
        ["topic", "arms-control", "arms control", "2", "5"],
        ["topic", "nuclear-arms-control", "nuclear arms control", "2", "2"],
    ]


# ── Parties ────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_met_whom(talks, answer):
    assert answer(talks, "party-pairs") == [
        # of the eight, three were with Sweden
        ["ISL", "NOR", "Norway", "8", "5", "2", "2029", "2032"],
        ["NOR", "ISL", "Iceland", "8", "5", "2", "2029", "2032"],
        # a state without a label is a party all the same
        ["NOR", "SWE", "", "5", "2", "1", "2029", "2031"],
        ["SWE", "NOR", "Norway", "5", "2", "1", "2029", "2031"],
        ["ISL", "SWE", "", "3", "0", "1", "2029", "2030"],
        ["SUN", "SWE", "", "3", "3", "1", "2025", "2026"],
        ["SWE", "ISL", "Iceland", "3", "0", "1", "2029", "2030"],
        ["SWE", "SUN", "Soviet Union", "3", "3", "1", "2025", "2026"],
        ["EUU", "CSK", "Czechoslovakia", "2", "2", "1", "2026", "2027"],
        ["CSK", "EUU", "European Union", "2", "2", "1", "2026", "2027"],
        ["RUS", "SWE", "", "2", "2", "1", "2027", "2029"],
        ["SWE", "RUS", "Russia", "2", "2", "1", "2027", "2029"],
    ]
    assert answer(talks, "party-pairs", party="SWE", **{"with": "NOR"}, topic="arms-control") == [
        ["Norway", "4", "2", "1", "2029", "2031"]
    ]


def test_on_whose_ground(talks, answer):
    assert answer(talks, "hosts-balance") == [
        # Prague was Czechoslovak ground; an institution is at home nowhere, not in Brussels either.
        ["EUU", "CSK", "away", "CSK", "1", "2026", "2026"],
        ["EUU", "CSK", "neutral", "BEL", "1", "2027", "2027"],
        ["CSK", "EUU", "at home", "CSK", "1", "2026", "2026"],
        ["CSK", "EUU", "neutral", "BEL", "1", "2027", "2027"],
        ["ISL", "NOR", "away", "NOR", "2", "2031", "2032"],
        ["ISL", "NOR", "by video", "", "2", "2032", "2032"],
        ["ISL", "NOR", "at home", "ISL", "1", "2030", "2030"],
        ["NOR", "ISL", "at home", "NOR", "2", "2031", "2032"],
        ["NOR", "ISL", "by video", "", "2", "2032", "2032"],
        ["NOR", "ISL", "away", "ISL", "1", "2030", "2030"],
        # without Iceland, once without a date
        ["NOR", "SWE", "at home", "NOR", "2", "2031", "2031"],
        ["RUS", "SWE", "at home", "RUS", "1", "2027", "2027"],
        ["RUS", "SWE", "away", "SWE", "1", "2029", "2029"],
        # Moscow, whether the report calls the country Soviet or the gazetteer Russian
        ["SUN", "SWE", "at home", "SUN", "2", "2025", "2025"],
        ["SUN", "SWE", "neutral", "CHE", "1", "2026", "2026"],
        ["SWE", "NOR", "away", "NOR", "2", "2031", "2031"],
        ["SWE", "RUS", "at home", "SWE", "1", "2029", "2029"],
        ["SWE", "RUS", "away", "RUS", "1", "2027", "2027"],
        ["SWE", "SUN", "away", "SUN", "2", "2025", "2025"],
        ["SWE", "SUN", "neutral", "CHE", "1", "2026", "2026"],
    ]
    assert answer(talks, "hosts-balance", party="ISL", **{"with": "NOR"}, status="any", since="2033") == [
        ["at home", "ISL", "1", "2034", "2034"],
        ["away", "NOR", "1", "2033", "2033"],
    ]


DYADS = [
    # one, other, their codes, year: meetings, alone, summit, ministerial, senior, expert, topics, officials
    ["EUU", "CSK", "", "315", "2026", "1", "1", "0", "1", "0", "0", "1", "0"],
    ["EUU", "CSK", "", "315", "2027", "1", "1", "0", "0", "0", "0", "0", "0"],  # it ended: no zeros after
    # Anna for Iceland; Carl took part for Sweden, the chair for nobody.
    ["ISL", "NOR", "395", "385", "2029", "1", "0", "0", "1", "0", "0", "1", "1"],
    # talks-1 and the two with Sweden; Anna at two of them, Bjørn; Dora stayed away.
    ["ISL", "NOR", "395", "385", "2030", "3", "1", "0", "0", "1", "0", "3", "2"],
    ["ISL", "NOR", "395", "385", "2031", "1", "1", "0", "0", "1", "0", "2", "2"],
    ["ISL", "NOR", "395", "385", "2032", "3", "3", "0", "0", "1", "2", "4", "2"],
    ["ISL", "SWE", "395", "", "2029", "1", "0", "0", "1", "0", "0", "1", "2"],
    ["ISL", "SWE", "395", "", "2030", "2", "0", "0", "0", "0", "0", "2", "2"],
    ["ISL", "SWE", "395", "", "2031", "0", "0", "0", "0", "0", "0", "0", "0"],
    ["ISL", "SWE", "395", "", "2032", "0", "0", "0", "0", "0", "0", "0", "0"],
    ["NOR", "SWE", "385", "", "2029", "1", "0", "0", "1", "0", "0", "1", "1"],
    ["NOR", "SWE", "385", "", "2030", "2", "0", "0", "0", "0", "0", "2", "1"],
    ["NOR", "SWE", "385", "", "2031", "1", "1", "0", "0", "0", "0", "1", "0"],  # nor the one without a date
    ["NOR", "SWE", "385", "", "2032", "0", "0", "0", "0", "0", "0", "0", "0"],
    ["RUS", "SWE", "365", "", "2027", "1", "1", "0", "0", "0", "0", "0", "1"],
    ["RUS", "SWE", "365", "", "2028", "0", "0", "0", "0", "0", "0", "0", "0"],  # a year in which nobody met
    ["RUS", "SWE", "365", "", "2029", "1", "1", "0", "0", "0", "0", "0", "0"],
    *(["RUS", "SWE", "365", "", str(year), *["0"] * 8] for year in (2030, 2031, 2032)),
    ["SUN", "SWE", "365", "", "2025", "2", "2", "2", "0", "0", "0", "2", "2"],
    ["SUN", "SWE", "365", "", "2026", "1", "1", "0", "0", "0", "0", "1", "0"],
]


def test_dyads(talks, answer):
    assert answer(talks, "dyads") == DYADS


@pytest.mark.parametrize(
    ("asked", "pairs"),
    [
        ({"party": "RUS"}, {("RUS", "SWE")}),
        ({"party": "SWE", "with": "NOR"}, {("NOR", "SWE")}),
        ({"party": "NOR", "with": "SWE"}, {("NOR", "SWE")}),
        ({"party": "EUU"}, {("EUU", "CSK")}),
        ({"party": "RUS", "with": "SUN"}, set()),
    ],
)
def test_dyads_of_a_party_are_its_rows_of_the_whole(talks, answer, asked, pairs):
    assert answer(talks, "dyads", **asked) == [row for row in DYADS if tuple(row[:2]) in pairs]


def test_dyads_of_a_period_have_no_years_outside_of_it(talks, answer):
    within = [row for row in DYADS if "2030" <= row[4] <= "2031" and row[0] in {"ISL", "NOR"}]
    assert answer(talks, "dyads", since="2030", until="2031") == within
    # Russia met nobody in these years, and so is no pair of them.


def test_dyads_on_a_topic_fill_the_other_years_with_zeros(talks, answer):
    rows = answer(talks, "dyads", party="ISL", **{"with": "NOR"}, topic="strategic-arms-control")
    assert [row[4:] for row in rows] == [
        *([year, *["0"] * 8] for year in ("2029", "2030", "2031")),
        # talks-4: alone, senior officials, its two topics, its two heads
        ["2032", "1", "1", "0", "0", "1", "0", "2", "2"],
    ]


def test_dyads_of_any_status(talks, answer):
    rows = answer(talks, "dyads", party="ISL", **{"with": "NOR"}, status="any", since="2033")
    assert [row[4:7] for row in rows] == [["2033", "1", "1"], ["2034", "1", "1"]]
    rows = answer(talks, "dyads", party="ISL", status="cancelled", since="2032")
    assert [row[4:7] for row in rows] == [["2032", "0", "0"], ["2033", "1", "1"], ["2034", "0", "0"]]


# ── Officials and publishers ───────────────────────────────────────────────────────────────────────────────


def test_officials_who_faced_each_other(talks, answer):
    assert [[*row[:1], *row[2:4], *row[5:]] for row in answer(talks, "counterparts")] == [
        ["anna-jonsdottir", "ISL", "bjorn-hansen", "NOR", "2", "2030", "2031"],
        ["bjorn-hansen", "NOR", "anna-jonsdottir", "ISL", "2", "2030", "2031"],
        ["carl-berg", "SWE", "ivan-petrov", "SUN", "2", "2025", "2025"],
        ["ivan-petrov", "SUN", "carl-berg", "SWE", "2", "2025", "2025"],
        # Only heads: as a member Anna faced nobody in 2029. Ivan's visit for Russia met no head.
        ["anna-jonsdottir", "ISL", "carl-berg", "SWE", "1", "2030", "2030"],
        ["anna-jonsdottir", "ISL", "dora-lie", "NOR", "1", "2032", "2032"],
        ["carl-berg", "SWE", "anna-jonsdottir", "ISL", "1", "2030", "2030"],
        ["dora-lie", "NOR", "anna-jonsdottir", "ISL", "1", "2032", "2032"],
    ]


def test_counterparts_of_a_side(talks, answer):
    """Norway sat there too when Anna faced Carl, and is no side of theirs."""
    assert [row[1] for row in answer(talks, "counterparts", party="ISL", **{"with": "NOR"})] == [
        "Anna Jónsdóttir"
    ] * 2
    assert answer(talks, "counterparts", official="anna-jonsdottir", **{"with": "SWE"}) == [
        ["Anna Jónsdóttir", "ISL", "carl-berg", "Carl Berg", "SWE", "1", "2030", "2030"]
    ]


def test_official_career(talks, answer):
    assert [row[:1] + row[2:] for row in answer(talks, "official-career")] == [
        ["anna-jonsdottir", "ISL", "", "", "", "1", "2029", "2029"],
        ["anna-jonsdottir", "ISL", "director", "Director", "", "2", "2030", "2030"],
        ["anna-jonsdottir", "ISL", "envoy", "Ambassador", "", "3", "2031", "2032"],
        ["bjorn-hansen", "NOR", "director", "Director General", "", "1", "2030", "2030"],
        ["bjorn-hansen", "NOR", "deputy-minister", "State Secretary", "", "1", "2031", "2031"],
        ["carl-berg", "SWE", "head-of-state-or-government", "Premier", "", "2", "2025", "2025"],
        ["carl-berg", "SWE", "", "", "", "2", "2029", "2030"],
        # whoever stayed away did not appear
        ["dora-lie", "NOR", "", "", "", "1", "2032", "2032"],
        ["eva-chair", "", "", "", "", "1", "2029", "2029"],
        ["ivan-petrov", "SUN", "minister", "Minister", "", "2", "2025", "2025"],
        ["ivan-petrov", "RUS", "minister", "Minister", "", "1", "2027", "2027"],
    ]
    assert answer(talks, "official-career", official="ivan-petrov", party="RUS") == [
        ["Ivan Petrov", "RUS", "minister", "Minister", "", "1", "2027", "2027"]
    ]


def test_participants_name_those_who_stayed_away_as_such(talks, answer):
    assert [row[1:3] for row in answer(talks, "participants", meeting="nordic-2030-morning")] == [
        ["Dora Lie", "absent"],
        ["Anna Jónsdóttir", "head"],
        ["Carl Berg", "head"],
    ]
    assert answer(talks, "meetings", official="dora-lie")[0][0] == "talks-4"


def test_delegation_heads(talks, answer):
    rows = answer(talks, "delegation-heads", dialogue="isl-nor-talks")
    assert [row[:3] + row[4:6] for row in rows] == [
        # The copy of the second report names nobody.
        ["talks-1", "2030-05-06", "ISL", "Director", "Daily One; Ministry One"],
        ["talks-1", "2030-05-06", "NOR", "Director General", "Ministry One"],
        ["talks-2", "2031-03-01", "ISL", "Ambassador", "Daily One"],
        ["talks-2", "2031-03-01", "NOR", "State Secretary", "Daily One"],
        ["talks-3", "2032-02", "ISL", "Ambassador", "Daily One"],
        ["talks-4", "2032-06-01", "ISL", "Ambassador", "Daily One"],
        ["talks-4", "2032-06-01", "NOR", "", "Daily One"],
    ]
    # the party whose heads, and another that took part
    rows = answer(talks, "delegation-heads", party="SWE", **{"with": "ISL"})
    assert [row[0] for row in rows] == ["nordic-2029", "nordic-2030-morning"]


def test_who_reports(talks, answer):
    assert answer(talks, "publishers") == [
        ["wire-two", "Wire Two", "wire agency", "12", "12", "4", "12"],
        # Alone with all but the first round: that the Gazette reprints the second is no second voice.
        ["daily-one", "Daily One", "press", "7", "7", "1", "6"],
        ["gazette", "Gazette", "other", "2", "2", "1", "0"],
        ["ministry-one", "Ministry One", "official voice", "1", "1", "1", "0"],
    ]
    assert answer(talks, "publishers", status="cancelled") == [
        ["daily-one", "Daily One", "press", "1", "1", "1", "1"]
    ]


def test_disputes_are_with_everyone_who_says_so(talks, answer):
    """A copy is no second witness: one against one, and the ministry weighs more."""
    assert answer(talks, "disputes") == [
        ["talks-1", "sg:start", "2030-05-06", "true", "Ministry One"],
        ["talks-1", "sg:start", "2030-05-05", "false", "Daily One; Gazette"],
    ]


def test_reports(talks, answer):
    rows = answer(talks, "reports", meeting="talks-1")
    assert [row[:4] for row in rows] == [
        ["Ministry One", "official voice", "2030-05-07", "en"],
        ["Daily One", "press", "2030-05-08", "en"],
        ["Gazette", "other", "2030-05-09", "no"],
    ]


def test_places(talks, answer):
    assert answer(talks, "places") == [
        ["oslo", "Oslo", "NOR", "4", "2031", "2032"],
        ["moscow", "Moscow", "RUS", "3", "2025", "2027"],
        ["reykjavik", "Reykjavik", "ISL", "3", "2030", "2030"],
        ["stockholm", "Stockholm", "SWE", "2", "2029", "2029"],
        ["brussels", "Brussels", "BEL", "1", "2027", "2027"],
        ["geneva", "Geneva", "CHE", "1", "2026", "2026"],
        ["prague", "Prague", "CZE", "1", "2026", "2026"],
    ]


def test_counts(talks, answer):
    assert dict(answer(talks, "counts")) == {
        "dialogues": "5", "institutions": "2", "instruments": "2", "meetings": "19", "meetings held": "17",
        "officials": "6", "participations": "18", "places": "7", "publishers": "4", "reports": "22",
        "reports on instruments": "5",
        "states": "5",  # Sweden is not described
        "topics": "5",
    }  # fmt: skip


# ── Treaties and agreements ────────────────────────────────────────────────────────────────────────────────


def test_lives_of_treaties(talks, answer):
    assert answer(talks, "instruments") == [
        # label, adopted, signed, entered into force, suspended, ended, replaced by, amends
        ["arctic-accord", "Arctic Accord (invented)", "2033-12-12", "", "[2034-06-01..]", "", "", "", ""],
        # The ministry's day of signature is concluded; in force since a day of the month that it gives.
        ["nordic-treaty", "Nordic Treaty (invented)", "", "2028-03-01", "2029-05-10", "2032-06-01", "2034",
         "Arctic Accord (invented)", ""],
        ["polar-memorandum", "Polar Memorandum (invented)", "", "2031-02", "", "2032-08-15", "", "", ""],
        ["nordic-protocol", "Protocol to the Nordic Treaty (invented)", "", "2030", "2031~", "", "", "",
         "Nordic Treaty (invented)"],
    ]  # fmt: skip
    assert answer(talks, "instruments", instrument="New START") == []


IN_FORCE = {
    # On a day: the accord, New START (of which no report tells), the treaty, its protocol, the memorandum. Nothing is
    # in force before it is signed or adopted.
    "2029-05-09": ["not yet in force", "unknown", "not yet in force", "not yet in force", "not yet in force"],
    "2029-05-10": ["not yet in force", "unknown", "in force", "not yet in force", "not yet in force"],
    # "About 2031" is all that is told of the protocol; the memorandum was signed some day in February, and was in force
    # before it was suspended, but who knows since when?
    "2031-01-31": ["not yet in force", "unknown", "in force", "unknown", "not yet in force"],
    "2031-02-01": ["not yet in force", "unknown", "in force", "unknown", "unknown"],
    "2032-05-31": ["not yet in force", "unknown", "in force", "in force", "unknown"],
    "2032-06-01": ["not yet in force", "unknown", "suspended", "in force", "unknown"],
    "2032-08-15": ["not yet in force", "unknown", "suspended", "in force", "suspended"],
    # Some day in 2034 the treaty ended; on the first of June the accord was still waiting.
    "2034-05-31": ["not yet in force", "unknown", "unknown", "in force", "suspended"],
    "2034-06-01": ["unknown", "unknown", "unknown", "in force", "suspended"],
    "2035-01-01": ["unknown", "unknown", "ended", "in force", "suspended"],
}


@pytest.mark.parametrize("day", IN_FORCE)
def test_in_force_on_a_day(talks, answer, day):
    found = {row[0]: row[2] for row in answer(talks, "in-force", on=day)}
    treaties = ("arctic-accord", "new-start", "nordic-treaty", "nordic-protocol", "polar-memorandum")
    assert found == {**dict(zip(treaties, IN_FORCE[day], strict=True)), "open-skies": "unknown"}


def test_in_force_says_since_when_and_who_says_so(talks, answer):
    assert answer(talks, "in-force", instrument="nordic-treaty", on="2033-01-01") == [
        [
            "Nordic Treaty (invented)",
            "suspended",
            "2029-05-10",
            "2032-06-01",
            "2034",
            "Daily One; Ministry One",
        ]
    ]
    assert answer(talks, "in-force", instrument="New START") == [["New START", "unknown", "", "", "", ""]]


def test_sources_of_a_treaty(talks, answer):
    rows = answer(talks, "sources", meeting="nordic-treaty")
    assert [row[:6] for row in rows if row[0] == "sg:signed"] == [
        ["sg:signed", "2028-03-02", "Daily One", "", "false", "true"],
        ["sg:signed", "2028-03-01", "Ministry One", "2034-12-31", "true", "true"],
    ]


def test_disputes_and_reports_stay_with_meetings(talks, answer):
    assert {row[0] for row in answer(talks, "disputes")} == {"talks-1"}
    assert "nordic-treaty" not in {row[0] for row in answer(talks, "reports", status="any")}
