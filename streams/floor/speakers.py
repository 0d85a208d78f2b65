"""Speakers: the sources of one tenant, and which of them is silent when it should speak."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from detectors.base import Verdict
from detectors.calendar import Calendar
from detectors.quiet import Pulse, Quiet
from streams.floor.incidents import Incidents
from streams.records.facts import MICROS
from streams.records.readings import Eyes, Sight
from streams.records.registry import Tenant

DETECTOR = "quiet/1"
WORST_FIRST: tuple[Sight, ...] = ("blind", "warming", "frozen", "learning")


class Speakers:
    """One gap watch per source. entry: the tenant's part of the registry, for opening hours. most: sources
    watched; for others `hit` is told."""

    def __init__(self, incidents: Incidents, wanted: bool, most: int, hit: Callable[[str], None]) -> None:
        self._incidents, self._wanted, self._most, self._hit = incidents, wanted, most, hit
        self._quiet: dict[str, Quiet] = {}
        self._last = 0
        self.entry = Tenant()

    def arrive(self, source: str, time: int) -> None:
        """A conversation or a survey came from this source."""
        quiet = self._quiet.get(source)
        if quiet is None:
            if len(self._quiet) >= self._most:
                self._hit("tenant_sources")
                return
            quiet = self._quiet[source] = Quiet()
        calendar = self.entry.calendar(source)
        quiet.arrive(time, calendar.hour_of_week(time))
        incident = self._incidents.find("silence", {"source": source})
        if incident is not None:
            self._incidents.resolve(incident, time, "it speaks again")

    def begin_anew(self, source: str) -> None:
        """This source will speak otherwise: what was learnt of it is forgotten."""
        if source in self._quiet:
            self._quiet[source] = Quiet()

    def wake(self, now: int) -> None:
        """The tenant slept until `now`: the time it slept through makes no source silent."""
        self._last = now

    def tick(self, now: int) -> None:
        """Time passed up to `now`, microseconds; opens incidents."""
        passed_s = (now - self._last) / MICROS if self._last else 0.0
        self._last = now
        known: dict[int, Pulse] = {}  # most sources share the tenant's hours
        for source, quiet in self._quiet.items():
            calendar = self.entry.calendar(source)
            pulse = known.get(id(calendar))
            if pulse is None:
                pulse = known[id(calendar)] = _pulse(calendar, now, passed_s)
            news = self._wanted and quiet.alarms(pulse)
            if news and self._incidents.find("silence", {"source": source}) is None:
                self._open(source, quiet.score_one(pulse), now)
            quiet.learn_one(pulse)

    def _open(self, source: str, verdict: Verdict, now: int) -> None:
        incident = self._incidents.start(
            "silence", "silence", {"source": source}, since=verdict.onset or now, opened=now, touched=now,
            unit="arrivals", detector=DETECTOR, observed=verdict.observed, expected=verdict.expected,
        )  # fmt: skip
        if incident is not None:
            incident.evidence = {"chance": verdict.p, "expected_arrivals": verdict.expected}
            self._incidents.tell_open(incident)

    def eyes(self) -> list[Eyes]:
        """How far silence can be told: by the source of which least is known."""
        found = {quiet.sight().value for quiet in self._quiet.values()} if self._wanted else set()
        worst = next((sight for sight in WORST_FIRST if sight in found), None)
        return [] if worst is None else [Eyes("silence", worst, 0)]

    def state(self) -> Any:
        """Plain values."""
        return [self._last, [[source, quiet.state()] for source, quiet in self._quiet.items()]]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._last, rows = state
        self._quiet = {source: Quiet.from_state(kept) for source, kept in rows}


def _pulse(calendar: Calendar, now: int, passed_s: float) -> Pulse:
    """What the last `passed_s` seconds were at a place where nothing came: how many count, open or not."""
    is_open, hour = calendar.is_open(now - 1), calendar.hour_of_week(now - 1)
    if is_open:
        passed_s = min(passed_s, calendar.open_seconds(now - int(passed_s * MICROS), now))
    return Pulse(now, hour, passed_s, open=is_open)
