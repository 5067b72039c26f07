"""The invented data of the benchmarks: made of real structures, in the shape of the real data, under no real name."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random
from statistics import mean

import pyoxigraph as ox
import pytest

import stabgraph as sg
from stabgraph.assembly import assemble, assembled, thesaurus
from stabgraph.dataset import read
from stabgraph.records import Record
from stabgraph.vocabulary import SG, bundled, kind_of, local_id

MEETINGS = 300
INVENTED = {"dialogue", "meeting", "official", "outcome", "participation", "publisher", "report"}


@pytest.fixture(scope="module")
def generate():
    import generate

    return generate


@pytest.fixture(scope="module")
def shape(generate):
    return generate.Shape.learn()


@pytest.fixture(scope="module")
def file(generate, shape, tmp_path_factory):
    path = tmp_path_factory.mktemp("invented") / "stated"
    generate.write(path, MEETINGS, seed=1, shape=shape)
    return path


@pytest.fixture(scope="module")
def loaded(file):
    return sg.load(file)


@pytest.fixture(scope="module")
def invented(file):
    return read(file)


@pytest.fixture(scope="module")
def real():
    return read(bundled("data"))


def reports(quads):
    found = defaultdict(list)
    for quad in quads:
        head = quad.subject if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
        if kind_of(head) == "report":
            found[head].append(quad)
    return found


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others(generate, shape, file, tmp_path):
    def content(folder):
        return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    for seed in (1, 2):
        generate.write(tmp_path / str(seed), MEETINGS, seed=seed, shape=shape)
    assert content(tmp_path / "1") == content(file)
    assert content(tmp_path / "2") != content(file)


def test_what_is_learnt_is_the_same_every_time(generate, shape):
    assert generate.Shape.learn() == shape


def test_a_larger_dataset_begins_with_the_smaller_one(generate, shape):
    few = list(generate.generate(20, seed=1, shape=shape))
    many = list(generate.generate(40, seed=1, shape=shape))
    assert many[: len(few) - 1] == few[:-1]


def test_it_has_as_many_meetings_as_asked_for(invented):
    assert (
        len({q.subject for q in invented if q.predicate == SG.partOf and kind_of(q.subject) == "meeting"})
        == MEETINGS
    )


def test_every_report_is_a_record_to_the_last_quad(invented):
    for quads in reports(invented).values():
        assert set(Record.from_rdf(quads).to_rdf()) == set(quads)


def test_nothing_invented_bears_a_real_name(invented, real):
    def names(quads):
        terms = {
            term
            for q in quads
            for term in (q.subject, q.object, q.graph_name)
            if isinstance(term, ox.NamedNode)
        }
        return {term for term in terms if kind_of(term) in INVENTED}

    assert names(invented) & names(real) == set()
    assert all("bench-" in local_id(term) for term in names(invented))


def test_everything_that_claims_point_to_is_described(invented):
    described = {q.subject for q in invented if isinstance(q.graph_name, ox.DefaultGraph)}
    pointed = {q.object for q in invented if isinstance(q.object, ox.NamedNode)}
    assert {
        term for term in pointed if kind_of(term) in {"dialogue", "meeting", "official", "report"}
    } <= described


def test_the_shape_is_near_the_real_one(invented, real):
    def per(quads, name, group):
        found = defaultdict(set)
        for q in quads:
            if q.predicate == name:
                found[group(q)].add(q.object if group(q) == q.subject else q.subject)
        return found

    def ratio(measure):
        return measure(invented) / measure(real)

    def reports_per_meeting(quads):
        return mean(map(len, per(quads, SG.about, lambda q: q.object).values()))

    def parties_per_meeting(quads):
        return mean(
            len(v) for k, v in per(quads, SG.party, lambda q: q.subject).items() if kind_of(k) == "meeting"
        )

    def participations_per_official(quads):
        return mean(map(len, per(quads, SG.official, lambda q: q.object).values()))

    def precise(quads):
        dates = [q.object.value for q in quads if q.predicate == SG.start and kind_of(q.subject) == "meeting"]
        return mean(len(text) == len("2024-02-07") for text in dates)

    for measure in (reports_per_meeting, parties_per_meeting, participations_per_official, precise):
        assert 0.6 < ratio(measure) < 1.6, measure.__name__


def test_topics_are_as_skewed_as_real_ones(invented, real):
    def uses(quads):
        return sorted({(q.subject.value, q.object.value) for q in quads if q.predicate == SG.topicPhrase})

    def shares(pairs):
        ranked = Counter(phrase for _, phrase in pairs).most_common()
        return [sum(n for _, n in ranked[:rank]) / len(pairs) for rank in (5, 20, 80)]

    # As many of the real ones: in a smaller sample the most frequent have a larger share.
    sample = Random(1).sample(uses(real), len(uses(invented)))
    assert shares(uses(invented)) == pytest.approx(shares(sample), rel=0.5)


def test_reports_of_one_meeting_disagree_about_as_often(loaded, kg):
    def disputed(graph):
        found = graph.query("SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m sg:disputed ?p }").column("n")[0]
        return found / graph.counts()["meetings"]

    assert 0.2 < disputed(loaded) / disputed(kg) < 3


def test_assembled_dialogue_by_dialogue_it_is_the_graph_that_is_assembled_at_once(file):
    def named(quads):  # the ontology's blank nodes are others each time
        return {q for q in quads if not {type(q.subject), type(q.object)} & {ox.BlankNode}}

    by_dialogue = list(assembled(file))
    assert named(by_dialogue) == named(assemble([*thesaurus(), *read(file)]))
    assert len(by_dialogue) == len(set(by_dialogue))


def test_every_question_has_an_answer(loaded):
    from questions import QUESTIONS, sparql

    assert len(QUESTIONS) == 10
    for name in QUESTIONS:
        assert len(loaded.query(sparql(name))) > 0, name
