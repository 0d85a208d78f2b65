"""Alerts: equal bytes for equal alerts, and what the contract allows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.records.alerts import Alert, encode_alert, rfc3339, rounded

FIELDS: dict[str, Any] = {
    "id": "a1",
    "state": "open",
    "kind": "silence",
    "severity": "page",
    "scope": {"tenant": "shop", "queue": ["a", "b"]},
    "since": "2026-04-09T07:03:29.000Z",
    "opened_at": "2026-04-09T07:05:00.000Z",
    "at": "2026-04-09T07:05:00.000Z",
    "signal": "silence",
    "observed": 0.0,
    "expected": 12.5,
    "interval": (8.0, 17.0),
    "unit": "per hour",
    "affected": 0,
    "evidence": {"b": 1, "a": [1.5, None]},
    "summary": "Nothing from webchat/prod since 07:03.",
    "action": "Check the integration.",
    "detector": "quiet 1",
    "config": "c0ffee",
}


def test_alert_survives_its_encoding_with_every_field() -> None:
    alert = Alert(**FIELDS)
    encoded = encode_alert(alert)
    assert msgspec.json.decode(encoded, type=Alert) == alert
    assert set(json.loads(encoded)) == {*FIELDS, "confirmed", "runbook"}
    assert b"\n" not in encoded


def test_equal_alerts_have_equal_bytes() -> None:
    other = FIELDS | {
        "evidence": {"a": [1.5, None], "b": 1},
        "scope": {"queue": ["a", "b"], "tenant": "shop"},
    }
    assert encode_alert(Alert(**other)) == encode_alert(Alert(**FIELDS))


@pytest.mark.parametrize(("field", "value"), [("state", "closed"), ("kind", "mood"), ("severity", "warn")])
def test_words_outside_the_contract_are_refused(field: str, value: str) -> None:
    encoded = json.dumps(FIELDS | {field: value}).encode()
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.json.decode(encoded, type=Alert)


@settings(deadline=None)
@given(st.integers(946_684_800_000, 4_102_444_799_999))
def test_times_keep_their_milliseconds(millis: int) -> None:
    text = rfc3339(millis * 1000)
    since = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    assert text.endswith("Z")
    assert (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000 == millis


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_rounding_is_stable(value: float) -> None:
    assert rounded(rounded(value)) == rounded(value)
