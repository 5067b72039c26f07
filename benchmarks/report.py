"""From figures to tables and a picture."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["draw", "write_tables"]

OURS, RAW = "stabgraph", "pyoxigraph"
_MB = 1_000_000
_COLOURS = {
    "stabgraph": "#c0392b", "stabgraph on disk": "#e59866", "pyoxigraph": "#1b2631", "oxigraph serve": "#7f8c8d",
    "virtuoso": "#2471a3", "maplib": "#1e8449", "rdflib": "#7d3c98", "kglab": "#bb8fce",
}  # fmt: skip

#: What is aimed at: a name, how it is measured (see :func:`_goals`), the limit.
_GOALS = (
    ("every question at most 1.1 × the store asked directly", "over_bare", 1.1),
    ("rdflib at least 30 × slower (geometric mean)", "rdflib", 30.0),
    ("faster than Oxigraph's server on every question", "oxigraph serve", 1.0),
    ("faster than Virtuoso on every question", "virtuoso", 1.0),
    ("loading at most 2.5 × pyoxigraph's bulk load of the finished quads", "load", 2.5),
    ("memory at most 1.6 × pyoxigraph", "peak", 1.6),
)


def write_tables(result: dict[str, Any], path: Path) -> None:
    """Write the tables as Markdown."""
    path.write_text("\n".join(_lines(result)), "utf-8")


def _lines(result: dict[str, Any]) -> Iterator[str]:
    machine = result["machine"]
    yield "# Benchmarks"
    yield ""
    yield (
        "Invented data in the shape of the real ones (`generate.py`), ten questions (`questions.py`), every engine "
        "in a process of its own: the best of up to seven repetitions, the median of "
        f"{result['runs']} processes. stabgraph loads what reports state and draws links and conclusions; the others "
        "load the finished quads. Times of servers include HTTP and reading their JSON. Cold start is from the start "
        "of the process to the first answer, with the store kept by engines on disk."
    )
    yield ""
    yield "![Times, loading and memory](benchmark.png)"
    for size in result["sizes"]:
        yield from _size(size)
    yield ""
    yield (
        f"Machine: {machine['cpu']}, {machine['cores']} cores, {machine['memory'] / 1e9:.0f} GB, "
        f"{machine['load_before']:.1f} running processes at the end; Python {machine['python']}. "
        f"Versions: {', '.join(f'{name} {version}' for name, version in machine['versions'].items())}."
    )
    yield ""


def _size(size: dict[str, Any]) -> Iterator[str]:
    engines = size["engines"]
    quads = engines.get(RAW, {}).get("quads") or size["quads"]
    yield from ("", f"## {size['size']}: {quads:,} quads", "")
    yield "| engine | load s | ÷ raw | memory MB | ÷ raw | cold start s | questions ÷ raw (geometric mean) |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    raw = engines.get(RAW, {})
    for name, figures in engines.items():
        ratios = list(_ratios(figures, raw))
        cells = (
            _number(figures.get("load")),
            _ratio(figures.get("load"), raw.get("load")),
            _number(figures["peak"] / _MB if "peak" in figures else None),
            _ratio(figures.get("peak"), raw.get("peak")),
            _number(figures.get("cold")),
            f"{_mean(ratios):.2f}"
            + (f" ({len(ratios)} of 10)" if len(ratios) < len(raw.get("questions", ())) else "")
            if ratios
            else "–",
        )
        yield f"| {name} | {' | '.join(cells)} |"
    yield from ("", f"| question, in ms | rows | {' | '.join(engines)} | {OURS} ÷ its store |")
    yield f"|---|{'--:|' * (len(engines) + 2)}"
    for question in raw.get("questions", ()):
        told = [figures["questions"].get(question, {}) for figures in engines.values()]
        rows = next((one["rows"] for one in told if "rows" in one), 0)
        over = engines.get(OURS, {}).get("questions", {}).get(question, {}).get("over_bare")
        yield f"| {question} | {rows:,} | {' | '.join(map(_time, told))} | {_ratio(over, 1)} |"
    yield ""
    for text, reached, value in _goals(engines):
        yield f"- {'reached' if reached else '**missed**'}: {text} ({value})"
    for notice in size["notices"]:
        yield f"- {notice}"


def _ratios(figures: dict[str, Any], raw: dict[str, Any]) -> Iterator[float]:
    for question, told in figures["questions"].items():
        base = raw.get("questions", {}).get(question, {}).get("time")
        if base and "time" in told and not told.get("differs"):
            yield told["time"] / base


def _goals(engines: dict[str, Any]) -> Iterator[tuple[str, bool, str]]:
    ours, raw = engines.get(OURS), engines.get(RAW, {})
    if ours is None:
        return
    for text, kind, limit in _GOALS:
        if kind == "over_bare":
            worst, question = max((one.get(kind, 0), name) for name, one in ours["questions"].items())
            yield text, worst <= limit, f"at worst {worst:.2f}, {question}"
        elif kind in {"load", "peak"}:
            if kind in ours and kind in raw:
                yield text, ours[kind] / raw[kind] <= limit, f"{ours[kind] / raw[kind]:.2f}"
        elif kind in engines:
            ratios = {
                name: engines[kind]["questions"][name]["time"] / one["time"]
                for name, one in ours["questions"].items()
                if "time" in one and "time" in engines[kind]["questions"].get(name, {})
            }
            if not ratios:
                continue
            if kind == "rdflib":
                yield text, _mean(ratios.values()) >= limit, f"{_mean(ratios.values()):.0f} ×"
            else:
                worst = min(ratios, key=lambda name: ratios[name])
                yield text, ratios[worst] > limit, f"at worst {ratios[worst]:.2f} ×, {worst}"


def _mean(values: Iterable[float]) -> float:
    """Return the geometric mean."""
    logs = [log(value) for value in values]
    return exp(sum(logs) / len(logs))


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004  three digits


def _ratio(value: float | None, base: float | None) -> str:
    return "–" if value is None or not base else f"{value / base:.2f}"


def _time(told: dict[str, Any]) -> str:
    if told.get("differs"):
        return "other answer"
    return _number(told["time"] * 1000) if "time" in told else "cannot" if "cannot" in told else "–"


# ── The picture ──────────────────────────────────────────────────────────────────────────────────────────


def draw(result: dict[str, Any], path: Path) -> None:
    """Draw times of questions, loading and memory, a column for each size."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    sizes = result["sizes"]
    figure, panels = plt.subplots(
        3, len(sizes), figsize=(1.5 + 6.2 * len(sizes), 9.5), squeeze=False, layout="constrained",
        height_ratios=(5, 2.4, 2.4),
    )  # fmt: skip
    for column, size in enumerate(sizes):
        questions, loading, memory = panels[:, column]
        questions.set_title(f"{size['quads'] / 1e6:.3g} million quads", fontweight="bold")
        _dots(questions, size["engines"])
        _bars(loading, size["engines"], "load", 1, "loading, s")
        _bars(memory, size["engines"], "peak", _MB, "peak memory, MB")
    handles: dict[str, Any] = {}
    for panel in panels[0]:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    figure.legend(
        handles.values(), handles.keys(), loc="outside lower center", ncols=4 * len(sizes), frameon=False
    )
    figure.savefig(path, dpi=130)
    plt.close(figure)


