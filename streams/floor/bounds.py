"""Bounds: which limits were hit, how often, and in which slot. Nothing is dropped without a count."""

from __future__ import annotations

from typing import Any

from streams.floor.incidents import Incidents

DETECTOR = "bounds/1"


class Bounds:
    """Limits hit at one tenant. counts: since the beginning, by the limit's name in the configuration."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._fresh: dict[str, None] = {}

    def hit(self, name: str) -> None:
        """A limit was hit: something was dropped or merged."""
        self.counts[name] = self.counts.get(name, 0) + 1
        self._fresh[name] = None

    def report(self, incidents: Incidents, now: int) -> list[str]:
        """The limits hit since the last report, sorted; a `pipeline` incident for each."""
        if not self._fresh:
            return []
        names, self._fresh = sorted(self._fresh), {}
        for name in names:
            incident = next((i for i in incidents.open.values() if i.signal == name), None)
            if incident is None:
                incident = incidents.start(
                    "pipeline", name, {}, since=now, opened=now, touched=now, unit="times",
                    detector=DETECTOR, evidence={"limit": f"limits.{name}"},
                    observed=float(self.counts[name]),
                )  # fmt: skip
                if incident is not None:
                    incidents.tell_open(incident)
            if incident is not None:
                incident.touched, incident.observed = now, float(self.counts[name])
        return names

    def state(self) -> Any:
        """Plain values; taken between closings."""
        return [self.counts, list(self._fresh)]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self.counts, fresh = state
        self._fresh = dict.fromkeys(fresh)
