"""Shift: a share that used to be small, and is larger now; of zeros and ones, or of parts between them.

Page's CUSUM over log likelihood ratios, for several odds at once, against the usual share plus a margin: days
differ. For parts between zero and one the same sum is a bound (a part is a mean of zeros and ones, and the
ratio is convex), so that amounts and counts can be watched as parts of a limit. Score first, learn second;
while something is suspected, nothing is learnt.

Reference: E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954).
"""

from __future__ import annotations

import math

from detectors.structs import Array

ODDS = (2.0, 4.0, 16.0, 64.0)  # from half as much again to what was never seen before
ALARM = 15.0  # nats: one false alarm in three million observations, some years of a tenant's tools
INFLATION = 1.5  # of the usual share, and half an observation: what customers want differs by the day
SUSPECTED = 5.0  # nats from which on nothing is learnt
ORDINARY = 0.5  # a larger usual share is not watched: no rise of it is news


class Shift(Array):
    """One share. logs: one sum for each of `ODDS`, empty while all are zero; since: observations since the
    sums were zero; hits: their total.

    >>> shift = Shift()
    >>> [shift.score_one(1.0, 400.0, 0.0) for _ in range(5)]
    [False, False, False, True, True]
    """

    logs: list[float] = []
    since: int = 0
    hits: float = 0.0

    def score_one(self, x: float, n: float, total: float) -> bool:
        """Whether the share rose, with this observation. n, total: observations before it, their sum."""
        base = min(INFLATION * (total + math.sqrt(total + 0.25)) / (n + 1.0), 0.99)
        if base > ORDINARY or not (x or self.logs):
            return False
        logs = self.logs or [0.0] * len(ODDS)
        best = 0.0
        for at, odds in enumerate(ODDS):
            share = odds * base / (1.0 - base + odds * base)
            step = x * math.log(share / base) + (1.0 - x) * math.log((1.0 - share) / (1.0 - base))
            logs[at] = max(0.0, logs[at] + step)
            best = max(best, logs[at])
        if best == 0.0:
            self.clear()
            return False
        self.logs, self.since, self.hits = logs, self.since + 1, self.hits + x
        return best >= ALARM

    @property
    def suspected(self) -> bool:
        """Whether it must not be learnt from."""
        return max(self.logs, default=0.0) >= SUSPECTED

    def clear(self) -> None:
        """Begin anew."""
        self.logs, self.since, self.hits = [], 0, 0.0


LEAST = 200  # observations before what is usual is known
MEMORY = 4_000.0  # observations that it is learnt over


class Share(Array):
    """A share with what is usual of it: n observations, their total. After an alarm the new share is learnt.

    >>> share = Share()
    >>> any(share.step(0.0) for _ in range(400)), [share.step(1.0) for _ in range(5)]
    (False, [False, False, False, True, False])
    """

    n: float = 0.0
    total: float = 0.0
    shift: Shift | None = None

    def step(self, x: float) -> bool:
        """Score, then learn. x: 0..1."""
        if self.n >= LEAST and (x or self.shift is not None):
            shift = self.shift or Shift()
            if shift.score_one(x, self.n, self.total):
                self.n, self.total, self.shift = 0.0, 0.0, None
                return True
            self.shift = shift if shift.logs else None
            if shift.suspected:
                return False
        self.n, self.total = self.n + 1.0, self.total + x
        if self.n > MEMORY:
            self.n, self.total = self.n / 2, self.total / 2
        return False
