"""A network as one HTML page that works offline.

The way is one line: graph → tables (`payload`) → a pyvis network → our template → one file. pyvis
brings vis-network, which draws; its own page template is not used, because it loads Bootstrap from
a CDN and pastes headings unescaped, nor its `from_nx`, which is quadratic in the number of nodes.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stabgraph.errors import ExportError
from stabgraph.export.payload import Tables, tables, text
from stabgraph.files import replace_files

if TYPE_CHECKING:
    import os

    import networkx as nx

__all__ = ["export_html"]

TEMPLATES = Path(__file__).with_name("templates")
SCRIPTS = ("data", "state", "drawing", "picture", "controls", "details", "network")

# Colours are those of Okabe and Ito, which colour-blind readers can tell apart; a shape says the
# same again.
LOOKS = {
    "state": ("States", "#0072B2", "dot"),
    "party": ("Parties", "#0072B2", "dot"),
    "institution": ("Institutions", "#56B4E9", "square"),
    "official": ("Officials", "#E69F00", "triangle"),
    "topic": ("Topics", "#009E73", "diamond"),
    "place": ("Places", "#CC79A7", "triangleDown"),
    "meeting": ("Meetings", "#7A7A7A", "dot"),
    "dialogue": ("Dialogues", "#D55E00", "hexagon"),
    "instrument": ("Instruments", "#C9A800", "star"),
    "report": ("Reports", "#A8A8A8", "square"),
}
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#C9A800", "#7A7A7A")
SHAPES = ("dot", "square", "diamond", "triangle", "hexagon", "triangleDown", "star")


def export_html(graph: nx.Graph[Any], path: str | os.PathLike[str], *, title: str | None = None) -> Path:
    """Write a network as one interactive HTML file and return its path.

    The file needs no server and no network; the same graph gives the same bytes. Any NetworkX graph
    will do: every attribute below is optional. Labels are shown as text, whatever they hold.

    Parameters
    ----------
    graph
        Nodes may have `label`, `type` (colour and shape), `weight` (size), `x` and `y` (used if
        every node has both; `y` grows upwards), `url` (its IRI), `details` (pairs of name and
        value) and `meetings` (keys into the graph's). Edges may have `weight`, `label`, `type` and
        `meetings`; parallel edges are shown as one link, their weights added up. The graph may have
        `title`, `description`, `attribution`, `shown` (how many of the strongest links to show at
        first; 400 if not said) and `meetings`, a mapping of keys to ``{"label", "date", "place",
        "reports": [{"publisher", "url", "published", "title"}]}``.
    path
        Where to write. A file that is there is replaced at once, when the new one is complete.
    title
        Heading of the page, instead of the graph's own.

    Raises
    ------
    ExportError
        If the file cannot be written; nothing is left behind then.

    Examples
    --------
    >>> import tempfile
    >>> import networkx as nx
    >>> talks = nx.Graph([("Pakistan", "Russia"), ("Russia", "United States")])
    >>> export_html(talks, Path(tempfile.mkdtemp(), "talks.html"), title="Who talks").name
    'talks.html'
    """
    target = Path(path)
    page = render(graph, title=title).encode()
    try:
        replace_files({target: page})
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"cannot write the page to {target} ({reason}): choose a file in a folder you can write to"
        ) from error
    return target


def render(graph: nx.Graph[Any], *, title: str | None = None) -> str:
    """Return a network as the text of an HTML page.

    Parameters
    ----------
    graph
        As for `export_html`.
    title
        Heading of the page, instead of the graph's own.

    Examples
    --------
    >>> import networkx as nx
    >>> render(nx.path_graph(3), title="Three").count("<title>Three</title>")
    1
    """
    parts = tables(graph, order=tuple(LOOKS))
    network = _network(parts, directed=graph.is_directed())
    return _fill(graph, network.options, _carried(parts, network), title=title)


def _carried(parts: Tables, network: Any) -> dict[str, Any]:
    # pyvis keeps what vis-network reads; as columns, the same is a third as long.
    return {
        "types": [_title_of(name, plural=True) for name in parts.types],
        "kinds": [_title_of(name) for name in parts.types],
        "nodes": _columns(network.nodes, ("label", "group", "x", "y", "size")) | parts.node_extras,
        "edges": _columns(network.edges, ("from", "to", "value")) | parts.edge_extras,
        "meetings": parts.meetings,
        "reports": parts.reports,
        "publishers": parts.publishers,
        "linkTypes": parts.link_types,
        "shown": parts.shown,
        "hasPlaces": parts.has_places,
    }


def _fill(
    graph: nx.Graph[Any], options: dict[str, Any], carried: dict[str, Any], *, title: str | None
) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    scripts = (_vis_network(), _own_script())
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("network.html.j2").render(
        title=text(title or graph.graph.get("title") or "Network"),
        description=text(graph.graph.get("description", "")),
        attribution=text(graph.graph.get("attribution", "")),
        style=(TEMPLATES / "network.css").read_text("utf-8"),
        scripts=scripts,
        hashes=[_hash(script) for script in scripts],
        options=_json(options),
        data=_json(carried),
    )


def _network(parts: Tables, *, directed: bool) -> Any:
    from pyvis.network import Network

    network = Network(directed=directed)
    network.nodes.extend(parts.nodes)
    network.node_ids.extend(node["id"] for node in parts.nodes)
    network.edges.extend(parts.edges)
    network.set_options(json.dumps(_options(parts.types, directed=directed)))
    return network


def _options(types: list[str], *, directed: bool) -> dict[str, Any]:
    groups = {}
    for number, name in enumerate(types):
        _, colour, shape = LOOKS.get(name) or (
            "",
            PALETTE[number % len(PALETTE)],
            SHAPES[number % len(SHAPES)],
        )
        groups[str(number)] = {"color": colour, "shape": shape}
    return {
        "autoResize": True,
        "groups": groups,
        "physics": {"enabled": False},
        "layout": {"randomSeed": 0, "improvedLayout": False},
        "interaction": {
            "hover": True,
            "hoverConnectedEdges": False,
            "selectConnectedEdges": False,
            "multiselect": False,
            "dragNodes": True,
            "zoomSpeed": 0.6,
        },
        "nodes": {"borderWidth": 1, "chosen": False},
        "edges": {
            "smooth": False,
            "chosen": False,
            "hoverWidth": 0,
            "selectionWidth": 0,
            "arrows": {"to": {"enabled": directed, "scaleFactor": 0.45}},
        },
    }


def _title_of(name: str, *, plural: bool = False) -> str:
    if plural and name in LOOKS:
        return LOOKS[name][0]
    return name[:1].upper() + name[1:] if name else "Nodes" if plural else "Node"


def _columns(rows: list[dict[str, Any]], names: tuple[str, ...]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in names}


def _vis_network() -> str:
    import pyvis

    library = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2"
    source = (library / "vis-network.min.js").read_text("utf-8")
    # The pointer to a source map would be a request as soon as someone opens the developer tools.
    # The library's style sheet stays out: 220 kB of toolbar buttons that the page does not show.
    return _inline(source.split("//# sourceMappingURL=", maxsplit=1)[0])


def _own_script() -> str:
    source = "\n".join((TEMPLATES / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    return _inline(f'(() => {{\n"use strict";\n{source}}})();\n')


def _inline(source: str) -> str:
    return source.replace("\r\n", "\n").replace("</script", "<\\/script")


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _json(value: object) -> str:
    """Return JSON that can stand inside a script element, whatever the texts hold."""
    out = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        out = out.replace(character, f"\\u{ord(character):04x}")
    return out
