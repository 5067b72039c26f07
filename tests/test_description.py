"""The description of the dataset in VoID and DCAT."""

import rdflib
from rdflib.namespace import DCTERMS, RDF, VOID

import stabgraph as sg
from stabgraph.description import describe
from stabgraph.vocabulary import ONTOLOGY, PREFIXES, TERMS

DCAT = rdflib.Namespace(PREFIXES["dcat"])
DATASET = rdflib.URIRef("https://w3id.org/stabgraph/dataset")


def described(kg):
    return rdflib.Graph().parse(data=describe(kg.engine, "1.2.3"), format="turtle")


def parts(graph, kind, of, count):
    """The partitions of a kind: what each is of, and how many there are."""
    found = graph.objects(DATASET, VOID[f"{kind}Partition"])
    return {
        str(graph.value(part, VOID[of])).removeprefix(ONTOLOGY): graph.value(part, VOID[count]).value
        for part in found
    }


def test_counts_are_those_of_the_graph(small):
    graph = described(small)
    assert graph.value(DATASET, VOID.triples).value == len(small)
    subsets = [
        graph.value(part, VOID.triples).value for part in (DATASET + "#conclusions", DATASET + "#claims")
    ]
    assert sum(subsets) == len(small)
    counts = small.counts()
    kinds = parts(graph, "class", "class", "entities")
    assert kinds["Meeting"] == counts["meetings"] == 6
    assert kinds["Report"] == counts["reports"] == 7
    for name, count in parts(graph, "property", "property", "triples").items():
        asked = (
            f"SELECT (COUNT(*) AS ?n) {{ {{ ?s sg:{name} ?o }} UNION {{ GRAPH ?g {{ ?s sg:{name} ?o }} }} }}"
        )
        assert small.query(asked)[0]["n"].value == str(count)


def test_what_a_catalogue_wants_is_there(kg):
    graph = described(kg)
    assert set(graph.objects(DATASET, RDF.type)) == {VOID.Dataset, DCAT.Dataset}
    for name in (
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.license,
        DCTERMS.creator,
        DCAT.distribution,
        DCTERMS.spatial,
    ):
        assert graph.value(DATASET, name, any=True), name
    assert str(graph.value(DATASET, DCAT.version)) == "1.2.3"
    period = graph.value(DATASET, DCTERMS.temporal)
    first, last = (str(graph.value(period, DCAT[name])) for name in ("startDate", "endDate"))
    asked = kg.query(
        "SELECT (MIN(?a) AS ?first) (MAX(?b) AS ?last) { ?m a sg:Meeting ; sg:earliest ?a ; sg:latest ?b }"
    )
    assert [(first, last)] == [tuple(value.value for value in row) for row in asked]


def test_links_to_others_are_counted_by_target(kg):
    graph = described(kg)
    linksets = {str(graph.value(part, VOID.objectsTarget)): graph.value(part, VOID.triples).value
                for part in graph.subjects(RDF.type, VOID.Linkset)}  # fmt: skip
    for target, base in (
        ("https://www.wikidata.org/", "http://www.wikidata.org/"),
        ("https://www.geonames.org/", "https://sws.geonames.org/"),
    ):
        asked = f'SELECT (COUNT(*) AS ?n) {{ ?s skos:exactMatch ?o FILTER(STRSTARTS(STR(?o), "{base}")) }}'
        assert kg.query(asked)[0]["n"].value == str(linksets[target])


def test_only_known_terms_are_described(kg):
    graph = described(kg)
    names = set(parts(graph, "class", "class", "entities")) | set(
        parts(graph, "property", "property", "triples")
    )
    assert names <= set(TERMS)


def test_graph_without_meetings_has_no_period(tmp_path):
    (tmp_path / "states.ttl").write_text(
        "<https://w3id.org/stabgraph/id/state/ISL> a <https://w3id.org/stabgraph/ontology#State> .\n"
    )
    graph = described(sg.load(tmp_path))
    assert graph.value(DATASET, DCTERMS.temporal) is None
    assert graph.value(DATASET, VOID.triples).value > 0
