"""Dates: what is read and refused, which days it covers, and which date says more than which."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stabgraph.dates import Date, Precision, _parse
from stabgraph.errors import DateError

RESOURCES = Path(__file__).parent / "resources" / "edtf"


def texts(name):
    lines = (RESOURCES / name).read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line and not line.startswith("#")]


VALID, INVALID = texts("valid.txt"), texts("invalid.txt")

BOUNDS = {
    # The text, then its earliest day, latest day and precision.
    "2024-02-07": ("2024-02-07", "2024-02-07", "day"),
    "2024-02": ("2024-02-01", "2024-02-29", "month"),
    "1900-02": ("1900-02-01", "1900-02-28", "month"),
    "2003": ("2003-01-01", "2003-12-31", "year"),
    "2003~": ("2003-01-01", "2003-12-31", "year"),
    "2003-05-26%": ("2003-05-26", "2003-05-26", "day"),
    "2003-05-~26": ("2003-05-26", "2003-05-26", "day"),
    "1972-05-26T23:00:00Z": ("1972-05-26", "1972-05-26", "time"),
    "1972-05-26T24:00:00": ("1972-05-26", "1972-05-26", "time"),
    "2001-21": ("2001-03-01", "2001-05-31", "season"),
    "2001-22": ("2001-06-01", "2001-08-31", "season"),
    "2001-23": ("2001-09-01", "2001-11-30", "season"),
    "2003-24": ("2003-12-01", "2004-02-29", "season"),
    "2003-28": ("2003-12-01", "2004-02-29", "season"),
    "2003-29": ("2003-09-01", "2003-11-30", "season"),
    "2003-30": ("2003-12-01", "2004-02-29", "season"),
    "2003-32": ("2003-06-01", "2003-08-31", "season"),
    "2001-33": ("2001-01-01", "2001-03-31", "season"),
    "2001-36": ("2001-10-01", "2001-12-31", "season"),
    "2001-38": ("2001-05-01", "2001-08-31", "season"),
    "2001-40": ("2001-01-01", "2001-06-30", "season"),
    "2001-41": ("2001-07-01", "2001-12-31", "season"),
    "201X": ("2010-01-01", "2019-12-31", "decade"),
    "19XX": ("1900-01-01", "1999-12-31", "century"),
    "1XXX": ("1000-01-01", "1999-12-31", "millennium"),
    "XXXX": (None, "9999-12-31", "millennium"),
    "1X89": ("1089-01-01", "1989-12-31", "millennium"),
    "2004-XX": ("2004-01-01", "2004-12-31", "year"),
    "2004-XX-XX": ("2004-01-01", "2004-12-31", "year"),
    "2004-XX-31": ("2004-01-31", "2004-12-31", "year"),
    "2004-1X": ("2004-10-01", "2004-12-31", "year"),
    "2004-0X": ("2004-01-01", "2004-09-30", "year"),
    "2004-X2": ("2004-02-01", "2004-12-31", "year"),
    "2004-02-XX": ("2004-02-01", "2004-02-29", "month"),
    "2004-04-3X": ("2004-04-30", "2004-04-30", "month"),
    "2005-02-X9": ("2005-02-09", "2005-02-19", "month"),
    "156X-12-25": ("1560-12-25", "1569-12-25", "decade"),
    "200X-02-29": ("2000-02-29", "2008-02-29", "decade"),
    "1950S2": ("1900-01-01", "1999-12-31", "century"),
    "1950S3": ("1950-01-01", "1959-12-31", "decade"),
    "1950S4": ("1950-01-01", "1950-12-31", "year"),
    "Y17E2": ("1700-01-01", "1700-12-31", "year"),
    "Y12024": (None, None, "year"),
    "0000": (None, None, "year"),
    "-0431": (None, None, "year"),
    "1969/1972": ("1969-01-01", "1972-12-31", "interval"),
    "1969-11~/1972-05-26?": ("1969-11-01", "1972-05-26", "interval"),
    "2001-21/2001-22": ("2001-03-01", "2001-08-31", "interval"),
    "2004-06-XX/2004-07-03": ("2004-06-01", "2004-07-03", "interval"),
    "1991-07/..": ("1991-07-01", None, "interval"),
    "../1991-07": (None, "1991-07-31", "interval"),
    "1991-07/": ("1991-07-01", None, "interval"),
    "/1991-07": (None, "1991-07-31", "interval"),
    "-0431/0404": (None, "0404-12-31", "interval"),
    "[1667,1668-12,1670..1672]": ("1667-01-01", "1672-12-31", "set"),
    "{1968,1963-08}": ("1963-08-01", "1968-12-31", "set"),
    "[..1963-08]": (None, "1963-08-31", "set"),
    "[1963-08,1970..]": ("1963-08-01", None, "set"),
}

REFINES = [
    ("2024-02-07", "2024-02"),
    ("2024-02-07", "2024"),
    ("2024-02-07", "202X"),
    ("2024-02", "2024"),
    ("2024-02", "2024-01/2024-03"),
    ("2024-02-05", "2024-02-06~"),
    ("2024-02-06", "2024-02-06~"),
    ("2024-02-07", "2024-02-06~"),
    ("2024-03-01", "2024-02-29~"),
    ("2024-01", "2024-02~"),
    ("2024-03-31", "2024-02~"),
    ("2003", "2003~"),
    ("2004", "2003~"),
    ("2003-05-26", "2003-05-2X"),
    ("2001-04", "2001-21"),
    ("2003-05-01", "2003-05/.."),
    ("2003-05-26", "2003-05-26?"),
    ("2003-05-26T10:00:00Z", "2003-05-26"),
    ("2003-05-26/2003-05-28", "2003-05"),
    ("Y17E7", "Y17E7S2"),
    ("-0431-03", "-0431"),
    ("2003", "[2003..2004]"),
]

DOES_NOT_REFINE = [
    ("2024-02-07", "2024-02-07"),
    ("2003~", "2003~"),
    ("2024-02", "2024-02-07"),
    ("2003~", "2003"),
    ("2003", "2003-XX"),
    ("2024-02-07", "2024-03"),
    ("2024-02-08", "2024-02-06~"),
    ("2024-02-06~", "2024-02-07~"),
    ("2005", "2003~"),
    ("2024-01-31", "2024-02"),
    ("2003-05-26", "2003-05-26T10:00:00Z"),
    ("2003-05-26T10:00:00Z", "2003-05-26T11:00:00Z"),
    ("2024", "Y12024"),
    ("2024", "0000"),
    ("2004-03-06", "2004-XX-05"),
    ("1668", "[1667,1669]"),
    ("1667", "{1667,1669}"),
]

# Texts that often come near to being dates.
near_dates = st.text("0123456789-/.~?%XSYTZ:[]{},E+ ", max_size=60)
any_text = st.one_of(st.text(), near_dates, st.sampled_from(VALID + INVALID))


@st.composite
def days_months_years(draw):
    """Plain dates of few years, so that two of them often touch."""
    day = draw(st.dates(date(2003, 11, 28), date(2004, 3, 3))).isoformat()
    cut = draw(st.sampled_from([4, 7, 10]))
    return day[:cut] + draw(st.sampled_from(["", "~", "?", "%"]))


@st.composite
def intervals(draw):
    ends = sorted((draw(days_months_years()), draw(days_months_years())), key=lambda t: t[:10])
    return "/".join(ends)


def refusal(text):
    try:
        Date.parse(text)
    except DateError as error:
        return str(error)
    return None


def is_date(text):
    return refusal(text) is None


some_dates = st.one_of(days_months_years(), intervals().filter(is_date), st.sampled_from(VALID)).map(
    Date.parse
)


def span(earliest, latest):
    return earliest or date.min, latest or date.max


def test_the_lists_of_texts_are_not_empty():
    assert len(VALID) > 150
    assert len(INVALID) > 150


@pytest.mark.parametrize("text", VALID)
def test_valid_text_is_read_and_nothing_printed(text, capfd):
    assert Date.parse(text).text == text
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("text", INVALID)
def test_invalid_text_is_refused_and_nothing_printed(text, capfd):
    with pytest.raises(DateError, match=r"is not an EDTF date such as|ends before it begins"):
        Date.parse(text)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("text", "expected"), BOUNDS.items())
def test_date_covers_its_days(text, expected):
    found = Date.parse(text)
    days = (day and day.isoformat() for day in (found.earliest, found.latest))
    assert (*days, found.precision) == expected


def test_every_precision_has_a_date():
    assert {precision for _, _, precision in BOUNDS.values()} == set(Precision)


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("2003", False, False),
        ("2003~", True, False),
        ("2003?", False, True),
        ("2003%", True, True),
        ("2003-~05", True, False),
        ("2003?/2004~", True, True),
        ("[2003,2004?]", False, True),
    ],
)
def test_qualifiers_are_told_apart(text, approximate, uncertain):
    found = Date.parse(text)
    assert (found.approximate, found.uncertain) == (approximate, uncertain)


@pytest.mark.parametrize(("text", "other"), REFINES)
def test_more_precise_date_refines(text, other):
    assert Date.parse(text).refines(Date.parse(other))
    assert not Date.parse(other).refines(Date.parse(text))


@pytest.mark.parametrize(("text", "other"), DOES_NOT_REFINE)
def test_less_precise_or_other_date_does_not_refine(text, other):
    assert not Date.parse(text).refines(Date.parse(other))


@given(some_dates)
def test_earliest_is_never_after_latest(found):
    low, high = span(found.earliest, found.latest)
    assert low <= high


@given(some_dates)
def test_nothing_refines_itself(found):
    assert not found.refines(found)


@given(some_dates, some_dates)
def test_two_dates_never_refine_each_other(one, other):
    assert not (one.refines(other) and other.refines(one))


@given(some_dates, some_dates, some_dates)
@example(*map(Date.parse, ("2003-05-26", "2003-05-26?", "2003-05-26~")))
@example(*map(Date.parse, ("2003-05-27", "2003-05-26~", "2003-05~")))
def test_refinement_of_a_refinement_refines(one, two, three):
    if one.refines(two) and two.refines(three):
        assert one.refines(three)


@given(some_dates, some_dates)
def test_refining_date_lies_within_the_widened_one(one, other):
    if one.refines(other):
        low, high = span(one.earliest, one.latest)
        assert other.reach[0] <= (low.year, low.month, low.day) or one.earliest is None
        assert other.reach[1] >= (high.year, high.month, high.day) or one.latest is None


@given(any_text)
@example("²003")
@example("2003\n")
@example("\ud800")
@example("Y1E" + "9" * 57)
@example("[" + "X" * 58 + "]")
def test_any_text_is_read_or_refused_with_one_sentence(text):
    sentence = refusal(text) or "read"
    assert "\n" not in sentence
    assert not sentence.endswith(".")


@given(st.sampled_from(VALID))
def test_same_text_makes_the_same_date(text):
    _parse.cache_clear()
    found = Date.parse(text)
    _parse.cache_clear()
    assert found == Date.parse(text)
    assert hash(found) == hash(Date.parse(text))


def test_refusal_says_what_a_date_looks_like():
    with pytest.raises(DateError) as caught:
        Date.parse("2024-13-01")
    expected = "'2024-13-01' is not an EDTF date such as 2024-02-07, 2024-02, 2024 or 2003~"
    assert str(caught.value) == expected


def test_refusal_of_a_reversed_interval_says_so():
    with pytest.raises(DateError, match=r"^'2012/2011' ends before it begins$"):
        Date.parse("2012/2011")


def test_text_of_more_than_sixty_characters_is_refused():
    assert Date.parse("[2003,2003,2003,2003,2003,2003,2003,2003,2003,2003,2003-12]")
    with pytest.raises(DateError, match=r"^a date of 61 characters is too long, 60 are the limit$"):
        Date.parse("[" + "2003," * 11 + "2003]")


@pytest.mark.parametrize(
    "text",
    [
        "Y9E" + "9" * 57,
        "Y1" + "0" * 40 + "S1",
        "XXXX-02-3X/XXXX-02-3X",
        "[XXX1-02-29,XXX1-02-29,XXX1-02-29,XXX1-02-29,XXX1-02-29]",
        "[XXXX-XX-XX,XXXX-XX-XX,XXXX-XX-XX,XXXX-XX-XX,XXXX-XX-XX]",
        "%" * 60,
        "[" + "," * 58 + "]",
        "." * 60,
    ],
)
def test_hard_text_takes_less_than_a_second(text):
    begin = time.perf_counter()
    _parse.cache_clear()
    is_date(text)
    assert time.perf_counter() - begin < 1


def headed(name):
    """The texts of a list, each with the heading that it stands under."""
    heading = ""
    for line in (RESOURCES / name).read_text(encoding="utf-8").split("\n"):
        if line.startswith("#"):
            heading = line
        elif line:
            yield heading, line


@pytest.mark.parametrize(("name", "verdict"), [("valid.txt", True), ("invalid.txt", False)])
def test_lists_agree_with_edtf_validate_save_where_they_say_so(name, verdict):
    from edtf_validate.valid_edtf import is_valid

    others = [(heading, text) for heading, text in headed(name) if (is_valid(text) is True) is not verdict]
    assert all(heading.startswith("# What edtf-validate 2.0.0") for heading, _ in others), others
    compared = [text for heading, text in headed(name) if not heading.startswith("# What edtf-validate")]
    assert len(compared) > 140


def test_bounds_agree_with_the_edtf_package(capsys):
    """The package is a second opinion, where it has one; it gives winter no January."""
    from edtf import parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

    winter = {"2001-24", "2001-28", "1985-12-24/1985-24"}
    compared = 0
    for text in sorted(set(VALID) - winter):
        found = Date.parse(text)
        if found.earliest is None or found.latest is None or "S" in text:
            continue
        try:
            theirs = parse_edtf(text)
            bounds = [date(*day[:3]) for day in (theirs.lower_strict(), theirs.upper_strict())]
        except (
            EDTFParseException,
            ValueError,
            AttributeError,
            TypeError,
        ):  # it cannot read this one
            continue
        assert [found.earliest, found.latest] == bounds, text
        compared += 1
    capsys.readouterr()  # it prints
    assert compared > 80


def test_module_does_not_import_the_edtf_package():
    """It costs 130 ms."""
    code = "import sys, stabgraph.dates as d; d.Date.parse('201X'); sys.exit('edtf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
