"""Cards: all about one thing on one screen."""

from __future__ import annotations

import csv
import io
import json

import pytest

import stabgraph as sg

FIRST = "isl-nor-arctic-1"


def facts(card):
    return dict(card.facts)


def test_card_of_a_meeting_has_facts_people_disputes_and_reports(small):
    card = small[FIRST]
    assert card.label == "Iceland–Norway Arctic Consultations: 1st round"
    assert facts(card)["start"] == ["2030-05-06"]
    assert facts(card)["place"] == ["Reykjavik [reykjavik]"]
    assert facts(card)["status"] == ["held"]
    assert facts(card)["topic"] == ["arms control [arms-control]", "missile defence [missile-defence]"]
    assert card.standings["start"] == "conflict"
    assert "2030-05-06 (conflict)" in card.to_text(width=100)
    assert "disputed" not in facts(card)
    assert [table.title for table in card.tables] == ["Who took part", "Where reports disagree", "Reports"]
    assert [len(table) for table in card.tables] == [2, 2, 2]


def test_sections_without_rows_are_left_out(small):
    assert [table.title for table in small["isl-nor-arctic-2"].tables] == ["Who took part", "Reports"]


def test_card_of_a_dialogue_lists_meetings_of_any_status(small):
    tables = {table.title: table for table in small["isl-nor-arctic"].tables}
    assert tables["Meetings"].column("meeting") == [FIRST, "isl-nor-arctic-2", "isl-nor-arctic-3"]
    assert tables["Announced and not held yet"].column("number") == [3]


def test_card_of_an_official_lists_posts_and_meetings(small):
    posts, meetings = small["Carl Berg"].tables
    assert posts.column("represented") == ["SWE"]
    assert meetings.column("meeting") == ["nordic-three-2029"]
    assert facts(small["carl-berg"])["serves"] == ["SWE"]


def test_card_of_an_instrument_shows_its_life_and_how_well_it_stands(kg):
    card = kg["New START"]
    assert facts(card)["signed"] == ["2010-04-08"]
    assert facts(card)["enteredIntoForce"] == ["2011-02-05"]
    assert card.standings["enteredIntoForce"] == "confirmed"
    # Announced on one day, enacted a week later: reports give both.
    assert card.standings["suspended"] == "conflict"


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("pak-rus-cgss-14", ["Who took part", "Where reports disagree", "Reports"]),
        ("sergey-ryabkov", ["Posts and ranks over time", "Meetings"]),
        (
            "state:RUS",
            ["Dialogues", "Dialogues that took it up", "Topics taken up most", "Where meetings were held"],
        ),
        ("missile-defence", ["Dialogues", "Where meetings were held"]),
        ("place:geneva", ["Dialogues", "Meetings"]),
        ("IAEA", ["Dialogues that took it up", "Dialogues in which it took part"]),
        ("instrument:new-start", ["Who says what", "Dialogues", "Meetings"]),
    ],
)
def test_each_kind_has_its_sections(kg, name, titles):
    assert [table.title for table in kg[name].tables] == titles


def test_label_is_english_where_there_are_several(kg):
    assert kg["state:RUS"].label == "Russia"
    assert kg["Россия"].label == "Russia"


def test_thing_that_nothing_is_said_about_is_unknown(small):
    with pytest.raises(
        sg.UnknownNameError, match=r"no thing 'https://w3id.org/stabgraph/id/meeting/nowhere'"
    ):
        small["https://w3id.org/stabgraph/id/meeting/nowhere"]


def test_thing_that_is_only_pointed_to_is_unknown(small):
    """The small dataset does not describe states; a card of one would be empty."""
    with pytest.raises(sg.UnknownNameError, match=r"the graph says nothing about .*state/SWE"):
        small["state:SWE"]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_text_fits_its_width_and_begins_with_name_and_iri(small, width):
    lines = small[FIRST].to_text(width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert "".join(lines[:3]).startswith("Iceland–Norway Arctic Consultations"[: width - 10])


def test_text_is_as_wide_as_the_terminal(small, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, str(small[FIRST]).splitlines())) <= 60
    monkeypatch.setenv("COLUMNS", "140")
    assert max(map(len, str(small[FIRST]).splitlines())) > 80


def test_text_says_how_many_rows_were_left_out(kg):
    card = kg["state:RUS"]
    rows = max(len(table) for table in card.tables)
    assert rows > 15
    assert f"… and {rows - 3:,} more" in card.to_text(most=3)


def test_json_holds_the_whole_card(small):
    card = json.loads(small[FIRST].to("json"))
    assert card["iri"] == "https://w3id.org/stabgraph/id/meeting/isl-nor-arctic-1"
    assert card["facts"]["ordinal"] == ["1"]
    assert [row["said"] for row in card["tables"]["Where reports disagree"]] == ["2030-05-06", "2030-05-05"]


def test_json_keeps_every_table(kg):
    card = kg["IAEA"]
    assert len(json.loads(card.to("json"))["tables"]) == len(card.tables)


def test_csv_and_markdown_give_facts_as_rows(small):
    blocks = small[FIRST].to("csv").split("\n\n")
    rows = list(csv.reader(io.StringIO(blocks[0])))
    assert rows[0] == ["property", "value", "standing"]
    assert ["start", "2030-05-06", "conflict"] in rows
    assert len(blocks) == 4
    assert "| start | 2030-05-06 | conflict |" in small[FIRST].to("markdown")
