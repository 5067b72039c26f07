"""How much of the reports' words the graph understands."""

from __future__ import annotations

from stabgraph.statistics import mapping, unmapped


def test_mapping_counts_phrases_and_what_they_reach(small):
    """Seven mentions of topics, of which "the weather" alone reaches nothing; the cities include an announced one.

    Each city is a third of the different cities, and so on; of things that take as many the last is named.
    """
    rows = {row["field"].value: tuple(row.plain().values()) for row in mapping(small.engine)}
    assert rows.pop("post")[:3] == ("post", 4, 4), "which of them have a rank is for the table to say"
    assert list(rows.values()) == [
        # field, phrases, occurrences, linked, share, largest, takes
        ("place", 3, 8, 8, 100.0, "stockholm", 33.3),
        ("publisher", 2, 7, 7, 100.0, "daily-two", 50.0),
        ("topic", 3, 7, 6, 85.7, "missile-defence", 33.3),
    ]


def test_unmapped_lists_what_reaches_nothing(small):
    table = unmapped(small.engine)
    assert table.columns == ("field", "phrase", "occurrences")
    assert table.where("field", "topic").to_dicts() == [
        {"field": "topic", "phrase": "the weather", "occurrences": 1}
    ]


def test_unmapped_puts_the_commonest_first(kg):
    table = unmapped(kg.engine)
    topics = [row.plain()["occurrences"] for row in table if row["field"].value == "topic"]
    assert topics == sorted(topics, reverse=True)
    assert len(topics) > 10


def test_unmapped_and_mapping_agree(kg):
    missing = {}
    for row in unmapped(kg.engine).to_dicts():
        missing[row["field"]] = missing.get(row["field"], 0) + row["occurrences"]
    counted = {row["field"]: row["occurrences"] - row["linked"] for row in mapping(kg.engine).to_dicts()}
    assert missing == {field: count for field, count in counted.items() if count}
