"""Points: what a closed slot looked like, as points of these measurements.

| measurement | tags beside tenant and run | one point says |
| --- | --- | --- |
| fw_signal | cut, queue, agent, version, signal | sums of one signal, which add up; its mean and band |
| fw_intake | | what a slot took in |
| fw_traffic | | conversations begun in a quarter of an hour, and what was expected |
| fw_surveys | | satisfaction with and without the answers set aside as repeated |
| fw_risk | kind, agent, version | how often single events proved something |
| fw_sight | detector | how far a detector can be trusted |
| fw_alert | kind, signal | one incident, written again at every change (`incidents.py`) |
| fw_worker | worker, no tenant | the health of a process, by its own clock |

Every point has all tags of its measurement; a tag is a name from configuration or traffic whose number the
floor bounds, never an id. The same readings give the same points, live and replayed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from streams.records.links import ALL
from streams.records.readings import Eyes, Intake, Readings, Risk, Series, Surveys, Traffic
from streams.sinks.influx.lines import UNKNOWN, Fields, Point

SPREAD = 2.0  # standard errors: the band that alerts call normal
SIGHTS = ("learning", "frozen", "warming", "no data", "blind")
"""By how little is seen; the place here is the number that is written."""


def points(readings: Readings, run: str) -> Iterator[Point]:
    """All points of one slot. run: `live`, or the name of a replay."""
    start = readings.start

    def point(name: str, tags: list[tuple[str, str]], fields: Fields, time: int = start) -> Point:
        return Point(name, [("tenant", readings.tenant), *tags, ("run", run)], fields, time)

    yield point("fw_intake", [], _intake(readings.intake))
    for series in readings.series:
        yield point("fw_signal", _place(series), _sums(series))
    if readings.traffic is not None:
        yield point("fw_traffic", [], _traffic(readings.traffic), readings.traffic.start)
    if readings.surveys is not None:
        yield point("fw_surveys", [], _surveys(readings.surveys))
    for risk in readings.risks:
        yield point("fw_risk", _risk(risk), {"count": risk.count})
    for eyes in readings.eyes:
        yield point("fw_sight", [("detector", eyes.detector)], _eyes(eyes))


def number(readings: Readings) -> int:
    """How many points those are."""
    single = 1 + (readings.traffic is not None) + (readings.surveys is not None)
    return single + len(readings.series) + len(readings.risks) + len(readings.eyes)


def _place(series: Series) -> list[tuple[str, str]]:
    """Tags of a segment. cut: by what it was cut, so that sums over all of one cut count nothing twice."""
    named = dict(series.segment)
    cut = next(iter(named), "tenant")
    return [
        ("cut", cut),
        *((name, named.get(name, ALL)) for name in ("queue", "agent", "version")),
        ("signal", series.signal),
    ]


def _sums(series: Series) -> Fields:
    fields: dict[str, float | str | None] = {"n": series.n, "total": series.total, "score": series.score}
    people = math.exp if series.log else float
    if series.n:
        fields["value"] = people(series.total / series.n)
    if series.judged:
        usual, error = series.usual / series.judged, SPREAD * math.sqrt(series.variance) / series.judged
        fields |= {"judged": series.judged, "usual": series.usual, "variance": series.variance}
        fields |= {"expected": people(usual), "low": people(usual - error), "high": people(usual + error)}
    return fields


def _intake(intake: Intake) -> Fields:
    return {name: getattr(intake, name) for name in intake.__struct_fields__}


def _traffic(traffic: Traffic) -> Fields:
    return {name: getattr(traffic, name) for name in ("count", "expected", "low", "high")}


def _surveys(surveys: Surveys) -> Fields:
    return {name: getattr(surveys, name) for name in surveys.__struct_fields__}


def _risk(risk: Risk) -> list[tuple[str, str]]:
    return [("kind", risk.kind), ("agent", risk.agent or UNKNOWN), ("version", risk.version or UNKNOWN)]


def _eyes(eyes: Eyes) -> Fields:
    return {"code": SIGHTS.index(eyes.sight), "sight": eyes.sight, "since_ms": eyes.since / 1000}
