"""Surveys that look made: by respondents, links and clicks, not by what they say.

Each answer is marked: the same respondent again within a day, no conversation that is known, clicked within
seconds, the words of others, a link that suddenly brings most of them, a grade that its conversation does not
explain. A suspect has two marks, one of them of the hand that made it. Over a sliding window enough suspects,
or enough repeats and orphans, raise the alarm: a genuine decline brings low grades, many answers and the same
words, but from different people who took their time. Where surveys are many, a brigade must be a share of
them to matter. Only how common a link is, is learnt, and from unsuspected answers.
"""

from __future__ import annotations

from collections import Counter, deque
from enum import IntFlag
from itertools import islice, takewhile
from typing import Self

from detectors.base import Plain, Reason, State, Verdict
from detectors.codec import CodecError
from detectors.structs import Frozen, FrozenArrayLeaf

VERSION = 2
HOUR_US = 3_600_000_000
WINDOW_US = 3 * HOUR_US
AGAIN_US = 24 * HOUR_US  # a second answer within it is reuse
REUSE, ORPHANS = 6, 6  # both: found every labelled brigade and no genuine decline
SUSPECTS = 5  # in genuine surveys, two a window are rare
SHARE = 0.04  # of the window's answers, where that is more: chance repeats among many, and moves no mean
QUICK_S = 20.0  # nobody reads a form faster
COPIES = 3  # others in the window with the same words
LINKED = 8  # answers by one link in the window before it can be a sudden one
SUDDEN = 3.0  # times as common as it used to be, and most of the window's
LINKS = 64  # kept apart
MAX_ANSWERS = 5_000  # in the window: half an answer a second, more is an alarm anyway
MAX_RESPONDENTS = 100_000  # within a day; beyond it the longest unheard are forgotten, 100 B each


class Mark(IntFlag):
    """What is odd about one answer."""

    REUSE = 1
    ORPHAN = 2
    QUICK = 4
    COPIED = 8
    LINK = 16
    UNEXPLAINED = 32


# Plain numbers: operators of flags take a hundred times as long.
MADE = int(Mark.REUSE | Mark.QUICK | Mark.LINK)
"""Marks of a hand; the others come with genuine anger too."""
_EITHER = int(Mark.REUSE | Mark.ORPHAN)
NAMES: dict[int, str] = {
    int(Mark.REUSE): "reuse",
    int(Mark.ORPHAN): "orphans",
    int(Mark.QUICK): "quick",
    int(Mark.COPIED): "copied",
    int(Mark.LINK): "by one link",
    int(Mark.UNEXPLAINED): "unexplained",
}


class Answer(Frozen):
    """A survey answer at `t`, microseconds. respondent, comment: keyed 64-bit hashes, 0 unknown or none.

    orphan: it names no conversation that is known. after_s: seconds until it was given; None unknown. via:
    how the survey was reached. value: the grade, 0..1. unexplained: its conversation speaks against it.
    """

    t: int
    respondent: int
    orphan: bool = False
    after_s: float | None = None
    comment: int = 0
    via: str = ""
    value: float | None = None
    unexplained: bool = False


class Kept(FrozenArrayLeaf):
    """What the window keeps of an answer."""

    t: int
    marks: int
    comment: int = 0
    via: str = ""
    value: float | None = None


class Means(Frozen):
    """Mean grade of the window's answers with and without the suspects; None for none."""

    answers: int
    suspects: int
    with_all: float | None
    without: float | None


