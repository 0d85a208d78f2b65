"""Violations: what the registry forbids, said at once, confirmed at the slot's closing, and ended in time."""

from __future__ import annotations

from typing import Any

from detectors.calendar import Calendar
from streams.floor.incidents import Incidents
from streams.floor.instants import DETECTOR, Instants
from streams.floor.rules import Finding, Rules
from streams.records.alerts import Alert
from streams.records.facts import Fact
from streams.records.registry import Registry
from streams.settings import Settings

QUIET_S = 8 * 3600  # opening time without another violation after which an incident is over


class Violations:
    """The registry's checks of one tenant, as incidents."""

    def __init__(self, tenant: str, settings: Settings, incidents: Incidents) -> None:
        self._tenant, self._signals, self._incidents = tenant, settings.signals, incidents
        self._instants = Instants(tenant, incidents, settings.severities)
        self._rules = Rules(tenant, None, boundary=False, shadow=False)

    def use(self, registry: Registry | None) -> None:
        """Check against this registry from now on."""
        self._rules = Rules(self._tenant, registry, self._signals.boundary, self._signals.shadow_ai)

    def say(self, fact: Fact, slot: int) -> list[Alert]:
        """What this fact proves, before its slot closes."""
        said = (self._instants.say(finding, fact, slot) for finding in self._rules.findings(fact))
        return [alert for alert in said if alert is not None]

    def judge(self, fact: Fact) -> list[Finding]:
        """What this fact violates."""
        return self._rules.findings(fact)

    def take(self, finding: Finding, fact: Fact) -> None:
        """Open an incident for a violation, or count it into the one that is open."""
        incident = self._incidents.find(finding.kind, finding.scope)
        is_new = incident is None
        if incident is None:
            incident = self._incidents.start(
                finding.kind, finding.rule, finding.scope, since=fact.time, opened=fact.time,
                touched=fact.time, detector=DETECTOR, evidence={"reason": finding.reason},
            )  # fmt: skip
        if incident is not None:
            self._incidents.touch(incident, fact.time, fact.conversation)
            if is_new:
                self._incidents.tell_open(incident)

    def tick(self, now: int, calendar: Calendar) -> None:
        """End what did not happen again."""
        self._incidents.end_quiet(DETECTOR, now, QUIET_S, calendar, "no further violation")

    def settle(self, slot: int, changes: list[Alert], at: int) -> list[Alert]:
        """Withdraw what was said for this slot and not opened by it. changes: of the slot."""
        opened = {change.id for change in changes if change.state == "open"}
        return self._instants.settle(slot, opened, at)

    def state(self) -> Any:
        """Plain values."""
        return self._instants.state()

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        self._instants.restore(state)
