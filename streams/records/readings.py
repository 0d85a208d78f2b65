"""Readings: what one closed slot of one tenant looked like, in numbers, for whoever draws it.

They repeat what the floor decided by and decide nothing: a function of one closing alone, so that a closing
that is repeated after a crash gives the same readings again. Sums, not means: those of any stretch add up.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Segment: TypeAlias = tuple[tuple[str, str], ...]
"""Dimensions and their values; () is the tenant as a whole."""
Sight: TypeAlias = Literal["learning", "frozen", "warming", "no data", "blind"]
"""How far a detector can be trusted just now: it scores and learns; it scores and learns nothing, since an
incident is open; it has not seen enough yet; nothing came for a day; it cannot see what it looks for."""


class Series(Struct, frozen=True, gc=False):
    """One signal of one segment.

    n: observations. total: sum of what they were, in the signal's unit; of logarithms where `log`. judged:
    how many of them had an expectation; usual, variance: sums of those expectations and of their variances.
    score: how close to an alarm, 0 nothing, 1 a ticket, 2 a page; None: nothing is expected yet.
    """

    signal: str
    segment: Segment
    n: int
    total: float
    judged: int
    usual: float
    variance: float
    score: float | None
    log: bool = False


class Traffic(Struct, frozen=True, gc=False):
    """Conversations begun in a quarter of an hour from `start` on, microseconds; None: not known yet."""

    start: int
    count: int
    expected: float | None = None
    low: float | None = None
    high: float | None = None


class Surveys(Struct, frozen=True, gc=False):
    """Satisfaction scores of customers in one slot, and of those the ones set aside as repeated or suspect.

    orphans: answers to no conversation that is known.
    """

    answers: int
    total: float
    aside: int
    aside_total: float
    orphans: int


class Risk(Struct, frozen=True, gc=False):
    """What single events proved: how often, of which kind, at which agent and version."""

    kind: str
    agent: str | None
    version: str | None
    count: int


class Eyes(Struct, frozen=True, gc=False):
    """How far one detector of a tenant can be trusted. since: microseconds; 0: not known."""

    detector: str
    sight: Sight
    since: int


class Intake(Struct, frozen=True, gc=False):
    """What the slot took in. checked: turns whose words were checked; open_: incidents now."""

    facts: int
    late: int
    copies: int
    failed: int
    degraded: int
    begun: int
    checked: int
    conversations: int
    pages: int
    tickets: int


class Readings(Struct, frozen=True, gc=False):
    """Everything of one slot [start, end) of one tenant, microseconds."""

    tenant: str
    start: int
    end: int
    intake: Intake
    series: list[Series] = []
    traffic: Traffic | None = None
    surveys: Surveys | None = None
    risks: list[Risk] = []
    eyes: list[Eyes] = []
