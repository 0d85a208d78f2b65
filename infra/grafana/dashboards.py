"""The dashboards. `python -m infra.grafana.dashboards` writes them to boards/, from where Grafana is
provisioned."""

from __future__ import annotations

import json
from pathlib import Path

from infra.grafana.panels import (
    NORMAL,
    OBSERVED,
    OPENED,
    PAGE,
    SIGHTS,
    STILL,
    TENANT,
    TICKET,
    UNSEEN,
    WELL,
    Json,
    at_last,
    banded,
    colour,
    dashboard,
    fixed,
    in_band,
    incidents,
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

BOARDS_DIR = Path(__file__).parent / "boards"
WHOLE = "\"cut\" = 'tenant'"
RISKS = ("leakage", "injection", "groundedness", "disclosure", "boundary", "shadow_ai", "replication")
EYES = 'SELECT last("code") AS "code" FROM "fw_sight"'
ALARMS: list[tuple[float | None, str]] = [(None, OBSERVED), (1.0, TICKET), (2.0, PAGE)]
SCORE = "How close evidence is to an alarm, in logarithms: 1 is a ticket, 2 is a page. It rises with every bad outcome."


def overview() -> Json:
    """What is wrong now, worst first; then whether each part of the floor is as it should be."""
    open_now = f"{OPENED} AND {STILL}"
    panels = [
        _count("Pages open", "rank", 2, PAGE),
        _count("Tickets open", "rank", 1, TICKET),
        stat(
            "Nearest to an alarm", at_last('SELECT max("score")', "fw_signal"), [(None, WELL), (1.0, TICKET), (2.0, PAGE)],
            SCORE, decimals=2,
        ),
        _unseen(),
        stat(
            "Conversations", at_last('SELECT sum("begun")', "fw_intake"), [(None, NORMAL)], "Begun in this stretch.",
        ),
        _newest(),
        incidents("Open now: worst first", open_now, 6),
        banded("Handed to a person", "escalation", "percentunit", WHOLE, min=0),
        banded("Conversations that end in trouble (signs of it in each)", "trouble", "short", WHOLE, min=0),
        banded("Satisfaction of customers", "csat", "percentunit", WHOLE, max=1),
        banded("Wait for an answer", "latency", "ms", WHOLE, people="exp", min=0),
        _traffic(),
        _evidence("How close each queue is to an alarm", "\"cut\" = 'queue'", "queue"),
        incidents("What began in this time", "$timeFilter", 7),
    ]  # fmt: skip
    return dashboard("overview", "What is wrong now, and whether the floor is as it should be.", panels, [])


def agent() -> Json:
    """One agent and version, beside its other versions."""
    here = '"cut" = \'agent\' AND "agent" =~ /^$agent$/ AND "version" =~ /^$version$/'
    versions = '"cut" = \'agent\' AND "agent" =~ /^$agent$/'
    panels = [
        incidents("Its incidents", f'{OPENED} AND {STILL} AND "agent" =~ /^$agent$/', 5),
        banded("Handed to a person", "escalation", "percentunit", here, min=0),
        banded("Failed tool calls", "tool_error", "percentunit", here, min=0),
        banded("Signs of trouble", "trouble", "short", here, min=0),
        banded("The AI declines", "refusal", "percentunit", here, min=0),
        banded("Satisfaction", "csat", "percentunit", here, max=1),
        banded("Wait for an answer", "latency", "ms", here, people="exp", min=0),
        banded("Words in an answer", "length", "short", here, people="exp", min=0),
        banded("Sentiment", "sentiment", "short", here),
        _by_version("Handed to a person, version beside version", "escalation", versions),
        _evidence("How close each version is to an alarm", versions, "version"),
    ]
    chosen = [
        variable("agent", "agent", tags("agent", where="\"cut\" = 'agent'")),
        variable("version", "version", tags("version", where='"cut" = \'agent\' AND "agent" =~ /^$agent$/')),
    ]
    return dashboard(
        "agent", "One agent and version, in the band of what its queues lead one to expect.", panels, chosen
    )


def feedback() -> Json:
    """Satisfaction, and whether the surveys behind it are genuine."""
    kept = '(sum("total") - sum("aside_total")) / (sum("answers") - sum("aside"))'
    means = f'SELECT sum("total") / sum("answers") AS "all answers", {kept} AS "those that count"'
    both = lines(
        "Satisfaction with and without the answers set aside", [target(over_time(means, "fw_surveys"))],
        "percentunit", 12, 8,
        "Grey: all answers. Blue: without those of respondents who answered within the day, or that look made. "
        "Where they part, somebody pulls at the surveys.", max=1,
    )  # fmt: skip
    both["fieldConfig"]["overrides"] = [
        override("all answers", colour(NORMAL)), override("those that count", colour(OBSERVED)),
    ]  # fmt: skip
    aside = (
        'SELECT sum("aside") AS "set aside", sum("orphans") AS "to no conversation", sum("answers") AS "all"'
    )
    counted = lines(
        "Answers, and those that look made", [target(over_time(aside, "fw_surveys"))], "short", 12, 8,
        "Repeated and suspect answers, and answers to no conversation that anybody saw.", drawStyle="bars",
        fillOpacity=60, lineWidth=0, min=0,
    )  # fmt: skip
    counted["fieldConfig"]["overrides"] = [
        override("set aside", colour(TICKET)), override("to no conversation", colour(PAGE)),
        override("all", colour(NORMAL)),
    ]  # fmt: skip
    panels = [
        stat("Answers", at_last('SELECT sum("answers")', "fw_surveys"), [(None, NORMAL)], "Of customers.", 6),
        stat("Set aside", at_last('SELECT sum("aside") / sum("answers")', "fw_surveys"),
             [(None, WELL), (0.1, TICKET), (0.3, PAGE)], "Share that enters no mean.", 6, unit="percentunit"),
        stat("To no conversation", at_last('SELECT sum("orphans") / sum("answers")', "fw_surveys"),
             [(None, WELL), (0.1, TICKET), (0.3, PAGE)], "Share that names none that anybody saw.", 6,
             unit="percentunit"),
        _count("Manipulation open", "kind", "feedback_integrity", TICKET, 6),
        both, counted,
        banded("Satisfaction in its band", "csat", "percentunit", WHOLE, max=1),
        lines("Satisfaction by queue",
              [target(over_time('SELECT sum("total") / sum("n")', "fw_signal",
                                "\"signal\" = 'csat' AND \"cut\" = 'queue'", "queue"), "$tag_queue")],
              "percentunit", max=1, says="One line for each queue, observed alone.", showPoints="always"),
        incidents("Satisfaction and its surveys: what began in this stretch",
                  "(\"kind\" = 'feedback_integrity' OR \"kind\" = 'satisfaction') AND $timeFilter"),
    ]  # fmt: skip
    return dashboard(
        "feedback", "Whether customers are content, and whether it is customers who say so.", panels, [], 48
    )


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
        _count("Incidents open", "kind", RISKS, PAGE, 8),
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
    number = 'SELECT sum("n") AS "observations"'
    panels = [
        severity,
        said("Where", "where", 8),
        said("Since", "since_ms", 5, unit="dateTimeAsIso"),
        said("Conversations", "affected", 3),
        said("State", "state", 4),
        what,
        first,
        banded("$signal: where it happens", "$signal", "short", place, 24, 10),
        evidence,
        lines("How much there was", [target(over_time(number, "fw_signal", f"\"signal\" = '$signal' AND {place}"))],
              "short", drawStyle="bars", fillOpacity=60, lineWidth=0, min=0, shade=NORMAL,
              says="Few observations prove little."),
        banded("$signal: the whole tenant", "$signal", "short", WHOLE),
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
        _unseen(6),
        _newest(6),
        stat("Limits hit", at_last('SELECT sum("degraded")', "fw_intake"), [(None, WELL), (1.0, TICKET)],
             "Closings at which a limit of the configuration was reached: something was dropped or merged.",
             6),
        _count("Pages of its own", "kind", "pipeline", PAGE, 6),
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


# -- what several of them show -----------------------------------------------------------------------------


def _count(title: str, field: str, value: object, shade: str, width: int = 4) -> Json:
    values = value if isinstance(value, tuple) else (value,)
    where = " OR ".join(f"\"{field}\" = '{v}'" if isinstance(v, str) else f'"{field}" = {v}' for v in values)
    query = f'SELECT count("id") FROM "fw_alert" WHERE {TENANT} AND ({where}) AND {OPENED} AND {STILL}'
    return stat(title, query, [(None, WELL), (1.0, shade)], "Open at the end of the chosen time.", width)


def _unseen(width: int = 4) -> Json:
    query = (
        f'SELECT count("code") FROM ({EYES} WHERE {TENANT} AND $timeFilter GROUP BY "tenant", "detector") '
        'WHERE "code" >= 2'
    )
    says = "Detectors that are warming up, without data, or blind: what they look for would go unseen."
    return stat("Cannot see", query, [(None, WELL), (1.0, UNSEEN)], says, width)


def _newest(width: int = 4) -> Json:
    query = at_last('SELECT last("facts")', "fw_intake")
    says = "Event time of the newest slot that was closed. Old while the floor is open: nothing is watched."
    return stat("Closed up to", query, [(None, NORMAL)], says, width, unit="dateTimeFromNow", fields="Time")


def _traffic() -> Json:
    columns = ", ".join(
        f'sum("{field}") AS "{name}"'
        for field, name in (("count", "observed"), ("expected", "expected"), ("low", "low"), ("high", "high"))
    )
    found = lines(
        "Conversations begun in a quarter of an hour", [target(over_time(f"SELECT {columns}", "fw_traffic"))],
        "short", says="Grey: what this time of the week leads one to expect.", min=0,
    )  # fmt: skip
    found["fieldConfig"]["overrides"] = in_band()
    return found


def _evidence(title: str, where: str, tag: str) -> Json:
    found = lines(
        title, [target(over_time('SELECT max("score")', "fw_signal", where, tag), f"$tag_{tag}")], "short",
        says=SCORE, thresholdsStyle={"mode": "line"}, min=0,
    )  # fmt: skip
    found["fieldConfig"]["defaults"]["thresholds"] = thresholds(
        [(None, "transparent"), (1.0, TICKET), (2.0, PAGE)]
    )
    return found


def _by_version(title: str, signal: str, where: str) -> Json:
    query = over_time(
        'SELECT sum("total") / sum("n")', "fw_signal", f"\"signal\" = '{signal}' AND {where}", "version"
    )
    says = "Versions that run at the same time are compared without season or traffic between them."
    return lines(title, [target(query, "$tag_version")], "percentunit", says=says, min=0, showPoints="always")


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


def all_of_them() -> dict[str, Json]:
    """By file name."""
    made = [overview(), agent(), feedback(), content(), incident(), monitor()]
    return {f"{one['uid']}.json": one for one in made}


def text_of(one: Json) -> str:
    """As it is kept."""
    return json.dumps(one, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, one in all_of_them().items():
        (BOARDS_DIR / name).write_text(text_of(one))
