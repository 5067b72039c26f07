"""Hypothesis strategies for records, valid by construction."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

from hypothesis import strategies as st

from stabgraph import fields
from stabgraph.records import Announcement, Delegate, Delegation, Life, Participant, Record, Statement

# Words that once were, or could be, taken for something other than a text, and letters of several scripts.
HARD_TEXTS = [
    "no", "null", "~", "1_000", "2003", "0x1F", "1²3", "a: b", "- a", "#", "&a", "*a", "!t", "%x", "@x",
    'say "no"', "it's", "back\\slash", "<b>&amp;</b>", "sg:start", "place: Moscow .", "@prefix", "{", "}", "[",
    "Сергей Рябков", "تسنیم اسلم", "战略稳定", "Bjørn Hansen", "e\u0301", "\u00e9", "\ufeffx", "👩\u200d🚀", "next",
]  # fmt: skip

_PATTERN = re.compile(get_args(fields.Text)[1].pattern)
_any_texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=40)

texts = st.one_of(st.sampled_from(HARD_TEXTS), _any_texts.map(str.strip).filter(_PATTERN.search))
ids = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
states = st.sampled_from(["CHE", "AUT", "ISL", "NOR", "SUN", "YUG"])
parties = st.one_of(states, st.sampled_from(["EUU", "NATO", "IAEA"]))
languages = st.sampled_from(["en", "no", "ur", "zh-Hans", "pt-BR", "ckb"])
urls = st.builds(
    "{}://example.org/{}".format,
    st.sampled_from(["http", "https"]),
    st.text("abc019-._~/?=&%20éж", max_size=20).map(lambda path: path.replace("%", "%20")),
)
days = st.dates(date(1950, 1, 1), date(2050, 12, 31)).map(date.isoformat)


@st.composite
def dates(draw):
    """EDTF texts of several precisions."""
    day, later = sorted((draw(days), draw(days)))
    decade, season = day[:3] + "X", day[:4] + draw(st.sampled_from(["-21", "-22", "-23", "-24"]))
    plain = draw(st.sampled_from([day, day[:7], day[:4], decade, season, f"{day}/{later}", f"{day}/.."]))
    qualified = plain in {day, day[:7], day[:4]}
    return plain + (draw(st.sampled_from(["", "~", "?", "%"])) if qualified else "")


def maybe(strategy):
    return st.one_of(st.none(), strategy)


def lists(strategy, **more):
    return st.lists(strategy, max_size=3, **more).map(tuple)


@st.composite
def delegations(draw, code):
    people = draw(st.lists(ids, max_size=4, unique=True))
    delegates = [
        Delegate(person=person, name=draw(texts), role=draw(maybe(texts)), organisation=draw(maybe(texts)))
        for person in people
    ]
    cut = draw(st.integers(0, len(delegates)))
    return Delegation(party=code, heads=tuple(delegates[:cut]), members=tuple(delegates[cut:]))


@st.composite
def participants(draw, taken):
    """People who are on no side, none of whom sits in a delegation of the same party."""
    found = []
    for person, code in draw(st.lists(st.tuples(ids, maybe(parties)), max_size=3, unique=True)):
        if (person, code) not in taken:
            capacity = draw(st.sampled_from(get_args(fields.Capacity)))
            more = {"role": draw(maybe(texts)), "organisation": draw(maybe(texts)), "party": code}
            found.append(Participant(person=person, name=draw(texts), capacity=capacity, **more))
    return tuple(found)


announcements = st.builds(
    Announcement,
    ordinal=maybe(st.integers(1, 9999)),
    city=maybe(texts),
    country=maybe(states),
    when=maybe(dates()),
)


@st.composite
def spans(draw):
    """A start and an end, in order where both are there."""
    first, last = sorted((draw(days), draw(days)))
    start = draw(st.sampled_from([None, first, first[:7], first[:4], f"{first[:4]}~"]))
    return start, draw(st.sampled_from([None, last, last[:7], last[:4], f"{last}?"]))


@st.composite
def statements(draw):
    start, end = draw(spans())
    sides = [draw(delegations(code)) for code in draw(st.lists(parties, max_size=3, unique=True))]
    taken = {(person.person, side.party) for side in sides for person in (*side.heads, *side.members)}
    documents = draw(lists(texts))
    # An outcome called "Next", or "Document …", would have the id of the announcement, or of a document.
    outcomes = draw(lists(texts.filter(lambda text: not re.match(r"(?i)\W*(next|document)\b", text))))
    return Statement(
        ordinal=draw(maybe(st.integers(1, 9999))),
        start=start,
        end=end,
        city=draw(maybe(texts)),
        country=draw(maybe(states)),
        venue=draw(maybe(texts)),
        mode=draw(maybe(st.sampled_from(get_args(fields.Mode)))),
        level=draw(maybe(st.sampled_from(get_args(fields.Level)))),
        status=draw(maybe(st.sampled_from(get_args(fields.Status)))),
        hosts=draw(lists(parties)),
        delegations=tuple(sides),
        participants=draw(participants(taken)),
        observers=draw(lists(texts)),
        absent=draw(lists(texts)),
        topics=draw(lists(texts)),
        bodies=draw(lists(texts)),
        instruments=draw(lists(texts)),
        outcomes=outcomes,
        documents=documents,
        next=draw(maybe(announcements)),
    )


@st.composite
def lives(draw):
    """What is said of an instrument: some of its stages, in order."""
    made, begun, paused, over = sorted(draw(days) for _ in range(4))
    open_end = st.sampled_from([begun, begun[:7], begun[:4], f"[{begun}..]"])
    return Life(
        adopted=draw(maybe(st.sampled_from([made, made[:7]]))),
        signed=draw(maybe(st.sampled_from([made, made[:4]]))),
        entered_into_force=draw(maybe(open_end)),
        suspended=draw(maybe(st.just(paused))),
        ended=draw(maybe(st.sampled_from([over, over[:7], over[:4]]))),
        replaced_by=draw(lists(ids)),
        amends=draw(lists(ids)),
    )


_reports = {
    "id": ids,
    "url": urls,
    "publisher": texts,
    "published": maybe(dates()),
    "language": languages,
    "copy_of": maybe(ids),
    "about": ids,
}
records = st.one_of(
    st.builds(Record, **_reports, says=statements()),
    # Nothing replaces or amends itself.
    st.builds(Record, **{**_reports, "about": ids.map("the-{}".format)}, life=lives()),
)
