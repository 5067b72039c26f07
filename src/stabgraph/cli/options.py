"""What commands share: their options, the graph that these name, and how an answer is printed."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from stabgraph.errors import QueryError, one_line

if TYPE_CHECKING:
    from stabgraph.graph import DialogueGraph
    from stabgraph.results import Stream, Table


class Format(StrEnum):
    """How tables are printed, one or several."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"


class RowFormat(StrEnum):
    """How the rows of an answer are printed or written."""

    table = "table"
    csv = "csv"
    json = "json"
    sparql_json = "sparql-json"
    markdown = "markdown"
    parquet = "parquet"


Forms = TypeVar("Forms", Format, RowFormat)
#: What the ending of a file says about its form; any other is a table as on the terminal.
_ENDINGS = {".csv": "csv", ".json": "json", ".srj": "sparql-json", ".md": "markdown", ".parquet": "parquet"}

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="A dataset of your own instead of the bundled one."),
]
Store = Annotated[
    Path | None,
    typer.Option("--store", metavar="PATH", help="A store on disk, made from the dataset if missing."),
]
Form = Annotated[
    Format | None, typer.Option("--format", help="How to print the answer: table, csv, json or markdown.")
]
RowForm = Annotated[
    RowFormat | None,
    typer.Option(
        "--format",
        help="How to give the answer: table, csv, json, sparql-json, markdown or, to a file, parquet.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="FILE",
        help="Write the answer to a file, in the form that its ending says (.csv, .json, .srj, .md, .parquet).",
    ),
]
Trusted = Annotated[
    list[str] | None,
    typer.Option(
        "--trust",
        metavar="WHOM",
        help="Believe these only: official, wire, press, or a publisher; may be given several times.",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Believe only what was known on this day."),
]
Limit = Annotated[int | None, typer.Option("--limit", min=0, help="Print the first rows only.")]
Timeout = Annotated[
    float | None,
    typer.Option("--timeout", metavar="SECONDS", help="End the query when it takes longer than this."),
]
Network = Annotated[bool, typer.Option("--network", help="Allow what leaves this machine: SERVICE and LOAD.")]


def graph_of(
    data: Path | None,
    store: Path | None,
    voices: list[str] | None = None,
    as_of: str | None = None,
    *,
    network: bool = False,
) -> DialogueGraph:
    """Return the graph that the options of a command name."""
    from stabgraph.graph import DialogueGraph
    from stabgraph.graph import open as open_store

    if store is not None:
        return open_store(store, data=data, trust=voices, as_of=as_of, network=network)
    from stabgraph.caching import cached
    from stabgraph.trust import Trust
    from stabgraph.vocabulary import bundled

    trust = Trust.of(voices, as_of)
    engine = cached(data if data is not None else bundled("data"), trust)
    engine.network = network
    return DialogueGraph(engine, trust)


def form_of(forms: type[Forms], form: Forms | None, output: Path | None) -> Forms:
    """Return the form asked for, or that of the file's ending."""
    if form is None:
        name = _ENDINGS.get(output.suffix.lower(), "table") if output else "table"
        known = [member.value for member in forms]
        if name not in known:
            raise typer.BadParameter(
                f"{output} cannot be written in the form {name}; choose {', '.join(known)}"
            )
        form = forms(name)
    if form == RowFormat.parquet and output is None:
        raise typer.BadParameter("Parquet is not text; name a file for it with -o FILE")
    return form


def print_rows(rows: Table | Stream, form: RowFormat, output: Path | None, limit: int | None) -> None:
    """Print rows in a form, or write them to a file."""
    from stabgraph.results import Stream

    if form is RowFormat.table:
        table = rows.table() if isinstance(rows, Stream) else rows
        print_text(table.to_text(most=limit), output)
        return
    target = output or typer.get_binary_stream("stdout")
    count = rows.head(limit).write(target, form.value)
    if output:
        typer.echo(f"wrote {output} ({count:,} {'row' if count == 1 else 'rows'})")


def print_text(text: str, output: Path | None) -> None:
    """Print a text, or write it to a file."""
    if output is None:
        typer.echo(text, nl=False)
        return
    from stabgraph.writers import writing

    with writing(output) as file:
        file.write(text.encode())
    typer.echo(f"wrote {output}")


def table_text(table: Table, form: Format, limit: int | None) -> str:
    """Return a table in a form, cut to so many rows."""
    return table.to_text(most=limit) if form is Format.table else table.head(limit).to(form.value)


def text_of(sparql: str) -> str:
    """Return a text of SPARQL, or read it from standard input."""
    if sparql != "-":
        return sparql
    try:
        return typer.get_binary_stream("stdin").read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(
            f"standard input is not UTF-8 ({one_line(error)}); save it in that encoding"
        ) from error
