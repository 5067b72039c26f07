"""Where the nodes of a network stand: spread out, the strongest links first, the same each time.

The links that a page shows at first decide where their nodes stand, so that the first view is well
spread. All other nodes find a free place beside the neighbours they hold to most.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from stabgraph.export.room import apart, kept, spread

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["has_places", "positions", "sizes"]

SEED = 20030101
SHOWN = 400
CORE = 1200  # nodes placed by forces between all pairs: beyond that it would take minutes
SMALLEST, LARGEST = 4.5, 16.0
LINE, CHARACTER, LINE_LENGTH = 13.5, 6.2, 22  # of a label, in pixels, as the page writes it


def positions(graph: nx.Graph[Any]) -> dict[Any, tuple[float, float]]:
    """Return a place for every node, in pixels of the page at zoom 1; `y` grows downwards.

    Nodes that all have `x` and `y` keep their places relative to each other. Takes some seconds for
    1,000 nodes.

    Parameters
    ----------
    graph
        Nodes may have `x`, `y` (upwards), `weight` and `label`, edges `weight`; the graph may have
        `shown`, the number of its strongest links that decide the layout.

    Examples
    --------
    >>> import networkx as nx
    >>> sorted(positions(nx.path_graph(3)))
    [0, 1, 2]
    """
    import numpy as np

    nodes = list(graph)
    if not nodes:
        return {}
    if has_places(graph):
        given = [(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in nodes]
        place = kept(np.array(given, dtype=float) * (1, -1))
    else:
        place = _computed(graph)
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, place, strict=True)}


def has_places(graph: nx.Graph[Any]) -> bool:
    """Return whether every node brings its own place.

    Parameters
    ----------
    graph
        Nodes may have `x` and `y`.

    Examples
    --------
    >>> import networkx as nx
    >>> has_places(nx.path_graph(3))
    False
    """
    return all(
        math.isfinite(_finite(facts.get(axis), math.nan))
        for _, facts in graph.nodes(data=True)
        for axis in ("x", "y")
    )


def sizes(graph: nx.Graph[Any]) -> dict[Any, float]:
    """Return the radius of every node, in pixels at zoom 1; the area grows with the weight.

    Where there are many nodes, all are smaller.

    Parameters
    ----------
    graph
        Nodes may have `weight`; otherwise the number of their links counts.

    Examples
    --------
    >>> import networkx as nx
    >>> sizes(nx.star_graph(3))[0]
    16.0
    """
    weights = {
        node: max(0.0, _finite(facts.get("weight", graph.degree(node))))
        for node, facts in graph.nodes(data=True)
    }
    top = max(weights.values(), default=0.0)
    crowd = min(1.0, max(0.8, (80 / max(1, len(weights))) ** 0.35))
    if top == min(weights.values(), default=0.0):
        return dict.fromkeys(weights, crowd * (SMALLEST + LARGEST) / 2.5)
    return {
        node: crowd * (SMALLEST + (LARGEST - SMALLEST) * math.sqrt(weight / top))
        for node, weight in weights.items()
    }


def _finite(value: Any, default: float = 1.0) -> float:
    try:
        out = float(value)
    except (TypeError, ValueError, OverflowError):
        return default
    return out if math.isfinite(out) else default


def _boxes(graph: nx.Graph[Any]) -> tuple[Floats, Floats]:
    """Return widths and heights of the nodes, bare and with their labels."""
    import numpy as np

    discs, boxes = [], []
    size = sizes(graph)
    top = max(size.values(), default=1.0)
    for node, label in graph.nodes(data="label"):
        length = len(str(node if label is None else label))
        lines = min(3, math.ceil(length / LINE_LENGTH))
        font = 0.85 + 0.5 * size[node] / top
        width, high = min(length, LINE_LENGTH) * CHARACTER * font + 8, lines * LINE * font + 6
        discs.append((2 * size[node] + 4, 2 * size[node] + 4))
        boxes.append((max(2 * size[node], width), 2 * size[node] + high))
    return np.array(discs, dtype=float), np.array(boxes, dtype=float)


def _computed(graph: nx.Graph[Any]) -> Floats:
    import numpy as np

    discs, boxes = _boxes(graph)
    number = {node: place for place, node in enumerate(graph)}
    strength: dict[tuple[int, int], float] = defaultdict(float)
    for a, b, weight in graph.edges(data="weight", default=1):
        if a != b:
            ends = sorted((number[a], number[b]))
            strength[ends[0], ends[1]] += max(0.0, _finite(weight))
    links = sorted(strength.items(), key=lambda item: (-item[1], item[0]))
    shown = graph.graph.get("shown")
    strongest = links[: max(1, SHOWN if shown is None else int(shown))]
    core = _first((end for ends, _ in strongest for end in ends), CORE)
    place = np.zeros((len(number), 2))
    if core:
        inner = {node: index for index, node in enumerate(core)}
        pulled = _by_forces(
            len(core),
            [(inner[a], inner[b], w) for (a, b), w in strongest if a in inner and b in inner],
        )
        place[core] = spread(pulled, discs[core], boxes[core])
    return _others(place, core, links, discs if core else boxes)


def _first(nodes: Iterable[int], limit: int) -> list[int]:
    return list(dict.fromkeys(nodes))[:limit]


def _by_forces(count: int, links: list[tuple[int, int, float]]) -> Floats:
    """Return places in which linked nodes attract and all nodes repel each other.

    Repulsion grows with the number of links, as in ForceAtlas2, so that hubs stand apart and their
    own leaves gather around them.
    """
    import numpy as np

    random = np.random.default_rng(SEED)
    place = random.normal(size=(count, 2)) * math.sqrt(count)
    if not links:
        return place
    a, b = (np.array([link[end] for link in links]) for end in (0, 1))
    weight = np.sqrt(np.array([link[2] for link in links]))
    weight = 0.4 + weight / max(weight.max(), 1e-9)
    mass = 1.0 + np.bincount(np.concatenate([a, b]), minlength=count)
    both = mass[:, None] * mass[None, :]
    rounds = 400
    for step in range(rounds):
        gap = place[:, None, :] - place[None, :, :]
        squared = np.einsum("ijk,ijk->ij", gap, gap) + 0.01
        force = np.einsum("ij,ijk->ik", both / squared, gap)
        pull = (place[b] - place[a]) * weight[:, None]
        np.add.at(force, a, pull)
        np.add.at(force, b, -pull)
        force -= place * mass[:, None] * 0.1
        length = np.linalg.norm(force, axis=1, keepdims=True)
        heat = 0.1 * math.sqrt(count) * (1 - step / rounds) ** 1.5 + 0.01
        place = place + force / np.maximum(length, 1e-9) * np.minimum(length / mass[:, None], heat)
    return place


def _others(
    place: Floats,
    core: list[int],
    links: list[tuple[tuple[int, int], float]],
    boxes: Floats,
) -> Floats:
    """Return all places: the core's as they are, the others' near the neighbours they hold to."""
    import numpy as np

    known = set(core)
    others = [node for node in range(len(place)) if node not in known]
    if not others:
        return place
    neighbours: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (a, b), weight in links:
        neighbours[a].append((b, weight))
        neighbours[b].append((a, weight))
    random = np.random.default_rng(SEED)
    scatter = max(30.0, 6 * math.sqrt(len(others)))
    radius = float(np.abs(place[core]).max()) if core else 0.0
    # Later neighbours lean on earlier ones, so nodes that hold to the core come first.
    others.sort(key=lambda node: (not any(n in known for n, _ in neighbours[node]), node))
    for turn, node in enumerate(others):
        near = [(n, weight) for n, weight in neighbours[node] if n in known][:5]
        angle = turn * 2.399963  # the golden angle fills a disc evenly
        if near:
            middle = np.average(place[[n for n, _ in near]], axis=0, weights=[w + 1e-9 for _, w in near])
            place[node] = middle * 1.08 + random.normal(scale=scatter, size=2)
        else:
            ring = radius + 20 * math.sqrt(turn + 1)
            place[node] = ring * math.cos(angle), ring * math.sin(angle)
        known.add(node)
    order = [*core, *others]
    out = np.empty_like(place)
    out[order] = apart(place[order], boxes[order], fixed=len(core), rounds=60)
    return out
