"""A run of the benchmarks: every engine answers the same, a different answer never counts, and all of it is told."""

from __future__ import annotations

import pytest

MACHINE = {
    "cpu": "some",
    "cores": 2,
    "memory": 8e9,
    "load_before": 0.0,
    "python": "3",
    "versions": {"pyoxigraph": "0"},
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    from engine import Files
    from prepare import prepare
    from run import measure, summary

    files = Files(tmp_path_factory.mktemp("tiny"))
    prepare(files, 40_000, seed=0)
    return {name: summary([measure(name, files.folder, 120)]) for name in ("stabgraph", "pyoxigraph")}


def test_engines_are_measured_in_processes_of_their_own_and_answer_alike(measured):
    from questions import QUESTIONS
    from run import compare

    assert compare(measured) == []
    for figures in measured.values():
        assert figures["load"] > 0
        assert figures["peak"] > 10_000_000
        assert figures["questions"].keys() == QUESTIONS.keys()
    assert measured["stabgraph"]["quads"] == measured["pyoxigraph"]["quads"]


def test_tables_name_every_engine_and_question(measured, tmp_path):
    from questions import QUESTIONS
    from report import write_tables

    size = {"size": "40k", "quads": 40_000, "engines": measured, "notices": ["virtuoso is left out"]}
    write_tables({"machine": MACHINE, "runs": 1, "sizes": [size]}, tmp_path / "table.md")
    text = (tmp_path / "table.md").read_text("utf-8")
    assert all(f"| {name} |" in text for name in (*measured, *QUESTIONS))
    assert "- virtuoso is left out" in text
    assert "loading at most 2.5 ×" in text


def test_a_different_answer_does_not_count():
    from report import _time
    from run import compare

    told = {"time": 0.001, "rows": 3, "digest": "a"}
    other = {"time": 0.0001, "rows": 2, "digest": "b"}
    engines = {"pyoxigraph": {"questions": {"q": told}}, "maplib": {"questions": {"q": other}}}
    (notice,) = compare(engines)
    assert "maplib answers *q* differently" in notice
    assert _time(other) == "other answer"


def test_an_engine_that_takes_too_long_is_ended_and_its_run_says_so(tmp_path):
    from run import measure

    (tmp_path / "whole.nq").touch()
    assert measure("pyoxigraph", tmp_path, 0.0)["cut"] == "ended after 0 s"


def test_numbers_are_compared_by_value():
    from engine import value

    integer, decimal = (f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal"))
    assert value("3", integer) == value("3.00", decimal)
    assert value("3.00", "") == "3.00"
