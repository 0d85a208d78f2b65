"""Harm: do conversations in which something was said end worse than others do.

Of every conversation that heard it, three bad ends are looked at: the customer objects, a person has to
take over, it is left unsolved; and two that show later: a low score, a return with the same. Each has an
expected share: that of the queue and intent, or of conversations of the same agent and version meanwhile that
did not hear it, whichever is higher. A likelihood ratio against several times the odds, averaged over ends
and alternatives, is an e-value: under "no worse than others" it reaches 1/a with probability a at most,
whenever one looks (Ville's inequality; Ramdas et al., "Game-theoretic statistics and safe anytime-valid
inference", 2023).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Self, TypeAlias

from detectors.structs import Array, field

ENDS = ("objected", "handed_off", "unsolved")
ODDS = (2.0, 5.0, 20.0)  # alternatives: multiples of the expected odds
INFLATION, OWN_ERROR = 1.1, 0.5  # of the expected odds, and more by standard errors: as for all rates
LEAST_SHARE = 0.01  # expected of any end: rarer ones are not known so well
LEAST, EFFECT = 3, 2.0  # bad ends, and times the expected share, that an alarm needs

Ends: TypeAlias = Sequence[bool]
"""Which of the ends looked at a conversation came to: of `ENDS`, or of one that is known later."""


class Counts(Array):
    """Ended conversations, and how many of them came to each bad end."""

    n: float = 0.0
    bad: list[float] = field(default_factory=lambda: [0.0] * len(ENDS))

    @classmethod
    def of_one(cls) -> Self:
        """Of a single end."""
        return cls(0.0, [0.0])

    def add(self, ends: Ends) -> None:
        """One conversation more."""
        self.n += 1.0
        self.bad = [count + end for count, end in zip(self.bad, ends, strict=True)]

    def fade(self, most: float) -> None:
        """Halve, where there are more than so many: what is usual changes."""
        if self.n > most:
            self.n, self.bad = self.n / 2, [count / 2 for count in self.bad]

    def shares(self, prior: Sequence[float], weight: float) -> list[float]:
        """The share of each end, drawn to a prior share that weighs as much as so many conversations."""
        return [
            (count + weight * share) / (self.n + weight) for count, share in zip(self.bad, prior, strict=True)
        ]


class Evidence(Array):
    """What speaks against one answer. heard: conversations that heard it and are over; expected: bad ends of
    them that were expected; logs: of the likelihood ratios, by end and alternative."""

    heard: Counts
    expected: list[float]
    logs: list[float]

    def add(self, ends: Ends, usual: Sequence[float], known: float) -> None:
        """One conversation that heard it. usual: expected share of each end; known: conversations that this
        was learnt from."""
        self.heard.add(ends)
        for at, (end, share) in enumerate(zip(ends, usual, strict=True)):
            share = max(share, LEAST_SHARE)
            self.expected[at] += share
            # Few bad ends behind an expectation: the worst that is still usual lies further out.
            odds = share / (1.0 - min(share, 0.95)) * (INFLATION + OWN_ERROR / math.sqrt(share * known + 1.0))
            null = odds / (1.0 + odds)
            for which, ratio in enumerate(ODDS):
                worse = ratio * odds / (1.0 + ratio * odds)
                step = math.log(worse / null) if end else math.log((1.0 - worse) / (1.0 - null))
                self.logs[at * len(ODDS) + which] += step

    @property
    def worst(self) -> int:
        """The end that speaks most against it."""
        best = self.logs.index(max(self.logs))
        return best // len(ODDS)

    def matters(self) -> bool:
        """Whether it does enough harm to be worth anybody's time."""
        bad, expected = self.heard.bad[self.worst], self.expected[self.worst]
        return bad >= LEAST and bad >= EFFECT * expected


def nats(parts: Sequence[Evidence]) -> float:
    """Log of the e-value of several: the mean over all their ends and alternatives."""
    logs = [log for part in parts for log in part.logs]
    top = max(logs)
    return top + math.log(math.fsum(math.exp(log - top) for log in logs) / len(logs))


def fresh(ends: int = len(ENDS)) -> Evidence:
    """Nothing heard yet, of so many ends.

    >>> evidence = fresh()
    >>> for _ in range(8):
    ...     evidence.add((True, False, False), usual=(0.05, 0.1, 0.1), known=500.0)
    >>> ENDS[evidence.worst], evidence.matters(), nats([evidence]) > 7.0
    ('objected', True, True)
    """
    return Evidence(Counts(0.0, [0.0] * ends), [0.0] * ends, [0.0] * ends * len(ODDS))
