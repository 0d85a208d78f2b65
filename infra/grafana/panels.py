"""Building blocks of the dashboards: plain dicts in Grafana's classic format. One colour means one thing.

Blue is what was observed, grey what is normal, red what pages, orange what is a ticket, green what is well,
purple what cannot be seen. Queries are InfluxQL, which InfluxDB 1, 2 and 3 speak.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
OBSERVED, NORMAL, PAGE, TICKET, WELL, UNSEEN = "blue", "#8e8e8e", "red", "orange", "green", "purple"
SOURCE: Json = {"type": "influxdb", "uid": "${source}"}
WIDTH = 24  # columns of a dashboard
BINS = ("30m", "5m", "15m", "1h", "6h", "1d")  # to sum over, the default first: few conversations mean little
GAP_MS = 7_200_000  # a line is not drawn over a longer silence, as of a night
TENANT = '"tenant" =~ /^$tenant$/ AND "run" =~ /^$run$/'
OPENED = "time > ${__to}ms - 90d AND time <= ${__to}ms"
STILL = '("open" = 1 OR "end_ms" > ${__to})'
SEVERITIES: Json = {
    "page": {"color": PAGE, "index": 0},
    "ticket": {"color": TICKET, "index": 1},
    "info": {"color": NORMAL, "index": 2},
}
SIGHTS: Json = {
    "0": {"text": "learning", "color": WELL, "index": 0},
    "1": {"text": "frozen: an incident is open", "color": TICKET, "index": 1},
    "2": {"text": "warming up", "color": UNSEEN, "index": 2},
    "3": {"text": "no data", "color": UNSEEN, "index": 3},
    "4": {"text": "blind: too little traffic", "color": UNSEEN, "index": 4},
}


# -- queries -----------------------------------------------------------------------------------------------


def band(signal: str, where: str, people: str = "") -> str:
    """Observed, expected and the band that is normal, from sums: exact at every zoom. people: a function that
    makes the signal's unit what people read."""
    observed = 'sum("total") / sum("n")'
    usual = 'sum("usual") / sum("judged")'
    error = '2 * sqrt(sum("variance")) / sum("judged")'
    columns = {
        "observed": observed,
        "expected": usual,
        "low": f"{usual} - {error}",
        "high": f"{usual} + {error}",
    }
    chosen = ", ".join(f'{people}({text}) AS "{name}"' for name, text in columns.items())
    return over_time(f"SELECT {chosen}", "fw_signal", f"\"signal\" = '{signal}' AND {where}")


def over_time(select: str, measurement: str, where: str = "", by: str = "") -> str:
    """A query over bins of time. by: tags that make a line each."""
    more = f" AND {where}" if where else ""
    tags = f', "{by}"' if by else ""
    return (
        f'{select} FROM "{measurement}" WHERE {TENANT}{more} AND $timeFilter '
        f"GROUP BY time($bins){tags} fill(none)"
    )


def at_last(select: str, measurement: str, where: str = "") -> str:
    """A query for one number over the whole stretch."""
    more = f" AND {where}" if where else ""
    return f'{select} FROM "{measurement}" WHERE {TENANT}{more} AND $timeFilter'


def target(query: str, alias: str = "$col", table: bool = False, ref: str = "A") -> Json:
    """A query as a panel has it."""
    return {
        "refId": ref, "datasource": SOURCE, "rawQuery": True, "query": query, "alias": alias,
        "resultFormat": "table" if table else "time_series",
    }  # fmt: skip


# -- panels ------------------------------------------------------------------------------------------------


def panel(kind: str, title: str, targets: list[Json], width: int, height: int, says: str = "") -> Json:
    """Anything that is drawn. says: what it means and what to do, in the panel's corner."""
    return {
        "type": kind, "title": title, "description": says, "datasource": SOURCE, "targets": targets,
        "gridPos": {"w": width, "h": height, "x": 0, "y": 0}, "interval": "10s",
        "fieldConfig": {"defaults": {}, "overrides": []}, "options": {},
    }  # fmt: skip


def lines(
    title: str,
    targets: list[Json],
    unit: str,
    width: int = 12,
    height: int = 8,
    says: str = "",
    **custom: Any,
) -> Json:
    """Lines over time. custom: how they are drawn, and `min`, `max` of the axis."""
    found = panel("timeseries", title, targets, width, height, says)
    limits: Json = {name: custom.pop(name) for name in ("min", "max") if name in custom}
    found["fieldConfig"]["defaults"] = {
        "unit": unit, "color": {"mode": "shades", "fixedColor": custom.pop("shade", OBSERVED)}, **limits,
        "custom": {"lineWidth": 2, "fillOpacity": 0, "showPoints": "never", "insertNulls": GAP_MS, **custom},
    }  # fmt: skip
    found["options"] = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return found


