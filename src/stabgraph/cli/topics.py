"""The vocabulary of topics: what phrases mean, and the thesaurus."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from stabgraph.cli.options import (
    AsOf,
    Data,
    Form,
    Format,
    Output,
    Store,
    Trusted,
    form_of,
    graph_of,
    print_text,
    table_text,
    text_of,
)

if TYPE_CHECKING:
    from stabgraph.results import Table


def match(
    phrases: Annotated[
        list[str], typer.Argument(help="Phrases, or - to read one a line from standard input.")
    ],
    form: Form = None,
    output: Output = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """Say what phrases mean, and by which label or row of the table of mappings.

    Letter case, hyphens, and British or American spelling do not matter. For a phrase that means nothing known the
    nearest things are named (skos:closeMatch), and the exit status is 1.

    Example: stabgraph topics match "nuclear disarmament and non-proliferation"
    """
    from stabgraph.topics import Meaning

    form = form_of(Format, form, output)
    wanted = [line for phrase in phrases for line in (_lines() if phrase == "-" else [phrase])]
    topics = graph_of(data, store).topics
    meanings = [topics.match(phrase) for phrase in wanted]
    if form is Format.json:
        import json

        found = [meaning.to_dict() for meaning in meanings]
        print_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", output)
    else:
        print_text(table_text(Meaning.table(meanings), form, None), output)
    if not all(meaning.matches for meaning in meanings):
        raise typer.Exit(1)


def _lines() -> list[str]:
    return [line.strip() for line in text_of("-").splitlines() if line.strip()]


def tree(
    form: Form = None,
    output: Output = None,
    trust: Trusted = None,
    as_of: AsOf = None,
    data: Data = None,
    store: Store = None,
) -> None:
    """Print the thesaurus as a tree, with the number of meetings held that took up each concept or anything below it.

    Example: stabgraph topics tree
    """
    form = form_of(Format, form, output)
    found = graph_of(data, store, trust, as_of).topics.tree()
    if form is not Format.table:
        print_text(found.to(form.value), output)
    elif output is None and sys.stdout.isatty():
        _draw(found)
    else:
        from stabgraph.topics import outline

        print_text("".join(f"{'  ' * depth}{text}\n" for depth, text in outline(found)), output)


def _draw(found: Table) -> None:
    """Draw a tree on the terminal."""
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    from stabgraph.topics import outline

    branches = [Tree(Text(found.title))]
    for depth, text in outline(found):
        del branches[depth + 1 :]
        branches.append(branches[-1].add(Text(text)))
    Console(highlight=False).print(branches[0])
