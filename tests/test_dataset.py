"""The dataset: what the bundled one holds, and that reading and writing one loses and moves nothing."""

import difflib
import random
import re
import shutil
import tomllib
from collections import Counter, defaultdict
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from stabgraph import fields
from stabgraph.assembly import assemble, assembled, thesaurus
from stabgraph.dataset import canonical, format_files, read, sources, write
from stabgraph.errors import DataError, WriteError
from stabgraph.linking import LABEL_PROPERTIES, fold
from stabgraph.records import Record
from stabgraph.statistics import mapping
from stabgraph.vocabulary import DCTERMS, EDTF, ID, RDF, RDFS, SG, SKOS, bundled, iri, kind_of, local_id

DATA = bundled("data")
EXPECTED = tomllib.loads((DATA / "expectations.toml").read_text("utf-8"))
DESCRIBED = (
    "dialogue",
    "meeting",
    "official",
    "state",
    "institution",
    "place",
    "instrument",
    "publisher",
    "report",
)


@pytest.fixture(scope="module")
def quads():
    return read(DATA)


@pytest.fixture(scope="module")
def reports(quads):
    """The quads of each report: its description and its claims."""
    found = defaultdict(list)
    for quad in quads:
        head = head_of(quad)
        if kind_of(head) == "report":
            found[local_id(head)].append(quad)
    return found


@pytest.fixture(scope="module")
def counts(kg):
    found = {row["things"].value: int(row["count"].value) for row in kg.ask("counts")}
    return {**found, "quads": len(kg)}


@pytest.fixture(scope="module")
def shares(kg):
    return {row["field"].value: float(row["share"].value) for row in mapping(kg.engine)}


def head_of(quad):
    return quad.subject if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name


