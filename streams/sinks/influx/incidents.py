"""Incidents: every change of an alert as one point, written over the one before: an annotation with an end.

The point's time and tags never change while an incident lasts, whatever else does. Who is meant by an
incident of customers stays in the alert: here only how many.
"""

from __future__ import annotations

from datetime import datetime
from html import escape

from streams.records.alerts import RANK, Alert, Scope
from streams.records.links import incident_path, series_of
from streams.sinks.influx.lines import Fields, Point

MONITOR = "(monitor)"  # the tenant of what the monitor says of itself
WITHIN_US = 1_000_000  # incidents of one moment are told apart by their ids, within a second
PLACES = ("agent", "version", "queue", "channel", "source")


def incident(change: Alert, run: str) -> Point:
    """The incident as this change leaves it."""
    time = micros(change.opened_at) + int.from_bytes(change.id.encode()[-8:], "big") % WITHIN_US
    tags = [("tenant", _name(change.scope, "tenant") or MONITOR), ("kind", change.kind)]
    return Point("fw_alert", [*tags, ("signal", change.signal), ("run", run)], _fields(change), time)


def micros(moment: str) -> int:
    """RFC 3339 as microseconds since 1970.

    >>> micros("2026-04-06T07:05:38.287Z")
    1775459138287000
    """
    found = datetime.fromisoformat(moment)
    return int(found.timestamp()) * 1_000_000 + found.microsecond


def _fields(change: Alert) -> Fields:
    low, high = change.interval or (None, None)
    over, text, panel = change.state == "resolved", _text(change), incident_path(change)
    return {
        "id": change.id,
        "state": change.state,
        "open": float(not over),
        "confirmed": float(change.confirmed),
        "severity": change.severity,
        "rank": float(RANK[change.severity]),
        "title": f"{change.severity}: {change.kind}",
        "text": text,
        "note": f'{escape(text)} <a href="{escape(panel)}">Look</a>',  # where HTML is shown
        "panel": panel,
        "action": change.action,
        "where": where(change.scope),
        "series": series_of(change.signal),
        **{name: _name(change.scope, name) for name in PLACES},
        "observed": change.observed,
        "expected": change.expected,
        "low": low,
        "high": high,
        "unit": change.unit,
        "affected": float(change.affected),
        "since_ms": micros(change.since) / 1000,
        "opened_ms": micros(change.opened_at) / 1000,
        "end_ms": micros(change.at) / 1000,  # of an open one: so far as it is known
    }


def where(scope: Scope) -> str:
    """The scope in words, customers by their number.

    >>> where({"tenant": "shop", "customer": ["a", "b"], "queue": "returns", "agent": "helper"})
    'agent helper, queue returns, 2 customers'
    >>> where({"tenant": "shop"})
    'everywhere'
    """
    others = [name for name in scope if name not in ("tenant", "customer", *PLACES)]
    named = [f"{name} {_name(scope, name)}" for name in (*PLACES, *others) if name in scope]
    customers = scope.get("customer", [])
    count = 1 if isinstance(customers, str) else len(customers)
    if count:
        named.append(f"{count} customer{'s' * (count != 1)}")
    return ", ".join(named) or "everywhere"


def _text(change: Alert) -> str:
    if "customer" in change.scope:
        headline, found, _ = change.summary.partition(", in tenant ")
        what = headline if found else change.kind
        return f"{what}, in tenant {_name(change.scope, 'tenant')}, {where(change.scope)}"
    return change.summary


def _name(scope: Scope, dimension: str) -> str:
    value = scope.get(dimension, "")
    return value if isinstance(value, str) else ", ".join(value)
