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

from detectors.codec import dump_arrays, load_arrays
from detectors.structs import Frozen, FrozenLeaf, Leaf

CLIP = 4.0  # one observation may speak for at most e^4: no single outlier opens an incident
HUGE = 1e30  # statistics stop here, far above every threshold, before products overflow

Row = tuple[float, ...]


class Said(FrozenLeaf):
    """What an observation of one category says: its score x, of which the mean was expected with variance
    var; log likelihood ratios, one per alternative, and exp of them."""

    x: float
    mean: float
    var: float
    logs: Row
    ratios: Row


class Table(Leaf):
    """Likelihood ratios of the categories under every alternative, for one expected distribution.

    x: scores. mean, var: of x under the expected distribution p, without inflation. shifts, norms: what the
    ratios are made of, once a category comes: where traffic is thin most never do.
    """

    x: Row
    mean: float
    var: float
    shifts: Row
    norms: Row
    known: dict[int, Said]

    def of(self, category: int) -> Said:
        """What an observation of a category says."""
        found = self.known.get(category)
        if found is None:
            x = self.x[category]
            pairs = zip(self.shifts, self.norms, strict=True)
            logs = tuple([min(shift * x - norm, CLIP) for shift, norm in pairs])
            found = self.known[category] = Said(x, self.mean, self.var, logs, tuple(map(math.exp, logs)))
        return found


def table(p: Sequence[float], x: Sequence[float], shifts: Sequence[float], inflation: float) -> Table:
    """Table for expected shares p of the categories with scores x.

    shifts: the alternatives θ, all of one sign. inflation: f ≥ 0, the tilt that is still normal.

    >>> t = table((0.96, 0.04), (0.0, 1.0), (math.log(3),), 0.1)
    >>> [round(t.of(category).logs[0], 3) for category in (0, 1)]
    [-0.084, 1.014]
    """
    sign = -1.0 if shifts[0] < 0 else 1.0
    x, shifts = tuple(x), tuple(shifts)
    base = [pj * math.exp(sign * inflation * xj) for pj, xj in zip(p, x, strict=True)]
    total = math.fsum(base)
    norms = tuple([math.log(math.fsum(map(mul, base, tilt)) / total) for tilt in _tilts(shifts, x)])
    mean = math.fsum(map(mul, p, x))
    var = math.fsum([pj * (xj - mean) ** 2 for pj, xj in zip(p, x, strict=True)])
    return Table(x, mean, var, shifts, norms, {})


@lru_cache(maxsize=64)  # tests times signals: a few
def _tilts(shifts: Row, x: Row) -> tuple[Row, ...]:
    """exp(θ·x) of every category, for each alternative."""
    return tuple(tuple(math.exp(shift * xj) for xj in x) for shift in shifts)


class Since(Frozen):
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
        self._m: list[float] = []
        self._cusum: list[float] = []
        self._onset: list[int] = []
        self._n: list[int] = []
        self._sums: list[float] = []

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
        return self.see_all((row,), time, (weight,), seen.of(category))[0]

    def see_all(self, rows: Sequence[int], time: int, weights: Sequence[float], said: Said) -> list[float]:
        """One observation that belongs to several segments; returns mean(M) of each."""
        m, cusum, sums, width, ratios = self._m, self._cusum, self._sums, self.width, said.ratios
        x, mean, var, step = said.x, said.mean, said.var, said.logs[self.middle]
        found = []
        for row, weight in zip(rows, weights, strict=True):
            total, i = 0.0, row * width
            for ratio in ratios:
                m[i] = value = (m[i] + weight) * ratio
                total += value
                i += 1
            found.append((total if total <= HUGE else self._stop(row)) / width)
            # The companion CUSUM dates the onset; not a method of its own: this runs for every segment.
            at, run = 3 * row, cusum[row]
            if run > 0.0:
                self._n[row] += 1
                sums[at] += x
                sums[at + 1] += mean
                sums[at + 2] += var
            else:
                self._onset[row], self._n[row] = time, 1
                sums[at], sums[at + 1], sums[at + 2] = x, mean, var
            run += step
            cusum[row] = run if run > 0.0 else 0.0
        return found

    def _stop(self, row: int) -> float:
        """Hold a row below what overflows; returns its sum."""
        total = 0.0
        for i in range(row * self.width, (row + 1) * self.width):
            self._m[i] = min(self._m[i], HUGE)
            total += self._m[i]
        return total

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
        numbers, whole = (self._m, self._cusum, self._sums), (self._onset, self._n)
        m, cusum, sums = (array("d", part) for part in numbers)
        return dump_arrays([m, cusum, *(array("q", part) for part in whole), sums])

    def restore(self, state: list[bytes]) -> None:
        """Inverse of `state`."""
        parts: list[array[Any]] = [array(kind) for kind in "ddqqd"]
        load_arrays(parts, state)
        self._m, self._cusum, self._onset, self._n, self._sums = (part.tolist() for part in parts)
