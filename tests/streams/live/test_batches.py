from __future__ import annotations

from collections.abc import Sequence

from faust.types import TP
from msgspec import Struct

from streams.live.batches import Batch, BatchScheduler, Fetched, cut


class Plain(Struct):
    topic: str
    partition: int
    offset: int
    value: bytes | None = b"x"
    key: bytes | None = None
    timestamp: int = 7
    timestamp_type: int = 1
    headers: Sequence[tuple[str, bytes]] = ()


def fetched(*offsets: int, partition: int = 0, size: int = 1) -> list[Fetched]:
    return [Plain("t", partition, offset, b"x" * size) for offset in offsets]


def test_a_batch_is_cut_by_number_and_by_bytes() -> None:
    assert [len(batch) for batch in cut(fetched(*range(10)), most=4)] == [4, 4, 2]
    assert [len(batch) for batch in cut(fetched(*range(4), size=10), most_bytes=25)] == [2, 2]
    assert [len(batch) for batch in cut(fetched(0, 1, 2, size=100), most_bytes=25)] == [1, 1, 1]
    assert list(cut([])) == []


def test_a_batch_looks_like_its_last_record() -> None:
    (batch,) = cut(fetched(3, 4, 9))
    assert (batch.topic, batch.partition, batch.offset, batch.timestamp, batch.value) == ("t", 0, 9, 7, batch)
    assert batch.serialized_value_size == 3


def test_every_batch_says_where_the_one_before_ended() -> None:
    scheduler = BatchScheduler()
    scheduler.fetched[TP("t", 0)] = 3
    scheduler.most = 2
    tp = TP("t", 0)
    found: list[Batch] = [batch for _, batch in scheduler.iterate({tp: fetched(3, 4, 7, 8)})]
    found += [batch for _, batch in scheduler.iterate({tp: fetched(11)})]
    assert [(batch.start, batch.offset) for batch in found] == [(3, 4), (5, 8), (9, 11)]


def test_partitions_take_turns() -> None:
    scheduler = BatchScheduler()
    scheduler.most = 1
    records = {TP("t", p): fetched(0, 1, partition=p) for p in (0, 1)}
    assert [(tp.partition, batch.offset) for tp, batch in scheduler.iterate(records)] == [
        (0, 0),
        (1, 0),
        (0, 1),
        (1, 1),
    ]
