"""A table on a screen: in a terminal, in a notebook."""

from __future__ import annotations

import io
import re
import shutil
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table as Grid

    Cells = Sequence[str]

__all__ = ["for_notebook", "for_terminal", "how_many", "terminal_width"]

_ON_ONE_LINE = 24
_NARROWEST = 8
_GAP = 3
_WIDTH_OF_A_FILE = 120
# Columns of fewer characters than this cannot be read; rows are then shown one below the other.
_READABLE = 3
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
        across = len(names) * (_READABLE + _GAP) <= width
        console.print(_across(names, rows, width) if across else _below(names, rows))
    console.print(Text(f"({how_many(len(rows), total)})"))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines()).lstrip("\n")


def _across(names: Cells, rows: Sequence[Cells], width: int) -> Grid:
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.table import Table as Grid
    from rich.text import Text

    drawn = Grid(box=SIMPLE_HEAD, pad_edge=False)
    longest = [max(map(cell_len, cells)) for cells in zip(names, *rows, strict=True)]
    # What people copy or compare (ids, dates, numbers) stays on one line, as long as there is room for the
    # other columns: Rich would cut it off otherwise. Sentences are wrapped.
    room = width - sum(min(size, _NARROWEST) + _GAP for size in longest)
    for name, size in zip(names, longest, strict=True):
        more = max(size - _NARROWEST, 0)
        on_one_line = size <= _ON_ONE_LINE and more <= room
        room -= more if on_one_line else 0
        drawn.add_column(name, overflow="fold", no_wrap=on_one_line)
    for cells in rows:
        drawn.add_row(*map(Text, cells))
    return drawn


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
