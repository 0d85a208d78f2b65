"""Instants: what one event proves is said before its slot closes, and confirmed or withdrawn when it does.

Closings decide without looking here. Afterwards, whatever was said for the slot and not opened by it is
withdrawn, naming the incident that took it in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import convert, to_builtins

from streams.floor.excerpts import Excerpt
from streams.floor.incident import Incident, incident_id
from streams.floor.incidents import Incidents
from streams.floor.rules import Finding
from streams.records.alerts import Alert
from streams.records.facts import Fact, Said
from streams.settings import Severities

DETECTOR = "registry/1"


class Instants:
    """What was said at one tenant and not yet confirmed."""

    def __init__(self, tenant: str, incidents: Incidents, severities: Severities) -> None:
        self._tenant, self._incidents, self._severities = tenant, incidents, severities
        self._said: dict[str, tuple[int, Incident]] = {}

    def say(self, finding: Finding, fact: Fact, slot: int) -> Alert | None:
        """An unconfirmed `open`, unless the same is open or was said already, or there is no room for it."""
        if self._incidents.full(len(self._said)):
            return None  # its closing will count it
        if self._incidents.find(finding.kind, finding.scope) is not None:
            return None
        if self._incidents.planned(finding.kind, finding.scope, fact.time):
            return None
        if any(i.kind == finding.kind and i.scope == finding.scope for _, i in self._said.values()):
            return None
        incident = Incident(
            incident_id(self._tenant, finding.kind, finding.rule, finding.scope, slot),
            finding.kind, finding.rule, finding.scope,
            finding.severity or getattr(self._severities, finding.kind),
            since=fact.time, opened=fact.time, touched=fact.time, detector=DETECTOR, affected=1,
            conversations=[] if fact.conversation is None else [fact.conversation],
            evidence={"reason": finding.reason},
        )  # fmt: skip
        if self._incidents.excerpts.allowed:
            incident.examples.extend(_example(fact))
        self._said[incident.id] = (slot, incident)
        return self._incidents.said(incident, "open", fact.time, confirmed=False)

    def settle(self, slot: int, opened: set[str], at: int) -> list[Alert]:
        """Withdraw what was said for slots up to this one and is not among the ids it `opened`."""
        if not self._said:
            return []
        due = [(name, incident) for name, (said, incident) in self._said.items() if said <= slot]
        for name, _ in due:
            del self._said[name]
        return [self._withdraw(incident, at) for name, incident in due if name not in opened]

    def _withdraw(self, incident: Incident, at: int) -> Alert:
        taken = self._incidents.find(incident.kind, incident.scope)
        why = taken.id if taken else "not confirmed by its slot"
        return self._incidents.said(incident, "resolved", at, confirmed=False, withdrawn=why)

    def state(self) -> Any:
        """Plain values."""
        return to_builtins(list(self._said.values()))

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._said = {i.id: (slot, i) for slot, i in convert(state, list[tuple[int, Incident]])}


def _example(fact: Fact) -> Iterator[dict[str, str]]:
    if isinstance(fact, Said) and fact.excerpt and fact.conversation is not None:
        yield Excerpt(fact.role, fact.excerpt, True).shown(fact.conversation)
