"""Incidents: what is open at one tenant, and the changes to tell. One incident per trouble.

Whoever finds trouble opens an incident here, touches it while it lasts and resolves it; this file sees to the
bounds, the ids and to telling neither too often nor twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import convert, to_builtins

from detectors.calendar import Calendar
from detectors.structs import FrozenArray
from streams.floor.cause import cause
from streams.floor.cuts import covers, may_overlap
from streams.floor.excerpts import Excerpts
from streams.floor.incident import Incident, Scope, incident_id, tell
from streams.records.alerts import RANK, Alert, Kind, Severity, State, rfc3339
from streams.records.facts import MICROS, Dims
from streams.settings import Settings

MINUTE_US = 60 * MICROS
TOGETHER_US = 2 * 3600 * MICROS  # a source silent since then may be behind it
SILENT = 3  # of them named
TELL_AGAIN_US = 15 * 60 * MICROS  # growth is told at most so often
DISTINCT = 4096  # conversations told apart in one incident; beyond, each mention counts
MEMORY_US = 2 * 86400 * MICROS  # how long a closed incident is remembered, for learning and for withdrawals


Near: TypeAlias = Callable[[Scope, int, int], list[dict[str, Any]]]
"""What changed near an onset, from scope, onset and opening."""


Planned: TypeAlias = Callable[[Kind, Scope, int], bool]
"""Whether this kind of trouble was planned in this place at this time."""


class Closed(FrozenArray):
    """A closed statistical incident's place and span: the baselines must not learn it."""

    scope: Scope
    since: int
    until: int
    kind: str = ""
    id: str = ""


