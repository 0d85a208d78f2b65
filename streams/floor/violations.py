"""Violations: what one event proves, said at once, confirmed at the slot's closing, and ended in time.

Against the registry (`rules`), or with its conversation (`contents`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from detectors.calendar import Calendar
from detectors.content.memory import Memory
from detectors.norms import Norms
from streams.floor.contents import Contents, Shown
from streams.floor.conversations import Conversation
from streams.floor.incidents import Incidents
from streams.floor.instants import DETECTOR, Instants
from streams.floor.rules import Finding, Rules
from streams.records.alerts import Alert
from streams.records.facts import Acted, Fact
from streams.records.registry import Registry
from streams.settings import Settings

QUIET_S = 8 * 3600  # opening time without another violation after which an incident is over


class Violations:
    """The certain findings of one tenant, as incidents. find: an open conversation by its key."""

    def __init__(
        self,
        tenant: str,
        settings: Settings,
        incidents: Incidents,
        find: Callable[[str], Conversation | None],
    ) -> None:
        signals = settings.signals
        kinds = ("leakage", "disclosure", "injection")
        self._contents = Contents(find, frozenset(kind for kind in kinds if getattr(signals, kind)))
        self._tenant, self._signals, self._incidents = tenant, settings.signals, incidents
        self._norms = Norms()
        self._instants = Instants(tenant, incidents, settings.severities)
        self._rules = Rules(tenant, None, boundary=False, shadow=False)

    def use(self, registry: Registry | None) -> None:
        """Check against this registry from now on."""
        self._rules = Rules(self._tenant, registry, self._signals.boundary, self._signals.shadow_ai)

    def say(self, fact: Fact, slot: int) -> list[Alert]:
        """What this fact proves, before its slot closes."""
        findings = self._broken(fact, ahead=True) + self._contents.look_ahead(fact, slot)
        if not findings:
            return []
        said = (self._instants.say(finding, fact, slot) for finding in findings)
        return [alert for alert in said if alert is not None]

    def begin(self, slot: int) -> None:
        """This slot is being closed."""
        self._contents.begin(slot)

    def remembered(self, memory: Memory, fact: Fact) -> Memory:
        """What the content checks remember after a fact of the slot being closed."""
        return self._contents.remembered(memory, fact)

    def judge(self, fact: Fact) -> Shown:
        """What this fact violates, before it is folded. Changes nothing."""
        shown, broken = self._contents.findings(fact), self._broken(fact, ahead=False)
        return replace(shown, findings=broken + shown.findings) if broken else shown

    def _broken(self, fact: Fact, *, ahead: bool) -> list[Finding]:
        """What breaks the registry's rules; and what an attack led to: that, or what is out of the norm."""
        found = self._rules.findings(fact)
        if not (isinstance(fact, Acted) and _done(fact)):
            return found
        broken = next((one.reason for one in found if one.kind == "boundary"), None)
        broken = broken or self._norms.odd(fact.dims.agent or "", fact.name, fact.amount)
        return found if broken is None else [*found, *self._contents.worked(fact, broken, ahead=ahead)]

    def learn(self, fact: Fact, judged: Shown) -> None:
        """Open incidents for its violations, or count it into those that are open."""
        if isinstance(fact, Acted) and _done(fact):
            self._norms.learn(fact.dims.agent or "", fact.name, fact.amount)
        if judged.told or judged.leaked:
            self._contents.learn(fact, judged.leaked, judged.told)
        for finding in judged.findings:
            self.take(finding, fact)

    def take(self, finding: Finding, fact: Fact) -> None:
        """Open an incident for a violation, or count it into the one that is open."""
        incident = self._incidents.find(finding.kind, finding.scope)
        is_new = incident is None
        if incident is None:
            incident = self._incidents.start(
                finding.kind, finding.rule, finding.scope, since=fact.time, opened=fact.time,
                touched=fact.time, detector=DETECTOR, evidence={"reason": finding.reason},
                severity=finding.severity,
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
        self._contents.closed(slot)
        opened = {change.id for change in changes if change.state == "open"} if changes else set()
        return self._instants.settle(slot, opened, at)

    def state(self) -> Any:
        """Plain values."""
        return [self._instants.state(), self._contents.state(), self._norms.state()]

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        instants, contents, *more = state  # an older snapshot has no norms
        self._instants.restore(instants)
        self._contents.restore(contents)
        for norms in more:
            self._norms.restore(norms)


def _done(fact: Acted) -> bool:
    """Whether it is something that an AI did: what the platform denied was attempted, not done."""
    return fact.status not in ("denied", "started") and bool(fact.ai) and fact.dims.agent is not None
