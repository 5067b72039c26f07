"""Writing the graph, or a part of it, to a file."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  Typer reads it
from typing import Annotated

import typer

from stabgraph.cli.options import (
    AsOf,
    Data,
    RowFormat,
    Store,
    Trusted,
    form_of,
    graph_of,
    print_rows,
    print_text,
)

Party = Annotated[str | None, typer.Option(help="Only meetings of this party.")]
Since = Annotated[str | None, typer.Option(help="Only meetings that had not ended before.")]
Until = Annotated[str | None, typer.Option(help="Only meetings that had begun by then.")]


def network(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The page to write.")],
    dialogue: Annotated[
        str | None, typer.Option(help="One dialogue: its meetings with everything around them.")
    ] = None,
    party: Party = None,
    since: Since = None,
    until: Until = None,
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
    network = graph_of(data, store, trust, as_of).network(
        kind, **{k: v for k, v in filters.items() if v is not None}
    )
    path = export_html(network, output)
    size = path.stat().st_size
    typer.echo(
        f"wrote {path} ({network.number_of_nodes():,} nodes, {network.number_of_edges():,} links, {size // 1024:,} kB)"
    )


def dyads(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")],
    party: Annotated[str | None, typer.Option(help="Only pairs of this party.")] = None,
    since: Annotated[str | None, typer.Option(help="Only meetings and years from then on.")] = None,
    until: Annotated[str | None, typer.Option(help="Only meetings and years up to then.")] = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """Write the table of pairs of parties by year, zeros included, for a statistics program.

    The form is CSV, unless the file ends in .json, .srj, .md or .parquet. The columns are those of
    `stabgraph ask dyads`, which takes more filters.

    Example: stabgraph export dyads -o dyads.csv
    """
    form = form_of(RowFormat, None, output)
    table = graph_of(data, store, trust, as_of).ask("dyads", party=party, since=since, until=until)
    print_rows(table, RowFormat.csv if form is RowFormat.table else form, output, None)


def coverage(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The picture to write.")],
    dialogue: Annotated[str | None, typer.Option(help="One dialogue.")] = None,
    party: Party = None,
    since: Since = None,
    until: Until = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """Draw which dialogues are covered in which years, as a picture in SVG.

    Up to 60 dialogues are named in the picture; in a browser, each cell tells what it stands for.

    Example: stabgraph export coverage --party Pakistan -o coverage.svg
    """
    from stabgraph.export import export_coverage

    graph = graph_of(data, store, trust, as_of)
    table = graph.ask("coverage", dialogue=dialogue, party=party, since=since, until=until)
    typer.echo(f"wrote {export_coverage(table, output)} ({len(table):,} years of dialogues)")


def description(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")
    ] = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """Write what the dataset is, for catalogues: its description in VoID and DCAT, as Turtle.

    Example: stabgraph export description -o void.ttl
    """
    from stabgraph import __version__
    from stabgraph.description import describe

    print_text(describe(graph_of(data, store, trust, as_of).engine, __version__), output)
