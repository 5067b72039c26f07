"""The ontology keeps its own rules, and each rule can be broken."""

from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SKOS

ONTOLOGY = Path(__file__).parents[2] / "ontology"
SG = rdflib.Namespace("https://w3id.org/stabgraph/ontology#")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


def style_faults(graph):
    shapes = rdflib.Graph().parse(ONTOLOGY / "style.ttl")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", do_owl_imports=False)
    return {report.value(result, SH.focusNode) for result in report.objects(None, SH.result)}


@pytest.fixture
def ontology():
    return rdflib.Graph().parse(ONTOLOGY / "stabgraph.ttl")


def test_ontology_keeps_the_style_rules(ontology):
    assert style_faults(ontology) == set()


@pytest.mark.parametrize("missing", [RDFS.label, SKOS.definition, SKOS.example])
@pytest.mark.parametrize("term", [SG.Meeting, SG.topic])
def test_term_without_label_definition_or_example_is_refused(ontology, term, missing):
    ontology.remove((term, missing, None))
    assert style_faults(ontology) == {term}


def test_second_definition_is_refused(ontology):
    ontology.add((SG.Meeting, SKOS.definition, rdflib.Literal("Another sentence.", lang="en")))
    assert style_faults(ontology) == {SG.Meeting}


def test_class_in_lower_case_is_refused(ontology):
    for name, value in (
        (RDF.type, OWL.Class),
        (RDFS.label, rdflib.Literal("summit", lang="en")),
        (SKOS.definition, rdflib.Literal("A meeting of leaders, invented for this test.", lang="en")),
        (SKOS.example, rdflib.Literal("None.", lang="en")),
    ):
        ontology.add((SG.summit, name, value))
    assert style_faults(ontology) == {SG.summit}


def test_ontology_has_version_and_licence(ontology):
    header = ontology.value(None, RDF.type, OWL.Ontology)
    assert ontology.value(header, OWL.versionIRI)
    assert ontology.value(header, rdflib.DCTERMS.license)


def test_every_shape_says_what_is_wrong_and_what_to_do():
    shapes = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")
    properties = set(shapes.subjects(RDF.type, SH.PropertyShape))
    assert len(properties) > 40
    for shape in properties:
        message = str(shapes.value(shape, SH.message) or "")
        assert message.endswith("."), shape
        assert any(mark in message for mark in (":", ";")), f"{shape} names no remedy"


def test_alignments_speak_of_our_terms_only(ontology):
    alignments = rdflib.Graph().parse(ONTOLOGY / "alignments.ttl")
    ours = {term for term in alignments.subjects() if str(term).startswith(str(SG))}
    assert len(ours) > 20
    assert ours <= set(ontology.subjects())
