"""One incident: what is known of it, and how it is told."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from streams.floor.explanation import explanation
from streams.floor.words import Told, action, summary
from streams.records.alerts import RUNBOOKS, Alert, Kind, Severity, State, rfc3339, rounded, runbook

Scope = dict[str, str]


class Incident(Struct):
    """Times are microseconds of event time.

    scope: without the tenant. signal: the series or rule that opened it. test: its number among the tests,
    -1 for a rule. alternative: the one by which recovery is judged. touched: last evidence, or observation
    inside. affected: conversations so far; told: how many were told last. The sums are over n conversations.
    """

    id: str
    kind: Kind
    signal: str
    scope: Scope
    severity: Severity
    since: int
    opened: int
    touched: int
    unit: str = "conversations"
    detector: str = ""
    test: int = -1
    alternative: int = 0
    affected: int = 0
    told: int = 0
    told_at: int = 0
    told_severity: Severity = "info"
    n: int = 0
    observed_sum: float = 0.0
    usual_sum: float = 0.0
    variance_sum: float = 0.0
    recovery: float = 0.0
    conversations: list[str] = []
    examples: list[dict[str, str]] = []
    evidence: dict[str, Any] = {}
    observed: float | None = None
    expected: float | None = None
    interval: tuple[float, float] | None = None


def incident_id(tenant: str, kind: str, signal: str, scope: Scope, slot: int) -> str:
    """From events alone: kind, signal, scope at opening and slot of opening."""
    body = json.dumps([tenant, kind, signal, sorted(scope.items()), slot], ensure_ascii=True)
    return blake2b(body.encode(), digest_size=8).hexdigest()


def _rounded(value: Any) -> Any:
    """The same with all its numbers rounded: the last digits differ between machines."""
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, dict):
        return {key: _rounded(below) for key, below in value.items()}
    return [_rounded(below) for below in value] if isinstance(value, list) else value


def tell(
    incident: Incident,
    tenant: str,
    state: State,
    at: int,
    config: str,
    *,
    confirmed: bool = True,
    runbooks: str = RUNBOOKS,
    **more: Any,
) -> Alert:
    """The incident as one alert change. runbooks: where they stand. more: added to the evidence."""
    evidence: dict[str, Any] = _rounded(incident.evidence)
    if incident.conversations:
        evidence["conversations"] = list(incident.conversations)
    if incident.examples:
        evidence["examples"] = list(incident.examples)
    evidence.update(more)
    scope = {"tenant": tenant, **incident.scope}
    told = Told(
        incident.kind, incident.signal, state, scope, incident.since, incident.observed, incident.expected,
        incident.unit, incident.affected, evidence, incident.n, incident.interval,
    )  # fmt: skip
    evidence["explanation"] = explanation(told)
    return Alert(
        id=incident.id,
        state=state,
        confirmed=confirmed,
        kind=incident.kind,
        severity=incident.severity,
        scope=dict(scope),
        since=rfc3339(incident.since),
        opened_at=rfc3339(incident.opened),
        at=rfc3339(at),
        signal=incident.signal,
        observed=None if incident.observed is None else rounded(incident.observed),
        expected=None if incident.expected is None else rounded(incident.expected),
        interval=incident.interval and (rounded(incident.interval[0]), rounded(incident.interval[1])),
        unit=incident.unit,
        affected=incident.affected,
        evidence=evidence,
        summary=summary(told),
        action=action(told),
        detector=incident.detector,
        config=config,
        runbook=runbook(incident.kind, runbooks),
    )
