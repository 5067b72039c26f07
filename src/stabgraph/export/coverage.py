"""The coverage of the data as a picture: dialogues by years, in SVG, which shows in a page as in a README."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stabgraph.errors import ExportError, one_line
from stabgraph.files import replace_files

if TYPE_CHECKING:
    import os

    from stabgraph.results import Table

__all__ = ["coverage_svg", "export_coverage"]

#: With more dialogues than this the rows are thin and bear no names.
_MOST_NAMED = 60
_NAMED_ROW, _THIN_ROW = 16, 3
#: How dark a cell is for one meeting, two, three and more: three steps of ColorBrewer's Blues.
_SHADES = ("#9ecae1", "#4292c6", "#08306b")
_COLUMN, _NAMES, _EDGE, _BARS, _AXIS = 12, 380, 20, 70, 22


def export_coverage(coverage: Table, path: str | os.PathLike[str]) -> Path:
    """Write the picture of :func:`coverage_svg` to a file and return its path.

    Raises
    ------
    ExportError
        If the file cannot be written; nothing is left behind then.
    """
    target = Path(path)
    try:
        replace_files({target: coverage_svg(coverage).encode()})
    except OSError as error:
        raise ExportError(
            f"cannot write the picture to {target} ({one_line(error.strerror or error)}): "
            "choose a file in a folder you can write to"
        ) from error
    return target


def coverage_svg(coverage: Table) -> str:
    """Return the answer of the named query ``coverage`` as a picture.

    Above stand the meetings of each year; below is a row for each dialogue, the oldest first, with a cell for each year
    of meetings: the darker, the more (one, two, three or more). Up to 60 dialogues are named; a cell tells dialogue,
    year, meetings and reports to whoever points at it.

    Parameters
    ----------
    coverage
        Columns ``dialogue`` (left out if one was asked for), ``label``, ``year``, ``meetings`` and ``reports``; a row
        for each year of a dialogue.

    Examples
    --------
    >>> import stabgraph as sg
    >>> picture = coverage_svg(sg.load().ask("coverage", party="PAK"))
    >>> picture.startswith("<svg") and "Consultative Group on Strategic Stability" in picture
    True
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    rows = [{"dialogue": "", **row} for row in coverage.to_dicts()]
    return environment.get_template("coverage.svg.j2").render(_picture(rows))


def _picture(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the template draws, in units of the picture."""
    order = _dialogues(rows)
    named = len(order) <= _MOST_NAMED
    height = _NAMED_ROW if named else _THIN_ROW
    left, top = _EDGE + (_NAMES if named else 0), _EDGE + _BARS + _AXIS
    years = range(
        min((row["year"] for row in rows), default=0), max((row["year"] for row in rows), default=-1) + 1
    )
    row_of = {dialogue: top + position * height for position, (dialogue, _) in enumerate(order)}
    column_of = {year: left + position * _COLUMN for position, year in enumerate(years)}
    return {
        "title": f"{len(order):,} dialogues" + (f", {years[0]} to {years[-1]}" if order else ""),
        "width": left + len(years) * _COLUMN + _EDGE,
        "height": top + len(order) * height + _EDGE,
        "left": left, "top": top, "edge": _EDGE, "axis": top - 7, "foot": top + len(order) * height,
        "ticks": [(year, column_of[year]) for year in years if year % 5 == 0 or len(years) < 10],  # noqa: PLR2004
        "names": [(label, row_of[dialogue] + 12) for dialogue, label in order] if named else [],
        "bars": [(year, column_of[year], count, tall) for year, count, tall in _bars(rows)],
        "base": _EDGE + _BARS,
        "cells": [
            (column_of[row["year"]], row_of[row["dialogue"]], _SHADES[min(row["meetings"], len(_SHADES)) - 1], row)
            for row in rows
        ],
        "cell": (_COLUMN - 1, height - (1 if named else 0.5)),
        "shades": list(zip(("1 meeting", "2 meetings", "3 or more"), _SHADES, strict=True)),
    }  # fmt: skip


def _dialogues(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the dialogues with their names, by their first years."""
    begun: dict[tuple[str, str], int] = {}
    for row in rows:
        key = row["dialogue"], row["label"]
        begun[key] = min(row["year"], begun.get(key, row["year"]))
    return sorted(begun, key=lambda key: (begun[key], key[1], key[0]))


def _bars(rows: list[dict[str, Any]]) -> list[tuple[int, int, float]]:
    """Return the meetings of each year, and how tall their bar is."""
    held: Counter[int] = Counter()
    for row in rows:
        held[row["year"]] += row["meetings"]
    tallest = max(held.values(), default=1)
    return [(year, count, round(_BARS * count / tallest, 1)) for year, count in sorted(held.items())]
