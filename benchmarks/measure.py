"""Measure one engine in this process, which nothing else shares: ``run.py`` starts it once per engine, size and run.

``python measure.py ENGINE DIR`` loads and answers, one line of JSON per figure as soon as it is known, so that a run
that is cut off has told what it knows. ``python measure.py ENGINE DIR --cold`` ends with its first answer.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import Files
from questions import FIRST, QUESTIONS, sparql

from engines import ENGINES

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine import Engine, Rows

REPEATS = 7
#: A question is not repeated beyond this, in seconds.
ENOUGH = 10.0


def tell(**figures: Any) -> None:
    """Print figures as a line of JSON."""
    print(json.dumps(figures), flush=True)


def digest(rows: Rows) -> str:
    """Return what answers are compared by: the rows in any order."""
    lines = sorted("\t".join("" if cell is None else cell for cell in row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def measure(engine: Engine) -> None:
    """Load, answer every question several times, and tell the memory that it took."""
    begin = time.perf_counter()
    engine.load()
    tell(load=time.perf_counter() - begin, quads=engine.quads())
    try:
        for name, text in QUESTIONS.items():
            if not engine.named_graphs and "GRAPH" in text:
                tell(question=name, cannot="no named graphs")
                continue
            answer_one(engine, name)
        tell(peak=engine.peak())
    finally:
        engine.stop()


def answer_one(engine: Engine, name: str) -> None:
    """Time one question: the quickest of its repetitions, which others on the machine disturbed least."""
    text = sparql(name)
    times: list[float] = []
    bare: list[float] = []
    while len(times) < REPEATS and (not times or sum(times) < ENOUGH):
        try:
            answer, seconds = timed(engine.ask, text)
        except Exception as error:  # noqa: BLE001  an engine that fails is part of the result
            tell(question=name, cannot=" ".join(str(error).split())[:200])
            return
        times.append(seconds)
        # In turn, so that both meet the same load of the machine.
        bare.append(timed(engine.ask_bare, text)[1])
    rows = engine.rows(answer)
    figures = {"time": min(times), "rows": len(rows), "digest": digest(rows)}
    if engine.ask_bare(text) is not None:
        figures["over_bare"] = min(times) / min(bare)
    tell(question=name, **figures)


def timed(ask: Callable[[str], Any], text: str) -> tuple[Any, float]:
    """Return an answer and the seconds until it was there."""
    begin = time.perf_counter()
    answer = ask(text)
    return answer, time.perf_counter() - begin


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cold", action="store_true", help="end with the first answer")
    options = parser.parse_args()
    engine = ENGINES[options.engine](Files(options.folder))
    if options.cold:
        engine.open()
        engine.ask(sparql(FIRST))
        print("answered", flush=True)
        engine.stop()
    else:
        measure(engine)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
