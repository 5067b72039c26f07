"""What can be opened offline: pages and pictures, one file each, no request to anywhere."""

from stabgraph.export.coverage import export_coverage
from stabgraph.export.html import export_html

__all__ = ["export_coverage", "export_html"]
