from __future__ import annotations

from math import ceil, log

import pytest

from streams.floor.margin import least_change, speed
from streams.floor.scope import LEAST, Place, gathered
from streams.floor.series import Recent
from streams.floor.signals import ODDS, TESTS
from tests.streams.floor.made import at

TEST = TESTS[0]  # handoffs
LOGS = {0: tuple(log(1 / (1 + 0.1 * (2.7**s - 1))) for s in ODDS), 1: tuple(s - 0.2 for s in ODDS)}


def place(bad: int, good: int, *, whole: bool = True) -> Place:
    rows = [
        Recent(at(0, 9), 0, float(x), 0.1, 0.09, LOGS[x], float(x), 0.1, 1.0, "c", at(0, 9), whole)
        for x in [1] * bad + [0] * good
    ]
    return gathered({}, rows)


def test_the_limit_is_what_is_needed_by_what_each_says() -> None:
    found = speed(place(20, 40), needed=8.0, open_s=3600.0)
    each = max(20 * LOGS[1][k] + 40 * LOGS[0][k] for k in range(len(ODDS))) / 60
    assert (found["conversations"], found["minutes"]) == (60, 60.0)
    assert found["fewest_conversations"] == ceil(8.0 / each) < 60
    assert found["fewest_minutes"] == pytest.approx(found["fewest_conversations"], abs=0.1)


def test_the_limit_is_never_behind_the_alarm_nor_below_the_fewest_looked_at() -> None:
    assert speed(place(20, 40), needed=1e6, open_s=60.0)["fewest_conversations"] == 60
    assert speed(place(60, 0), needed=0.01, open_s=60.0)["fewest_conversations"] == LEAST
    assert speed(place(0, 9, whole=False), needed=1.0, open_s=60.0)["conversations"] == 1


def test_just_past_the_threshold_one_less_is_silence() -> None:
    found = least_change(TEST, place(20, 40), spare=0.0)
    assert found["conversations"] == 1
    assert found["observed"] == pytest.approx((19 + 0.1) / 60, abs=1e-6)


def test_the_further_past_the_more_it_takes() -> None:
    counts = [least_change(TEST, place(20, 40), spare)["conversations"] for spare in (0.0, 3.0, 8.0)]
    assert counts == sorted(set(counts))


def test_effect_floors_silence_too() -> None:
    """However sure: with less than half as much again as usual nobody is called."""
    found = least_change(TEST, place(20, 40), spare=1e6)
    assert found["observed"] < 0.15 + 0.9 / 60
