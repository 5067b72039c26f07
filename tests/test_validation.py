"""What `stabgraph validate` finds, where, and what it says to do."""

import re
import shutil
import subprocess
import sys

import pytest

from stabgraph.dataset import format_files
from stabgraph.errors import DataError, RecordError
from stabgraph.validation import summary, validate
from stabgraph.vocabulary import bundled

DATA = bundled("data")


def belongs(block, told):
    """Whether reports point to a thing, or can call it by one of its names; institutions and states all come along."""
    thing = block.split(" ", 1)[0]
    if thing.startswith(("@prefix", "institution:", "state:")):
        return True
    named = thing.startswith(("publisher:", "place:", "instrument:"))
    names = re.findall(r'"([^"]+)"', block) if named else []
    return re.search(rf"{re.escape(thing)}(?![\w-])", told) or any(f'"{name}"' in told for name in names)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A dataset with one real dialogue and what belongs to it."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "reports").mkdir()
    shutil.copy(DATA / "reports" / "pak-rus-cgss.trig", folder / "reports")
    told = (DATA / "reports" / "pak-rus-cgss.trig").read_text("utf-8")
    for file in DATA.glob("*.ttl"):
        head, *blocks = file.read_text("utf-8").split("\n\n")
        kept = [block for block in blocks if belongs(block, told)]
        (folder / file.name).write_text("\n\n".join([head, *kept]) + "\n", "utf-8")
    format_files(folder)
    return folder


@pytest.fixture
def dataset(small, tmp_path):
    shutil.copytree(small, tmp_path / "data")
    return tmp_path / "data"


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def errors(dataset):
    return validate(dataset).where("severity", "error").to_dicts()


def test_bundled_data_pass():
    findings = validate(DATA)
    assert findings.where("severity", "error").to_dicts() == []
    assert len(findings) > 0, "there are known gaps, which are warnings"
    assert summary(findings).startswith("0 errors, ")
    # The gaps that the dataset's own description counts.
    described = (DATA / "README.md").read_text("utf-8")
    checks = findings.column("check")
    assert f"{checks.count('meeting-dated'):,} meetings have no date" in described
    assert f"{checks.count('report-dated'):,} reports bear none" in described


def test_small_dataset_passes(small):
    assert errors(small) == []


def test_syntax_error_names_file_and_line(dataset):
    path = dataset / "reports" / "pak-rus-cgss.trig"
    edit(path, "sg:ordinal 12 ;", "sg:ordinal 12 12 ;")
    line = 1 + path.read_text("utf-8").partition("12 12")[0].count("\n")
    found = [finding for finding in errors(dataset) if finding["check"] == "syntax"]
    assert [finding["file"] for finding in found] == ["reports/pak-rus-cgss.trig"]
    assert f", line {line}: " in found[0]["message"]


@pytest.mark.parametrize(
    ("old", "new", "check", "words"),
    [
        ('"2024-02-08"^^edtf:EDTF', '"2024-02-31"^^edtf:EDTF', "edtf", "2024-02-31"),
        ("status:held", "status:heldd", "record", "status"),
        ("sg:about meeting:pak-rus-cgss-14", "sg:about meeting:pak-rus-cgss-99", None, ""),
        ("sg:topicPhrase", "sg:disputed sg:start ; sg:topicPhrase", "record", "no field of a record"),
    ],
)
def test_fault_in_a_report_is_found_where_it_stands(dataset, old, new, check, words):
    edit(dataset / "reports" / "pak-rus-cgss.trig", old, new)
    found = errors(dataset)
    assert found
    assert all(finding["file"] for finding in found), found
    if check:
        assert any(finding["check"] == check and words in finding["message"] for finding in found), found


def test_life_that_no_field_says_is_found_where_it_stands(dataset):
    reports = (DATA / "reports" / "_instruments.trig").read_text("utf-8")
    path = dataset / "reports" / "_instruments.trig"
    path.write_text(reports, "utf-8")
    for name in ("publishers.ttl", "instruments.ttl"):
        shutil.copy(DATA / name, dataset)
    assert errors(dataset) == []
    edit(path, "instrument:new-start sg:signed", 'instrument:new-start sg:venue "Prague" ; sg:signed')
    edit(path, "sg:amends instrument:start-i", "sg:amends instrument:start-nine")
    found = {finding["check"]: finding for finding in errors(dataset)}
    assert set(found) == {"record", "instrument-amends"}
    assert found["record"]["file"] == "reports/_instruments.trig"
    assert found["instrument-amends"]["thing"] == "lisbon-protocol"
    assert "start-nine" in found["instrument-amends"]["message"]


