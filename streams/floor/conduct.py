"""Conduct: what no single action shows: amounts cut into pieces below their limit, records of many people.

In one conversation, by one customer within a day, or a little more in each of an agent's conversations.
Statistics of actions, told as `boundary` tickets, once their slot closes; what one action proves is in
`violations`. People who move money several times, as they may, are at most an `info`, and so is an agent that
moves more than it used to.
"""

from __future__ import annotations

from typing import Any

from detectors.calendar import Calendar
from detectors.pieces import Found, Pieces
from detectors.sweep import LEAST, MOST, Sweep
from detectors.totals import Totals
from streams.floor.conversations import Conversation
from streams.floor.incident import Incident
from streams.floor.incidents import Incidents
from streams.records.alerts import Severity
from streams.records.facts import MICROS, Acted
from streams.records.registry import Tenant

DETECTOR = "conduct/1"
QUIET_S = 8 * 3600  # opening time without more of it after which it is over
DAY_US = 86400 * MICROS
RECORDS = ""  # no action has this name
CROWDS = 1_000  # ids that many people shared before it was abnormal; the oldest are forgotten


class Conduct:
    """The actions of one tenant. entry: the tenant's part of the registry, for limits."""

    def __init__(self, incidents: Incidents, wanted: bool) -> None:
        self._incidents, self._wanted = incidents, wanted
        self._pieces, self._sweep, self._customers, self._totals = Pieces(), Sweep(), Sweep(), Totals()
        self._days: dict[str, tuple[int, str, bool]] = {}  # customer -> since when, by which agent, told
        self._crowds: dict[str, None] = {}
        self.entry = Tenant()

    def act(self, fact: Acted, *, late: bool = False) -> None:
        """One action, its slot being closed. late: it may be a copy of one that was counted."""
        agent = fact.dims.agent
        if not self._wanted or agent is None or not fact.ai or fact.status == "started":
            return
        if fact.amount is not None:
            self._move(agent, fact, fact.amount, late=late)
        if fact.subject is not None and fact.conversation is not None and fact.status == "ok":
            records = self._sweep.touch(agent, fact.conversation, fact.subject)
            if records:
                self._tell("sweep", agent, fact, "ticket", float(records), "records", fact.time)
            elif fact.customer is not None:
                self._asked(agent, fact, fact.customer, fact.subject)

    def _asked(self, agent: str, fact: Acted, customer: str, subject: str) -> None:
        """One customer's records within a day, over all conversations."""
        if customer in self._crowds:
            return
        while self._days:
            first, (since, served, _) = next(iter(self._days.items()))
            if fact.time - since < DAY_US and len(self._days) < MOST:
                break
            del self._days[first]
            self._customers.end(served, first)
        since, served, told = self._days.setdefault(customer, (fact.time, agent, False))
        records = self._customers.touch(agent, customer, subject)
        if records:
            self._tell("sweep_customer", agent, fact, "ticket", float(records), "records", since)
            self._days[customer] = (since, served, True)
        elif told and self._customers.is_wide(customer):  # more than are told apart: they go on
            incident = self._open(agent, "sweep_customer")
            if incident is not None:
                self._incidents.touch(incident, fact.time, fact.conversation)
        elif self._customers.is_wide(customer):  # nobody knew what was usual, or it is: many people
            self._crowds[customer] = None
            if len(self._crowds) > CROWDS:
                del self._crowds[next(iter(self._crowds))]

    def _move(self, agent: str, fact: Acted, amount: float, *, late: bool) -> None:
        entry = self.entry.agent(agent)
        limit = entry.limits.get(fact.name) if entry is not None else None
        if limit is None:
            return
        person = fact.subject or fact.customer or fact.conversation or ""
        if fact.status != "ok":
            self._pieces.refuse(person, fact.name, fact.time, amount, limit)
            return
        event = f"{fact.source}\x00{fact.id}"  # sources number theirs as they like
        found = self._pieces.pay(person, fact.name, event, fact.time, amount, limit)
        if fact.conversation is not None and amount > 0.0 and limit > 0.0 and not late:
            self._totals.add(agent, fact.name, fact.conversation, amount / limit)
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
        scope = {"agent": agent}  # without the action: what one action proves is an incident of its own
        incident = self._open(agent, rule)
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

    def _open(self, agent: str, *rules: str) -> Incident | None:
        """The first open incident of this agent by one of these rules."""
        for one in self._incidents.open.values():
            if one.detector == DETECTOR and one.signal in rules and one.scope == {"agent": agent}:
                return one
        return None

    def over(self, conversation: Conversation, now: int) -> None:
        """A conversation ended: how many records are usual."""
        agent = conversation.dims.agent
        if agent is None or not self._wanted:
            return
        records = self._sweep.end(agent, conversation.key)
        if records:
            self._totals.add(agent, RECORDS, conversation.key, (records - 1) / LEAST)
        for what in self._totals.end(agent, conversation.key):
            self._more(agent, what, conversation, now)

    def _more(self, agent: str, what: str, conversation: Conversation, now: int) -> None:
        """An agent does more of something than it used to, over many conversations."""
        rule, severity = ("reads_more", "ticket") if what == RECORDS else ("moves_more", "info")
        told = self._open(agent, rule, *(("sweep", "sweep_customer") if what == RECORDS else ("split",)))
        if told is not None:
            self._incidents.touch(told, now, conversation.key)
            return
        incident = self._incidents.start(
            "boundary", rule, {"agent": agent}, since=conversation.first, opened=now, touched=now,
            detector=DETECTOR, severity=severity, evidence={} if what == RECORDS else {"action": what},
        )  # fmt: skip
        if incident is not None:
            self._incidents.touch(incident, now, conversation.key)
            self._incidents.tell_open(incident)

    def tick(self, now: int, calendar: Calendar) -> None:
        """End what did not go on."""
        self._incidents.end_quiet(DETECTOR, now, QUIET_S, calendar, "no more of it")

    def state(self) -> Any:
        """Plain values."""
        days = [[name, *day] for name, day in self._days.items()]
        return [
            self._pieces.state(), self._sweep.state(), self._customers.state(), days, self._totals.state(),
            list(self._crowds),
        ]  # fmt: skip

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        pieces, sweep, *more = state  # older snapshots end here
        self._pieces.restore(pieces)
        self._sweep.restore(sweep)
        if more:
            customers, days, totals, crowds = more
            self._crowds = dict.fromkeys(crowds)
            self._customers.restore(customers)
            # Earlier states do not know whether it was told: then it is told again.
            self._days = {name: (since, agent, any(told)) for name, since, agent, *told in days}
            self._totals.restore(totals)
