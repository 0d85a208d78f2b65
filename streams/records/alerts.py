"""Alerts: one incident each, told as a sequence of changes. Field names and kinds are a fixed contract."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

State: TypeAlias = Literal["open", "updated", "resolved"]
Severity: TypeAlias = Literal["page", "ticket", "info"]
Kind: TypeAlias = Literal[
    "escalation_rate",
    "satisfaction",
    "sentiment",
    "response_drift",
    "replication",
    "groundedness",
    "injection",
    "leakage",
    "boundary",
    "shadow_ai",
    "feedback_integrity",
    "containment",
    "volume",
    "silence",
    "disclosure",
    "pipeline",
]
RANK: dict[str, int] = {"info": 0, "ticket": 1, "page": 2}
SUMMARY_LENGTH = 200
RUNBOOKS = "infra/runbooks"  # in this repository; an operator's own pages may stand elsewhere
DIGITS = 6  # what survives differences between machines in the last bits

Scope: TypeAlias = dict[str, str | list[str]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Alert(Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One change of one incident. Times are RFC 3339 in UTC; observed, expected, interval are in `unit`."""

    id: str
    state: State
    kind: Kind
    severity: Severity
    scope: Scope
    since: str
    opened_at: str
    at: str
    signal: str
    observed: float | None
    expected: float | None
    interval: tuple[float, float] | None
    unit: str
    affected: int
    evidence: dict[str, Any]
    summary: str
    action: str
    detector: str
    config: str
    confirmed: bool = True
    runbook: str = ""
    """Where it stands what to do: one page a kind."""


def without_examples(change: Alert) -> Alert:
    """What may leave this house: excerpts of conversations, though redacted, stay in it."""
    if "examples" not in change.evidence:
        return change
    evidence = {name: value for name, value in change.evidence.items() if name != "examples"}
    return replace(change, evidence=evidence)


def runbook(kind: Kind, base: str = RUNBOOKS) -> str:
    """
    >>> runbook("silence"), runbook("silence", "https://wiki.example/fw")
    ('infra/runbooks/silence.md', 'https://wiki.example/fw/silence.md')
    """
    return f"{base.rstrip('/')}/{kind}.md"


def rfc3339(micros: int) -> str:
    """
    >>> rfc3339(1_775_459_138_287_000)
    '2026-04-06T07:05:38.287Z'
    """
    moment = _EPOCH + timedelta(microseconds=micros)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rounded(value: float) -> float:
    """Six significant digits: numbers in alerts are equal on every machine.

    >>> rounded(0.123456789)
    0.123457
    """
    return float(f"{value:.{DIGITS}g}")


_encoder = msgspec.json.Encoder(order="deterministic")


def encode_alert(alert: Alert) -> bytes:
    """One line of JSON, equal bytes for equal alerts."""
    return _encoder.encode(alert)
