"""YAML in which every scalar is a text: what people mean who write `no` for Norwegian and 2003 for a year.

PyYAML reads the syntax; building the values from its events is ours, because its own builders recurse, let a field
stand twice, and write out aliases without end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stabgraph.errors import RecordError, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["read_yaml", "write_yaml"]


def read_yaml(text: str) -> Any:
    """Return the content of a YAML text, every scalar as a text; one left empty, or null, as None.

    Under the rules of YAML 1.1 the language tag ``no`` would become false and a year a number. A field that
    stands twice would silently lose its first value, and deep nesting or aliases of aliases could be made to
    fill the memory: they are refused.

    Raises
    ------
    RecordError
        If the text is not YAML, or YAML that is refused.

    Examples
    --------
    >>> read_yaml("{language: no, since: 2003, end: null}")
    {'language': 'no', 'since': '2003', 'end': None}
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _content(yaml.parse(text, Loader=loader))
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, RecordError):
            raise
        mark = getattr(error, "problem_mark", None)
        # libyaml reads ahead of its events, and since 0.2.6 has a limit of its own.
        if mark and "nesting depth" in str(error):
            raise RecordError(f"line {mark.line + 1}: is nested too deeply") from error
        raise RecordError(f"is not YAML: {one_line(error)}") from error


#: No record file comes near these.
_DEEPEST, _LARGEST = 30, 1_000_000
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class _Open:
    """A list or mapping whose end has not been read yet; `size` counts what it holds, aliases written out."""

    def __init__(self, *, mapping: bool = False, anchor: str | None = None) -> None:
        self.mapping = mapping
        self.anchor = anchor
        self.values: list[Any] = []
        self.size = 1

    def add(self, value: Any, size: int, line: int) -> None:
        self.values.append(value)
        self.size += size
        if self.size > _LARGEST:
            raise RecordError(f"line {line}: holds too much, with its aliases written out")


def _content(events: Iterable[Any]) -> Any:
    """Build lists and mappings from the events of a YAML parser, without calling itself."""
    import yaml

    path = [_Open()]
    anchored: dict[str | None, tuple[Any, int]] = {}
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            nothing = event.style in {None, ""} and event.value in _NOTHING
            anchored[event.anchor] = (None if nothing else event.value), 1
            path[-1].add(*anchored[event.anchor], line)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchored:
                raise RecordError(f"line {line}: nothing that ended before *{event.anchor} bears its name")
            path[-1].add(*anchored[event.anchor], line)
        elif isinstance(event, yaml.CollectionStartEvent):
            path.append(_Open(mapping=isinstance(event, yaml.MappingStartEvent), anchor=event.anchor))
            if len(path) > _DEEPEST:
                raise RecordError(f"line {line}: is nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            done = path.pop()
            anchored[done.anchor] = (_mapping(done.values, line) if done.mapping else done.values), done.size
            path[-1].add(*anchored[done.anchor], line)
    documents = path[0].values
    if len(documents) > 1:
        raise RecordError("holds several YAML documents where one is expected")
    return documents[0] if documents else None


def _mapping(values: list[Any], line: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, value in zip(values[::2], values[1::2], strict=True):
        if not isinstance(key, str):
            raise RecordError(f"line {line}: the name of a field must be a text")
        if key in fields:
            raise RecordError(f"stands twice in the mapping that ends in line {line}", field=one_line(key))
        fields[key] = value
    return fields


def write_yaml(value: Any) -> str:
    r"""Return a value as YAML in the order of its fields.

    Examples
    --------
    >>> write_yaml({"language": "no", "since": "2003"})
    "language: 'no'\nsince: '2003'\n"
    """
    import yaml

    return yaml.dump(value, allow_unicode=True, sort_keys=False, width=100, Dumper=yaml.SafeDumper)
