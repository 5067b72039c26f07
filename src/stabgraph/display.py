"""A table on a screen: in a terminal, in a notebook."""

from __future__ import annotations

import io
import re
import shutil
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table as Grid

    Cells = Sequence[str]

__all__ = ["for_notebook", "for_terminal", "how_many", "terminal_width"]

_ON_ONE_LINE = 24
_LONGEST_WORD = 40
# A number, a year or a code is never broken; where not even these fit, rows are shown one below the other.
_NARROWEST = 8
_GAP = 3
_WIDTH_OF_A_FILE = 120
# What could move the cursor or change the colours of a terminal, since a label is only ever text.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def terminal_width() -> int:
    """Return how many columns of text there are: those of the terminal, or 120 where there is none."""
    return shutil.get_terminal_size((_WIDTH_OF_A_FILE, 24)).columns


def how_many(shown: int, total: int) -> str:
    """Say how many rows there are, and how many of them are shown.

    Examples
    --------
    >>> how_many(1, 1), how_many(5, 1200)
    ('1 row', 'showing the first 5 of 1,200 rows')
    """
    rows = "1 row" if total == 1 else f"{total:,} rows"
    return rows if shown == total else f"showing the first {shown:,} of {rows}"


def for_terminal(names: Cells, rows: Sequence[Cells], *, total: int, width: int | None = None) -> str:
    """Return rows for a terminal, wrapped to its width, with the number of rows below.

    Parameters
    ----------
    names
        Names of the columns.
    rows
        The rows to show.
    total
        How many rows there are.
    width
        Columns of text; those of the terminal, or 120 where there is none, if left out.
    """
    from rich.console import Console
    from rich.text import Text

    width = width or terminal_width()
    names = [name.replace("_", " ") for name in names]
    rows = [[_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", cell) for cell in cells] for cells in rows]
    file = io.StringIO()
    console = Console(file=file, width=width, color_system=None, legacy_windows=False)
    if rows and names:
        widths = _widths(names, rows, width - _GAP * len(names))
        console.print(_across(names, rows, widths) if widths else _below(names, rows))
    console.print(Text(f"({how_many(len(rows), total)})"))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines()).lstrip("\n")


def _across(names: Cells, rows: Sequence[Cells], widths: Sequence[int]) -> Grid:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Grid
    from rich.text import Text

    drawn = Grid(box=SIMPLE_HEAD, pad_edge=False)
    for name, size in zip(names, widths, strict=True):
        drawn.add_column(name, overflow="fold", width=size)
    for cells in rows:
        drawn.add_row(*map(Text, cells))
    return drawn


def _widths(names: Cells, rows: Sequence[Cells], room: int) -> list[int]:
    """Return how wide each column is, or nothing if there is no room for them side by side.

    Rich would cut through numbers and dates to make room for sentences.
    """
    from rich.cells import cell_len

    def longest(texts: Iterable[str]) -> int:
        return max(map(cell_len, texts), default=0)

    columns = list(zip(*rows, strict=True))
    widths = [max(min(longest(cells), _NARROWEST), 1) for cells in columns]
    if sum(widths) > room:
        return []
    sizes = [longest((name, *cells)) for name, cells in zip(names, columns, strict=True)]
    wishes = [
        [longest(name.split()) for name in names],
        [min(longest(word for cell in cells for word in cell.split()), _LONGEST_WORD) for cells in columns],
        [size if size <= _ON_ONE_LINE else 0 for size in sizes],
        sizes,
    ]
    for wish in wishes:
        widths = _grown(widths, wish, room)
    return widths


def _grown(widths: Sequence[int], wish: Sequence[int], room: int) -> list[int]:
    """Give columns what they wish, or an even share of the room that is left to those that wish for more than that."""
    grown = list(widths)
    lacking = sorted(
        (wished - has, number) for number, (wished, has) in enumerate(zip(wish, widths, strict=True))
    )
    left = room - sum(widths)
    for served, (lack, number) in enumerate(lacking):
        more = min(max(lack, 0), left // (len(lacking) - served))
        grown[number] += more
        left -= more
    return grown


def _below(names: Cells, rows: Sequence[Cells]) -> Grid:
    """Show each row as a list of its cells: for more columns than a line can hold."""
    from rich.table import Table as Grid
    from rich.text import Text

    drawn = Grid.grid(padding=(0, 1))
    drawn.add_column(overflow="fold", max_width=_ON_ONE_LINE)
    drawn.add_column(overflow="fold")
    for number, cells in enumerate(rows, 1):
        drawn.add_row(Text(f"row {number:,}"))
        for name, cell in zip(names, cells, strict=True):
            drawn.add_row(Text(f"  {name}"), Text(cell))
    return drawn


def for_notebook(names: Cells, rows: Sequence[Cells], *, total: int) -> str:
    """Return rows as HTML in which every cell is text, with the number of rows below."""
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>" for cells in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div>{table}<p>{how_many(len(rows), total)}</p></div>"
