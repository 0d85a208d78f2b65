"""Scan statistic: which of many overlapping segments explains an excess best.

For each segment, the log likelihood ratio of "its rate is its own" against "as expected" over the recent
observations, less a penalty per dimension that the segment names; the largest wins.

Reference: Kulldorff, "A spatial scan statistic", Communications in Statistics 26 (1997).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

PENALTY = 0.3  # nats a dimension: among equal explanations the shorter wins
TINY = 1e-6


class Tally(Struct):
    """Sums over the observations of one segment."""

    n: int = 0
    x: float = 0.0
    mean: float = 0.0
    var: float = 0.0

    def add(self, x: float, mean: float, var: float) -> None:
        """Count one observation with score x where `mean` was expected with variance var."""
        self.n += 1
        self.x += x
        self.mean += mean
        self.var += var

    def gain(self, rate: bool) -> float:
        """Nats in favour of this segment having changed; rate: scores count events, else they are levels."""
        if not rate:
            return (self.x - self.mean) ** 2 / 2 / max(self.var, TINY)
        if self.x <= self.mean:
            return 0.0
        return self.x * math.log(self.x / max(self.mean, TINY)) - (self.x - self.mean)


Row = tuple[Sequence[int], float, float, float]


def tallies(rows: Iterable[Row]) -> dict[int, Tally]:
    """rows: (segments, x, mean, var) of each observation. Returns the sums of each segment."""
    sums: dict[int, Tally] = {}
    for segments, x, mean, var in rows:
        for segment in segments:
            tally = sums.get(segment)
            if tally is None:
                tally = sums[segment] = Tally()
            tally.add(x, mean, var)
    return sums


def narrowest(
    sums: Mapping[int, Tally],
    dimensions: Mapping[int, int],
    rate: bool,
    head_starts: Mapping[int, float] | None = None,
) -> int | None:
    """The segment that explains the excess best, or None.

    dimensions: how many each segment names. head_starts: nats by which some are suspected beforehand.
    """
    best: tuple[float, int] | None = None
    for segment, tally in sums.items():
        gain = tally.gain(rate) - PENALTY * dimensions[segment]
        if gain > 0:
            gain += (head_starts or {}).get(segment, 0.0)
        if gain > 0 and (best is None or (-gain, segment) < best):
            best = (-gain, segment)
    return None if best is None else best[1]
