"""Uneven load and slow parts: everything waits for what is slow, and nothing is lost or late by that."""

from __future__ import annotations

import os
import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from kafka import TopicPartition
from msgspec.structs import replace

from streams.load import Configuration
from tests.integration.live import committed, free_ports, until
from tests.integration.oracle import Learned, Traffic, of_topics
from tests.integration.stage import Stage, partitioned
from tests.integration.wall import Live
from tests.streams.floor.test_poison import KEPT, turn

TURNS = 1_000_000
SLOW_FLOOR = """
import time
from streams.floor.floor import Floor
take = Floor.take
def slow(self, record, appended=0):
    time.sleep(0.004)
    return take(self, record, appended)
Floor.take = slow
"""
SLOW_READER = """
import asyncio
from streams.live.batches import BatchScheduler
from streams.live.reader_agent import ReaderAgent
BatchScheduler.most = 20
take = ReaderAgent.take
async def slow(self, batch):
    await asyncio.sleep(0.01)
    await take(self, batch)
ReaderAgent.take = slow
"""
STANDING_READER = """
import asyncio
from streams.live.reader_agent import ReaderAgent
take = ReaderAgent.take
async def stands(self, batch):
    if batch[0].offset > 0:
        await asyncio.sleep(3600)
    await take(self, batch)
ReaderAgent.take = stands
"""


def test_a_hot_partition_and_a_slow_floor(
    configuration: Configuration, traffic: Traffic, tmp_path: Path
) -> None:
    """All in one partition of each topic; the others stay empty, and hold nothing back in the end."""
    with Stage(configuration, traffic, tmp_path, into=1) as stage:
        workers = [stage.worker(before=SLOW_FLOOR), stage.worker(before=SLOW_FLOOR)]
        stage.play(traffic.lines)
        stage.settle(workers)
        assert all(ends[0] == ends[2] == 0 < ends[1] for ends in stage.player.ends.values())


def test_in_a_catch_up_topics_that_are_ahead_wait_and_nothing_is_late(
    configuration: Configuration, traffic: Traffic, tmp_path: Path
) -> None:
    """Two days wait to be read. Small topics would soon be a day ahead of the large one."""
    most, port = 40_000, free_ports(1)
    limits = replace(configuration.settings.limits, held_facts=most)
    narrow = replace(configuration, settings=replace(configuration.settings, limits=limits))
    with Stage(narrow, traffic, tmp_path, port=port) as stage:
        stage.play(traffic.lines).join()
        worker = stage.worker(before=SLOW_READER)
        with watching(port, "log_held_facts", "paused", "log_early_closings", "log_late") as seen:
            stage.settle([worker], within_s=120.0, straight=of_topics(narrow, traffic))
    assert seen["paused"] == 1
    assert 0 < seen["log_held_facts"] < most / 4  # without waiting it is half of all there is
    assert seen["log_early_closings"] == seen["log_late"] == 0


@contextmanager
def watching(port: int, *names: str) -> Iterator[dict[str, float]]:
    """The highest values of some metrics meanwhile."""
    seen, over = dict.fromkeys(names, 0.0), Event()

    def look() -> None:
        while not over.wait(0.2):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                shown = answer.read().decode()
                for name in names:
                    found = re.findall(rf"^floorwalker_{name}{{.*}} (\S+)$", shown, re.MULTILINE)
                    seen[name] = max([seen[name], *map(float, found)])

    thread = Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


@pytest.mark.skipif(not os.environ.get("SOAK"), reason="minutes long: make soak")
def test_a_conversation_of_a_million_turns(configuration: Configuration, tmp_path: Path) -> None:
    alone = partitioned(configuration, 1)
    nobody = tmp_path / "registry.json"
    nobody.write_text('{"tenants": {"shop": {}}}')
    empty = Traffic(tmp_path, nobody, [], {}, Learned({}, 0, 0, 0), 0)
    with Stage(alone, empty, tmp_path, snapshot_s=5.0) as stage:
        for start in range(0, TURNS, 10_000):
            stage.player.play([turn(number) for number in range(start, start + 10_000)])
        stage.player.finish()
        worker, begun = stage.worker(), time.monotonic()
        until(lambda: committed(alone).get(stage.player.hot(), 0) == TURNS, 600, [worker])
        until(stage.finished, 600, [worker])
        took, most = time.monotonic() - begun, peak_mb(worker.pid)
        assert worker.stop() == 0
        (floor,) = [one for one in stage.floors() if one.desks]
    print(f"{TURNS / took:,.0f} turns a second, {most:.0f} MB at the most")
    assert floor.counts.facts == TURNS
    assert len(floor.snapshot()) < KEPT
    assert most < 600


def peak_mb(pid: int) -> float:
    """The most memory that a process had."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def test_who_stands_still_pages_and_is_ended(live: Live) -> None:
    """A reader that takes nothing: the origin that it holds up pages; then the process ends, and says why."""
    live.set(stuck_s=2.0, stalled_s=20.0)
    worker = live.worker(before=STANDING_READER)
    until(live.ready, 30, [worker])
    live.say("helper", 9)
    until(lambda: live.said(signal="stuck_origin", state="open"), 30)
    topic = live.player.names.inputs[0]
    assert live.said(signal="stuck_origin")[0]["evidence"] == {"topic": topic, "partition": "0"}
    assert worker.wait(60) == 70
    assert '"reason": "consumer stalled"' in worker.tail(3)
    assert f"{topic}/0" in worker.tail(3)
    again = live.worker()
    until(lambda: live.committed().get(TopicPartition(topic, 0)) == 9, 30, [again])
    assert again.stop() == 0
