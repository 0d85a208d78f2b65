"""The seam of batch delivery on real Kafka: an upgrade of Faust that breaks what it leans on fails here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import faust
import pytest
from faust.types import TP
from kafka import KafkaProducer
from msgspec.structs import replace

from streams.broker import client_options
from streams.live.app import add_agent, build_app
from streams.live.batches import FETCH_WAIT_MS, MAX_RECORDS, Batch, BatchScheduler, Committed, commit, hold
from streams.live.topics import ensure
from streams.load import Configuration
from streams.settings import Live

RECORDS = 3000
WITHIN_S = 180.0
Taken = dict[TP, list[int]]


class Resumed:
    """Answers where to read from, and remembers what it was asked."""

    def __init__(self, positions: Mapping[TP, int] | None = None) -> None:
        self.positions, self.asked = dict(positions or {}), 0
        self.committed: Committed = {}

    async def __call__(self, assigned: frozenset[TP], committed: Committed) -> Mapping[TP, int]:
        self.asked += 1
        self.committed = committed
        return {tp: self.positions.get(tp, 0) for tp in assigned}


@pytest.fixture
def topic(configuration: Configuration) -> str:
    """A topic of three partitions with records that say their number."""
    name = configuration.settings.kafka.prefix + "cc.transcripts"
    ensure(configuration)
    producer = KafkaProducer(**client_options(configuration))
    for number in range(RECORDS):
        producer.send(name, b"%d" % number, partition=number % 3)
    producer.close()
    return name


@asynccontextmanager
async def running(
    configuration: Configuration, topic: str, take: Callable[[Batch], Awaitable[None]], resumed: Resumed
) -> AsyncIterator[faust.App]:
    live = replace(configuration.settings, live=Live(session_s=2.0))
    app = build_app(replace(configuration, settings=live), resumed)
    add_agent(app, "takes", (topic,), take)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


def collector(taken: Taken) -> Callable[[Batch], Awaitable[None]]:
    async def take(batch: Batch) -> None:
        assert 0 < len(batch) <= MAX_RECORDS
        assert {(r.topic, r.partition) for r in batch} == {(batch.topic, batch.partition)}
        taken.setdefault(TP(batch.topic, batch.partition), []).extend(r.offset for r in batch)

    return take


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not condition():
            await asyncio.sleep(0.05)


def number(taken: Taken) -> int:
    return sum(map(len, taken.values()))


def test_every_record_arrives_once_and_in_order(configuration: Configuration, topic: str) -> None:
    async def run() -> None:
        taken: Taken = {}
        async with running(configuration, topic, collector(taken), Resumed()):
            await until(lambda: number(taken) >= RECORDS)
        assert taken == {TP(topic, p): list(range(RECORDS // 3)) for p in range(3)}

    asyncio.run(run())


def test_a_full_queue_loses_nothing(
    configuration: Configuration, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BatchScheduler, "most", 5)  # makes ten times as many batches as the queue takes

    async def run() -> None:
        taken: Taken = {}
        collect = collector(taken)

        async def slow(batch: Batch) -> None:
            await asyncio.sleep(0.002)
            await collect(batch)

        async with running(configuration, topic, slow, Resumed()):
            await until(lambda: number(taken) >= RECORDS)
        assert all(offsets == list(range(RECORDS // 3)) for offsets in taken.values())

    asyncio.run(run())


def test_reading_resumes_where_it_is_told_wherever_the_commit_was(
    configuration: Configuration, topic: str
) -> None:
    async def run() -> None:
        first: Taken = {}
        async with running(configuration, topic, collector(first), Resumed()) as app:
            await until(lambda: number(first) >= RECORDS)
            assert await commit(app, {TP(topic, p): 900 for p in range(3)})
        again: Taken = {}
        resumed = Resumed({TP(topic, 0): 400, TP(topic, 1): 950})
        async with running(configuration, topic, collector(again), resumed):
            await until(lambda: number(again) >= 600 + 50 + 1000)
        assert set(resumed.committed.values()) == {900}
        assert {tp.partition: (offsets[0], offsets[-1]) for tp, offsets in again.items()} == {
            0: (400, 999),
            1: (950, 999),
            2: (0, 999),
        }

    asyncio.run(run())


def test_nothing_is_committed_unasked(configuration: Configuration, topic: str) -> None:
    async def run() -> None:
        taken: Taken = {}
        async with running(configuration, topic, collector(taken), Resumed()):
            await until(lambda: number(taken) >= RECORDS)
        resumed = Resumed()
        async with running(configuration, topic, collector({}), resumed):
            await until(lambda: resumed.asked)
        assert set(resumed.committed.values()) == {None}

    asyncio.run(run())


def test_a_partition_that_waits_loses_nothing(configuration: Configuration, topic: str) -> None:
    async def run() -> None:
        taken: Taken = {}
        waits = TP(topic, 1)
        async with running(configuration, topic, collector(taken), Resumed()) as app:
            hold(app, [waits])
            await until(lambda: number(taken) - len(taken.get(waits, [])) >= RECORDS * 2 // 3)
            hold(app, [])
            await until(lambda: number(taken) >= RECORDS)
        assert taken[waits] == list(range(RECORDS // 3))

    asyncio.run(run())


def test_a_missed_batch_shows(configuration: Configuration, topic: str) -> None:
    """Faust may drop what it has fetched; the batch after says where the missed one began."""

    async def run() -> None:
        starts: list[tuple[int, int]] = []

        async def take(batch: Batch) -> None:
            if batch.partition == 0:
                starts.append((batch.start, batch[0].offset))

        resumed = Resumed()
        async with running(configuration, topic, take, resumed) as app:
            await until(lambda: len(starts) >= 2)
            await app.consumer.seek_wait({TP(topic, 0): 10})
            seen = len(starts)
            await until(lambda: (10, 10) in starts[seen - 1 :])
        chain = [start for start, _ in starts]
        assert chain[0] == 0
        assert all(start <= offset for start, offset in starts)

    asyncio.run(run())


def test_fetches_wait_no_longer_than_stated(configuration: Configuration, topic: str) -> None:
    async def run() -> Any:
        async with running(configuration, topic, collector({}), Resumed()) as app:
            thread: Any = app.consumer
            return thread._thread._consumer._fetcher._fetch_max_wait_ms

    assert asyncio.run(run()) == FETCH_WAIT_MS
