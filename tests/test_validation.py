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


def test_life_that_no_field_says_is_found_where_it_stands(dataset):
    reports = (DATA / "reports" / "_instruments.trig").read_text("utf-8")
    path = dataset / "reports" / "_instruments.trig"
    path.write_text(reports, "utf-8")
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
