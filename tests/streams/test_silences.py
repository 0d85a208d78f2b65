"""The commands `silence` and `ack`: what they take, and what then holds."""

from __future__ import annotations

import msgspec
import pytest

from streams.errors import ConfigError
from streams.records.mutes import Ack, Lift, Mute, Silence
from streams.silences import standing
from streams.spans import end


def said(*mutes: Mute) -> list[bytes]:
    return [msgspec.json.encode(mute) for mute in mutes]


def silence(key: str, until: int) -> Silence:
    return Silence(id=key, matchers=("tenant=a",), since=0, until=until, author="jo", reason="")


def test_what_holds_is_what_was_said_last_and_not_lifted() -> None:
    records = said(
        silence("s1", 100), silence("s2", 100), silence("s3", 5), silence("s2", 200),
        Ack(id="k", of="a1", until=100, author="jo"), Lift(id="l", of="s1", author="jo"),
    )  # fmt: skip
    found = standing([*records, b"{}", b"\xff", b'{"kind":"mark"}'], 10)
    assert {name: one.until for name, one in found.items()} == {"s2": 200, "a1": 100}


@pytest.mark.parametrize(
    ("span", "until", "message"),
    [
        (None, None, "one of them"), ("2h", "2026-01-01T00:00:00Z", "one of them"),
        ("2 hours", None, "not a span"), ("0m", None, "over already"),
        (None, "1970-01-01T00:00:00Z", "over already"), ("400d", None, "a year"),
        (None, "tomorrow", "not RFC 3339"),
    ],
)  # fmt: skip
def test_spans_that_cannot_be_meant(span: str | None, until: str | None, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        end(span, until, 0, 0)
