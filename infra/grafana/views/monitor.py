"""The monitor itself."""

from __future__ import annotations

from infra.grafana.panels import (
    PAGE,
    SIGHTS,
    TENANT,
    TICKET,
    UNSEEN,
    WELL,
    Json,
    at_last,
    dashboard,
    incidents,
    lines,
    mapped,
    over_time,
    override,
    stat,
    table,
    target,
    thresholds,
)
from infra.grafana.views.shared import counted_open, newest, unseen_now


def monitor() -> Json:
    """Whether what watches can see."""
    states = _sights()
    words = override(
        "cannot see", mapped(SIGHTS), {"id": "custom.cellOptions", "value": {"type": "color-text"}}
    )
    since = override("since", {"id": "unit", "value": "dateTimeAsIso"})
    unseen = table(
        "Who cannot see, and since when",
        'SELECT "code" AS "cannot see", "since" FROM (SELECT last("code") AS "code", last("since_ms") AS "since" '
        f'FROM "fw_sight" WHERE {TENANT} AND $timeFilter GROUP BY "tenant", "detector") WHERE "code" >= 2 '
        'GROUP BY "tenant", "detector"', [words, since], 12,
        "What these look for goes unseen. Warming up ends by itself; no data and blind do not.", 10,
    )  # fmt: skip
    by_tenant = 'SELECT sum("late") / sum("facts")'
    waiting = _worker(
        "Records that wait",
        "short",
        {"to be read": "lag_records", "of the logs": "log_lag_records"},
        "Rises for long: start more workers.",
    )
    panels = [
        unseen_now(6),
        newest(6),
        stat("Limits hit", at_last('SELECT sum("degraded")', "fw_intake"), [(None, WELL), (1.0, TICKET)],
             "Closings at which a limit of the configuration was reached: something was dropped or merged.",
             6),
        counted_open("Pages of its own", "kind", "pipeline", PAGE, 6),
        unseen,
        states,
        waiting,
        _worker("Facts that wait for their slot", "short", {"held": "log_held_facts"},
                "At limits.held_facts slots are closed early."),
        _rate("Records a second", {"read": "records_total", "no events": "rejected_total"},
              "What is no event is a dead letter: floorwalker deadletters says why."),
        _rate("Slots closed a second", {"slots": "log_slots"}, "No slots while records come: event time stands still."),
        lines("Share of facts that came too late", [target(over_time(by_tenant, "fw_intake", by="tenant"), "$tag_tenant")],
              "percentunit", says="Late facts enter no rate: raise lateness_s, or mend the source.", min=0,
              axisSoftMax=0.01),
        _worker("Points for dashboards that wait", "short",
                {"waiting": "points_waiting", "lost": "points_lost"},
                "Nothing was taken for a while: see the database. What is lost is missing here, never in alerts."),
        table("Workers", 'SELECT last("lag_records") AS "lag", last("log_held_facts") AS "held", '
              'last("log_parked_tenants") AS "parked tenants", last("log_gaps") AS "gaps", last("lost_total") AS "lost", '
              'last("cold_starts_total") AS "cold starts", last("recovery_seconds") AS "restart s", '
              'last("degraded_total") AS "degraded" FROM "fw_worker" '
              'WHERE "run" =~ /^$run$/ AND $timeFilter GROUP BY "worker"', [], 6,
              "Gaps, lost and parked must be 0."),
        incidents("What it says of itself",
                  "\"kind\" = 'pipeline' AND $timeFilter"),
    ]  # fmt: skip
    return dashboard("monitor", "On a quiet floor: whether that is so, or nobody looks.", panels, [])


def _worker(title: str, unit: str, fields: dict[str, str], says: str) -> Json:
    columns = ", ".join(f'max("{field}") AS "{name}"' for name, field in fields.items())
    query = f'SELECT {columns} FROM "fw_worker" WHERE "run" =~ /^$run$/ AND $timeFilter GROUP BY time($__interval), "worker" fill(none)'
    found = lines(title, [target(query, "$col $tag_worker")], unit, says=says, min=0)
    found["interval"] = "10s"
    return found


def _rate(title: str, fields: dict[str, str], says: str) -> Json:
    columns = ", ".join(
        f'non_negative_derivative(max("{field}"), 1s) AS "{name}"' for name, field in fields.items()
    )
    query = f'SELECT {columns} FROM "fw_worker" WHERE "run" =~ /^$run$/ AND $timeFilter GROUP BY time($__interval), "worker" fill(none)'
    found = lines(title, [target(query, "$col $tag_worker")], "short", says=says, min=0)
    found["interval"] = "10s"
    return found


def _sights() -> Json:
    """Every detector of every tenant over time, by how far it can be trusted."""
    query = (
        f'SELECT max("code") FROM "fw_sight" WHERE {TENANT} AND $timeFilter '
        'GROUP BY time($bins), "detector" fill(none)'
    )
    found = lines(
        "What each detector sees",
        [target(query, "$tag_detector")],
        "short",
        14,
        12,
        "Of all chosen tenants the one that sees least. Green: it scores and learns. Orange: an incident is open, "
        "so nothing is learnt. Purple: it cannot see.",
    )
    found["type"] = "state-timeline"
    found["fieldConfig"]["defaults"] = {
        "color": {"mode": "thresholds"}, "custom": {"lineWidth": 0, "fillOpacity": 80},
        "mappings": [{"type": "value", "options": SIGHTS}],
        "thresholds": thresholds([(None, WELL), (1.0, TICKET), (2.0, UNSEEN)]),
    }  # fmt: skip
    found["options"] = {
        "mergeValues": True, "showValue": "never", "rowHeight": 0.8, "alignValue": "left",
        "legend": {"showLegend": False}, "tooltip": {"mode": "single"},
    }  # fmt: skip
    return found
