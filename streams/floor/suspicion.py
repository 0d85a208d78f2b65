"""Suspicion: how evidence in series becomes incidents, is backed by other signals, and ends.

A crossing opens an incident where no open one of its kind explains it. In an open incident's scope another
kind is one hypothesis, not thousands, and needs only e >= 20 since the onset. An incident ends when the
evidence for "normal again" reaches 4 nats, or nothing was seen in its scope for an opening day.
"""

from __future__ import annotations

import math
from typing import Any

from msgspec import Struct, convert, to_builtins

from detectors.calendar import Calendar
from detectors.scan import Tally
from streams.floor.cuts import Cuts, covers, may_overlap
from streams.floor.incident import Incident
from streams.floor.incidents import Incidents
from streams.floor.scope import EFFECT_SD, EFFECT_SD_OLD, Place, evidence, locate, matters, newness
from streams.floor.series import Judged, Recent, Series
from streams.floor.signals import TESTS, Test
from streams.records.alerts import Kind
from streams.settings import Settings

RECOVERED = 5.0  # nats for normal again: one false resolution in 150 moments
MILDEST = 2  # recovery is judged by no wilder alternative than this: a streak of luck is not the end
CORROBORATED = math.log(20.0)
LOOK_AGAIN = 10  # observations after which a segment beside an open incident is looked at again
QUIET_S = 14 * 3600  # opening time
SPREAD = 2.0  # standard errors: the interval that was normal
LEAST_NATS = 6.0  # where the trouble is said to lie: with less, nothing sound finds anything
LEAST_NATS_NEW = 3.0  # of a new version, which began with a head start
HARM = ("escalation_rate", "satisfaction")
DETECTOR = "tilted-e-detector/1"


class Side(Struct, array_like=True):
    """Evidence of one test inside an open incident's scope since its onset. logs: one per alternative."""

    logs: list[float]
    tally: Tally
    members: list[Recent]


