"""How many arrivals to expect: a profile per half hour of the local day times a factor per weekday.

Learnt once a day from arrivals and the seconds they were waited for, so that open and closed time, short
days and missing hours need no special case; fading, and shrunk: a half hour to its neighbours, a weekday to
a careful prior. A multiplicative fit in the manner of exponential smoothing (Winters, 1960), in event time.
"""

from __future__ import annotations

import math
from typing import Self

from detectors.base import Plain
from detectors.codec import CodecError

VERSION = 1
HALVES = 48  # half hours in a day
FADE = 0.5 ** (1 / 21)  # per learnt day: half life 21 days
NEIGHBOURS_S = 3600.0  # seconds that the neighbours' mean weighs in a half hour's own rate: two days of it
WEEKDAY_DAYS = 0.25  # days that the prior of a weekday's factor weighs
WEEKDAY_PRIOR = (1.0, 1.0, 1.0, 1.0, 1.0, 0.2, 0.2)
UNSEEN = (0.7, 0.7, 0.7, 0.7, 0.7, 0.2, 0.2)  # factor of a weekday not seen yet: careful, at weekends very
KNOWN_DAYS = 0.5  # ordinary days' worth of a weekday before its factor counts as learnt
TODAY_ARRIVALS = 8.0  # arrivals that `an ordinary day` weighs against what today showed so far


class DayProfile:
    """Expected arrivals of one source or tenant.

    >>> profile = DayProfile()
    >>> for day in range(10):
    ...     for half in range(16, 32):  # 8 to 16 h: ten arrivals each half hour
    ...         profile.add(day % 5 * 24 + half / 2, arrivals=10, seconds=1800.0)
    >>> round(profile.rate(9.0) * 1800.0), profile.rate(3.0), profile.days()
    (10, 0.0, 9)
    """

    def __init__(self) -> None:
        self._arrivals, self._exposure = [0.0] * HALVES, [0.0] * HALVES  # faded; seconds of a standard day
        self._seen, self._due = [0.0] * 7, [0.0] * 7  # by weekday: arrivals, and what a standard day makes
        self._today_n, self._today_s = [0.0] * HALVES, [0.0] * HALVES
        self._days, self._weekday = 0, -1
        self._base, self._factors, self._day = [0.0] * HALVES, list(UNSEEN), 0.0

    def enter(self, hour_of_week: float) -> bool:
        """Time goes on to this local hour of the week; whether a new day began (the last one is learnt)."""
        weekday = int(hour_of_week // 24.0)
        if weekday == self._weekday:
            return False
        if self._weekday >= 0:
            self._close_day()
        self._weekday = weekday
        return True

    def add(self, hour_of_week: float, arrivals: float, seconds: float) -> None:
        """So many arrivals in so many seconds of waiting, at this local hour of the week."""
        self.enter(hour_of_week)
        half = int(hour_of_week % 24.0 * 2.0)
        self._today_n[half] += arrivals
        self._today_s[half] += seconds

    def wait(self, half: int, seconds: float) -> None:
        """Seconds of waiting in a half hour of the present day."""
        self._today_s[half] += seconds

    def days(self) -> int:
        """Learnt days that brought arrivals."""
        return self._days

    def rate(self, hour_of_week: float) -> float:
        """Arrivals a second at this local hour of the week, on an ordinary day of its kind."""
        return self._base[int(hour_of_week % 24.0 * 2.0)] * self._factors[int(hour_of_week // 24.0)]

    def knows(self, hour_of_week: float) -> bool:
        """Whether this half hour and this weekday were learnt: until then `rate` is careful, not right."""
        seconds = self._exposure[int(hour_of_week % 24.0 * 2.0)]
        # An evening of a weekday is not that weekday.
        return seconds > 0.0 and self._due[int(hour_of_week // 24.0)] >= KNOWN_DAYS * self._day

    def daily(self) -> float:
        """Arrivals of an ordinary day, faded mean."""
        return self._day

    def today(self) -> float:
        """What today brought so far over what was due, at most 1; shrunk to 1.

        A day that nobody announced as a holiday lowers what is expected as it runs.
        """
        due = 0.0
        for half in range(HALVES):
            due += self._base[half] * self._today_s[half]
        due *= self._factors[self._weekday]
        return min(1.0, (math.fsum(self._today_n) + TODAY_ARRIVALS) / (due + TODAY_ARRIVALS))

    def _close_day(self) -> None:
        total = math.fsum(self._today_n)
        if total <= 0.0:
            self._today_s = [0.0] * HALVES  # a day without a single arrival is an outage or a closed one
            return
        self._days += 1
        self._day = total if self._days == 1 else FADE * self._day + (1.0 - FADE) * total
        self._learn_weekday(total)
        self._learn_halves()
        self._today_n, self._today_s = [0.0] * HALVES, [0.0] * HALVES

    def _learn_weekday(self, total: float) -> None:
        day, due = self._weekday, 0.0
        for base, seconds in zip(self._base, self._today_s, strict=True):
            due += base * seconds
        due = due if self._days > 1 else total  # the first day is the standard
        self._seen[day] = FADE * self._seen[day] + total
        self._due[day] = FADE * self._due[day] + due
        prior = WEEKDAY_DAYS * self._day
        self._factors[day] = (self._seen[day] + prior * WEEKDAY_PRIOR[day]) / (self._due[day] + prior)

    def _learn_halves(self) -> None:
        factor = self._factors[self._weekday]
        for half in range(HALVES):
            self._arrivals[half] = FADE * self._arrivals[half] + self._today_n[half]
            self._exposure[half] = FADE * self._exposure[half] + self._today_s[half] * factor
        for half in range(HALVES):
            near = (half - 1, half, (half + 1) % HALVES)  # -1 is the last half hour: the day is a ring
            seconds = math.fsum(self._exposure[i] for i in near)
            mean = math.fsum(self._arrivals[i] for i in near) / seconds if seconds > 0.0 else 0.0
            own = self._exposure[half]
            rate = (self._arrivals[half] + NEIGHBOURS_S * mean) / (own + NEIGHBOURS_S)
            self._base[half] = rate if own > 0.0 else 0.0

    def state(self) -> Plain:
        """Plain values."""
        lists = (self._arrivals, self._exposure, self._seen, self._due, self._today_n, self._today_s)
        return {
            "version": VERSION,
            "lists": [part[:] for part in (*lists, self._base, self._factors)],
            "days": [self._days, self._weekday, self._day],
        }

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The profile whose `state` this was. Raises `CodecError` for another version."""
        if state["version"] != VERSION:
            raise CodecError(f"a profile state of version {VERSION} is needed")
        one = cls()
        (one._arrivals, one._exposure, one._seen, one._due, one._today_n, one._today_s, one._base,
         one._factors) = (list(part) for part in state["lists"])  # fmt: skip
        one._days, one._weekday, one._day = state["days"]
        return one
