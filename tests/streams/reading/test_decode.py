"""What is read as an event, beside the mistakes in `tests/data/events`."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.reading import ReadLimits, Record, Rejection, Secrets, read
from streams.reading.decode import micros
from streams.records.facts import Fact, Said, Scored

TIME = "2026-04-09T07:03:29.463Z"
MICROS = 1_775_718_209_463_000
TURN: dict[str, Any] = {
    "id": "e1",
    "type": "turn",
    "time": TIME,
    "source": "webchat/prod",
    "tenant": "shop",
    "conversation": "c1",
    "agent": {"kind": "ai", "id": "helper"},
    "turn": 3,
    "role": "customer",
    "text": "where is my parcel",
}
SCORE = {name: TURN[name] for name in ("id", "time", "source", "tenant", "conversation")} | {
    "type": "score",
    "metric": "csat",
    "value": 0.5,
}
DATA = {name: value for name, value in TURN.items() if name not in ("id", "type", "time", "source")}
ENVELOPE = {
    "specversion": "1.0",
    "id": "e1",
    "source": "webchat/prod",
    "type": "floorwalker.turn.v1",
    "time": TIME,
}
HEADERS = tuple((f"ce_{name}", value.encode()) for name, value in ENVELOPE.items())


def found(
    event: object, headers: tuple[tuple[str, bytes], ...] = (), timestamp: int | None = None, **limits: Any
) -> Fact | Rejection:
    value = event if isinstance(event, bytes) else json.dumps(event).encode()
    return read(Record("t", 0, 0, value, headers, timestamp), Secrets.public(), ReadLimits(**limits))


def test_plain_event() -> None:
    fact = found(TURN)
    assert isinstance(fact, Said)
    assert (fact.time, fact.tenant, fact.conversation, fact.turn, fact.ai) == (MICROS, "shop", "c1", 3, True)


@pytest.mark.parametrize(
    "content", [None, "application/json", "application/json; charset=utf-8", "text/json"]
)
def test_structured_envelope_reads_as_the_plain_event(content: str | None) -> None:
    assert found(ENVELOPE | {"data": DATA, "datacontenttype": content, "subject": 4}) == found(TURN)


def test_structured_envelope_in_base64_reads_as_the_plain_event() -> None:
    packed = base64.b64encode(json.dumps(DATA).encode()).decode()
    assert found(ENVELOPE | {"data_base64": packed}) == found(TURN)


def test_binary_envelope_reads_as_the_plain_event() -> None:
    assert found(DATA, HEADERS) == found(TURN)
    assert found(DATA, (*HEADERS, ("content-type", b"application/json"))) == found(TURN)


def test_structured_envelope_with_headers_too_reads_as_the_plain_event() -> None:
    assert found(ENVELOPE | {"data": DATA}, HEADERS) == found(TURN)


def test_envelope_attributes_win_over_those_in_the_data() -> None:
    other = {"id": "other", "source": "other", "time": "2020-01-01T00:00:00Z", "type": "score"}
    assert found(ENVELOPE | {"data": DATA | other}) == found(TURN)
    assert found(DATA | other, HEADERS) == found(TURN)


def test_headers_of_others_do_not_matter() -> None:
    assert found(TURN, (("traceparent", b"\xff"),)) == found(TURN)


OPTIONAL = (
    "tenant channel queue language customer attributes final latency_ms confidence grounding".split()  # noqa: SIM905
)


@pytest.mark.parametrize("field", OPTIONAL)
def test_null_counts_as_absent(field: str) -> None:
    absent = {name: value for name, value in TURN.items() if name != field}
    assert found(TURN | {field: None}) == found(absent)
    assert found(ENVELOPE | {"data": DATA | {field: None}}) == found(
        ENVELOPE | {"data": {name: value for name, value in DATA.items() if name != field}}
    )


def test_unknown_fields_are_ignored_whatever_they_hold() -> None:
    plain = json.dumps(TURN)[:-1].encode()
    for odd in (b"1e999", b"1" + b"0" * 5000, b"[[[[1]]]]", b'{"type":"x"}', b'"\\u0000"', b"null"):
        assert found(plain + b',"x":' + odd + b"}") == found(TURN)
        # The same where a null sends the record down the slow path.
        assert found(plain + b',"channel":null,"x":' + odd + b"}") == found(TURN)


def test_the_last_of_repeated_keys_counts() -> None:
    fact = found(json.dumps(TURN)[:-1].encode() + b',"turn":9}')
    assert isinstance(fact, Said)
    assert fact.turn == 9


def test_depth_counts_brackets_outside_strings() -> None:
    assert isinstance(found(TURN | {"text": '[{"\\' * 50, "grounding": ["[" * 99]}), Said)
    assert isinstance(found(TURN | {"extra": [[]] * 99}), Said)


@pytest.mark.parametrize(("text", "size"), [("x", 32768), ("é", 16384), ("€", 10922), ("😀", 8192)])
def test_text_up_to_32_kib_of_utf8(text: str, size: int) -> None:
    assert isinstance(found(TURN | {"text": text * size}), Said)
    long = found(TURN | {"text": text * (size + 1)})
    assert isinstance(long, Rejection)
    assert (long.reason, long.field) == ("too_large", "$.text")


def test_record_limit_is_exact() -> None:
    value = json.dumps(TURN).encode()
    assert isinstance(found(value, record_bytes=len(value)), Said)
    assert isinstance(found(value, record_bytes=len(value) - 1), Rejection)


def test_event_time_may_be_ten_minutes_ahead_of_the_record() -> None:
    assert isinstance(found(TURN, timestamp=MICROS - 600_000_000), Said)
    assert isinstance(found(TURN, timestamp=MICROS - 600_000_001), Rejection)
    assert isinstance(found(TURN, timestamp=MICROS - 5_000_001, future_s=5), Rejection)
    assert isinstance(found(TURN, timestamp=MICROS + 10**15), Said)


def test_only_surveys_may_lack_a_conversation() -> None:
    survey = {name: value for name, value in SCORE.items() if name != "conversation"} | {"scope": "survey"}
    fact = found(survey)
    assert isinstance(fact, Scored)
    assert fact.conversation is None


@pytest.mark.parametrize(
    ("metric", "value", "rater"),
    [("sentiment", -1, "model"), ("csat", 0, "customer"), ("nps", 1, "customer"), ("tone_2", 1, "customer")],
)
def test_ranges_and_default_raters(metric: str, value: float, rater: str) -> None:
    fact = found(SCORE | {"metric": metric, "value": value})
    assert isinstance(fact, Scored)
    assert (fact.value, fact.rater) == (value, rater)


@pytest.mark.parametrize(
    ("time", "micros_"),
    [
        ("2026-04-09T09:03:29.463+02:00", MICROS),
        ("2026-04-09 07:03:29.463z", MICROS),
        ("2026-04-09T07:03:29.463000001-00:00", MICROS),
        ("2000-01-01T00:00:00Z", 946_684_800_000_000),
        ("2099-12-31T23:59:59.999999Z", 4_102_444_799_999_999),
    ],
)
def test_times(time: str, micros_: int) -> None:
    fact = found(TURN | {"time": time})
    assert isinstance(fact, Said)
    assert fact.time == micros_


@settings(deadline=None)
@given(
    st.datetimes(datetime(1999, 1, 1), datetime(2101, 1, 1)),  # noqa: DTZ001 - the zone is drawn apart
    st.integers(-14 * 60, 14 * 60),
)
def test_micros_is_exact(moment: datetime, offset_min: int) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(minutes=offset_min)))
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros(local)) == local
