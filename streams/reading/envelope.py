"""CloudEvents 1.0: the envelope is taken off, `id`, `source` and `time` come from it, the rest is `data`.

Structured mode: one JSON object. Binary mode: attributes in `ce_*` headers, the value is the data.
See the CloudEvents specification 1.0.2 with its JSON format and its Kafka protocol binding.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TypeAlias

import msgspec
from msgspec import Raw, Struct

from streams.reading.reject import Flaw, Reason

Fields: TypeAlias = dict[str, Raw]  # each value as it stands in the JSON, for the one decoder that judges it
Parse: TypeAlias = Callable[[bytes | Raw], Fields]
ATTRIBUTES = ("id", "source", "time", "type")
TYPES = ("turn", "escalation", "score", "action", "session")
_PREFIX, _VERSION = "floorwalker.", "v1"


class Opened(Struct, frozen=True):
    """An event's fields without their envelope; mode tells where each of them stood."""

    fields: Fields
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


def open_structured(document: Fields, parse: Parse) -> Opened:
    """Takes a structured envelope off; raises Flaw."""
    _check_version(_string(document, "specversion", "bad_envelope"), "$.specversion")
    _check_content(_string(document, "datacontenttype", "bad_envelope"), "$.datacontenttype")
    if "data" in document and "data_base64" in document:
        raise Flaw("bad_envelope", "$.data_base64", "data and data_base64 exclude each other")
    if "data" in document:
        data = _inner(parse, document["data"], "$.data")
    elif packed := _string(document, "data_base64", "bad_envelope"):
        data = _inner(parse, _unpacked(packed), "$.data_base64")
    else:
        raise Flaw("missing_field", "$.data", "required")
    attributes = {name: document[name] for name in ATTRIBUTES if name in document}
    return Opened(_merged(data, attributes, _string(document, "type", "wrong_type"), "$.type"), "structured")


def open_binary(headers: tuple[tuple[str, bytes], ...], data: Fields) -> Opened:
    """Joins the attributes in the headers with the data; raises Flaw."""
    attributes: dict[str, str] = {}
    for name, value in headers:
        if name.startswith("ce_"):
            attributes[name[3:]] = _text(name, value)
        elif name.lower() == "content-type":
            _check_content(_text(name, value), "content-type")
    _check_version(attributes.get("specversion"), "ce_specversion")
    encoded = {name: _raw(attributes[name]) for name in ATTRIBUTES if name in attributes}
    return Opened(_merged(data, encoded, attributes.get("type"), "ce_type"), "binary")


def _merged(data: Fields, attributes: Fields, kind: str | None, place: str) -> Fields:
    fields = {name: value for name, value in data.items() if name not in ATTRIBUTES}
    return fields | attributes | {"type": _raw(_type(kind, place))}


def _type(name: str | None, place: str) -> str:
    """`turn` of `floorwalker.turn.v1`."""
    if name is None:
        raise Flaw("missing_field", place, "required")
    kind, _, version = name.removeprefix(_PREFIX).rpartition(".")
    if not name.startswith(_PREFIX) or kind not in TYPES:
        raise Flaw("unknown_type", place, "not a type of event")
    if version != _VERSION:
        raise Flaw("unknown_version", place, f"only {_VERSION} is known")
    return kind


def _check_version(version: str | None, place: str) -> None:
    if version != "1.0":
        raise Flaw("bad_envelope", place, "only CloudEvents 1.0 is known")


def _check_content(content: str | None, place: str) -> None:
    """The data must be JSON: `application/json`, `text/json`, or any `+json`; absent means JSON."""
    if content is None:
        return
    if not content.partition(";")[0].strip().lower().endswith(("/json", "+json")):
        raise Flaw("bad_envelope", place, "the data must be JSON")


def _inner(parse: Parse, raw: bytes | Raw, place: str) -> Fields:
    try:
        return parse(raw)
    except Flaw as flaw:
        raise Flaw(flaw.reason, place, flaw.detail) from None


def _unpacked(packed: str) -> bytes:
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise Flaw("bad_envelope", "$.data_base64", "not base64") from None


def _raw(text: str) -> Raw:
    return Raw(msgspec.json.encode(text))


def _string(document: Fields, name: str, otherwise: Reason) -> str | None:
    """An attribute of the envelope; null counts as absent."""
    try:
        return msgspec.json.decode(document.get(name, b"null"), type=str | None)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Flaw(otherwise, f"$.{name}", "Expected str") from None


def _text(name: str, value: bytes | None) -> str:
    try:
        return (value or b"").decode()
    except UnicodeDecodeError:
        raise Flaw("not_utf8", name, "a header must be UTF-8") from None
