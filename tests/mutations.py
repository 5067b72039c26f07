"""Hypothesis strategies for input that was good before something happened to its bytes, lines, words or parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from hypothesis import strategies as st

from stabgraph.errors import StabgraphError
from stabgraph.plain_yaml import read_yaml, write_yaml
from stabgraph.vocabulary import ID, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Draw = Callable[[st.SearchStrategy[Any]], Any]

#: What text is seldom tested with: other encodings, ends of lines, numbers and nests without end, half of a syntax.
NASTY = [
    "",
    " ",
    "\0",
    "\x1b[31m",
    "\ufeff",
    "\r\n",
    "\r",
    "\n",
    "\x85",
    "\u2028",
    "\u202e",
    "e\u0301",
    "👩\u200d🚀",
    "İ",
    "ß",
    "²",
    "\ud800",
    "\\uD800",
    "\\U0010FFFF",
    "\\U00110000",
    "\\u0000",
    "'",
    '"',
    '"""',
    "\\",
    "`",
    "<",
    ">",
    "<>",
    "<a b>",
    "<%zz>",
    "#",
    "# ",
    ":",
    ": ",
    "- ",
    "-",
    "--",
    "?",
    "? ",
    "|",
    ">-",
    "&a",
    "*a",
    "&a [*a, *a]",
    "<<: *a",
    "!!python/name:os.system",
    "!!binary |",
    "%YAML 9.9",
    "---",
    "...",
    "@x",
    "@en",
    "@en--ltr",
    "@prefix",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<<( ",
    ")>>",
    "{|",
    "null",
    "~",
    "yes",
    "0",
    "-0",
    "1e999",
    "1e-999",
    "NaN",
    "INF",
    "0x1F",
    "1_000",
    "9" * 40,
    "9" * 5000,
    "a" * 3000,
    "[" * 60,
    "{" * 60,
    "(" * 60,
    "../../escaped",
    "a/b",
    "..",
    ".",
    "CON",
    "%2e%2e%2f",
    "$(true)",
    "{0}",
    "%s",
    "0000",
    "-0001",
    "9999-12-31~",
    "Y-17E7",
    "2004-XX-05",
    "[..2004]",
    "2004/..",
    "../..",
    "2004-06~/2005",
    "SELECT",
    "OPTIONAL {",
    "FILTER(",
    "SERVICE <http://localhost:1/>",
    "LOAD <file:///etc/hostname>",
    "BIND(",
    "UNION",
    "GRAPH ?g {",
    "CONSTRUCT {",
    "DESCRIBE ",
    "COUNT(*)",
    "1/0",
    "xsd:integer('x')",
    "LIMIT -1",
    "LIMIT 99999999999999999999",
    "REGEX('a', '(')",
    "REPLACE('a', '', 'b')",
    "STRDT('x', xsd:dateTime)",
    "^^xsd:integer",
    "^^xsd:date",
    "^^edtf:EDTF",
]
_WORD = re.compile(r"\w+|\s+|[^\w\s]")

nasty = st.sampled_from(NASTY)
texts = st.one_of(nasty, st.text(max_size=30), st.text(st.characters(), max_size=5))


def mutated(
    seeds: Sequence[str], parts: Callable[[Draw, str], str] | None = None
) -> st.SearchStrategy[bytes]:
    """Texts of a kind to which one to four things happened; `parts` knows how texts of the kind are made up."""

    @st.composite
    def make(draw: Draw) -> bytes:
        text = draw(st.sampled_from(seeds))
        for how in draw(
            st.lists(st.sampled_from([_lines, _words, *([parts] * 2 if parts else ())]), max_size=3)
        ):
            text = how(draw, text)
        content = text.encode("utf-8", "surrogatepass")
        return _bytes(draw, content) if draw(st.integers(0, 2)) == 0 else content

    return make()


def _place(draw: Draw, size: int) -> int:
    return draw(st.integers(0, max(size - 1, 0)))


def _bytes(draw: Draw, content: bytes) -> bytes:
    start = _place(draw, len(content))
    end = start + draw(st.sampled_from([0, 0, 1, 1, 2, 40, len(content)]))
    other = draw(
        st.one_of(st.binary(max_size=4), nasty.map(lambda text: text.encode("utf-8", "surrogatepass")))
    )
    return content[:start] + other + content[end:]


