"""The form to fill: what is missing as rows of a table, handed in again as records.

``stabgraph gaps --format csv`` writes a form: the first columns say what is missing, the others are empty. Whoever
finds a report that closes a gap writes its address and what it says into the row, in any spreadsheet; ``stabgraph
add`` takes the file like a record file. A row without an address is passed over, so a form may be handed in half
filled.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING, Any

from stabgraph.errors import RecordError, one_line
from stabgraph.fields import convert, slug
from stabgraph.records import Meeting, Person, Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stabgraph.records import Entry
    from stabgraph.results import Table

__all__ = ["FILLED", "form", "read_form"]

#: The columns that say what is missing, in the words of the query ``gaps``.
_GIVEN = ("worth", "missing", "dialogue", "meeting", "cycle", "number", "date")
#: The columns to fill: first the report, then what it says.
_REPORT = ("url", "publisher", "published", "language")
_SAYS = ("ordinal", "start", "end", "city", "country", "status")
_LISTS = ("heads", "topics")
FILLED = (*_REPORT, *_SAYS, *_LISTS)
#: Gaps of which there is no meeting yet; the meeting of such a row, if any, is the one that announced it.
_NEW = frozenset({"round", "announced round"})
#: ``RUS: S.A. Ryabkov [sergey-ryabkov], Deputy Foreign Minister``; the id only where the name does not make it.
_HEAD = re.compile(
    r"(?P<party>[A-Z]{2,8}):\s*(?P<name>[^,\[]+?)\s*(?:\[(?P<id>[^\]]+)\])?\s*(?:,\s*(?P<role>.+))?"
)


def form(gaps: Table, dialogue: str | None = None) -> str:
    """Return the form for the answer of the query ``gaps``, as CSV.

    Parameters
    ----------
    gaps
        The answer.
    dialogue
        The id of the dialogue that was asked for, which its answer does not repeat in every row.

    Examples
    --------
    >>> import stabgraph as sg
    >>> gaps = sg.load().ask("gaps", dialogue="pak-rus-cgss").head(1)
    >>> print(form(gaps, "pak-rus-cgss"))  # doctest: +ELLIPSIS
    worth,missing,dialogue,meeting,cycle,number,date,url,publisher,published,language,ordinal,start,end,...
    """
    out = StringIO()
    writer = csv.DictWriter(out, (*_GIVEN, *FILLED), lineterminator="\n")
    writer.writeheader()
    for row in gaps.to_dicts():
        told = {name: value for name, value in row.items() if name in _GIVEN}
        told["dialogue"] = told.get("dialogue", dialogue)
        told["ordinal"] = told.get("number")
        writer.writerow(told)
    return out.getvalue()


def read_form(path: Path) -> Iterator[Entry | RecordError]:
    """Read a filled form row by row, with the error in place of a row that is refused.

    Heads are written ``PAK: Tahir Andrabi, Additional Foreign Secretary; RUS: S.A. Ryabkov [sergey-ryabkov]``: party,
    name as the report spells it, the id of a known official where the name does not make it, and the post. Topics are
    parted by semicolons.

    Raises
    ------
    RecordError
        If the file cannot be read or is not a form.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"cannot be read ({one_line(error)})", file=str(path)) from error
    head = lines[0] if lines else ""
    # Where the comma parts decimals, spreadsheets part columns by semicolons.
    rows = csv.DictReader(lines, delimiter=";" if head.count(";") > head.count(",") else ",")
    missing = {"dialogue", "meeting", *_REPORT} - set(rows.fieldnames or ())
    if missing:
        raise RecordError(
            f"is not a form: the columns {', '.join(sorted(missing))} are missing; "
            "`stabgraph gaps --format csv` writes one",
            file=str(path),
        )
    for row in rows:
        told = {
            name: (value or "").strip()
            for name, value in row.items()
            if isinstance(value, str | None) and name
        }
        if told.get("url"):
            yield from _entries(told, f"{path}, line {rows.line_num}")


def _entries(row: dict[str, str], where: str) -> Iterator[Entry | RecordError]:
    """Yield the entries of one row, things before the record that points to them; or what is wrong with the row."""
    try:
        heads = [_head(text) for text in _parts(row.get("heads", ""))]
        meeting = _meeting(row)
        entries: list[Entry] = [convert(_person(head), Person) for head in heads]
        if row.get("missing") in _NEW:
            entries.append(convert(_described(row, meeting), Meeting))
        entries.append(convert(_record(row, meeting, heads), Record))
    except RecordError as error:
        yield RecordError(error.reason, field=error.field, record=error.record, file=where)
    else:
        yield from entries


def _meeting(row: dict[str, str]) -> str:
    """Return the id of the meeting that a row is about: for a missing round, dialogue and number, or day."""
    if row.get("missing") not in _NEW and row["meeting"]:
        return row["meeting"]
    which = row.get("ordinal") or row.get("start")
    if not (row["dialogue"] and which):
        raise RecordError("names no meeting: fill in ordinal or start, or the meeting's id", field="meeting")
    cycle = f"{slug(row['cycle'], limit=40)}-" if row.get("cycle") else ""
    return f"{row['dialogue']}-{cycle}{which}"


def _described(row: dict[str, str], meeting: str) -> dict[str, Any]:
    title = f"round {row['ordinal']}" if row.get("ordinal") else f"meeting of {row['start']}"
    return _stated({"id": meeting, "series": row["dialogue"], "label": title, "cycle": row.get("cycle")})


def _record(row: dict[str, str], meeting: str, heads: list[dict[str, str]]) -> dict[str, Any]:
    sides: dict[str, list[dict[str, Any]]] = {}
    for head in heads:
        delegate = {"person": head["id"], "as": head["name"], "role": head["role"]}
        sides.setdefault(head["party"], []).append(_stated(delegate))
    says = {name: row.get(name) for name in _SAYS} | {
        "delegations": [{"party": party, "heads": delegates} for party, delegates in sides.items()],
        "topics": _parts(row.get("topics", "")),
    }
    when = row.get("published") or "undated"
    report = {name: row[name] for name in _REPORT} | {
        "id": slug(f"{row['publisher']} {when} {meeting}", limit=110),
        "about": meeting,
        "says": _stated(says),
    }
    return _stated(report)


def _head(text: str) -> dict[str, str]:
    found = _HEAD.fullmatch(text)
    if found is None:
        raise RecordError(
            f"{text!r} is not a head: write `RUS: Sergey Ryabkov, Deputy Foreign Minister`, several parted by "
            "semicolons",
            field="heads",
        )
    head = {name: value or "" for name, value in found.groupdict().items()}
    return head | {"id": head["id"] or slug(head["name"], limit=100)}


def _person(head: dict[str, str]) -> dict[str, str]:
    return {"id": head["id"], "name": head["name"], "of": head["party"]}


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
