"""Traffic that is abnormal for the time: counts of quarter hours against the profile of the day and weekday.

Two levels. Notable: further from the expectation than days differ. Severe: outside a factor of 2.5, for long
enough to be certain, and in fact outside it since the onset; an ordinary surge (x 1.8) never is. Both by
e-detectors with an inflated null, so that the morning ramp and a busy day accumulate nothing.
"""

from __future__ import annotations

import math
from typing import Self

from detectors.base import Plain, Reason, State, Verdict
from detectors.codec import CodecError
from detectors.counts import CountRun
from detectors.profile import DayProfile
from detectors.structs import Frozen

VERSION = 1
SEVERE = 2.5  # factor that the ratio must leave
SEVERE_NORMAL = 2.1  # factor that is still normal to the severe runs
NOTABLE_NORMAL = 1.4  # days differ by a tenth, hours by more
SEVERE_DAYS, NOTABLE_DAYS = 2000.0, 200.0  # opening days to a false one
LEARN_DAYS = 3  # days before anything is said
SPREAD_PRIOR = 0.03  # squared coefficient of variation beyond Poisson, 17 %
SPREAD_CELLS = 300.0  # cells that the prior weighs
SPREAD_FADE = 0.5 ** (1 / 1500)  # a cell: about a month of opening time
SPREAD_BOUNDS = (0.01, 0.25)
CELL_S = 900.0
DAY_S = 43_200.0  # an opening day is taken for twelve hours
FROZEN_CELLS = 400  # cells that a severe run is not learnt for: a week; then the new level is accepted
LEAST = 0.5  # expected count below which a cell says nothing


class Cell(Frozen):
    """A closed cell of open time: it began at `t` (microseconds), lasted `dt_s` seconds, brought `count`.

    hour_of_week: local, at its beginning, in [0, 168).
    """

    t: int
    hour_of_week: float
    count: int
    dt_s: float = CELL_S


class Volume:
    """Traffic of one tenant (or source). Closed time and holidays are left out by the caller.

    >>> traffic = Volume()
    >>> for quarter in range(14 * 96):
    ...     traffic.learn_one(Cell(quarter * 900_000_000, quarter / 4 % 168, 12))
    >>> verdict = traffic.score_one(Cell(14 * 96 * 900_000_000, 0.0, 13))
    >>> verdict.reason.value, round(verdict.expected)
    ('normal', 12)
    """

    def __init__(self) -> None:
        self._profile = DayProfile()
        self._runs = _runs()
        self._extra, self._squares = 0.0, 0.0  # faded sums of (n - mu)² - mu and of mu²
        self._frozen = 0  # cells not learnt since it became severe

    def score_one(self, x: Cell) -> Verdict:
        """The cell as the runs would see it."""
        expected = self._expected(x)
        if expected is None:
            return Verdict(state=State.WARMING, reason=Reason.WARMING, observed=float(x.count))
        runs = _copies(self._runs)
        for run in runs:
            self._show(run, x, expected)
        return self._verdict(runs, x, expected)

    def learn_one(self, x: Cell) -> None:
        """Let the runs see the cell, then learn it, unless traffic is severe."""
        expected = self._expected(x)
        if expected is not None:
            for run in self._runs:
                self._show(run, x, expected)
        severe = any(run.on and run.beyond(SEVERE) for run in self._runs[:2])
        self._frozen = self._frozen + 1 if severe else 0
        if self._frozen > FROZEN_CELLS:
            # Learning a fall takes the old profile weeks, and it would alarm again every few days.
            self._runs, self._profile, self._frozen = _runs(), DayProfile(), 0
            expected, severe = None, False
        if severe:
            self._profile.enter(x.hour_of_week)
            return
        if expected is not None:
            gap = min((x.count - expected) ** 2, 9.0 * (expected + SPREAD_BOUNDS[1] * expected * expected))
            self._extra = SPREAD_FADE * self._extra + gap - expected
            self._squares = SPREAD_FADE * self._squares + expected * expected
        self._profile.add(x.hour_of_week, float(x.count), x.dt_s)

    def usual(self, x: Cell) -> tuple[float, float, float] | None:
        """Expected conversations of a cell, and the interval that is normal; None while warming."""
        due = self._expected(x)
        return None if due is None else (due, *self._interval(due))

    def is_warm(self) -> bool:
        """Whether whole days are known."""
        return self._profile.days() >= LEARN_DAYS

    def _interval(self, due: float) -> tuple[float, float]:
        half = 2.0 * math.sqrt(due + self.spread() * due * due)
        return max(0.0, due - half), due + half

    def spread(self) -> float:
        """Squared coefficient of variation of cells beyond Poisson, shrunk."""
        typical = self._profile.daily() * CELL_S / DAY_S
        weight = max(1.0, SPREAD_CELLS * typical * typical)
        found = (self._extra + weight * SPREAD_PRIOR) / (self._squares + weight)
        return max(SPREAD_BOUNDS[0], min(SPREAD_BOUNDS[1], found))

    def _expected(self, x: Cell) -> float | None:
        if self._profile.days() < LEARN_DAYS or not self._profile.knows(x.hour_of_week):
            return None
        return self._profile.rate(x.hour_of_week) * x.dt_s

    def _show(self, run: CountRun, x: Cell, expected: float) -> None:
        if expected >= LEAST:
            run.see(x.t, float(x.count), expected, self.spread(), x.dt_s / DAY_S)

    def _verdict(self, runs: list[CountRun], x: Cell, expected: float) -> Verdict:
        severe = [run for run in runs[:2] if run.on and run.beyond(SEVERE)]
        notable = [run for run in runs if run.on]
        telling = max(severe or notable or runs[2:], key=lambda run: run.statistic())
        reason = Reason.NOTABLE if notable else Reason.NORMAL
        if severe:
            reason = Reason.ABOVE if telling.normal > 1.0 else Reason.BELOW
        observed, due = telling.sums() if notable else (float(x.count), expected)
        return Verdict(
            state=State.FROZEN if severe else State.LEARNING,
            reason=reason,
            score=telling.statistic(),
            alarm=bool(severe),
            observed=observed,
            expected=due,
            interval=self._interval(due),
            onset=telling.onset if notable else None,
            contributions=(("ratio", observed / due if due > 0.0 else 1.0),),
        )

    def state(self) -> Plain:
        """Plain values."""
        return {
            "version": VERSION,
            "profile": self._profile.state(),
            "runs": [run.state() for run in self._runs],
            "spread": [self._extra, self._squares, self._frozen],
        }

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The detector whose `state` this was. Raises `CodecError` for another version."""
        if state["version"] != VERSION:
            raise CodecError(f"a volume state of version {VERSION} is needed")
        one = cls()
        one._profile = DayProfile.from_state(state["profile"])
        for run, held in zip(one._runs, state["runs"], strict=True):
            run.restore(held)
        one._extra, one._squares, one._frozen = state["spread"]
        return one


def _runs() -> list[CountRun]:
    """Severe rise and fall, notable rise and fall."""
    levels = ((SEVERE_NORMAL, SEVERE_DAYS), (NOTABLE_NORMAL, NOTABLE_DAYS))
    return [CountRun(normal, days) for factor, days in levels for normal in (factor, 1.0 / factor)]


def _copies(runs: list[CountRun]) -> list[CountRun]:
    return [fresh.restore(run.state()) for fresh, run in zip(_runs(), runs, strict=True)]
