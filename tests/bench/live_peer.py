"""The same job, or none, by other ways of reading topics: a process of its own, so that CPU time is its own.

    python -m tests.bench.live_peer READER JOB CONFIG REGISTRY EVENTS

READER: `bare` (aiokafka's getmany), `stock` (Faust as it comes, one event at a time), `batches` (Faust as the
worker has it). JOB: `whole` (reader and floor, in this process, no topic between) or `nothing`. Prints one
line of JSON: CPU and wall seconds, connecting included, and how many confirmed changes came out.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

import faust
import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from msgspec.structs import replace

from tests.bench import shipped  # noqa: F401 - before the next

# isort: split
from streams.broker import Topic
from streams.build import build_floor, build_reader
from streams.live.app import add_agent, build_app
from streams.live.batches import Batch
from streams.live.topics import ensure, origins
from streams.load import Configuration, load
from streams.reading import Record
from streams.records.alerts import encode_alert
from streams.records.controls import Mark
from streams.records.parcels import Origin
from streams.settings import Kafka


class Nothing:
    """Counts, and clocks until the last event; from the start, as all fetch ahead of what they hand over."""

    changes = 0

    def __init__(self, events: int) -> None:
        self._left = events
        self._cpu, self._wall = time.process_time(), time.monotonic()
        self.done = asyncio.Event()

    def take(self, topic: str, partition: int, records: Sequence[Any]) -> None:
        """Records of one partition."""
        self.work(topic, partition, records)
        self._left -= len(records)
        if self._left <= 0:
            self.finish()
            self._cpu, self._wall = time.process_time() - self._cpu, time.monotonic() - self._wall
            self.done.set()

    def work(self, topic: str, partition: int, records: Sequence[Any]) -> None:
        """The job itself."""

    def finish(self) -> None:
        """What remains to be done when all have come."""

    def spent(self) -> bytes:
        """As JSON."""
        return msgspec.json.encode({"cpu_s": self._cpu, "wall_s": self._wall, "changes": self.changes})


class Whole(Nothing):
    """Reader and floor."""

    def __init__(self, events: int, configuration: Configuration, topics: dict[str, Topic]) -> None:
        super().__init__(events)
        self._reader, self._floor = build_reader(configuration), build_floor(configuration)
        self._origins = origins(topics, configuration.settings.kafka)
        self._ids = {name: topic.id for name, topic in topics.items()}
        self._floor.take(self._origins)
        self._ends: dict[str, list[int]] = {name: [0] * n for name, (_, n) in self._origins.topics.items()}
        for topic, (topic_id, partitions) in self._origins.topics.items():
            for number in range(partitions):
                self._reader.seek(Origin(topic, topic_id, number), 0)
        self._tell()

    def work(self, topic: str, partition: int, records: Sequence[Any]) -> None:
        topic_id = self._ids[topic]
        batch = [Record(topic, partition, r.offset, r.value, (), None, topic_id) for r in records]
        self._ends[topic][partition] = records[-1].offset + 1
        for _, parcel in self._reader.take(Origin(topic, topic_id, partition), batch).parcels:
            self._floor.take(parcel)
        self._close()

    def finish(self) -> None:
        self._tell()
        self._floor.take(Mark(id="end", until=0, positions=self._ends, last=True))
        self._close()

    def _tell(self) -> None:
        for _, parcel in self._reader.progress():
            self._floor.take(parcel)

    def _close(self) -> None:
        while (closing := self._floor.close()) is not None:
            for change in closing.changes:
                encode_alert(change)
                self.changes += change.confirmed


async def bare(job: Nothing, configuration: Configuration) -> None:
    """A loop over getmany."""
    kafka = configuration.settings.kafka
    client = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, enable_auto_commit=False)
    await client.start()
    tps = [TopicPartition(name, n) for name in kafka.inputs() for n in range(kafka.input_partitions)]
    client.assign(tps)
    await client.seek_to_beginning(*tps)
    while not job.done.is_set():
        for tp, records in (await client.getmany(timeout_ms=500, max_records=5000)).items():
            job.take(tp.topic, tp.partition, records)
    await client.stop()


async def stock(job: Nothing, configuration: Configuration) -> None:
    """Faust without any change: raw bytes, an agent that takes one event after the other."""
    kafka = configuration.settings.kafka
    app = faust.App(
        _group(job, kafka), broker=f"kafka://{kafka.bootstrap}", topic_allow_declare=False,
        topic_disable_leader=True, consumer_auto_offset_reset="earliest", web_enabled=False,
        autodiscover=False, store="memory://", datadir=os.environ["DATADIR"],
    )  # fmt: skip
    channel = app.topic(*kafka.inputs(), value_serializer="raw", key_serializer="raw")

    @app.agent(channel)
    async def agent(stream: Any) -> None:
        async for event in stream.events():
            job.take(event.message.topic, event.message.partition, [event.message])

    await app.start()
    await job.done.wait()


async def batches(job: Nothing, configuration: Configuration) -> None:
    """Faust as the worker has it."""

    async def resume(assigned: frozenset[Any], _: Any) -> dict[Any, int]:
        return dict.fromkeys(assigned, 0)

    async def take(batch: Batch) -> None:
        job.take(batch.topic, batch.partition, batch)

    kafka = replace(configuration.settings.kafka, app=_group(job, configuration.settings.kafka))
    settings = replace(configuration.settings, kafka=kafka)
    app = build_app(replace(configuration, settings=settings), resume)
    add_agent(app, "peer", kafka.inputs(), take)
    await app.start()
    await job.done.wait()


def _group(job: Nothing, kafka: Kafka) -> str:
    """A group that nobody has read in."""
    return f"{kafka.app}-{type(job).__name__}-{os.getpid()}"


READERS = {"bare": bare, "stock": stock, "batches": batches}


async def run(reader: str, kind: str, config: str, registry: str, number: str) -> None:
    events = int(number)
    configuration = load(config, {}, registry)
    topics = ensure(configuration)
    job = Whole(events, configuration, topics) if kind == "whole" else Nothing(events)
    await READERS[reader](job, configuration)
    sys.stdout.buffer.write(job.spent() + b"\n")
    sys.stdout.flush()
    os._exit(0)  # leaving a group in good order is nobody's concern here


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:6]))
