"""The straight replay: the same events through one reader and one floor, in order, nothing in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from streams.floor.floor import Floor
from streams.reading import Reader, Record
from streams.records.alerts import Alert, encode_alert
from streams.records.controls import Control, Mark, Origins
from streams.records.parcels import LogRecord, Origin

BATCH = 64
Told = dict[tuple[str, str, str], bytes]
"""Confirmed records by (id, state, at)."""


class Outcome(Struct, frozen=True):
    """What a straight run told, and what it knows at its end, by tenant."""

    told: Told
    learnt: dict[str, bytes]
    floor: Floor


def confirmed(alerts: Iterable[Alert]) -> Told:
    """Confirmed records without repeats; every repeat must have the same bytes."""
    found: Told = {}
    for alert in alerts:
        if alert.confirmed:
            row = encode_alert(alert)
            assert found.setdefault((alert.id, alert.state, alert.at), row) == row, "a repeat that differs"
    return found


def learnt(floors: Iterable[Floor]) -> dict[str, bytes]:
    """All that is known of each tenant: baselines, series, conversations, incidents."""
    return {tenant: desk.watch.snapshot() for floor in floors for tenant, desk in floor.desks.items()}


def origin_of(record: Record) -> Origin:
    """Where a record lies."""
    return Origin(record.topic, "", record.partition)


def straight(
    reader: Reader,
    floor: Floor,
    records: Sequence[Record],
    controls: Iterable[Control] = (),
    until: int | None = None,
) -> Outcome:
    """Read and take these records in their order; offsets ascend in each of their origins.

    until: event time to which slots close, microseconds; None: through the slot of the last event.
    """
    origins = sorted({origin_of(record) for record in records})
    topics = {o.topic: ("", 1 + o.partition) for o in origins}  # the last partition of each
    alerts: list[Alert] = []
    _take(floor, Origins(id="origins", topics=topics), alerts)
    for control in controls:
        _take(floor, control, alerts)
    for topic, (_, partitions) in topics.items():
        for partition in range(partitions):
            reader.seek(Origin(topic, "", partition), 0)
    for batch in _batches(records):
        for _, parcel in reader.take(origin_of(batch[0]), batch).parcels:
            _take(floor, parcel, alerts)
    for _, parcel in reader.progress():
        _take(floor, parcel, alerts)
    ends = {t: [reader.position(Origin(t, "", p)) for p in range(n)] for t, (_, n) in topics.items()}
    _take(floor, Mark(id="last", until=until or 0, positions=ends, last=until is None), alerts)
    return Outcome(confirmed(alerts), learnt([floor]), floor)


def again(floor: Floor, rows: Iterable[tuple[int, LogRecord]]) -> list[Alert]:
    """One floor over a log, from its beginning to its end."""
    alerts: list[Alert] = []
    for appended, record in rows:
        _take(floor, record, alerts, appended)
    return alerts


def _take(floor: Floor, record: LogRecord, alerts: list[Alert], appended: int = 0) -> None:
    alerts += floor.take(record, appended)
    while (closing := floor.close()) is not None:
        alerts += closing.changes


def _batches(records: Sequence[Record]) -> Iterable[list[Record]]:
    """Runs of records of one origin."""
    batch: list[Record] = []
    for record in records:
        if batch and (len(batch) >= BATCH or origin_of(batch[0]) != origin_of(record)):
            yield batch
            batch = []
        batch.append(record)
    if batch:
        yield batch
