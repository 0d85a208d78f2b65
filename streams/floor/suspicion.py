"""Suspicion: how evidence in series becomes incidents, is backed by other signals, and ends.

A crossing opens an incident where no open one of its kind explains it. An incident ends when the evidence for
"normal again" is enough, or when nothing was seen in its scope for an opening day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from detectors.calendar import Calendar
from detectors.mix import Mix
from detectors.scan import Tally
from detectors.structs import Frozen
from streams.floor.account import add, contributions, harmed
from streams.floor.cuts import Cuts, covers, may_overlap
from streams.floor.habits import TESTS_OF
from streams.floor.incident import Incident
from streams.floor.incidents import Incidents
from streams.floor.margin import least_change, speed
from streams.floor.moved import KIND, moved
from streams.floor.rulings import Rulings
from streams.floor.scope import Place, evidence, gathered, locate, matters, needed_effect_sd, newness
from streams.floor.series import Judged, Recent, Series
from streams.floor.sides import CORROBORATED, Sides
from streams.floor.signals import TESTS
from streams.records.alerts import Kind
from streams.settings import Budget

RECOVERED = 5.0  # nats for normal again: one false resolution in 150 moments
MILDEST = 2  # recovery is judged by no wilder alternative than this: a streak of luck is not the end
QUIET_S = 14 * 3600  # opening time without any observation in the scope
LOOK_AGAIN = 10  # observations after which a segment beside an open incident is looked at again
LEAST_NATS = 6.0  # where the trouble is said to lie: with less, nothing sound finds anything
LEAST_NATS_NEW = 3.0  # of a new version, which began with a head start
LEAST_A_DAY = 20  # a threshold in days is at least so many observations
DAY_US = 86400 * 1_000_000
HARM = ("escalation_rate", "satisfaction")  # what customers suffer; answers that merely changed wake nobody
DETECTOR = "tilted-e-detector/1"


class Grounds(Frozen):
    """Why an incident opens. needed: nats asked for; more: nats beyond the threshold of a segment that
    crossed; backs: the incident that it corroborates; days: the statistic, in opening days."""

    needed: float
    more: float = 0.0
    backs: str | None = None
    days: float = 0.0

    def spare(self, nats: float) -> float:
        """Nats beyond what was needed. nats: the evidence."""
        return self.more if self.backs is None else max(0.0, nats - self.needed)


class Suspicion:
    """The statistical incidents of one tenant."""

    def __init__(
        self, budget: Budget, cuts: Cuts, series: Series, incidents: Incidents, rulings: Rulings
    ) -> None:
        self._budget, self._rulings = budget, rulings
        self._cuts, self._series, self._incidents = cuts, series, incidents
        self.mix: Mix | None = None
        self._sides = Sides()
        self._crossed: dict[tuple[int, int], tuple[float, int]] = {}
        self._looked: dict[tuple[int, int], int] = {}
        self._inside: dict[tuple[str, int], bool] = {}

    # -- observation by observation ----------------------------------------------------------------------

    def note(self, judged: Judged, now: int) -> None:
        """One observation after one test. now: when it was decided, which may be long after its own time."""
        for row, days in judged.past:
            self._crossed[judged.test, row] = (days, now)
        for incident in self._incidents.open.values():
            if incident.test >= 0 and self._covers(incident, judged.recent.place):
                self._follow(incident, judged, now)

    def _covers(self, incident: Incident, place: int) -> bool:
        key = (incident.id, place)
        known = self._inside.get(key)
        if known is None:
            known = self._inside[key] = covers(incident.scope, self._cuts.places[place].dims)
        return known

    def _follow(self, incident: Incident, judged: Judged, now: int) -> None:
        recent, test = judged.recent, TESTS[judged.test]
        if judged.test == incident.test:
            incident.recovery = max(0.0, incident.recovery - recent.logs[incident.alternative])
            self._count(incident, recent)
            incident.touched = max(incident.touched, now)
        elif test.backs and test.signal.kind != incident.kind:
            self._sides.count(incident, judged.test, recent, now)

    def _count(self, incident: Incident, recent: Recent) -> None:
        test = TESTS[incident.test]
        add(incident, test, recent)
        if harmed(test, recent):
            self._incidents.touch(incident, recent.time, recent.conversation)

    # -- at a closing ------------------------------------------------------------------------------------

    def close(self, now: int, calendar: Calendar) -> None:
        """Open and corroborate after the observations of a slot. now: the slot's end."""
        crossed, self._crossed = self._crossed, {}
        for (test, row), (days, time) in sorted(crossed.items(), key=lambda item: (-item[1][0], item[0])):
            self._cross(test, row, days, time, now, calendar)
        for incident, test, time in self._sides.corroborated(self._incidents.open):
            if not self._overlapping(TESTS[test].signal.kind, incident.scope):
                recents = [r for r in self._since(test, incident.since) if self._covers(incident, r.place)]
                place = gathered(incident.scope, recents)
                doubt = self._rulings.factor(TESTS[test].name, incident.scope)
                if evidence(recents)[0] < CORROBORATED + math.log(doubt):
                    continue
                self._open(test, place, time, Grounds(CORROBORATED, 0.0, incident.id), calendar)

    def _overlapping(self, kind: Kind, scope: dict[str, str]) -> list[Incident]:
        return [i for i in self._incidents.open.values() if i.kind == kind and may_overlap(i.scope, scope)]

    def _cross(self, index: int, row: int, days: float, time: int, now: int, calendar: Calendar) -> None:
        test, since = TESTS[index], self._series.tests[index].since(row)
        if not matters(test, Tally(since.n, since.x, since.mean, since.var)):
            return
        kind, segment = test.signal.kind, dict(self._cuts.segments[row])
        same = self._overlapping(kind, segment)
        for incident in same:
            if incident.test == index:
                self._rise(incident, days, abs(incident.observed_sum - incident.usual_sum))
            elif _of_tool(incident, index, segment.get("agent")):
                self._rise(incident, days, since.x - since.mean)
        planned = self._rulings.may_concern(kind, segment, now)
        if same or planned or days < self._needed(index, segment):
            if abs(since.n - self._looked.get((index, row), -LOOK_AGAIN)) < LOOK_AGAIN:
                return
            self._looked[index, row] = since.n
        if (same or planned) and not self._unexplained(index, row, since.onset):
            return
        recents = self._not_open(index, self._since(index, since.onset))
        is_new = newness(self._cuts, calendar, now, self._series.begun or now)
        place = locate(test, row, recents, self._cuts, is_new)
        if test.versions and "version" not in place.scope:
            return
        least = LEAST_NATS_NEW if "version" in place.scope else LEAST_NATS
        convincing = evidence(place.members)[0] >= least and days >= self._needed(index, place.scope)
        if convincing and matters(test, place.tally, needed_effect_sd(place.scope)):
            self._open(index, place, time, self._grounds(index, row, days, place), calendar)

    def _not_open(self, index: int, recents: list[Recent]) -> list[Recent]:
        """What no open incident of this kind and nothing planned explains: a place is looked for among the
        rest."""
        kind = TESTS[index].signal.kind
        covered = self._explained(index, dict.fromkeys(r.place for r in recents))
        if covered:
            recents = [r for r in recents if r.place not in covered]
        if not self._rulings.planned_ever(kind):
            return recents
        explains, known = self._rulings.explains, self._cuts.places
        return [r for r in recents if not explains(kind, r.time, known[r.place].dims)]

    def _explained(self, index: int, places: Iterable[int]) -> set[int]:
        """Those of these places that lie in an open incident of the test's kind, or are of an agent whose
        tool was told to do what the test sees."""
        kin = [i for i in self._incidents.open.values() if i.kind == TESTS[index].signal.kind]
        if not kin:
            return set()
        known = self._cuts.places
        return {
            p for p in places
            if any(self._covers(i, p) or _of_tool(i, index, known[p].dims.agent) for i in kin)
        }  # fmt: skip

    def _needed(self, index: int, scope: dict[str, str]) -> float:
        """The threshold in this place, opening days: as budgeted, or what verdicts made of it."""
        return self._series.alarm(index) * self._rulings.factor(TESTS[index].name, scope)

    def _unexplained(self, index: int, row: int, onset: int) -> bool:
        """Whether what lies in a segment since then, outside the open incidents, would be an alarm."""
        here = [number for number, place in enumerate(self._cuts.places) if row in place.rows]
        places = set(here) - self._explained(index, here)
        if not places:
            return False
        inside = self._not_open(index, self._since(index, onset, places))
        return evidence(inside)[0] >= math.log(self._budget.ticket_days * max(LEAST_A_DAY, len(inside)))

    def _since(self, index: int, onset: int, places: set[int] | None = None) -> list[Recent]:
        """What a test saw from then on, everywhere or in these places."""
        # From the newest back: an onset is usually hours ago, what is kept reaches back days.
        found = []
        for recent in reversed(self._series.recents[index]):
            if recent.at < onset:
                break
            if recent.time >= onset and (places is None or recent.place in places):
                found.append(recent)
        return found[::-1]

    def _grounds(self, index: int, row: int, days: float, place: Place) -> Grounds:
        """What the threshold asked for in the segment that crossed, and what it got."""
        alarm = self._series.alarm(index)
        needed = math.log(alarm * max(LEAST_A_DAY, self._series.per_day(index, row)))
        if "version" in place.scope and self._budget.head_start > 1.0:
            needed = min(needed, math.log(alarm / self._budget.head_start))
        return Grounds(needed, math.log(max(days / alarm, 1.0)), days=days)

    def _open(self, index: int, place: Place, time: int, grounds: Grounds, calendar: Calendar) -> None:
        test = TESTS[index]
        if not place.members or self._incidents.find(test.signal.kind, place.scope) is not None:
            return
        since = place.members[0].time
        incident = self._incidents.start(
            test.signal.kind, test.name, place.scope, since=since, opened=time, touched=time,
            unit=test.signal.unit, detector=DETECTOR, test=index,
        )  # fmt: skip
        if incident is None:
            return
        for recent in place.members:
            self._count(incident, recent)
        nats, best = evidence(place.members)
        incident.alternative = min(best, MILDEST)
        incident.evidence = {
            "observations": len(place.members),
            "nats": round(nats, 1),
            "by": contributions(place, self._cuts),
            "speed": speed(place, grounds.needed, calendar.open_seconds(since, time)),
            "silent": least_change(test, place, grounds.spare(nats)),
        }
        if incident.kind == KIND:
            incident.evidence["moved"] = moved(
                incident.scope, lambda i: self._since(i, since), self._cuts, self.mix, since // DAY_US
            )
        if grounds.backs is not None:
            incident.evidence["with"] = self._incidents.root(self._incidents.open[grounds.backs])
        self._rise(incident, grounds.days, abs(incident.observed_sum - incident.usual_sum))
        self._incidents.tell_open(incident)
        if grounds.backs is None:
            self._look_aside(incident)

    def _rise(self, incident: Incident, days: float, harm: float) -> None:
        """Wake somebody where it is sure enough, of a kind that customers suffer, and more than a few did.
        harm: beyond the usual, in observations."""
        certain = days >= self._budget.page_days and incident.severity == "ticket"
        if incident.kind in HARM and certain and harm >= self._budget.page_harm:
            self._incidents.rise(incident, "page")

    def _look_aside(self, incident: Incident) -> None:
        """What other signals said since the onset in the same place."""
        for index, test in enumerate(TESTS):
            if test.backs and test.signal.kind != incident.kind:
                for recent in self._since(index, incident.since):
                    if self._covers(incident, recent.place):
                        self._sides.count(incident, index, recent, incident.opened)

    # -- as time goes by ---------------------------------------------------------------------------------

    def tick(self, now: int, calendar: Calendar) -> None:
        """End what is over."""
        for window in self._rulings.ended(now):
            self.forget(window.kind, window.scope)
        for incident in list(self._incidents.open.values()):
            if incident.test < 0:
                continue
            if incident.recovery >= RECOVERED:
                self._end(incident, now, "normal again")
            elif calendar.open_seconds(incident.touched, now) >= QUIET_S:
                self._end(incident, now, "nothing more seen there")

    def _end(self, incident: Incident, now: int, reason: str) -> None:
        """Resolve, and forget the evidence of all that overlaps: nobody is alarmed by the way back."""
        self._incidents.resolve(incident, now, reason)
        self.forget(incident.kind, incident.scope)

    def forget(self, kind: Kind, scope: dict[str, str], only: Sequence[str] | None = None) -> None:
        """Forget the evidence for this kind in all that overlaps: what was behind it is over, or judged.
        only: the tests meant, where not all are."""
        for index, test in enumerate(TESTS):
            if test.signal.kind == kind and (only is None or test.name in only):
                for row in range(len(self._series.tests[index])):
                    if may_overlap(scope, dict(self._cuts.segments[row])):
                        self._series.tests[index].reset(row)
        self._inside = {key: value for key, value in self._inside.items() if key[0] in self._incidents.open}
        self._looked.clear()

    def state(self) -> Any:
        """Plain values; taken between closings."""
        return [self._sides.state(), [[*key, n] for key, n in self._looked.items()]]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        sides, looked = state
        self._sides.restore(sides)
        self._looked = {(index, row): n for index, row, n in looked}


def _of_tool(incident: Incident, index: int, agent: str | None) -> bool:
    """Whether an incident of a tool of this agent tells what this test sees."""
    return TESTS[index].name in TESTS_OF.get(incident.signal, ()) and incident.scope["agent"] == agent
