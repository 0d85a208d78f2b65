"""Attacks: campaigns and persistent actors among the conversations of one tenant.

A single attempt only counts. One trouble is one incident: the actor by whom a campaign was first noticed
becomes part of it.
"""

from __future__ import annotations

from typing import Any

from detectors.actors import Actors
from detectors.base import Verdict
from detectors.calendar import Calendar
from detectors.campaign import LEVELS, Attack, Campaign
from detectors.content.base import Score
from streams.floor.incident import Incident, Scope
from streams.floor.incidents import Incidents
from streams.records.facts import Fact, Said, Scored

DETECTOR = "attacks/1"
QUIET_S = 4 * 3600  # opening time without a further attack after which it is over
UNIT = "attacked conversations"


class Attacks:
    """The attacks on one tenant. days: opening days to one false alarm of a campaign."""

    def __init__(self, incidents: Incidents, days: float, wanted: bool) -> None:
        self._incidents, self._wanted = incidents, wanted
        self._campaign, self._actors = Campaign(days), Actors()

    def begin(self, fact: Fact) -> None:
        """A conversation began."""
        if self._wanted:
            self._campaign.begin(fact.time)
            self._actors.begin(_who(fact))

    def hear(self, fact: Fact) -> None:
        """What a fact adds; its slot is being closed."""
        attack = _attack(fact) if self._wanted else None
        if attack is None:
            return
        self._actors.rate = self._campaign.rate
        campaign, actor = self._campaign.score_one(attack), self._actors.score_one(attack)
        self._campaign.learn_one(attack)
        self._actors.learn_one(attack)
        incident = self._incidents.find("injection", {})
        if incident is not None:
            if campaign.alarm:  # stray attacks and look-alikes do not keep it open
                self._incidents.touch(incident, attack.t, attack.conversation)
        elif campaign.alarm:
            self._spread(campaign, attack)
        else:
            self._persist(actor, attack)

    def _persist(self, verdict: Verdict, attack: Attack) -> None:
        scope = {"customer": attack.customer}
        incident = self._incidents.find("injection", scope)
        if incident is not None:
            incident.observed = verdict.observed
            self._incidents.touch(incident, attack.t, attack.conversation)
            return
        if verdict.alarm:
            self._open("actor", scope, verdict, attack, self._actors.conversations(attack))

    def _spread(self, verdict: Verdict, attack: Attack) -> None:
        members = self._campaign.members()
        rows = [(one.t, one.conversation) for one in members]
        alone = [i for i in self._incidents.open.values() if i.detector == DETECTOR]
        if not alone:
            self._open("campaign", {}, verdict, attack, rows)
            return
        incident = alone[0]
        incident.signal, incident.scope = "campaign", {}
        self._describe(incident, verdict)
        self._touch(incident, rows)

    def _open(
        self, rule: str, scope: Scope, verdict: Verdict, attack: Attack, rows: list[tuple[int, str]]
    ) -> None:
        since = attack.t if verdict.onset is None else verdict.onset
        incident = self._incidents.start(
            "injection", rule, scope, since=since, opened=attack.t, touched=attack.t, unit=UNIT,
            detector=DETECTOR,
        )  # fmt: skip
        if incident is not None:
            self._describe(incident, verdict)
            self._touch(incident, rows)
            self._incidents.tell_open(incident)

    def _describe(self, incident: Incident, verdict: Verdict) -> None:
        incident.observed, incident.expected = verdict.observed, verdict.expected
        incident.evidence = {"chance": verdict.p, **dict(verdict.contributions)}

    def _touch(self, incident: Incident, rows: list[tuple[int, str]]) -> None:
        for time, conversation in rows:
            self._incidents.touch(incident, time, conversation)

    def tick(self, now: int, calendar: Calendar) -> None:
        """End what did not go on."""
        self._incidents.end_quiet(DETECTOR, now, QUIET_S, calendar, "no further attack")

    def state(self) -> Any:
        """Plain values."""
        return [self._campaign.state(), self._actors.state()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        campaign, actors = state
        self._campaign, self._actors = Campaign.from_state(campaign), Actors.from_state(actors)


def _who(fact: Fact) -> str:
    """The customer; a conversation without one is somebody of its own."""
    return fact.customer or fact.conversation or fact.id


def _attack(fact: Fact) -> Attack | None:
    """The attack that a fact carries, if it is one."""
    found: Score | None = None
    likeness: tuple[int, ...] = ()
    if isinstance(fact, Said) and fact.checks is not None:
        found, likeness = fact.checks.injection, fact.checks.likeness
    elif isinstance(fact, Scored):
        found = fact.injection
    if found is None or found.value < LEVELS[0]:
        return None
    return Attack(fact.time, fact.conversation or fact.id, _who(fact), found.value, likeness)
