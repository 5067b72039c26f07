"""Every named query is plain SPARQL 1.1: rdflib, which shares no code with our engine, gives the same answers."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.util import from_n3

from stabgraph.asking import bind, named_queries

GIVEN = {
    "in-force": {"on": "2033-01-01"},
    "claims": {"report": "daily-1"},
    "lapsed-dialogues": {"on": "2033-01-01", "factor": "0.5"},
    "meeting": {"meeting": "talks-1"},
    "participants": {"meeting": "nordic-2030-morning"},
    "promises": {"on": "2034-01-01"},
    "sources": {"meeting": "talks-1"},
    "topic-trend": {"topic": "arms-control"},
}


@pytest.fixture(scope="module")
def copy(talks):
    """The quads of the invented talks in rdflib's own memory."""
    dataset = rdflib.Dataset(default_union=False)
    dataset.parse(data=talks.engine.store.dump(format=ox.RdfFormat.N_QUADS), format="nquads")
    return dataset


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        *((name, {}) for name in named_queries()),
        # rdflib joins what filters add in the order of the text, so these are queries that it can bear.
        *(
            (name, {"party": "NOR", "topic": "arms-control", "since": "2030"})
            for name in ("meetings", "places")
        ),
    ],
)
def test_rdflib_answers_alike(talks, copy, name, filters):
    query = named_queries()[name]
    bound = bind(query, {**GIVEN.get(name, {}), **filters}, talks.engine)
    text = query.compose(bound)
    ours = talks.engine.query(text, bound)
    names = [variable.value for variable in ours.variables]
    expected = [tuple("" if row[n] is None else row[n].value for n in names) for row in ours]
    theirs = copy.query(text, initBindings={key: from_n3(str(term)) for key, term in bound.items()})
    found = [tuple("" if term is None else str(term) for term in row) for row in theirs]
    assert sorted(found) == sorted(expected)
