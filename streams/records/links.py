"""Links: from an alert to where dashboards show it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlencode

from streams.records.alerts import Alert, Scope

PAGE = "/d/floorwalker-incident/incident"
ALL = "(all)"  # a dimension by which what is shown is not cut
ANY = "$__all"  # how dashboards call all values of a variable
BEFORE_MS, AFTER_MS = 6 * 3_600_000, 2 * 3_600_000  # what is shown around an incident
SERIES = {"joint": "trouble", "survey_reuse": "csat", "volume_high": "trouble", "volume_low": "trouble"}


def series_of(signal: str) -> str:
    """The series that an alert's signal speaks of, or that shows it best.

    >>> series_of("latency_up"), series_of("joint"), series_of("escalation")
    ('latency', 'trouble', 'escalation')
    """
    return SERIES.get(signal, signal.removesuffix("_up").removesuffix("_down"))


def incident_path(change: Alert) -> str:
    """Path and query of the dashboard that shows this incident: behind the address of Grafana."""
    cut, queue, agent, version = _place(change.scope)
    start, stop = _ms(change.since) - BEFORE_MS, _ms(change.at) + AFTER_MS
    query = {
        "var-incident": change.id, "var-tenant": _one(change.scope, "tenant") or ANY,
        "var-signal": series_of(change.signal), "var-cut": cut, "var-queue": queue, "var-agent": agent,
        "var-version": version, "from": str(start), "to": str(stop),
    }  # fmt: skip
    return f"{PAGE}?{urlencode(query, quote_via=quote)}"


def linked(link: str, change: Alert) -> str:
    """A configured link; `{incident}` in it is where Grafana, whose address stands before it, shows this one.

    Brackets that are there for other reasons stay as they are.
    """
    return link.replace("{incident}", incident_path(change))


def _place(scope: Scope) -> tuple[str, str, str, str]:
    """By what the shown series is cut, and where: agents before queues, as they are what one can stop."""
    if agent := _one(scope, "agent"):
        return "agent", ALL, agent, _one(scope, "version") or ANY
    if queue := _one(scope, "queue"):
        return "queue", queue, ALL, ALL
    return "tenant", ALL, ALL, ALL


def _one(scope: Scope, dimension: str) -> str:
    """The value of a dimension; of several the first."""
    value = scope.get(dimension, "")
    return value if isinstance(value, str) else next(iter(value), "")


def _ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)
