"""What is normal for one signal of one tenant: shares of categories by queue, stratum and hour.

Counts fade with a half life of 30 days and lean on their parents, are tilted by the season, and say how far a
still-normal distribution may be away. What is learnt counts from the next hour of learnt time on: until then
an expectation stays the same (the same object, too), whoever asks first, before or after a restart.
"""

from __future__ import annotations

import math
from operator import mul
from typing import Self

from detectors.base import Plain
from detectors.codec import CodecError
from detectors.dispersion import Dispersion
from detectors.season import Season
from detectors.shares import Place, Shares, Stratum
from detectors.structs import FrozenLeaf

VERSION = 1
QUARTER_US = 900_000_000  # local hours begin at quarters of UTC hours, whatever the zone
HOUR, BLOCK, DAY = 4, 8, 96  # in quarters
KAPPA = 20.0  # observations that a parent counts as
HALF_LIFE_DAYS = 30.0
WARM = 60.0  # observations at the tenant before anything is expected
BASE_INFLATION = 0.1  # log odds that a normal day may be off by, even where moods cannot be seen


class Expected(FrozenLeaf):
    """What is normal here and now.

    p: share of each category. n: observations it rests on. inflation: shift (of p_j ∝ p_j·exp(inflation·x_j))
    that the worst still-normal distribution may have. mean, variance: of the scores x under p.
    """

    p: tuple[float, ...]
    n: float
    inflation: float
    mean: float
    variance: float


class _Row:
    """One place within one hour: what was learnt, and what each category adds to the residuals."""

    __slots__ = ("counts", "gaps", "variance")

    def __init__(self, counts: list[float], gaps: tuple[float, ...], variance: float) -> None:
        self.counts, self.gaps, self.variance = counts, gaps, variance


