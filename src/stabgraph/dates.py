"""Dates in the Extended Date/Time Format, EDTF (ISO 8601-2:2019), levels 0 to 2.

Every date that stabgraph reads passes through `Date.parse`. The grammar stands here in full: it is
small, and the `edtf` package accepts reversed intervals, refuses some that are right and has no
bounds for others. The tests compare the bounds of the two.
"""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import product
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from stabgraph.errors import DateError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Date", "Precision"]

_LONGEST = 60
_FEBRUARY, _DECEMBER = 2, 12

# A qualifier stands before a part (and means that part) or behind it (and means all up to there).
_PART = "([~?%]?)({})([~?%]?)"
_DATE = re.compile(
    _PART.format("-?[0-9X]{4}") + 2 * ("(?:-" + _PART.format("[0-9X]{2}") + ")?"),
)
_WHOLE_DAY = re.compile("-?[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]|24:00:00)"
    "(?:Z|(?!-00(?::00)?$)[+-](?:(?:0[0-9]|1[0-3])(?::[0-5][0-9])?|14(?::00)?))?"
)
_YEAR = re.compile(
    "(?:(-?(?!0000)[0-9]{4}|0000)|Y(-?[1-9][0-9]{4,})|Y(-?[1-9][0-9]*)E([1-9][0-9]*))(?:S([1-9][0-9]*))?"
)

# First month and number of months. 21 to 24: seasons; 25 to 32: seasons of the north and the south;
# then quarters, quadrimesters and halves. The standard leaves the months of seasons open; these are
# the usual ones, and winter runs into the next year.
_NORTH = [(3, 3), (6, 3), (9, 3), (12, 3)]
_SOUTH = [(9, 3), (12, 3), (3, 3), (6, 3)]
_PERIODS = [(1, 3), (4, 3), (7, 3), (10, 3), (1, 4), (5, 4), (9, 4), (1, 6), (7, 6)]
_SEASONS = dict(enumerate(_NORTH + _NORTH + _SOUTH + _PERIODS, start=21))

_Day = tuple[int, int, int]  # datetime.date ends at the years 1 and 9999, EDTF does not
_Bound = tuple[float, int, int]  # a day, or beyond all days
_BEFORE_ALL: _Bound = (-inf, 1, 1)
_AFTER_ALL: _Bound = (inf, 12, 31)


class Precision(StrEnum):
    """What a date gives: the finest unit that is known, or a form of several dates."""

    TIME = "time"
    DAY = "day"
    MONTH = "month"
    SEASON = "season"  # also quarters, quadrimesters and halves of a year
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    MILLENNIUM = "millennium"  # or longer
    INTERVAL = "interval"
    SET = "set"


# An approximate date is widened by so many months; a day is widened by one day.
_UNIT = {Precision.MONTH: 1, Precision.SEASON: 3, Precision.YEAR: 12}
# The finest unit that so many digits of year, month and day give.
_FINEST = [Precision.MILLENNIUM] * 2 + [Precision.CENTURY, Precision.DECADE]
_FINEST += [Precision.YEAR] * 2 + [Precision.MONTH] * 2 + [Precision.DAY]


@dataclass(frozen=True, slots=True)
class Date:
    """A date as its source gives it, with the days that it can mean.

    Attributes
    ----------
    text
        The EDTF text.
    earliest, latest
        First and last day that the text covers; None where that is open, unknown or outside the
        years 1 to 9999. The qualifiers `~`, `?` and `%` do not move them.
    precision
        The finest unit that the text gives.
    approximate, uncertain
        Whether any part is marked `~` or `?` (`%` is both).
    reach
        First and last day as (year, month, day), approximate dates widened: for `refines`.
    gapped
        Whether some days within `reach` are not meant, as in `2004-XX-05` and in lists.

    Examples
    --------
    >>> Date.parse("2024-02").latest
    datetime.date(2024, 2, 29)
    >>> Date.parse("2003~").approximate
    True
    """

    text: str
    earliest: date | None
    latest: date | None
    precision: Precision
    approximate: bool
    uncertain: bool
    reach: tuple[_Bound, _Bound] = field(repr=False, compare=False)
    gapped: bool = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Date:
        """Return the date that an EDTF text says.

        Raises
        ------
        DateError
            If the text is not EDTF, names a day that no calendar has, ends before it begins, or
            has more than 60 characters.

        Examples
        --------
        >>> Date.parse("2003-05/..").earliest
        datetime.date(2003, 5, 1)
        >>> Date.parse("201X").precision.value
        'decade'
        """
        return _parse(text)

    def refines(self, other: Date) -> bool:
        """Return whether this date says more than `other` and agrees with it.

        It does if it lies within `other` and is narrower, where approximate dates are widened by
        one unit of their precision. Of two dates that cover the same days, one with a time refines
        one without, and one without doubt refines one marked `?`. Nothing refines a date that
        skips days (`2004-XX-05`) or a list. This is a strict partial order.

        Examples
        --------
        >>> Date.parse("2024-02-07").refines(Date.parse("2024-02-06~"))
        True
        >>> Date.parse("2024-02").refines(Date.parse("2024-02-07"))
        False
        """
        (low, high), (other_low, other_high) = self.reach, other.reach
        if other.gapped or low < other_low or high > other_high:
            return False
        return self.reach != other.reach or self._doubt() < other._doubt()

    def _doubt(self) -> tuple[bool, bool]:
        return (self.precision is not Precision.TIME, self.uncertain)


