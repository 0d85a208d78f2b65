"""What several dashboards show."""

from __future__ import annotations

from infra.grafana.panels import (
    NORMAL,
    OPENED,
    PAGE,
    STILL,
    TENANT,
    TICKET,
    UNSEEN,
    WELL,
    Json,
    at_last,
    lines,
    over_time,
    stat,
    target,
    thresholds,
)

WHOLE = "\"cut\" = 'tenant'"
SCORE = "How close evidence is to an alarm, in logarithms: 1 is a ticket, 2 is a page. It rises with every bad outcome."
EYES = 'SELECT last("code") AS "code" FROM "fw_sight"'


def counted_open(title: str, field: str, value: object, shade: str, width: int = 4) -> Json:
    """How many incidents with one of these values are open."""
    values = value if isinstance(value, tuple) else (value,)
    where = " OR ".join(f"\"{field}\" = '{v}'" if isinstance(v, str) else f'"{field}" = {v}' for v in values)
    query = f'SELECT count("id") FROM "fw_alert" WHERE {TENANT} AND ({where}) AND {OPENED} AND {STILL}'
    return stat(title, query, [(None, WELL), (1.0, shade)], "Open at the end of the chosen time.", width)


def unseen_now(width: int = 4) -> Json:
    """How many detectors cannot see."""
    query = (
        f'SELECT count("code") FROM ({EYES} WHERE {TENANT} AND $timeFilter GROUP BY "tenant", "detector") '
        'WHERE "code" >= 2'
    )
    says = "Detectors that are warming up, without data, or blind: what they look for would go unseen."
    return stat("Cannot see", query, [(None, WELL), (1.0, UNSEEN)], says, width)


def newest(width: int = 4) -> Json:
    """How far slots are closed."""
    query = at_last('SELECT last("facts")', "fw_intake")
    says = "Event time of the newest slot that was closed. Old while the floor is open: nothing is watched."
    return stat("Closed up to", query, [(None, NORMAL)], says, width, unit="dateTimeFromNow", fields="Time")


def evidence_of(title: str, where: str, tag: str) -> Json:
    """How close each is to an alarm. tag: what tells them apart."""
    found = lines(
        title, [target(over_time('SELECT max("score")', "fw_signal", where, tag), f"$tag_{tag}")], "short",
        says=SCORE, thresholdsStyle={"mode": "line"}, min=0,
    )  # fmt: skip
    found["fieldConfig"]["defaults"]["thresholds"] = thresholds(
        [(None, "transparent"), (1.0, TICKET), (2.0, PAGE)]
    )
    return found
