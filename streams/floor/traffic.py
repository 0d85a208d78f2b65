"""Traffic: how many conversations begin at one tenant in each quarter of an hour of opening time."""

from __future__ import annotations

from typing import Any

from detectors.base import Reason, Verdict
from detectors.calendar import Calendar
from detectors.volume import Cell, Volume
from streams.floor.gauges import Gauges
from streams.floor.incidents import Incidents
from streams.records.alerts import Severity
from streams.records.facts import MICROS
from streams.records.readings import Eyes

CELL_US = 900 * MICROS
LEAST_OPEN_S = 60.0  # less of a cell says nothing
DETECTOR = "volume/1"


class Traffic:
    """Counts of one tenant. What is merely notable is told as info; severe as configured."""

    def __init__(
        self, incidents: Incidents, severe: Severity, wanted: bool, gauges: Gauges | None = None
    ) -> None:
        self._incidents, self._severe, self._wanted, self._gauges = incidents, severe, wanted, gauges
        self._volume = Volume()
        self._count = 0
        self._cell: int | None = None

    def begin(self) -> None:
        """A conversation began."""
        self._count += 1

    def begin_anew(self) -> None:
        """The traffic to come is another: what was learnt is forgotten."""
        self._volume = Volume()

    def wake(self) -> None:
        """The tenant slept: the cell that was open then is closed unseen."""
        self._cell = None

    def tick(self, now: int, calendar: Calendar) -> None:
        """Closes the cells that ended by `now`, microseconds."""
        cell = now // CELL_US
        if self._cell is None:
            self._cell, self._count = cell, 0  # the first cell was seen in part only
        if cell == self._cell:
            return
        start, self._cell = self._cell * CELL_US, cell
        count, self._count = self._count, 0
        open_s = calendar.open_seconds(start, start + CELL_US)
        if open_s >= LEAST_OPEN_S and self._wanted:
            self._judge(Cell(start, calendar.hour_of_week(start), count, open_s), now)

    def _judge(self, cell: Cell, now: int) -> None:
        if self._gauges is not None:
            self._gauges.count(cell.t, cell.count, self._volume.usual(cell))
        if self._incidents.planned("volume", {}, cell.t):
            return  # neither news nor normal
        verdict = self._volume.score_one(cell)
        self._volume.learn_one(cell)
        incident = self._incidents.find("volume", {})
        strange = verdict.alarm or verdict.reason is Reason.NOTABLE
        if incident is not None and not strange:
            self._incidents.resolve(incident, now, "traffic is as usual again")
        elif incident is not None and verdict.alarm:
            self._incidents.rise(incident, self._severe)
            incident.touched = now
        elif incident is None and strange:
            self._open(verdict, now)

    def _open(self, verdict: Verdict, now: int) -> None:
        high = (verdict.observed or 0.0) > (verdict.expected or 0.0)
        incident = self._incidents.start(
            "volume", "volume_high" if high else "volume_low", {}, since=verdict.onset or now, opened=now,
            touched=now, severity=self._severe if verdict.alarm else "info", unit="conversations",
            detector=DETECTOR, observed=verdict.observed, expected=verdict.expected,
            interval=verdict.interval, evidence=dict(verdict.contributions),
        )  # fmt: skip
        if incident is not None:
            self._incidents.tell_open(incident)

    def eyes(self) -> list[Eyes]:
        """How far traffic is known."""
        incident = self._incidents.find("volume", {})
        if not self._wanted:
            return []
        if incident is not None and incident.severity != "info":
            return [Eyes("volume", "frozen", incident.opened)]
        return [Eyes("volume", "learning" if self._volume.is_warm() else "warming", 0)]

    def state(self) -> Any:
        """Plain values."""
        return [self._volume.state(), self._count, self._cell]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        kept, self._count, self._cell = state
        self._volume = Volume.from_state(kept)
