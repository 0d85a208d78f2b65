"""The reader's shell: batches of five topics become parcels in the logs; then, once a second, a commit.

Committed is a position only when every log has acknowledged all up to it: the parcels, and one record that
tells each log how far the reader is, so that the next reader's parcels join. Dead letters too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping

import structlog
from faust.types import TP
from msgspec import Struct

from streams.live.batches import Batch, Fetched
from streams.live.ending import end
from streams.live.failpoints import Failpoints
from streams.live.metrics import Metrics
from streams.live.names import Names
from streams.live.outbox import Outbox
from streams.reading import Reader, Record
from streams.records.parcels import Origin, Parcel, encode_record
from streams.sinks.deadletters import written

_log = structlog.get_logger()


class Place(Struct):
    """One origin that this worker reads. sought: a batch was missed and is being read again.
    told: position, and whether it was the end, as all logs last heard it."""

    origin: Origin
    sought: bool = False
    told: tuple[int, bool] | None = None


class ReaderAgent:
    """Reads the origins that are assigned to this worker.

    topic_ids: of the input topics. timestamps: whether records' own timestamps, and the clock, count; off
    for recorded traffic. seek: reads on from other positions.
    """

    def __init__(
        self,
        reader: Reader,
        outbox: Outbox,
        names: Names,
        topic_ids: Mapping[str, str],
        seek: Callable[[Mapping[TP, int]], Awaitable[None]],
        failpoints: Failpoints,
        metrics: Metrics,
        *,
        timestamps: bool = True,
    ) -> None:
        self._reader, self._outbox, self._names, self._ids = reader, outbox, names, topic_ids
        self._failpoints, self._metrics = failpoints, metrics
        self._timestamps, self._seek = timestamps, seek
        self._lock = asyncio.Lock()
        self.places: dict[TP, Place] = {}

    # -- what is ours --------------------------------------------------------------------------------------

    async def assign(self, committed: Mapping[TP, int]) -> None:
        """Read these partitions from these positions; what was read before and not committed is void.

        Returns when every log has heard where each begins. A log that had not, and that loses the first
        parcel to a timeout, would take the second one for the beginning.
        """
        async with self._lock:
            for origin in self._reader.origins():
                self._reader.release(origin)
            self.places = {}
            for tp, position in sorted(committed.items()):
                origin = Origin(tp.topic, self._ids[tp.topic], tp.partition)
                self._reader.seek(origin, position)
                self.places[tp] = Place(origin, told=(position, False))
            await self._send(self._reader.progress())
            await self._outbox.settled()

    def positions(self) -> dict[TP, int]:
        """The next offset of each partition."""
        return {tp: self._reader.position(place.origin) for tp, place in self.places.items()}

    def highest(self) -> dict[TP, int]:
        """Highest event time read of each partition, microseconds; 0 before any."""
        return {tp: self._reader.highest(place.origin) for tp, place in self.places.items()}

    # -- reading -------------------------------------------------------------------------------------------

    async def take(self, batch: Batch) -> None:
        """Send what a batch holds. Returns before it is acknowledged."""
        async with self._lock:
            place = self.places.get(TP(batch.topic, batch.partition))
            if place is None:  # revoked while it waited in the queue
                return
            position = self._reader.position(place.origin)
            if batch.start > position:
                await self._again(place, TP(batch.topic, batch.partition), position)
                return
            place.sought = False
            taken = self._reader.take(place.origin, [self._record(found) for found in batch])
            self._metrics.read(place.origin, len(batch), taken)
            for key, letter in written(taken.rejections, self._ids):
                await self._outbox.send(self._names.deadletters, letter, key)
            sent = await self._send(taken.parcels)
        if sent:
            sent[-1].add_done_callback(lambda _: self._failpoints.passed("parcel_sent"))

    async def _again(self, place: Place, tp: TP, position: int) -> None:
        if not place.sought:
            place.sought = True
            await self._seek({tp: position})

    def _record(self, found: Fetched) -> Record:
        stamped = self._timestamps and found.timestamp >= 0
        return Record(
            found.topic,
            found.partition,
            found.offset,
            found.value or b"",
            tuple(found.headers),
            found.timestamp * 1000 if stamped else None,
            self._ids[found.topic],
        )

    async def _send(self, parcels: Iterable[tuple[int, Parcel]]) -> list[asyncio.Future[object]]:
        topic = self._names.facts
        return [
            await self._outbox.send(topic, encode_record(parcel), partition=log) for log, parcel in parcels
        ]

    # -- committing ----------------------------------------------------------------------------------------

    async def tell(self, ends: Mapping[TP, int]) -> dict[TP, int]:
        """Tell every log how far each origin is; returns positions that may be committed, all acknowledged.

        ends: ends of partitions, just answered by the broker.
        """
        async with self._lock:
            positions = self.positions()
            at_end = {p.origin for tp, p in self.places.items() if ends.get(tp, -1) == positions[tp]}
            news = self._news(at_end)
            parcels = self._reader.progress(at_end)
            await self._send((log, parcel) for log, parcel in parcels if parcel.origin in news)
        await self._outbox.settled()
        return positions

    def _news(self, at_end: Collection[Origin]) -> set[Origin]:
        """Origins of which there is something to tell. By the wall clock the end is news every time."""
        news: set[Origin] = set()
        for place in self.places.values():
            told = (self._reader.position(place.origin), place.origin in at_end)
            if told != place.told or (self._timestamps and told[1]):
                news.add(place.origin)
            place.told = told
        return news

    async def release(self) -> dict[TP, int]:
        """Before a rebalance or the end: as `tell`, and take no more."""
        async with self._lock:
            positions = self.positions()
            await self._send(self._reader.progress())
            self.places = {}
        await self._outbox.settled()
        return positions

    async def lose(self, starts: Mapping[TP, int]) -> list[tuple[Origin, int]]:
        """Say that what lies before these offsets, and was never read, is gone. Returns how much it is."""
        found: list[tuple[Origin, int]] = []
        async with self._lock:
            for tp, start in starts.items():
                place = self.places.get(tp)
                position = start if place is None else self._reader.position(place.origin)
                if place is not None and position < start:
                    _log.error(
                        "records lost", topic=tp.topic, partition=tp.partition, start=position, stop=start
                    )
                    self._metrics.lost(place.origin, start - position)
                    await self._send(self._reader.lost(place.origin, position, start))
                    found.append((place.origin, start - position))
        return found

    def guard(self, ends: Mapping[TP, int]) -> None:
        """A position behind a topic's end: another topic has its name now. End before reading that."""
        for tp, position in self.positions().items():
            if 0 <= ends.get(tp, -1) < position:
                end("topic shrank", topic=tp.topic, partition=tp.partition, position=position, end=ends[tp])

    def ahead(self, low: int, most: int) -> Collection[TP]:
        """Partitions that are more than `most` microseconds of event time ahead of `low`."""
        if not low:
            return ()
        return [tp for tp, highest in self.highest().items() if highest > low + most]
