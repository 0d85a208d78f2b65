"""Conduct: what no single action shows: amounts cut into pieces below their limit, records of many people.

Statistics of actions, told as `boundary` tickets, once their slot closes; what one action proves is in
`violations`. People who move money several times, as they may, are at most an `info`.
"""

from __future__ import annotations

from typing import Any

from detectors.calendar import Calendar
from detectors.pieces import Found, Pieces
from detectors.sweep import Sweep
from streams.floor.conversations import Conversation
from streams.floor.incident import Incident
from streams.floor.incidents import Incidents
from streams.records.alerts import Severity
from streams.records.facts import Acted
from streams.records.registry import Tenant

DETECTOR = "conduct/1"
QUIET_S = 8 * 3600  # opening time without more of it after which it is over


class Conduct:
    """The actions of one tenant. entry: the tenant's part of the registry, for limits."""

    def __init__(self, incidents: Incidents, wanted: bool) -> None:
        self._incidents, self._wanted = incidents, wanted
        self._pieces, self._sweep = Pieces(), Sweep()
        self.entry = Tenant()

    def act(self, fact: Acted) -> None:
        """One action, its slot being closed."""
        agent = fact.dims.agent
        if not self._wanted or agent is None or not fact.ai or fact.status == "started":
            return
        if fact.amount is not None:
            self._move(agent, fact, fact.amount)
        if fact.subject is not None and fact.conversation is not None and fact.status == "ok":
            records = self._sweep.touch(agent, fact.conversation, fact.subject)
            if records:
                self._tell("sweep", agent, fact, "ticket", float(records), "records", fact.time)

    def _move(self, agent: str, fact: Acted, amount: float) -> None:
        entry = self.entry.agent(agent)
        limit = entry.limits.get(fact.name) if entry is not None else None
        if limit is None:
            return
        person = fact.subject or fact.customer or fact.conversation or ""
        if fact.status != "ok":
            self._pieces.refuse(person, fact.name, fact.time, amount, limit)
            return
        found = self._pieces.pay(person, fact.name, fact.id, fact.time, amount, limit)
        if found is not None:
            self._split(agent, fact, found, limit)

    def _split(self, agent: str, fact: Acted, found: Found, limit: float) -> None:
        severity: Severity = "ticket" if found.split else "info"
        incident = self._tell("split", agent, fact, severity, found.total, "moved", found.since, limit)
        if incident is not None:
            self._incidents.rise(incident, severity)

    def _tell(
        self, rule: str, agent: str, fact: Acted, severity: Severity, observed: float, unit: str, since: int,
        expected: float | None = None,
    ) -> Incident | None:  # fmt: skip
        open_ = self._incidents.open.values()
        scope = {"agent": agent}  # without the action: what one action proves is an incident of its own
        mine = (i for i in open_ if (i.detector, i.signal, i.scope) == (DETECTOR, rule, scope))
        incident = next(mine, None)
        if incident is not None:
            self._incidents.touch(incident, fact.time, fact.conversation)
            return incident
        incident = self._incidents.start(
            "boundary", rule, scope, since=since, opened=fact.time, touched=fact.time, unit=unit,
            detector=DETECTOR, observed=observed, expected=expected, severity=severity,
            evidence={"action": fact.name},
        )  # fmt: skip
        if incident is not None:
            self._incidents.touch(incident, fact.time, fact.conversation)
            self._incidents.tell_open(incident)
        return incident

    def over(self, conversation: Conversation) -> None:
        """A conversation ended: how many records are usual."""
        if conversation.dims.agent is not None:
            self._sweep.end(conversation.dims.agent, conversation.key)

    def tick(self, now: int, calendar: Calendar) -> None:
        """End what did not go on."""
        self._incidents.end_quiet(DETECTOR, now, QUIET_S, calendar, "no more of it")

    def state(self) -> Any:
        """Plain values."""
        return [self._pieces.state(), self._sweep.state()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        pieces, sweep = state
        self._pieces.restore(pieces)
        self._sweep.restore(sweep)
