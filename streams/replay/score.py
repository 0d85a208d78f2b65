"""Scoring a replay against labelled truth: what was caught, how soon, how exactly, and what was false.

An alert counts from its first record of severity page or ticket, its opening. Each opening gets one verdict,
the best that any window of its tenant at that time allows. Delays are minutes of opening hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum

import msgspec
from msgspec import Struct

from streams.records.alerts import RANK, Alert, Scope
from streams.replay.truth import Truth, Window, overlap, quiet_days

NARROW = 0.8  # a scope that covers less than this share of an incident's conversations is too narrow


class Opening(Struct, frozen=True):
    """An alert at the moment from which it counts; `time` in seconds since 1970."""

    id: str
    time: float
    kind: str
    severity: str
    scope: Scope
    summary: str = ""


class Verdict(IntEnum):
    """What an opening was, best first."""

    HIT = 0
    """An accepted kind in an incident, and no key of its scope contradicts."""
    TWIN = 1
    """The same in a benign twin: a false alarm."""
    NEUTRAL = 2
    """A true side effect of what is going on: counted neither way."""
    WRONG = 3
    """An accepted kind, but the scope points elsewhere."""
    UNRELATED = 4
    """Any other kind inside a window."""
    QUIET = 5
    """Outside every window of its tenant: false."""


class Tally(Struct, kw_only=True):
    """Figures of one type of incident, or of all. delays_min, conversations: a number per incident caught."""

    incidents: int = 0
    caught: int = 0
    twins: int = 0
    alarmed: int = 0
    delays_min: list[float] = []
    conversations: list[int] = []
    scopes: Counter[str] = msgspec.field(default_factory=Counter)


class Found(Struct, frozen=True):
    """An incident and the opening that caught it first: after so many minutes of opening hours, and so many
    conversations of the incident."""

    window: Window
    opening: Opening
    delay_min: float
    conversations: int


class Score(Struct, frozen=True, kw_only=True):
    """A scored replay. `quiet` counts false openings outside all windows, by severity."""

    total: Tally
    by_type: dict[str, Tally]
    verdicts: Counter[Verdict]
    quiet: Counter[str]
    tenant_days: float
    found: list[Found]
    missed: list[Window]

    @property
    def precision(self) -> float | None:
        """Hits among all openings that are not neutral; None where there were none."""
        counted = self.verdicts.total() - self.verdicts[Verdict.NEUTRAL]
        return self.verdicts[Verdict.HIT] / counted if counted else None

    def false_per_day(self, severity: str) -> float:
        """False openings of this severity in a quiet tenant-day."""
        return self.quiet[severity] / self.tenant_days if self.tenant_days else 0.0


class Openings:
    """Collects the openings from a sequence of alert changes."""

    def __init__(self, changes: Iterable[Alert] = ()) -> None:
        self._first: dict[str, Opening] = {}
        for change in changes:
            self.add(change)

    def add(self, change: Alert) -> None:
        """Keeps the first change of severity page or ticket of each alert."""
        if change.id in self._first or change.state == "resolved" or RANK[change.severity] < RANK["ticket"]:
            return
        moment = msgspec.convert(change.opened_at if change.state == "open" else change.at, datetime)
        self._first[change.id] = Opening(
            change.id, moment.timestamp(), change.kind, change.severity, change.scope, change.summary
        )

    def all(self) -> list[Opening]:
        """In order of time; those of one moment as they came."""
        return sorted(self._first.values(), key=lambda opening: opening.time)


def score(truth: Truth, openings: Sequence[Opening]) -> Score:
    """What these openings, in order of time, are worth against the labels."""
    judged = [(opening, *judge(opening, truth.labelled)) for opening in openings]
    hits: dict[str, Opening] = {}
    astray: set[str] = set()
    for opening, verdict, window in judged:
        if window and verdict <= Verdict.TWIN:
            hits.setdefault(window.id, opening)
        elif window and verdict is Verdict.WRONG:
            astray.add(window.id)
    by_type = {kind: Tally() for kind in sorted({window.type for window in truth.labelled})}
    total, found, missed = Tally(), [], []
    for window in truth.labelled:
        hit = hits.get(window.id)
        caught = _found(window, hit, truth) if hit else None
        for tally in (total, by_type[window.type]):
            _count(tally, window, caught, window.id in astray)
        if not window.twin and caught:
            found.append(caught)
        elif not window.twin:
            missed.append(window)
    quiet = Counter(opening.severity for opening, verdict, _ in judged if verdict is Verdict.QUIET)
    verdicts = Counter(verdict for _, verdict, _ in judged)
    return Score(
        total=total,
        by_type=by_type,
        verdicts=verdicts,
        quiet=quiet,
        tenant_days=quiet_days(truth),
        found=found,
        missed=missed,
    )


def judge(opening: Opening, windows: Sequence[Window]) -> tuple[Verdict, Window | None]:
    """The best verdict that any window allows, and the first window that gives it."""
    tenant = opening.scope.get("tenant")
    best: tuple[Verdict, Window | None] = (Verdict.QUIET, None)
    for window in windows:
        start, stop = window.span
        if start <= opening.time <= stop and (tenant is None or window.tenant in _values(tenant)):
            verdict = _verdict(opening, window)
            if verdict < best[0]:
                best = (verdict, window)
    return best


def _verdict(opening: Opening, window: Window) -> Verdict:
    if opening.kind in window.accepted_kinds:
        if _contradicts(opening.scope, window):
            return Verdict.WRONG
        return Verdict.TWIN if window.twin else Verdict.HIT
    return Verdict.NEUTRAL if opening.kind in window.neutral_kinds else Verdict.UNRELATED


def _contradicts(scope: Scope, window: Window) -> bool:
    """Whether some key of an alert's scope rules the window out."""
    for key, value in scope.items():
        if key in window.scope:
            if window.scope[key] not in _values(value):
                return True
        elif key in window.also and not any(one in window.also[key] for one in _values(value)):
            return True
    return False


def grade(scope: Scope, window: Window) -> str:
    """`exact`, `wide` (it leaves out what would narrow it) or `narrow` (much happened outside it)."""
    for key, value in scope.items():
        if key not in window.scope and key in window.also:
            shares = window.also[key]
            if sum(shares.get(one, 0.0) for one in _values(value)) < NARROW:
                return "narrow"
    return "exact" if window.scope.keys() <= scope.keys() else "wide"


def _values(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _found(window: Window, opening: Opening, truth: Truth) -> Found:
    onset = window.onset.timestamp()
    touched = sum(moment < opening.time - onset for moment in window.conversation_times)
    return Found(window, opening, overlap(onset, opening.time, truth.hours) / 60, touched)


def _count(tally: Tally, window: Window, found: Found | None, astray: bool) -> None:
    if window.twin:
        tally.twins += 1
        tally.alarmed += found is not None
        return
    tally.incidents += 1
    if found:
        tally.caught += 1
        tally.delays_min.append(found.delay_min)
        tally.conversations.append(found.conversations)
        tally.scopes[grade(found.opening.scope, window)] += 1
    elif astray:
        tally.scopes["wrong"] += 1