class _Span(NamedTuple):
    low: _Bound
    high: _Bound
    precision: Precision
    reach: tuple[_Bound, _Bound]
    gapped: bool = False


@lru_cache(maxsize=8192)
def _parse(text: str) -> Date:
    if len(text) > _LONGEST:
        raise DateError(f"a date of {len(text)} characters is too long, {_LONGEST} are the limit")
    try:
        span = _read(text)
    except ValueError as error:
        reason = str(error) or "is not an EDTF date such as 2024-02-07, 2024-02, 2024 or 2003~"
        raise DateError(f"{text!r} {reason}") from None
    return Date(
        text=text,
        earliest=_calendar_day(span.low),
        latest=_calendar_day(span.high),
        precision=span.precision,
        approximate="~" in text or "%" in text,
        uncertain="?" in text or "%" in text,
        reach=span.reach,
        gapped=span.gapped,
    )


def _read(text: str) -> _Span:
    """Return what a text covers; raise ValueError, with or without a reason, if it is not EDTF."""
    if text[:1] + text[-1:] in {"[]", "{}"}:
        return _read_set(text)
    if "/" in text:
        return _read_interval(text)
    if "T" in text:
        day, _, time = text.partition("T")
        span = _read_date(day)
        if not _TIME.fullmatch(time) or not _WHOLE_DAY.fullmatch(day):
            raise ValueError
        return span._replace(precision=Precision.TIME)
    return _read_year(text) if set(text) & set("YES") else _read_date(text)


