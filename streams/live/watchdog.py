"""The watchdog: a worker that no longer works ends itself, with a reason, to be started again.

The fault most often reported of such consumers is one that keeps its place in the group and takes nothing. It
is seen in two ways: the event loop no longer turns (looked at from a thread of its own), or records wait that
nobody takes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping
from typing import TypeVar

from msgspec import Struct

from streams.live.ending import end

P = TypeVar("P")
LOOK_S = 1.0


class Since(Struct):
    """A position, and since when it has been there, seconds of a steady clock."""

    position: int
    at: float


class Standstill:
    """Which positions have not moved although something waits there.

    >>> still = Standstill(60.0)
    >>> still.look({"a": 5}, {"a": 9}, 0.0), still.look({"a": 5}, {"a": 9}, 61.0)
    ([], ['a'])
    """

    def __init__(self, after_s: float) -> None:
        self._after_s = after_s
        self._since: dict[object, Since] = {}

    def look(
        self, positions: Mapping[P, int], ends: Mapping[P, int], now: float, excused: Collection[P] = ()
    ) -> list[P]:
        """Those that stand for too long. excused: may stand; their time begins when they no longer may."""
        known, self._since = self._since, {}
        stuck: list[P] = []
        for place, position in positions.items():
            since = known.get(place)
            waits = ends.get(place, position) > position and place not in excused
            if since is None or since.position != position or not waits:
                since = Since(position, now)
            self._since[place] = since
            if now - since.at > self._after_s:
                stuck.append(place)
        return stuck


class Watchdog:
    """Ends the process when `beat` has not been called for `after_s` seconds."""

    def __init__(self, after_s: float) -> None:
        self._after_s, self._beaten = after_s, time.monotonic()

    def beat(self) -> None:
        """The event loop turns."""
        self._beaten = time.monotonic()

    def age_s(self) -> float:
        """Since the last beat."""
        return time.monotonic() - self._beaten

    def start(self) -> None:
        """Watch from a thread, until the process ends."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_S)
            if self.age_s() > self._after_s:
                end("event loop stands still", seconds=round(self.age_s()))
