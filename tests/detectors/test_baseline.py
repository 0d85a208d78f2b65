"""What is normal: shrunk, faded, tilted by the hour; constant within a quarter of an hour; restorable."""

from __future__ import annotations

import math
import random

import msgspec
import pytest

from detectors.baseline import QUARTER_US, WARM, Baseline, Expected
from detectors.codec import CodecError

HOUR_US = 4 * QUARTER_US
DAY_US = 24 * HOUR_US


def teach(
    usual: Baseline,
    days: int,
    a_day: int,
    odds: float = 0.1,
    swing: float = 0.0,
    mood: float = 0.0,
    seed: int = 1,
) -> None:
    """Days of one outcome in two queues, 7 to 21 h; swing over the day and mood of days in log odds."""
    rng = random.Random(seed)
    level = math.log(odds / (1 - odds))
    for day in range(days):
        today = level + mood * (1 if rng.random() < 0.5 else -1)
        for hour in sorted(7 + 14 * rng.random() for _ in range(a_day)):
            logit = today + swing * math.sin(2 * math.pi * hour / 24)
            category = int(rng.random() < 1 / (1 + math.exp(-logit)))
            at = day * DAY_US + int(hour * HOUR_US)
            usual.learn(at, day % 7 * 24 + hour, rng.choice(("a", "b")), 0, category)


def known(
    usual: Baseline, day: int, hour: float, queue: str | None = "a", stratum: str | int = 0
) -> Expected:
    at = usual.expect(day * DAY_US + int(hour * HOUR_US), day % 7 * 24 + hour, queue, stratum)
    assert at is not None
    return at


def test_warming_until_enough_was_seen() -> None:
    usual = Baseline((0.0, 1.0))
    for i in range(int(WARM)):
        assert usual.expect(i * QUARTER_US, 9.0, "a", 0) is None
        usual.learn(i * QUARTER_US, 9.0, "a", 0, 0)
    usual.learn(61 * QUARTER_US, 9.0, "a", 0, 0)
    assert usual.expect(61 * QUARTER_US, 9.0, "a", 0) is not None


