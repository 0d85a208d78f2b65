"""Troubles of a worker's own that page: what moves, what does not, what is refused; plain numbers in."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping

from faust.types import TP

from streams.floor.floor import Floor
from streams.floor.origins import Tide
from streams.live.metrics import HasFloor
from streams.live.watchdog import Standstill
from streams.records.alerts import rfc3339
from streams.records.pages import Matter, matter
from streams.records.parcels import Origin
from streams.settings import Live

GAP_S = 60.0  # parcels that do not join for so long are no rebalance any more
BLIND_S = 10.0  # without a look for so long brokers were away: what stood meanwhile is no fault of its own
REJECT_WINDOW_S = 300.0
REJECT_LEAST = 100  # records in the window; of fewer one cannot say "most"
REJECT_SHARE = 0.5
HARDLY = 0.5  # of the share at which it began: there a page ends


class StuckOrigins:
    """Origins of one log that hold all others back and do not get on. after_s: for how long."""

    def __init__(self, after_s: float) -> None:
        self._still = Standstill(after_s)

    def look(self, tide: Tide, now: float) -> dict[Matter, str]:
        """Which they are. An origin at its end waits for nobody's fault."""
        positions, ends = {}, {}
        for origin in tide.expected or ():
            known = tide.progress.get(origin)
            positions[origin] = -1 if known is None else known.next
            at_end = known is not None and known.end == known.next
            ends[origin] = positions[origin] if at_end else positions[origin] + 1
        return {
            matter("stuck_origin", topic=o.topic, partition=o.partition): (
                f"{o.topic} partition {o.partition} does not get on and holds event time back"
            )
            for o in self._still.look(positions, ends, now)
        }


class Gaps:
    """Whether parcels of one log have not joined for a while: the count grew in each of the last looks."""

    def __init__(self) -> None:
        self._count, self._since, self._grew = 0, 0.0, 0.0

    def look(self, log: int, count: int, now: float) -> dict[Matter, str]:
        """count: parcels that did not join, ever."""
        if count > self._count:
            self._since = self._since if now - self._grew < GAP_S else now
            self._grew = now
        self._count = count
        if self._grew and now - self._grew < GAP_S and now - self._since >= GAP_S:
            return {matter("gap", log=log): f"log {log}: parcels do not join: facts before them are missing"}
        return {}


class Rejects:
    """Share of records of each topic that are no events, over the last minutes."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[tuple[float, int, int]]] = {}
        self._open: dict[str, None] = {}

    def look(self, totals: Mapping[str, tuple[int, int]], now: float) -> dict[Matter, str]:
        """totals: records and rejected ones of each topic, ever."""
        found: dict[Matter, str] = {}
        for topic, (records, rejected) in sorted(totals.items()):
            seen = self._seen.setdefault(topic, deque())
            seen.append((now, records, rejected))
            while now - seen[0][0] > REJECT_WINDOW_S:
                seen.popleft()
            came, refused = records - seen[0][1], rejected - seen[0][2]
            limit = REJECT_SHARE * (HARDLY if topic in self._open else 1.0)
            if came >= REJECT_LEAST and refused > limit * came:
                self._open[topic] = None
                share = round(100 * refused / came)
                found[matter("rejects", topic=topic)] = f"{share} % of the records of {topic} are no events"
            else:
                self._open.pop(topic, None)
        return found


class Watch:
    """All of them together, for one worker."""

    def __init__(self, live: Live) -> None:
        self._live, self._rejects = live, Rejects()
        self._looked = 0.0
        self._begin()
        self._gaps: dict[int, Gaps] = {}

    def _begin(self) -> None:
        """From now on, what does not move counts as standing."""
        self._standstill = Standstill(self._live.stalled_s)
        self._stuck: dict[int, StuckOrigins] = {}

    def stalled(
        self, positions: Mapping[TP, int], ends: Mapping[TP, int], now: float, excused: Collection[TP]
    ) -> list[TP]:
        """Partitions of this worker from which nothing is taken although something is there."""
        if now - self._looked > BLIND_S:
            self._begin()
        self._looked = now
        return self._standstill.look(positions, ends, now, excused)

    def look(
        self, logs: Mapping[int, HasFloor], totals: Mapping[str, tuple[int, int]], now: float
    ) -> dict[Matter, str]:
        """What is wrong, each with its summary. now: seconds of a steady clock."""
        found = self._rejects.look(totals, now)
        self._stuck = {log: self._stuck.get(log) or StuckOrigins(self._live.stuck_s) for log in logs}
        self._gaps = {log: self._gaps.get(log) or Gaps() for log in logs}
        for number, log in logs.items():
            found |= self._gaps[number].look(number, log.floor.counts.gaps, now) | parked(number, log.floor)
            if number == 0:  # all logs see all origins: one speaks for them
                found |= self._stuck[number].look(log.floor.tide, now)
        return found


def parked(log: int, floor: Floor) -> dict[Matter, str]:
    """Tenants of a log that stand aside."""
    return {
        matter("parked", log=log, tenant=tenant): (
            f"tenant {tenant} is not watched from {rfc3339(how.slot_start)} on: {how.fault}"
        )
        for tenant, how in floor.parked.items()
    }


def lost_records(lost: Iterable[tuple[Origin, int]]) -> dict[Matter, str]:
    """Records that were gone before they were read, by origin."""
    return {
        matter("lost", topic=origin.topic, partition=origin.partition): (
            f"{number} records of {origin.topic} partition {origin.partition} were gone before they were read"
        )
        for origin, number in lost
    }
