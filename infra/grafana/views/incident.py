"""One incident."""

from __future__ import annotations

from infra.grafana.panels import (
    NORMAL,
    OBSERVED,
    PAGE,
    TENANT,
    TICKET,
    Json,
    banded,
    dashboard,
    fixed,
    lines,
    mapped,
    marks,
    over_time,
    override,
    stat,
    table,
    tags,
    target,
    thresholds,
    variable,
)
from infra.grafana.views.shared import SCORE, WHOLE

ALARMS: list[tuple[float | None, str]] = [(None, OBSERVED), (1.0, TICKET), (2.0, PAGE)]


def incident() -> Json:
    """One incident: what is known, and its series where it happens."""
    this = "\"id\" = '$incident' AND time > ${__to}ms - 90d"
    place = (
        '"cut" = \'$cut\' AND "queue" =~ /^$queue$/ AND "agent" =~ /^$agent$/ AND "version" =~ /^$version$/'
    )

    def said(title: str, field: str, width: int, **more: object) -> Json:
        query = f'SELECT last("{field}") FROM "fw_alert" WHERE {TENANT} AND {this}'
        found = stat(title, query, [(None, NORMAL)], "", width, **more)
        found["options"]["reduceOptions"]["fields"] = "/^last$/"
        found["options"]["colorMode"] = "value"
        found["fieldConfig"]["defaults"]["noValue"] = "-"
        return found

    severity = said("Severity", "severity", 4)
    severity["fieldConfig"]["overrides"] = [override("last", mapped({
        "page": {"color": PAGE}, "ticket": {"color": TICKET}, "info": {"color": NORMAL},
    }))]  # fmt: skip
    severity["options"]["colorMode"] = "background"
    what, first = (
        table(title, f'SELECT "{field}" AS "{title}" FROM "fw_alert" WHERE {TENANT} AND {this}', [], 3)
        for title, field in (("What is known", "text"), ("What to check first", "action"))
    )
    for one in (what, first):
        one["options"]["showHeader"] = False
    near = lines(
        "The same signal, version beside version",
        [target(over_time('SELECT sum("total") / sum("n")', "fw_signal",
                          "\"signal\" = '$signal' AND \"cut\" = 'agent'", "version"), "$tag_version")],
        "short", says="A line that leaves the others is a release.", showPoints="always",
    )  # fmt: skip
    evidence = lines(
        "How close to an alarm",
        [target(over_time('SELECT max("score")', "fw_signal", f"\"signal\" = '$signal' AND {place}"), "evidence")],
        "short", says=SCORE, thresholdsStyle={"mode": "line"}, min=0,
    )  # fmt: skip
    evidence["fieldConfig"]["defaults"] |= {
        "thresholds": thresholds(ALARMS),
        "color": {"mode": "fixed", "fixedColor": OBSERVED},
    }
    here = banded("$signal: where it happens", "$signal", "short", place, 24, 10)
    everywhere = banded("$signal: the whole tenant", "$signal", "short", WHOLE)
    for one in (here, everywhere):
        one["description"] += " Waits and lengths are natural logarithms: 2.3 is 10 words, 6.9 a second."
    number = 'SELECT sum("n") AS "observations"'
    panels = [
        severity,
        said("Where", "where", 8),
        said("Since", "since_ms", 5, unit="dateTimeAsIso"),
        said("Conversations", "affected", 3),
        said("State", "state", 4),
        what,
        first,
        here,
        evidence,
        lines("How much there was", [target(over_time(number, "fw_signal", f"\"signal\" = '$signal' AND {place}"))],
              "short", drawStyle="bars", fillOpacity=60, lineWidth=0, min=0, shade=NORMAL,
              says="Few observations prove little."),
        everywhere,
        near,
    ]  # fmt: skip
    chosen = [
        variable(
            "incident", "incident", f'SELECT DISTINCT("id") FROM "fw_alert" WHERE {TENANT}', every=False
        ),
        variable("signal", "signal", tags("signal"), every=False),
        fixed("cut", "cut", ["tenant", "queue", "agent"]),
        *(variable(name, name, tags(name)) for name in ("queue", "agent", "version")),
    ]
    found = dashboard("incident", "One incident: reached by the links of alerts and tables.", panels, chosen)
    found["annotations"]["list"].append(
        marks("\"id\" = '$incident' AND $timeFilter", "this incident", PAGE, stretch=True)
    )
    return found