class Suspicion:
    """The statistical incidents of one tenant."""

    def __init__(self, settings: Settings, cuts: Cuts, series: Series, incidents: Incidents) -> None:
        self._budget = settings.budget
        self._cuts, self._series, self._incidents = cuts, series, incidents
        self._crossed: dict[tuple[int, int], tuple[float, int]] = {}
        self._explained: dict[tuple[int, int], int] = {}
        self._sides: dict[tuple[str, int], Side] = {}
        self._inside: dict[tuple[str, int], bool] = {}

    def note(self, judged: Judged) -> None:
        """One observation after one test."""
        for row, days in judged.past:
            self._crossed[judged.test, row] = (days, judged.recent.time)
        for incident in self._incidents.open.values():
            if incident.test >= 0 and self._covers(incident, judged.recent.place):
                self._follow(incident, judged)

    def _covers(self, incident: Incident, place: int) -> bool:
        key = (incident.id, place)
        known = self._inside.get(key)
        if known is None:
            known = self._inside[key] = covers(incident.scope, self._cuts.places[place].dims)
        return known

    def _follow(self, incident: Incident, judged: Judged) -> None:
        recent, test = judged.recent, TESTS[judged.test]
        if judged.test == incident.test:
            incident.recovery = max(0.0, incident.recovery - recent.logs[incident.alternative])
            _add(incident, test, recent)
            if test.signal.levels or recent.x > recent.mean:
                self._incidents.touch(incident, recent.time, recent.conversation)
            incident.touched = max(incident.touched, recent.time)
        elif test.signal.kind != incident.kind:
            side = self._sides.get((incident.id, judged.test))
            if side is None:
                side = self._sides[incident.id, judged.test] = Side([0.0] * len(recent.logs), Tally(), [])
            _count(side, recent)

    # -- at a closing ------------------------------------------------------------------------------------

    def close(self, now: int, calendar: Calendar) -> None:
        """Open, corroborate and end incidents after the observations of a slot. now: the slot's end."""
        crossed, self._crossed = self._crossed, {}
        for (test, row), (days, time) in sorted(crossed.items(), key=lambda item: (-item[1][0], item[0])):
            self._cross(test, row, days, time, now, calendar)
        for name, index in list(self._sides):
            self._corroborate(name, index, now)

    def _cross(self, index: int, row: int, days: float, time: int, now: int, calendar: Calendar) -> None:
        test, since = TESTS[index], self._series.tests[index].since(row)
        if not matters(test, Tally(since.n, since.x, since.mean, since.var)):
            return
        kind = test.signal.kind
        segment = dict(self._cuts.segments[row])
        same = [i for i in self._incidents.open.values() if i.kind == kind and may_overlap(i.scope, segment)]
        for incident in same:
            if incident.test == index:
                self._rise(incident, days)
        recents = self._since(index, row, since.onset)
        if same:
            if abs(since.n - self._explained.get((index, row), -LOOK_AGAIN)) < LOOK_AGAIN:
                return
            self._explained[index, row] = since.n
            recents = [r for r in recents if not any(self._covers(i, r.place) for i in same)]
            inside = [r for r in recents if row in self._cuts.places[r.place].rows]
            if evidence(inside)[0] < math.log(self._budget.ticket_days * max(20, len(inside))):
                return
        is_new = newness(self._cuts, calendar, now, self._series.begun or now)
        place = locate(test, row, recents, self._cuts, is_new)
        new = "version" in place.scope
        convincing = evidence(place.members)[0] >= (LEAST_NATS_NEW if new else LEAST_NATS)
        if convincing and matters(test, place.tally, EFFECT_SD if new else EFFECT_SD_OLD):
            self._open(index, place, days, time)

    def _rise(self, incident: Incident, days: float) -> None:
        """Strong evidence that customers are harmed wakes somebody; answers that merely changed do not."""
        if incident.kind in HARM and days >= self._budget.page_days and incident.severity == "ticket":
            self._incidents.rise(incident, "page")

    def _since(self, index: int, row: int, onset: int) -> list[Recent]:
        return [r for r in self._series.recents[index] if r.time >= onset]

    def _open(self, index: int, place: Place, days: float, time: int) -> None:
        test = TESTS[index]
        since = place.members[0].time
        if any(
            i.kind == test.signal.kind and i.scope == place.scope for i in self._incidents.open.values()
        ):
            return
        incident = self._start(test.signal.kind, index, place, since, time)
        if incident is None:
            return
        self._rise(incident, days)
        self._incidents.tell_open(incident)
        self._watch_sides(incident)

    def _start(self, kind: Kind, index: int, place: Place, since: int, time: int) -> Incident | None:
        test = TESTS[index]
        incident = self._incidents.start(
            kind, test.name, place.scope, since=since, opened=time, touched=time, unit=test.signal.unit,
            detector=DETECTOR, test=index,
        )  # fmt: skip
        if incident is None:
            return None
        incident.alternative = min(evidence(place.members)[1], MILDEST)
        for recent in place.members:
            _add(incident, test, recent)
            if test.signal.levels or recent.x > recent.mean:
                self._incidents.touch(incident, recent.time, recent.conversation)
        incident.evidence = {
            "observations": incident.n,
            "nats": round(evidence(place.members)[0], 1),
            "by": _contributions(test, place, self._cuts),
        }
        return incident

    def _watch_sides(self, incident: Incident) -> None:
        for index, test in enumerate(TESTS):
            if test.signal.kind == incident.kind:
                continue
            for recent in self._series.recents[index]:
                if recent.time >= incident.since and self._covers(incident, recent.place):
                    side = self._sides.get((incident.id, index))
                    if side is None:
                        side = self._sides[incident.id, index] = Side([0.0] * len(recent.logs), Tally(), [])
                    _count(side, recent)

    def _corroborate(self, name: str, index: int, now: int) -> None:
        incident, side, test = self._incidents.open.get(name), self._sides[name, index], TESTS[index]
        if incident is None:
            del self._sides[name, index]
            return
        top = max(side.logs)
        mixed = top + math.log(math.fsum(math.exp(v - top) for v in side.logs) / len(side.logs))
        effect_sd = EFFECT_SD if "version" in incident.scope else EFFECT_SD_OLD
        if mixed < CORROBORATED or not matters(test, side.tally, effect_sd):
            return
        kind = test.signal.kind
        scope = dict(incident.scope)
        del self._sides[name, index]
        if any(i.kind == kind and may_overlap(i.scope, scope) for i in self._incidents.open.values()):
            return
        place = Place(scope, side.tally, side.members)
        found = self._start(kind, index, place, side.members[0].time, side.members[-1].time)
        if found is not None:
            found.evidence["with"] = name
            self._incidents.tell_open(found)

    def tick(self, now: int, calendar: Calendar) -> None:
        """End what is over."""
        for incident in list(self._incidents.open.values()):
            if incident.test < 0:
                continue
            if incident.recovery >= RECOVERED:
                self._end(incident, now, "normal again")
            elif calendar.open_seconds(incident.touched, now) >= QUIET_S:
                self._end(incident, now, "nothing more seen there")

    def _end(self, incident: Incident, now: int, reason: str) -> None:
        self._incidents.resolve(incident, now, reason)
        for index, test in enumerate(TESTS):
            if test.signal.kind == incident.kind:
                for row in range(len(self._series.tests[index])):
                    if may_overlap(incident.scope, dict(self._cuts.segments[row])):
                        self._series.tests[index].reset(row)
        self._inside = {key: value for key, value in self._inside.items() if key[0] != incident.id}
        self._explained.clear()

    def state(self) -> Any:
        """Plain values."""
        sides = [[name, index, side] for (name, index), side in self._sides.items()]
        explained = [[*key, n] for key, n in self._explained.items()]
        return to_builtins([sides, explained])

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        sides, explained = state
        self._sides = {(name, index): convert(side, Side) for name, index, side in sides}
        self._explained = {(index, row): n for index, row, n in explained}


