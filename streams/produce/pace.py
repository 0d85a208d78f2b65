"""When the next event is due: by number, by event time, or at once."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Pace(Struct):
    """rate: events a second. speed: times real time. Neither: as fast as it goes.

    >>> pace = Pace(rate=50.0)
    >>> [pace.due(None), pace.due(None), pace.due(None)]
    [0.0, 0.02, 0.04]
    """

    rate: float | None = None
    speed: float | None = None
    _events: int = 0
    _first: datetime | None = None
    _latest: float = 0.0

    def due(self, moment: datetime | None) -> float:
        """Seconds after the first event at which this one is to be sent.

        moment: its time; what has none, or came late, is due with the one before it.
        """
        self._events += 1
        if self.rate:
            return (self._events - 1) / self.rate
        if self.speed and moment is not None:
            self._first = self._first or moment
            self._latest = max(self._latest, (moment - self._first).total_seconds() / self.speed)
        return self._latest
