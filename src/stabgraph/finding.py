"""From a name to a thing: an IRI, an id or a label, as people type it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from stabgraph.errors import UnknownNameError, suggest
from stabgraph.linking import LABEL_PROPERTIES, fold, words_of
from stabgraph.vocabulary import ID, ID_KINDS, RDFS, SG, iri, kind_of, local_id, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stabgraph.engines import Embedded
    from stabgraph.vocabulary import Term

__all__ = ["find", "label", "unknown"]

_NAMES = LABEL_PROPERTIES | {SG.title}


def find(engine: Embedded, name: str, *kinds: str) -> ox.NamedNode:
    """Return the thing that an IRI, an id or a label names.

    Parameters
    ----------
    engine
        The store to look in.
    name
        A full IRI, a prefixed one (``state:RUS``), an id (``RUS``), any label (``Russia``), or for an official a
        name as a report writes it, in whatever script (``Сергей Рябков``).
    kinds
        The kinds of thing to look among, the preferred first; all kinds if none is given.

    Raises
    ------
    UnknownNameError
        If nothing bears the name, or several things do; the message suggests or lists them.
    """
    wanted = kinds or ID_KINDS
    for node in _candidates(name, wanted):
        if _exists(engine, node):
            return node
    # Most names are spelt as the dataset spells them; only for the others is every label folded and compared.
    labelled = (
        _spelt(engine, name, wanted) or _labelled(engine, name, wanted) or _as_written(engine, name, wanted)
    )
    found = sorted(labelled, key=lambda node: wanted.index(kind_of(node)))
    first = [node for node in found if kind_of(node) == kind_of(found[0])]
    if len(first) == 1:
        return first[0]
    what = " or ".join(kinds) if kinds else "thing"
    if first:
        ids = ", ".join(sorted(local_id(node) for node in first))
        raise UnknownNameError(f"{name!r} can mean several: {ids}; give one of these ids", name=name)
    raise _unknown_thing(engine, what, name, wanted)


def label(engine: Embedded, thing: ox.NamedNode) -> str | None:
    """Return the name of a thing, the English one first, or None if it has none."""
    names = [quad.object for quad in engine.match(thing, RDFS.label)]
    literals = [name for name in names if isinstance(name, ox.Literal)]
    best = min(
        literals,
        key=lambda name: (not (name.language or "").startswith("en"), name.value),
        default=None,
    )
    return None if best is None else best.value


def _candidates(name: str, kinds: Iterable[str]) -> Iterable[ox.NamedNode]:
    try:
        if name.startswith(ID):
            yield ox.NamedNode(name)
            return
        prefix, _, local = name.partition(":")
        if local and prefix in kinds:
            yield iri(prefix, local)
        for kind in kinds:
            yield iri(kind, name)
            if kind in {"state", "institution"}:
                yield iri(kind, name.upper())
            else:
                yield iri(kind, name.lower())
    except ValueError:
        return  # a name that cannot be part of an IRI can still be a label


def _exists(engine: Embedded, node: ox.NamedNode) -> bool:
    quads = engine.match(node)
    # A small dataset points to states without describing them.
    mentions = engine.match(value=node)
    return next(quads, None) is not None or next(mentions, None) is not None


def _spelt(engine: Embedded, name: str, kinds: Iterable[str]) -> set[ox.NamedNode]:
    """Return the things that bear the name as an English label, letter by letter."""
    try:
        label = ox.Literal(name, language="en")
    except ValueError:  # half of a character, such as a word of the command line in another encoding leaves
        return set()
    quads = engine.match(value=label)
    return {
        quad.subject
        for quad in quads
        if quad.predicate in _NAMES
        and isinstance(quad.subject, ox.NamedNode)
        and kind_of(quad.subject) in kinds
    }


def _labels(engine: Embedded, kinds: Iterable[str]) -> Iterable[tuple[str, ox.NamedNode]]:
    wanted = set(kinds)
    for name in sorted(_NAMES, key=str):
        for quad in engine.match(name=name):
            if isinstance(quad.subject, ox.NamedNode) and kind_of(quad.subject) in wanted:
                yield words(quad.object), quad.subject


def _labelled(engine: Embedded, name: str, kinds: Iterable[str]) -> set[ox.NamedNode]:
    key = fold(name)
    return {node for label, node in _labels(engine, kinds) if fold(label) == key}


def _as_written(engine: Embedded, name: str, kinds: Iterable[str]) -> set[ox.NamedNode]:
    """Return the officials whom reports call so, or else those with all these words in their names as written.

    A bare title, such as "The President", names nobody.
    """
    if "official" not in kinds:
        return set()
    wanted = set(words_of(name))
    if wanted <= {word for quad in engine.claimed(SG.post) for word in words_of(words(quad.object))}:
        return set()
    exact: set[Term] = set()
    partly: set[Term] = set()
    for participation, _, written, _ in engine.claimed(SG.nameAsWritten):
        if wanted.issubset(words_of(words(written))):
            (exact if fold(words(written)) == fold(name) else partly).add(participation)
    return {
        quad.object
        for participation in exact or partly
        if isinstance(participation, ox.NamedNode)
        for quad in engine.match(participation, SG.official)
        if isinstance(quad.object, ox.NamedNode)
    }


def _unknown_thing(engine: Embedded, what: str, name: str, kinds: Iterable[str]) -> UnknownNameError:
    """Return the error for a thing that is not there; each thing that is near is suggested once."""
    things: dict[str, ox.NamedNode] = {}
    for label, node in _labels(engine, kinds):
        things.setdefault(label, node)
        things.setdefault(local_id(node), node)
    near = unknown(what, name, sorted(things)).suggestions
    once = {things[label]: label for label in reversed(near)}
    return unknown(what, name, once.values())


def unknown(what: str, name: str, known: Iterable[str], otherwise: str = "") -> UnknownNameError:
    """Return the error for a name that nobody knows, with the nearest of the known ones."""
    by_fold = {label.casefold(): label for label in known}
    near = tuple(by_fold[match] for match in suggest(name.casefold(), by_fold))
    hint = f"did you mean {' or '.join(near)}?" if near else otherwise or "check the spelling"
    return UnknownNameError(f"there is no {what} {name!r}; {hint}", name=name, suggestions=near)
