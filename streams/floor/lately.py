"""Lately: which answers an AI gave within half a day, so that one said to everybody counts once.

The same sentence to thirty customers is one claim, supported or not; that it spreads is for others to say.
"""

from __future__ import annotations

from typing import Any

from streams.records.facts import MICROS

ONCE_US = 12 * 3600 * MICROS
MOST = 20_000  # answers remembered; beyond, the oldest count anew; 2 MB


class Lately:
    """Answers of one tenant by keyed hash; 0 is none, and never given.

    >>> answers = Lately()
    >>> answers.learn(7, 0)
    >>> answers.given(7, 60), answers.given(8, 60), answers.given(7, ONCE_US)
    (True, False, False)
    """

    def __init__(self) -> None:
        self._first: dict[int, int] = {}

    def given(self, answer: int, time: int) -> bool:
        """Whether it was given lately, and counted then."""
        return answer in self._first and time - self._first[answer] < ONCE_US

    def learn(self, answer: int, time: int) -> None:
        """It is given now."""
        if answer and not self.given(answer, time):
            self._first.pop(answer, None)
            self._first[answer] = time
            if len(self._first) > MOST:
                del self._first[next(iter(self._first))]

    def forget(self, now: int) -> None:
        """Drop what counts anew anyway; the oldest come first."""
        while self._first:
            answer = next(iter(self._first))
            if now - self._first[answer] < ONCE_US:
                return
            del self._first[answer]

    def state(self) -> Any:
        """Plain values."""
        return [[answer, time] for answer, time in self._first.items()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._first = dict(map(tuple, state))