def test_a_new_queue_leans_on_the_tenant_and_an_old_one_on_itself() -> None:
    usual = Baseline((0.0, 1.0))
    for i in range(4000):
        queue = "rare" if i % 4 else "often"
        usual.learn(i * QUARTER_US // 10, i / 40 % 168, queue, 0, int(i % 20 == 0))
    assert known(usual, 5, 9, "rare").p[1] < 0.01
    assert known(usual, 5, 9, "often").p[1] > 0.17
    assert known(usual, 5, 9, "new").p[1] == pytest.approx(0.05, abs=0.01)
    assert known(usual, 5, 9, None).n == 20.0


def test_strata_are_kept_apart() -> None:
    usual = Baseline((0.0, 1.0))
    for i in range(4000):
        usual.learn(i * QUARTER_US // 10, 9.0, "a", i % 2, int(i % 2 == 0 and i % 8 == 0))
    assert known(usual, 5, 9, "b", 0).p[1] > 0.2
    assert known(usual, 5, 9, "b", 1).p[1] < 0.02


def test_shares_sum_to_one_and_mean_and_variance_are_theirs() -> None:
    usual = Baseline((0.0, 0.25, 0.5, 0.75, 1.0), scale=1.5)
    rng = random.Random(3)
    for i in range(3000):
        usual.learn(i * QUARTER_US // 8, i / 32 % 168, "a", 0, rng.choice((0, 1, 3, 4, 4, 4)))
    at = known(usual, 4, 12)
    assert math.fsum(at.p) == pytest.approx(1.0)
    mean = sum(p * x for p, x in zip(at.p, usual.scores, strict=True))
    assert at.mean == pytest.approx(mean)
    assert at.variance == pytest.approx(
        sum(p * (x - mean) ** 2 for p, x in zip(at.p, usual.scores, strict=True))
    )


def test_a_season_is_learnt() -> None:
    usual = Baseline((0.0, 1.0))
    teach(usual, days=35, a_day=400, swing=0.6)
    morning, evening = known(usual, 35, 8.0).p[1], known(usual, 35, 19.0).p[1]
    true = [
        1 / (1 + math.exp(-(math.log(1 / 9) + 0.6 * math.sin(2 * math.pi * h / 24)))) for h in (8.5, 19.5)
    ]
    assert morning == pytest.approx(true[0], rel=0.25)
    assert evening == pytest.approx(true[1], rel=0.25)


@pytest.mark.parametrize("a_day", [20, 100, 400])
def test_without_a_season_the_tilt_is_harmless(a_day: int) -> None:
    usual = Baseline((0.0, 1.0))
    teach(usual, days=28, a_day=a_day)
    shares = [known(usual, day, hour + 0.5).p[1] for day in range(28, 35) for hour in range(7, 21)]
    assert max(shares) / min(shares) < 1.25


def test_moods_widen_what_is_still_normal_and_calm_days_do_not() -> None:
    calm, moody = Baseline((0.0, 1.0)), Baseline((0.0, 1.0))
    teach(calm, days=35, a_day=300)
    teach(moody, days=35, a_day=300, mood=0.4)
    assert calm.sigma() < 0.15
    assert 0.25 < moody.sigma() < 0.55
    assert known(calm, 35, 9).inflation < 0.2
    assert known(moody, 35, 9).inflation > known(calm, 35, 9).inflation + 0.2


def test_old_observations_fade() -> None:
    usual = Baseline((0.0, 1.0), half_life_days=10)
    teach(usual, days=20, a_day=100, odds=0.3)
    before = usual.seen()
    usual.learn(40 * DAY_US, 12.0, "a", 0, 0)
    assert usual.seen() == pytest.approx(before / 4, rel=0.1)


def test_an_expectation_moves_only_when_an_hour_of_learnt_time_ends() -> None:
    usual = Baseline((0.0, 1.0))
    teach(usual, days=3, a_day=200)
    usual.learn(3 * DAY_US + 9 * HOUR_US, 81.0, "a", 0, 1)
    first = known(usual, 3, 9.01)
    for i in range(50):
        usual.learn(3 * DAY_US + 9 * HOUR_US + i * 1_000_000, 9.0 + 72, "a", 0, 1)
    assert known(usual, 3, 9.1) is first
    restored = Baseline.from_state(usual.state())
    assert known(restored, 3, 9.1) == first
    usual.learn(3 * DAY_US + 9 * HOUR_US + 3 * QUARTER_US, 81.75, "a", 0, 1)
    assert known(usual, 3, 9.8) is known(usual, 3, 9.9)
    assert known(usual, 3, 9.8).p == first.p
    usual.learn(3 * DAY_US + 10 * HOUR_US, 82.0, "a", 0, 1)
    assert known(usual, 3, 10.1).p[1] > first.p[1] + 0.01


def test_restored_at_any_time_it_goes_on_bit_for_bit() -> None:
    usual = Baseline((0.0, 0.5, 1.0))
    rng = random.Random(5)
    restored: Baseline | None = None
    for i in range(4000):
        hour, queue, category = i * 0.11, rng.choice(("a", "b", None)), rng.randrange(3)
        args = (int(hour * HOUR_US), hour % 168, queue, i % 2)
        if restored:
            assert restored.expect(*args) == usual.expect(*args)
            restored.learn(*args, category)
        usual.learn(*args, category)
        if i % 997 == 996:
            restored = Baseline.from_state(msgspec.msgpack.decode(msgspec.msgpack.encode(usual.state())))
    assert restored is not None
    assert restored.state() == usual.state()


def test_asking_changes_nothing() -> None:
    usual = Baseline((0.0, 1.0))
    teach(usual, days=2, a_day=100)
    before = usual.state()
    known(usual, 2, 9, "never seen", "nor this")
    assert usual.state() == before


def test_places_are_bounded() -> None:
    usual = Baseline((0.0, 1.0))
    for i in range(5000):
        usual.learn(i * QUARTER_US, i / 4 % 168, f"queue {i}", i, 0)
    state = usual.state()
    assert max(len(state["shares"]["places"]), len(state["shares"]["strata"])) <= 512
    assert usual.expect(5000 * QUARTER_US, 0.0, "queue 4999", 4999) is not None


def test_another_version_is_refused() -> None:
    with pytest.raises(CodecError):
        Baseline.from_state({**Baseline((0.0, 1.0)).state(), "version": 99})
