"""What the fields of a record may hold.

The types carry their rule and its description, so that checking and the published JSON Schema come from one
place.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from typing import Annotated, Any, ClassVar, Literal, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct

from stabgraph.dates import Date
from stabgraph.errors import DateError, RecordError, one_line, suggest
from stabgraph.vocabulary import is_state

__all__ = [
    "END",
    "Capacity",
    "Checked",
    "Code",
    "Edtf",
    "Id",
    "Kind",
    "Language",
    "Level",
    "Mode",
    "Ordinal",
    "Status",
    "Text",
    "Url",
    "convert",
    "no_repeats",
    "slug",
]

#: The end of a text in every dialect of regular expressions: in Python's, `$` also stands before a last line feed.
END = r"$(?!\n)"

Id = Annotated[
    str,
    Meta(
        pattern=rf"^[a-z0-9]+(-[a-z0-9]+)*{END}",
        max_length=120,
        description="An id: lower-case letters and digits, joined by hyphens.",
    ),
]
Code = Annotated[
    str,
    Meta(
        pattern=rf"^[A-Z]{{2,8}}{END}",
        description="A party: the ISO 3166 alpha-3 code of a state, present or historical, or the code of "
        "an institution (EUU, NATO, UNO, IAEA, OSCE …).",
    ),
]
_VISIBLE = r"[^\s\x00-\x1f\x7f-\x9f]"
_IN_LINE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]"
Text = Annotated[
    str,
    Meta(
        pattern=rf"^{_VISIBLE}({_IN_LINE}*{_VISIBLE})?{END}",
        max_length=500,
        description="One line of text, without space around it.",
    ),
]
Edtf = Annotated[str, Meta(pattern=rf"^\S+{END}", max_length=60, description="A date in EDTF (ISO 8601-2).")]
Url = Annotated[
    str,
    Meta(
        pattern=rf"""^https?://[^\s<>"{{}}|\\^`\x00-\x1f]+{END}""",
        max_length=2000,
        description="An address that begins with http:// or https://.",
    ),
]
Language = Annotated[
    str,
    Meta(pattern=rf"^[A-Za-z]{{2,3}}(-[A-Za-z0-9]{{2,8}})*{END}", description="A BCP 47 language tag."),
]
Ordinal = Annotated[int, Meta(ge=1, le=9999, description="The number that a dialogue gives to a meeting.")]

Kind = Literal["bilateral", "trilateral", "minilateral", "multilateral"]
Mode = Literal["in-person", "virtual", "hybrid"]
Level = Literal["expert", "senior-official", "ministerial", "summit"]
Status = Literal["held", "planned", "postponed", "cancelled", "suspended"]
Capacity = Literal["chair", "mediator", "speaker", "observer", "absent"]

_C = TypeVar("_C", bound="Checked")


class Checked(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A mapping in a record file: unknown fields, dates that are not EDTF and false state codes are refused.

    Lists whose order says nothing are sorted, so that records that say the same compare equal.
    """

    unordered: ClassVar[tuple[str, ...]] = ()
    dates: ClassVar[tuple[str, ...]] = ()
    states: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for field in self.unordered:
            values = sorted(set(getattr(self, field)), key=repr)
            msgspec.structs.force_setattr(self, field, tuple(values))
        for field in self.dates:
            self._check_date(field)
        for field in self.states:
            self._check_state(field)

    def _check_date(self, field: str) -> None:
        text = getattr(self, field)
        if text is not None:
            try:
                Date.parse(text)
            except DateError as error:
                raise ValueError(f"{error.reason} (in `{field}`)") from error

    def _check_state(self, field: str) -> None:
        code = getattr(self, field)
        if code is not None and not is_state(code):
            raise ValueError(
                f"{code} is not the code of a state: use an ISO 3166 alpha-3 code such as PAK (in `{field}`)"
            )


def no_repeats(field: str, values: list[str]) -> None:
    """Refuse a list that names somebody twice.

    Raises
    ------
    ValueError
        If a value stands twice.

    Examples
    --------
    >>> no_repeats("delegations", ["PAK", "RUS"])
    """
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"{value} stands twice (in `{field}`)")


def convert(value: Any, kind: type[_C]) -> _C:
    """Make a checked object from what YAML gave.

    Raises
    ------
    RecordError
        If the value breaks a rule; ``field`` says where.
    """
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$")
        reason, _, inner = reason.partition(" (in `")
        field = ".".join(part for part in (path.rstrip("`").lstrip("."), inner.rstrip("`)")) if part)
        record = value.get("id") if isinstance(value, dict) else None
        raise RecordError(
            one_line(_in_our_words(reason)),
            field=one_line(field),
            record=one_line(record) if isinstance(record, str) else "",
        ) from error


def _in_our_words(reason: str) -> str:
    for kind in (Id, Code, Text, Edtf, Url, Language):
        rule = get_args(kind)[1]
        form = rule.description[0].lower() + rule.description[1:].rstrip(".")
        reason = reason.replace(f"Expected `str` matching regex {rule.pattern!r}", f"is not {form}")
    for theirs, ours in (
        ("Object contains unknown field", "unknown field"),
        ("Object missing required field", "the required field is missing:"),
        ("Expected `object`, got", "must be a mapping, not"),
        ("Expected `object | null`, got", "must be a mapping, not"),
        ("Expected `array`, got", "must be a list, not"),
        ("Expected", "expected"),
        ("Invalid enum value", "is not one of the known values:"),
    ):
        reason = reason.replace(theirs, ours)
    if unknown := re.match(r"unknown field `(.*)`$", reason, re.DOTALL):
        reason += f"; {_remedy(unknown[1])}"
    return reason


def _remedy(field: str) -> str:
    known = _names(Checked)
    if field in known:
        return "it belongs elsewhere in the file, as the template of a record shows"
    near = suggest(field, known)
    return f"did you mean {near[0]}?" if near else "leave it out, or see the template of a record"


def _names(kind: type[Checked]) -> set[str]:
    """Return the names of the fields of a kind of mapping and of all that are made from it."""
    own = {field.encode_name for field in msgspec.structs.fields(kind)}
    return own.union(*(_names(below) for below in kind.__subclasses__()))


def slug(text: str, *, limit: int) -> str:
    """Return an id made of a text's words; where they are too long, or not all Latin, with a digest.

    Examples
    --------
    >>> slug("Göteborg (Sweden)", limit=80)
    'goteborg-sweden'
    """
    plain = unicodedata.normalize("NFKD", text)
    lost = any(mark.isalnum() and not mark.isascii() for mark in plain)
    words = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")
    if words and len(words) <= limit and not lost:
        return words
    digest = blake2b(text.casefold().encode(), digest_size=4).hexdigest()
    return f"{words[: limit - 12].rstrip('-')}-{digest}".lstrip("-")
