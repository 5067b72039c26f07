"""Adding record files: what is right is written, what is wrong ends in one clear sentence and harms nothing."""

import copy
import itertools
import json
import re

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

import stabgraph as sg
from stabgraph.adding import add_files, check_records
from stabgraph.assembly import assemble, thesaurus
from stabgraph.dataset import read, write
from stabgraph.errors import DataError, RecordError, WriteError
from stabgraph.records import Record
from stabgraph.vocabulary import DCTERMS, EDTF, OWL, RDF, RDFS, SG, SKOS, bundled, iri, kind_of, local_id

#: Invented talks of two real states.
TALKS = {
    "series": [
        {"id": "aut-che-talks", "name": "Austria–Switzerland Talks", "kind": "bilateral", "parties": ["AUT", "CHE"]}
    ],
    "meetings": [{"id": "aut-che-talks-1", "series": "aut-che-talks", "label": "1st round"}],
    "people": [
        {"id": "anna-muster", "name": "Anna Muster", "of": "AUT"},
        {"id": "beat-beispiel", "name": "Beat Beispiel", "of": "CHE"},
    ],
    "instruments": [{"id": "aut-che-treaty", "name": "Austria–Switzerland Treaty"}],
    "reports": [
        {
            "id": "example-daily-1",
            "url": "https://news.example/1",
            "publisher": "Example Daily",
            "language": "en",
            "about": "aut-che-talks-1",
            "says": {
                "start": "2030-05-06",
                "city": "Musterstadt",
                "country": "AUT",
                "delegations": [
                    {"party": "AUT", "heads": [{"person": "anna-muster", "as": "A. Muster"}]},
                    {"party": "CHE", "heads": [{"person": "beat-beispiel", "as": "B. Beispiel"}]},
                ],
                "topics": ["arms control", "an invented topic"],
            },
        }
    ],
}  # fmt: skip


def report(**fields):
    """Return another invented report of the same meeting."""
    plain = {**TALKS["reports"][0], "id": "example-gazette-1", "url": "https://gazette.example/1", "says": {}}
    return {**plain, **fields}


def life(**fields):
    """Return an invented report of an invented treaty."""
    told = {"about": "alpine-treaty", "life": {"signed": "2030-05-06"}, **fields}
    return {name: value for name, value in report(**told).items() if name != "says"}


ALPINE = {"id": "alpine-treaty", "name": "Alpine Treaty (invented)", "aliases": ["AT"]}


def talks(**lists):
    return {**copy.deepcopy(TALKS), **lists}


def saved(folder, name, content):
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")  # JSON is YAML
    return path


