"""Reading partitions as they are asked for, on a client that holds its records in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka import TopicPartition

from streams.errors import Stop
from streams.records.parcels import Origin
from streams.replay import kafka_source
from streams.replay.kafka_source import Feed, Partition
from streams.replay.sources import Window

A, B = TopicPartition("t", 0), TopicPartition("t", 1)


class Found(NamedTuple):
    offset: int
    value: bytes | None = b"x" * 100
    timestamp: int = -1
    timestamp_type: int = 0
    headers: Sequence[tuple[str, bytes]] = ()


class Consumer:
    """Gives one record of each assigned partition a poll; positions pass over gaps, as the client's do."""

    def __init__(self, records: dict[TopicPartition, list[Found]], ends: dict[TopicPartition, int]) -> None:
        self._records, self._ends = records, ends
        self._at: dict[TopicPartition, int] = {}
        self.polls = self.most_assigned = 0

    def assign(self, partitions: list[TopicPartition]) -> None:
        self._at = {}
        self.most_assigned = max(self.most_assigned, len(partitions))
        assert len(set(partitions)) == len(partitions)
        for tp in partitions:
            self._at[tp] = -1

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self._at[tp] = offset

    def position(self, tp: TopicPartition) -> int:
        return self._at[tp]

    def poll(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Found]]:  # noqa: ARG002
        self.polls += 1
        found: dict[TopicPartition, list[Found]] = {}
        for tp, at in self._at.items():
            ahead = [record for record in self._records[tp] if record.offset >= at]
            if ahead:
                found[tp] = ahead[:1]
                self._at[tp] = ahead[0].offset + 1
            else:
                self._at[tp] = max(at, self._ends[tp])
        return found


def feed(records: dict[TopicPartition, list[int]], ends: dict[TopicPartition, int]) -> tuple[Feed, Consumer]:
    consumer = Consumer({tp: [Found(offset) for offset in offsets] for tp, offsets in records.items()}, ends)
    return Feed(consumer, dict.fromkeys(ends, 0), ends), consumer


def test_a_partition_ends_where_it_ended_gaps_or_not() -> None:
    reading, _ = feed({A: [0, 1, 5, 8, 9], B: []}, {A: 8, B: 4})
    assert [record.offset for record in reading.records(A)] == [0, 1, 5]
    assert list(reading.records(B)) == []


def test_an_empty_partition_is_not_asked_for() -> None:
    reading, consumer = feed({A: [], B: []}, {A: 0, B: 0})
    assert list(reading.records(A)) == []
    assert consumer.polls == 0


def test_what_is_read_ahead_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_source, "AHEAD_BYTES", 0)
    monkeypatch.setattr(kafka_source, "MIN_AHEAD_BYTES", 1000)
    many = list(range(500))
    reading, consumer = feed({A: many, B: many}, {A: 500, B: 500})
    assert [record.offset for record in reading.records(A)] == many
    assert len(reading._waiting[B]) <= 11
    assert consumer.most_assigned == 2
    assert [record.offset for record in reading.records(B)] == many


@given(
    st.sets(st.integers(0, 60)),
    st.sets(st.integers(0, 60)),
    st.integers(0, 61),
    st.lists(st.booleans(), max_size=200),
)
def test_however_two_are_read_nothing_is_lost_or_doubled(
    a: set[int], b: set[int], end: int, turns: list[bool]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kafka_source, "AHEAD_BYTES", 0)
        patch.setattr(kafka_source, "MIN_AHEAD_BYTES", 350)
        reading, _ = feed({A: sorted(a), B: sorted(b)}, {A: end, B: 61})
        both = {tp: reading.records(tp) for tp in (A, B)}
        told: dict[TopicPartition, list[int]] = {A: [], B: []}
        for turn in turns:
            tp = A if turn else B
            told[tp] += [record.offset for record in [next(both[tp], None)] if record is not None]
        for tp, rest in both.items():
            told[tp] += [record.offset for record in rest]
    assert told == {A: sorted(offset for offset in a if offset < end), B: sorted(b)}


def test_a_partition_that_yields_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stuck(Consumer):
        def position(self, tp: TopicPartition) -> int:  # noqa: ARG002 - it never moves
            return 0

    monkeypatch.setattr(kafka_source, "PATIENCE_S", 0.01)
    reading = Feed(Stuck({A: []}, {A: 5}), {A: 0}, {A: 5})
    with pytest.raises(Stop, match=r"t, partition 0: no records for 0\.01 s"):
        list(reading.records(A))


EVENT = b'{"time":"1970-01-01T00:00:%02dZ"}'


def partition(records: list[Found], window: Window, timestamps: bool = True) -> list[tuple[int, int | None]]:
    end = len(records)
    reading = Feed(Consumer({A: records}, {A: end}), {A: 0}, {A: end})
    source = Partition(reading, Origin("t", "id", 0), 0, end, window, timestamps)
    found = list(source)
    assert source.done == source.size
    assert all((record.topic, record.partition, record.topic_id) == ("t", 0, "id") for record in found)
    return [(record.offset, record.timestamp) for record in found]


def test_records_keep_their_timestamps_or_not() -> None:
    records = [Found(0, None, 1500, 1, [("h", b"v")]), Found(1, b"", -1)]
    assert partition(records, Window()) == [(0, 1_500_000), (1, None)]
    assert partition(records, Window(), timestamps=False) == [(0, None), (1, None)]


def test_a_window_is_of_event_time_else_of_writing() -> None:
    records = [
        Found(0, EVENT % 10, 99_000),
        Found(1, EVENT % 30, 20_000),
        Found(2, b"?", 20_000),
        Found(3, b"?"),
    ]
    window = Window(start=5_000_000, stop=25_000_000)
    assert [offset for offset, _ in partition(records, window)] == [0, 2]
    written = Window(start=5_000_000, stop=25_000_000, written=True)
    assert [offset for offset, _ in partition(records, written)] == [1, 2]


def test_what_brokers_stamp_is_not_read_past_the_window() -> None:
    records = [Found(n, EVENT % n, n * 1000, 1) for n in range(20)]
    written = Window(stop=5_000_000, written=True)
    assert [offset for offset, _ in partition(records, written)] == [0, 1, 2, 3, 4]