def state(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ── The bundled dataset ─────────────────────────────────────────────────────────


def test_bundled_files_are_canonical(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    changed = format_files(tmp_path / "data")
    difference = ""
    for path in changed[:3]:
        old = DATA / path.relative_to(tmp_path / "data")
        texts = [file.read_text("utf-8").splitlines() if file.exists() else [] for file in (old, path)]
        difference += "\n".join(list(difflib.unified_diff(*texts, str(old), "canonical", lineterm=""))[:40])
    assert not changed, f"write them anew with `stabgraph fmt --data data`\n{difference}"


@pytest.mark.parametrize("name", EXPECTED["counts"])
def test_count_lies_between_floor_and_ceiling(counts, name):
    bounds = EXPECTED["counts"][name]
    assert bounds["floor"] <= counts[name] <= bounds["ceiling"], "see data/expectations.toml"


@pytest.mark.parametrize("name", EXPECTED["mapping"])
def test_share_of_linked_phrases_lies_between_floor_and_ceiling(shares, name):
    bounds = EXPECTED["mapping"][name]
    assert bounds["floor"] <= shares[name] <= bounds["ceiling"], "see data/expectations.toml"


def test_every_count_and_share_has_bounds(counts, shares):
    assert set(EXPECTED["counts"]) == set(counts)
    assert set(EXPECTED["mapping"]) == set(shares)


def test_everything_that_is_pointed_to_is_described(quads):
    known = {
        quad.subject for quad in (*thesaurus(), *quads) if quad.predicate in {RDF.type, DCTERMS.isReplacedBy}
    }
    stated = [
        quad for quad in quads if quad.predicate != DCTERMS.replaces and isinstance(quad.object, NamedNode)
    ]
    pointed = {quad.object for quad in stated if quad.object.value.startswith(ID)}
    assert len(pointed) > 5000
    assert sorted(map(str, pointed - known)) == []


def test_every_graph_is_named_by_a_described_report(quads):
    described = {quad.subject for quad in quads if quad.object == SG.Report}
    graphs = {quad.graph_name for quad in quads if not isinstance(quad.graph_name, DefaultGraph)}
    assert len(graphs) > 2500
    assert sorted(map(str, graphs - described)) == []


def test_id_that_was_replaced_is_used_no_more(quads):
    gone = {quad.object for quad in quads if quad.predicate == DCTERMS.replaces}
    assert gone
    assert [
        str(q) for q in quads if q.subject in gone or (q.object in gone and q.predicate != DCTERMS.replaces)
    ] == []


def described_as(quads, kind):
    """Return what is said of the things of a kind: id to property to values."""
    things = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        if kind_of(quad.subject) == kind and isinstance(quad.graph_name, DefaultGraph):
            things[local_id(quad.subject)][quad.predicate].add(quad.object)
    return things


def test_states_that_take_part_have_codes_and_names(quads):
    states = described_as(quads, "state")
    present = {
        local_id(q.object)
        for q in quads
        if q.predicate in {SG.party, SG.represents, SG.host, SG.country} and kind_of(q.object) == "state"
    }
    assert len(present) > 100
    for code in present:
        state = states[code]
        ids = {value.value for value in (*state[SKOS.exactMatch], *state[SKOS.closeMatch])}
        assert any("wikidata.org/entity/Q" in value for value in ids), code
        ended = SG.until in state
        assert ended or SG.isoAlpha2 in state, code
        languages = {value.language for name in LABEL_PROPERTIES for value in state[name]}
        # No table that we know names states that are no more in Urdu.
        assert {"en", "ru", "zh", "fr", "ar"} <= languages, code
        assert ended or "ur" in languages, code


def test_states_that_are_no_more_have_successors_and_a_last_day(quads):
    states = described_as(quads, "state")
    ended = {code for code, state in states.items() if SG.until in state}
    assert {"SUN", "CSK", "DDR", "YUG"} <= ended
    assert all(states[code][DCTERMS.isReplacedBy] for code in ended)
    assert iri("state", "TKM") in states["SUN"][DCTERMS.isReplacedBy]
    assert not any(value == iri("state", "MNE") for value in states["YUG"][DCTERMS.isReplacedBy])


@pytest.mark.parametrize(
    "name", ["Москва", "莫斯科", "ماسکو", "موسكو", "Genève", "Женева", "日内瓦", "Пекин"]
)
def test_city_is_found_by_its_name_in_any_script(kg, name):
    assert kg.find(name, "place") in {iri("place", city).value for city in ("moscow", "geneva", "beijing")}


def test_every_report_survives_the_way_to_a_record_and_back(reports):
    assert len(reports) > 2500
    for name, stated in reports.items():
        record = Record.from_rdf(stated)
        assert record.id == name
        assert set(record.to_rdf()) == set(stated)


def test_a_report_in_twenty_survives_yaml(reports):
    """All of them would take half a minute."""
    names = sorted(reports)
    for name in random.Random(2024).sample(names, len(names) // 20):
        record = Record.from_rdf(reports[name])
        assert Record.from_yaml(record.to_yaml()) == record


def test_every_id_keeps_to_the_pattern(quads):
    id_, code = (get_args(kind)[1] for kind in (fields.Id, fields.Code))
    pattern = re.compile(f"{id_.pattern}|{code.pattern}")
    ids = {
        local_id(node)
        for quad in quads
        for node in (quad.subject, quad.object)
        if isinstance(node, NamedNode) and kind_of(node) in DESCRIBED
    }
    assert len(ids) > 5000
    assert sorted(name for name in ids if not pattern.search(name) or len(name) > id_.max_length) == []


def test_nothing_has_a_blank_node(quads):
    assert [str(q) for q in quads if BlankNode in {type(q.subject), type(q.object)}] == []


@pytest.mark.parametrize("kind", ["publisher", "institution", "instrument"])
def test_no_label_names_two_things(quads, kind):
    bearers = defaultdict(set)
    for quad in quads:
        if kind_of(quad.subject) == kind and quad.predicate in LABEL_PROPERTIES:
            bearers[fold(quad.object.value)].add(local_id(quad.subject))
    assert len(bearers) > 100
    assert {label: names for label, names in bearers.items() if len(names) > 1} == {}


def test_no_place_has_the_name_of_another_in_its_country(quads):
    country = {quad.subject: quad.object for quad in quads if quad.predicate == SG.country}
    bearers = defaultdict(set)
    for quad in quads:
        if kind_of(quad.subject) == "place" and quad.predicate in LABEL_PROPERTIES:
            bearers[fold(quad.object.value), str(country[quad.subject])].add(local_id(quad.subject))
    assert len(bearers) > 100
    assert {label: names for label, names in bearers.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", ["credit", "carries"])
def test_no_credit_line_belongs_to_two_publishers(quads, name):
    bearers = defaultdict(set)
    for quad in quads:
        if quad.predicate == SG[name] and kind_of(quad.subject) == "publisher":
            bearers[fold(quad.object.value)].add(local_id(quad.subject))
    assert len(bearers) > 50
    assert {label: names for label, names in bearers.items() if len(names) > 1} == {}


def test_every_meeting_is_part_of_one_dialogue(quads):
    meetings = [quad.subject for quad in quads if quad.object == SG.Meeting]
    series = Counter(
        quad.subject for quad in quads if quad.predicate == SG.partOf and kind_of(quad.object) == "dialogue"
    )
    assert len(meetings) > 1000
    assert [str(meeting) for meeting in meetings if series[meeting] != 1] == []


# ── Reading and writing ─────────────────────────────────────────────────────────


def thing(kind, name, *more):
    """Describe an invented thing."""
    node = iri(kind, name)
    label = Quad(node, RDFS.label, Literal(name.title(), language="en"))
    return [
        Quad(node, RDF.type, NamedNode(f"{SG.base}{kind.title()}")),
        label,
        *(Quad(node, *pair) for pair in more),
    ]


def meeting(name, dialogue, *reports):
    node = iri("meeting", name)
    quads = [Quad(node, RDF.type, SG.Meeting), Quad(node, SG.partOf, iri("dialogue", dialogue))]
    for local in reports:
        report = iri("report", local)
        quads += [Quad(report, RDF.type, SG.Report), Quad(report, SG.about, node)]
        quads += [Quad(node, SG.ordinal, Literal(1), report), Quad(node, SG.city, Literal("Bern"), report)]
    return quads


def life(name, *reports):
    node = iri("instrument", name)
    return [
        quad
        for report in (iri("report", local) for local in reports)
        for quad in (
            Quad(report, RDF.type, SG.Report),
            Quad(report, SG.about, node),
            Quad(node, SG.signed, Literal("2030", datatype=EDTF), report),
        )
    ]


#: An invented dataset with something in every file.
SMALL = [
    *thing("dialogue", "aut-che"),
    *thing("dialogue", "aut-che-2"),
    *thing("state", "CHE", (SKOS.notation, Literal("CHE"))),
    *thing("official", "anna-10", (SG.serves, iri("state", "CHE"))),
    *thing("official", "anna-9", (SG.serves, iri("state", "CHE"))),
    *thing("official", "anna-09", (SG.serves, iri("state", "CHE"))),
    *thing("institution", "OSCE"),
    *thing("place", "bern", (SG.country, iri("state", "CHE"))),
    *thing("instrument", "treaty-1", *((SKOS.altLabel, Literal(text)) for text in ("1²3", "01", "1"))),
    *thing("publisher", "daily", (SG.credit, Literal("The Daily"))),
    *life("treaty-1", "d", "e-10", "e-9"),
    *meeting("aut-che-10", "aut-che", "b", "a-2", "a-10"),
    *meeting("aut-che-9", "aut-che", "c"),
    *meeting("aut-che-2-1", "aut-che-2"),
    Quad(NamedNode("https://example.org/mine"), RDFS.label, Literal("unknown kind")),
    Quad(iri("meeting", "of-no-dialogue"), RDF.type, SG.Meeting),
    Quad(NamedNode("https://example.org/s"), RDFS.label, Literal("claim"), NamedNode("https://example.org/graph")),
]  # fmt: skip


def test_dataset_survives_writing_and_reading(tmp_path):
    write(tmp_path, SMALL)
    assert Counter(read(tmp_path)) == Counter(SMALL)


def test_everything_has_its_file(tmp_path):
    assert [str(path.relative_to(tmp_path)) for path in write(tmp_path, SMALL)] == [
        "dialogues.ttl", "institutions.ttl", "instruments.ttl", "officials.ttl", "other.ttl", "places.ttl",
        "publishers.ttl", "reports/_instruments.trig", "reports/_other.trig", "reports/aut-che-2.trig",
        "reports/aut-che.trig", "states.ttl",
    ]  # fmt: skip


def test_reports_about_instruments_stand_in_natural_order_in_their_file(tmp_path):
    write(tmp_path, SMALL)
    path = tmp_path / "reports" / "_instruments.trig"
    assert re.findall(r"^(\S+) a ", path.read_text("utf-8"), re.MULTILINE) == [
        "report:d",
        "report:e-9",
        "report:e-10",
    ]


def test_things_stand_in_natural_order_and_reports_under_their_meeting(tmp_path):
    write(tmp_path, SMALL)
    subjects = re.findall(
        r"^(\S+) a ", (tmp_path / "reports" / "aut-che.trig").read_text("utf-8"), re.MULTILINE
    )
    assert subjects == [
        "meeting:aut-che-9",
        "report:c",
        "meeting:aut-che-10",
        "report:a-2",
        "report:a-10",
        "report:b",
    ]
    subjects = re.findall(r"^(\S+) a ", (tmp_path / "officials.ttl").read_text("utf-8"), re.MULTILINE)
    assert subjects == ["official:anna-09", "official:anna-9", "official:anna-10"]


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(SMALL))
def test_order_of_quads_does_not_matter(tmp_path_factory, order):
    folder = tmp_path_factory.mktemp("data")
    write(folder, SMALL)
    before = state(folder)
    assert write(folder, order) == []
    assert state(folder) == before
    assert write(folder, [*order, *order]) == []


def test_bundled_quads_shuffled_give_the_same_bytes(quads):
    part = [quad for quad in quads if kind_of(head_of(quad)) in {"report", "meeting", "official"}][:20_000]
    shuffled = random.Random(7).sample(part, len(part))
    assert shuffled != part
    assert canonical(shuffled) == canonical(part)


def test_only_what_changed_is_written(tmp_path):
    write(tmp_path, SMALL)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.t*")}
    more = thing("place", "basel")
    assert write(tmp_path, [*SMALL, *more]) == [tmp_path / "places.ttl"]
    assert {path for path in times if path.stat().st_mtime_ns != times[path]} == {tmp_path / "places.ttl"}


def test_thing_of_an_unknown_kind_is_kept_in_a_file_for_it(tmp_path):
    strange = Quad(NamedNode("https://example.org/mine"), RDFS.label, Literal("mine"))
    write(tmp_path, [*thing("place", "bern"), strange])
    assert "mine" in (tmp_path / "other.ttl").read_text("utf-8")
    assert strange in read(tmp_path)
    assert format_files(tmp_path) == []


def test_file_that_holds_nothing_any_more_is_removed(tmp_path):
    write(tmp_path, SMALL)
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "reports" / "notes.txt").write_text("mine")
    rest = thing("place", "bern")
    changed = write(tmp_path, rest)
    assert tmp_path / "reports" / "aut-che.trig" in changed
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == {
        "places.ttl", "README.md", "reports/notes.txt",
    }  # fmt: skip
    assert set(read(tmp_path)) == set(rest)


def test_formatting_mends_a_file_and_says_which(tmp_path):
    write(tmp_path, SMALL)
    before = state(tmp_path)
    untidy = tmp_path / "places.ttl"
    untidy.write_text(untidy.read_text("utf-8").replace(" ;\n\t", ";   "), "utf-8")
    assert state(tmp_path) != before
    assert format_files(tmp_path) == [untidy]
    assert state(tmp_path) == before


def test_canonical_form_of_one_file_is_what_the_dataset_has(tmp_path):
    write(tmp_path, SMALL)
    path = tmp_path / "reports" / "aut-che.trig"
    assert canonical(read(path)) == path.read_bytes()


def test_single_file_is_a_dataset_too(tmp_path):
    write(tmp_path, SMALL)
    path = tmp_path / "places.ttl"
    assert sources(path) == {path: path.read_bytes()}
    assert set(read(tmp_path / "places.ttl")) == set(
        thing("place", "bern", (SG.country, iri("state", "CHE")))
    )


# ── The whole graph ─────────────────────────────────────────────────────────────


def test_whole_graph_has_claims_links_and_conclusions():
    graph = set(assemble([*thesaurus(), *SMALL]))
    node, bern, report = iri("meeting", "aut-che-9"), iri("place", "bern"), iri("report", "c")
    assert Quad(node, SG.city, Literal("Bern"), report) in graph
    assert Quad(node, SG.place, bern, report) in graph
    assert Quad(node, SG.place, bern) in graph
    assert Quad(node, SG.ordinal, Literal(1)) in graph


def test_order_of_quads_does_not_change_the_whole_graph():
    stated = [*thesaurus(), *SMALL]
    shuffled = random.Random(3).sample(stated, len(stated))
    assert set(assemble(shuffled)) == set(assemble(stated))


def test_meeting_is_named_after_its_dialogue_and_title():
    title = Quad(iri("meeting", "aut-che-9"), SG.title, Literal("9th round", language="en"))
    label = Literal("Aut-Che: 9th round", language="en")
    assert Quad(iri("meeting", "aut-che-9"), RDFS.label, label) in set(assemble([*SMALL, title]))


def test_whole_graph_is_that_of_the_files(tmp_path):
    """The ontology holds lists, whose blank nodes are other ones each time it is read."""
    write(tmp_path, SMALL)
    graphs = (assembled(tmp_path), assemble([*thesaurus(), *SMALL]))
    one, other = (
        {q for q in graph if BlankNode not in {type(q.subject), type(q.object)}} for graph in graphs
    )
    assert len(one) > 2000
    assert one == other


def test_reports_about_one_instrument_in_two_files_are_refused(tmp_path):
    write(tmp_path, SMALL)
    path = tmp_path / "reports" / "_instruments.trig"
    path.with_name("more.trig").write_bytes(path.read_bytes().replace(b"report:d", b"report:f"))
    with pytest.raises(
        DataError, match=r"the instrument treaty-1 has reports in _instruments\.trig too; run"
    ):
        list(assembled(tmp_path))


# ── What goes wrong ─────────────────────────────────────────────────────────────


def test_missing_directory_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere does not exist; name a directory of a dataset or a file"):
        read(tmp_path / "nowhere")


def test_directory_without_a_dataset_is_named(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"holds no dataset: it has neither \.ttl files nor reports/\*\.trig"):
        read(tmp_path)


def test_file_that_is_no_rdf_is_named(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(
        DataError, match=r"notes\.txt is not a file of RDF: its name must end in \.ttl, \.trig"
    ):
        read(path)


def test_syntax_error_names_file_and_line(tmp_path):
    write(tmp_path, SMALL)
    (tmp_path / "reports" / "zzz.trig").write_text("\n\nthis is no TriG\n")
    before = state(tmp_path)
    for function in (read, format_files):
        with pytest.raises(DataError, match=r"zzz\.trig, line 3: "):
            function(tmp_path)
    assert state(tmp_path) == before


@pytest.mark.parametrize("name", ["nowhere", "file.ttl"])
def test_only_a_directory_can_be_formatted(tmp_path, name):
    (tmp_path / "file.ttl").write_text("")
    with pytest.raises(DataError, match=r"is not a directory; name the directory of a dataset with --data"):
        format_files(tmp_path / name)


def test_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WriteError, match=r"file/data cannot be written \(.+\); nothing was changed there: "):
        write(tmp_path / "file" / "data", SMALL)
    assert (tmp_path / "file").read_text() == "mine"
