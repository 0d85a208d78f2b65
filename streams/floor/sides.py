"""Sides: what other signals say inside an open incident.

In a known place and from a known onset another kind of trouble is one hypothesis, not thousands: a plain
mixture likelihood ratio of 20 is enough, a chance of at most 1 in 20 per true incident and signal. It names
the right kind: a wave of handoffs shows first in tool errors.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from msgspec import convert, to_builtins

from detectors.scan import Tally
from detectors.structs import Array
from streams.floor.incident import Incident
from streams.floor.scope import matters, mixture, needed_effect_sd
from streams.floor.series import Recent
from streams.floor.signals import TESTS

CORROBORATED = math.log(20.0)


class Side(Array):
    """Evidence of one test inside one incident since its onset. logs: one sum per alternative. last: when
    the newest was decided, microseconds."""

    logs: list[float]
    tally: Tally
    last: int = 0


class Sides:
    """All sides of all open statistical incidents of one tenant, by (incident, test)."""

    def __init__(self) -> None:
        self._sides: dict[tuple[str, int], Side] = {}
        self._fresh: dict[tuple[str, int], None] = {}  # counted since they were last asked

    def count(self, incident: Incident, test: int, recent: Recent, now: int) -> None:
        """One more observation of a test of another kind, decided at `now`."""
        side = self._sides.get((incident.id, test))
        if side is None:
            side = self._sides[incident.id, test] = Side([0.0] * len(recent.logs), Tally())
        side.logs = [a + b for a, b in zip(side.logs, recent.logs, strict=True)]
        side.tally.add(recent.x, recent.mean, recent.var)
        side.last = now
        self._fresh[incident.id, test] = None

    def corroborated(self, open_now: dict[str, Incident]) -> Iterator[tuple[Incident, int, int]]:
        """(incident, test, time) of sides with enough evidence, each once; sides of closed incidents go."""
        fresh, self._fresh = self._fresh, {}
        for (name, test), side in list(self._sides.items()):
            incident = open_now.get(name)
            if incident is None:
                del self._sides[name, test]
            elif (name, test) in fresh and self._enough(side, test, incident):
                del self._sides[name, test]
                yield incident, test, side.last

    def _enough(self, side: Side, test: int, incident: Incident) -> bool:
        effect_sd = needed_effect_sd(incident.scope)
        return mixture(side.logs) >= CORROBORATED and matters(TESTS[test], side.tally, effect_sd)

    def state(self) -> Any:
        """Plain values."""
        return to_builtins([[name, test, side] for (name, test), side in self._sides.items()])

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._sides = {(name, test): convert(side, Side) for name, test, side in state}
        self._fresh = dict.fromkeys(self._sides)
