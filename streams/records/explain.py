"""Why a document is not the record it should be, and where: key path and words a person can act on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, TypeAlias

import msgspec
from msgspec import inspect as info

Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]

_PLACE = re.compile(r"(?P<text>.*?)(?: - at (?P<key>`key` in )?`\$(?P<path>.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_FIELD = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_CHOICE = re.compile(r"Invalid enum value (.*)", re.DOTALL)
_SCALARS = ("`int`", "`float`", "`bool`", "`date`", "`datetime`")


class Impossible(ValueError):  # noqa: N818 - said of the value
    """A value of the right type that cannot be meant. path: the key below the record that found it."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(text)
        self.path = path


def shown(path: Path) -> str:
    """
    >>> shown(("tenants", "A", "agents", 0, "id"))
    'tenants.A.agents[0].id'
    """
    return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).removeprefix(".")


def explain(error: msgspec.ValidationError, tree: Any, kind: Any) -> tuple[Path, str]:
    """Where in the tree a conversion to `kind` failed, and why in words.

    Validation does not name the keys of maps; they are found by trying each alone: the culprit alone repeats
    the error.
    """
    match = _PLACE.fullmatch(str(error))
    if match is None:
        return (), str(error)
    text = match["text"]
    path = _resolved(_STEP.findall(match["path"] or ""), str(error), tree, kind)
    if isinstance(error.__cause__, Impossible):
        return path + error.__cause__.path, text
    field = _FIELD.fullmatch(text)
    if field is not None:
        return (*path, field[1]), f"unknown key{meant(field[1], _names(kind, path))}"
    if match["key"]:
        return path, f"a key is wrong: {_worded(text)}"
    choice = _CHOICE.fullmatch(text)
    if choice is not None:
        return path, f"expected one of {', '.join(_names(kind, path))}, got {choice[1]}"
    return path, _worded(text)


def meant(name: str, names: Iterable[str]) -> str:
    """A guess at what a mistyped name should have been, to be appended; empty where nothing is close.

    >>> meant("lateness", ["slot_s", "lateness_s"])
    '; did you mean lateness_s?'
    """
    close = get_close_matches(name, list(names), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _names(kind: Any, path: Path) -> list[str]:
    """What may stand at a path: the fields of a record, the values of a choice."""
    types = _branches(info.type_info(kind))
    for step in path:
        types = [branch for found in types for branch in _branches(_child(found, step))]
    records = [field.encode_name for t in types if isinstance(t, info.StructType) for field in t.fields]
    return records + [str(value) for t in types if isinstance(t, info.LiteralType) for value in t.values]


def _branches(found: info.Type | None) -> list[info.Type]:
    if found is None:
        return []
    return list(found.types) if isinstance(found, info.UnionType) else [found]


def _child(found: info.Type, step: Step) -> info.Type | None:
    if isinstance(found, info.StructType):
        return next((field.type for field in found.fields if field.encode_name == step), None)
    if isinstance(found, info.DictType):
        return found.value_type
    if isinstance(found, info.ListType | info.VarTupleType | info.SetType | info.FrozenSetType):
        return found.item_type
    return None


def _resolved(steps: list[tuple[str, str]], message: str, tree: Any, kind: Any) -> Path:
    path: Path = ()
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


def _worded(text: str) -> str:
    if text == "Invalid RFC3339 encoded date":
        return "expected a date such as 2026-08-31"
    if text.startswith("Expected `str") and text.endswith(_SCALARS):
        text += "; put it in quotes"  # YAML reads an unquoted 2.0, no or 07:00 as something else
    return text[:1].lower() + text[1:]
