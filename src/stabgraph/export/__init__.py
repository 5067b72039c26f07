"""Pages that work offline: one HTML file, no request to anywhere."""

from stabgraph.export.html import export_html

__all__ = ["export_html"]
