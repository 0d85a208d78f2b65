"""Reading a topic from its beginning without a group: snapshots, controls, alerts."""

from __future__ import annotations

from asyncio import Event
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

FETCH_MS = 500  # how long one request waits for more
FETCH_BYTES = 8 << 20  # of one partition at once: few round trips for a large state


@asynccontextmanager
async def consumer(
    connection: Mapping[str, Any], begin: str = "latest"
) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of its own that commits nothing. connection: bootstrap_servers and security. begin: where it
    begins with partitions that it is not told where."""
    found = AIOKafkaConsumer(
        **connection, group_id=None, enable_auto_commit=False, max_partition_fetch_bytes=FETCH_BYTES,
        auto_offset_reset=begin,
    )  # fmt: skip
    await found.start()
    try:
        yield found
    finally:
        await found.stop()


async def ends(connection: Mapping[str, Any], topic: str, partitions: Collection[int]) -> dict[int, int]:
    """End offsets of partitions."""
    async with consumer(connection) as client:
        found = await client.end_offsets([TopicPartition(topic, number) for number in partitions])
    return {tp.partition: offset for tp, offset in found.items()}


async def read_to_end(
    connection: Mapping[str, Any], topic: str, partitions: Collection[int]
) -> AsyncIterator[Any]:
    """All records of partitions, up to where they ended when asked. By position: compaction leaves gaps."""
    tps = [TopicPartition(topic, number) for number in sorted(partitions)]
    async with consumer(connection) as client:
        client.assign(tps)
        await client.seek_to_beginning(*tps)
        stops = await client.end_offsets(tps)
        while any([await client.position(tp) < stops[tp] for tp in tps]):
            for records in (await client.getmany(timeout_ms=FETCH_MS)).values():
                for record in records:
                    yield record


async def read_on(
    connection: Mapping[str, Any], topic: str, take: Callable[[bytes | None], None], caught_up: Event
) -> None:
    """Hand on every record of a topic from its beginning, and what comes, until cancelled.

    caught_up: set when all has been handed on that was there at first.
    """
    async with consumer(connection, "earliest") as client:
        client.subscribe([topic])
        stops: dict[TopicPartition, int] = {}
        while True:
            for records in (await client.getmany(timeout_ms=FETCH_MS)).values():
                for record in records:
                    take(record.value)
            if not caught_up.is_set():
                stops = stops or await client.end_offsets(list(client.assignment()))
                if stops and all([await client.position(tp) >= stop for tp, stop in stops.items()]):
                    caught_up.set()
