"""Records: the same through YAML, RDF and TriG; what is refused, and how the refusal says where."""

import json
import random
import re

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, Quad

from stabgraph.errors import RecordError
from stabgraph.fields import slug
from stabgraph.plain_yaml import read_yaml, write_yaml
from stabgraph.records import Dialogue, Instrument, Meeting, Person, Record, json_schema, read_entries
from stabgraph.turtle import parse, serialize
from stabgraph.vocabulary import EDTF, RDF, RDFS, SG, SKOS, bundled, iri

from .strategies import HARD_TEXTS, records, texts

TEMPLATE = bundled("data") / "template.yaml"
SCHEMA = bundled("data") / "record.schema.json"

#: An invented report, as short as can be.
PLAIN = {
    "id": "example-daily-1",
    "url": "https://news.example/1",
    "publisher": "Example Daily",
    "language": "en",
    "about": "aut-che-1",
    "says": {},
}
PERSON = {"person": "anna-muster", "as": "Anna Muster"}


def with_(**fields):
    return {**PLAIN, **fields}


def saying(**says):
    return with_(says=says)


def without(field):
    return {name: value for name, value in PLAIN.items() if name != field}


def living(**life):
    return {**without("says"), "about": "arctic-treaty", "life": life}


def delegation(**fields):
    return {"party": "CHE", **fields}


def made(content):
    return Record.from_yaml(json.dumps(content, ensure_ascii=False))  # JSON is YAML


# ── There and back ──────────────────────────────────────────────────────────────


@settings(deadline=None)
@given(records)
def test_record_survives_yaml(record):
    assert Record.from_yaml(record.to_yaml()) == record


@settings(deadline=None)
@given(records, st.randoms(use_true_random=False))
def test_record_survives_rdf_in_any_order(record, chance):
    quads = record.to_rdf()
    chance.shuffle(quads)
    assert Record.from_rdf(quads) == record


@settings(deadline=None)
@given(records)
def test_record_survives_trig(tmp_path_factory, record):
    path = tmp_path_factory.getbasetemp() / "record.trig"
    path.write_bytes(serialize([record.to_rdf()]))
    assert Record.from_rdf(parse(path)) == record


@settings(deadline=None)
@given(records)
def test_record_from_rdf_gives_the_same_rdf(record):
    quads = record.to_rdf()
    assert set(Record.from_rdf(quads).to_rdf()) == set(quads)


@settings(deadline=None)
@given(texts)
def test_strategy_makes_texts_that_a_record_takes(text):
    assert made(saying(city=text)).says.city == text


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_hard_text_survives_yaml_and_rdf(text):
    record = made(saying(city=text, topics=[text]))
    assert record.says.city == text
    assert Record.from_yaml(record.to_yaml()) == record
    assert Record.from_rdf(record.to_rdf()) == record


@settings(deadline=None)
@given(st.recursive(texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=10))
def test_yaml_of_texts_reads_as_it_was_written(value):
    assert read_yaml(write_yaml(value)) == value


@pytest.mark.parametrize("report", [{}, {"publisher": "No"}], ids=["language", "publisher"])
def test_norwegian_stays_a_text(report):
    """In YAML 1.1 `no` is false."""
    text = "\n".join(f"{key}: {value}" for key, value in with_(language="no", **report).items())
    assert Record.from_yaml(text).language == "no"
    assert Record.from_yaml(text).publisher == report.get("publisher", "Example Daily")


def test_year_without_quotes_stays_a_text():
    assert Record.from_yaml(json.dumps(saying(start="2003")).replace('"2003"', "2003")).says.start == "2003"


def test_empty_field_says_nothing():
    text = json.dumps(saying(city="x", end="y")).replace('"x"', "null").replace('"y"', "~")
    assert Record.from_yaml(text) == made(PLAIN)


def test_city_in_quotes_can_be_called_null():
    assert made(saying(city="null")).says.city == "null"


def test_alias_repeats_a_value():
    text = json.dumps(saying(city="x")).replace('"Example Daily"', "&a Name").replace('"x"', "*a")
    assert Record.from_yaml(text).says.city == "Name"


def test_lists_are_sorted_and_repetitions_dropped():
    sides = [delegation(party="CHE"), delegation(party="AUT")]
    record = made(saying(topics=["b", "a", "b"], hosts=["CHE", "AUT"], delegations=sides))
    assert record.says.topics == ("a", "b")
    assert record.says.hosts == ("AUT", "CHE")
    assert [side.party for side in record.says.delegations] == ["AUT", "CHE"]
    assert record == made(saying(topics=["a", "b"], hosts=["AUT", "CHE"], delegations=sides[::-1]))


