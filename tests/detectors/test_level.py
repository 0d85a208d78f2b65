from __future__ import annotations

from random import Random

import msgspec
import pytest

from detectors.level import FIRST, LEAST_SCALE, QUEUES, Levels

CENTRES = tuple(-2.0 + 0.5 * i for i in range(9))


def learnt(queue: str | None = "q", mean: float = 50.0, sd: float = 10.0) -> Levels:
    levels, rng = Levels(CENTRES), Random(1)
    for _ in range(FIRST):
        levels.learn(queue, rng.gauss(mean, sd))
    return levels


def test_warming_has_no_bin() -> None:
    levels = Levels(CENTRES)
    for i in range(FIRST - 1):
        levels.learn("q", float(i))
        assert levels.bin("q", 1.0) is None
        assert levels.scale("q") is None
    levels.learn("q", 1.0)
    assert levels.bin("q", 1.0) is not None


def test_bins_are_half_a_standard_deviation_wide_and_the_outer_ones_open() -> None:
    levels = learnt()
    scale = levels.scale("q")
    assert scale is not None
    assert scale.centre == pytest.approx(50.0, abs=2.5)
    assert scale.spread == pytest.approx(10.0, rel=0.3)
    for number, centre in enumerate(CENTRES):
        for off in (-0.24, 0.0, 0.24):
            assert levels.bin("q", scale.centre + (centre + off) * scale.spread) == number
    assert (levels.bin("q", -1e300), levels.bin("q", 1e300)) == (0, 8)


def test_outliers_do_not_move_the_scale() -> None:
    calm, wild, rng = Levels(CENTRES), Levels(CENTRES), Random(2)
    for i in range(FIRST):
        value = rng.gauss(0.0, 1.0)
        calm.learn("q", value)
        wild.learn("q", 1e9 if i % 10 == 0 else value)
    a, b = calm.scale("q"), wild.scale("q")
    assert a is not None
    assert b is not None
    assert b.spread < 1.5 * a.spread
    assert abs(b.centre - a.centre) < 0.3


def test_constant_values_have_a_scale() -> None:
    levels = learnt(sd=0.0)
    scale = levels.scale("q")
    assert scale is not None
    assert scale.spread == LEAST_SCALE
    assert (levels.bin("q", 50.0), levels.bin("q", 50.1), levels.bin("q", 49.9)) == (4, 8, 0)


def test_the_scale_is_fixed_once_and_queues_have_their_own() -> None:
    levels = learnt("a", mean=50.0)
    before = levels.scale("a")
    for _ in range(2 * FIRST):
        levels.learn("a", 900.0)
    assert levels.scale("a") == before
    assert levels.scale("b") is None
    assert levels.scale(None) is None


def test_queues_beyond_the_bound_share_one_scale() -> None:
    levels = Levels(CENTRES)
    for i in range(QUEUES):
        levels.learn(f"queue {i}", 1.0)
    for i in range(FIRST):
        levels.learn(f"made up {i}", float(i))
    assert levels.scale("never seen") == levels.scale("made up 1") is not None
    assert levels.scale("queue 1") is None
    assert len(msgspec.msgpack.encode(levels.state())) < 20_000


def test_state_goes_round() -> None:
    levels = learnt("a")
    levels.learn("b", 3.0)
    levels.learn(None, 4.0)
    other = Levels(CENTRES)
    other.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(levels.state())))
    assert other.state() == levels.state()
    assert other.bin("a", 55.0) == levels.bin("a", 55.0)
    for i in range(FIRST):
        levels.learn("b", float(i))
        other.learn("b", float(i))
    assert other.scale("b") == levels.scale("b") is not None
