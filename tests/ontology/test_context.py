"""The JSON-LD context: a short key for every term, and the right triples from a document that uses it."""

import json
from pathlib import Path

import pyoxigraph as ox

from stabgraph.vocabulary import EDTF, SG, TERMS, iri

CONTEXT = Path(__file__).parents[2] / "ontology" / "context.jsonld"


def read(document):
    whole = {**json.loads(CONTEXT.read_text("utf-8")), **document}
    return set(ox.parse(json.dumps(whole), format=ox.RdfFormat.JSON_LD))


def test_every_term_has_a_key():
    context = json.loads(CONTEXT.read_text("utf-8"))["@context"]
    targets = {value["@id"] if isinstance(value, dict) else value for value in context.values()}
    assert len(context) > len(TERMS)
    assert [term for term in TERMS if f"sg:{term}" not in targets and SG[term].value not in targets] == []


def test_context_refers_to_nothing_on_the_network():
    context = json.loads(CONTEXT.read_text("utf-8"))["@context"]
    assert isinstance(context, dict)
    assert "@import" not in context


def test_document_gives_typed_values_and_links():
    """The facts are those of the 14th round of the Pakistan–Russia Consultative Group."""
    quads = read({"id": "meeting/pak-rus-cgss-14", "start": "2024-02-07", "status": "status/held"})
    meeting = iri("meeting", "pak-rus-cgss-14")
    assert quads == {
        ox.Quad(meeting, SG.start, ox.Literal("2024-02-07", datatype=EDTF)),
        ox.Quad(meeting, SG.status, iri("status", "held")),
    }
