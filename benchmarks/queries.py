"""Time loading and asking, beside rdflib alone on the same quads in the same run: `make bench`.

Every answer is compared before a time counts. The figures are the best of several runs; the ratio is what to look at,
since it holds when the machine is slow. Results go to benchmarks/results/queries.md.
"""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib

import stabgraph as sg

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).parent / "results" / "queries.md"

QUERIES = {
    "heads of one dialogue": """
        SELECT ?meeting ?official WHERE {
          ?meeting sg:partOf dialogue:pak-rus-cgss ; sg:headedBy ?official } ORDER BY ?meeting ?official""",
    "meetings per topic": """
        SELECT ?topic (COUNT(DISTINCT ?meeting) AS ?n) WHERE { ?meeting sg:topic ?topic }
        GROUP BY ?topic ORDER BY DESC(?n) ?topic""",
    "who says a topic": """
        SELECT ?meeting ?report WHERE { GRAPH ?report { ?meeting sg:topic topic:missile-defence } }
        ORDER BY ?meeting ?report""",
    "pairs of parties": """
        SELECT ?one ?other (COUNT(DISTINCT ?meeting) AS ?n) WHERE {
          ?meeting sg:party ?one, ?other FILTER(STR(?one) < STR(?other)) }
        GROUP BY ?one ?other ORDER BY DESC(?n) ?one ?other""",
    "disputes with values": """
        SELECT ?meeting ?property ?value WHERE {
          ?meeting sg:disputed ?property . GRAPH ?report { ?meeting ?property ?value } }
        ORDER BY ?meeting ?property ?value""",
}


def best(action: Callable[[], object], runs: int) -> float:
    """Return the seconds of the fastest run."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure, compare, write the table."""
    load_time = best(sg.load, 3)
    kg = sg.load()
    quads = ox.serialize(list(kg.engine.store), format=ox.RdfFormat.N_QUADS)
    alone = rdflib.Dataset()
    parse_time = best(lambda: alone.parse(data=quads, format="nquads"), 1)
    prefixes = {name: rdflib.Namespace(base) for name, base in sg.PREFIXES.items()}
    raw = kg.engine.store

    rows = []
    for name, sparql in QUERIES.items():
        ours = [[str(cell) if cell is None else cell.value for cell in row] for row in kg.query(sparql)]
        theirs = [[str(cell) for cell in row] for row in alone.query(sparql, initNs=prefixes)]
        if sorted(ours) != sorted(theirs):
            sys.exit(f"{name}: the answers differ ({len(ours)} and {len(theirs)} rows)")
        mine = best(lambda q=sparql: kg.query(q), 7)
        engine = best(lambda q=sparql: list(raw.query(q, prefixes=sg.PREFIXES)), 7)
        rdf = best(lambda q=sparql: list(alone.query(q, initNs=prefixes)), 1)
        rows.append((name, len(ours), mine, mine / engine, rdf / mine))

    mean = math.exp(sum(math.log(row[4]) for row in rows) / len(rows))
    lines = [
        f"# Queries on the bundled data ({len(kg):,} quads)",
        "",
        (
            f"Loading with links and conclusions: {load_time:.2f} s. "
            f"rdflib parsing the same quads, ready made: {parse_time:.2f} s."
        ),
        "",
        "| query | rows | stabgraph | ÷ raw pyoxigraph | rdflib ÷ stabgraph |",
        "|---|---|---|---|---|",
        *(f"| {n} | {r:,} | {1000 * t:.1f} ms | {o:.2f} | {f:,.0f} × |" for n, r, t, o, f in rows),
        "",
        f"Geometric mean over the queries: {mean:,.0f} times faster than rdflib's own evaluator.",
        f"Python {sys.version.split()[0]}, pyoxigraph {ox.__version__}, rdflib {rdflib.__version__}.",
        "",
    ]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines), "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
