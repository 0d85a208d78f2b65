from __future__ import annotations

from typing import Any

import pytest

from streams.floor.words import Told, action, summary
from streams.records.alerts import SUMMARY_LENGTH
from tests.streams.floor.made import at


def told(**more: Any) -> Told:
    fields: dict[str, Any] = {
        "kind": "escalation_rate", "signal": "escalation", "state": "open",
        "scope": {"tenant": "shop", "queue": "orders"}, "since": at(0, 9), "observed": 0.31, "expected": 0.08,
        "unit": "per conversation", "affected": 12, "evidence": {},
    }  # fmt: skip
    return Told(**{**fields, **more})


def test_a_whole_sentence() -> None:
    assert summary(told()) == (
        "Handoffs to people are up, in tenant shop queue orders, 31% instead of 8%, "
        "since 2026-05-04 09:00 UTC"
    )
    assert summary(told(state="resolved")).endswith(", over now")


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"unit": "ms", "observed": 4200.0, "expected": 1500.0}, "4.2 s instead of 1.5 s"),
        ({"unit": "words", "observed": 112.4, "expected": 40.0}, "112 words instead of 40"),
        ({"observed": 1.4, "expected": 0.5}, "1.4 per conversation instead of 0.5"),
        ({"observed": None, "unit": "conversations"}, "12 conversations"),
    ],
)
def test_how_much(more: dict[str, Any], text: str) -> None:
    assert text in summary(told(**more))


def test_nothing_is_said_of_no_numbers() -> None:
    assert ", ," not in summary(told(observed=None, affected=0))


def test_long_and_hostile_names_stay_one_short_line() -> None:
    names = ["x" * 900, "a\nb\x1b[31m\u202e", "\ud800"]
    scope = {
        key: name for name in names for key in ("tenant", "agent", "version", "model", "queue", "source")
    }
    for name in names:
        text = summary(told(scope=dict.fromkeys(scope, name)))
        assert len(text) <= SUMMARY_LENGTH
        assert text.isprintable()


def test_limits_and_unknown_signals() -> None:
    text = summary(told(kind="pipeline", signal="customers", observed=None, affected=0))
    assert text.startswith("The limit customers of this monitor was reached")
    assert summary(told(signal="new one")).startswith("new one")


def test_first_actions() -> None:
    assert "roll back" in action(told(scope={"tenant": "shop", "version": "2"}))
    assert "Read three" in action(told())
    assert action(told(kind="new kind")) == "Look at the evidence."
    assert "registry" in action(told(kind="shadow_ai", scope={"tenant": "shop", "version": "2"}))
