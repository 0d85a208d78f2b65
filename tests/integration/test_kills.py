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
from tests.integration.live import until
from tests.integration.oracle import Traffic
from tests.integration.stage import Stage

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 20)
ROUNDS = int(os.environ.get("ROUNDS", "1"))  # how often each place; `make soak` asks for more
RANDOM = 2 * ROUNDS
PARTS = 6  # of the traffic for each kill, on average


@pytest.fixture
def stage(configuration: Configuration, traffic: Traffic, tmp_path: Path) -> Iterator[Stage]:
    with Stage(configuration, traffic, tmp_path, session_s=2.0) as found:
        yield found


def test_kills_at_every_place_and_at_random(stage: Stage) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    plan: list[str] = [place for place in PLACES for _ in range(ROUNDS)] + [""] * RANDOM
    chance.shuffle(plan)
    plan.sort(key=lambda place: place != "instant_sent")  # nearly all of them are said at the beginning
    lines, number = stage.traffic.lines, PARTS * len(plan)
    parts = (lines[len(lines) * i // number : len(lines) * (i + 1) // number] for i in range(number))
    for place in plan:
        # More and more to do, until it dies: however long the machine takes, every place is come to.
        asked = f"{place}:{1 if place == 'instant_sent' else chance.randint(1, 3)}" if place else ""
        print(asked or "at random", flush=True)
        worker = stage.worker(asked)
        if not place:
            playing = stage.play(next(parts), seconds=1.0, last=False)
            time.sleep(chance.uniform(0.2, 3.0))
            worker.kill()
            playing.join()
        while worker.code is None:
            stage.play(next(parts), seconds=0.5, last=False).join()
            until(lambda: worker.code is not None or stage.committed(), 60)  # noqa: B023 - called at once
        assert worker.code == -signal.SIGKILL, worker.tail()
    stage.play([line for part in parts for line in part])
    stage.settle([stage.worker(forked=False)])


def test_rebalances(stage: Stage) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    stage.play(stage.traffic.lines, seconds=16.0 * ROUNDS)
    first = stage.worker()
    until(lambda: stage.assignments() > 0, 60, [first])
    for _ in range(2 * ROUNDS):
        time.sleep(chance.uniform(0.5, 2.0))
        before = stage.assignments()
        second = stage.worker()
        until(lambda: stage.assignments() >= before + 2, 60, [first, second])  # noqa: B023 - called at once
        time.sleep(chance.uniform(0.0, 2.0))
        if chance.random() < 0.5:
            assert second.stop() == 0, second.tail()
        else:
            second.kill()
        assert first.code is None, first.tail()
    stage.settle([first, stage.worker(forked=False)])
