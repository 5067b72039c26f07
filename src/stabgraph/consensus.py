"""Which value has the best support: the rule by which stabgraph concludes from the claims of reports.

In full:

* Properties that can have many values (parties, participations, topics, outcomes …) are the union over the reports.
* A property that can have one value takes the value with the best support:

  1. Where a report says that the meeting was held, reports that only foresee it do not count, unless no other
     report gives the property. An end before the start that was concluded does not count at all.
  2. A more precise value that agrees with a coarser one replaces it (2024-02-07 and 2024-02; a town and
     its province; held and planned; chair and head).
  3. Then counts the number of independent publishers whose reports state the value or a coarser one that
     agrees. The copies of one text, and the reports of one publisher, are one witness.
  4. Then the kind of publisher: official voice, wire agency, press, other.
  5. Then the earlier publication, and at the very last the order of the values themselves.

* A property of which two values are left that cannot both be right is *disputed*. All values stay in the graphs of
  their reports.
* Every conclusion has its *standing*: confirmed (two independent publishers or more, none against), single source (one
  publisher), majority (disputed, and more publishers behind it than behind any other value) or conflict (disputed,
  and not settled by their number).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from stabgraph.dates import Date
from stabgraph.errors import DateError
from stabgraph.vocabulary import EDTF, SG, iri, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from stabgraph.vocabulary import Term

__all__ = [
    "KINDS_OF_VOICE",
    "LATE",
    "Claim",
    "Standing",
    "Witness",
    "best",
    "date_of",
    "day_of",
    "refines",
    "witnesses",
]

#: The day of what bears no date: later than any.
LATE = "9999-12-31"

#: The kinds of publisher that weigh more than others, the weightiest first.
KINDS_OF_VOICE = ("official", "wire", "press")
_WEIGHT = {iri("kind", kind): rank for rank, kind in enumerate(KINDS_OF_VOICE)}
#: What a value says more precisely than others. A meeting that was held, or called off, was planned before, and perhaps
#: put off; a chair, whom reports also list among the heads, is more than that.
_IMPLIED: dict[Term, frozenset[Term]] = {
    iri(kind, name): frozenset(iri(kind, coarser) for coarser in implied)
    for kind, name, *implied in (
        ("status", "postponed", "planned"),
        ("status", "held", "planned", "postponed"),
        ("status", "cancelled", "planned", "postponed"),
        ("status", "suspended", "planned", "postponed"),
        ("capacity", "head", "member"),
        ("capacity", "chair", "head", "member"),
        ("capacity", "mediator", "head", "member"),
        ("capacity", "speaker", "head", "member"),
    )
}


class Standing(StrEnum):
    """How well a conclusion stands."""

    CONFIRMED = "confirmed"
    MAJORITY = "majority"
    SINGLE_SOURCE = "singleSource"
    CONFLICT = "conflict"

    @property
    def words(self) -> str:
        """The standing as people read it."""
        return "single source" if self is Standing.SINGLE_SOURCE else self.value

    @property
    def disputed(self) -> bool:
        """Whether reports give values that cannot both be right."""
        return self in {Standing.MAJORITY, Standing.CONFLICT}


@dataclass(frozen=True, slots=True)
class Witness:
    """The weight of a report.

    Attributes
    ----------
    publisher
        Who is independent of whom: reports of one publisher, and copies of one text, share it.
    rank
        The kind of publisher, 0 the weightiest.
    published
        The first day on which the report can have appeared, as ISO 8601; a late date if it bears none.
    known
        The last such day: from then on it is certain to have been known.
    """

    publisher: str
    rank: int = len(_WEIGHT)
    published: str = LATE
    known: str = LATE


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that a report gives to a property."""

    value: Term
    witness: Witness


def witnesses(
    descriptions: Iterable[Quad], kinds: Mapping[NamedNode, NamedNode] | None = None
) -> dict[NamedNode, Witness]:
    """Return the weight of every report.

    Parameters
    ----------
    descriptions
        The descriptions of reports, with the publishers that they link to.
    kinds
        The kind of each publisher.
    """
    reports: dict[NamedNode, dict[NamedNode, Term]] = defaultdict(dict)
    for subject, name, value, _ in descriptions:
        if kind_of(subject) == "report":
            reports[subject][name] = value
    return {report: _witness(report, reports, kinds or {}) for report in reports}


