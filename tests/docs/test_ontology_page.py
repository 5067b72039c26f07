"""The page of the ontology: complete, and true to the files."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDFS

from stabgraph.vocabulary import ONTOLOGY, TERMS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "ontology.html"
SG = rdflib.Namespace(ONTOLOGY)


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("ontology_page", ROOT / "docs" / "ontology_page.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for their module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def text():
    return PAGE.read_text("utf-8")


def test_every_term_and_question_is_told_once(text):
    told = re.findall(r'<article id="([\w-]+)">', text)
    questions = [f"question-{path.stem}" for path in (ROOT / "ontology" / "questions").glob("*.rq")]
    assert sorted(told) == sorted([*TERMS, *questions])


def test_every_link_within_the_page_leads_somewhere(text):
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets
    assert targets <= ids


def test_every_link_to_a_file_leads_to_one(text):
    for target in re.findall(r'href="(\.\./[^"]+)"', text):
        assert (PAGE.parent / target).is_file(), target


def test_picture_says_what_the_ontology_says(maker):
    graph = rdflib.Graph().parse(ROOT / "ontology" / "stabgraph.ttl")
    shown = set(maker.PLACES) - {"Concept"}
    assert shown == {term for term in TERMS if term[0].isupper()}
    for start, name, end in maker.ARROWS:
        if name == "is a":
            assert (SG[start], RDFS.subClassOf, SG[end]) in graph
            continue
        for predicate, side in ((RDFS.domain, start), (RDFS.range, end)):
            told = graph.value(SG[name], predicate)
            assert told is None or str(told).rpartition("#")[2] == side, (name, side)
