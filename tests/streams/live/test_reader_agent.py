"""The reader's shell against a producer that acknowledges when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

import pytest
from faust.types import TP

from streams.build import build_reader
from streams.live.failpoints import Failpoints
from streams.live.metrics import Metrics
from streams.live.names import Names
from streams.live.outbox import Outbox
from streams.live.reader_agent import ReaderAgent
from streams.load import load
from streams.records.parcels import Origin, Parcel, decode_record
from streams.settings import Kafka

LOGS = 3
TWO = {TP("cc.actions", 0): 7, TP("cc.actions", 1): 0}


class Slow:
    """A producer that acknowledges nothing by itself."""

    def __init__(self) -> None:
        self.sent: list[tuple[int | None, Parcel]] = []
        self.waiting: list[asyncio.Future[Any]] = []

    async def send(
        self, _topic: str, _key: bytes | None, value: bytes | None, partition: int | None,
        _timestamp: float | None, _headers: Any,
    ) -> Awaitable[Any]:  # fmt: skip
        found = decode_record(value or b"")
        assert isinstance(found, Parcel)
        self.sent.append((partition, found))
        self.waiting.append(asyncio.get_running_loop().create_future())
        return self.waiting[-1]

    def acknowledge(self) -> None:
        for future in self.waiting:
            future.set_result(None)
        self.waiting = []


async def nowhere(_: Mapping[TP, int]) -> None:
    raise AssertionError("nothing is missing")


def agent(producer: Slow, *, wall: bool) -> ReaderAgent:
    outbox = Outbox()
    outbox.connect(producer)
    return ReaderAgent(
        build_reader(load(None, {}), LOGS), outbox, Names.of(Kafka()), {"cc.actions": "id"}, nowhere,
        Failpoints(), Metrics(), timestamps=wall,
    )  # fmt: skip


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize("wall", [True, False])
def test_every_log_has_heard_where_an_origin_begins_before_its_first_facts(wall: bool) -> None:
    async def run() -> None:
        producer = Slow()
        reader = agent(producer, wall=wall)
        assigning = asyncio.create_task(reader.assign(TWO))
        await turns()
        hello = [
            (log, Parcel(Origin(tp.topic, "id", tp.partition), at, at, 0))
            for tp, at in TWO.items()
            for log in range(LOGS)
        ]
        assert producer.sent == hello
        assert not assigning.done()
        producer.acknowledge()
        await assigning
        assert reader.positions() == TWO

    asyncio.run(run())


@pytest.mark.parametrize(("wall", "news"), [(True, LOGS), (False, 0)])
def test_the_hello_need_not_be_said_twice_but_the_end_by_the_clock(wall: bool, news: int) -> None:
    async def run() -> None:
        producer = Slow()
        reader = agent(producer, wall=wall)
        assigning = asyncio.create_task(reader.assign(TWO))
        await turns()
        producer.acknowledge()
        await assigning
        told = len(producer.sent)
        telling = asyncio.create_task(reader.tell({TP("cc.actions", 0): 9, TP("cc.actions", 1): 3}))
        await turns()
        assert telling.done()
        assert len(producer.sent) == told  # nothing was read, and neither is at its end
        for _ in range(2):
            telling = asyncio.create_task(reader.tell({TP("cc.actions", 0): 7, TP("cc.actions", 1): 3}))
            await turns()
            producer.acknowledge()
            await telling
        assert len(producer.sent) == told + LOGS + news

    asyncio.run(run())
