"""Reader: cuts what one process reads into parcels, one chain of them per origin and log.

Every parcel covers the positions from where the previous one to its log ended, so a log sees each position
of an origin exactly once, whether or not anything there was meant for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

from detectors.structs import Frozen
from streams.reading.cut import Cut, Place, next_parcel
from streams.reading.decode import decode
from streams.reading.features import fact_of
from streams.reading.record import ReadLimits, Record, Secrets
from streams.reading.reject import Flaw, Rejection
from streams.records.facts import Fact
from streams.records.parcels import Origin, Parcel

TENANTS = 4096  # names whose log is remembered


def read(record: Record, secrets: Secrets, limits: ReadLimits) -> Fact | Rejection:
    """The fact of one record, or why there is none. Never raises, whatever the bytes."""
    try:
        event, time = decode(record, limits)
        return fact_of(event, time, secrets)
    except Flaw as flaw:
        return Rejection(flaw.reason, flaw.field, flaw.detail, record.topic, record.partition, record.offset)
    except Exception as fault:  # a poisonous record must not stop the stream
        return Rejection("internal", "", type(fault).__name__, record.topic, record.partition, record.offset)


@lru_cache(maxsize=TENANTS)
def log_of(tenant: str, logs: int) -> int:
    """The log of a tenant, 0 .. logs - 1: the same in every process and version."""
    digest = blake2b(tenant.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % logs


class Taken(Frozen):
    """What came of one batch: parcels with the log that each goes down, in order, and rejections."""

    parcels: list[tuple[int, Parcel]]
    rejections: list[Rejection]


class Reader:
    """Turns batches of records into parcels. Pure: sends nothing, knows no clock.

    read_one: one record -> fact or rejection. logs: how many. start: committed positions; an origin that is
    not among them starts at 0. What has been taken counts as sent: when a send fails, end the process.
    """

    def __init__(
        self,
        read_one: Callable[[Record], Fact | Rejection],
        logs: int,
        start: Mapping[Origin, int] | None = None,
    ) -> None:
        if logs < 1:
            raise ValueError("a reader needs at least one log")
        self._read_one, self._logs = read_one, logs
        self._places = {origin: Place(position, logs) for origin, position in (start or {}).items()}

    def origins(self) -> list[Origin]:
        """Those that it reads."""
        return sorted(self._places)

    def position(self, origin: Origin) -> int:
        """The next offset that this reader expects of an origin."""
        return self._place(origin).position

    def highest(self, origin: Origin) -> int:
        """Highest event time read of an origin, microseconds; 0 before any."""
        return self._place(origin).highest

    def take(
        self, origin: Origin, records: Sequence[Record], stop: int | None = None, at_end: bool = False
    ) -> Taken:
        """Parcels of the facts in a batch, for the logs that get any.

        records: ascending offsets; those before the position are repeats and are skipped. stop: position
        behind the batch, where it lies behind the last record (compaction, transactions leave gaps).
        at_end: a broker answer showed `stop` to be the origin's end.
        """
        place = self._place(origin)
        cut = Cut(origin, place)
        rejections: list[Rejection] = []
        for record in records:
            if record.offset < place.position:
                continue
            found = self._read_one(record)
            place.position = record.offset + 1
            if isinstance(found, Rejection):
                rejections.append(found)
            else:
                cut.add(log_of(found.tenant, self._logs), record, found)
        place.position = max(place.position, stop or 0)
        return Taken(cut.finished(at_end), rejections)

    def progress(self, at_end: Collection[Origin] = ()) -> list[tuple[int, Parcel]]:
        """One empty parcel per origin and log: how far this reader is. at_end: origins read to their end."""
        told: list[tuple[int, Parcel]] = []
        for origin in sorted(self._places):
            place = self._places[origin]
            told += [
                (log, next_parcel(origin, place, log, place.position, at_end=origin in at_end))
                for log in range(self._logs)
            ]
        return told

    def seek(self, origin: Origin, position: int) -> None:
        """Goes on at another position, as a reader would that starts there: what it read before is void."""
        self._places[origin] = Place(position, self._logs)

    def release(self, origin: Origin) -> None:
        """Forgets an origin that another reader takes over."""
        self._places.pop(origin, None)

    def lost(self, origin: Origin, start: int, stop: int) -> list[tuple[int, Parcel]]:
        """Says in every log that `[start, stop)` no longer exists, and goes on at `stop`.

        start: this reader's position; ValueError otherwise, or where nothing is lost.
        """
        place = self._place(origin)
        if start != place.position or stop <= start:
            raise ValueError(f"lost must start at {place.position} and end behind it, not [{start}, {stop})")
        told: list[tuple[int, Parcel]] = []
        for log in range(self._logs):
            if place.sent[log] < start:
                told.append((log, next_parcel(origin, place, log, start)))
            told.append((log, next_parcel(origin, place, log, stop, lost=True)))
        place.position = stop
        return told

    def _place(self, origin: Origin) -> Place:
        place = self._places.get(origin)
        if place is None:
            place = self._places[origin] = Place(0, self._logs)
        return place
