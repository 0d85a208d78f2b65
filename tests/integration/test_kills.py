"""Killed anywhere, a worker loses nothing, learns nothing twice, and says nothing twice in other words."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.live.failpoints import PLACES
from streams.load import Configuration
from tests.integration.oracle import Traffic
from tests.integration.stage import Stage

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 20)
ROUNDS = int(os.environ.get("ROUNDS", "1"))  # how often each place; `make soak` asks for more
RANDOM = 2 * ROUNDS


@pytest.fixture
def stage(configuration: Configuration, traffic: Traffic, tmp_path: Path) -> Iterator[Stage]:
    with Stage(configuration, traffic, tmp_path) as found:
        yield found


def test_kills_at_every_place_and_at_random(stage: Stage) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    plan: list[str] = [place for place in PLACES for _ in range(ROUNDS)] + [""] * RANDOM
    chance.shuffle(plan)
    stage.play(stage.traffic.lines, seconds=5.0 * len(plan))
    died: list[str] = []
    for place in plan:
        asked = f"{place}:{chance.randint(1, 3)}" if place else ""
        worker = stage.worker(asked)
        deadline = time.monotonic() + (15.0 if place else chance.uniform(2.0, 5.0))
        while worker.code is None and time.monotonic() < deadline:
            time.sleep(0.05)
        died.append(asked if worker.code is not None else f"{place or 'random'} (killed)")
        assert worker.code in (None, -9), worker.tail()
        worker.kill()
    print(died)
    # A worker that did not come to its place in time, for want of something to say, was killed all the same.
    assert sum("(killed)" not in name for name in died) >= len(PLACES) * ROUNDS * 0.4, died
    stage.settle([stage.worker()])


def test_rebalances(stage: Stage) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    stage.play(stage.traffic.lines, seconds=16.0 * ROUNDS)
    first = stage.worker()
    for _ in range(2 * ROUNDS):
        time.sleep(chance.uniform(1.0, 3.0))
        second = stage.worker()
        time.sleep(chance.uniform(4.0, 6.0))
        if chance.random() < 0.5:
            # By SIGTERM itself, where it came before the worker had even begun.
            assert second.stop() in (0, -signal.SIGTERM), second.tail()
        else:
            second.kill()
        assert first.code is None, first.tail()
    stage.settle([first, stage.worker()])
