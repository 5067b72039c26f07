"""The thesaurus is valid SKOS: one label for one concept, no cycles, no orphans."""

from collections import defaultdict
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, SKOS

from stabgraph.linking import fold

TOPICS = Path(__file__).parents[2] / "ontology" / "topics.ttl"


@pytest.fixture(scope="module")
def topics():
    return rdflib.Graph().parse(TOPICS)


@pytest.fixture(scope="module")
def concepts(topics):
    found = set(topics.subjects(RDF.type, SKOS.Concept))
    assert len(found) > 100
    return found


def test_every_concept_has_one_english_name_and_one_definition(topics, concepts):
    for concept in concepts:
        names = list(topics.objects(concept, SKOS.prefLabel))
        assert [name.language for name in names] == ["en"], concept
        assert len(list(topics.objects(concept, SKOS.definition))) == 1, concept


def test_no_label_is_shared_by_two_concepts(topics):
    bearers = defaultdict(set)
    for name in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
        for concept, label in topics.subject_objects(name):
            if (concept, RDF.type, SKOS.Concept) in topics:
                bearers[fold(str(label))].add(concept)
    assert {label: things for label, things in bearers.items() if len(things) > 1} == {}


def test_every_concept_reaches_a_top_concept_without_going_round(topics, concepts):
    tops = set(topics.subjects(SKOS.topConceptOf, None))
    assert tops
    for concept in concepts:
        above = set(topics.transitive_objects(concept, SKOS.broader))
        assert above & tops, f"{concept} reaches no top concept"
        assert all(
            concept not in topics.transitive_objects(b, SKOS.broader)
            for b in topics.objects(concept, SKOS.broader)
        )


def test_related_concepts_are_not_broader_or_narrower(topics, concepts):
    pairs = list(topics.subject_objects(SKOS.related))
    for one, other in pairs:
        assert {one, other} <= concepts
        assert other not in set(topics.transitive_objects(one, SKOS.broader))
        assert one not in set(topics.transitive_objects(other, SKOS.broader))


def test_broader_concepts_exist(topics, concepts):
    assert set(topics.objects(None, SKOS.broader)) <= concepts
