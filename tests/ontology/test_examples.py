"""The worked examples: each is valid, and its twin breaks exactly the rule that it was made to break."""

import re
from pathlib import Path

import pytest

import stabgraph as sg
from stabgraph.validation import validate

EXAMPLES = Path(__file__).parents[2] / "ontology" / "examples"
VALID = sorted(path for path in EXAMPLES.glob("*.trig") if not path.name.endswith(".invalid.trig"))
INVALID = sorted(EXAMPLES.glob("*.invalid.trig"))


def errors(path):
    return validate(path, [path]).where("severity", "error")


def test_every_example_has_a_twin():
    assert len(VALID) >= 9
    assert [path.name.replace(".invalid", "") for path in INVALID] == [path.name for path in VALID]


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_example_is_valid(path):
    assert errors(path).to_dicts() == []


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_twin_breaks_the_rule_it_names_and_no_other(path):
    found = re.match(r"# mistake: (?:shape:)?([\w-]+) — \S", path.read_text("utf-8"))
    assert found, "the first line of a twin names its mistake: `# mistake: shape:NAME — why`"
    assert set(errors(path).column("check")) == {found[1]}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_example_says_what_it_shows(path):
    assert path.read_text("utf-8").startswith("# ")


def test_news_item_of_the_14th_round_is_complete():
    kg = sg.load(EXAMPLES / "01-consultative-group-14th-round.trig")
    meeting = {
        row["property"]: row["said"] for row in kg.ask("disputes", meeting="pak-rus-cgss-14").to_dicts()
    }
    assert set(meeting) == {"sg:start", "sg:end"}
    heads = kg.ask("delegation-heads", dialogue="pak-rus-cgss", until="2024")
    assert heads.column("name") == ["Mohammad Kamran Akhtar", "Sergey Ryabkov"]
    assert kg.query(
        "ASK { meeting:pak-rus-cgss-15 sg:fulfils ?notice . meeting:pak-rus-cgss-14 sg:announces ?notice }"
    )
