"""Turtle and TriG: one canonical form, and errors that name file and line."""

import random

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from stabgraph.errors import DataError
from stabgraph.turtle import natural, parse, serialize, serialize_triples
from stabgraph.vocabulary import DCTERMS, PREFIXES, RDF, RDFS, SG, SKOS, TERMS, iri

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
literals = st.one_of(
    any_text.map(Literal),
    any_text.map(lambda text: Literal(text, language="en")),
    st.integers().map(Literal),
    st.sampled_from(["1", "01", "001", "1²3", "٣", "a01", "a1", "9" * 5000, "10", "9"]).map(Literal),
)
nodes = st.builds(
    iri, st.sampled_from(["meeting", "place"]), st.sampled_from(["a", "a-1", "a-01", "a-10", "a/b", "é"])
)
predicates = st.sampled_from([RDF.type, RDFS.label, SG.ordinal, SG.city, NamedNode("https://example.org/p")])
graphs = st.one_of(st.just(ox.DefaultGraph()), st.sampled_from([iri("report", "r-1"), iri("report", "r-01")]))
quads = st.builds(Quad, nodes, predicates, st.one_of(literals, nodes), graphs)

GENEVA = iri("place", "geneva")


def text_of(*blocks):
    return serialize(blocks).decode()


def body(*quads):
    return text_of(quads).split("\n\n", 1)[1]


@settings(deadline=None)
@given(st.lists(st.lists(quads, max_size=8), max_size=3))
def test_quads_survive_writing_and_reading(tmp_path_factory, blocks):
    path = tmp_path_factory.getbasetemp() / "quads.trig"
    path.write_bytes(serialize(blocks))
    assert set(parse(path)) == {quad for block in blocks for quad in block}


@settings(deadline=None)
@given(st.lists(quads, max_size=12), st.randoms(use_true_random=False))
def test_order_and_repetition_of_quads_do_not_matter(block, chance):
    shuffled = [*block, *block]
    chance.shuffle(shuffled)
    assert serialize([shuffled]) == serialize([block])


def test_properties_stand_in_the_order_of_the_ontology():
    terms = [term for term in TERMS if term[0].islower()]
    block = [Quad(GENEVA, SG[term], Literal("x")) for term in random.Random(5).sample(terms, len(terms))]
    block += [Quad(GENEVA, DCTERMS.language, Literal("x")), Quad(GENEVA, SKOS.altLabel, Literal("x"))]
    block += [Quad(GENEVA, RDFS.label, Literal("x")), Quad(GENEVA, RDF.type, SG.Place)]
    written = [line.split('"')[0].strip(" \t") for line in body(*block).splitlines()]
    expected = ["place:geneva a sg:Place ;", "rdfs:label", "skos:altLabel", *(f"sg:{term}" for term in terms)]
    assert written == [*expected, "dcterms:language"]


def test_values_stand_in_natural_order():
    block = [Quad(GENEVA, SG.partOf, iri("meeting", f"round-{number}")) for number in (10, 9, 100)]
    assert body(*block) == "place:geneva sg:partOf meeting:round-9 , meeting:round-10 , meeting:round-100 .\n"


def test_one_blank_line_stands_between_blocks_and_used_prefixes_on_top():
    blocks = [
        [Quad(GENEVA, SG.country, iri("state", "CHE"))],
        [Quad(iri("place", "bern"), SG.city, Literal("Bern"))],
    ]
    assert text_of(*blocks) == (
        "@prefix place: <https://w3id.org/stabgraph/id/place/> .\n"
        "@prefix sg: <https://w3id.org/stabgraph/ontology#> .\n"
        "@prefix state: <https://w3id.org/stabgraph/id/state/> .\n"
        "\n"
        "place:geneva sg:country state:CHE .\n"
        "\n"
        'place:bern sg:city "Bern" .\n'
    )


def test_graph_stands_in_braces_after_the_description():
    report = iri("report", "r")
    claim, description = Quad(GENEVA, SG.city, Literal("x"), report), Quad(report, RDF.type, SG.Report)
    assert body(claim, description) == 'report:r a sg:Report .\nreport:r {\n\tplace:geneva sg:city "x" .\n}\n'


def test_triples_are_written_as_turtle(tmp_path):
    triple = ox.Triple(GENEVA, SG.country, iri("state", "CHE"))
    path = tmp_path / "answer.ttl"
    path.write_bytes(serialize_triples([triple]))
    assert [quad.triple for quad in parse(path)] == [triple]


def test_every_prefix_can_be_written_and_read(tmp_path):
    block = [Quad(NamedNode(f"{base}x"), RDFS.label, Literal(name)) for name, base in PREFIXES.items()]
    path = tmp_path / "prefixes.ttl"
    path.write_bytes(serialize([block]))
    assert set(parse(path)) == set(block)
    assert "<http" not in path.read_text("utf-8").split("\n\n", 1)[1]


@pytest.mark.parametrize(
    "names",
    [
        ["round-9", "round-10"],
        ["a", "a-1", "a-1-b", "a-2", "a-10", "b"],
        ["1", "2", "10"],
        ["x" + "9" * 4999, "x1" + "0" * 4999],
        ["1²3", "2²3"],
    ],
    ids=["rounds", "parts", "numbers", "long numbers", "superscripts"],
)
def test_natural_order_sorts_numbers_by_value(names):
    shuffled = random.Random(11).sample(names, len(names))
    assert sorted(shuffled, key=natural) == names


@settings(deadline=None)
@given(st.text("01a²٣-", max_size=6), st.text("01a²٣-", max_size=6))
def test_different_texts_never_tie(one, other):
    assert (natural(one) == natural(other)) == (one == other)


BROKEN = {
    "no final point.ttl": "@prefix x: <http://e.org/> .\n\nx:a x:b x:c\n\n\nx:d x:e x:f .\n",
    "unknown prefix.ttl": "\n\n\n\n\nnobody:a a nobody:b .\n",
    "open graph.trig": "\n<http://example.org/g> {\n\n\n\n! }\n",
    "open text.nt": '<http://e.org/a> <http://e.org/b> "c" .\n' * 5 + '<http://e.org/a> <http://e.org/b> "c .\n',
    "relative.nq": "<http://e.org/a> <http://e.org/b> <http://e.org/c> .\n" * 5 + "<a> <b> <c> .\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_syntax_error_names_file_and_line_in_one_sentence(tmp_path, name):
    path = tmp_path / name
    path.write_text(BROKEN[name], "utf-8")
    with pytest.raises(DataError, match=r"line 6: .+; mend the line and try again$") as caught:
        parse(path)
    assert str(caught.value).startswith(f"{path}, line 6: ")
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "latin.ttl"
    path.write_bytes('<http://e.org/a> <http://e.org/b> "é" .'.encode("latin-1"))
    with pytest.raises(DataError, match=r"latin\.ttl(, line 1| cannot be read): "):
        parse(path)


@pytest.mark.parametrize("name", ["nowhere.ttl", "folder.ttl"])
def test_file_that_cannot_be_read_is_named(tmp_path, name):
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(DataError, match=rf"{name} cannot be read: "):
        parse(tmp_path / name)


@pytest.mark.parametrize("name", ["data.json", "data", "data.TTL"])
def test_file_of_another_kind_is_refused(tmp_path, name):
    (tmp_path / name).write_text("")
    with pytest.raises(
        DataError, match=rf"{name} is not a file of RDF: its name must end in \.ttl, \.trig, \.nt, \.nq"
    ):
        parse(tmp_path / name)
