"""The page of the ontology, docs/ontology.html: every term, the picture of the classes, the competency questions.

pyLODE, the usual tool, takes the small vocabularies for more ontologies and knows nothing of shapes, alignments and
questions; so the page is made here from the files themselves.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import rdflib
from pyoxigraph import NamedNode
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SH, SKOS

from stabgraph.vocabulary import ID, ONTOLOGY, curie

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ONTOLOGY_FILES = ROOT / "ontology"
_SG = rdflib.Namespace(ONTOLOGY)

#: Where each class stands in the picture: column and row.
PLACES = {
    "Publisher": (0, 0), "Report": (1, 0), "Dialogue": (2, 0), "Instrument": (3, 0),
    "Official": (0, 1), "Participation": (1, 1), "Meeting": (2, 1), "Concept": (3, 1),
    "State": (0, 2), "Party": (1, 2), "Place": (2, 2), "Outcome": (3, 2),
    "Institution": (1, 3), "Announcement": (2, 3), "Document": (3, 3),
}  # fmt: skip
#: The properties that the picture shows, each from one class to another; "is a" stands for a subclass.
ARROWS = (
    ("Report", "publisher", "Publisher"), ("Report", "about", "Meeting"), ("Meeting", "partOf", "Dialogue"),
    ("Meeting", "participation", "Participation"), ("Participation", "official", "Official"),
    ("Participation", "represents", "Party"), ("State", "is a", "Party"), ("Meeting", "institution", "Institution"),
    ("Meeting", "topic", "Concept"), ("Meeting", "instrument", "Instrument"), ("Meeting", "place", "Place"),
    ("Meeting", "party", "Party"), ("Meeting", "outcome", "Outcome"), ("Document", "is a", "Outcome"),
    ("Announcement", "is a", "Outcome"),
)  # fmt: skip
_COLUMN, _ROW, _WIDTH, _HEIGHT, _MARGIN = 215, 110, 130, 44, 20


@dataclass(frozen=True)
class Term:
    """A class or a property as the page tells of it."""

    name: str
    sort: str
    label: str
    definition: str
    example: str
    facts: list[tuple[str, list[str]]]
    rules: list[str]
    matches: list[tuple[str, str]]
    questions: list[str]


@dataclass(frozen=True)
class Question:
    """A competency question with its answer over the worked examples."""

    name: str
    text: str
    note: str
    sparql: str
    columns: list[str]
    rows: list[list[str]]


def page() -> str:
    """Return the page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    graphs = {
        name: rdflib.Graph().parse(ONTOLOGY_FILES / f"{name}.ttl")
        for name in ("stabgraph", "shapes", "alignments")
    }
    questions = [_question(path) for path in sorted((ONTOLOGY_FILES / "questions").glob("*.rq"))]
    head = graphs["stabgraph"]
    about = rdflib.URIRef(ONTOLOGY.rstrip("#"))
    return environment.get_template("ontology.html.j2").render(
        title=head.value(about, DCTERMS.title),
        description=head.value(about, DCTERMS.description),
        version=head.value(about, OWL.versionInfo),
        namespace=ONTOLOGY,
        sections=[
            (title, [_term(name, graphs, questions) for name in names]) for title, names in _sections()
        ],
        schemes=list(_schemes(head)),
        questions=questions,
        boxes=[(name, *_corner(name)) for name in PLACES],
        arrows=[(_arrow(*arrow), arrow[1]) for arrow in ARROWS],
        size=(4 * _COLUMN - _COLUMN + _WIDTH + 2 * _MARGIN, 3 * _ROW + _HEIGHT + 2 * _MARGIN),
        box=(_WIDTH, _HEIGHT),
    )


def _sections() -> Iterator[tuple[str, list[str]]]:
    """Yield the headings of stabgraph.ttl, each with the terms below it."""
    text = (ONTOLOGY_FILES / "stabgraph.ttl").read_text("utf-8")
    _, *parts = re.split(r"^# ── (.+?) ─+$", text, flags=re.MULTILINE)
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        names = re.findall(r"^sg:(\w+) a ", body, flags=re.MULTILINE)
        if names:
            yield title, names


