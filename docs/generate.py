"""Write what is generated: the reference pages in docs/, the schema of records, and the outputs shown in README.md.

Run by `make docs`; a test holds that the files are current.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))  # the page of the ontology stands beside this file
import ontology_page

import stabgraph as sg
from stabgraph.asking import named_queries
from stabgraph.export.coverage import coverage_svg
from stabgraph.filters import FILTERS
from stabgraph.records import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stabgraph.asking import NamedQuery
    from stabgraph.filters import Parameter

ROOT = Path(__file__).parents[1]


def run(command: str) -> str:
    """Return what a `stabgraph …` command line prints, at a fixed width."""
    words = command.replace("stabgraph", f"{sys.executable} -m stabgraph", 1)
    environment = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1", "TERMINAL_WIDTH": "80"}
    done = subprocess.run(
        words, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def readme() -> str:
    """Return README.md with the output of every command in its console blocks made anew."""
    text = (ROOT / "README.md").read_text("utf-8")
    return re.sub(r"(?<=```console\n)\$ (stabgraph[^\n]*)\n(.*?)(?=```)", _block, text, flags=re.DOTALL)


def _block(found: re.Match[str]) -> str:
    return f"$ {found[1]}\n{run(found[1])}"


def commands_page() -> str:
    """Return docs/commands.md: what each command does and takes."""
    import typer.main

    from stabgraph.cli import app

    parts = ["# Commands\n\nMade by `make docs` from the command line itself.\n"]
    for name, command in _commands(typer.main.get_command(app), "stabgraph"):
        text, _, example = (command.help or "").partition("Example: ")
        rows = [
            f"| `{' '.join(parameter.opts)}` | {parameter.help} |"
            for parameter in command.params
            if parameter.name != "help_"
        ]
        table = "\n".join(["| word or option | meaning |", "|---|---|", *rows])
        parts.append(
            f"## {name}\n\n{' '.join(text.split())}\n\n{table}\n\n```sh\n{' '.join(example.split())}\n```\n"
        )
    return "\n".join(parts)


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    for part, below in sorted(getattr(command, "commands", {}).items()):
        yield from _commands(below, f"{name} {part}")
    if not hasattr(command, "commands"):
        yield name, command


def queries_page() -> str:
    """Return docs/queries.md: what each named query answers and takes."""
    queries = named_queries().values()
    taking = [f"[{query.name}](#{query.name})" for query in queries if _filters(query)]
    parts = [
        "# Named queries\n\nMade by `make docs` from the heads of `src/stabgraph/queries/*.rq`.\n",
        (
            "## Filters\n\nThese say which meetings a question is about. Any of them combine, and most queries take "
            "them all. A query that counts what was held says so by its default for `--status`; `--status any` "
            f"counts every meeting, whatever became of it.\n\n{_table(FILTERS.values())}\n\n"
            f"They are taken by {', '.join(taking)}.\n"
        ),
    ]
    for query in queries:
        own = [p for p in query.parameters if not p.pattern]
        shared = _filters(query)
        said = [_table(own)] if own else []
        if shared:
            held = any(p.default == "held" for p in shared)
            said.append(
                "Takes the [filters](#filters)" + (", `--status` being held by default." if held else ".")
            )
        parts.append(
            f"## {query.name}\n\n**{query.title}.** {query.description.strip()}\n\n"
            + "\n\n".join(said or ["No parameters."])
            + f"\n\n```console\n$ {query.example}\n```\n"
        )
    return "\n".join(parts)


def _filters(query: NamedQuery) -> list[Parameter]:
    return [parameter for parameter in query.parameters if parameter.pattern]


def _table(parameters: Iterable[Parameter]) -> str:
    rows = [
        f"| `--{p.name}` | {p.type.replace('|', ' or ')} | {p.about}"
        f"{' (required)' if p.required else ''}{f' (default: {p.default})' if p.default else ''} |"
        for p in parameters
    ]
    return "\n".join(["| parameter | type | meaning |", "|---|---|---|", *rows])


def generated() -> dict[Path, str]:
    """Return every generated file with its content."""
    return {
        ROOT / "docs" / "commands.md": commands_page(),
        ROOT / "docs" / "queries.md": queries_page(),
        ROOT / "data" / "record.schema.json": json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
        ROOT / "docs" / "coverage.svg": coverage_svg(sg.load().ask("coverage")),
        ROOT / "docs" / "ontology.html": ontology_page.page(),
        ROOT / "docs" / "void.ttl": run("stabgraph export description"),
        ROOT / "README.md": readme(),
    }


if __name__ == "__main__":
    for path, content in generated().items():
        path.write_text(content, "utf-8")
