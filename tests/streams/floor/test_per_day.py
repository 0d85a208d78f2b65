from __future__ import annotations

import msgspec
import pytest

from streams.floor.per_day import LEAST_A_DAY, PerDay


def count(per_day: PerDay, row: int, day: int, times: int) -> float:
    return [per_day.weights((row,), day)[0] for _ in range(times)][-1]


def test_a_weight_is_one_over_a_days_observations() -> None:
    per_day = PerDay()
    count(per_day, 0, 100, 200)
    assert count(per_day, 0, 101, 1) == 1 / 200
    for day in range(102, 130):
        count(per_day, 0, day, 400)
    assert 1 / count(per_day, 0, 130, 1) == pytest.approx(400, rel=0.01)


def test_thin_rows_weigh_no_more_than_the_least() -> None:
    per_day = PerDay()
    assert count(per_day, 3, 100, 1) == 1 / LEAST_A_DAY
    count(per_day, 3, 101, 2)
    assert count(per_day, 3, 102, 1) == 1 / LEAST_A_DAY


def test_days_without_any_do_not_count() -> None:
    per_day = PerDay()
    count(per_day, 0, 100, 200)
    assert count(per_day, 0, 400, 1) == 1 / 200


def test_observations_of_an_earlier_day_do_not_tear_the_day_apart() -> None:
    """Mails that were never answered are decided days after their last word, between those of today."""
    per_day, plain = PerDay(), PerDay()
    for day in range(100, 110):
        for i in range(200):
            per_day.weights((0,), day - 7 if i % 2 else day)
            plain.weights((0,), day)
    assert per_day.weights((0,), 110) == plain.weights((0,), 110) == [1 / 200]


def test_rows_and_state() -> None:
    per_day, other = PerDay(), PerDay()
    for row in (0, 5, 2):
        count(per_day, row, -1, 30 * (row + 1))
        count(per_day, row, 0, 10)
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(per_day.state())))
    assert other.weights(range(7), 1) == per_day.weights(range(7), 1)
