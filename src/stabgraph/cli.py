"""The command line: each command reads its words, calls one function, prints the answer."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from stabgraph.errors import QueryError, StabgraphError, UnknownNameError, one_line, suggest

if TYPE_CHECKING:
    from stabgraph.asking import NamedQuery
    from stabgraph.engines import Embedded
    from stabgraph.graph import DialogueGraph
    from stabgraph.results import Stream, Table

app = typer.Typer(
    name="stabgraph",
    help="Who met whom, where, when, about what, and who says so: the graph of strategic-stability dialogues.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
export_app = typer.Typer(
    help="Write the graph, or a part of it, to a file.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(export_app, name="export")
store_app = typer.Typer(
    help="Make a store on disk, copy it, put it in order.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(store_app, name="store")


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


def _graph(
    data: Path | None,
    store: Path | None,
    voices: list[str] | None = None,
    as_of: str | None = None,
    *,
    network: bool = False,
) -> DialogueGraph:
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


def _form(forms: type[Forms], form: Forms | None, output: Path | None) -> Forms:
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


def _print_rows(rows: Table | Stream, form: RowFormat, output: Path | None, limit: int | None) -> None:
    from stabgraph.results import Stream

    if form is RowFormat.table:
        table = rows.table() if isinstance(rows, Stream) else rows
        _print(table.to_text(most=limit), output)
        return
    target = output or typer.get_binary_stream("stdout")
    count = rows.head(limit).write(target, form.value)
    if output:
        typer.echo(f"wrote {output} ({count:,} {'row' if count == 1 else 'rows'})")


def _print(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
        return
    from stabgraph.writers import writing

    with writing(output) as file:
        file.write(text.encode())
    typer.echo(f"wrote {output}")


def _text(table: Table, form: Format, limit: int | None) -> str:
    return table.to_text(most=limit) if form is Format.table else table.head(limit).to(form.value)


# ── Asking ──────────────────────────────────────────────────────────────────────


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def ask(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Name of the query.")] = None,
    form: RowForm = None,
    output: Output = None,
    limit: Limit = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    timeout: Timeout = None,
    data: Data = None,
    store: Store = None,
    help_: Annotated[bool, typer.Option("--help", help="Show this message.")] = False,
) -> None:
    """Run a named query; without a name, list them.

    The parameters of a query are options of their own: `stabgraph ask NAME --help` lists them. Things are
    given by id, label or IRI, dates in EDTF.

    Example: stabgraph ask delegation-heads --dialogue pak-rus-cgss
    """
    from stabgraph.asking import named_query

    if name is None:
        typer.echo(context.get_help() if help_ else _list_of_queries())
        return
    try:
        query = named_query(name)
    except UnknownNameError as error:
        raise typer.BadParameter(str(error)) from error
    if help_:
        typer.echo(_help_of(query), nl=False)
        return
    parameters = _parameters(query, context.args)
    form = _form(RowFormat, form, output)
    answer = _graph(data, store, trust, as_of).ask(query.name, timeout=timeout, **parameters)
    _print_rows(answer, form, output, limit)


def _list_of_queries() -> str:
    from stabgraph.asking import named_queries

    queries = named_queries().values()
    width = max(len(query.name) for query in queries)
    lines = [f"  {query.name:<{width}}  {query.title}" for query in queries]
    return "\n".join(
        [
            "Named queries:",
            *lines,
            "",
            "stabgraph ask NAME --help tells what a query answers and takes.",
        ]
    )


def _help_of(query: NamedQuery) -> str:
    lines = [query.title, "", query.description.strip()]
    own = [parameter for parameter in query.parameters if not parameter.pattern]
    filters = [parameter for parameter in query.parameters if parameter.pattern]
    for heading, parameters in (("Parameters:", own), ("Filters, which combine:", filters)):
        lines += ["", heading] if parameters else []
        for parameter in parameters:
            extra = " (required)" if parameter.required else ""
            extra += f" (default: {parameter.default})" if parameter.default else ""
            lines.append(f"  --{parameter.name:<12} {parameter.type:<12} {parameter.about}{extra}")
    return "\n".join([*lines, "", f"Example: {query.example}"]) + "\n"


def _parameters(query: NamedQuery, words: list[str]) -> dict[str, str]:
    """Read `--name value` and `--name=value`; what is no parameter of the query is a usage error."""
    known = {parameter.name: parameter for parameter in query.parameters}
    values: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in known:
            near = [f"--{match}" for match in suggest(name, known)]
            hint = f"did you mean {near[0]}?" if near else f"it takes {_options(known)}"
            raise typer.BadParameter(f"{query.name} does not take {word}; {hint}")
        if not equals:
            if not rest:
                raise typer.BadParameter(f"--{name} needs a value: {known[name].about}")
            value = rest.pop(0)
        values[name] = value
    for parameter in query.parameters:
        if parameter.required and parameter.name not in values:
            raise typer.BadParameter(f"{query.name} needs --{parameter.name}: {parameter.about}")
    return values


def _options(known: dict[str, Any]) -> str:
    return ", ".join(f"--{name}" for name in known) or "no parameters"


@app.command()
def query(
    sparql: Annotated[str, typer.Argument(help="The query, or - to read it from standard input.")],
    form: RowForm = None,
    output: Output = None,
    limit: Limit = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    timeout: Timeout = None,
    memory: Annotated[
        int | None,
        typer.Option("--memory", metavar="MB", help="End the query when it takes more memory than this."),
    ] = None,
    network: Network = False,
    data: Data = None,
    store: Store = None,
) -> None:
    """Run a SPARQL query; the prefixes sg:, meeting:, state:, topic: and so on are known.

    Example: stabgraph query "SELECT ?m { ?m sg:topic topic:missile-defence }"
    """
    from stabgraph.results import Stream

    form = _form(RowFormat, form, output)
    graph = _graph(data, store, trust, as_of, network=network)
    answer = graph.stream(_stdin(sparql), timeout=timeout, limit=limit, memory=memory)
    if isinstance(answer, Stream):
        _print_rows(answer, form, output, limit)
    elif isinstance(answer, bool):
        _print("true\n" if answer else "false\n", output)
    else:
        from stabgraph.turtle import serialize_triples

        _print(serialize_triples(answer).decode(), output)


def _stdin(sparql: str) -> str:
    if sparql != "-":
        return sparql
    try:
        return typer.get_binary_stream("stdin").read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(
            f"standard input is not UTF-8 ({one_line(error)}); save it in that encoding"
        ) from error


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Id, label or IRI of a thing.")],
    form: Form = None,
    output: Output = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """Show a meeting, dialogue, official, state, topic … on one screen, with sources and disagreements.

    Example: stabgraph show pak-rus-cgss-14
    """
    form = _form(Format, form, output)
    _print(_graph(data, store, trust, as_of)[name].to(form.value), output)


@app.command()
def stats(
    unmapped: Annotated[
        bool, typer.Option("--unmapped", help="List the phrases that no label names.")
    ] = False,
    form: Form = None,
    output: Output = None,
    limit: Limit = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """Print what the graph holds and how much of the reports' words it understands.

    Example: stabgraph stats --unmapped --limit 20
    """
    from stabgraph.statistics import mapping
    from stabgraph.statistics import unmapped as without_thing

    form = _form(Format, form, output)
    graph = _graph(data, store, trust, as_of)
    if unmapped:
        _print(_text(without_thing(graph.engine), form, limit), output)
        return
    tables = {"counts": graph.ask("counts"), "phrases": mapping(graph.engine)}
    if form is Format.json:  # one document, not two
        import json

        rows = {name: table.head(limit).to_dicts() for name, table in tables.items()}
        _print(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", output)
        return
    _print("\n".join(_text(table, form, limit) for table in tables.values()), output)


# ── Changing a store ────────────────────────────────────────────────────────────


@app.command()
def update(
    sparql: Annotated[str, typer.Argument(help="The update, or - to read it from standard input.")],
    store: Annotated[
        Path,
        typer.Option("--store", metavar="PATH", help="The store on disk, made from the dataset if missing."),
    ],
    network: Network = False,
    data: Data = None,
) -> None:
    """Change a store on disk by a SPARQL update: all of it, or nothing.

    Example: stabgraph update "DELETE WHERE { ?thing rdfs:comment ?remark }" --store talks.db
    """
    from stabgraph.graph import open as open_store

    graph = open_store(store, data=data, writable=True, network=network)
    before = len(graph)
    graph.update(_stdin(sparql))
    typer.echo(f"{store} holds {len(graph):,} quads now, {before:,} before")


# ── Pages ──────────────────────────────────────────────────────────────────────


@export_app.command("network")
def export_network(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The page to write.")],
    dialogue: Annotated[
        str | None, typer.Option(help="One dialogue: its meetings with everything around them.")
    ] = None,
    party: Annotated[str | None, typer.Option(help="Only meetings of this party.")] = None,
    since: Annotated[str | None, typer.Option(help="Only meetings that had not ended before.")] = None,
    until: Annotated[str | None, typer.Option(help="Only meetings that had begun by then.")] = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """Write an interactive network as one page that opens offline.

    Example: stabgraph export network --dialogue pak-rus-cgss -o cgss.html
    """
    from stabgraph.asking import ANY
    from stabgraph.export import export_html

    # The story of one dialogue includes the rounds that were planned and never held.
    kind, status = ("overview", None) if dialogue is None else ("meetings", ANY)
    filters = {"status": status, "dialogue": dialogue, "party": party, "since": since, "until": until}
    network = _graph(data, store, trust, as_of).network(
        kind, **{k: v for k, v in filters.items() if v is not None}
    )
    path = export_html(network, output)
    size = path.stat().st_size
    typer.echo(
        f"wrote {path} ({network.number_of_nodes():,} nodes, {network.number_of_edges():,} links, {size // 1024:,} kB)"
    )


@export_app.command("dyads")
def export_dyads(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The CSV file to write.")],
    party: Annotated[str | None, typer.Option(help="Only pairs of this party.")] = None,
    since: Annotated[str | None, typer.Option(help="Only meetings and years from then on.")] = None,
    until: Annotated[str | None, typer.Option(help="Only meetings and years up to then.")] = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """Write the table of pairs of parties by year, zeros included, as CSV for a statistics program.

    The columns are those of `stabgraph ask dyads`, which takes more filters.

    Example: stabgraph export dyads -o dyads.csv
    """
    from stabgraph.errors import WriteError
    from stabgraph.files import replace_files

    table = _graph(data, store).ask("dyads", party=party, since=since, until=until)
    try:
        replace_files({output: table.to_csv().encode()})
    except OSError as error:
        raise WriteError(
            f"{output} cannot be written ({one_line(error.strerror or error)}); choose another path with -o"
        ) from error
    typer.echo(f"wrote {output} ({len(table):,} rows)")


# ── The dataset ──────────────────────────────────────────────────────────────────────


def _editable(data: Path | None) -> Path:
    """Return the dataset that a command may change: one that was named, or that of a checkout."""
    from stabgraph.vocabulary import bundled

    if data is None and bundled("data").is_relative_to(Path(__file__).parent):
        raise typer.BadParameter(
            "the data that came with an installed package are not for editing; "
            "name the directory of your own dataset with --data"
        )
    return data if data is not None else bundled("data")


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Record files in YAML.")],
    data: Data = None,
    store: Annotated[
        Path | None, typer.Option("--store", metavar="PATH", help="Add to this store instead of a dataset.")
    ] = None,
) -> None:
    """Check record files and write them into the dataset, or into a store on disk.

    What is refused is listed with file, field and reason; everything else is written, all of it or none.

    Example: stabgraph add my-report.yaml --data data
    """
    from stabgraph.adding import add_files, add_to_store

    if store is None:
        result = add_files(_editable(data), files)
    elif data is None:
        result = add_to_store(_standing(store), files)
    else:
        raise typer.BadParameter("records are added to a dataset or to a store: name one of --data, --store")
    for error in result.refused:
        typer.echo(f"refused: {one_line(error)}", err=True)
    for field, phrase in result.unlinked[:10]:
        typer.echo(f"note: no {field} is called {phrase!r} yet", err=True)
    if len(result.unlinked) > 10:  # noqa: PLR2004  as many as fit on a screen beside the rest
        more = len(result.unlinked) - 10
        typer.echo(
            f"note: {more:,} more phrases name nothing yet; see `stabgraph stats --unmapped`",
            err=True,
        )
    typer.echo(
        f"{len(result.added):,} reports added, {result.unchanged:,} there already, "
        f"{len(result.refused):,} entries refused"
        + (f", {len(result.changed):,} files written" if store is None else "")
    )
    if result.refused:
        raise typer.Exit(1)


@app.command("fmt")
def format_(data: Data = None) -> None:
    """Rewrite the files of a dataset in canonical form.

    Example: stabgraph fmt --data data
    """
    from stabgraph.dataset import format_files

    changed = format_files(_editable(data))
    for path in changed:
        typer.echo(str(path))
    typer.echo(f"{len(changed):,} files rewritten")


@app.command()
def validate(
    files: Annotated[list[Path] | None, typer.Argument(help="Record files or files of RDF.")] = None,
    warnings: Annotated[bool, typer.Option("--warnings", help="List the warnings too.")] = False,
    form: Form = None,
    data: Data = None,
) -> None:
    """Check a dataset, or files before they enter it, and say what is wrong, where, and what to do.

    Example: stabgraph validate my-report.yaml
    """
    from stabgraph.validation import summary
    from stabgraph.validation import validate as check
    from stabgraph.vocabulary import bundled

    findings = check(data if data is not None else bundled("data"), files or [])
    errors = findings.where("severity", "error")
    shown = findings if warnings else errors
    form = form or Format.table
    if len(shown) or form is not Format.table:
        typer.echo(shown.to(form.value), nl=False)
    typer.echo(summary(findings), err=form is not Format.table)
    if len(errors):
        raise typer.Exit(1)


# ── Stores ──────────────────────────────────────────────────────────────────────

StorePath = Annotated[Path, typer.Argument(metavar="PATH", help="The store.")]


def _standing(path: Path, *, read_only: bool = False) -> Embedded:
    """Open a store that is there; a path mistyped must not become a new one."""
    from stabgraph.engines import Embedded
    from stabgraph.errors import StoreError

    if not path.exists():
        raise StoreError(f"{path} does not exist; make a store with `stabgraph store create {path}`")
    return Embedded.on_disk(path, read_only=read_only)


@store_app.command("create")
def store_create(path: StorePath, data: Data = None) -> None:
    """Make a store on disk from a dataset, whole or not at all.

    Example: stabgraph store create talks.db
    """
    from stabgraph.caching import create
    from stabgraph.vocabulary import bundled

    create(path, data if data is not None else bundled("data"))
    typer.echo(_about(path))


@store_app.command("backup")
def store_backup(
    path: StorePath, copy: Annotated[Path, typer.Argument(metavar="COPY", help="Where the copy goes.")]
) -> None:
    """Copy a store, whole or not at all; others may read it meanwhile.

    Example: stabgraph store backup talks.db talks-copy.db
    """
    _standing(path, read_only=True).backup(copy)
    typer.echo(_about(copy))


@store_app.command("compact")
def store_compact(path: StorePath) -> None:
    """Put the files of a store in order, as is good after much was added.

    Example: stabgraph store compact talks.db
    """
    _standing(path).compact()
    typer.echo(_about(path))


@store_app.command("check")
def store_check(path: StorePath) -> None:
    """Read the whole of a store and tell whether it holds together.

    Example: stabgraph store check talks.db
    """
    from stabgraph.caching import check

    check(_standing(path, read_only=True))
    typer.echo(_about(path))


def _about(path: Path) -> str:
    size = sum(file.stat().st_size for file in path.iterdir())
    return f"{path}: {_standing(path, read_only=True).size:,} quads, {size // 1024:,} kB"


def _version(*, wanted: bool) -> None:
    if wanted:
        from stabgraph import __version__

        typer.echo(f"stabgraph {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            is_eager=True,
            callback=lambda v: _version(wanted=v),
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line: errors end in one sentence, a closed pipe in silence."""
    try:
        app()
    except StabgraphError as error:
        typer.echo(f"error: {one_line(error)}", err=True)  # a name of a file may have lines
        raise SystemExit(1) from None
    except BrokenPipeError:
        # Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
