"""Recorded events on topics: every partition is a source, read as it is asked for, in no consumer group.

A replay takes from each partition what it needs next: partitions are read unevenly, and only a bounded part
of each is held. What is read ends where the topic ended when the replay began.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from streams.broker import Topic, client_options, reaching
from streams.errors import Stop
from streams.load import Configuration
from streams.reading import Record
from streams.records.parcels import Origin
from streams.replay.sources import Window

AHEAD_BYTES = (
    64 << 20
)  # read and not yet replayed, all partitions together; some more while a poll is taken in
MIN_AHEAD_BYTES = 64 << 10  # of one partition: fewer would mean a poll for every few records
POLL_MS = 500
POLL_RECORDS = 2000
FETCH_BYTES = 16 << 20  # of one answer of a broker
PATIENCE_S = 60.0  # a partition that has records and yields none for so long will not
MILLI = 1000  # microseconds
LOG_APPEND_TIME = 1


class Partition:
    """One partition of a topic as a source: its records in `[start, end)` that a window takes.

    timestamps: whether records keep theirs; without, event time is bound by nothing else.
    """

    def __init__(
        self, feed: Feed, origin: Origin, start: int, end: int, window: Window, timestamps: bool = True
    ) -> None:
        self.origin, self.start, self.end = origin, start, end
        self.size, self.done = end - start, 0
        self._feed, self._window, self._timestamps = feed, window, timestamps

    def __iter__(self) -> Iterator[Record]:
        topic, partition, topic_id = self.origin.topic, self.origin.partition, self.origin.topic_id
        for found in self._feed.records(TopicPartition(topic, partition)):
            self.done = found.offset + 1 - self.start
            if self._passed(found):
                break
            stamp = found.timestamp * MILLI if found.timestamp >= 0 else None
            record = Record(
                topic, partition, found.offset, found.value or b"", tuple(found.headers), stamp, topic_id
            )
            if self._window.takes(record):
                yield record if self._timestamps else _untimed(record)
        self.done = self.size

    def _passed(self, found: Any) -> bool:
        """Whether all from here on was written too late: known only where the brokers stamp records."""
        window = self._window
        if not window.written or window.stop is None or found.timestamp_type != LOG_APPEND_TIME:
            return False
        return bool(found.timestamp * MILLI >= window.stop)


class Feed:
    """One consumer for many partitions, each read up to its end as it is asked for.

    Hungry partitions are assigned, all others taken away. To pause them would be the client's own way, but
    kafka-python 3.0.12 can lose sight of what it fetched for a paused partition, and then waits for ever.
    """

    def __init__(
        self, consumer: Any, starts: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
    ) -> None:
        self._consumer, self._ends = consumer, ends
        self._next = {tp: starts[tp] for tp in ends if starts[tp] < ends[tp]}
        self._waiting: dict[TopicPartition, deque[Any]] = {tp: deque() for tp in self._next}
        self._bytes = dict.fromkeys(self._next, 0)
        self._most = max(MIN_AHEAD_BYTES, AHEAD_BYTES // max(1, len(self._next)))
        self._assigned: list[TopicPartition] = []

    def records(self, tp: TopicPartition) -> Iterator[Any]:
        """The consumer's records of one partition, up to its end."""
        waiting = self._waiting.get(tp)
        if waiting is None:  # nothing is asked of it
            return
        while waiting or self._fill(tp):
            found = waiting.popleft()
            self._bytes[tp] -= len(found.value or b"")
            yield found

    def _fill(self, wanted: TopicPartition) -> bool:
        """Polls until a partition has something to give. False: it is at its end."""
        asked = monotonic()
        while not self._waiting[wanted]:
            if self._next[wanted] >= self._ends[wanted]:
                return False
            self._assign(wanted)
            found = self._consumer.poll(POLL_MS, max_records=POLL_RECORDS)
            for tp, records in found.items():
                self._keep(tp, records)
            for tp in self._assigned:
                # Positions, not counts: compaction and transactions leave gaps.
                self._next[tp] = self._consumer.position(tp)
            if found:
                asked = monotonic()
            elif monotonic() - asked > PATIENCE_S:
                raise Stop(f"{wanted.topic}, partition {wanted.partition}: no records for {PATIENCE_S:g} s")
        return True

    def _keep(self, tp: TopicPartition, records: Sequence[Any]) -> None:
        kept = [record for record in records if record.offset < self._ends[tp]]
        self._waiting[tp].extend(kept)
        self._bytes[tp] += sum(len(record.value or b"") for record in kept)

    def _assign(self, wanted: TopicPartition) -> None:
        """Sees to it that the wanted one is read, and none that has enough."""
        full = [tp for tp in self._assigned if not self._hungry(tp, self._most)]
        if wanted in self._assigned and not full:
            return
        self._assigned = [tp for tp in self._next if self._hungry(tp, self._most // 2)]
        self._consumer.assign(self._assigned)
        for tp in self._assigned:
            self._consumer.seek(tp, self._next[tp])

    def _hungry(self, tp: TopicPartition, most: int) -> bool:
        return self._bytes[tp] < most and self._next[tp] < self._ends[tp]


@contextmanager
def opened(
    configuration: Configuration,
    topics: Sequence[Topic],
    window: Window,
    *,
    timestamps: bool = True,
) -> Iterator[list[Partition]]:
    """All partitions of some topics as sources, as far as they reach now.

    timestamps: whether records keep theirs. Stop where the brokers cannot be reached.
    """
    with reaching(configuration):
        consumer = KafkaConsumer(
            **client_options(configuration),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            fetch_max_bytes=FETCH_BYTES,
        )
        try:
            origins = {
                TopicPartition(topic.name, number): Origin(topic.name, topic.id, number)
                for topic in topics
                for number in range(topic.partitions)
            }
            starts, ends = _bounds(consumer, list(origins), window)
            feed = Feed(consumer, starts, ends)
            yield [
                Partition(feed, origin, starts[tp], ends[tp], window, timestamps)
                for tp, origin in origins.items()
            ]
        finally:
            consumer.close(autocommit=False)


def _bounds(
    consumer: Any, partitions: list[TopicPartition], window: Window
) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    """First offset and end of each partition."""
    ends = consumer.end_offsets(partitions)  # before any search: what comes later is not of this replay
    if window.start is None:
        return consumer.beginning_offsets(partitions), ends
    since = max(0, window.start - (0 if window.written else window.early)) // MILLI
    # The first record that may be meant: timestamps need not rise, so later ones are looked at one by one.
    # None where the partition is empty, and where all of it was written before.
    found = consumer.offsets_for_times(dict.fromkeys(partitions, since))
    return {tp: ends[tp] if found[tp] is None else found[tp].offset for tp in partitions}, ends


def _untimed(record: Record) -> Record:
    return Record(
        record.topic, record.partition, record.offset, record.value, record.headers, None, record.topic_id
    )
