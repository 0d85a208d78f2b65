"""Surveys that look made: the same respondents again and again, together with answers to no conversation.

Over a sliding window both are counted, and both must reach the alarm: a genuine decline brings low scores and
many answers, but from different people who were served. Scores and volume are not looked at at all. Where
surveys are many, a brigade must be a share of them to matter. Nothing is learnt, so nothing can be taught.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Self

from msgspec import Struct

from detectors.base import Plain, Reason, State, Verdict
from detectors.codec import CodecError

VERSION = 1
HOUR_US = 3_600_000_000
WINDOW_US = 3 * HOUR_US
AGAIN_US = 24 * HOUR_US  # a second answer within it is reuse
REUSE, ORPHANS = 6, 6  # what raises the alarm, both: found every labelled brigade and no genuine decline
SHARE = 0.04  # of the window's answers, where that is more: chance repeats among many, and moves no mean
MAX_ANSWERS = 5_000  # in the window: half an answer a second, more is an alarm anyway
MAX_RESPONDENTS = 100_000  # within a day; beyond it the longest unheard are forgotten, 100 B each


class Answer(Struct, frozen=True):
    """A survey answer at `t`, microseconds. respondent: keyed 64-bit hash, 0 unknown. orphan: it names no
    conversation that is known."""

    t: int
    respondent: int
    orphan: bool = False


class Integrity:
    """The surveys of one tenant.

    >>> surveys = Integrity()
    >>> for i in range(8):
    ...     verdict = surveys.score_one(Answer(i * 60_000_000, respondent=7, orphan=True))
    ...     surveys.learn_one(Answer(i * 60_000_000, respondent=7, orphan=True))
    >>> verdict.alarm, verdict.contributions
    (True, (('orphans', 8.0), ('reuse', 7.0)))
    >>> surveys.set_aside(3_600_000_000, 7), surveys.set_aside(3_600_000_000, 8)
    (True, False)
    """

    def __init__(self, reuse: int = REUSE, orphans: int = ORPHANS) -> None:
        self.reuse, self.orphans = reuse, orphans
        self._window: deque[tuple[int, bool, bool]] = deque()  # (t, reuse, orphan)
        self._counts = [0, 0]  # reuse, orphans in the window
        self._heard: dict[int, int] = {}  # respondent -> last answer, longest unheard first

    def set_aside(self, t: int, respondent: int) -> bool:
        """Whether this respondent answered within the last day: a further answer never enters a mean."""
        last = self._heard.get(respondent)
        return last is not None and respondent != 0 and t - last < AGAIN_US

    def score_one(self, x: Answer) -> Verdict:
        """The window as it would be with this answer."""
        gone = self._gone(x.t)
        passed = list(islice(self._window, gone))
        reuse = self._counts[0] + self.set_aside(x.t, x.respondent) - sum(item[1] for item in passed)
        orphans = self._counts[1] + x.orphan - sum(item[2] for item in passed)
        least = SHARE * (len(self._window) + 1 - gone)
        score = min(reuse / max(self.reuse, least), orphans / max(self.orphans, least))
        counts = (("orphans", float(orphans)), ("reuse", float(reuse)))
        first = (item[0] for item in islice(self._window, gone, None) if item[1] or item[2])
        return Verdict(
            state=State.LEARNING,
            reason=Reason.TAMPERED if score >= 1.0 else Reason.NORMAL,
            score=score,
            alarm=score >= 1.0,
            observed=float(reuse + orphans),
            onset=next(first, x.t),
            contributions=tuple(sorted(counts, key=lambda item: -item[1])),
        )

    def learn_one(self, x: Answer) -> None:
        """Take the answer in, let go what has left the window."""
        again = self.set_aside(x.t, x.respondent)
        for _ in range(self._gone(x.t)):
            self._let_go()
        self._window.append((x.t, again, x.orphan))
        self._counts[0] += again
        self._counts[1] += x.orphan
        if len(self._window) > MAX_ANSWERS:
            self._let_go()
        if x.respondent:
            self._hear(x.t, x.respondent)

    def _gone(self, t: int) -> int:
        """How many of the window's answers have left it at `t`."""
        gone = 0
        for item in self._window:
            if t - item[0] < WINDOW_US:
                break
            gone += 1
        return gone

    def _let_go(self) -> None:
        _, again, orphan = self._window.popleft()
        self._counts[0] -= again
        self._counts[1] -= orphan

    def _hear(self, t: int, respondent: int) -> None:
        self._heard[respondent] = max(t, self._heard.pop(respondent, t))
        while self._heard:
            oldest = next(iter(self._heard))
            if len(self._heard) <= MAX_RESPONDENTS and t - self._heard[oldest] < AGAIN_US:
                return
            del self._heard[oldest]

    def state(self) -> Plain:
        """Plain values."""
        return {
            "version": VERSION,
            "settings": [self.reuse, self.orphans],
            "window": [list(item) for item in self._window],
            "heard": [[respondent, t] for respondent, t in self._heard.items()],
        }

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The detector whose `state` this was. Raises `CodecError` for another version."""
        if state["version"] != VERSION:
            raise CodecError(f"an integrity state of version {VERSION} is needed")
        one = cls(*state["settings"])
        one._window = deque((t, again, orphan) for t, again, orphan in state["window"])
        one._counts = [sum(item[1] for item in one._window), sum(item[2] for item in one._window)]
        one._heard = dict(state["heard"])
        return one
