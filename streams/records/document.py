"""Documents that people write, YAML or JSON, as typed records, with errors that name file, line and key.

What is not forgiven: duplicate keys (the last would win in silence) and documents that grow beyond all
measure through aliases.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec
import yaml

from streams.errors import ConfigError
from streams.records.explain import Path, explain, shown

T = TypeVar("T")

MAX_BYTES = 16 * 1024 * 1024  # a thousand tenants with long instructions; reading takes seconds
MAX_NODES = 500_000  # a thousand tenants have a fifth of that; aliases could make it endless
MAX_DEPTH = 50  # five times what a registry needs; the parser recurses in C, and would overrun its stack
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # not every system has libyaml


class Document:
    """A parsed document. name: what to call it in errors; tree: plain values, None where it is empty."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._data = data
        if len(data) > MAX_BYTES:
            raise ConfigError(name, f"larger than {MAX_BYTES} bytes")
        self.tree: Any = self._json() if data.lstrip()[:1] == b"{" else None
        if self.tree is None:  # what begins with a brace may still be YAML
            self.tree = self._yaml()

    def typed(self, kind: type[T]) -> T:
        """The tree as a record; ConfigError names file, line and key path."""
        if self.tree is None:
            raise ConfigError(self.name, "the document is empty")
        try:
            return msgspec.convert(self.tree, kind)
        except msgspec.ValidationError as error:
            raise self.error(*explain(error, self.tree, kind)) from None

    def error(self, path: Path, text: str) -> ConfigError:
        """An error at a key path of this document."""
        line = self._line(path)
        place = self.name if line is None else f"{self.name}:{line}"
        return ConfigError(f"{place}: {shown(path)}" if path else place, text)

    def _json(self) -> Any:
        try:
            return json.loads(self._data, object_pairs_hook=self._pairs, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return None

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for index, name in enumerate(names) if name in names[:index])
            raise ConfigError(self.name, f"{twice!r} is there twice")
        return found

    def _yaml(self) -> Any:
        try:
            self._shallow()
            loader = _Loader(self._data)
            root = loader.get_single_node()
            if root is None:
                return None
            self._inspect(root)
            return loader.construct_document(root)
        except (yaml.YAMLError, ValueError, TypeError) as error:
            mark = getattr(error, "problem_mark", None)
            place = self.name if mark is None else f"{self.name}:{mark.line + 1}"
            problem = getattr(error, "problem", None) or str(error)
            raise ConfigError(place, f"not readable as YAML or JSON: {problem}") from None

    def _shallow(self) -> None:
        depth = 0
        for event in yaml.parse(self._data, _Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise ConfigError(self.name, "nested too deeply")

    def _inspect(self, root: yaml.Node) -> None:
        pending, seen = [root], 0
        while pending:
            node = pending.pop()
            seen += 1
            if seen > MAX_NODES:
                raise ConfigError(self.name, f"more than {MAX_NODES} values")
            if isinstance(node, yaml.SequenceNode):
                pending.extend(node.value)
            elif isinstance(node, yaml.MappingNode):
                self._unique(node)
                pending.extend(value for _, value in node.value)

    def _unique(self, node: yaml.MappingNode) -> None:
        keys: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in keys:
                    place = f"{self.name}:{key.start_mark.line + 1}"
                    raise ConfigError(place, f"{key.value!r} is there twice")
                keys.add(key.value)

    def _line(self, path: Path) -> int | None:
        """Line of the last key on the path that the document has."""
        try:
            node = _Loader(self._data).get_single_node()
        except (yaml.YAMLError, ValueError):  # JSON that is no YAML: no line, then
            return None
        line = 1 if node is None else node.start_mark.line + 1
        for step in path:
            found = _below(node, step)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line


def _below(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """The nodes of a key and of its value; a list has no keys, so there it is the value twice."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
