"""Scope: where an excess is, as narrowly as the evidence says, and whether it is enough to matter."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from detectors.calendar import Calendar
from detectors.scan import Tally, narrowest, tallies
from streams.floor.cuts import Cuts
from streams.floor.series import Recent
from streams.floor.signals import Test
from streams.records.facts import MICROS

EFFECT = 1.5  # a rate must be half as much again as expected: less is true but harmless
EFFECT_SD = 0.9  # a level must move by so many standard deviations: harmless wording moves length by .3
LEAST_LEVEL = 8  # observations of a moved level
NEW_US = 24 * 3600 * MICROS  # opening time during which a version is new, and a suspect by that
SHARE = 0.8  # of the observations that must carry a new version for it to be named


class Place(Struct, frozen=True):
    """Where: the scope without the tenant, and the sums and observations inside it since the onset."""

    scope: dict[str, str]
    tally: Tally
    members: list[Recent]


def matters(test: Test, tally: Tally) -> bool:
    """Whether the excess is large enough to be worth anybody's time."""
    if test.signal.levels:
        spread = math.sqrt(tally.var / tally.n) if tally.n else 0.0
        moved = abs(tally.x - tally.mean) / tally.n if tally.n else 0.0
        return tally.n >= LEAST_LEVEL and moved >= EFFECT_SD * spread
    return tally.x >= EFFECT * tally.mean and tally.x - tally.mean >= test.signal.least


def evidence(recents: Sequence[Recent]) -> tuple[float, int]:
    """Log of the mixture likelihood ratio of these observations, and the alternative that fits best."""
    if not recents:
        return -math.inf, 0
    sums = [math.fsum(recent.logs[k] for recent in recents) for k in range(len(recents[0].logs))]
    top = max(sums)
    mixed = top + math.log(math.fsum(math.exp(s - top) for s in sums) / len(sums))
    return mixed, sums.index(top)


def locate(test: Test, row: int, recents: list[Recent], cuts: Cuts, is_new: Callable[[str, str], bool]) -> Place:
    """Where the excess of these observations lies. row: the segment that crossed, where nothing explains more."""
    sums = tallies((cuts.places[r.place].rows, r.x, r.mean, r.var) for r in recents)
    dimensions = {segment: len(cuts.segments[segment]) for segment in sums}
    best = narrowest(sums, dimensions, rate=not test.signal.levels)
    if best is None or not matters(test, sums[best]):
        best = row
    members = [r for r in recents if best in cuts.places[r.place].rows]
    return Place(_named(dict(cuts.segments[best]), members, cuts, is_new), sums.get(best, Tally()), members)


def _named(
    scope: dict[str, str], members: Sequence[Recent], cuts: Cuts, is_new: Callable[[str, str], bool]
) -> dict[str, str]:
    """The scope with what all its observations share, and with the version only where it is new."""
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


def _new_version(
    agent: str, members: Sequence[Recent], cuts: Cuts, is_new: Callable[[str, str], bool]
) -> str | None:
    counts: dict[str, int] = {}
    for recent in members:
        version = cuts.places[recent.place].dims.version
        if version is not None:
            counts[version] = counts.get(version, 0) + 1
    for version, count in counts.items():
        if count >= SHARE * len(members) and is_new(agent, version):
            return version
    return None


def newness(cuts: Cuts, calendar: Calendar, now: int, begun: int) -> Callable[[str, str], bool]:
    """Tells whether an agent's version is new: it appeared within the last opening day or so, and not merely
    because the monitor itself began then. begun: when the tenant was first seen."""

    def is_new(agent: str, version: str) -> bool:
        first = cuts.version_first.get((agent, version))
        settled = first is not None and first - begun > NEW_US
        return settled and first is not None and calendar.open_seconds(first, now) * MICROS <= NEW_US

    return is_new
