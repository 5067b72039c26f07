"""What a check found: what is wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True, order=True)
class Finding:
    """Something that is wrong, or could be better.

    Attributes
    ----------
    severity
        ``error`` or ``warning``.
    file
        The file that it stands in.
    thing
        Id of the report, or else of the thing, that is at fault; of a table, the line.
    message
        What is wrong and what to do, in one sentence.
    check
        The shape, or the name of the check, that found it.
    """

    severity: str
    file: str
    thing: str
    message: str
    check: str
