"""Topics with traffic that is being played, workers on them, and the comparison with a replay at the end."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from msgspec.structs import replace

from streams.build import build_floor
from streams.floor.floor import Floor
from streams.floor.origins import FOREVER
from streams.live.topics import ensure
from streams.load import Configuration
from tests.integration.live import (
    Player,
    Tail,
    WorkerProcess,
    by_tenant,
    committed,
    confirmed,
    until,
    workers_file,
)
from tests.integration.oracle import BUDGET, Traffic, floors_of, kept, learned, shuffled, spoilt


class Stage:
    """Recorded traffic on topics of its own. Snapshots every 0.7 s, so that every place is passed often.

    patience_s: how long what is played may wait for brokers. into: the partition that all goes into. live:
    settings of the workers; where some are killed, short sessions let the others take over soon.
    """

    def __init__(
        self, configuration: Configuration, traffic: Traffic, folder: Path,
        patience_s: float = 120.0, into: int | None = None, **live: Any,
    ) -> None:  # fmt: skip
        settings = replace(configuration.settings, budget=BUDGET)
        self.configuration = replace(configuration, settings=settings)
        self.traffic, self.log = traffic, folder / "workers.log"
        self.log.touch()
        ensure(configuration)
        self.config = workers_file(
            folder, self.configuration, traffic.registry,
            **{"snapshot_s": 0.7, "session_s": 6.0, "port": 0, **live},
        )  # fmt: skip
        self.player = Player(configuration, patience_s, into)
        self.alerts = Tail(configuration, self.player.names.alerts)
        self.logs = Tail(configuration, self.player.names.facts)
        self.workers: list[WorkerProcess] = []

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers:
            if worker.code is None:
                worker.kill()
        self.alerts.close()
        self.logs.close()

    def play(self, lines: Sequence[bytes], seconds: float = 0.0, *, last: bool = True) -> threading.Thread:
        """Play lines over so many seconds. last: and say that it was all."""

        def run() -> None:
            self.player.play(lines, every_s=seconds * 100 / len(lines))
            if last:
                self.player.finish()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def worker(
        self, failpoint: str = "", *more: str, before: str = "", forked: bool = True
    ) -> WorkerProcess:
        """One more worker: see `WorkerProcess`. before: Python that runs first in its process."""
        found = WorkerProcess(
            self.config, self.log, failpoint, "events", *more, before=before, forked=forked
        )  # fmt: skip
        self.workers.append(found)
        return found

    def assignments(self) -> int:
        """How often workers were given their share."""
        return self.log.read_text().count('"event": "assigned"')

    def committed(self) -> bool:
        """Whether workers have committed all that was played."""
        done = committed(self.configuration)
        return all(done.get(tp, 0) >= sent for tp, sent in self.player.sent().items())

    def settle(
        self, workers: Sequence[WorkerProcess], within_s: float = 90.0, straight: Traffic | None = None,
        *, instants: bool = True,
    ) -> None:  # fmt: skip
        """Wait until everything was said, stop in good order, compare.

        straight: the run to compare with. instants: whether there must be some.
        """
        straight = straight or self.traffic
        number = sum(map(len, straight.said.values()))
        until(lambda: len(confirmed(self.alerts.more())) >= number, within_s, workers)
        until(self.finished, within_s, workers)
        for worker in workers:
            assert worker.stop() == 0, worker.tail()
        assert by_tenant(confirmed(self.alerts.more())) == straight.said
        self._settled_instants(instants)
        found = learned(self.floors())
        want = straight.learned
        assert found.tenants == want.tenants
        assert found.late == want.late
        assert found.facts - found.copies == want.facts - want.copies

    def floors(self) -> list[Floor]:
        """The floors as their last snapshots have them."""
        return floors_of(asyncio.run(kept(self.configuration)), lambda: build_floor(self.configuration))

    def finished(self) -> bool:
        """Whether the snapshots know that no more comes, and nothing is left to close."""
        stand = committed(self.configuration)
        if any(stand.get(tp) != end for tp, end in self.logs.ends().items()):
            return False  # they do not stand at the end of their logs
        found = self.floors()
        done = [floor.tide.level().limit(0) == FOREVER and floor.close() is None for floor in found]
        return len(done) == self.configuration.settings.kafka.logs and all(done)

    def _settled_instants(self, expected: bool) -> None:
        """What was said before its slot closed was confirmed or withdrawn."""
        said = [json.loads(record.value) for record in self.alerts.records]
        provisional = {
            change["id"] for change in said if not change["confirmed"] and change["state"] == "open"
        }
        opened = {change["id"] for change in said if change["confirmed"] and change["state"] == "open"}
        withdrawn = {change["id"] for change in said if "withdrawn" in change["evidence"]}
        assert provisional or not expected
        assert provisional <= opened | withdrawn


def partitioned(configuration: Configuration, partitions: int) -> Configuration:
    """With so many partitions of each topic of events."""
    kafka = replace(configuration.settings.kafka, input_partitions=partitions)
    return replace(configuration, settings=replace(configuration.settings, kafka=kafka))


def equals_replay(
    configuration: Configuration, traffic: Traffic, folder: Path, partitions: int, workers: int, seed: int
) -> None:
    """Plays traffic out of order, with garbage between; fails where workers say what a replay does not."""
    print(f"SEED={seed}")
    assert traffic.learned.late == 0
    with Stage(partitioned(configuration, partitions), traffic, folder) as stage:
        running = [stage.worker(forked=number > 0) for number in range(workers)]
        stage.play(spoilt(shuffled(traffic.lines, seed), seed))
        stage.settle(running)
