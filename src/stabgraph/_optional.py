"""The one place that explains a missing extra."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from stabgraph.errors import MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType


def require(module: str, *, extra: str, purpose: str) -> ModuleType:
    """Import an optional package, or say what needs it and how to get it.

    Parameters
    ----------
    module
        Name of the module to import.
    extra
        The extra of stabgraph that brings it.
    purpose
        What the caller needs it for, as the subject of a sentence.

    Raises
    ------
    MissingExtraError
        If the package is not installed.

    Examples
    --------
    >>> require("json", extra="none", purpose="this example").__name__
    'json'
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(f"{purpose} needs {module}: pip install 'stabgraph[{extra}]'") from error
