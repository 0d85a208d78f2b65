"""Sight: how far each detector of a tenant can be trusted just now, and since when."""

from __future__ import annotations

from detectors.baseline import WARM
from streams.floor.gauges import ALONE
from streams.floor.incidents import Incidents
from streams.floor.series import WARM_US, Series
from streams.floor.signals import SIGNALS, TESTS
from streams.records.facts import MICROS
from streams.records.readings import Eyes

NO_DATA_US = 86400 * MICROS  # without an observation: a day has some of each signal that there is at all


def eyes(series: Series, incidents: Incidents, wanted: frozenset[str], now: int) -> list[Eyes]:
    """Of every signal whose test is switched on, in their order."""
    tests = [(name, ALONE[name]) for name in SIGNALS if name in ALONE]
    return [_eyes(name, test, series, incidents, now) for name, test in tests if TESTS[test].name in wanted]


def _eyes(name: str, test: int, series: Series, incidents: Incidents, now: int) -> Eyes:
    begun = series.begun
    if begun is None or now - begun < WARM_US or series.baselines[name].seen() < WARM:
        return Eyes(name, "warming", begun or 0)
    recents = series.recents[test]
    last = recents[-1].at if recents else 0
    if now - last > NO_DATA_US:
        return Eyes(name, "no data", last)
    kind = SIGNALS[name].kind
    since = [one.opened for one in incidents.open.values() if one.test >= 0 and one.kind == kind]
    return Eyes(name, "frozen", min(since)) if since else Eyes(name, "learning", 0)
