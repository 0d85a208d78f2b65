"""What cannot see: detectors that warm up, have no data or too little of it, and tenants that stand aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streams.floor.floor import Floor
from streams.records.alerts import rfc3339
from streams.records.canary import is_canary

SEES = ("learning", "frozen")
MOST = 5000  # rows: a page, not a dump


def blind(floors: Mapping[int, Floor]) -> list[dict[str, Any]]:
    """Rows of log, tenant, detector, why and since when, those that are blind the longest first."""
    rows: list[tuple[int, dict[str, Any]]] = []
    for log, floor in floors.items():
        for tenant, how in floor.parked.items():
            rows.append((how.slot_start, _row(log, tenant, "all", "parked", how.slot_start)))
        for tenant, desk in floor.desks.items():
            if not is_canary(tenant):
                rows += [
                    (eye.since, _row(log, tenant, eye.detector, eye.sight, eye.since))
                    for eye in desk.watch.eyes()
                    if eye.sight not in SEES
                ]
    rows.sort(key=lambda row: (row[0], row[1]["tenant"], row[1]["detector"]))
    return [row for _, row in rows[:MOST]]


def _row(log: int, tenant: str, detector: str, why: str, since: int) -> dict[str, Any]:
    return {
        "log": log, "tenant": tenant, "detector": detector, "why": why,
        "since": rfc3339(since) if since else None,
    }  # fmt: skip
