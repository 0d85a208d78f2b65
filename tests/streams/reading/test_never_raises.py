"""No bytes whatever make reading raise, and reading is a function of the record alone."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.reading import ReadLimits, Record, Rejection, Secrets, read
from streams.records.facts import Fact

# A busy machine is no reason to fail.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SECRETS, LIMITS = Secrets.public(), ReadLimits()
_decode: msgspec.msgpack.Decoder[Fact] = msgspec.msgpack.Decoder(Fact)

EVENTS: list[dict[str, Any]] = [
    {"type": "turn", "turn": 1, "role": "ai", "text": "hi", "grounding": ["x"], "latency_ms": 5},
    {"type": "escalation", "stage": "requested", "trigger": "customer", "reason": "x"},
    {"type": "score", "metric": "csat", "value": 1, "respondent": "r", "comment": "c", "scope": "survey"},
    {"type": "action", "call": "k", "name": "Refund", "status": "ok", "data": ["a"], "amount": 2.5},
    {"type": "session", "phase": "ended", "resolution": "resolved", "duration_ms": 5},
]
COMMON = {
    "id": "e",
    "time": "2026-04-09T07:03:29Z",
    "source": "s",
    "conversation": "c",
    "agent": {"kind": "ai", "id": "a", "version": "1"},
    "customer": "u",
    "attributes": {"a": "b"},
}
NAMES = sorted({name for event in EVENTS for name in event} | set(COMMON) | {"specversion", "data"})
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["survey", "human", "1.0", "floorwalker.turn.v1", "2026-04-09T07:03:29+14:00", "", "\0", "🙂"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["ce_id", "ce_specversion", "ce_type", "ce_time", "ce_source", "content-type", "x"]),
        st.sampled_from([b"1.0", b"floorwalker.turn.v1", b"application/json", b"\xff", b""])
        | st.binary(max_size=8),
    ),
    max_size=6,
).map(tuple)
TIMESTAMPS = st.none() | st.integers(0, 2**62)


def check(value: bytes, headers: tuple[tuple[str, bytes], ...] = (), timestamp: int | None = None) -> None:
    record = Record("t", 0, 7, value, headers, timestamp)
    found = read(record, SECRETS, LIMITS)
    assert read(record, SECRETS, LIMITS) == found
    if isinstance(found, Rejection):
        assert found.reason != "internal", found
    else:
        assert _decode.decode(msgspec.msgpack.encode(found)) == found


@UNHURRIED
@given(st.binary(max_size=200), HEADERS, TIMESTAMPS)
def test_any_bytes(value: bytes, headers: tuple[tuple[str, bytes], ...], timestamp: int | None) -> None:
    check(value, headers, timestamp)


@settings(UNHURRIED, max_examples=400)
@given(
    st.sampled_from(EVENTS), st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3), HEADERS, TIMESTAMPS
)
def test_events_with_other_values(
    event: dict[str, Any],
    changes: dict[str, object],
    headers: tuple[tuple[str, bytes], ...],
    timestamp: int | None,
) -> None:
    check(json.dumps(COMMON | event | changes).encode(), headers, timestamp)


@UNHURRIED
@given(st.sampled_from(EVENTS), st.data())
def test_events_with_other_bytes(event: dict[str, Any], data: st.DataObject) -> None:
    value = bytearray(json.dumps(COMMON | event).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(value)))
        stop = data.draw(st.integers(start, min(len(value), start + 4)))
        value[start:stop] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"\\ud800", b"[", b'"', b"null"])
        )
    check(bytes(value))


@UNHURRIED
@given(VALUES)
def test_envelopes(data: object) -> None:
    envelope = {"specversion": "1.0", "id": "e", "source": "s", "time": COMMON["time"]}
    check(json.dumps(envelope | {"type": "floorwalker.score.v1", "data": data}).encode())


def test_depth_of_the_callers_stack_does_not_matter() -> None:
    value = json.dumps(COMMON | EVENTS[0])[:-1].encode()

    def deep(value: bytes, frames: int) -> Fact | Rejection:
        if frames:
            return deep(value, frames - 1)
        return read(Record("t", 0, 0, value), SECRETS, LIMITS)

    for nested in (b"[" * 30 + b"]" * 30, b"[" * 500 + b"]" * 500, b"[" * 100_000):
        record = value + b', "x": ' + nested + b"}"
        assert deep(record, 0) == deep(record, 700)


def test_a_fault_of_the_reader_itself_is_a_rejection() -> None:
    found = read(Record("t", 1, 2, None), SECRETS, LIMITS)  # type: ignore[arg-type]
    assert found == Rejection("internal", "", "TypeError", "t", 1, 2)