def state(folder):
    """Return every file below a folder with its bytes, and every folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def reports(folder):
    return {quad.subject.value.rpartition("/")[2] for quad in read(folder) if quad.predicate == SG.about}


@pytest.fixture
def talks_file(tmp_path):
    return saved(tmp_path, "talks.yaml", TALKS)


@pytest.fixture
def data(tmp_path, talks_file):
    """The dataset that the talks make in an empty directory."""
    result = add_files(tmp_path / "data", [talks_file])
    assert result.refused == []
    return tmp_path / "data"


@pytest.fixture
def cli(python, tmp_path):
    """Run `stabgraph add`."""

    def run(*words):
        return python("-m", "stabgraph", "add", *map(str, words), "--data", str(tmp_path / "data"))

    return run


# ── What is right ───────────────────────────────────────────────────────────────


def test_adding_to_an_empty_directory_makes_a_dataset(tmp_path, talks_file):
    folder = tmp_path / "new" / "data"
    result = add_files(folder, [talks_file])
    assert (result.added, result.unchanged, result.refused) == (["example-daily-1"], 0, [])
    assert {str(path.relative_to(folder)) for path in result.changed} == {
        "dialogues.ttl", "instruments.ttl", "officials.ttl", "places.ttl", "publishers.ttl",
        "reports/aut-che-talks.trig",
    }  # fmt: skip
    quads = [quad for quad in read(folder) if kind_of(quad.subject) in {"meeting", "report", "participation"}]
    claims = [quad for quad in quads if quad.predicate not in {SG.title, SG.partOf}]
    assert Record.from_rdf(claims) == Record.from_yaml(json.dumps(TALKS["reports"][0]))


def test_directory_with_other_files_becomes_a_dataset(tmp_path, talks_file):
    (tmp_path / "README.md").write_text("mine")
    assert add_files(tmp_path, [talks_file]).added == ["example-daily-1"]
    assert (tmp_path / "README.md").read_text() == "mine"


def test_adding_again_changes_nothing(data, talks_file):
    before = state(data)
    result = add_files(data, [talks_file])
    assert (result.added, result.unchanged, result.changed) == ([], 1, [])
    assert state(data) == before


def test_report_named_twice_in_one_run_is_added_once(tmp_path, talks_file):
    result = add_files(tmp_path / "data", [talks_file, talks_file])
    assert (result.added, result.unchanged) == (["example-daily-1"], 1)


def test_checking_writes_nothing(tmp_path, talks_file):
    before = state(tmp_path)
    result = check_records(tmp_path / "data", [talks_file])
    assert (result.added, result.changed) == (["example-daily-1"], [])
    assert state(tmp_path) == before


def test_order_of_files_does_not_matter(tmp_path):
    copied = report(copy_of="example-daily-1")
    copied_again = report(id="example-post-1", copy_of="example-gazette-1", publisher="Example Post!")
    part = {"id": "aut-che-talks-0", "series": "aut-che-talks", "label": "Part", "part_of": "aut-che-talks-1"}
    later = [
        {**TALKS["series"][0], "id": "aut-che-later", "name": "Later Talks", "succeeds": "aut-che-talks"}
    ]
    files = [
        saved(tmp_path, "0.yaml", {"reports": [copied_again, report(id="z", publisher="Example-Post")]}),
        saved(tmp_path, "1.yaml", {"reports": [copied], "meetings": [part]}),
        saved(tmp_path, "2.yaml", {"meetings": TALKS["meetings"], "reports": TALKS["reports"]}),
        saved(tmp_path, "3.yaml", {"series": [*later, *TALKS["series"]], "people": TALKS["people"]}),
    ]
    states = []
    for number, order in enumerate(itertools.permutations(files)):
        folder = tmp_path / f"data{number}"
        result = add_files(folder, order)
        assert (len(result.added), result.refused) == (4, [])
        states.append(state(folder))
    assert all(found == states[0] for found in states)


def test_one_by_one_gives_the_same_as_all_at_once(tmp_path, data):
    second = saved(tmp_path, "second.yaml", {"reports": [report(says={"topics": ["arms control"]})]})
    add_files(data, [second])
    add_files(tmp_path / "at once", [second, tmp_path / "talks.yaml"])
    assert state(data) == state(tmp_path / "at once")


def test_second_report_of_a_meeting_goes_in_the_same_file(tmp_path, data):
    result = add_files(data, [saved(tmp_path, "second.yaml", {"reports": [report()]})])
    assert result.changed == [data / "reports" / "aut-che-talks.trig"]
    assert reports(data) == {"example-daily-1", "example-gazette-1"}
    text = result.changed[0].read_text("utf-8")
    assert text.count("a sg:Meeting") == 1


def test_another_name_of_a_dialogue_is_kept_beside_the_first(tmp_path, data):
    again = [{**TALKS["series"][0], "name": "Alpine Talks"}]
    assert add_files(data, [saved(tmp_path, "again.yaml", {"series": again})]).refused == []
    names = {q.predicate: q.object.value for q in read(data) if q.subject == iri("dialogue", "aut-che-talks")}
    assert (names[RDFS.label], names[SKOS.altLabel]) == ("Austria–Switzerland Talks", "Alpine Talks")


def test_official_who_became_another_is_found_under_the_old_id(tmp_path, data):
    merged = Quad(iri("official", "anna-muster"), DCTERMS.replaces, iri("official", "a-muster"))
    write(data, [*read(data), merged])
    sides = [{"party": "AUT", "heads": [{"person": "a-muster", "as": "Muster"}]}]
    people = [{"id": "a-muster", "name": "A. Muster-Alt", "of": "AUT"}]
    file = saved(tmp_path, "old.yaml", {"people": people, "reports": [report(says={"delegations": sides})]})
    result = add_files(data, [file])
    assert (result.added, result.refused) == (["example-gazette-1"], [])
    quads = read(data)
    assert (
        Quad(iri("official", "anna-muster"), SKOS.altLabel, Literal("A. Muster-Alt", language="en")) in quads
    )
    said = [
        q.object
        for q in quads
        if q.predicate == SG.official and q.graph_name == iri("report", "example-gazette-1")
    ]
    assert said == [iri("official", "anna-muster")]
    assert not any(q.subject == iri("official", "a-muster") for q in quads)
    assert add_files(data, [file]).changed == []


def test_new_person_who_looks_like_a_known_one_is_refused_with_the_known_id(tmp_path, data):
    people = [{"id": "muster-anna", "name": "MUSTER Anna B.", "of": "AUT"}]
    before = state(data)
    (error,) = add_files(data, [saved(tmp_path, "twin.yaml", {"people": people})]).refused
    assert (error.record, error.field) == ("muster-anna", "name")
    assert "use the id anna-muster" in error.reason
    assert "different_from: [anna-muster]" in error.reason
    assert state(data) == before


def test_new_person_known_by_a_name_as_written_is_refused(tmp_path, data):
    sides = [{"party": "AUT", "heads": [{"person": "anna-muster", "as": "Anna Gabriele Hinterhuber"}]}]
    assert (
        add_files(
            data, [saved(tmp_path, "a.yaml", {"reports": [report(says={"delegations": sides})]})]
        ).refused
        == []
    )
    people = [{"id": "g-hinterhuber", "name": "Gabriele Hinterhuber", "of": "AUT"}]
    (error,) = add_files(data, [saved(tmp_path, "twin.yaml", {"people": people})]).refused
    assert "anna-muster" in error.reason


def test_two_new_people_of_one_file_can_be_one(tmp_path, data):
    people = [
        {"id": "carla-esempio", "name": "Carla Esempio", "of": "CHE"},
        {"id": "c-esempio", "name": "C. Esempio", "of": "CHE"},
    ]
    (error,) = add_files(data, [saved(tmp_path, "twins.yaml", {"people": people})]).refused
    assert error.record == "c-esempio"


def test_new_person_who_is_said_to_be_another_is_taken_and_marked(tmp_path, data):
    people = [{"id": "muster-anna", "name": "Anna Muster", "of": "AUT", "different_from": ["anna-muster"]}]
    file = saved(tmp_path, "namesake.yaml", {"people": people})
    assert add_files(data, [file]).refused == []
    marked = Quad(iri("official", "muster-anna"), OWL.differentFrom, iri("official", "anna-muster"))
    assert marked in read(data)
    assert add_files(data, [file]).changed == []


def test_person_different_from_nobody_known_is_refused(tmp_path, data):
    people = [{"id": "dora-exempel", "name": "Dora Exempel", "of": "AUT", "different_from": ["nobody"]}]
    (error,) = add_files(data, [saved(tmp_path, "nobody.yaml", {"people": people})]).refused
    assert (error.field, "nobody" in error.reason) == ("different_from", True)


def test_person_of_another_party_with_the_same_initial_is_somebody_else(tmp_path, data):
    people = [{"id": "a-muster-che", "name": "A. Muster", "of": "CHE"}]
    assert add_files(data, [saved(tmp_path, "other.yaml", {"people": people})]).refused == []


def test_meeting_that_became_another_is_found_under_the_old_id(tmp_path, data):
    merged = Quad(iri("meeting", "aut-che-talks-1"), DCTERMS.replaces, iri("meeting", "aut-che-old"))
    write(data, [*read(data), merged])
    assert (
        add_files(data, [saved(tmp_path, "old.yaml", {"reports": [report(about="aut-che-old")]})]).refused
        == []
    )
    assert Quad(iri("report", "example-gazette-1"), SG.about, iri("meeting", "aut-che-talks-1")) in read(data)


def test_meeting_described_anew_under_its_old_id_keeps_its_title(tmp_path, data):
    merged = Quad(iri("meeting", "aut-che-talks-1"), DCTERMS.replaces, iri("meeting", "aut-che-old"))
    write(data, [*read(data), merged])
    before = state(data)
    old = {"id": "aut-che-old", "series": "aut-che-talks", "label": "Old title"}
    result = add_files(data, [saved(tmp_path, "old.yaml", {"meetings": [old]})])
    assert result.refused == []
    assert state(data) == before


def test_report_about_an_instrument_has_a_file_beside_the_dialogues(tmp_path, data):
    content = {"instruments": [ALPINE], "reports": [life()]}
    result = add_files(data, [saved(tmp_path, "life.yaml", content)])
    assert (result.added, result.refused) == (["example-gazette-1"], [])
    changed = {str(path.relative_to(data)) for path in result.changed}
    assert changed == {"instruments.ttl", "reports/_instruments.trig"}
    graph = set(assemble([*thesaurus(), *read(data)]))
    signed = Literal("2030-05-06", datatype=EDTF)
    assert Quad(iri("instrument", "alpine-treaty"), SG.signed, signed) in graph
    assert add_files(data, [saved(tmp_path, "life.yaml", content)]).unchanged == 1


def test_instrument_that_became_another_is_found_under_the_old_id_wherever_it_stands(tmp_path, data):
    add_files(
        data, [saved(tmp_path, "treaty.yaml", {"instruments": [ALPINE, {**ALPINE, "id": "other-treaty"}]})]
    )
    merged = Quad(iri("instrument", "alpine-treaty"), DCTERMS.replaces, iri("instrument", "alpine-old"))
    write(data, [*read(data), merged])
    told = {"replaced_by": ["other-treaty"]}
    about = life(about="alpine-old", life=told)
    other = life(id="example-post-1", about="other-treaty", life={"amends": ["alpine-old"]})
    assert add_files(data, [saved(tmp_path, "old.yaml", {"reports": [about, other]})]).refused == []
    quads = {quad.triple for quad in read(data)}
    alpine = iri("instrument", "alpine-treaty")
    assert Triple(iri("report", "example-gazette-1"), SG.about, alpine) in quads
    assert Triple(iri("instrument", "other-treaty"), SG.amends, alpine) in quads


# ── Names that are new ──────────────────────────────────────────────────────────


def described(folder, kind):
    """Return the things of a kind: id to label and the rest of what is said."""
    things = {}
    for quad in read(folder):
        if kind_of(quad.subject) == kind and quad.predicate != RDF.type:
            things.setdefault(quad.subject.value.rpartition("/")[2], set()).add(quad.object)
    return things


def test_new_credit_line_makes_a_publisher_of_kind_other(data):
    label = Literal("Example Daily", language="en")
    assert described(data, "publisher") == {"example-daily": {label, iri("kind", "other")}}


def test_new_city_makes_a_place(data):
    assert described(data, "place") == {
        "musterstadt": {Literal("Musterstadt", language="en"), iri("state", "AUT")}
    }


@pytest.mark.parametrize(
    "line",
    [
        "Example Agency, via Example Gazette",
        "Example Agency via Example Gazette",
        "Example Agency (via Example Gazette)",
    ],
)
def test_credit_line_of_a_reprint_names_who_wrote_and_who_carries(tmp_path, data, line):
    assert add_files(data, [saved(tmp_path, "a.yaml", {"reports": [report(publisher=line)]})]).refused == []
    linked = {
        q.predicate: q.object
        for q in assemble([*thesaurus(), *read(data)])
        if q.subject == iri("report", "example-gazette-1") and q.predicate in {SG.publisher, SG.via}
    }
    assert linked == {
        SG.publisher: iri("publisher", "example-agency"),
        SG.via: iri("publisher", "example-gazette"),
    }
    other = report(id="example-gazette-2", publisher="Example Daily, via Example Gazette")
    add_files(data, [saved(tmp_path, "b.yaml", {"reports": [other]})])
    assert set(described(data, "publisher")) == {"example-agency", "example-daily", "example-gazette"}


def test_carrier_of_two_new_reprints_is_one(tmp_path, data):
    lines = ["Example Agency, via Example Gazette", "Example Wire, via Example Gazette"]
    reprints = [report(id=f"reprint-{number}", publisher=line) for number, line in enumerate(lines)]
    add_files(data, [saved(tmp_path, "a.yaml", {"reports": reprints})])
    publishers = {"example-agency", "example-daily", "example-gazette", "example-wire"}
    assert set(described(data, "publisher")) == publishers


def test_spellings_of_one_name_make_one_publisher_that_links_both(tmp_path):
    folder = tmp_path / "data"
    twice = [report(), report(id="example-daily-2", publisher="EXAMPLE DAILY")]
    add_files(folder, [saved(tmp_path, "twice.yaml", talks(reports=twice))])
    assert set(described(folder, "publisher")) == {"example-daily"}
    linked = [q for q in assemble([*thesaurus(), *read(folder)]) if q.predicate == SG.publisher]
    assert {q.object for q in linked} == {iri("publisher", "example-daily")}
    assert len(linked) == 2


@pytest.mark.parametrize("on_disk", [False, True])
def test_compound_phrase_added_to_a_store_links_to_all_that_it_says(tmp_path, data, on_disk):
    graph = sg.open(tmp_path / "talks.db", data=data, writable=True) if on_disk else sg.load(data)
    says = {"topics": ["Disarmament and Non-Proliferation"]}
    result = graph.add(saved(tmp_path, "second.yaml", {"reports": [report(says=says)]}))
    assert (result.refused, result.unlinked) == ([], [])
    meeting = local_id(next(graph.engine.match(name=SG.topic, value=iri("topic", "disarmament"))).subject)
    assert {"disarmament", "non-proliferation"} <= set(
        graph.query(f"SELECT ?topic {{ meeting:{meeting} sg:topic ?topic }}").column("topic")
    )


def test_city_of_the_same_name_in_another_country_is_another_place(tmp_path, data):
    says = {"city": "Musterstadt", "country": "CHE"}
    result = add_files(data, [saved(tmp_path, "second.yaml", {"reports": [report(says=says)]})])
    assert result.unlinked == []
    label = Literal("Musterstadt", language="en")
    assert described(data, "place") == {
        "musterstadt": {label, iri("state", "AUT")},
        "musterstadt-2": {label, iri("state", "CHE")},
    }


def test_city_without_a_country_is_found_by_its_name_alone(tmp_path, data):
    result = add_files(
        data, [saved(tmp_path, "second.yaml", {"reports": [report(says={"city": "MUSTERSTADT"})]})]
    )
    assert result.unlinked == []
    assert set(described(data, "place")) == {"musterstadt"}


def test_phrases_that_name_nothing_are_listed(tmp_path, talks_file):
    says = {"city": "Nowhere", "bodies": ["an invented body"], "observers": ["invented observers"]}
    file = saved(tmp_path, "second.yaml", {"reports": [report(says=says)]})
    assert add_files(tmp_path / "data", [talks_file, file]).unlinked == [
        ("city", "Nowhere"),
        ("institution", "an invented body"),
        ("observer", "invented observers"),
        ("topic", "an invented topic"),
    ]


def test_name_that_two_publishers_bear_makes_no_third(tmp_path, data):
    twin = iri("publisher", "twin")
    more = [
        Quad(twin, RDF.type, SG.Publisher),
        Quad(twin, RDFS.label, Literal("Example Daily", language="en")),
    ]
    write(data, [*read(data), *more])
    result = add_files(data, [saved(tmp_path, "second.yaml", {"reports": [report()]})])
    assert result.unlinked == [("credit", "Example Daily")]
    assert set(described(data, "publisher")) == {"example-daily", "twin"}


def test_template_is_accepted_by_the_bundled_dataset():
    result = check_records(bundled("data"), [bundled("data") / "template.yaml"])
    assert result.refused == []
    assert len(result.added) == 4


# ── What is wrong ───────────────────────────────────────────────────────────────

HEAD = {"person": "carla-nobody", "as": "Carla Nobody"}
NO_PARTY = "NOBODY is neither the code of a state nor of an institution in institutions.ttl"
WRONG = {
    # What is wrong: its list, the entry, and the sentence that it ends in, after the name of the file.
    "unknown field": (
        "reports",
        report(colour="red"),
        "record example-gazette-1, reports[1]: unknown field `colour`; did you mean country?",
    ),
    "unknown country code": (
        "reports",
        report(says={"country": "ZZZ"}),
        ("record example-gazette-1, reports[1].says.country: ZZZ is not the code of a state: "
        "use an ISO 3166 alpha-3 code such as PAK"),
    ),
    "impossible date": (
        "reports",
        report(says={"start": "2024-02-30"}),
        ("record example-gazette-1, reports[1].says.start: '2024-02-30' is not an EDTF date such as 2024-02-07, "
        "2024-02, 2024 or 2003~"),
    ),
    "id that is used already": (
        "reports",
        report(id="example-daily-1"),
        ("record example-daily-1, id: the id is used already by a report that says something else; "
        "give this one an id of its own, or change the other in the dataset"),
    ),
    "report without a url": (
        "reports",
        {name: value for name, value in report().items() if name != "url"},
        "record example-gazette-1, reports[1]: the required field is missing: `url`",
    ),
    "unknown meeting": (
        "reports",
        report(about="nobody-met"),
        "record example-gazette-1, about: no meeting has the id nobody-met; list it under meetings",
    ),
    "person not introduced": (
        "reports",
        report(says={"delegations": [{"party": "AUT", "heads": [HEAD]}]}),
        "record example-gazette-1, says.delegations: no official has the id carla-nobody; list it under people",
    ),
    "participant not introduced": (
        "reports",
        report(says={"participants": [{**HEAD, "capacity": "chair"}]}),
        "record example-gazette-1, says.participants: no official has the id carla-nobody; list it under people",
    ),
    "unknown host": (
        "reports",
        report(says={"hosts": ["NOBODY"]}),
        "record example-gazette-1, says.hosts: " + NO_PARTY,
    ),
    "unknown side": (
        "reports",
        report(says={"delegations": [{"party": "NOBODY"}]}),
        "record example-gazette-1, says.delegations: " + NO_PARTY,
    ),
    "copy of an unknown report": (
        "reports",
        report(copy_of="nobody-wrote"),
        "record example-gazette-1, copy_of: no report has the id nobody-wrote; list it under reports",
    ),
    "copy of itself": (
        "reports",
        report(copy_of="example-gazette-1"),
        "record example-gazette-1, copy_of: no report has the id example-gazette-1; list it under reports",
    ),
    "line feed in the name of a field": (
        "reports",
        report(**{"co\nlour": "red"}),
        "record example-gazette-1, reports[1]: unknown field `co lour`; leave it out, or see the template of a record",
    ),
    "unknown instrument": (
        "reports",
        life(),
        "record example-gazette-1, about: no instrument has the id alpine-treaty; list it under instruments",
    ),
    "unknown successor": (
        "reports",
        life(about="aut-che-treaty", life={"replaced_by": ["alpine-treaty"]}),
        "record example-gazette-1, life.replaced_by: no instrument has the id alpine-treaty; list it under instruments",
    ),
    "amendment of what is unknown": (
        "reports",
        life(about="aut-che-treaty", life={"amends": ["alpine-treaty"]}),
        "record example-gazette-1, life.amends: no instrument has the id alpine-treaty; list it under instruments",
    ),
    "dialogue that is based on nothing known": (
        "series",
        {**TALKS["series"][0], "id": "x", "based_on": ["alpine-treaty"]},
        "record x, based_on: no instrument has the id alpine-treaty; list it under instruments",
    ),
    "meeting of an unknown dialogue": (
        "meetings",
        {"id": "x-1", "series": "x", "label": "1st"},
        "record x-1, series: no dialogue has the id x; list it under series",
    ),
    "meeting that is part of an unknown one": (
        "meetings",
        {"id": "x-1", "series": "aut-che-talks", "label": "1st", "part_of": "x-0"},
        "record x-1, part_of: no meeting has the id x-0; list it under meetings",
    ),
    "successor of an unknown dialogue": (
        "series",
        {"id": "x", "name": "X", "kind": "bilateral", "succeeds": "w"},
        "record x, succeeds: no dialogue has the id w; list it under series",
    ),
    "meeting in two dialogues": (
        "meetings",
        {"id": "aut-che-talks-1", "series": "aut-che-others", "label": "1st round"},
        ("record aut-che-talks-1, series: aut-che-talks-1 stands in the dataset with another value "
        "(https://w3id.org/stabgraph/id/dialogue/aut-che-talks); mend the dataset or leave the entry out"),
    ),
    "dialogue of another kind": (
        "series",
        {**TALKS["series"][0], "kind": "multilateral", "name": "Not to be kept"},
        ("record aut-che-talks, kind: aut-che-talks stands in the dataset with another value "
        "(https://w3id.org/stabgraph/id/kind/bilateral); mend the dataset or leave the entry out"),
    ),
    "dialogue with an unknown party": (
        "series",
        {**TALKS["series"][0], "id": "x", "parties": ["NOBODY"]},
        "record x, parties: " + NO_PARTY,
    ),
    "person of an unknown party": (
        "people",
        {"id": "x", "name": "X", "of": "NOBODY"},
        "record x, of: " + NO_PARTY,
    ),
}  # fmt: skip
OTHER = {"id": "aut-che-others", "name": "Other Talks", "kind": "bilateral", "parties": ["AUT", "CHE"]}


def mixed(folder, kind, entry):
    """Save a file with the wrong entry between right ones."""
    content = talks(series=[*TALKS["series"], OTHER])
    right = report(id="example-post-1", says={"topics": ["arms control"]})
    content[kind] = [*content[kind], entry]
    return saved(folder, "mixed.yaml", {**content, "reports": [*content["reports"], right]})


@pytest.mark.parametrize(("kind", "entry", "sentence"), WRONG.values(), ids=WRONG)
def test_wrong_entry_is_refused_with_one_sentence_and_the_right_ones_are_written(
    tmp_path, kind, entry, sentence
):
    file = mixed(tmp_path, kind, entry)
    result = add_files(tmp_path / "data", [file])
    assert [str(error) for error in result.refused] == [f"{file}, {sentence}"]
    assert reports(tmp_path / "data") == {"example-daily-1", "example-post-1"}
    right = saved(tmp_path, "right.yaml", talks(series=[*TALKS["series"], OTHER]))
    post = saved(tmp_path, "post.yaml", {"reports": [json.loads(file.read_text("utf-8"))["reports"][-1]]})
    add_files(tmp_path / "right", [right, post])
    assert state(tmp_path / "data") == state(tmp_path / "right"), "something of the wrong entry was written"


@pytest.mark.parametrize(("kind", "entry", "sentence"), WRONG.values(), ids=WRONG)
def test_wrong_entry_changes_nothing_in_a_dataset(tmp_path, data, kind, entry, sentence):
    add_files(data, [saved(tmp_path, "other.yaml", {"series": [OTHER]})])
    before = state(data)
    result = add_files(data, [saved(tmp_path, "wrong.yaml", {kind: [entry]})])
    assert len(result.refused) == 1
    assert result.refused[0].reason in sentence
    assert result.changed == []
    assert state(data) == before


def test_command_line_prints_one_line_for_each_refusal(tmp_path, cli):
    """All of the wrong entries at once, beside right ones; those that repeat an id come last."""
    content = talks(series=[*TALKS["series"], OTHER])
    for kind, entry, _ in WRONG.values():
        content[kind].append(entry)
    done = cli(saved(tmp_path, "wrong.yaml", content))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    refusals = [line for line in lines if line.startswith(f"refused: {tmp_path / 'wrong.yaml'}, record ")]
    assert len(refusals) == len(WRONG)
    assert {line.partition(":")[0] for line in lines} == {"refused", "note"}
    for _, _, sentence in WRONG.values():
        reason = re.sub(r"^.*?(reports\[\d+\]|: )", "", sentence)
        assert any(reason in line for line in refusals), reason
    assert done.stdout.startswith(f"1 reports added, 0 there already, {len(WRONG)} entries refused, ")
    assert reports(tmp_path / "data") == {"example-daily-1"}


def test_command_line_refuses_a_single_wrong_report_and_exits_with_1(tmp_path, cli, data):
    before = state(data)
    done = cli(saved(tmp_path, "wrong.yaml", {"reports": [WRONG["unknown field"][1]]}))
    assert done.returncode == 1
    assert done.stderr == (
        f"refused: {tmp_path / 'wrong.yaml'}, record example-gazette-1, reports[0]: "
        "unknown field `colour`; did you mean country?\n"
    )
    assert done.stdout == "0 reports added, 0 there already, 1 entries refused, 0 files written\n"
    assert state(data) == before


def test_command_line_says_what_was_added_and_what_names_nothing(talks_file, cli):
    done = cli(talks_file)
    assert (done.returncode, done.stderr) == (
        0,
        "note: what the topic 'an invented topic' means is not known yet\n",
    )
    assert done.stdout == "1 reports added, 0 there already, 0 entries refused, 6 files written\n"


def test_file_that_is_not_yaml_stops_everything(tmp_path, data, cli):
    before = state(data)
    bad = tmp_path / "bad.yaml"
    bad.write_text("reports: [", "utf-8")
    second = saved(tmp_path, "second.yaml", {"reports": [report()]})
    with pytest.raises(RecordError, match=r"bad\.yaml: is not YAML: "):
        add_files(data, [second, bad])
    done = cli(second, bad)
    assert done.returncode == 1
    assert re.fullmatch(rf"error: {re.escape(str(bad))}: is not YAML: [^\n]+\n", done.stderr)
    assert state(data) == before


def test_missing_file_stops_everything(tmp_path, data, cli):
    before = state(data)
    done = cli(tmp_path / "talks.yaml", tmp_path / "nowhere.yaml")
    assert done.returncode == 1
    assert re.fullmatch(r"error: [^\n]+nowhere\.yaml: cannot be read \([^\n]+\)\n", done.stderr)
    assert state(data) == before


# ── A dataset that cannot be read or written ────────────────────────────────────


def test_syntax_error_in_the_dataset_names_file_and_line(data, talks_file, cli):
    broken = data / "reports" / "aut-che-talks.trig"
    lines = broken.read_text("utf-8").splitlines()
    number = next(i for i, line in enumerate(lines) if "sg:credit" in line)
    lines[number] = lines[number].replace(" ;", "")
    broken.write_text("\n".join(lines), "utf-8")
    before = state(data)
    where = rf"{re.escape(str(broken))}, line {number + 2}: "
    with pytest.raises(DataError, match=where):
        add_files(data, [talks_file])
    done = cli(talks_file)
    assert done.returncode == 1
    assert re.fullmatch(rf"error: {where}[^\n]+\n", done.stderr)
    assert state(data) == before


def test_directory_below_a_file_cannot_be_written(tmp_path, talks_file, python):
    (tmp_path / "file").write_text("mine")
    before = state(tmp_path)
    with pytest.raises(WriteError, match=r"cannot be written \(.*\); nothing was changed"):
        add_files(tmp_path / "file" / "data", [talks_file])
    done = python("-m", "stabgraph", "add", str(talks_file), "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert re.fullmatch(
        r"error: [^\n]+ cannot be written \([^\n]+\); nothing was changed there: [^\n]+\n", done.stderr
    )
    assert state(tmp_path) == before


def test_file_in_place_of_the_directory_is_refused(talks_file):
    with pytest.raises(DataError, match=r"talks\.yaml is not a directory; name the directory"):
        add_files(talks_file, [talks_file])
    assert json.loads(talks_file.read_text("utf-8")) == TALKS


def test_file_in_place_of_a_folder_leaves_everything_as_it_was(tmp_path, talks_file):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "reports").write_text("in the way")
    before = state(tmp_path)
    with pytest.raises(WriteError, match=r"data cannot be written \(.*\); nothing was changed"):
        add_files(tmp_path / "data", [talks_file])
    assert state(tmp_path) == before


def test_folder_in_place_of_a_file_leaves_everything_as_it_was(tmp_path, talks_file):
    (tmp_path / "data" / "publishers.ttl").mkdir(parents=True)
    before = state(tmp_path)
    with pytest.raises(DataError, match=r"publishers\.ttl cannot be read"):
        add_files(tmp_path / "data", [talks_file])
    assert state(tmp_path) == before


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)  # Python ignores the signal
from stabgraph.cli import main
main()
"""