def banded(
    title: str,
    signal: str,
    unit: str,
    where: str,
    width: int = 12,
    height: int = 8,
    people: str = "",
    **limits: Any,
) -> Json:
    """One signal in the band that is normal for it: grey is where it should be, blue where it is."""
    says = (
        "Blue: what was observed. Grey: what this time of the week and this mix of queues lead one to expect, "
        "two standard errors wide, as in alerts. Outside for long is an alert; one point outside is chance."
    )
    found = lines(title, [target(band(signal, where, people))], unit, width, height, says, **limits)
    found["fieldConfig"]["overrides"] = in_band()
    return found


def in_band() -> list[Json]:
    """How observed, expected, low and high are drawn."""
    hidden = {"id": "custom.hideFrom", "value": {"legend": True, "tooltip": False, "viz": False}}
    thin = {"id": "custom.lineWidth", "value": 0}
    filled: list[Json] = [
        {"id": "custom.fillBelowTo", "value": "low"},
        {"id": "custom.fillOpacity", "value": 20},
    ]
    dashed = {"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [8, 8]}}
    return [
        override("observed", colour(OBSERVED)),
        override("expected", colour(NORMAL), {"id": "custom.lineWidth", "value": 1}, dashed),
        override("low", colour(NORMAL), thin, hidden),
        override("high", colour(NORMAL), thin, hidden, *filled),
    ]


def stat(
    title: str, query: str, steps: list[tuple[float | None, str]], says: str, width: int = 4, **more: Any
) -> Json:
    """One number on its colour. steps: from which value on which colour. more: unit, fields, noValue,
    mappings."""
    found = panel("stat", title, [target(query, table="fields" in more)], width, 4, says)
    fields = more.pop("fields", "")
    found["fieldConfig"]["defaults"] = {
        "unit": "short", "color": {"mode": "thresholds"}, "noValue": "0", **more, "thresholds": thresholds(steps),
    }  # fmt: skip
    found["options"] = {
        "colorMode": "background", "graphMode": "none", "justifyMode": "auto", "textMode": "value",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": fields, "values": False},
    }  # fmt: skip
    return found


def table(
    title: str, query: str, overrides: list[Json], height: int = 7, says: str = "", width: int = WIDTH
) -> Json:
    """Rows as they are found, the time column left out."""
    found = panel("table", title, [target(query, table=True)], width, height, says)
    found["fieldConfig"] = {
        "defaults": {"noValue": "none", "custom": {"align": "left"}},
        "overrides": overrides,
    }
    found["options"] = {"showHeader": True, "cellHeight": "sm", "footer": {"show": False}}
    found["transformations"] = [{"id": "organize", "options": {"excludeByName": {"Time": True}}}]
    return found


def thresholds(steps: list[tuple[float | None, str]]) -> Json:
    """Absolute ones; the first has no value."""
    return {"mode": "absolute", "steps": [{"value": value, "color": found} for value, found in steps]}


def override(field: str, *properties: Json) -> Json:
    """What is different for one field."""
    return {"matcher": {"id": "byName", "options": field}, "properties": list(properties)}


def colour(name: str) -> Json:
    """A fixed colour."""
    return {"id": "color", "value": {"mode": "fixed", "fixedColor": name}}


def mapped(values: Json) -> Json:
    """Words and colours for values."""
    return {"id": "mappings", "value": [{"type": "value", "options": values}]}


def width_of(pixels: int) -> Json:
    """Of a column."""
    return {"id": "custom.width", "value": pixels}


def unit_of(name: str) -> Json:
    """Of a field."""
    return {"id": "unit", "value": name}


# -- incidents ---------------------------------------------------------------------------------------------


def incidents(title: str, where: str, height: int = 7, says: str = "", width: int = WIDTH) -> Json:
    """A table of incidents, worst first, each with a link to its own dashboard."""
    query = (
        'SELECT "severity", "tenant"::tag AS "tenant", "where", "text", "affected", "since_ms" AS "since", '
        f'"rank", "panel" FROM "fw_alert" WHERE {TENANT} AND {where} ORDER BY time DESC LIMIT 200'
    )
    link = {"title": "Look at it", "url": "${__data.fields.panel:raw}&var-source=${source}&var-run=${run}"}
    background = {"id": "custom.cellOptions", "value": {"type": "color-background", "mode": "basic"}}
    hidden = {"id": "custom.hidden", "value": True}
    found = table(
        title, query,
        [
            override("severity", mapped(SEVERITIES), background, width_of(70)),
            override("tenant", width_of(90)),
            override("where", width_of(220)),
            override("text", {"id": "links", "value": [link]}),
            override("affected", width_of(75)),
            override("since", unit_of("dateTimeAsIso"), width_of(160)),
            override("rank", hidden),
            override("panel", hidden),
        ],
        height, says or "One row is one trouble. Its text leads to what is known of it.", width,
    )  # fmt: skip
    worst_first = {"id": "sortBy", "options": {"fields": {}, "sort": [{"field": "rank", "desc": True}]}}
    found["transformations"].append(worst_first)
    return found


def marks(where: str, name: str, shade: str, *, stretch: bool = False) -> Json:
    """Incidents on every panel, where they opened. stretch: as long as they last, which hides what is below
    where they are several. `fromAnnotations` is what makes pages ask at all."""
    query = (
        f'SELECT "title", "note", "kind"::tag AS "kind", "end_ms" FROM "fw_alert" WHERE {TENANT} AND {where}'
    )
    columns = {"titleColumn": "title", "textColumn": "note", "tagsColumn": "kind"}
    if stretch:
        columns["timeEndColumn"] = "end_ms"
    common = {"name": name, "datasource": SOURCE, "query": query, **columns}
    asked = {**common, "refId": "Anno", "fromAnnotations": True, "rawQuery": True}
    return {**common, "enable": True, "iconColor": shade, "target": asked}


# -- dashboards --------------------------------------------------------------------------------------------


def variable(name: str, label: str, query: str, every: bool = True, hide: int = 0) -> Json:
    """A choice that a query offers. every: whether all together are one of them; hide: 2 for altogether."""
    current = {"text": "All", "value": "$__all"} if every else {}
    return {
        "name": name, "label": label, "type": "query", "datasource": SOURCE, "query": query, "definition": query,
        "refresh": 2, "sort": 1, "multi": False, "includeAll": every, "allValue": ".*" if every else None,
        "current": current, "hide": hide,
    }  # fmt: skip


def tags(key: str, measurement: str = "fw_signal", where: str = "") -> str:
    """All values of a tag."""
    return f'SHOW TAG VALUES FROM "{measurement}" WITH KEY = "{key}"' + (f" WHERE {where}" if where else "")


def fixed(name: str, label: str, values: list[str], hide: int = 0) -> Json:
    """A choice among named values."""
    return {
        "name": name, "label": label, "type": "custom", "query": ",".join(values), "hide": hide,
        "current": {"text": values[0], "value": values[0]},
        "options": [{"text": value, "value": value, "selected": value == values[0]} for value in values],
    }  # fmt: skip


COMMON: list[Json] = [
    {
        "name": "source", "label": "from", "type": "datasource", "query": "influxdb", "regex": "/^Floorwalker/",
        "current": {"text": "Floorwalker", "value": "floorwalker"}, "hide": 0,
    },
    variable("run", "run", tags("run", "fw_intake"), every=False),
    variable("tenant", "tenant", tags("tenant", "fw_intake")),
    {
        "name": "bins", "label": "summed over", "type": "interval", "query": ",".join(BINS), "auto": False,
        "refresh": 2, "current": {"text": BINS[0], "value": BINS[0]}, "hide": 0,
        "options": [{"text": one, "value": one, "selected": one == BINS[0]} for one in BINS],
    },
]  # fmt: skip
BOARDS = {
    "overview": "Floor",
    "agent": "One agent",
    "feedback": "Satisfaction and its surveys",
    "content": "Content risks",
    "incident": "Incident",
    "monitor": "Is the monitor well?",
}


def dashboard(name: str, says: str, panels: list[Json], variables: list[Json], hours: int = 24) -> Json:
    """A whole dashboard. Panels are placed from left to right, row by row."""
    x = y = tallest = 0
    for number, one in enumerate(panels, start=1):
        place = one["gridPos"]
        if x + place["w"] > WIDTH:
            x, y, tallest = 0, y + tallest, 0
        one |= {"id": number}
        place |= {"x": x, "y": y}
        x, tallest = x + place["w"], max(tallest, place["h"])
    shared = {
        "targetBlank": False,
        "asDropdown": False,
        "icon": "dashboard",
        "type": "link",
        "keepTime": True,
    }
    return {
        "uid": f"floorwalker-{name}", "title": BOARDS[name], "description": says, "tags": ["floorwalker"],
        "schemaVersion": 38, "version": 1, "editable": False, "timezone": "utc", "refresh": "30s",
        "graphTooltip": 1, "time": {"from": f"now-{hours}h", "to": "now"}, "panels": panels,
        "templating": {"list": [*COMMON, *variables]},
        "annotations": {
            "list": [
                marks('"rank" = 2 AND $timeFilter', "pages", PAGE),
                marks('"rank" = 1 AND $timeFilter', "tickets", TICKET),
            ],
        },
        "links": [
            {**shared, "title": title, "url": f"/d/floorwalker-{other}/{other}", "includeVars": True,
             "tooltip": ""}
            for other, title in BOARDS.items() if other not in (name, "incident")
        ],
    }  # fmt: skip
