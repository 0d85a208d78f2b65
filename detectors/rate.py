"""Tilted e-detectors: one statistic for rates, scores and levels, over many segments at once.

An observation is a category j with a score x[j]; p says how likely each category is for *this* observation,
so a segment that mixes queues needs no baseline of its own. Each alternative k tilts the worst still-normal
distribution exponentially (for a rate that multiplies the odds), and a segment multiplies likelihood ratios:

    p0 ∝ p·exp(f·x),  q_k ∝ p0·exp(θ_k·x),   M_k ← (M_k + w)·q_k[j]/p0[j],   alarm when mean(M) ≥ A

With w = 1 / (observations per opening day) the threshold A is the mean time to a false alarm in opening days
of one segment, whatever its volume. Without any change mean(M) − (days observed) is a supermartingale, and so
the promise holds at every volume and under every stopping rule.

References: Shiryaev (1963) and Roberts (1966) for the recursion; Shin, Ramdas, Rinaldo, "E-detectors"
(arXiv:2203.03532) for the nonparametric form and the mixture.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from functools import lru_cache
from operator import mul
from typing import Any

from msgspec import Struct

from detectors.codec import dump_arrays, load_arrays

CLIP = 4.0  # one observation may speak for at most e^4: no single outlier opens an incident
HUGE = 1e30  # statistics stop here, far above every threshold, before products overflow

Row = tuple[float, ...]


class Table(Struct, frozen=True, gc=False):
    """Log likelihood ratios of every category under every alternative, for one expected distribution.

    ratios[j]: exp of the log ratios, one per alternative. logs[j]: the log ratios. x: scores. mean, var: of x
    under the expected distribution p, without inflation.
    """

    ratios: tuple[Row, ...]
    logs: tuple[Row, ...]
    x: Row
    mean: float
    var: float


def table(p: Sequence[float], x: Sequence[float], shifts: Sequence[float], inflation: float) -> Table:
    """Table for expected shares p of the categories with scores x.

    shifts: the alternatives θ, all of one sign. inflation: f ≥ 0, the tilt that is still normal.

    >>> t = table((0.96, 0.04), (0.0, 1.0), (math.log(3),), 0.1)
    >>> [round(row[0], 3) for row in t.logs]
    [-0.084, 1.014]
    """
    sign = -1.0 if shifts[0] < 0 else 1.0
    tilts = _tilts(tuple(shifts), tuple(x))
    base = [pj * math.exp(sign * inflation * xj) for pj, xj in zip(p, x, strict=True)]
    total = math.fsum(base)
    logs = []
    for shift, tilt in zip(shifts, tilts, strict=True):
        norm = math.log(math.fsum(map(mul, base, tilt)) / total)
        row = [shift * xj - norm for xj in x]
        logs.append(row if max(row) <= CLIP else [min(log, CLIP) for log in row])
    by_category = tuple(zip(*logs, strict=True))
    mean = math.fsum(pj * xj for pj, xj in zip(p, x, strict=True))
    var = math.fsum(pj * (xj - mean) ** 2 for pj, xj in zip(p, x, strict=True))
    ratios = tuple(tuple(map(math.exp, row)) for row in by_category)
    return Table(ratios, by_category, tuple(x), mean, var)


@lru_cache(maxsize=64)  # tests times signals: a few
def _tilts(shifts: Row, x: Row) -> tuple[Row, ...]:
    """exp(θ·x) of every category, for each alternative."""
    return tuple(tuple(math.exp(shift * xj) for xj in x) for shift in shifts)


class Since(Struct, frozen=True):
    """What a segment has seen since its companion CUSUM last was at rest.

    onset: microseconds. n observations with scores summing to x, where `mean` was expected with variance var.
    """

    onset: int
    n: int
    x: float
    mean: float
    var: float


class EDetectors:
    """The statistics of all segments of one signal; a segment is a row number.

    shifts: the alternatives. middle: which alternative drives the companion CUSUM that dates the onset.
    """

    def __init__(self, shifts: Sequence[float]) -> None:
        self.shifts = tuple(shifts)
        self.width = len(self.shifts)
        self.middle = self.width // 3
        self._m = array("d")
        self._cusum = array("d")
        self._onset = array("q")
        self._n = array("q")
        self._sums = array("d")

    def __len__(self) -> int:
        return len(self._onset)

    def grow(self, rows: int) -> None:
        """Make room for `rows` rows."""
        more = rows - len(self._onset)
        if more > 0:
            self._m.extend([0.0] * (more * self.width))
            self._cusum.extend([0.0] * more)
            self._onset.extend([0] * more)
            self._n.extend([0] * more)
            self._sums.extend([0.0] * (3 * more))

    def start(self, row: int, head: float) -> None:
        """Give a segment that is known to have changed a head start of `head` opening days."""
        for i in range(row * self.width, (row + 1) * self.width):
            self._m[i] = max(self._m[i], head)

    def see(self, row: int, time: int, weight: float, seen: Table, category: int) -> float:
        """Take one observation; returns mean(M), in opening days.

        weight: 1 / (observations of this row per opening day).
        """
        m, i, total = self._m, row * self.width, 0.0
        for ratio in seen.ratios[category]:
            value = (m[i] + weight) * ratio
            if value > HUGE:
                value = HUGE
            m[i] = value
            total += value
            i += 1
        # The companion CUSUM dates the onset; not a method of its own: this runs for every segment.
        sums, at, run = self._sums, 3 * row, self._cusum[row]
        if run > 0.0:
            self._n[row] += 1
            sums[at] += seen.x[category]
            sums[at + 1] += seen.mean
            sums[at + 2] += seen.var
        else:
            self._onset[row], self._n[row] = time, 1
            sums[at], sums[at + 1], sums[at + 2] = seen.x[category], seen.mean, seen.var
        run += seen.logs[category][self.middle]
        self._cusum[row] = run if run > 0.0 else 0.0
        return total / self.width

    def statistic(self, row: int) -> float:
        """mean(M) of a row, in opening days."""
        return sum(self._m[row * self.width : (row + 1) * self.width]) / self.width

    def since(self, row: int) -> Since:
        """What the row has seen since its onset."""
        at = 3 * row
        return Since(self._onset[row], self._n[row], self._sums[at], self._sums[at + 1], self._sums[at + 2])

    def reset(self, row: int) -> None:
        """Forget the row's evidence, as after an incident."""
        for i in range(row * self.width, (row + 1) * self.width):
            self._m[i] = 0.0
        self._cusum[row] = 0.0

    def state(self) -> list[bytes]:
        """Everything, as raw arrays."""
        return dump_arrays(self._parts())

    def restore(self, state: list[bytes]) -> None:
        """Inverse of `state`."""
        load_arrays(self._parts(), state)

    def _parts(self) -> list[array[Any]]:
        return [self._m, self._cusum, self._onset, self._n, self._sums]
