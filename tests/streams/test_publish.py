from __future__ import annotations

import pytest

from streams.errors import ConfigError
from streams.publish import changed, effective
from streams.records.facts import MICROS
from streams.records.registry import parse_registry

SLOT = 15 * MICROS
NOW = 1_767_225_603 * MICROS  # 2026-01-01T00:00:03Z
REGISTRY = b'{"tenants": {"A": {"agents": [{"id": "h", "kind": "ai", "canaries": ["zx-4471-secret"]}]}}}'


def test_without_a_time_it_is_two_minutes_ahead_at_the_next_slot() -> None:
    assert effective(None, NOW, SLOT) == (1_767_225_600 + 135) * MICROS


def test_a_time_is_rounded_up_to_a_slot() -> None:
    assert effective("2026-01-01T00:10:01Z", NOW, SLOT) == (1_767_225_600 + 615) * MICROS
    assert effective("2026-01-01T01:10:15+01:00", NOW, SLOT) == (1_767_225_600 + 615) * MICROS


@pytest.mark.parametrize(
    ("text", "now", "said"),
    [
        ("2026-01-01T00:01:50Z", NOW, "less than 120 s ahead"),
        ("2025-01-01T00:00:00Z", NOW, "less than 120 s ahead"),
        ("2026-01-01T00:10:00", NOW, "is not RFC 3339 with an offset"),
        ("soon", NOW, "is not RFC 3339"),
        (None, None, "--at: missing"),
    ],
)
def test_what_is_too_soon_or_no_time_is_refused(text: str | None, now: int | None, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        effective(text, now, SLOT)


def test_recorded_traffic_may_have_any_time() -> None:
    assert effective("2020-01-01T00:00:00Z", None, SLOT) == 1_577_836_800 * MICROS


def test_the_change_carries_no_secrets_and_the_same_one_has_the_same_id() -> None:
    registry = parse_registry(REGISTRY, "r.json")
    change = changed(registry, NOW, "me", "2.1 goes live")
    assert "zx-4471" not in str(change)
    assert change.id == changed(registry, NOW, "you", "").id
    assert change.id != changed(registry, NOW + SLOT, "me", "").id
    assert (change.effective, change.author, change.reason) == (NOW, "me", "2.1 goes live")