class Baseline:
    """Expectations of one signal of one tenant.

    scores: x of each category, ascending, within 0..1. scale: shift of log odds per score that counts as one
    unit of season and mood: 1 for an outcome, about .5 / (standard deviation of x) for a graded signal.

    >>> usual = Baseline((0.0, 1.0))
    >>> usual.expect(0, 9.0, "billing", 0) is None
    True
    >>> for i in range(1000):
    ...     usual.learn(i * 60_000_000, i / 60 % 168, "billing", 0, int(i % 10 == 0))
    >>> at = usual.expect(60_000 * 1_000_000, 16.7, "billing", 0)
    >>> 0.09 < at.p[1] < 0.11, 900 < at.n < 1100
    (True, True)
    """

    def __init__(
        self,
        scores: tuple[float, ...],
        *,
        scale: float = 1.0,
        kappa: float = KAPPA,
        half_life_days: float = HALF_LIFE_DAYS,
        warm: float = WARM,
    ) -> None:
        self.scores, self.scale = scores, scale
        self._tilted = tuple(x * scale for x in scores)
        self._half_life_days, self._warm = half_life_days, warm
        self._shares = Shares(len(scores), kappa)
        self._season, self._dispersion = Season(), Dispersion()
        self._inflation = BASE_INFLATION * scale
        self._quarter, self._hour = -1, -1  # in which the open hour began; hour of the week
        self._sums = [0.0] * 6  # excess and variance of the open hour, block and day
        self._rows: dict[Place, _Row] = {}
        self._asked: dict[Place, Expected | None] = {}
        self._asked_quarter, self._asked_hour = -1, -1
        self._tilts: dict[int, tuple[float, ...]] = {}  # of each category, by hour, until the next refit

    def expect(self, t_us: int, hour_of_week: float, queue: str | None, stratum: Stratum) -> Expected | None:
        """What is normal at `t_us`, whose local hour of the week is in [0, 168). None: still warming."""
        quarter = t_us // QUARTER_US
        if quarter != self._asked_quarter:
            self._asked_quarter = quarter
            if int(hour_of_week) != self._asked_hour:
                self._asked_hour = int(hour_of_week)
                self._asked.clear()
        place = (queue, stratum)
        try:
            return self._asked[place]
        except KeyError:
            found = self._asked[place] = self._expected(self._asked_hour, place)
            return found

    def learn(
        self, t_us: int, hour_of_week: float, queue: str | None, stratum: Stratum, category: int
    ) -> None:
        """One observation; times ascend (one from an earlier hour counts as of the open one)."""
        quarter = t_us // QUARTER_US
        if quarter > self._quarter:
            self._advance(quarter, int(hour_of_week))
        row = self._rows.get((queue, stratum)) or self._row((queue, stratum))
        row.counts[category] += 1.0
        self._sums[0] += row.gaps[category]
        self._sums[1] += row.variance

    def forget(self, queue: str | None) -> None:
        """What was seen in a queue is normal no more."""
        self._shares.forget(queue)
        self._rows = {place: row for place, row in self._rows.items() if place[0] != queue}
        self._asked.clear()

    def seed(self, queue: str | None, stratum: Stratum, category: int) -> None:
        """One observation that counts at once, and for no season."""
        counts = [0.0] * len(self.scores)
        counts[category] = 1.0
        self._shares.add((queue, stratum), counts)
        self._asked.clear()

    def sigma(self) -> float:
        """The extra-binomial standard deviation of log odds seen at this tenant."""
        return self._dispersion.sigma()

    def seen(self) -> float:
        """Faded observations at the tenant, without those of the open hour."""
        return self._shares.seen()

    def _expected(self, hour: int, place: Place) -> Expected | None:
        if self._shares.seen() < self._warm:
            return None
        shares, n = self._shares.of(place)
        tilts = self._tilts.get(hour)
        if tilts is None:
            tilt = self._season.tilt(hour)
            tilts = self._tilts[hour] = tuple([math.exp(tilt * x) for x in self._tilted])
        weights = list(map(mul, shares, tilts))
        total = math.fsum(weights)
        p = tuple([w / total for w in weights])
        mean = math.fsum(map(mul, p, self.scores))
        variance = math.fsum([w * (x - mean) * (x - mean) for w, x in zip(p, self.scores, strict=True)])
        return Expected(p, n, self._inflation, mean, variance)

    def _row(self, place: Place) -> _Row:
        """The place's row in the open hour; while warming its residuals say nothing."""
        at = self._expected(self._hour, place)
        gaps, variance = tuple(0.0 for _ in self.scores), 0.0
        if at is not None:
            gaps = tuple((x - at.mean) * self.scale for x in self.scores)
            variance = at.variance * self.scale * self.scale
        row = self._rows[place] = _Row([0.0] * len(self.scores), gaps, variance)
        return row

    def _advance(self, quarter: int, hour: int) -> None:
        """Time went on to this quarter: where an hour, block or day ended, close it."""
        before, gap = self._hour, quarter - self._quarter
        if hour == before and gap < HOUR:
            return
        days = quarter // DAY - self._quarter // DAY
        self._quarter, self._hour = quarter, hour
        if before < 0:
            return
        self._close_hour(before)
        if hour // 2 != before // 2 or gap >= BLOCK:
            self._dispersion.close_block(*self._take(2))
        if hour // 24 != before // 24 or gap >= DAY:
            self._dispersion.close_day(*self._take(4))
            self._season.refit()
            self._tilts.clear()
            self._inflation = (BASE_INFLATION + self._dispersion.reach()) * self.scale
        if days:
            self._shares.fade(0.5 ** (days / self._half_life_days))

    def _close_hour(self, hour: int) -> None:
        for place, row in self._rows.items():
            self._shares.add(place, row.counts)
        self._rows.clear()
        self._asked.clear()
        excess, variance = self._take(0)
        self._season.learn(hour, excess, variance, self._dispersion.damping())
        for level in (2, 4):
            self._sums[level] += excess
            self._sums[level + 1] += variance

    def _take(self, level: int) -> tuple[float, float]:
        """Excess and variance of an ended stretch, which begins anew."""
        taken = self._sums[level], self._sums[level + 1]
        self._sums[level] = self._sums[level + 1] = 0.0
        return taken

    def state(self) -> Plain:
        """Plain values."""
        rows = [[*place, row.counts[:], list(row.gaps), row.variance] for place, row in self._rows.items()]
        return {
            "version": VERSION,
            "scores": list(self.scores),
            "settings": [self.scale, self._half_life_days, self._warm],
            "shares": self._shares.state(),
            "open": [self._quarter, self._hour, self._sums[:], rows],
            "inflation": self._inflation,
            "season": self._season.state(),
            "dispersion": self._dispersion.state(),
        }

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The baseline whose `state` this was. Raises `CodecError` for another version."""
        if state["version"] != VERSION:
            raise CodecError(f"a baseline state of version {VERSION} is needed")
        scale, half_life_days, warm = state["settings"]
        one = cls(tuple(state["scores"]), scale=scale, half_life_days=half_life_days, warm=warm)
        one._shares = Shares.from_state(state["shares"])
        one._quarter, one._hour, sums, rows = state["open"]
        one._sums = list(sums)
        one._rows = {(q, s): _Row(list(counts), tuple(gaps), v) for q, s, counts, gaps, v in rows}
        one._inflation = state["inflation"]
        one._season = Season.from_state(state["season"])
        one._dispersion = Dispersion.from_state(state["dispersion"])
        return one