def test_label_on_two_institutions_is_an_error_on_both(dataset):
    with (dataset / "institutions.ttl").open("a", encoding="utf-8") as file:
        file.write('\ninstitution:another a sg:Institution ; rdfs:label "IAEA"@en ; sg:kind kind:forum .\n')
    found = [finding for finding in errors(dataset) if finding["check"] == "labels"]
    assert {finding["thing"] for finding in found} == {"IAEA", "another"}


def test_page_told_twice_of_one_meeting_is_an_error(dataset):
    path = dataset / "reports" / "pak-rus-cgss.trig"
    block = next(
        block for block in path.read_text("utf-8").split("\n\n") if block.startswith("report:dawn-2019-03-28")
    )
    again = block.replace("report:dawn-2019-03-28-cgss-13", "report:dawn-again")
    path.write_text(f"{path.read_text('utf-8')}\n{again}\n", "utf-8")
    assert [(found["check"], found["thing"]) for found in errors(dataset)] == [("report-twice", "dawn-again")]


def test_count_that_begins_again_wants_a_cycle(dataset):
    path = dataset / "reports" / "pak-rus-cgss.trig"
    path.write_text(path.read_text("utf-8").replace("sg:ordinal 15 ", "sg:ordinal 1 "), "utf-8")
    warnings = validate(dataset).where("check", "numbering")
    assert warnings.column("thing") == ["pak-rus-cgss-15"]
    assert "sg:cycle" in warnings[0]["message"].value
    edit(path, 'sg:title "15th round"@en', 'sg:title "15th round"@en ; sg:cycle "new count"@en')
    assert not validate(dataset).where("check", "numbering")


def test_file_out_of_form_is_a_warning_with_the_command_that_mends_it(dataset):
    path = dataset / "reports" / "pak-rus-cgss.trig"
    path.write_text("# a comment\n" + path.read_text("utf-8"), "utf-8")
    warnings = validate(dataset).where("check", "canonical")
    assert warnings.column("file") == ["reports/pak-rus-cgss.trig"]
    assert "stabgraph fmt" in warnings[0]["message"].value


def test_record_file_is_checked_without_being_added(small, tmp_path):
    record = tmp_path / "r.yaml"
    record.write_text(
        "reports:\n- {id: x-1, url: 'https://a.example/', publisher: A, language: en, about: nowhere, says: {}}\n"
    )
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    found = validate(small, [record])
    assert found.column("thing") == ["x-1"]
    assert "nowhere" in found[0]["message"].value
    assert before == {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}


def test_missing_dataset_is_an_error(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        validate(tmp_path / "nowhere")


def test_unreadable_record_file_is_an_error(small, tmp_path):
    with pytest.raises(RecordError, match="cannot be read"):
        validate(small, [tmp_path / "nowhere.yaml"])


def test_command_line_ends_with_status_1_and_a_count(dataset):
    edit(dataset / "reports" / "pak-rus-cgss.trig", '"2024-02-08"^^edtf:EDTF', '"2024-02-31"^^edtf:EDTF')
    command = [sys.executable, "-m", "stabgraph", "validate", "--data", str(dataset)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert " errors, " in done.stdout
    assert "Traceback" not in done.stderr


# ── What a dataset must tell ───────────────────────────────────────────────────────────────────────────────


def found_by(dataset, check):
    return [finding for finding in errors(dataset) if finding["check"] == check]


def test_meeting_before_its_dialogue_began_is_an_error(dataset):
    text = (dataset / "dialogues.ttl").read_text("utf-8")
    line = next(line for line in text.splitlines() if "sg:since" in line)
    edit(dataset / "dialogues.ttl", line.split('"')[1], "2019-05")
    format_files(dataset)
    found = found_by(dataset, "before-dialogue")
    assert found
    assert {finding["file"] for finding in found} == {"reports/pak-rus-cgss.trig"}
    assert "pak-rus-cgss-12" in {finding["thing"] for finding in found}
    assert "pak-rus-cgss-14" not in {finding["thing"] for finding in found}
    for words in ("dialogue:pak-rus-cgss", "sg:since 2019-05", "mend the date"):
        assert words in found[0]["message"]


def place(*lines):
    """Return an invented place."""
    return "\n".join(
        ['\nplace:musterstadt a sg:Place ; rdfs:label "Musterstadt"@en ; sg:country state:PAK .', *lines]
    )


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([], True),
        (["place:musterstadt wgs:lat 48.2 ; wgs:long 16.4 ."], False),
        (["place:musterstadt sg:partOf place:islamabad ."], False),
        (
            [
                "place:musterstadt sg:partOf place:musterland .",
                'place:musterland a sg:Place ; rdfs:label "Musterland"@en ; sg:country state:PAK .',
            ],
            True,
        ),
    ],
)
def test_place_lies_on_the_map_by_itself_or_by_what_it_is_part_of(dataset, lines, wrong):
    with (dataset / "places.ttl").open("a", encoding="utf-8") as file:
        file.write(place(*lines))
    found = found_by(dataset, "PlaceLocated")
    assert ("musterstadt" in {finding["thing"] for finding in found}) is wrong
    assert all("add wgs:lat and wgs:long" in finding["message"] for finding in found)


