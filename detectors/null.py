"""Two detectors to be beaten: one that says nothing, one that guesses.

Whatever scores no better than these on a replay has found nothing there. The guesses depend on the seed and
the input alone, so they repeat like everything else.

Reference: the null and random detectors of the Numenta Anomaly Benchmark (Lavin and Ahmad, 2015).
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Self

import msgspec

from detectors.base import Plain, Reason, State, Verdict

_NOTHING = Verdict(state=State.LEARNING, reason=Reason.NORMAL, score=0.0)
_BYTES = 8


class Null:
    """Everything is normal.

    >>> Null().score_one(1e9).score
    0.0
    """

    def score_one(self, x: Any) -> Verdict:  # noqa: ARG002 (that is the point)
        """Nothing."""
        return _NOTHING

    def learn_one(self, x: Any) -> None:
        """Nothing."""

    def state(self) -> Plain:
        """Nothing."""
        return {}

    @classmethod
    def from_state(cls, state: Plain) -> Self:  # noqa: ARG003 (there is none)
        """A null detector."""
        return cls()


class Random:
    """A uniform score in [0, 1) of seed and input; alarms above 1 - rate.

    >>> Random(seed=1).score_one({"n": 3}) == Random(seed=1).score_one({"n": 3})
    True
    """

    def __init__(self, seed: int = 0, rate: float = 0.001) -> None:
        self.seed, self.rate = seed, rate

    def score_one(self, x: Any) -> Verdict:
        """A guess. `x` is anything that MessagePack can hold."""
        digest = blake2b(msgspec.msgpack.encode([self.seed, x]), digest_size=_BYTES).digest()
        score = (int.from_bytes(digest, "big") >> 11) / (1 << 53)
        alarm = score >= 1.0 - self.rate
        reason = Reason.ABOVE if alarm else Reason.NORMAL
        return Verdict(state=State.LEARNING, reason=reason, score=score, alarm=alarm, p=1.0 - score)

    def learn_one(self, x: Any) -> None:
        """Nothing."""

    def state(self) -> Plain:
        """Seed and rate."""
        return [self.seed, self.rate]

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The same guesses again."""
        return cls(*state)
