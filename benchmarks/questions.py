"""Ten questions that the ontology is there to answer, over the conclusions and over what each report says.

They name an invented dialogue (see :mod:`generate`); whoever asks another dataset changes that name. Every answer is
the same whatever the order of its rows, so that engines can be compared.
"""

from __future__ import annotations

import re

from stabgraph.vocabulary import PREFIXES

__all__ = ["FIRST", "QUESTIONS", "sparql"]

QUESTIONS = {
    "heads of a dialogue": """
SELECT ?meeting ?official { ?meeting sg:partOf dialogue:bench-4 ; sg:headedBy ?official }""",
    "who says a topic": """
SELECT ?meeting ?report { GRAPH ?report { ?meeting sg:topic topic:missile-defence } }""",
    "timeline of a pair": """
SELECT ?meeting ?day ?place {
  ?meeting sg:party state:RUS , state:USA ; sg:earliest ?day
  FILTER(?day >= "2000-01-01"^^xsd:date)
  OPTIONAL { ?meeting sg:place ?place }
} ORDER BY ?day ?meeting""",
    "meetings per topic": """
SELECT ?topic (COUNT(DISTINCT ?meeting) AS ?meetings) { ?meeting sg:topic ?topic } GROUP BY ?topic""",
    "pairs of parties": """
SELECT ?one ?other (COUNT(DISTINCT ?meeting) AS ?meetings) {
  ?meeting sg:party ?one , ?other FILTER(STR(?one) < STR(?other))
} GROUP BY ?one ?other""",
    "a topic through the years": """
SELECT ?year (COUNT(DISTINCT ?meeting) AS ?meetings) {
  ?meeting sg:topic topic:arms-control ; sg:earliest ?day BIND(YEAR(?day) AS ?year)
} GROUP BY ?year""",
    "topics with narrower ones": """
SELECT ?family (COUNT(DISTINCT ?meeting) AS ?meetings) {
  ?meeting sg:topic ?topic . ?topic skos:broader* ?family
} GROUP BY ?family""",
    "disputes with values": """
SELECT ?meeting ?property ?value ?report {
  ?meeting sg:disputed ?property . GRAPH ?report { ?meeting ?property ?value }
}""",
    "corroborated dates": """
SELECT ?meeting (COUNT(DISTINCT ?publisher) AS ?publishers) {
  ?meeting a sg:Meeting ; sg:start ?start . GRAPH ?report { ?meeting sg:start ?start } ?report sg:publisher ?publisher
} GROUP BY ?meeting HAVING(COUNT(DISTINCT ?publisher) > 1)""",
    "meetings without heads": """
SELECT ?party (COUNT(?meeting) AS ?meetings) {
  ?meeting a sg:Meeting ; sg:status status:held ; sg:party ?party
  FILTER NOT EXISTS { ?meeting sg:headedBy ?official }
} GROUP BY ?party""",
}

#: The question whose answer ends a cold start.
FIRST = "heads of a dialogue"


def sparql(name: str) -> str:
    """Return a question in SPARQL, complete with the prefixes it uses."""
    text = QUESTIONS[name].strip()
    used = sorted(set(re.findall(r"\b([a-z]+):", text)) & PREFIXES.keys())
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in used) + text
