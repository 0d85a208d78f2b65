"""What is normal for one signal of one tenant: shares of categories by queue, stratum and hour.

Counts fade with a half life of 30 days and lean on their parents (queue → stratum of the tenant → tenant,
kappa observations each), are tilted by the season, and say how far a still-normal distribution may be away.
Learnt observations count from the next quarter of an hour of learnt time on: until then an expectation stays
the same (the same object, too), whoever asks first, before or after a restart.
"""

from __future__ import annotations

import math
from typing import Self, TypeAlias

from msgspec import Struct

from detectors.base import Plain
from detectors.codec import CodecError
from detectors.dispersion import Dispersion
from detectors.season import Season

VERSION = 1
QUARTER_US = 900_000_000
DAY_US = 86_400_000_000
KAPPA = 20.0  # observations that a parent counts as
HALF_LIFE_DAYS = 30.0
WARM = 60.0  # observations at the tenant before anything is expected
MAX_PLACES = 512  # (queue, stratum) pairs and strata; further ones use the tenant's counts
FORGOTTEN = 0.05  # a place with fewer faded observations is dropped
BASE_INFLATION = 0.1  # odds that a normal day may be off by, even where moods cannot be seen

Stratum: TypeAlias = str | int
Place: TypeAlias = tuple[str | None, Stratum]