def test_yaml_leaves_out_empty_fields():
    assert set(yaml.safe_load(made(saying(city="Bern")).to_yaml())) == set(PLAIN)
    assert yaml.safe_load(made(saying(city="Bern")).to_yaml())["says"] == {"city": "Bern"}


def test_claims_stand_in_the_graph_of_the_report_and_its_description_does_not():
    record = made(saying(city="Bern"))
    graphs = {quad.predicate: quad.graph_name for quad in record.to_rdf()}
    assert graphs[SG.city] == iri("report", "example-daily-1")
    assert graphs[SG.about] != iri("report", "example-daily-1")


def test_report_about_an_instrument_claims_the_stages_of_its_life():
    life = {"signed": "2030-05-06", "entered_into_force": "2031", "amends": ["polar-treaty"]}
    record = made(living(**life))
    graph, treaty = iri("report", record.id), iri("instrument", "arctic-treaty")
    assert {quad for quad in record.to_rdf() if quad.graph_name == graph} == {
        Quad(treaty, SG.signed, Literal("2030-05-06", datatype=EDTF), graph),
        Quad(treaty, SG.enteredIntoForce, Literal("2031", datatype=EDTF), graph),
        Quad(treaty, SG.amends, iri("instrument", "polar-treaty"), graph),
    }
    assert Quad(graph, SG.about, treaty) in record.to_rdf()


def test_instrument_is_introduced_by_its_names():
    entry = Instrument(id="arctic-treaty", name="Arctic Treaty (invented)", aliases=("AT",))
    treaty = iri("instrument", "arctic-treaty")
    assert set(entry.to_rdf()) == {
        Quad(treaty, RDF.type, SG.Instrument),
        Quad(treaty, RDFS.label, Literal("Arctic Treaty (invented)", language="en")),
        Quad(treaty, SKOS.altLabel, Literal("AT", language="en")),
    }


def test_dialogue_is_based_on_instruments():
    dialogue = Dialogue(
        id="arctic-review", name="Arctic Review", kind="multilateral", based_on=("arctic-treaty",)
    )
    found = [quad.object for quad in dialogue.to_rdf() if quad.predicate == SG.basedOn]
    assert found == [iri("instrument", "arctic-treaty")]


def test_links_among_the_quads_are_passed_over():
    record = made(saying(topics=["arms control"]))
    link = Quad(iri("meeting", "aut-che-1"), SG.topic, iri("topic", "arms-control"), iri("report", record.id))
    assert Record.from_rdf([*record.to_rdf(), link]) == record


def test_quads_that_stand_twice_count_once():
    record = made(saying(city="Bern"))
    assert Record.from_rdf(record.to_rdf() * 2) == record


def test_quads_of_two_reports_are_refused():
    with pytest.raises(RecordError, match="describes 2 reports where one is expected"):
        Record.from_rdf([*made(PLAIN).to_rdf(), *made(with_(id="other")).to_rdf()])


def test_quads_of_no_report_are_refused():
    with pytest.raises(RecordError, match="describes 0 reports where one is expected"):
        Record.from_rdf([])


def test_report_that_says_two_things_is_refused():
    quads = [*made(saying(city="Bern")).to_rdf(), *made(saying(city="Basel")).to_rdf()]
    with pytest.raises(RecordError, match="has 2 values where one is expected") as caught:
        Record.from_rdf(quads)
    assert caught.value.field == "city"


def test_outcomes_that_differ_in_punctuation_are_one_thing():
    first, second = (made(saying(outcomes=[text])).to_rdf() for text in ("Hotline agreed", "hotline agreed."))
    labels = [quad.subject for quad in (*first, *second) if quad.predicate == RDFS.label]
    assert labels[0] == labels[1]


@pytest.mark.parametrize(("one", "other"), [("Договор 5", "Соглашение 5"), ("协议", "条约"), ("ł", "ø")])
def test_names_in_other_letters_have_ids_of_their_own(one, other):
    assert slug(one, limit=72) != slug(other, limit=72)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(one, limit=72))


@settings(deadline=None)
@given(st.text(min_size=1), st.integers(20, 80))
def test_slug_is_an_id_and_short_enough(text, limit):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text, limit=limit))
    assert len(slug(text, limit=limit)) <= limit


# ── What is refused ─────────────────────────────────────────────────────────────

