"""The replay of logs of facts: what live workers computed, once more, without a word of anybody's.

A floor is a function of its log, so every log goes through a floor of its own, as it was written: parcels,
controls, append times. Slots close where they closed live; other settings may be tried on the same facts.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge

import msgspec
from msgspec.structs import replace

from streams.errors import Stop
from streams.floor.counts import Counts
from streams.floor.floor import Floor
from streams.floor.watch import Closing
from streams.reading import Record
from streams.records.alerts import Alert
from streams.records.controls import Control, Mark, Origins, RegistryChange, VerdictGiven
from streams.records.parcels import LogRecord, Origin, Parcel, decode_record
from streams.replay.run import Outcome, Output, Progress, tell
from streams.replay.sources import Recorded, Window


class LogReplay:
    """One run over logs.

    floor: makes a floor for a log. controls: in force from the beginning, as a worker that starts reads them.
    replaced: registry changes in the logs are passed over. trim: what of a record is replayed.
    """

    def __init__(
        self,
        floor: Callable[[], Floor],
        logs: Sequence[Recorded],
        output: Output,
        *,
        controls: Iterable[Control] = (),
        replaced: bool = False,
        trim: Callable[[LogRecord], LogRecord] = lambda record: record,
        instants: bool = False,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._floors = [(floor(), log) for log in logs]
        self._output, self._instants, self._progress = output, instants, progress
        self._controls, self._replaced, self._trim = list(controls), replaced, trim
        self._records = self._reached = 0

    def run(self) -> Outcome:
        """Everything, from the first parcel to the closing of the last fact's slot."""
        wall, cpu = time.perf_counter(), time.process_time()
        closings = [self._closings(floor, log) for floor, log in self._floors]
        failed = 0
        for closing in merge(*closings, key=lambda closing: (closing.start, closing.tenant)):
            failed += len(closing.failed)
            tell(closing, self._output, self._instants)
        return Outcome(
            records=self._records,
            rejected=+Counter(internal=failed),
            counts=_sum([floor.counts for floor, _ in self._floors]),
            parked={name: parked for floor, _ in self._floors for name, parked in floor.parked.items()},
            cpu_s=time.process_time() - cpu,
            wall_s=time.perf_counter() - wall,
        )

    def _closings(self, floor: Floor, log: Recorded) -> Iterator[Closing]:
        follow = _Follow(floor, self._replaced)
        facts = 0
        for control in self._controls:
            floor.take(control)
        for record in log:
            for instant in follow.take(self._trim(_decoded(record)), record.timestamp or 0):
                if self._instants:
                    self._output.alert(instant)
            yield from _closed(floor)
            self._records += floor.counts.facts - facts
            facts = floor.counts.facts
            self._tell(follow)
        follow.finish()
        yield from _closed(floor)

    def _tell(self, follow: _Follow) -> None:
        self._reached = max(self._reached, follow.highest)
        done = sum(log.done for _, log in self._floors)
        self._progress(Progress(self._records, done, self._reached))


class _Follow:
    """Hands the records of one log to its floor, and remembers how far its origins are.

    replaced: registry changes of the log are left out.
    """

    def __init__(self, floor: Floor, replaced: bool) -> None:
        self._floor, self._replaced = floor, replaced
        self._ids: dict[str, str] = {}
        self._positions: dict[Origin, int] = {}
        self.highest = 0

    def take(self, record: LogRecord, appended: int) -> list[Alert]:
        """One record; returns instants."""
        if isinstance(record, Parcel):
            origin = record.origin
            self._ids[origin.topic] = origin.topic_id  # of a topic that was made anew, the newest counts
            self._positions[origin] = max(record.stop, self._positions.get(origin, 0))
            self.highest = max(self.highest, record.highest)
        elif isinstance(record, RegistryChange | VerdictGiven) and self._replaced:
            return []
        return self._floor.take(record, appended)

    def finish(self) -> None:
        """Nothing follows: all may close that still waits for more, or for origins that never spoke."""
        topics: dict[str, tuple[str, int]] = {}
        positions: dict[str, list[int]] = {}
        for topic, topic_id in sorted(self._ids.items()):
            seen = [o.partition for o in self._positions if (o.topic, o.topic_id) == (topic, topic_id)]
            origins = [Origin(topic, topic_id, number) for number in range(max(seen) + 1)]
            for origin in origins:
                if origin not in self._positions:
                    self._floor.take(Parcel(origin, 0, 0, 0))
            topics[topic] = (topic_id, len(origins))
            positions[topic] = [self._positions.get(origin, 0) for origin in origins]
        self._floor.take(Origins(id="replay", topics=topics))
        self._floor.take(Mark(id="replay-end", until=self.highest, positions=positions, last=True))


def within(record: LogRecord, window: Window) -> LogRecord:
    """What of a record happened within a window: no other facts, and no time behind its end."""
    last = window.stop
    if isinstance(record, Parcel):
        entries = tuple(entry for entry in record.entries if window.holds(entry.fact.time))
        highest = record.highest if last is None else min(record.highest, last)
        return replace(record, entries=entries, highest=highest)
    if isinstance(record, Mark) and last is not None and record.until >= last:
        return replace(record, until=last, last=False)
    return record


def _closed(floor: Floor) -> Iterator[Closing]:
    while (closing := floor.close()) is not None:
        yield closing


def _decoded(record: Record) -> LogRecord:
    try:
        return decode_record(record.value)
    except msgspec.MsgspecError:
        where = f"{record.topic}, partition {record.partition}, offset {record.offset}"
        raise Stop(f"{where}: not a record of a log of facts") from None


def _sum(counts: Sequence[Counts]) -> Counts:
    return Counts(**{name: sum(getattr(each, name) for each in counts) for name in Counts.__struct_fields__})
