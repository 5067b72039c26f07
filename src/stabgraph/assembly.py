"""From a dataset to the whole graph: what its files say, the links that follow from labels, and the conclusions.

The entities come first; then every dialogue is assembled by itself, since what is concluded of a meeting depends on
the reports about its dialogue only. So no more than one dialogue is ever held at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from stabgraph.conclusions import conclude, fulfilments
from stabgraph.consensus import witnesses
from stabgraph.dataset import sources
from stabgraph.errors import DataError
from stabgraph.linking import PHRASES, Labels, links
from stabgraph.mappings import bundled_mappings
from stabgraph.trust import Trust
from stabgraph.turtle import parse
from stabgraph.vocabulary import ONTOLOGY, RDF, RDFS, SG, SKOS, bundled, kind_of, local_id, words

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator
    from pathlib import Path

    from pyoxigraph import Triple

    from stabgraph.mappings import Mapping
    from stabgraph.vocabulary import Term

__all__ = ["assemble", "assembled", "stated", "thesaurus"]

_DEFAULT = DefaultGraph()


def thesaurus() -> list[Quad]:
    """Return the ontology and the thesaurus of topics."""
    folder = bundled("ontology")
    return [quad for name in ("stabgraph.ttl", "topics.ttl") for quad in parse(folder / name)]


def assemble(
    quads: Iterable[Quad],
    trust: Trust = Trust(),  # noqa: B008  it is frozen
    mappings: Iterable[Mapping] | None = None,
) -> Iterator[Quad]:
    """Yield the whole graph of a dataset that is held in memory.

    Parameters
    ----------
    quads
        Descriptions (default graph) and claims (graphs of reports), the thesaurus among them.
    trust
        Whose reports count; the others are left out, with all they say.
    mappings
        What phrases mean that no label says; the bundled tables if left out.

    Raises
    ------
    UnknownNameError
        If a publisher is to be trusted whom nobody knows.
    """
    stated = list(quads)
    return _Assembly(stated, trust, bundled_mappings() if mappings is None else mappings).part(stated)


def assembled(source: Path, trust: Trust = Trust()) -> Iterator[Quad]:  # noqa: B008
    """Yield the whole graph of the dataset in a directory or file.

    Raises
    ------
    DataError
        If a file cannot be read, or if the files of a directory are not laid out as :func:`stabgraph.dataset.write`
        does it: entities by themselves, and all reports about a meeting in one file.
    UnknownNameError
        If a publisher is to be trusted whom nobody knows.
    """
    entities = thesaurus()
    contents = sources(source)
    parts = [file for file in contents if source.is_dir() and file.parent != source]
    for file in contents.keys() - set(parts):
        entities += parse(file, contents.pop(file))
    assembly = _Assembly(entities, trust, bundled_mappings())
    yield from assembly.part(entities)
    for file in parts:
        yield from assembly.part(parse(file, contents.pop(file)), file)


def stated(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield what the files say of a whole graph: all that :func:`assemble` did not draw from the rest.

    A link stands beside the words that it was drawn from, in one graph with them; so does the label of a thing
    that has a title or a preferred label. In the default graph, meetings have their place in a dialogue and
    a title, and all else of ours on meetings, participations and outcomes is a conclusion.

    Parameters
    ----------
    quads
        A graph that :func:`assemble` gave, perhaps with additions.
    """
    graph = list(quads)
    words = {(q.subject, q.predicate, q.graph_name) for q in graph if q.predicate in _WORDS}
    claimed = {q.triple for q in graph if not isinstance(q.graph_name, DefaultGraph)}
    for quad in graph:
        sources = ((quad.subject, name, quad.graph_name) for name in _DRAWN_FROM.get(quad.predicate, ()))
        if words.isdisjoint(sources) and not _is_conclusion(quad, claimed):
            yield quad


#: What is drawn from words, and the words that it is drawn from.
_DRAWN_FROM: dict[NamedNode, tuple[NamedNode, ...]] = {
    **{
        link: tuple(words for words, targets in PHRASES.items() if link in targets.values())
        for targets in PHRASES.values()
        for link in targets.values()
    },
    SG.place: (SG.city,),
    SG.publisher: (SG.credit,),
    SG.via: (SG.credit,),
    RDFS.label: (SKOS.prefLabel, SG.title),
}
_WORDS = frozenset(name for names in _DRAWN_FROM.values() for name in names)


