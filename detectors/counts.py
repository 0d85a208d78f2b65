"""An e-detector for counts: is the rate further away than a factor that is still normal?

Mixture Shiryaev-Roberts over negative binomial likelihood ratios: the null is the expected count times
`normal`, the alternatives lie beyond it by `BEYOND`. Reaching A happens in A opening days on average, or
less often, as long as the rate stays within the factor.

Reference: Shin, Ramdas and Rinaldo, E-detectors (arXiv 2203.03532); negative binomial counts as in Höhle and
Paul, Count data regression charts for the monitoring of surveillance time series (2008).
"""

from __future__ import annotations

import math
from typing import Self

from detectors.base import Plain

BEYOND = (1.3, 1.8, 3.0)  # alternatives: how far beyond the normal factor
DATING = 1  # the alternative whose CUSUM dates the onset
LOUDEST = 50.0  # log ratio of one cell, before exp overflows
HEADROOM = 20.0  # the statistic stops at so many A, so that it falls as soon as counts are normal


class CountRun:
    """One direction and one factor.

    normal: factor that is still normal, above 1 for rises, below 1 for falls. alarm: A, opening days.

    >>> surge = CountRun(normal=2.2, alarm=1000.0)
    >>> for cell in range(12):
    ...     surge.see(cell * 900_000_000, count=40, expected=10.0, spread=0.03, weight=1 / 48)
    >>> surge.on, round(surge.ratio(), 1)
    (True, 4.0)
    """

    def __init__(self, normal: float, alarm: float) -> None:
        self.normal, self.alarm = normal, alarm
        self.on = False
        self.onset = 0  # microseconds; meaningful while something has begun
        self._m = [0.0] * len(BEYOND)
        self._cusum = self._observed = self._expected = 0.0

    def statistic(self) -> float:
        """Mean over the alternatives, in opening days."""
        return math.fsum(self._m) / len(self._m)

    def ratio(self) -> float:
        """Observed over expected since the onset; 1 where nothing was expected."""
        return self._observed / self._expected if self._expected > 0.0 else 1.0

    def sums(self) -> tuple[float, float]:
        """Observed and expected since the onset."""
        return self._observed, self._expected

    def see(self, t: int, count: float, expected: float, spread: float, weight: float) -> None:
        """A cell that began at `t`; spread: squared coefficient of variation beyond Poisson; weight: its
        share of an opening day."""
        if self._cusum <= 0.0:  # a companion CUSUM dates the onset
            self.onset, self._observed, self._expected = t, 0.0, 0.0
        self._observed += count
        self._expected += expected
        null, shape = expected * self.normal, 1.0 / spread
        for i, beyond in enumerate(BEYOND):
            other = null * (beyond if self.normal > 1.0 else 1.0 / beyond)
            shift = math.log(other * (null + shape) / (null * (other + shape)))
            log = count * shift - shape * math.log((other + shape) / (null + shape))
            self._m[i] = min((self._m[i] + weight) * math.exp(min(log, LOUDEST)), HEADROOM * self.alarm)
            if i == DATING:
                self._cusum = min(max(0.0, self._cusum + log), math.log(HEADROOM * self.alarm))
        self.on = self.statistic() >= (1.0 if self.on else self.alarm)

    def beyond(self, factor: float) -> bool:
        """Whether the ratio since the onset is outside a factor (above 1), in this direction."""
        return self.ratio() > factor if self.normal > 1.0 else self.ratio() < 1.0 / factor

    def state(self) -> Plain:
        """Plain values."""
        return [self._m[:], self.on, self.onset, self._cusum, self._observed, self._expected]

    def restore(self, state: Plain) -> Self:
        """Take back what `state` gave."""
        held, self.on, self.onset, self._cusum, self._observed, self._expected = state
        self._m = list(held)
        return self
