"""Whole polls as Faust events: an agent gets up to 512 records of one partition at once.

Faust makes four tasks of every record. Its public setting `ConsumerScheduler` orders what a poll brought, and
here orders it into batches that look like one record each; all behind it stays Faust's own and runs once a
batch. Topics are declared with `acks=False` and `BatchSchema`: then Faust neither tracks nor commits them,
and no commit can run ahead of what a worker has finished.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Protocol, cast

import faust
from faust.transport.drivers import aiokafka as driver
from faust.transport.utils import DefaultSchedulingStrategy
from faust.types import TP

MAX_RECORDS = 512  # bounds how long one batch may hold the event loop: 512 x 15 µs = 8 ms
MAX_BYTES = 1 << 20  # with the queue's length bounds its memory: 64 batches are 64 MB
QUEUE_BATCHES = 64  # batches that wait for an agent
HELD_S = 0.1  # until it is looked again whether anything may be read
# A fetch that leaves while records of some partitions still wait here does not ask for more of these, and the
# next one leaves when it has returned: Faust would let it wait 1.5 s for partitions that are silent.
FETCH_WAIT_MS = 50
# A poll costs 1.2 ms of CPU however little it brings. 10 ms would save 5 % of a core, for 35 ms of latency.
LINGER_S = 0.005


class Fetched(Protocol):
    """A record as the consumer hands it over. timestamp: milliseconds since 1970, -1 where there is none."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class Batch(list[Fetched]):
    """Records of one partition that travel through Faust as one. `offset` is that of the last.

    start: where the batch before it ended, -1 where that is not known. A reader whose position is less has
    missed a batch: Faust drops some when it pauses or stops the flow.
    """

    __slots__ = ("start",)
    start: int
    key = None
    headers = ()
    checksum = None
    serialized_key_size = 0

    @property
    def value(self) -> Batch:
        """What the agent receives."""
        return self

    @property
    def topic(self) -> str:
        """Topic of all records."""
        return self[-1].topic

    @property
    def partition(self) -> int:
        """Partition of all records."""
        return self[-1].partition

    @property
    def offset(self) -> int:
        """Offset of the last record: what Faust takes for the position read."""
        return self[-1].offset

    @property
    def timestamp(self) -> int:
        """Milliseconds since 1970 of the last record."""
        return self[-1].timestamp

    @property
    def timestamp_type(self) -> int:
        """As the broker says; 1 where it is the time of appending."""
        return self[-1].timestamp_type

    @property
    def serialized_value_size(self) -> int:
        """Bytes of all values."""
        return sum(len(record.value or b"") for record in self)


def cut(
    records: Sequence[Fetched], start: int = -1, most: int = MAX_RECORDS, most_bytes: int = MAX_BYTES
) -> Iterator[Batch]:
    """Batches of at most `most` records and `most_bytes` of values; a longer record is a batch of its own.

    start: of the first batch.
    """
    batch, size, end = Batch(), 0, start
    batch.start = start
    for record in records:
        length = len(record.value or b"")
        if batch and (len(batch) >= most or size + length > most_bytes):
            yield batch
            end = batch.offset + 1
            batch, size = Batch(), 0
            batch.start = end
        batch.append(record)
        size += length
    if batch:
        yield batch


class BatchScheduler(DefaultSchedulingStrategy):
    """Orders what a poll brought into batches, round robin over the partitions."""

    most = MAX_RECORDS

    def __init__(self) -> None:
        self.fetched: dict[TP, int] = {}
        """Where the last batch of each partition ended, or where it was sought to."""

    def iterate(self, records: Mapping[TP, Sequence[Fetched]]) -> Iterator[tuple[TP, Any]]:
        """Partition and batch, in order of delivery."""
        rows: list[list[tuple[TP, Batch]]] = []
        for tp, found in records.items():
            key = TP(tp.topic, tp.partition)
            rows.append([(tp, batch) for batch in cut(found, self.fetched.get(key, -1), self.most)])
            self.fetched[key] = found[-1].offset + 1
        for row in zip_longest(*rows):
            yield from (batch for batch in row if batch is not None)


class BatchSchema(faust.Schema[Any, Any]):
    """Hands batches over as they are; whoever takes them decodes."""

    def loads_key(self, app: Any, message: Any, **_: Any) -> None:
        """Batches have no key."""

    def loads_value(self, app: Any, message: Any, **_: Any) -> Any:  # noqa: ARG002 - Faust's signature
        """The batch."""
        return message.value


Committed = Mapping[TP, int | None]
Resume = Callable[[frozenset[TP], Committed], Awaitable[Mapping[TP, int]]]


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Faust's thread, whose fetches return soon."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        client = super()._create_worker_consumer(transport)
        client._fetch_max_wait_ms = FETCH_WAIT_MS
        return client


class Consumer(driver.Consumer):
    """Faust's consumer, which after each rebalance resumes where `resume` says, wherever the commit was."""

    resume: Resume
    linger_s = LINGER_S
    held: frozenset[TP] = frozenset()
    """Partitions that wait. Faust's own pausing would drop what it has fetched of them but not delivered."""

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:
        """Waits a little first, so that a poll brings more."""
        if self.linger_s:
            await asyncio.sleep(self.linger_s)
        async for found in super().getmany(timeout):
            yield found

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:
        if not self.held or active_partitions is None:
            return await super()._getmany(active_partitions, timeout)
        going = {tp for tp in active_partitions if tp not in self.held}
        if not going:
            await asyncio.sleep(HELD_S)
            return {}
        return await super()._getmany(going, timeout)

    def on_buffer_full(self, tp: TP) -> None:
        """Faust would stop fetching and sleep for a second; the full queue itself holds the fetcher back."""

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Also remembers what was committed, for `resume`; None where nothing was."""
        found = await super().seek_to_committed()
        self.committed: Committed = {TP(tp.topic, tp.partition): offset for tp, offset in found.items()}
        return found

    async def perform_seek(self) -> None:
        """Runs after each rebalance before records flow, once or twice, and at times within a generation."""
        await super().perform_seek()
        assigned = frozenset(TP(tp.topic, tp.partition) for tp in self.assignment())
        positions = await self.resume(assigned, self.committed)
        if positions:
            await self.seek_wait(positions)

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Read on from other positions."""
        await super().seek_wait(partitions)
        cast(BatchScheduler, self.scheduler).fetched.update(partitions)


class Transport(driver.Transport):
    """Faust's transport with our consumer."""

    Consumer = Consumer


def install(app: faust.App, resume: Resume, linger_s: float = LINGER_S) -> None:
    """Makes an app deliver batches. resume: answers the position of every partition assigned.

    The app needs `ConsumerScheduler=BatchScheduler` and `stream_buffer_maxsize=QUEUE_BATCHES`.
    """
    own = type("Consumer", (Consumer,), {"resume": staticmethod(resume), "linger_s": linger_s})
    transport = type("Transport", (Transport,), {"Consumer": own})
    app.transport = transport(app.conf.broker_consumer, app)


def hold(app: faust.App, partitions: Iterable[TP]) -> None:
    """Let these partitions wait, and no others."""
    cast(Consumer, app.consumer).held = frozenset(partitions)


async def commit(app: faust.App, offsets: Mapping[TP, int]) -> bool:
    """Commit next-to-read offsets, after the producer is flushed. False: a rebalance is on."""
    return await cast(Consumer, app.consumer)._commit_offsets(offsets)
