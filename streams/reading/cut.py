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
        self._open: dict[int, _Filling] = {}
        self._done: list[tuple[int, Parcel]] = []

    def add(self, log: int, record: Record, fact: Fact) -> None:
        """Puts one fact into its log's parcel, with its lag; then lets it lift the origin's highest time."""
        place, time = self._place, fact.time
        size = _size(record, fact)
        filling = self._open.get(log)
        if filling is None:
            filling = self._open[log] = _Filling()
        elif len(filling.entries) >= MAX_FACTS or filling.bytes + size > MAX_BYTES:
            self._close(log, filling, record.offset)
            filling = self._open[log] = _Filling()
        filling.bytes += size
        behind = place.highest - time
        filling.entries.append(Entry(record.offset, behind if behind > 0 else 0, fact))
        if behind < 0:
            until = record.timestamp
            place.highest = time if until is None or time <= until else max(place.highest, until)

    def finished(self, at_end: bool) -> list[tuple[int, Parcel]]:
        """All parcels; the last of each log ends where the batch does."""
        for log in sorted(self._open):
            self._close(log, self._open[log], self._place.position, at_end)
        return self._done

    def _close(self, log: int, filling: _Filling, stop: int, at_end: bool = False) -> None:
        parcel = next_parcel(self._origin, self._place, log, stop, at_end, entries=tuple(filling.entries))
        self._done.append((log, parcel))


class _Filling:
    """A parcel that is not full yet, and how many bytes its facts may take."""

    __slots__ = ("bytes", "entries")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.bytes = 0


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
