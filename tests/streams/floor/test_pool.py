from __future__ import annotations

import pytest

from detectors.level import FIRST, Levels
from streams.floor.observations import Observation
from streams.floor.pool import FARTHEST, FEATURES, Pool
from streams.records.facts import Dims


def usual(*features: str) -> dict[str, Levels]:
    """Levels around 0 with a robust standard deviation of about 1."""
    levels = {name: Levels((-1.0, 0.0, 1.0)) for name in FEATURES}
    for name in features:
        for i in range(FIRST):
            levels[name].learn("q", (i % 5 - 2) / 1.4826)
    return levels


def seen(signal: str, value: float, conversation: str = "c", time: int = 1) -> Observation:
    return Observation(signal, time, Dims(), value, conversation)


def test_the_pooled_value_is_the_root_of_the_mean_square() -> None:
    pool = Pool(usual(*FEATURES))
    for name, value in zip(FEATURES, (1.0, -2.0, 2.0, 0.0), strict=True):
        pool.add(seen(name, value), "q")
    pool.add(seen("refusal", 1.0), "q")
    assert pool.take(seen("style", 0.0)) == pytest.approx(1.5)


def test_one_feature_alone_counts_so_much_at_most() -> None:
    pool = Pool(usual(*FEATURES))
    for name in FEATURES:
        pool.add(seen(name, 1e6 if name == "length" else 0.0), "q")
    assert pool.take(seen("style", 0.0)) == pytest.approx(FARTHEST / 2)


def test_too_few_known_features_say_nothing() -> None:
    pool = Pool(usual("latency", "length"))
    for name in FEATURES:
        pool.add(seen(name, 1.0), "q")
    assert pool.take(seen("style", 0.0)) is None


def test_conversations_do_not_mix() -> None:
    pool = Pool(usual(*FEATURES))
    for name in FEATURES:
        pool.add(seen(name, 2.0), "q")
    assert pool.take(seen("style", 0.0, "d")) is None
    assert pool.take(seen("style", 0.0, "c", 2)) is None
    pool.add(seen("length", 1.0, "d"), "q")
    assert pool.take(seen("style", 0.0, "d")) is None