def _is_conclusion(quad: Quad, claimed: Container[Triple]) -> bool:
    subject, name = quad.subject, quad.predicate
    if not isinstance(quad.graph_name, DefaultGraph) or not isinstance(subject, NamedNode):
        return False
    kind = kind_of(subject)
    if kind not in {"meeting", "participation", "outcome"}:
        return False
    if name.value.startswith(ONTOLOGY):
        return name not in (SG.partOf, SG.title)
    return quad.triple in claimed or (kind != "meeting" and name in (RDF.type, RDFS.label))


class _Assembly:
    """What the parts of a dataset have in common: the entities, by which their words are understood."""

    def __init__(self, entities: Collection[Quad], trust: Trust, mappings: Iterable[Mapping]) -> None:
        described = [quad for quad in entities if quad.graph_name == _DEFAULT]
        self._labels = Labels(described, mappings)
        self._jury = None if trust.everything else trust.jury(self._labels)
        self._kinds: dict[NamedNode, NamedNode] = {}
        self._within: dict[Term, Term] = {}
        self._dialogues: dict[Term, str] = {}
        self._files: dict[Term, Path] = {}
        for subject, name, value, _ in described:
            if name == SG.kind and kind_of(subject) == "publisher":
                self._kinds[subject] = value
            elif name == SG.partOf and kind_of(subject) == "place":
                self._within[subject] = value
            elif name == RDFS.label and kind_of(subject) == "dialogue":
                self._dialogues[subject] = words(value)

    def part(self, stated: Collection[Quad], file: Path | None = None) -> Iterator[Quad]:
        """Yield a part of the graph whose meetings no other part speaks of."""
        # Two phrases of a report can name one thing.
        linked = dict.fromkeys(links(stated, self._labels))
        described = [q for q in (*stated, *linked) if q.graph_name == _DEFAULT]
        weights = witnesses(described, self._kinds)
        claims = [q for q in (*stated, *linked) if q.graph_name != _DEFAULT]
        if file is not None:
            self._must_be_whole(described, file)
        if self._jury is not None:
            heard = {report for report, witness in weights.items() if self._jury.believes(witness)}
            described = [q for q in described if kind_of(q.subject) != "report" or q.subject in heard]
            claims = [q for q in claims if q.graph_name in heard]
        described += self._names(described)
        conclusions = list(conclude(claims, weights, self._within))
        yield from described
        yield from claims
        yield from conclusions
        yield from fulfilments(conclusions, described)

    def _must_be_whole(self, described: Iterable[Quad], file: Path) -> None:
        """Refuse what another part would have to know: an entity, or a meeting that an earlier file spoke of."""
        for subject in {quad.subject for quad in described}:
            if kind_of(subject) not in {"meeting", "report"}:
                raise DataError(
                    f"{file}: describes {words(subject)}, which belongs in a file beside the reports; "
                    "run `stabgraph fmt` on the dataset to bring it there"
                )
        about = (quad.object for quad in described if quad.predicate == SG.about)
        for meeting in {thing for thing in about if isinstance(thing, NamedNode)}:
            other = self._files.setdefault(meeting, file)
            if other != file:
                raise DataError(
                    f"{file}: the meeting {local_id(meeting)} has reports in {other.name} too; "
                    "run `stabgraph fmt` on the dataset to bring them together"
                )

    def _names(self, described: Iterable[Quad]) -> list[Quad]:
        """Give one kind of label to everything: concepts by theirs, meetings by dialogue and title."""
        titles: dict[NamedNode, str] = {}
        series: dict[NamedNode, str] = {}
        named = []
        for subject, name, value, _ in described:
            if name == SKOS.prefLabel:
                named.append(Quad(subject, RDFS.label, value))
            elif name == SG.title and isinstance(value, Literal):
                titles[subject] = value.value
            elif name == SG.partOf and value in self._dialogues:
                series[subject] = self._dialogues[value]
        for meeting, title in titles.items():
            whole = f"{series[meeting]}: {title}" if meeting in series else title
            named.append(Quad(meeting, RDFS.label, Literal(whole, language="en")))
        return named