def _lines(draw: Draw, text: str) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    line = lines.pop(_place(draw, len(lines)))
    for _ in range(draw(st.integers(0, 2))):
        lines.insert(_place(draw, len(lines)), line)
    return "".join(lines)


def _words(draw: Draw, text: str) -> str:
    words = _WORD.findall(text)
    if words:
        words[_place(draw, len(words))] = draw(st.one_of(texts, st.sampled_from(words)))
    return "".join(words)


def yaml_parts(draw: Draw, text: str) -> str:
    """Put something else in the place of a value somewhere in a YAML text, or of the name of a field, or nothing."""
    try:
        value = read_yaml(text)
    except StabgraphError:
        return text
    if not isinstance(value, (dict, list)):
        return text
    holders: list[Any] = [value]
    for holder in holders:
        below = holder.values() if isinstance(holder, dict) else holder
        holders += [part for part in below if part and isinstance(part, (dict, list))]
        if len(holders) > 300:
            break
    holder = draw(st.sampled_from(holders))
    if not isinstance(holder, (dict, list)) or not holder:
        return text
    key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
    old = holder.pop(key)
    new = draw(st.one_of(texts, st.none(), st.just([old]), st.just({"id": old}), st.just([old, old])))
    if isinstance(holder, list):
        holder.insert(_place(draw, len(holder)), new)
    else:
        holder[draw(st.one_of(st.just(key), texts))] = new
    try:
        return write_yaml(value)
    except UnicodeEncodeError:
        return text


def _iris(text: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


_THINGS = [f"{ID}{kind}/{name}" for kind in ("dialogue", "report", "meeting", "state", "place", "")
           for name in ("", "a", "a/b", "../../escaped", "a" * 300, "%2F", "é", "a?b", "A", ".")]  # fmt: skip
_literals = st.builds(
    lambda text, name: ox.Literal(text.encode("utf-8", "replace").decode(), datatype=ox.NamedNode(name)),
    texts,
    st.sampled_from([PREFIXES["xsd"] + name for name in ("string", "integer", "date", "dateTime", "boolean")]
                    + [PREFIXES["edtf"] + "EDTF", PREFIXES["rdf"] + "HTML", "urn:x"]),
)  # fmt: skip
_nodes = st.sampled_from([ox.NamedNode(text) for text in _THINGS if _iris(text)] + [ox.BlankNode("b")])
_triples = st.builds(ox.Triple, _nodes, st.just(ox.NamedNode("urn:p")), _literals)
_tagged = st.sampled_from(
    [ox.Literal("x", language="zxx-x-y"), ox.Literal("x", language="en", direction=ox.BaseDirection.LTR)]
)


def rdf_parts(draw: Draw, text: str) -> str:
    """Put other terms in the place of some in a TriG text, and leave statements out."""
    try:
        quads = list(ox.parse(text, format=ox.RdfFormat.TRIG))
    except (SyntaxError, ValueError):
        return text
    if not quads:
        return text
    subject, name, value, graph = quads.pop(_place(draw, len(quads)))
    standing = [q.object for q in quads[:50]] + [value]
    match draw(st.sampled_from("svvvgn-a")):
        case "s":  # all that was said of a thing is said of another
            other = draw(_nodes)
            quads = [ox.Quad(other if q.subject == subject else q.subject, *tuple(q)[1:]) for q in quads]
            quads = [
                ox.Quad(*tuple(q)[:2], other if q.object == subject else q.object, q.graph_name)
                for q in quads
            ]
            subject = other
        case "v":
            value = draw(st.one_of(_literals, _nodes, _triples, _tagged, st.sampled_from(standing)))
        case "g":
            graph = draw(st.one_of(_nodes, st.just(ox.DefaultGraph())))
        case "n":
            name = draw(st.sampled_from([q.predicate for q in quads] or [name]))
        case "a":
            quads.append(ox.Quad(subject, name, value, graph))
            value = draw(st.one_of(_literals, _nodes))
        case _:
            name = ox.NamedNode("urn:p")
    quads.append(ox.Quad(subject, name, value, graph))
    return (ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=PREFIXES) or b"").decode()
