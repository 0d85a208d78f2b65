"""A source that should speak and does not: arrivals expected since its last one, in opening time.

Under a Poisson flow the chance of a gap in which g arrivals were expected is exp(-g). What is expected comes
from a profile of the day; a day that runs thin lowers it at once. The time since the last arrival is learnt
only when the next one comes, and not at all once an alarm was raised: an outage never teaches that nothing
is normal.
"""

from __future__ import annotations

import math
from typing import Self

from detectors.base import Plain, Reason, State, Verdict
from detectors.codec import CodecError
from detectors.profile import HALVES, DayProfile
from detectors.structs import Frozen

VERSION = 1
ALARM = 11.0  # expected arrivals, after the margin: below 10 quiet weeks bring false alarms
MARGIN = 0.8  # of what is expected: days differ by more than Poisson
LEARN_DAYS = 3  # days with arrivals before anything is said
ALWAYS_OPEN_DAYS = 8  # without a closing for so long: open round the clock

_WARMING = Verdict(state=State.WARMING, reason=Reason.WARMING)
_CLOSED = Verdict(state=State.LEARNING, reason=Reason.CLOSED, score=0.0)
_STILL_QUIET = Verdict(state=State.FROZEN, reason=Reason.CLOSED, score=0.0, alarm=True)
_BLIND = Verdict(state=State.BLIND, reason=Reason.TOO_THIN)


class Pulse(Frozen):
    """What a source did up to `t` (microseconds): in the last `dt_s` seconds, `arrivals` came.

    hour_of_week: local, in [0, 168). open: whether any could be expected in these seconds.
    """

    t: int
    hour_of_week: float
    dt_s: float = 0.0
    arrivals: int = 0
    open: bool = True


class Quiet:
    """One source of one tenant.

    >>> source = Quiet()
    >>> for minute in range(8 * 1440):  # round the clock, one arrival every ten minutes
    ...     if minute % 10 == 0:
    ...         source.arrive(minute * 60_000_000, minute / 60 % 168)
    ...     verdict = source.tick(minute * 60_000_000, 60.0, minute / 60 % 168, open=True)
    >>> verdict.alarm, verdict.state.value
    (False, 'learning')
    >>> for minute in range(8 * 1440, 8 * 1440 + 240):
    ...     verdict = source.tick(minute * 60_000_000, 60.0, minute / 60 % 168, open=True)
    >>> verdict.alarm, verdict.reason.value
    (True, 'quiet')
    """

    def __init__(self, alarm: float = ALARM, margin: float = MARGIN) -> None:
        self.alarm, self.margin = alarm, margin
        self._profile = DayProfile()
        self._pending: list[tuple[int, float]] = []  # (half hour, seconds) since the last arrival
        self._last, self._gap, self._on = 0, 0.0, False
        self._open_days = ALWAYS_OPEN_DAYS  # since it was last closed
        self._half, self._rate = -1, 0.0  # half hour of the week, and what it brings a second

    def arrive(self, t: int, hour_of_week: float) -> None:
        """Something came from the source at `t`, microseconds."""
        self._enter(hour_of_week)
        if not self._on:
            for half, seconds in self._pending:
                self._profile.wait(half, seconds)
        self._pending.clear()
        self._profile.add(hour_of_week, 1.0, 0.0)
        self._last, self._gap, self._on = t, 0.0, False

    def tick(self, t: int, dt_s: float, hour_of_week: float, *, open: bool) -> Verdict:  # noqa: A002
        """`dt_s` seconds passed, up to `t`. Score first, then learn."""
        pulse = Pulse(t, hour_of_week, dt_s, 0, open)
        verdict = self.score_one(pulse)
        self.learn_one(pulse)
        return verdict

    def alarms(self, x: Pulse) -> bool:
        """Whether `score_one` would alarm: most ask for no more."""
        if self._profile.days() < LEARN_DAYS:
            return False
        if self._on or not x.open:
            return self._on and not (x.open and x.arrivals)
        return not x.arrivals and self._gap + self._expected(x.hour_of_week) * x.dt_s >= self.alarm

    def score_one(self, x: Pulse) -> Verdict:
        """The gap as it would be at the end of these seconds."""
        if self._profile.days() < LEARN_DAYS:
            return _WARMING
        if not x.open:
            return _STILL_QUIET if self._on else _CLOSED
        gap = 0.0 if x.arrivals else self._gap + self._expected(x.hour_of_week) * x.dt_s
        quiet = gap >= self.alarm or (self._on and not x.arrivals)
        if not quiet and self.blind():
            return _BLIND
        return Verdict(
            state=State.FROZEN if quiet else State.LEARNING,
            reason=Reason.QUIET if quiet else Reason.NORMAL,
            score=gap,
            alarm=quiet,
            observed=float(x.arrivals),
            expected=gap / self.margin,
            onset=self._last,
            p=math.exp(-gap),
        )

    def learn_one(self, x: Pulse) -> None:
        """Let the time pass, then take the arrivals."""
        self._enter(x.hour_of_week)
        if x.open:
            self._gap += self._rate * x.dt_s
            self._on = self._on or (self._gap >= self.alarm and self._profile.days() >= LEARN_DAYS)
            self._wait(x.dt_s)
        else:
            self._gap, self._open_days = 0.0, 0
            self._pending.clear()
        for _ in range(x.arrivals):
            self.arrive(x.t, x.hour_of_week)

    def blind(self) -> bool:
        """Whether a whole day could not reach the alarm, and closings begin each day anew."""
        return self._open_days < ALWAYS_OPEN_DAYS and self._profile.daily() * self.margin < self.alarm

    def sight(self) -> State:
        """How far silence of this source can be told just now."""
        if self._profile.days() < LEARN_DAYS:
            return State.WARMING
        if self._on:
            return State.FROZEN
        return State.BLIND if self.blind() else State.LEARNING

    def _enter(self, hour_of_week: float) -> None:
        half = int(hour_of_week * 2.0)
        if half == self._half:
            return
        if self._profile.enter(hour_of_week):
            self._open_days = min(self._open_days + 1, ALWAYS_OPEN_DAYS)
        self._half, self._rate = half, self._expected(hour_of_week)

    def _expected(self, hour_of_week: float) -> float:
        """Arrivals a second, after the margin; constant within a half hour."""
        if int(hour_of_week * 2.0) == self._half:
            return self._rate
        return self.margin * self._profile.rate(hour_of_week) * self._profile.today()

    def _wait(self, seconds: float) -> None:
        half = self._half % HALVES
        if self._pending and self._pending[-1][0] == half:
            self._pending[-1] = (half, self._pending[-1][1] + seconds)
        elif len(self._pending) < 2 * HALVES:  # two days of silence; more would teach nothing
            self._pending.append((half, seconds))

    def state(self) -> Plain:
        """Plain values."""
        return {
            "version": VERSION,
            "settings": [self.alarm, self.margin],
            "profile": self._profile.state(),
            "pending": [list(item) for item in self._pending],
            "gap": [self._last, self._gap, self._on, self._open_days, self._half, self._rate],
        }

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The source whose `state` this was. Raises `CodecError` for another version."""
        if state["version"] != VERSION:
            raise CodecError(f"a quiet state of version {VERSION} is needed")
        one = cls(*state["settings"])
        one._profile = DayProfile.from_state(state["profile"])
        one._pending = [(half, seconds) for half, seconds in state["pending"]]
        one._last, one._gap, one._on, one._open_days, one._half, one._rate = state["gap"]
        return one