def _count(side: Side, recent: Recent) -> None:
    side.logs = [a + b for a, b in zip(side.logs, recent.logs, strict=True)]
    side.tally.add(recent.x, recent.mean, recent.var)
    side.members.append(recent)


def _add(incident: Incident, test: Test, recent: Recent) -> None:
    """Count an observation into what the incident says was observed, expected and normal."""
    incident.n += 1
    incident.observed_sum += recent.raw
    incident.usual_sum += recent.usual
    incident.x += recent.x
    incident.mean += recent.mean
    incident.var += recent.var * recent.per_x * recent.per_x
    observed, usual = incident.observed_sum / incident.n, incident.usual_sum / incident.n
    error = SPREAD * math.sqrt(incident.var) / incident.n
    if test.signal.log:
        observed, usual = math.exp(observed), math.exp(usual)
        low, high = usual * math.exp(-error), usual * math.exp(error)
    else:
        low, high = usual - error, usual + error
    if test.signal.unit != "score":
        low = max(low, 0.0)
    incident.observed, incident.expected, incident.interval = observed, usual, (low, high)


def _contributions(test: Test, place: Place, cuts: Cuts) -> list[dict[str, Any]]:
    """Which values carry the excess: the largest share of each dimension that the scope leaves open."""
    found = []
    for name in ("queue", "agent", "version", "channel", "source", "model"):
        tallies: dict[str, Tally] = {}
        for recent in place.members:
            value = getattr(cuts.places[recent.place].dims, name)
            if value is not None:
                tallies.setdefault(value, Tally()).add(recent.x, recent.mean, recent.var)
        excess = place.tally.x - place.tally.mean
        if name in place.scope or not tallies or excess == 0:
            continue
        value = max(sorted(tallies), key=lambda v: abs(tallies[v].x - tallies[v].mean))
        share = (tallies[value].x - tallies[value].mean) / excess
        found.append({"dimension": name, "value": value, "share_of_excess": round(share, 2)})
    return found
