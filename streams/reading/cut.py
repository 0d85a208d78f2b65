"""Cutting: the facts of one batch become parcels, one chain of them per origin and log."""

from __future__ import annotations

from streams.reading.record import Record
from streams.records.facts import Fact
from streams.records.parcels import MAX_BYTES, MAX_FACTS, Entry, Origin, Parcel, encode_record

PLAIN_BYTES = 1024  # up to here an event's own length is a good enough bound of its fact's
OVERHEAD_BYTES = 192  # numbers that are longer in MessagePack than in JSON; the entry around the fact


class Place:
    """How far one origin is: read (`position`, `highest`), and told, per log (`sent`)."""

    __slots__ = ("highest", "position", "sent")

    def __init__(self, position: int, logs: int) -> None:
        self.position, self.highest, self.sent = position, 0, [position] * logs


class Cut:
    """The parcels of one batch: fills one per log, closes it when full."""

    def __init__(self, origin: Origin, place: Place) -> None:
        self._origin, self._place = origin, place
        self._open: dict[int, list[Entry]] = {}
        self._bytes: dict[int, int] = {}
        self._done: list[tuple[int, Parcel]] = []

    def add(self, log: int, record: Record, fact: Fact) -> None:
        """Puts one fact into its log's parcel, with its lag; then lets it lift the origin's highest time."""
        place, time = self._place, fact.time
        size = _size(record, fact)
        entries = self._open.get(log)
        if entries is None:
            entries = self._open[log] = []
            self._bytes[log] = 0
        elif len(entries) >= MAX_FACTS or self._bytes[log] + size > MAX_BYTES:
            self._close(log, entries, record.offset)
            entries = self._open[log] = []
            self._bytes[log] = 0
        self._bytes[log] += size
        entries.append(Entry(record.offset, max(0, place.highest - time), fact))
        if record.timestamp is not None and time > record.timestamp:
            time = record.timestamp
        place.highest = max(place.highest, time)

    def finished(self, at_end: bool) -> list[tuple[int, Parcel]]:
        """All parcels; the last of each log ends where the batch does."""
        for log in sorted(self._open):
            self._close(log, self._open[log], self._place.position, at_end)
        return self._done

    def _close(self, log: int, entries: list[Entry], stop: int, at_end: bool = False) -> None:
        parcel = next_parcel(self._origin, self._place, log, stop, at_end, entries=tuple(entries))
        self._done.append((log, parcel))


def next_parcel(
    origin: Origin,
    place: Place,
    log: int,
    stop: int,
    at_end: bool = False,
    lost: bool = False,
    entries: tuple[Entry, ...] = (),
) -> Parcel:
    """The parcel from where the previous one to this log ended, up to `stop`."""
    start, place.sent[log] = place.sent[log], stop
    return Parcel(origin, start, stop, place.highest, at_end, lost, entries)


def _size(record: Record, fact: Fact) -> int:
    """Upper bound of a fact's bytes: its words come from the record, where they were no shorter."""
    length = len(record.value)
    if length <= PLAIN_BYTES and not record.headers:
        return length + OVERHEAD_BYTES
    return len(encode_record(fact)) + OVERHEAD_BYTES  # long texts make short facts: ask the encoder