def _read_date(text: str) -> _Span:
    """Return what a year, month, day or season covers; digits may be X, parts may be qualified."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError
    parts = [part or "" for part in found.groups()]
    year, month, day = parts[1::3]
    qualifiers = "".join(parts[0::3] + parts[2::3])
    doubled = any(before and after for before, after in zip(parts[0::3], parts[2::3], strict=True))
    if doubled or (qualifiers and "X" in text) or year == "-0000":
        raise ValueError
    approximate = "~" in qualifiers or "%" in qualifiers
    if month.isdigit() and int(month) in _SEASONS and not day:
        return _season(year, int(month), approximate=approximate)
    sign, digits = (-1, year[1:]) if year.startswith("-") else (1, year)
    years = sorted(sign * number for number in _fill(digits) if number or sign > 0)
    months = _fill(month) if month else range(1, 13)
    days = _fill(day) if day else range(1, 32)
    known = digits + month + day
    return _span(
        _first_day(years, months, days),
        _first_day(years[::-1], months[::-1], days[::-1]),
        _FINEST[len(known.partition("X")[0])],
        approximate=approximate,
        gapped=re.search("X[0-9]", known) is not None,
    )


def _season(year: str, number: int, *, approximate: bool) -> _Span:
    month, length = _SEASONS[number]
    low = (int(year), month, 1)
    high = _add_days(_add_months(low, length), -1)
    return _span(low, high, Precision.SEASON, approximate=approximate)


def _read_year(text: str) -> _Span:
    """Return what a year with more than four digits, or with significant digits, covers."""
    found = _YEAR.fullmatch(text)
    if not found:
        raise ValueError
    short, long, mantissa, exponent, significant = found.groups()
    # The largest exponents are cut: nobody should wait for a number of a million digits.
    value = int(short or long or mantissa) * 10 ** min(int(exponent or 0), 99)
    places = len(short.lstrip("-")) if short else len(str(abs(value)))
    open_places = max(places - int(significant or places), 0)
    first = abs(value) // 10**open_places * 10**open_places
    last = first + 10**open_places - 1
    low, high = (first, last) if value >= 0 else (-last, -first)
    return _span((low, 1, 1), (high, 12, 31), _FINEST[max(4 - open_places, 0)])


def _read_interval(text: str) -> _Span:
    """Return what `start/end` covers; an end may be missing (unknown) or `..` (open)."""
    start, _, end = text.partition("/")
    if not (start or end):
        raise ValueError
    low = reach_low = _BEFORE_ALL
    high = reach_high = _AFTER_ALL
    last = high
    if start not in {"", ".."}:
        low, _, _, (reach_low, _), _ = _read_date(start)
    if end not in {"", ".."}:
        begin, high, precision, (_, reach_high), _ = _read_date(end)
        # 2004-02/2004 is reversed: 2004 begins in January. X and seasons are taken at their end.
        last = high if "X" in end or precision is Precision.SEASON else begin
    if last < low:
        raise ValueError("ends before it begins")
    return _Span(low, high, Precision.INTERVAL, (reach_low, reach_high))


def _read_set(text: str) -> _Span:
    """Return what `[…]`, one of its members, or `{…}`, all of them, covers."""
    members = text[1:-1].split(",")
    ends = (0, len(members) - 1)
    spans = [_read_member(m, first=i == ends[0], last=i == ends[1]) for i, m in enumerate(members)]
    if len(spans) == 1 and spans[0].precision is not Precision.SET:
        raise ValueError
    low, high = min(span.low for span in spans), max(span.high for span in spans)
    reach = (min(span.reach[0] for span in spans), max(span.reach[1] for span in spans))
    return _Span(low, high, Precision.SET, reach, gapped=len(spans) > 1 or text[0] == "{")


def _read_member(text: str, *, first: bool, last: bool) -> _Span:
    start, dots, end = text.partition("..")
    if not dots:
        return _read_date(text)
    if set(text) & set("~?%X") or not ((start or first) and (end or last) and text != ".."):
        raise ValueError
    begin, finish = (_read_date(part) if part else None for part in (start, end))
    low = begin.low if begin else _BEFORE_ALL
    high = finish.high if finish else _AFTER_ALL
    if begin and finish and (begin.precision is not finish.precision or high < low):
        raise ValueError
    return _Span(low, high, Precision.SET, (low, high))


def _span(
    low: _Day, high: _Day, precision: Precision, *, approximate: bool = False, gapped: bool = False
) -> _Span:
    reach = (low, high)
    if approximate and precision is Precision.DAY:
        reach = (_add_days(low, -1), _add_days(high, 1))
    elif approximate:
        months = _UNIT[precision]
        reach = (_add_months(low, -months), _add_days(_add_months(_add_days(high, 1), months), -1))
    return _Span(low, high, precision, reach, gapped)


def _fill(mask: str) -> list[int]:
    """Return, in order, the numbers that a mask such as 0X can mean."""
    return [int("".join(d)) for d in product(*("0123456789" if c == "X" else c for c in mask))]


def _first_day(years: Sequence[int], months: Sequence[int], days: Sequence[int]) -> _Day:
    for year, month, day in product(years, months, days):
        missing = 3 - isleap(year) if month == _FEBRUARY else month in {4, 6, 9, 11}
        if 1 <= month <= _DECEMBER and 1 <= day <= 31 - missing:
            return year, month, day
    raise ValueError


def _add_months(day: _Day, months: int) -> _Day:
    years, month = divmod(day[1] - 1 + months, 12)
    return day[0] + years, month + 1, day[2]


def _add_days(day: _Day, days: int) -> _Day:
    year = 2000 + day[0] % 400  # the calendar repeats every 400 years
    moved = date(year, day[1], day[2]) + timedelta(days=days)
    return day[0] - year + moved.year, moved.month, moved.day


def _calendar_day(bound: _Bound) -> date | None:
    year, month, day = bound
    return date(int(year), month, day) if date.min.year <= year <= date.max.year else None