def test_report_without_address_is_an_error_in_its_file(dataset):
    path = dataset / "reports" / "pak-rus-cgss.trig"
    line = next(line for line in path.read_text("utf-8").splitlines() if "sg:url" in line)
    edit(path, line + "\n", "")
    found = found_by(dataset, "record")
    assert [finding["file"] for finding in found] == ["reports/pak-rus-cgss.trig"]
    assert "url" in found[0]["message"]


def test_official_who_represents_whom_he_does_not_serve_is_an_error(dataset):
    edit(dataset / "reports" / "pak-rus-cgss.trig", "sg:represents state:RUS", "sg:represents state:KAZ")
    found = found_by(dataset, "serves")
    assert [finding["file"] for finding in found] == ["reports/pak-rus-cgss.trig"]
    assert "KAZ is represented here by" in found[0]["message"]
    assert "who serves RUS" in found[0]["message"]
    assert "add sg:serves" in found[0]["message"]


def test_second_node_for_a_known_official_is_an_error_of_a_record_file(small, tmp_path):
    record = tmp_path / "r.yaml"
    record.write_text("people:\n- {id: s-a-ryabkov, name: S.A. Ryabkov, of: RUS}\n")
    (finding,) = validate(small, [record]).to_dicts()
    assert (finding["severity"], finding["thing"]) == ("error", "s-a-ryabkov")
    assert "use the id sergey-ryabkov" in finding["message"]
    assert "different_from: [sergey-ryabkov]" in finding["message"]


# ── The words of the field ──────────────────────────────────────────────────────────────────────────────────

PHRASES = "topic-phrases.sssom.tsv"
POSTS = "post-ranks.sssom.tsv"


@pytest.fixture
def tables(tmp_path):
    """Write rows into a table with the bundled head, and return what is found."""

    def found(name, *rows, head=None):
        lines = (bundled("ontology") / name).read_text("utf-8").splitlines()
        top = [line for line in lines if line.startswith(("#", "subject_label"))]
        path = tmp_path / name
        cells = [
            "\t".join([phrase, predicate, thing, label, "semapv:ManualMappingCuration", *more])
            for phrase, predicate, thing, label, *more in rows
        ]
        text = "\n".join([*(top if head is None else head(top)), *cells]) + "\n"
        path.write_text(text, "utf-8")
        return validate(DATA, [path]).to_dicts()

    return found


ARMS = ("talk of arms control", "skos:broadMatch", "topic:arms-control", "arms control", "")


def test_right_table_passes(tables):
    assert tables(PHRASES, ARMS) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("x", "skos:exactMatch", "topic:no-such-topic", "", ""), "topic:no-such-topic does not exist"),
        (("x", "skos:exactMatch", "state:XXX", "", ""), "state:XXX does not exist"),
        (("x", "skos:exactMatch", "place:moscow", "Moscow", ""), "place:moscow is of another kind"),
        (("x", "skos:exactMatch", "rank:minister", "minister", ""), "rank:minister is of another kind"),
        (
            ("x", "skos:closeMatch", "topic:arms-control", "arms control", ""),
            "unknown predicate 'skos:closeMatch'",
        ),
        (
            ("Arms-Control", "skos:exactMatch", "topic:arms-control", "arms control", ""),
            "bears the phrase as a label",
        ),
        (
            ("Talk of Arms-Control", "skos:exactMatch", "topic:arms-control", "arms control", ""),
            "says what line",
        ),
    ],
)
def test_wrong_row_is_found_with_its_line(tables, row, words):
    found = [finding for finding in tables(PHRASES, ARMS, row) if finding["severity"] == "error"]
    found = [finding for finding in found if "declare the prefix" not in finding["message"]]
    assert [(finding["check"], finding["file"]) for finding in found] == [("mappings", PHRASES)]
    assert words in found[0]["message"]
    lines = (bundled("ontology") / PHRASES).read_text("utf-8").splitlines()
    first = 2 + sum(line.startswith("#") for line in lines)
    assert f"line {first + 1}" in found[0]["message"]


def test_all_wrong_rows_are_found_at_once(tables):
    wrong = [(f"x{number}", "skos:exactMatch", "topic:no-such-topic", "", "") for number in range(3)]
    assert len(tables(PHRASES, *wrong, ("y", "skos:sameAs", "topic:arms-control", "", ""))) == 4


