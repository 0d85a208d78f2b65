from __future__ import annotations

import math
from random import Random

import msgspec
import pytest

from detectors.rate import CLIP, HUGE, EDetectors, Table, table

ODDS = tuple(math.log(ratio) for ratio in (1.5, 2.0, 3.0, 5.0, 10.0))
SHARE = 0.1
A_DAY = 40.0
SEEN = table((1.0 - SHARE, SHARE), (0.0, 1.0), ODDS, 0.1)


def days_to(threshold: float, share: float, rng: Random, limit: float, head: float = 0.0) -> float:
    """Days until one segment's statistic passes the threshold; `limit` where it does not before."""
    test, day = EDetectors(ODDS), 0.0
    test.grow(1)
    test.start(0, head)
    while day < limit:
        day += 1.0 / A_DAY
        if test.see(0, 0, 1.0 / A_DAY, SEEN, int(rng.random() < share)) >= threshold:
            return day
    return limit


def test_false_alarms_are_no_more_frequent_than_promised() -> None:
    rng, threshold = Random(1), 20.0
    lives = [days_to(threshold, SHARE, rng, limit=100.0) for _ in range(60)]
    alarms = sum(life < 100.0 for life in lives)
    assert sum(lives) / max(alarms, 1) >= threshold


def test_without_inflation_the_promise_is_not_wasted() -> None:
    """The bound is not so loose that the test could not fail: with a wrong null, it does."""
    rng, threshold = Random(2), 20.0
    lives = [days_to(threshold, 1.6 * SHARE, rng, limit=100.0) for _ in range(40)]
    assert sum(lives) / max(sum(life < 100.0 for life in lives), 1) < threshold


def test_a_rise_is_found_after_about_log_of_threshold_and_volume_over_divergence() -> None:
    rng, threshold, share = Random(3), 1000.0, 0.3
    waits = [A_DAY * days_to(threshold, share, rng, limit=50.0) for _ in range(80)]
    divergence = share * math.log(share / SHARE) + (1 - share) * math.log((1 - share) / (1 - SHARE))
    best = math.log(threshold * A_DAY) / divergence
    assert 0.7 * best < sum(waits) / len(waits) < 1.8 * best


def test_a_head_start_shortens_the_wait_and_is_no_alarm_by_itself() -> None:
    waits = [
        sum(days_to(1000.0, 0.25, Random(seed), limit=50.0, head=head) for seed in range(40))
        for head in (0.0, 20.0)
    ]
    assert waits[1] < 0.9 * waits[0]
    test = EDetectors(ODDS)
    test.grow(2)
    test.start(1, 20.0)
    assert test.statistic(0) == 0.0
    assert test.statistic(1) == pytest.approx(20.0)
    test.start(1, 5.0)
    assert test.statistic(1) == pytest.approx(20.0), "evidence never shrinks by a head start"


def test_no_single_observation_speaks_for_more_than_the_clip() -> None:
    rare = table((1.0 - 1e-9, 1e-9), (0.0, 1.0), (math.log(1000.0),), 0.0)
    assert rare.of(1).logs == (CLIP,)
    assert max(rare.of(1).ratios) == math.exp(CLIP)


def test_statistics_stay_finite() -> None:
    test = EDetectors(ODDS)
    test.grow(1)
    for _ in range(2000):
        assert test.see(0, 0, 1.0, SEEN, 1) <= HUGE
    assert math.isfinite(test.since(0).mean)


@pytest.mark.parametrize("inflation", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("shifts", [ODDS, (-0.3, -1.0)])
def test_ratios_are_likelihood_ratios_under_the_inflated_null(
    inflation: float, shifts: tuple[float, ...]
) -> None:
    """Each has mean 1 where the null is as far out as is still normal: no drift of the statistic."""
    p, x = (0.6, 0.3, 0.1), (0.0, 1.0, 2.0)
    made = table(p, x, shifts, inflation)
    sign = math.copysign(1.0, shifts[0])
    weights = [pj * math.exp(sign * inflation * xj) for pj, xj in zip(p, x, strict=True)]
    for k in range(len(shifts)):
        mean = sum(w * made.of(j).ratios[k] for j, w in enumerate(weights)) / sum(weights)
        assert mean == pytest.approx(1.0)
    assert made.mean == pytest.approx(0.5)
    assert made.var == pytest.approx(0.45)


def test_the_onset_is_that_of_the_run_that_goes_on() -> None:
    test = EDetectors(ODDS)
    test.grow(1)
    for time, category in enumerate([1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1], start=100):
        test.see(0, time, 0.05, SEEN, category)
    since = test.since(0)
    assert (since.onset, since.n, since.x) == (109, 3, 3.0)
    assert since.mean == pytest.approx(3 * SHARE)
    test.reset(0)
    assert test.statistic(0) == 0.0
    test.see(0, 200, 0.05, SEEN, 1)
    assert (test.since(0).onset, test.since(0).n) == (200, 1)


def test_rows_do_not_touch_each_other() -> None:
    test, alone = EDetectors(ODDS), EDetectors(ODDS)
    test.grow(3)
    alone.grow(1)
    rng = Random(4)
    for time in range(200):
        row, category = rng.randrange(3), int(rng.random() < 0.2)
        found = test.see(row, time, 0.05, SEEN, category)
        if row == 1:
            assert alone.see(0, time, 0.05, SEEN, category) == found
    assert alone.since(0) == test.since(1)
    test.reset(1)
    assert test.statistic(0) > 0.0 < test.statistic(2)


def test_state_goes_round_and_both_go_on_alike() -> None:
    test, other, rng = EDetectors(ODDS), EDetectors(ODDS), Random(5)
    test.grow(4)
    for time in range(300):
        test.see(rng.randrange(4), time, 0.05, SEEN, int(rng.random() < 0.2))
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(test.state())))
    assert len(other) == 4
    for time in range(300, 400):
        row, category = rng.randrange(5), int(rng.random() < 0.2)
        test.grow(5)
        other.grow(5)
        assert test.see(row, time, 0.05, SEEN, category) == other.see(row, time, 0.05, SEEN, category)
        assert test.since(row) == other.since(row)
    assert test.state() == other.state()


def test_a_downward_test_hears_what_falls() -> None:
    x = (-1.0, 0.0, 1.0)
    seen: Table = table((0.25, 0.5, 0.25), x, (-0.3, -1.0), 0.05)
    assert all(log > 0 for log in seen.of(0).logs)
    assert all(log < 0 for log in seen.of(2).logs)
