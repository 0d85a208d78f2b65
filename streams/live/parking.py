"""Parked tenants come back: each is read again from where it stands, aside, while its log goes on.

That is tried once after every restore of a log's snapshot: a restart with a mended program brings them back,
one with the same program finds the same fault and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams.floor.aside import Aside
from streams.floor.floor import Floor
from streams.live.batches import Fetched
from streams.live.compacted import consumer
from streams.live.log import Log
from streams.live.loops import sound

_log = structlog.get_logger()
NEAR = 500  # records that are read while the log itself waits: a fraction of a second
FETCH_MS = 500
RETRY_S = 5.0  # while brokers do not answer


class Parking:
    """Reads parked tenants again.

    build: what reads a tenant that is parked on a floor. step: takes one record into a floor, closes what may
    close, and sends what that says. mine: whether a log is still this worker's.
    """

    def __init__(
        self, connection: Mapping[str, Any], topic: str, build: Callable[[Floor, str], Aside],
        step: Callable[[Floor, Fetched], Awaitable[None]], mine: Callable[[int, Log], bool],
    ) -> None:  # fmt: skip
        self._connection, self._topic, self._build = connection, topic, build
        self._step, self._mine = step, mine
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self, logs: Mapping[int, Log]) -> None:
        """After an assignment: see to the tenants that stand on these logs, aside."""
        await self.end()
        for number, log in logs.items():
            if log.parked:
                task = sound("parking", self._read_again)(number, log)
                self._tasks.append(asyncio.create_task(task))

    async def end(self) -> None:
        """Wait until nothing is read any more; logs that are no longer this worker's are left at once."""
        tasks, self._tasks = self._tasks, []
        if tasks:
            await asyncio.wait(tasks)

    async def _read_again(self, number: int, log: Log) -> None:
        """All of a log, one after the other."""
        while log.parked and self._mine(number, log):
            tenant = log.parked[0]
            try:
                back = await self._follow(number, log, tenant)
            except (KafkaError, OSError) as fault:
                _log.warning("a parked tenant waits for brokers", log=number, fault=type(fault).__name__)
                await asyncio.sleep(RETRY_S)
                continue
            if self._mine(number, log):
                log.parked.remove(tenant)
                news = "a tenant is back" if back else "a tenant stays parked"
                _log.warning(news, log=number, tenant=tenant)

    async def _follow(self, number: int, log: Log, tenant: str) -> bool:
        """Read one tenant up to where its log stands, and put it back there. False: it raised again."""
        aside, tp = self._build(log.floor, tenant), TopicPartition(self._topic, number)
        async with consumer(self._connection) as client:
            at = await self._begin(client, tp, aside, log.floor.parked[tenant].position)
            while self._mine(number, log) and not aside.parked:
                if log.next - at > NEAR:
                    at = await self._some(client, tp, aside, at, log)
                    continue
                async with log.lock:
                    while at < log.next and not aside.parked and self._mine(number, log):
                        at = await self._some(client, tp, aside, at, log)
                    if not aside.parked and self._mine(number, log):
                        log.floor.bring_back(tenant, aside)
                        log.kept = min(log.kept, log.next - 1)  # what stands there has changed
                        return True
        return False

    async def _begin(self, client: AIOKafkaConsumer, tp: TopicPartition, aside: Aside, position: int) -> int:
        client.assign([tp])
        start: int = (await client.beginning_offsets([tp]))[tp]
        if position < start:  # it stood for longer than facts are kept
            _log.error("records lost", topic=tp.topic, partition=tp.partition, start=position, stop=start)
            aside.tide.allow_jumps()
        client.seek(tp, max(start, position))
        return max(start, position)

    async def _some(
        self, client: AIOKafkaConsumer, tp: TopicPartition, aside: Aside, at: int, log: Log
    ) -> int:
        """Take what one fetch brings, up to where the log stands. Returns the next offset."""
        found = await client.getmany(tp, timeout_ms=FETCH_MS, max_records=NEAR)
        for record in found.get(tp, ()):
            if record.offset >= log.next or aside.parked:
                client.seek(tp, at)
                break
            await self._step(aside, record)
            at = record.offset + 1
            await asyncio.sleep(0)  # the log itself goes first
        return at
