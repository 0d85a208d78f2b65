"""Where an event goes: its topic by type, its key by conversation, as the events contract says.

What is no event goes out as well, so that a live run meets what the record met: by its type where that can be
read, else to the transcripts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from streams.records.events import Time

TOPICS = {
    "turn": "transcripts",
    "escalation": "escalations",
    "score": "sentiment",
    "action": "actions",
    "session": "sessions",
}
"""Type of event -> field of `kafka.topics`."""
ELSEWHERE = "transcripts"
KEYS = ("conversation", "respondent", "id")


class Route(Struct, frozen=True, gc=False):
    """topic: field of `kafka.topics`. key: None: any partition will do. time: None where it is unreadable."""

    topic: str
    key: bytes | None
    time: datetime | None


class _Seen(Struct):
    type: str
    id: str
    time: Time
    conversation: str | None = None
    respondent: str | None = None


_decode = msgspec.json.Decoder(_Seen).decode
_decode_any = msgspec.json.Decoder(dict[str, Any]).decode


def route(value: bytes) -> Route:
    """The route of one line.

    >>> route(b'{"type":"turn","id":"e","time":"2026-04-06T10:00:00Z","conversation":"c"}').key
    b'c'
    >>> route(b"garbage")
    Route(topic='transcripts', key=None, time=None)
    """
    try:
        seen = _decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _guess(value)
    topic = TOPICS.get(seen.type)
    if topic is None:
        return _guess(value)
    key = seen.conversation or seen.respondent or seen.id
    return Route(topic, key.encode("utf-8", "surrogatepass"), seen.time)


def _guess(value: bytes) -> Route:
    """Of an envelope, of an event with a mistake, of anything."""
    try:
        fields = _decode_any(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Route(ELSEWHERE, None, None)
    inner = fields.get("data") if "specversion" in fields else None
    fields = (inner if isinstance(inner, dict) else {}) | fields
    kind = fields.get("type")
    name = kind.removeprefix("floorwalker.").partition(".")[0] if isinstance(kind, str) else ""
    key = next((fields[name] for name in KEYS if isinstance(fields.get(name), str) and fields[name]), None)
    return Route(
        TOPICS.get(name, ELSEWHERE),
        None if key is None else key.encode("utf-8", "surrogatepass"),
        _time(fields.get("time")),
    )


def _time(value: Any) -> datetime | None:
    try:
        return msgspec.convert(value, Time)
    except msgspec.ValidationError:
        return None
