"""Habits: an integration that changed: a tool does for its agent what it did not use to.

It fails or takes long (`satisfaction`, `response_drift`), or touches data, writes, moves money, reads records
as it did not (`boundary`). A ticket; an `info` where the registry says that it may, or where a new version of
the agent brought it. After a day of opening time it is what is usual now.
"""

from __future__ import annotations

from typing import Any

from detectors.alike import Alike
from detectors.calendar import Calendar
from detectors.usage import FAILED, MOVES, OTHERS, SLOW, WRITES, Changed, Usage
from streams.floor.cuts import may_overlap
from streams.floor.incident import Incident, Scope
from streams.floor.incidents import Incidents
from streams.records.alerts import RANK, Kind, Severity
from streams.records.facts import Acted
from streams.records.registry import Tenant
from streams.settings import Signals

DETECTOR = "usage/1"
QUIET_S = 24 * 3600  # opening time
ALIKE = "equal amounts"  # for different people
RULES: dict[str, tuple[str, Kind]] = {
    FAILED: ("tool_fails", "satisfaction"),
    SLOW: ("tool_slow", "response_drift"),
    WRITES: ("tool_writes", "boundary"),
    MOVES: ("tool_moves", "boundary"),
    OTHERS: ("tool_others", "boundary"),
    ALIKE: ("tool_alike", "boundary"),
}
"""Traits by what they are told as; any other one is a class of data."""
DATA: tuple[str, Kind] = ("tool_data", "boundary")
TESTS_OF = {"tool_fails": ("tool_error", "trouble", "joint"), "tool_slow": ("latency_up",)}
"""The statistical tests that the same trouble of an agent moves, by what it is told as."""
MORE = 8  # traits named that joined an incident


class Habits:
    """The tools of one tenant's AI agents. entry: the tenant's part of the registry."""

    def __init__(self, incidents: Incidents, signals: Signals) -> None:
        self._incidents = incidents
        switched = {"satisfaction": signals.tool_error, "response_drift": signals.latency}
        self._wanted = {**switched, "boundary": signals.boundary}
        self._usage, self._alike = Usage(), Alike()
        self.entry = Tenant()

    def act(self, fact: Acted) -> None:
        """One action in time, its slot being closed."""
        agent = fact.dims.agent
        if agent is None or not fact.ai or fact.conversation is None or fact.status == "started":
            return
        changes = self._usage.call(
            agent, fact.name, fact.dims.version or "", fact.conversation, fact.time,
            self._traits(agent, fact), fact.latency_ms,
        )  # fmt: skip
        for change in changes:
            self._tell(agent, fact, change)

    def _traits(self, agent: str, fact: Acted) -> tuple[str, ...]:
        """What this call shows, sorted."""
        traits = list(fact.data)
        if fact.status != "ok":
            traits.append(FAILED)
        if fact.effect == "write":
            traits.append(WRITES)
        if fact.amount:
            traits.append(MOVES)
            person = fact.subject or fact.customer or fact.conversation or ""
            if fact.status == "ok" and self._alike.add(agent, fact.name, person, fact.amount):
                traits.append(ALIKE)
        if fact.subject is not None and fact.customer is not None and fact.subject != fact.customer:
            traits.append(OTHERS)
        traits.sort()
        return tuple(traits)

    def _tell(self, agent: str, fact: Acted, change: Changed) -> None:
        rule, kind = RULES.get(change.trait, DATA)
        scope = {"agent": agent, "action": fact.name}
        if not self._wanted[kind]:
            return
        severity: Severity = "info" if kind == "boundary" and self._meant(agent, fact, change) else "ticket"
        if self._joins(kind, scope, fact, change, severity) or self._told(kind, scope, severity):
            return
        incident = self._incidents.start(
            kind, rule, scope, since=fact.time, opened=fact.time, touched=fact.time, severity=severity,
            unit="per conversation", detector=DETECTOR, observed=change.hits / change.of,
            expected=change.usual, evidence={"trait": change.trait, "calls": change.of, "hits": change.hits},
        )  # fmt: skip
        if incident is not None:
            self._incidents.touch(incident, fact.time, fact.conversation)
            self._incidents.tell_open(incident)

    def _joins(self, kind: Kind, scope: Scope, fact: Acted, change: Changed, severity: Severity) -> bool:
        """Whether this tool has an incident of the kind, which now says this, too, and may weigh more."""
        open_ = self._incidents.open.values()
        incident = next((i for i in open_ if (i.detector, i.kind, i.scope) == (DETECTOR, kind, scope)), None)
        if incident is None:
            return False
        also = incident.evidence.get("also", [])
        more = {"trait": change.trait, "calls": change.of, "hits": change.hits}
        incident.evidence = {**incident.evidence, "also": [*also, more][-MORE:]}
        self._incidents.touch(incident, fact.time, fact.conversation)
        self._incidents.rise(incident, severity)
        self._incidents.tell_more(incident, fact.time)
        return True

    def _told(self, kind: Kind, scope: Scope, severity: Severity) -> bool:
        """Whether an incident of this very agent says it already, and as loudly."""
        return any(
            i.kind == kind and "agent" in i.scope and RANK[i.severity] >= RANK[severity]
            and may_overlap(i.scope, scope)
            for i in self._incidents.open.values()
        )  # fmt: skip

    def _meant(self, agent: str, fact: Acted, change: Changed) -> bool:
        """Whether somebody meant it: it came with a new version, or the registry says that this may be."""
        entry = self.entry.agent(agent)
        if change.planned or entry is None:
            return change.planned
        if change.trait == MOVES:
            return fact.name in entry.limits
        return change.trait not in RULES and entry.data is not None and change.trait in entry.data

    def tick(self, now: int, calendar: Calendar) -> list[Incident]:
        """End what is usual now, and return it."""
        return self._incidents.end_quiet(DETECTOR, now, QUIET_S, calendar, "it is usual now")

    def state(self) -> Any:
        """Plain values."""
        return [self._usage.state(), self._alike.state()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        usage, alike = state
        self._usage.restore(usage)
        self._alike.restore(alike)
