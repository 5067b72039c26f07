"""How the meetings of a dialogue follow one another: which came before which, and which had been announced.

Both are drawn from the conclusions about a dialogue's meetings, and from their descriptions: what each is part of,
and the cycle within which it is numbered.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from stabgraph.vocabulary import SG, iri, kind_of, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stabgraph.vocabulary import Term

__all__ = ["rounds"]

_HELD = iri("status", "held")
_TOLD = frozenset({SG.ordinal, SG.earliest, SG.latest, SG.status, SG.partOf, SG.cycle, SG.announces})


def rounds(conclusions: Iterable[Quad], descriptions: Iterable[Quad]) -> Iterator[Quad]:
    """Yield which meeting came right after which (``sg:follows``), and makes good which notice (``sg:fulfils``).

    A meeting follows the last one of its dialogue that surely came before it, by its days or by its number. Meetings
    that are part of a larger one are not counted among the rounds, nor those of which neither day nor number is known.

    An announcement is made good by the meeting of the same dialogue that was held, is later than the one that
    announced it, and bears the announced number in the same cycle; where no number was announced, by the first that
    falls into the announced time. A round whose number no report tells counts as the one announced where it falls
    into the announced month.

    Parameters
    ----------
    conclusions
        What is concluded about the meetings of one dialogue or of several.
    descriptions
        The meetings' places in dialogues and larger meetings.
    """
    facts: dict[NamedNode, dict[NamedNode, Term]] = defaultdict(dict)
    dialogues: dict[Term, list[NamedNode]] = defaultdict(list)
    for subject, name, value, _ in (*descriptions, *conclusions):
        if isinstance(subject, NamedNode) and name in _TOLD:
            if name == SG.partOf and kind_of(value) == "dialogue":
                dialogues[value].append(subject)
            else:
                facts[subject][name] = value
    for meetings in dialogues.values():
        series = [_Round.of(meeting, facts[meeting]) for meeting in meetings]
        held = [each for each in series if each.held]
        yield from _chain([each for each in held if not each.inner])
        for each in series:
            if each.announces is not None:
                notice = _Round.of(each.announces, facts[each.announces])
                found = _fulfilling(each, notice, [other for other in held if other is not each])
                if found is not None:
                    yield Quad(found.node, SG.fulfils, notice.node)


@dataclass(frozen=True)
class _Round:
    """A meeting or an announced one; days are ISO texts, empty if unknown."""

    node: NamedNode
    held: bool
    inner: bool
    cycle: str
    number: int | None
    earliest: str
    latest: str
    announces: NamedNode | None

    @classmethod
    def of(cls, node: NamedNode, facts: dict[NamedNode, Term]) -> _Round:
        def text(name: NamedNode) -> str:
            return words(facts[name]) if name in facts else ""

        number, notice = text(SG.ordinal), facts.get(SG.announces)
        return cls(
            node=node,
            held=facts.get(SG.status) == _HELD,
            inner=SG.partOf in facts,
            cycle=text(SG.cycle),
            number=int(number) if number.isdecimal() else None,
            earliest=text(SG.earliest),
            latest=text(SG.latest),
            announces=notice if isinstance(notice, NamedNode) else None,
        )

    def outnumbers(self, other: _Round) -> bool:
        """Tell whether both are numbered in one cycle, and this one is the later."""
        if self.number is None or other.number is None or self.cycle != other.cycle:
            return False
        return self.number > other.number

    def after(self, other: _Round) -> bool:
        """Tell whether this one surely came after another."""
        if self.earliest and other.latest and self.earliest > other.latest:
            return True
        return self.outnumbers(other)


def _chain(series: list[_Round]) -> Iterator[Quad]:
    ordered = sorted(
        (each for each in series if each.earliest and each.latest),
        key=lambda each: (each.earliest, each.latest, each.number or 0, words(each.node)),
    )
    undated = (each for each in series if each not in ordered and each.number is not None)
    for each in sorted(undated, key=lambda each: (each.cycle, each.number or 0, words(each.node))):
        lower = [place for place, other in enumerate(ordered) if each.outnumbers(other)]
        higher = [place for place, other in enumerate(ordered) if other.outnumbers(each)]
        # A count that goes back and forth in time tells nothing about the place of a round.
        if (lower or higher) and max(lower, default=-1) < min(higher, default=len(ordered)):
            ordered.insert(lower[-1] + 1 if lower else higher[0], each)
    for earlier, later in pairwise(ordered):
        if later.after(earlier):
            yield Quad(later.node, SG.follows, earlier.node)


def _fulfilling(meeting: _Round, notice: _Round, candidates: list[_Round]) -> _Round | None:
    since = meeting.latest or meeting.earliest
    in_time = [
        each
        for each in candidates
        if notice.earliest
        and each.earliest > since
        and each.latest >= notice.earliest
        and each.earliest <= notice.latest
    ]
    found = in_time
    if notice.number is not None:
        found = [
            each
            for each in candidates
            if each.number == notice.number
            and each.cycle == meeting.cycle
            and (not since or not each.latest or each.latest > since)
        ]
        # Within a year there is time for other meetings of the dialogue, within a month hardly.
        if not found and notice.earliest[:7] == notice.latest[:7]:
            found = [each for each in in_time if each.number is None]
    return min(found, key=lambda each: (each.earliest or "9999", words(each.node)), default=None)
