"""Killed anywhere, a worker loses nothing, learns nothing twice, and says nothing twice in other words."""

from __future__ import annotations

import asyncio
import json
import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from streams.build import build_floor
from streams.live.failpoints import PLACES
from streams.live.topics import ensure
from streams.load import Configuration
from tests.integration.live import Player, Tail, WorkerProcess, by_tenant, confirmed, until, workers_file
from tests.integration.oracle import BUDGET, Traffic, floors_of, kept, learned

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 20)
ROUNDS = int(os.environ.get("ROUNDS", "1"))  # how often each place; `make soak` asks for more
RANDOM = 3 * ROUNDS


@pytest.fixture
def stage(configuration: Configuration, traffic: Traffic, tmp_path: Path) -> Iterator[Stage]:
    found = Stage(configuration, traffic, tmp_path)
    yield found
    found.close()


class Stage:
    """Topics with traffic that is being played, and workers on them."""

    def __init__(self, configuration: Configuration, traffic: Traffic, folder: Path) -> None:
        settings = replace(configuration.settings, budget=BUDGET)
        self.configuration = replace(configuration, settings=settings)
        self.traffic, self.log = traffic, folder / "workers.log"
        ensure(configuration)
        self.config = workers_file(
            folder, self.configuration, traffic.registry, snapshot_s=0.7, session_s=1.0, port=0
        )
        self.player = Player(configuration)
        self.alerts = Tail(configuration, self.player.names.alerts)
        self.workers: list[WorkerProcess] = []

    def play(self, seconds: float) -> threading.Thread:
        """Play everything over so many seconds, and say that it was all."""

        def run() -> None:
            self.player.play(self.traffic.lines, every_s=seconds * 100 / len(self.traffic.lines))
            self.player.finish()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def worker(self, failpoint: str = "") -> WorkerProcess:
        found = WorkerProcess(self.config, self.log, failpoint)
        self.workers.append(found)
        return found

    def settle(self, workers: list[WorkerProcess]) -> None:
        """Wait until everything was said, stop in good order, compare."""
        want = self.traffic.said
        number = sum(map(len, want.values()))
        until(lambda: len(confirmed(self.alerts.more())) >= number, 90, workers)
        for worker in workers:
            assert worker.stop() == 0, worker.tail()
        found = by_tenant(confirmed(self.alerts.more()))
        assert found == want
        self._settled_instants()
        floors = floors_of(asyncio.run(kept(self.configuration)), lambda: build_floor(self.configuration))
        assert learned(floors) == self.traffic.learned

    def _settled_instants(self) -> None:
        said = [json.loads(record.value) for record in self.alerts.records]
        provisional = {change["id"] for change in said if not change["confirmed"] and change["state"] == "open"}
        opened = {change["id"] for change in said if change["confirmed"] and change["state"] == "open"}
        withdrawn = {change["id"] for change in said if "withdrawn" in change["evidence"]}
        assert provisional
        assert provisional <= opened | withdrawn

    def close(self) -> None:
        for worker in self.workers:
            if worker.code is None:
                worker.kill()
        self.alerts.close()


def test_kills_at_every_place_and_at_random(stage: Stage) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    plan: list[str] = [place for place in PLACES for _ in range(ROUNDS)] + [""] * RANDOM
    chance.shuffle(plan)
    stage.play(seconds=5.0 * len(plan))
    died: list[str] = []
    for place in plan:
        asked = f"{place}:{chance.randint(1, 3)}" if place else ""
        worker = stage.worker(asked)
        deadline = time.monotonic() + (12.0 if place else chance.uniform(2.0, 5.0))
        while worker.code is None and time.monotonic() < deadline:
            time.sleep(0.05)
        died.append(asked if worker.code is not None else f"{place or 'random'} (killed)")
        assert worker.code in (None, -9), worker.tail()
        worker.kill()
    print(died)
    assert sum("(killed)" not in name for name in died) >= len(PLACES) * ROUNDS * 0.7, died
    stage.settle([stage.worker()])


def test_rebalances(stage: Stage) -> None:
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    stage.play(seconds=20.0)
    first = stage.worker()
    for _ in range(3):
        time.sleep(chance.uniform(1.0, 3.0))
        second = stage.worker()
        time.sleep(chance.uniform(2.0, 4.0))
        if chance.random() < 0.5:
            assert second.stop() == 0, second.tail()
        else:
            second.kill()
        assert first.code is None, first.tail()
    stage.settle([first, stage.worker()])
