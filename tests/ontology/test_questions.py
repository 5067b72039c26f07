"""The competency questions: what the ontology is for, with the answers that the worked examples give."""

import re
import shutil
from pathlib import Path

import pytest

import stabgraph as sg
from stabgraph.dataset import format_files
from stabgraph.vocabulary import TERMS

ONTOLOGY = Path(__file__).parents[2] / "ontology"
QUESTIONS = sorted((ONTOLOGY / "questions").glob("*.rq"))


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """All worked examples, loaded together."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "reports").mkdir()
    files = [p for p in (ONTOLOGY / "examples").glob("*.trig") if not p.name.endswith(".invalid.trig")]
    for path in files:
        shutil.copy(path, folder / "reports")
    assert files
    # Every example is complete in itself; as a dataset each thing has its file.
    format_files(folder)
    return sg.load(folder)


def test_every_question_has_an_answer():
    assert len(QUESTIONS) >= 12
    assert all(path.with_suffix(".csv").is_file() for path in QUESTIONS)
    assert {path.stem for path in (ONTOLOGY / "questions").glob("*.csv")} == {path.stem for path in QUESTIONS}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_question_gets_its_answer(examples, path):
    answer = examples.engine.query(path.read_text("utf-8"))
    expected = path.with_suffix(".csv").read_text("utf-8").replace("\r\n", "\n")
    assert answer_as_csv(answer) == expected


def answer_as_csv(solutions):
    import pyoxigraph as ox

    text = solutions.serialize(format=ox.QueryResultsFormat.CSV).decode()
    return text.replace("\r\n", "\n")


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_question_is_asked_in_words(path):
    head = "\n".join(line for line in path.read_text("utf-8").splitlines() if line.startswith("#"))
    assert re.match(r"# question: [^?]{20,}\?", head)


def test_questions_touch_nearly_every_property():
    asked = "\n".join(path.read_text("utf-8") for path in QUESTIONS)
    used = set(re.findall(r"\bsg:(\w+)", asked))
    properties = {term for term in TERMS if term[0].islower()}
    assert used & properties, "the pattern must find something"
    assert len(properties - used) <= len(properties) // 3, sorted(properties - used)
