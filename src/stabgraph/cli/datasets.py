"""Keeping a dataset: adding to it, its form, its soundness."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stabgraph.cli.options import (
    Data,
    Form,
    Format,
    Limit,
    Output,
    Store,
    form_of,
    graph_of,
    print_text,
    table_text,
)
from stabgraph.cli.stores import standing
from stabgraph.errors import one_line


def _editable(data: Path | None) -> Path:
    """Return the dataset that a command may change: one that was named, or that of a checkout."""
    from stabgraph.vocabulary import bundled

    if data is None and bundled("data").is_relative_to(Path(__file__).parents[1]):
        raise typer.BadParameter(
            "the data that came with an installed package are not for editing; "
            "name the directory of your own dataset with --data"
        )
    return data if data is not None else bundled("data")


def gaps(
    dialogue: Annotated[
        str | None, typer.Option("--dialogue", metavar="DIALOGUE", help="The gaps of one dialogue.")
    ] = None,
    party: Annotated[
        str | None, typer.Option("--party", metavar="PARTY", help="The gaps in the meetings of a party.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day to judge by instead of today.")
    ] = None,
    form: Form = None,
    output: Output = None,
    limit: Limit = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """List what is missing, what is most worth finding first; in CSV it is a form to fill.

    Rounds that have a number and no meeting, announced rounds past their time, meetings without date, heads, topics
    or a second publisher. Write the address of a report and what it says into a row of the form, and hand the file to
    `stabgraph add`.

    Example: stabgraph gaps --dialogue pak-rus-cgss --format csv -o form.csv
    """
    from stabgraph.finding import find
    from stabgraph.forms import form as form_of_gaps
    from stabgraph.vocabulary import local_id

    chosen = form_of(Format, form, output)
    graph = graph_of(data, store)
    missing = graph.ask("gaps", dialogue=dialogue, party=party, on=on)
    if chosen is Format.csv:
        asked = local_id(find(graph.engine, dialogue, "dialogue")) if dialogue else None
        print_text(form_of_gaps(missing.head(limit), asked), output)
    else:
        print_text(table_text(missing, chosen, limit), output)


def add(
    files: Annotated[list[Path], typer.Argument(help="Record files in YAML, and filled forms in CSV.")],
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
        result = add_to_store(standing(store), files)
    else:
        raise typer.BadParameter("records are added to a dataset or to a store: name one of --data, --store")
    for error in result.refused:
        typer.echo(f"refused: {one_line(error)}", err=True)
    for field, phrase in result.unlinked[:10]:
        typer.echo(f"note: what the {field} {phrase!r} means is not known yet", err=True)
    if len(result.unlinked) > 10:  # noqa: PLR2004  as many as fit on a screen beside the rest
        more = len(result.unlinked) - 10
        typer.echo(
            f"note: {more:,} more phrases mean nothing known yet; see `stabgraph stats --unmapped`",
            err=True,
        )
    typer.echo(
        f"{len(result.added):,} reports added, {result.unchanged:,} there already, "
        f"{len(result.refused):,} entries refused"
        + (f", {len(result.changed):,} files written" if store is None else "")
    )
    if result.refused:
        raise typer.Exit(1)


def format_(data: Data = None) -> None:
    """Rewrite the files of a dataset in canonical form; in a checkout, the tables of mappings too.

    Example: stabgraph fmt --data data
    """
    from stabgraph.dataset import format_files

    changed = format_files(_editable(data))
    if data is None:
        from stabgraph.terminology import format_tables

        changed += format_tables()
    for path in changed:
        typer.echo(str(path))
    typer.echo(f"{len(changed):,} files rewritten")


def validate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Record files, filled forms, tables of mappings or files of RDF."),
    ] = None,
    warnings: Annotated[bool, typer.Option("--warnings", help="List the warnings too.")] = False,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="Look for two ids of one thing instead.")
    ] = False,
    form: Form = None,
    data: Data = None,
) -> None:
    """Check a dataset, or files before they enter it, and say what is wrong, where, and what to do.

    Example: stabgraph validate my-report.yaml
    """
    from stabgraph import validation
    from stabgraph.validation import summary
    from stabgraph.vocabulary import bundled

    source = data if data is not None else bundled("data")
    if duplicates and files:
        raise typer.BadParameter("--duplicates looks at a whole dataset: name it by --data, and no files")
    findings = validation.duplicates(source) if duplicates else validation.validate(source, files or [])
    errors = findings.where("severity", "error")
    shown = findings if warnings or duplicates else errors
    form = form or Format.table
    if len(shown) or form is not Format.table:
        typer.echo(shown.to(form.value), nl=False)
    typer.echo(summary(findings), err=form is not Format.table)
    if len(errors):
        raise typer.Exit(1)
