"""Documents that people write, YAML or JSON, as typed records, with errors that name file, line and key.

One parser reads both, since JSON is YAML. What it does not forgive: duplicate keys (the last would win in
silence) and documents that grow beyond all measure through aliases.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias, TypeVar

import msgspec
import yaml

from streams.errors import ConfigError

T = TypeVar("T")
Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]

MAX_BYTES = 16 * 1024 * 1024  # 1,000 tenants with long instructions; libyaml reads about 2 MB/s
MAX_NODES = 2_000_000  # as many as a document of MAX_BYTES can honestly have; aliases could make it endless
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # not every system has libyaml
_PLACE = re.compile(r"(?P<text>.*?)(?: - at (?P<key>`key` in )?`\$(?P<path>.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_FIELD = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)


class Impossible(ValueError):  # noqa: N818 - said of the value
    """A value of the right type that cannot be meant. path: the key below the record that found it."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(text)
        self.path = path


class Document:
    """A parsed document. name: what to call it in errors; tree: plain values."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        if len(data) > MAX_BYTES:
            raise ConfigError(name, f"larger than {MAX_BYTES} bytes")
        try:
            loader = _Loader(data)
            self._node: yaml.Node | None = loader.get_single_node()
            if self._node is not None:
                self._inspect(self._node)
            self.tree: Any = loader.construct_document(self._node) if self._node is not None else None
        except (yaml.YAMLError, ValueError) as error:
            raise self._unreadable(error) from None
        except RecursionError:
            raise ConfigError(name, "nested too deeply") from None

    def typed(self, kind: type[T]) -> T:
        """The tree as a record; ConfigError names file, line and key path."""
        try:
            return msgspec.convert(self.tree, kind)
        except msgspec.ValidationError as error:
            path, text = explain(error, self.tree, kind)
            raise self.error(path, text) from None

    def error(self, path: Path, text: str) -> ConfigError:
        """An error at a key path of this document."""
        place = f"{self.name}:{self._line(path)}"
        return ConfigError(f"{place}: {shown(path)}" if path else place, text)

    def _line(self, path: Path) -> int:
        node = self._node
        line = 1 if node is None else node.start_mark.line + 1
        for step in path:
            if isinstance(node, yaml.MappingNode):
                found = [(k, v) for k, v in node.value if k.value == str(step)]
                if not found:
                    break
                line, node = found[0][0].start_mark.line + 1, found[0][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                break
        return line

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

    def _unreadable(self, error: Exception) -> ConfigError:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        place = self.name if mark is None else f"{self.name}:{mark.line + 1}"
        return ConfigError(place, f"not readable as YAML or JSON: {problem}")


def shown(path: Path) -> str:
    """
    >>> shown(("tenants", "A", "agents", 0, "id"))
    'tenants.A.agents[0].id'
    """
    return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).removeprefix(".")


def explain(error: msgspec.ValidationError, tree: Any, kind: Any) -> tuple[Path, str]:
    """Where in the tree a conversion failed, and why in words.

    Validation does not name the keys of maps; they are found by trying each alone: the culprit alone repeats
    the error.
    """
    match = _PLACE.fullmatch(str(error))
    text, steps = str(error), ""
    if match is not None:
        text, steps = match["text"], match["path"] or ""
    path = _resolved(_STEP.findall(steps), str(error), tree, kind)
    if isinstance(error.__cause__, Impossible):
        path += error.__cause__.path
    field = _FIELD.fullmatch(text)
    if field is not None:
        return (*path, field[1]), "unknown key"
    if match is not None and match["key"]:
        return path, f"a key is wrong: {text}"
    return path, _hinted(text)


def _resolved(steps: list[tuple[str, str]], message: str, tree: Any, kind: Any) -> Path:
    path: tuple[Step, ...] = ()
    for name, index in steps:
        if index != "...":
            path += (name or int(index),)
            continue
        keys = [key for key in _at(tree, path) if _fails(_alone(tree, path, key), kind, message)]
        if not keys:
            return path
        path += (keys[0],)
    return path


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _alone(tree: Any, path: Path, key: Any) -> Any:
    """A copy of the tree whose map at `path` has that key only."""
    if not path:
        return {key: tree[key]}
    copy: Any = list(tree) if isinstance(tree, list) else dict(tree)
    copy[path[0]] = _alone(tree[path[0]], path[1:], key)
    return copy


def _fails(tree: Any, kind: Any, message: str) -> bool:
    try:
        msgspec.convert(tree, kind)
    except msgspec.ValidationError as error:
        return str(error) == message
    return False


def _hinted(text: str) -> str:
    if text.startswith("Expected `str`, got `") and not text.endswith(("`array`", "`object`", "`null`")):
        return f"{text} (put it in quotes)"
    return text[:1].lower() + text[1:]
