"""The vocabulary every detector speaks: two verbs, one frozen verdict, enumerated states and reasons.

`score_one` is pure and comes first, `learn_one` comes second; neither knows a clock, chance or I/O.
Whatever a detector remembers it gives as plain values (`state`) and takes back (`from_state`).
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Any, Protocol, Self, TypeAlias, TypeVar

from msgspec import Struct

Plain: TypeAlias = Any  # ints, floats, str, bytes, bool, None, and lists and str-keyed dicts of them
X_contra = TypeVar("X_contra", contravariant=True)
WEEK_H = 168  # hours in a week; hour-of-week arguments lie in [0, 168)


class State(Enum):
    """How far a detector can be trusted just now."""

    WARMING = "warming"  # has seen too little to say anything: its score is None, never 0
    LEARNING = "learning"  # scores, and learns from what it scores
    FROZEN = "frozen"  # scores, and learns nothing: an incident is open, or a reference was pinned
    BLIND = "blind"  # could not see the trouble it looks for: too little traffic, or its input ended


class Reason(Enum):
    """Which branch produced a verdict."""

    NORMAL = "normal"  # nothing to say
    WARMING = "warming"  # too little seen
    CLOSED = "closed"  # outside opening time: nothing is expected
    TOO_THIN = "too_thin"  # so little traffic that the alarm could not be reached within a day
    MISSING = "missing"  # the input held no value
    ABOVE = "above"  # more than expected, past the alarm
    BELOW = "below"  # less than expected, past the alarm
    NOTABLE = "notable"  # unusual, worth a line, not an alarm
    QUIET = "quiet"  # nothing came where much was expected
    TAMPERED = "tampered"  # looks made rather than happened


class Verdict(Struct, frozen=True, kw_only=True):
    """What a detector says about one input.

    score: in the detector's own unit, higher is stranger; None while warming or blind. alarm: whether it
    is past the detector's own alarm level. observed, expected, interval: in the unit of the input, None
    where they have no meaning. onset: when it probably began, microseconds since 1970. contributions:
    (name, share or amount) in descending order of weight. p: chance of this or worse when all is normal.
    """

    state: State
    reason: Reason
    score: float | None = None
    alarm: bool = False
    observed: float | None = None
    expected: float | None = None
    interval: tuple[float, float] | None = None
    onset: int | None = None
    contributions: tuple[tuple[str, float], ...] = ()
    p: float | None = None


class Detector(Protocol[X_contra]):
    """Score first, learn second. `score_one` leaves the detector exactly as it was."""

    def score_one(self, x: X_contra) -> Verdict:
        """What `x` means to what was learned so far."""
        ...

    def learn_one(self, x: X_contra) -> None:
        """Take `x` into what is normal (or into what has been seen)."""
        ...

    def state(self) -> Plain:
        """Everything remembered, as plain values."""
        ...

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The detector whose `state()` this was. Raises `CodecError` for one that it cannot read."""
        ...


def finite(value: float | None) -> bool:
    """Whether there is a number to work with.

    >>> finite(1.5), finite(None), finite(float("nan"))
    (True, False, False)
    """
    return value is not None and math.isfinite(value)
