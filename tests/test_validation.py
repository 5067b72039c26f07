"""What `stabgraph validate` finds, where, and what it says to do."""

import shutil
import subprocess
import sys

import pytest

from stabgraph.dataset import format_files
from stabgraph.errors import DataError, RecordError
from stabgraph.validation import summary, validate
from stabgraph.vocabulary import bundled

DATA = bundled("data")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A dataset with one real dialogue and what belongs to it."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "reports").mkdir()
    for file in DATA.glob("*.ttl"):
        shutil.copy(file, folder)
    dialogues = (folder / "dialogues.ttl").read_text("utf-8")
    head, *blocks = dialogues.split("\n\n")
    kept = [block for block in blocks if block.startswith("dialogue:pak-rus-cgss ")]
    (folder / "dialogues.ttl").write_text("\n\n".join([head, *kept]) + "\n", "utf-8")
    shutil.copy(DATA / "reports" / "pak-rus-cgss.trig", folder / "reports")
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


def test_small_dataset_passes(small):
    assert errors(small) == []


def test_syntax_error_names_file_and_line(dataset):
    edit(dataset / "reports" / "pak-rus-cgss.trig", "sg:ordinal 12 ;", "sg:ordinal 12 12 ;")
    found = [finding for finding in errors(dataset) if finding["check"] == "syntax"]
    assert [finding["file"] for finding in found] == ["reports/pak-rus-cgss.trig"]
    assert "line 3" in found[0]["message"] or "line 2" in found[0]["message"]


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


def test_label_on_two_institutions_is_an_error_on_both(dataset):
    with (dataset / "institutions.ttl").open("a", encoding="utf-8") as file:
        file.write('\ninstitution:another a sg:Institution ; rdfs:label "IAEA"@en ; sg:kind kind:forum .\n')
    found = [finding for finding in errors(dataset) if finding["check"] == "labels"]
    assert {finding["thing"] for finding in found} == {"IAEA", "another"}


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
        ['\nplace:musterstadt a sg:Place ; rdfs:label "Musterstadt"@en ; sg:country state:AUT .', *lines]
    )


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([], True),
        (["place:musterstadt wgs:lat 48.2 ; wgs:long 16.4 ."], False),
        (["place:musterstadt sg:partOf place:vienna ."], False),
        (
            [
                "place:musterstadt sg:partOf place:musterland .",
                'place:musterland a sg:Place ; rdfs:label "Musterland"@en ; sg:country state:AUT .',
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


def test_second_node_for_a_known_official_is_an_error_of_a_record_file(small, tmp_path):
    record = tmp_path / "r.yaml"
    record.write_text("people:\n- {id: s-a-ryabkov, name: S.A. Ryabkov, of: RUS}\n")
    (finding,) = validate(small, [record]).to_dicts()
    assert (finding["severity"], finding["thing"]) == ("error", "s-a-ryabkov")
    assert "use the id sergey-ryabkov" in finding["message"]
    assert "different_from: [sergey-ryabkov]" in finding["message"]
