"""The command line: each command reads its words, calls one function, prints the answer."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from stabgraph.cli import answers, datasets, exports, stores, topics
from stabgraph.errors import StabgraphError, one_line

__all__ = ["app", "main"]

app = typer.Typer(
    name="stabgraph",
    help="Who met whom, where, when, about what, and who says so: the graph of strategic-stability dialogues.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
# The parameters of a named query are options too, which only the query knows.
app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False
)(answers.ask)
app.command()(answers.query)
app.command()(answers.show)
app.command()(answers.stats)
app.command()(answers.compare)
app.command()(datasets.add)
app.command()(datasets.validate)
app.command("fmt")(datasets.format_)
app.command()(stores.update)

_exports = typer.Typer(
    help="Write the graph, or a part of it, to a file.", no_args_is_help=True, rich_markup_mode=None
)
_exports.command()(exports.network)
_exports.command()(exports.dyads)
app.add_typer(_exports, name="export")

_stores = typer.Typer(
    help="Make a store on disk, copy it, put it in order.", no_args_is_help=True, rich_markup_mode=None
)
_stores.command()(stores.create)
_stores.command()(stores.backup)
_stores.command()(stores.compact)
_stores.command()(stores.check)
app.add_typer(_stores, name="store")

_topics = typer.Typer(
    help="Say what phrases mean; show the thesaurus.", no_args_is_help=True, rich_markup_mode=None
)
_topics.command()(topics.match)
_topics.command()(topics.tree)
app.add_typer(_topics, name="topics")


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
