"""What the dataset is, for catalogues and crawlers: its description in VoID and DCAT, drawn from the graph itself.

VoID (https://www.w3.org/TR/void/) counts what there is and to which other datasets it is linked; DCAT
(https://www.w3.org/TR/vocab-dcat-3/) says what the dataset is about, who made it, and under which licence.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from stabgraph.turtle import serialize
from stabgraph.vocabulary import (
    DCAT,
    DCTERMS,
    ID,
    ONTOLOGY,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SG,
    SKOS,
    VOID,
    curie,
    iri,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from stabgraph.engines import Embedded
    from stabgraph.vocabulary import Term

    Claims = Mapping[NamedNode, Sequence[Term]]

__all__ = ["describe"]

_DATASET = "https://w3id.org/stabgraph/dataset"
_TITLE = "stabgraph: strategic-stability dialogues"
_ABOUT = (
    "Which states and institutions met in strategic-stability dialogues, who led, where, when, and about which "
    "topics, institutions and instruments: each fact as a claim of a public report with its address, and what is "
    "concluded from all reports together."
)
_LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_KEYWORDS = ("arms control", "diplomacy", "linked data", "non-proliferation", "strategic stability")
_EXAMPLES = (iri("meeting", "pak-rus-cgss-14"), iri("official", "sergey-ryabkov"), iri("state", "SUN"))
#: Other datasets whose things ours are matched to, by the beginning of their IRIs.
_TARGETS = {
    "http://www.wikidata.org/entity/": ("wikidata", "https://www.wikidata.org/"),
    "https://sws.geonames.org/": ("geonames", "https://www.geonames.org/"),
    "http://eurovoc.europa.eu/": ("eurovoc", "http://eurovoc.europa.eu/"),
}
_FILES: Claims = {
    RDF.type: [DCAT.Distribution],
    DCTERMS.title: [Literal("The dataset as files, a graph for each report", language="en")],
    DCTERMS.license: [_LICENCE],
    DCAT.mediaType: [
        NamedNode(f"https://www.iana.org/assignments/media-types/{form}")
        for form in ("application/trig", "text/turtle")
    ],
}
_XSD_DATE, _XSD_INTEGER = (NamedNode(PREFIXES["xsd"] + name) for name in ("date", "integer"))


def describe(engine: Embedded, version: str) -> str:
    """Return the description of a graph as Turtle.

    Parameters
    ----------
    engine
        The graph; of another dataset, or with fewer reports believed, the counts are its own.
    version
        The version of the dataset.

    Notes
    -----
    ``void:triples`` counts quads. Two subsets part them: what is described and concluded (the default graph), and
    the claims (the graphs of the reports). The period is that of the meetings, by their earliest and latest days.

    Examples
    --------
    >>> import stabgraph as sg
    >>> text = describe(sg.load().engine, sg.__version__)
    >>> "a void:Dataset , dcat:Dataset" in text
    True
    """
    counts = _Counts(engine)
    blocks = [
        _block("", _whole(counts, version)),
        _block(
            "#conclusions",
            _subset("What is described and what is concluded from all reports", counts.default),
        ),
        _block("#claims", _subset("What the reports claim, each in a graph of its own", counts.claims)),
        _block(
            "#contributors", {RDF.type: [PROV.Agent], RDFS.label: [_english("The stabgraph contributors")]}
        ),
        _block("#files", _FILES),
        _block("#period", _period(counts.period)),
        *(
            _block(f"#{_local(kind)}", {VOID["class"]: [kind], VOID.entities: [_number(count)]})
            for kind, count in sorted(counts.kinds.items(), key=str)
        ),
        *(
            _block(f"#{_local(name)}", {VOID.property: [name], VOID.triples: [_number(count)]})
            for name, count in sorted(counts.properties.items(), key=str)
        ),
        *(_block(f"#to-{target}", _linkset(target, counts)) for target in sorted(counts.links)),
    ]
    return serialize(blocks).decode()


class _Counts:
    """What there is in a graph, counted in one pass."""

    def __init__(self, engine: Embedded) -> None:
        self.default = self.claims = 0
        self.kinds: Counter[NamedNode] = Counter()
        self.properties: Counter[NamedNode] = Counter()
        self.links: Counter[str] = Counter()
        days: list[str] = []
        countries: set[Term] = set()
        for subject, name, value, graph in engine.quads():
            self.properties[name] += name.value.startswith(ONTOLOGY)
            if not isinstance(graph, DefaultGraph):
                self.claims += 1
                continue
            self.default += 1
            if name == RDF.type and isinstance(value, NamedNode) and words(value).startswith(ONTOLOGY):
                self.kinds[value] += words(subject).startswith(ID)
            elif name == SKOS.exactMatch:
                self.links.update(
                    target for base, (target, _) in _TARGETS.items() if words(value).startswith(base)
                )
            elif name in (SG.earliest, SG.latest) and curie(subject).startswith("meeting:"):
                days.append(words(value))
            elif name == SG.country and curie(subject).startswith("meeting:"):
                countries.add(value)
        self.properties = +self.properties
        self.kinds = +self.kinds
        self.period = (min(days), max(days)) if days else ()
        self.countries = sorted(countries, key=str)


def _whole(counts: _Counts, version: str) -> Claims:
    own = [*counts.kinds, *counts.properties]
    return {
        RDF.type: [VOID.Dataset, DCAT.Dataset],
        DCTERMS.title: [_english(_TITLE)],
        DCTERMS.description: [_english(_ABOUT)],
        DCTERMS.creator: [_part("#contributors")],
        DCTERMS.license: [_LICENCE],
        DCAT.version: [Literal(version)],
        DCAT.keyword: [_english(word) for word in _KEYWORDS],
        DCAT.distribution: [_part("#files")],
        DCTERMS.temporal: [_part("#period")] if counts.period else [],
        DCTERMS.spatial: counts.countries,
        VOID.triples: [_number(counts.default + counts.claims)],
        VOID.uriSpace: [Literal(ID)],
        VOID.vocabulary: [NamedNode(base) for base in (ONTOLOGY, PREFIXES["skos"], PREFIXES["dcterms"])],
        VOID.exampleResource: list(_EXAMPLES),
        VOID.subset: [
            _part("#conclusions"),
            _part("#claims"),
            *(_part(f"#to-{t}") for t in sorted(counts.links)),
        ],
        VOID.classPartition: [_part(f"#{_local(term)}") for term in own if term in counts.kinds],
        VOID.propertyPartition: [_part(f"#{_local(term)}") for term in own if term in counts.properties],
    }


def _period(days: tuple[str, ...]) -> Claims:
    if not days:
        return {}
    first, last = (Literal(day, datatype=_XSD_DATE) for day in days)
    return {RDF.type: [DCTERMS.PeriodOfTime], DCAT.startDate: [first], DCAT.endDate: [last]}


def _subset(label: str, count: int) -> Claims:
    return {RDF.type: [VOID.Dataset], RDFS.label: [_english(label)], VOID.triples: [_number(count)]}


def _linkset(target: str, counts: _Counts) -> Claims:
    (home,) = (home for name, home in _TARGETS.values() if name == target)
    return {
        RDF.type: [VOID.Linkset],
        VOID.subjectsTarget: [_part("")],
        VOID.objectsTarget: [NamedNode(home)],
        VOID.linkPredicate: [SKOS.exactMatch],
        VOID.triples: [_number(counts.links[target])],
    }


def _block(fragment: str, claims: Claims) -> Iterator[Quad]:
    for name, values in claims.items():
        for value in values:
            yield Quad(_part(fragment), name, value)


def _part(fragment: str) -> NamedNode:
    return NamedNode(_DATASET + fragment)


def _local(term: NamedNode) -> str:
    return term.value.removeprefix(ONTOLOGY)


def _english(text: str) -> Literal:
    return Literal(text, language="en")


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=_XSD_INTEGER)
