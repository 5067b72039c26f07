"""Measure stabgraph beside its peers, in one run: ``make bench SIZES=150k,1.5M,15M``.

Every engine is measured in a process of its own, several times, in turn with the others; medians are reported, and
ratios, which hold when the machine is slow. Answers are compared before a time counts. Results go to
``benchmarks/results/``.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from engine import Files
from prepare import name_of, prepare, size
from report import draw, write_tables

from engines import ENGINES, available

RESULTS = Path(__file__).parent / "results"
MEASURE = Path(__file__).with_name("measure.py")


def measure(engine: str, folder: Path, budget: float) -> dict[str, Any]:
    """Return the figures of one run of an engine; beyond the budget it is ended, with what is known by then."""
    figures: dict[str, Any] = {"questions": {}}
    for line in _run([engine, str(folder)], budget, figures):
        told = json.loads(line)
        question = told.pop("question", None)
        if question is None:
            figures.update(told)
        else:
            figures["questions"][question] = told
    return figures


def cold_start(engine: str, folder: Path, budget: float) -> dict[str, Any]:
    """Return the seconds from the start of a process to its first answer."""
    figures: dict[str, Any] = {}
    begin = time.perf_counter()
    for line in _run([engine, str(folder), "--cold"], budget, figures):
        if line.strip() == "answered":
            figures["cold"] = time.perf_counter() - begin
    return figures


def _run(arguments: list[str], budget: float, figures: dict[str, Any]) -> list[str]:
    environment = {**os.environ, "RUST_BACKTRACE": "0"}
    command = [sys.executable, str(MEASURE), *arguments]
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        subprocess.Popen(command, stdout=out, stderr=err, env=environment, start_new_session=True) as process,
    ):
        try:
            process.wait(budget)
        except subprocess.TimeoutExpired:
            figures["cut"] = f"ended after {budget:.0f} s"
            os.killpg(process.pid, signal.SIGKILL)  # with the server that it started
            process.wait()
        if process.returncode > 0:
            err.seek(0)
            figures["cut"] = err.read().decode(errors="replace").strip().splitlines()[-1][:200]
        elif process.returncode < 0 and "cut" not in figures:
            figures["cut"] = f"ended by signal {-process.returncode} (out of memory?)"
        out.seek(0)
        return out.read().decode().splitlines()


def measure_size(quads: int, options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Measure all engines at one size."""
    files = Files(work / name_of(quads))
    print(f"{name_of(quads)}: preparing", flush=True)
    begin = time.perf_counter()
    found = prepare(files, quads, options.seed)
    made = time.perf_counter() - begin
    names, notices = available(options.engines)
    for name in list(names):
        if ENGINES[name].largest < quads and not options.everything:
            names.remove(name)
            notices.append(
                f"{name} is left out beyond {name_of(int(ENGINES[name].largest))} quads: it would take too long"
            )
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number in range(options.runs):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            if any("cut" in run for run in runs[name]):
                continue  # what took too long once is not tried again
            print(f"{name_of(quads)}: run {number + 1} of {options.runs}, {name}", flush=True)
            figures = measure(name, files.folder, options.budget)
            if "cut" not in figures and not options.no_cold:
                figures |= cold_start(name, files.folder, options.budget)
            runs[name].append(figures)
    engines = {name: summary(runs[name]) for name in names}
    notices += [f"{name}: {ENGINES[name].cannot}" for name in names if ENGINES[name].cannot]
    notices += [f"{name}: {figures['cut']}" for name, figures in engines.items() if "cut" in figures]
    return {
        "size": name_of(quads), "quads": found, "prepared": made, "engines": engines,
        "notices": notices + compare(engines),
    }  # fmt: skip


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the medians over the runs of an engine, and the single figures beside them."""
    result: dict[str, Any] = {"runs": runs, "questions": {}}
    for key in ("load", "peak", "cold"):
        values = [run[key] for run in runs if key in run]
        if values:
            result[key] = median(values)
    for run in runs:
        result |= {key: run[key] for key in ("cut", "quads") if key in run}
    for question in {name: None for run in runs for name in run["questions"]}:
        told = [run["questions"][question] for run in runs if question in run["questions"]]
        merged = dict(told[-1])
        for key in ("time", "over_bare"):
            if key in merged:
                merged[key] = median(one[key] for one in told if key in one)
        result["questions"][question] = merged
    return result


def compare(engines: dict[str, Any], reference: str = "pyoxigraph") -> list[str]:
    """Return a notice for every answer that is not the one that the reference gives."""
    notices = []
    for name, figures in engines.items():
        for question, told in figures["questions"].items():
            right = engines.get(reference, {"questions": {}})["questions"].get(question)
            if right and "digest" in told and told["digest"] != right.get("digest"):
                told["differs"] = True
                notices.append(
                    f"{name} answers *{question}* differently ({told['rows']:,} rows, {reference} {right['rows']:,}): "
                    "its time does not count"
                )
            elif "cannot" in told and ENGINES[name].named_graphs:
                notices.append(f"{name} does not answer *{question}*: {told['cannot']}")
    return notices


def main() -> None:
    """Measure, compare, write tables and picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="150k", help="quads, conclusions included: 150k,1.5M,15M (150k)")
    parser.add_argument(
        "--engines", type=lambda text: text.split(","), default=list(ENGINES), help="all if left out"
    )
    parser.add_argument("--runs", type=int, default=3, help="processes per engine and size (3)")
    parser.add_argument(
        "--budget", type=float, default=900, help="seconds after which a process is ended (900)"
    )
    parser.add_argument(
        "--no-cold", action="store_true", help="leave out cold starts, which load a second time"
    )
    parser.add_argument("--everything", action="store_true", help="try slow engines at every size")
    parser.add_argument("--seed", type=int, default=0, help="of the invented data (0)")
    parser.add_argument("--work", type=Path, help="keep the made files in this directory, for the next time")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where to write (benchmarks/results)")
    options = parser.parse_args()
    unknown = set(options.engines) - ENGINES.keys()
    if unknown:
        parser.error(f"no engine is called {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")
    with tempfile.TemporaryDirectory(prefix="stabgraph-bench-") as temporary:
        work = (options.work or Path(temporary)).resolve()
        sizes = []
        for text in options.sizes.split(","):
            sizes.append(measure_size(size(text), options, work))
            result = {"machine": machine(), "runs": options.runs, "seed": options.seed, "sizes": sizes}
            options.results.mkdir(parents=True, exist_ok=True)
            (options.results / "benchmark.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
            write_tables(result, options.results / "benchmark.md")
            draw(result, options.results / "benchmark.png")
    print((options.results / "benchmark.md").read_text("utf-8"))
    if any(told.get("differs") for one in sizes for name in one["engines"] if name.startswith("stabgraph")
           for told in one["engines"][name]["questions"].values()):  # fmt: skip
        sys.exit("stabgraph and pyoxigraph give different answers")


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "unknown",
    )
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "load_before": os.getloadavg()[1],
        "python": sys.version.split()[0],
        "versions": {name: engine.version() for name, engine in ENGINES.items() if not engine.missing()},
    }


if __name__ == "__main__":
    main()
