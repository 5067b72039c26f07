"""Where the quads live."""

from stabgraph.engines.embedded import Embedded

__all__ = ["Embedded"]
