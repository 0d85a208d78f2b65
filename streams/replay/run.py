"""The replay: recorded events through the same reader and floor as live, in one process, no topic between.

The result is that of live processing of the same events: closings do not depend on how sources interleave,
and no clock is read but to tell how long it took.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from streams.errors import ConfigError
from streams.floor.counts import Counts
from streams.floor.floor import Floor
from streams.floor.kept import Parked
from streams.floor.watch import Closing
from streams.reading import Reader, Record, Rejection
from streams.records.alerts import Alert
from streams.records.controls import Change, Mark, Origins
from streams.records.facts import MICROS
from streams.records.parcels import MAX_FACTS, Origin
from streams.records.readings import Readings
from streams.records.registry import MAX_LATENESS_S
from streams.replay.sources import Numbered, Recorded, batches
from streams.sinks.deadletters import UNPLACED

MARK_EVERY_US = 600 * MICROS  # how often slots may pass a source that has ended or not begun, event time
# An event this far behind the others of its source is late for every tenant, whatever was closed before it.
BEHIND_US = 2 * int(MAX_LATENESS_S) * MICROS


class Output(Protocol):
    """Where a replay tells what it found."""

    def alert(self, change: Alert) -> None:
        """One change of an alert, in order."""

    def rejected(self, rejection: Rejection) -> None:
        """A line that is no event."""

    def drawn(self, readings: Readings) -> None:
        """What a closed slot looked like, where that was asked for."""


class Progress(Struct, frozen=True):
    """How far a replay is. done: of the sources; reached: highest event time, microseconds (0: none)."""

    records: int
    done: int
    reached: int


class Outcome(Struct, frozen=True, kw_only=True):
    """What went through a finished replay. parked: tenants that were not watched to the end; cpu_s, wall_s:
    seconds it took."""

    records: int
    rejected: Counter[str]
    counts: Counts
    parked: dict[str, Parked]
    cpu_s: float
    wall_s: float


class Replay:
    """One run over recorded events.

    controls: registry changes, in force from their own times. instants: also tell what was said before its
    slot closed. progress: called after each batch.
    """

    def __init__(
        self,
        reader: Reader,
        floor: Floor,
        sources: Sequence[Recorded],
        output: Output,
        *,
        controls: Iterable[Change] = (),
        instants: bool = False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._reader, self._floor = reader, floor
        self._sources, self._output, self._controls = sources, output, controls
        self._instants, self._progress = instants, progress
        self._origins = [source.origin for source in sources]
        if len(set(self._origins)) < len(self._origins):
            raise ConfigError(_repeated(sources), "this source is named twice")
        self._rejected: Counter[str] = Counter()
        self._records = self._reached = self._marked = 0

    def run(self) -> Outcome:
        """Everything, from the first line to the closing of the last event's slot."""
        wall, cpu = time.perf_counter(), time.process_time()
        self._begin()
        for batch in batches(self._sources, MAX_FACTS):
            self._take(batch)
            if len(self._sources) > 1 and self._reached >= self._marked + MARK_EVERY_US:
                self._mark()
            self._close()
            self._progress(self._state())
        self._mark(last=True)
        self._close()
        return Outcome(
            records=self._records,
            rejected=+self._rejected,
            counts=self._floor.counts,
            parked=self._floor.parked,
            cpu_s=time.process_time() - cpu,
            wall_s=time.perf_counter() - wall,
        )

    def _begin(self) -> None:
        topics = {name: (group[0].topic_id, len(group)) for name, group in self._topics().items()}
        self._floor.take(Origins(id="replay", topics=topics))
        for control in self._controls:
            self._floor.take(control)
        for source in self._sources:
            self._reader.seek(source.origin, source.start)
        self._tell()

    def _topics(self) -> dict[str, list[Origin]]:
        """All partitions of each topic, in order."""
        topics: dict[str, list[Origin]] = {}
        for origin in sorted(self._origins):
            topics.setdefault(origin.topic, []).append(origin)
        return topics

    def _take(self, batch: list[Numbered]) -> None:
        """Through the reader, source by source, and on to the floor."""
        by_source: dict[int, list[Record]] = {}
        for source, record in batch:
            by_source.setdefault(source, []).append(record)
        for source, records in by_source.items():
            taken = self._reader.take(self._origins[source], records)
            for rejection in taken.rejections:
                self._rejected[rejection.reason] += 1
                self._output.rejected(rejection)
            for _, parcel in taken.parcels:
                self._reached = max(self._reached, parcel.highest)
                for instant in self._floor.take(parcel):
                    if self._instants:
                        self._output.alert(instant)
        self._records += len(batch)

    def _mark(self, last: bool = False) -> None:
        """Lets slots pass sources that have ended, or that begin later than others: nothing older follows."""
        self._tell()
        positions = {
            name: [self._reader.position(origin) for origin in group]
            for name, group in self._topics().items()
        }
        mark = f"replay-{'end' if last else self._reached}"
        self._floor.take(Mark(id=mark, until=self._reached - BEHIND_US, positions=positions, last=last))
        self._marked = self._reached

    def _tell(self) -> None:
        """How far each source is, those included of which the last lines held no event."""
        for _, parcel in self._reader.progress():
            self._floor.take(parcel)

    def _close(self) -> None:
        while (closing := self._floor.close()) is not None:
            self._rejected["internal"] += len(closing.failed)
            tell(closing, self._output, self._instants)

    def _state(self) -> Progress:
        read = sum(source.done for source in self._sources)
        return Progress(self._records, read, self._reached)


def tell(closing: Closing, output: Output, instants: bool) -> None:
    """What a closing changed; of what was said at once and is withdrawn only where that is told, too.

    Events that could not be folded are told as rejected; where they lie, a floor no longer knows.
    """
    for failed in closing.failed:
        output.rejected(Rejection("internal", "", failed.fault, "", UNPLACED, UNPLACED))
    for change in closing.changes:
        if change.confirmed or instants:
            output.alert(change)
    if closing.readings is not None:
        output.drawn(closing.readings)


def _repeated(sources: Sequence[Recorded]) -> str:
    return Counter(source.origin.topic for source in sources).most_common(1)[0][0]
