"""Whom to believe: which reports the conclusions are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stabgraph.consensus import KINDS_OF_VOICE
from stabgraph.dates import Date
from stabgraph.errors import DateError, ParameterError, UnknownNameError, suggest
from stabgraph.vocabulary import local_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import NamedNode

    from stabgraph.consensus import Witness
    from stabgraph.linking import Labels

__all__ = ["ANYBODY", "Trust"]

ANYBODY = "any"


@dataclass(frozen=True)
class Trust:
    """Whose reports count, and as of which day.

    Attributes
    ----------
    voices
        Kinds of publisher (``official``, ``wire``, ``press``) and publishers, by id or label; all if it holds ``any``.
    as_of
        A date in EDTF: only reports count that had certainly appeared on its last day. A report without a date does
        not, since nobody can tell.

    Examples
    --------
    >>> Trust.of("official,wire", as_of="2024-02")
    Trust(voices=('official', 'wire'), as_of='2024-02')
    >>> str(Trust.of())
    'any'
    """

    voices: tuple[str, ...] = (ANYBODY,)
    as_of: str | None = None

    @classmethod
    def of(cls, voices: str | Iterable[str] | None = None, as_of: str | None = None) -> Trust:
        """Return the choice that words make: one, several, or several with commas between them.

        Raises
        ------
        ParameterError
            If `as_of` is no date in EDTF, or one without an end.
        """
        words = [voices] if isinstance(voices, str) else list(voices or ())
        names = (name.strip() for word in words for name in word.split(","))
        chosen = tuple(dict.fromkeys(name for name in names if name))
        if as_of is not None:
            _last_day(as_of)
        return cls(chosen or (ANYBODY,), as_of)

    def __str__(self) -> str:
        return ", ".join(self.voices) + (f" as of {self.as_of}" if self.as_of else "")

    @property
    def everything(self) -> bool:
        """Whether all reports count."""
        return ANYBODY in self.voices and self.as_of is None

    def jury(self, labels: Labels) -> Jury:
        """Return who decides on each report.

        Raises
        ------
        UnknownNameError
            If no publisher has a name that was given; the message suggests others.
        """
        ranks: set[int] = set()
        publishers: set[str] = set()
        for voice in self.voices:
            if voice in KINDS_OF_VOICE:
                ranks.add(KINDS_OF_VOICE.index(voice))
            elif voice != ANYBODY:
                publishers.add(str(_publisher(voice, labels)))
        everybody = ANYBODY in self.voices
        return Jury(everybody, ranks, publishers, _last_day(self.as_of) if self.as_of else None)


@dataclass(frozen=True)
class Jury:
    """Decides whether the report of a witness counts."""

    everybody: bool
    ranks: set[int]
    publishers: set[str]
    day: str | None

    def believes(self, witness: Witness) -> bool:
        """Return whether it does."""
        voice = self.everybody or witness.rank in self.ranks or witness.publisher in self.publishers
        return voice and (self.day is None or witness.known <= self.day)


def _publisher(voice: str, labels: Labels) -> NamedNode:
    found = labels.one(voice, "publisher")
    if found is not None:
        return found
    known = {local_id(node): node for node in labels.things("publisher")}
    if voice in known:
        return known[voice]
    near = suggest(voice, [*KINDS_OF_VOICE, ANYBODY, *known])
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else f"name one, or {', '.join(KINDS_OF_VOICE)} or {ANYBODY}"
    )
    raise UnknownNameError(f"there is no publisher {voice!r} to trust; {hint}", name=voice, suggestions=near)


def _last_day(text: str) -> str:
    try:
        day = Date.parse(text).latest
    except DateError as error:
        raise ParameterError(f"as of: {error.reason}") from error
    if day is None:
        raise ParameterError(f"as of must be a date that ends, not {text!r}")
    return day.isoformat()
