"""The thesaurus is valid SKOS: one label for one concept, no cycles, no orphans; its size is that of its field."""

import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF, SKOS

from stabgraph.linking import fold

TOPICS = Path(__file__).parents[2] / "ontology" / "topics.ttl"
SCHEME = rdflib.URIRef("https://w3id.org/stabgraph/id/scheme/topics")


@pytest.fixture(scope="module")
def topics():
    return rdflib.Graph().parse(TOPICS)


@pytest.fixture(scope="module")
def concepts(topics):
    found = set(topics.subjects(RDF.type, SKOS.Concept))
    assert 250 <= len(found) <= 400
    return found


def test_about_a_dozen_top_concepts_head_the_tree(topics, concepts):
    tops = set(topics.subjects(SKOS.topConceptOf, SCHEME))
    assert 10 <= len(tops) <= 15
    assert tops == set(topics.objects(SCHEME, SKOS.hasTopConcept))
    assert tops == {concept for concept in concepts if (concept, SKOS.broader, None) not in topics}


def test_the_address_of_a_concept_is_its_name(topics, concepts):
    for concept in concepts:
        name = unicodedata.normalize("NFKD", str(topics.value(concept, SKOS.prefLabel))).lower()
        plain = re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\u0300-\u036f'’.]", "", name)).strip("-")
        assert concept.rsplit("/", 1)[1] == plain


def test_every_definition_is_one_sentence(topics, concepts):
    for concept in concepts:
        sentence = str(topics.value(concept, SKOS.definition))
        assert re.fullmatch(r"[A-Z].*[a-z0-9]\.", sentence), concept
        assert not re.search(r"[.!?]\s", sentence), concept
        assert len(sentence.split()) >= 5, concept


def test_every_concept_is_in_the_scheme(topics, concepts):
    assert set(topics.subjects(SKOS.inScheme, SCHEME)) == concepts


def test_broader_names_the_nearest_concepts_only(topics, concepts):
    """No concept names as broader what one of its broader concepts already reaches."""
    for concept in concepts:
        direct = set(topics.objects(concept, SKOS.broader))
        for one in direct:
            assert not (set(topics.transitive_objects(one, SKOS.broader)) - {one}) & direct, concept


def test_a_concept_of_eurovoc_is_the_exact_match_of_one(topics):
    matches = list(topics.subject_objects(SKOS.exactMatch))
    assert matches
    assert all(str(other).startswith("http://eurovoc.europa.eu/") for _, other in matches)
    assert len({other for _, other in matches}) == len(matches)


def test_a_concept_matches_another_in_one_way(topics):
    pairs = [
        pair
        for by in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch)
        for pair in topics.subject_objects(by)
    ]
    assert len(set(pairs)) == len(pairs)


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
