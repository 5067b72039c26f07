"""Namespaces and terms.

The terms of the ontology are listed here once, so that a mistyped one is an :class:`AttributeError` and not a
new IRI; a test holds the list against ``ontology/stabgraph.ttl``, both ways.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

__all__ = [
    "DCAT",
    "DCTERMS",
    "EDTF",
    "ID",
    "ID_KINDS",
    "ONTOLOGY",
    "ONTOLOGY_VERSION",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SG",
    "SKOS",
    "TERMS",
    "VOID",
    "WGS",
    "Namespace",
    "Term",
    "bundled",
    "curie",
    "iri",
    "is_state",
    "kind_of",
    "local_id",
    "party",
    "words",
]

#: Anything that can stand in a triple.
Term = NamedNode | BlankNode | Literal | Triple

ONTOLOGY = "https://w3id.org/stabgraph/ontology#"
ONTOLOGY_VERSION = "0.1.0"
ID = "https://w3id.org/stabgraph/id/"

#: The kinds of thing that have an IRI of their own: the folder of the IRI, which is also its prefix.
ID_KINDS = (
    "dialogue",
    "meeting",
    "participation",
    "official",
    "state",
    "institution",
    "place",
    "topic",
    "instrument",
    "outcome",
    "report",
    "publisher",
    "capacity",
    "kind",
    "level",
    "mode",
    "rank",
    "status",
    "scheme",
)

#: Every prefix that a query, a file of the dataset or an export may use without declaring it.
PREFIXES: dict[str, str] = {
    "sg": ONTOLOGY,
    **{kind: f"{ID}{kind}/" for kind in ID_KINDS},
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "shape": "https://w3id.org/stabgraph/shape/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: The terms of the ontology, in its order, which is also the order of properties in the files of the dataset.
TERMS = (
    "Dialogue", "Meeting", "Party", "State", "Institution", "Official", "Participation", "Place",
    "Instrument", "Outcome", "Document", "Announcement", "Report", "Publisher", "partOf", "kind",
    "since", "succeeds", "basedOn", "until", "title", "cycle", "ordinal", "follows", "start", "end",
    "earliest", "latest", "place", "city", "country", "venue", "mode", "level", "status", "host",
    "party", "observer", "absent", "participation", "headParticipation", "official", "represents",
    "capacity", "post", "rank", "organisation", "headedBy", "serves", "tookUp", "topic", "institution",
    "instrument", "state", "outcome", "document", "announces", "fulfils", "adopted", "signed",
    "enteredIntoForce", "suspended", "ended", "replacedBy", "amends", "asWritten", "nameAsWritten",
    "topicPhrase", "institutionPhrase", "instrumentPhrase", "observerPhrase", "absentPhrase", "about",
    "url", "credit", "carries", "publisher", "via", "published", "copyOf", "voiceOf", "standing",
    "confirmed", "singleSource", "disputed", "majority", "conflict", "isoAlpha2", "cowCode", "gwCode",
    "continuedBy",
)  # fmt: skip


class Namespace:
    """The terms under one IRI, as attributes; a closed namespace knows its terms and refuses others.

    Examples
    --------
    >>> SG.Meeting.value
    'https://w3id.org/stabgraph/ontology#Meeting'
    >>> SG.Meating
    Traceback (most recent call last):
    AttributeError: https://w3id.org/stabgraph/ontology# has no term 'Meating'
    """

    def __init__(self, base: str, terms: tuple[str, ...] | None = None) -> None:
        self.base = base
        self._closed = terms is not None
        self._terms = {term: NamedNode(base + term) for term in terms or ()}

        # What is an attribute costs no call; the millions of looks at terms while loading feel it.
        self.__dict__.update(self._terms)

    def __getattr__(self, term: str) -> NamedNode:
        if term.startswith("_"):
            raise AttributeError(term)
        return self[term]

    def __getitem__(self, term: str) -> NamedNode:
        known = self._terms.get(term)
        if known is None:
            if self._closed:
                raise AttributeError(f"{self.base} has no term {term!r}")
            known = self._terms[term] = self.__dict__[term] = NamedNode(self.base + term)
        return known


SG = Namespace(ONTOLOGY, TERMS)
DCAT = Namespace(PREFIXES["dcat"])
DCTERMS = Namespace(
    PREFIXES["dcterms"],
    (
        "PeriodOfTime", "creator", "description", "isReplacedBy", "language", "license", "replaces", "spatial",
        "temporal", "title",
    ),
)  # fmt: skip
EDTF = NamedNode(PREFIXES["edtf"] + "EDTF")
OWL = Namespace(PREFIXES["owl"])
PROV = Namespace(PREFIXES["prov"])
RDF = Namespace(PREFIXES["rdf"], ("type", "langString"))
RDFS = Namespace(PREFIXES["rdfs"], ("label", "subClassOf", "subPropertyOf"))
SKOS = Namespace(
    PREFIXES["skos"],
    (
        "Concept", "ConceptScheme", "inScheme", "topConceptOf", "hasTopConcept", "broader", "related",
        "prefLabel", "altLabel", "hiddenLabel", "notation", "definition", "example", "note", "exactMatch",
        "broadMatch", "relatedMatch", "closeMatch",
    ),
)  # fmt: skip
VOID = Namespace(PREFIXES["void"])
WGS = Namespace(PREFIXES["wgs"], ("lat", "long"))


def iri(kind: str, local: str) -> NamedNode:
    """Return the IRI of a thing from its kind and its id.

    Examples
    --------
    >>> iri("meeting", "pak-rus-cgss-14").value
    'https://w3id.org/stabgraph/id/meeting/pak-rus-cgss-14'
    """
    return NamedNode(f"{ID}{kind}/{local}")


def local_id(node: NamedNode) -> str:
    """Return the id within its kind: what people type and tables show.

    Examples
    --------
    >>> local_id(iri("state", "RUS"))
    'RUS'
    """
    value = node.value
    # An IRI of ours that stops before the id names nothing, and is shown as it is.
    return (value[len(ID) :].partition("/")[2] if value.startswith(ID) else "") or value


def words(term: Term) -> str:
    """Return the text of a literal or an IRI.

    Examples
    --------
    >>> words(Literal("Moscow", language="en"))
    'Moscow'
    """
    return str(term) if isinstance(term, Triple) else term.value


def kind_of(node: Term) -> str:
    """Return the kind of thing that an IRI of ours names, or an empty text for any other term.

    Examples
    --------
    >>> kind_of(iri("state", "RUS"))
    'state'
    """
    text = node.value if isinstance(node, NamedNode) else ""
    return text[len(ID) :].partition("/")[0] if text.startswith(ID) else ""


def curie(node: NamedNode) -> str:
    """Return an IRI shortened by a known prefix, or the IRI itself.

    Examples
    --------
    >>> curie(iri("state", "RUS"))
    'state:RUS'
    >>> curie(NamedNode("http://example.org/x"))
    'http://example.org/x'
    """
    for prefix, base in PREFIXES.items():
        if node.value.startswith(base):
            return f"{prefix}:{node.value[len(base) :]}"
    return node.value


def bundled(folder: str) -> Path:
    """Return the folder ``data`` or ``ontology`` that came with this installation.

    In a wheel they lie inside the package, in a checkout beside ``src``.
    """
    inside = Path(__file__).parent / folder
    return inside if inside.is_dir() else Path(__file__).parents[2] / folder


@cache
def _state_codes() -> frozenset[str]:
    # A look at the notations is enough and costs a millisecond; parsing all labels would cost every start.
    text = (bundled("data") / "states.ttl").read_text("utf-8")
    return frozenset(line[6:9] for line in text.splitlines() if line.startswith("state:"))


def is_state(code: str) -> bool:
    """Tell whether a code is that of a state, present or historical (ISO 3166-1 and -3 alpha-3).

    Examples
    --------
    >>> is_state("SUN"), is_state("NATO")
    (True, False)
    """
    return code in _state_codes()


def party(code: str) -> NamedNode:
    """Return the IRI of a party from its code: a state if the code is one, otherwise an institution.

    Examples
    --------
    >>> curie(party("PAK")), curie(party("IAEA"))
    ('state:PAK', 'institution:IAEA')
    """
    return iri("state" if is_state(code) else "institution", code)
