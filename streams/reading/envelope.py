"""CloudEvents 1.0: the envelope is taken off, `id`, `source` and `time` come from it, the rest is `data`.

Structured mode: one JSON object. Binary mode: attributes in `ce_*` headers, the value is the data.
See the CloudEvents specification 1.0.2 with its JSON format and its Kafka protocol binding.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from streams.reading.reject import Flaw

Parse = Callable[[bytes], dict[str, Any]]
ATTRIBUTES = ("id", "source", "time", "type")
TYPES = ("turn", "escalation", "score", "action", "session")
_PREFIX, _VERSION = "floorwalker.", "v1"


class Opened(Struct, frozen=True):
    """An event's fields without their envelope; mode tells where each of them stood."""

    fields: dict[str, Any]
    mode: str = "plain"

    def place(self, field: str) -> str:
        """Where in the record a field of the event stood.

        >>> Opened({}, "structured").place("$.role"), Opened({}, "binary").place("$.time")
        ('$.data.role', 'ce_time')
        """
        if self.mode == "plain" or (self.mode == "binary" and field[2:] not in ATTRIBUTES):
            return field
        if self.mode == "binary":
            return f"ce_{field[2:]}"
        return field if field[2:] in ATTRIBUTES else f"$.data{field[1:]}"


def is_binary(headers: tuple[tuple[str, bytes], ...]) -> bool:
    """Whether the headers carry a CloudEvent's attributes."""
    return any(name.startswith("ce_") for name, _ in headers)


def open_structured(document: dict[str, Any], parse: Parse) -> Opened:
    """Takes a structured envelope off; raises Flaw."""
    _check_version(document.get("specversion"), "$.specversion")
    _check_content(document.get("datacontenttype"), "$.datacontenttype")
    if "data" in document and "data_base64" in document:
        raise Flaw("bad_envelope", "$.data_base64", "data and data_base64 exclude each other")
    data = _unpacked(document["data_base64"], parse) if "data_base64" in document else document.get("data")
    if data is None:
        raise Flaw("missing_field", "$.data", "required")
    if not isinstance(data, dict):
        raise Flaw("wrong_type", "$.data", "Expected object")
    return Opened(_merged(data, document, "$.type"), "structured")


def open_binary(headers: tuple[tuple[str, bytes], ...], data: dict[str, Any]) -> Opened:
    """Joins the attributes in the headers with the data; raises Flaw."""
    attributes: dict[str, str] = {}
    for name, value in headers:
        if name.startswith("ce_"):
            attributes[name[3:]] = _text(name, value)
        elif name.lower() == "content-type":
            _check_content(_text(name, value), "content-type")
    _check_version(attributes.get("specversion"), "ce_specversion")
    return Opened(_merged(data, attributes, "ce_type"), "binary")


def _merged(data: dict[str, Any], attributes: dict[str, Any], place: str) -> dict[str, Any]:
    fields = {name: value for name, value in data.items() if name not in ATTRIBUTES}
    fields.update((name, attributes[name]) for name in ATTRIBUTES if name in attributes)
    fields["type"] = _type(attributes.get("type"), place)
    return fields


def _type(name: object, place: str) -> str:
    """`turn` of `floorwalker.turn.v1`."""
    if name is None:
        raise Flaw("missing_field", place, "required")
    if not isinstance(name, str):
        raise Flaw("wrong_type", place, "Expected str")
    kind, _, version = name.removeprefix(_PREFIX).rpartition(".")
    if not name.startswith(_PREFIX) or kind not in TYPES:
        raise Flaw("unknown_type", place, "not a type of event")
    if version != _VERSION:
        raise Flaw("unknown_version", place, f"only {_VERSION} is known")
    return kind


def _check_version(version: object, place: str) -> None:
    if version != "1.0":
        raise Flaw("bad_envelope", place, "only CloudEvents 1.0 is known")


def _check_content(content: object, place: str) -> None:
    """The data must be JSON: `application/json`, `text/json`, or any `+json`; absent means JSON."""
    if content is None:
        return
    media = content.partition(";")[0].strip().lower() if isinstance(content, str) else ""
    if not media.endswith(("/json", "+json")):
        raise Flaw("bad_envelope", place, "the data must be JSON")


def _unpacked(packed: object, parse: Parse) -> dict[str, Any]:
    try:
        raw = base64.b64decode(packed, validate=True) if isinstance(packed, str) else None
    except (binascii.Error, ValueError):
        raw = None
    if raw is None:
        raise Flaw("bad_envelope", "$.data_base64", "not base64")
    try:
        return parse(raw)
    except Flaw as flaw:
        raise Flaw(flaw.reason, "$.data_base64", flaw.detail) from None


def _text(name: str, value: bytes | None) -> str:
    try:
        return (value or b"").decode()
    except UnicodeDecodeError:
        raise Flaw("not_utf8", name, "a header must be UTF-8") from None
