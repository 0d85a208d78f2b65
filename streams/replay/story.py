"""The story of a run: what its alerts were, kept small while the changes themselves are written away."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from streams.records.alerts import RANK, Alert
from streams.replay.score import Openings


class Thread(Struct):
    """One alert so far. severity: the highest it had."""

    kind: str
    severity: str
    open: bool


class Story:
    """Takes every change that is written. `openings` are what scoring needs; `instants` counts what was said
    before its slot closed."""

    def __init__(self) -> None:
        self.openings = Openings()
        self.instants = 0
        self._threads: dict[str, Thread] = {}

    def add(self, change: Alert) -> None:
        """One change of an alert, in order."""
        self.openings.add(change)
        if not change.confirmed:
            self.instants += 1
            return
        thread = self._threads.get(change.id)
        if thread is None:
            thread = self._threads[change.id] = Thread(change.kind, change.severity, True)
        thread.open = change.state != "resolved"
        if RANK[change.severity] > RANK[thread.severity]:
            thread.severity = change.severity

    def by_kind(self) -> dict[str, Counter[str]]:
        """Kind -> severity -> alerts, and `open` -> how many of them are still open; kinds in order."""
        table: dict[str, Counter[str]] = {}
        for thread in sorted(self._threads.values(), key=lambda thread: thread.kind):
            row = table.setdefault(thread.kind, Counter())
            row[thread.severity] += 1
            row["open"] += thread.open
        return table