class Integrity:
    """The surveys of one tenant.

    >>> surveys = Integrity()
    >>> for i in range(8):
    ...     verdict = surveys.score_one(Answer(i * 60_000_000, respondent=7, orphan=True))
    ...     surveys.learn_one(Answer(i * 60_000_000, respondent=7, orphan=True))
    >>> verdict.alarm, verdict.contributions
    (True, (('orphans', 8.0), ('reuse', 7.0), ('suspects', 7.0)))
    >>> surveys.set_aside(3_600_000_000, 7), surveys.set_aside(3_600_000_000, 8)
    (True, False)
    """

    def __init__(self, reuse: int = REUSE, orphans: int = ORPHANS) -> None:
        self.reuse, self.orphans = reuse, orphans
        self._window: deque[Kept] = deque()
        self._heard: dict[int, int] = {}  # respondent -> last answer, longest unheard first
        self._links: dict[str, int] = {}  # how many unsuspected answers came by each
        self._counts = _Counts()

    def set_aside(self, t: int, respondent: int) -> bool:
        """Whether this respondent answered within the last day: a further answer never enters a mean."""
        last = self._heard.get(respondent)
        return last is not None and respondent != 0 and t - last < AGAIN_US

    def suspect(self, x: Answer) -> bool:
        """Whether an answer looks made: it enters no mean either."""
        return _made(self._marks(x, self._passed(x.t)))

    def score_one(self, x: Answer) -> Verdict:
        """The window as it would be with this answer."""
        passed = self._passed(x.t)
        own = self._marks(x, passed)
        n = len(self._window) - len(passed) + 1
        counts = {
            name: self._counts.marks[mark] + bool(own & mark) - sum(bool(k.marks & mark) for k in passed)
            for mark, name in NAMES.items()
        }
        suspects = self._counts.suspects + _made(own) - sum(_made(kept.marks) for kept in passed)
        least = SHARE * n
        both = min(counts["reuse"] / max(self.reuse, least), counts["orphans"] / max(self.orphans, least))
        score = max(both, suspects / max(SUSPECTS, least))
        alarm = score >= 1.0
        told = [(name, float(k)) for name, k in {**counts, "suspects": suspects}.items() if k]
        return Verdict(
            state=State.LEARNING,
            reason=Reason.TAMPERED if alarm else Reason.NORMAL,
            score=score,
            alarm=alarm,
            observed=float(max(counts["reuse"] + counts["orphans"], suspects)),
            onset=self._onset(x.t, len(passed)) if alarm else x.t,
            contributions=tuple(sorted(told, key=lambda item: (-item[1], item[0]))),
        )

    def learn_one(self, x: Answer) -> None:
        """Take the answer in, let go what has left the window."""
        passed = self._passed(x.t)
        marks = self._marks(x, passed)
        for _ in passed:
            self._counts.add(self._window.popleft(), -1)
        if len(self._window) >= MAX_ANSWERS:
            self._counts.add(self._window.popleft(), -1)
        self._window.append(Kept(x.t, marks, x.comment, x.via, x.value))
        self._counts.add(self._window[-1], 1)
        if x.via and not _made(marks) and (x.via in self._links or len(self._links) < LINKS):
            self._links[x.via] = self._links.get(x.via, 0) + 1
        if x.respondent:
            self._hear(x.t, x.respondent)

    def means(self) -> Means:
        """The window's grades."""
        everybody = [kept.value for kept in self._window if kept.value is not None]
        rest = [k.value for k in self._window if k.value is not None and not _made(k.marks)]
        suspects = sum(_made(kept.marks) for kept in self._window)
        return Means(len(self._window), suspects, _mean(everybody), _mean(rest))

    def _passed(self, t: int) -> list[Kept]:
        """The window's answers that have left it at `t`."""
        return list(takewhile(lambda kept: t - kept.t >= WINDOW_US, self._window))

    def _onset(self, t: int, gone: int) -> int:
        """When the first answer was given that adds to the alarm."""
        window = islice(self._window, gone, None)
        return next((k.t for k in window if _made(k.marks) or k.marks & _EITHER), t)

    def _marks(self, x: Answer, passed: list[Kept]) -> int:
        copies = self._counts.comments[x.comment] - sum(kept.comment == x.comment for kept in passed)
        found = {
            Mark.REUSE: self.set_aside(x.t, x.respondent),
            Mark.ORPHAN: x.orphan,
            Mark.QUICK: x.after_s is not None and x.after_s < QUICK_S,
            Mark.COPIED: x.comment != 0 and copies >= COPIES,
            Mark.LINK: self._sudden(x.via, passed),
            Mark.UNEXPLAINED: x.unexplained,
        }
        return sum(int(mark) for mark, holds in found.items() if holds)

    def _sudden(self, via: str, passed: list[Kept]) -> bool:
        """Whether a link brings most of the window's answers, far more than it used to."""
        here = 1 + self._counts.links[via] - sum(kept.via == via for kept in passed)
        n = len(self._window) - len(passed) + 1
        if not via or here < LINKED or 2 * here < n:
            return False
        usual = (self._links.get(via, 0) + 1) / (sum(self._links.values()) + len(self._links) + 1)
        return here / n >= SUDDEN * usual

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
            "window": [[k.t, k.marks, k.comment, k.via, k.value] for k in self._window],
            "heard": [[respondent, t] for respondent, t in self._heard.items()],
            "links": dict(self._links),
        }

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The detector whose `state` this was; the window of version 1 begins anew. Raises `CodecError` for
        another version."""
        if state["version"] not in (1, VERSION):
            raise CodecError(f"an integrity state of version {VERSION} is needed")
        one = cls(*state["settings"])
        if state["version"] == VERSION:
            one._window = deque((Kept(*kept) for kept in state["window"]), maxlen=MAX_ANSWERS)
            one._links = dict(state["links"])
            for kept in one._window:
                one._counts.add(kept, 1)
        one._heard = dict(state["heard"])
        return one


class _Counts:
    """What the window holds, counted."""

    def __init__(self) -> None:
        self.suspects = 0
        self.marks: Counter[int] = Counter()
        self.comments: Counter[int] = Counter()
        self.links: Counter[str] = Counter()

    def add(self, kept: Kept, n: int) -> None:
        """Count one answer in (1) or out (-1)."""
        self.suspects += n * _made(kept.marks)
        for mark in NAMES:
            self.marks[mark] += n * bool(kept.marks & mark)
        self.comments[kept.comment] += n
        self.links[kept.via] += n
        if not self.comments[kept.comment]:  # what is gone takes no memory
            del self.comments[kept.comment]
        if not self.links[kept.via]:
            del self.links[kept.via]


def _made(marks: int) -> bool:
    """Two marks, one of them of a hand."""
    return bool(marks & MADE) and marks.bit_count() >= 2


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
