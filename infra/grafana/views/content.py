"""What answers and actions proved."""

from __future__ import annotations

from infra.grafana.panels import (
    NORMAL,
    OPENED,
    PAGE,
    STILL,
    TENANT,
    WELL,
    Json,
    at_last,
    banded,
    dashboard,
    incidents,
    lines,
    over_time,
    override,
    stat,
    table,
    target,
)
from infra.grafana.views.shared import WHOLE, counted_open

RISKS = ("leakage", "injection", "groundedness", "disclosure", "boundary", "shadow_ai", "replication")


def content() -> Json:
    """What single answers and actions proved."""
    kinds = " OR ".join(f"\"kind\" = '{kind}'" for kind in RISKS)
    counted = lines(
        "What single events proved", [target(over_time('SELECT sum("count")', "fw_risk", by="kind"), "$tag_kind")],
        "short", 12, 8, "Leaks, forbidden actions, unregistered AI: each is a fact, not a statistic.",
        drawStyle="bars", fillOpacity=60, lineWidth=0, min=0, shade=PAGE,
    )  # fmt: skip
    text = {"id": "unit", "value": "string"}  # a version is a name, not a number
    worst = table(
        "At whom", f'SELECT sum("count") AS "times" FROM "fw_risk" WHERE {TENANT} AND $timeFilter '
        'GROUP BY "kind", "agent", "version"', [override("version", text), override("agent", text)], 8, "By agent and version.", 12,
    )  # fmt: skip
    panels = [
        stat("Proved", at_last('SELECT sum("count")', "fw_risk"), [(None, WELL), (1.0, PAGE)],
             "Violations in this stretch.", 8),
        counted_open("Incidents open", "kind", RISKS, PAGE, 8),
        stat("Turns read", at_last('SELECT sum("checked")', "fw_intake"), [(None, NORMAL)],
             "Turns in which content checks found something to judge. 0: signals.leakage and its like are off.",
             8),
        incidents("Content risks open now", f"({kinds}) AND {OPENED} AND {STILL}", 6),
        counted, worst,
        banded("The AI declines", "refusal", "percentunit", WHOLE, min=0),
        banded("Customers object to an answer", "objection", "percentunit", WHOLE, min=0),
        incidents("What began in this time", f"({kinds}) AND $timeFilter"),
    ]  # fmt: skip
    return dashboard("content", "What AI agents said and did that they must not.", panels, [], 48)