BAD = {
    # What is wrong: the record, the field that the error names, and words of its sentence.
    "unknown field": (with_(colour="red"), "", "unknown field `colour`; did you mean country?"),
    "unknown field below": (saying(topic="x"), "says", "unknown field `topic`; did you mean topics?"),
    "unknown field like no other": (with_(xyz=1), "", "unknown field `xyz`; leave it out, or see the template"),
    "field of another place": (with_(topics=["x"]), "", "unknown field `topics`; it belongs elsewhere in the file"),
    "unknown field with a line feed": (with_(**{"co\nlour": "red"}), "", "unknown field `co lour`"),
    "unknown country code": (saying(country="ZZZ"), "says.country", "ZZZ is not the code of a state"),
    "institution as a country": (saying(country="NATO"), "says.country", "NATO is not the code of a state"),
    "country in small letters": (saying(country="che"), "says.country", "is not a party: the ISO 3166"),
    "unknown country of next": (saying(next={"country": "ZZZ"}), "says.next.country", "ZZZ is not the code"),
    "impossible date": (saying(start="2024-02-30"), "says.start", "'2024-02-30' is not an EDTF date"),
    "impossible date of publication": (with_(published="soon"), "published", "'soon' is not an EDTF date"),
    "impossible date of next": (saying(next={"when": "2024-13"}), "says.next.when", "is not an EDTF date"),
    "end before start": (saying(start="2024-02-07", end="2024-02-06"), "says.end", "before it starts"),
    "end of a month before": (saying(start="2024-02-07", end="2024-01"), "says.end", "before it starts"),
    "no url": (without("url"), "", "required field is missing: `url`"),
    "neither says nor life": (without("says"), "says", "give one of the two"),
    "both says and life": (with_(life={}), "says", "give one only of the two"),
    "stage of an instrument in says": (saying(signed="2030"), "says", "unknown field `signed`; it belongs elsewhere"),
    "fact of a meeting in life": (living(city="Bern"), "life", "unknown field `city`; it belongs elsewhere"),
    "impossible date in a life": (living(signed="2030-02-30"), "life.signed", "'2030-02-30' is not an EDTF date"),
    "in force before it was signed": (
        living(signed="2030-05", entered_into_force="2030-04-30"),
        "life.entered_into_force",
        "2030-04-30 comes before `signed` (2030-05)",
    ),
    "ended before it was in force": (
        living(entered_into_force="2031-01-01", ended="2030"), "life.ended", "2030 comes before `entered_into_force`",
    ),
    "treaty that replaces itself": (
        living(replaced_by=["arctic-treaty"]), "life.replaced_by", "arctic-treaty cannot stand here itself",
    ),
    "successor that is no id": (living(replaced_by=["The Treaty"]), "life.replaced_by[0]", "lower-case letters"),
    "ftp url": (with_(url="ftp://news.example/1"), "url", "begins with http:// or https://"),
    "url that is no IRI": (with_(url="https://news.example/a[1]"), "url", "is not a valid address"),
    "url with a bad escape": (with_(url="https://news.example/%zz"), "url", "is not a valid address"),
    "party twice": (
        saying(delegations=[delegation(heads=[PERSON]), delegation()]),
        "says.delegations",
        "CHE stands twice",
    ),
    "head and member": (
        saying(delegations=[delegation(heads=[PERSON], members=[PERSON])]),
        "says.delegations[0].heads",
        "anna-muster stands twice",
    ),
    "delegate and participant": (
        saying(
            delegations=[delegation(heads=[PERSON])],
            participants=[{**PERSON, "party": "CHE", "capacity": "chair"}],
        ),
        "says.participants",
        "CHE anna-muster stands twice",
    ),
    "unknown status": (saying(status="over"), "says.status", "not one of the known values: 'over'"),
    "unknown capacity": (
        saying(participants=[{**PERSON, "capacity": "cook"}]),
        "says.participants[0].capacity",
        "not one of the known values: 'cook'",
    ),
    "text for a list": (saying(topics="arms control"), "says.topics", "must be a list, not `str`"),
    "list for a text": (saying(city=["Bern"]), "says.city", "got `array`"),
    "text for a mapping": (with_(says="nothing"), "says", "must be a mapping, not `str`"),
    "word for a number": (saying(ordinal="first"), "says.ordinal", "expected `int"),
    "number that is too small": (saying(ordinal="0"), "says.ordinal", "expected `int` >= 1"),
    "two lines": (saying(city="Bern\nBasel"), "says.city", "is not one line of text"),
    "line feed at the end": (saying(city="Bern\n"), "says.city", "is not one line of text"),
    "line feed after an id": (with_(id="example\n"), "id", "is not an id"),
    "space around": (saying(city=" Bern"), "says.city", "without space around it"),
    "empty text": (saying(city=""), "says.city", "is not one line of text"),
    "long text": (saying(city="x" * 501), "says.city", "length <= 500"),
    "capitals in an id": (with_(id="Example"), "id", "lower-case letters and digits"),
    "path in an id": (with_(about="../x"), "about", "lower-case letters and digits"),
    "language in words": (with_(language="German language"), "language", "BCP 47"),
    "outcome called next": (
        saying(outcomes=["Next"], next={"ordinal": "2"}),
        "says.outcomes",
        "'Next' would have the id of another outcome",
    ),
    "outcome with the id of a document": (
        saying(outcomes=["Document: treaty"], documents=["treaty"]),
        "says.outcomes",
        "'Document: treaty' would have the id of another outcome",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "field", "words"), BAD.values(), ids=BAD)
