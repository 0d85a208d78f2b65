"""Setup: databases with their retention, and the sums of hours, on version 1 and 2. Safe to repeat.

NAME keeps slots for a month, NAME_hourly sums of hours for years, NAME_replay what replays write. Sums add
up, so that an hour is the sum of its slots; evidence is the highest of the hour.
"""

from __future__ import annotations

from typing import Literal

from influxdb_client import BucketRetentionRules, TaskCreateRequest
from influxdb_client.rest import ApiException

from streams.settings import Influx
from streams.sinks.influx.outcomes import Later, Wrong
from streams.sinks.influx.server import Server, outcome
from streams.sinks.influx.sink import replays

SUMS = {
    "fw_signal": ("n", "total", "judged", "usual", "variance"),
    "fw_intake": ("facts", "late", "copies", "failed", "degraded", "begun", "checked"),
    "fw_traffic": ("count", "expected"),
    "fw_surveys": ("answers", "total", "aside", "aside_total", "orphans"),
    "fw_risk": ("count",),
}
HIGHEST = {"fw_signal": ("score",)}
REPLAY_DAYS = 36500.0  # replays are of any time, and what is older than the retention would be refused
EVERY, BACK = "15m", "3h"  # how often hours are summed, and how far back: what came late is in
Made = list[tuple[str, str]]
"""What there is now, and how long it is kept or how it comes about."""


def which(server: Server) -> Literal[1, 2]:
    """The version that answers. Stops with `Later` where none does."""
    try:
        found = server.client.version()
    except Exception as fault:  # of several libraries
        raise outcome(fault, server.address) from None
    return 2 if found.removeprefix("v").startswith("2") else 1


def init(server: Server, influx: Influx) -> Made:
    """Make what is missing, set what differs. Raises `Later` or `Wrong`."""
    server.version = which(server)
    kept = {
        influx.database: influx.keep_days,
        f"{influx.database}_hourly": influx.hourly_days,
        replays(influx.database): REPLAY_DAYS,
    }
    try:
        make = _databases if server.version == 1 else _buckets
        made = make(server, kept)
        sums = _queries if server.version == 1 else _tasks
        return made + sums(server, influx.database)
    except (Later, Wrong):
        raise
    except (ApiException, OSError) as fault:
        raise outcome(fault, server.address) from None


# -- version 1 ---------------------------------------------------------------------------------------------


def _databases(server: Server, kept: dict[str, float]) -> Made:
    for name, days in kept.items():
        server.query(f'CREATE DATABASE "{name}"')
        server.query(f'ALTER RETENTION POLICY "autogen" ON "{name}" DURATION {_hours(days)} DEFAULT')
    return [(f"database {name}", f"{days:g} days") for name, days in kept.items()]


def _queries(server: Server, database: str) -> Made:
    """Continuous queries: the server runs them, by its clock."""
    made = []
    for measurement in SUMS:
        name = f"hourly_{measurement}"
        server.query(f'DROP CONTINUOUS QUERY "{name}" ON "{database}"')
        server.query(
            f'CREATE CONTINUOUS QUERY "{name}" ON "{database}" RESAMPLE EVERY {EVERY} FOR {BACK} '
            f"BEGIN {hourly(database, measurement)} END"
        )
        made.append((f"continuous query {name}", f"every {EVERY}, the last {BACK}"))
    return made


def hourly(database: str, measurement: str, where: str = "") -> str:
    """InfluxQL that sums hours of a measurement."""
    sums = [f'sum("{field}") AS "{field}"' for field in SUMS[measurement]]
    highest = [f'max("{field}") AS "{field}"' for field in HIGHEST.get(measurement, ())]
    return (
        f'SELECT {", ".join(sums + highest)} INTO "{database}_hourly"."autogen"."{measurement}" '
        f'FROM "{database}"."autogen"."{measurement}" {where} GROUP BY time(1h), *'
    )


def _hours(days: float) -> str:
    return f"{round(days * 24)}h"


# -- version 2 ---------------------------------------------------------------------------------------------


def _buckets(server: Server, kept: dict[str, float]) -> Made:
    buckets = server.client.buckets_api()
    for name, days in kept.items():
        rules = [BucketRetentionRules(type="expire", every_seconds=round(days * 86400))]
        found = buckets.find_bucket_by_name(name)
        if found is None:
            buckets.create_bucket(bucket_name=name, retention_rules=rules, org=server.address.org)
        else:
            found.retention_rules = rules
            buckets.update_bucket(found)
    return [(f"bucket {name}", f"{days:g} days") for name, days in kept.items()]


def _tasks(server: Server, database: str) -> Made:
    tasks, made = server.client.tasks_api(), []
    (org,) = server.client.organizations_api().find_organizations(org=server.address.org)
    for measurement in SUMS:
        name = f"{database} hourly {measurement}"
        for old in tasks.find_tasks(name=name):
            tasks.delete_task(old.id)
        text = flux(database, measurement, f'option task = {{name: "{name}", every: {EVERY}}}\n\n')
        tasks.create_task(task_create_request=TaskCreateRequest(org_id=org.id, flux=text, status="active"))
        made.append((f"task {name}", f"every {EVERY}, the last {BACK}"))
    return made


def flux(database: str, measurement: str, option: str = "", start: str = f"-{BACK}") -> str:
    """Flux that sums hours of a measurement, from a whole one on. option: of the task."""
    parts = [
        _summed(database, measurement, fields, function)
        for fields, function in ((SUMS[measurement], "sum"), (HIGHEST.get(measurement, ()), "max"))
        if fields
    ]
    return f'import "date"\n\n{option}start = date.truncate(t: {start}, unit: 1h)\n\n' + "\n".join(parts)


def _summed(database: str, measurement: str, fields: tuple[str, ...], function: str) -> str:
    wanted = " or ".join(f'r._field == "{field}"' for field in fields)
    return (
        f'from(bucket: "{database}")\n'
        f"    |> range(start: start)\n"
        f'    |> filter(fn: (r) => r._measurement == "{measurement}" and ({wanted}))\n'
        f'    |> aggregateWindow(every: 1h, fn: {function}, createEmpty: false, timeSrc: "_start")\n'
        f'    |> to(bucket: "{database}_hourly")\n'
    )
