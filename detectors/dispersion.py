"""How much more days and two-hour blocks differ than chance makes them: a standard deviation in log odds.

Method of moments: over a block with excess R = sum(x - mu) and variance V, a common shift u of the log odds
gives E[R²] = V + Var(u)·V², so Var(u) ≈ sum(R² - V) / sum(V²), over days and blocks together: days weigh
more, as what lasts longer deceives a detector more. Shrunk to a prior: small tenants cannot show it.

Reference: DerSimonian and Laird, Meta-analysis in clinical trials (1986), the same moments for study effects.
"""

from __future__ import annotations

import math
from typing import Self

from detectors.base import Plain

PRIOR = 0.15  # standard deviation expected of a tenant not yet known
PRIOR_BLOCKS = 10.0  # closed days that the prior weighs as much as
PRIOR_INFORMATION = 600.0  # sum(V²) that it weighs at least: fewer cannot tell .15 from .3
HIGHEST = 0.8  # more is an incident that was learnt, not a mood
OUTLYING = 9.0  # variances at which one block's excess is cut, taking moods for at least .25: an incident
CUT_MOOD = 0.25  # that was learnt by mistake must not widen much what is normal
REACH = 1.15  # of a mood per log of the evidence that a day of it brings, by simulation, see `reach`
FLATTER = (1.3, 0.35)  # the same where there is much evidence: moods of two hours deceive by themselves
FADE = 0.5 ** (1 / 30)  # a day: half life 30 days


class Dispersion:
    """Moments over closed blocks of one signal of one tenant.

    >>> calm, moody = Dispersion(), Dispersion()
    >>> for day in range(60):
    ...     calm.close_day(excess=(-1) ** day * 6.0, variance=36.0)
    ...     moody.close_day(excess=(-1) ** day * 12.0, variance=36.0)  # twice what chance makes
    >>> calm.sigma() < 0.1, 0.2 < moody.sigma() < 0.3
    (True, True)
    """

    def __init__(self) -> None:
        self._extra = 0.0  # faded sum of R² - V
        self._information = 0.0  # faded sum of V²
        self._days = 0.0  # faded count of closed days
        self._day_information = 0.0  # faded sum of V² over days alone
        self._seen = 1.0  # sum of V ever: what the baseline's own error is judged by
        self._volume = 0.0  # running mean of a day's V

    def close_block(self, excess: float, variance: float) -> None:
        """Two hours are over."""
        if variance > 0.0:
            self._extra += self._surplus(excess, variance)
            self._information += variance * variance

    def close_day(self, excess: float, variance: float) -> None:
        """A day is over; what is older counts less."""
        if variance <= 0.0:
            return
        self._extra = FADE * self._extra + self._surplus(excess, variance)
        self._information = FADE * self._information + variance * variance
        self._day_information = FADE * self._day_information + variance * variance
        self._days = FADE * self._days + 1.0
        self._seen += variance
        self._volume += (variance - self._volume) / min(self._days, 10.0)

    def sigma(self) -> float:
        """Standard deviation of the log odds beyond chance, 0..0.8."""
        typical = self._day_information / self._days if self._days else 0.0
        prior = max(PRIOR_BLOCKS * typical, PRIOR_INFORMATION)
        variance = (self._extra + prior * PRIOR * PRIOR) / (self._information + prior)
        return min(HIGHEST, math.sqrt(max(0.0, variance)))

    def reach(self) -> float:
        """How far a normal day's log odds may stray, as an e-detector feels it, 0 upwards.

        A mood matters by the evidence that a day of it brings, e = log(1 + sigma²·V): 1.15·sigma·e, flatter
        from e = 1.6 on. With moods of .3 a day and .3 per two hours this held simulated false alarms at
        A = 1000 opening days to .3-1.3 in 1000 days at 20, 100 and 400 observations a day and shares of 3 to
        30 %, and to 1.3-3.1 at 1,500 (a constant 0.1 in its place: 1, 8 and 56 at 20, 100 and 400 a day).
        With sigma learnt along the way 0 to 1.3 at 20 and 100 a day; at 400 a day 11-16 over the first two
        months, most of them before the third week (a constant 0.1: 38). Calm tenants pay nothing for it.
        """
        sigma = self.sigma()
        evidence = math.log1p(sigma * sigma * self._volume)
        return sigma * min(REACH * evidence, FLATTER[0] + FLATTER[1] * evidence)

    def damping(self) -> float:
        """What an observation's weight shrinks to, 0..1, because those of one day share its mood."""
        sigma = self.sigma()
        return 1.0 / (1.0 + sigma * sigma * self._volume)

    def _surplus(self, excess: float, variance: float) -> float:
        own_error = variance * variance / self._seen  # mu was learnt from so much
        expected = variance + own_error
        mood = max(CUT_MOOD, self.sigma())
        cut = OUTLYING * (expected + mood * mood * variance * variance)
        return min(excess * excess, cut) - expected

    def state(self) -> Plain:
        """Plain values."""
        return [self._extra, self._information, self._days, self._day_information, self._seen, self._volume]

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The moments whose `state` this was."""
        one = cls()
        one._extra, one._information, one._days, one._day_information, one._seen, one._volume = state
        return one