def test_bad_record_is_refused_with_its_field(content, field, words):
    with pytest.raises(RecordError, match=re.escape(words)) as caught:
        made(content)
    assert caught.value.field == field
    assert "\n" not in str(caught.value)
    assert field in str(caught.value)


def test_the_record_that_the_bad_ones_vary_is_good():
    assert made(PLAIN).id == "example-daily-1"


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
NOT_A_RECORD = {
    "flow without an end": ("{a: [", "is not YAML"),
    "tab for spaces": ("a:\n\t- b", "is not YAML"),
    "control character": ("a: \x01", "is not YAML"),
    "lone surrogate": ("a: \ud800", "is not YAML"),
    "several documents": ("a: 1\n---\nb: 2", "several YAML documents"),
    "nothing": ("", "must be a mapping, not `null`"),
    "list at the top": ("- id: x", "must be a mapping, not `array`"),
    "text at the top": ("record", "must be a mapping, not `str`"),
    "field twice": ("city: Bern\ncity: Basel", "city: stands twice in the mapping that ends in line"),
    "mapping as a name": ("{a: b}: c", "the name of a field must be a text"),
    "unknown alias": ("id: *x", "line 1: nothing that ended before *x bears its name"),
    "contains itself": ("&a {id: *a}", "line 1: nothing that ended before *a bears its name"),
    "list contains itself": ("&a [*a]", "line 1: nothing that ended before *a bears its name"),
    "billion laughs": (BOMB, "holds too much, with its aliases written out"),
    "deep nesting": ("[" * 100 + "]" * 100, "line 1: is nested too deeply"),
    # The parser of the yaml package ends the process here.
    "bottomless nesting": ("[" * 1_000_000, "line 1: is nested too deeply"),
    "deep mappings": ("{a: " * 100_000, "line 1: is nested too deeply"),
    "python object": ("!!python/object/apply:os.system [exit 1]", "must be a mapping, not `array`"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), NOT_A_RECORD.values(), ids=NOT_A_RECORD)
