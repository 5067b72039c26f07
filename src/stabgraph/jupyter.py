"""Networks in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from stabgraph.export.html import render

if TYPE_CHECKING:
    import networkx as nx
    from IPython.display import HTML

__all__ = ["show"]


def show(graph: nx.Graph[object], *, height: int = 640) -> HTML:
    """Return a network as the interactive page, in a frame of its own.

    The frame holds the whole page, so that it needs no file and no network, and neither the page nor the
    notebook can touch the other's style.

    Parameters
    ----------
    graph
        Any NetworkX graph; see :func:`stabgraph.export_html`.
    height
        Height of the frame in pixels.

    Examples
    --------
    >>> import networkx as nx
    >>> show(nx.path_graph(3), height=300).data[:53]
    '<div><iframe sandbox="allow-scripts allow-popups" sty'
    """
    from IPython.display import HTML

    page = escape(render(graph), quote=True)
    style = f"width:100%;height:{height}px;border:1px solid #ccc"
    frame = f'<iframe sandbox="allow-scripts allow-popups" style="{style}" srcdoc="{page}"></iframe>'
    return HTML(f"<div>{frame}</div>")  # type: ignore[no-untyped-call]