class Expected(Struct, frozen=True, gc=False):
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
    """One place within one quarter of an hour: what was learnt, what an observation adds to residuals."""

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
        self._kappa, self._half_life_days, self._warm = kappa, half_life_days, warm
        self._tenant = [0.0] * len(scores)
        self._strata: dict[Stratum, list[float]] = {}
        self._places: dict[Place, list[float]] = {}
        self._season, self._dispersion = Season(), Dispersion()
        self._quarter, self._hour = -1, -1  # of the newest observation learnt; hour of the week
        self._sums = [0.0] * 6  # excess and variance of the open hour, block and day
        self._rows: dict[Place, _Row] = {}
        self._asked: dict[Place, Expected | None] = {}
        self._asked_quarter = -1
        self._inflation = self._inflate()

    def expect(self, t_us: int, hour_of_week: float, queue: str | None, stratum: Stratum) -> Expected | None:
        """What is normal at `t_us`, whose local hour of the week is in [0, 168). None: still warming."""
        quarter = t_us // QUARTER_US
        if quarter != self._asked_quarter:
            self._asked.clear()
            self._asked_quarter = quarter
        place = (queue, stratum)
        try:
            return self._asked[place]
        except KeyError:
            found = self._asked[place] = self._expected(int(hour_of_week), place)
            return found

    def learn(
        self, t_us: int, hour_of_week: float, queue: str | None, stratum: Stratum, category: int
    ) -> None:
        """One observation; times ascend (one from an earlier quarter counts as of the present one)."""
        quarter = t_us // QUARTER_US
        if quarter > self._quarter:
            self._turn(quarter, int(hour_of_week))
        row = self._rows.get((queue, stratum)) or self._row((queue, stratum))
        row.counts[category] += 1.0
        self._sums[0] += row.gaps[category]
        self._sums[1] += row.variance

    def sigma(self) -> float:
        """The extra-binomial standard deviation of log odds seen at this tenant."""
        return self._dispersion.sigma()

    def seen(self) -> float:
        """Faded observations at the tenant, without those of the open quarter."""
        return math.fsum(self._tenant)

    def _expected(self, hour: int, place: Place) -> Expected | None:
        if self.seen() < self._warm:
            return None
        shares, n = self._shares(place)
        tilt = self._season.tilt(hour)
        weights = [p * math.exp(tilt * x) for p, x in zip(shares, self._tilted, strict=True)]
        total = math.fsum(weights)
        p = tuple(w / total for w in weights)
        mean = math.fsum(w * x for w, x in zip(p, self.scores, strict=True))
        variance = math.fsum(w * (x - mean) * (x - mean) for w, x in zip(p, self.scores, strict=True))
        return Expected(p, n, self._inflation, mean, variance)

    def _shares(self, place: Place) -> tuple[list[float], float]:
        """Shares without season, shrunk from the tenant down to the place, and how many they rest on."""
        base = 0.5 * len(self._tenant)
        total = self.seen() + base
        shares = [(count + 0.5) / total for count in self._tenant]
        n = 0.0
        for counts in (self._strata.get(place[1]), self._places.get(place)):
            own = counts or [0.0] * len(shares)
            n = math.fsum(own) + self._kappa
            shares = [(c + self._kappa * p) / n for c, p in zip(own, shares, strict=True)]
        return shares, n

    def _row(self, place: Place) -> _Row:
        """The place's row in the open quarter; while warming its residuals say nothing."""
        at = self._expected(self._hour, place)
        gaps, variance = tuple(0.0 for _ in self.scores), 0.0
        if at is not None:
            gaps = tuple((x - at.mean) * self.scale for x in self.scores)
            variance = at.variance * self.scale * self.scale
        row = self._rows[place] = _Row([0.0] * len(self.scores), gaps, variance)
        return row

    def _turn(self, quarter: int, hour: int) -> None:
        """A new quarter of an hour begins: close what ended, fold what was learnt."""
        before, last = self._hour, self._quarter
        self._fold()
        self._quarter, self._hour = quarter, hour
        if before < 0:
            return
        gap = quarter - last
        if hour != before or gap >= 4:
            self._close_hour(before)
        if hour // 2 != before // 2 or gap >= 8:
            self._close_block()
        if hour // 24 != before // 24 or gap >= 96:
            self._close_day()
        days = quarter * QUARTER_US // DAY_US - last * QUARTER_US // DAY_US
        if days:
            self._fade(0.5 ** (days / self._half_life_days))

    def _fold(self) -> None:
        for place, row in self._rows.items():
            for counts in self._holders(place):
                for category, count in enumerate(row.counts):
                    counts[category] += count
        self._rows.clear()
        self._asked.clear()

    def _holders(self, place: Place) -> list[list[float]]:
        """The counts that an observation at a place goes into."""
        holders = [self._tenant]
        if place[1] in self._strata or len(self._strata) < MAX_PLACES:
            holders.append(self._strata.setdefault(place[1], [0.0] * len(self.scores)))
        if place in self._places or len(self._places) < MAX_PLACES:
            holders.append(self._places.setdefault(place, [0.0] * len(self.scores)))
        return holders

    def _close_hour(self, hour: int) -> None:
        excess, variance = self._sums[0], self._sums[1]
        self._season.learn(hour, excess, variance, self._dispersion.damping())
        for level in (2, 4):
            self._sums[level] += excess
            self._sums[level + 1] += variance
        self._sums[0] = self._sums[1] = 0.0

    def _close_block(self) -> None:
        self._dispersion.close_block(self._sums[2], self._sums[3])
        self._sums[2] = self._sums[3] = 0.0

    def _close_day(self) -> None:
        self._dispersion.close_day(self._sums[4], self._sums[5])
        self._sums[4] = self._sums[5] = 0.0
        self._season.refit()
        self._inflation = self._inflate()

    def _inflate(self) -> float:
        return (BASE_INFLATION + self._dispersion.reach()) * self.scale

    def _fade(self, factor: float) -> None:
        everything = [self._tenant, *self._strata.values(), *self._places.values()]
        for counts in everything:
            for category in range(len(counts)):
                counts[category] *= factor
        self._strata = {key: counts for key, counts in self._strata.items() if math.fsum(counts) > FORGOTTEN}
        self._places = {key: counts for key, counts in self._places.items() if math.fsum(counts) > FORGOTTEN}

    def state(self) -> Plain:
        """Plain values."""
        rows = [[*place, row.counts[:], list(row.gaps), row.variance] for place, row in self._rows.items()]
        return {
            "version": VERSION,
            "scores": list(self.scores),
            "settings": [self.scale, self._kappa, self._half_life_days, self._warm],
            "tenant": self._tenant[:],
            "strata": [[key, counts[:]] for key, counts in self._strata.items()],
            "places": [[*key, counts[:]] for key, counts in self._places.items()],
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
        scale, kappa, half_life_days, warm = state["settings"]
        one = cls(tuple(state["scores"]), scale=scale, kappa=kappa, half_life_days=half_life_days, warm=warm)
        one._tenant = list(state["tenant"])
        one._strata = {key: list(counts) for key, counts in state["strata"]}
        one._places = {(queue, stratum): list(counts) for queue, stratum, counts in state["places"]}
        one._quarter, one._hour, sums, rows = state["open"]
        one._sums = list(sums)
        one._rows = {(q, s): _Row(list(counts), tuple(gaps), v) for q, s, counts, gaps, v in rows}
        one._season = Season.from_state(state["season"])
        one._dispersion = Dispersion.from_state(state["dispersion"])
        one._inflation = state["inflation"]
        return one
