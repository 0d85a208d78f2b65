"""The replay: files through the same reader and floor as live, in one process, with no topic in between.

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
from streams.floor.floor import Counts, Floor
from streams.reading import Reader, Record, Rejection
from streams.records.alerts import Alert
from streams.records.controls import Mark, Origins, RegistryChange
from streams.records.facts import MICROS
from streams.records.parcels import MAX_FACTS, Origin
from streams.records.registry import MAX_LATENESS_S
from streams.replay.sources import Line, Source, batches

MARK_EVERY_US = 600 * MICROS  # how often slots may pass a source that has ended or not begun, event time
# An event this far behind the others of its source is late for every tenant, whatever was closed before it.
BEHIND_US = 2 * int(MAX_LATENESS_S) * MICROS


class Output(Protocol):
    """Where a replay tells what it found."""

    def alert(self, change: Alert) -> None:
        """One change of an alert, in order."""

    def rejected(self, rejection: Rejection) -> None:
        """A line that is no event."""


class Progress(Struct, frozen=True):
    """How far a replay is. read_bytes: of its files; reached: highest event time, microseconds (0: none)."""

    records: int
    read_bytes: int
    reached: int


class Outcome(Struct, frozen=True, kw_only=True):
    """What went through a finished replay. cpu_s, wall_s: seconds it took."""

    records: int
    rejected: Counter[str]
    counts: Counts
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
        sources: Sequence[Source],
        output: Output,
        *,
        controls: Iterable[RegistryChange] = (),
        instants: bool = False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._reader, self._floor = reader, floor
        self._sources, self._output, self._controls = sources, output, controls
        self._instants, self._progress = instants, progress
        self._origins = [Origin(source.name) for source in sources]
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
            rejected=self._rejected,
            counts=self._floor.counts,
            cpu_s=time.process_time() - cpu,
            wall_s=time.perf_counter() - wall,
        )

    def _begin(self) -> None:
        self._floor.take(Origins(id="replay", topics={origin.topic: ("", 1) for origin in self._origins}))
        for control in self._controls:
            self._floor.take(control)
        for origin in self._origins:
            self._reader.seek(origin, 0)
        self._tell()

    def _take(self, batch: list[Line]) -> None:
        """Through the reader, source by source, and on to the floor."""
        by_source: dict[int, list[Record]] = {}
        for line in batch:
            record = Record(self._origins[line.source].topic, 0, line.offset, line.value)
            by_source.setdefault(line.source, []).append(record)
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
        positions = {origin.topic: [self._reader.position(origin)] for origin in self._origins}
        mark = f"replay-{'end' if last else self._reached}"
        self._floor.take(Mark(id=mark, until=self._reached - BEHIND_US, positions=positions, last=last))
        self._marked = self._reached

    def _tell(self) -> None:
        """How far each source is, those included of which the last lines held no event."""
        for _, parcel in self._reader.progress():
            self._floor.take(parcel)

    def _close(self) -> None:
        while (closing := self._floor.close()) is not None:
            for change in closing.changes:
                if change.confirmed or self._instants:
                    self._output.alert(change)

    def _state(self) -> Progress:
        read = sum(source.read_bytes for source in self._sources)
        return Progress(self._records, read, self._reached)


def _repeated(sources: Sequence[Source]) -> str:
    return Counter(source.name for source in sources).most_common(1)[0][0]
