"""The vocabulary: the terms in code are those of the ontology, and a mistyped one fails loudly."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from stabgraph import vocabulary
from stabgraph.turtle import parse
from stabgraph.vocabulary import (
    DCTERMS,
    ID,
    ID_KINDS,
    ONTOLOGY,
    ONTOLOGY_VERSION,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SG,
    SKOS,
    TERMS,
    WGS,
    Namespace,
    bundled,
    curie,
    iri,
    is_state,
    kind_of,
    local_id,
    party,
    words,
)

CLOSED = {"SG": SG, "DCTERMS": DCTERMS, "RDF": RDF, "RDFS": RDFS, "SKOS": SKOS, "WGS": WGS}


@pytest.fixture(scope="module")
def ontology():
    return parse(bundled("ontology") / "stabgraph.ttl")


def test_terms_are_those_that_the_ontology_declares_in_its_order(ontology):
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    declared = [
        quad.subject.value.removeprefix(ONTOLOGY)
        for quad in ontology
        if quad.predicate == RDF.type and quad.object in kinds and quad.subject.value.startswith(ONTOLOGY)
    ]
    assert declared == list(TERMS)


def test_version_in_code_is_that_of_the_ontology(ontology):
    assert [quad.object.value for quad in ontology if quad.predicate == OWL.versionInfo] == [ONTOLOGY_VERSION]


def test_no_term_stands_twice():
    assert len(set(TERMS)) == len(TERMS)


def test_every_term_of_ours_in_the_ontology_is_declared(ontology):
    used = {
        node.value.removeprefix(ONTOLOGY)
        for quad in ontology
        for node in (quad.subject, quad.predicate, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith(ONTOLOGY)
    }
    assert used == set(TERMS)


@pytest.mark.parametrize("folder", ["data", "ontology"])
def test_prefixes_in_the_files_are_ours(folder):
    """The ontology's own file also binds the empty prefix, vann: and the like."""
    declared = {
        found
        for path in bundled(folder).rglob("*.t*")
        if path.suffix in {".ttl", ".trig"}
        for found in re.findall(r"^@prefix ([a-z]+): <([^>]+)>", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(declared) > 8
    assert {(name, base) for name, base in declared if PREFIXES.get(name, base) != base} == set()
    if folder == "data":
        assert declared <= set(PREFIXES.items())


def test_every_kind_of_thing_has_a_prefix():
    assert {kind: PREFIXES[kind] for kind in ID_KINDS} == {kind: f"{ID}{kind}/" for kind in ID_KINDS}
    assert PREFIXES["sg"] == ONTOLOGY


def test_no_prefix_stands_for_another_ones_names():
    bases = list(PREFIXES.values())
    assert [(a, b) for a in bases for b in bases if a != b and a.startswith(b)] == []
    assert len(set(bases)) == len(bases)


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("term", ["Meating", "lable", "__nothing__"])
def test_unknown_term_of_a_closed_namespace_fails_loudly(name, term):
    with pytest.raises(AttributeError, match=term):
        getattr(CLOSED[name], term)
    with pytest.raises(AttributeError, match=rf"has no term '{term}'"):
        CLOSED[name][term]


def test_open_namespace_makes_any_term_and_the_same_one_again():
    space = Namespace("https://example.org/")
    assert space.anything == NamedNode("https://example.org/anything")
    assert space["any-thing"] is space["any-thing"]


@given(st.sampled_from(ID_KINDS), st.from_regex(r"[a-zA-Z0-9-]+(/[a-zA-Z0-9-]+){0,2}", fullmatch=True))
def test_iri_gives_kind_and_id_back(kind, local):
    node = iri(kind, local)
    assert (kind_of(node), local_id(node)) == (kind, local)
    assert curie(node) == f"{kind}:{local}"


def test_iri_of_others_has_no_kind():
    node = NamedNode("https://example.org/state/RUS")
    assert (kind_of(node), local_id(node), curie(node)) == ("", node.value, node.value)


def test_words_are_those_of_a_literal_or_an_iri():
    assert words(Literal("Москва", language="ru")) == "Москва"
    assert words(iri("state", "RUS")) == "https://w3id.org/stabgraph/id/state/RUS"


def test_state_codes_are_those_of_the_dataset():
    described = {
        local_id(quad.subject)
        for quad in parse(bundled("data") / "states.ttl")
        if quad.predicate == RDF.type and quad.object == SG.State
    }
    assert len(described) > 200
    assert {code for code in described if not is_state(code)} == set()


@pytest.mark.parametrize("code", ["", "ZZZ", "rus", "RU", "NATO", "RUSS", "a s", "@pr"])
def test_other_codes_are_no_states(code):
    assert not is_state(code)


@pytest.mark.parametrize(
    ("code", "expected"), [("PAK", "state:PAK"), ("SUN", "state:SUN"), ("EUU", "institution:EUU")]
)
def test_party_is_a_state_or_an_institution(code, expected):
    assert curie(party(code)) == expected


def test_all_names_of_the_module_are_there():
    assert [name for name in vocabulary.__all__ if not hasattr(vocabulary, name)] == []


@pytest.mark.parametrize("folder", ["data", "ontology"])
def test_bundled_folders_are_found(folder):
    assert list(bundled(folder).glob("*.ttl"))
