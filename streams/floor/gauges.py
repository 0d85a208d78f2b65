"""Gauges: what a slot looked like, for whoever draws it. Nothing here is looked at by what decides.

Filled while a slot closes and emptied at its end, so that there is nothing to keep in a snapshot: a slot that
is closed again after a crash shows the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from streams.floor.cuts import Cuts
from streams.floor.observations import Observation
from streams.floor.rules import Finding
from streams.floor.series import Judged, Recent
from streams.floor.series import Series as Scoring
from streams.floor.signals import SIGNALS, TESTS
from streams.records.facts import Dims, Fact, Said, Scored
from streams.records.readings import Risk, Segment, Series, Surveys, Traffic
from streams.settings import Budget

SEGMENTS = 200  # of a tenant, beside the tenant as a whole; more than anybody looks at share one of each kind
OTHERS = "(others)"
FAR = 3.0  # of evidence: more makes an axis unreadable
UNKNOWN = "(unknown)"
ALONE = {test.feeds[0]: i for i, test in reversed([*enumerate(TESTS)]) if len(test.feeds) == 1}
"""The test that speaks for a signal: the first that nothing else feeds."""
_TESTS_OF = {name: tuple(i for i, t in enumerate(TESTS) if t.feeds == (name,)) for name in ALONE}


class Gauges:
    """The series of one tenant in the slot being closed."""

    def __init__(self, cuts: Cuts, tests: Scoring, budget: Budget) -> None:
        self._cuts, self._tests, self._budget = cuts, tests, budget
        self._of_places: list[tuple[Segment, ...]] = []
        self._known: dict[Segment, None] = {}
        self._sums: dict[tuple[Segment, str], list[float]] = {}
        self._risks: dict[tuple[str, str | None, str | None], int] = {}
        self._surveys = [0.0] * 5
        self._begun = self._checked = 0
        self._traffic: Traffic | None = None

    # -- while the slot closes -----------------------------------------------------------------------------

    def see(self, seen: Observation, place: int, judged: Iterable[Judged]) -> None:
        """One observation, and what the tests made of it."""
        alone = ALONE.get(seen.signal)
        if alone is None:
            return
        recent = next((one.recent for one in judged if one.test == alone), None)
        whole = 1.0 if recent is None else float(recent.whole)
        for segment in self._segments(place):
            sums = self._sums.setdefault((segment, seen.signal), [0.0] * 5)
            sums[0] += whole
            sums[1] += seen.value
            if recent is not None:
                _expect(sums, recent)

    def fold(self, fact: Fact, findings: Iterable[Finding], *, began: bool) -> None:
        """One fact, what it proves, and whether a conversation began with it."""
        self._begun += began
        if isinstance(fact, Said) and fact.checks is not None:
            self._checked += 1
        for finding in findings:
            key = (finding.kind, fact.dims.agent, fact.dims.version)
            self._risks[key] = self._risks.get(key, 0) + 1

    def answer(self, fact: Scored, *, aside: bool, orphan: bool) -> None:
        """One customer's answer. aside: it enters no mean, as one that is repeated or suspect."""
        if fact.metric == "csat":
            for index, value in enumerate((1.0, fact.value, aside, aside * fact.value, orphan)):
                self._surveys[index] += value

    def count(self, start: int, count: int, usual: tuple[float, float, float] | None) -> None:
        """Conversations of a quarter of an hour; usual: expected, and the interval that is normal."""
        self._traffic = Traffic(start, count, *(usual or ()))

    # -- at its end ----------------------------------------------------------------------------------------

    def series(self) -> list[Series]:
        """What was seen in the slot, in order of segment and signal."""
        sums, self._sums = self._sums, {}
        return [
            Series(
                signal, segment, int(n), total, int(judged), usual, variance,
                self._score(segment, signal) if judged else None, SIGNALS[signal].log,
            )
            for (segment, signal), (n, total, judged, usual, variance) in sorted(sums.items())
        ]  # fmt: skip

    def risks(self) -> list[Risk]:
        """What facts of the slot proved."""
        risks, self._risks = self._risks, {}
        rows = sorted(risks.items(), key=lambda row: [name or "" for name in row[0]])
        return [Risk(kind, agent, version, count) for (kind, agent, version), count in rows]

    def surveys(self) -> Surveys | None:
        """The answers of the slot; None where there were none."""
        (answers, total, aside, aside_total, orphans), self._surveys = self._surveys, [0.0] * 5
        return Surveys(int(answers), total, int(aside), aside_total, int(orphans)) if answers else None

    def turns(self) -> int:
        """Turns of the slot whose words were checked."""
        checked, self._checked = self._checked, 0
        return checked

    def begun(self) -> int:
        """Conversations that began in the slot."""
        begun, self._begun = self._begun, 0
        return begun

    def traffic(self) -> Traffic | None:
        """The quarter of an hour that the slot's end closed, if it closed one."""
        traffic, self._traffic = self._traffic, None
        return traffic

    def _score(self, segment: Segment, signal: str) -> float | None:
        row = self._cuts.row(segment)
        if row is None:
            return None
        tests = [self._tests.tests[i] for i in _TESTS_OF[signal]]
        days = max((test.statistic(row) for test in tests if row < len(test)), default=0.0)
        return towards_alarm(days, self._budget)

    def _segments(self, place: int) -> tuple[Segment, ...]:
        """Of a place. Places are looked at in the order of their numbers, so that a restart forgets none of
        those that fit the bound."""
        while len(self._of_places) <= place:
            dims = self._cuts.places[len(self._of_places)].dims
            self._of_places.append(tuple(map(self._bounded, segments(dims))))
        return self._of_places[place]

    def _bounded(self, segment: Segment) -> Segment:
        if not segment or segment in self._known:
            return segment
        if len(self._known) >= SEGMENTS:
            return tuple((name, OTHERS) for name, _ in segment)
        self._known[segment] = None
        return segment


def segments(dims: Dims) -> list[Segment]:
    """What is drawn of a place: the tenant, the queue, the agent in its version.

    >>> segments(Dims(queue="billing", agent="helper"))
    [(), (('queue', 'billing'),), (('agent', 'helper'), ('version', '(unknown)'))]
    """
    found: list[Segment] = [()]
    if dims.queue is not None:
        found.append((("queue", dims.queue),))
    if dims.agent is not None:
        found.append((("agent", dims.agent), ("version", dims.version or UNKNOWN)))
    return found


def towards_alarm(days: float, budget: Budget) -> float:
    """Evidence in opening days as the way to an alarm: 0 nothing, 1 a ticket, 2 a page, in logarithms; 3 is
    far beyond both.

    >>> [round(towards_alarm(days, Budget()), 2) for days in (0.0, 30.0, 1000.0, 5000.0, 1e30)]
    [0.0, 0.5, 1.0, 2.0, 3.0]
    """
    if days < budget.ticket_days:
        return math.log1p(days) / math.log1p(budget.ticket_days)
    if budget.page_days == budget.ticket_days:
        return 2.0
    beyond = math.log(days / budget.ticket_days) / math.log(budget.page_days / budget.ticket_days)
    return min(1.0 + beyond, FAR)


def _expect(sums: list[float], recent: Recent) -> None:
    sums[2] += recent.whole
    sums[3] += recent.usual
    sums[4] += recent.var * recent.per_x * recent.per_x
