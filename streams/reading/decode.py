"""Bytes to event: one decoder pass over typed structures, then the rules that need two fields.

A plain, valid event takes the fast path and pays for nothing else. Envelopes, nulls and the exact place of a
mistake are looked for only where that pass fails.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from streams.reading.envelope import Fields, Opened, is_binary, open_binary, open_structured
from streams.reading.record import ReadLimits, Record
from streams.reading.reject import Flaw, flaw_of
from streams.records.events import Event, Score, Turn

# An event nests 2 deep, an envelope 1 more, extensions little. The bound keeps the decoder's own recursion,
# which fails by the depth of the caller's stack, out of what a record becomes.
MAX_DEPTH = 32
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_EARLIEST, _LATEST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000 for year in (2000, 2100))
_LONGEST_RUNE = 4  # bytes of one character in UTF-8

_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_decode = _decoder.decode
_decode_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def decode(record: Record, limits: ReadLimits) -> tuple[Event, int]:
    """The event of a record and its time in microseconds since 1970; raises Flaw."""
    raw = record.value
    if len(raw) > limits.record_bytes:
        raise Flaw("too_large", "", f"a record may have {limits.record_bytes} bytes")
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH:
        _check_depth(raw)
    opened: Opened | None = None
    if record.headers and is_binary(record.headers):
        opened = _opened(record)
        event = _converted(opened)
    else:
        try:
            event = _decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            opened = _opened(record)
            event = _converted(opened)
    time = micros(event.time)
    try:
        _check(event, time, record.timestamp, limits)
    except Flaw as flaw:
        raise _placed(flaw, opened) from None
    return event, time


def micros(moment: datetime) -> int:
    """Microseconds since 1970, exactly.

    >>> micros(datetime(2026, 4, 6, 7, 5, 38, 287_001, tzinfo=UTC))
    1775459138287001
    """
    return (moment - _EPOCH) // _MICROSECOND


def _opened(record: Record) -> Opened:
    """The fields of an event that the fast path could not read, out of whatever envelope."""
    document = _parsed(record.value)
    if "specversion" in document:
        return open_structured(document, _parsed)
    if record.headers and is_binary(record.headers):
        return open_binary(record.headers, document)
    return Opened(document)


def _parsed(raw: bytes | msgspec.Raw) -> Fields:
    whole = bytes(raw)
    _check_depth(whole)
    try:
        whole.decode()
        return _decode_fields(whole)
    except UnicodeDecodeError:
        raise Flaw("not_utf8", "", "must be UTF-8") from None
    except msgspec.ValidationError:
        raise Flaw("wrong_type", "", "Expected object") from None
    except msgspec.DecodeError:
        raise Flaw("not_json", "", "must be JSON") from None


def _converted(opened: Opened) -> Event:
    """The same decoder once more, on the event alone. Null counts as absent."""
    fields = {name: value for name, value in opened.fields.items() if bytes(value) != b"null"}
    try:
        return _decode(msgspec.json.encode(fields))
    except msgspec.MsgspecError as error:
        raise _placed(flaw_of(str(error)), opened) from None


def _placed(flaw: Flaw, opened: Opened | None) -> Flaw:
    return flaw if opened is None else Flaw(flaw.reason, opened.place(flaw.field), flaw.detail)


def _check_depth(raw: bytes) -> None:
    """Counts brackets outside strings. Where the quotes do not match, the record is no JSON anyway."""
    bare = b"".join(raw.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])
    depth = 0
    for char in bare:
        if char in b"[{":
            depth += 1
            if depth > MAX_DEPTH:  # ends there, however long the record is
                raise Flaw("too_deep", "", f"nested deeper than {MAX_DEPTH}")
        elif char in b"]}":
            depth -= 1


def _check(event: Event, time: int, timestamp: int | None, limits: ReadLimits) -> None:
    """The rules of the events contract that need two fields, or a limit."""
    if not _EARLIEST <= time < _LATEST:
        raise Flaw("out_of_range", "$.time", "must lie in the years 2000 to 2099")
    if timestamp is not None and time > timestamp + limits.future_s * 1_000_000:
        raise Flaw("time_in_future", "$.time", f"more than {limits.future_s:g} s ahead of the record")
    agent = event.agent
    if agent is not None and agent.kind == "ai" and not agent.id:
        raise Flaw("missing_field", "$.agent.id", "required for an AI")
    if event.conversation is None and not (isinstance(event, Score) and event.scope == "survey"):
        raise Flaw("missing_field", "$.conversation", "required, but for a survey")
    if isinstance(event, Turn):
        _check_text(event.text, limits.text_bytes)
    elif isinstance(event, Score):
        _check_score(event)


def _check_text(text: str, most: int) -> None:
    if len(text) * _LONGEST_RUNE > most and len(text.encode("utf-8", "surrogatepass")) > most:
        raise Flaw("too_large", "$.text", f"a text may have {most} bytes")


def _check_score(score: Score) -> None:
    if score.metric != score.metric.lower():
        raise Flaw("out_of_range", "$.metric", "must be lower case")
    if score.value < 0 and score.metric != "sentiment":
        raise Flaw("out_of_range", "$.value", "must lie in 0..1; only sentiment in -1..1")