def test_outdated_name_and_disorder_are_warnings_that_fmt_mends(tables):
    found = tables(PHRASES, ("z", *ARMS[1:]), ("a", *ARMS[1:3], "weapons control", ""))
    assert [finding["severity"] for finding in found] == ["warning", "warning"]
    assert all("stabgraph fmt" in finding["message"] for finding in found)


def test_unknown_column_is_an_error(tables):
    [finding] = tables(PHRASES, head=lambda top: [*top[:-1], top[-1] + "\tremark"])
    assert "unknown column 'remark'" in finding["message"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("#license: https://creativecommons.org/licenses/by/4.0/", None, "lacks license"),
        ("#  topic: https://w3id.org/stabgraph/id/topic/", None, "does not declare the prefix topic"),
        ("#  topic: https://w3id.org/stabgraph/id/topic/", "#  topic: https://a.example/", "is not ours"),
        ("#curie_map:", "#curie_map: {", "is not YAML"),
    ],
)
def test_wrong_head_is_an_error(tables, old, new, words):
    def head(top):
        assert old in top
        return [line if line != old else new for line in top if line != old or new]

    found = [finding for finding in tables(PHRASES, ARMS, head=head) if finding["severity"] == "error"]
    assert any(words in finding["message"] for finding in found), found


def test_post_has_one_rank_in_one_service(tables):
    minister = ("Vizier", "skos:broadMatch", "rank:minister", "minister")
    deputy = ("Vizier", "skos:broadMatch", "rank:deputy-minister", "deputy minister")
    assert tables(POSTS, (*deputy, "state:GBR", ""), (*minister, "", "")) == []
    found = tables(POSTS, (*deputy, "", ""), (*minister, "", ""))
    assert ["keep the higher one" in finding["message"] for finding in found] == [True]
    [found] = [f for f in tables(POSTS, (*minister, "state:XXX", "")) if f["severity"] == "error"]
    assert "state:XXX does not exist" in found["message"]


THESAURUS = """
@prefix topic: <https://w3id.org/stabgraph/id/topic/> .
@prefix scheme: <https://w3id.org/stabgraph/id/scheme/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
topic:a a skos:Concept ; skos:prefLabel "a"@en ; skos:topConceptOf scheme:topics .
topic:b a skos:Concept ; skos:prefLabel "b"@en ; skos:broader topic:a .
topic:c a skos:Concept ; skos:prefLabel "c"@en ; skos:broader topic:b .
"""


@pytest.mark.parametrize(
    ("line", "things", "check", "words"),
    [
        ("", set(), "", ""),
        ("topic:b skos:broader topic:c .", {"b", "c"}, "thesaurus", "broader than itself by way of b, c"),
        (
            'topic:d a skos:Concept ; skos:prefLabel "d"@en .',
            {"d"},
            "thesaurus",
            "No way leads from it to a top",
        ),
        ("topic:c skos:broader topic:e .", {"c"}, "thesaurus", "broader concept e does not exist"),
        ("topic:a skos:related topic:c .", {"a"}, "thesaurus", "related to c and broader or narrower too"),
        ('topic:c skos:altLabel "B"@en .', {"b", "c"}, "labels", "so it names neither"),
    ],
)
def test_thesaurus_out_of_order_is_found(tmp_path, line, things, check, words):
    path = tmp_path / "topics.ttl"
    path.write_text(THESAURUS + line, "utf-8")
    found = validate(DATA, [path]).where("severity", "error").to_dicts()
    assert {finding["thing"] for finding in found} == things
    assert {finding["check"] for finding in found} <= {check}
    assert all(words in finding["message"] for finding in found)


def test_dataset_is_checked_together_with_the_bundled_thesaurus(dataset):
    """A concept of one's own must not take a label of ours, nor stand outside of the tree."""
    (dataset / "other.ttl").write_text(
        "@prefix topic: <https://w3id.org/stabgraph/id/topic/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'topic:mine a skos:Concept ; skos:prefLabel "arms control"@en .\n',
        "utf-8",
    )
    found = [finding for finding in errors(dataset) if finding["check"] in {"labels", "thesaurus"}]
    assert {(finding["file"], finding["thing"], finding["check"]) for finding in found} == {
        ("other.ttl", "mine", "labels"),
        ("other.ttl", "mine", "thesaurus"),
        ("ontology/topics.ttl", "arms-control", "labels"),
    }


def test_rank_that_is_none_is_an_error(tmp_path):
    """Ranks are linked and not written; what is written all the same must be one."""
    path = tmp_path / "part.ttl"
    path.write_text(
        "@prefix sg: <https://w3id.org/stabgraph/ontology#> .\n"
        "<https://w3id.org/stabgraph/id/participation/m/PAK/x> a sg:Participation ;\n"
        "  sg:rank <https://w3id.org/stabgraph/id/capacity/head> .\n",
        "utf-8",
    )
    assert "participation-rank" in validate(DATA, [path]).column("check")