@pytest.mark.parametrize("size", [0, 400, 1000])
@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "standing"])
def test_disk_that_fills_up_leaves_everything_as_it_was(tmp_path, talks_file, python, size, fresh):
    """With 400 bytes the small files fit and the file of the reports does not, with 1,000 a part of it does not."""
    pytest.importorskip("resource", reason="limits on the size of files are known to Unix only")
    folder = tmp_path / "data"
    if not fresh:
        add_files(folder, [saved(tmp_path, "first.yaml", talks(reports=[]))])
    before = state(tmp_path)
    words = ["add", str(talks_file), "--data", str(folder)]
    done = python("-B", "-c", FULL, str(size), *words)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[-1].startswith(
        f"error: {folder} cannot be written (File too large); nothing was changed there: "
    )
    assert "Traceback" not in done.stderr
    assert len(lines) == 1
    assert state(tmp_path) == before
    assert python("-B", "-c", FULL, "100000", *words).returncode == 0, "enough space, and it works"
    assert reports(folder) == {"example-daily-1"}


def test_unknown_properties_of_the_dataset_are_not_lost(tmp_path, data):
    strange = Quad(NamedNode("https://example.org/mine"), RDFS.label, Literal("mine"))
    write(data, [*read(data), strange])
    add_files(data, [saved(tmp_path, "second.yaml", {"reports": [report()]})])
    assert strange in read(data)