def _term(name: str, graphs: dict[str, rdflib.Graph], questions: list[Question]) -> Term:
    head, node = graphs["stabgraph"], _SG[name]
    wanted = (
        ("is a", RDFS.subClassOf),
        ("narrows", RDFS.subPropertyOf),
        ("of", RDFS.domain),
        ("leads to", RDFS.range),
    )
    facts = [(label, sorted(map(_short, head.objects(node, predicate)))) for label, predicate in wanted]
    return Term(
        name=name,
        sort="class" if name[0].isupper() else "property",
        label=str(head.value(node, RDFS.label)),
        definition=str(head.value(node, SKOS.definition)),
        example=str(head.value(node, SKOS.example)),
        facts=[(label, values) for label, values in facts if values],
        rules=sorted(set(_rules(graphs["shapes"], node))),
        matches=sorted(
            (_MATCHES.get(predicate, _short(predicate)), _short(value))
            for predicate, value in graphs["alignments"].predicate_objects(node)
            if isinstance(value, rdflib.URIRef)
        ),
        questions=[question.name for question in questions if re.search(rf"\bsg:{name}\b", question.sparql)],
    )


def _rules(shapes: rdflib.Graph, node: rdflib.URIRef) -> Iterator[str]:
    for shape in shapes.subjects(SH.path, node):
        yield from map(str, shapes.objects(shape, SH.message))


_MATCHES = {
    RDFS.subClassOf: "narrower than",
    RDFS.subPropertyOf: "narrower than",
    SKOS.closeMatch: "close to",
    SKOS.relatedMatch: "related to",
    OWL.equivalentClass: "same as",
    OWL.equivalentProperty: "same as",
}
#: Prefixes of other vocabularies.
_ALIEN = {
    "http://semanticweb.cs.vu.nl/2009/11/sem/": "sem",
    "http://www.cidoc-crm.org/cidoc-crm/": "crm",
    "http://www.opengis.net/ont/geosparql#": "geo",
    "http://www.w3.org/2006/time#": "time",
    "http://www.w3.org/ns/org#": "org",
    "http://www.wikidata.org/entity/": "wd",
    "http://www.wikidata.org/prop/direct/": "wdt",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "https://schema.org/": "schema",
}


def _short(node: Any) -> str:
    text = str(node)
    for base, prefix in _ALIEN.items():
        if text.startswith(base):
            return f"{prefix}:{text.removeprefix(base)}"
    return curie(NamedNode(text)) if isinstance(node, rdflib.URIRef) else text


def _schemes(head: rdflib.Graph) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    for scheme in sorted(head.subjects(RDF.type, SKOS.ConceptScheme)):
        concepts = sorted(head.subjects(SKOS.inScheme, scheme))
        yield (
            str(scheme).removeprefix(f"{ID}scheme/"),
            [
                (_short(node), str(head.value(node, SKOS.prefLabel)), str(head.value(node, SKOS.definition)))
                for node in concepts
            ],
        )


def _question(path: Path) -> Question:
    head, _, sparql = path.read_text("utf-8").partition("\n\n")
    words = " ".join(line.lstrip("# ") for line in head.splitlines())
    text, _, note = words.removeprefix("question: ").partition(" note: ")
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    shown = [
        [_short(rdflib.URIRef(cell)) if cell.startswith("http") else cell for cell in row] for row in rows
    ]
    return Question(path.stem, text, note, sparql, columns, shown)


def _corner(name: str) -> tuple[int, int]:
    column, row = PLACES[name]
    return _MARGIN + column * _COLUMN, _MARGIN + row * _ROW


def _arrow(start: str, _: str, end: str) -> dict[str, float]:
    """Return the line between two boxes, from edge to edge, and where its words stand."""
    (x1, y1), (x2, y2) = ((x + _WIDTH / 2, y + _HEIGHT / 2) for x, y in map(_corner, (start, end)))
    dx, dy = x2 - x1, y2 - y1
    # As far as the nearer of the two edges of a box that the line meets.
    inside = min(_WIDTH / 2 / abs(dx) if dx else 1, _HEIGHT / 2 / abs(dy) if dy else 1)
    line = {"x1": x1 + dx * inside, "y1": y1 + dy * inside, "x2": x2 - dx * inside, "y2": y2 - dy * inside}
    return {key: round(value, 1) for key, value in (line | {"x": x1 + dx / 2, "y": y1 + dy / 2 - 5}).items()}
