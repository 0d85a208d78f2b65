"""Parcels: every position once per log, times that never fall, lags as read, limits kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.reading import Reader, ReadLimits, Record, Rejection, Secrets, log_of, read
from streams.records.facts import Dims, Fact, Passed
from streams.records.parcels import MAX_BYTES, MAX_FACTS, Origin, Parcel, decode_record, encode_record

LOGS = 4
FILE = Origin("events")
OTHER = Origin("events", "", 1)


def read_one(record: Record) -> Fact | Rejection:
    """`tenant time`, or nothing that can be read."""
    tenant, _, time = record.value.decode().partition(" ")
    if not time:
        return Rejection("not_json", "", "must be JSON", record.topic, record.partition, record.offset)
    return Passed(
        time=int(time),
        phase=0,
        turn=0,
        source="s",
        id=str(record.offset),
        tenant=tenant,
        dims=Dims(source="s"),
        step="started",
    )


def record(offset: int, tenant: str = "a", time: int = 1, timestamp: int | None = None) -> Record:
    return Record("events", 0, offset, f"{tenant} {time}".encode(), (), timestamp)


def reader(logs: int = LOGS, **start: int) -> Reader:
    return Reader(read_one, logs, {Origin(topic): position for topic, position in start.items()})


def chain(parcels: Sequence[tuple[int, Parcel]], log: int, origin: Origin = FILE) -> list[Parcel]:
    return [parcel for to, parcel in parcels if to == log and parcel.origin == origin]


def test_parcel_starts_at_the_committed_position_and_ends_where_the_batch_does() -> None:
    taken = reader(logs=1, events=40).take(FILE, [record(41), record(45)], stop=50, at_end=True)
    [(log, parcel)] = taken.parcels
    assert (log, parcel.start, parcel.stop, parcel.at_end) == (0, 40, 50, True)
    assert [entry.offset for entry in parcel.entries] == [41, 45]


def test_without_stop_the_batch_ends_behind_its_last_record() -> None:
    one = reader(logs=1)
    assert one.take(FILE, [record(3)]).parcels[0][1].stop == 4
    assert one.take(FILE, []).parcels == []
    assert one.position(FILE) == 4


def test_only_logs_with_facts_get_a_parcel_and_its_start_reaches_back() -> None:
    one = reader()
    here, there = log_of("a", LOGS), log_of("b", LOGS)
    assert here != there
    assert [log for log, _ in one.take(FILE, [record(0, "a")]).parcels] == [here]
    [(log, parcel)] = one.take(FILE, [record(1, "b")]).parcels
    assert (log, parcel.start, parcel.stop) == (there, 0, 2)


def test_lag_is_the_distance_to_the_highest_time_read_before() -> None:
    one = reader(logs=1)
    parcel = one.take(FILE, [record(n, time=time) for n, time in enumerate([10, 30, 25, 30, 31, 5])]).parcels[
        0
    ][1]
    assert [entry.lag for entry in parcel.entries] == [0, 0, 5, 0, 0, 26]
    assert parcel.highest == 31
    assert one.take(FILE, [record(6, time=11)]).parcels[0][1].entries[0].lag == 20


def test_lag_crosses_tenants_but_not_origins() -> None:
    one = reader()
    one.take(FILE, [record(0, "a", 100)])
    assert one.take(FILE, [record(1, "b", 40)]).parcels[0][1].entries[0].lag == 60
    assert one.take(OTHER, [record(0, "b", 40)]).parcels[0][1].entries[0].lag == 0


def test_event_lifts_the_highest_time_no_further_than_its_record() -> None:
    one = reader(logs=1)
    fast = [
        record(0, time=100, timestamp=70),
        record(1, time=60, timestamp=70),
        record(2, time=90, timestamp=95),
    ]
    parcel = one.take(FILE, fast).parcels[0][1]
    assert [entry.lag for entry in parcel.entries] == [0, 10, 0]
    assert parcel.highest == 90


def test_rejections_come_back_and_their_positions_are_covered() -> None:
    bad = Record("events", 0, 1, b"?")
    taken = reader(logs=1).take(FILE, [record(0), bad])
    assert [rejection.offset for rejection in taken.rejections] == [1]
    assert taken.parcels[0][1].stop == 2
    only = reader(logs=1)
    assert only.take(FILE, [Record("events", 0, 0, b"?")]).parcels == []
    assert only.progress()[0][1].stop == 1


def test_repeats_are_skipped() -> None:
    one = reader(logs=1)
    one.take(FILE, [record(0), record(1)])
    [(_, parcel)] = one.take(FILE, [record(0), record(1), record(2)]).parcels
    assert (parcel.start, [entry.offset for entry in parcel.entries]) == (2, [2])


def test_progress_tells_each_origin_to_each_log() -> None:
    one = reader(logs=2, events=5)
    one.take(OTHER, [record(9, time=77)])
    told = one.progress(at_end={OTHER})
    assert [(log, parcel.origin) for log, parcel in told] == [(0, FILE), (1, FILE), (0, OTHER), (1, OTHER)]
    assert [(parcel.stop, parcel.highest, parcel.at_end) for _, parcel in told] == [(5, 0, False)] * 2 + [
        (10, 77, True)
    ] * 2
    assert {parcel.start for _, parcel in one.progress()} == {5, 10}
    assert not any(parcel.entries for _, parcel in told)


def test_seek_starts_anew() -> None:
    one = reader(logs=1)
    one.take(FILE, [record(0, time=100)])
    one.seek(FILE, 0)
    parcel = one.take(FILE, [record(0, time=40)]).parcels[0][1]
    assert (parcel.start, parcel.highest, parcel.entries[0].lag) == (0, 40, 0)


def test_released_origin_is_told_no_more() -> None:
    one = reader(logs=1, events=5)
    one.release(FILE)
    assert one.progress() == []


def test_lost_positions_are_told_to_every_log_behind_what_was_read() -> None:
    one = reader(events=10)
    here = log_of("a", LOGS)
    one.take(FILE, [record(10, "a", 50)])
    told = one.lost(FILE, 11, 20)
    for log in range(LOGS):
        parts = [(parcel.start, parcel.stop, parcel.lost) for parcel in chain(told, log)]
        assert parts == ([] if log == here else [(10, 11, False)]) + [(11, 20, True)]
    assert {parcel.start for _, parcel in one.take(FILE, [record(20)]).parcels} == {20}
    with pytest.raises(ValueError, match="lost"):
        one.lost(FILE, 30, 40)


def test_parcels_keep_the_number_of_facts() -> None:
    parcels = [parcel for _, parcel in reader(logs=1).take(FILE, [record(n) for n in range(1100)]).parcels]
    assert [len(parcel.entries) for parcel in parcels] == [MAX_FACTS, MAX_FACTS, 1100 - 2 * MAX_FACTS]
    assert [(parcel.start, parcel.stop) for parcel in parcels] == [(0, 512), (512, 1024), (1024, 1100)]


def test_parcels_keep_the_number_of_bytes() -> None:
    action = {
        "type": "action",
        "time": "2026-04-09T07:03:29Z",
        "source": "é" * 1024,
        "conversation": "€" * 1024,
        "call": "😀" * 1024,
        "name": "n",
        "status": "ok",
        "data": ["😀" * 256] * 256,
    }
    limits, secrets = ReadLimits(), Secrets.public()
    values = [json.dumps(action | {"id": str(n)}, ensure_ascii=False).encode() for n in range(5)]
    values += [json.dumps(action | {"id": str(n), "data": []}).encode() for n in range(300)]
    one = Reader(lambda record: read(record, secrets, limits), 1)
    taken = one.take(FILE, [Record("events", 0, n, value) for n, value in enumerate(values)])
    assert not taken.rejections
    sizes = [len(encode_record(parcel)) for _, parcel in taken.parcels]
    assert len(sizes) > 3
    assert max(sizes) < MAX_BYTES + 1024
    assert sum(len(parcel.entries) for _, parcel in taken.parcels) == 305


def test_log_of_a_tenant_is_the_same_everywhere() -> None:
    assert [log_of(tenant, 8) for tenant in ("A", "B", "default", "")] == [6, 2, 2, 4]


def test_a_reader_needs_a_log() -> None:
    with pytest.raises(ValueError, match="log"):
        Reader(read_one, 0)


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("take"),
            st.lists(
                st.tuples(
                    st.integers(1, 3),  # to the next offset: brokers leave gaps
                    st.sampled_from(["a", "b", "e", "g", "?"]),
                    st.integers(0, 1000),
                    st.none() | st.integers(0, 1000),
                ),
                max_size=8,
            ),
            st.integers(0, 3),
        ),
        st.tuples(st.just("progress")),
        st.tuples(st.just("lost"), st.integers(1, 9)),
    ),
    max_size=12,
)


def _play(steps: Sequence[tuple[object, ...]]) -> tuple[list[tuple[int, Parcel]], dict[int, int]]:
    """All parcels, and the log of each offset that became a fact."""
    one, sent, due, position = reader(events=100), [], {}, 100
    for kind, *rest in steps:
        if kind == "take":
            batch = []
            for gap, tenant, time, timestamp in rest[0]:  # type: ignore[attr-defined]
                offset = position + gap - 1
                value = b"?" if tenant == "?" else f"{tenant} {time}".encode()
                batch.append(Record("events", 0, offset, value, (), timestamp))
                if tenant != "?":
                    due[offset] = log_of(tenant, LOGS)
                position = offset + 1
            position += rest[1]  # type: ignore[operator]
            sent += one.take(FILE, batch, stop=position).parcels
        elif kind == "progress":
            sent += one.progress()
        else:
            sent += one.lost(FILE, position, position + rest[0])  # type: ignore[operator]
            position += rest[0]  # type: ignore[operator]
    return sent + one.progress(), due


@settings(deadline=None, max_examples=200)
@given(STEPS)
def test_each_log_sees_each_position_once_and_no_time_falls(steps: Sequence[tuple[object, ...]]) -> None:
    sent, due = _play(steps)
    for log in range(LOGS):
        parcels = chain(sent, log)
        assert parcels[0].start == 100
        for before, after in pairwise(parcels):
            assert after.start == before.stop
            assert after.highest >= before.highest
        seen = [entry.offset for parcel in parcels for entry in parcel.entries]
        assert seen == sorted(offset for offset, to in due.items() if to == log)
        for parcel in parcels:
            assert all(parcel.start <= entry.offset < parcel.stop for entry in parcel.entries)
            assert all(entry.lag >= 0 for entry in parcel.entries)
            assert decode_record(encode_record(parcel)) == parcel
    assert len({chain(sent, log)[-1].stop for log in range(LOGS)}) == 1
