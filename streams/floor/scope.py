"""Scope: where an excess is, as narrowly as the evidence says, and whether it is enough to matter."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from detectors.calendar import Calendar
from detectors.scan import Tally, narrowest, tallies
from detectors.structs import Frozen
from streams.floor.cuts import OVERFLOW, Cuts
from streams.floor.series import Recent
from streams.floor.signals import Test
from streams.records.facts import MICROS

EFFECT = 1.5  # a rate must be half as much again as expected: less is true but harmless
EFFECT_SD = 0.9  # a level must move by so many standard deviations: harmless wording moves length by .3
EFFECT_SD_OLD = 1.2  # and by so much where no version is new: what customers ask about moves length too
LEAST = 8  # observations: fewer conversations are an anecdote
NEW_US = 24 * 3600 * MICROS  # opening time during which a version is new, and a suspect by that
HEAD_START = math.log(20.0)  # nats by which a new version is suspected before anything else
SHARE = 0.8  # of the observations that must carry a new version for it to be named


Newness = Callable[[str, str, int], bool]


class Place(Frozen):
    """Where: the scope without the tenant, and the sums and observations inside it since the onset."""

    scope: dict[str, str]
    tally: Tally
    members: list[Recent]


def matters(test: Test, tally: Tally, effect_sd: float = EFFECT_SD) -> bool:
    """Whether the excess is large enough to be worth anybody's time."""
    if tally.n < LEAST:
        return False
    if test.signal.levels:
        return abs(tally.x - tally.mean) / tally.n >= effect_sd * math.sqrt(tally.var / tally.n)
    return tally.x >= EFFECT * tally.mean and tally.x - tally.mean >= test.signal.least


def needed_effect_sd(scope: dict[str, str]) -> float:
    """How far a level must move in such a scope: a new version is suspected sooner."""
    return EFFECT_SD if "version" in scope else EFFECT_SD_OLD


def mixture(logs: Sequence[float]) -> float:
    """Log of the mean of the likelihood ratios whose logs these are.

    >>> round(mixture([0.0, math.log(3.0)]), 6) == round(math.log(2.0), 6)
    True
    """
    top = max(logs)
    return top + math.log(math.fsum(math.exp(log - top) for log in logs) / len(logs))


def evidence(recents: Sequence[Recent]) -> tuple[float, int]:
    """Log of the mixture likelihood ratio of these observations, and the alternative that fits best."""
    if not recents:
        return -math.inf, 0
    sums = list(map(math.fsum, zip(*[recent.logs for recent in recents], strict=True)))
    return mixture(sums), sums.index(max(sums))


def gathered(scope: dict[str, str], members: list[Recent]) -> Place:
    """A place that is known already."""
    tally = Tally()
    for recent in members:
        tally.add(recent.x, recent.mean, recent.var)
    return Place(dict(scope), tally, members)


def locate(test: Test, row: int, recents: list[Recent], cuts: Cuts, is_new: Newness) -> Place:
    """Where the excess of these observations lies. row: the segment that crossed, if nothing explains more.

    The alternative that fits dates the onset anew: a mild one reaches back into normal time.
    """
    inside = [r for r in recents if row in cuts.places[r.place].rows]
    onset = onset_of(inside, evidence(inside)[1])
    recents = [r for r in recents if r.time >= onset]
    sums = tallies((cuts.places[r.place].rows, r.x, r.mean, r.var) for r in recents)
    dimensions = {segment: len(cuts.segments[segment]) for segment in sums}
    suspects = {segment: HEAD_START for segment in sums if _suspect(cuts, segment, onset, is_new)}
    best = narrowest(sums, dimensions, rate=not test.signal.levels, head_starts=suspects)
    if best is None or not matters(test, sums[best]):
        best = row
    members = [r for r in recents if best in cuts.places[r.place].rows]
    return gathered(_named(dict(cuts.segments[best]), members, cuts, is_new), members)


def _suspect(cuts: Cuts, segment: int, onset: int, is_new: Newness) -> bool:
    """Whether the segment is a new version: a few chance events elsewhere must not blur it."""
    named = dict(cuts.segments[segment])
    return "agent" in named and "version" in named and is_new(named["agent"], named["version"], onset)


def onset_of(recents: Sequence[Recent], alternative: int) -> int:
    """When the run began that speaks most for this alternative, microseconds."""
    best, total, onset = -math.inf, 0.0, recents[0].time if recents else 0
    for recent in reversed(recents):
        total += recent.logs[alternative]
        if total > best:
            best, onset = total, recent.time
    return onset


def _named(scope: dict[str, str], members: Sequence[Recent], cuts: Cuts, is_new: Newness) -> dict[str, str]:
    """The scope with what all its observations share, and with the version only where it is new."""
    scope.pop(OVERFLOW[0][0], None)  # the crowd beyond the bound has no name but the tenant's
    for name in ("agent", "queue"):
        values = {getattr(cuts.places[r.place].dims, name) for r in members}
        if len(values) == 1 and None not in values:
            scope.setdefault(name, values.pop())
    agent = scope.get("agent")
    scope.pop("version", None)
    if agent is not None:
        version = _new_version(agent, members, cuts, is_new)
        if version is not None:
            scope["version"] = version
            scope.pop("queue", None)
    return scope


def _new_version(agent: str, members: Sequence[Recent], cuts: Cuts, is_new: Newness) -> str | None:
    counts: dict[str, int] = {}
    for recent in members:
        version = cuts.places[recent.place].dims.version
        if version is not None:
            counts[version] = counts.get(version, 0) + 1
    onset = members[0].time
    for version, count in counts.items():
        if count >= SHARE * len(members) and is_new(agent, version, onset):
            return version
    return None


def newness(cuts: Cuts, calendar: Calendar, now: int, begun: int) -> Newness:
    """Tells whether a version may be the cause of what began at an onset: it appeared within the last opening
    day or so, not merely because the monitor itself began then, and did not serve long without trouble.

    begun: when the tenant was first seen, microseconds.
    """

    def is_new(agent: str, version: str, onset: int) -> bool:
        first = cuts.version_first.get((agent, version))
        if first is None or first - begun <= NEW_US:
            return False
        young = calendar.open_seconds(first, now) * MICROS <= NEW_US
        return young and calendar.open_seconds(first, onset) <= calendar.open_seconds(onset, now)

    return is_new
