"""Origins: how far each input partition is known, and up to which event time nothing more is expected.

An origin holds event time back at its highest time until it is idle (its end was seen and its time has not
risen for a while) or has passed a mark. Everything here comes from the log: positions and times from parcels,
"now" from the append times of the log's own records, so a restart decides the same again.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from streams.records.controls import Mark, Origins
from streams.records.parcels import Origin, Parcel

IDLE_US = 2_000_000  # long enough for a fetch round trip, short enough not to delay a quiet floor
UNKNOWN = -1
FOREVER = 2**62

Joined = Literal["taken", "unknown", "gap"]


class Progress(Struct, array_like=True, gc=False):
    """One origin. next: first position not read. highest: highest event time, microseconds, 0 before any.

    rose_at: append time at which `highest` last rose. end: last position shown to be the origin's end, and
    end_at: the append time of that news.
    """

    next: int = UNKNOWN
    highest: int = 0
    rose_at: int = 0
    end: int = UNKNOWN
    end_at: int = 0


class Level(Struct, frozen=True):
    """What holds slots back. waiting: lowest highest time of the origins that count, but for those that have
    passed the mark, of which `passed` is the lowest; FOREVER where there are none. until: the mark's time.
    newest: the highest of all origins.

    >>> Level(waiting=900).limit(lateness=120)
    780
    >>> Level(waiting=900, passed=300, until=600).limit(lateness=120)
    600
    """

    waiting: int = 0
    passed: int = FOREVER
    until: int = 0
    newest: int = 0

    def limit(self, lateness: int) -> int:
        """Slots that end at or before this time (microseconds) may close; FOREVER after the last mark.

        lateness: how long after its time an event may still come in time, microseconds.
        """
        held = self.waiting if self.waiting == FOREVER else self.waiting - lateness
        if self.passed == FOREVER:
            return held
        return min(held, max(self.passed - lateness, self.until))


class Tide(Struct):
    """All origins of one log.

    idle_rule: whether an origin at its end may be passed over by the wall clock; off for recorded traffic.
    now: highest append time seen. expected: the published set of origins, None before the first. mark: the
    newest mark. last: whether no more events follow.
    """

    idle_rule: bool = True
    now: int = 0
    progress: dict[Origin, Progress] = {}
    expected: list[Origin] | None = None
    mark: Mark | None = None

    def announce(self, control: Origins) -> None:
        """Take the published set of origins; it replaces the one before."""
        self.expected = [
            Origin(topic, topic_id, partition)
            for topic, (topic_id, partitions) in sorted(control.topics.items())
            for partition in range(partitions)
        ]

    def set_mark(self, mark: Mark) -> None:
        """Take a mark; marks only ever reach further."""
        if self.mark is None or (mark.last, mark.until) >= (self.mark.last, self.mark.until):
            self.mark = mark

    def join(self, parcel: Parcel, appended: int) -> tuple[Joined, int]:
        """Note what the parcel covers. Returns how it joins, and the first position that is news."""
        self.now = max(self.now, appended)
        known = self.progress.get(parcel.origin)
        joined: Joined = "taken"
        if known is None:
            known = self.progress[parcel.origin] = Progress(next=parcel.start)
            joined = "unknown"
        elif parcel.start > known.next and not parcel.lost:
            return "gap", parcel.stop
        news = known.next
        known.next = max(known.next, parcel.stop)
        if parcel.highest > known.highest:
            known.highest = parcel.highest
            known.rose_at = self.now
        if parcel.at_end and parcel.stop >= known.next:
            known.end, known.end_at = parcel.stop, self.now
        return joined, news

    def highest(self, origin: Origin) -> int:
        """Highest event time of the origin so far, microseconds."""
        known = self.progress.get(origin)
        return known.highest if known else 0

    def newest(self) -> int:
        """Highest event time of all origins."""
        return max((known.highest for known in self.progress.values()), default=0)

    def level(self) -> Level:
        """How far event time has come. Ask again after each record of the log."""
        if self.expected is None:
            return Level()
        waiting = passed = FOREVER
        for origin in self.expected:
            known = self.progress.get(origin)
            if known is None:
                return Level()
            if self._idle(known):
                continue
            if self.mark is not None and known.next >= _position(self.mark, origin):
                if known.highest < passed:
                    passed = known.highest
            elif known.highest < waiting:
                waiting = known.highest
        newest = self.newest()
        if waiting == passed == FOREVER:
            return Level(self._running_on(newest), newest=newest)
        return Level(waiting, passed, _reach(self.mark), newest)

    def _idle(self, known: Progress) -> bool:
        return (
            self.idle_rule
            and known.end == known.next
            and self.now - known.end_at <= IDLE_US
            and self.now - known.rose_at >= IDLE_US
        )

    def _running_on(self, newest: int) -> int:
        """All origins are idle: the newest event time, and the append time that went by since it came."""
        rose_at = max((known.rose_at for known in self.progress.values()), default=self.now)
        return newest + self.now - rose_at if newest else 0


def _reach(mark: Mark | None) -> int:
    if mark is None:
        return 0
    return FOREVER if mark.last else mark.until


def _position(mark: Mark, origin: Origin) -> int:
    positions = mark.positions.get(origin.topic, [])
    return positions[origin.partition] if origin.partition < len(positions) else FOREVER
