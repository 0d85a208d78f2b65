"""Campaign: many conversations that carry attacks within two hours.

An alarm when there are more of them than the tenant's own rate of attack-like texts explains, or when at
least four of different customers use similar words that were not usual before; in both cases their scores
must be higher than those of harmless look-alikes (`detectors.earnest`), which come in waves too. Single
attacks and look-alikes make up that rate: they never alarm by themselves. The first day only teaches.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Self

from msgspec import Struct

from detectors.base import Plain, Reason, State, Verdict
from detectors.codec import CodecError
from detectors.earnest import chance as harmless

VERSION = 1
WINDOW_US = 2 * 3600 * 1_000_000
PAST_US = 7 * 86400 * 1_000_000  # how far back wording is usual
BUCKET_US = 900 * 1_000_000  # conversations are counted by quarters of an hour
LEAST, LEAST_CUSTOMERS = 4, 3  # conversations, customers: quiet months of four floors had three, of three
LEVELS = (0.5, 0.8)  # scores at which attacks are counted: many doubtful ones, or a few certain ones
INFLATION = 2.0  # of the usual rate: attacks come in bursts even when nothing is wrong
A_DAY = 10.0  # attacks looked at in a day, about: each is a chance for a false alarm
PRIOR, PRIOR_CONVERSATIONS = 0.01, 200.0  # attacks per conversation, before any are known
MEMORY = 20_000.0  # conversations that the usual rate is learnt over
MOST = 1_000  # attacks remembered of each of both times, 0.5 KB each
WARM_US = 86400 * 1_000_000  # before that, what is usual is not known
HARMLESS = 0.001  # chance that it is a wave of look-alikes, looked at with each of its texts
NOVEL = 0.25  # wording is new where the week before had at most this share of today's


class Attack(Struct, frozen=True):
    """One attack-like text at `t`, microseconds. customer: who sent it; score: 0..1; likeness: its
    `detectors.text.minhash` bands."""

    t: int
    conversation: str
    customer: str
    score: float
    likeness: tuple[int, ...] = ()


class Campaign:
    """The attacks on one tenant. days: opening days to one false alarm.

    >>> campaign, day = Campaign(), 86_400_000_000
    >>> campaign.begin(0)
    >>> for i in range(8):
    ...     attack = Attack(day + i * 60_000_000, f"c{i}", f"u{i % 4}", 0.99)
    ...     campaign.begin(attack.t)
    ...     verdict = campaign.score_one(attack)
    ...     campaign.learn_one(attack)
    >>> verdict.alarm, verdict.observed
    (True, 8.0)
    """

    def __init__(self, days: float = 1000.0) -> None:
        self._chance = 1.0 / (days * A_DAY * len(LEVELS))
        self._window: deque[Attack] = deque()  # the newest WINDOW_US
        self._past: deque[Attack] = deque()  # before that
        self._begun: deque[list[int]] = deque()  # [quarter, conversations]
        self._usual = [PRIOR * PRIOR_CONVERSATIONS] * len(LEVELS)
        self._conversations = PRIOR_CONVERSATIONS
        self._since: int | None = None  # first conversation or attack
        self._alarmed = -(2**62)  # last alarm: what lay in its window is not usual

    @property
    def rate(self) -> float:
        """Usual attacks per conversation."""
        return self._usual[0] / self._conversations

    def begin(self, t: int) -> None:
        """A conversation began."""
        self._since = t if self._since is None else self._since
        quarter = t // BUCKET_US
        if not self._begun or self._begun[-1][0] < quarter:
            self._begun.append([quarter, 0])
        self._begun[-1][1] += 1
        while self._begun[0][0] <= quarter - WINDOW_US // BUCKET_US:
            old, conversations = self._begun.popleft()
            if self._alarmed < old * BUCKET_US:
                self._conversations += conversations
                self._fade()

    def score_one(self, x: Attack) -> Verdict:
        """The window as it would be with this attack."""
        if self._since is None or x.t - self._since < WARM_US:
            return Verdict(state=State.WARMING, reason=Reason.WARMING)
        window = self._with(x)
        counts = [sum(one.score >= level for one in window) for level in LEVELS]
        conversations = max(sum(count for _, count in self._begun), len(window))
        usual = [INFLATION * usual / self._conversations * conversations for usual in self._usual]
        chance = min(tail(count, expected) for count, expected in zip(counts, usual, strict=True))
        alike, before = self._alike(window, x), self._before(x)
        customers = len({one.customer for one in window})
        rare = counts[0] >= LEAST and customers > 1 and chance <= self._chance
        copied = alike >= LEAST and before <= NOVEL * alike
        if (rare or copied) and harmless([one.score for one in window]) > HARMLESS:
            rare = copied = False
        return Verdict(
            state=State.LEARNING,
            reason=Reason.ABOVE if rare else Reason.TAMPERED if copied else Reason.NORMAL,
            score=-math.log10(max(chance, 1e-300)),
            alarm=rare or copied,
            observed=float(counts[0]),
            expected=usual[0] / INFLATION,
            onset=window[0].t,
            contributions=(("customers", float(customers)), ("alike", float(alike))),
            p=chance,
        )

    def learn_one(self, x: Attack) -> None:
        """Take the attack in; what left the window unsuspected becomes usual."""
        if self.score_one(x).alarm:
            self._alarmed = x.t
        self._since = x.t if self._since is None else self._since
        window = self._with(x)
        self._leave(x.t)
        self._window = deque(window[-MOST:])
        while self._past and (x.t - self._past[0].t >= PAST_US or len(self._past) > MOST):
            self._past.popleft()

    def members(self) -> list[Attack]:
        """The attacks in the window, oldest first, one a conversation."""
        return list(self._window)

    def _with(self, x: Attack) -> list[Attack]:
        """The window at `x`, one attack a conversation: its strongest, at its first time."""
        window = [one for one in self._window if x.t - one.t < WINDOW_US]
        for at, one in enumerate(window):
            if one.conversation == x.conversation:
                best = max(one, x, key=lambda attack: attack.score)
                window[at] = Attack(one.t, one.conversation, one.customer, best.score, best.likeness)
                return window
        return [*window, x]

    def _alike(self, window: list[Attack], x: Attack) -> int:
        """Conversations in the window with similar words, if of enough customers; else 0."""
        near = [one for one in window if _similar(one, x)]
        return len(near) if len({one.customer for one in near}) >= LEAST_CUSTOMERS else 0

    def _before(self, x: Attack) -> int:
        gone = [one for one in self._window if x.t - one.t >= WINDOW_US]
        return sum(_similar(one, x) for one in (*self._past, *gone))

    def _leave(self, t: int) -> None:
        while self._window and t - self._window[0].t >= WINDOW_US:
            old = self._window.popleft()
            self._past.append(old)
            if old.t > self._alarmed:
                self._usual = [
                    usual + (old.score >= level) for usual, level in zip(self._usual, LEVELS, strict=True)
                ]

    def _fade(self) -> None:
        if self._conversations > MEMORY:
            self._conversations /= 2
            self._usual = [usual / 2 for usual in self._usual]

    def state(self) -> Plain:
        """Plain values."""
        return {
            "version": VERSION,
            "chance": self._chance,
            "window": [_plain(one) for one in self._window],
            "past": [_plain(one) for one in self._past],
            "begun": [list(one) for one in self._begun],
            "usual": list(self._usual),
            "conversations": self._conversations,
            "since": self._since,
            "alarmed": self._alarmed,
        }

    @classmethod
    def from_state(cls, state: Plain) -> Self:
        """The detector whose `state` this was. Raises `CodecError` for another version."""
        if state["version"] != VERSION:
            raise CodecError(f"a campaign state of version {VERSION} is needed")
        one = cls()
        one._chance = state["chance"]
        one._window = deque(_attack(*row) for row in state["window"])
        one._past = deque(_attack(*row) for row in state["past"])
        one._begun = deque(list(row) for row in state["begun"])
        one._usual, one._conversations = list(state["usual"]), state["conversations"]
        one._since, one._alarmed = state["since"], state["alarmed"]
        return one


def tail(count: int, expected: float) -> float:
    """Chance of so many or more where a Poisson number of them is expected.

    >>> round(tail(4, 0.5), 6)
    0.001752
    """
    if count <= 0:
        return 1.0
    if expected <= 0.0:
        return 0.0
    term = total = math.exp(count * math.log(expected) - expected - math.lgamma(count + 1))
    for more in range(count + 1, count + 200):
        term *= expected / more
        total += term
        if term <= total * 1e-12:
            break
    return min(1.0, total)


def _similar(one: Attack, other: Attack) -> bool:
    return any(a == b for a, b in zip(one.likeness, other.likeness, strict=False))


def _plain(one: Attack) -> list[Plain]:
    return [one.t, one.conversation, one.customer, one.score, list(one.likeness)]


def _attack(t: int, conversation: str, customer: str, score: float, likeness: list[int]) -> Attack:
    return Attack(t, conversation, customer, score, tuple(likeness))
