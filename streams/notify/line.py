"""The line of one receiver: what waits to be told, who goes first, and when to try again.

Pages go before tickets. A message that fails waits longer each time (exponential back-off, half of it
jitter, Brooker 2015); a receiver that fails `TRIPS` times in a row is asked with one message at a
time, after pauses that grow the same way (a circuit breaker), so that an outage costs it and us little.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush

from msgspec import Struct

FIRST_S = 1.0  # before the first repeat; what is only busy is well again by then
LONGEST_S = 60.0  # between repeats: so long after an outage everything flows again
TRIPS = 3  # failures in a row after which the receiver is taken to be away
GIVE_UP = 20  # failures of one message while others get through: a quarter of an hour
STALE = 8  # times what waits, that may lie in the heap beside it


class Circuit(Struct):
    """Whether a receiver takes anything. since: when it stopped to, seconds; 0: it takes. until: no attempt
    before."""

    failures: int = 0
    since: float = 0.0
    until: float = 0.0

    @property
    def away(self) -> bool:
        """Whether it is asked with one message at a time."""
        return self.failures >= TRIPS


def backoff(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures. chance: uniform in [0, 1).

    >>> [backoff(n, 0.5) for n in (1, 2, 3, 4, 20)]
    [0.75, 1.5, 3.0, 6.0, 45.0]
    """
    longest = min(LONGEST_S, FIRST_S * 2.0 ** (min(failures, 30) - 1))
    return longest * (0.5 + chance / 2)


class Line:
    """bound: how many may wait. chance: uniform in [0, 1), for jitter."""

    def __init__(self, bound: int, chance: Callable[[], float]) -> None:
        self._bound, self._chance = bound, chance
        self._ready: tuple[dict[str, None], ...] = ({}, {}, {})
        self._later: list[tuple[float, int, str]] = []
        self._due: dict[str, tuple[float, int]] = {}
        self._failures: dict[str, int] = {}
        self._busy: dict[str, None] = {}
        self._again: dict[str, int] = {}
        self.circuit = Circuit()

    def __len__(self) -> int:
        return sum(map(len, self._ready)) + len(self._due)

    @property
    def busy(self) -> int:
        """How many are being told."""
        return len(self._busy)

    def add(self, key: str, rank: int) -> list[str]:
        """Something may be told about an alert. rank: of its severity. Returns whom this drove out."""
        if key in self._busy:
            self._again[key] = rank
            return []
        if key in self._failures and key in self._due:
            return []  # it waits for its next attempt, which will tell the latest
        self._due.pop(key, None)
        for ready in self._ready:
            ready.pop(key, None)
        self._ready[rank][key] = None
        return self._overflow()

    def wait(self, key: str, rank: int, due: float) -> None:
        """Look at it again at a time."""
        for ready in self._ready:
            ready.pop(key, None)
        self._due[key] = (due, rank)
        heappush(self._later, (due, rank, key))
        if len(self._later) > STALE * (len(self._due) + STALE):  # every change may have left one that is void
            self._later = [(due, rank, key) for key, (due, rank) in self._due.items()]
            heapify(self._later)

    def next(self, now: float) -> str | None:
        """Who goes next; it counts as busy until `done` or `failed`. None: nobody, at present."""
        self._wake(now)
        if now < self.circuit.until or (self.circuit.away and self._busy):
            return None
        for ready in reversed(self._ready):
            if ready:
                key = next(iter(ready))
                del ready[key]
                self._busy[key] = None
                return key
        return None

    def due(self, now: float) -> float:
        """Seconds until somebody may go next, if nothing new comes."""
        if self.circuit.away and self._busy:
            return LONGEST_S  # what is being told decides
        if any(self._ready):
            return max(0.0, self.circuit.until - now)
        soonest = self._later[0][0] if self._later else now + LONGEST_S
        return max(0.0, soonest - now, self.circuit.until - now)

    def done(self, key: str, *, reached: bool) -> None:
        """It was told, or there was nothing to tell. reached: whether the receiver answered well."""
        self._failures.pop(key, None)
        self._free(key)
        if reached:
            self.recovered()

    def recovered(self) -> None:
        """The receiver takes something."""
        self.circuit = Circuit()

    def failed(self, key: str, rank: int, now: float, after_s: float | None) -> bool:
        """It was not taken; try again. after_s: as the receiver asked. False: it is given up."""
        alone = self.circuit.failures == 0
        self.struck(now, after_s)
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        self._again.pop(key, None)
        self._free(key)
        if alone and failures >= GIVE_UP:
            del self._failures[key]
            return False
        pause = max(backoff(failures, self._chance()), after_s or 0.0)
        self.wait(key, rank, now + min(pause, self._pause(after_s)))
        return True

    def struck(self, now: float, after_s: float | None) -> None:
        """The receiver failed, with whatever it was given."""
        circuit = self.circuit
        circuit.failures += 1
        circuit.since = circuit.since or now
        if circuit.away or after_s:
            pause = max(backoff(circuit.failures - TRIPS + 1, self._chance()), after_s or 0.0)
            circuit.until = now + min(pause, self._pause(after_s))

    def forget(self, key: str) -> None:
        """Nothing is left to tell about it."""
        self._due.pop(key, None)
        self._failures.pop(key, None)
        for ready in self._ready:
            ready.pop(key, None)

    def _pause(self, after_s: float | None) -> float:
        return max(LONGEST_S, min(after_s or 0.0, 60 * LONGEST_S))

    def _free(self, key: str) -> None:
        self._busy.pop(key, None)
        rank = self._again.pop(key, None)
        if rank is not None:
            self._ready[rank][key] = None

    def _wake(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            due, rank, key = heappop(self._later)
            if self._due.get(key) == (due, rank):
                del self._due[key]
                self._ready[rank][key] = None

    def _overflow(self) -> list[str]:
        driven: list[str] = []
        while len(self) > self._bound:
            key = next((key for ready in self._ready for key in ready), None) or next(iter(self._due))
            self.forget(key)
            driven.append(key)
        return driven