def _witness(
    report: NamedNode,
    reports: Mapping[NamedNode, Mapping[NamedNode, Term]],
    kinds: Mapping[NamedNode, NamedNode],
) -> Witness:
    own = reports[report]
    origin, seen = report, {report}
    while isinstance(copied := reports.get(origin, {}).get(SG.copyOf), NamedNode) and copied not in seen:
        origin = copied
        seen.add(origin)
    source = reports.get(origin, own)
    publisher = source.get(SG.publisher) or source.get(SG.credit) or origin
    kind = kinds.get(publisher) if isinstance(publisher, NamedNode) else None
    published = date_of(own.get(SG.published))
    return Witness(
        publisher=str(publisher),
        rank=_WEIGHT.get(kind, len(_WEIGHT)) if kind else len(_WEIGHT),
        published=_iso(published.earliest if published else None),
        known=_iso(published.latest if published else None),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else LATE


def date_of(term: Term | None) -> Date | None:
    """Return the date that a term says; from what is no date nothing is concluded, validation names it."""
    try:
        return Date.parse(term.value) if isinstance(term, Literal) else None
    except DateError:
        return None


def day_of(term: Term | None) -> date | None:
    """Return the first day that a term can mean."""
    date = date_of(term)
    return date.earliest if date else None


def refines(value: Term, other: Term, within: Mapping[Term, Term]) -> bool:
    """Tell whether a value says the same as another, only more precisely."""
    if isinstance(value, Literal) and isinstance(other, Literal):
        if value.datatype == EDTF and other.datatype == EDTF and value != other:
            try:
                return Date.parse(value.value).refines(Date.parse(other.value))
            except DateError:
                return False
        return False
    return other in _IMPLIED.get(value, ()) or _lies_in(value, other, within)


def _lies_in(place: Term, other: Term, within: Mapping[Term, Term]) -> bool:
    passed = {place}
    while (larger := within.get(place)) is not None and larger not in passed:
        if larger == other:
            return True
        passed.add(larger)
        place = larger
    return False


def best(claims: Collection[Claim], within: Mapping[Term, Term] | None = None) -> tuple[Term, Standing]:
    """Return the value with the best support, and how well it stands.

    Parameters
    ----------
    claims
        At least one value, each with its witness.
    within
        For places, the larger place that each lies in.

    Examples
    --------
    >>> seventh, eighth, month = (
    ...     Literal(text, datatype=EDTF) for text in ("2024-02-07", "2024-02-08", "2024-02")
    ... )
    >>> one, two, three = (Witness(name) for name in ("one", "two", "three"))
    >>> value, standing = best([Claim(month, one), Claim(seventh, two)])
    >>> value.value, standing.value
    ('2024-02-07', 'confirmed')
    >>> value, standing = best([Claim(seventh, one), Claim(eighth, two), Claim(eighth, three)])
    >>> value.value, standing.value
    ('2024-02-08', 'majority')
    """
    by_publisher: dict[str, set[Term]] = defaultdict(set)
    for claim in claims:
        by_publisher[claim.witness.publisher].add(claim.value)
    values = {claim.value for claim in claims}
    if len(values) == 1:
        return values.pop(), _undisputed(len(by_publisher))
    places = within or {}
    candidates = [v for v in values if not any(refines(other, v, places) for other in values)]
    support = {
        value: sum(_supports(said, value, places) for said in by_publisher.values()) for value in candidates
    }

    def rank(value: Term) -> tuple[int, int, str, str]:
        exact = [claim.witness for claim in claims if claim.value == value]
        return (
            -support[value],
            min(witness.rank for witness in exact),
            min(witness.published for witness in exact),
            str(value),
        )

    first, *others = sorted(candidates, key=rank)
    if not others:
        return first, _undisputed(support[first])
    settled = support[first] > support[others[0]]
    return first, Standing.MAJORITY if settled else Standing.CONFLICT


def _undisputed(publishers: int) -> Standing:
    return Standing.CONFIRMED if publishers > 1 else Standing.SINGLE_SOURCE


def _supports(said: set[Term], value: Term, within: Mapping[Term, Term]) -> bool:
    """Tell whether a publisher that said these values stands behind one: only its own sharpest ones count."""
    sharpest = (v for v in said if not any(refines(other, v, within) for other in said))
    return any(v == value or refines(value, v, within) for v in sharpest)
