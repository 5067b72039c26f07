"""What the documentation shows is what the commands print today."""

import doctest
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_files_are_current(generate):
    files = generate.generated()
    assert len(files) >= 4
    for path, content in files.items():
        assert path.read_text("utf-8") == content, f"{path.name} is out of date: run `make docs`"


def test_readme_shows_commands_with_their_output():
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"```console\n\$ stabgraph [^\n]+\n(.+?)```", text, flags=re.DOTALL)
    assert len(blocks) >= 4
    assert not any(re.search(r"(?m)^error", block) for block in blocks)


def test_python_of_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text("utf-8")
    (block,) = re.findall(r"```pycon\n(.+?)```", text, flags=re.DOTALL)
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    assert test.examples
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_figures_are_those_of_the_data(kg, name):
    text = " ".join((ROOT / name).read_text("utf-8").split())
    counts = kg.counts()
    assert (
        f"{counts['reports']:,} reports on {counts['meetings']:,} meetings of {counts['dialogues']} dialogues"
        in text
    )
    years = kg.query(
        "SELECT (YEAR(MIN(?a)) AS ?first) (YEAR(MAX(?b)) AS ?last) { ?m a sg:Meeting ; sg:earliest ?a ; sg:latest ?b }"
    )
    assert f"{years[0]['first'].value} to {years[0]['last'].value}" in text


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "data/README.md", "ontology/README.md"])
def test_links_lead_to_files(name):
    path = ROOT / name
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")) if "://" not in link]
    assert links
    for link in links:
        assert (path.parent / link).exists(), f"{name} links to {link}, which is not there"
