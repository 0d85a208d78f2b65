"""Rulings: what people's verdicts on alerts change at one tenant. Each does one stated thing, within bounds.

A false alarm makes the same signal ask for more evidence in the same place, real trouble takes one such step
back. What was planned keeps its kind quiet in its place until a stated time, and out of what is normal.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, convert, to_builtins

from streams.floor.cuts import may_overlap
from streams.floor.incident import Scope
from streams.records.alerts import Kind
from streams.records.controls import VerdictGiven
from streams.records.facts import Dims

STEP = 3.0  # times the evidence for each false alarm: the next like it is three times as rare
MOST_STEPS = 3  # 27 times the budget: what is louder still speaks
CALIBRATIONS = 500  # signals and places at one tenant; the oldest goes first
WINDOWS = 200  # planned at one tenant; the oldest goes first
KEPT_US = 7 * 86400 * 1_000_000  # what a window covered is kept out of what is learnt, mail included


class Window(Struct, frozen=True, array_like=True):
    """What was planned: this kind in this place, [since, until) in microseconds."""

    kind: Kind
    scope: Scope
    since: int
    until: int


class Calibration(Struct, array_like=True):
    """One signal asks for STEP**steps times the evidence inside this place."""

    signal: str
    scope: Scope
    steps: int


class Rulings:
    """Verdicts of one tenant, as far as they bear on what comes."""

    def __init__(self) -> None:
        self._windows: list[Window] = []
        self._calibrations: list[Calibration] = []
        self._ended = 0  # windows that ended before were seen off

    def take(self, given: VerdictGiven) -> None:
        """A verdict came into force."""
        if given.verdict == "expected":
            self._windows.append(Window(given.about, given.scope, given.since, given.until))
            del self._windows[:-WINDOWS]
        elif given.verdict in ("false", "real"):
            self._calibrate(given.signal, given.scope, 1 if given.verdict == "false" else -1)

    def _calibrate(self, signal: str, scope: Scope, by: int) -> None:
        known = [one for one in self._calibrations if one.signal == signal and one.scope == scope]
        one = known[0] if known else Calibration(signal, scope, 0)
        one.steps = min(one.steps + by, MOST_STEPS)
        if known and one.steps <= 0:
            self._calibrations.remove(one)
        elif not known and one.steps > 0:
            self._calibrations.append(one)
            del self._calibrations[:-CALIBRATIONS]

    def factor(self, signal: str, scope: Scope) -> float:
        """How many times the evidence this signal needs in this place, or one inside it; 1: as budgeted."""
        steps = [
            one.steps for one in self._calibrations if one.signal == signal and _inside(scope, one.scope)
        ]
        return STEP ** max(steps, default=0)

    def planned(self, kind: Kind, scope: Scope, time: int) -> bool:
        """Whether this kind of trouble was planned here and now."""
        return any(
            w.kind == kind and w.since <= time < w.until and _inside(scope, w.scope) for w in self._windows
        )

    def may_concern(self, kind: Kind, scope: Scope, now: int) -> bool:
        """Whether something planned, or just over, may be part of what is seen in this place."""
        return any(w.kind == kind and w.since <= now and may_overlap(w.scope, scope) for w in self._windows)

    def planned_ever(self, kind: Kind) -> bool:
        """Whether anything of this kind was planned at any time that is remembered."""
        return any(w.kind == kind for w in self._windows)

    def explains(self, kind: Kind, time: int, dims: Dims) -> bool:
        """Whether an observation of this kind belongs to what was planned."""
        return any(
            w.kind == kind and w.since <= time < w.until and _covers(w.scope, dims) for w in self._windows
        )

    def struck(self, time: int, dims: Dims) -> bool:
        """Whether the baselines must not learn from here and now."""
        return any(w.since <= time < w.until and _covers(w.scope, dims) for w in self._windows)

    def ended(self, now: int) -> list[Window]:
        """Windows that ended since this was last asked; those of last week are forgotten."""
        before, self._ended = self._ended, now
        found = [window for window in self._windows if before < window.until <= now]
        self._windows = [window for window in self._windows if window.until > now - KEPT_US]
        return found

    def state(self) -> Any:
        """Plain values."""
        return to_builtins([self._windows, self._calibrations, self._ended])

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        windows, calibrations, self._ended = state
        self._windows = convert(windows, list[Window])
        self._calibrations = convert(calibrations, list[Calibration])


def _covers(scope: Scope, dims: Dims) -> bool:
    """Whether a place lies in a scope; what places do not have, such as an action, is in none."""
    return all(getattr(dims, name, None) == value for name, value in scope.items())


def _inside(scope: Scope, outer: Scope) -> bool:
    """Whether a place lies in another: it says all that the other says."""
    return all(scope.get(name) == value for name, value in outer.items())
