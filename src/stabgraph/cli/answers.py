"""Asking: named queries, SPARQL, all about one thing, and what the graph holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from stabgraph.cli.options import (
    AsOf,
    Data,
    Form,
    Format,
    Limit,
    Network,
    Output,
    RowForm,
    RowFormat,
    Store,
    Timeout,
    Trusted,
    form_of,
    graph_of,
    print_rows,
    print_text,
    table_text,
    text_of,
)
from stabgraph.errors import UnknownNameError, suggest

if TYPE_CHECKING:
    from stabgraph.asking import NamedQuery


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
    form = form_of(RowFormat, form, output)
    answer = graph_of(data, store, trust, as_of).ask(query.name, timeout=timeout, **parameters)
    print_rows(answer, form, output, limit)


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

    form = form_of(RowFormat, form, output)
    graph = graph_of(data, store, trust, as_of, network=network)
    answer = graph.stream(text_of(sparql), timeout=timeout, limit=limit, memory=memory)
    if isinstance(answer, Stream):
        print_rows(answer, form, output, limit)
    elif isinstance(answer, bool):
        print_text("true\n" if answer else "false\n", output)
    else:
        from stabgraph.turtle import serialize_triples

        print_text(serialize_triples(answer).decode(), output)


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
    form = form_of(Format, form, output)
    print_text(graph_of(data, store, trust, as_of)[name].to(form.value), output)


def stats(
    unmapped: Annotated[
        bool, typer.Option("--unmapped", help="List the phrases that mean nothing known yet.")
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

    form = form_of(Format, form, output)
    graph = graph_of(data, store, trust, as_of)
    if unmapped:
        print_text(table_text(without_thing(graph.engine), form, limit), output)
        return
    tables = {"counts": graph.ask("counts"), "phrases": mapping(graph.engine)}
    if form is Format.json:  # one document, not two
        import json

        rows = {name: table.head(limit).to_dicts() for name, table in tables.items()}
        print_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", output)
        return
    print_text("\n".join(table_text(table, form, limit) for table in tables.values()), output)


def compare(
    form: RowForm = None,
    output: Output = None,
    limit: Limit = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    data: Data = None,
) -> None:
    """Show what is concluded differently when only some reports are believed.

    Columns without the word there are what all reports together give, the others what the trusted ones give.

    Example: stabgraph compare --trust official --limit 10
    """
    if not trust and as_of is None:
        raise typer.BadParameter("compare needs whom to believe (--trust) or as of which day (--as-of)")
    form = form_of(RowFormat, form, output)
    changes = graph_of(data, None).compare(graph_of(data, None, trust, as_of))
    print_rows(changes, form, output, limit)
