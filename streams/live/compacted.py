"""Reading a topic to its end without a group: snapshots, controls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

FETCH_MS = 500  # how long one request waits for more
FETCH_BYTES = 8 << 20  # of one partition at once: few round trips for a large state


@asynccontextmanager
async def consumer(connection: Mapping[str, Any]) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of its own that commits nothing. connection: bootstrap_servers and security."""
    found = AIOKafkaConsumer(
        **connection, group_id=None, enable_auto_commit=False, max_partition_fetch_bytes=FETCH_BYTES
    )
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
