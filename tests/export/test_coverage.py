"""The picture of what is covered: dialogues by years."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from stabgraph import ExportError
from stabgraph.export.coverage import coverage_svg, export_coverage
from stabgraph.results import Row, Table

SVG = "{http://www.w3.org/2000/svg}"
COLUMNS = ("dialogue", "label", "year", "meetings", "reports")


def table(*rows):
    """A table as the query gives it, of invented dialogues."""
    return Table(COLUMNS, [Row([ox.Literal(value) for value in row], COLUMNS) for row in rows])


def drawn(picture):
    """What a picture tells those who point at it, and the names in it."""
    root = ET.fromstring(picture)
    told = [rect.findtext(f"{SVG}title") for rect in root.iter(f"{SVG}rect")]
    return [words for words in told if words], [text.text for text in root.iter(f"{SVG}text")]


def test_picture_of_the_small_dataset(small):
    told, names = drawn(coverage_svg(small.ask("coverage")))
    assert told == [
        "2029: 1 meetings",
        "2030: 1 meetings",
        "2031: 1 meetings",
        "Iceland–Norway Arctic Consultations, 2030: 1 meetings, 2 reports",
        "Iceland–Norway Arctic Consultations, 2031: 1 meetings, 1 reports",
        "Nordic Trilateral Talks, 2029: 1 meetings, 1 reports",
    ]
    # The oldest first.
    assert names[-2:] == ["Nordic Trilateral Talks", "Iceland–Norway Arctic Consultations"]


def test_darker_is_more():
    root = ET.fromstring(coverage_svg(table(*(("a", "A", 2000 + n, n, 1) for n in (1, 2, 3, 4)))))
    shades = [
        r.get("fill") for r in root.iter(f"{SVG}rect") if (r.findtext(f"{SVG}title") or "").startswith("A,")
    ]
    assert len(set(shades[:3])) == 3
    assert shades[2] == shades[3]


def test_many_dialogues_are_drawn_thin_and_without_names(kg):
    rows = kg.ask("coverage")
    told, names = drawn(coverage_svg(rows))
    assert len([words for words in told if " reports" in words]) == len(rows)
    assert all(name.isdecimal() or "meeting" in name or name == "3 or more" for name in names)


def test_label_stays_text():
    told, names = drawn(coverage_svg(table(("a", '<script>&"', 2000, 1, 1))))
    assert '<script>&"' in names
    assert '<script>&", 2000: 1 meetings, 1 reports' in told


def test_nothing_to_draw_is_drawn():
    told, _ = drawn(coverage_svg(table()))
    assert told == []


def test_file_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="cannot write the picture to"):
        export_coverage(table(), tmp_path / "file" / "x.svg")