def test_text_that_is_no_record_is_refused(text, words):
    with pytest.raises(RecordError, match=re.escape(words)) as caught:
        Record.from_yaml(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_refused_with_one_line(text):
    with pytest.raises(RecordError, match=r"^[^\n]+$"):
        Record.from_yaml(text)


def test_alias_as_an_id_is_not_written_out():
    """The error names the record, but only where its id is a text."""
    bomb = BOMB[: BOMB.index("f:")]
    with pytest.raises(RecordError, match=r"^unknown field `a`; did you mean as\?$"):
        Record.from_yaml(f"{bomb}id: *e\n")


def test_error_names_the_record():
    with pytest.raises(RecordError, match=r"^record example-daily-1, says\.status: ") as caught:
        made(saying(status="over"))
    assert caught.value.record == "example-daily-1"


# ── Record files ────────────────────────────────────────────────────────────────


def entries(tmp_path, text):
    path = tmp_path / "records.yaml"
    path.write_text(text, "utf-8")
    return list(read_entries(path))


def test_refused_entry_names_file_and_position_and_the_others_are_read(tmp_path):
    content = {"people": [{"id": "x", "name": "X", "of": "CHE"}], "reports": [with_(colour="red"), PLAIN]}
    person, error, record = entries(tmp_path, json.dumps(content))
    assert isinstance(person, Person)
    assert (
        str(error) == f"{tmp_path / 'records.yaml'}, record example-daily-1, reports[0]: "
        "unknown field `colour`; did you mean country?"
    )
    assert record == made(PLAIN)


def test_dialogues_meetings_people_and_instruments_come_before_records():
    kinds = [type(entry) for entry in read_entries(TEMPLATE)]
    assert kinds == sorted(kinds, key=[Dialogue, Meeting, Person, Instrument, Record].index)
    assert set(kinds) == {Dialogue, Meeting, Person, Instrument, Record}


def test_unknown_list_is_refused(tmp_path):
    error, record = entries(tmp_path, json.dumps({"report\ns": [], "reports": [PLAIN]}))
    assert (error.field, record.id) == ("report s", "example-daily-1")
    assert error.reason == "unknown list; known are series, meetings, people, instruments, reports"


def test_list_that_is_a_mapping_is_refused(tmp_path):
    (error,) = entries(tmp_path, json.dumps({"reports": PLAIN}))
    assert (error.field, error.reason) == ("reports", "must be a list")


def test_empty_list_holds_nothing(tmp_path):
    assert entries(tmp_path, "series:\nreports: []") == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"- a", "is not a record file"),
        (b"", "is not a record file"),
        (b"colour: red", "is not a record file"),
        (b"{reports: [", "is not YAML"),
        (b"reports: []\nreports: []", "reports: stands twice"),
        ("reports: é".encode("latin-1"), "cannot be read"),
    ],
)
def test_file_that_is_no_record_file_is_refused(tmp_path, content, words):
    path = tmp_path / "records.yaml"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=rf"^{re.escape(str(path))}.*{words}"):
        list(read_entries(path))


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(RecordError, match=r"nowhere\.yaml: cannot be read"):
        list(read_entries(tmp_path / "nowhere.yaml"))


# ── Schema and template ─────────────────────────────────────────────────────────


def test_published_schema_is_current():
    expected = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    current = SCHEMA.read_text("utf-8") == expected
    assert current, "data/record.schema.json is out of date; write it anew with `make docs`"


def validator():
    # cffconvert holds jsonschema at version 3; what our schema uses means the same in draft 7.
    kind = getattr(jsonschema, "Draft202012Validator", jsonschema.Draft7Validator)
    return kind(json_schema())


def test_template_is_valid_under_the_schema():
    validator().validate(yaml.safe_load(TEMPLATE.read_text("utf-8")))


@settings(max_examples=20, deadline=None)
@given(record=records)
def test_every_record_is_valid_under_the_schema(record):
    content = yaml.safe_load(record.to_yaml())
    assert list(validator().iter_errors({"reports": [content]})) == []


@pytest.mark.parametrize(
    "case", ["unknown field below", "ftp url", "unknown status", "text for a list", "no url"]
)
def test_bad_record_is_invalid_under_the_schema(case):
    with pytest.raises(jsonschema.ValidationError, match=r"."):
        validator().validate({"reports": [BAD[case][0]]})


def test_template_is_read_without_an_error():
    found = list(read_entries(TEMPLATE))
    assert len(found) == 12
    assert [entry for entry in found if isinstance(entry, RecordError)] == []


def test_template_shows_every_field():
    """The names of all structures in the schema, against the names that stand in the template."""
    shown = {}

    def walk(value, name):
        if isinstance(value, list):
            for item in value:
                walk(item, name)
        elif isinstance(value, dict):
            shown.setdefault(name, set()).update(value)
            properties = schema[name]["properties"]
            for key, inner in value.items():
                below = re.search(r"#/\$defs/(\w+)", json.dumps(properties[key]))
                if below:
                    walk(inner, below[1])

    schema = json_schema()["$defs"]
    walk(yaml.safe_load(TEMPLATE.read_text("utf-8")), "RecordFile")
    assert shown == {name: set(definition["properties"]) for name, definition in schema.items()}


def test_template_marks_its_ids_as_examples():
    found = list(read_entries(TEMPLATE))
    assert [entry.id for entry in found if not entry.id.startswith("example-")] == []


def test_shuffled_record_file_gives_the_same_records(tmp_path):
    content = yaml.safe_load(TEMPLATE.read_text("utf-8"))
    keys = list(content)
    random.Random(1).shuffle(keys)
    shuffled = {key: content[key] for key in keys}
    assert list(shuffled) != list(content)
    assert entries(tmp_path, json.dumps(shuffled)) == list(read_entries(TEMPLATE))
