"""The form to fill: from what is missing to records."""

from __future__ import annotations

import csv
import io
import shutil

import pytest

import stabgraph as sg
from stabgraph.adding import add_files
from stabgraph.errors import RecordError
from stabgraph.forms import FILLED, form, read_form
from stabgraph.records import Record

ON = "2033-01-01"
UNDATED = "nordic-three-undated"
REPORT = {
    "url": "https://three.example/x",
    "publisher": "Daily Three",
    "published": "2032-07-02",
    "language": "en",
}


@pytest.fixture
def data(small_data, tmp_path):
    return shutil.copytree(small_data, tmp_path / "data")


def blank(data):
    """The rows of the form for a dataset, by what is missing and where."""
    rows = csv.DictReader(io.StringIO(form(sg.load(data).ask("gaps", on=ON))))
    return {(row["missing"], row["meeting"]): row for row in rows}


def filled(folder, *rows, delimiter=","):
    path = folder / "form.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_form_has_a_row_for_each_gap_and_nothing_filled_in(data):
    gaps = sg.load(data).ask("gaps", on=ON)
    rows = blank(data).values()
    assert len(rows) == len(gaps)
    assert all(not row[column] for row in rows for column in FILLED if column != "ordinal")


def test_filled_row_closes_its_gaps(data, tmp_path):
    row = (
        blank(data)["date", UNDATED] | REPORT | {"start": "2032-07-01", "topics": "arms control; the weather"}
    )
    result = add_files(data, [filled(tmp_path, row)])
    assert (len(result.added), result.refused) == (1, [])
    kg = sg.load(data)
    assert not [gap for gap in kg.ask("gaps", on=ON).to_dicts() if gap["meeting"] == UNDATED]
    [answer] = kg.query(
        "SELECT ?start ?topic { GRAPH ?report { ?m sg:start ?start ; sg:topic ?topic } "
        f"?report sg:about meeting:{UNDATED} ; sg:url <{REPORT['url']}> ; sg:published ?day }}"
    ).to_dicts()
    assert (answer["start"], answer["topic"]) == ("2032-07-01", "arms-control")


def test_announced_round_becomes_a_meeting_with_its_heads(data, tmp_path):
    heads = "ISL: A. Jónsdóttir [anna-jonsdottir], State Secretary; NOR: Dora Lie"
    announced = blank(data)["announced round", "isl-nor-arctic-2"]
    row = announced | REPORT | {"start": "2032-06", "country": "ISL", "status": "held", "heads": heads}
    result = add_files(data, [filled(tmp_path, row, delimiter=";")])
    assert (len(result.added), result.refused) == (1, [])
    kg = sg.load(data)
    told = kg.query(
        "SELECT ?who ?post { ?m sg:fulfils ?notice ; sg:ordinal 3 ; sg:start ?start ; sg:headParticipation ?p . "
        "?p sg:official ?who OPTIONAL { ?p sg:post ?post } }"
    ).to_dicts()
    assert sorted((row["who"], row["post"]) for row in told) == [
        ("anna-jonsdottir", "State Secretary"),
        ("dora-lie", None),
    ]
    assert kg["dora-lie"].label == "Dora Lie"


def test_row_without_an_address_is_passed_over(data, tmp_path):
    rows = list(blank(data).values())
    assert list(read_form(filled(tmp_path, *rows))) == []


def test_cycle_and_number_make_the_id_of_a_new_meeting(tmp_path):
    row = {
        "missing": "round",
        "dialogue": "talks",
        "meeting": "",
        "cycle": "2026 review cycle",
        "ordinal": "2",
    }
    entries = list(read_form(filled(tmp_path, row | REPORT)))
    assert [entry.id for entry in entries if not isinstance(entry, Record)] == ["talks-2026-review-cycle-2"]
    assert entries[-1].about == "talks-2026-review-cycle-2"


FAULTS = {
    "no address": ({"url": "three.example"}, "url: is not an address that begins with http:// or https://"),
    "no day": ({"start": "soon"}, "says.start: "),
    "no number": ({"ordinal": "third"}, "says.ordinal: "),
    "no status": ({"status": "over"}, "says.status: "),
    "no publisher": ({"publisher": ""}, "publisher"),
    "a head of no party": (
        {"heads": "Anna Jónsdóttir"},
        "heads: 'Anna Jónsdóttir' is not a head: write `RUS:",
    ),
    "no meeting": (
        {"missing": "round", "ordinal": "", "start": ""},
        "meeting: names no meeting: fill in ordinal",
    ),
}


@pytest.mark.parametrize(("change", "words"), FAULTS.values(), ids=FAULTS)
def test_fault_is_told_with_its_line(data, tmp_path, change, words):
    good = blank(data)["date", UNDATED] | REPORT | {"start": "2032-07-01"}
    path = filled(tmp_path, good, good | change)
    result = add_files(data, [path])
    assert len(result.added) == 1, "the other row is right"
    [error] = result.refused
    assert str(error).startswith(f"{path}, line 3, ")
    assert words in str(error)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "reports:\n- {id: x}\n"])
def test_file_that_is_no_form_is_refused(tmp_path, text):
    path = tmp_path / "form.csv"
    path.write_text(text)
    with pytest.raises(RecordError, match=r"is not a form: the columns .* are missing"):
        list(read_form(path))


def test_command_writes_the_form_and_takes_it_back(python, data, tmp_path):
    def run(*words):
        return python("-m", "stabgraph", *map(str, words))

    path = tmp_path / "form.csv"
    words = ("gaps", "--data", data, "--on", ON)
    told = run(*words, "--dialogue", "Nordic Trilateral Talks", "--format", "csv", "-o", path)
    assert (told.returncode, told.stderr) == (0, "")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["dialogue"] for row in rows} == {"nordic-three"}
    filled(tmp_path, *(row | (REPORT if row["missing"] == "date" else {}) for row in rows))
    assert run("validate", path, "--data", data).returncode == 0
    assert run("add", path, "--data", data).stdout.startswith(
        "1 reports added, 0 there already, 0 entries refused"
    )
    assert "second publisher" in run(*words).stdout