def _dots(panel: Any, engines: dict[str, Any]) -> None:
    names = list(dict.fromkeys(name for figures in engines.values() for name in figures["questions"]))[::-1]
    for engine, figures in engines.items():
        told = [(figures["questions"].get(name, {}), row) for row, name in enumerate(names)]
        known = [(one["time"] * 1000, row) for one, row in told if "time" in one and not one.get("differs")]
        if known:
            style = {"color": _COLOURS.get(engine), "marker": "D" if engine.startswith("stabgraph") else "o"}
            panel.scatter(*zip(*known, strict=True), s=46, alpha=0.85, label=engine, zorder=3, **style)
    panel.set_xscale("log")
    panel.set_yticks(range(len(names)), names)
    panel.set_xlabel("time to the whole answer, ms (logarithmic; left is faster)")
    panel.grid(alpha=0.3)


def _bars(panel: Any, engines: dict[str, Any], key: str, unit: float, label: str) -> None:
    names = [name for name, figures in engines.items() if key in figures][::-1]
    values = [engines[name][key] / unit for name in names]
    bars = panel.barh(names, values, color=[_COLOURS.get(name) for name in names])
    panel.bar_label(bars, [_number(value) for value in values], padding=3)
    panel.margins(x=0.12)
    panel.set_xlabel(label)
    panel.spines[["top", "right"]].set_visible(False)
