from __future__ import annotations

from typing import Any

import pytest

from streams.errors import ConfigError
from streams.verdicts.given import PLANNED_US, moment, verdict_on
from tests.streams.floor.made import DAY, HOUR, MINUTE, at

ALERT: dict[str, Any] = {
    "id": "a1b2", "kind": "escalation_rate", "signal": "escalation", "detector": "d/1",
    "scope": {"tenant": "shop", "queue": "orders", "customer": ["x", "y"]},
    "since": "2026-05-04T09:00:00.250Z", "opened_at": "2026-05-04T10:00:00.000Z", "evidence": {},
}  # fmt: skip
NOON = at(0, 12)


def test_it_says_all_that_its_effect_needs() -> None:
    given = verdict_on(ALERT, "normal", NOON, author="jo", reason="new style")
    assert (given.alert, given.verdict, given.tenant, given.about) == (
        "a1b2", "normal", "shop", "escalation_rate",
    )  # fmt: skip
    assert (given.signal, given.scope, given.detector) == ("escalation", {"queue": "orders"}, "d/1")
    assert (given.since, given.opened, given.effective) == (at(0, 9) + 250_000, at(0, 10), NOON)
    assert (given.author, given.reason, given.until) == ("jo", "new style", 0)


def test_said_twice_it_counts_once() -> None:
    assert verdict_on(ALERT, "false", NOON).id == verdict_on(ALERT, "false", NOON, author="me").id
    assert verdict_on(ALERT, "false", NOON).id != verdict_on(ALERT, "real", NOON).id


def test_a_plan_ends() -> None:
    assert verdict_on(ALERT, "expected", NOON).until == NOON + PLANNED_US
    assert verdict_on(ALERT, "expected", NOON, until=NOON + HOUR).until == NOON + HOUR


@pytest.mark.parametrize(
    ("word", "more", "said"),
    [
        ("expected", {"until": NOON}, "--until"),
        ("expected", {"until": NOON + 32 * DAY}, "31 days"),
        ("false", {"until": NOON + HOUR}, "goes with expected"),
        ("normal", {"since": NOON + MINUTE}, "--since"),
    ],
)
def test_times_that_cannot_be_meant(word: Any, more: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        verdict_on(ALERT, word, NOON, **more)


def test_moments() -> None:
    assert moment("2026-05-04T09:00:00Z") == at(0, 9)