class Incidents:
    """The open incidents of one tenant. hit: told the name of a limit that was hit."""

    def __init__(self, tenant: str, settings: Settings, hit: Callable[[str], None]) -> None:
        self.tenant = tenant
        self.config = ""
        self.slot = 0
        self.open: dict[str, Incident] = {}
        self._settings, self._hit = settings, hit
        self._seen: dict[str, dict[str, None]] = {}
        self._closed: list[Closed] = []
        self._changes: list[Alert] = []
        self.planned: Planned = lambda _kind, _scope, _time: False
        self.excerpts = Excerpts(settings.examples.excerpts)
        self._near: Near = lambda _scope, _since, _until: []

    def explain_by(self, near: Near) -> None:
        """Name beside each incident what changed near its onset."""
        self._near = near

    def keep_quiet(self, planned: Planned) -> None:
        """Ask before an incident opens whether it was planned."""
        self.planned = planned

    def forgive(self, name: str) -> None:
        """A closed incident that was none: what it covered may be learnt."""
        self._closed = [closed for closed in self._closed if closed.id != name]

    def start(self, kind: Kind, signal: str, scope: Scope, **fields: Any) -> Incident | None:
        """Open an incident in the slot being closed. None where it was planned, or where the tenant has too
        many open already: of all kinds but `pipeline`, which says so, and of which there is one a limit."""
        if self.planned(kind, scope, fields["opened"]):
            return None
        if kind != "pipeline" and self.full(0):
            self._hit("tenant_incidents")
            return None
        severity: Severity = fields.pop("severity", None) or getattr(self._settings.severities, kind)
        if severity == "page" and fields.get("test", -1) >= 0:
            severity = "ticket"  # a shift is no proof: it rises by its evidence
        name = incident_id(self.tenant, kind, signal, scope, self.slot)
        incident = Incident(name, kind, signal, scope, severity, **fields)
        self.open[name] = incident
        return incident

    def full(self, more: int) -> bool:
        """Whether there is no room beside the open ones and so many more."""
        return len(self.open) + more >= self._settings.limits.tenant_incidents

    def tell_open(self, incident: Incident) -> None:
        """Say that it opened, once what is known of it is in."""
        changed = self._near(incident.scope, incident.since, incident.opened) + self._also(incident)
        if changed and incident.kind != "pipeline":
            incident.evidence = {**incident.evidence, "changed": changed}
        known: dict[str, Any] = {"cause": cause(incident.scope, incident.evidence)}
        known["again"] = self._again(incident)
        if "with" not in incident.evidence:
            known["with"] = self._kin(incident)
        incident.evidence |= {name: value for name, value in known.items() if value}
        self._tell(incident, "open", incident.opened)

    def tell_more(self, incident: Incident, at: int) -> None:
        """Say at once what joined it."""
        self._tell(incident, "updated", at)

    def find(self, kind: Kind, scope: Scope) -> Incident | None:
        """The open incident of this kind in exactly this scope."""
        for incident in self.open.values():
            if incident.kind == kind and incident.scope == scope:
                return incident
        return None

    def end_quiet(
        self, detector: str, now: int, quiet_s: float, calendar: Calendar, reason: str
    ) -> list[Incident]:
        """Resolve this detector's incidents that saw no evidence for so much opening time; return them."""
        mine = [i for i in self.open.values() if i.detector == detector]
        quiet = [i for i in mine if calendar.open_seconds(i.touched, now) >= quiet_s]
        for incident in quiet:
            self.resolve(incident, now, reason)
        return quiet

    def touch(self, incident: Incident, time: int, conversation: str | None) -> None:
        """More of the same, in this conversation."""
        incident.touched = max(incident.touched, time)
        seen = self._seen.setdefault(incident.id, {})
        if conversation is None or conversation in seen:
            return
        incident.affected += 1
        if len(seen) < DISTINCT:
            seen[conversation] = None
        if len(incident.conversations) < self._settings.examples.conversations:
            incident.conversations.append(conversation)
        self.exemplify(incident, conversation)

    def exemplify(self, incident: Incident, conversation: str) -> None:
        """Show what was said in this conversation, where that is allowed and known."""
        if len(incident.examples) < self._settings.examples.excerpts_most:
            example = self.excerpts.of(conversation)
            if example is not None:
                incident.examples.append(example)

    def rise(self, incident: Incident, severity: Severity) -> None:
        """Raise the severity; it never falls."""
        if RANK[severity] > RANK[incident.severity]:
            incident.severity = severity

    def resolve(self, incident: Incident, at: int, reason: str) -> None:
        """It is over."""
        del self.open[incident.id]
        self._seen.pop(incident.id, None)
        if incident.test >= 0:
            self._closed.append(Closed(incident.scope, incident.since, at, incident.kind, incident.id))
        self._changes.append(self.said(incident, "resolved", at, ended=reason))

    def grow(self, at: int) -> None:
        """Tell what has grown since it was last told: severity at once, spread when it has doubled."""
        for incident in self.open.values():
            risen = RANK[incident.severity] > RANK[incident.told_severity]
            doubled = incident.affected >= 2 * max(incident.told, 1)
            if risen or (doubled and at - incident.told_at >= TELL_AGAIN_US):
                self._tell(incident, "updated", at)

    def _also(self, incident: Incident) -> list[dict[str, Any]]:
        """Sources that fell silent near the onset: an outage is behind much that then goes wrong."""
        return [
            {"what": "silence", "value": other.scope.get("source", ""), "incident": other.id,
             "at": rfc3339(other.since), "minutes_before": round((incident.since - other.since) / MINUTE_US)}
            for other in self.open.values()
            if other.kind == "silence" and other.id != incident.id
            and abs(other.since - incident.since) <= TOGETHER_US
        ][:SILENT]  # fmt: skip

    def root(self, incident: Incident) -> str:
        """Id of the incident that opened first of those that one trouble raised."""
        first: str = incident.evidence.get("with", incident.id)
        return first

    def _kin(self, incident: Incident) -> str | None:
        """The first incident of what is likely the same trouble: begun at the same time in the same place, or
        of the same kind beside it; and too little traffic beside a source that is silent."""
        for other in self.open.values():
            if other.id != incident.id and (_starved(incident, other) or _related(incident, other)):
                return self.root(other)
        return None

    def _again(self, incident: Incident) -> dict[str, Any] | None:
        """The same trouble in the same place within two days: it was not over, or it comes back each day."""
        before = [c for c in self._closed if c.kind == incident.kind and c.scope == incident.scope]
        if not before or incident.test < 0:
            return None
        last = before[-1]
        return {"incident": last.id, "times": len(before), "ended": rfc3339(last.until)}

    def _tell(self, incident: Incident, state: Any, at: int) -> None:
        incident.told, incident.told_at, incident.told_severity = incident.affected, at, incident.severity
        self._changes.append(self.said(incident, state, at))

    def said(self, incident: Incident, state: State, at: int, **more: Any) -> Alert:
        """An incident of this tenant as an alert change."""
        return tell(incident, self.tenant, state, at, self.config, runbooks=self._settings.runbooks, **more)

    def struck(self, time: int, dims: Dims) -> bool:
        """Whether a statistical incident, open or closed, covers this time and place."""
        for incident in self.open.values():
            if incident.test >= 0 and incident.since <= time and covers(incident.scope, dims):
                return True
        return any(c.since <= time <= c.until and covers(c.scope, dims) for c in self._closed)

    def forget(self, now: int) -> None:
        """Drop what was closed long ago."""
        self._closed = [closed for closed in self._closed if closed.until >= now - MEMORY_US]

    def changes(self) -> list[Alert]:
        """The changes since the last call."""
        changes, self._changes = self._changes, []
        return changes

    def state(self) -> Any:
        """Plain values; taken between closings, when every change has been told."""
        seen = {name: list(conversations) for name, conversations in self._seen.items()}
        return to_builtins([list(self.open.values()), seen, self._closed])

    def restore(self, state: Any) -> None:
        """Inverse of `state`."""
        incidents, seen, closed = state
        self.open = {incident.id: incident for incident in convert(incidents, list[Incident])}
        self._seen = {name: dict.fromkeys(conversations) for name, conversations in seen.items()}
        self._closed = convert(closed, list[Closed])
        if not self.excerpts.allowed:  # any more
            for incident in self.open.values():
                incident.examples.clear()


def _starved(one: Incident, other: Incident) -> bool:
    """Whether the other, a silent source, explains too little traffic."""
    return one.signal == "volume_low" and other.kind == "silence"


def _related(one: Incident, other: Incident) -> bool:
    if abs(one.since - other.since) > TOGETHER_US:
        return False
    if one.test < 0 or other.test < 0:
        return one.kind == other.kind == "silence"
    return one.kind == other.kind or may_overlap(one.scope, other.scope)
